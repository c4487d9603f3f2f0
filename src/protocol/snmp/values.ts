/** What a meter says, as values of SNMP: textual conventions of RFC 2579 and RFC 3411. */
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { Writer } from "#wire/cursor.ts";
import type { Value } from "./ber.ts";

/** SnmpAdminString and DisplayString have 255 bytes at most. */
const LONGEST_TEXT = 255;

/** UTF-8; undefined of nothing. */
export function textValue(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= LONGEST_TEXT) return { kind: "octets", value: bytes };
  // Not within a character: those of more bytes go on with bytes of 10xxxxxx.
  let end = LONGEST_TEXT;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return { kind: "octets", value: bytes.slice(0, end) };
}

/** Undefined of nothing, of what is no whole number, and beyond 32 bits. */
export function integerValue(value: number | undefined): Value | undefined {
  const isOne = value !== undefined && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
  return isOne ? { kind: "integer", value } : undefined;
}

export function gauge(value: number): Value {
  return { kind: "gauge32", value: Math.min(Math.max(0, value), 2 ** 32 - 1) };
}

/** Counters begin again at 0. */
export function counter(value: number): Value {
  return { kind: "counter32", value: value % 2 ** 32 };
}

export function truth(value: boolean): Value {
  return { kind: "integer", value: value ? 1 : 2 };
}

export function ticks(elapsedMs: number): Value {
  return { kind: "timeTicks", value: Math.floor(elapsedMs / 10) % 2 ** 32 };
}

/** DateAndTime (RFC 2579): local time with its distance from UTC, 11 bytes. */
export function dateAndTime(stamp: Stamp): Value {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(localOf(stamp))).toZonedDateTimeISO("UTC");
  const away = Math.abs(stamp.offsetMinutes);
  const out = new Writer(11)
    .u16(local.year)
    .u8(local.month)
    .u8(local.day)
    .u8(local.hour)
    .u8(local.minute)
    .u8(local.second)
    .u8(Math.floor(local.millisecond / 100))
    .u8((stamp.offsetMinutes < 0 ? "-" : "+").charCodeAt(0))
    .u8(Math.floor(away / 60))
    .u8(away % 60);
  return { kind: "octets", value: out.done() };
}

/** Digits that a measured number is told with. */
const DIGITS = 9;

/** A number in full: "231.7". */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
