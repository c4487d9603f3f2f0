/** Objects of an agent as a tree in order (RFC 2578, 7; RFC 3416, 4.2.1 and 4.2.2): scalars, and tables of rows. What is absent is absent. */
import type { Value } from "./ber.ts";
import { beginsWith, compareOids, type Oid } from "./oid.ts";

/** Of an object; undefined where there is none now. */
type Reading = Value | undefined;

/** Objects by the last of their numbers, each with one instance, 0. */
export interface Scalars {
  readonly at: Oid;
  readonly scalars: Readonly<Record<number, () => Reading>>;
}

export interface Row<T> {
  readonly index: Oid;
  readonly of: T;
}

/** An entry of a table: columns by number, and rows in the order of their indexes, as they are now. */
export interface Table<T> {
  readonly at: Oid;
  readonly columns: Readonly<Record<number, (of: T) => Reading>>;
  readonly rows: () => readonly Row<T>[];
}

export interface Instance {
  readonly name: Oid;
  readonly value: Value;
}

/** A part of the tree: all that begins with `at`, but what begins with the name of another, which lies behind its own. */
export interface Branch {
  readonly at: Oid;
  /** Of the rest of a name. */
  get(rest: Oid): Value;
  /** The first behind the rest of a name; undefined where there is none. */
  next(rest: Oid): Instance | undefined;
}

const NO_OBJECT: Value = { kind: "noSuchObject" };
const NO_INSTANCE: Value = { kind: "noSuchInstance" };

export function scalarsBranch({ at, scalars }: Scalars): Branch {
  const numbers = Object.keys(scalars)
    .map(Number)
    .toSorted((a, b) => a - b);
  return {
    at,
    get([number = 0, ...instance]) {
      const read = scalars[number];
      if (read === undefined) return NO_OBJECT;
      return (instance.length === 1 && instance[0] === 0 ? read() : undefined) ?? NO_INSTANCE;
    },
    next(rest) {
      for (const number of numbers) {
        if (compareOids([number, 0], rest) <= 0) continue;
        const value = scalars[number]?.();
        if (value !== undefined) return { name: [...at, number, 0], value };
      }
      return undefined;
    },
  };
}

export function tableBranch<T>({ at, columns, rows }: Table<T>): Branch {
  const numbers = Object.keys(columns)
    .map(Number)
    .toSorted((a, b) => a - b);
  return {
    at,
    get([number = 0, ...index]) {
      const read = columns[number];
      if (read === undefined) return NO_OBJECT;
      const all = rows();
      const row = all[placeOf(all, index)];
      if (row === undefined || compareOids(row.index, index) !== 0) return NO_INSTANCE;
      return read(row.of) ?? NO_INSTANCE;
    },
    next(rest) {
      const all = rows();
      const [first = 0, ...index] = rest;
      for (const number of numbers) {
        if (number < first) continue;
        const read = columns[number];
        let k = number === first ? placeOf(all, index) : 0;
        // What a name leads to comes before what is behind it.
        if (number === first && rest.length > 1 && compareOids(all[k]?.index ?? [], index) === 0) k++;
        for (let row = all[k]; row !== undefined; row = all[++k]) {
          const value = read?.(row.of);
          if (value !== undefined) return { name: [...at, number, ...row.index], value };
        }
      }
      return undefined;
    },
  };
}

/** The first row that is not before an index. */
function placeOf(all: readonly Row<unknown>[], index: Oid): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const half = (from + to) >> 1;
    if (compareOids(all[half]?.index ?? [], index) < 0) from = half + 1;
    else to = half;
  }
  return from;
}

export class ObjectTree {
  readonly #branches: readonly Branch[];

  constructor(branches: readonly Branch[]) {
    this.#branches = branches.toSorted((a, b) => compareOids(a.at, b.at));
  }

  get(name: Oid): Value {
    const branch = this.#branches.findLast(({ at }) => beginsWith(name, at));
    return branch?.get(name.slice(branch.at.length)) ?? NO_OBJECT;
  }

  /** The first instance behind a name; undefined at the end. */
  next(name: Oid): Instance | undefined {
    for (const branch of this.#branches) {
      const { at } = branch;
      const isWithin = beginsWith(name, at);
      if (!isWithin && compareOids(at, name) < 0) continue;
      const found = branch.next(isWithin ? name.slice(at.length) : []);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
