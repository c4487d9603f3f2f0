/** What is around the measuring: digital inputs and outputs, totalization of their pulses, triggers. */
import type { Rate } from "#clock/tou-schedule.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { withLevels } from "#revenue/settings/trigger-levels.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";
import { Communicated } from "./communicated.ts";
import { DigitalIo, type IoContext } from "./digital-io.ts";
import { TestPulses } from "./test-pulses.ts";
import { Totalization } from "./totalization.ts";
import { INPUT_MS, type TriggerChange, type TriggerContext, type TriggerKind } from "#revenue/events/trigger.ts";
import { Triggers, type SeekTransient } from "#revenue/events/triggers.ts";

/** Registers are looked at this often, and for so long the contact of the interval's end closes. */
const REGISTERS_MS = 1000;
/** Power quality is looked at as often as it has blocks. */
const QUALITY_MS = 200;
const END_OF_INTERVAL_MS = 1000;

const none: readonly TriggerChange[] = [];

export interface PeripheryContext extends IoContext, Omit<TriggerContext, "isClosed"> {
  /** Of a source of samples. */
  readonly seek?: SeekTransient | undefined;
}

export class Periphery {
  #sinceRegistersMs = 0;
  #sinceQualityMs = 0;
  /** Elapsed times at which inputs that have changed are to be looked at, and the contact of the interval's end opens. */
  #inputsAt = Infinity;
  #opensAt = Infinity;
  /** By trigger on transients: when its pulse began, elapsed milliseconds; Infinity of one that begins with what comes next. And when one ends. */
  readonly #pulses = new Map<number, number>();
  #pulsesEndAt = Infinity;
  readonly #elapsed: () => number;
  readonly io: DigitalIo;
  readonly triggers: Triggers;
  readonly testPulses: TestPulses;
  readonly communicated: Communicated;
  readonly #totalization: Totalization;
  readonly #configuration: RevenueConfiguration;
  readonly #watchesRegisters: boolean;
  readonly #watchesQuality: boolean;

