/**
 * What is answered: objects with the functions that take them and the qualifiers that these may have. Appendix G of the JEMStar II's manual, and what
 * Level 2 asks for beyond it.
 */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { qualifiers } from "#protocol/dnp3/application/object-header.ts";
import type { EventClass } from "./host.ts";
import type { EventKind, StaticKind } from "./kinds.ts";

export type ObjectMeaning =
  | { readonly static: StaticKind }
  | { readonly event: EventKind }
  | { readonly class: 0 | EventClass | "all" }
  | { readonly is: "time" | "recorded time" | "delay" | "indications" };

/** Codes of functions with the qualifiers that they take. */
type Takes = readonly (readonly [codes: readonly number[], qualifiers: readonly number[]])[];

export interface ImplementedObject {
  readonly group: number;
  readonly variation: number;
  readonly what: string;
  readonly means: ObjectMeaning;
  readonly takes: ReadonlyMap<number, ReadonlySet<number>>;
}

const { range8, range16, all, count8, count16, indices8, indices16 } = qualifiers;
const every = [range8, range16, all, count8, count16, indices8, indices16];
const { read, write } = functions;
const freezes = [functions.freeze, functions.freezeNoResponse, functions.freezeClear, functions.freezeClearNoResponse];
const unsolicited = [functions.enableUnsolicited, functions.disableUnsolicited];

const readable: Takes = [[[read], every]];
const freezable: Takes = [
  [[read], every],
  [freezes, [range8, range16, all]],
];
const classEvents: Takes = [
  [[read], [range8, range16, all, count8, count16]],
  [unsolicited, [all]],
];

type Rows = readonly (readonly [
  group: number,
  variations: readonly number[],
  what: string,
  means: ObjectMeaning,
  takes: Takes,
])[];

// prettier-ignore
const rows: Rows = [
  [  1, [0, 1, 2],        "binary input",              { static: "binary" },      readable],
  [  2, [0, 1, 2, 3],     "binary input event",        { event: "binary" },       readable],
  [ 10, [0, 1, 2],        "binary output",             { static: "output" },      readable],
  [ 20, [0, 1, 2, 5, 6],  "counter",                   { static: "counter" },     freezable],
  [ 21, [0, 1, 2, 9, 10], "frozen counter",            { static: "frozen" },      readable],
  [ 22, [0, 1, 2, 5, 6],  "counter event",             { event: "counter" },      readable],
  [ 23, [0, 1, 2, 5, 6],  "frozen counter event",      { event: "frozen" },       readable],
  [ 30, [0, 1, 2, 3, 4, 5], "analog input",            { static: "analog" },      readable],
  [ 32, [0, 1, 2, 3, 4, 5, 7], "analog input event",   { event: "analog" },       readable],
  [ 50, [0],              "time and date",             { is: "time" },            readable],
  [ 50, [1],              "time and date",             { is: "time" },            [[[read], every], [[write], [count8]]]],
  [ 50, [3],              "time of the recorded time", { is: "recorded time" },   [[[write], [count8]]]],
  [ 52, [2],              "time delay, fine",          { is: "delay" },           readable],
  [ 60, [0],              "classes 1, 2, 3 and 0",     { class: "all" },          [[[read], [all]]]],
  [ 60, [1],              "class 0",                   { class: 0 },              [[[read], [all]]]],
  [ 60, [2],              "class 1",                   { class: 1 },              classEvents],
  [ 60, [3],              "class 2",                   { class: 2 },              classEvents],
  [ 60, [4],              "class 3",                   { class: 3 },              classEvents],
  [ 80, [1],              "internal indications",      { is: "indications" },     [[[write], [range8]]]],
];

export const implementedObjects: readonly ImplementedObject[] = rows.flatMap(
  ([group, variations, what, means, takes]) => {
    const byCode = new Map(takes.flatMap(([codes, allowed]) => codes.map((code) => [code, new Set(allowed)] as const)));
    return variations.map((variation) => ({ group, variation, what, means, takes: byCode }));
  },
);

const byNumber = new Map(implementedObjects.map((object) => [(object.group << 8) | object.variation, object]));

/** What a function takes of an object; undefined where it takes none of it. */
export function implementedFor(
  code: number,
  group: number,
  variation: number,
): { readonly means: ObjectMeaning; readonly qualifiers: ReadonlySet<number> } | undefined {
  const object = byNumber.get((group << 8) | variation);
  const allowed = object?.takes.get(code);
  return object === undefined || allowed === undefined ? undefined : { means: object.means, qualifiers: allowed };
}
