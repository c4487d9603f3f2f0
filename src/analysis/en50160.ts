/** Assessment of a supply voltage by EN 50160, week by week. */
import { ordersText, type Assessment, type AssessmentRow, type NotAssessed } from "./assessment.ts";
import * as limits from "#analysis/limits/en50160-limits.ts";
import type { Rule } from "#analysis/limits/rule.ts";
import { judge, worstOf, type Counting } from "./judge.ts";
import { checkTimed, daysOf, weeksOf, type Period, type TimedValues } from "./timed-values.ts";

export interface En50160Settings {
  readonly edition: limits.Edition;
  readonly level: limits.VoltageLevel;
  readonly connection: limits.Connection;
  /** Declared volts of the channels that are assessed: 230 of line to neutral, 400 of line to line. */
  readonly nominal: number;
  readonly hz: number;
  readonly flagged: Counting["flagged"];
  /** Percent of a week's intervals that have to be known: ours, the standard gives none. */
  readonly leastKnown: number;
  /** Of a mains signal that is to be assessed. */
  readonly signalHz?: number;
}

/** All but what only the site knows. */
export const usualEn50160: Omit<En50160Settings, "nominal"> = {
  edition: "2010",
  level: "low",
  connection: "synchronous",
  hz: 50,
  flagged: "left out",
  leastKnown: 95,
};

export interface ChannelHarmonics {
  readonly name: string;
  /** Percent of the fundamental. */
  readonly orders: ReadonlyMap<number, TimedValues>;
}

type Part = "frequency" | "voltage" | "flicker" | "unbalance" | "THD" | "harmonics" | "mains signalling";

/** What was measured at one place. */
export interface SupplyRecord {
  /** What the record is of: without it, a gap at its end would not be one. */
  readonly period: Period;
  /** 10 s, Hz. */
  readonly hz?: TimedValues;
  /** 10 minutes, V. */
  readonly volts?: readonly TimedValues[];
  /** Plt, 2 hours (or each 10 minutes of two hours). */
  readonly plt?: readonly TimedValues[];
  /** 10 minutes, negative in percent of positive sequence. */
  readonly unbalance?: TimedValues;
  /** 10 minutes, to order 40, percent of the fundamental. */
  readonly thd?: readonly TimedValues[];
  readonly harmonics?: readonly ChannelHarmonics[];
  /** 3 s, V, of the signal's frequency. */
  readonly signals?: readonly TimedValues[];
  /** Why a part is not there. */
  readonly why?: Partial<Readonly<Record<Part, string>>>;
  /** What has to be known of it to read the assessment. */
  readonly notes?: readonly string[];
}

/** One assessment for each week from the record's start on; the last may be of a week that the record does not fill. */
export function assessEn50160(record: SupplyRecord, settings: En50160Settings): readonly Assessment[] {
  if (!(settings.nominal > 0)) throw new RangeError(`EN 50160: nominal ${settings.nominal} V: expected more than 0`);
  for (const series of everySeries(record)) checkTimed(series);
  return weeksOf(record.period).map((week) => assessWeek(record, settings, week));
}

function everySeries({
  hz,
  volts = [],
  plt = [],
  unbalance,
  thd = [],
  harmonics = [],
  signals = [],
}: SupplyRecord): TimedValues[] {
  const single = [hz, unbalance].filter((one) => one !== undefined);
  return [...single, ...volts, ...plt, ...thd, ...harmonics.flatMap(({ orders }) => [...orders.values()]), ...signals];
}

