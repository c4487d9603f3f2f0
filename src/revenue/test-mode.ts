/** Test mode: test registers count and the others rest, until somebody ends it, power fails, or nobody has done anything for too long. */
import { MINUTE_MS } from "#clock/local-time.ts";
import { namedState } from "#meter/named-state.ts";
import type { Origin } from "#quantity/log.ts";
import { isMeasured } from "#revenue/settings/configuration.ts";
import type { EventLog } from "#revenue/events/event-log.ts";
import type { LoadProfile } from "#revenue/profile/load-profile.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import { timeText } from "#clock/time-text.ts";
import type { TestPulses } from "#revenue/contacts/test-pulses.ts";

export interface TestModeParts {
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly pulses: TestPulses;
  readonly log: EventLog;
  readonly clock: RevenueClock;
  /** Milliseconds that the meter has been there for. */
  readonly age: () => number;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  /** Losses are compensated from now on, or not. */
  readonly compensate: (on: boolean) => void;
  readonly timeoutMinutes: number;
  /** Non-volatile: what stopped with it must go on, also after a process that was killed in it. */
  readonly state: Float64Array;
}

export interface TestModeOptions {
  /** The test register that the optical port follows. */
  readonly register?: number | undefined;
  /** Energy of one of its pulses, at the meter's terminals; the test register's own unless said. */
  readonly pulseWeight?: number | undefined;
  /** Whether losses go on being compensated, which they do unless said. */
  readonly compensate?: boolean | undefined;
}

/** 1 while it is on; instant of UTC at which it began; age of the meter when somebody did something in it last. */
const TestState = namedState("on", "since", "usedAge");
export const TEST_STATE = TestState.size;

/** What the optical port can give pulses of. */
const pulsed: readonly string[] = ["Wh", "varh", "VAh", "Qh", "Ah"];

export class TestMode {
  readonly #parts: TestModeParts;
  readonly #state: InstanceType<typeof TestState>;
  #options: TestModeOptions = {};

  constructor(parts: TestModeParts) {
    this.#parts = parts;
    this.#state = new TestState(parts.state);
  }

  get on(): boolean {
    return this.#state.on === 1;
  }

  /** Enters test mode, or changes it; false when the optical port cannot follow that register. */
  enter(origin: Origin, { register, compensate = true, pulseWeight }: TestModeOptions = {}): boolean {
    const { registers, profiles, pulses, log, clock, age, settle } = this.#parts;
    const settings = register === undefined ? undefined : registers.settingsOf(register);
    const followed = settings !== undefined && settings.id >= 200 && isMeasured(settings) ? settings : undefined;
    if (register !== undefined && (followed === undefined || !pulsed.includes(followed.measure.quantity))) return false;
    settle();
    this.#parts.compensate(compensate);
    if (!this.on) {
      this.#state.on = 1;
      this.#state.since = clock.utc;
      registers.testing = true;
      for (const profile of profiles) profile.pause();
      log.add("testMode", "test mode entered", origin);
    }
    this.#state.usedAge = age();
    const kt = pulseWeight ?? followed?.pulseWeight;
    pulses.optical.follow(followed === undefined ? undefined : { measure: followed.measure, kt });
    this.#options = { register: followed?.id, pulseWeight: kt, compensate };
    return true;
  }

  /** Somebody has done something in it. */
  used(): void {
    if (this.on) this.#state.usedAge = this.#parts.age();
  }

  /** What it was set to last; undefined while it is off. */
  get options(): TestModeOptions | undefined {
    return this.on ? this.#options : undefined;
  }

  /** Leaves it; `at` is the instant of UTC at which it ended, now unless said. */
  leave(origin: Origin, at = this.#parts.clock.utc): void {
    const { registers, profiles, pulses, log, clock, settle } = this.#parts;
    if (!this.on) return;
    const { since } = this.#state;
    settle();
    this.#state.on = 0;
    registers.testing = false;
    for (const profile of profiles) profile.resume(since, at);
    pulses.optical.follow();
    this.#parts.compensate(true);
    log.add("testMode", "test mode left", origin, { entered: timeText(clock.zone.local(since) / 1000) });
  }

  /** Milliseconds until it ends unless somebody does something; infinite while it is off. */
  get left(): number {
    const { age, timeoutMinutes } = this.#parts;
    return this.on ? Math.max(0, this.#state.usedAge + timeoutMinutes * MINUTE_MS - age()) : Infinity;
  }

  /** Time has gone by. */
  pass(): void {
    if (this.left === 0) this.leave({ by: "timeout" });
  }
}
