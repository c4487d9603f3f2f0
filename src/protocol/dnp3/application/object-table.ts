/** How objects are laid out (IEEE 1815 annex A): one row a group and variation, its fields in the order of the wire, all little endian. */

export type FieldType = "u8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64" | "u48";
export type FieldName =
  | "flags"
  | "value"
  | "time"
  /** Milliseconds after the common time of occurrence. */
  | "after"
  | "delayMs"
  | "delaySeconds"
  | "interval"
  | "unit"
  | "code"
  | "times"
  | "onMs"
  | "offMs"
  | "status";
export type Field = readonly [name: FieldName, type: FieldType];

/**
 * Octets of the fields; one bit an object, packed from the lowest bit on; two bits likewise; nothing at all (classes); or as many as stand
 * before each (files).
 */
export type Layout = readonly Field[] | "bit" | "two bits" | "none" | "sized";

export interface ObjectRow {
  readonly group: number;
  readonly variation: number;
  readonly what: string;
  readonly layout: Layout;
  /** Octets of one object; 0 of bits, of nothing, and of what has its size before it. */
  readonly size: number;
}

const flags: Field = ["flags", "u8"];
const u16: Field = ["value", "u16"];
const u32: Field = ["value", "u32"];
const i16: Field = ["value", "i16"];
const i32: Field = ["value", "i32"];
const f32: Field = ["value", "f32"];
const f64: Field = ["value", "f64"];
/** UTC, milliseconds since 1970. */
const time: Field = ["time", "u48"];
const status: Field = ["status", "u8"];

type Row = readonly [group: number, variation: number, what: string, layout: Layout];

