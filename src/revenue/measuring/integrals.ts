/**
 * What a meter has measured since it began: an integral for every column. While its inputs stay as they are nothing is added up: an
 * integral is what it was, and its rate for as long as that has held. Averages are those of the stretch that was measured last.
 */
import type { Measure } from "#quantity/measure.ts";
import {
  COLUMNS,
  COUNTED,
  columnsOf,
  KNOWN_AT,
  KNOWNS,
  LEVELS_AT,
  RATED,
  single,
  worthOf,
  type Columns,
} from "./columns.ts";
import { ALL_ROWS, forgetRows, powerColumns, secondsColumn } from "./known.ts";

const HOUR_S = 3600;

/** Averages of a stretch in which nothing was measured: none. */
const nothing = new Float64Array(COLUMNS).fill(NaN);
nothing[single.seconds] = 0;
for (const column of COUNTED) nothing[column] = 0;

/** What an earlier version kept all columns under. */
const ALL = "integrals";

/** Non-volatile memory of single numbers. */
export interface IntegralsMemory {
  /** What was kept under a name; undefined where there is nothing. */
  readonly stored: (name: string) => Float64Array | undefined;
  /** Numbers that each have a name, as they were kept. */
  readonly runs: (names: readonly string[]) => Float64Array;
}

/** Lists of columns, which meters of a kind have in common, by what is in them. */
const lists = new Map<string, readonly number[]>();

function listOf(columns: Iterable<number>): readonly number[] {
  const list = [...columns].sort((a, b) => a - b);
  const known = lists.get(list.join()) ?? list;
  lists.set(list.join(), known);
  return known;
}

/** Names are on disk: the number of a column never means another one. */
const names = Array.from({ length: COLUMNS }, (_, column) => `integral.${column}`);

/** The integral of a measure, which only grows; of what has two directions, their difference. */
export class Integral {
  readonly #integrals: Integrals;
  readonly #columns: Columns;
  readonly #worth: number;

  constructor(integrals: Integrals, columns: Columns, worth: number) {
    this.#integrals = integrals;
    this.#columns = columns;
    this.#worth = worth;
  }

  /** In the unit of an energy. */
  get value(): number {
    return this.sum * this.#worth;
  }

  /** As its columns have it: powers by the hour, levels by the second. */
  get sum(): number {
    return this.#integrals.sum(this.#columns);
  }
}

export class Integrals {
  /** Without what the rates have made since they began to hold. */
  readonly #total = new Float64Array(COLUMNS);
  readonly #rates = new Float64Array(COLUMNS);
  /** Seconds for which the rates have held. */
  #held = 0;
  readonly #memory: IntegralsMemory;
  /** Columns that something counts from which outlasts the process; until they have their place in memory. */
  #wanted: Set<number> | undefined = new Set();
  #lasting: readonly number[] = [];
  #run: Float64Array | undefined;
  /** Whether what was measured of the running stretch was at these rates, and how many seconds of it there are then. */
  #isEven = true;
  #evenSeconds = 0;
  /** Where the running stretch began, of one that is not even. */
  #began: Float64Array | undefined;
  /** Averages of the last stretch: the rates themselves while it is as long as they hold. */
  #average: Float64Array = nothing;
  #ownAverage: Float64Array | undefined;

  constructor(memory: IntegralsMemory) {
    this.#memory = memory;
    for (const column of COUNTED) this.#want(column);
  }

  // ── what outlasts the process ───────────────────────────────────────────────────────────────────────────────────

  /** The integral of a measure, which goes on from what was kept of it. */
  of(measure: Measure): Integral {
    const columns = columnsOf(measure);
    for (const column of columns.plus) this.#want(column);
    for (const column of columns.minus) this.#want(column);
    return new Integral(this, columns, worthOf(measure.quantity));
  }

  /** Whoever averages these columns counts from their seconds, and wants them first. */
  wantSeconds(columns: Columns): void {
    this.#want(secondsColumnOf(columns));
  }

  #want(column: number): void {
    if (this.#wanted === undefined || this.#wanted.has(column)) return;
    this.#wanted.add(column);
    const { stored } = this.#memory;
    const kept = (of: number): number | undefined => stored(names[of]!)?.[0] ?? stored(ALL)?.[of];
    // Where the seconds of something were not kept apart, it was averaged over all of them.
    this.#total[column] = kept(column) ?? (isOfSeconds(column) ? kept(single.seconds) : undefined) ?? 0;
  }

  /** All have what they count from: that gets its place in memory. */
  begin(): void {
    this.#lasting = listOf(this.#wanted ?? []);
    this.#wanted = undefined;
    this.#run = this.#memory.runs(this.#lasting.map((column) => names[column]!));
    this.keep();
  }

