/** The clock of a revenue meter: its own UTC, local time, tariffs and seasons by it, and what keeps it. */
import { LocalTime, MINUTE_MS } from "#clock/local-time.ts";
import { TouCalendar } from "#clock/tou-schedule.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { ClockSync, type SyncStatus } from "./clock-sync.ts";
import { MeterTime } from "./meter-time.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";

export interface RevenueClockOptions {
  /** Elapsed time and UTC at the start. */
  readonly elapsed: number;
  readonly utc: number;
  readonly driftPpm?: number | undefined;
  readonly hz?: number | undefined;
  readonly timeServer?: ((elapsed: number) => number) | undefined;
  readonly configuration: Pick<RevenueConfiguration, "timekeeping" | "tou">;
}

export class RevenueClock {
  readonly time: MeterTime;
  readonly zone: LocalTime;
  readonly tou: TouCalendar;
  readonly sync: ClockSync;

  constructor({ elapsed, utc, driftPpm, hz, timeServer, configuration }: RevenueClockOptions, status: SyncStatus) {
    const { timekeeping, tou } = configuration;
    this.time = new MeterTime(elapsed, utc, driftPpm);
    this.zone = new LocalTime(timekeeping.utcOffsetMinutes, timekeeping.daylightSaving);
    this.tou = new TouCalendar(tou);
    this.sync = new ClockSync(timekeeping, this.time, status, hz ?? 60);
    this.sync.server = timeServer;
  }

  get utc(): number {
    return this.time.utc;
  }

  /** Local milliseconds since 1970. */
  get local(): number {
    return this.zone.local(this.time.utc);
  }

  /** What a record keeps of an instant; of now unless said. */
  stamp(utc = this.time.utc): Stamp {
    return {
      utc,
      offsetMinutes: this.zone.offsetMinutes(utc),
      daylightSaving: this.zone.saving(utc),
      synchronised: this.sync.synchronised,
    };
  }

  /** An instant as the end of what came before it: by the wall clock before a change that comes with it. */
  endStamp(utc: number): Stamp {
    return { ...this.stamp(utc - 1), utc };
  }

  /** The next whole minute of UTC. */
  get nextMinute(): number {
    return (Math.floor(this.time.utc / MINUTE_MS) + 1) * MINUTE_MS;
  }

  /** The next instant at which a rate or a season may begin by the wall clock. */
  nextSwitch(utc: number): number {
    const local = this.zone.local(utc);
    return Math.min(utc + this.tou.nextSwitch(local) - local, this.zone.nextChange(utc) ?? Infinity);
  }
}
