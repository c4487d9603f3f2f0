/** What the points of a JEMStar II show over DNP3 (Appendix G, DNP Mapping), as it was found in the last calculation cycle. */
import { pointFlags, type CounterImage, type FrozenCounters, type PointImage } from "#protocol/dnp3/outstation/host.ts";
import type { BinaryPoint, Freeze, MeterSurface } from "#quantity/meter-surface.ts";
import type { DnpConfiguration } from "./configuration.ts";
import { counterImage, notYet, wholeOf } from "./counters.ts";

/** The lists of a configuration, and how many of its channels can be outputs: those up to the last that is one. */
export interface DnpLists {
  readonly dnp3: DnpConfiguration;
  readonly outputs: number;
}

const { online, restart, communicationLost, state } = pointFlags;

/** Outputs are channels, the first of them point 0: those up to the last that is one, the manual's six as a meter comes. */
export function outputsOf(io: readonly { readonly mode: string }[]): number {
  return io.findLastIndex(({ mode }) => mode.startsWith("output")) + 1;
}

/** A point that there is not, a channel that is no output, is not online. */
function binaryOf(surface: MeterSurface, point: BinaryPoint): number {
  const isOn = surface.isOn(point);
  return isOn === undefined ? 0 : isOn ? online | state : online;
}

/** `before` is what was shown last since the meter has started: what is not measured now has been, or has not been yet. */
export function pointImage(
  surface: MeterSurface,
  lists: DnpLists,
  { frozen, before }: { readonly frozen: CounterImage; readonly before: PointImage | undefined },
): PointImage {
  const { counters, binaries, counterDigits: digits } = lists.dnp3;
  const hasMeasured = before?.analogs.flags.some((flags) => flags !== restart) === true;
  const unknown = hasMeasured ? communicationLost : restart;
  return {
    binaries: Uint8Array.from(binaries, (point) => binaryOf(surface, point)),
    outputs: Uint8Array.from({ length: lists.outputs }, (_, k) => binaryOf(surface, { output: k + 1 })),
    counters: counterImage(counters, { digits, unknown }, (id) => surface.register(id)),
    frozen,
    analogs: analogsOf(surface, lists, unknown),
  };
}

/** The counters of a freeze; before the first they are not there. */
export function frozenOf({ dnp3 }: DnpLists, frozen: Freeze | undefined): CounterImage {
  const readings = new Map(frozen?.registers.map((one) => [one.id, one]));
  return counterImage(dnp3.counters, { digits: dnp3.counterDigits, unknown: notYet }, (id) => readings.get(id));
}

/** A freeze as its counters. */
export function frozenCounters(lists: DnpLists, frozen: Freeze): FrozenCounters {
  const { utc, synchronised } = frozen.at;
  return { utc, synchronised, counters: frozenOf(lists, frozen) };
}

function analogsOf(surface: MeterSurface, { dnp3: { analogs } }: DnpLists, unknown: number): PointImage["analogs"] {
  const count = analogs.length;
  const [values, values32, values16] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const flags = new Uint8Array(count);
  surface.values(
    analogs.map(({ measure }) => measure),
    "secondary",
    values,
    flags,
  );
  analogs.forEach(({ scaling, scaling16 }, k) => {
    const value = (values[k] ?? NaN) + 0;
    values[k] = value;
    values32[k] = wholeOf(value * scaling);
    values16[k] = wholeOf(value * scaling16);
    flags[k] = Number.isNaN(value) ? unknown : online;
  });
  return { values32, values16, values, flags };
}

/** Whether they show the same: whoever has made something of one need not make it again. */
export function sameImage(a: PointImage, b: PointImage): boolean {
  const [x, y] = [partsOf(a), partsOf(b)];
  return x.every((one, k) => sameValues(one, y[k] ?? []));
}

function partsOf({ binaries, outputs, counters, frozen, analogs }: PointImage): readonly ArrayLike<number>[] {
  const { values, flags } = analogs;
  return [
    binaries,
    outputs,
    ...[counters, frozen].flatMap((one) => [one.values32, one.values16, one.flags]),
    // Whole values follow from these.
    values,
    flags,
  ];
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}
