/** What the meter writes down: profiles, logs and self reads, and the status word, whose bits last for an interval of a profile. */
import { MINUTE_MS } from "#clock/local-time.ts";
import { timeText } from "#clock/time-text.ts";
import type { Origin } from "#quantity/log.ts";
import type { Measure } from "#quantity/measure.ts";
import { profileStatus, type ProfileEvent } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { AlarmLog } from "#revenue/events/alarm-log.ts";
import { automatic, EventLog } from "#revenue/events/event-log.ts";
import { EventCounter } from "#revenue/events/event-counts.ts";
import type { StatusWord } from "#revenue/events/status-word.ts";
import { Observations } from "#revenue/events/observations.ts";
import type { Instant, TriggerChange } from "#revenue/events/trigger.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import { MeasurementLog } from "#revenue/log/measurement-log.ts";
import { LoadProfile } from "#revenue/profile/load-profile.ts";
import { SelfReads } from "#revenue/registers/self-reads.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { MeterMemory } from "./meter-memory.ts";
import type { CapturePart, QualityInstrumentPart, RevenueMeterOptions } from "./revenue-options.ts";
import { phasesOf } from "./supply.ts";

/** How long the bits of the status word last in a meter without profiles. */
const STATUS_INTERVAL_MS = 15 * MINUTE_MS;

export interface RecorderContext {
  readonly memory: MeterMemory;
  readonly integrals: Integrals;
  readonly clock: RevenueClock;
  readonly status: StatusWord;
  readonly periphery: Periphery;
  /** The instrument whose intervals the measurement log records. */
  readonly quality: QualityInstrumentPart | undefined;
  /** What triggers record with. */
  readonly captures: CapturePart | undefined;
}

export class Recorder {
  readonly log: EventLog;
  readonly selfReads: SelfReads;
  readonly profiles: readonly LoadProfile[];
  readonly measurementLog: MeasurementLog;
  readonly observations: Observations;
  /** How often supply and voltage have failed. */
  readonly counter: EventCounter;
  readonly status: StatusWord;
  /** The meter has power: without it nothing is written into profiles. */
  powered = true;
  readonly #alarms: AlarmLog;
  readonly #clock: RevenueClock;
  /** The next midnight of the wall clock, UTC. */
  #midnight: number;

