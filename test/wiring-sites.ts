/**
 * Sites for the wiring check, by arithmetic alone: plausible loads as phasors of a service, and each mistake as a matrix that makes
 * of them what arrives at the meter. Nothing here is of the code that is tested.
 */
import type { Mistake } from "../src/analysis/wiring/mistake.ts";
import type { Measured, Observation } from "../src/analysis/wiring/observation.ts";
import type { Phase } from "../src/quantity/quantity.ts";
import type { WiringName } from "../src/quantity/wiring.ts";

export type Complex = readonly [re: number, im: number];
export type Matrix = readonly (readonly [number, number, number])[];

const phases: readonly Phase[] = ["a", "b", "c"];

export const polar = (size: number, degrees: number): Complex => [
  size * Math.cos((degrees * Math.PI) / 180),
  size * Math.sin((degrees * Math.PI) / 180),
];
const plus = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
const times = (a: Complex, by: number): Complex => [a[0] * by, a[1] * by];
const sizeOf = ([re, im]: Complex): number => Math.hypot(re, im);
const degreesOf = ([re, im]: Complex): number => (Math.atan2(im, re) * 180) / Math.PI;

/** mulberry32: the same seed gives the same loads. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Service {
  readonly volts: readonly [Complex, Complex, Complex];
  readonly amps: readonly [Complex, Complex, Complex];
}

/** acos 0.7, lagging, and acos 0.95, leading. */
export const MOST_LAG = (Math.acos(0.7) * 180) / Math.PI;
export const MOST_LEAD = -(Math.acos(0.95) * 180) / Math.PI;

/**
 * A load: volts within 3 % of 277 V, a power factor from 0.7 lagging to 0.95 leading, phases that differ from it by up to ten
 * degrees within that band, amps that are up to 30 % off their mean. Without a neutral the phases' currents add up to nothing.
 */
export function loadOf(random: () => number, system: WiringName): Service {
  const between = (from: number, to: number): number => from + (to - from) * random();
  const [size, mean] = [between(5, 400), between(MOST_LEAD, MOST_LAG)];
  const level = 277 * between(0.97, 1.03);
  const halves = system === "split-phase" || system === "1-phase-ll";
  const at = halves ? [0, 180, 0] : [0, -120, 120];
  const volts = at.map((angle) => polar(level * between(0.99, 1.01), angle + between(-0.7, 0.7)));
  const amps = at.map((_, k) => {
    const lag = Math.max(MOST_LEAD, Math.min(MOST_LAG, mean + between(-10, 10)));
    return polar(size * between(0.7, 1.3), degreesOf(volts[k] ?? [1, 0]) - lag);
  });
  const [va, vb, vc] = volts as [Complex, Complex, Complex];
  let [ia, ib, ic] = amps as [Complex, Complex, Complex];
  if (["delta", "open-delta", "two-element"].includes(system)) {
    // What they have in common has nowhere to go.
    const common = times(plus(plus(ia, ib), ic), -1 / 3);
    [ia, ib, ic] = [plus(ia, common), plus(ib, common), plus(ic, common)];
  }
  return { volts: [va, vb, vc], amps: [ia, ib, ic] };
}

const unit: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function rowsOf(sources: readonly number[]): Matrix {
  return sources.map((k) => unit[k] ?? [0, 0, 0]);
}

function withRow(k: number, row: readonly [number, number, number]): Matrix {
  return unit.map((one, at) => (at === k ? row : one));
}

export interface Effect {
  readonly volts: Matrix;
  readonly amps: Matrix;
}

const index = (phase: Phase | undefined): number => phases.indexOf(phase ?? "a");

/** What a mistake makes of three volts to neutral and three amps; `ratio` is by how much a wrong one is off. */
export function effectOf({ kind, phases: of }: Mistake, ratio: number): Effect {
  const [i, j] = [index(of[0]), index(of[1])];
  const swapped = rowsOf([0, 1, 2].map((k) => (k === i ? j : k === j ? i : k)));
  const scaled = (k: number, by: number): Matrix => unit.map((row, at) => (at === k ? scale(row, by) : row));
  const volts = (matrix: Matrix): Effect => ({ volts: matrix, amps: unit });
  const amps = (matrix: Matrix): Effect => ({ volts: unit, amps: matrix });
  switch (kind) {
    case "swappedVolts":
      return volts(swapped);
    case "swappedAmps":
      return amps(swapped);
    case "rotatedVolts":
      return volts(rowsOf(of.map(index)));
    case "rotatedAmps":
      return amps(rowsOf(of.map(index)));
    case "misplacedVolts":
      return volts(withRow(i, unit[j] ?? [0, 0, 0]));
    case "misplacedAmps":
      return amps(withRow(i, unit[j] ?? [0, 0, 0]));
    case "deadVolts":
      return volts(scaled(i, 0));
    case "deadAmps":
      return amps(scaled(i, 0));
    case "reversedVolts":
      return volts(scaled(i, -1));
    case "reversedAmps":
      return amps(unit.map((row, k) => scale(row, of.includes(phases[k] ?? "a") ? -1 : 1)));
    case "voltsRatio":
      return volts(scaled(i, ratio));
    case "ampsRatio":
      return amps(scaled(i, ratio));
    case "allVoltsRatio":
      return volts(unit.map((row) => scale(row, ratio)));
    case "neutralSwapped":
      return volts(unit.map((row, k) => (k === i ? scale(row, -1) : less(row, unit[i] ?? row))));
    case "service":
      throw new Error("a service is no mistake of wires");
  }
}

