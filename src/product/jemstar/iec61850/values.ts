/** The values of a meter's model: what its surface showed in the last calculation cycle, as its leaves have it. */
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { LeafIndex, leavesOf } from "#protocol/iec61850/model/references.ts";
import type { IedTime, LeafValue } from "#protocol/iec61850/model/value.ts";
import type { IedImage } from "#protocol/iec61850/server/host.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { primaryFactor, type Measure } from "#quantity/measure.ts";
import type { InputChange } from "#quantity/input-change.ts";
import type { ShelvedFile } from "#quantity/file-shelf.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Iec61850Configuration } from "./configuration.ts";
import { ControlStates } from "./control-states.ts";
import { Draft } from "./draft.ts";
import { Harmonics } from "./harmonics.ts";
import { lastVariation } from "./last-variation.ts";
import { statistics as kinds } from "./measured-plans.ts";
import { deadbandOf, rangeOf, rowsMeasured, type ModelFacts } from "./model-facts.ts";
import { energyRows, LINE_VOLTS, statisticRows, type MeasuredRow } from "./object-table.ts";
import { AnalogPoint, PlainPoint, type Around, type Found } from "./points.ts";
import { Statistics } from "./statistics.ts";
import { statusRows, type Moment, type StatusRow, type WatchedTrigger } from "./status-rows.ts";

export interface ValuesMeans {
  readonly surface: MeterSurface;
  readonly ied: Ied;
  readonly facts: ModelFacts;
  readonly pt: number;
  readonly ct: number;
  readonly triggers: readonly WatchedTrigger[];
  /** Files of what it recorded; another list where they are others. */
  readonly recorded: () => readonly ShelvedFile[];
  /** The settings of the moment: dead bands may be others while the model is the same. */
  readonly settings: () => Iec61850Configuration;
  /** An instant of the surface, with what its clock is worth. */
  readonly timeOf: (at: { readonly utc: number; readonly synchronised: boolean }) => IedTime;
}

interface Analog {
  readonly point: AnalogPoint;
  readonly measure: number;
  readonly angle: number | undefined;
  /** The active power whose direction is its sign, of a power factor (7-4, PFSign IEC). */
  readonly power: number | undefined;
  readonly isUnknown: boolean;
  /** By what the magnitude is multiplied, and how far the angle is turned, degrees. */
  readonly times: number;
  readonly turn: number;
}

/** The volts to neutral that make those from line to line: Vab is Va times the root of 3, and 30 degrees ahead; where phases follow the other way, behind. */
const TURN = 30;

