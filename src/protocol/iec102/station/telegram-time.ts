/** A meter's instants as times of telegrams, and back. */
import { instantOf, wallTimeOf } from "#clock/meter-clock.ts";
import { weekdayOf } from "#clock/local-time.ts";
import type { TimeA, TimeB } from "#protocol/iec102/asdu/time.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { LocalDay, LocalTime, StationTime } from "./host.ts";

const CENTURY = 2000;
const MOST_TARIFF = 3;

export function timeBOf({ stamp, invalid, tariff = 0 }: StationTime): TimeB {
  const local = localOf(stamp);
  const { year, month, day, hour, minute, second } = wallTimeOf(local);
  // Two bits have room for three tariffs.
  const isSaid = tariff > 0 && tariff <= MOST_TARIFF;
  return {
    year: year % 100,
    month,
    day,
    weekday: weekday(local),
    hour,
    minute,
    second,
    millisecond: ((Math.floor(local) % 1000) + 1000) % 1000,
    summer: stamp.daylightSaving,
    invalid: invalid === true,
    tariffs: isSaid,
    energyTariff: isSaid ? tariff : 0,
    powerTariff: 0,
  };
}

export function timeAOf(time: StationTime): TimeA {
  const { second: _second, millisecond: _millisecond, ...rest } = timeBOf(time);
  return rest;
}

export function stampTimeOf(stamp: Stamp): TimeB {
  return timeBOf({ stamp });
}

/** A day without a time of day. */
export function dayOf({ year, month, day }: LocalDay): TimeA {
  const local = instantOf({ year, month, day, hour: 0, minute: 0, second: 0 });
  return {
    year: year % 100,
    month,
    day,
    weekday: local === undefined ? 0 : weekday(local),
    hour: 0,
    minute: 0,
    summer: false,
    invalid: false,
    tariffs: false,
    energyTariff: 0,
    powerTariff: 0,
  };
}

/** 1 Monday to 7 Sunday. */
function weekday(local: number): number {
  return weekdayOf(local) || 7;
}

const HOUR_MS = 3_600_000;

/**
 * UTC of a time as somebody has said it; undefined where no calendar has it. A time that clocks jump over is an hour later: who asks
 * counts on in winter time.
 */
export function utcOf(time: TimeA & Partial<TimeB>, utcOfLocal: (local: LocalTime) => number | undefined) {
  const { month, day, hour, minute, summer, second = 0, millisecond = 0 } = time;
  const local = { year: CENTURY + time.year, month, day, hour, minute, second, millisecond, summer };
  if (time.year > 99 || millisecond > 999) return undefined;
  const wall = instantOf(local);
  if (wall === undefined) return undefined;
  const utc = utcOfLocal(local);
  if (utc !== undefined) return utc;
  const later = wallTimeOf(wall + HOUR_MS);
  return utcOfLocal({ ...later, millisecond, summer: true });
}
