/**
 * Load profile: a record at the end of every interval, and one for every event that cuts an interval short, so that the sum
 * of the records is what the registers counted. Intervals of minutes count from midnight of standard time, so that no change of
 * daylight saving cuts one; days, weeks and months follow the wall clock. When the memory is full the oldest record goes.
 */
import { DAY_MS, MINUTE_MS, weekdayOf, type LocalTime } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import { namedState } from "#meter/named-state.ts";
import { isCommunicated, type Measure } from "#quantity/measure.ts";
import { profileStatus, type ChannelTotal, type ProfileEvent, type ProfileRecord } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { ProfileSettings } from "#revenue/settings/configuration.ts";
import { StoredSeries } from "#store/stored-series.ts";
import type { MeterStore } from "#store/store.ts";
import { Channel, CHANNEL_STATE } from "./profile-channel.ts";
import { overflows, recorded } from "./profile-limits.ts";
import { decodeRecord, encodeRecord, isProfileRecord } from "./profile-record.ts";

/** "Approximate Number of Days of Load Profile Storage": bytes, and bytes of a record without its channels. */
const MEMORY = 1.356e6;
const OVERHEAD = 5.35;
const MOST_DAYS = 1095;

/** Days that a profile holds (Table 1 of the manual within 1 % or a day). */
export function capacityDays(interval: ProfileSettings["minutes"], channels: number): number {
  const perDay = 1440 / minutesOf(interval) + 4;
  return Math.min(MOST_DAYS, MEMORY / ((OVERHEAD + 2 * channels) * perDay));
}

/** Records that a profile keeps. */
export function profileCapacity(interval: ProfileSettings["minutes"], channels: number): number {
  return Math.max(1, Math.floor(capacityDays(interval, channels) * (1440 / minutesOf(interval) + 4)));
}

/** How long an interval is, on average. */
export function minutesOf(interval: ProfileSettings["minutes"]): number {
  return typeof interval === "number" ? interval : { day: 1440, week: 7 * 1440, month: 30 * 1440 }[interval];
}

/** What the clock ends intervals with, each saying more than the ones before it; what ends billing periods, likewise. */
const byClock: readonly ProfileEvent[] = ["normal", "midnight", "daylightSaving"];
const byBilling: readonly ProfileEvent[] = ["freeze", "billingReset"];
const telling = [...byClock, ...byBilling];

/** What is told when it is over: by then somebody may have read the record that ended where it began. */
const toldLate: readonly ProfileEvent[] = ["powerFail", "testMode"];

/**
 * Whether what comes at the end of a record is one with it: what the clock does goes with everything ("BPR Midnight", Appendix D),
 * a freeze with a billing reset. Anything else that comes to a record which has its name is a mark of its own.
 */
function goTogether(ended: ProfileEvent, event: ProfileEvent): boolean {
  if (toldLate.includes(event)) return false;
  if (byClock.includes(ended) || byClock.includes(event)) return true;
  return byBilling.includes(ended) && byBilling.includes(event);
}

/** Which of two says more: what neither the clock nor billing does says most. */
function moreTelling(one: ProfileEvent, other: ProfileEvent): ProfileEvent {
  const rank = (event: ProfileEvent): number => (telling.includes(event) ? telling.indexOf(event) : telling.length);
  return rank(other) > rank(one) ? other : one;
}

/** What a record says of channels that were silent, with those that have been since it ended; of an earlier version's nothing is known. */
function silentOf(ended: ProfileRecord | undefined, silent: number): Pick<ProfileRecord, "silent"> {
  if (ended === undefined) return silent === 0 ? {} : { silent };
  const isUnknown = (ended.status & profileStatus.unanswered) !== 0 && ended.silent === undefined;
  const all = (ended.silent ?? 0) | silent;
  return isUnknown || all === 0 ? {} : { silent: all };
}

/** The meter's clock, as far as records need it. */
export interface ProfileClock {
  readonly zone: LocalTime;
  stamp(utc?: number): Stamp;
  /** By the wall clock before a change that comes with it. */
  endStamp(utc: number): Stamp;
}

