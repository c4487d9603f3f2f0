/** Invocation counters of a client (Green Book 9.2.3.5.7): each message under a key has one that none before it had. */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { numberOf, type Asks } from "./objects.ts";

const DATA = 1;
const VALUE = 2;

/** Where meters show which counter came last: of each security setup one. */
const usual: readonly LogicalName[] = Array.from({ length: 8 }, (_, k) => `0.0.43.1.${k}.255`);

/** The highest that the meter has had of any client, as its public client shows it; undefined where it shows none. */
export async function receivedCounter(meter: Asks, object?: LogicalName): Promise<number | undefined> {
  const found: number[] = [];
  for (const logicalName of object === undefined ? usual : [object]) {
    const result = await meter.get({ classId: DATA, logicalName, attribute: VALUE });
    const counter = "denied" in result ? undefined : numberOf(result.data);
    if (counter !== undefined) found.push(counter);
  }
  return found.length === 0 ? undefined : Math.max(...found);
}

/** Seconds of UTC since 2000 are higher than what came before, where the meter does not say what did. */
const YEAR_2000 = 946_684_800_000;

export function counterByTime(utc: number): number {
  return Math.floor((utc - YEAR_2000) / 1000);
}

export function countingFrom(first: number): () => number {
  let next = first;
  return () => next++;
}
