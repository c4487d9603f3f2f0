/** A meter's power: whether it has any, how it goes on where the one before it on its memory ended, and what becomes of an outage. */
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import { beginAnew } from "./begin-anew.ts";
import type { Clockwork } from "./clockwork.ts";
import type { Ledger } from "./ledger.ts";
import type { MeasuringSide } from "./measuring-side.ts";
import type { MeterLife } from "./meter-life.ts";
import type { Recorder } from "./recorder.ts";
import type { Applied, RevenueMeterOptions } from "./revenue-options.ts";
import type { TerminalSide } from "./terminal-side.ts";
import type { TestMode } from "./test-mode.ts";

export interface PowerParts {
  readonly terminal: TerminalSide;
  readonly life: MeterLife;
  readonly clock: RevenueClock;
  readonly clockwork: Clockwork;
  readonly integrals: Integrals;
  readonly ledger: Ledger;
  readonly measuring: MeasuringSide;
  readonly recorder: Recorder;
  readonly testMode: TestMode;
  /** Hands everything to the store. */
  readonly save: () => void;
}

export class PowerSide {
  /** Power is back, and what the battery should have kept is lost. */
  isForgetful = false;
  readonly #parts: PowerParts;
  readonly #survives: RevenueMeterOptions["survives"];
  readonly #terminals: RevenueMeterOptions["terminals"];
  #isOn: boolean;

  constructor({ survives, terminals }: Pick<RevenueMeterOptions, "survives" | "terminals">, parts: PowerParts) {
    const { terminal, recorder } = parts;
    this.#survives = survives;
    this.#parts = parts;
    this.#terminals = terminals;
    this.#isOn = terminal.supply.choose() !== undefined;
    recorder.powered = this.#isOn;
    this.#since();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Goes on where the meter before ended that had this memory. */
  begin(applied: Applied | undefined): void {
    const { life, clock, clockwork, ledger, recorder, testMode } = this.#parts;
    const { savedAt } = life;
    const { utc } = clock;
    // Nothing in between was measured: test mode ends where the last meter on this memory ended.
    testMode.leave(applied === undefined ? { by: "power failure" } : applied.by, savedAt ?? utc);
    if (applied !== undefined) {
      clockwork.begin(applied.registers);
      beginAnew(applied, ledger, recorder);
    } else if (savedAt !== undefined) {
      // A meter that has run before has been without power since it was last saved.
      life.slept(utc);
      ledger.periods.begin(savedAt, false);
      if (this.#isOn) this.#outage(savedAt);
      else clockwork.tariffs.follow();
    } else clockwork.begin(true);
  }

  /** Goes on or off as the supply has it. */
  supplied(): void {
    const { terminal, life, measuring, testMode, save } = this.#parts;
    const on = terminal.supply.choose() !== undefined;
    if (on === this.#isOn || this.isForgetful) return;
    measuring.end();
    if (!on) {
      terminal.captures?.powerDown();
      testMode.leave({ by: "power failure" });
      this.freshen();
      save();
      measuring.follow();
      this.#turn(false);
    } else if (this.#survives?.() ?? true) {
      this.#turn(true);
      this.#outage(life.savedAt);
    } else this.isForgetful = true;
  }

  #turn(on: boolean): void {
    this.#isOn = on;
    this.#parts.recorder.powered = on;
    this.#since();
  }

  /** Power comes, or goes, now: one that is configured otherwise has it since it came. */
  #since(): void {
    const terminals = this.#terminals;
    if (terminals === undefined) return;
    terminals.poweredAt = this.#isOn ? (terminals.poweredAt ?? this.#parts.clock.time.elapsed) : undefined;
  }

  /** Power is back after it failed at `down` (UTC); undefined for a meter that has had none yet. */
  #outage(down: number | undefined): void {
    const { life, clock, clockwork, measuring } = this.#parts;
    measuring.begin();
    if (down === undefined) return clockwork.begin(true);
    // A clock that has gone back meanwhile does not tell how long it was.
    const seconds = Math.max(0, clock.utc - down) / 1000;
    clockwork.outage(down, life.live, seconds);
    life.outage(seconds);
  }

  /** Somebody looks at what is in memory. */
  freshen(): void {
    const { terminal, life, clock, integrals } = this.#parts;
    // While the supply fails, what is kept is when it failed, and which inputs were live then.
    if (this.#isOn) life.powered(clock.utc, terminal.supply.live);
    life.save();
    integrals.keep();
  }
}
