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
  /** Local time at which it began. */
  #since: number | undefined;

  constructor(parts: TestModeParts) {
    this.#parts = parts;
  }

  get on(): boolean {
    return this.#since !== undefined;
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
    if (this.#since === undefined) {
      this.#since = local();
      registers.testing = true;
      for (const profile of profiles) profile.pause();
      log.add("testMode", "test mode entered", by);
    }
    pulses.optical.follow(followed);
    return true;
  }

  leave(by: string): void {
    const { registers, profiles, pulses, log, local, settle } = this.#parts;
    const since = this.#since;
    if (since === undefined) return;
    settle();
    this.#since = undefined;
    registers.testing = false;
    for (const profile of profiles) profile.resume(since, local());
    pulses.optical.follow();
    this.#parts.compensate(true);
    log.add("testMode", "test mode left", by, { entered: timeText(since / 1000) });
  }

  /** A minute has gone by. */
  minute(): void {
    const { local, timeoutMinutes } = this.#parts;
    if (this.#since !== undefined && local() - this.#since >= timeoutMinutes * MINUTE_MS) this.leave("timeout");
  }
}
