/** Local times as the meter's lists and logs show them. */

/** "2026-07-31 16:45:00" of seconds of local time. */
export function timeText(seconds: number): string {
  return timeTextMs(Math.round(seconds * 1000)).slice(0, 19);
}

/** "2026-07-31 16:45:00.250" of milliseconds of local time. */
export function timeTextMs(ms: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString({ fractionalSecondDigits: 3 });
  return text.slice(0, 23).replace("T", " ");
}
