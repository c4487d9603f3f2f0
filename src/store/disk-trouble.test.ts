/** A disk that is full, read-only or gone, or changed by somebody else, while a store is in use. */
import assert from "node:assert/strict";
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { NodeDisk, type DatabaseStep, type DiskFile } from "./disk.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { FILES, absentFolder, bytes, contents, copyOf, found, numbersIn, stopped, text } from "./store-fixture.ts";

function journals(place: string): string[] {
  return readdirSync(place)
    .filter((name) => /journal-\d+$/.test(name))
    .map((name) => path.join(place, name));
}

function growing(place: string): string {
  return journals(place).at(-1) ?? "";
}

/** Writes zeros into a file, as somebody does who has it open. */
function overwrite(file: string, at: number, count: number): void {
  const open = openSync(file, "r+");
  writeSync(open, new Uint8Array(count), 0, count, at);
  closeSync(open);
}

const lose = (place: string, name: string): void => rmSync(path.join(place, name));
const vanished: readonly (readonly [what: string, run: (place: string) => void])[] = [
  ["folder is deleted", (place) => rmSync(place, { recursive: true })],
  ["folder is renamed", (place) => renameSync(place, `${place}.elsewhere`)],
  ["first file is deleted", (place) => lose(place, FILES[0])],
  ["second file is deleted", (place) => lose(place, FILES[1])],
  ["journal is deleted", (place) => lose(place, readdirSync(place).findLast((name) => name.includes("journal")) ?? "")],
  ["journal is emptied in place", (place) => truncateSync(growing(place))],
  ["journal is emptied in place and made as long as it was", (place) => overwrite(growing(place), 0, 1 << 20)],
  ["journal has 40,000 zeros written over its head", (place) => overwrite(growing(place), 0, 40_000)],
  ["journal is cut by a byte", (place) => truncateSync(growing(place), statSync(growing(place)).size - 1)],
  [
    "journal has zeros written over its last record",
    (place) => {
      const last = readFileSync(growing(place)).findLastIndex((byte) => byte !== 0);
      // It is shorter, and a sector lies between it and the one before.
      overwrite(growing(place), last - 300, 400);
    },
  ],
  ["older journal is emptied in place", (place) => truncateSync(journals(place)[0] ?? "")],
  ["first file is emptied in place", (place) => truncateSync(path.join(place, FILES[0]))],
  ["second file is cut in place", (place) => truncateSync(path.join(place, FILES[1]), 5000)],
  [
    "journal is replaced by a copy of itself",
    (place) => {
      const file = growing(place);
      writeFileSync(`${file}.copy`, readFileSync(file));
      renameSync(`${file}.copy`, file);
    },
  ],
  [
    "first file is replaced by a copy of itself",
    (place) => {
      const file = path.join(place, FILES[0]);
      const all = readFileSync(file);
      rmSync(file);
      writeFileSync(file, all);
    },
  ],
];
for (const [what, run] of vanished) {
  test(`a store whose ${what} while it is in use says so once, and is written anew, whole`, (t) => {
    const place = absentFolder(t);
    stopped(place);
    const store = new SqliteStore(place, "two");
    const heard: string[] = [];
    store.listen((what) => heard.push(what));
    const block = numbersIn(store.drawer("m"));
    block.set([4, 5, 6]);
    // Meters that stand still: nothing of theirs changes afterwards.
    for (let k = 0; k < 5; k++) numbersIn(store.drawer(`still ${k}`)).set([k, k, k]);
    store.drawer("m").put("late", bytes("in the journal only"));
    store.commit();
    run(place);
    assert.equal(store.check(), "it is gone");
    block[0] = 7;
    store.drawer("m").changed();
    store.commit();
    assert.equal(store.trouble, undefined);
    for (let k = 0; k < 3; k++) store.commit();
    assert.equal(heard.length, 1);
    assert.match(heard[0]!, /was deleted, replaced or overwritten while it was in use; it is written anew/);
    // As a kill leaves it.
    const copy = `${place}.copy`;
    for (const [name, all] of contents(place)) {
      if (name === readdirSync(place)[0]) new NodeDisk().makeFolder(copy);
      writeFileSync(path.join(copy, name), Buffer.from(all, "hex"));
    }
    store.close();
    for (const where of [copy, place]) {
      const again = new SqliteStore(where, "three");
      // Nothing was lost: there is nothing to be said.
      assert.deepEqual(again.complaints, []);
      assert.deepEqual(
        [...found(again), text(again.drawer("m").get("late"))],
        [[7, 5, 6], "set", "in the journal only"],
      );
      for (let k = 0; k < 5; k++) assert.deepEqual([...(again.drawer(`still ${k}`).numbers?.values ?? [])], [k, k, k]);
      again.close();
    }
  });
}