  constructor(options: RevenueMeterOptions, context: RecorderContext) {
    const { store, configuration, powerQuality = false, transformers } = options;
    const { memory, integrals, clock, status, periphery, quality, captures } = context;
    const sample = ({ quantity, channel }: Measure): number => {
      if (quantity === "closed") return periphery.io.isClosed(channel ?? 1) ? 1 : 0;
      return quantity === "systemBits" ? status.bits : periphery.triggers.bits;
    };
    this.log = new EventLog({ store, memory: memory.lasting, now: () => clock.stamp() });
    this.selfReads = new SelfReads(store, memory.lasting);
    const { pt, ct } = configuration.primary;
    this.observations = new Observations({
      recordings: captures,
      triggers: configuration.triggers,
      log: this.log,
      elapsed: () => clock.time.elapsed,
      scale: { volts: pt / transformers.pt, amps: ct / transformers.ct },
      trouble: () => store.trouble,
      observe: options.observe,
    });
    this.counter = new EventCounter(memory.lasting);
    this.#alarms = new AlarmLog({
      counter: this.counter,
      log: this.log,
      stampOf: (utc) => clock.stamp(utc),
      observations: this.observations,
    });
    this.profiles = configuration.profiles.map(
      (settings, k) =>
        new LoadProfile(k + 1, settings, { integrals, memory: memory.run, store, pt, ct, clock, sample }),
    );
    const flagsItself = powerQuality && quality !== undefined;
    const isDisturbed = flagsItself ? undefined : (): boolean => periphery.triggers.sagging;
    const measured = { integrals, memory: memory.run, store, pt, ct, clock, sample, quality, isDisturbed };
    this.measurementLog = new MeasurementLog(configuration.measurementLog ?? [], measured);
    this.status = status;
    this.#clock = clock;
    this.#midnight = clock.zone.nextMidnight(clock.utc);
  }

  /** The clock has moved otherwise than by going on. */
  moved(): void {
    this.#midnight = this.#clock.zone.nextMidnight(this.#clock.utc);
  }

  /** A whole minute of UTC has come: ends what ends with it; whether that is an interval of a profile. */
  minute(utc: number): boolean {
    const midnight = utc >= this.#midnight;
    if (midnight) {
      this.#midnight = this.#clock.zone.nextMidnight(utc);
      for (const profile of this.profiles) profile.midnight(utc);
    }
    const ending = this.profiles.filter((profile) => profile.endsAt(utc, midnight));
    const none = this.profiles.length === 0 && this.#clock.zone.standard(utc) % STATUS_INTERVAL_MS === 0;
    return this.#interval(ending, utc) || (none && this.#endStatus());
  }

  /** An interval sync input has closed; whether it ended an interval of a profile. */
  synchronised(): boolean {
    return this.#interval(
      this.profiles.filter(({ settings }) => settings.externalSync),
      this.#clock.utc,
    );
  }

  #interval(ending: readonly LoadProfile[], utc: number): boolean {
    if (ending.length === 0) return false;
    for (const profile of ending) profile.interval(utc);
    return this.#endStatus();
  }

  /** Bits that are no longer so go; an interval that overflowed is told in the one after it. */
  #endStatus(): true {
    this.status.interval();
    for (const profile of this.profiles) if (profile.takeOverflow()) this.status.raise("profileOverflow");
    return true;
  }

  /** Something that cuts intervals happens now; `by` says whether somebody did it. */
  mark(event: ProfileEvent, { by }: Pick<Origin, "by"> = { by: "" }): void {
    if (!this.powered) return;
    const { utc } = this.#clock;
    for (const profile of this.profiles) {
      if (event === "freeze" && !profile.settings.freezeMarkers) continue;
      if (by === automatic.by) profile.scheduled(event, utc);
      else profile.event(event, utc);
    }
  }

  /** The clock goes from one instant to another; who set it. */
  timeSet(from: Stamp, to: Stamp, origin: Origin): void {
    for (const profile of this.profiles) profile.event("timeSet", from.utc, to.utc, profileStatus.timeChanged);
    this.measurementLog.timeSet(from.utc, to.utc);
    this.logTimeChange("time set", origin, [from, to]);
  }

  logTimeChange(what: string, origin: Origin, [before, after]: readonly [before: Stamp, after: Stamp]): void {
    const details = { before: exactly(before), after: exactly(after) };
    this.log.addAt(after, "timeChange", { ...origin, what, details });
  }

  /** Power failed at `down` (UTC) while the inputs of the bits in `live` were live, and is back now, so many seconds later. */
  outage(down: number, live: number, seconds: number): void {
    const now = this.#clock.stamp();
    const then = this.#clock.stamp(down);
    for (const profile of this.profiles) profile.event("powerFail", down, now.utc, profileStatus.powerLost);
    this.measurementLog.outage(down, now.utc);
    const details = { down: wordsOf(then), seconds: Math.round(seconds), live: phasesOf(live) };
    this.counter.outage(seconds);
    this.log.add("powerOutage", "power outage", automatic, details);
    if (then.daylightSaving !== now.daylightSaving) this.logTimeChange("daylight saving", automatic, [then, now]);
    this.moved();
  }

  /** Alarms begin and end in a stretch. */
  /** When an alarm began that is on, UTC; undefined where nobody remembers. */
  alarmSince(id: number): number | undefined {
    return this.#alarms.began(id);
  }

  alarms(changes: readonly TriggerChange[], begun: Instant): void {
    this.#alarms.take(changes, begun);
  }

  /** Elapsed time has come so far. */
  tick(): void {
    this.#alarms.over(this.#clock.time.elapsed);
    this.observations.tick();
  }
}

/** "2026-07-31 16:45:00", as the wall clock showed it. */
function wordsOf(at: Stamp): string {
  return timeText(localOf(at) / 1000);
}

/** "2026-07-31 16:45:00.125": with milliseconds where there are any. */
function exactly(at: Stamp): string {
  const ms = ((Math.floor(at.utc) % 1000) + 1000) % 1000;
  return ms === 0 ? wordsOf(at) : `${wordsOf(at)}.${String(ms).padStart(3, "0")}`;
}
