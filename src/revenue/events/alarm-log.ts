/** What triggers leave in the logs: alarms that begin and end, and the voltage events that end with them. */
import { automatic, type EventLog } from "./event-log.ts";
import { timeTextMs } from "#clock/time-text.ts";
import type { TriggerChange } from "./triggers.ts";

const events = { sagSwell: "sag or swell", interruption: "interruption", rapidVoltageChange: "rapid voltage change" };

/** Logs what changed in a stretch that began at a local time. */
export function logAlarms(log: EventLog, changes: readonly TriggerChange[], began: number): void {
  for (const { trigger, alarm, value, phase, afterMs, event } of changes) {
    const at = began + afterMs;
    const details = { trigger: trigger.id, label: trigger.label, value: Number(value.toPrecision(9)) };
    const of = phase === undefined ? {} : { phase };
    log.addAt(at, "alarm", {
      what: alarm ? "alarm" : "alarm cleared",
      ...automatic,
      details: { ...details, ...of },
    });
    if (event === undefined || trigger.records === undefined) continue;
    const start = timeTextMs(at - 1000 * event.seconds);
    log.addAt(at, trigger.records, {
      what: events[trigger.records],
      ...automatic,
      details: { trigger: trigger.id, start, milliseconds: Math.round(1000 * event.seconds), ...event.details },
    });
  }
}
