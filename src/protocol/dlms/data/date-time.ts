/**
 * Date-times of COSEM (Blue Book 4.1.6.1): twelve bytes, each of which may say that it does not say. Deviation is what has to be
 * added to local time to have UTC, minutes: +5 hours east of Greenwich is -300.
 */
import type { Stamp } from "#quantity/stamp.ts";

/** What is not specified is undefined. */
export interface DateTime {
  readonly year: number | undefined;
  /** 1 to 12; "dst-end" and "dst-begin" are the days of the change. */
  readonly month: number | "dst-end" | "dst-begin" | undefined;
  /** 1 to 31; "last" and "second-last" of the month. */
  readonly day: number | "last" | "second-last" | undefined;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  readonly second: number | undefined;
  readonly hundredths: number | undefined;
  /** UTC less local time, minutes, -720 to 840. */
  readonly deviation: number | undefined;
  readonly status: ClockStatus | undefined;
}

/** Bits of clock_status. */
export const clockStatus = { invalid: 1, doubtful: 2, otherBase: 4, invalidStatus: 8, daylightSaving: 0x80 } as const;
/** The byte itself. */
export type ClockStatus = number;

const UNSPECIFIED = 0xff;
const UNSPECIFIED_YEAR = 0xffff;
const UNSPECIFIED_DEVIATION = -0x8000;
export const DATE_TIME_LENGTH = 12;

function said(byte: number | undefined): number | undefined {
  return byte === UNSPECIFIED ? undefined : byte;
}

/** What twelve bytes say, sense or not. */
export function dateTimeOf(bytes: Uint8Array): DateTime {
  const view = new DataView(bytes.buffer, bytes.byteOffset, DATE_TIME_LENGTH);
  const year = view.getUint16(0);
  const month = bytes[2];
  const day = bytes[3];
  const deviation = view.getInt16(9);
  return {
    year: year === UNSPECIFIED_YEAR ? undefined : year,
    month: month === 0xfd ? "dst-end" : month === 0xfe ? "dst-begin" : said(month),
    day: day === 0xfd ? "second-last" : day === 0xfe ? "last" : said(day),
    weekday: said(bytes[4]),
    hour: said(bytes[5]),
    minute: said(bytes[6]),
    second: said(bytes[7]),
    hundredths: said(bytes[8]),
    deviation: deviation === UNSPECIFIED_DEVIATION ? undefined : deviation,
    status: said(bytes[11]),
  };
}

/** Each of 16 bits, high byte first. */
function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}

export function dateTimeBytes(dateTime: DateTime): Uint8Array {
  const { year, month, day, weekday, hour, minute, second, hundredths, deviation, status } = dateTime;
  const bytes = new Uint8Array(DATE_TIME_LENGTH);
  put16(bytes, 0, year ?? UNSPECIFIED_YEAR);
  bytes[2] = month === "dst-end" ? 0xfd : month === "dst-begin" ? 0xfe : (month ?? UNSPECIFIED);
  bytes[3] = day === "second-last" ? 0xfd : day === "last" ? 0xfe : (day ?? UNSPECIFIED);
  bytes[4] = weekday ?? UNSPECIFIED;
  bytes[5] = hour ?? UNSPECIFIED;
  bytes[6] = minute ?? UNSPECIFIED;
  bytes[7] = second ?? UNSPECIFIED;
  bytes[8] = hundredths ?? UNSPECIFIED;
  put16(bytes, 9, deviation ?? UNSPECIFIED_DEVIATION);
  bytes[11] = status ?? UNSPECIFIED;
  return bytes;
}

const DAY_MS = 86_400_000;
/** Days of 400 years; from 1 March 0000 to 1 January 1970. */
const ERA_DAYS = 146_097;
const DAYS_BEFORE_1970 = 719_468;

/**
 * Year, month and day of a number of days since 1970, of the Gregorian calendar: years begin in March, so that the leap day is their
 * last (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days). Each row of a profile has one.
 */
function civilDate(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + 400 * era + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

/** A stamp as the meter's clock shows it: local time, its deviation, whether daylight saving counts and the clock is kept. */
export function dateTimeOfStamp({ utc, offsetMinutes, daylightSaving, synchronised }: Stamp): DateTime {
  const local = Math.floor(utc + offsetMinutes * 60_000);
  const days = Math.floor(local / DAY_MS);
  const ofDay = local - days * DAY_MS;
  const { year, month, day } = civilDate(days);
  return {
    year,
    month,
    day,
    // 1 January 1970 was a Thursday.
    weekday: ((((days + 3) % 7) + 7) % 7) + 1,
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    hundredths: Math.floor(ofDay / 10) % 100,
    deviation: 0 - offsetMinutes,
    status: (daylightSaving ? clockStatus.daylightSaving : 0) | (synchronised ? 0 : clockStatus.doubtful),
  };
}

/**
 * The instant, milliseconds of UTC: by the deviation that it says, else by what local time is ahead of UTC then (`offsetOf`, told local
 * milliseconds as if they were of UTC). Undefined of what names no instant: a date that does not exist, or one that is not said; of
 * hundredths, seconds and minutes that are not said the first counts.
 */
export function instantOf(dateTime: DateTime, offsetOf: (local: number) => number): number | undefined {
  const { year, month, day, hour, minute = 0, second = 0, hundredths = 0, deviation } = dateTime;
  if (year === undefined || typeof month !== "number" || typeof day !== "number" || hour === undefined)
    return undefined;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 || hundredths > 99)
    return undefined;
  const days = new Temporal.PlainYearMonth(year, month).daysInMonth;
  if (day > days) return undefined;
  const date = new Temporal.PlainDateTime(year, month, day, hour, minute, second, 10 * hundredths);
  const local = date.toZonedDateTime("UTC").epochMilliseconds;
  return local + (deviation === undefined ? -60_000 * offsetOf(local) : 60_000 * deviation);
}
