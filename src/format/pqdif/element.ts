/**
 * Elements of PQDIF as bytes: collections, scalars and vectors (pqdif_ph.h). What a leaf holds stays in its bytes until somebody asks, so
 * that elements of any tag and type, known or not, go through unchanged.
 */
import { decodeText } from "#format/text-encoding.ts";
import { guidAt, putGuid } from "./guid.ts";
import type { PqdifTime } from "./time.ts";

export const physicalTypes = {
  bool1: 1,
  bool2: 2,
  bool4: 3,
  char1: 10,
  char2: 11,
  int1: 20,
  int2: 21,
  int4: 22,
  uint1: 30,
  uint2: 31,
  uint4: 32,
  real4: 40,
  real8: 41,
  complex8: 42,
  complex16: 43,
  timestamp: 50,
  guid: 60,
} as const;
export type PhysicalType = keyof typeof physicalTypes;

/** Bytes of one value, by the number of the type. */
// prettier-ignore
export const widths: Readonly<Record<number, number>> = {
  1: 1, 2: 2, 3: 4, 10: 1, 11: 2, 20: 1, 21: 2, 22: 4, 30: 1, 31: 2, 32: 4, 40: 4, 41: 8, 42: 8, 43: 16, 50: 12, 60: 16,
};

const typeNames = new Map<number, PhysicalType>(
  Object.entries(physicalTypes).map(([name, number]) => [number, name as PhysicalType]),
);

export function typeName(type: number): PhysicalType | undefined {
  return typeNames.get(type);
}

export interface Collection {
  readonly kind: "collection";
  readonly tag: string;
  readonly elements: readonly Element[];
  /** Where it was in the body of its record; undefined of what was not read from one. */
  readonly at?: number | undefined;
  /** An element of any kind was there, and could not be read: it keeps its place among the others, and what it said is not known. */
  readonly isDamaged?: true;
}

export interface Leaf {
  readonly kind: "scalar" | "vector";
  readonly tag: string;
  /** A number of `physicalTypes`, or one that nobody knows. */
  readonly type: number;
  /** Values there are: 1 of a scalar. */
  readonly count: number;
  /** Its values without padding; of an unknown type all that the file has, whose padding cannot be told from it. */
  readonly bytes: Uint8Array;
  readonly at?: number | undefined;
}

export type Element = Collection | Leaf;

export function collection(tag: string, elements: readonly Element[]): Collection {
  return { kind: "collection", tag, elements };
}

export function damaged(tag: string, at: number): Collection {
  return { kind: "collection", tag, elements: [], at, isDamaged: true };
}

export function isDamaged(element: Element): boolean {
  return element.kind === "collection" && element.isDamaged === true;
}

const view = ({ bytes }: Leaf): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether this machine has the order of bytes of the file: numbers are then taken as they stand. */
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const arrays = {
  20: Int8Array,
  21: Int16Array,
  22: Int32Array,
  30: Uint8Array,
  31: Uint16Array,
  32: Uint32Array,
  40: Float32Array,
  41: Float64Array,
} as const;

const arrayOf = (type: number): (typeof arrays)[keyof typeof arrays] | undefined =>
  LITTLE && type in arrays ? arrays[type as keyof typeof arrays] : undefined;

/** The numbers of a leaf: truth values are 0 and 1, complex numbers two each; undefined of text, times and GUIDs. */
export function numbersOf(leaf: Leaf): Float64Array | undefined {
  const { type, count } = leaf;
  const pairs = type === physicalTypes.complex8 || type === physicalTypes.complex16;
  const width = (widths[type] ?? 0) / (pairs ? 2 : 1);
  const get = getters[type];
  if (get === undefined) return undefined;
  const array = arrayOf(type);
  // A copy, which begins where numbers may; slice() of Node's Buffer is none.
  if (array !== undefined) return new Float64Array(new array(new Uint8Array(leaf.bytes).buffer));
  const from = view(leaf);
  const out = new Float64Array(pairs ? 2 * count : count);
  for (let k = 0, at = 0; k < out.length; k++, at += width) out[k] = get(from, at);
  return out;
}

type Getter = (from: DataView, at: number) => number;
const real4: Getter = (from, at) => from.getFloat32(at, true);
const real8: Getter = (from, at) => from.getFloat64(at, true);
const getters: Readonly<Record<number, Getter>> = {
  1: (from, at) => (from.getUint8(at) === 0 ? 0 : 1),
  2: (from, at) => (from.getUint16(at, true) === 0 ? 0 : 1),
  3: (from, at) => (from.getUint32(at, true) === 0 ? 0 : 1),
  20: (from, at) => from.getInt8(at),
  21: (from, at) => from.getInt16(at, true),
  22: (from, at) => from.getInt32(at, true),
  30: (from, at) => from.getUint8(at),
  31: (from, at) => from.getUint16(at, true),
  32: (from, at) => from.getUint32(at, true),
  40: real4,
  41: real8,
  42: real4,
  43: real8,
};

