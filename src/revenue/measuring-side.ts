/**
 * What a meter measures: its source, through the integrator, in windows. A window ends in its time, with what happens to the meter,
 * and where other inputs are known than before; those who look at windows look then.
 */
import { single } from "#revenue/measuring/columns.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { Instant } from "#revenue/events/trigger.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { Integrator } from "#revenue/measuring/integrator.ts";
import { Window } from "#revenue/measuring/window.ts";
import type { GridSink } from "#waveform/grid-feed.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Ledger } from "./ledger.ts";
import { integratorOf } from "./metering.ts";
import type { Recorder } from "./recorder.ts";
import { recordingSink } from "./recording.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import type { TerminalSide } from "./terminal-side.ts";

export interface MeasuringParts {
  readonly integrals: Integrals;
  readonly clock: RevenueClock;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly terminal: TerminalSide;
  readonly powered: () => boolean;
  /** The supply may have failed, or come back. */
  readonly supplied: () => void;
}

export class MeasuringSide {
  /** Averages of the last window, by column. */
  readonly window: Window;
  readonly #integrator: Integrator;
  readonly #parts: MeasuringParts;
  readonly #source: RevenueMeterOptions["source"];
  /** Where what is being worked off began. */
  #begun: Instant;
  /** Elapsed time that is being worked off. */
  #until = 0;

  constructor(options: RevenueMeterOptions, parts: MeasuringParts) {
    const { integrals, terminal } = parts;
    this.#parts = parts;
    this.#source = options.source;
    this.#begun = this.#now();
    this.window = new Window(integrals, { last: options.last, isSampled: options.source.kind === "samples" });
    this.#integrator = integratorOf(options, {
      integrals,
      quality: terminal.quality,
      recording: this.#recording(),
      look: (rates, seconds, same) => this.#look(rates, seconds, same),
      lost: () => this.#lost(),
    });
  }

  /** What its source's samples become; undefined of sources without. */
  get line(): Integrator["line"] {
    return this.#integrator.line;
  }

  /** Angles of fundamentals as they were measured last. */
  get angles(): Integrator["angles"] {
    return this.#integrator.angles;
  }

  /** Why something is not measured now, in words; undefined when all is, and of a meter without power. */
  get absence(): string | undefined {
    const { absence } = this.#integrator;
    if (absence !== undefined || !this.#parts.powered()) return absence;
    return this.window.isAwaited ? "measuring has just begun" : undefined;
  }

  /** Compensates these losses from now on; none where there are none. */
  compensate(losses: Parameters<Integrator["compensate"]>[0]): void {
    this.#integrator.compensate(losses);
  }

  /** A window begins that has nothing of what came before. */
  begin(): void {
    this.window.begin(this.#parts.clock.time.elapsed);
  }

  /** Measures until an elapsed time; false when nothing is known of the inputs for some of it. */
  run(until: number): boolean {
    const { time } = this.#parts.clock;
    this.#until = until;
    this.#begun = this.#now();
    return this.#integrator.run((until - time.elapsed) / 1000);
  }

  /** Looks at the half cycle, or the step, that begins now; whether anything of it counts. */
  #look(rates: Float64Array, seconds: number, same: boolean): boolean {
    const { clock, terminal, recorder, supplied, powered } = this.#parts;
    const { time } = clock;
    terminal.supply.look(rates, seconds);
    supplied();
    if (!same || this.window.isBlind) this.follow(rates);
    if (powered()) {
      const changes = terminal.periphery.look(rates, this.#lookedAt(), 1000 * seconds, same);
      if (changes.length > 0) recorder.alarms(changes, this.#half());
    }
    if (powered()) recorder.measurementLog.look(rates, same);
    time.elapsed = Math.min(this.#until, time.elapsed + 1000 * seconds);
    return powered();
  }

  /** What records, and looks for transients; undefined where nobody does either. */
  #recording(): GridSink | undefined {
    const { terminal, recorder, powered } = this.#parts;
    const { captures, periphery } = terminal;
    if (captures === undefined && !periphery.triggers.seeksTransients) return undefined;
    const seek = (half: GridHalf): void => {
      const changes = periphery.seek(half);
      if (changes.length > 0) recorder.alarms(changes, this.#half());
    };
    return recordingSink(captures, seek, powered);
  }

  /** Elapsed milliseconds at which the half cycle, or the step, begins that is looked at: samples come later than they are. */
  #lookedAt(): number {
    const { line } = this.#integrator;
    return line === undefined
      ? this.#parts.clock.time.elapsed
      : this.#begun.elapsed + 1000 * (line.feed.grid.at - this.#begun.at);
  }

  #now(): Instant {
    const { time } = this.#parts.clock;
    const at = this.#source.kind === "samples" ? this.#source.elapsed : NaN;
    return { utc: time.utc, elapsed: time.elapsed, at };
  }

  /** The beginning of a stretch of so many milliseconds that ends now. */
  before(ms: number): Instant {
    const { utc, elapsed, at } = this.#now();
    return { utc: utc - ms, elapsed: elapsed - ms, at: at - ms / 1000 };
  }

  /** The same by every clock. */
  #half(): Instant {
    const { line } = this.#integrator;
    if (line === undefined) return this.#now();
    const elapsed = this.#lookedAt();
    return { utc: this.#begun.utc + elapsed - this.#begun.elapsed, elapsed, at: line.feed.grid.at };
  }

  #lost(): void {
    this.#parts.recorder.measurementLog.lost();
    this.follow();
  }

  /** What is known of the inputs from here on, without rates nothing: where that changes a window ends, and what is lost is told at once. */
  follow(rates?: Float64Array): void {
    if (!this.#parts.powered() || !this.window.isOther(rates)) return;
    // Two cycles of a recording are no window, but all that there is to be seen.
    const isAll = rates === undefined && !this.window.isKnown;
    this.end(isAll);
    if (isAll) this.window.leave();
    else this.window.follow(rates);
    this.#parts.ledger.registers.resume(this.window);
  }

  /** The window ends, unless it has only just begun and what comes next may go with it. */
  end(isAll = false): void {
    const { clock, terminal, recorder, ledger, powered } = this.#parts;
    const { elapsed } = clock.time;
    if (this.window.isShort(elapsed) && !isAll) return;
    const seconds = this.window.end(elapsed);
    if (powered()) {
      const { periphery } = terminal;
      periphery.total(ledger.registers.rate);
      ledger.registers.window(this.window);
      for (const profile of recorder.profiles) profile.window();
      recorder.measurementLog.window();
      periphery.window(seconds);
      recorder.status.condition("pulseOverflow", periphery.io.overflowed);
    }
    clock.sync.window(powered() ? (this.window.average[single.hz] ?? 0) : 0);
    this.begin();
  }
}
