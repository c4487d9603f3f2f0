/**
 * To whom a recording belongs that several triggers share: to the one that says most, an interruption before a sag or a swell, these before
 * a rapid voltage change that is an event, that before all others; among equals to the first.
 */
import type { TriggerSettings } from "#revenue/settings/configuration.ts";

type Records = TriggerSettings["records"];

/** A trigger that took part in a recording. */
export interface Taker {
  readonly records: Records;
  readonly isOn: boolean;
  /** What it left. */
  readonly event: object | undefined;
}

const says: Readonly<Record<NonNullable<Records>, number>> = { interruption: 3, sagSwell: 2, rapidVoltageChange: 1 };

/** How much one says; of what is over without an event nothing. */
function weight({ records, isOn, event }: Taker): number {
  return records === undefined || (!isOn && event === undefined) ? 0 : says[records];
}

/** A rapid change that is not over may yet be none. */
const isOpen = ({ records, isOn }: Taker): boolean => records === "rapidVoltageChange" && isOn;

function first<T>(all: readonly T[], weightOf: (one: T) => number): T | undefined {
  let most: T | undefined;
  for (const one of all) if (most === undefined || weightOf(one) > weightOf(most)) most = one;
  return most;
}

/** Undefined while it is open; when it is late, what may yet be no event is none. */
export function ownerOf<T extends Taker>(takers: readonly T[], isLate: boolean): T | undefined {
  if (isLate) return first(takers, (one) => (isOpen(one) ? 0 : weight(one)));
  const most = first(takers, weight);
  return most !== undefined && takers.length > 1 && isOpen(most) ? undefined : most;
}

/** Of triggers of which nothing is known but what they look for, the one to which it belongs; 0 of none. */
export function mostTelling(
  ids: readonly number[],
  settings: readonly Pick<TriggerSettings, "id" | "records">[],
): number {
  const weightOf = (id: number): number => {
    const records = settings.find((one) => one.id === id)?.records;
    return records === undefined || records === "rapidVoltageChange" ? 0 : says[records];
  };
  return first(ids, weightOf) ?? 0;
}
