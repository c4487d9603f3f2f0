/** What assessments take, made of what was examined: values of intervals that are not covered as they should be are not known. */
import type { SupplyRecord, ChannelHarmonics } from "./en50160.ts";
import type { Examination, ExaminedSeries, IntervalTable } from "./examination.ts";
import type { HarmonicRecord, HarmonicTrend } from "./ieee519.ts";
import type { Period, TimedValues } from "./timed-values.ts";
import { whyAbsent } from "./why-absent.ts";

/** The part of an interval that has to be covered: ours. */
export const LEAST_COVERED = 0.9;

/** THD of EN 50160 goes to this order. */
const THD_ORDER = 40;

/** Of a recording that nobody knows the time of, instants count from its first sample. */
function originOf({ startUtc }: Examination): number {
  return startUtc ?? 0;
}

function periodOf(examination: Examination): Period {
  const from = originOf(examination);
  return { from, to: from + 1000 * examination.seconds };
}

/** Where whole intervals begin: an interval that began before the first sample is of a period before. */
function timed(name: string, table: IntervalTable | ExaminedSeries, origin: number, values: Float64Array): TimedValues {
  return {
    name,
    intervalMs: 1000 * table.seconds,
    utc: table.start.map((start) => Math.round(origin + 1000 * start)),
    values,
    flagged: table.flagged,
  };
}

function ofTable(table: IntervalTable, origin: number, name: string, value: (row: number) => number): TimedValues {
  const values = table.covered.map((covered, row) => (covered >= LEAST_COVERED ? value(row) : NaN));
  return timed(name, table, origin, values);
}

function tableOf({ intervals }: Examination, seconds: number): IntervalTable | undefined {
  return intervals.find((table) => table.seconds === seconds && table.start.length > 0);
}

function columnOf(table: IntervalTable, origin: number, name: string, as = name): TimedValues | undefined {
  const column = table.columns.find((one) => one.name === name);
  return column === undefined ? undefined : ofTable(table, origin, as, (row) => column.mean[row]!);
}

/** For assessEn50160: of the voltages that events are of. */
export function supplyRecord(examination: Examination): SupplyRecord {
  const origin = originOf(examination);
  const { voltages, frequency, plt, isLog = false } = examination;
  const ten = tableOf(examination, 600);
  const short = tableOf(examination, 3);
  const all = (table: IntervalTable | undefined, prefix: string): TimedValues[] =>
    table === undefined ? [] : voltages.flatMap((name) => columnOf(table, origin, `${prefix}${name}`, name) ?? []);
  const unbalance = ten && columnOf(ten, origin, "unbalance.V");
  const harmonics = ten === undefined ? [] : harmonicsOf(ten, voltages, origin);
  const distortions = voltages.flatMap(
    (name) => summed(name, harmonics) ?? (isLog && ten !== undefined ? logged(name, ten, origin) : undefined) ?? [],
  );
  return {
    period: periodOf(examination),
    ...(frequency.start.length === 0 ? {} : { hz: timed("Hz", frequency, origin, frequency.values) }),
    volts: all(ten, ""),
    plt: plt
      .filter(({ values }) => values.some((value) => !Number.isNaN(value)))
      .map((series) => timed(series.name, series, origin, series.values)),
    ...(unbalance === undefined || voltages.length < 3 ? {} : { unbalance }),
    thd: distortions.map(({ series }) => series),
    harmonics,
    signals: all(short, "MSV."),
    why: whyAbsent(examination, ten, THD_ORDER),
    ...(examination.isLog ? { notes: originsOf(distortions, voltages) } : {}),
  };
}

function harmonicsOf(table: IntervalTable, voltages: readonly string[], origin: number): ChannelHarmonics[] {
  return table.harmonics
    .filter(({ name }) => voltages.includes(name))
    .map(({ name, orders }) => {
      const fundamental = orders[1]!;
      const percent = new Map<number, TimedValues>();
      // A log may have orders without what they are percent of.
      if (fundamental.every(Number.isNaN)) return { name, orders: percent };
      for (let order = 2; order <= THD_ORDER; order++) {
        const rms = orders[order]!;
        // What the source's rate does not carry is not there, not unknown here and there.
        if (rms.every(Number.isNaN)) continue;
        percent.set(
          order,
          ofTable(table, origin, name, (row) => (100 * rms[row]!) / fundamental[row]!),
        );
      }
      return { name, orders: percent };
    })
    .filter(({ orders }) => orders.size > 0);
}

/** THD of a voltage: of its orders, or as another instrument logged it. */
interface Distortion {
  readonly series: TimedValues;
  readonly isSum: boolean;
}

/** A sum that lacks orders is no THD. */
function summed(name: string, harmonics: readonly ChannelHarmonics[]): Distortion | undefined {
  const orders = harmonics.find((one) => one.name === name)?.orders;
  return orders?.size === THD_ORDER - 1 ? { series: totalOf(name, orders), isSum: true } : undefined;
}

function logged(name: string, ten: IntervalTable, origin: number): Distortion | undefined {
  const series = columnOf(ten, origin, `THD.${name}`, name);
  return series === undefined || series.values.every(Number.isNaN) ? undefined : { series, isSum: false };
}

/** Of a log: which THD was taken, and of which voltages there is none though others have it. */
function originsOf(distortions: readonly Distortion[], voltages: readonly string[]): string[] {
  const of = (isSum: boolean): string =>
    distortions.flatMap((one) => (one.isSum === isSum ? [one.series.name] : [])).join(", ");
  const [sums, values] = [of(true), of(false)];
  const without = voltages.filter((name) => distortions.every(({ series }) => series.name !== name)).join(", ");
  return [
    ...(sums === "" ? [] : [`THD of ${sums}: of the logged orders 2 to ${THD_ORDER}.`]),
    ...(values === "" ? [] : [`THD of ${values}: as it was logged; the log does not say to which order it goes.`]),
    ...(distortions.length === 0 || without === "" ? [] : [`THD of ${without}: the log has none.`]),
  ];
}

/** The root of the sum of squares of the orders that are there. */
function totalOf(name: string, orders: ReadonlyMap<number, TimedValues>): TimedValues {
  const [first, ...others] = [...orders.values()];
  const values = first!.values.map((value, row) => {
    let squares = value * value;
    for (const other of others) squares += other.values[row]! ** 2;
    return Math.sqrt(squares);
  });
  return { ...first!, name, values };
}

/** For assessIeee519: RMS of orders 2 to 50 over 150/180 cycles and ten minutes. */
export function harmonicRecord(examination: Examination): HarmonicRecord {
  const origin = originOf(examination);
  const trends = (seconds: number, unit: "V" | "A"): HarmonicTrend[] => {
    const table = tableOf(examination, seconds);
    if (table === undefined) return [];
    return table.harmonics
      .filter((one) => one.unit === unit)
      .map(({ name, orders }) => ({
        name,
        orders: orders.map((rms, order) =>
          order < 2 || rms.every(Number.isNaN) ? undefined : ofTable(table, origin, name, (row) => rms[row]!),
        ),
      }));
  };
  return {
    period: periodOf(examination),
    volts: { veryShort: trends(3, "V"), short: trends(600, "V") },
    amps: { veryShort: trends(3, "A"), short: trends(600, "A") },
  };
}
