/** What one value changes of another, key by key: values as JSON has them. */
import type { KeyChange } from "#quantity/configuration-history.ts";
import { keysOf, same } from "#quantity/same.ts";

/** What nobody is shown, wherever it stands. */
const SECRET = "password";

export function* keyChanges(before: unknown, after: unknown, key: string): Generator<KeyChange> {
  if (same(before, after)) return;
  if (!isObject(before) || !isObject(after)) {
    yield { key, ...told("before", before), ...told("after", after) };
    return;
  }
  const [old, now] = [named(before), named(after)];
  for (const name of keysOf(old, now)) {
    const [a, b] = [old[name], now[name]];
    if (same(a, b)) continue;
    const path = Array.isArray(before) ? `${key}[${name}]` : key === "" ? name : `${key}.${name}`;
    if (name === SECRET) yield { key: path, secret: true };
    else yield* keyChanges(a, b, path);
  }
}

/** A value as it is shown; nothing where there is none. */
function told<Name extends "before" | "after">(name: Name, value: unknown): { readonly [K in Name]?: unknown } {
  if (value === undefined) return {};
  const text = JSON.stringify(value, (key, inner: unknown) => (key === SECRET ? undefined : inner)) ?? "null";
  return { [name]: JSON.parse(text) as unknown } as { readonly [K in Name]?: unknown };
}

/** Members of a list by what tells them apart: "id 7", "name boss"; else by place, and keys of an object. */
function named(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Array.isArray(value)) return value;
  const names = value.map((one: unknown, place) => {
    if (isObject(one) && typeof one["id"] === "number") return `id ${one["id"]}`;
    return isObject(one) && typeof one["name"] === "string" ? `name ${one["name"]}` : String(place);
  });
  return Object.fromEntries(value.map((one: unknown, place) => [names[place], one]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A change as a line. */
export function changeLine(change: KeyChange): string {
  const { key, before, after, secret } = change;
  if (secret === true) return `${key} becomes another`;
  return `${key}: ${textOf(before)} becomes ${textOf(after)}`;
}

function textOf(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** The first of them that an answer, or an entry, has room for, and how many more there are. */
export function firstChanges(
  changes: Iterable<KeyChange>,
  { count, characters }: { readonly count: number; readonly characters: number },
): { readonly changes: readonly KeyChange[]; readonly more?: number } {
  const kept: KeyChange[] = [];
  let [room, more] = [characters, 0];
  for (const change of changes) {
    room -= JSON.stringify(change).length;
    if (more === 0 && kept.length < count && room >= 0) kept.push(change);
    else more++;
  }
  return more === 0 ? { changes: kept } : { changes: kept, more };
}
