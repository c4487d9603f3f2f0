/**
 * What a transient is by IEEE 1159, table "Categories and typical characteristics of power system electromagnetic phenomena" (2009,
 * read in Rockwell 1426-UM001F, table 14): an oscillatory one by its frequency, an impulsive one by its duration. One of nanoseconds no recording of this kind shows.
 */
import type { EventClass } from "#analysis/limits/event-class.ts";
import type { TransientShape } from "./transient-shape.ts";

/** Hertz from which on an oscillatory one is of medium frequency; seconds from which on an impulsive one is of milliseconds. */
const MEDIUM = 5000;
const MILLISECONDS = 0.001;

/** Typical of low frequency: 0.3 to 50 ms, 0 to 4 per unit; of medium frequency 0 to 8. */
const LOW_LASTS = [0.0003, 0.05] as const;
const LOW_MOST = 4;
const MEDIUM_MOST = 8;

/** `perUnit` is how far it went, of the peak of the declared voltage. */
export function transientClass({ rings, hz, seconds }: TransientShape, perUnit: number): EventClass {
  if (!rings) {
    const isLong = seconds > MILLISECONDS;
    return {
      kind: "impulsive transient",
      span: isLong ? "milliseconds" : "microseconds",
      number: isLong ? "1.1.3" : "1.1.2",
      typical: true,
    };
  }
  const kind = "oscillatory transient";
  if (hz === undefined) return { kind, span: "unknown frequency", number: "1.2", typical: false };
  if (hz >= MEDIUM) return { kind, span: "medium frequency", number: "1.2.2", typical: perUnit <= MEDIUM_MOST };
  const typical = seconds >= LOW_LASTS[0] && seconds <= LOW_LASTS[1] && perUnit <= LOW_MOST;
  return { kind, span: "low frequency", number: "1.2.1", typical };
}
