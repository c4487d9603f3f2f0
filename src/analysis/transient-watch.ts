/**
 * Transients of a recording: found by the instrument's trigger on samples above those of a cycle before, and measured by their samples when
 * they are over. What lies at the edge of a dip, a swell or an interruption is that edge, and none of its own.
 */
import type { GridHalf } from "#metrology/grid-half.ts";
import { Transient } from "#quality/transient.ts";
import { type WiringName, wiringOf } from "#quantity/wiring.ts";
import type { Crossing } from "./event-watch.ts";
import type { WaveRing } from "./event-window.ts";
import type { Declared } from "./examination.ts";
import { LEAST_RATE, LONGEST, type TransientFound, transientShape, type TransientShape } from "./transient-shape.ts";

/** Half cycles from one on in which no other is looked for. */
const RESET = 4;

/** Cycles: until one is measured; and that are asked of the ring before and behind it. */
const WAIT = LONGEST + 2;
const BEFORE = 2;

/** The volts of the trigger's range, which is of secondary ones: levels are parts of these. */
const SECONDARY = 230;

/** Seconds for which edges are remembered. */
const REMEMBERED = 2;

export interface TransientOptions {
  readonly wiring: WiringName;
  readonly declared: Declared;
  readonly voltages: readonly string[];
  /** A part of the peak of the declared voltage. */
  readonly part: number;
}

interface Waiting {
  readonly found: TransientFound;
  readonly done: (shape: TransientShape | undefined) => void;
  isMeasured: boolean;
  shape: TransientShape | undefined;
}

export class TransientWatch {
  readonly #options: TransientOptions;
  readonly #trigger: Transient;
  readonly #level: number;
  readonly #waiting: Waiting[] = [];
  #edges: { readonly from: number; readonly to: number }[] = [];
  readonly #begun = new WeakSet<Crossing>();
  /** The end of the last one. */
  #over = -Infinity;
  /** Before the half cycle that is looked at: what rings there may turn the one of now. */
  #hz: number;

  constructor(options: TransientOptions) {
    const { wiring, declared, voltages, part } = options;
    this.#options = options;
    this.#level = part * Math.SQRT2 * declared.volts;
    this.#hz = declared.hz;
    const volts = voltages.some((name) => name.length > "V.a".length) ? "ll" : "ln";
    this.#trigger = new Transient(
      { volts, phase: "any", level: part * Math.SQRT2 * SECONDARY, samples: 1, reset: RESET },
      wiringOf(wiring),
      declared.volts / SECONDARY,
    );
  }

  get level(): number {
    return this.#level;
  }

  /** Where one begins that is found in a half cycle. `rate`: of the samples, of which there may be too few. */
  half(half: GridHalf, rate: number): TransientFound | undefined {
    const hz = this.#hz;
    this.#hz = Number.isNaN(half.hz) ? this.#options.declared.hz : half.hz;
    if (rate < LEAST_RATE || !this.#trigger.half(half)) return undefined;
    return { at: this.#trigger.begins, hz, level: this.#level };
  }

  /** Says when it is over what it was, or that it was none. */
  wait(found: TransientFound, done: Waiting["done"]): void {
    this.#waiting.push({ found, done, isMeasured: false, shape: undefined });
  }

  /** Takes an event of RMS that is under way, and one that has just ended. */
  edges(active: Crossing | undefined, ended: Crossing | undefined): void {
    if (active !== undefined && !this.#begun.has(active)) {
      this.#begun.add(active);
      this.#edge(active.at, false);
    }
    if (ended !== undefined) this.#edge(ended.end, true);
  }

  /** It begins or ends where the window of one cycle from `at` on is the first one beyond, or back. */
  #edge(at: number, isEnd: boolean): void {
    const cycle = 1 / this.#options.declared.hz;
    // The last window that is not back lies half a cycle before the first that is.
    const first = isEnd ? at - cycle / 2 : at;
    const from = first - cycle / 2;
    this.#edges = this.#edges.filter(({ to }) => to > from - REMEMBERED);
    this.#edges.push({ from, to: first + 1.5 * cycle });
  }

  /** Measures those that are over; all where nothing follows. */
  measure(now: number, waves: WaveRing, isAll: boolean): void {
    for (const waiting of this.#waiting) {
      const { at, hz } = waiting.found;
      if (waiting.isMeasured || (!isAll && now < at + WAIT / hz)) continue;
      waiting.isMeasured = true;
      const wave = waves.cut(at, at - BEFORE / hz, at + WAIT / hz);
      if (wave !== undefined) waiting.shape = transientShape(wave, this.#options.voltages, waiting.found);
    }
  }

  /** Tells those that were measured. */
  tell(): void {
    for (let w = 0; w < this.#waiting.length; w++) {
      const { isMeasured, shape, done } = this.#waiting[w]!;
      if (!isMeasured) continue;
      this.#waiting.splice(w--, 1);
      done(shape !== undefined && this.#isOwn(shape) ? shape : undefined);
    }
  }

  #isOwn({ at, seconds }: TransientShape): boolean {
    if (at < this.#over) return false;
    this.#over = at + seconds;
    return !this.#edges.some(({ from, to }) => at >= from && at <= to);
  }
}
