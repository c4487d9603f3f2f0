/** What was measured while a sag, a swell or an interruption lasted: least, most and average of each phase. */
import type { MeasureQuantity } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";

/** What the log has of every phase. */
const quantities: readonly MeasureQuantity[] = ["V", "A", "THD.V", "THD.A", "PF"];

/** What it is of: the same in all of them. */
const measured: readonly { readonly name: string; readonly columns: Columns }[] = [
  ...quantities.flatMap((one) => (["a", "b", "c"] as const).map((k) => ({ name: `${one}.${k}`, columns: of(one, k) }))),
  { name: "Hz", columns: of("Hz", "a") },
];

function of(quantity: MeasureQuantity, phase: "a" | "b" | "c"): Columns {
  return columnsOf({ quantity, phase, direction: "bidirectional", compensated: false });
}

interface Statistic {
  least: number;
  most: number;
  sum: number;
  /** Seconds in which it was known. */
  seconds: number;
}

export class VoltageEvent {
  /** By place in what is measured; while there is none, nothing. */
  #statistics: readonly Statistic[] = [];

  begin(): void {
    this.#statistics = measured.map(() => ({ least: Infinity, most: -Infinity, sum: 0, seconds: 0 }));
  }

  /** Takes the rates of a stretch in which it lasts. */
  add(rates: Float64Array, seconds: number): void {
    for (const [k, { columns }] of measured.entries()) {
      const value = sumOf(columns, rates);
      const one = this.#statistics[k];
      if (one === undefined || Number.isNaN(value)) continue;
      one.least = Math.min(one.least, value);
      one.most = Math.max(one.most, value);
      one.sum += value * seconds;
      one.seconds += seconds;
    }
  }

  /** "12.15 101.26 20.87": least, most and average of everything that was known. */
  details(): Record<string, string> {
    const two = (value: number): string => value.toFixed(2);
    return Object.fromEntries(
      this.#statistics
        .map((one, k) => ({ name: measured[k]?.name ?? "", ...one }))
        .filter(({ least }) => Number.isFinite(least))
        .map(({ name, least, most, sum, seconds }) => [name, `${two(least)} ${two(most)} ${two(sum / seconds)}`]),
    );
  }
}
