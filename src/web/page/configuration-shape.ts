/** The description of a configuration: JSON Schema, as far as a form is made of it (docs/configuration.md). */
import { isList, isMembers, keyText, valueAt, withValue, type Json, type Path } from "./configuration-value.ts";

export interface Shape {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly writeOnly?: boolean;
  readonly "x-unit"?: string;
  readonly "x-words"?: Readonly<Record<string, number>>;
  readonly "x-privilege"?: string;
  readonly "x-key"?: string;
  readonly "x-takes"?: readonly string[];
  readonly "x-absent"?: boolean;
  readonly "x-volatile"?: boolean;
  readonly "x-kept"?: boolean;
}

const nothing: Shape = {};

/** Alternatives of a shape that has some. */
export function alternativesOf({ anyOf, oneOf }: Shape): readonly Shape[] {
  return anyOf ?? oneOf ?? [];
}

/** Whether a value is of a kind that a shape has; of objects and lists only what they are made of. */
function isOf(shape: Shape, value: Json): boolean {
  if (areBounds(shape)) return typeof value === (shape.type === "string" ? "string" : "number");
  if (shape.const !== undefined) return shape.const === value;
  if (shape.enum !== undefined) return shape.enum.includes(value);
  const alternatives = alternativesOf(shape);
  if (alternatives.length > 0) return alternatives.some((one) => isOf(one, value));
  if (shape.type === "integer" || shape.type === "number") return typeof value === "number";
  if (shape.type === "array") return isList(value);
  if (shape.type === "object") return isMembers(value);
  return shape.type === undefined || typeof value === shape.type;
}

/** How well an object is of a shape: keys that are its, less those that are not, or are missing. */
function fit({ properties = {}, required = [] }: Shape, value: Json): number {
  if (!isMembers(value)) return 0;
  const keys = Object.keys(value);
  const known = keys.filter((key) => Object.hasOwn(properties, key));
  const right = known.filter((key) => isOf(properties[key] ?? nothing, value[key] ?? null));
  const missing = required.filter((key) => !keys.includes(key));
  return 2 * right.length - 3 * (keys.length - right.length) - 3 * missing.length;
}

/** Which alternative a value is of: the first that it is of best; -1 where it is of none. */
export function alternativeOf(shape: Shape, value: Json | undefined): number {
  const alternatives = alternativesOf(shape);
  let best = -1;
  if (value === undefined) return best;
  for (const [k, one] of alternatives.entries()) {
    if (!isOf(one, value)) continue;
    const before = alternatives[best];
    if (before === undefined || fit(one, value) > fit(before, value)) best = k;
  }
  return best;
}

/** How a value is entered. */
export type Entry =
  | { readonly kind: "members" | "list" | "yesNo" | "number" | "text" | "secret" | "whatever" }
  /** One of some words or numbers. */
  | { readonly kind: "choice"; readonly of: readonly Json[] }
  /** Some of them. */
  | { readonly kind: "several"; readonly of: readonly Json[] }
  /** A number or a text, or one of some words. */
  | { readonly kind: "numberOrText"; readonly of: readonly Json[] }
  /** One of several shapes. */
  | { readonly kind: "alternatives"; readonly of: readonly Shape[] };

function wordsOf(shape: Shape): readonly Json[] | undefined {
  if (shape.enum !== undefined) return shape.enum;
  return shape.const === undefined ? undefined : [shape.const];
}

/** Whether it is a single number or text. */
export const isScalar = ({ type }: Shape): boolean => type === "number" || type === "integer" || type === "string";

/** Alternatives that say nothing but what a number may be. */
function areBounds(shape: Shape): boolean {
  const isBound = (one: Shape): boolean =>
    one.type === undefined && wordsOf(one) === undefined && one.properties === undefined && one.items === undefined;
  return isScalar(shape) && alternativesOf(shape).every(isBound);
}

