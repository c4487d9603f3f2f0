/** Assessment by IEEE 519-2022 at the point of common coupling: harmonics of voltage and current, week by week. */
import { ordersText, type Assessment, type AssessmentRow, type NotAssessed } from "./assessment.ts";
import {
  currentLimitsOf,
  currentStatistics,
  type CurrentLimits,
  LEAST_VOLTS,
  type Statistic,
  TOP_ORDER,
  voltageLimitsOf,
  voltageStatistics,
} from "#analysis/limits/ieee519-limits.ts";
import { judge, worstOf, type Counting, type Judged } from "./judge.ts";
import { checkTimed, daysOf, weeksOf, type Period, type TimedValues } from "./timed-values.ts";

export interface Ieee519Settings {
  /** Nominal volts of the bus, line to line: chooses the table. */
  readonly busVolts: number;
  /** Nominal volts of the channels that are assessed. */
  readonly nominal: number;
  /** IL: the maximum demand load current, fundamental, in A. */
  readonly loadCurrent?: number;
  /** Isc/IL, or Isc in A; the ratio goes first. */
  readonly shortCircuitRatio?: number;
  readonly shortCircuitCurrent?: number;
  /** Rated generation of the site in percent of its annual average load demand. */
  readonly generation?: number;
  readonly flagged: Counting["flagged"];
  readonly leastKnown: number;
}

export const usualIeee519: Pick<Ieee519Settings, "flagged" | "leastKnown"> = {
  flagged: "left out",
  leastKnown: 95,
};

/** RMS of each order from 2 on, in V or A, at the same times: `orders[h]`, what is missing above is not known. */
export interface HarmonicTrend {
  readonly name: string;
  readonly orders: readonly (TimedValues | undefined)[];
}

export interface HarmonicRecord {
  readonly period: Period;
  readonly volts: { readonly veryShort: readonly HarmonicTrend[]; readonly short: readonly HarmonicTrend[] };
  readonly amps: { readonly veryShort: readonly HarmonicTrend[]; readonly short: readonly HarmonicTrend[] };
}

/** One assessment for each week from the record's start on. */
export function assessIeee519(record: HarmonicRecord, settings: Ieee519Settings): readonly Assessment[] {
  const { nominal, busVolts } = settings;
  if (!(nominal > 0)) throw new RangeError(`IEEE 519: nominal ${nominal} V: expected more than 0`);
  const voltage = voltageLimitsOf(busVolts);
  const current = currentPart(settings);
  const total = {
    volts: sumsOf(record.volts),
    amps: sumsOf(record.amps),
  };
  return weeksOf(record.period).map((week) => {
    const rows: AssessmentRow[] = [];
    const absent: NotAssessed[] = [];
    const put: Put = { week, settings, rows, absent };
    assess(put, voltageStatistics, total.volts, {
      total: "THD",
      part: "voltage",
      clause: "table 1",
      base: nominal,
      totalLimit: voltage.thd,
      limitOf: () => voltage.individual,
    });
    if ("reason" in current) absent.push({ what: "current", reason: current.reason });
    else {
      assess(put, currentStatistics, total.amps, {
        total: "TDD",
        part: "current",
        clause: `table ${current.limits.table}, Isc/IL ${current.limits.row}`,
        base: current.loadCurrent,
        totalLimit: current.limits.tdd,
        limitOf: current.limits.limitOf,
      });
    }
    return { standard: "IEEE 519-2022", period: week, rows, absent, notes: notesOf(settings) };
  });
}

type CurrentPart = { readonly limits: CurrentLimits; readonly loadCurrent: number } | { readonly reason: string };

function currentPart(settings: Ieee519Settings): CurrentPart {
  const { busVolts, loadCurrent, shortCircuitCurrent, shortCircuitRatio, generation } = settings;
  if (generation !== undefined && generation > 10) {
    const reason = `generation of ${generation} % of the annual average load demand: IEEE 1547 or IEEE 2800 has the limits of current`;
    return { reason };
  }
  if (busVolts < LEAST_VOLTS) return { reason: `a bus of ${busVolts} V: table 2 begins at ${LEAST_VOLTS} V` };
  if (loadCurrent === undefined) return { reason: "the maximum demand load current IL is not set" };
  if (!(loadCurrent > 0)) throw new RangeError(`IEEE 519: IL ${loadCurrent} A: expected more than 0`);
  const ratio =
    shortCircuitRatio ?? (shortCircuitCurrent === undefined ? undefined : shortCircuitCurrent / loadCurrent);
  if (ratio === undefined) return { reason: "neither Isc/IL nor Isc is set" };
  return { limits: currentLimitsOf(busVolts, ratio), loadCurrent };
}