export class IedValues {
  readonly #means: ValuesMeans;
  readonly #device: string;
  readonly #leaves: LeafIndex;
  readonly #measures: Measure[] = [];
  readonly #analogs: readonly Analog[];
  readonly #energies: readonly { readonly point: PlainPoint; readonly measure: number }[];
  readonly #statuses: readonly { readonly point: PlainPoint; readonly of: StatusRow["of"]; readonly input?: number }[];
  #isFailing = false;
  readonly #statistics: Statistics;
  readonly #averaged: readonly Measure[];
  readonly #averages: Float64Array;
  readonly #known: Uint8Array;
  readonly #windows: readonly {
    readonly point: AnalogPoint;
    readonly of: number;
    readonly kind: (typeof kinds)[number];
  }[];
  readonly #variation: readonly [
    depth: AnalogPoint | undefined,
    seconds: AnalogPoint | undefined,
    phases: PlainPoint | undefined,
  ];
  readonly #deadbands: readonly { readonly of: string; readonly index: number }[];
  readonly #harmonics: Harmonics;
  /** Of outputs. */
  readonly controls: ControlStates;
  readonly #out: Float64Array;
  readonly #valid: Uint8Array;
  #shown: IedImage;
  #recordings: { readonly list: object; readonly count: number } | undefined;

  constructor(means: ValuesMeans) {
    const { ied, facts } = means;
    this.#means = means;
    this.#device = ied.devices[0]?.inst ?? "";
    this.#leaves = new LeafIndex(ied);
    this.#analogs = rowsMeasured(facts).flatMap((row) => this.#analog(row, facts));
    this.#energies = energyRows.flatMap(([name, measure]) => {
      const point = PlainPoint.at(this.#leaves, this.#device, `MMTR1.${name}`, "actVal");
      return point === undefined ? [] : [{ point, measure: this.#measure(measure) }];
    });
    this.#statuses = statusRows(ied, facts.recorded).flatMap(({ path, ...row }) => {
      const point = PlainPoint.at(this.#leaves, this.#device, path);
      return point === undefined ? [] : [{ point, ...row }];
    });
    this.#statistics = new Statistics(facts.settings.statisticsMinutes, statisticRows.length);
    const names = statisticRows.map(([, measure]) => (measure === "V.ln" && !facts.neutral ? LINE_VOLTS : measure));
    this.#averaged = names.map(measureNamed);
    this.#averages = new Float64Array(names.length);
    this.#known = new Uint8Array(names.length);
    this.#windows = statisticRows.flatMap(([name, , , kind], of) =>
      kinds.flatMap((one) => {
        const point = this.#analogAt(`MSTA1.${one}${name}`, rangeOf(kind, facts));
        return point === undefined ? [] : [{ point, of, kind: one }];
      }),
    );
    this.#variation = [
      this.#analogAt("QVVR1.VVa", rangeOf("volts", facts)),
      this.#analogAt("QVVR1.VVaTm", { min: 0, max: Infinity }),
      PlainPoint.at(this.#leaves, this.#device, "QVVR1.AffPhs"),
    ];
    this.#harmonics = new Harmonics(ied, this.#leaves);
    this.controls = new ControlStates(this.#leaves, this.#device);
    this.#deadbands = deadbandsOf(ied);
    this.#out = new Float64Array(this.#measures.length);
    this.#valid = new Uint8Array(this.#measures.length);
    this.#shown = { values: initialOf(ied) };
  }

  #measure(name: string): number {
    return this.#measures.push(measureNamed(name)) - 1;
  }

  #analog([node, name, part, measure, , kind, more = {}]: MeasuredRow, facts: ModelFacts): readonly Analog[] {
    const point = this.#analogAt([`${node}1`, name, part].filter((one) => one !== "").join("."), rangeOf(kind, facts));
    if (point === undefined) return [];
    const { angle, toNeutral, isUnknown = false } = more;
    const isAhead = (toNeutral === "positive") === (facts.rotation === "abc");
    return [
      {
        point,
        measure: this.#measure(measure),
        angle: angle === undefined ? undefined : this.#measure(angle),
        power: kind === "factor" ? this.#measure(measure.replace("PF", "W")) : undefined,
        isUnknown,
        times: toNeutral === undefined ? 1 : 1 / Math.sqrt(3),
        turn: toNeutral === undefined ? 0 : isAhead ? -TURN : TURN,
      },
    ];
  }

  /** What says no dead band has none. */
  #analogAt(path: string, range: ReturnType<typeof rangeOf>): AnalogPoint | undefined {
    const isBanded = this.#leaves.find(this.#device, `${path}.db`) !== undefined;
    const db = (): number => (isBanded ? deadbandOf(this.#means.settings(), path) : 0);
    return AnalogPoint.at(this.#leaves, this.#device, path, { range, db });
  }

  /** What was shown last. */
  get shown(): IedImage {
    return this.#shown;
  }

  /** What is so now; the image of before where nothing is another. */
  look(): IedImage {
    const { surface, timeOf } = this.#means;
    const stamp = surface.values(this.#measures, "primary", this.#out, this.#valid);
    const status = surface.status();
    this.#isFailing = status.failures.length > 0;
    const around: Around = { at: timeOf(stamp), isFailing: this.#isFailing };
    const draft = new Draft(this.#shown.values);
    for (const { of, index } of this.#deadbands) draft.set(index, deadbandOf(this.#means.settings(), of));
    for (const one of this.#analogs) {
      const found = one.isUnknown ? nothing : this.#found(one.measure, one.times);
      const { value } = one.angle === undefined ? nothing : this.#found(one.angle);
      const turned = value === undefined ? undefined : value + one.turn;
      one.point.show(draft, one.power === undefined ? found : this.#signed(found, one.power), turned, around);
    }
    for (const { point, measure } of this.#energies) {
      const { value, good } = this.#found(measure);
      point.show(draft, value === undefined ? undefined : BigInt(Math.trunc(value)), around, good);
    }
    this.#average(draft, around);
    const moment: Moment = { surface, status, triggers: this.#means.triggers, recordings: this.#recorded() };
    for (const { point, of } of this.#statuses) point.show(draft, of(moment), around);
    this.controls.show(draft);
    this.#vary(draft, around);
    this.#harmonics.show(draft, () => surface.quality(), around);
    if (draft.values !== this.#shown.values) this.#shown = { values: draft.values };
    return this.#shown;
  }

  /** An input is another, and nothing else is looked at. */
  input({ channel, closed, at }: InputChange): void {
    const found = this.#statuses.find(({ input }) => input === channel);
    if (found === undefined) return;
    const draft = new Draft(this.#shown.values);
    found.point.show(draft, closed, { at: this.#means.timeOf(at), isFailing: this.#isFailing });
    if (draft.values !== this.#shown.values) this.#shown = { values: draft.values };
  }

  /** A calculation cycle is over: what its values are for averages and extremes. */
  cycle(): void {
    const { surface } = this.#means;
    const { utc } = surface.values(this.#averaged, "primary", this.#averages, this.#known);
    this.#statistics.take(utc, this.#averages);
  }

  #signed({ value, good }: Found, power: number): Found {
    return { value: value === undefined ? undefined : Math.abs(value) * ((this.#out[power] ?? 0) < 0 ? -1 : 1), good };
  }

  #found(k: number, times = 1): Found {
    const value = this.#out[k] ?? NaN;
    return { value: Number.isNaN(value) ? undefined : value * times + 0, good: this.#valid[k] === 1 };
  }

  #average(draft: Draft, around: Around): void {
    const { result } = this.#statistics;
    for (const { point, of, kind } of this.#windows)
      point.show(draft, { value: result?.statistics[of]?.[kind], good: true }, undefined, around);
  }

  #vary(draft: Draft, around: Around): void {
    const [depth, seconds, phases] = this.#variation;
    if (depth === undefined) return;
    const { surface, timeOf, pt } = this.#means;
    const last = lastVariation(surface);
    const at = last === undefined ? around : { ...around, at: timeOf(last) };
    const volts =
      last?.volts === undefined ? undefined : last.volts * primaryFactor({ quantity: "V" }, pt, this.#means.ct);
    depth.show(draft, { value: volts, good: true }, undefined, at);
    seconds?.show(draft, { value: last?.seconds, good: true }, undefined, at);
    phases?.show(draft, last?.phases, at);
  }

  /** Looked through when the list is another. */
  #recorded(): number {
    const list = this.#means.recorded();
    if (this.#recordings?.list !== list) {
      const count = list.filter(({ name }) => name.startsWith("wfc/") || name.startsWith("hsrms/")).length;
      this.#recordings = { list, count };
    }
    return this.#recordings.count;
  }
}

const nothing: Found = { value: undefined, good: false };

function measureNamed(name: string): Measure {
  const measure = parseMeasure(name);
  if (measure === undefined) throw new Error(`${name} is no measure`);
  return measure;
}

/** What leaves are until the meter says otherwise. */
function initialOf(ied: Ied): readonly LeafValue[] {
  const values: LeafValue[] = Array.from({ length: ied.leaves });
  for (const { leaf } of leavesOf(ied)) values[leaf.index] = leaf.initial;
  return values;
}

/** Leaves that are dead bands, and the data objects that they are of. */
export function deadbandsOf(ied: Ied): readonly { readonly of: string; readonly index: number }[] {
  return [...leavesOf(ied)].flatMap(({ leaf, node, path }) => {
    if (leaf.name !== "db") return [];
    return [{ of: `${node.prefix}${node.lnClass}${node.inst}.${path.slice(0, -".db".length)}`, index: leaf.index }];
  });
}
