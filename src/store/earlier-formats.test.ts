/** What stores of earlier versions held is carried over. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { crc32, deflateRawSync } from "node:zlib";
import { NodeDisk } from "./disk.ts";
import { segmentFile, segmentsIn } from "./journal.ts";
import { numbersOf, recordOf } from "./memory-record.ts";
import { FRONT, HEAD } from "./segment-format.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { placesOf } from "./store.ts";
import { bytes, copyOf, folder, kept, meterOf, text } from "./store-fixture.ts";

const disk = new NodeDisk();

test("sqlite: what the format before this one kept is carried over, numbers and records", (t) => {
  const place = folder(t);
  const old = new DatabaseSync(path.join(place, "polyphase.sqlite"));
  old.exec(
    "CREATE TABLE record (meter TEXT, key TEXT, bytes BLOB, PRIMARY KEY (meter, key)) WITHOUT ROWID; PRAGMA user_version = 1",
  );
  const insert = old.prepare("INSERT INTO record VALUES (?, ?, ?)");
  const memory = recordOf({ places: placesOf('{"energies":2,"status":1}'), values: Float64Array.of(12.5, 7, 3) });
  insert.run("m", "memory", memory);
  insert.run("m", "settings", bytes("{}"));
  old.close();
  const store = new SqliteStore(place, "now");
  assert.deepEqual(store.complaints, []);
  assert.equal(text(store.drawer("m").get("settings")), "{}");
  assert.deepEqual([...numbersOf(store.drawer("m").get("memory")!).values], [12.5, 7, 3]);
  store.close();
});

/** A head of the format before, whose two heads lay side by side. */
function nearHeadOf(mark: bigint): Buffer {
  const one = Buffer.alloc(28);
  one.write("PPJOUR 3");
  one.writeBigInt64BE(mark, 8);
  one.writeUInt32BE(crc32(one.subarray(0, 24)), 24);
  return Buffer.concat([one, one]);
}

/** The first record of a segment, with all numbers. */
function firstRecordOf(segment: Buffer): Buffer {
  return segment.subarray(HEAD, HEAD + FRONT + segment.readUInt32BE(HEAD + 4));
}

test("sqlite: a journal of the format before is read, and one whose first bytes are lost is kept", (t) => {
  const mark = 0x0102_0304_0506_0708n;
  for (const lost of [0, 28, 56]) {
    const place = folder(t);
    const store = new SqliteStore(place, "now", { mark: () => mark });
    store.commit();
    const empty = copyOf(t, place);
    meterOf(store.drawer("m")).energies.set([1, 2, 3]);
    store.drawer("m").put("late", bytes("in the journal only"));
    store.commit();
    const [number] = segmentsIn(place, disk);
    const record = firstRecordOf(readFileSync(segmentFile(place, number!)));
    store.close();
    const segment = Buffer.concat([nearHeadOf(mark), record, Buffer.alloc(1000)]).fill(0, 0, lost);
    writeFileSync(segmentFile(empty, number!), segment);
    const again = new SqliteStore(empty, "again", { mark: () => mark });
    const isRead = lost < 56;
    assert.equal(text(again.drawer("m").get("late")), isRead ? "in the journal only" : "", `${lost} bytes`);
    assert.deepEqual(kept(again, "m"), isRead ? [1, 2, 3, 0, 0, 0, 0, 0] : undefined);
    const said = [/^$/, /journal .* is damaged/, /journal .* could not be read; it is kept as .*unreadable-again/];
    assert.match(again.complaints.join(), said[lost / 28]!);
    again.close();
  }
});

test("sqlite: what the format of one SQLite file kept is carried over, and its journal read", (t) => {
  const place = folder(t);
  const mark = 0x0102_0304_0506_0708n;
  const now = new SqliteStore(place, "now", { mark: () => mark });
  const { energies } = meterOf(now.drawer("m"));
  energies.set([1, 2, 3]);
  now.drawer("m").put("late", bytes("in the journal only"));
  now.commit();
  const [number] = segmentsIn(place, disk);
  const record = firstRecordOf(readFileSync(segmentFile(place, number!)));
  now.close();
  // As it was killed: a head of 24 bytes that stands once, no zeros behind the last record.
  const old = folder(t);
  const head = Buffer.from("PPJOUR 2" + "\x01\x02\x03\x04\x05\x06\x07\x08" + "\0".repeat(8), "latin1");
  writeFileSync(segmentFile(old, number!), Buffer.concat([head, record]));
  const database = new DatabaseSync(path.join(old, "polyphase.sqlite"));
  database.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;" +
      "CREATE TABLE record (meter TEXT, key TEXT, bytes BLOB, sum INTEGER, PRIMARY KEY (meter, key)) WITHOUT ROWID",
  );
  database.prepare("INSERT INTO fact VALUES ('id', ?), ('sequence', 0)").run(mark);
  const insert = database.prepare("INSERT INTO record VALUES ('m', ?, ?, ?)");
  // CRC-32 of "123456789", the check value of every catalogue of them.
  insert.run("settings", bytes("123456789"), 0xcbf4_3926);
  insert.run("spoilt", bytes("123456788"), 0xcbf4_3926);
  const long = "one register is like another; ".repeat(99);
  insert.run("configuration", deflateRawSync(long), 2 ** 32 + crc32(long));
  database.exec("PRAGMA user_version = 2");
  database.close();
  for (const start of [1, 2]) {
    const store = new SqliteStore(old, "now");
    const drawer = store.drawer("m");
    assert.deepEqual(
      ["settings", "configuration", "late", "spoilt"].map((key) => text(drawer.get(key))),
      ["123456789", long, "in the journal only", ""],
    );
    if (start === 1) assert.deepEqual(kept(store, "m"), [1, 2, 3, 0, 0, 0, 0, 0]);
    // What it held is damaged once; afterwards it is not there.
    const said = start === 1 ? /^m: the record spoilt of the store .* is damaged and left out$/ : /^$/;
    assert.match(store.complaints.join("; "), said);
    store.close();
  }
});
