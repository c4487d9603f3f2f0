/** What a clock is set to by a date-time that somebody writes (Blue Book 4.1.6.1): the instant that it names, and no other. */
import { clockStatus, instantOf, type DateTime } from "#protocol/dlms/data/date-time.ts";

/** The rules of the clock that is set. */
export interface ZoneRules {
  /** Minutes that local time is ahead of UTC at an instant. */
  offsetMinutes(utc: number): number;
  saving(utc: number): boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Local times are within 14 hours of UTC. */
const MOST_DEVIATION = 840;

/**
 * Milliseconds of UTC. Without a deviation it is local time by the clock's rules: an hour that comes twice is the one that the status
 * says, or the first. Undefined of what does not say its minutes and seconds, says of itself that it is invalid, does not exist, or is
 * before 1970. The day of the week is not looked at.
 */
export function settableInstant(time: DateTime, rules: ZoneRules): number | undefined {
  const { minute, second, deviation, status = 0 } = time;
  if (minute === undefined || second === undefined) return undefined;
  if (deviation !== undefined && Math.abs(deviation) > MOST_DEVIATION) return undefined;
  if ((status & (clockStatus.invalid | clockStatus.invalidStatus)) !== 0) return undefined;
  const local = instantOf(time, () => 0);
  if (local === undefined) return undefined;
  const utc = deviation === undefined ? byRules(local, time, rules) : local;
  return utc === undefined || utc <= 0 ? undefined : utc;
}

function byRules(local: number, { status }: DateTime, rules: ZoneRules): number | undefined {
  const offsets = new Set([rules.offsetMinutes(local - DAY_MS), rules.offsetMinutes(local + DAY_MS)]);
  const found = [...offsets]
    .map((offset) => ({ offset, utc: local - offset * MINUTE_MS }))
    .filter(({ offset, utc }) => rules.offsetMinutes(utc) === offset)
    .map(({ utc }) => utc)
    .sort((a, b) => a - b);
  if (status === undefined) return found[0];
  const saving = (status & clockStatus.daylightSaving) !== 0;
  return found.find((utc) => rules.saving(utc) === saving) ?? found[0];
}
