/** The clock of Appendix D: what the meter's own shows, by its own rules; setting it is the command `setTime`. */
import { clockBases, clockObject, type DaylightSaving } from "#protocol/dlms/cosem/clock.ts";
import { clockMethods } from "#protocol/dlms/cosem/clock-methods.ts";
import type { AccessMode, Asker, CosemObject } from "#protocol/dlms/cosem/object.ts";
import { clockStatus, type DateTime } from "#protocol/dlms/data/date-time.ts";
import type { ShownConfiguration } from "./configuration.ts";
import { resultOf } from "./outcomes.ts";
import { dateTimeAt } from "#protocol/dlms/cosem/octet-data.ts";
import { offsetIn, type Shown } from "./shown.ts";

export const CLOCK = "0.0.1.0.0.255";

export function clockOf(shown: Shown): CosemObject {
  const { surface, configuration, nameplate, zone } = shown;
  const { utcOffsetMinutes, sync } = configuration.timekeeping;
  const mains = nameplate.hz === 50 ? clockBases["mains 50 Hz"] : clockBases["mains 60 Hz"];
  const may = ({ session }: Asker): boolean => surface.permits("setTime", session) === undefined;
  const set = ({ session }: Asker, utc: number): ReturnType<typeof resultOf> => {
    const time = Temporal.Instant.fromEpochMilliseconds(utc).toString();
    return resultOf(surface.obey({ command: "setTime", utc: time }, session));
  };
  const offsetOf = offsetIn(zone);
  const period = surface.profiles[0]?.interval;
  const periodMinutes = typeof period === "number" ? period : undefined;
  // The manual has no service to invoke them by.
  const isFull = configuration.dlms.beyond === "full";
  const methods = isFull ? clockMethods({ now: () => surface.now(), set, may, offsetOf, periodMinutes }) : [];
  return clockObject(CLOCK, {
    now: () => dateTimeAt(surface.now()),
    timeZone: -utcOffsetMinutes,
    daylightSaving: savingOf(configuration.timekeeping),
    // Time servers are no base that the Blue Book has.
    base: sync === "line" ? mains : sync === "crystal" ? clockBases.crystal : clockBases.undefined,
    rules: zone,
    timeAccess: (asker): AccessMode => (may(asker) ? "read-write" : "read"),
    methods,
    set,
  });
}

type Timekeeping = ShownConfiguration["timekeeping"];
type Yearly = NonNullable<Timekeeping["daylightSaving"]>["start"];

function savingOf({ utcOffsetMinutes, daylightSaving }: Timekeeping): DaylightSaving | undefined {
  if (daylightSaving === undefined) return undefined;
  const { start, end, minutes } = daylightSaving;
  // Each by the time that ends there.
  return {
    begin: yearly(start, -utcOffsetMinutes, 0),
    end: yearly(end, -utcOffsetMinutes - minutes, clockStatus.daylightSaving),
    minutes,
  };
}

/** "The last Sunday" is the last day of the month with its weekday; the second one is the first such day from the 8th on. */
function yearly({ month, week, weekday, hour }: Yearly, deviation: number, status: number): DateTime {
  return {
    year: undefined,
    month,
    day: week === 5 ? "last" : 7 * (week - 1) + 1,
    weekday: weekday === 0 ? 7 : weekday,
    hour,
    minute: 0,
    second: 0,
    hundredths: 0,
    deviation,
    status,
  };
}
