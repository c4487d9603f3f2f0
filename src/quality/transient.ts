/**
 * Transients: samples whose magnitude is above that of the same instant one cycle before by more than a level, so many in a row (JEMStar II manual,
 * Voltage Transient Triggers). The manual's first sentence compares with the half cycle before, its fields with the cycle: the cycle it is, in which even
 * harmonics and a direct part are alike. "Over voltage only" are magnitudes: neither the beginning of a sag nor a notch is a transient.
 */
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { Phase } from "#quantity/quantity.ts";
import type { Wiring } from "#quantity/wiring.ts";

export interface TransientSettings {
  readonly volts: "ln" | "ll";
  /** Of volts from line to line that which begins with the phase: AB, BC, CA. */
  readonly phase: Phase | "any";
  /** Secondary volts. */
  readonly level: number;
  /** Samples in a row that are above it: at most a half cycle of them, which may lie across a zero crossing. */
  readonly samples: number;
  /** Half cycles from a transient on in which there is no other. */
  readonly reset: number;
}

// prettier-ignore
export const transientRanges = {
  level:   [1, 913],
  samples: [1, 256],
  reset:   [1, 432_000],
} as const;

/** What is wrong with settings, in words; undefined when nothing is. */
export function transientTrouble(settings: TransientSettings, wiring: Wiring): string | undefined {
  const { level, samples, reset, volts, phase } = settings;
  const [least, most] = transientRanges.level;
  if (!(level >= least && level <= most)) return `transient: the level is ${level} V: expected ${least} to ${most}`;
  for (const [name, value] of Object.entries({ samples, reset })) {
    const [least, most] = transientRanges[name as "samples" | "reset"];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    return `transient: ${name} is ${value}: expected a whole number from ${least} to ${most}`;
  }
  if (watchedOf(settings, wiring).length > 0) return undefined;
  const there = channelsOf(wiring).flatMap(({ unit, name }) => (unit === "V" ? [name] : []));
  return `transient: no voltage ${volts} of phase ${phase} in this wiring: expected one of ${there.join(", ")}`;
}

function watchedOf({ volts, phase }: TransientSettings, wiring: Wiring): readonly MeasuredChannel[] {
  return channelsOf(wiring).filter(
    ({ unit, name, minus }) =>
      unit === "V" && (minus === undefined) === (volts === "ln") && (phase === "any" || name[2] === phase),
  );
}

/** Half cycles that must follow one another: this one, and two of which the first is a cycle before it. */
const FOLLOWING = 3;

/** Its fields are those of the transient that `half` found last. */
export class Transient {
  /** "V.a", "V.ab": the voltage in which the samples were the first to be enough. */
  name = "";
  /** Seconds of the source: the first sample above the level, and that with which they were enough. */
  begins = NaN;
  at = NaN;
  /** By how much the largest of these was above, in volts of the line. */
  volts = NaN;
  readonly #channels: readonly MeasuredChannel[];
  readonly #level: number;
  readonly #samples: number;
  readonly #reset: number;
  /** By channel: samples above the level up to now, the first one's time, the largest one's difference. */
  readonly #run: Float64Array;
  readonly #began: Float64Array;
  readonly #largest: Float64Array;
  /** Where the last half cycle lies in the rings, and the one before it; and what is missing in them. */
  #from1 = 0;
  #from2 = 0;
  #missing1 = 0;
  #missing2 = 0;
  #following = 0;
  /** Samples that nobody listens to yet. */
  #deaf = 0;
  #found = { channel: -1, place: 0 };

  /** `ratio` is that of the voltage transformers: of volts of the line to secondary ones. */
  constructor(settings: TransientSettings, wiring: Wiring, ratio = 1) {
    const trouble = transientTrouble(settings, wiring);
    if (trouble !== undefined) throw new RangeError(trouble);
    this.#channels = watchedOf(settings, wiring);
    this.#level = settings.level * ratio;
    this.#samples = settings.samples;
    this.#reset = settings.reset;
    this.#run = new Float64Array(this.#channels.length);
    this.#began = new Float64Array(this.#channels.length);
    this.#largest = new Float64Array(this.#channels.length);
  }

