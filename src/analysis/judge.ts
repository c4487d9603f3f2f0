/**
 * Whether enough of the values of a period are within a band, and what can be said of a period that is not known as a whole. Limits
 * belong to the band. A value is worse the farther it is beyond; of a band with two ends both count alike.
 */
import { percentileOf, rankOf } from "#analysis/limits/percentile.ts";
import type { Rule } from "#analysis/limits/rule.ts";
import { firstFrom, intervalsOf, type Period, type TimedValues } from "./timed-values.ts";

/** Undecided: what is not known could turn it. */
export type Verdict = "pass" | "fail" | "undecided";

export interface Counting {
  /** Whether flagged intervals count: IEC 61000-4-30, 4.7 flags them so that they can be left out. */
  readonly flagged: "left out" | "counted";
  /** Percent of the period's intervals that have to be known (or flagged) before those that are known speak for all. */
  readonly leastKnown: number;
}

export interface Judged extends Rule {
  readonly period: Period;
  /** How many intervals the period has; of these, known ones that count, and flagged ones that do not. */
  readonly expected: number;
  readonly valid: number;
  readonly flaggedOut: number;
  /** Of the valid ones. */
  readonly beyond: number;
  /** Percent of the valid ones that are within. */
  readonly share?: number;
  /** The value that so many percent are no worse than (nearest rank): within exactly when enough values are. */
  readonly value?: number;
  readonly worst?: { readonly value: number; readonly utc: number };
  readonly verdict: Verdict;
  /** Of a verdict that is not decided, or was in spite of what is missing. */
  readonly reason?: string;
}

/** What is left out is absent, not undefined. */
const only = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };

/** Of columns that belong together and times that rise (checkTimed). */
export function judge(series: TimedValues, period: Period, rule: Rule, counting: Counting): Judged {
  const { utc, values, flagged } = series;
  const [first, end] = [firstFrom(utc, period.from), firstFrom(utc, period.to)];
  const low = rule.low ?? -Infinity;
  const high = rule.high ?? Infinity;
  const excess = new Float64Array(end - first);
  const at = new Int32Array(end - first);
  let [valid, beyond, flaggedOut] = [0, 0, 0];
  let worst = -1;
  for (let k = first; k < end; k++) {
    if (flagged[k] !== 0 && counting.flagged === "left out") {
      flaggedOut++;
      continue;
    }
    const value = values[k]!;
    if (Number.isNaN(value)) continue;
    const over = Math.max(low - value, value - high);
    if (over > 0) beyond++;
    if (worst < 0 || over > excess[worst]!) worst = valid;
    excess[valid] = over;
    at[valid++] = k;
  }
  const expected = Math.max(intervalsOf(period, series.intervalMs), valid + flaggedOut);
  const ranked = percentileOf(excess.slice(0, valid), rule.percent);
  const found = ranked === undefined ? undefined : values[at[excess.indexOf(ranked)]!];
  return {
    ...rule,
    period,
    expected,
    valid,
    flaggedOut,
    beyond,
    ...only("share", valid === 0 ? undefined : (100 * (valid - beyond)) / valid),
    ...only("value", found),
    ...only("worst", worst < 0 ? undefined : { value: values[at[worst]!]!, utc: utc[at[worst]!]! }),
    ...verdictOf(rule.percent, counting.leastKnown, { expected, valid, flaggedOut, beyond }),
  };
}

interface Counted {
  readonly expected: number;
  readonly valid: number;
  readonly flaggedOut: number;
  readonly beyond: number;
}

/** The most of so many values that may be beyond. */
function allowed(percent: number, count: number): number {
  return count - (rankOf(percent, count) ?? 0);
}

function verdictOf(percent: number, leastKnown: number, counted: Counted): Pick<Judged, "verdict" | "reason"> {
  const { expected, valid, flaggedOut, beyond } = counted;
  const isKnown = 100 * (valid + flaggedOut) >= leastKnown * expected;
  if (isKnown && valid > 0) return { verdict: beyond <= allowed(percent, valid) ? "pass" : "fail" };
  const known = `${valid + flaggedOut} of ${expected} intervals are known`;
  if (isKnown) return { verdict: "undecided", reason: "every interval is flagged" };
  // Were all the others within, it would still be too many.
  const most = allowed(percent, expected - flaggedOut);
  if (beyond > most) return { verdict: "fail", reason: `${known}, and no more than ${most} may be beyond` };
  return { verdict: "undecided", reason: known };
}

/** The day, or whatever period, that a rule is kept worst in: a failed one before an open one before one that is kept, then by value. */
export function worstOf(judged: readonly Judged[]): Judged | undefined {
  const order: readonly Verdict[] = ["pass", "undecided", "fail"];
  const byVerdict = ({ verdict }: Judged): number => order.indexOf(verdict);
  return judged.toSorted((a, b) => byVerdict(b) - byVerdict(a) || excessOf(b) - excessOf(a))[0];
}

function excessOf({ low = -Infinity, high = Infinity, value }: Judged): number {
  return value === undefined ? -Infinity : Math.max(low - value, value - high);
}