  /** Puts into memory what they are now. */
  keep(): void {
    const run = this.#run;
    if (run !== undefined) for (let k = 0; k < run.length; k++) run[k] = this.at(this.#lasting[k]!);
  }

  // ── what they are ───────────────────────────────────────────────────────────────────────────────────────────────

  at(column: number): number {
    const total = this.#total[column]!;
    return this.#held === 0 ? total : total + grown(this.#rates[column]!, column, this.#held);
  }

  /** Seconds in which what these columns add up to was known. */
  seconds(columns: Columns): number {
    return this.at(secondsColumnOf(columns));
  }

  sum({ plus, minus }: Columns): number {
    let sum = 0;
    for (let k = 0; k < plus.length; k++) sum += this.at(plus[k]!);
    for (let k = 0; k < minus.length; k++) sum -= this.at(minus[k]!);
    return sum;
  }

  // ── what comes ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The rates that hold. */
  get rates(): Float64Array {
    return this.#rates;
  }

  /** These rates hold for `seconds`, and for as long as it goes on. */
  hold(rates: Float64Array, seconds: number): void {
    if (this.#evenSeconds > 0) this.#uneven();
    if (this.#average === this.#rates) {
      this.#average = this.#ownAverage ??= new Float64Array(COLUMNS);
      this.#average.set(this.#rates);
    }
    this.#settle();
    this.#rates.set(rates);
    this.goOn(seconds);
  }

  /** What holds goes on for `seconds`. */
  goOn(seconds: number): void {
    this.#held += seconds;
    if (this.#isEven) this.#evenSeconds += seconds;
  }

  #settle(): void {
    const held = this.#held;
    this.#held = 0;
    if (held > 0) this.#grow(this.#rates, held);
  }

  #grow(rates: Float64Array, seconds: number): void {
    const total = this.#total;
    const hours = seconds / HOUR_S;
    for (let k = 0; k < LEVELS_AT; k++) total[k]! += known(rates[k]!) * hours;
    for (let k = LEVELS_AT; k < RATED; k++) total[k]! += known(rates[k]!) * seconds;
  }

  /** A half cycle at these rates. */
  add(rates: Float64Array, seconds: number): void {
    this.#uneven();
    this.#grow(rates, seconds);
  }

  /** A half cycle at these rates, of which the powers of the places that are `broken` are no part of the averages of the stretch. */
  addApart(rates: Float64Array, seconds: number, broken: Uint8Array): void {
    this.add(rates, seconds);
    const began = this.#began;
    if (began === undefined) return;
    for (let at = 0; at < broken.length; at++) {
      if (broken[at] === 0) continue;
      const columns = powerColumns[at]!;
      for (let n = 0; n < columns.length; n++) {
        const column = columns[n]!;
        began[column]! += grown(rates[column]!, column, seconds);
      }
    }
  }

  /** A stretch between whose ends rates are a parabola, by Simpson's rule. */
  addCurve(first: Float64Array, middle: Float64Array, last: Float64Array, seconds: number): void {
    this.#uneven();
    const total = this.#total;
    const sixth = seconds / 6;
    for (let k = 0; k < RATED; k++) {
      const sum = (first[k]! + 4 * middle[k]! + last[k]!) * sixth;
      total[k]! += k < LEVELS_AT ? known(sum) / HOUR_S : known(sum);
    }
  }

  /** So many come of what is counted. */
  count(column: number, many: number): void {
    if (many === 0) return;
    this.#uneven();
    this.#total[column]! += many;
  }

  // ── stretches and their averages ────────────────────────────────────────────────────────────────────────────────

  /** What the running stretch has come to says no more by itself where it began. */
  #uneven(): void {
    if (!this.#isEven) return;
    this.#isEven = false;
    const began = (this.#began ??= new Float64Array(COLUMNS));
    const since = this.#held - this.#evenSeconds;
    for (let k = 0; k < COLUMNS; k++) began[k] = this.#total[k]! + grown(this.#rates[k]!, k, since);
    this.#evenSeconds = 0;
  }

  /** The next stretch begins. */
  beginStretch(): void {
    this.#isEven = true;
    this.#evenSeconds = 0;
  }

  /** The stretch ends: what was measured of it is what is averaged over. */
  endStretch(): void {
    const rates = this.#rates;
    if (this.#isEven) {
      this.#average = this.#evenSeconds > 0 ? rates : nothing;
      return;
    }
    this.#uneven();
    const average = (this.#average = this.#ownAverage ??= new Float64Array(COLUMNS));
    const began = this.#began!;
    for (let k = 0; k < COLUMNS; k++) {
      const column = secondsColumn(k);
      const seconds = this.at(column) - began[column]!;
      // An average of nothing is none.
      const perSecond = seconds > 0 ? 1 / seconds : NaN;
      average[k] = (this.at(k) - began[k]!) * perSecond * (k < LEVELS_AT ? HOUR_S : 1);
    }
  }

  /** Nothing is known any more of these rows (known.ts): no average of them says what is now. */
  forget(rows: number): void {
    if (rows === 0 || this.#average === nothing) return;
    if (rows === ALL_ROWS) this.#average = nothing;
    else {
      if (this.#average !== this.#ownAverage) this.resume(this.#average);
      forgetRows(this.#average, rows);
    }
  }

  /** The last stretch was another's, who has these averages of it. */
  resume(average: Float64Array): void {
    this.#average = this.#ownAverage ??= new Float64Array(COLUMNS);
    this.#average.set(average);
  }

  /** Averages of the last stretch, by column: powers in W, var and VA, levels in their own units. */
  get average(): Float64Array {
    return this.#average;
  }
}

/** By how much a column grows in so many seconds. */
function grown(rate: number, column: number, seconds: number): number {
  return known(rate) * (column < LEVELS_AT ? seconds / HOUR_S : seconds);
}

/** The seconds of a sum are those of its columns, which are known together. */
function secondsColumnOf({ plus, minus }: Columns): number {
  return secondsColumn(plus[0] ?? minus[0] ?? single.seconds);
}

function isOfSeconds(column: number): boolean {
  return column >= KNOWN_AT && column < KNOWN_AT + KNOWNS;
}

/** What is not known adds nothing. */
function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
