/** What triggers leave in the logs: alarms that begin and end, and the voltage events that end with them. */
import { timeTextMs } from "#clock/time-text.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { automatic, type EventLog } from "./event-log.ts";
import type { TriggerChange } from "./triggers.ts";

const events = { sagSwell: "sag or swell", interruption: "interruption", rapidVoltageChange: "rapid voltage change" };

/** Logs what changed in a stretch that began so many milliseconds ago; `stampOf` says what was then, so long after it. */
export function logAlarms(log: EventLog, changes: readonly TriggerChange[], stampOf: (afterMs: number) => Stamp): void {
  for (const { trigger, alarm, value, phase, afterMs, event } of changes) {
    const at = stampOf(afterMs);
    const details = { trigger: trigger.id, label: trigger.label, value: Number(value.toPrecision(9)) };
    const of = phase === undefined ? {} : { phase };
    const what = alarm ? "alarm" : "alarm cleared";
    log.addAt(at, "alarm", { ...automatic, what, details: { ...details, ...of } });
    if (event === undefined || trigger.records === undefined) continue;
    const milliseconds = 1000 * event.seconds;
    const start = timeTextMs(localOf(stampOf(afterMs - milliseconds)));
    log.addAt(at, trigger.records, {
      ...automatic,
      what: events[trigger.records],
      details: { trigger: trigger.id, start, milliseconds: Math.round(milliseconds), ...event.details },
    });
  }
}
