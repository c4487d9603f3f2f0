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

const letters = { a: 1, b: 2, c: 4 } as const;
const ALL = 7;

export function lastVariation(surface: MeterSurface): Variation | undefined {
  const entries = (["sagSwell", "interruption"] as const).flatMap((kind) => {
    const log = surface.log(kind);
    return log.next > log.first ? log.page(log.next - 1, 1) : [];
  });
  const last = entries.toSorted((a, b) => a.at.utc - b.at.utc).at(-1);
  return last === undefined ? undefined : variationOf(last);
}

/** "phase a sag < 108", "V.a: 71.00 120.00 93.20" (least, most, average). */
function variationOf({ at, details }: LogEntry): Variation {
  const [, letter, kind] = /^(?:phase (\w) )?(sag|swell|interruption)/.exec(String(details["event"] ?? "")) ?? [];
  const volts = Object.entries(details)
    .filter(([name]) => /^V\.[abc]/.test(name) && (letter === undefined || name[2] === letter))
    .map(([, value]) => String(value).split(" ").map(Number));
  const place = kind === "swell" ? 1 : 0;
  const found = volts.flatMap((one) => one[place] ?? []).filter(Number.isFinite);
  const milliseconds = details["milliseconds"];
  return {
    utc: at.utc,
    synchronised: at.synchronised,
    volts: found.length === 0 ? undefined : kind === "swell" ? Math.max(...found) : Math.min(...found),
    seconds: typeof milliseconds === "number" ? milliseconds / 1000 : undefined,
    phases: letter === "a" || letter === "b" || letter === "c" ? letters[letter] : ALL,
  };
}
