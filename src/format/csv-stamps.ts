/** The stamps of rows in columns: numbers of any length, dates, times of day. */
import type { Columns, TimeColumn } from "./csv-columns.ts";
import { stampOf } from "./csv-fields.ts";
import type { Layout } from "./csv-layout.ts";
import { numberOf } from "./number-text.ts";
import { StampPrefix } from "./stamp-prefix.ts";

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
  readonly #prefix: StampPrefix | undefined;
  /** The first one of the long ones, in their last digit, and of dates in milliseconds. */
  #base: bigint | undefined;
  #origin = NaN;
  /** Seconds of the days before, and the last time of day. */
  #days = 0;
  #last = NaN;

  constructor({ sample, decimal }: Layout, time: TimeColumn) {
    this.#time = time;
    this.#decimal = decimal;
    const texts = sample.map((row) => row[time?.column ?? -1] ?? "");
    const digits = Math.max(0, ...texts.map((text) => text.replace(/\D/g, "").length));
    const isEpoch = time?.kind === "number" && time.epoch !== undefined;
    this.long = isEpoch && time.scale <= 1 && (digits > DIGITS || time.quantum < time.scale);
    this.#prefix = this.#repeats ? new StampPrefix(time?.kind === "number" ? time.scale : 1) : undefined;
    this.first = isEpoch ? (numberOf(sample[0]?.[time.date ?? time.column] ?? "", decimal) ?? 0) : 0;
  }

  /** Whether a row's stamp can be read from what it has other than the one before: it has one text, or a date right in front of it. */
  get #repeats(): boolean {
    const time = this.#time;
    if (time?.kind !== "stamp") return this.long;
    return time.milliseconds === undefined && (time.date === undefined || time.date === time.column - 1);
  }

  /** Seconds of the stamp that stands at [from, to), its date and time together; NaN where its fields have to be looked at. */
  again(bytes: Uint8Array, from: number, to: number): number {
    return this.#prefix === undefined ? NaN : this.#prefix.seconds(bytes, from, to);
  }

  /** Takes a stamp that was read from its fields for those that follow. */
  learn(bytes: Uint8Array, place: readonly [number, number], seconds: number): void {
    this.#prefix?.learn(bytes, place, seconds, this.#time?.kind === "stamp" ? undefined : this.#decimal);
  }

  rewind(): void {
    this.#days = 0;
    this.#last = NaN;
    this.#prefix?.forget();
  }

  /** The stamp of a row by its fields, in seconds; NaN of what is none. */
  seconds(fields: readonly string[]): number {
    const time = this.#time;
    if (time === undefined) return NaN;
    const text = fields[time.column] ?? "";
    if (time.kind === "number" && time.date !== undefined) {
      const [days, part] = [fields[time.date] ?? "", text].map((field) => numberOf(field, this.#decimal) ?? NaN);
      return ((days ?? NaN) - this.first + (part ?? NaN)) * time.scale;
    }
    if (time.kind === "number") return this.#number(text, time.scale);
    const { date, milliseconds, order } = time;
    const seconds = this.#calendar(
      text,
      date === undefined ? undefined : (stampOf(fields[date] ?? "", order)?.ms ?? NaN),
    );
    return milliseconds === undefined
      ? seconds
      : seconds + 1e-3 * (numberOf(fields[milliseconds] ?? "", this.#decimal) ?? NaN);
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

  /** A date, a time or both; `date` is the date in milliseconds where it stands elsewhere. */
  #calendar(text: string, date: number | undefined): number {
    const time = this.#time;
    const stamp = time?.kind === "stamp" ? stampOf(text, time.order) : undefined;
    if (stamp === undefined) return NaN;
    const ms = (date ?? 0) + stamp.ms;
    if (Number.isNaN(this.#origin)) this.#origin = ms;
    const seconds = (ms - this.#origin) / 1000 + Number(`0.${stamp.fraction || "0"}`);
    if (date !== undefined || stamp.has !== "time") return seconds;
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
  const time = exact?.kind === "number" && exact.epoch === undefined ? (calendar ?? exact) : exact;
  const field = time === undefined ? "" : (row[time.column] ?? "");
  if (time?.kind === "number" && segments !== undefined)
    return segments.trigger + 1000 * time.scale * (numberOf(field, decimal) ?? NaN);
  if (time?.kind === "number") {
    const day = time.date === undefined ? 0 : numberOf(row[time.date] ?? "", decimal);
    const count = (day ?? NaN) + (numberOf(field, decimal) ?? NaN);
    return time.epoch === undefined ? NaN : time.epoch + Math.round(count * time.scale * 1e6) / 1e3;
  }
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
