/** What a meter measures of a moment, or of a minute on the average, as the wiring check takes it. */
import { type Pair, pairs, type Phase, phases } from "#quantity/quantity.ts";
import { wiringOf, wirings, type WiringName } from "#quantity/wiring.ts";

/** A fundamental; the angle counter-clockwise against any reference, the same of all of an observation. Absent where it is not known. */
export interface Measured {
  readonly size: number;
  readonly degrees?: number | undefined;
}

export type ByPhase<T> = readonly [a: T, b: T, c: T];

export interface Observation {
  /** How the meter is set. */
  readonly system: WiringName;
  /** To neutral. */
  readonly volts: ByPhase<Measured | undefined>;
  /** From line to line: ab, bc, ca. */
  readonly lines: ByPhase<Measured | undefined>;
  readonly amps: ByPhase<Measured | undefined>;
  /** By how many degrees the current of an element lags its voltage, from W and var; both signs where only the power factor is known. */
  readonly lags: ByPhase<readonly number[] | undefined>;
  /** What the volts of a line should be, line to line where there are such, on the side on which the volts are. */
  readonly nominalVolts?: number | undefined;
  /** Whether power may flow towards the supply. */
  readonly generates?: boolean | undefined;
  /** Which way the phases of the service follow each other, where somebody has measured it at the meter. */
  readonly rotation?: "abc" | "acb" | undefined;
}

/** Readings by name of the vocabulary, primary or secondary; null or absent of what is not known. */
export type NamedReadings = Readonly<Record<string, number | null | undefined>>;

export type Circumstances = Pick<Observation, "nominalVolts" | "generates" | "rotation"> & {
  readonly system?: WiringName | undefined;
};

/** The observation that readings make; undefined of what has neither volts by phase nor by pair. */
export function observationOf(readings: NamedReadings, circumstances: Circumstances = {}): Observation | undefined {
  const value = (...names: readonly string[]): number | undefined => {
    for (const name of names) {
      const found = readings[name];
      if (typeof found === "number" && Number.isFinite(found)) return found;
    }
    return undefined;
  };
  const measured = (unit: "V" | "A", place: Phase | Pair): Measured | undefined => {
    const size = value(`${unit}.${place}.fundamental`, `${unit}.${place}`);
    return size === undefined ? undefined : { size: Math.abs(size), degrees: value(`deg.${unit}.${place}`) };
  };
  const lines = byPhase((k) => measured("V", pairs[k] ?? "ab"));
  const found = byPhase((k) => measured("V", phases[k] ?? "a"));
  const volts: Observation["volts"] = areLines(found, lines) ? [undefined, undefined, undefined] : found;
  const amps = byPhase((k) => measured("A", phases[k] ?? "a"));
  const system = circumstances.system ?? systemOf(volts, lines, amps);
  if (system === undefined) return undefined;
  const { elements, currents, ln, ll } = wiringOf(system);
  return {
    ...circumstances,
    system,
    volts: byPhase((k) => (has(ln, phases[k]) ? volts[k] : undefined)),
    lines: byPhase((k) => (has(ll, pairs[k]) ? lines[k] : undefined)),
    amps: byPhase((k) => (has(currents, phases[k]) ? amps[k] : undefined)),
    lags: byPhase((k) => {
      const phase = phases[k] ?? "a";
      return elements.some(({ current }) => current === phase) ? lagsOf(phase, value) : undefined;
    }),
  };
}

/** The name of a wiring by what it means, as views of meters have it. */
export function systemMeaning(means: string | undefined): WiringName | undefined {
  return (Object.keys(wirings) as WiringName[]).find((name) => wirings[name].means === means);
}

function has<T>(list: readonly T[], one: T | undefined): boolean {
  return one !== undefined && list.includes(one);
}

export function byPhase<T>(of: (k: number) => T): [T, T, T] {
  return [of(0), of(1), of(2)];
}

/** Power factors that are nearer to one than this tell no angle worth having. */
const LEAST_POWER = 1e-9;

function lagsOf(
  phase: Phase,
  value: (...names: readonly string[]) => number | undefined,
): readonly number[] | undefined {
  const watts = value(`W.${phase}`);
  const vars = value(`var.${phase}.fundamental`, `var.${phase}`);
  if (watts !== undefined && vars !== undefined)
    return Math.hypot(watts, vars) < LEAST_POWER ? undefined : [degreesOf(Math.atan2(vars, watts))];
  const factor = value(`PF.${phase}`);
  const va = value(`VA.${phase}`);
  const cosine = watts !== undefined && va !== undefined && va > 0 ? watts / va : factor;
  if (cosine === undefined || Math.abs(cosine) > 1.001) return undefined;
  const lag = degreesOf(Math.acos(Math.max(-1, Math.min(1, cosine))));
  return [lag, -lag];
}

function degreesOf(radians: number): number {
  return (radians * 180) / Math.PI;
}

/** Meters without a neutral that show the volts of their lines as those of their phases. */
function areLines(volts: Observation["volts"], lines: Observation["lines"]): boolean {
  return volts.every((one, k) => {
    const line = lines[k];
    return (
      one !== undefined && line !== undefined && Math.abs(one.size - line.size) <= 0.01 * line.size && line.size > 0
    );
  });
}

/** The system that a meter seems to be set to, by what it shows. */
function systemOf(
  volts: Observation["volts"],
  lines: Observation["lines"],
  amps: Observation["amps"],
): WiringName | undefined {
  const [a, b, c] = volts;
  if (a !== undefined && b !== undefined) {
    if (c !== undefined) return "wye";
    const [ab] = lines;
    return ab !== undefined && ab.size > 1.87 * Math.min(a.size, b.size) ? "split-phase" : "network";
  }
  if (lines[0] !== undefined && lines[1] !== undefined) return amps[1] === undefined ? "two-element" : "delta";
  if (a !== undefined) return "1-phase-ln";
  return lines[0] === undefined ? undefined : "1-phase-ll";
}
