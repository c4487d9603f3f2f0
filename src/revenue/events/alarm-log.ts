/** What triggers leave in the logs, alarms that begin and end and the voltage events that end with them; and whom else they tell. */
import { timeTextMs } from "#clock/time-text.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { AlarmRate } from "./alarm-rate.ts";
import { automatic, type EventLog } from "./event-log.ts";
import type { EventCounter } from "./event-counts.ts";
import type { Observations } from "./observations.ts";
import type { Instant, TriggerChange } from "./trigger.ts";
import { triggerWords } from "./trigger-words.ts";

const events = { sagSwell: "sag or swell", interruption: "interruption", rapidVoltageChange: "rapid voltage change" };

export interface AlarmLogContext {
  readonly log: EventLog;
  readonly stampOf: (utc: number) => Stamp;
  readonly observations: Observations;
  readonly counter: EventCounter;
}

export class AlarmLog {
  readonly #context: AlarmLogContext;
  readonly #rate = new AlarmRate();
  /** When those that are on began, by the clock as it was then; NaN of one that is not told. By trigger. */
  readonly #began = new Map<number, number>();

  constructor(context: AlarmLogContext) {
    this.#context = context;
  }

  /** When a trigger's alarm began that is on, UTC; undefined of one that is not, or is not told. */
  began(id: number): number | undefined {
    const began = this.#began.get(id);
    return Number.isNaN(began) ? undefined : began;
  }

  /** Takes what changed in a stretch. */
  take(changes: readonly TriggerChange[], { utc, elapsed, at }: Instant): void {
    for (const change of changes) {
      const then = { utc: utc + change.afterMs, elapsed: elapsed + change.afterMs, at: at + change.afterMs / 1000 };
      if (change.alarm) this.#begin(change, then);
      else this.#end(change, then);
    }
  }

  #begin(change: TriggerChange, then: Instant): void {
    const { trigger, value } = change;
    this.over(then.elapsed);
    const isTold = this.#rate.takes(trigger.id, then.elapsed);
    this.#began.set(trigger.id, isTold ? then.utc : NaN);
    if (!isTold) return;
    this.#write(change, then, "alarm");
    this.#context.observations.begin(trigger, { ...then, value: logged(value) });
  }

  #end(change: TriggerChange, then: Instant): void {
    const { trigger, event } = change;
    const began = this.#began.get(trigger.id);
    this.#began.delete(trigger.id);
    if (Number.isNaN(began)) return;
    this.#write(change, then, "alarm cleared");
    const { log, stampOf, observations, counter } = this.#context;
    if (event === undefined || trigger.records === undefined) return observations.end(trigger.id, then.at);
    const milliseconds = 1000 * event.seconds;
    // By the clock as it was at the trigger, whoever has set it since; a rapid change ends before it is known.
    const utcStart = began ?? then.utc - milliseconds;
    const utcEnd = utcStart + milliseconds;
    const [start, end] = [utcStart, utcEnd].map((at) => timeTextMs(localOf(stampOf(at))));
    const entry = log.addAt(stampOf(then.utc), trigger.records, {
      ...automatic,
      what: events[trigger.records],
      details: {
        trigger: trigger.id,
        start: start ?? "",
        end: end ?? "",
        milliseconds: Math.round(milliseconds),
        ...event.details,
      },
    });
    const { observed } = event;
    if ((observed.kind === "sag" || observed.kind === "swell") && observed.phase !== undefined)
      counter.voltage(observed.kind, observed.phase);
    observations.end(trigger.id, then.at, { ...observed, utcStart, utcEnd, entry });
  }

  #write({ trigger, value, phase }: TriggerChange, { utc }: Instant, what: string): void {
    const { log, stampOf } = this.#context;
    const cleared = what === "alarm" ? "" : " CLEARED";
    const details = {
      trigger: trigger.id,
      description: `${triggerWords(trigger, phase)}${cleared}`,
      label: trigger.label,
      value: logged(value),
      ...(phase === undefined ? {} : { phase }),
    };
    log.addAt(stampOf(utc), "alarm", { ...automatic, what, details });
  }

  /** A minute is over in which there were more alarms than are logged: that is told. */
  over(elapsed: number): void {
    const dropped = this.#rate.over(elapsed);
    if (dropped === undefined) return;
    const details = { alarms: dropped.count, triggers: dropped.triggers.join(", ") };
    this.#context.log.add("alarm", "alarms not logged", automatic, details);
  }
}

/** A value as the log has it. */
function logged(value: number): number {
  return Number(value.toPrecision(9));
}
