/** Intervals as they end, gathered into columns. Of all that an interval has these are what a report is made of. */
import type { MeasuredChannel } from "#metrology/channels.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "#quality/columns.ts";
import type { Interval } from "#quality/intervals.ts";
import type { ExaminedSeries, HarmonicColumns, IntervalColumn, IntervalTable } from "./examination.ts";
import { GrowingColumn } from "./growing.ts";

/** Orders whose RMS is kept. */
export const KEPT_ORDERS = 50;

/** Rows of one length that are kept: a week of 150 cycles. */
const MOST_ROWS = 201_600;

/** The lengths whose harmonics assessments need. */
const WITH_HARMONICS: ReadonlySet<Interval["length"]> = new Set(["cycles", 10]);

interface Kept {
  readonly name: string;
  readonly unit: IntervalColumn["unit"];
  /** Where it stands in an interval. */
  readonly column: number;
}

function keptOf(channels: readonly MeasuredChannel[], signal: boolean): readonly Kept[] {
  const service = channels.length * CHANNEL_COLUMNS;
  const ofChannels = channels.flatMap(({ name, unit }, c): Kept[] => {
    const at = c * CHANNEL_COLUMNS;
    return [
      { name, unit, column: at + channelColumn.rms },
      { name: `THD.${name}`, unit: "%", column: at + channelColumn.thd },
      ...(unit === "A" ? [{ name: `TDD.${name}`, unit: "%", column: at + channelColumn.tdd } as const] : []),
      ...(unit === "V" && signal ? [{ name: `MSV.${name}`, unit, column: at + channelColumn.signal } as const] : []),
    ];
  });
  return [
    ...ofChannels,
    { name: "unbalance.V", unit: "%", column: service + serviceColumn.unbalanceV },
    { name: "unbalance.A", unit: "%", column: service + serviceColumn.unbalanceA },
    { name: "Hz", unit: "Hz", column: service + serviceColumn.hz },
  ];
}

class GrowingTable {
  readonly start = new GrowingColumn();
  readonly #end = new GrowingColumn();
  readonly #covered = new GrowingColumn();
  readonly #flagged = new GrowingColumn();
  readonly #kept: readonly Kept[];
  readonly #columns: readonly (readonly [mean: GrowingColumn, min: GrowingColumn, max: GrowingColumn])[];
  readonly #harmonics: readonly { channel: MeasuredChannel; first: number; orders: readonly GrowingColumn[] }[];

  constructor(kept: readonly Kept[], harmonics: readonly { channel: MeasuredChannel; first: number }[]) {
    this.#kept = kept;
    this.#columns = kept.map(() => [new GrowingColumn(), new GrowingColumn(), new GrowingColumn()]);
    this.#harmonics = harmonics.map((one) => ({
      ...one,
      orders: Array.from({ length: KEPT_ORDERS }, () => new GrowingColumn()),
    }));
  }

  /** `start` and `end` are seconds of the recording. */
  add(start: number, end: number, seconds: number, { aggregate }: Interval): void {
    const { mean, min, max } = aggregate;
    this.start.push(start);
    this.#end.push(end);
    this.#covered.push(Math.min(1, aggregate.seconds / seconds));
    this.#flagged.push(aggregate.flagged ? 1 : 0);
    for (let k = 0; k < this.#kept.length; k++) {
      const { column } = this.#kept[k]!;
      const [means, least, largest] = this.#columns[k]!;
      means.push(mean[column]!);
      least.push(min[column]!);
      largest.push(max[column]!);
    }
    for (const { first, orders } of this.#harmonics) {
      for (let order = 1; order <= KEPT_ORDERS; order++) orders[order - 1]!.push(mean[first + order]!);
    }
  }

  table(length: IntervalTable["length"], seconds: number): IntervalTable {
    return {
      length,
      seconds,
      start: this.start.values,
      end: this.#end.values,
      covered: this.#covered.values,
      flagged: this.#flagged.flags,
      columns: this.#kept.map(({ name, unit }, k): IntervalColumn => {
        const [mean, min, max] = this.#columns[k]!;
        return { name, unit, mean: mean.values, min: min.values, max: max.values };
      }),
      harmonics: this.#harmonics.map(({ channel: { name, unit }, orders }): HarmonicColumns => ({
        name,
        unit,
        orders: [new Float64Array(0), ...orders.map(({ values }) => values)],
      })),
    };
  }
}

export class IntervalTables {
  readonly #hz: 50 | 60;
  readonly #tables = new Map<Interval["length"], GrowingTable>();
  #dropped = 0;

  /** Of `watched` channels and amps there are harmonics. */
  constructor(
    channels: readonly MeasuredChannel[],
    watched: readonly string[],
    { hz, signal }: { readonly hz: 50 | 60; readonly signal: boolean },
  ) {
    this.#hz = hz;
    const kept = keptOf(channels, signal);
    const harmonics = channels.flatMap((channel, c) =>
      channel.unit === "A" || watched.includes(channel.name)
        ? [{ channel, first: c * CHANNEL_COLUMNS + channelColumn.harmonic }]
        : [],
    );
    for (const length of ["cycles", 1, 10, 120] as const) {
      this.#tables.set(length, new GrowingTable(kept, WITH_HARMONICS.has(length) ? harmonics : []));
    }
  }

  /** Takes an interval; `origin` is the UTC of the first sample in milliseconds. */
  take(interval: Interval, origin: number): void {
    const { length, utcStart, utcEnd, aggregate } = interval;
    const table = this.#tables.get(length);
    if (table === undefined || aggregate.count === 0) return;
    const start = (utcStart - origin) / 1000;
    // Of a clock that goes with the samples every interval starts behind the one before it.
    if (Number.isNaN(start) || start <= table.start.last) return;
    if (table.start.count >= MOST_ROWS) {
      this.#dropped++;
      return;
    }
    table.add(start, (utcEnd - origin) / 1000, length === "cycles" ? 3 : 60 * length, interval);
  }

  get left(): readonly string[] {
    return this.#dropped === 0 ? [] : [`${this.#dropped} intervals beyond ${MOST_ROWS} of one length are not kept`];
  }

  get tables(): readonly IntervalTable[] {
    return [...this.#tables].map(([length, table]) =>
      length === "cycles"
        ? table.table(this.#hz === 50 ? "150 cycles" : "180 cycles", 3)
        : table.table(`${length} min` as IntervalTable["length"], 60 * length),
    );
  }
}

/** A series whose values come one at a time. */
export class GrowingSeries {
  readonly #name: string;
  readonly #seconds: number;
  readonly #start = new GrowingColumn();
  readonly #values = new GrowingColumn();
  readonly #flagged = new GrowingColumn();

  constructor(name: string, seconds: number) {
    this.#name = name;
    this.#seconds = seconds;
  }

  /** A value of an interval that ends at `end`, seconds of the recording. */
  add(end: number, value: number | undefined, flagged: boolean): void {
    const start = end - this.#seconds;
    if (start <= this.#start.last) return;
    this.#start.push(start);
    this.#values.push(value ?? NaN);
    this.#flagged.push(flagged ? 1 : 0);
  }

  get series(): ExaminedSeries {
    return {
      name: this.#name,
      seconds: this.#seconds,
      start: this.#start.values,
      values: this.#values.values,
      flagged: this.#flagged.flags,
    };
  }
}