// prettier-ignore
const rows: readonly Row[] = [
  [  1, 1, "binary input, packed", "bit"],
  [  1, 2, "binary input with flags", [flags]],
  [  2, 1, "binary input event", [flags]],
  [  2, 2, "binary input event with time", [flags, time]],
  [  2, 3, "binary input event with relative time", [flags, ["after", "u16"]]],
  [  3, 1, "double-bit input, packed", "two bits"],
  [  3, 2, "double-bit input with flags", [flags]],
  [  4, 1, "double-bit input event", [flags]],
  [  4, 2, "double-bit input event with time", [flags, time]],
  [  4, 3, "double-bit input event with relative time", [flags, ["after", "u16"]]],
  [ 10, 1, "binary output, packed", "bit"],
  [ 10, 2, "binary output status with flags", [flags]],
  [ 11, 1, "binary output event", [flags]],
  [ 11, 2, "binary output event with time", [flags, time]],
  [ 12, 1, "control relay output block", [["code", "u8"], ["times", "u8"], ["onMs", "u32"], ["offMs", "u32"], status]],
  [ 13, 1, "binary output command event", [flags]],
  [ 13, 2, "binary output command event with time", [flags, time]],
  [ 20, 1, "counter, 32 bits with flag", [flags, u32]],
  [ 20, 2, "counter, 16 bits with flag", [flags, u16]],
  [ 20, 5, "counter, 32 bits", [u32]],
  [ 20, 6, "counter, 16 bits", [u16]],
  [ 21, 1, "frozen counter, 32 bits with flag", [flags, u32]],
  [ 21, 2, "frozen counter, 16 bits with flag", [flags, u16]],
  [ 21, 5, "frozen counter, 32 bits with flag and time", [flags, u32, time]],
  [ 21, 6, "frozen counter, 16 bits with flag and time", [flags, u16, time]],
  [ 21, 9, "frozen counter, 32 bits", [u32]],
  [ 21,10, "frozen counter, 16 bits", [u16]],
  [ 22, 1, "counter event, 32 bits", [flags, u32]],
  [ 22, 2, "counter event, 16 bits", [flags, u16]],
  [ 22, 5, "counter event, 32 bits with time", [flags, u32, time]],
  [ 22, 6, "counter event, 16 bits with time", [flags, u16, time]],
  [ 23, 1, "frozen counter event, 32 bits", [flags, u32]],
  [ 23, 2, "frozen counter event, 16 bits", [flags, u16]],
  [ 23, 5, "frozen counter event, 32 bits with time", [flags, u32, time]],
  [ 23, 6, "frozen counter event, 16 bits with time", [flags, u16, time]],
  [ 30, 1, "analog input, 32 bits with flag", [flags, i32]],
  [ 30, 2, "analog input, 16 bits with flag", [flags, i16]],
  [ 30, 3, "analog input, 32 bits", [i32]],
  [ 30, 4, "analog input, 16 bits", [i16]],
  [ 30, 5, "analog input, single precision with flag", [flags, f32]],
  [ 30, 6, "analog input, double precision with flag", [flags, f64]],
  [ 31, 1, "frozen analog input, 32 bits with flag", [flags, i32]],
  [ 31, 2, "frozen analog input, 16 bits with flag", [flags, i16]],
  [ 31, 3, "frozen analog input, 32 bits with flag and time", [flags, i32, time]],
  [ 31, 4, "frozen analog input, 16 bits with flag and time", [flags, i16, time]],
  [ 31, 5, "frozen analog input, 32 bits", [i32]],
  [ 31, 6, "frozen analog input, 16 bits", [i16]],
  [ 31, 7, "frozen analog input, single precision with flag", [flags, f32]],
  [ 31, 8, "frozen analog input, double precision with flag", [flags, f64]],
  [ 32, 1, "analog event, 32 bits", [flags, i32]],
  [ 32, 2, "analog event, 16 bits", [flags, i16]],
  [ 32, 3, "analog event, 32 bits with time", [flags, i32, time]],
  [ 32, 4, "analog event, 16 bits with time", [flags, i16, time]],
  [ 32, 5, "analog event, single precision", [flags, f32]],
  [ 32, 6, "analog event, double precision", [flags, f64]],
  [ 32, 7, "analog event, single precision with time", [flags, f32, time]],
  [ 32, 8, "analog event, double precision with time", [flags, f64, time]],
  [ 33, 1, "frozen analog event, 32 bits", [flags, i32]],
  [ 33, 2, "frozen analog event, 16 bits", [flags, i16]],
  [ 33, 3, "frozen analog event, 32 bits with time", [flags, i32, time]],
  [ 33, 4, "frozen analog event, 16 bits with time", [flags, i16, time]],
  [ 33, 5, "frozen analog event, single precision", [flags, f32]],
  [ 33, 6, "frozen analog event, double precision", [flags, f64]],
  [ 33, 7, "frozen analog event, single precision with time", [flags, f32, time]],
  [ 33, 8, "frozen analog event, double precision with time", [flags, f64, time]],
  [ 34, 1, "analog deadband, 16 bits", [u16]],
  [ 34, 2, "analog deadband, 32 bits", [u32]],
  [ 34, 3, "analog deadband, single precision", [f32]],
  [ 40, 1, "analog output status, 32 bits with flag", [flags, i32]],
  [ 40, 2, "analog output status, 16 bits with flag", [flags, i16]],
  [ 40, 3, "analog output status, single precision with flag", [flags, f32]],
  [ 40, 4, "analog output status, double precision with flag", [flags, f64]],
  [ 41, 1, "analog output, 32 bits", [i32, status]],
  [ 41, 2, "analog output, 16 bits", [i16, status]],
  [ 41, 3, "analog output, single precision", [f32, status]],
  [ 41, 4, "analog output, double precision", [f64, status]],
  [ 42, 1, "analog output event, 32 bits", [flags, i32]],
  [ 42, 2, "analog output event, 16 bits", [flags, i16]],
  [ 42, 3, "analog output event, 32 bits with time", [flags, i32, time]],
  [ 42, 4, "analog output event, 16 bits with time", [flags, i16, time]],
  [ 42, 5, "analog output event, single precision", [flags, f32]],
  [ 42, 6, "analog output event, double precision", [flags, f64]],
  [ 42, 7, "analog output event, single precision with time", [flags, f32, time]],
  [ 42, 8, "analog output event, double precision with time", [flags, f64, time]],
  [ 43, 1, "analog output command event, 32 bits", [status, i32]],
  [ 43, 2, "analog output command event, 16 bits", [status, i16]],
  [ 43, 3, "analog output command event, 32 bits with time", [status, i32, time]],
  [ 43, 4, "analog output command event, 16 bits with time", [status, i16, time]],
  [ 43, 5, "analog output command event, single precision", [status, f32]],
  [ 43, 6, "analog output command event, double precision", [status, f64]],
  [ 43, 7, "analog output command event, single precision with time", [status, f32, time]],
  [ 43, 8, "analog output command event, double precision with time", [status, f64, time]],
  [ 50, 1, "time and date", [time]],
  [ 50, 2, "time and date, and an interval", [time, ["interval", "u32"]]],
  [ 50, 3, "time and date of the last recorded time", [time]],
  [ 50, 4, "indexed time and date, and an interval", [time, ["interval", "u32"], ["unit", "u8"]]],
  [ 51, 1, "common time of occurrence, synchronised", [time]],
  [ 51, 2, "common time of occurrence, not synchronised", [time]],
  [ 52, 1, "time delay, coarse", [["delaySeconds", "u16"]]],
  [ 52, 2, "time delay, fine", [["delayMs", "u16"]]],
  [ 60, 1, "class 0", "none"],
  [ 60, 2, "class 1", "none"],
  [ 60, 3, "class 2", "none"],
  [ 60, 4, "class 3", "none"],
  [ 70, 2, "file authentication", "sized"],
  [ 70, 3, "file command", "sized"],
  [ 70, 4, "file command status", "sized"],
  [ 70, 5, "file transport", "sized"],
  [ 70, 6, "file transport status", "sized"],
  [ 70, 7, "file descriptor", "sized"],
  [ 70, 8, "file specification", "sized"],
  [ 80, 1, "internal indications", "bit"],
];

const sizes: Readonly<Record<FieldType, number>> = { u8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, f64: 8, u48: 6 };

function rowOf([group, variation, what, layout]: Row): ObjectRow {
  const size = typeof layout === "string" ? 0 : layout.reduce((sum, [, type]) => sum + sizes[type], 0);
  return { group, variation, what, layout, size };
}

export const objectRows: readonly ObjectRow[] = rows.map(rowOf);

const byNumber = new Map(objectRows.map((row) => [(row.group << 8) | row.variation, row]));

/** Groups of octet strings: their variation is their length. */
const stringGroups: ReadonlyMap<number, string> = new Map([
  [110, "octet string"],
  [111, "octet string event"],
]);

/** Undefined of an object whose layout is not known. */
export function objectRow(group: number, variation: number): ObjectRow | undefined {
  return byNumber.get((group << 8) | variation) ?? stringRow(group, variation);
}

function stringRow(group: number, variation: number): ObjectRow | undefined {
  const what = stringGroups.get(group);
  if (what === undefined || variation === 0) return undefined;
  return { group, variation, what, layout: [], size: variation };
}

export function fieldSize(type: FieldType): number {
  return sizes[type];
}