export interface ProfileContext {
  readonly integrals: Integrals;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly store: MeterStore;
  readonly pt: number;
  readonly ct: number;
  readonly clock: ProfileClock;
  /** What is sampled: status words, and whether an input is closed. */
  readonly sample: (measure: Measure) => number;
}

/** A number for each name: 1 for yes. The start is an instant of UTC, with its offset in minutes. */
const ProfileState = namedState(
  "next",
  "start",
  "missed",
  "read",
  "begun",
  "paused",
  "recalibrated",
  "ordered",
  "startOffset",
  "startSaving",
  "startSynchronised",
  "status",
  "silent",
);

export class LoadProfile {
  readonly settings: ProfileSettings;
  /** Its records, which lie in the store. */
  readonly series: StoredSeries<ProfileRecord>;
  readonly #context: ProfileContext;
  readonly #channels: readonly Channel[];
  readonly #state: InstanceType<typeof ProfileState>;
  /** By channel: the sum of what its records have had since the profile was initialised, as they have it. */
  readonly #recorded: Float64Array;
  #overflowed = false;
  #override = false;

  constructor(index: number, settings: ProfileSettings, context: ProfileContext) {
    this.settings = settings;
    this.#context = context;
    this.#state = new ProfileState(context.memory(`profile.${index}`, ProfileState.size));
    const counts = settings.data === "counts";
    const { channels, minutes } = settings;
    this.#channels = channels.map(
      (channel, k) =>
        new Channel(channel, context.integrals, context.memory(`profile.${index}.${k}`, CHANNEL_STATE), {
          counts,
          pt: context.pt,
          ct: context.ct,
          sample: context.sample,
        }),
    );
    const shape = {
      prefix: `profile/${index}/`,
      capacity: profileCapacity(minutes, channels.length),
      encode: (record: ProfileRecord) => encodeRecord(record, counts),
      decode: (bytes: Uint8Array, sequence: number) =>
        decodeRecord(bytes, { sequence, channels: channels.length, counts }),
      at: ({ end }: ProfileRecord) => end.utc,
      holds: (record: ProfileRecord) => isProfileRecord(record, counts),
    };
    this.series = new StoredSeries(context.store, shape, this.#state);
    this.#recorded = context.memory(`profile.${index}.recorded`, channels.length, NaN);
    // What an earlier version has recorded is as far as it was told.
    this.#channels.forEach(({ told }, k) => {
      if (Number.isNaN(this.#recorded[k])) this.#recorded[k] = told;
    });
    if (this.#state.begun === 0) this.initialise();
  }

  /**
   * What a channel that accumulates has come to since the profile was initialised, in the unit of its measure, primary: in its records,
   * those that had to go among them, and with what has come since. Undefined of others.
   */
  total(channel: number): ChannelTotal | undefined {
    const running = this.#channels[channel]?.running;
    const recorded = this.#recorded[channel];
    if (running === undefined || recorded === undefined) return undefined;
    const worth = this.settings.data === "counts" ? (this.settings.channels[channel]?.km ?? 1) : 1;
    return { recorded: recorded * worth, now: (recorded + running) * worth };
  }

  /** Whether a record has overflowed since this was asked: bit 4 of the system bits. */
  takeOverflow(): boolean {
    const overflowed = this.#overflowed;
    this.#overflowed = false;
    return overflowed;
  }

  /** Empties the profile: its first record is yet to come. */
  initialise(): void {
    for (const name of ["missed", "paused", "recalibrated", "status", "silent"] as const) this.#state[name] = 0;
    this.series.clear();
    this.#begin(this.#context.clock.stamp());
    this.#state.begun = 1;
    for (const channel of this.#channels) channel.begin();
    this.#recorded.fill(0);
  }

  #begin({ utc, offsetMinutes, daylightSaving, synchronised }: Stamp): void {
    const state = this.#state;
    state.start = utc;
    state.startOffset = offsetMinutes;
    state.startSaving = daylightSaving ? 1 : 0;
    state.startSynchronised = synchronised ? 1 : 0;
  }

  get #start(): Stamp {
    const { start, startOffset, startSaving, startSynchronised } = this.#state;
    return {
      utc: start,
      offsetMinutes: startOffset,
      daylightSaving: startSaving === 1,
      synchronised: startSynchronised === 1,
    };
  }

