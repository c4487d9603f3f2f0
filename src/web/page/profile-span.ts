/** Which days of a profile are looked at: a day, the week that it is in, or its month. */
import type { ProfileView } from "#quantity/meter-api.ts";
import { dayAfter, localMs } from "./local-time.ts";
import { channelOf } from "./profile-days.ts";

export const spans = ["day", "week", "month"] as const;
export type Span = (typeof spans)[number];

/** Local days from the first on. */
export interface Days {
  readonly day: string;
  readonly days: number;
}

/** Weeks begin on Monday. */
function mondayOf(day: string): string {
  const weekday = new Date(localMs(day)).getUTCDay();
  return dayAfter(day, -((weekday + 6) % 7));
}

function nextMonth(day: string): string {
  return dayAfter(`${day.slice(0, 7)}-01`, 31).slice(0, 7);
}

export function daysOf(span: Span, day: string): Days {
  if (span === "day") return { day, days: 1 };
  if (span === "week") return { day: mondayOf(day), days: 7 };
  const first = `${day.slice(0, 7)}-01`;
  return { day: first, days: Math.round((localMs(`${nextMonth(first)}-01`) - localMs(first)) / 86_400_000) };
}

/** A day of the span before, or after. */
export function moved(span: Span, day: string, by: -1 | 1): string {
  if (span === "day") return dayAfter(day, by);
  if (span === "week") return dayAfter(mondayOf(day), 7 * by);
  return by === 1 ? `${nextMonth(day)}-01` : `${dayAfter(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;
}

/** What the records of a channel add up to, where they are counted; undefined of one that is averaged, and where nothing is known. */
export function sumOf({ channels, records }: ProfileView, channel: number): number | undefined {
  const { measure, worth } = channelOf(channels[channel] ?? "");
  if (!/^[^.]*h\b/.test(measure)) return undefined;
  const known = records.flatMap(({ values }) => values[channel] ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) * worth;
}
