/** Logged series brought together: by length of interval, rows of one time. */
import type { ExaminedSeries, IntervalColumn, IntervalTable } from "#analysis/examination.ts";
import type { LoggedSeries } from "./logged-series.ts";

/** Lengths that assessments and reports know, in seconds. */
const lengths: readonly (readonly [IntervalTable["length"], number])[] = [
  ["150 cycles", 3],
  ["1 min", 60],
  ["10 min", 600],
  ["120 min", 7200],
];

/** The part by which a step may differ from the length that it is taken for. */
const NEAR = 0.02;

/** Times that are as near to one another are of one row: milliseconds. */
const ROW_MS = 50;

/** The step that most intervals of a log have; NaN of one interval. */
export function stepOf(times: Float64Array): number {
  const steps = times.subarray(1).map((at, k) => at - times[k]!);
  return steps.toSorted()[steps.length >> 1] ?? NaN;
}

const isNear = (step: number, seconds: number): boolean => Math.abs(step / seconds - 1) <= NEAR;

/** What is known of intervals beside their values, by where they end. */
interface OfIntervals {
  readonly isFlagged: (from: number, to: number) => boolean;
  readonly isWhole: (end: number) => boolean;
}

/** Of all lengths those that there are; `left` is told of series whose steps are of none. */
export function loggedTables(
  all: readonly LoggedSeries[],
  hz: 50 | 60,
  of: OfIntervals,
  left: (what: string) => void,
): readonly IntervalTable[] {
  for (const { name, times } of all) {
    if (!lengths.some(([, seconds]) => isNear(stepOf(times), seconds))) left(name);
  }
  return lengths.flatMap(([called, seconds]) => {
    const own = ofLength(all, seconds);
    if (own.length === 0) return [];
    const length = called === "150 cycles" && hz === 60 ? "180 cycles" : called;
    return [tableOf(own, length, seconds, of)];
  });
}

/** Series whose steps are of so many seconds; those of several observations that are of the same are one. */
function ofLength(all: readonly LoggedSeries[], seconds: number): readonly LoggedSeries[] {
  const groups = new Map<string, LoggedSeries[]>();
  for (const one of all) {
    if (!isNear(stepOf(one.times), seconds)) continue;
    const key = [one.name, one.statistic, one.order].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map(joined);
}

function joined(group: readonly LoggedSeries[]): LoggedSeries {
  const [first, ...others] = group;
  if (first === undefined) throw new RangeError("there is no series to join");
  if (others.length === 0) return first;
  // Of two values of one time the first counts.
  const rows = new Map(
    group.toReversed().flatMap(({ times, values }) => Array.from(times, (at, k) => [at, values[k]!])),
  );
  const sorted = [...rows].toSorted(([a], [b]) => a - b);
  return {
    ...first,
    times: Float64Array.from(sorted, ([at]) => at),
    values: Float64Array.from(sorted, ([, value]) => value),
  };
}

/** Times between rows that no interval is of. */
export function gapsOf(tables: readonly IntervalTable[]): readonly { readonly at: number; readonly seconds: number }[] {
  const [finest] = tables.toSorted((a, b) => a.seconds - b.seconds);
  if (finest === undefined) return [];
  const { start, end, seconds } = finest;
  return Array.from(start.subarray(1), (at, k) => ({ at: end[k]!, seconds: at - end[k]! })).filter(
    (gap) => gap.seconds > seconds / 2,
  );
}

function tableOf(
  own: readonly LoggedSeries[],
  length: IntervalTable["length"],
  seconds: number,
  { isFlagged, isWhole }: OfIntervals,
): IntervalTable {
  const byKey = new Map<number, number>();
  for (const { times } of own) for (const at of times) if (!byKey.has(keyOf(at))) byKey.set(keyOf(at), at);
  const keys = [...byKey.keys()].toSorted((a, b) => a - b);
  const rowOf = new Map(keys.map((key, row) => [key, row]));
  const start = Float64Array.from(keys, (key) => byKey.get(key)!);
  const column = (one: LoggedSeries | undefined): Float64Array => {
    const values = new Float64Array(keys.length).fill(NaN);
    one?.times.forEach((at, k) => (values[rowOf.get(keyOf(at))!] = one.values[k]!));
    return values;
  };
  const named = (name: string, statistic: LoggedSeries["statistic"], order?: number): LoggedSeries | undefined =>
    own.find((one) => one.name === name && one.statistic === statistic && one.order === order);
  const quantities = new Map(own.filter(({ order }) => order === undefined).map(({ name, unit }) => [name, unit]));
  const harmonic = new Map(own.filter(({ order }) => order !== undefined).map(({ name, unit }) => [name, unit]));
  return {
    length,
    seconds,
    start,
    end: start.map((at) => at + seconds),
    // How much of one that is not whole is covered, nobody says.
    covered: start.map((at) => (isWhole(at + seconds) ? 1 : NaN)),
    flagged: Uint8Array.from(start, (at) => Number(isFlagged(at, at + seconds))),
    columns: [...quantities].map(([name, unit]) => ({
      name,
      unit: unit as IntervalColumn["unit"],
      mean: column(named(name, "mean")),
      min: column(named(name, "min")),
      max: column(named(name, "max")),
    })),
    harmonics: [...harmonic].map(([name, unit]) => ({
      name,
      unit: unit as "V" | "A",
      orders: Array.from({ length: 51 }, (_, order) =>
        order === 0 ? new Float64Array(0) : column(named(name, "mean", order)),
      ),
    })),
  };
}

function keyOf(at: number): number {
  return Math.round((1000 * at) / ROW_MS);
}

/** A series of one value an interval, of those whose steps are of so many seconds; undefined where there is none. */
export function seriesOf(
  all: readonly LoggedSeries[],
  name: string,
  as: string,
  seconds: number,
  isFlagged: (from: number, to: number) => boolean,
): ExaminedSeries | undefined {
  const one = ofLength(all, seconds).find((own) => own.name === name && own.statistic === "mean");
  if (one === undefined) return undefined;
  const flagged = Uint8Array.from(one.times, (at) => Number(isFlagged(at, at + seconds)));
  return { name: as, seconds, start: one.times, values: one.values, flagged };
}
