/** What stops a start: permissions, something else in the place, a later version. Nothing of it is changed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { NodeDisk } from "./disk.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StoreForbidden, StoreLater } from "./trouble.ts";
import { FILES, absentFolder, bytes, contents, found, modes, numbersIn, stopped } from "./store-fixture.ts";

test("only its owner may use a store's folder and the files in it, whatever the umask, and those of before are mended", (t) => {
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  const place = absentFolder(t);
  const store = new SqliteStore(place, "one");
  numbersIn(store.drawer("m")).set([1, 2, 3]);
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
    const place = absentFolder(t);
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
  const place = absentFolder(t);
  writeFileSync(place, "x");
  assert.throws(
    () => new SqliteStore(place, "one"),
    /data cannot be used \(there is a file where its folder should be\)/,
  );
  assert.equal(readFileSync(place, "utf8"), "x");
});

const [one, other] = FILES;
for (const [what, make, says] of [
  [
    "a pipe has the name of a segment",
    (place: string) => execFileSync("mkfifo", [path.join(place, "polyphase.journal-00000098")]),
    /data cannot be used \(polyphase\.journal-00000098 is a pipe, a socket or a device, where a file should be\)/,
  ],
  [
    "a folder has the name of a segment",
    (place: string) => mkdirSync(path.join(place, "polyphase.journal-00000098")),
    /data cannot be used \(polyphase\.journal-00000098 is a folder, where a file should be\); nothing of it/,
  ],
  [
    "a folder lies where the log ahead of the first file would",
    (place: string) => mkdirSync(path.join(place, `${one}-wal`)),
    /\(polyphase\.sqlite-wal is a folder/,
  ],
  [
    "the second file leads to a pipe elsewhere",
    (place: string) => {
      rmSync(path.join(place, other));
      const pipe = path.join(path.dirname(place), "pipe");
      execFileSync("mkfifo", ["-m", "640", pipe]);
      symlinkSync(pipe, path.join(place, other));
    },
    /\(polyphase-2\.sqlite is a pipe, a socket or a device/,
  ],
  [
    "the second file is a hard link to the first",
    (place: string) => {
      rmSync(path.join(place, other));
      linkSync(path.join(place, one), path.join(place, other));
    },
    /\(polyphase-2\.sqlite is a link to polyphase\.sqlite, or the other way round: there have to be two files\)/,
  ],
  [
    "the first file is a symbolic link to the second",
    (place: string) => {
      rmSync(path.join(place, one));
      symlinkSync(other, path.join(place, one));
    },
    /is a link to polyphase\.sqlite, or the other way round/,
  ],
] as const) {
  test(`where ${what} the start ends at once and says so`, (t) => {
    const place = absentFolder(t);
    stopped(place);
    make(place);
    const before = readdirSync(place);
    const mode = (): number => statSync(path.join(place, other)).mode & 0o777;
    const modeBefore = mode();
    assert.throws(
      () => new SqliteStore(place, "two"),
      (error: Error) => error instanceof StoreForbidden && says.test(error.message),
    );
    assert.deepEqual([readdirSync(place), mode()], [before, modeBefore]);
  });
}

test("a file whose name has more digits than a segment's number is nobody's", (t) => {
  const place = absentFolder(t);
  stopped(place);
  const name = "polyphase.journal-99999999999999999999";
  writeFileSync(path.join(place, name), "x");
  const store = new SqliteStore(place, "two");
  assert.deepEqual([store.complaints, found(store)], [[], [[1, 2, 3], "set"]]);
  store.close();
  assert.equal(readFileSync(path.join(place, name), "utf8"), "x");
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
    const place = absentFolder(t);
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
  const place = absentFolder(t);
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
