/** One channel of a load profile: what came since its last record, in counts or engineering values. */
import type { ProfileChannel } from "#revenue/settings/configuration.ts";
import { accumulates, primaryFactor, isSampled, type Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, worthOf, LEVELS_AT, single, type Columns } from "#revenue/measuring/columns.ts";

export class Channel {
  readonly #columns: Columns;
  readonly #factor: number;
  readonly #km: number;
  readonly #accumulates: boolean;
  readonly #counts: boolean;
  /**
   * [integral where the profile or the record began, counts or energy told so far, what waits while paused, paused; seconds
   * measured where the record began, what waits of them].
   */
  readonly #state: Float64Array;
  readonly #total: Float64Array;
  readonly #measure: Measure;
  readonly #records: ProfileChannel["records"];
  readonly #sample: (measure: Measure) => number;

  constructor(
    channel: ProfileChannel,
    total: Float64Array,
    state: Float64Array,
    options: { counts: boolean; pt: number; ct: number; sample: (measure: Measure) => number },
  ) {
    const { measure, km } = channel;
    this.#measure = measure;
    this.#records = channel.records;
    this.#sample = options.sample;
    this.#columns = columnsOf(measure);
    this.#factor = worthOf(measure.quantity) * primaryFactor(measure, options.pt, options.ct);
    this.#km = km;
    this.#accumulates = accumulates(measure.quantity);
    this.#counts = options.counts;
    this.#state = state;
    this.#total = total;
  }

  #integral(): number {
    return sumOf(this.#columns, this.#total);
  }

  #seconds(): number {
    return this.#total[single.seconds] ?? 0;
  }

  begin(): void {
    this.#state[0] = this.#integral();
    this.#state[1] = this.#seen();
    this.#state[4] = this.#seconds();
  }

  /** What has been so as soon as a record begins: a contact that is closed. Bits that were set in the one before are told with it. */
  #seen(): number {
    return this.#measure.quantity === "closed" ? this.#sample(this.#measure) : 0;
  }

  /** What came since the last take. */
  take(): number {
    if (isSampled(this.#measure.quantity)) return this.#takeSample();
    const paused = this.#state[3] === 1;
    const since = paused ? (this.#state[2] ?? 0) : this.#integral() - (this.#state[0] ?? 0);
    if (!this.#accumulates) {
      // An average is over what was recorded of the interval.
      const seconds = paused ? (this.#state[5] ?? 0) : this.#seconds() - (this.#state[4] ?? 0);
      this.#state[0] = this.#integral();
      this.#state[2] = 0;
      this.#state[4] = this.#seconds();
      this.#state[5] = 0;
      const average = seconds > 0 ? (since * this.#factor * perSecond(this.#columns)) / seconds : 0;
      return this.#counts ? Math.floor(average / this.#km + 1e-9) : average;
    }
    // Energies are told against the beginning of the profile: what a count leaves over comes with the next.
    const all = since * this.#factor;
    const told = this.#counts ? wholeCounts(all / this.#km) : all;
    const now = told - (this.#state[1] ?? 0);
    this.#state[1] = told;
    return now;
  }

  /** A word with every bit that was set in the interval; 1 for an input that was closed in it. */
  #takeSample(): number {
    const seen = this.#state[1] ?? 0;
    // Whatever a contact did was seen when it did it; what it does now belongs to the next record.
    const now = this.#measure.quantity === "closed" ? 0 : this.#sample(this.#measure);
    this.#state[1] = this.#seen();
    return seen | now;
  }

  /** Looks at what is sampled. */
  window(): void {
    if (isSampled(this.#measure.quantity)) this.#state[1] = (this.#state[1] ?? 0) | this.#sample(this.#measure);
  }

  /** An override allows recording, or does not any more. */
  override(active: boolean): void {
    if (this.#records === "always") return;
    if (active) this.resume();
    else this.pause();
  }

  /** Recording stops: what came so far waits. */
  pause(): void {
    if (this.#state[3] === 1) return;
    this.#state[3] = 1;
    this.#state[2] = this.#integral() - (this.#state[0] ?? 0);
    this.#state[5] = this.#seconds() - (this.#state[4] ?? 0);
  }

  /** Recording goes on: what came meanwhile belongs to no record. */
  resume(): void {
    if (this.#state[3] === 0) return;
    this.#state[3] = 0;
    this.#state[0] = this.#integral() - (this.#state[2] ?? 0);
    this.#state[4] = this.#seconds() - (this.#state[5] ?? 0);
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
