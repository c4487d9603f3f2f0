/** What is around the measuring: digital inputs and outputs, totalization of their pulses, triggers. */
import type { Rate } from "#clock/tou-schedule.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import { DigitalIo, type IoContext } from "./digital-io.ts";
import { Totalization } from "./totalization.ts";
import { Triggers, type TriggerChange } from "./triggers.ts";

export class Periphery {
  #ended = false;
  readonly io: DigitalIo;
  readonly triggers: Triggers;
  readonly #totalization: Totalization;
  readonly #configuration: RevenueConfiguration;

  constructor(configuration: RevenueConfiguration, context: IoContext) {
    this.#configuration = configuration;
    this.io = new DigitalIo(configuration.io, context);
    this.#totalization = new Totalization(configuration.totalization, context);
    this.triggers = new Triggers(configuration.triggers, configuration.triggerBits);
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
    this.io.drive("outputEndOfInterval", true);
    this.#ended = true;
  }

  /** A whole minute: clock pulses are one transition each. */
  minute(): void {
    this.io.toggle("outputClockPulse");
  }

  /** A stretch of so many seconds has been measured; which alarms began or ended with it. */
  window(average: Float64Array, seconds: number): TriggerChange[] {
    // The contact of the interval's end closes for a second: until this stretch has gone by.
    if (this.#ended) this.io.drive("outputEndOfInterval", false);
    this.#ended = false;
    this.io.window(seconds);
    const changes = this.triggers.look(average, 1000 * seconds);
    this.io.drive("outputAlarm", this.triggers.active().length > 0);
    return changes;
  }
}