  constructor(configuration: RevenueConfiguration, context: PeripheryContext) {
    this.#configuration = configuration;
    this.#watchesRegisters = configuration.triggers.some(({ enabled, register }) => enabled && register !== undefined);
    this.#watchesQuality = configuration.triggers.some(
      ({ enabled, measure }) => enabled && measure !== undefined && isOfPowerQuality(measure),
    );
    this.io = new DigitalIo(configuration.io, context);
    this.#totalization = new Totalization(configuration.totalization, context);
    this.communicated = new Communicated(configuration.communicated ?? [], context);
    this.testPulses = new TestPulses(configuration.testPulses, context);
    const { register, quality, hz, measured, elapsed, seek } = context;
    this.#elapsed = elapsed;
    const isClosed = (channel: number): boolean => this.io.isClosed(channel);
    const seen = { register, quality, isClosed, hz, measured };
    const triggers = configuration.triggers.map((one) => withLevels(one, configuration.primary));
    this.triggers = new Triggers(triggers, configuration.triggerBits, seen, seek);
  }

  /** Elapsed time at which something is to be looked at next; without power nobody looks at registers, or at power quality. */
  lookAt(elapsed: number, powered: boolean): number {
    const registersAt = powered && this.#watchesRegisters ? elapsed + REGISTERS_MS - this.#sinceRegistersMs : Infinity;
    const qualityAt = powered && this.#watchesQuality ? elapsed + QUALITY_MS - this.#sinceQualityMs : Infinity;
    return Math.min(this.#inputsAt, this.#opensAt, this.#pulsesEndAt, this.io.settlesAt, registersAt, qualityAt);
  }

  /** The calendar's rate, or the override's while its input is closed. */
  rate(calendar: Rate | undefined): Rate | undefined {
    return this.override ? (this.#configuration.overrideRate ?? calendar) : calendar;
  }

  /** Whether an override input is closed. */
  get override(): boolean {
    return this.#configuration.io.some(({ mode }, k) => mode === "inputTouOverride" && this.io.isClosed(k + 1));
  }

  /** What has come on inputs and was measured goes into totalization, before anybody reads it. */
  total(rate: Rate | undefined): void {
    this.#totalization.update(rate);
  }

  /** A load-profile interval has ended. */
  interval(): void {
    this.triggers.interval();
  }

  /** A demand sub-interval has ended: its contact closes for a second. */
  subInterval(elapsed: number): void {
    if (!this.#configuration.io.some(({ mode }) => mode === "outputEndOfInterval")) return;
    this.io.drive("outputEndOfInterval", () => true);
    this.#opensAt = elapsed + END_OF_INTERVAL_MS;
  }

  /** A whole minute of local time. */
  minute(local: number): void {
    this.io.clock(Math.round(local / 60_000));
  }

  /** A stretch of so many seconds has been measured. */
  window(seconds: number): void {
    this.io.window(seconds);
    this.testPulses.update();
  }

  /** A half cycle, or a step, begins at an elapsed time, at the `same` rates as the last or others; which alarms begin or end in it. */
  look(rates: Float64Array, at: number, ms: number, same: boolean): readonly TriggerChange[] {
    return same && this.triggers.isQuiet ? none : this.#alarms("measure", at, ms, rates);
  }

  /** A half cycle has been sampled; which transients are in it, and which resets end. */
  seek(half: Parameters<Triggers["seek"]>[0]): readonly TriggerChange[] {
    const changes = this.triggers.seek(half);
    for (const { trigger, alarm } of changes) if (alarm) this.#pulses.set(trigger.id, Infinity);
    if (changes.length > 0) this.#drive();
    return changes;
  }

  /** The contact at an input opens or closes; false for a channel that is no input. What follows from it comes with `reach`. */
  setInput(channel: number, closed: boolean, elapsed: number): boolean {
    return this.io.set(channel, closed, elapsed);
  }

  /**
   * Elapsed time has come so far: what was to be looked at now has been. When inputs have changed, whether one that ends intervals
   * closed; what they have counted belongs to the rate of until now.
   */
  reach(elapsed: number, powered: boolean, rate: Rate | undefined): { readonly sync: boolean } | undefined {
    if (elapsed >= this.#inputsAt) this.#inputsAt = Infinity;
    if (elapsed >= this.#opensAt) {
      this.#opensAt = Infinity;
      this.io.drive("outputEndOfInterval", () => false);
    }
    this.#pulse(elapsed);
    const changed = this.io.settle(elapsed, powered);
    if (!powered || changed.length === 0) return undefined;
    this.total(rate);
    this.#inputsAt = elapsed + INPUT_MS;
    const { io } = this.#configuration;
    return { sync: changed.some((one) => io[one - 1]?.mode === "inputIntervalSync" && this.io.isClosed(one)) };
  }

  /** So many milliseconds have gone by in which no input has changed; with what to tell of it. */
  pass(ms: number, tell: (changes: readonly TriggerChange[], ms: number) => void): void {
    const now = this.#elapsed();
    tell(this.#alarms("input", now - ms, ms), ms);
    this.#sinceQualityMs += ms;
    if (this.#sinceQualityMs >= QUALITY_MS) {
      tell(this.#alarms("quality", now - this.#sinceQualityMs, this.#sinceQualityMs), this.#sinceQualityMs);
      this.#sinceQualityMs = 0;
    }
    this.#sinceRegistersMs += ms;
    if (this.#sinceRegistersMs < REGISTERS_MS) return;
    tell(this.#alarms("register", now - this.#sinceRegistersMs, this.#sinceRegistersMs), this.#sinceRegistersMs);
    this.#sinceRegistersMs = 0;
  }

  #alarms(kind: TriggerKind, at: number, ms: number, rates?: Float64Array): readonly TriggerChange[] {
    const changes = this.triggers.look(kind, at, ms, rates);
    if (changes.length > 0) this.#drive();
    return changes;
  }

  #drive(): void {
    this.io.drive("outputAlarm", (channel) => this.triggers.closes(channel, (id) => this.#isPulsing(id, channel)));
  }

  #isPulsing(trigger: number, channel: number): boolean {
    const began = this.#pulses.get(trigger);
    return began !== undefined && this.#elapsed() < began + this.#pulseMs(channel);
  }

  #pulseMs(channel: number): number {
    return this.#configuration.io[channel - 1]?.pulseMs ?? 0;
  }

  /** Pulses begin that are due, and end that are over: what was found in a stretch begins at its end, so that somebody can see it. */
  #pulse(elapsed: number): void {
    if (this.#pulses.size === 0) return;
    let next = Infinity;
    for (const [trigger, began] of this.#pulses) {
      if (began === Infinity) this.#pulses.set(trigger, elapsed);
      const from = began === Infinity ? elapsed : began;
      let lasts = false;
      this.#configuration.io.forEach(({ mode, pulseMs }) => {
        if (mode !== "outputAlarm" || from + pulseMs <= elapsed) return;
        lasts = true;
        next = Math.min(next, from + pulseMs);
      });
      if (!lasts) this.#pulses.delete(trigger);
    }
    if (elapsed >= this.#pulsesEndAt || this.#pulses.size === 0) this.#drive();
    this.#pulsesEndAt = next;
  }
}
