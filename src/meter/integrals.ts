/**
 * The one integrator. Every half cycle of a waveform, and every step of an analytic source, is added here once;
 * energy, demand, averages, pulses and logs are differences of these integrals between instants.
 */
import type { CycleValues } from "#metrology/cycle-values.ts";
import type { Phase } from "#quantity/quantity.ts";
import type { Wiring } from "#quantity/wiring.ts";
import type { StepValues } from "#waveform/source.ts";

/** Places: the total, then phases a, b, c. */
export const PLACES = 4;

/** Offsets of a place's energies, in Wh, varh and VAh. */
export const energy = { whImport: 0, whExport: 1, q1: 2, q2: 3, q3: 4, q4: 5, vahImport: 6, vahExport: 7 } as const;
export type EnergyKind = keyof typeof energy;
export const KINDS = 8;
export const ENERGIES = PLACES * KINDS;

/** What is averaged: squares of volts to neutral, line to line, of amps, of the neutral's amps; powers by element, and their totals; vars by element. */
const AVERAGED = 18;

/** Integrals over seconds that make averages; only the running calculation cycle needs them. */
export const mean = {
  v2: ENERGIES,
  ll2: ENERGIES + 3,
  a2: ENERGIES + 6,
  n2: ENERGIES + 9,
  w: ENERGIES + 10,
  wTotal: ENERGIES + 13,
  qTotal: ENERGIES + 14,
  q: ENERGIES + 15,
} as const;

/** Where the seconds lie in which the square or power at `slot` was known. */
export function secondsOf(slot: number): number {
  return slot + AVERAGED;
}
export const SLOTS = ENERGIES + 2 * AVERAGED;

export const phaseIndex: Readonly<Record<Phase, number>> = { a: 0, b: 1, c: 2 };

export class Integrals {
  /** Since the meter was made. */
  readonly total: Float64Array;
  /** Since the running calculation cycle began; small numbers summed first keep their last digits. */
  readonly cycle = new Float64Array(SLOTS);
  /** Energies of parts of cycles that lost samples: no power of the calculation cycle is made of them. */
  readonly #broken = new Float64Array(ENERGIES);
  /** Where energy is added. */
  #into = this.cycle;
  readonly #directional: boolean;
  readonly #phases: readonly number[];

  constructor(total: Float64Array, wiring: Wiring, directional: boolean) {
    this.total = total;
    this.#directional = directional;
    this.#phases = wiring.elements.map(({ current }) => phaseIndex[current]);
  }

  /** Adds one half cycle of `seconds`: what is not known of it counts nowhere. */
  add(values: CycleValues, seconds: number): void {
    for (let k = 0; k < 3; k++) {
      this.#level(mean.v2 + k, values.v2[k]!, seconds);
      this.#level(mean.ll2 + k, values.ll2[k]!, seconds);
      this.#level(mean.a2 + k, values.i2[k]!, seconds);
    }
    this.#level(mean.n2, values.n2, seconds);
    const hours = seconds / 3600;
    let [w, q, known, whole] = [0, 0, 0, 0];
    for (const k of this.#phases) {
      // A meter that does not know directions takes power that flows back for a transformer the wrong way round.
      const turn = this.#directional || values.presentP[k]! >= 0 ? 1 : -1;
      this.#level(mean.w + k, turn * values.p[k]!, seconds);
      this.#level(mean.q + k, turn * values.q[k]!, seconds);
      const pk = turn * values.presentP[k]!;
      if (Number.isNaN(pk)) continue;
      const qk = turn * values.presentQ[k]!;
      const isWhole = !Number.isNaN(values.p[k]!);
      const part = values.present[k]!;
      const s = Math.sqrt(values.presentE2[k]! * values.presentI2[k]!);
      this.#into = isWhole ? this.cycle : this.#broken;
      this.#energy(k + 1, pk, qk, s, part * hours);
      w += part * pk;
      q += part * qk;
      known++;
      if (isWhole) whole++;
    }
    if (known === 0) return;
    // The energy of all is that of those that are known; their power is known when each is, of the whole cycle.
    const isWhole = whole === this.#phases.length;
    this.#into = isWhole ? this.cycle : this.#broken;
    this.#energy(0, w, q, Math.hypot(w, q), hours);
    this.#into = this.cycle;
    if (!isWhole) return;
    this.#level(mean.wTotal, w, seconds);
    this.#level(mean.qTotal, q, seconds);
  }