/** The first number of a leaf; undefined where there is none. */
export function numberOf(leaf: Leaf): number | undefined {
  const get = leaf.count > 0 ? getters[leaf.type] : undefined;
  return get?.(view(leaf), 0);
}

const utf16 = new TextDecoder("utf-16le");

/** A text up to its NUL: ASCII, UTF-8, or the code page that it looks like; CHAR2 is UTF-16. */
export function textOf({ type, bytes }: Leaf): string | undefined {
  if (type === physicalTypes.char2) return utf16.decode(bytes).split("\0", 1)[0];
  if (type !== physicalTypes.char1) return undefined;
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The time at index k; undefined of what holds none. */
export function timeAt(leaf: Leaf, k = 0): PqdifTime | undefined {
  if (leaf.type !== physicalTypes.timestamp || k >= leaf.count) return undefined;
  const from = view(leaf);
  return { day: from.getUint32(12 * k, true), seconds: from.getFloat64(12 * k + 4, true) };
}

export function guidOf({ type, count, bytes }: Leaf): string | undefined {
  return type === physicalTypes.guid && count > 0 ? guidAt(bytes, 0) : undefined;
}

export type NumberType = Exclude<PhysicalType, "char1" | "char2" | "complex8" | "complex16" | "timestamp" | "guid">;

type Setter = (into: DataView, at: number, value: number) => void;
const setters: Readonly<Record<NumberType, Setter>> = {
  bool1: (into, at, value) => into.setUint8(at, value),
  bool2: (into, at, value) => into.setUint16(at, value, true),
  bool4: (into, at, value) => into.setUint32(at, value, true),
  int1: (into, at, value) => into.setInt8(at, value),
  int2: (into, at, value) => into.setInt16(at, value, true),
  int4: (into, at, value) => into.setInt32(at, value, true),
  uint1: (into, at, value) => into.setUint8(at, value),
  uint2: (into, at, value) => into.setUint16(at, value, true),
  uint4: (into, at, value) => into.setUint32(at, value, true),
  real4: (into, at, value) => into.setFloat32(at, value, true),
  real8: (into, at, value) => into.setFloat64(at, value, true),
};

function numbers(kind: Leaf["kind"], tag: string, type: NumberType, values: ArrayLike<number>): Leaf {
  const array = kind === "vector" ? arrayOf(physicalTypes[type]) : undefined;
  if (array !== undefined) {
    const bytes = new Uint8Array(new array(values).buffer);
    return { kind, tag, type: physicalTypes[type], count: values.length, bytes };
  }
  const width = widths[physicalTypes[type]]!;
  const bytes = new Uint8Array(width * values.length);
  const into = new DataView(bytes.buffer);
  const set = setters[type];
  for (let k = 0; k < values.length; k++) set(into, k * width, values[k]!);
  return { kind, tag, type: physicalTypes[type], count: values.length, bytes };
}

export function scalar(tag: string, type: NumberType, value: number): Leaf {
  return numbers("scalar", tag, type, [value]);
}

export function vector(tag: string, type: NumberType, values: ArrayLike<number>): Leaf {
  return numbers("vector", tag, type, values);
}

/** A text with its NUL, which counts (pqdif_ph.h, "Physical representation IDs"). */
export function text(tag: string, value: string): Leaf {
  const bytes = new TextEncoder().encode(`${value}\0`);
  return { kind: "vector", tag, type: physicalTypes.char1, count: bytes.length, bytes };
}

export function guid(tag: string, value: string): Leaf {
  const bytes = new Uint8Array(16);
  putGuid(value, bytes, 0);
  return { kind: "scalar", tag, type: physicalTypes.guid, count: 1, bytes };
}

export function times(kind: Leaf["kind"], tag: string, values: readonly PqdifTime[]): Leaf {
  const bytes = new Uint8Array(12 * values.length);
  const into = new DataView(bytes.buffer);
  values.forEach(({ day, seconds }, k) => {
    into.setUint32(12 * k, day, true);
    into.setFloat64(12 * k + 4, seconds, true);
  });
  return { kind, tag, type: physicalTypes.timestamp, count: values.length, bytes };
}
