/** Percentiles of what a measurement log has of a day or a week, and the limits that they are held against. */
import { knownCount, percentile } from "#analysis/limits/percentile.ts";
import { pltLimit, unbalanceLimit } from "#analysis/limits/en50160-limits.ts";
import type { ProfileView } from "#quantity/meter-api.ts";
import { voltLimitsOf, type LimitChoice } from "./spectrum-limits.ts";

export interface LoggedColumn {
  /** "THD.V.a", "V.b", and what each record has of it: "mean", "max". */
  readonly name: string;
  readonly over: string;
  readonly scale: number;
}

/** "W.import.mean x 1000". */
export function columnOf(channel: string): LoggedColumn {
  const [name = "", factor] = channel.split(" x ");
  const at = name.lastIndexOf(".");
  const over = name.slice(at + 1);
  const isReduced = ["mean", "min", "max"].includes(over);
  return {
    name: isReduced ? name.slice(0, at) : name,
    over: isReduced ? over : "",
    scale: factor === undefined ? 1 : Number(factor),
  };
}

export interface LoggedLimits {
  readonly low?: number;
  readonly high?: number;
}

/** Parts of the declared voltage by which 95 % of the 10-minute values may be off (EN 50160). */
const VOLTS_ASIDE = 0.1;

/** What a value of a log is held against, where the chosen standard says anything; `declared` is by name of the voltage. */
export function limitsOfLogged(
  { name, over }: Pick<LoggedColumn, "name" | "over">,
  choice: LimitChoice,
  declared: ReadonlyMap<string, number>,
): LoggedLimits | undefined {
  if (choice.standard === "none" || over === "min" || over === "max") return undefined;
  const limits = voltLimitsOf(choice);
  const { 1: order } = /^V\.[abc]{1,2}\.h(\d+)$/.exec(name) ?? [];
  const high =
    order !== undefined
      ? limits?.limitOf(Number(order))
      : /^THD\.V\.[abc]{1,2}$/.test(name)
        ? limits?.whole
        : choice.standard !== "en50160"
          ? undefined
          : name === "unbalance.V.sequence"
            ? unbalanceLimit.high
            : name.startsWith("Plt.")
              ? pltLimit.high
              : undefined;
  if (high !== undefined) return { high };
  const volts = choice.standard === "en50160" ? declared.get(name) : undefined;
  return volts === undefined ? undefined : { low: (1 - VOLTS_ASIDE) * volts, high: (1 + VOLTS_ASIDE) * volts };
}

/** Which percentile of which values, and how many times the limit it may be: of 3 s IEEE 519 asks for the 99th, 1.5 times. */
function statisticOf(
  minutes: ProfileView["minutes"],
  { standard }: LimitChoice,
): { readonly percent: number; readonly times: number } {
  return standard === "ieee519" && minutes === "cycles" ? { percent: 99, times: 1.5 } : { percent: 95, times: 1 };
}

export interface PercentileRow extends LoggedColumn {
  /** Of the values that are known and count; undefined of none. */
  readonly p5: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly largest: number | undefined;
  readonly limits: LoggedLimits | undefined;
  /** So many percent of the values have to keep them. */
  readonly percent: number;
  /** Percent of the values that are outside. */
  readonly outside: number | undefined;
}

export interface Percentiles {
  /** Records of the period, those of them that count, and those that are left out as flagged. */
  readonly expected: number;
  readonly known: number;
  readonly flagged: number;
  readonly rows: readonly PercentileRow[];
}

/** How many values a log of so many minutes has in so many days; `hz` of one of 150/180 cycles, whose intervals are of 3 s. */
export function expectedIn(minutes: ProfileView["minutes"], days: number): number | undefined {
  if (typeof minutes === "number") return Math.floor((days * 1440) / minutes);
  return minutes === "cycles" ? Math.floor((days * 86_400) / 3) : undefined;
}

/** Records that were flagged do not count (IEC 61000-4-30, 4.7); those that are not whole do not either. */
export function percentilesOf(
  { channels, minutes, records }: Pick<ProfileView, "channels" | "minutes" | "records">,
  { days, choice, declared }: { days: number; choice: LimitChoice; declared: ReadonlyMap<string, number> },
): Percentiles {
  const flagged = records.filter(({ status }) => status.includes("flagged"));
  const counted = records.filter(({ status }) => !status.includes("flagged") && !status.includes("partial"));
  const rows = channels.map((channel, c): PercentileRow => {
    const column = columnOf(channel);
    const values = Float64Array.from(counted, ({ values: of }) => (of[c] ?? NaN) * column.scale);
    const { percent, times } = statisticOf(minutes, choice);
    const { low, high } = limitsOfLogged(column, choice, declared) ?? {};
    const limits = high === undefined ? undefined : { ...(low === undefined ? {} : { low }), high: high * times };
    const count = knownCount(values);
    const outside = values.filter(
      (value) => value < (limits?.low ?? -Infinity) || value > (limits?.high ?? Infinity),
    ).length;
    return {
      ...column,
      p5: percentile(values, 5),
      p95: percentile(values, 95),
      p99: percentile(values, 99),
      largest: percentile(values, 100),
      limits,
      percent,
      outside: limits === undefined || count === 0 ? undefined : (100 * outside) / count,
    };
  });
  return {
    expected: expectedIn(minutes, days) ?? records.length,
    known: counted.length,
    flagged: flagged.length,
    rows,
  };
}

/** More of its values are outside than may be: exactly then the percentile is beyond the limit. */
export function isRowBeyond({ outside, percent }: PercentileRow): boolean {
  return outside !== undefined && outside > 100 - percent + 1e-9;
}

/** "2026-07-30T16:45:00", so many days before "2026-07-31 16:45:00". */
export function daysBefore(local: string, days: number): string {
  return new Date(Date.parse(`${local.replace(" ", "T")}Z`) - 86_400_000 * days).toISOString().slice(0, 19);
}