  #level(slot: number, value: number, seconds: number): void {
    // One number that is not known would stay in an accumulator for ever.
    if (!Number.isFinite(value)) return;
    this.cycle[slot]! += value * seconds;
    this.cycle[secondsOf(slot)]! += seconds;
  }

  #energy(place: number, w: number, q: number, s: number, hours: number): void {
    const into = this.#into;
    const at = place * KINDS;
    const back = w < 0;
    // What is not known adds nothing: one such number would stay in an accumulator for ever.
    if (!Number.isFinite(w)) return;
    into[at + (back ? energy.whExport : energy.whImport)]! += Math.abs(w) * hours;
    if (Number.isFinite(s)) into[at + (back ? energy.vahExport : energy.vahImport)]! += s * hours;
    if (!Number.isFinite(q)) return;
    const quadrant = q >= 0 ? (back ? energy.q2 : energy.q1) : back ? energy.q3 : energy.q4;
    into[at + quadrant]! += Math.abs(q) * hours;
  }

  /** Adds a step in which everything goes from one set of values to another on a straight line: in closed form. */
  addStep(from: StepValues, to: StepValues, seconds: number): void {
    for (let k = 0; k < 3; k++) {
      this.#level(mean.v2 + k, meanSquare(from.v[k]!, to.v[k]!), seconds);
      this.#level(mean.ll2 + k, meanSquare(from.ll[k]!, to.ll[k]!), seconds);
      this.#level(mean.a2 + k, meanSquare(from.a[k]!, to.a[k]!), seconds);
    }
    this.#level(mean.n2, meanSquare(from.n, to.n), seconds);
    const hours = seconds / 3600;
    const totals = [0, 0, 0, 0];
    let known = 0;
    for (const k of this.#phases) {
      const [w0, w1, q0, q1] = [from.w[k]!, to.w[k]!, from.q[k]!, to.q[k]!];
      const s0 = from.e[k]! * from.a[k]!;
      const s1 = to.e[k]! * to.a[k]!;
      if (!Number.isFinite(w0 + w1 + q0 + q1)) continue;
      // A phase whose power passes zero is cut there; the total turns it by the larger part of the step.
      const turn = this.#directional || w0 + w1 >= 0 ? 1 : -1;
      totals[0]! += turn * w0;
      totals[1]! += turn * w1;
      totals[2]! += turn * q0;
      totals[3]! += turn * q1;
      known++;
      this.#level(mean.w + k, (turn * (w0 + w1)) / 2, seconds);
      this.#level(mean.q + k, (turn * (q0 + q1)) / 2, seconds);
      this.#ramp(k + 1, [w0, w1], [q0, q1], [s0, s1], hours);
    }
    if (known === 0) return;
    const [w0, w1, q0, q1] = totals as [number, number, number, number];
    this.#level(mean.wTotal, (w0 + w1) / 2, seconds);
    this.#level(mean.qTotal, (q0 + q1) / 2, seconds);
    this.#ramp(0, [w0, w1], [q0, q1], [Math.hypot(w0, q0), Math.hypot(w1, q1)], hours);
  }

  /** One place's ramp, cut where power or reactive power passes zero, so that each part lies in one quadrant. */
  #ramp(place: number, w: Ramp, q: Ramp, s: Ramp, hours: number): void {
    const cuts = [0, crossing(w), crossing(q), 1].sort((a, b) => a - b);
    for (let part = 1; part < cuts.length; part++) {
      const width = cuts[part]! - cuts[part - 1]!;
      if (width <= 0) continue;
      const middle = (cuts[part]! + cuts[part - 1]!) / 2;
      const at = ([x0, x1]: Ramp): number => x0 + (x1 - x0) * middle;
      const turn = this.#directional || at(w) >= 0 ? 1 : -1;
      this.#energy(place, turn * at(w), turn * at(q), at(s), hours * width);
    }
  }

  /** Ends the calculation cycle: what it measured belongs to the total from here on. */
  endCycle(): void {
    for (let k = 0; k < ENERGIES; k++) this.total[k]! += this.cycle[k]! + this.#broken[k]!;
  }

  beginCycle(): void {
    this.cycle.fill(0);
    this.#broken.fill(0);
  }
}

type Ramp = readonly [number, number];

/** The mean of the square of a straight line: (a² + ab + b²) / 3. */
function meanSquare(a: number, b: number): number {
  return (a * a + a * b + b * b) / 3;
}

/** Where on 0 to 1 a straight line passes zero; 0 when it does not. */
function crossing([from, to]: Ramp): number {
  return from * to < 0 ? from / (from - to) : 0;
}
