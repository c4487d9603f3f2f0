/** Finds the fundamental in the first cycles of a stretch of samples: its frequency, its phase, and which element shows it best. */
import type { Wiring } from "#quantity/wiring.ts";
import { estimateFrequency, fitFrequency, fitPhase, phaseAt } from "./frequency.ts";
import { CHANNELS, type RawSamples } from "./raw-samples.ts";

/** Cycles of the lowest frequency that are looked at. */
const CYCLES = 6;

/** Cycles with which a window can be used; less are fitted. */
const ENOUGH = 4;

export interface Acquired {
  /** Cycles a sample; NaN where there is no voltage. */
  readonly frequency: number;
  /** Phase of the first sample, in turns, 0 at a rising zero crossing. */
  readonly turns: number;
  /** The element that it was found in. */
  readonly reference: number;
}

export class Acquisition {
  readonly #wiring: Wiring;
  readonly #range: readonly [number, number];

  constructor(wiring: Wiring, range: readonly [number, number]) {
    this.#wiring = wiring;
    this.#range = range;
  }

  /** Undefined while more samples are needed, and of a stretch that has `ended` within a cycle. */
  find(raw: RawSamples, rate: number, floorVolts: number, ended: boolean): Acquired | undefined {
    const [low, high] = this.#range;
    const needed = Math.ceil((CYCLES * rate) / low);
    const count = Math.min(needed, raw.end - raw.first);
    if (count < needed && (!ended || count < rate / high)) return undefined;
    const { samples, reference } = this.#best(raw, count);
    const range = [(0.9 * low) / rate, (1.1 * high) / rate] as const;
    const isLong = count * low >= ENOUGH * rate;
    const frequency = isLong
      ? estimateFrequency(samples, 0, count, ...range, floorVolts)
      : fitFrequency(samples, count, ...range, floorVolts);
    // What is sharpened to beyond the range was no fundamental.
    if (!(frequency > range[0] && frequency < range[1])) return { frequency: NaN, turns: 0, reference: 0 };
    const phase = isLong ? phaseAt(samples, 0, count, frequency) : fitPhase(samples, count, frequency);
    return { frequency, turns: phase / (2 * Math.PI), reference };
  }

  /** The samples of the first element, unless its voltage is much weaker than another's. */
  #best(raw: RawSamples, count: number): { samples: Float64Array; reference: number } {
    let best = { samples: new Float64Array(count), reference: 0, squares: 0 };
    for (let e = 0; e < this.#wiring.elements.length; e++) {
      const samples = new Float64Array(count);
      let squares = 0;
      for (let k = 0; k < count; k++) {
        samples[k] = this.#voltage(raw, e, k);
        squares += samples[k]! ** 2;
      }
      if (squares > 2 * best.squares || e === 0) best = { samples, reference: e, squares };
    }
    return best;
  }

  #voltage({ samples }: RawSamples, e: number, k: number): number {
    const at = (phase: number): number => samples[CHANNELS * k + phase]!;
    const { plus, minus } = this.#wiring.elements[e]!;
    const low = minus === "n" ? 0 : minus === "star" ? (at(0) + at(1) + at(2)) / 3 : at(phaseIndex[minus]);
    return at(phaseIndex[plus]) - low;
  }
}

const phaseIndex = { a: 0, b: 1, c: 2 } as const;