  /** Takes a half cycle of the grid; whether a transient is found in it. */
  half(half: GridHalf): boolean {
    const follows = half.joined && !half.uneven && half.lock !== "lost";
    // One that is not joined may begin a row; one whose instants are none of a period may not.
    this.#following = follows ? this.#following + 1 : half.uneven || half.lock === "lost" ? 0 : 1;
    const isFound = this.#following >= FOLLOWING ? this.#look(half) : this.#pass(half.half);
    this.#from2 = this.#from1;
    this.#missing2 = this.#missing1;
    this.#from1 = half.from;
    this.#missing1 = half.missing;
    return isFound;
  }

  #pass(samples: number): false {
    this.#run.fill(0);
    this.#deaf = Math.max(0, this.#deaf - samples);
    return false;
  }

  #look(half: GridHalf): boolean {
    if (this.#deaf >= half.half) return this.#pass(half.half);
    const first = this.#deaf;
    this.#deaf = 0;
    const found = this.#found;
    found.channel = -1;
    found.place = half.half;
    // What is found in another channel later than in one before is not the first.
    for (let c = 0; c < this.#channels.length; c++) this.#lookAt(half, c, first, found.place);
    if (found.channel < 0) return false;
    const { channel, place } = found;
    this.name = this.#channels[channel]!.name;
    this.at = half.at + (place * half.seconds) / half.half;
    this.begins = this.#began[channel]!;
    this.volts = this.#largest[channel]!;
    this.#run.fill(0);
    // The half cycles of the reset count from the sample itself; what is left of this one counts.
    this.#deaf = this.#reset * half.half - (half.half - 1 - place);
    return true;
  }

  /** Looks at the samples of a channel from `first` up to `end`. */
  #lookAt({ ring, from, half, at, seconds, missing }: GridHalf, c: number, first: number, end: number): void {
    const { plus, minus, mask } = this.#channels[c]!;
    if (((missing | this.#missing2) & mask) !== 0) {
      this.#run[c] = 0;
      return;
    }
    const x = ring[plus]!;
    const y = minus === undefined ? undefined : ring[minus]!;
    const back = this.#from2 - from;
    const level = this.#level;
    const samples = this.#samples;
    let run = this.#run[c]!;
    for (let k = first; k < end; k++) {
      // Nearly always nothing is above: that is looked for in one loop, for as long as it is so.
      if (run === 0) k = this.#nextAbove(x, y, from + k, from + end, back) - from;
      if (k >= end) break;
      const above = aboveBefore(x, y, from + k, back);
      if (!(above > level)) {
        run = 0;
        continue;
      }
      if (run === 0) {
        this.#began[c] = at + (k * seconds) / half;
        this.#largest[c] = above;
      } else if (above > this.#largest[c]!) this.#largest[c] = above;
      run++;
      if (run < samples) continue;
      this.#found.channel = c;
      this.#found.place = k;
      return;
    }
    this.#run[c] = run;
  }

  /** The first place from `k` on, up to `end`, that is more than the level above that of `back` samples on; `end` where there is none. */
  #nextAbove(x: Float64Array, y: Float64Array | undefined, k: number, end: number, back: number): number {
    const level = this.#level;
    if (y === undefined) {
      while (k < end && !(Math.abs(x[k]!) - Math.abs(x[k + back]!) > level)) k++;
      return k;
    }
    while (k < end && !(Math.abs(x[k]! - y[k]!) - Math.abs(x[k + back]! - y[k + back]!) > level)) k++;
    return k;
  }
}

/** By how much the magnitude of x, or x less y, is above that of `back` samples on. */
function aboveBefore(x: Float64Array, y: Float64Array | undefined, k: number, back: number): number {
  if (y === undefined) return Math.abs(x[k]!) - Math.abs(x[k + back]!);
  return Math.abs(x[k]! - y[k]!) - Math.abs(x[k + back]! - y[k + back]!);
}