for (const [what, bytesLeft] of [
  ["emptied", 0],
  ["cut to a page", 4096],
] as const) {
  test(`of a store both of whose files are ${what} in place it is said what is lost, and what a meter has in memory is written anew`, (t) => {
    const place = absentFolder(t);
    const first = new SqliteStore(place, "one");
    numbersIn(first.drawer("m")).set([1, 2, 3]);
    first.drawer("m").put("settings", bytes("set"));
    first.drawer("n").put("settings", bytes("other"));
    for (let k = 0; k < 300; k++) first.drawer("m").put(`log/${k}`, bytes(`${k}`.padEnd(200, ".")));
    first.close();
    const store = new SqliteStore(place, "two");
    const heard: string[] = [];
    store.listen((what) => heard.push(what));
    const drawer = store.drawer("m");
    drawer.holds("settings", () => bytes("set"));
    store.drawer("n").holds("settings", () => bytes("other"));
    drawer.holds("absent", () => undefined);
    numbersIn(drawer).set([4, 5, 6]);
    drawer.put("late", bytes("it waits"));
    // Before SQLite has read them into its memory.
    for (const name of FILES) truncateSync(path.join(place, name), bytesLeft);
    store.commit();
    drawer.put("later", bytes("after it"));
    store.commit();
    assert.equal(heard.length, 1);
    assert.doesNotMatch(heard[0]!, /anew, whole/);
    // 302 records were in the files; the meters have their settings in memory.
    assert.match(
      heard[0]!,
      /written anew, but not whole: records are lost that were nowhere but .*: up to 300 of m; its/,
    );
    const copy = copyOf(t, place);
    store.close();
    for (const where of [copy, place]) {
      const again = new SqliteStore(where, "three");
      const { complaints } = again;
      const texts = ["late", "later"].map((key) => text(again.drawer("m").get(key)));
      assert.deepEqual([complaints, found(again), texts], [[], [[4, 5, 6], "set"], ["it waits", "after it"]]);
      assert.equal(text(again.drawer("n").get("settings")), "other");
      again.close();
    }
  });
}

test("of many meters that have lost records ten are named, and the others counted", (t) => {
  const place = absentFolder(t);
  const first = new SqliteStore(place, "one");
  for (let k = 0; k < 13; k++)
    for (let entry = 0; entry <= k; entry++) first.drawer(`m${k}`).put(`log/${entry}`, bytes("x"));
  first.close();
  const store = new SqliteStore(place, "two");
  for (const name of FILES) truncateSync(path.join(place, name));
  store.commit();
  assert.match(
    store.complaints.join(),
    /: up to 1 of m0, up to 2 of m1, up to 11 of m10, .*up to 7 of m6, up to 27 of 3 more meters;/,
  );
  store.close();
});

test("below its low water the disk is full, though the last change is on it; with twice as much room the trouble ends", (t) => {
  const disk = new NodeDisk();
  let space = 1 << 30;
  disk.space = () => space;
  const store = new SqliteStore(absentFolder(t), "one", { disk });
  const drawer = store.drawer("m");
  drawer.put("settings", bytes("set"));
  store.commit();
  assert.equal(store.check(), undefined);
  // The first record of a store is filed at once. 64 KiB and four times the three bytes that wait to be filed:
  drawer.put("settings", bytes("Set"));
  store.commit();
  space = 65_536 + 4 * 3 - 1;
  assert.equal(store.check(), "the disk is full");
  drawer.put("settings", bytes("SET"));
  store.commit();
  assert.deepEqual([store.trouble, store.unsaved], ["the disk is full", false]);
  // By now six bytes wait.
  space = 2 * (65_536 + 4 * 6) - 1;
  store.commit();
  assert.equal(store.check(), "the disk is full");
  space++;
  assert.equal(store.check(), undefined);
  // From here on half of it is enough again.
  space = 65_536 + 4 * 6;
  assert.equal(store.check(), undefined);
  store.close();
});

test("a disk that has become read-only is said by a look, before anything is written", (t) => {
  const disk = new NodeDisk();
  const check = disk.check.bind(disk);
  let isReadOnly = false;
  disk.check = (place): void => {
    if (isReadOnly) throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
    check(place);
  };
  const store = new SqliteStore(absentFolder(t), "one", { disk });
  store.drawer("m").put("settings", bytes("set"));
  store.commit();
  const { commits } = store.counts;
  isReadOnly = true;
  assert.equal(store.check(), "the disk is read-only");
  isReadOnly = false;
  assert.deepEqual([store.check(), store.counts.commits], [undefined, commits]);
  store.close();
});

/** A disk that takes nothing any more, once it is told so; whatever part of the store writes. */
class FullDisk extends NodeDisk {
  isFull: RegExp | undefined;

  #take(what: string): void {
    if (this.isFull?.test(what) === true) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
  }

  override open(file: string, how: "read" | "begin"): DiskFile {
    if (how === "begin") this.#take("journal");
    const opened = super.open(file, how);
    const write = opened.write.bind(opened);
    opened.write = (all, at): void => {
      this.#take("journal");
      write(all, at);
    };
    return opened;
  }

  override database(_file: string, step: DatabaseStep): void {
    this.#take(step);
  }
}

