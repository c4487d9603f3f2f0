/** Values of COSEM, field by field. */
import { dateTimeOf, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { tags, type Data } from "#protocol/dlms/data/data.ts";
import { readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { readLength } from "#protocol/dlms/data/length.ts";
import { logicalNameOf } from "#protocol/dlms/data/logical-name.ts";
import { units } from "#protocol/dlms/data/unit.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { scaled } from "./decimal.ts";
import { hex, printable } from "./hex-text.ts";

/** Structures in structures, as decoding counts them. */
const DEEPEST = 32;
const DATE_TIME = 12;
const LOGICAL_NAME = 6;

const two = (value: number | string | undefined): string =>
  value === undefined ? "??" : typeof value === "number" ? String(value).padStart(2, "0") : value;
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** "2025-02-19 21:20:00.00, Wednesday, UTC = local time + 0 min, status 00"; what is not said has question marks. */
export function dateTimeText(dateTime: DateTime): string {
  const { year, month, day, weekday, hour, minute, second, hundredths, deviation, status } = dateTime;
  const fraction = hundredths === undefined ? "" : `.${two(hundredths)}`;
  return [
    `${year ?? "????"}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}${fraction}`,
    ...(weekday === undefined ? [] : [weekdays[weekday - 1] ?? `day ${weekday} of the week`]),
    deviation === undefined
      ? "deviation unspecified"
      : `UTC = local time ${deviation < 0 ? "-" : "+"} ${Math.abs(deviation)} min`,
    status === undefined ? "status unspecified" : `status ${hex(Uint8Array.of(status))}`,
  ].join(", ");
}

/** A date and time that a meter may mean: what is said is within its bounds. */
function isDateTime(bytes: Uint8Array): boolean {
  if (bytes.length !== DATE_TIME) return false;
  const { month, day, weekday, hour, minute, second, hundredths, deviation } = dateTimeOf(bytes);
  const within = (value: number | string | undefined, from: number, to: number): boolean =>
    typeof value !== "number" || (value >= from && value <= to);
  return (
    within(month, 1, 12) &&
    within(day, 1, 31) &&
    within(weekday, 1, 7) &&
    within(hour, 0, 23) &&
    within(minute, 0, 59) &&
    within(second, 0, 59) &&
    within(hundredths, 0, 99) &&
    within(deviation, -720, 840)
  );
}

/** Octets with what they may be: a date and time, a logical name, text. */
export function octetsText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "empty";
  const all = hex(bytes);
  if (isDateTime(bytes)) return `${all} (${dateTimeText(dateTimeOf(bytes))})`;
  if (bytes.length === LOGICAL_NAME) return `${all} (${logicalNameOf(bytes)})`;
  const text = printable(bytes);
  return text === undefined ? all : `${all} ("${text}")`;
}

function timeText(bytes: Uint8Array): string {
  const [hour, minute, second, hundredths] = [...bytes].map((byte) => (byte === 0xff ? undefined : byte));
  return `${hex(bytes)} (${two(hour)}:${two(minute)}:${two(second)}.${two(hundredths)})`;
}

/** What a value says, on one line. */
export function dataText(data: Data): string {
  switch (data.type) {
    case "null-data":
    case "dont-care":
      return data.type;
    case "array":
    case "structure":
      return `${data.type} { ${data.value.map(dataText).join("; ")} }`;
    case "compact-array":
      return `compact-array of ${data.value.length}: ${data.value.map(dataText).join("; ")}`;
    case "bit-string":
      return `bit-string ${data.value.map((bit) => (bit ? "1" : "0")).join("")}`;
    case "octet-string":
      return `octet-string ${octetsText(data.value)}`;
    case "date-time":
      return `date-time ${hex(data.value)} (${dateTimeText(dateTimeOf(data.value))})`;
    case "date":
      return `date ${hex(data.value)}`;
    case "time":
      return `time ${timeText(data.value)}`;
    case "visible-string":
    case "utf8-string":
      return `${data.type} ${JSON.stringify(data.value)}`;
    default:
      return `${data.type} ${data.value}`;
  }
}

/** scaler_unit says so: a structure of an integer and an enum; what stands before it in its structure may be its value. */
function scalerUnitText(members: readonly (Data | undefined)[], before: Data | undefined): string | undefined {
  const [scaler, unit] = members;
  if (members.length !== 2 || scaler?.type !== "integer" || unit?.type !== "enum") return undefined;
  const name = (units as Readonly<Record<number, string>>)[unit.value] ?? `of unit ${unit.value}`;
  const value = wholeNumber(before);
  return [
    `10^${scaler.value} ${name}`.trim(),
    ...(value === undefined ? [] : [`${scaled(value, scaler.value)} ${name}`.trim()]),
  ].join(": ");
}

/** Of types that a register's value has. */
function wholeNumber(data: Data | undefined): bigint | undefined {
  switch (data?.type) {
    case "double-long":
    case "double-long-unsigned":
    case "integer":
    case "long":
    case "unsigned":
    case "long-unsigned":
      return BigInt(data.value);
    case "long64":
    case "long64-unsigned":
      return data.value;
    default:
      return undefined;
  }
}

/** The tag, and how many members follow. */
function typeAndCount(from: Reader): number {
  from.skip(1);
  return readLength(from);
}

/** The next value; each member of arrays and structures is a field of its own. */
export function walkData(walk: Walk, name: string, manner?: Manner): void {
  walkAt(walk, name, { manner, depth: 0, before: undefined });
}

interface Place {
  readonly manner: Manner | undefined;
  readonly depth: number;
  /** The member before it, where that has no members. */
  readonly before: Data | undefined;
}

function walkAt(walk: Walk, name: string, { manner, depth, before }: Place): Data | undefined {
  const { from } = walk;
  const { at } = from;
  const tag = from.u8();
  from.at = at;
  if (tag !== tags.array && tag !== tags.structure)
    return walk.field(name, (reader) => readData(reader, manner), dataText);
  if (depth >= DEEPEST) throw new WireError(`structures more than ${DEEPEST} deep`, at);
  const type = tag === tags.array ? "array" : "structure";
  const members: (Data | undefined)[] = [];
  walk.group(
    name,
    () => {
      const count = walk.field("type", typeAndCount, (all) => `${type}, ${all} members`);
      if (count > from.left) throw new WireError(`${count} members where ${from.left} bytes are left`, from.at);
      for (let k = 0; k < count; k++)
        members.push(walkAt(walk, String(k + 1), { manner, depth: depth + 1, before: members[k - 1] }));
    },
    () => {
      const meaning = type === "structure" ? scalerUnitText(members, before) : undefined;
      return `${type} of ${members.length}${meaning === undefined ? "" : ` (${meaning})`}`;
    },
  );
  return undefined;
}