  /** Inputs have changed; `active` while a TOU override is closed. */
  override(active: boolean): void {
    // However soon an input changes again, it has been so.
    this.window();
    this.#override = active;
    if (this.#state.paused === 0) for (const channel of this.#channels) channel.override(active);
  }

  /** A stretch was measured. */
  window(): void {
    if (this.#state.paused === 0) for (const channel of this.#channels) channel.window();
  }

  /** Nothing is known of the inputs for some of the running interval. */
  miss(): void {
    this.#state.missed = 1;
  }

  /** Another meter's channel was silent: the running interval has only what came before, and what comes after. */
  unanswered(channel: number): void {
    const state = this.#state;
    this.settings.channels.forEach(({ measure }, k) => {
      if (!isCommunicated(measure) || measure.channel !== channel) return;
      state.status |= profileStatus.unanswered;
      state.silent |= 1 << k;
    });
  }

  /** Whether an interval ends by the clock at this whole minute of UTC; `midnight` says that a day of the wall clock does. */
  endsAt(utc: number, midnight: boolean): boolean {
    const { minutes, externalSync } = this.settings;
    if (externalSync) return false;
    if (typeof minutes === "number") return this.#context.clock.zone.standard(utc) % (minutes * MINUTE_MS) === 0;
    return midnight && this.#isWallBoundary(utc);
  }

  /** Whether a day, a week or a month of the wall clock begins at what is a midnight of it. */
  #isWallBoundary(utc: number): boolean {
    const { minutes } = this.settings;
    // Clocks that leave midnight out are past it.
    const day = Math.floor(this.#context.clock.zone.local(utc) / DAY_MS) * DAY_MS;
    if (minutes === "week") return weekdayOf(day) === 0;
    return minutes === "day" || wallTimeOf(day).day === 1;
  }

  /** Ends the interval with a normal record; nothing while recording is paused. */
  interval(utc: number): void {
    if (this.#state.paused === 0) this.#close("normal", utc, utc, 0);
  }

  /** A day of the wall clock ends: the record of an interval that ends with it says so; one by an input is cut. */
  midnight(utc: number): void {
    const { events, externalSync } = this.settings;
    if (events && (externalSync || this.endsAt(utc, true))) this.event("midnight", utc);
  }

  /**
   * An event cuts the interval: what came so far is recorded with it. `from` is when it began, `until` when it ended (UTC): the
   * next record begins there.
   */
  event(type: ProfileEvent, from: number, until = from, status = 0): void {
    const state = this.#state;
    if (state.paused === 1) {
      // Test mode's record comes when that ends, and tells what was in it. Meters are calibrated there.
      state.status |= status;
      if (type === "recalibration") state.recalibrated = 1;
    } else if (this.settings.events) this.#close(type, from, until, status);
    else if (until !== from) this.#unseen(from, until, status);
  }

  /** What was due while nobody saw the time is done when somebody sees it again: the record that ends there is its record, too. */
  scheduled(type: ProfileEvent, utc: number): void {
    const ended = this.#state.start === utc ? this.#justEnded?.type : undefined;
    if (ended !== "powerFail" && ended !== "timeSet") this.event(type, utc);
  }

  /** Without events in the profile an interval goes on over what moves its clock, unless it would have ended meanwhile. */
  #unseen(from: number, until: number, status: number): void {
    const { start } = this.#state;
    if (until < start || until >= this.#endAfter(start)) this.#close("normal", from, until, status);
    else this.#state.status |= status;
  }

  /** When the interval in which an instant lies ends by the clock. */
  #endAfter(utc: number): number {
    const { minutes, externalSync } = this.settings;
    const { zone } = this.#context.clock;
    if (externalSync) return Infinity;
    if (typeof minutes === "number") return zone.nextStep(utc, minutes * MINUTE_MS);
    for (let at = zone.nextMidnight(utc); ; at = zone.nextMidnight(at)) if (this.#isWallBoundary(at)) return at;
  }

  /** Test mode: what is measured from here on belongs to no record. */
  pause(): void {
    for (const channel of this.#channels) channel.pause();
    this.#state.paused = 1;
  }

  /** Test mode, which began at `from`, has ended at `until` (UTC): its record has the counts from before it. */
  resume(from: number, until: number): void {
    const state = this.#state;
    // A profile that has begun anew since then has nothing to resume.
    if (state.paused !== 1) return;
    state.paused = 0;
    for (const channel of this.#channels) channel.resume();
    this.event("testMode", from, until, profileStatus.testMode);
    if (state.recalibrated === 1) this.event("recalibration", until);
    state.recalibrated = 0;
    this.override(this.#override);
  }

  #close(type: ProfileEvent, at: number, until: number, status: number): void {
    const { clock } = this.#context;
    // A clock that was set on while there was no power failed before the record begins.
    const from = Math.max(at, this.#state.start);
    const next = clock.stamp(until);
    const bits = status | this.#state.status;
    const { silent } = this.#state;
    this.#state.status = 0;
    this.#state.silent = 0;
    const ended = this.#state.start === from ? this.#justEnded : undefined;
    // Several things at one instant end one record.
    if (ended !== undefined && goTogether(ended.type, type)) {
      const said = moreTelling(ended.type, type);
      this.series.replaceLast({
        ...ended,
        type: said,
        until: next,
        status: ended.status | bits,
        ...silentOf(ended, silent),
      });
    } else if (this.#state.start !== from || !byClock.includes(type)) {
      this.#record(type, this.#endOf(from), { until: next, status: bits, silent });
    }
    this.#begin(next);
  }

  /** The record that has ended where the running one begins; undefined where there is none. */
  get #justEnded(): ProfileRecord | undefined {
    const { last } = this.series;
    return last?.until.utc === this.#state.start ? last : undefined;
  }

  /**
   * Minutes are counted by the clock that the record began with: so it tells itself how long it was. Days end by the wall clock,
   * unless that has gone back behind the record's beginning.
   */
  #endOf(utc: number): Stamp {
    const start = this.#start;
    const end = this.#context.clock.endStamp(utc);
    const counts = typeof this.settings.minutes === "number" || localOf(end) < localOf(start);
    return counts ? { ...start, utc } : end;
  }

  #record(
    given: ProfileEvent,
    end: Stamp,
    { until, status, silent }: { readonly until: Stamp; readonly status: number; readonly silent: number },
  ): void {
    const state = this.#state;
    const start = this.#start;
    const counts = this.settings.data === "counts";
    const values = this.#channels.map((channel) => channel.take());
    const overflowed = values.some((value) => value !== undefined && overflows(value, counts));
    this.#overflowed ||= overflowed;
    // As they come from the store again.
    const kept = values.map((value) => (value === undefined ? undefined : recorded(value, counts)));
    kept.forEach((value, k) => (this.#recorded[k] = (this.#recorded[k] ?? 0) + (value ?? 0)));
    const changed = until.offsetMinutes !== start.offsetMinutes;
    const type = changed && this.settings.events && ["normal", "midnight"].includes(given) ? "daylightSaving" : given;
    this.series.add((sequence) => ({
      sequence,
      type,
      start,
      end,
      until,
      status:
        status |
        (changed ? profileStatus.timeChanged : 0) |
        (state.missed === 1 ? profileStatus.noInputs : 0) |
        (this.#isWhole(start.utc, end.utc) ? 0 : profileStatus.partial) |
        (overflowed ? profileStatus.overflow : 0),
      values: kept,
      ...silentOf(undefined, silent),
    }));
    state.missed = 0;
  }

  #isWhole(start: number, end: number): boolean {
    return this.settings.externalSync || (this.#endAfter(start - 1) === start && this.#endAfter(start) === end);
  }
}
