/**
 * The flickermeter's blocks as digital filters for any rate. Block 3 is second-order sections: their poles are those of the analogue filter, exactly; the
 * zeros of each section are such that its gain is that of the analogue one at 0, 20 Hz and at twice the mains, which leaves less than
 * 0.04 % to 45 Hz and 0.3 % beyond, at 800 samples a second and above. (A bilinear transform of that rate is 1 % off at 25 Hz.)
 */
import {
  HIGH_PASS_HZ,
  LEVEL_SECONDS,
  perceptionScale,
  SMOOTHING_SECONDS,
  squaredGain,
  weightingSections,
  type FlickerLamp,
  type FlickerMains,
  type Section,
} from "./flicker-response.ts";

/** Numbers a section: b0, b1, b2, a1, a2 of (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2). */
export const SECTION_SIZE = 5;

/** How many values of the state belong to a section. */
export const SECTION_STATE = 2;

/**
 * Filters x[0..n) in place by one section after the other (transposed direct form II). `sections` has SECTION_SIZE numbers of each,
 * `state` SECTION_STATE, which go on from call to call.
 */
export function cascade(sections: Float64Array, state: Float64Array, x: Float64Array, n: number): void {
  const count = sections.length / SECTION_SIZE;
  for (let s = 0; s < count; s++) {
    const b0 = sections[s * SECTION_SIZE]!;
    const b1 = sections[s * SECTION_SIZE + 1]!;
    const b2 = sections[s * SECTION_SIZE + 2]!;
    const a1 = sections[s * SECTION_SIZE + 3]!;
    const a2 = sections[s * SECTION_SIZE + 4]!;
    let s1 = state[s * SECTION_STATE]!;
    let s2 = state[s * SECTION_STATE + 1]!;
    for (let k = 0; k < n; k++) {
      const u = x[k]!;
      const y = b0 * u + s1;
      s1 = b1 * u - a1 * y + s2;
      s2 = b2 * u - a2 * y;
      x[k] = y;
    }
    state[s * SECTION_STATE] = s1;
    state[s * SECTION_STATE + 1] = s2;
  }
}

/**
 * Block 3 at `rate`; the first section is the high-pass. `droop(hz)` is the gain of what was before it, which is
 * given back.
 */
export function flickerSections(
  lamp: FlickerLamp,
  mains: FlickerMains,
  rate: number,
  droop: (hz: number) => number,
): Float64Array {
  const analogue = weightingSections(lamp, mains);
  const out = new Float64Array((1 + analogue.length) * SECTION_SIZE);
  const pole = Math.exp((-2 * Math.PI * HIGH_PASS_HZ) / rate);
  out.set([(1 + pole) / 2, -(1 + pole) / 2, 0, -pole, 0]);
  for (const [k, section] of analogue.entries()) {
    const before = k === 0 ? droop : () => 1;
    out.set(
      matched(section, rate, [20, 2 * mains], (hz) => squaredGain(section, hz) / before(hz) ** 2),
      (k + 1) * SECTION_SIZE,
    );
  }
  return out;
}

/** Rates to which the squares are averaged, about: far enough above 45 Hz, and a whole part of most rates of 50 and 60 Hz. */
const AVERAGED_RATE = 1920;

/** A value of Pinst for the statistics is wanted about so often; clause 5.8 asks for 50 a second. */
const STEP_RATE = 200;

/** Everything that a rate decides, for one lamp and mains; the same for all voltages. */
export interface FlickerFilters {
  /** Samples of the source that are averaged to one. */
  readonly block: number;
  /** Averages a step, and its seconds. */
  readonly stepBlocks: number;
  readonly stepSeconds: number;
  /** Averages in a half cycle of the nominal mains; not whole. What the RMS of one moves the level by. */
  readonly halfCycle: number;
  readonly levelGain: number;
  readonly sections: Float64Array;
  /** What a new value moves the smoothing of block 4 by, and the scale of what comes out. */
  readonly smoothing: number;
  readonly scale: number;
}

export function flickerFilters(lamp: FlickerLamp, mains: FlickerMains, rate: number): FlickerFilters {
  const block = Math.max(1, Math.round(rate / AVERAGED_RATE));
  const averaged = rate / block;
  const stepBlocks = Math.max(1, Math.round(averaged / STEP_RATE));
  const droop = (hz: number): number =>
    hz === 0 ? 1 : (Math.sin((Math.PI * hz) / averaged) / (block * Math.sin((Math.PI * hz) / rate))) ** 2;
  return {
    block,
    stepBlocks,
    stepSeconds: stepBlocks / averaged,
    halfCycle: averaged / (2 * mains),
    levelGain: 1 - Math.exp(-1 / (2 * mains * LEVEL_SECONDS)),
    sections: flickerSections(lamp, mains, averaged, droop),
    smoothing: 1 - Math.exp(-1 / (averaged * SMOOTHING_SECONDS)),
    scale: perceptionScale(lamp, mains),
  };
}

/** The section with the poles of `d` whose squared gain is `wanted` at 0 and at the two frequencies of `at`. */
function matched(
  { d }: Section,
  rate: number,
  at: readonly [number, number],
  wanted: (hz: number) => number,
): readonly number[] {
  const decay = Math.exp(-d[1] / (2 * d[2] * rate));
  const turn = d[0] / d[2] - (d[1] / (2 * d[2])) ** 2;
  const a1 = -2 * decay * (turn >= 0 ? Math.cos(Math.sqrt(turn) / rate) : Math.cosh(Math.sqrt(-turn) / rate));
  const a2 = decay * decay;
  // In q = sin^2(w/2) the squared length of b0 + b1/z + b2/z^2 is zero (1 - q) + half q + cross 4 q (1 - q), where zero is
  // (b0 + b1 + b2)^2, half (b0 - b1 + b2)^2 and cross -4 b0 b2; that of the denominator likewise.
  const zero = wanted(0) * (1 + a1 + a2) ** 2;
  const rows = at.map((hz) => {
    const q = Math.sin((Math.PI * hz) / rate) ** 2;
    const denominator = (1 + a1 + a2) ** 2 * (1 - q) + (1 - a1 + a2) ** 2 * q - 4 * a2 * 4 * q * (1 - q);
    return { q, cross: 4 * q * (1 - q), value: wanted(hz) * denominator - zero * (1 - q) };
  });
  const [one, two] = [rows[0]!, rows[1]!];
  const determinant = one.q * two.cross - two.q * one.cross;
  const half = (one.value * two.cross - two.value * one.cross) / determinant;
  const cross = (one.q * two.value - two.q * one.value) / determinant;
  const outer = (Math.sqrt(zero) + Math.sqrt(half)) / 2;
  const b0 = (outer + Math.sqrt(outer * outer + cross)) / 2;
  return [b0, (Math.sqrt(zero) - Math.sqrt(half)) / 2, outer - b0, a1, a2];
}
