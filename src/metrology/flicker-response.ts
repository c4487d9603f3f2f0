/**
 * What the flickermeter of IEC 61000-4-15 (Edition 2) is made of, as the standard has it: responses in s of the blocks between the
 * squaring of the voltage and the squaring of what the eye sees. The filters that run are made from these (flicker-filter.ts).
 */

export type FlickerLamp = 120 | 230;
export type FlickerMains = 50 | 60;

/** A section of second order at most: (n0 + n1 s + n2 s^2) / (d0 + d1 s + d2 s^2), s in radians a second. */
export interface Section {
  readonly n: readonly [number, number, number];
  readonly d: readonly [number, number, number];
}

/** Hz to radians a second. */
const TAU = 2 * Math.PI;

/** Clause 5.5, high-pass of block 3, Hz. */
export const HIGH_PASS_HZ = 0.05;

/** Clause 5.5, Butterworth low-pass of the sixth order: its Hz at either frequency of the mains. */
const LOW_PASS_HZ: Readonly<Record<FlickerMains, number>> = { 50: 35, 60: 42 };

/** Clause 5.6, Table 3: lamp, eye and brain. All but k are Hz, to be multiplied by 2 pi. */
const weightings: Readonly<Record<FlickerLamp, Readonly<Record<"k" | "lambda" | "w1" | "w2" | "w3" | "w4", number>>>> =
  {
    230: { k: 1.74802, lambda: 4.05981, w1: 9.15494, w2: 2.27979, w3: 1.22535, w4: 21.9 },
    120: { k: 1.6357, lambda: 4.167375, w1: 9.077169, w2: 2.939902, w3: 1.394468, w4: 17.31512 },
  };

/** Clause 5.7: the smoothing of block 4, seconds. */
export const SMOOTHING_SECONDS = 0.3;

/** Clause 5.3: block 1 goes from 10 to 90 % of a step in 60 s; a first-order filter does so in ln 9 time constants. */
export const LEVEL_SECONDS = 60 / Math.log(9);

/** Tables 1a and 1b at 8.8 Hz: the sinusoidal change of voltage, whole swing over the mean, at which Pinst,max is 1. */
const REFERENCE_HZ = 8.8;
const REFERENCE_SWING: Readonly<Record<FlickerLamp, number>> = { 230: 0.0025, 120: 0.00321 };

/** Block 3 without its high-pass: the weighting in two sections, the low-pass in three. */
export function weightingSections(lamp: FlickerLamp, mains: FlickerMains): readonly Section[] {
  const { k, lambda, w1, w2, w3, w4 } = weightings[lamp];
  const c = TAU * LOW_PASS_HZ[mains];
  const lowPass = [1, 3, 5].map((odd): Section => {
    // Poles of a Butterworth filter of order six lie at odd multiples of 15 degrees.
    return { n: [c * c, 0, 0], d: [c * c, 2 * c * Math.sin((Math.PI * odd) / 12), 1] };
  });
  return [
    { n: [0, k * TAU * w1, 0], d: [(TAU * w1) ** 2, 2 * TAU * lambda, 1] },
    { n: [1, 1 / (TAU * w2), 0], d: [1, 1 / (TAU * w3) + 1 / (TAU * w4), 1 / (TAU * w3) / (TAU * w4)] },
    ...lowPass,
  ];
}

/** The square of a section's gain at `hz`. */
export function squaredGain({ n, d }: Section, hz: number): number {
  const w = TAU * hz;
  return ((n[0] - n[2] * w * w) ** 2 + (n[1] * w) ** 2) / ((d[0] - d[2] * w * w) ** 2 + (d[1] * w) ** 2);
}

/**
 * What block 4 multiplies by. The square of the voltage over its mean swings by the swing of the voltage over its mean to either
 * side; squared again it has a mean of half the square of what is left of that, and on it a ripple at twice the rate, which the
 * smoothing leaves some of.
 */
export function perceptionScale(lamp: FlickerLamp, mains: FlickerMains): number {
  let squared = REFERENCE_SWING[lamp] ** 2 * (1 / (1 + (HIGH_PASS_HZ / REFERENCE_HZ) ** 2));
  for (const section of weightingSections(lamp, mains)) squared *= squaredGain(section, REFERENCE_HZ);
  const ripple = 1 / Math.hypot(1, 2 * TAU * REFERENCE_HZ * SMOOTHING_SECONDS);
  return 2 / (squared * (1 + ripple));
}
