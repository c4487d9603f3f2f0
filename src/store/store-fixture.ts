/** Stores on disk for the tests of this room: where they lie, what is in them, how kill -9 leaves them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { SqliteStore, type StoreOptions } from "./sqlite-store.ts";
import type { MeterStore, Store } from "./store.ts";

export const FILES = ["polyphase.sqlite", "polyphase-2.sqlite"] as const;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);

/** A folder that goes with the test. */
export function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), "polyphase-store-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Where a store may be made: nothing is there yet. */
export function absentFolder(t: TestContext): string {
  return path.join(folder(t), "data");
}

/** A copy of the files while they are open: as kill -9 leaves them. */
export function copyOf(t: TestContext, place: string): string {
  const copy = folder(t);
  for (const file of readdirSync(place)) writeFileSync(path.join(copy, file), readFileSync(path.join(place, file)));
  return copy;
}

/** A meter with two runs of numbers, in two blocks. */
export function meterOf(drawer: MeterStore): { readonly energies: Float64Array; readonly peaks: Float64Array } {
  const [energies, peaks] = [new Float64Array(5), new Float64Array(4)];
  drawer.watch({ layout: '{"energies":5,"peaks":3}', count: 8, blocks: [energies, peaks] });
  return { energies, peaks };
}

export function kept(store: Store, meter: string): number[] | undefined {
  const numbers = store.drawer(meter).numbers;
  return numbers === undefined ? undefined : [...numbers.values];
}

/** A meter with three numbers. */
export function numbersIn(drawer: MeterStore): Float64Array {
  const block = new Float64Array(3);
  drawer.watch({ layout: '{"energies":3}', count: 3, blocks: [block] });
  return block;
}

/** A store that was stopped: numbers 1, 2, 3 and a record. */
export function stopped(place: string, options: StoreOptions = {}): void {
  const store = new SqliteStore(place, "first", options);
  numbersIn(store.drawer("m")).set([1, 2, 3]);
  store.drawer("m").put("settings", bytes("set"));
  store.close();
}

export function contents(place: string): Map<string, string> {
  return new Map(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name)).toString("hex")]));
}

export function found(store: Store): unknown[] {
  const drawer = store.drawer("m");
  return [[...(drawer.numbers?.values ?? [])], text(drawer.get("settings"))];
}

export function modes(place: string): Set<number> {
  return new Set(readdirSync(place).map((name) => statSync(path.join(place, name)).mode & 0o777));
}
