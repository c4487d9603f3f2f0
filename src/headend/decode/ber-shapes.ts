/** BER, element by element: what each is called, and what it says, by the shape of what it is part of. */
import { BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Annotated } from "./annotated.ts";

export interface Shape {
  readonly name: string;
  /** Why it is none that stands here. */
  readonly problem?: string;
  /** Of a primitive one: what it says; the reader has found it. */
  readonly say?: (element: BerReader) => string;
  /** Elements in it by their tags, or by their places, or all alike; in this order. */
  readonly by?: Readonly<Record<number, Shape>>;
  /** Of `by`: tags of those that have to be there. */
  readonly needs?: readonly number[];
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
  try {
    for (let k = 0; reader.next(); k++) {
      fields.push(elementOf(reader, at, offset, shapeOf(reader.tag, k), depth));
      at = reader.at;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const why = error.message.replace(/ \(at byte \d+\)$/, "");
    fields.push({ at: offset + at, length: reader.end - at, name: "not understood", text: why, isProblem: true });
  }
  return fields;
}

// oxlint-disable-next-line max-params -- where it is has three parts
function elementOf(reader: BerReader, at: number, offset: number, shape: Shape, depth: number): Annotated {
  const { tag, from, to, bytes } = reader;
  const wrong = shape.problem === undefined ? {} : ({ text: shape.problem, isProblem: true } as const);
  const base = { at: offset + at, length: reader.at - at, name: shape.name, ...wrong };
  const isConstructed = ((tag > 0xff ? tag >> 8 : tag) & 0x20) !== 0;
  if (!isConstructed && shape.within === undefined) return { ...said(reader, shape), ...base };
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
function missing({ by = {}, needs = [] }: Shape, inside: readonly Annotated[], at: number): readonly Annotated[] {
  const names = needs.map((tag) => by[tag]?.name ?? tag.toString(16));
  const absent = names.filter((name) => inside.every((one) => one.name !== name));
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
