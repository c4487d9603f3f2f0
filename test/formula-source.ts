/** A source whose samples come from a formula, and what a meter must make of them: phasors in closed form. */
import { inputs } from "#waveform/channel-map.ts";
import type { SampleRun, SampleSource } from "#waveform/source.ts";

const CHANNELS = inputs.length;
const TURN = 2 * Math.PI;
export const radians = Math.PI / 180;

/** RMS and degrees of one harmonic of one channel. */
export interface Wave {
  readonly order: number;
  readonly rms: number;
  readonly degrees: number;
}

/** va, vb, vc, ia, ib, ic. */
export type Signal = readonly (readonly Wave[])[];

export interface FormulaOptions {
  readonly signal: Signal;
  /** Samples a second. */
  readonly rate: number;
  /** Turns of the fundamental at a time. */
  readonly turns: (t: number) => number;
  /** Seconds after which it has ended; never where it is left out. */
  readonly seconds?: number;
  /** What a channel is multiplied by at a time, besides. */
  readonly envelope?: (channel: number, t: number) => number;
  /** Whether samples of a channel are missing at a time. */
  readonly missing?: (channel: number, t: number) => boolean;
  /** What is added to a channel at a time, in its own unit. */
  readonly added?: (channel: number, t: number) => number;
}

export class FormulaSource implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  elapsed = 0;
  readonly #options: FormulaOptions;
  #taken = 0;

  constructor(options: FormulaOptions) {
    this.#options = options;
  }

  get ended(): boolean {
    return this.elapsed >= (this.#options.seconds ?? Infinity) - 1e-9;
  }

  read(seconds: number): readonly SampleRun[] {
    this.elapsed += seconds;
    const { rate, turns, signal, envelope, added, missing: isMissing } = this.#options;
    const last = Math.floor(Math.min(this.elapsed, this.#options.seconds ?? Infinity) * rate + 1e-6);
    const count = last - this.#taken;
    if (count <= 0) return [];
    const channels = inputs.map(() => new Float64Array(count));
    const missing = isMissing === undefined ? undefined : new Uint8Array(count);
    for (let k = 0; k < count; k++) {
      const t = (this.#taken + k) / rate;
      const theta = TURN * turns(t);
      for (let c = 0; c < CHANNELS; c++) {
        let sum = 0;
        for (const { order, rms, degrees } of signal[c]!) sum += rms * Math.sin(order * theta + degrees * radians);
        if (isMissing?.(c, t) === true) {
          missing![k]! |= 1 << c;
          continue;
        }
        channels[c]![k] = Math.SQRT2 * sum * (envelope?.(c, t) ?? 1) + (added?.(c, t) ?? 0);
      }
    }
    const run = { channels, count, rate, perCycle: 0, at: this.#taken / rate, joined: this.#taken > 0 };
    this.#taken = last;
    return [{ ...run, missing }];
  }
}

export const steady =
  (hz: number) =>
  (t: number): number =>
    hz * t;

/** The frequency rises by `slope` Hz a second. */
export const ramp =
  (hz: number, slope: number) =>
  (t: number): number =>
    hz * t + (slope * t * t) / 2;

/** The sum over the elements of V conj(I), harmonic by harmonic: what is active, and what is reactive by each definition. */
export interface Powers {
  readonly w: number;
  /** Mean of the current and the voltage a quarter of the fundamental's period before. */
  readonly shifted: number;
  readonly fundamental: number;
  readonly budeanu: number;
}

/** An element as the channels whose voltages are taken apart, and the channel of its current. */
type ElementChannels = readonly [plus: number, minus: number | undefined, current: number];

export const form9: readonly ElementChannels[] = [
  [0, undefined, 3],
  [1, undefined, 4],
  [2, undefined, 5],
];
export const form5: readonly ElementChannels[] = [
  [0, 1, 3],
  [2, 1, 5],
];

function phasor(waves: readonly Wave[], order: number): readonly [re: number, im: number] {
  let [re, im] = [0, 0];
  for (const wave of waves) {
    if (wave.order !== order) continue;
    re += wave.rms * Math.cos(wave.degrees * radians);
    im += wave.rms * Math.sin(wave.degrees * radians);
  }
  return [re, im];
}

export function powersOf(signal: Signal, elements: readonly ElementChannels[]): Powers {
  const out = { w: 0, shifted: 0, fundamental: 0, budeanu: 0 };
  const orders = new Set(signal.flatMap((waves) => waves.map(({ order }) => order)));
  for (const order of orders) {
    for (const [plus, minus, current] of elements) {
      const [pr, pi] = phasor(signal[plus]!, order);
      const [mr, mi] = minus === undefined ? [0, 0] : phasor(signal[minus]!, order);
      const [ir, ii] = phasor(signal[current]!, order);
      const [vr, vi] = [pr - mr, pi - mi];
      const active = vr * ir + vi * ii;
      const reactive = vi * ir - vr * ii;
      // A quarter of the fundamental's period is so many quarters of the harmonic's: V turns back by them.
      const quarters = (order * Math.PI) / 2;
      out.w += active;
      out.budeanu += reactive;
      out.shifted += active * Math.cos(quarters) + reactive * Math.sin(quarters);
      if (order === 1) out.fundamental += reactive;
    }
  }
  return out;
}

/** The mean square of a wave less another. */
export function squareOf(plus: readonly Wave[], minus: readonly Wave[]): number {
  const orders = new Set([...plus, ...minus].map(({ order }) => order));
  let sum = 0;
  for (const order of orders) {
    const [pr, pi] = phasor(plus, order);
    const [mr, mi] = phasor(minus, order);
    sum += (pr - mr) ** 2 + (pi - mi) ** 2;
  }
  return sum;
}
