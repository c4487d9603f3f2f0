/** Kinds of points and of events: the groups that show them, and their variations. */
import { objectRow, type Field, type FieldType } from "#protocol/dnp3/application/object-table.ts";
import type { OutstationSettings } from "./host.ts";

export type StaticKind = "binary" | "output" | "counter" | "frozen" | "analog";
export type EventKind = "frozen" | "binary" | "counter" | "analog";

interface StaticRow {
  readonly group: number;
  /** Variations without a flag, and those with one that show the same. */
  readonly flagged: Readonly<Partial<Record<number, number>>>;
}

export const staticKinds: Readonly<Record<StaticKind, StaticRow>> = {
  binary: { group: 1, flagged: { 1: 2 } },
  output: { group: 10, flagged: { 1: 2 } },
  counter: { group: 20, flagged: { 5: 1, 6: 2 } },
  frozen: { group: 21, flagged: { 9: 1, 10: 2 } },
  analog: { group: 30, flagged: { 3: 1, 4: 2 } },
};

export const eventGroups: Readonly<Record<EventKind, number>> = { frozen: 23, binary: 2, counter: 22, analog: 32 };

/** The order of class 0. */
const order: readonly StaticKind[] = ["binary", "analog", "counter", "frozen", "output"];

const left: Readonly<Record<OutstationSettings["class0"], StaticKind | undefined>> = {
  running: "frozen",
  frozen: "counter",
  both: undefined,
};

/** What belongs to class 0: counters as they run, as they were frozen, or both. */
export function class0Kinds({ class0 }: Pick<OutstationSettings, "class0">): StaticKind[] {
  return order.filter((kind) => kind !== left[class0]);
}

/** How a variation of a kind is written. */
export interface Variation {
  readonly group: number;
  readonly variation: number;
  /** Octets of an object; 0 of packed bits. */
  readonly size: number;
  readonly packed: boolean;
  readonly hasFlags: boolean;
  readonly value: FieldType | undefined;
  /** What its value can say; all that the meter knows of a counter fits. */
  readonly least: number;
  readonly most: number;
  readonly hasTime: boolean;
  /** Its time is milliseconds after a common one. */
  readonly relative: boolean;
}

/** The largest single-precision number. */
const FLOAT_MOST = 3.4028234663852886e38;

const ranges: Readonly<Partial<Record<FieldType, readonly [least: number, most: number]>>> = {
  i16: [-0x8000, 0x7fff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  f32: [-FLOAT_MOST, FLOAT_MOST],
};

const made = new Map<number, Variation>();

export function variationOf(group: number, variation: number): Variation {
  const key = (group << 8) | variation;
  const known = made.get(key);
  if (known !== undefined) return known;
  const row = objectRow(group, variation);
  const fields: readonly Field[] = Array.isArray(row?.layout) ? row.layout : [];
  const value = fields.find(([name]) => name === "value")?.[1];
  const [least, most] = (value === undefined ? undefined : ranges[value]) ?? [-Infinity, Infinity];
  const found: Variation = {
    group,
    variation,
    size: row?.size ?? 0,
    packed: row?.layout === "bit",
    hasFlags: fields.some(([name]) => name === "flags"),
    value,
    least,
    most,
    hasTime: fields.some(([name]) => name === "time"),
    relative: fields.some(([name]) => name === "after"),
  };
  made.set(key, found);
  return found;
}