function scale([a, b, c]: readonly [number, number, number], by: number): [number, number, number] {
  // No -0, which is not 0 to everybody.
  return [a * by + 0, b * by + 0, c * by + 0];
}

function less(
  one: readonly [number, number, number],
  other: readonly [number, number, number],
): [number, number, number] {
  return [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
}

export function product(after: Matrix, before: Matrix): Matrix {
  return after.map((row) => {
    const out = [0, 1, 2].map((k) => row.reduce((sum, part, m) => sum + part * (before[m]?.[k] ?? 0), 0) + 0);
    return out as [number, number, number];
  });
}

/** Mistakes one after the other. */
export function effectsOf(mistakes: readonly Mistake[], ratio: number): Effect {
  return mistakes.reduce<Effect>(
    (before, mistake) => {
      const one = effectOf(mistake, ratio);
      return { volts: product(one.volts, before.volts), amps: product(one.amps, before.amps) };
    },
    { volts: unit, amps: unit },
  );
}

export function applied(matrix: Matrix, to: readonly Complex[]): Complex[] {
  return matrix.map((row) => row.reduce<Complex>((sum, part, k) => plus(sum, times(to[k] ?? [0, 0], part)), [0, 0]));
}

export interface Shown {
  /** Powers by phase instead of angles. */
  readonly powersOnly?: boolean;
  /** Degrees by which everything is turned. */
  readonly turned?: number;
}

/** What a four-wire meter says of what arrives at it. */
export function observed(volts: readonly Complex[], amps: readonly Complex[], shown: Shown = {}): Observation {
  const { powersOnly = false, turned = 0 } = shown;
  const phasor = (one: Complex): Measured =>
    powersOnly ? { size: sizeOf(one) } : { size: sizeOf(one), degrees: degreesOf(one) + turned };
  const three = <T>(of: (k: number) => T): [T, T, T] => [of(0), of(1), of(2)];
  const v = (k: number): Complex => volts[k % 3] ?? [0, 0];
  const i = (k: number): Complex => amps[k] ?? [0, 0];
  return {
    system: "wye",
    nominalVolts: 480,
    volts: three((k) => phasor(v(k))),
    lines: three((k) => phasor(plus(v(k), times(v(k + 1), -1)))),
    amps: three((k) => phasor(i(k))),
    lags: three((k) => {
      const [w, q] = [v(k)[0] * i(k)[0] + v(k)[1] * i(k)[1], v(k)[1] * i(k)[0] - v(k)[0] * i(k)[1]];
      return powersOnly && Math.hypot(w, q) > 1e-6 ? [degreesOf([w, q])] : undefined;
    }),
  };
}

export type ThreeWire = "two-element" | "delta" | "open-delta";

/**
 * What a meter of three wires says: of volts from line to line, ab and bc by `gains` of what they are (transformers turned round or of
 * another ratio), ca what is left; and of the currents that it measures.
 */
export function observedLines(
  system: ThreeWire,
  volts: readonly Complex[],
  amps: readonly Complex[],
  gains: readonly [ab: number, bc: number] = [1, 1],
): Observation {
  const four = observed(volts, amps);
  const between = (k: number): Complex => plus(volts[k] ?? [0, 0], times(volts[k + 1] ?? [0, 0], -1));
  const [ab, bc] = [times(between(0), gains[0]), times(between(1), gains[1])];
  const ca = times(plus(ab, bc), -1);
  const line = (one: Complex): Measured => ({ size: sizeOf(one), degrees: degreesOf(one) });
  const [a, b, c] = four.amps;
  return {
    ...four,
    system,
    volts: [undefined, undefined, undefined],
    lines: [line(ab), line(bc), line(ca)],
    amps: [a, system === "two-element" ? undefined : b, c],
  };
}

/** What mistakes of transformers from line to line make of ab and bc. */
export function gainsOf(mistakes: readonly Mistake[], ratio: number): [ab: number, bc: number] {
  const gains: [number, number] = [1, 1];
  for (const { kind, phases: of } of mistakes) {
    const k = of[0] === "a" ? 0 : 1;
    if (kind === "reversedVolts") gains[k] *= -1;
    if (kind === "voltsRatio") gains[k] *= ratio;
  }
  return gains;
}

/** The mistakes that are of wires, not of transformers from line to line. */
export function ofWires(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.filter(({ kind }) => kind !== "reversedVolts" && kind !== "voltsRatio");
}