export function entryOf(shape: Shape): Entry {
  const alternatives = areBounds(shape) ? [] : alternativesOf(shape);
  if (alternatives.length > 0) {
    const words = alternatives.map(wordsOf);
    if (words.every((one) => one !== undefined)) return { kind: "choice", of: words.flat() };
    const plain = alternatives.every((one, k) => words[k] !== undefined || isScalar(one));
    if (plain) return { kind: "numberOrText", of: words.flatMap((one) => one ?? []) };
    return { kind: "alternatives", of: alternatives };
  }
  const words = wordsOf(shape);
  if (words !== undefined) return { kind: "choice", of: words };
  if (shape["x-words"] !== undefined) return { kind: "choice", of: Object.values(shape["x-words"]) };
  switch (shape.type) {
    case "object":
      return { kind: "members" };
    case "array": {
      const of = shape.items === undefined ? undefined : shape.items.enum;
      return of === undefined ? { kind: "list" } : { kind: "several", of };
    }
    case "boolean":
      return { kind: "yesNo" };
    case "number":
    case "integer":
      return { kind: "number" };
    case "string":
      return { kind: shape.writeOnly === true ? "secret" : "text" };
    default:
      return { kind: "whatever" };
  }
}

/** Whether what is there is entered part by part. */
export function isParted(shape: Shape): boolean {
  return ["members", "list", "alternatives"].includes(entryOf(shape).kind);
}

/** "even" of a number that words stand for, or what the value says itself. */
export function wordFor(shape: Shape, value: Json): string {
  const named = Object.entries(shape["x-words"] ?? {}).find(([, number]) => number === value);
  return named?.[0] ?? (typeof value === "string" ? value : JSON.stringify(value));
}

/** The shape at a path of a value: of alternatives that which the value there is of. */
export function shapeAt(shape: Shape, value: Json | undefined, path: Path): Shape {
  let [of, here]: [Shape, Json | undefined] = [meant(shape, value), value];
  for (const part of path) {
    here = valueAt(here, [part]);
    of = meant((typeof part === "number" ? of.items : of.properties?.[part]) ?? nothing, here);
  }
  return of;
}

/** Of a choice between shapes of objects and lists the one that a value is of; others are entered as they are. */
function meant(shape: Shape, value: Json | undefined): Shape {
  if (entryOf(shape).kind !== "alternatives") return shape;
  const of = alternativesOf(shape)[alternativeOf(shape, value)];
  return of === undefined ? shape : { ...of, ...(shape.title === undefined ? {} : { title: shape.title }) };
}

/** What a value is of, as far as it says so itself: of a meter that does not describe what it has. */
export function shapeOf(value: Json | undefined): Shape {
  if (isList(value)) return { type: "array", items: shapeOf(value[0]) };
  if (isMembers(value))
    return {
      type: "object",
      properties: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)])),
      required: Object.keys(value),
    };
  return value === undefined || value === null ? nothing : { type: typeof value };
}

/** What a new value begins with: the default, or the least that there has to be. */
export function newValue(shape: Shape): Json {
  if (shape.default !== undefined) return shape.default;
  const [first] = alternativesOf(shape);
  if (first !== undefined) return newValue(first);
  const [word] = wordsOf(shape) ?? [];
  if (word !== undefined) return word;
  switch (shape.type) {
    case "object":
      return Object.fromEntries(
        (shape.required ?? []).map((key) => [key, newValue(shape.properties?.[key] ?? nothing)] as const),
      );
    case "array":
      return Array.from({ length: shape.minItems ?? 0 }, () => newValue(shape.items ?? nothing));
    case "boolean":
      return false;
    case "number":
    case "integer":
      return leastOf(shape);
    default:
      return "";
  }
}

function leastOf({ minimum, exclusiveMinimum, maximum }: Shape): number {
  if (minimum !== undefined) return minimum;
  if (exclusiveMinimum !== undefined) return Math.min(exclusiveMinimum + 1, maximum ?? exclusiveMinimum + 1);
  return 0;
}

