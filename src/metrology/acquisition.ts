/**
 * Finds the fundamental where nothing is known of it: its frequency, its phase, and which element shows it best. It is sure or it finds none:
 * what it looks at are whole cycles of a voltage that was there all the time, of which what it finds is most.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { estimateFrequency, fitFrequency, fitPhase, phaseAt, sineRms } from "./frequency.ts";
import { CURVED } from "./coverage.ts";
import { CHANNELS, type RawSamples } from "./raw-samples.ts";

/** Cycles of the lowest frequency that are looked at. */
const CYCLES = 6;

/** Cycles with which a window can be used; less are fitted. */
const ENOUGH = 4;

/** Less than this part of the squares is no fundamental: what the voltage is made of lies elsewhere. */
const LEAST_PART = 0.25;

/** A cycle with less than this part of the squares of the strongest one is left out; and one at an end with less than that of its neighbour. */
const ALIVE = 0.25;
const STEADY = 0.85;

export interface Acquired {
  /** Cycles a sample; NaN where there is none. */
  readonly frequency: number;
  /** Phase of the sample at which it was asked for, in turns, 0 at a rising zero crossing. */
  readonly turns: number;
  /** The element that it was found in. */
  readonly reference: number;
  /** There is a voltage, whether or not a fundamental is found in it. */
  readonly hasVoltage: boolean;
}

/** Samples [from, from + count) of what is looked at. */
interface Part {
  readonly from: number;
  readonly count: number;
}

export class Acquisition {
  readonly #wiring: Wiring;
  readonly #range: readonly [number, number];

  /** `range` in Hz, in which it is looked for. */
  constructor(wiring: Wiring, range: readonly [number, number]) {
    this.#wiring = wiring;
    this.#range = range;
  }

  /**
   * Looks at the samples from position `from` on. Undefined while more are needed, and of a stretch that has `ended` within a
   * cycle.
   */
  find(raw: RawSamples, from: number, rate: number, floorVolts: number, ended: boolean): Acquired | undefined {
    const [low, high] = this.#range;
    const needed = Math.ceil((CYCLES * rate) / low);
    const held = Math.min(needed, raw.end - from);
    if (held < needed && (!ended || held < rate / high)) return undefined;
    const curved = Math.floor((CURVED * rate) / high);
    const hasHoles = raw.missing(from, from + held) !== 0;
    // Of what was there, or is as good, where that is a cycle: a line in the place of cycles has a frequency of its own.
    const found = hasHoles ? longest(raw, from, held, curved) : { from: 0, count: held };
    const there = found.count < rate / high ? { from: 0, count: held } : found;
    if (hasHoles) raw.bridge(from, from + held, curved);
    const { samples, reference } = this.#best(raw, from, held);
    const none = { frequency: NaN, turns: 0, reference: 0 };
    const part = steady(samples, Math.ceil(rate / low), there);
    const square = squares(samples, part) / part.count;
    if (!(square >= floorVolts ** 2) || floorVolts <= 0) return { ...none, hasVoltage: false };
    const range = [low / rate, high / rate] as const;
    const isLong = part.count * low >= ENOUGH * rate;
    const frequency = isLong
      ? estimateFrequency(samples, part.from, part.count, ...range, floorVolts)
      : fitFrequency(samples, part.from, part.count, ...range, floorVolts);
    // What is sharpened to beyond the range was no fundamental, and neither is a small part of what there is.
    if (!(frequency > range[0] && frequency < range[1])) return { ...none, hasVoltage: true };
    if (sineRms(samples, part.from, part.count, frequency) ** 2 < LEAST_PART * square)
      return { ...none, hasVoltage: true };
    const phase = (isLong ? phaseAt : fitPhase)(samples, part.from, part.count, frequency);
    return { frequency, turns: phase / (2 * Math.PI) - frequency * part.from, reference, hasVoltage: true };
  }

  /** Whether an element has a voltage of `floorVolts` (RMS) in the samples from position `from` up to, not including, `to`. */
  hasVoltage(raw: RawSamples, from: number, to: number, floorVolts: number): boolean {
    const [first, end] = [Math.max(raw.first, from), Math.min(raw.end, to)];
    for (let e = 0; e < this.#wiring.elements.length; e++) {
      let sum = 0;
      for (let position = first; position < end; position++) sum += this.#voltage(raw, e, position) ** 2;
      if (sum > 0 && sum >= floorVolts ** 2 * (end - first)) return true;
    }
    return false;
  }

  /** The samples of the first element, unless its voltage is much weaker than another's. */
  #best(raw: RawSamples, from: number, count: number): { samples: Float64Array; reference: number } {
    let best = { samples: new Float64Array(count), reference: 0, squares: 0 };
    for (let e = 0; e < this.#wiring.elements.length; e++) {
      const samples = new Float64Array(count);
      let squares = 0;
      for (let k = 0; k < count; k++) {
        samples[k] = this.#voltage(raw, e, from + k);
        squares += samples[k]! ** 2;
      }
      if (squares > 2 * best.squares || e === 0) best = { samples, reference: e, squares };
    }
    return best;
  }

  #voltage({ samples, first }: RawSamples, e: number, position: number): number {
    const at = (phase: number): number => samples[CHANNELS * (position - first) + phase]!;
    const { plus, minus } = this.#wiring.elements[e]!;
    const low = minus === "n" ? 0 : minus === "star" ? (at(0) + at(1) + at(2)) / 3 : at(phaseIndex[minus]);
    return at(phaseIndex[plus]) - low;
  }
}

const phaseIndex = { a: 0, b: 1, c: 2 } as const;

/** The longest stretch, from `from` on, in which nowhere more than `curved` samples in a row are missing. */
function longest(raw: RawSamples, from: number, held: number, curved: number): Part {
  let best: Part = { from: 0, count: 0 };
  let [begin, lost] = [0, 0];
  for (let k = 0; k <= held; k++) {
    if (k < held && raw.missing(from + k, from + k + 1) !== 0) {
      lost++;
      continue;
    }
    const end = k - lost;
    if (k < held && lost <= curved) {
      lost = 0;
      continue;
    }
    if (end - begin > best.count) best = { from: begin, count: end - begin };
    [begin, lost] = [k, 0];
  }
  return best;
}

/**
 * The longest stretch of whole cycles of a part, of `cycle` samples at most, that had their voltage all the time; all of what is shorter
 * than two.
 */
function steady(samples: Float64Array, cycle: number, within: Part): Part {
  const cycles = Math.floor(within.count / cycle);
  if (cycles < 2) return within;
  const each = Array.from({ length: cycles }, (_, k) =>
    squares(samples, { from: within.from + k * cycle, count: cycle }),
  );
  const least = ALIVE * Math.max(...each);
  let [best, end] = [0, 0];
  for (let k = 0, from = 0; k <= cycles; k++) {
    if (k < cycles && each[k]! >= least) continue;
    if (k - from > end - best) [best, end] = [from, k];
    from = k + 1;
  }
  if (end - best > 2 && each[best]! < STEADY * each[best + 1]!) best++;
  if (end - best > 2 && each[end - 1]! < STEADY * each[end - 2]!) end--;
  const count = end === cycles ? within.count - best * cycle : (end - best) * cycle;
  return { from: within.from + best * cycle, count };
}

function squares(samples: Float64Array, { from, count }: Part): number {
  let sum = 0;
  for (let k = from; k < from + count; k++) sum += samples[k]! ** 2;
  return sum;
}
