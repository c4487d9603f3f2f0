/** Times as the meter's wall clock shows them. Inside, an instant of local time is milliseconds as UTC would have them. */

/** Milliseconds of "2026-07-31 16:45:00", as far as it is given. */
export function localMs(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

/** "16:45:00"; "16:45:00.2" where the next one that it has to be told from is less than a second later. */
export function clockText(ms: number, stepMs = 1000): string {
  const decimals = [0, 1, 2].find((count) => stepMs % 10 ** (3 - count) === 0) ?? 3;
  return new Date(ms).toISOString().slice(11, decimals === 0 ? 19 : 20 + decimals);
}

/** "2026-07-31 16:45:00", by a wall clock that is so far ahead of UTC. */
export function wallText(utc: number, offsetMinutes: number): string {
  return new Date(utc + 60_000 * offsetMinutes).toISOString().slice(0, 19).replace("T", " ");
}

/** "16:45:00.250". */
export function preciseClockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** The time so many seconds before "2026-07-31 16:45:00"; with its date where that is another. */
export function timeBefore(local: string, seconds: number): string {
  const text = new Date(localMs(local) - 1000 * seconds).toISOString().replace("T", " ");
  return text.slice(0, 10) === local.slice(0, 10) ? text.slice(11, 19) : text.slice(0, 19);
}

/**
 * "06:40 to 06:50" of ten minutes that ended at an instant of UTC, by the wall clock that shows `local`; with its date where that is
 * another.
 */
export function endedSpan(end: string, minutes: number, { local, offsetMinutes }: Wall): string {
  const at = (ms: number): string => new Date(ms + 60_000 * offsetMinutes).toISOString().slice(0, 16).replace("T", " ");
  const last = Date.parse(end);
  const [from, to] = [at(last - 60_000 * minutes), at(last)];
  if (from.slice(0, 10) !== to.slice(0, 10)) return `${from} to ${to}`;
  return `${from.slice(0, 10) === local.slice(0, 10) ? from.slice(11) : from} to ${to.slice(11)}`;
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
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = "January February March April May June July August September October November December".split(" ");

/** "Sunday 8 March 2026" of "2026-03-08". */
export function dayText(day: string): string {
  const date = new Date(localMs(day));
  return `${days[date.getUTCDay()]} ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** The day so many days after "2026-03-08". */
export function dayAfter(day: string, count: number): string {
  return new Date(localMs(day) + 86_400_000 * count).toISOString().slice(0, 10);
}
