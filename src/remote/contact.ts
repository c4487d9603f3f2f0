/** What is known of a meter that is read: its last reading, how old that is, and why there is none since. */
import type { Clock } from "#clock/clock.ts";
import type { Reading } from "#headend/meter-source.ts";
import type { StepSource } from "#waveform/source.ts";

/** Intervals after which what was read is not shown as what is. */
const INTERVALS = 3;

export class Contact implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  /** Where it is read, and how often. */
  readonly url: string;
  readonly everyMs: number;
  /** By which it is read, whatever the site's own clock does. */
  readonly #clock: Clock;
  #last: { readonly reading: Reading; readonly at: number; readonly utc: number } | undefined;
  #failed: { readonly words: string; readonly since: number } | undefined;
  #failures = 0;

  constructor({ url, everyMs }: { readonly url: string; readonly everyMs: number }, clock: Clock) {
    this.url = url;
    this.everyMs = everyMs;
    this.#clock = clock;
  }

  /** It gives no step of anything: its meter has measured already. */
  step(): number {
    return 0;
  }

  /** Whether it is the first after readings that failed. */
  taken(reading: Reading): boolean {
    const wasFailing = this.#failed !== undefined;
    this.#last = { reading, at: this.#clock.elapsed(), utc: this.#clock.utc() };
    this.#failed = undefined;
    this.#failures = 0;
    return wasFailing;
  }

  /** Whether it is the first that failed, or failed otherwise than the one before. */
  failed(words: string): boolean {
    const isNews = this.#failed?.words !== words;
    this.#failed = { words, since: this.#failed?.since ?? this.#clock.utc() };
    this.#failures++;
    return isNews;
  }

  /** How often it has failed since it was read last. */
  get failures(): number {
    return this.#failures;
  }

  /** Why the last try failed, in words; undefined where it did not. */
  get trouble(): string | undefined {
    return this.#failed?.words;
  }

  /** The last reading, however old. */
  get last(): Reading | undefined {
    return this.#last?.reading;
  }

  /** Seconds since the last reading was there; undefined before the first. */
  get age(): number | undefined {
    return this.#last === undefined ? undefined : (this.#clock.elapsed() - this.#last.at) / 1000;
  }

  /** Whether the last reading is so recent that it is what is. */
  get isFresh(): boolean {
    const { age } = this;
    return age !== undefined && 1000 * age <= INTERVALS * this.everyMs;
  }

  /** Why nothing is known now, in words; undefined while something is. */
  get silence(): string | undefined {
    if (this.isFresh) return this.#last?.reading.absence;
    // What is to be done about it comes first.
    const why = this.#failed === undefined ? "" : `${this.#failed.words}; `;
    if (this.#last !== undefined) return `${why}not read since ${instant(this.#last.utc)}`;
    return this.#failed === undefined ? "not read yet" : `${why}never read, tried since ${instant(this.#failed.since)}`;
  }
}

function instant(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ smallestUnit: "second" });
}
