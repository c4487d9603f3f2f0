/**
 * One group of the measurement log: a record at the end of each interval, of what the meter itself measured in it and of what the
 * intervals of power quality have. By the clock a record ends on its minute, and waits for the interval of power quality that ends
 * there, which comes when the block after it has been measured. No event cuts a record that goes on after it; what could not be
 * measured of an interval makes it partial. When the memory is full the oldest record goes.
 */
import { namedState } from "#meter/named-state.ts";
import type { EndedInterval, QualityPart } from "#quantity/quality-view.ts";
import { profileStatus, type ProfileRecord } from "#quantity/profile.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { decodeRecord, encodeRecord, isProfileRecord } from "#revenue/profile/profile-record.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";
import { intervalMs, logCapacity, type LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { StoredSeries } from "#store/stored-series.ts";
import type { MeterStore } from "#store/store.ts";
import { sideFactor, takerOf, type LogChannelContext, type Taker } from "./log-channel.ts";

export interface LogGroupContext extends LogChannelContext {
  readonly store: MeterStore;
  readonly clock: { stamp(utc?: number): Stamp };
  /** The instrument whose intervals are recorded; none of a meter without samples. */
  readonly quality: Pick<QualityPart, "logs"> | undefined;
}

/** Instants of UTC; bits of the running record's status; 1 for yes. */
const GroupState = namedState("next", "ordered", "begun", "start", "status", "waits");

/** What waits for its interval: its own values stand behind these. */
const WaitingState = namedState("start", "end", "status");

/** What of an interval of power quality is kept until its record ends. */
interface Kept {
  readonly utcStart: number;
  readonly status: number;
  readonly values: readonly (number | undefined)[];
}

/** A clock that is set by no more is steered: intervals of power quality go on over it, too. */
const SET = 100;

/** The largest that 32 bits hold. */
const MOST = 3.4028234663852886e38;

export class LogGroup {
  readonly settings: LogGroupSettings;
  readonly series: StoredSeries<ProfileRecord>;
  readonly #context: LogGroupContext;
  readonly #state: InstanceType<typeof GroupState>;
  readonly #waiting: InstanceType<typeof WaitingState>;
  readonly #waitingValues: Float64Array;
  readonly #ms: number;
  /** By channel; undefined of those that come with intervals of power quality, and of what nobody here measures. */
  readonly #takers: readonly (Taker | undefined)[];
  readonly #own: readonly Taker[];
  readonly #isOfQuality: readonly boolean[];
  readonly #waits: boolean;
  /** Its intervals are those of the instrument: 150 or 180 cycles of samples. */
  readonly #follows: boolean;
  /** The rates that hold have not been looked at in this record. */
  #isFresh = true;
  /** An interval that has ended before its record has. */
  #early: Kept | undefined;

  constructor(index: number, settings: LogGroupSettings, context: LogGroupContext) {
    this.settings = settings;
    this.#context = context;
    const { channels, interval } = settings;
    const name = `measurementLog.${index}`;
    this.#state = new GroupState(context.memory(name, GroupState.size));
    const waiting = context.memory(`${name}.waiting`, WaitingState.size + channels.length);
    this.#waiting = new WaitingState(waiting);
    this.#waitingValues = waiting.subarray(WaitingState.size);
    this.#ms = intervalMs(interval);
    this.#isOfQuality = channels.map(({ measure }) => context.quality?.logs?.(measure) === true);
    this.#takers = channels.map((channel, k) => {
      if (this.#isOfQuality[k] === true || isOfPowerQuality(channel.measure)) return undefined;
      const memory: LogGroupContext["memory"] = (of, count, initial) =>
        context.memory(`${name}.${k}.${of}`, count, initial);
      return takerOf(channel, { ...context, memory });
    });
    this.#own = this.#takers.filter((taker) => taker !== undefined);
    this.#waits = this.#isOfQuality.includes(true);
    this.#follows = interval === "cycles" && context.quality !== undefined;
    const shape = {
      prefix: `measurementLog/${index}/`,
      capacity: logCapacity(settings),
      encode: (record: ProfileRecord) => encodeRecord(record, false),
      decode: (bytes: Uint8Array, sequence: number) =>
        decodeRecord(bytes, { sequence, channels: channels.length, counts: false }),
      at: ({ end }: ProfileRecord) => end.utc,
      holds: (record: ProfileRecord) => isProfileRecord(record, false),
    };
    this.series = new StoredSeries(context.store, shape, this.#state);
    if (this.#state.begun === 0) this.#initialise();
    // The instrument that it waited for is not there any more.
    else this.#flush();
  }

  #initialise(): void {
    this.series.clear();
    this.#state.waits = 0;
    this.#state.begun = 1;
    for (const taker of this.#own) taker.begin();
    this.#begin(this.#context.clock.stamp().utc);
  }

  /** The next instant of UTC at which an interval ends that does not end on a minute; Infinity where there is none. */
  next(utc: number): number {
    if (this.settings.interval !== "cycles" || this.#follows) return Infinity;
    return (Math.floor(utc / this.#ms) + 1) * this.#ms;
  }

  /** The clock has come to an instant. */
  reach(utc: number): void {
    if (!this.#follows && utc % this.#ms === 0) this.#end(utc, utc, 0);
  }

  /** These rates hold from now on; `same` when they did before. */
  look(rates: Float64Array, same: boolean): void {
    if (same && !this.#isFresh) return;
    this.#isFresh = false;
    for (let k = 0; k < this.#own.length; k++) this.#own[k]?.look(rates);
  }

  lost(): void {
    this.#isFresh = true;
    for (const taker of this.#own) taker.lost();
  }

  window(): void {
    for (const taker of this.#own) taker.window();
  }

  /** Something is remarkable about the running record: bits of its status. */
  mark(bits: number): void {
    this.#state.status = this.#state.status | bits;
  }

  /** Power failed at one instant, and is back at another: a record that would have ended meanwhile ended when it failed. */
  outage(down: number, now: number): void {
    const bits = profileStatus.powerLost | profileStatus.partial;
    if (this.#follows || this.#boundsOf(this.#state.start) !== this.#boundsOf(now)) this.#end(down, now, bits);
    else this.mark(bits);
  }

  /** The clock goes from one instant to another. */
  timeSet(from: number, to: number): void {
    const isOther = Math.abs(to - from) > SET || this.#boundsOf(to) !== this.#boundsOf(from);
    if (isOther && !this.#follows) this.#end(from, to, profileStatus.timeChanged | profileStatus.partial);
    else this.mark(profileStatus.timeChanged);
  }

  /** Where the interval begins by the clock in which an instant lies. */
  #boundsOf(utc: number): number {
    return Math.floor(utc / this.#ms) * this.#ms;
  }

  /** An interval of power quality has ended. */
  ended(interval: EndedInterval): void {
    if (interval.length !== this.settings.interval) return;
    const kept = this.#keep(interval);
    if (this.#follows) return this.#followed(interval, kept);
    if (!this.#waits) return;
    const waiting = this.#waiting;
    if (this.#state.waits === 1 && this.#boundsOf(waiting.start) === interval.utcStart) this.#flush(kept);
    else if (this.#boundsOf(this.#state.start) === interval.utcStart) this.#early = kept;
  }

  #keep(interval: EndedInterval): Kept {
    const { pt, ct } = this.#context;
    const { complete, flagged, utcStart } = interval;
    const values = this.settings.channels.map((channel, k) => {
      if (this.#isOfQuality[k] !== true) return undefined;
      const value = interval.value(channel.measure, channel.method);
      return value === undefined ? undefined : value * sideFactor(channel, pt, ct);
    });
    const status = (complete ? 0 : profileStatus.partial) | (flagged ? profileStatus.flagged : 0);
    return { utcStart, status, values };
  }

  /** 150 or 180 cycles of samples: the record is theirs. */
  #followed({ utcStart, utcEnd }: EndedInterval, { status, values }: Kept): void {
    const own = this.#take();
    const { utc } = this.#context.clock.stamp();
    // Stamps are of whole milliseconds.
    const [start, end] = Number.isNaN(utcStart) ? [this.#state.start, utc] : [Math.round(utcStart), Math.round(utcEnd)];
    const all = own.map((value, k) => value ?? values[k]);
    this.#write({ start, end, status: status | this.#state.status, values: all });
    this.#begin(utc);
  }

  #take(): readonly (number | undefined)[] {
    return this.#takers.map((taker) => taker?.take());
  }

  /** The record ends, and the next one begins at `next`. */
  #end(at: number, next: number, status: number): void {
    this.#flush();
    const { start } = this.#state;
    if (at > start && !this.#follows) {
      const isWhole = this.#boundsOf(start) === start && at === start + this.#ms;
      const bits = status | this.#state.status | (isWhole ? 0 : profileStatus.partial);
      this.#hold(start, at, bits);
      const early = this.#early;
      if (!this.#waits) this.#flush({ utcStart: start, status: 0, values: [] });
      else if (early?.utcStart === this.#boundsOf(start)) this.#flush(early);
    }
    this.#early = undefined;
    this.#begin(next);
  }

  #hold(start: number, end: number, status: number): void {
    const waiting = this.#waiting;
    waiting.start = start;
    waiting.end = end;
    waiting.status = status;
    this.#take().forEach((value, k) => {
      this.#waitingValues[k] = value ?? NaN;
    });
    this.#state.waits = 1;
  }

  /** Writes what waits, with what power quality has of it; without that it is partial. */
  #flush(kept?: Kept): void {
    if (this.#state.waits !== 1) return;
    this.#state.waits = 0;
    const { start, end, status } = this.#waiting;
    const values = Array.from(this.#waitingValues, (value, k) => (Number.isNaN(value) ? kept?.values[k] : value));
    this.#write({ start, end, status: status | (kept?.status ?? profileStatus.partial), values });
  }

  #write(record: {
    readonly start: number;
    readonly end: number;
    readonly status: number;
    readonly values: readonly (number | undefined)[];
  }): void {
    const { clock } = this.#context;
    const { values } = record;
    const overflowed = values.some((value) => value !== undefined && Math.abs(value) > MOST);
    const [start, end] = [clock.stamp(record.start), clock.stamp(record.end)];
    this.series.add((sequence) => ({
      sequence,
      type: "normal",
      start,
      end,
      until: end,
      status: record.status | (overflowed ? profileStatus.overflow : 0),
      // As they come from the store again.
      values: values.map((value) =>
        value === undefined ? undefined : Math.fround(Math.max(-MOST, Math.min(MOST, value))),
      ),
    }));
  }

  #begin(utc: number): void {
    this.#state.start = utc;
    this.#state.status = 0;
    this.#isFresh = true;
  }
}
