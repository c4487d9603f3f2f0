/**
 * RMS of one cycle, anew each half cycle, of samples as they come: for a picture of a recording. It follows the frequency that the beginning
 * of a stretch has, not each cycle, as an instrument of Class A does (`polyphase analyse` is one).
 */

/** Hertz that the mains may have, and samples of a cycle at least. */
const FROM_HZ = 40;
const TO_HZ = 70;
const LEAST_SAMPLES = 12;
/** Seconds by which the frequency is told. */
const LOOKED = 0.5;

/** The frequency of a stretch of samples by its crossings of zero; NaN where they are not those of the mains. */
export function hertzOf(values: Float64Array, from: number, count: number, rate: number): number {
  const n = Math.min(count, Math.ceil(LOOKED * rate));
  let [sum, squares, known] = [0, 0, 0];
  for (let k = from; k < from + n; k++) {
    const x = values[k] ?? NaN;
    if (Number.isNaN(x)) continue;
    sum += x;
    squares += x * x;
    known++;
  }
  if (known === 0) return NaN;
  const mean = sum / known;
  // What is near zero crosses it by its noise.
  const threshold = 0.25 * Math.sqrt(Math.max(0, squares / known - mean * mean));
  if (!(threshold > 0)) return NaN;
  const periods: number[] = [];
  let [isBelow, last, zero] = [false, NaN, NaN];
  for (let k = from + 1; k < from + n; k++) {
    const [before, x] = [(values[k - 1] ?? NaN) - mean, (values[k] ?? NaN) - mean];
    if (before < 0 && x >= 0) zero = k - 1 + before / (before - x);
    if (x < -threshold) isBelow = true;
    if (!isBelow || !(x > threshold)) continue;
    isBelow = false;
    if (Number.isNaN(zero)) continue;
    if (!Number.isNaN(last)) periods.push(zero - last);
    last = zero;
  }
  // The one in the middle: a dip has none, or others.
  const middle = periods.toSorted((a, b) => a - b)[periods.length >> 1] ?? NaN;
  const alike = periods.filter((period) => Math.abs(period / middle - 1) < 0.02);
  const hz = rate / (alike.reduce((total, period) => total + period, 0) / alike.length);
  return alike.length >= 2 && hz >= FROM_HZ && hz <= TO_HZ ? hz : NaN;
}

/** Whether a cycle at a rate has samples enough. */
export function canTell(rate: number, hz: number): boolean {
  return rate / hz >= LEAST_SAMPLES;
}

/** One channel: squares are summed sample by sample, and the sums of two half cycles are a value. */
export class HalfCycles {
  /** Samples of half a cycle; no whole number. */
  #half = NaN;
  #seen = 0;
  #nextEnd = NaN;
  #sum = 0;
  #before = NaN;

  /** Begins anew: nothing is known of what was before. */
  begin(rate: number, hz: number): void {
    this.#half = rate / hz / 2;
    this.#seen = 0;
    this.#nextEnd = this.#half;
    this.#sum = 0;
    this.#before = NaN;
  }

  /** Takes samples, and hands out the RMS of each cycle that has ended; NaN where a sample of it is missing. */
  take(values: Float64Array, from: number, count: number, out: (rms: number) => void): void {
    if (Number.isNaN(this.#half)) return;
    for (let k = from; k < from + count; k++) {
      const square = (values[k] ?? NaN) ** 2;
      const end = this.#seen + 1;
      if (end < this.#nextEnd) {
        this.#sum += square;
        this.#seen = end;
        continue;
      }
      // The sample is of both half cycles, of each in part.
      const part = this.#nextEnd - this.#seen;
      const whole = this.#sum + part * square;
      if (this.#nextEnd > 1.5 * this.#half) out(Math.sqrt((this.#before + whole) / (2 * this.#half)));
      this.#before = whole;
      this.#sum = (1 - part) * square;
      this.#seen = end;
      this.#nextEnd += this.#half;
    }
  }
}
