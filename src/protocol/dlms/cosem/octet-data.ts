/** Values that are octets: logical names, instants (Blue Book 4.1.6.1), texts. */
import { octets, type Data } from "#protocol/dlms/data/data.ts";
import { logicalNameBytes, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { clockStatus, dateTimeBytes, dateTimeOfStamp, type DateTime } from "#protocol/dlms/data/date-time.ts";

export function nameData(name: LogicalName): Data {
  return octets(logicalNameBytes(name));
}

/** Of which nothing is said. */
export const noDateTime: DateTime = {
  year: undefined,
  month: undefined,
  day: undefined,
  weekday: undefined,
  hour: undefined,
  minute: undefined,
  second: undefined,
  hundredths: undefined,
  deviation: undefined,
  status: undefined,
};

export function dateTimeData(dateTime: DateTime): Data {
  return octets(dateTimeBytes(dateTime));
}

/** 2000-01-01: a clock before it began in 1970, because nothing had kept it, and has not been set since. */
const EARLIEST = 946_684_800_000;

/** An instant as the meter's clock showed it; invalid where that had never been set. */
export function dateTimeAt(stamp: Stamp): DateTime {
  const at = dateTimeOfStamp(stamp);
  return stamp.utc >= EARLIEST ? at : { ...at, status: (at.status ?? 0) | clockStatus.invalid };
}

/** The same as twelve octets; what has not been is not specified. */
export function stampData(at: Stamp | undefined): Data {
  return dateTimeData(at === undefined ? noDateTime : dateTimeAt(at));
}

/** The octets of a text of one byte a character. */
export function textOctets(text: string): Data {
  return octets(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
