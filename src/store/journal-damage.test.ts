/** What turned bits and cut records of the journal cost. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { NodeDisk } from "./disk.ts";
import { segmentFile, segmentsIn } from "./journal.ts";
import { FRONT, HEAD } from "./segment-format.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { copyOf, folder, kept, meterOf } from "./store-fixture.ts";

const disk = new NodeDisk();

test("sqlite: whichever bit of a stopped site's journal is turned, the numbers are the same, and it is said", (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  const drawers = ["a", "b", "c"].map((name) => store.drawer(name));
  const meters = drawers.map((drawer) => meterOf(drawer));
  for (let tick = 1; tick < 20; tick++) {
    meters.forEach(({ energies }, k) => energies.set([tick, tick * 1.5, k, tick, 9.75]));
    for (const drawer of drawers) drawer.changed();
    store.commit();
  }
  store.close();
  const expected = meters.map(({ energies, peaks }) => [...energies, ...peaks.subarray(0, 3)]);
  for (const number of segmentsIn(place, disk)) {
    const size = readFileSync(segmentFile(place, number)).length;
    for (let bit = 0; bit < 8 * size; bit += 29) {
      const copy = copyOf(t, place);
      const bytes = readFileSync(segmentFile(copy, number));
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(segmentFile(copy, number), bytes);
      const again = new SqliteStore(copy, "again");
      assert.deepEqual(
        ["a", "b", "c"].map((name) => kept(again, name)),
        expected,
        `bit ${bit} of ${number}`,
      );
      assert.ok(again.complaints.length > 0, `bit ${bit} of ${number} is said`);
      again.close();
      rmSync(copy, { recursive: true });
    }
  }
});

test("sqlite: a record in the middle that is damaged costs what it alone knew; one cut short by a kill is none", (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  const drawer = store.drawer("m");
  const { energies } = meterOf(drawer);
  const ends: number[] = [];
  for (const values of [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
  ]) {
    energies.set(values);
    drawer.changed();
    store.commit();
    ends.push(store.counts.journalBytes);
  }
  const spoilt = (change: (bytes: Buffer) => Buffer): [number[], readonly string[]] => {
    const copy = copyOf(t, place);
    const name = segmentFile(copy, segmentsIn(copy, disk).at(-1)!);
    writeFileSync(name, change(readFileSync(name)));
    const again = new SqliteStore(copy, "again");
    const seen: [number[], readonly string[]] = [kept(again, "m")!.slice(0, 2), again.complaints];
    again.close();
    return seen;
  };
  const [second, complaints] = spoilt((bytes) => {
    bytes[ends[1]! + 25]! ^= 4;
    return bytes;
  });
  assert.deepEqual(second, [4, 2]);
  assert.match(complaints.join(), /journal .* is damaged: changes of one commit or more are lost/);
  // As a kill leaves it while it is being written: what is not there yet is zeros.
  const [before, said] = spoilt((bytes) => bytes.fill(0, ends[3]! - 10));
  assert.deepEqual(before, [3, 3]);
  assert.match(said.join(), /the end of the journal .* is no record: one that was being written when everything ended/);
  const [shorter, cut] = spoilt((bytes) => bytes.subarray(0, ends[3]! - 3));
  assert.deepEqual(shorter, [3, 3]);
  assert.match(cut.join(), /journal .* was cut/);
  // Nothing is lost by a bit of the room behind the last record; that it is not as it was left is said once.
  const [all, end] = spoilt((bytes) => {
    bytes[bytes.length - 3]! ^= 4;
    return bytes;
  });
  assert.deepEqual(all, [4, 3]);
  assert.deepEqual([end.length, /it was cut, or its end is damaged; if anything/.test(end.join())], [1, true]);
  store.close();
});

for (const end of ["a stop", "a kill"] as const) {
  test(`sqlite: after ${end} a segment is missing: it is said where something is lost, and nothing where nothing is`, (t) => {
    const place = folder(t);
    const first = new SqliteStore(place, "one");
    meterOf(first.drawer("m")).energies.set([1, 2, 3, 4, 5]);
    first.close();
    const second = new SqliteStore(place, "two");
    const { energies } = meterOf(second.drawer("m"));
    energies.set([6, 7, 8, 9, 10]);
    second.commit();
    const copy = end === "a kill" ? copyOf(t, place) : place;
    second.close();
    for (const number of segmentsIn(copy, disk)) {
      const without = copyOf(t, copy);
      rmSync(segmentFile(without, number));
      const again = new SqliteStore(without, "again");
      const isSame = [6, 7, 8, 9, 10].every((value, k) => kept(again, "m")?.[k] === value);
      assert.ok(isSame || again.complaints.length > 0, `${number} is lost and said`);
      // Of three segments of a kill the last has the last numbers; both segments of a stop have all.
      assert.equal(isSame, end === "a stop" || number !== segmentsIn(copy, disk).at(-1), `${number}`);
      if (number !== segmentsIn(copy, disk).at(-1)) assert.deepEqual(again.complaints, []);
      again.close();
    }
  });
}

test("sqlite: whichever bit of the first record after a journal was written anew is turned, the numbers are the same", (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "one");
  const { energies } = meterOf(store.drawer("m"));
  energies.set([1, 2, 3, 4, 5]);
  store.commit();
  const was = segmentFile(place, segmentsIn(place, disk).at(-1)!);
  const copy = readFileSync(was);
  rmSync(was);
  writeFileSync(was, copy);
  energies.set([6, 7, 8, 9, 10]);
  store.commit();
  const newest = segmentsIn(place, disk).at(-1)!;
  const front = readFileSync(segmentFile(place, newest)).subarray(HEAD);
  const length = FRONT + front.readUInt32BE(4);
  for (let at = 0; at < length; at += 3) {
    const damaged = copyOf(t, place);
    const file = segmentFile(damaged, newest);
    const bytes = readFileSync(file);
    bytes[HEAD + at]! ^= 1 << (at % 8);
    writeFileSync(file, bytes);
    const again = new SqliteStore(damaged, "again");
    assert.deepEqual(kept(again, "m")?.slice(0, 5), [6, 7, 8, 9, 10], `byte ${at}`);
    again.close();
  }
  store.close();
});
