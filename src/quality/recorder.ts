/**
 * Recordings of one kind, one at a time: a trigger begins one with what was before, others meanwhile join it, and it ends so many cycles after the last
 * of its causes is over, or when it is as long as it may be.
 */
import type { CaptureCut, Captured, CaptureKind } from "#quantity/captured.ts";
import { type CaptureSettings, perCycleOf } from "./capture-settings.ts";
import type { CaptureArrays, LastValues } from "./last-values.ts";

/** Triggers that are listed, at most. */
const MOST_LISTED = 256;

/** Seconds by which a value may have been before a time and still be that of it: times are rounded. */
const ROUNDING = 1e-7;

/** What a trigger did. */
export type Triggered = "began" | "joined";

/** The recording that is under way. */
interface Running {
  readonly triggeredAt: number;
  readonly triggers: number[];
  /** The value of the trigger. */
  readonly trigger: number;
  /** The first value, those that are there, and the one that it ends before: not known while a cause goes on. */
  begin: number;
  count: number;
  end: number;
  hz: number;
  at: number;
  utc: number;
  arrays: CaptureArrays;
}

export interface RecorderOptions {
  readonly kind: CaptureKind;
  readonly settings: CaptureSettings;
  readonly values: LastValues;
  /** Milliseconds of UTC at a second of the source; NaN where nobody knows. */
  readonly utcAt: (seconds: number) => number;
  readonly onCapture: (captured: Captured) => void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #perCycle: 2 | 16 | 128 | 512;
  /** Values before the trigger, behind its cause, and of the whole. */
  readonly #before: number;
  readonly #behind: number;
  readonly #most: number;
  readonly #causes = new Set<number>();
  #running: Running | undefined;

  constructor(options: RecorderOptions) {
    const { pre, post, limit } = options.settings;
    this.#options = options;
    this.#perCycle = perCycleOf[options.kind];
    this.#before = Math.min(pre, limit - 1) * this.#perCycle;
    this.#behind = post * this.#perCycle;
    this.#most = limit * this.#perCycle;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** A cause began at so many seconds of the source. What is ahead of the samples is at the next of them. */
  trigger(id: number, at: number): Triggered {
    this.#causes.add(id);
    const running = this.#running;
    if (running === undefined) {
      this.#begin(id, at);
      this.advance();
      return "began";
    }
    running.end = Infinity;
    const { triggers } = running;
    if (triggers.length < MOST_LISTED && !triggers.includes(id)) triggers.push(id);
    return "joined";
  }

  /** A cause is over. */
  clear(id: number, at: number): void {
    const running = this.#running;
    if (!this.#causes.delete(id) || running === undefined || this.#causes.size > 0) return;
    const { values } = this.#options;
    // What is over before anything is there, behind a gap, is not recorded: what comes may come much later.
    if (running.count === 0 && values.first === values.next) {
      this.#running = undefined;
      return;
    }
    const over = Math.max(running.trigger, this.#numberAt(running, at));
    // The cycle of the trigger is there, whatever the settings.
    running.end = Math.max(over + this.#behind, running.trigger + this.#perCycle);
    this.advance();
  }

  /** The number of the value at or after a time: of what is not among the last values any more by what was recorded. */
  #numberAt({ begin, count, arrays: { times } }: Running, at: number): number {
    const { values } = this.#options;
    let number = values.numberAt(at);
    if (number > values.first) return number;
    while (number > begin && number <= begin + count && times[number - 1 - begin]! >= at - ROUNDING) number--;
    return number;
  }

  #begin(id: number, at: number): void {
    const { values } = this.#options;
    const trigger = Math.max(values.first, values.numberAt(at));
    const begin = Math.max(values.first, trigger - this.#before);
    // Room for what there is in any case; more comes when it is needed.
    const room = Math.min(this.#most, this.#before + this.#behind + this.#perCycle);
    const arrays = { times: new Float64Array(room), channels: values.names.map(() => new Float64Array(room)) };
    this.#running = {
      triggeredAt: at,
      triggers: [id],
      trigger,
      begin,
      count: 0,
      end: Infinity,
      hz: NaN,
      at: NaN,
      utc: NaN,
      arrays,
    };
  }

  /** Takes what has come. */
  advance(): void {
    const running = this.#running;
    if (running === undefined) return;
    const { values, utcAt } = this.#options;
    // What nothing is there of yet begins behind the gap.
    if (running.count === 0) running.begin = Math.max(running.begin, values.first);
    const { begin, count } = running;
    const last = Math.min(running.end, begin + this.#most);
    const to = Math.min(values.next, last);
    if (to > begin + count) {
      this.#room(running, to - begin);
      values.copy(begin + count, to, running.arrays, count);
      running.count = to - begin;
      if (count === 0) {
        running.at = running.arrays.times[0]!;
        running.utc = utcAt(running.at);
        running.hz = values.hzAt(begin);
      }
    }
    if (values.next < last) return;
    // A cause that was over earlier than is known now leaves more than was wanted.
    running.count = Math.min(running.count, last - begin);
    this.#end(running, running.end <= begin + this.#most ? undefined : "limit");
  }

  /** Grows the arrays to hold so many values, up to the limit. */
  #room(running: Running, count: number): void {
    const { arrays } = running;
    if (count <= arrays.times.length) return;
    const room = Math.min(this.#most, Math.max(count, 2 * arrays.times.length));
    running.arrays = { times: grown(arrays.times, room), channels: arrays.channels.map((one) => grown(one, room)) };
  }

  /** Nothing goes on: what is there is all. What has nothing yet waits for what comes behind a gap. */
  cut(why: Exclude<CaptureCut, "limit">): void {
    const running = this.#running;
    if (running === undefined) return;
    if (why !== "gap" || running.count > 0) this.#end(running, why);
  }

  #end(running: Running, cut: CaptureCut | undefined): void {
    this.#running = undefined;
    this.#causes.clear();
    const { kind, values, onCapture } = this.#options;
    const { count, at, hz, utc, triggeredAt, triggers, arrays } = running;
    if (count <= 0) return;
    const times = exactly(arrays.times, count);
    for (let k = 0; k < count; k++) times[k]! -= at;
    const channels = arrays.channels.map((one) => exactly(one, count));
    const { names } = values;
    onCapture({ kind, perCycle: this.#perCycle, hz, at, utc, triggeredAt, triggers, names, times, channels, cut });
  }
}

function grown(array: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(array);
  return out;
}

function exactly(array: Float64Array, length: number): Float64Array {
  return array.length === length ? array : array.slice(0, length);
}
