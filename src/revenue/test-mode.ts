/** Test mode: test registers count and the others rest, until somebody ends it, power fails, or it has lasted too long. */
import { MINUTE_MS } from "#clock/local-time.ts";
import { isMeasured } from "./configuration.ts";
import type { EventLog } from "./event-log.ts";
import type { LoadProfile } from "./load-profile.ts";
import { timeText, type Registers } from "./registers.ts";
import type { TestPulses } from "./test-pulses.ts";

export interface TestModeParts {
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly pulses: TestPulses;
  readonly log: EventLog;
  readonly local: () => number;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  /** Losses are compensated from now on, or not. */
  readonly compensate: (on: boolean) => void;
  readonly timeoutMinutes: number;
  /** [on, local time at which it began]: what stopped with it must go on, also after a process that was killed in it. */
  readonly state: Float64Array;
}

export interface TestModeOptions {
  /** The test register that the optical port follows. */
  readonly register?: number | undefined;
  /** Whether losses go on being compensated, which they do unless said. */
  readonly compensate?: boolean | undefined;
}

/** What the optical port can give pulses of. */
const pulsed: readonly string[] = ["Wh", "varh", "VAh", "Qh", "Ah"];

export class TestMode {
  readonly #parts: TestModeParts;

  constructor(parts: TestModeParts) {
    this.#parts = parts;
  }

  get on(): boolean {
    return this.#parts.state[0] === 1;
  }

  get #since(): number {
    return this.#parts.state[1] ?? 0;
  }

  /** Enters test mode, or changes it; false when the optical port cannot follow that register. */
  enter(by: string, { register, compensate = true }: TestModeOptions = {}): boolean {
    const { registers, profiles, pulses, log, local, settle } = this.#parts;
    const settings = register === undefined ? undefined : registers.settingsOf(register);
    const followed =
      settings !== undefined && settings.id >= 200 && isMeasured(settings) ? settings.measure : undefined;
    if (register !== undefined && (followed === undefined || !pulsed.includes(followed.quantity))) return false;
    settle();
    this.#parts.compensate(compensate);
    if (!this.on) {
      this.#parts.state.set([1, local()]);
      registers.testing = true;
      for (const profile of profiles) profile.pause();
      log.add("testMode", "test mode entered", by);
    }
    pulses.optical.follow(followed);
    return true;
  }

  /** Leaves it; `at` is the local time at which it ended, now unless said. */
  leave(by: string, at = this.#parts.local()): void {
    const { registers, profiles, pulses, log, settle, state } = this.#parts;
    if (!this.on) return;
    const since = this.#since;
    settle();
    state[0] = 0;
    registers.testing = false;
    for (const profile of profiles) profile.resume(since, at);
    pulses.optical.follow();
    this.#parts.compensate(true);
    log.add("testMode", "test mode left", by, { entered: timeText(since / 1000) });
  }

  /** A minute has gone by. */
  minute(): void {
    const { local, timeoutMinutes } = this.#parts;
    if (this.on && local() - this.#since >= timeoutMinutes * MINUTE_MS) this.leave("timeout");
  }
}
