/** The clock of a revenue meter: its own UTC, local time, tariffs and seasons by it, and what keeps it. */
import { LocalTime, MINUTE_MS } from "#clock/local-time.ts";
import { TouCalendar } from "#clock/tou-schedule.ts";
import { ClockSync } from "./clock-sync.ts";
import { MeterTime } from "./meter-time.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import type { StatusWord } from "./status-word.ts";

export class RevenueClock {
  readonly time: MeterTime;
  readonly zone: LocalTime;
  readonly tou: TouCalendar;
  readonly sync: ClockSync;

  constructor({ elapsed, utc, driftPpm, hz, timeServer, configuration }: RevenueMeterOptions, status: StatusWord) {
    const { timekeeping, tou } = configuration;
    this.time = new MeterTime(elapsed, utc, driftPpm);
    this.zone = new LocalTime(timekeeping.utcOffsetMinutes, timekeeping.daylightSaving);
    this.tou = new TouCalendar(tou);
    this.sync = new ClockSync(timekeeping, this.time, status, hz ?? 60);
    this.sync.server = timeServer;
  }

  /** Local milliseconds since 1970. */
  get local(): number {
    return this.zone.local(this.time.utc);
  }

  /** The next whole minute of UTC. */
  get nextMinute(): number {
    return (Math.floor(this.time.utc / MINUTE_MS) + 1) * MINUTE_MS;
  }
}