/** A trend, and the root of the sum of squares of its orders. */
interface Summed extends HarmonicTrend {
  readonly total: TimedValues | undefined;
  /** Orders 2 to 50 that are not there. */
  readonly lacking: readonly number[];
}

interface BothLengths<T> {
  readonly "3 s of a day": readonly T[];
  readonly "10 min of a week": readonly T[];
}

function sumsOf({ veryShort, short }: HarmonicRecord["volts"]): BothLengths<Summed> {
  return { "3 s of a day": veryShort.map(summed), "10 min of a week": short.map(summed) };
}

function summed(trend: HarmonicTrend): Summed {
  const orders = Array.from({ length: TOP_ORDER - 1 }, (_, k) => k + 2);
  const there = orders.flatMap((order) => trend.orders[order] ?? []);
  const lacking = orders.filter((order) => trend.orders[order] === undefined);
  const first = there[0];
  if (first === undefined) return { ...trend, total: undefined, lacking };
  const values = new Float64Array(first.values.length);
  const flagged = new Uint8Array(first.values.length);
  for (const one of there) {
    checkTimed(one);
    if (one.values.length !== values.length || one.utc[0] !== first.utc[0] || one.utc.at(-1) !== first.utc.at(-1)) {
      throw new RangeError(`${trend.name}: its orders are not of the same times`);
    }
    for (let k = 0; k < values.length; k++) {
      values[k]! += one.values[k]! ** 2;
      flagged[k]! |= one.flagged[k]!;
    }
  }
  for (let k = 0; k < values.length; k++) values[k] = Math.sqrt(values[k]!);
  return { ...trend, total: { ...first, name: trend.name, values, flagged }, lacking };
}

interface Put {
  readonly week: Period;
  readonly settings: Ieee519Settings;
  readonly rows: AssessmentRow[];
  readonly absent: NotAssessed[];
}

interface Limits {
  readonly total: "THD" | "TDD";
  readonly part: "voltage" | "current";
  readonly clause: string;
  /** What is 100 %. */
  readonly base: number;
  readonly totalLimit: number;
  limitOf(order: number): number;
}

function assess(put: Put, statistics: readonly Statistic[], trends: BothLengths<Summed>, limits: Limits): void {
  for (const statistic of statistics) {
    const found = trends[statistic.of].filter(({ total }) => total !== undefined);
    const what = `${limits.part}, ${statistic.percent} % of ${statistic.of}`;
    if (found.length === 0) put.absent.push({ what, reason: "the record has no such values" });
    for (const trend of found) {
      rowsOf(put, statistic, trend, limits);
      if (trend.lacking.length > 0) {
        const reason = `${limits.total} is of the other orders only: at least that much`;
        put.absent.push({ what: `${what}: orders ${ordersText(trend.lacking)} of ${trend.name}`, reason });
      }
    }
  }
}

function rowsOf({ week, settings, rows }: Put, statistic: Statistic, trend: Summed, limits: Limits): void {
  const { of, percent, times } = statistic;
  const periods = of === "3 s of a day" ? daysOf(week) : [week];
  const row = (name: string, series: TimedValues, limit: number): Judged | undefined => {
    const inPercent = { ...series, values: series.values.map((value) => (100 * value) / limits.base) };
    const rule = { high: limit * times, percent };
    const worst = worstOf(periods.map((period) => judge(inPercent, period, rule, settings)));
    const clause = `${limits.clause}, ${times} x, ${percent} % of ${of}`;
    if (worst !== undefined) rows.push({ what: name, name: trend.name, clause, unit: "%", ...worst });
    return worst;
  };
  if (trend.total !== undefined) {
    const judged = row(limits.total, trend.total, limits.totalLimit);
    // A sum without some of its parts may pass too soon, never fail too soon.
    if (judged?.verdict === "pass" && trend.lacking.length > 0) {
      rows.push({ ...rows.pop()!, verdict: "undecided", reason: `orders ${ordersText(trend.lacking)} are not known` });
    }
  }
  for (const [order, series] of trend.orders.entries()) {
    if (series !== undefined && order >= 2 && order <= TOP_ORDER) {
      row(`harmonic ${order}`, series, limits.limitOf(order));
    }
  }
}

function notesOf({ generation, leastKnown, flagged }: Ieee519Settings): readonly string[] {
  return [
    "Percent of the nominal voltage and of the maximum demand load current IL; percentiles by nearest rank; a value at a limit is kept.",
    "Daily percentiles are of the worst 24 hours, counted from the start of the week.",
    `Intervals with a dip, a swell or an interruption in them are ${flagged}.`,
    `A day or week is judged where ${leastKnown} % of its intervals are known; the standard gives no such number.`,
    ...(generation === undefined
      ? [
          "Of a site whose generation is more than 10 % of its annual average load demand IEEE 1547 or IEEE 2800 has the limits of current.",
        ]
      : []),
  ];
}
