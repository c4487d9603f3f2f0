/** Buffer Object Status of Appendix D: what happened in an interval of a load profile, and whether that was at midnight. */
import { DAY_MS } from "#clock/local-time.ts";
import { profileStatus, type ProfileEvent, type ProfileRecord } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";

const MIDNIGHT = 2;

const values: Readonly<Record<Exclude<ProfileEvent, "normal" | "midnight">, number>> = {
  powerFail: 4,
  timeSet: 8,
  daylightSaving: 16,
  testMode: 32,
  configuration: 64,
  freeze: 128,
  billingReset: 256,
  // Not of IEC meters, says the table: those with sealed registers take no presets, whatever their panels offer.
  preset: 512,
  recalibration: 1024,
  diagnostic: 2048,
};

/**
 * "Normal Interval" is 1 by the table and 0 in the example. An interval that ends with the day is a "Midnight Normal", one that the day
 * cut short a "Midnight Event".
 */
export function statusOf({ type, end, until, status }: ProfileRecord, normal: 0 | 1): number {
  if (type === "normal") return normal | (isMidnight(end) ? MIDNIGHT : 0);
  if (type === "midnight") return (status & profileStatus.partial) === 0 ? normal | MIDNIGHT : MIDNIGHT;
  const isAtMidnight = isMidnight(end) || (until.utc === end.utc && isMidnight(until));
  return values[type] | (isAtMidnight ? MIDNIGHT : 0);
}

function isMidnight(stamp: Stamp): boolean {
  return localOf(stamp) % DAY_MS === 0;
}
