/** What ends a billing period, and what takes readings: freezes, billing period resets, presets, self reads. */
import { MINUTE_MS } from "#clock/local-time.ts";
import { namedState } from "#meter/named-state.ts";
import type { Origin } from "#quantity/log.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Recorder } from "./recorder.ts";

/** Instants of UTC, and the age of the meter at its last reset, which no setting of its clock moves; NaN before the first. */
const BillingState = namedState("resetAt", "frozenAt", "resetAge");
export const BILLING_STATE = BillingState.size;

export interface BillingParts {
  readonly configuration: RevenueConfiguration;
  readonly registers: Registers;
  readonly recorder: Recorder;
  readonly clock: RevenueClock;
  readonly age: () => number;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  /** Non-volatile. */
  readonly state: Float64Array;
}

export class Billing {
  readonly #parts: BillingParts;
  readonly #state: InstanceType<typeof BillingState>;

  constructor(parts: BillingParts) {
    this.#parts = parts;
    this.#state = new BillingState(parts.state);
    parts.registers.carryFrozen(this.lastFreeze ?? parts.clock.stamp());
  }

  #stampOf(utc: number): Stamp | undefined {
    return Number.isNaN(utc) ? undefined : this.#parts.clock.stamp(utc);
  }

  /** When the last billing period was reset; undefined before the first time. */
  get lastReset(): Stamp | undefined {
    return this.#stampOf(this.#state.resetAt);
  }

  get lastFreeze(): Stamp | undefined {
    return this.#stampOf(this.#state.frozenAt);
  }

  /** Takes the normal and alternate registers as they are now; a marker ends the profile's interval. */
  freeze(origin: Origin): void {
    const { registers, recorder, clock, settle } = this.#parts;
    settle();
    registers.freeze();
    this.#state.frozenAt = clock.utc;
    recorder.mark("freeze", origin);
    recorder.log.add("freeze", "freeze", origin);
  }

  /** Whether the lockout after the last reset runs. */
  get lockedOut(): boolean {
    const { configuration, age } = this.#parts;
    // Before the first reset nothing is less.
    return age() - this.#state.resetAge < configuration.resetLockoutMinutes * MINUTE_MS;
  }

  /** Begins a new billing period; false while the lockout after the last one runs. */
  reset(origin: Origin): boolean {
    const { configuration, registers, recorder, clock, age, settle } = this.#parts;
    if (origin.by !== "automatic" && this.lockedOut) return false;
    settle();
    if (configuration.selfRead.every === "billingReset") this.selfRead();
    registers.billingReset();
    this.#state.resetAt = clock.utc;
    this.#state.resetAge = age();
    recorder.mark("billingReset", origin);
    recorder.log.add("billingReset", "billing period reset", origin);
    return true;
  }

  /** Gives a register a value in its own units; false for one that takes none, or cannot display it. */
  preset(id: number, value: number, origin: Origin): boolean {
    const { registers, recorder, settle } = this.#parts;
    settle();
    if (!registers.preset(id, value)) return false;
    recorder.mark("preset");
    recorder.log.add("event", "register preset", origin, { register: id, value });
    return true;
  }

  /** Keeps the marked registers as they are now. */
  selfRead(): void {
    const { registers, recorder, clock, settle } = this.#parts;
    settle();
    const marked = registers.readings().filter(({ id }) => registers.settingsOf(id)?.selfRead === true);
    const { bits: systemBits } = recorder.status;
    recorder.selfReads.add((sequence) => ({ sequence, at: clock.stamp(), systemBits, registers: marked }));
  }
}
