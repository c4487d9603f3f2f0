/**
 * What somebody makes of a configuration before it is applied: how it differs from the meter's, field by field, how a difference is taken back, and
 * how it goes together with what others have made of the same configuration meanwhile.
 */
import {
  isList,
  isMembers,
  isSame,
  leadsTo,
  namesOf,
  valueAt,
  withValue,
  type Json,
  type Members,
  type Path,
} from "./configuration-value.ts";

/** A value that is another: undefined where there is none. The path is of where it stands, or stood. */
export interface Change {
  readonly kind: "value" | "added" | "removed" | "order";
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Every difference between two configurations, in the order of the first. */
export function changesOf(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Change[] {
  if (isSame(before, after)) return [];
  if (before === undefined) return [{ kind: "added", path, before, after }];
  if (after === undefined) return [{ kind: "removed", path, before, after }];
  if (isMembers(before) && isMembers(after))
    return keysOf(before, after).flatMap((key) => changesOf(own(before, key), own(after, key), [...path, key]));
  if (isList(before) && isList(after)) return changesInList(before, after, path);
  return [{ kind: "value", path, before, after }];
}

export function own(value: Members, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function keysOf(...all: readonly Members[]): readonly string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))];
}

/** Members that have names are compared by name, others by place while there are as many. */
function changesInList(before: readonly Json[], after: readonly Json[], path: Path): readonly Change[] {
  const [old, now] = [namesOf(before), namesOf(after)];
  if (old === undefined || now === undefined) {
    if (before.length !== after.length) return [{ kind: "value", path, before, after }];
    return before.flatMap((one, k) => changesOf(one, after[k], [...path, k]));
  }
  const changes: Change[] = old.flatMap((name, k) => {
    const at = now.indexOf(name);
    if (at < 0) return [{ kind: "removed", path: [...path, k], before: before[k], after: undefined } as const];
    return changesOf(before[k], after[at], [...path, at]);
  });
  for (const [k, name] of now.entries())
    if (!old.includes(name)) changes.push({ kind: "added", path: [...path, k], before: undefined, after: after[k] });
  const kept = old.filter((name) => now.includes(name));
  if (
    !isSame(
      kept,
      now.filter((name) => old.includes(name)),
    )
  )
    changes.push({ kind: "order", path, before: [...old], after: [...now] });
  return changes;
}

/** The configuration without a change. */
export function takenBack(mine: Json, { kind, path, before }: Change): Json {
  if (kind === "order") {
    const list = valueAt(mine, path);
    return isList(list) && isList(before) ? (withValue(mine, path, inOrder(list, before)) ?? mine) : mine;
  }
  const last = path.at(-1);
  if (kind === "removed" && typeof last === "number") {
    const list = valueAt(mine, path.slice(0, -1));
    if (isList(list) && before !== undefined)
      return withValue(mine, path.slice(0, -1), list.toSpliced(Math.min(last, list.length), 0, before)) ?? mine;
  }
  return withValue(mine, path, before) ?? mine;
}

/** Members of a list in an order of names; what is not named there stays behind what it stood behind. */
function inOrder(list: readonly Json[], order: readonly Json[]): readonly Json[] {
  const names = namesOf(list);
  if (names === undefined) return list;
  const ordered: Json[] = [];
  const wanted = order.filter((name) => names.includes(String(name)));
  let next = 0;
  for (const [k, name] of names.entries()) {
    const value = list[k];
    if (value === undefined) continue;
    if (!order.includes(name)) ordered.push(value);
    else {
      const other = list[names.indexOf(String(wanted[next++]))];
      if (other !== undefined) ordered.push(other);
    }
  }
  return ordered;
}