function assessWeek(record: SupplyRecord, settings: En50160Settings, week: Period): Assessment {
  const { edition, level, connection, hz, nominal } = settings;
  const rows: AssessmentRow[] = [];
  const absent: NotAssessed[] = [];
  const miss = (part: Part, reason = "the record has none"): void => {
    absent.push({ what: part, reason: record.why?.[part] ?? reason });
  };
  const add = (head: Pick<AssessmentRow, "what" | "clause" | "unit">, series: TimedValues, rule: Rule): void => {
    rows.push({ ...head, name: series.name, ...judge(series, week, rule, settings) });
  };
  const each = (part: Part, list: readonly TimedValues[] | undefined, put: (series: TimedValues) => void): void => {
    if (list === undefined || list.length === 0) miss(part);
    else list.forEach(put);
  };
  const clause = (low: string, medium: string): string => (level === "low" ? low : medium);

  each("frequency", record.hz && [record.hz], (series) => {
    for (const limit of limits.frequencyLimits[connection])
      add({ what: "frequency", clause: clause("4.2.1", "5.2.1"), unit: "Hz" }, series, limits.bandOf(hz, limit));
  });
  each("voltage", record.volts, (series) => {
    for (const limit of limits.voltageLimits[level][connection])
      add({ what: "voltage", clause: clause("4.2.2", "5.2.2"), unit: "V" }, series, limits.bandOf(nominal, limit));
  });
  each("flicker", record.plt, (series) => {
    add({ what: "Plt", clause: clause("4.2.3", "5.2.3"), unit: "" }, series, limits.pltLimit);
  });
  each("unbalance", record.unbalance && [record.unbalance], (series) => {
    add({ what: "unbalance", clause: clause("4.2.4", "5.2.4"), unit: "%" }, series, limits.unbalanceLimit);
  });
  each("THD", record.thd, (series) => {
    add({ what: "THD", clause: clause("4.2.5", "5.2.5"), unit: "%" }, series, limits.thdLimit);
  });
  if (record.harmonics === undefined || record.harmonics.length === 0) miss("harmonics");
  for (const { name, orders } of record.harmonics ?? []) {
    const lacking: number[] = [];
    for (const [order, high] of [...limits.harmonicLimits(edition)].toSorted(([a], [b]) => a - b)) {
      const series = orders.get(order);
      if (series === undefined) {
        lacking.push(order);
        continue;
      }
      const head = { what: `harmonic ${order}`, clause: clause("4.2.5", "5.2.5"), unit: "%" } as const;
      add(head, { ...series, name }, { high, percent: limits.HARMONIC_PERCENT });
    }
    if (lacking.length > 0) {
      const reason = record.why?.harmonics ?? "the record has none of these orders";
      absent.push({ what: `harmonics ${ordersText(lacking)} of ${name}`, reason });
    }
  }
  signalling(record, settings, week, { rows, miss });
  const standard = `EN 50160:2010${edition === "2010" ? "" : ", amended"}, ${level} voltage`;
  return { standard, period: week, rows, absent, notes: [...notesOf(settings), ...(record.notes ?? [])] };
}

/** Each day on its own; the row is of the worst one. */
function signalling(
  { signals }: SupplyRecord,
  settings: En50160Settings,
  week: Period,
  { rows, miss }: { rows: AssessmentRow[]; miss: (part: Part, reason?: string) => void },
): void {
  const { level, nominal, signalHz } = settings;
  if (signalHz === undefined) return;
  const percent = level === "low" ? limits.signalLimit(signalHz) : undefined;
  if (percent === undefined) {
    const where = level === "low" ? "between 100 Hz and 100 kHz only" : "of medium voltage are not at hand";
    return miss("mains signalling", `a signal of ${signalHz} Hz: limits ${where}`);
  }
  if (signals === undefined || signals.length === 0) return miss("mains signalling");
  const rule = { high: (nominal * percent) / 100, percent: limits.SIGNAL_PERCENT };
  for (const series of signals) {
    const worst = worstOf(daysOf(week).map((day) => judge(series, day, rule, settings)));
    if (worst !== undefined) {
      rows.push({ what: "mains signalling", clause: "4.2.7", unit: "V", name: series.name, ...worst });
    }
  }
}

function notesOf({ connection, edition, level, flagged, leastKnown }: En50160Settings): readonly string[] {
  return [
    "The value of a row is the one that so many percent of the valid intervals are no worse than (nearest rank).",
    flagged === "left out"
      ? "Intervals with a dip, a swell or an interruption in them are left out."
      : "Intervals with a dip, a swell or an interruption in them are counted.",
    `A week is judged where ${leastKnown} % of its intervals are known; the standard gives no such number.`,
    ...(connection === "synchronous" ? ["Frequency: the standard says 99.5 % of a year; here of the week."] : []),
    ...(edition === "amended" ? ["Orders 15 and 21 by values that were not confirmed in the standard's text."] : []),
    ...(level === "medium" ? ["Medium voltage: order 3 can be substantially lower, by the network's design."] : []),
  ];
}
