/** What is around the measuring: digital inputs and outputs, totalization of their pulses, triggers. */
import type { Rate } from "#clock/tou-schedule.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import { DigitalIo, type IoContext } from "./digital-io.ts";
import { TestPulses } from "./test-pulses.ts";
import { Totalization } from "./totalization.ts";
import { INPUT_MS, Triggers, type TriggerChange, type TriggerContext } from "./triggers.ts";

/** Registers are looked at this often. */
const REGISTERS_MS = 1000;

export class Periphery {
  #ended = false;
  #sinceRegistersMs = 0;
  /** Elapsed time at which inputs that have changed are to be looked at. */
  lookAt = Infinity;
  readonly io: DigitalIo;
  readonly triggers: Triggers;
  readonly testPulses: TestPulses;
  readonly #totalization: Totalization;
  readonly #configuration: RevenueConfiguration;

  constructor(configuration: RevenueConfiguration, context: IoContext & Omit<TriggerContext, "isClosed">) {
    this.#configuration = configuration;
    this.io = new DigitalIo(configuration.io, context);
    this.#totalization = new Totalization(configuration.totalization, context);
    this.testPulses = new TestPulses(configuration.testPulses, context);
    const { average, register } = context;
    const isClosed = (channel: number): boolean => this.io.isClosed(channel);
    this.triggers = new Triggers(configuration.triggers, configuration.triggerBits, { average, register, isClosed });
  }

  /** The calendar's rate, or the override's while its input is closed. */
  rate(calendar: Rate | undefined): Rate | undefined {
    return this.override ? (this.#configuration.overrideRate ?? calendar) : calendar;
  }

  /** Whether an override input is closed. */
  get override(): boolean {
    return this.#configuration.io.some(({ mode }, k) => mode === "inputTouOverride" && this.io.isClosed(k + 1));
  }

  /** Whether closing this channel ends intervals. */
  isSync(channel: number): boolean {
    return this.#configuration.io[channel - 1]?.mode === "inputIntervalSync";
  }

  /** What has come on inputs and was measured goes into totalization, before anybody reads it. */
  total(rate: Rate | undefined): void {
    this.#totalization.update(rate);
  }

  /** A load-profile interval has ended. */
  interval(): void {
    this.triggers.interval();
    this.io.drive("outputEndOfInterval", () => true);
    this.#ended = true;
  }

  /** A whole minute: clock pulses are one transition each. */
  minute(): void {
    this.io.toggle("outputClockPulse");
  }

  /** A stretch of so many seconds has been measured; which alarms began or ended with it. */
  window(seconds: number): TriggerChange[] {
    // The contact of the interval's end closes for a second: until this stretch has gone by.
    if (this.#ended) this.io.drive("outputEndOfInterval", () => false);
    this.#ended = false;
    this.io.window(seconds);
    this.testPulses.update();
    return this.#alarms(this.triggers.look("measure", 1000 * seconds));
  }

  /** An input opens or closes; false for a channel that is none. */
  setInput(channel: number, closed: boolean, elapsed: number): boolean {
    this.lookAt = elapsed + INPUT_MS;
    return this.io.set(channel, closed, elapsed);
  }

  /** So many milliseconds have gone by in which no input has changed. */
  pass(ms: number): TriggerChange[] {
    const changes = this.triggers.look("input", ms);
    this.#sinceRegistersMs += ms;
    if (this.#sinceRegistersMs >= REGISTERS_MS) {
      changes.push(...this.triggers.look("register", this.#sinceRegistersMs));
      this.#sinceRegistersMs = 0;
    }
    return this.#alarms(changes);
  }

  #alarms(changes: TriggerChange[]): TriggerChange[] {
    if (changes.length > 0) this.io.drive("outputAlarm", (channel) => this.triggers.closes(channel));
    return changes;
  }
}
