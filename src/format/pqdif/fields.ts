/**
 * Fields of a collection that hold one thing each: a row of a table says the name, the tag and the kind, and both reading and writing go
 * by it.
 */
import {
  guid,
  guidOf,
  isDamaged,
  numberOf,
  numbersOf,
  scalar,
  text as textLeaf,
  textOf,
  timeAt,
  times,
  typeName,
  vector,
  type Element,
  type Leaf,
} from "./element.ts";
import { isGuid } from "./guid.ts";
import { MAX_LIST, MAX_TEXT } from "./limits.ts";
import { isUnset, type PqdifTime } from "./time.ts";

/** How a value stands in a leaf. */
export interface Kind<T> {
  readonly expected: string;
  /** Undefined of a leaf that holds no such thing. */
  read(leaf: Leaf): T | undefined;
  /** Undefined of a value that cannot be written. */
  write(tag: string, value: T): Leaf | undefined;
}

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

export const text: Kind<string> = {
  expected: "a text",
  read: (leaf) => (leaf.bytes.length > MAX_TEXT ? undefined : textOf(leaf)),
  write: textLeaf,
};

/** UINT4. */
export const whole: Kind<number> = {
  expected: "a whole number",
  read: (leaf) => {
    const value = numberOf(leaf);
    return value !== undefined && Number.isInteger(value) ? value : undefined;
  },
  write: (tag, value) => (isWhole(value, 0, 0xffff_ffff) ? scalar(tag, "uint4", value) : undefined),
};

/** INT2. */
export const short: Kind<number> = {
  ...whole,
  write: (tag, value) => (isWhole(value, -0x8000, 0x7fff) ? scalar(tag, "int2", value) : undefined),
};

/** REAL8. */
export const real: Kind<number> = {
  expected: "a number",
  read: (leaf) => {
    const value = numberOf(leaf);
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  },
  write: (tag, value) => (Number.isFinite(value) ? scalar(tag, "real8", value) : undefined),
};

/** BOOL4. */
export const flag: Kind<boolean> = {
  expected: "a truth value",
  read: (leaf) => {
    const value = numberOf(leaf);
    return value === undefined ? undefined : value !== 0;
  },
  write: (tag, value) => scalar(tag, "bool4", value ? 1 : 0),
};

export const time: Kind<PqdifTime> = {
  expected: "a time",
  read: (leaf) => {
    const value = timeAt(leaf);
    return value !== undefined && Number.isFinite(value.seconds) && !isUnset(value) ? value : undefined;
  },
  write: (tag, value) =>
    isWhole(value.day, 0, 0xffff_ffff) && Number.isFinite(value.seconds) ? times("scalar", tag, [value]) : undefined,
};

export const wholes: Kind<readonly number[]> = {
  expected: "whole numbers",
  read: (leaf) => {
    const values = leaf.count > MAX_LIST ? undefined : numbersOf(leaf);
    return values === undefined ? undefined : [...values];
  },
  write: (tag, values) =>
    values.every((value) => isWhole(value, 0, 0xffff_ffff)) ? vector(tag, "uint4", values) : undefined,
};

export const reals: Kind<readonly number[]> = {
  ...wholes,
  expected: "numbers",
  write: (tag, values) => vector(tag, "real8", values),
};

/** A name of the table, or a GUID that it does not have. */
export type OrGuid<N> = N | (string & Record<never, never>);

export function named<N extends string>(table: Readonly<Record<N, string>>): Kind<OrGuid<N>> {
  const names = new Map(Object.entries<string>(table).map(([name, id]) => [id, name as N]));
  return {
    expected: "a GUID",
    read: (leaf) => {
      const id = guidOf(leaf);
      return id === undefined ? undefined : (names.get(id) ?? id);
    },
    write: (tag, name) => {
      const id = Object.hasOwn(table, name) ? table[name as N] : name;
      return isGuid(id) ? guid(tag, id) : undefined;
    },
  };
}

/** A name of the table, or a number that it does not have. */
export function numbered<N extends string>(table: Readonly<Record<N, number>>): Kind<N | number> {
  const names = new Map(Object.entries<number>(table).map(([name, id]) => [id, name as N]));
  return {
    expected: "a number of a list",
    read: (leaf) => {
      const id = whole.read(leaf);
      return id === undefined ? undefined : (names.get(id) ?? id);
    },
    write: (tag, name) => {
      const id = typeof name === "number" ? name : Object.hasOwn(table, name) ? table[name] : undefined;
      return id === undefined ? undefined : whole.write(tag, id);
    },
  };
}

/** Rows by the name of the field. */
export type Table = Readonly<Record<string, readonly [tag: string, kind: Kind<unknown>]>>;

/** What a table's rows hold; what a file does not have is undefined. */
export type Fields<T> = {
  readonly [K in keyof T]?: (T[K] extends readonly [string, Kind<infer V>] ? V : never) | undefined;
};

export interface FieldsRead<T> {
  readonly fields: Fields<T>;
  /** Fields that are there and cannot be read. */
  readonly broken: ReadonlySet<keyof T>;
  /** What no row takes, in order: collections, and elements of other tags. */
  readonly rest: readonly Element[];
}

/** Reads what the table names; `warn` hears of a leaf that does not hold what it should, which counts as absent. */
export function readFields<T extends Table>(
  table: T,
  elements: readonly Element[],
  warn: (element: Element, what: string) => void,
): FieldsRead<T> {
  const byTag = index(table);
  const fields: Record<string, unknown> = {};
  const broken = new Set<keyof T>();
  const rest: Element[] = [];
  for (const element of elements) {
    const row = byTag.get(element.tag);
    if (row === undefined) {
      rest.push(element);
      continue;
    }
    const [name, kind] = row;
    if (name in fields) {
      warn(element, `${name} is there twice; the first counts`);
      continue;
    }
    const value = element.kind === "collection" ? undefined : kind.read(element);
    if (value !== undefined) {
      fields[name] = value;
      continue;
    }
    broken.add(name);
    // Of what is damaged it has been told.
    if (!isDamaged(element)) warn(element, `expected ${kind.expected} for ${name}, found ${described(element)}`);
  }
  return { fields: fields as Fields<T>, broken, rest };
}

function described(element: Element): string {
  if (element.kind === "collection") return "a collection";
  const type = typeName(element.type) ?? `type ${element.type}`;
  return element.kind === "scalar" ? `a scalar of ${type}` : `a vector of ${type} with ${element.count} values`;
}

const indexes = new WeakMap<Table, ReadonlyMap<string, readonly [name: string, kind: Kind<unknown>]>>();

function index(table: Table): ReadonlyMap<string, readonly [name: string, kind: Kind<unknown>]> {
  let known = indexes.get(table);
  if (known === undefined) {
    known = new Map(Object.entries(table).map(([name, [tag, kind]]) => [tag, [name, kind]]));
    indexes.set(table, known);
  }
  return known;
}

/** Elements of the fields that there are, in the order of the table; `refuse` is told of a value that cannot be written. */
export function writeFields<T extends Table>(table: T, fields: Fields<T>, refuse: (what: string) => never): Element[] {
  const out: Element[] = [];
  for (const [name, [tag, kind]] of Object.entries(table)) {
    const value: unknown = fields[name];
    if (value === undefined) continue;
    const leaf = kind.write(tag, value);
    out.push(leaf ?? refuse(`${name}: expected ${kind.expected}, found ${JSON.stringify(value)}`));
  }
  return out;
}
