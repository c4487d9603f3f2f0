/**
 * Values as a file holds them: times in whole steps of 25 ns, samples in 65,000 steps of their own range. What was recorded is brought to
 * those before it is written, so that what is made of the file is what would have been made of the recording.
 */
import type { NumberType, SeriesInstance } from "#format/pqdif/pqdif.ts";

/** Steps of times: 32 bits of them are 107 s, more than the longest recording of high-speed RMS. */
const TIME_STEP = 1 / 40_000_000;
const MOST_STEPS = 0xffff_ffff;
const STEPS = 65_000;

/** Seconds from the observation's start; of one that is longer than 107 s steps are floating numbers. */
export function storedTimes(times: ArrayLike<number>, shift: number): SeriesInstance {
  const values = new Float64Array(times.length);
  let [least, most] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) {
    const step = Math.round((shift + (times[k] ?? NaN)) / TIME_STEP);
    if (step < least) least = step;
    if (step > most) most = step;
    values[k] = TIME_STEP * step;
  }
  const stored = least >= 0 && most <= MOST_STEPS ? "uint4" : "real8";
  return { values, stored, scale: TIME_STEP, offset: 0 };
}

/** Whether every sample is there: whole numbers cannot say otherwise. */
export function isWhole(samples: Float64Array): boolean {
  for (let k = 0; k < samples.length; k++) if (!Number.isFinite(samples[k])) return false;
  return true;
}

/** Samples of which none is absent, as 16-bit numbers. */
export function storedSamples(samples: Float64Array): SeriesInstance {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < samples.length; k++) {
    const value = samples[k] ?? NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return { values: samples, stored: "int2", scale: 1, offset: Number.isFinite(low) ? low : 0 };
  // Of a range that is a small part of the values a double has fewer steps.
  const scale = Math.max((high - low) / STEPS, Math.max(Math.abs(low), Math.abs(high)) * 2 ** -50, 2 ** -1000);
  const offset = low + (STEPS / 2) * scale;
  const values = samples.map((value) => scale * Math.round((value - offset) / scale) + offset);
  return { values, stored: "int2", scale, offset };
}

/** 32-bit floats; NaN of what is absent. What a float cannot hold is absent, too. */
export function storedFloats(values: ArrayLike<number>): SeriesInstance {
  const floats = Float64Array.from(values, (value) => {
    const float = Math.fround(value);
    return Number.isFinite(float) ? float : NaN;
  });
  return { values: floats, stored: "real4" satisfies NumberType };
}
