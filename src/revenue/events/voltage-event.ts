/** What was measured while a sag, a swell or an interruption lasted: least, most and average of each phase. */
import type { MeasureQuantity } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";

/** The volts that an event is of. */
export type EventVolts = "V" | "V.ll";

/** What the log has of every phase besides its volts. */
const quantities: readonly MeasureQuantity[] = ["A", "THD.V", "THD.A", "PF"];

interface Measured {
  readonly name: string;
  readonly columns: Columns;
}

/** What it is of: the same in all of them. */
const measuredOf = (volts: EventVolts): readonly Measured[] => [
  ...[volts, ...quantities].flatMap((one) => (["a", "b", "c"] as const).map((k) => of(one, k))),
  of("Hz", "polyphase"),
];
const measured: Readonly<Record<EventVolts, readonly Measured[]>> = { V: measuredOf("V"), "V.ll": measuredOf("V.ll") };

function of(quantity: MeasureQuantity, phase: "a" | "b" | "c" | "polyphase"): Measured {
  const measure = { quantity, phase, direction: "bidirectional", compensated: false } as const;
  return { name: measureName(measure), columns: columnsOf(measure) };
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
  readonly #measured: readonly Measured[];

  constructor(volts: EventVolts) {
    this.#measured = measured[volts];
  }

  begin(): void {
    this.#statistics = this.#measured.map(() => ({ least: Infinity, most: -Infinity, sum: 0, seconds: 0 }));
  }

  /** Takes the rates of a stretch in which it lasts. */
  add(rates: Float64Array, seconds: number): void {
    for (const [k, { columns }] of this.#measured.entries()) {
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
        .map((one, k) => ({ name: this.#measured[k]?.name ?? "", ...one }))
        .filter(({ least }) => Number.isFinite(least))
        .map(({ name, least, most, sum, seconds }) => [name, `${two(least)} ${two(most)} ${two(sum / seconds)}`]),
    );
  }
}
