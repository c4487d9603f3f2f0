/** Values of a configuration, as JSON has them, and the places in them. */

export type Json = null | boolean | number | string | readonly Json[] | Members;
export interface Members {
  readonly [key: string]: Json;
}

/** Keys of objects and places in lists, from the whole to a value. */
export type Path = readonly (string | number)[];

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let found = value;
  for (const part of path) {
    if (typeof part === "number") found = isList(found) ? found[part] : undefined;
    else found = isMembers(found) && Object.hasOwn(found, part) ? found[part] : undefined;
  }
  return found;
}

/** The same with another value at a path; without the key, or the member of a list, where that is undefined. */
export function withValue(value: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return next;
  if (typeof part === "number") {
    const list = isList(value) ? value : [];
    const made = withValue(list[part], rest, next);
    return made === undefined ? list.filter((_, k) => k !== part) : list.toSpliced(part, 1, made);
  }
  const members = isMembers(value) ? value : {};
  const made = withValue(Object.hasOwn(members, part) ? members[part] : undefined, rest, next);
  // What is there stays where it is: a configuration is read from top to bottom.
  if (made !== undefined) return { ...members, [part]: made };
  const { [part]: _gone, ...others } = members;
  return others;
}

/** Whether two values mean the same: the order of keys does not count. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((value, k) => isSame(value, other[k]));
  if (!isMembers(one) || !isMembers(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** "io[3].mode", as the meter names a key. */
export function keyText(path: Path): string {
  return path.map((part, k) => (typeof part === "number" ? `[${part}]` : `${k === 0 ? "" : "."}${part}`)).join("");
}

/** What tells a member of a list from the others: "id 7", "name boss"; undefined where nothing does. */
export function nameOf(value: Json | undefined): string | undefined {
  if (!isMembers(value)) return undefined;
  const { id, name } = value;
  if (typeof id === "number") return `id ${id}`;
  return typeof name === "string" && name !== "" ? `name ${name}` : undefined;
}

/** The names of all members of a list; undefined where one has none, or two have the same. */
export function namesOf(list: readonly Json[]): readonly string[] | undefined {
  const names = list.map(nameOf);
  if (names.some((name) => name === undefined) || new Set(names).size < names.length) return undefined;
  return names as readonly string[];
}

/** The path of a key as a meter names it, "triggers[id 3].alarm" or "io[3].mode", in a configuration; undefined of what is none. */
export function pathOf(key: string, value: Json | undefined): Path | undefined {
  if (!/^[^.[\]]+(\[[^[\]]+\]|\.[^.[\]]+)*$/.test(key)) return undefined;
  const path: (string | number)[] = [];
  for (const [, name, member] of key.matchAll(/([^.[\]]+)|\[([^[\]]+)\]/g)) {
    if (name !== undefined && member === undefined) path.push(name);
    else if (/^\d+$/.test(member ?? "")) path.push(Number(member));
    else {
      const list = valueAt(value, path);
      const place = isList(list) ? list.findIndex((one) => nameOf(one) === member) : -1;
      if (place < 0) return undefined;
      path.push(place);
    }
  }
  return path;
}

/** Whether a path leads to another one, or to the same. */
export function leadsTo(from: Path, to: Path): boolean {
  return from.length <= to.length && from.every((part, k) => part === to[k]);
}
