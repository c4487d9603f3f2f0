/** What a master asks for, as the objects behind a function. */
import { allOf, countOf, qualifiers, rangeOf, type ObjectHeader } from "#protocol/dnp3/application/object-header.ts";
import { writeBlock, writeIndices, type DnpObject } from "#protocol/dnp3/application/objects.ts";
import { Writer } from "#wire/cursor.ts";

/** Which points of a group and variation: all, those from one to another, so many at most, or those of a list. */
export type Which =
  | "all"
  | { readonly from: number; readonly to: number }
  | { readonly most: number }
  | { readonly indices: readonly number[] };

export interface ReadHeader {
  readonly group: number;
  /** 0 is the one that the outstation likes best. */
  readonly variation: number;
  readonly which: Which;
}

/** Object 60: its variations are the classes. */
const CLASSES = 60;

export type DataClass = 0 | 1 | 2 | 3;

/** Everything of some classes, in their order: events before present values, so that nothing old comes last. */
export function classes(...wanted: readonly DataClass[]): readonly ReadHeader[] {
  return wanted.map((one) => ({ group: CLASSES, variation: one + 1, which: "all" }));
}

/** Events of all classes, then every present value (IEEE 1815 clause 5.1.2). */
export const integrity = classes(1, 2, 3, 0);

/** The objects of a READ. */
export function readObjects(headers: readonly ReadHeader[]): Uint8Array {
  const writer = new Writer();
  for (const { group, variation, which } of headers) {
    if (which === "all") writeBlock(writer, allOf(group, variation));
    else if ("from" in which) writeBlock(writer, rangeOf(group, variation, which.from, which.to));
    else if ("most" in which) writeBlock(writer, countOf(group, variation, which.most));
    else writeIndices(writer, listOf(group, variation, which.indices), which.indices);
  }
  return writer.done();
}

function listOf(group: number, variation: number, indices: readonly number[]): ObjectHeader {
  const isShort = indices.length <= 0xff && indices.every((index) => index <= 0xff);
  const qualifier = isShort ? qualifiers.indices8 : qualifiers.indices16;
  return { group, variation, qualifier, first: 0, count: indices.length };
}

/** One object, as times are written. */
export function single(group: number, variation: number, object: DnpObject): Uint8Array {
  const writer = new Writer();
  writeBlock(writer, countOf(group, variation, 1), [object]);
  return writer.done();
}

/** Where the indication of a restart stands among those of object 80. */
const RESTART = 7;

/** That the restart has been seen. */
export function restartSeen(): Uint8Array {
  const writer = new Writer();
  writeBlock(writer, rangeOf(80, 1, RESTART, RESTART), [{ index: RESTART, value: 0 }]);
  return writer.done();
}

/** One object with its size before it: files. */
export function sized(group: number, variation: number, octets: Uint8Array): Uint8Array {
  const writer = new Writer();
  writeBlock(writer, { group, variation, qualifier: qualifiers.sized, first: 0, count: 1 }, [{ octets }]);
  return writer.done();
}