test("a disk that refused a write is full until there is twice the low water, though the next write has room", (t) => {
  const disk = new FullDisk();
  disk.space = () => 90_000;
  const store = new SqliteStore(absentFolder(t), "one", { disk });
  const block = numbersIn(store.drawer("m"));
  store.commit();
  assert.equal(store.trouble, undefined);
  for (const isFull of [/journal/, undefined]) {
    disk.isFull = isFull;
    block[0] = 1;
    store.drawer("m").changed();
    store.commit();
    assert.equal(store.trouble, "the disk is full");
  }
  assert.equal(store.unsaved, false);
  disk.space = () => 131_072;
  store.commit();
  assert.equal(store.trouble, undefined);
  store.close();
});

test("what could not be kept at the stop is said, and how much is in memory only before", (t) => {
  const disk = new FullDisk();
  const store = new SqliteStore(absentFolder(t), "one", { disk });
  const block = numbersIn(store.drawer("m"));
  store.commit();
  assert.equal(store.unsaved, false);
  disk.isFull = /journal/;
  block[0] = 1;
  store.drawer("m").changed();
  store.commit();
  assert.deepEqual([store.trouble, store.unsaved], ["the disk is full", true]);
  assert.match(
    store.close() ?? "",
    /polyphase\.sqlite cannot be written \(the disk is full\); what is not on it is lost/,
  );
});

for (const step of ["begin", "commit", "checkpoint"] as const) {
  test(`a disk that is full at the ${step} of a filing is said, nothing is lost, and it is filed later`, (t) => {
    const place = absentFolder(t);
    const disk = new FullDisk();
    const store = new SqliteStore(place, "one", { disk });
    const drawer = store.drawer("m");
    numbersIn(drawer).set([1, 2, 3]);
    store.commit();
    disk.isFull = new RegExp(step);
    // So much waits that it is filed.
    for (let k = 0; k < 3; k++) {
      for (let entry = 0; entry < 7000; entry++) drawer.put(`log/${entry}`, bytes(`${entry}`));
      store.commit();
    }
    assert.equal(store.trouble, "the disk is full");
    assert.equal(text(drawer.get("log/6999")), "6999");
    disk.isFull = undefined;
    store.commit();
    assert.equal(store.trouble, undefined);
    store.close();
    const again = new SqliteStore(place, "two");
    assert.deepEqual(again.complaints, []);
    assert.equal([...again.drawer("m").entries("log/")].length, 7000);
    again.close();
  });
}

test("the same changes under the same mark are the same bytes", (t) => {
  const [one, other] = [absentFolder(t), absentFolder(t)];
  for (const place of [one, other]) stopped(place, { mark: () => 0x0123_4567_89ab_cdefn });
  assert.deepEqual(contents(one), contents(other));
});

test("a record that is damaged while the store is in use is read from the other file, and the damaged file made anew", (t) => {
  const place = absentFolder(t);
  const first = new SqliteStore(place, "one");
  // More than SQLite keeps in memory of a file.
  const record = (k: number): Uint8Array => bytes(`<${k}>`.padEnd(1000, String(k)));
  for (let k = 0; k < 6000; k++) first.drawer("m").put(`r${k}`, record(k));
  first.close();
  const store = new SqliteStore(place, "two");
  const file = path.join(place, FILES[0]);
  const at = readFileSync(file).indexOf("<17>");
  assert.ok(at > 0);
  const open = openSync(file, "r+");
  writeSync(open, bytes("<18>"), 0, 4, at);
  closeSync(open);
  assert.deepEqual(store.drawer("m").get("r17"), record(17));
  assert.match(store.complaints.join(), /m: the store .*polyphase\.sqlite is damaged \(the record r17 is damaged\)/);
  assert.match(store.drawer("m").damage.join(), /the record r17 is damaged/);
  store.close();
  assert.ok(readdirSync(place).includes("polyphase.sqlite.unreadable-two"));
  const third = new SqliteStore(place, "three");
  assert.deepEqual(third.complaints, []);
  assert.deepEqual(third.drawer("m").get("r17"), record(17));
  third.close();
});

test("a damaged record that nobody asks for is found in its turn, and costs nothing", (t) => {
  const place = absentFolder(t);
  const first = new SqliteStore(place, "one");
  // A start looks into 20,000 of them, in the order of their names, and each commit into 20 more.
  const key = (k: number): string => `r${String(k).padStart(5, "0")}`;
  for (let k = 0; k < 20_200; k++) first.drawer("m").put(key(k), bytes(`${k}`));
  first.close();
  const database = new DatabaseSync(path.join(place, FILES[1]));
  database.exec(`UPDATE record SET bytes = 'x' WHERE key = '${key(20_150)}'`);
  database.close();
  const store = new SqliteStore(place, "two");
  const heard: string[] = [];
  store.listen((what) => heard.push(what));
  assert.deepEqual(store.complaints, []);
  for (let commit = 0; commit < 7; commit++) store.commit();
  assert.deepEqual(heard, []);
  store.commit();
  assert.match(
    heard.join(),
    /polyphase-2\.sqlite is damaged \(the record r20150 is damaged\); .* made anew from the other/,
  );
  store.close();
  const third = new SqliteStore(place, "three");
  assert.deepEqual([third.complaints, text(third.drawer("m").get(key(20_150)))], [[], "20150"]);
  third.close();
});
