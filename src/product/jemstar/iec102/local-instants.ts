/** Local times of telegrams as instants of UTC: of an hour that comes twice, the bit of summer time says which. */
import type { LocalTime as MeterZone } from "#clock/local-time.ts";
import { instantOf } from "#clock/meter-clock.ts";
import type { LocalTime } from "#protocol/iec102/station/host.ts";

/**
 * Undefined of a date that no calendar has, and of a time that the clocks left out. Where the bit of summer time is wrong of a time that
 * comes once it says nothing: readers that do not know of it send it as 0.
 */
export function utcOf(zone: MeterZone, { millisecond, summer, ...wall }: LocalTime): number | undefined {
  const whole = instantOf(wall);
  if (whole === undefined || millisecond < 0 || millisecond > 999) return undefined;
  const local = whole + millisecond;
  const first = zone.utcOf(local);
  if (zone.local(first) !== local) return undefined;
  if (summer || !zone.saving(first)) return first;
  const second = first + (zone.local(first) - zone.standard(first));
  return zone.local(second) === local ? second : first;
}
