/**
 * Values of COSEM attributes: the CHOICE Data of Green Book 9.5, named as there. What is built is built by the functions below; how it
 * goes over the wire is encode.ts and decode.ts.
 */

/** Types of which a value is one number. */
export const numberTypes = [
  "double-long",
  "double-long-unsigned",
  "integer",
  "long",
  "unsigned",
  "long-unsigned",
  "enum",
  "float32",
  "float64",
  "bcd",
  "delta-integer",
  "delta-long",
  "delta-double-long",
  "delta-unsigned",
  "delta-long-unsigned",
  "delta-double-long-unsigned",
] as const;
export type NumberType = (typeof numberTypes)[number];

/** Types of which a value is bytes: as many as it takes, or 12, 5 and 4. */
export type BytesType = "octet-string" | "date-time" | "date" | "time";

/** What the members of a compact array have in common: a type, or types in a structure or array. */
export type TypeDescription =
  | { readonly type: Exclude<Data["type"], "array" | "structure" | "compact-array"> }
  | { readonly type: "array"; readonly count: number; readonly of: TypeDescription }
  | { readonly type: "structure"; readonly of: readonly TypeDescription[] };

export type Data =
  | { readonly type: "null-data" | "dont-care" }
  | { readonly type: "array" | "structure"; readonly value: readonly Data[] }
  /** Members are as in an array; on the wire they have their type once. */
  | { readonly type: "compact-array"; readonly of: TypeDescription; readonly value: readonly Data[] }
  | { readonly type: "boolean"; readonly value: boolean }
  /** Bit 0 is the first one on the wire: the highest of the first byte. */
  | { readonly type: "bit-string"; readonly value: readonly boolean[] }
  | { readonly type: NumberType; readonly value: number }
  | { readonly type: "long64" | "long64-unsigned"; readonly value: bigint }
  | { readonly type: BytesType; readonly value: Uint8Array }
  | { readonly type: "visible-string" | "utf8-string"; readonly value: string };

/** Tags by type (Green Book 9.5, "Data"). */
export const tags: Readonly<Record<Data["type"], number>> = {
  "null-data": 0,
  array: 1,
  structure: 2,
  boolean: 3,
  "bit-string": 4,
  "double-long": 5,
  "double-long-unsigned": 6,
  "octet-string": 9,
  "visible-string": 10,
  "utf8-string": 12,
  bcd: 13,
  integer: 15,
  long: 16,
  unsigned: 17,
  "long-unsigned": 18,
  "compact-array": 19,
  long64: 20,
  "long64-unsigned": 21,
  enum: 22,
  float32: 23,
  float64: 24,
  "date-time": 25,
  date: 26,
  time: 27,
  "delta-integer": 28,
  "delta-long": 29,
  "delta-double-long": 30,
  "delta-unsigned": 31,
  "delta-long-unsigned": 32,
  "delta-double-long-unsigned": 33,
  "dont-care": 255,
};

export const nullData: Data = { type: "null-data" };
export const array = (value: readonly Data[]): Data => ({ type: "array", value });
export const structure = (...value: readonly Data[]): Data => ({ type: "structure", value });
export const boolean = (value: boolean): Data => ({ type: "boolean", value });
export const octets = (value: Uint8Array): Data => ({ type: "octet-string", value });
export const visible = (value: string): Data => ({ type: "visible-string", value });
export const integer = (value: number): Data => ({ type: "integer", value });
export const long = (value: number): Data => ({ type: "long", value });
export const unsigned = (value: number): Data => ({ type: "unsigned", value });
export const longUnsigned = (value: number): Data => ({ type: "long-unsigned", value });
export const doubleLong = (value: number): Data => ({ type: "double-long", value });
export const doubleLongUnsigned = (value: number): Data => ({ type: "double-long-unsigned", value });
export const long64 = (value: bigint): Data => ({ type: "long64", value });
export const long64Unsigned = (value: bigint): Data => ({ type: "long64-unsigned", value });
export const enumerated = (value: number): Data => ({ type: "enum", value });
export const float32 = (value: number): Data => ({ type: "float32", value });
