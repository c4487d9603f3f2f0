/** Local times as they are asked for over IEC 60870-5-102, and the meter's clock as its telegrams say it. */
import { noTime, type TimeA, type TimeB } from "#protocol/iec102/asdu/time.ts";

/** What local time is ahead of UTC, minutes, and whether it is summer time. */
export interface LocalOffset {
  readonly offsetMinutes: number;
  readonly summer: boolean;
}

/** Of a zone at an instant. Standard time is the one that is less ahead. */
export function offsetAt(utc: number, zone: string = Temporal.Now.timeZoneId()): LocalOffset {
  const here = Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toZonedDateTimeISO(zone);
  const ahead = (time: Temporal.ZonedDateTime): number => Math.round(time.offsetNanoseconds / 60e9);
  const offsetMinutes = ahead(here);
  const standard = Math.min(...[1, 7].map((month) => ahead(here.with({ month, day: 1 }))));
  return { offsetMinutes, summer: offsetMinutes > standard };
}

/** Hours of local time that clocks that go back have twice, somewhere. */
const repeatable = [23, 0, 1, 2, 3];

/** Whether a local time may be there twice where a meter is. */
export function mayBeRepeated({ hour }: Temporal.PlainDateTime): boolean {
  return repeatable.includes(hour);
}

/**
 * A local time that is asked for. Whether it is summer time is said as it would be where this computer is; of the repeated hour the first is
 * the beginning of a range, and the second its end: so also of every hour that may be it where nobody knows the meter's zone.
 */
export function localTime(time: Temporal.PlainDateTime, end: "first" | "last", isElsewhere = false): TimeA {
  const zone = Temporal.Now.timeZoneId();
  const at = time.toZonedDateTime(zone, { disambiguation: end === "first" ? "earlier" : "later" });
  const { year, month, day, hour, minute } = time;
  const summer = isElsewhere && mayBeRepeated(time) ? end === "first" : offsetAt(at.epochMilliseconds, zone).summer;
  return { ...noTime, year: year % 100, month, day, hour, minute, summer };
}

/** What the meter's wall shows; undefined of no date. */
export function plainOf(time: TimeA & Partial<TimeB>): Temporal.PlainDateTime | undefined {
  const { year, month, day, hour, minute, second = 0, millisecond = 0 } = time;
  try {
    return Temporal.PlainDateTime.from(
      { year: 2000 + year, month, day, hour, minute, second, millisecond },
      { overflow: "reject" },
    );
  } catch {
    return undefined;
  }
}

/** Milliseconds since 1970 as the meter's wall shows them. */
export function wallOf(time: TimeB): number | undefined {
  return plainOf(time)?.toZonedDateTime("UTC").epochMilliseconds;
}

/** A clock that is no further off than this shows which local time it keeps. */
export const NEAR_MS = 300_000;

/** How far a meter's wall is from local time here; undefined where it is near it, and where it shows no date. */
export function aheadOfHere(time: TimeB, utc: number): number | undefined {
  const wall = wallOf(time);
  if (wall === undefined) return undefined;
  const ahead = wall - utc - 60_000 * offsetAt(utc).offsetMinutes;
  return Math.abs(ahead) <= NEAR_MS ? undefined : ahead;
}

/** The telegram of an instant where local time is so much ahead. */
export function telegramOf(utc: number, { offsetMinutes, summer }: LocalOffset): TimeB {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.round(utc) + 60_000 * offsetMinutes).toZonedDateTimeISO(
    "UTC",
  );
  const { year, month, day, dayOfWeek, hour, minute, second, millisecond } = local;
  return { ...noTime, year: year % 100, month, day, weekday: dayOfWeek, hour, minute, second, millisecond, summer };
}
