/** The status word: system bits that stay for at least the load-profile interval in which something was so. */

import { namedState } from "#meter/named-state.ts";
import type { Condition } from "#quantity/meter-surface.ts";

/** Bits as the manual numbers them, from 1. */
export const systemBit = {
  battery: 1,
  auxiliaryPower: 2,
  generalFailure: 3,
  profileOverflow: 4,
  pulseOverflow: 5,
  timeSyncLost: 6,
  timeSyncDrift: 7,
  daylightSaving: 8,
  coverRemoved: 9,
  manualTimeChange: 10,
  configurationChange: 11,
  firmwareChange: 12,
} as const;
export type SystemBit = keyof typeof systemBit;

const meanings: Readonly<Record<SystemBit, string>> = {
  battery: "the battery wants to be replaced",
  auxiliaryPower: "auxiliary power is lost",
  generalFailure: "diagnostics have found a failure",
  profileOverflow: "a profile interval had more than 16,383 counts",
  pulseOverflow: "energy pulses are due faster than ten a second",
  timeSyncLost: "the time server is lost",
  timeSyncDrift: "the clock is off the time server's",
  daylightSaving: "daylight saving is in force",
  coverRemoved: "a cover is open",
  manualTimeChange: "the time was set",
  configurationChange: "the configuration was changed",
  firmwareChange: "the firmware was changed",
};

/** When a bit goes again. */
const UNTIL = "shown until the load-profile interval has ended in which it is no longer so";

const harmless: ReadonlySet<SystemBit> = new Set([
  "daylightSaving",
  "manualTimeChange",
  "configurationChange",
  "firmwareChange",
]);

/** What system bits say, in words. */
export function conditionsOf(bits: number): Condition[] {
  const names = Object.keys(systemBit) as SystemBit[];
  return names
    .filter((name) => ((bits >> (systemBit[name] - 1)) & 1) === 1)
    .map((name) => ({ text: meanings[name], trouble: !harmless.has(name), means: UNTIL }));
}

/** Bits that were so in the running interval. */
const StatusState = namedState("raised");
export const STATUS_STATE = StatusState.size;

export class StatusWord {
  #conditions = 0;
  readonly #kept: InstanceType<typeof StatusState>;

  /** `run` is non-volatile: what was so in the running interval outlasts an outage. */
  constructor(run: Float64Array = new Float64Array(STATUS_STATE)) {
    this.#kept = new StatusState(run);
  }

  /** Something is so, or is no longer. */
  condition(name: SystemBit, on: boolean): void {
    const bit = 1 << (systemBit[name] - 1);
    this.#conditions = on ? this.#conditions | bit : this.#conditions & ~bit;
    if (on) this.#kept.raised |= bit;
  }

  /** Something has happened. */
  raise(name: SystemBit): void {
    this.#kept.raised |= 1 << (systemBit[name] - 1);
  }

  get conditions(): Condition[] {
    return conditionsOf(this.bits);
  }

  get bits(): number {
    return this.#kept.raised | this.#conditions;
  }

  /** The interval has ended: what is no longer so goes. */
  interval(): void {
    this.#kept.raised = this.#conditions;
  }
}
