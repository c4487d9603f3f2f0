/** What the page has seen of a meter's readings since it began to look: points by time, the oldest of which go. */
import type { Value } from "./numbers.ts";

/** Points that are kept: an hour of a meter whose cycle is a second. */
export const POINTS = 3600;

/** What is kept of every reading, as far as the meter has it. */
// prettier-ignore
export const trendNames = [
  "W", "var", "VA", "Hz",
  "V.a", "V.b", "V.c", "V.ab", "V.bc", "V.ca",
  "A.a", "A.b", "A.c",
  "W.demand", "var.demand", "VA.demand",
] as const;
export type TrendName = (typeof trendNames)[number];

type Column = (number | null)[];

/** As it is kept between two loads of the page. */
export interface KeptTrend {
  readonly times: number[];
  readonly columns: Readonly<Record<string, Column>>;
}

export class Trend {
  /** Local milliseconds, each later than the one before. */
  readonly #times: number[] = [];
  readonly #columns: Record<TrendName, Column>;

  constructor(kept?: KeptTrend) {
    const { times = [], columns = {} } = kept ?? {};
    this.#times.push(...times);
    this.#columns = Object.fromEntries(
      trendNames.map((name) => [
        name,
        columns[name]?.length === times.length ? [...columns[name]] : times.map(() => null),
      ]),
    ) as Record<TrendName, Column>;
  }

  /** Takes a reading; `follows` says that it is the next after the last, so that the line between them is one. */
  add(ms: number, readings: Readonly<Record<string, Value>>, follows: boolean): void {
    const last = this.#times.at(-1);
    // The same reading said once more, after a connection was lost.
    if (last === ms) return;
    // A clock that was set back begins a new time: the old one would lie in the future.
    if (last !== undefined && ms < last) this.#forget(this.#times.length);
    if (!follows && last !== undefined && ms > last + 1) this.#push(last + 1, {});
    this.#push(ms, readings);
    if (this.#times.length > POINTS) this.#forget(this.#times.length - POINTS);
  }

  #push(ms: number, readings: Readonly<Record<string, Value>>): void {
    this.#times.push(ms);
    for (const name of trendNames) this.#columns[name].push(readings[name] ?? null);
  }

  #forget(count: number): void {
    this.#times.splice(0, count);
    for (const name of trendNames) this.#columns[name].splice(0, count);
  }

  get size(): number {
    return this.#times.length;
  }

  /** Whether it has any value of a name. */
  has(name: TrendName): boolean {
    return this.#columns[name].some((value) => value !== null);
  }

  /** Times and values of the last `ms` milliseconds. */
  last(ms: number, names: readonly TrendName[]): { readonly times: number[]; readonly columns: Column[] } {
    const begin = (this.#times.at(-1) ?? 0) - ms;
    const first = this.#times.findIndex((time) => time >= begin);
    const from = first < 0 ? this.#times.length : first;
    return { times: this.#times.slice(from), columns: names.map((name) => this.#columns[name].slice(from)) };
  }

  kept(): KeptTrend {
    const five = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)));
    return {
      times: this.#times,
      columns: Object.fromEntries(trendNames.map((name) => [name, this.#columns[name].map(five)])),
    };
  }
}
