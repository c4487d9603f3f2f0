/** BER, element by element: what each is called, and what it says, by the shape of what it is part of. */
import { BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Annotated } from "./annotated.ts";

export interface Shape {
  readonly name: string;
  /** Why it is none that stands here. */
  readonly problem?: string;
  /** Nothing behind it is looked at. */
  readonly ends?: true;
  /** Of a primitive one: what it says; the reader has found it. */
  readonly say?: (element: BerReader) => string;
  /** Elements in it by their tags, or by their places, or all alike; in this order. */
  readonly by?: Readonly<Record<number, Shape>>;
  /** Of `by`: tags of those that have to be there. */
  readonly needs?: readonly number[];
  /** How many elements it has at least, and what the last of them is. */
  readonly least?: readonly [count: number, what: string];
  readonly inOrder?: readonly Shape[];
  readonly each?: (tag: number, k: number) => Shape;
  /** Of a primitive one that has something else in it. */
  readonly within?: (content: Uint8Array, offset: number) => readonly Annotated[];
}

/** Elements within each other that are shown. */
const MOST_NESTED = 40;

/** All elements of octets, one after the other, and where they stop to make sense. `offset` is the place of the first octet in the message. */
export function annotateBer(
  bytes: Uint8Array,
  offset: number,
  shapeOf: (tag: number, k: number) => Shape,
): Annotated[] {
  return elementsOf(new BerReader(bytes), offset, shapeOf, 0);
}

function elementsOf(
  reader: BerReader,
  offset: number,
  shapeOf: (tag: number, k: number) => Shape,
  depth: number,
): Annotated[] {
  const fields: Annotated[] = [];
  let at = reader.at;
  let k = 0;
  try {
    for (; reader.next(); k++) {
      const shape = shapeOf(reader.tag, k);
      if (shape.ends === true) {
        const length = reader.end - at;
        return [...fields, { at: offset + at, length, name: shape.name, text: shape.problem, isProblem: true }];
      }
      fields.push(elementOf(reader, at, offset, shape, depth));
      at = reader.at;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (isCut(reader, at) && depth < MOST_NESTED)
      return [...fields, cutOf(reader, at, offset, shapeOf(reader.tag, k), depth)];
    const why = error.message.replace(/ \(at byte \d+\)$/, "");
    fields.push({ at: offset + at, length: reader.end - at, name: "not understood", text: why, isProblem: true });
  }
  return fields;
}

/** Whether the element at `at` has its tag and its length, and not all that it says. */
function isCut({ from, to, end }: BerReader, at: number): boolean {
  return from > at && to > end;
}

/** An element that breaks off: what there is of it. */
// oxlint-disable-next-line max-params -- where it is has three parts
function cutOf(reader: BerReader, at: number, offset: number, shape: Shape, depth: number): Annotated {
  const { tag, from, to, end, bytes } = reader;
  const text = `${to - end} of its ${to - from} octets are missing`;
  const base = { at: offset + at, length: end - at, name: shape.name, text, isProblem: true } as const;
  if (!isConstructed(tag)) return base;
  const head: Annotated = {
    at: base.at,
    length: from - at,
    name: `tag ${tag.toString(16)}`,
    text: `${to - from} octets`,
  };
  const within = new BerReader(bytes, from, end);
  return { ...base, inside: [head, ...elementsOf(within, offset, (inner, k) => shapeIn(shape, inner, k), depth + 1)] };
}

function isConstructed(tag: number): boolean {
  return ((tag > 0xff ? tag >> 8 : tag) & 0x20) !== 0;
}

// oxlint-disable-next-line max-params -- where it is has three parts
function elementOf(reader: BerReader, at: number, offset: number, shape: Shape, depth: number): Annotated {
  const { tag, from, to, bytes } = reader;
  const wrong = shape.problem === undefined ? {} : ({ text: shape.problem, isProblem: true } as const);
  const base = { at: offset + at, length: reader.at - at, name: shape.name, ...wrong };
  if (!isConstructed(tag) && shape.within === undefined) return { ...said(reader, shape), ...base };
  if (depth >= MOST_NESTED) return { ...base, text: "nested too deep to be shown", isProblem: true };
  const head: Annotated = {
    at: base.at,
    length: from - at,
    name: `tag ${tag.toString(16)}`,
    text: `${to - from} octets`,
  };
  // An end of contents has two octets that are nothing's.
  const tail = reader.at - to;
  const end: readonly Annotated[] = tail === 0 ? [] : [{ at: offset + to, length: tail, name: "end of contents" }];
  const inside =
    shape.within === undefined
      ? elementsOf(new BerReader(bytes, from, to), offset, (inner, k) => shapeIn(shape, inner, k), depth + 1)
      : shape.within(bytes.subarray(from, to), offset + from);
  return { ...base, inside: [head, ...inside, ...missing(shape, inside, offset + to), ...end] };
}

/** What has to be there and is not, said at the end. */
function missing(
  { by = {}, needs = [], least }: Shape,
  inside: readonly Annotated[],
  at: number,
): readonly Annotated[] {
  const names = needs.map((tag) => by[tag]?.name ?? tag.toString(16));
  const absent = names.filter((name) => inside.every((one) => one.name !== name));
  if (least !== undefined && inside.length < least[0]) absent.push(least[1]);
  if (absent.length === 0) return [];
  return [{ at, length: 0, name: "missing", text: absent.join(", "), isProblem: true }];
}

function said(reader: BerReader, { say }: Shape): Pick<Annotated, "text" | "isProblem"> {
  try {
    return { text: say === undefined ? `${reader.to - reader.from} octets` : say(reader) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { text: error.message.replace(/ \(at byte \d+\)$/, ""), isProblem: true };
  }
}

function shapeIn({ by, inOrder, each }: Shape, tag: number, k: number): Shape {
  return by?.[tag] ?? inOrder?.[k] ?? each?.(tag, k) ?? { name: `element ${tag.toString(16)}` };
}

export const text = (name: string): Shape => ({ name, say: (element) => JSON.stringify(element.latin1()) });
export const number = (name: string): Shape => ({ name, say: (element) => String(element.integer()) });
export const flag = (name: string): Shape => ({ name, say: (element) => (element.boolean() ? "yes" : "no") });
export const nothing = (name: string): Shape => ({ name, say: () => "" });

/** A number with its words. */
export function words(name: string, of: Readonly<Record<number, string>>): Shape {
  return {
    name,
    say(element) {
      const value = element.integer();
      return of[value] === undefined ? String(value) : `${value}: ${of[value]}`;
    },
  };
}
