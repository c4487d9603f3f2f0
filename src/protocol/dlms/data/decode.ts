/** Bytes to Data (A-XDR, Green Book 9.5). What is no Data throws WireError with the position; nothing is read twice, nothing grows beyond its bytes. */
import { Reader, WireError } from "#wire/cursor.ts";
import { tags, type Data, type NumberType, type TypeDescription } from "./data.ts";
import { readLength } from "./length.ts";

/** Structures in structures: what objects have is four deep; what is deeper is no value of a meter. */
const DEEPEST = 32;

const typeOf = new Map(Object.entries(tags).map(([type, tag]) => [tag, type as Data["type"]]));

const numbers: Readonly<Record<NumberType, (from: Reader) => number>> = {
  "double-long": (from) => from.i32(),
  "double-long-unsigned": (from) => from.u32(),
  integer: (from) => (from.u8() << 24) >> 24,
  long: (from) => from.i16(),
  unsigned: (from) => from.u8(),
  "long-unsigned": (from) => from.u16(),
  enum: (from) => from.u8(),
  float32: (from) => from.f32(),
  float64: (from) => from.f64(),
  bcd: (from) => from.u8(),
  "delta-integer": (from) => (from.u8() << 24) >> 24,
  "delta-long": (from) => from.i16(),
  "delta-double-long": (from) => from.i32(),
  "delta-unsigned": (from) => from.u8(),
  "delta-long-unsigned": (from) => from.u16(),
  "delta-double-long-unsigned": (from) => from.u32(),
};

/** How bytes are read that some meters write in a way of their own. */
export interface Manner {
  /** float32, float64, date-time, date and time have their length before them, as servers that stand on jDLMS 1.7 have it (17 04 3F 80 00 00). */
  readonly lengthened?: boolean | undefined;
}

const STRICT: Manner = {};
const fixedLengths: Partial<Record<Data["type"], number>> = {
  float32: 4,
  float64: 8,
  "date-time": 12,
  date: 5,
  time: 4,
};

function skipLength(from: Reader, type: Data["type"]): void {
  const expected = fixedLengths[type];
  if (expected === undefined) return;
  const { at } = from;
  const length = from.u8();
  if (length !== expected) throw new WireError(`expected the length of a ${type}, ${expected}, found ${length}`, at);
}

/** Values that may still come: members of compact arrays may take no bytes, and are counted all the same. */
interface Budget {
  left: number;
}

function typeAt(from: Reader): Data["type"] {
  const { at } = from;
  const tag = from.u8();
  const type = typeOf.get(tag);
  if (type === undefined) throw new WireError(`there is no data type ${tag}`, at);
  return type;
}

function deeper(from: Reader, depth: number): number {
  if (depth >= DEEPEST) throw new WireError(`structures more than ${DEEPEST} deep`, from.at);
  return depth + 1;
}

function membersOf(from: Reader, count: number, read: () => Data): readonly Data[] {
  if (count > from.left) throw new WireError(`${count} members where ${from.left} bytes are left`, from.at);
  return Array.from({ length: count }, read);
}

function readBits(from: Reader): readonly boolean[] {
  const count = readLength(from);
  const bytes = from.bytes(Math.ceil(count / 8));
  return Array.from({ length: count }, (_, k) => (((bytes[k >> 3] ?? 0) << (k & 7)) & 0x80) !== 0);
}

function readDescription(from: Reader, depth: number): TypeDescription {
  const { at } = from;
  const type = typeAt(from);
  if (type === "array") {
    const count = from.u16();
    return { type, count, of: readDescription(from, deeper(from, depth)) };
  }
  if (type === "structure") {
    const count = readLength(from);
    if (count > from.left) throw new WireError(`${count} types where ${from.left} bytes are left`, from.at);
    const inside = deeper(from, depth);
    return { type, of: Array.from({ length: count }, () => readDescription(from, inside)) };
  }
  if (type === "compact-array") throw new WireError("a compact array in a compact array", at);
  return { type };
}

function readDescribed(from: Reader, description: TypeDescription, budget: Budget, manner: Manner): Data {
  if (budget.left-- <= 0) throw new WireError("a compact array of more values than it has bytes", from.at);
  if (description.type === "array") {
    const { count, of } = description;
    return { type: "array", value: Array.from({ length: count }, () => readDescribed(from, of, budget, manner)) };
  }
  if (description.type === "structure")
    return { type: "structure", value: description.of.map((one) => readDescribed(from, one, budget, manner)) };
  return readContent(from, description.type, 0, manner);
}

function readCompactArray(from: Reader, depth: number, manner: Manner): Data {
  const of = readDescription(from, depth);
  const length = readLength(from);
  if (length > from.left)
    throw new WireError(`a compact array of ${length} bytes where ${from.left} are left`, from.at);
  const end = from.at + length;
  const budget = { left: 64 + 2 * length };
  const value: Data[] = [];
  while (from.at < end) {
    const { at } = from;
    value.push(readDescribed(from, of, budget, manner));
    if (from.at === at) throw new WireError("members of a compact array that have no bytes", at);
  }
  if (from.at > end) throw new WireError("the last member of a compact array ends behind it", end);
  return { type: "compact-array", of, value };
}

function readContent(from: Reader, type: Data["type"], depth: number, manner: Manner): Data {
  if (manner.lengthened === true) skipLength(from, type);
  switch (type) {
    case "null-data":
    case "dont-care":
      return { type };
    case "array":
    case "structure": {
      const inside = deeper(from, depth);
      return { type, value: membersOf(from, readLength(from), () => readDataAt(from, inside, manner)) };
    }
    case "compact-array":
      return readCompactArray(from, deeper(from, depth), manner);
    case "boolean":
      return { type, value: from.u8() !== 0 };
    case "bit-string":
      return { type, value: readBits(from) };
    case "octet-string":
      return { type, value: from.bytes(readLength(from)) };
    case "date-time":
      return { type, value: from.bytes(12) };
    case "date":
      return { type, value: from.bytes(5) };
    case "time":
      return { type, value: from.bytes(4) };
    case "visible-string":
      return { type, value: from.latin1(readLength(from)) };
    case "utf8-string":
      return { type, value: utf8.decode(from.bytes(readLength(from))) };
    case "long64":
      return { type, value: BigInt.asIntN(64, (BigInt(from.u32()) << 32n) | BigInt(from.u32())) };
    case "long64-unsigned":
      return { type, value: (BigInt(from.u32()) << 32n) | BigInt(from.u32()) };
    default:
      return { type, value: numbers[type](from) };
  }
}

/** Without taking a byte order mark for none of the text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function readDataAt(from: Reader, depth: number, manner: Manner): Data {
  return readContent(from, typeAt(from), depth, manner);
}

/** The next value; what stands behind it is left. Octet strings are views on the input. */
export function readData(from: Reader, manner: Manner = STRICT): Data {
  return readDataAt(from, 0, manner);
}

/** The one value that the bytes are. Throws WireError where more follows. */
export function decodeData(bytes: Uint8Array, manner: Manner = STRICT): Data {
  const from = new Reader(bytes);
  const data = readData(from, manner);
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the value`, from.at);
  return data;
}
