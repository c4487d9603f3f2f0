/** What ends a billing period, and what takes readings: freezes, billing period resets, presets, self reads. */
import { MINUTE_MS } from "#clock/local-time.ts";
import type { Origin } from "#quantity/log.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { EventLog } from "#revenue/events/event-log.ts";
import type { LoadProfile, ProfileEvent } from "#revenue/profile/load-profile.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { SelfReads } from "#revenue/registers/self-reads.ts";
import type { StatusWord } from "#revenue/events/status-word.ts";

export interface BillingParts {
  readonly configuration: RevenueConfiguration;
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly selfReads: SelfReads;
  readonly status: StatusWord;
  readonly log: EventLog;
  readonly local: () => number;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  /** [local time of the last billing period reset, of the last freeze]; 0 before the first. */
  readonly state: Float64Array;
}

export class Billing {
  readonly #parts: BillingParts;

  constructor(parts: BillingParts) {
    this.#parts = parts;
  }

  get lastReset(): number {
    return this.#parts.state[0] ?? 0;
  }

  get lastFreeze(): number {
    return this.#parts.state[1] ?? 0;
  }

  #mark(event: ProfileEvent): void {
    const { profiles, local } = this.#parts;
    for (const profile of profiles) {
      if (event !== "freeze" || profile.settings.freezeMarkers) profile.event(event, local());
    }
  }

  /** Takes the normal and alternate registers as they are now; a marker ends the profile's interval. */
  freeze(origin: Origin): void {
    const { registers, log, local, settle, state } = this.#parts;
    settle();
    registers.freeze();
    state[1] = local();
    this.#mark("freeze");
    log.add("freeze", "freeze", origin);
  }

  /** Begins a new billing period; false while the lockout after the last one runs. */
  reset(origin: Origin): boolean {
    const { configuration, registers, log, local, settle, state } = this.#parts;
    const { resetLockoutMinutes, selfRead } = configuration;
    const last = this.lastReset;
    if (origin.by !== "automatic" && last > 0 && local() - last < resetLockoutMinutes * MINUTE_MS) return false;
    settle();
    if (selfRead.every === "billingReset") this.selfRead();
    registers.billingReset();
    state[0] = local();
    this.#mark("billingReset");
    log.add("billingReset", "billing period reset", origin);
    return true;
  }

  /** Gives a register a value in its own units; false for one that takes none, or cannot display it. */
  preset(id: number, value: number, origin: Origin): boolean {
    const { registers, log, settle } = this.#parts;
    settle();
    if (!registers.preset(id, value)) return false;
    this.#mark("preset");
    log.add("event", "register preset", origin, { register: id, value });
    return true;
  }

  /** Keeps the marked registers as they are now. */
  selfRead(): void {
    const { registers, selfReads, status, local, settle } = this.#parts;
    settle();
    const marked = registers.shown().filter(({ id }) => registers.settingsOf(id)?.selfRead === true);
    selfReads.add({ at: local(), systemBits: status.bits, registers: marked });
  }
}
