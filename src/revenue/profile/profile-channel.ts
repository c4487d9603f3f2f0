/** One channel of a load profile: what came since its last record, in counts or engineering values. */
import type { ProfileChannel } from "#revenue/settings/configuration.ts";
import type { Integral, Integrals } from "#revenue/measuring/integrals.ts";
import { namedState } from "#meter/named-state.ts";
import { accumulates, primaryFactor, isSampled, type Measure } from "#quantity/measure.ts";
import { columnsOf, worthOf, LEVELS_AT, type Columns } from "#revenue/measuring/columns.ts";

/**
 * Integral where the profile or the record began; counts or energy told so far, bits seen of what is sampled; what waits while
 * paused; whether it is; seconds measured where the record began, and what waits of them.
 */
const ChannelState = namedState("mark", "told", "waiting", "paused", "secondsMark", "secondsWaiting");
export const CHANNEL_STATE = ChannelState.size;

export class Channel {
  readonly #integrals: Integrals;
  readonly #integral: Integral;
  readonly #columns: Columns;
  readonly #factor: number;
  readonly #km: number;
  readonly #accumulates: boolean;
  readonly #isSampled: boolean;
  readonly #counts: boolean;
  readonly #state: InstanceType<typeof ChannelState>;
  readonly #measure: Measure;
  readonly #records: ProfileChannel["records"];
  readonly #sample: (measure: Measure) => number;

  constructor(
    channel: ProfileChannel,
    integrals: Integrals,
    state: Float64Array,
    options: { counts: boolean; pt: number; ct: number; sample: (measure: Measure) => number },
  ) {
    const { measure, km } = channel;
    this.#measure = measure;
    this.#records = channel.records;
    this.#sample = options.sample;
    this.#integrals = integrals;
    this.#integral = integrals.of(measure);
    this.#columns = columnsOf(measure);
    this.#factor = worthOf(measure.quantity) * primaryFactor(measure, options.pt, options.ct);
    this.#km = km;
    this.#accumulates = accumulates(measure.quantity);
    this.#isSampled = isSampled(measure.quantity);
    // An average is over the seconds in which it was known.
    if ((!this.#accumulates && !this.#isSampled) || this.#isOfAnother) integrals.wantSeconds(this.#columns);
    this.#counts = options.counts;
    this.#state = new ChannelState(state);
  }

  begin(): void {
    this.#state.mark = this.#integral.sum;
    this.#state.told = this.#seen();
    this.#state.secondsMark = this.#seconds;
  }

  get #seconds(): number {
    return this.#integrals.seconds(this.#columns);
  }

  /** A count of another meter: while that is silent nobody knows what it comes to. */
  get #isOfAnother(): boolean {
    return this.#measure.quantity === "communicated";
  }

  /** What has been so as soon as a record begins: a contact that is closed. Bits that were set in the one before are told with it. */
  #seen(): number {
    return this.#measure.quantity === "closed" ? this.#sample(this.#measure) : 0;
  }

  /** What came since the last take; undefined of an average of nothing, and of a count of a meter that was silent. */
  take(): number | undefined {
    if (this.#isSampled) return this.#takeSample();
    const paused = this.#state.paused === 1;
    const since = paused ? this.#state.waiting : this.#integral.sum - this.#state.mark;
    if (!this.#accumulates) {
      // An average is over what was recorded of the interval.
      const seconds = this.#takeSeconds(paused);
      this.#state.mark = this.#integral.sum;
      this.#state.waiting = 0;
      if (!(seconds > 0)) return undefined;
      const average = (since * this.#factor * perSecond(this.#columns)) / seconds;
      return this.#counts ? wholeCounts(average / this.#km) : average;
    }
    if (this.#isOfAnother && !(this.#takeSeconds(paused) > 0)) return undefined;
    // Energies are told against the beginning of the profile: what a count leaves over comes with the next.
    const all = since * this.#factor;
    const told = this.#counts ? wholeCounts(all / this.#km) : all;
    const now = told - this.#state.told;
    this.#state.told = told;
    return now;
  }

  #takeSeconds(paused: boolean): number {
    const seconds = paused ? this.#state.secondsWaiting : this.#seconds - this.#state.secondsMark;
    this.#state.secondsMark = this.#seconds;
    this.#state.secondsWaiting = 0;
    return seconds;
  }

  /** What came since the last take, in counts with their fractions or engineering values; undefined of what does not accumulate. */
  get running(): number | undefined {
    if (!this.#accumulates) return undefined;
    const { paused, waiting, mark, told } = this.#state;
    const all = (paused === 1 ? waiting : this.#integral.sum - mark) * this.#factor;
    return (this.#counts ? all / this.#km : all) - told;
  }

  /** What was told since the profile began. */
  get told(): number {
    return this.#state.told;
  }

  /** A word with every bit that was set in the interval; 1 for an input that was closed in it. */
  #takeSample(): number {
    const seen = this.#state.told;
    // Whatever a contact did was seen when it did it; what it does now belongs to the next record.
    const now = this.#measure.quantity === "closed" ? 0 : this.#sample(this.#measure);
    this.#state.told = this.#seen();
    return seen | now;
  }

  /** Looks at what is sampled. */
  window(): void {
    if (this.#isSampled) this.#state.told = this.#state.told | this.#sample(this.#measure);
  }

  /** An override allows recording, or does not any more. */
  override(active: boolean): void {
    if (this.#records === "always") return;
    if (active) this.resume();
    else this.pause();
  }

  /** Recording stops: what came so far waits. */
  pause(): void {
    if (this.#state.paused === 1) return;
    this.#state.paused = 1;
    this.#state.waiting = this.#integral.sum - this.#state.mark;
    this.#state.secondsWaiting = this.#seconds - this.#state.secondsMark;
  }

  /** Recording goes on: what came meanwhile belongs to no record. */
  resume(): void {
    if (this.#state.paused === 0) return;
    this.#state.paused = 0;
    this.#state.mark = this.#integral.sum - this.#state.waiting;
    this.#state.secondsMark = this.#seconds - this.#state.secondsWaiting;
  }
}

/** Powers are columns by the hour, levels by the second. */
function perSecond({ plus, minus }: Columns): number {
  return [...plus, ...minus].every((column) => column < LEVELS_AT) ? 3600 : 1;
}

/** A millionth of a count is rounding of the sum. */
function wholeCounts(counts: number): number {
  return Math.sign(counts) * Math.floor(Math.abs(counts) + 1e-6);
}
