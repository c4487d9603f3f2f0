/**
 * Load profile: a record at the end of every interval, and one for every event that cuts an interval short, so that the sum
 * of the records is what the registers counted. When the memory is full the oldest record goes.
 */
import { DAY_MS, MINUTE_MS, weekdayOf } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import type { MeterStore } from "#store/store.ts";
import type { ProfileSettings } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { Channel } from "./profile-channel.ts";
import { overflows, recorded } from "./profile-limits.ts";

export const profileEvents = [
  "normal",
  "powerFail",
  "timeSet",
  "daylightSaving",
  "testMode",
  "configuration",
  "freeze",
  "billingReset",
  "preset",
  "midnight",
  "recalibration",
  "diagnostic",
] as const;
export type ProfileEvent = (typeof profileEvents)[number];

export interface ProfileRecord {
  /** Counts from the first record since the profile was initialised. */
  readonly sequence: number;
  readonly type: ProfileEvent;
  /** What the values were counted in: local milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** When the next record begins: later than `end` after an outage, anywhere after the clock was set. */
  readonly until: number;
  /** Bits of `profileStatus`. */
  readonly status: number;
  /** By channel: counts, or primary engineering values. */
  readonly values: readonly number[];
}

/** What is remarkable about a record. */
export const profileStatus = {
  overflow: 1,
  partial: 2,
  powerLost: 4,
  testMode: 8,
  timeChanged: 16,
  noInputs: 32,
} as const;

/** "Approximate Number of Days of Load Profile Storage": bytes, and bytes of a record without its channels. */
const MEMORY = 1.356e6;
const OVERHEAD = 5.35;
const MOST_DAYS = 1095;

/** Days that a profile holds (Table 1 of the manual within 1 % or a day). */
export function capacityDays(interval: ProfileSettings["minutes"], channels: number): number {
  const perDay = 1440 / minutesOf(interval) + 4;
  return Math.min(MOST_DAYS, MEMORY / ((OVERHEAD + 2 * channels) * perDay));
}

export interface ProfileContext {
  readonly total: Float64Array;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly store: MeterStore;
  readonly pt: number;
  readonly ct: number;
  readonly local: () => number;
  /** What is sampled: status words, and whether an input is closed. */
  readonly sample: (measure: Measure) => number;
}

export class LoadProfile {
  readonly settings: ProfileSettings;
  readonly #key: string;
  readonly #context: ProfileContext;
  readonly #channels: readonly Channel[];
  /** [next sequence, start of the running record, inputs missed in it, sequence after the last read, begun, paused, recalibrated meanwhile]. */
  readonly #state: Float64Array;
  readonly #records: (ProfileRecord | undefined)[];
  #overflowed = false;
  #override = false;

