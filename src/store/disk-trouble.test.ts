/** A store whose disk is not as it should be: full, read-only, another's, gone, or of a later version. */
import assert from "node:assert/strict";
import {
  chmodSync,
  closeSync,
  mkdtempSync,
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
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { NodeDisk, type DatabaseStep, type DiskFile } from "./disk.ts";
import { SqliteStore } from "./sqlite-store.ts";
import type { MeterStore, Store } from "./store.ts";
import { StoreForbidden, StoreLater } from "./trouble.ts";

const FILES = ["polyphase.sqlite", "polyphase-2.sqlite"] as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), "polyphase-trouble-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return path.join(made, "data");
}

/** A meter with three numbers. */
function numbersOf(drawer: MeterStore): Float64Array {
  const block = new Float64Array(3);
  drawer.watch({ layout: '{"energies":3}', count: 3, blocks: [block] });
  return block;
}

/** A store that was stopped: numbers 1, 2, 3 and a record. */
function stopped(place: string, options: ConstructorParameters<typeof SqliteStore>[2] = {}): void {
  const store = new SqliteStore(place, "first", options);
  numbersOf(store.drawer("m")).set([1, 2, 3]);
  store.drawer("m").put("settings", bytes("set"));
  store.close();
}

function contents(place: string): Map<string, string> {
  return new Map(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name)).toString("hex")]));
}

function found(store: Store): unknown[] {
  const drawer = store.drawer("m");
  return [[...(drawer.numbers?.values ?? [])], text(drawer.get("settings"))];
}

function modes(place: string): Set<number> {
  return new Set(readdirSync(place).map((name) => statSync(path.join(place, name)).mode & 0o777));
}

test("only its owner may use a store's folder and the files in it, whatever the umask, and those of before are mended", (t) => {
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  const place = folder(t);
  const store = new SqliteStore(place, "one");
  numbersOf(store.drawer("m")).set([1, 2, 3]);
  store.commit();
  store.drawer("m").put("settings", bytes("set"));
  store.commit();
  assert.ok(readdirSync(place).some((name) => name.endsWith("-wal")));
  assert.deepEqual([statSync(place).mode & 0o777, modes(place)], [0o700, new Set([0o600])]);
  store.close();
  chmodSync(place, 0o755);
  for (const name of readdirSync(place)) chmodSync(path.join(place, name), 0o644);
  writeFileSync(path.join(place, FILES[0]), "no database");
  new SqliteStore(place, "two").close();
  assert.ok(readdirSync(place).some((name) => name.includes("unreadable-two")));
  assert.deepEqual([statSync(place).mode & 0o777, modes(place)], [0o700, new Set([0o600])]);
});

class RefusingDisk extends NodeDisk {
  readonly #refused: RegExp;
  readonly #code: string;

  constructor(refused: RegExp, code: string) {
    super();
    this.#refused = refused;
    this.#code = code;
  }

  override check(place: string): void {
    if (this.#refused.test(place)) throw Object.assign(new Error(`${this.#code}: refused`), { code: this.#code });
  }
}

for (const [what, refused, code, says] of [
  [
    "folder belongs to another",
    /data$/,
    "EACCES",
    /data cannot be used \(this user may not use it\).*nothing of it has been changed/,
  ],
  ["second file belongs to another", /polyphase-2\.sqlite$/, "EACCES", /cannot be used \(this user may not use it\)/],
  ["journal belongs to another", /journal-\d+$/, "EACCES", /cannot be used \(this user may not use it\)/],
  ["disk is read-only", /./, "EROFS", /cannot be used \(the disk is read-only\); nothing of it has been changed/],
] as const) {
  test(`a store whose ${what} stops the start, and nothing of it is changed`, (t) => {
    const place = folder(t);
    stopped(place);
    // One file is damaged besides: it is not put aside either.
    writeFileSync(path.join(place, FILES[0]), "no database");
    const before = contents(place);
    const open = (): SqliteStore => new SqliteStore(place, "two", { disk: new RefusingDisk(refused, code) });
    assert.throws(open, (error: Error) => error instanceof StoreForbidden && says.test(error.message));
    assert.deepEqual(contents(place), before);
    const again = new SqliteStore(place, "three");
    assert.deepEqual(found(again), [[1, 2, 3], "set"]);
    again.close();
  });
}

test("a file where the folder should be stops the start, and stays", (t) => {
  const place = folder(t);
  writeFileSync(place, "x");
  assert.throws(
    () => new SqliteStore(place, "one"),
    /data cannot be used \(there is a file where its folder should be\)/,
  );
  assert.equal(readFileSync(place, "utf8"), "x");
});

function setVersion(file: string, version: number): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}

