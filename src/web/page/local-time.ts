/**
 * Times as the meter's wall clock shows them, in the reader's language where they are for people. Inside, an instant of local time is milliseconds as
 * UTC would have them.
 */
import { locale, say } from "./language.ts";
import { spans } from "./texts/states.ts";

/** Milliseconds of "2026-07-31 16:45:00", as far as it is given. */
export function localMs(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

/** "16:45:00"; "16:45:00.2" where the next one that it has to be told from is less than a second later. */
export function clockText(ms: number, stepMs = 1000): string {
  const decimals = [0, 1, 2].find((count) => stepMs % 10 ** (3 - count) === 0) ?? 3;
  return new Date(ms).toISOString().slice(11, decimals === 0 ? 19 : 20 + decimals);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format of the reader's locale: one is made in a tenth of a millisecond, and a table has hundreds of cells. */
function formatOf(parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value} ${JSON.stringify(parts)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale.value, { ...parts, timeZone: "UTC" });
  formats.set(key, known);
  return known;
}

const FRACTION = { fractionalSecondDigits: 3 } as const;

/** "16:45" of "2026-07-31 16:45", "4:45:00.250 PM" of "2026-07-31 16:45:00.250": as exact as the text, as the reader's locale has it. */
export function timeText(local: string): string {
  const seconds = local.length > 16 ? { second: "2-digit", ...(local.length > 19 ? FRACTION : {}) } : {};
  return formatOf({ hour: "2-digit", minute: "2-digit", ...seconds } as Intl.DateTimeFormatOptions).format(
    localMs(local),
  );
}

/** "31/07/2026 16:45:00" of "2026-07-31 16:45:00", as exact as the text, as the reader's locale has it. */
export function whenText(local: string): string {
  return `${dateText(local)} ${timeText(local)}`;
}

/** "2026-07-31 16:45:00", by a wall clock that is so far ahead of UTC. */
export function wallText(utc: number, offsetMinutes: number): string {
  return new Date(utc + 60_000 * offsetMinutes).toISOString().slice(0, 19).replace("T", " ");
}

/** "4:45:00.250 PM" of an instant of UTC, where and as the reader has his time. */
export function momentText(instant: string): string {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", ...FRACTION } as const;
  return new Date(instant).toLocaleTimeString(locale.value, parts);
}

/** "16:45:00.250". */
export function preciseClockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** "UTC+05:30": how far a wall clock is ahead of UTC. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((one) => String(one).padStart(2, "0"));
  return `UTC${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
}

/** The time so many seconds before "2026-07-31 16:45:00"; with its date where that is another. */
export function timeBefore(local: string, seconds: number): string {
  const text = wallText(localMs(local) - 1000 * seconds, 0);
  return text.slice(0, 10) === local.slice(0, 10) ? timeText(text) : whenText(text);
}

/**
 * "06:40 to 06:50" of ten minutes that ended at an instant of UTC, by the wall clock that shows `local`; with its date where that is
 * another.
 */
export function endedSpan(end: string, minutes: number, { local, offsetMinutes }: Wall): string {
  const at = (ms: number): string => wallText(ms, offsetMinutes).slice(0, 16);
  const last = Date.parse(end);
  const [from, to] = [at(last - 60_000 * minutes), at(last)];
  if (from.slice(0, 10) !== to.slice(0, 10)) return say(spans.fromTo, { from: whenText(from), to: whenText(to) });
  return say(spans.fromTo, {
    from: from.slice(0, 10) === local.slice(0, 10) ? timeText(from) : whenText(from),
    to: timeText(to),
  });
}

/** A meter's wall clock. */
export interface Wall {
  /** "2026-07-31 16:45:00", and how far it is ahead of UTC. */
  readonly local: string;
  readonly offsetMinutes: number;
}

/** "12 s", "5 min", "3 h 20 min", "4 days". */
export function span(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return say(spans.seconds, { n: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return say(spans.minutes, { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48)
    return minutes % 60 === 0
      ? say(spans.hours, { n: hours })
      : say(spans.hoursMinutes, { h: hours, min: minutes % 60 });
  return say(spans.days, { n: Math.floor(hours / 24) });
}

/** "Sunday 8 March 2026" of "2026-03-08", as the reader's locale has it. */
export function dayText(day: string): string {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(localMs(day)).toLocaleDateString(locale.value, parts);
}

/** "08/03/2026" of "2026-03-08 16:45:00", as the reader's locale has it. */
export function dateText(local: string): string {
  const parts = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  return formatOf(parts).format(localMs(local.slice(0, 10)));
}

/** The day so many days after "2026-03-08". */
export function dayAfter(day: string, count: number): string {
  return new Date(localMs(day) + 86_400_000 * count).toISOString().slice(0, 10);
}

/** "31/07" of milliseconds of local time, as the reader's locale has it. */
export function shortDate(ms: number): string {
  return new Date(ms).toLocaleDateString(locale.value, { day: "2-digit", month: "2-digit", timeZone: "UTC" });
}

/** "July 2026" of "2026-07". */
export function monthText(month: string): string {
  const parts = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(localMs(`${month.slice(0, 7)}-01`)).toLocaleDateString(locale.value, parts);
}
