/**
 * One channel of a measurement log, as the meter itself measures it: means and totals of integrals, as load profiles have them; least,
 * largest and last values of the rates of each half cycle, or of each step. What power quality measures comes with its intervals.
 */
import { namedState } from "#meter/named-state.ts";
import { isSampled, primaryFactor, type Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import { Channel, CHANNEL_STATE } from "#revenue/profile/profile-channel.ts";
import type { LogChannel } from "#revenue/settings/measurement-log.ts";

export interface LogChannelContext {
  readonly integrals: Integrals;
  /** Non-volatile numbers of this channel. */
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly pt: number;
  readonly ct: number;
  /** Whether an input is closed. */
  readonly sample: (measure: Measure) => number;
}

export interface Taker {
  /** Rates that hold from now on; of a half cycle, or a step. */
  look(rates: Float64Array): void;
  /** Nothing is known any more of the inputs. */
  lost(): void;
  /** A stretch was measured. */
  window(): void;
  /** A record begins that has nothing of what came before. */
  begin(): void;
  /** What came since the record began; undefined of nothing. */
  take(): number | undefined;
}

/** What a factor of the transformers is on the side that is recorded. */
export function sideFactor({ measure, side }: LogChannel, pt: number, ct: number): number {
  return side === "primary" ? primaryFactor(measure, pt, ct) : 1;
}

/** Means and totals. */
class Sums implements Taker {
  readonly #channel: Channel;

  constructor({ measure, side }: LogChannel, { integrals, memory, pt, ct, sample }: LogChannelContext) {
    const [volts, amps] = side === "primary" ? [pt, ct] : [1, 1];
    const settings = { measure, km: 1, records: "always" } as const;
    const options = { counts: false, pt: volts, ct: amps, sample };
    this.#channel = new Channel(settings, integrals, memory("sum", CHANNEL_STATE), options);
  }

  look(): void {}

  lost(): void {}

  window(): void {
    this.#channel.window();
  }

  begin(): void {
    this.#channel.begin();
  }

  take(): number | undefined {
    return this.#channel.take();
  }
}

/** NaN of what has not been seen. */
const ExtremesState = namedState("least", "largest", "last");

/** The least and the largest value, and the last one. */
class Extremes implements Taker {
  readonly #columns: Columns;
  readonly #factor: number;
  readonly #which: "least" | "largest" | "last";
  readonly #state: InstanceType<typeof ExtremesState>;

  constructor(channel: LogChannel, { memory, pt, ct }: LogChannelContext) {
    this.#columns = columnsOf(channel.measure);
    this.#factor = sideFactor(channel, pt, ct);
    this.#which = channel.method === "minimum" ? "least" : channel.method === "maximum" ? "largest" : "last";
    this.#state = new ExtremesState(memory("extremes", ExtremesState.size, NaN));
  }

  look(rates: Float64Array): void {
    const state = this.#state;
    const value = sumOf(this.#columns, rates);
    state.last = value;
    // What is not a number is neither smaller nor larger.
    if (Number.isNaN(value)) return;
    if (!(state.least <= value)) state.least = value;
    if (!(state.largest >= value)) state.largest = value;
  }

  lost(): void {
    this.#state.last = NaN;
  }

  window(): void {}

  begin(): void {
    this.#state.least = this.#state.largest = this.#state.last = NaN;
  }

  take(): number | undefined {
    const value = this.#state[this.#which];
    this.begin();
    return Number.isNaN(value) ? undefined : value * this.#factor;
  }
}

/** Whoever takes a channel from what the meter itself measures. */
export function takerOf(channel: LogChannel, context: LogChannelContext): Taker {
  const { method, measure } = channel;
  return method === "average" || method === "total" || isSampled(measure.quantity)
    ? new Sums(channel, context)
    : new Extremes(channel, context);
}
