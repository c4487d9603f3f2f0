/** The last sag, swell or interruption that has ended, as QVVR has it: of what its log says. */
import type { LogEntry } from "#quantity/log.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

export interface Variation {
  /** Its end, milliseconds since 1970. */
  readonly utc: number;
  readonly synchronised: boolean;
  /** The least volts of a sag or an interruption, the largest of a swell: at the terminals. Undefined where they are not known. */
  readonly volts: number | undefined;
  readonly seconds: number | undefined;
  /** AffectedPhasesKind: of an interruption all. */
  readonly phases: number;
}

/** One phase, or the two that volts from line to line are between. */
const affected: Readonly<Record<string, number>> = { a: 1, b: 2, c: 4, ab: 3, bc: 6, ca: 5 };
const ALL = 7;

export function lastVariation(surface: MeterSurface): Variation | undefined {
  const entries = (["sagSwell", "interruption"] as const).flatMap((kind) => {
    const log = surface.log(kind);
    return log.next > log.first ? log.page(log.next - 1, 1) : [];
  });
  const last = entries.toSorted((a, b) => a.at.utc - b.at.utc).at(-1);
  return last === undefined ? undefined : variationOf(last);
}

/** "phase a sag < 108", "V.a: 71.00 120.00 93.20" (least, most, average); volts from line to line are "V.ab", of the same letters. */
export function variationOf({ at, details }: Pick<LogEntry, "at" | "details">): Variation {
  const [, letter, kind] = /^(?:phase (\w) )?(sag|swell|interruption)/.exec(String(details["event"] ?? "")) ?? [];
  const found = Object.entries(details).flatMap(([name, value]) => {
    const place = /^V\.([abc]{1,2})$/.exec(name)?.[1];
    if (place === undefined || (letter !== undefined && place[0] !== letter)) return [];
    return [{ place, value: Number(String(value).split(" ")[kind === "swell" ? 1 : 0]) }];
  });
  const volts = found.map(({ value }) => value).filter(Number.isFinite);
  const milliseconds = details["milliseconds"];
  return {
    utc: at.utc,
    synchronised: at.synchronised,
    volts: volts.length === 0 ? undefined : kind === "swell" ? Math.max(...volts) : Math.min(...volts),
    seconds: typeof milliseconds === "number" ? milliseconds / 1000 : undefined,
    phases: letter === undefined ? ALL : (affected[found[0]?.place ?? letter] ?? ALL),
  };
}
