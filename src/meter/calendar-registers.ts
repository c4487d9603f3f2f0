/** The meter's clock as three registers hold it: day and month, hour and year since 2000, second and minute. */
import { instantOf, type WallTime } from "#clock/meter-clock.ts";
import type { SettingRefusal } from "#quantity/interfaces.ts";
import { describeDomain, inDomain, type Setting, type SettingRules } from "#quantity/setting.ts";

export interface CalendarRegisters {
  readonly dayMonth: number;
  readonly hourYear: number;
  readonly secondMinute: number;
}

const fields = ["clock.dayMonth", "clock.hourYear", "clock.secondMinute"] as const;
type Field = (typeof fields)[number];

/** The last year that a register can hold. */
const LAST_YEAR = 2199;

export function isCalendar(setting: Setting): setting is Field {
  return fields.some((field) => field === setting);
}

export function calendarRegisters({ year, month, day, hour, minute, second }: WallTime): CalendarRegisters {
  return {
    dayMonth: (day << 8) | month,
    hourYear: (hour << 8) | Math.max(0, Math.min(LAST_YEAR - 2000, year - 2000)),
    secondMinute: (second << 8) | minute,
  };
}

export function calendarField(registers: CalendarRegisters, setting: Field): number {
  return registers[setting.slice("clock.".length) as keyof CalendarRegisters];
}

/**
 * The instant that writing some of the registers makes, the others staying as they are; undefined when none of the
 * changes is one of them.
 */
export function calendarInstant(
  changes: ReadonlyMap<Setting, number>,
  now: CalendarRegisters,
  rules: SettingRules,
): number | SettingRefusal | undefined {
  const first = fields.find((field) => changes.has(field));
  if (first === undefined) return undefined;
  for (const setting of fields) {
    const value = changes.get(setting);
    const rule = rules[setting];
    if (value === undefined) continue;
    if (rule === undefined) return { setting, value, expected: "no such setting on this meter" };
    if (!inDomain(rule, value)) return { setting, value, expected: describeDomain(rule) };
  }
  const word = (field: Field): number => changes.get(field) ?? calendarField(now, field);
  const [dayMonth, hourYear, secondMinute] = [word(fields[0]), word(fields[1]), word(fields[2])];
  const wall = {
    day: dayMonth >> 8,
    month: dayMonth & 255,
    hour: hourYear >> 8,
    year: 2000 + (hourYear & 255),
    second: secondMinute >> 8,
    minute: secondMinute & 255,
  };
  const instant = wall.year > LAST_YEAR ? undefined : instantOf(wall);
  return instant ?? { setting: first, value: changes.get(first) ?? NaN, expected: "a date and time that exist" };
}
