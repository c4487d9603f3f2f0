/** What a meter tells by itself (RFC 3416, 4.2.6): alarms that begin and end, its starts, and requests that are not who they say. */
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Alarm } from "./alarms.ts";
import {
  alarmEntry,
  authenticationFailure,
  coldStart,
  identityGroup,
  meterNotifications,
  snmpTrapOid,
  statusGroup,
  sysUpTime,
} from "./names.ts";
import { impliedIndex, type Oid } from "./oid.ts";
import type { Variable } from "./pdu.ts";
import type { Value } from "./ber.ts";
import { dateAndTime, textValue, ticks } from "./values.ts";

/** As it is sent: what it is, and what belongs to it. */
export type Notification = readonly Variable[];

function notification(what: Oid, elapsedMs: number, more: readonly Variable[] = []): Notification {
  return [
    { name: sysUpTime, value: ticks(elapsedMs) },
    { name: snmpTrapOid, value: { kind: "oid", value: what } },
    ...more,
  ];
}

export function started(elapsedMs: number): Notification {
  return notification(coldStart, elapsedMs);
}

export function unauthentic(elapsedMs: number): Notification {
  return notification(authenticationFailure, elapsedMs);
}

const numbers = { began: 1, ended: 2 } as const;

/** Whose alarm it is and when follows it, then what it looks at, where it has that. */
export function alarmTold(
  what: keyof typeof numbers,
  alarm: Alarm,
  { surface, elapsedMs }: { readonly surface: MeterSurface; readonly elapsedMs: number },
): Notification {
  const index = impliedIndex(alarm.name);
  const column = (number: number, value: Value | undefined): readonly Variable[] =>
    value === undefined ? [] : [{ name: [...alarmEntry, number, ...index], value }];
  return notification([...meterNotifications, numbers[what]], elapsedMs, [
    ...column(2, textValue(alarm.text)),
    ...column(3, dateAndTime(alarm.since)),
    { name: [...identityGroup, 1, 0], value: textValue(surface.identity.name) ?? { kind: "null" } },
    { name: [...statusGroup, 1, 0], value: dateAndTime(surface.now()) },
    ...column(4, textValue(alarm.of)),
    ...column(5, textValue(alarm.value)),
    ...column(6, textValue(alarm.level)),
  ]);
}
