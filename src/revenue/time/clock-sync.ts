/**
 * What keeps the meter's clock: its crystal, the frequency of the line, or a time server. The better one is followed while it is
 * there; the line stands in for a time server, the crystal for the line. A clock is brought up by running faster or slower; it
 * jumps only when it is far off.
 */
import type { MeterTime } from "./meter-time.ts";

export interface SyncSettings {
  readonly sync: "crystal" | "line" | "ntp";
  readonly toleranceMs: number;
}

/** Told what the time server is like. */
export interface SyncStatus {
  condition(name: "timeSyncLost" | "timeSyncDrift", on: boolean): void;
}

/** Further off than this the clock is set. */
const STEP_MS = 1000;
/** How much faster or slower a clock runs that is being brought up. */
const MOST_SLEW = 0.01;
const MINUTE_MS = 60_000;

export class ClockSync {
  readonly #settings: SyncSettings;
  readonly #time: MeterTime;
  readonly #status: SyncStatus;
  readonly #nominalHz: number;
  readonly #crystal: number;
  #onLine = false;
  #server: ((elapsed: number) => number) | undefined;

  constructor(settings: SyncSettings, time: MeterTime, status: SyncStatus, nominalHz: number) {
    this.#settings = settings;
    this.#time = time;
    this.#status = status;
    this.#nominalHz = nominalHz;
    this.#crystal = time.rate;
  }

  /** UTC of the time server at an elapsed time; undefined while it cannot be reached. */
  get server(): ((elapsed: number) => number) | undefined {
    return this.#server;
  }

  set server(server: ((elapsed: number) => number) | undefined) {
    // Of one that is back it is found out with the next minute how far off the clock is; until then no line drives it on.
    if (this.#settings.sync === "ntp" && this.#server === undefined && server !== undefined)
      this.#time.rate = this.#crystal;
    this.#server = server;
  }

  /** What keeps the clock: the better one that there is. */
  get source(): string {
    const { sync } = this.#settings;
    if (sync === "ntp" && this.server !== undefined) return "time server";
    return sync !== "crystal" && this.#onLine ? "line" : "crystal";
  }

  /** Whether the clock is kept by what it is to be kept by. */
  get synchronised(): boolean {
    return this.source === { crystal: "crystal", line: "line", ntp: "time server" }[this.#settings.sync];
  }

  /** A stretch has been measured at this frequency; 0 or NaN where there was no line. */
  window(hz: number): void {
    const { sync } = this.#settings;
    if (sync === "crystal" || (sync === "ntp" && this.server !== undefined)) return;
    // Time is counted in cycles of the line while there are any.
    this.#onLine = hz > 0;
    this.#time.rate = hz > 0 ? hz / this.#nominalHz : this.#crystal;
  }

  /** Once a minute: by how much the clock is to be set, 0 when running faster or slower will do. */
  minute(): number {
    if (this.#settings.sync !== "ntp") return 0;
    this.#status.condition("timeSyncLost", this.server === undefined);
    if (this.server === undefined) return 0;
    const off = this.server(this.#time.elapsed) - this.#time.utc;
    this.#status.condition("timeSyncDrift", Math.abs(off) > this.#settings.toleranceMs);
    if (Math.abs(off) > STEP_MS) {
      this.#time.rate = this.#crystal;
      return off;
    }
    this.#time.rate = this.#crystal + Math.max(-MOST_SLEW, Math.min(MOST_SLEW, off / MINUTE_MS));
    return 0;
  }
}
