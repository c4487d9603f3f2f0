/** The clock of a meter (Blue Book 4.5.1) beside that of who asks: what it says, which sign its deviation has, and how it is set. */
import { octets, type Data } from "#protocol/dlms/data/data.ts";
import {
  clockStatus,
  DATE_TIME_LENGTH,
  dateTimeBytes,
  dateTimeOf,
  instantOf,
  type DateTime,
} from "#protocol/dlms/data/date-time.ts";

/** How a meter counts its deviation: as the standard has it (UTC less local time), the other way round, or not at all. */
export type Sign = "standard" | "reversed" | "unspecified";

export interface MeterClock {
  readonly dateTime: DateTime;
  /** Milliseconds; undefined where it names no instant. */
  readonly utc: number | undefined;
  /** What its local time is ahead of UTC, minutes. */
  readonly offsetMinutes: number;
  readonly sign: Sign;
}

/** The date-time that a value is, as octet string or by its own type; undefined of another. */
export function dateTimeIn(data: Data): DateTime | undefined {
  const isTime = data.type === "octet-string" || data.type === "date-time";
  return isTime && data.value.length === DATE_TIME_LENGTH ? dateTimeOf(data.value) : undefined;
}

/** Nearer than this to the clock of who asks a meter's clock is taken to be right, milliseconds; the least step of deviations is more. */
const NEAR_MS = 7 * 60_000;

/**
 * What the time of a meter means at `now` (UTC) where local time is `offsetMinutes` ahead: a meter of which the time is right only with
 * its deviation the other way round counts it so.
 */
export function clockOf(dateTime: DateTime, now: number, offsetMinutes: number): MeterClock {
  const { deviation } = dateTime;
  const of = (sign: Sign, offset: number): MeterClock => ({
    dateTime,
    utc: instantOf({ ...dateTime, deviation: -offset }, () => offset),
    offsetMinutes: offset,
    sign,
  });
  if (deviation === undefined) return of("unspecified", offsetMinutes);
  const [standard, reversed] = [of("standard", -deviation || 0), of("reversed", deviation)];
  const isNear = ({ utc }: MeterClock): boolean => utc !== undefined && Math.abs(utc - now) < NEAR_MS;
  return deviation !== 0 && !isNear(standard) && isNear(reversed) ? reversed : standard;
}

/** An instant as the meter itself would say it: in its local time, with its deviation by its own sign. */
export function dateTimeFor(utc: number, { offsetMinutes, sign, dateTime }: MeterClock): DateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(Math.round(utc) + offsetMinutes * 60_000);
  const local = instant.toZonedDateTimeISO("UTC");
  const { status } = dateTime;
  return {
    year: local.year,
    month: local.month,
    day: local.day,
    weekday: local.dayOfWeek,
    hour: local.hour,
    minute: local.minute,
    second: local.second,
    hundredths: Math.floor(local.millisecond / 10),
    deviation: sign === "unspecified" ? undefined : sign === "standard" ? -offsetMinutes || 0 : offsetMinutes,
    // Whether daylight saving counts is as it was; nothing is doubtful any more.
    status: status === undefined ? undefined : status & clockStatus.daylightSaving,
  };
}

export function timeData(dateTime: DateTime): Data {
  return octets(dateTimeBytes(dateTime));
}
