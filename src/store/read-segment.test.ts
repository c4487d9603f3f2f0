import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { NodeDisk } from "./disk.ts";
import { segmentFile, segmentsIn } from "./journal.ts";
import { HEAD, SECOND } from "./segment-format.ts";
import { SqliteStore } from "./sqlite-store.ts";

const disk = new NodeDisk();

/** A folder with a store that was stopped, and its newest segment. */
function stopped(): { readonly folder: string; readonly newest: number } {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-segment-"));
  const store = new SqliteStore(folder, "one");
  const drawer = store.drawer("m");
  drawer.watch({ layout: '{"energy":1}', count: 1, blocks: [Float64Array.of(42)] });
  drawer.put("settings", Uint8Array.of(7));
  store.commit();
  store.close();
  return { folder, newest: segmentsIn(folder, disk).at(-1)! };
}

for (const [what, blank] of [
  ["the first", (head: Uint8Array) => head.fill(0, SECOND, HEAD)],
  ["the second", (head: Uint8Array) => head.fill(0, 0, 512)],
] as const) {
  test(`a segment of which ${what} head alone came to disk before everything ended was only begun: nothing is said of it`, (t) => {
    const { folder, newest } = stopped();
    t.after(() => rmSync(folder, { recursive: true }));
    const begun = new Uint8Array(HEAD + 1000);
    begun.set(readFileSync(segmentFile(folder, newest)).subarray(0, HEAD));
    blank(begun);
    writeFileSync(segmentFile(folder, newest + 1), begun);
    const store = new SqliteStore(folder, "two");
    t.after(() => store.close());
    assert.deepEqual(store.complaints, []);
    assert.deepEqual([...(store.drawer("m").numbers?.values ?? [])], [42]);
  });

  test(`a segment with records of which only ${what} head is as it was is said to be damaged, and read`, (t) => {
    const { folder, newest } = stopped();
    t.after(() => rmSync(folder, { recursive: true }));
    const bytes = readFileSync(segmentFile(folder, newest));
    blank(bytes);
    writeFileSync(segmentFile(folder, newest), bytes);
    const store = new SqliteStore(folder, "two");
    t.after(() => store.close());
    assert.match(store.complaints.join("; "), /the journal .* is damaged/);
    assert.deepEqual([...(store.drawer("m").numbers?.values ?? [])], [42]);
  });
}
