/** Values of COSEM as people read them: numbers with their scale and unit, texts, instants, and what has parts. */
import type { Data } from "#protocol/dlms/data/data.ts";
import { dateTimeOf, DATE_TIME_LENGTH, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { units } from "#protocol/dlms/data/unit.ts";

export interface ScalerUnit {
  /** The power of ten. */
  readonly scaler: number;
  /** In words; empty where it has none, undefined where it is one that nobody here knows. */
  readonly unit: string | undefined;
}

/** scaler_unit of a register; undefined of what is none. */
export function scalerUnitIn(data: Data): ScalerUnit | undefined {
  if (data.type !== "structure") return undefined;
  const [scaler, unit] = data.value;
  if (scaler?.type !== "integer" || unit?.type !== "enum") return undefined;
  return { scaler: scaler.value, unit: (units as Readonly<Record<number, string>>)[unit.value] };
}

/** A float of 32 bits by the fewest digits that are it: 0.1, not 0.10000000149. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

/** The number that a value is; undefined of another, and of none. */
export function numberIn(data: Data): number | undefined {
  switch (data.type) {
    case "float32":
      return Number.isFinite(data.value) ? shortest(data.value) : undefined;
    case "long64":
    case "long64-unsigned":
      return Number(data.value);
    case "boolean":
      return data.value ? 1 : 0;
    default:
      return "value" in data && typeof data.value === "number" && Number.isFinite(data.value) ? data.value : undefined;
  }
}

/** The decimal point moves; nothing is rounded but as the nearest number is. */
export function scaled(value: number, scaler: number): number {
  return scaler === 0 ? value : Number(`${value}e${scaler}`);
}

const two = (value: number | undefined): string => (value === undefined ? "--" : String(value).padStart(2, "0"));

/** "2026-07-31 16:45:00 +01:00"; dashes for what it does not say. `offsetMinutes` is what local time is ahead of UTC, where that is known otherwise than by its deviation. */
export function dateTimeText(time: DateTime, offsetMinutes: number | undefined = offsetOf(time)): string {
  const { year, month, day, hour, minute, second } = time;
  const parts = [year === undefined ? "----" : String(year).padStart(4, "0"), partText(month), partText(day)];
  const clock = hour === undefined && minute === undefined ? "" : ` ${two(hour)}:${two(minute)}:${two(second)}`;
  return `${parts.join("-")}${clock}${offsetMinutes === undefined ? "" : ` ${offsetText(offsetMinutes)}`}`;
}

function partText(part: number | string | undefined): string {
  return typeof part === "string" ? part : two(part);
}

function offsetOf({ deviation }: DateTime): number | undefined {
  return deviation === undefined ? undefined : -deviation;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** ISO 8601, "2026-07-31T16:45:00+01:00"; without what it does not say, and as people read it where a date is not said. */
export function isoText(time: DateTime, offsetMinutes: number | undefined): string {
  const text = dateTimeText(time, offsetMinutes);
  return text.includes("--") ? text : text.replace(" ", "T").replace(" ", "");
}

/** Twelve bytes that can be a time: no year before electricity was metered so, no month that there is not. */
export function timeIn(bytes: Uint8Array): DateTime | undefined {
  if (bytes.length !== DATE_TIME_LENGTH) return undefined;
  const time = dateTimeOf(bytes);
  const { year, month, day, hour, minute, second, weekday } = time;
  const within = (value: number | string | undefined, low: number, high: number): boolean =>
    typeof value !== "number" || (value >= low && value <= high);
  const isTime =
    within(year, 1900, 2999) &&
    within(month, 1, 12) &&
    within(day, 1, 31) &&
    within(weekday, 0, 7) &&
    within(hour, 0, 23) &&
    within(minute, 0, 59) &&
    within(second, 0, 59);
  return isTime ? time : undefined;
}

const PRINTABLE = /^[\x20-\x7e]+$/;

function bytesText(bytes: Uint8Array): string {
  const time = timeIn(bytes);
  if (time !== undefined) return dateTimeText(time);
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST));
  // Texts are filled up with zeros, or end with them.
  const plain = text.replace(/\0+$/, "");
  return PRINTABLE.test(plain) ? plain : bytes.toHex();
}

/** Of texts nobody reads more. */
const LONGEST = 4096;

/** A value in words: what has parts in brackets. */
export function textOf(data: Data): string {
  switch (data.type) {
    case "null-data":
    case "dont-care":
      return "";
    case "array":
    case "compact-array":
    case "structure": {
      const parts = data.value.map(textOf).join(", ");
      return data.type === "structure" ? `(${parts})` : `[${parts}]`;
    }
    case "bit-string":
      return data.value.map((bit) => (bit ? "1" : "0")).join("");
    case "octet-string":
      return bytesText(data.value);
    case "date-time":
      return dateTimeText(dateTimeOf(data.value));
    case "date":
      // Year to weekday are the same as in a date-time.
      return dateTimeText(dateTimeOf(filled(data.value, 0)));
    case "time":
      return dateTimeText(dateTimeOf(filled(data.value, 5))).slice("----------- ".length - 1);
    case "visible-string":
    case "utf8-string":
      return data.value.replace(/\0+$/, "");
    case "float32":
      return Number.isFinite(data.value) ? String(shortest(data.value)) : "";
    default:
      return String(data.value);
  }
}

function filled(bytes: Uint8Array, at: number): Uint8Array {
  const whole = new Uint8Array(DATE_TIME_LENGTH).fill(0xff);
  whole.set([0x80, 0x00], 9);
  whole.set(bytes, at);
  return whole;
}

/** A value of a reading: a number where it is one, else its words; undefined of none. */
export function valueOf(data: Data, scaler = 0): number | string | undefined {
  const number = numberIn(data);
  if (number !== undefined) return scaled(number, scaler);
  // A float that is none is no value.
  if (data.type === "float32" || data.type === "float64") return undefined;
  const text = textOf(data);
  return text === "" ? undefined : text;
}