/** "Sub interval minutes" of "subIntervalMinutes", where nothing says how a key is called. */
export function spelled(key: string): string {
  const words = key.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/[._]/g, " ");
  const plain = words.replace(/ ([A-Z])(?=[a-z])/g, (_, first: string) => ` ${first.toLowerCase()}`);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function titleOf(shape: Shape, key: string): string {
  return shape.title ?? spelled(key);
}

/** Keys of an object, those that it is described by first: what is not described is shown all the same. */
export function keysOf({ properties = {} }: Shape, value: Json | undefined): readonly string[] {
  return [...new Set([...Object.keys(properties), ...(isMembers(value) ? Object.keys(value) : [])])];
}

/** A value that is entered somewhere in a configuration, by which it is found. */
export interface Found {
  readonly path: Path;
  readonly titles: readonly string[];
}

const MOST_FOUND = 60;

/** Values whose names, descriptions or words have all words of a search. */
export function search(shape: Shape, value: Json | undefined, wanted: string): readonly Found[] {
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found: Found[] = [];
  if (words.length === 0) return found;
  const look = (of: Shape, here: Json | undefined, { path, titles }: Found): void => {
    if (found.length >= MOST_FOUND) return;
    const own = meant(of, here);
    const isLeaf = !isMembers(here) && !isList(here);
    const text = [
      keyText(path),
      ...titles,
      own.description ?? of.description ?? "",
      isLeaf && here !== undefined && own.writeOnly !== true ? wordFor(own, here) : "",
    ];
    const said = text.join(" ").toLowerCase();
    const isIt = path.length > 0 && words.every((word) => said.includes(word));
    const isNamed = isIt && !isLeaf && words.every((word) => (titles.at(-1) ?? "").toLowerCase().includes(word));
    if (isIt && (isLeaf || isNamed)) found.push({ path, titles });
    if (isList(here))
      for (const [k, one] of here.entries())
        look(own.items ?? nothing, one, { path: [...path, k], titles: [...titles, memberTitle(one, k)] });
    else if (isMembers(here))
      for (const key of keysOf(own, here)) {
        const at = own.properties?.[key] ?? nothing;
        look(at, here[key], { path: [...path, key], titles: [...titles, titleOf(at, key)] });
      }
  };
  look(shape, value, { path: [], titles: [] });
  // What is called so itself comes before what stands in something that is.
  const isCalled = ({ path, titles }: Found): boolean => {
    const own = `${titles.at(-1) ?? ""} ${String(path.at(-1))}`.toLowerCase();
    return words.some((word) => own.includes(word));
  };
  return [...found.filter(isCalled), ...found.filter((one) => !isCalled(one))];
}

/** What a member of a list is called: its number, and what it says of itself. */
export function memberTitle(value: Json | undefined, place: number): string {
  const { id, name, label, mode, type, input, trigger, status } = isMembers(value) ? value : {};
  const number = typeof id === "number" ? `id ${id}` : `${place + 1}`;
  const said = [name, label, mode, type].find((one) => typeof one === "string" && one !== "");
  const of = [
    ["input", input],
    ["trigger", trigger],
    ["status", status],
  ].find(([, one]) => typeof one === "number" || typeof one === "string");
  if (typeof said === "string") return `${number}: ${said}`;
  return of === undefined ? number : `${number}: ${of.join(" ")}`;
}

/** A configuration without secrets: what is kept where others may read it. */
export function withoutSecrets(shape: Shape, value: Json): Json {
  const own = meant(shape, value);
  let kept = value;
  if (isList(value)) return value.map((one) => withoutSecrets(own.items ?? nothing, one));
  if (!isMembers(value)) return kept;
  for (const [key, one] of Object.entries(value)) {
    const at = own.properties?.[key] ?? nothing;
    const next = at.writeOnly === true ? undefined : withoutSecrets(at, one);
    if (next !== one) kept = withValue(kept, [key], next) ?? kept;
  }
  return kept;
}