for (const [which, files] of [
  ["both files", FILES],
  ["the first file", [FILES[0]]],
  ["the second file", [FILES[1]]],
] as const) {
  test(`a store of a later version in ${which} stops the start, and nothing of it is changed`, (t) => {
    const place = folder(t);
    stopped(place);
    for (const file of files) setVersion(path.join(place, file), 7);
    const before = contents(place);
    assert.throws(
      () => new SqliteStore(place, "two"),
      (error: Error) =>
        error instanceof StoreLater && /of a later version: its format is 7, this one knows 4/.test(error.message),
    );
    assert.deepEqual(contents(place), before);
  });
}

test("a version that is one turned bit away from this one's, in one file, is damage", (t) => {
  const place = folder(t);
  stopped(place);
  setVersion(path.join(place, FILES[0]), 4 | 32);
  const store = new SqliteStore(place, "two");
  assert.match(
    store.complaints.join(),
    /polyphase\.sqlite could not be read \(its format reads as 36\); it is kept as .*unreadable-two/,
  );
  assert.deepEqual(found(store), [[1, 2, 3], "set"]);
  store.close();
});

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
    const place = folder(t);
    stopped(place);
    const store = new SqliteStore(place, "two");
    const heard: string[] = [];
    store.listen((what) => heard.push(what));
    const block = numbersOf(store.drawer("m"));
    block.set([4, 5, 6]);
    // Meters that stand still: nothing of theirs changes afterwards.
    for (let k = 0; k < 5; k++) numbersOf(store.drawer(`still ${k}`)).set([k, k, k]);
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
      assert.deepEqual(
        [...found(again), text(again.drawer("m").get("late"))],
        [[7, 5, 6], "set", "in the journal only"],
      );
      for (let k = 0; k < 5; k++) assert.deepEqual([...(again.drawer(`still ${k}`).numbers?.values ?? [])], [k, k, k]);
      again.close();
    }
  });
}

test("below its low water the disk is full, though the last change is on it; with twice as much room the trouble ends", (t) => {
  const disk = new NodeDisk();
  let space = 1 << 30;
  disk.space = () => space;
  const store = new SqliteStore(folder(t), "one", { disk });
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
  const store = new SqliteStore(folder(t), "one", { disk });
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
  const store = new SqliteStore(folder(t), "one", { disk });
  const block = numbersOf(store.drawer("m"));
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
  const store = new SqliteStore(folder(t), "one", { disk });
  const block = numbersOf(store.drawer("m"));
  store.commit();
  assert.equal(store.unsaved, false);
  disk.isFull = /journal/;
  block[0] = 1;
  store.drawer("m").changed();
  store.commit();
  assert.deepEqual([store.trouble, store.unsaved], ["the disk is full", true]);
  assert.match(
    store.close() ?? "",
    /polyphase\.sqlite cannot be written \(the disk is full\); what changed since is lost/,
  );
});

for (const step of ["begin", "commit", "checkpoint"] as const) {
  test(`a disk that is full at the ${step} of a filing is said, nothing is lost, and it is filed later`, (t) => {
    const place = folder(t);
    const disk = new FullDisk();
    const store = new SqliteStore(place, "one", { disk });
    const drawer = store.drawer("m");
    numbersOf(drawer).set([1, 2, 3]);
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
  const [one, other] = [folder(t), folder(t)];
  for (const place of [one, other]) stopped(place, { mark: () => 0x0123_4567_89ab_cdefn });
  assert.deepEqual(contents(one), contents(other));
});

test("a record that is damaged while the store is in use is read from the other file, and the damaged file made anew", (t) => {
  const place = folder(t);
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
  const place = folder(t);
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
