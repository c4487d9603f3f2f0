/** When a JEMStar pushes: what has come due, or has happened, since it looked last. Once for each, however much was due meanwhile. */
import { DAY_MS } from "#clock/local-time.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { PushSettings } from "./push-settings.ts";

/** Members of a series that are looked at at once: of more the newest. */
const PAGE = 16;

export interface PushDueParts {
  readonly surface: MeterSurface;
  /** The next instant of UTC after one at which a schedule of the clock is due; Infinity of others. */
  readonly nextDue: (after: number) => number;
}

export class PushDue {
  readonly #parts: PushDueParts;
  readonly #settings: Pick<PushSettings, "when" | "alarms">;
  #seen: number;
  #next: number;
  #records: number;
  #resets: number;
  #alarms: number;

  constructor(settings: Pick<PushSettings, "when" | "alarms">, parts: PushDueParts) {
    const { surface, nextDue } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#seen = surface.now().utc;
    this.#next = nextDue(this.#seen);
    this.#records = surface.profiles[0]?.next ?? 0;
    this.#resets = surface.log("billingReset").next;
    this.#alarms = surface.log("alarm").next;
  }

  /** Whether something is due now. */
  take(): boolean {
    const { when, alarms } = this.#settings;
    const byClock = this.#byClock();
    const byInterval = this.#byInterval() && when.every === "interval";
    const byReset = this.#byReset() && when.every === "billingReset";
    const byAlarm = this.#byAlarm() && alarms;
    return byClock || byInterval || byReset || byAlarm;
  }

  #byClock(): boolean {
    const { surface, nextDue } = this.#parts;
    const { utc } = surface.now();
    // A clock that was set back shows what was due twice; one that was set back by days begins anew.
    const isBack = utc < this.#seen - DAY_MS;
    if (isBack) this.#next = nextDue(utc);
    this.#seen = isBack ? utc : Math.max(utc, this.#seen);
    if (utc < this.#next) return false;
    this.#next = nextDue(utc);
    return true;
  }

  #byInterval(): boolean {
    const [profile] = this.#parts.surface.profiles;
    if (profile === undefined) return false;
    const { next } = profile;
    // What a configuration has erased is counted from 0 again.
    const from = Math.max(next < this.#records ? 0 : this.#records, next - PAGE);
    this.#records = next;
    // Events stand between the intervals.
    return next > from && profile.page(from, PAGE).some(({ type }) => type === "normal" || type === "midnight");
  }

  #byReset(): boolean {
    const { next } = this.#parts.surface.log("billingReset");
    const has = next > this.#resets;
    this.#resets = next;
    return has;
  }

  #byAlarm(): boolean {
    const log = this.#parts.surface.log("alarm");
    const from = Math.max(this.#alarms, log.next - PAGE);
    this.#alarms = log.next;
    return log.page(from, PAGE).some(({ what }) => what === "alarm");
  }
}
