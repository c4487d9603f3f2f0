/** Intervals as they end, for whoever records them: what they have by the words of the vocabulary, flicker among it. */
import type { Measure, Reduction } from "#quantity/measure.ts";
import type { EndedInterval } from "#quantity/quality-view.ts";
import type { Interval } from "./intervals.ts";
import { type LastBlock, measured } from "./measured.ts";
import type { SeverityHistory } from "./severity-history.ts";

/** What is the same of all intervals of an instrument. */
export interface EndedParts {
  readonly block: Pick<LastBlock, "channels" | "declared">;
  /** The last block of an interval that ends now. */
  readonly last: (length: Interval["length"]) => Float64Array;
  readonly flicker: SeverityHistory;
  /** Which of the voltages that flicker is of a measure means; undefined of another. */
  readonly voltageOf: (measure: Measure) => number | undefined;
}

/** Whether a measure is one of the two severities, which come with intervals of their own. */
export function severityOf({ quantity }: Measure): "Pst" | "Plt" | undefined {
  if (quantity.startsWith("Pst")) return "Pst";
  return quantity.startsWith("Plt") ? "Plt" : undefined;
}

export function endedOf({ length, utcStart, utcEnd, complete, aggregate }: Interval, parts: EndedParts): EndedInterval {
  const of = (over: Reduction): Float64Array | undefined => {
    if (over === "average") return aggregate.mean;
    if (over === "minimum") return aggregate.min;
    if (over === "maximum") return aggregate.max;
    return over === "snapshot" ? parts.last(length) : undefined;
  };
  return {
    length,
    utcStart,
    utcEnd,
    complete,
    flagged: aggregate.flagged,
    value(measure, over) {
      const severity = severityOf(measure);
      if (severity !== undefined) {
        const voltage = parts.voltageOf(measure);
        return voltage === undefined ? undefined : parts.flicker.mean(severity, voltage, utcStart, utcEnd);
      }
      const values = of(over);
      const value = values === undefined ? undefined : measured({ ...parts.block, values }, measure);
      return value === undefined || Number.isNaN(value) ? undefined : value;
    },
  };
}