/** What two people have made of the same value, each otherwise. */
export interface Conflict {
  /** In what has been merged, where `mine` stands until somebody decides. */
  readonly path: Path;
  readonly base: Json | undefined;
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

export interface Merged {
  readonly value: Json | undefined;
  readonly conflicts: readonly Conflict[];
}

/** What two have made of one configuration, put together: what only one has changed is his. */
export function merged(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
  path: Path = [],
): Merged {
  if (isSame(mine, theirs) || isSame(base, theirs)) return { value: mine, conflicts: [] };
  if (isSame(base, mine)) return { value: theirs, conflicts: [] };
  if (isMembers(base) && isMembers(mine) && isMembers(theirs)) return mergedMembers(base, mine, theirs, path);
  if (isList(base) && isList(mine) && isList(theirs)) {
    const together = mergedList(base, mine, theirs, path);
    if (together !== undefined) return together;
  }
  return { value: mine, conflicts: [{ path, base, mine, theirs }] };
}

function mergedMembers(base: Members, mine: Members, theirs: Members, path: Path): Merged {
  const conflicts: Conflict[] = [];
  const value: Record<string, Json> = {};
  for (const key of keysOf(theirs, mine)) {
    const one = merged(own(base, key), own(mine, key), own(theirs, key), [...path, key]);
    conflicts.push(...one.conflicts);
    if (one.value !== undefined) value[key] = one.value;
  }
  return { value, conflicts };
}

/** Lists go together member by member where each of the three tells its members apart, or has as many; undefined where they do not. */
function mergedList(
  base: readonly Json[],
  mine: readonly Json[],
  theirs: readonly Json[],
  path: Path,
): Merged | undefined {
  const names = [namesOf(base), namesOf(mine), namesOf(theirs)] as const;
  const [ofBase, ofMine, ofTheirs] = names;
  if (ofBase === undefined || ofMine === undefined || ofTheirs === undefined) {
    if (base.length !== mine.length || base.length !== theirs.length) return undefined;
    const all = base.map((one, k) => merged(one, mine[k], theirs[k], [...path, k]));
    return { value: all.flatMap(({ value }) => value ?? []), conflicts: all.flatMap(({ conflicts }) => conflicts) };
  }
  const isMoved = (list: readonly string[]): boolean => !isSame(common(ofBase, list), common(list, ofBase));
  // Who has put them in another order says the order; where both have, there is no telling.
  if (isMoved(ofMine) && isMoved(ofTheirs) && !isSame(common(ofMine, ofTheirs), common(ofTheirs, ofMine)))
    return undefined;
  const [first, second] = isMoved(ofTheirs) ? [ofTheirs, ofMine] : [ofMine, ofTheirs];
  const conflicts: Conflict[] = [];
  const value: Json[] = [];
  for (const name of withOthers(first, second)) {
    const of = (list: readonly Json[], from: readonly string[]): Json | undefined => list[from.indexOf(name)];
    const one = merged(of(base, ofBase), of(mine, ofMine), of(theirs, ofTheirs), [...path, value.length]);
    const [conflict] = one.conflicts;
    // Removed by one and changed by the other: it stays until somebody decides.
    const stays = one.value ?? (conflict === undefined ? undefined : conflict.theirs);
    if (stays === undefined) continue;
    conflicts.push(...one.conflicts);
    value.push(stays);
  }
  return { value, conflicts };
}

/** Those of a list that stand in another one, too. */
function common(list: readonly string[], other: readonly string[]): readonly string[] {
  return list.filter((name) => other.includes(name));
}

/** A list with what only the other one has, each behind what it stands behind there. */
function withOthers(first: readonly string[], second: readonly string[]): readonly string[] {
  const all = [...first];
  for (const [k, name] of second.entries()) {
    if (all.includes(name)) continue;
    const before = second.slice(0, k).findLast((one) => all.includes(one));
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, name);
  }
  return all;
}

/** The configuration once somebody has said whose value counts. */
export function decided(value: Json, { path, mine, theirs }: Conflict, whose: "mine" | "theirs"): Json {
  return withValue(value, path, whose === "mine" ? mine : theirs) ?? value;
}

/** What there is to be decided yet, where it stands once that has been decided: a member that goes leaves those behind it at other places. */
export function leftOf(
  conflicts: readonly Conflict[],
  conflict: Conflict,
  whose: "mine" | "theirs",
): readonly Conflict[] {
  const { path, mine, theirs } = conflict;
  const last = path.at(-1);
  const goes = (whose === "mine" ? mine : theirs) === undefined && typeof last === "number";
  const [list, depth] = [path.slice(0, -1), path.length - 1];
  return conflicts
    .filter((one) => one !== conflict)
    .map((one) => {
      const place = one.path[depth];
      if (!goes || typeof place !== "number" || place < last || !leadsTo(list, one.path)) return one;
      return { ...one, path: one.path.with(depth, place - 1) };
    });
}

/** Where the value of a path in a draft stands in what the draft is laid over; undefined where it stands nowhere. */
export function placeBefore(base: Json | undefined, mine: Json | undefined, path: Path): Path | undefined {
  const found: (string | number)[] = [];
  let [was, now] = [base, mine];
  for (const part of path) {
    let place = part;
    if (typeof part === "number" && isList(was) && isList(now)) {
      const [old, names] = [namesOf(was), namesOf(now)];
      if (old !== undefined && names !== undefined) place = old.indexOf(names[part] ?? "");
    }
    was = valueAt(was, [place]);
    now = valueAt(now, [part]);
    if (was === undefined) return undefined;
    found.push(place);
  }
  return found;
}
