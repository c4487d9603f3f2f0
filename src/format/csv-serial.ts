/** Dates as spreadsheets count them: in days, with the time of day behind the decimal mark, together or in two columns. */

/** Day 0, 1899-12-30, in milliseconds since 1970: the count takes 1900 for a leap year, so that it is right from March 1900 on. */
export const DAY_ZERO = -25_569 * 86_400_000;

export const DAY = 86_400;

/** Whether a number of days is one of 1954 to 2119. */
function isDay(days: number): boolean {
  return days >= 20_000 && days < 80_000;
}

/** Steps of seconds that no recorder of the mains has: a million samples a second and more. */
const TOO_SHORT = 1e-6;

/** Steps of days that are longer than a log of the mains has. */
const TOO_LONG = 1e-3;

/**
 * Whether numbers without a unit that begin with `first` and rise by `step` are days. Seconds of a day, and of a computer that has run for
 * one, are as large: only what says that it is a date may rise as slowly as they do.
 */
export function isInDays(name: string, first: number, step: number): boolean {
  return isDay(first) && step < (/^(date|datum|fecha|дата|日期)/iu.test(name) ? TOO_LONG : TOO_SHORT);
}

/** Whether one column counts whole days, and another one is the part of the day. */
export function isDayWithTime(days: readonly number[], parts: readonly number[]): boolean {
  return (
    days.length > 1 &&
    days.every((day) => isDay(day) && Number.isInteger(day)) &&
    parts.every((part) => part >= 0 && part < 1) &&
    parts.slice(1).filter((part, k) => Math.abs(part - (parts[k] ?? 0)) < TOO_LONG).length >=
      0.9 * (parts.length - 1) &&
    new Set(parts).size > 1
  );
}

/** What is said of either. */
export function inDays(example: number): string {
  return `numbers like ${example} are taken for days since 1899-12-30, as spreadsheets count dates`;
}
