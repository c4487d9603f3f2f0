/** Interface class 8, Clock (Blue Book 4.5.1): date and time, how far local time is from UTC, and when daylight saving begins and ends. */
import { boolean, enumerated, integer, long, octets, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, type DateTime } from "#protocol/dlms/data/date-time.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { AccessMode, AccessResult, Asker, Attribute, CosemObject, Method } from "./object.ts";
import { noDateTime } from "./octet-data.ts";
import { timeIn } from "./read-data.ts";
import { settableInstant, type ZoneRules } from "./settable-time.ts";

/** clock_base. */
export const clockBases = { undefined: 0, crystal: 1, "mains 50 Hz": 2, "mains 60 Hz": 3, gps: 4, radio: 5 } as const;

export interface DaylightSaving {
  /** Every year: what is not said is undefined. */
  readonly begin: DateTime;
  readonly end: DateTime;
  /** By how many minutes local time goes forward. */
  readonly minutes: number;
}

export interface ClockObject {
  readonly now: () => DateTime;
  /** UTC less local time without daylight saving, minutes: the sign of deviations. */
  readonly timeZone: number;
  readonly daylightSaving: DaylightSaving | undefined;
  readonly base: (typeof clockBases)[keyof typeof clockBases];
  readonly rules: ZoneRules;
  readonly access?: Attribute["access"];
  /** What somebody may do with the time. */
  readonly timeAccess?: (asker: Asker) => AccessMode;
  /** Milliseconds of UTC. */
  readonly set?: (asker: Asker, utc: number) => AccessResult;
  readonly methods?: readonly Method[];
}

export function clockObject(logicalName: LogicalName, clock: ClockObject): CosemObject {
  const { now, timeZone, daylightSaving, base, access, timeAccess, set, rules, methods = [] } = clock;
  const further = { access };
  const told = (time: DateTime): Data => octets(dateTimeBytes(time));
  const setTime =
    set === undefined ? undefined : (asker: Asker, value: Data) => setTo(value, rules, (utc) => set(asker, utc));
  const attributes = [
    readAttribute(2, "time", () => told(now()), { access: timeAccess ?? access, set: setTime }),
    readAttribute(3, "time_zone", () => long(timeZone), further),
    readAttribute(4, "status", () => unsigned(now().status ?? 0xff), further),
    readAttribute(5, "daylight_savings_begin", () => told(daylightSaving?.begin ?? noDateTime), further),
    readAttribute(6, "daylight_savings_end", () => told(daylightSaving?.end ?? noDateTime), further),
    readAttribute(7, "daylight_savings_deviation", () => integer(daylightSaving?.minutes ?? 0), further),
    readAttribute(8, "daylight_savings_enabled", () => boolean(daylightSaving !== undefined), further),
    readAttribute(9, "clock_base", () => enumerated(base), further),
  ];
  return { classId: 8, version: 0, logicalName, attributes, methods };
}

function setTo(value: Data, rules: ZoneRules, set: (utc: number) => AccessResult): AccessResult {
  const time = timeIn(value);
  if (time === undefined) return "type-unmatched";
  const utc = settableInstant(time, rules);
  // A time that does not exist, or that is not said.
  return utc === undefined ? "other-reason" : set(utc);
}
