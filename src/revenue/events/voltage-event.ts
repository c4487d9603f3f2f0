/** What was measured while a sag, a swell or an interruption lasted: least, most and average of each phase. */
import type { MeasureQuantity } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";

/** What the log has of every phase. */
const quantities: readonly MeasureQuantity[] = ["V", "A", "THD.V", "THD.A", "PF"];

interface Statistic {
  readonly name: string;
  readonly columns: Columns;
  least: number;
  most: number;
  sum: number;
}

export class VoltageEvent {
  readonly #statistics: readonly Statistic[];
  #seconds = 0;

  constructor() {
    const statistic = (quantity: MeasureQuantity, phase: "a" | "b" | "c", name: string): Statistic => {
      const columns = columnsOf({ quantity, phase, direction: "bidirectional", compensated: false });
      return { name, columns, least: 0, most: 0, sum: 0 };
    };
    this.#statistics = [
      ...quantities.flatMap((one) => (["a", "b", "c"] as const).map((k) => statistic(one, k, `${one}.${k}`))),
      statistic("Hz", "a", "Hz"),
    ];
  }

  begin(): void {
    this.#seconds = 0;
    for (const one of this.#statistics) [one.least, one.most, one.sum] = [Infinity, -Infinity, 0];
  }

  /** Takes the rates of a stretch in which it lasts. */
  add(rates: Float64Array, seconds: number): void {
    this.#seconds += seconds;
    for (const one of this.#statistics) {
      const value = sumOf(one.columns, rates);
      if (Number.isNaN(value)) continue;
      one.least = Math.min(one.least, value);
      one.most = Math.max(one.most, value);
      one.sum += value * seconds;
    }
  }

  /** "12.15 101.26 20.87": least, most and average of everything that was known. */
  details(): Record<string, string> {
    const two = (value: number): string => value.toFixed(2);
    return Object.fromEntries(
      this.#statistics
        .filter(({ least }) => Number.isFinite(least))
        .map(({ name, least, most, sum }) => [name, `${two(least)} ${two(most)} ${two(sum / this.#seconds)}`]),
    );
  }
}
