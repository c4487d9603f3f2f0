/** The stamps of rows in columns: numbers of any length, dates, times of day. */
import type { Columns, TimeColumn } from "./csv-columns.ts";
import { stampOf } from "./csv-fields.ts";
import type { Layout } from "./csv-layout.ts";
import { numberOf } from "./number-text.ts";

/** Digits that a 64-bit float holds of a whole number. */
const DIGITS = 15;

/** What counts from 1970 leaves a float few digits for what follows: stamps are counted from the first one. */
export class CsvStamps {
  /** They have more digits than a float holds, and are read as texts. */
  readonly long: boolean;
  /** The first one, in counts; 0 of those that do not count from 1970. */
  readonly first: number;
  readonly #time: TimeColumn;
  readonly #decimal: "." | ",";
  /** The first one of the long ones, in their last digit, and of dates in milliseconds. */
  #base: bigint | undefined;
  #origin = NaN;
  /** The date of the row, in milliseconds, where it has a column of its own. */
  #date = NaN;
  /** Seconds of the days before, and the last time of day. */
  #days = 0;
  #last = NaN;

  constructor({ sample, decimal }: Layout, time: TimeColumn) {
    this.#time = time;
    this.#decimal = decimal;
    const texts = sample.map((row) => row[time?.column ?? -1] ?? "");
    const digits = Math.max(0, ...texts.map((text) => text.replace(/\D/g, "").length));
    const isEpoch = time?.kind === "number" && time.epoch;
    this.long = isEpoch && (digits > DIGITS || time.quantum < time.scale);
    this.first = isEpoch ? (numberOf(texts[0] ?? "", decimal) ?? 0) : 0;
  }

  rewind(): void {
    this.#days = 0;
    this.#last = NaN;
  }

  /** Takes the date of the row. */
  date(text: string): void {
    const time = this.#time;
    this.#date = time?.kind === "stamp" ? (stampOf(text, time.order)?.ms ?? NaN) : NaN;
  }

  /** A stamp's text in seconds; NaN of one that is none. */
  seconds(text: string): number {
    const time = this.#time;
    if (time === undefined) return NaN;
    return time.kind === "number" ? this.#number(text, time.scale) : this.#calendar(text);
  }

  #number(text: string, scale: number): number {
    const value = numberOf(text, this.#decimal);
    if (value === undefined) return NaN;
    const [, whole = "", decimals = ""] = /^([-+]?\d+)(?:[.,](\d*))?$/.exec(text) ?? [];
    if (!this.long || whole === "") return (value - this.first) * scale;
    const padded = BigInt(whole + decimals.padEnd(12, "0").slice(0, 12));
    this.#base ??= padded;
    return (Number(padded - this.#base) / 1e12) * scale;
  }

  #calendar(text: string): number {
    const time = this.#time;
    const stamp = time?.kind === "stamp" ? stampOf(text, time.order) : undefined;
    if (stamp === undefined) return NaN;
    const dated = time?.kind === "stamp" && time.date !== undefined;
    const ms = dated ? this.#date + stamp.ms : stamp.ms;
    if (Number.isNaN(this.#origin)) this.#origin = ms;
    const seconds = (ms - this.#origin) / 1000 + Number(`0.${stamp.fraction || "0"}`);
    if (dated || stamp.has !== "time") return seconds;
    // A time of day begins again at midnight.
    if (seconds + this.#days < this.#last - 43_200) this.#days += 86_400;
    this.#last = seconds + this.#days;
    return this.#last;
  }
}

/** The time of the first row in milliseconds since 1970, where it is one of the calendar; else NaN. */
export function startOf({ sample, segments, decimal }: Layout, { time: exact, calendar }: Columns): number {
  const row = sample[0] ?? [];
  // Where stamps stand beside a column of numbers that is more exact, they say when it began.
  const time = exact?.kind === "number" && !exact.epoch ? (calendar ?? exact) : exact;
  const field = time === undefined ? "" : (row[time.column] ?? "");
  if (time?.kind === "number" && segments !== undefined)
    return segments.trigger + 1000 * time.scale * (numberOf(field, decimal) ?? NaN);
  if (time?.kind === "number")
    return time.epoch ? Math.round((numberOf(field, decimal) ?? NaN) * time.scale * 1e6) / 1e3 : NaN;
  if (time === undefined) return NaN;
  const stamp = stampOf(field, time.order);
  const date = time.date === undefined ? stamp : stampOf(row[time.date] ?? "", time.order);
  if (stamp === undefined || date === undefined || date.has === "time") return NaN;
  const milliseconds = time.milliseconds === undefined ? 0 : numberOf(row[time.milliseconds] ?? "", decimal);
  return (
    (milliseconds ?? NaN) +
    (time.date === undefined ? 0 : date.ms) +
    stamp.ms +
    1000 * Number(`0.${stamp.fraction || "0"}`)
  );
}