  constructor(index: number, settings: ProfileSettings, context: ProfileContext) {
    this.settings = settings;
    this.#context = context;
    this.#key = `profile/${index}/`;
    this.#state = context.memory(`profile.${index}`, 7);
    const counts = settings.data === "counts";
    this.#channels = settings.channels.map(
      (channel, k) =>
        new Channel(channel, context.total, context.memory(`profile.${index}.${k}`, 6), {
          counts,
          pt: context.pt,
          ct: context.ct,
          sample: context.sample,
        }),
    );
    const capacity = Math.floor(
      capacityDays(settings.minutes, settings.channels.length) * (1440 / minutesOf(settings.minutes) + 4),
    );
    this.#records = Array.from({ length: Math.max(1, capacity) });
    for (const [key, bytes] of context.store.entries(this.#key)) {
      const record = decode(bytes, settings.channels.length, counts);
      const slot = Number(key.slice(this.#key.length));
      if (record !== undefined && record.sequence < this.#next && record.sequence >= this.#first)
        this.#records[slot] = record;
    }
    if (this.#state[4] === 0) this.initialise();
  }

  get #next(): number {
    return this.#state[0] ?? 0;
  }

  get #first(): number {
    return Math.max(0, this.#next - this.#records.length);
  }

  /** Whether a record has overflowed since this was asked: bit 4 of the system bits. */
  takeOverflow(): boolean {
    const overflowed = this.#overflowed;
    this.#overflowed = false;
    return overflowed;
  }

  /** Records that the memory holds. */
  get capacity(): number {
    return this.#records.length;
  }

  /** Empties the profile: its first record is yet to come. */
  initialise(): void {
    this.#state.fill(0);
    this.#state[1] = this.#context.local();
    this.#state[4] = 1;
    this.#records.fill(undefined);
    for (const channel of this.#channels) channel.begin();
  }

  /** Inputs have changed; `active` while a TOU override is closed. */
  override(active: boolean): void {
    // However soon an input changes again, it has been so.
    this.window();
    this.#override = active;
    if (this.#state[5] === 0) for (const channel of this.#channels) channel.override(active);
  }

  /** A stretch was measured. */
  window(): void {
    if (this.#state[5] === 0) for (const channel of this.#channels) channel.window();
  }

  /** Nothing is known of the inputs for some of the running interval. */
  miss(): void {
    this.#state[2] = 1;
  }

  /** Whether an interval ends at this local time. */
  endsAt(local: number): boolean {
    return !this.settings.externalSync && isBoundary(this.settings.minutes, local);
  }

  /** Ends the interval with a normal record; nothing while recording is paused. */
  interval(local: number, status = 0): void {
    // An event at the same instant has ended the interval already.
    if (this.#state[5] === 1 || this.#state[1] === local) return;
    this.#record("normal", local, local, status);
  }

  /** An interval sync input has closed. */
  sync(local: number): void {
    if (this.settings.externalSync) this.interval(local);
  }

  /**
   * An event cuts the interval: what came so far is recorded with it. `from` is when it began, `until` when it ended: the
   * next record begins there.
   */
  event(type: ProfileEvent, from: number, until = from, status = 0): void {
    if (!this.settings.events) {
      // Without events in the profile the interval goes on; what the clocks did to it is not told.
      if (until !== from) this.#state[1] = until;
      return;
    }
    if (this.#state[5] === 1) {
      // Meters are calibrated in test mode: its record comes when that ends.
      if (type === "recalibration") this.#state[6] = 1;
      return;
    }
    this.#record(type, from, until, status);
  }

  /** Test mode: what is measured from here on belongs to no record. */
  pause(): void {
    for (const channel of this.#channels) channel.pause();
    this.#state[5] = 1;
  }

  /** Test mode has ended: its record has the counts from before it. */
  resume(from: number, local: number): void {
    // A profile that has begun anew since then has nothing to resume.
    if (this.#state[5] !== 1) return;
    this.#state[5] = 0;
    for (const channel of this.#channels) channel.resume();
    this.event("testMode", from, local, profileStatus.testMode);
    if (this.#state[6] === 1) this.event("recalibration", local);
    this.#state[6] = 0;
    this.override(this.#override);
  }

  #record(type: ProfileEvent, end: number, next: number, status: number): void {
    const state = this.#state;
    const counts = this.settings.data === "counts";
    const values = this.#channels.map((channel) => channel.take());
    const overflowed = values.some((value) => overflows(value, counts));
    this.#overflowed ||= overflowed;
    const whole = this.#isWhole(state[1] ?? 0, end);
    const sequence = this.#next;
    const record: ProfileRecord = {
      sequence,
      type,
      start: state[1] ?? 0,
      end,
      until: next,
      status:
        status |
        (state[2] === 1 ? profileStatus.noInputs : 0) |
        (whole ? 0 : profileStatus.partial) |
        (overflowed ? profileStatus.overflow : 0),
      // As they come from the store again.
      values: values.map((value) => recorded(value, counts)),
    };
    const slot = sequence % this.#records.length;
    this.#records[slot] = record;
    this.#context.store.put(`${this.#key}${slot}`, encode(record, counts));
    state[0] = sequence + 1;
    state[1] = next;
    state[2] = 0;
  }

  #isWhole(start: number, end: number): boolean {
    const { minutes, externalSync } = this.settings;
    if (externalSync) return true;
    if (typeof minutes === "number") return end - start === minutes * MINUTE_MS;
    return isBoundary(minutes, start) && isBoundary(minutes, end);
  }

  /** All records, or those from a sequence number on; oldest first. */
  records(from = 0): ProfileRecord[] {
    const found: ProfileRecord[] = [];
    for (let sequence = Math.max(from, this.#first); sequence < this.#next; sequence++) {
      const record = this.#records[sequence % this.#records.length];
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  /** Records that nobody has read by this way yet. */
  sinceLastRead(): ProfileRecord[] {
    const found = this.records(this.#state[3]);
    this.#state[3] = this.#next;
    return found;
  }

  /** The records of today, and of the last `days` days before. */
  lastDays(days: number): ProfileRecord[] {
    const midnight = Math.floor(this.#context.local() / DAY_MS) * DAY_MS;
    return this.records().filter(({ end }) => end > midnight - days * DAY_MS);
  }

  between(from: number, to: number): ProfileRecord[] {
    return this.records().filter(({ start, end }) => end > from && start < to);
  }
}

/** How long an interval is, on average. */
function minutesOf(interval: ProfileSettings["minutes"]): number {
  return typeof interval === "number" ? interval : { day: 1440, week: 7 * 1440, month: 30 * 1440 }[interval];
}

function isBoundary(interval: ProfileSettings["minutes"], local: number): boolean {
  if (typeof interval === "number") return local % (interval * MINUTE_MS) === 0;
  if (local % DAY_MS !== 0) return false;
  return interval === "day" || (interval === "week" ? weekdayOf(local) === 0 : wallTimeOf(local).day === 1);
}

const HEAD = 30;

function encode({ sequence, type, start, end, until, status, values }: ProfileRecord, counts: boolean): Uint8Array {
  const bytes = new Uint8Array(HEAD + values.length * (counts ? 2 : 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sequence);
  view.setUint8(4, profileEvents.indexOf(type));
  view.setUint8(5, status);
  view.setFloat64(6, start);
  view.setFloat64(14, end);
  view.setFloat64(22, until);
  values.forEach((value, k) => (counts ? view.setInt16(HEAD + 2 * k, value) : view.setFloat32(HEAD + 4 * k, value)));
  return bytes;
}

/** Undefined for bytes of another shape: of a profile that was set up otherwise. */
function decode(bytes: Uint8Array, channels: number, counts: boolean): ProfileRecord | undefined {
  if (bytes.length !== HEAD + channels * (counts ? 2 : 4)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = profileEvents[view.getUint8(4)];
  if (type === undefined) return undefined;
  const values = Array.from({ length: channels }, (_, k) =>
    counts ? view.getInt16(HEAD + 2 * k) : view.getFloat32(HEAD + 4 * k),
  );
  return {
    sequence: view.getUint32(0),
    type,
    start: view.getFloat64(6),
    end: view.getFloat64(14),
    until: view.getFloat64(22),
    status: view.getUint8(5),
    values,
  };
}
