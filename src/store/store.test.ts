import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { NodeDisk } from "./disk.ts";
import { segmentFile, segmentsIn } from "./journal.ts";
import { numbersOf } from "./memory-record.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StoreBusy } from "./trouble.ts";
import { MemoryStore, type Store, type StoredNumbers } from "./store.ts";
import { FILES, bytes, copyOf, folder, kept, meterOf, text } from "./store-fixture.ts";

const disk = new NodeDisk();

const makers: readonly (readonly [string, (t: TestContext) => Store])[] = [
  ["memory", () => new MemoryStore()],
  ["sqlite", (t) => new SqliteStore(folder(t), "now")],
];
for (const [name, make] of makers) {
  test(`${name}: what was put is found, by meter and key, before and after the commit`, (t) => {
    const store = make(t);
    const one = store.drawer("one");
    one.put("log/2", bytes("b"));
    one.put("log/1", bytes("a"));
    one.put("settings", bytes("s"));
    store.drawer("two").put("log/1", bytes("other"));
    const look = (): void => {
      assert.equal(text(one.get("log/1")), "a");
      assert.equal(text(one.get("settings")), "s");
      assert.equal(one.get("absent"), undefined);
      assert.deepEqual([...one.entries("log/")].map(([key, value]) => [key, text(value)]).sort(), [
        ["log/1", "a"],
        ["log/2", "b"],
      ]);
    };
    look();
    store.commit();
    look();
    one.put("log/1", bytes("newer"));
    assert.equal(text(one.get("log/1")), "newer");
    store.close();
  });
}

test("sqlite: a record is on disk with the numbers that it goes with, as they are when it is written", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "now");
  const drawer = first.drawer("m");
  const run = Float64Array.of(1, 2);
  let elsewhere = 7;
  const fresh = (): void => void (run[1] = elsewhere);
  drawer.watch({ layout: '{"next":1,"kept":1}', count: 2, blocks: [run], fresh });
  first.commit();
  // Nobody says that a number has changed: a record with a place in a ring says it.
  run[0] = 3;
  elsewhere = 8;
  drawer.put("log/3", bytes("entry"));
  first.commit();
  assert.equal(drawer.numbers?.values[1], 8);
  // As a kill leaves it.
  const copy = folder(t);
  cpSync(place, copy, { recursive: true });
  first.close();
  const second = new SqliteStore(copy, "now");
  assert.equal(text(second.drawer("m").get("log/3")), "entry");
  assert.deepEqual([...(second.drawer("m").numbers?.values ?? [])], [3, 8]);
  second.close();
});

test("sqlite: long records that meters have in common take their place once in the journal, and little in the file", (t) => {
  const place = folder(t);
  const common = bytes(JSON.stringify(Array.from({ length: 1000 }, (_, k) => ({ register: k, decimals: k % 7 }))));
  const other = bytes("o".repeat(300));
  const first = new SqliteStore(place, "now");
  const meters = Array.from({ length: 50 }, (_, k) => `m${k}`);
  for (const meter of meters) first.drawer(meter).put("configuration", common);
  first.drawer("m7").put("passwords", other);
  first.drawer("m8").put("passwords", other);
  first.commit();
  const segment = first.counts.journalBytes;
  assert.ok(segment < 2 * common.length, `${segment} bytes for ${common.length}`);
  // As a kill leaves it: all of it is in the journal.
  const copy = folder(t);
  cpSync(place, copy, { recursive: true });
  first.close();
  assert.ok(readFileSync(path.join(place, "polyphase.sqlite")).length < 10 * common.length);
  for (const where of [place, copy]) {
    const second = new SqliteStore(where, "now");
    for (const meter of meters) assert.deepEqual(second.drawer(meter).get("configuration"), common);
    for (const meter of ["m7", "m8"]) assert.deepEqual(second.drawer(meter).get("passwords"), other);
    assert.deepEqual(second.complaints, []);
    second.close();
  }
});

test("sqlite: a long record of which a byte is another in both files is left out, and said to be; the others stay", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "now");
  const long = (letter: string): Uint8Array => bytes(Array.from({ length: 800 }, (_, k) => `${letter}${k}`).join(" "));
  first.drawer("m").put("a", long("a"));
  first.drawer("m").put("b", long("b"));
  first.close();
  for (const file of FILES) {
    const database = new DatabaseSync(path.join(place, file));
    const { bytes: packed } = database.prepare("SELECT bytes FROM record WHERE key = 'a'").get() as {
      bytes: Uint8Array;
    };
    packed[packed.length >> 1]! ^= 4;
    database.prepare("UPDATE record SET bytes = ? WHERE key = 'a'").run(packed);
    database.close();
  }
  const second = new SqliteStore(place, "now");
  assert.equal(second.drawer("m").get("a"), undefined);
  assert.deepEqual(second.drawer("m").get("b"), long("b"));
  assert.match(second.complaints.join("; "), /m: the record a of the store .* is damaged and left out/);
  assert.match(second.drawer("m").damage.join("; "), /the record a of the store .* is damaged/);
  // What is another meter's is not this one's.
  assert.doesNotMatch(second.drawer("other").damage.join("; "), /the record a /);
  second.close();
});

test("sqlite: what was committed is there after the process has ended, the rest is not", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "now");
  first.drawer("m").put("a", bytes("committed"));
  first.commit();
  first.drawer("m").put("b", bytes("kept"));
  first.commit();
  first.drawer("m").put("c", bytes("neither"));
  // As kill -9 leaves it: a copy of the files while they are open.
  const copy = folder(t);
  for (const file of readdirSync(place)) writeFileSync(path.join(copy, file), readFileSync(path.join(place, file)));
  const second = new SqliteStore(copy, "now");
  const drawer = second.drawer("m");
  assert.deepEqual([text(drawer.get("a")), text(drawer.get("b")), drawer.get("c")], ["committed", "kept", undefined]);
  assert.deepEqual(second.complaints, []);
  second.close();
  first.close();
});

for (const [what, damage] of [
  ["no database at all", (file: string) => writeFileSync(file, "this is no database, whatever its name says")],
  [
    "damaged pages",
    (file: string) => {
      const all = readFileSync(file);
      all.fill(0xa5, 4096 + 8, Math.min(all.length, 3 * 4096));
      writeFileSync(file, all);
    },
  ],
] as const) {
  test(`sqlite: a store with ${what} is kept aside and reported, and made anew from the other`, (t) => {
    const place = folder(t);
    const first = new SqliteStore(place, "one");
    for (let k = 0; k < 500; k++) first.drawer("m").put(`key ${k}`, bytes("x".repeat(100)));
    first.close();
    damage(path.join(place, "polyphase.sqlite"));
    const damaged = readFileSync(path.join(place, "polyphase.sqlite"));
    const second = new SqliteStore(place, "two");
    assert.equal(second.complaints.length, 1);
    assert.match(
      second.complaints[0]!,
      /could not be read .* is kept as .*polyphase\.sqlite\.unreadable-two, and made anew from the other/,
    );
    assert.deepEqual(readFileSync(path.join(place, "polyphase.sqlite.unreadable-two")), damaged);
    assert.equal([...second.drawer("m").entries("key ")].length, 500);
    second.drawer("m").put("a", bytes("works"));
    second.close();
    const third = new SqliteStore(place, "three");
    assert.deepEqual([third.complaints, text(third.drawer("m").get("a"))], [[], "works"]);
    third.close();
  });
}

for (const [name, make] of makers) {
  test(`${name}: numbers are found as they were at the last commit, under the names of their runs`, (t) => {
    const store = make(t);
    const drawer = store.drawer("m");
    assert.equal(drawer.numbers, undefined);
    const { energies, peaks } = meterOf(drawer);
    energies.set([1.5, 0, -2.25, 1e300, 4]);
    peaks.set([NaN, 7, 8]);
    drawer.changed();
    store.commit();
    energies[0] = 2.5;
    drawer.changed();
    store.commit();
    const found: StoredNumbers | undefined = store.drawer("m").numbers;
    assert.deepEqual(
      found?.places,
      new Map([
        ["energies", { at: 0, count: 5 }],
        ["peaks", { at: 5, count: 3 }],
      ]),
    );
    assert.deepEqual(kept(store, "m"), [2.5, 0, -2.25, 1e300, 4, NaN, 7, 8]);
    store.close();
  });
}

test("sqlite: a kill loses the numbers since the last commit and no others, over many segments and restarts", (t) => {
  let place = folder(t);
  const count = 400;
  const expected = Array.from({ length: count }, () => [0, 0, 0, 0, 0, 0, 0, 0]);
  let ticks = 0;
  for (let run = 0; run < 4; run++) {
    const store = new SqliteStore(place, "now");
    assert.deepEqual(store.complaints, []);
    const drawers = Array.from({ length: count }, (_, k) => store.drawer(`meter ${k}`));
    const found = drawers.map(({ numbers }) => [...(numbers?.values ?? new Float64Array(8))]);
    assert.deepEqual(found, expected);
    const meters = drawers.map((drawer) => meterOf(drawer));
    meters.forEach(({ energies, peaks }, k) => {
      energies.set(found[k]!.slice(0, 5));
      peaks.set(found[k]!.slice(5));
    });
    // About three segments, each of a megabyte.
    for (let tick = 0; tick < 300; tick++) {
      ticks++;
      meters.forEach(({ energies, peaks }, k) => {
        energies[k % 5] = ticks + k / 100;
        energies[(k + 1) % 5] = ticks / 3;
        peaks[ticks % 3] = ticks;
        drawers[k]!.changed();
      });
      store.commit();
    }
    meters.forEach(({ energies, peaks }, k) => (expected[k] = [...energies, ...peaks.subarray(0, 3)]));
    meters[7]!.energies[0] = 4711;
    assert.ok(segmentsIn(place, disk).length <= 3 + 2, "segments go when later ones hold everything");
    place = copyOf(t, place);
    store.close();
  }
});

test("sqlite: a meter that is not of the site for a while finds its numbers when it is back", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "one");
  meterOf(first.drawer("m")).energies[2] = 42;
  first.close();
  for (const pause of ["two", "three"]) new SqliteStore(place, pause).close();
  const back = new SqliteStore(place, "four");
  assert.equal(numbersOf(back.drawer("m").get("memory")!).values[2], 42);
  back.close();
});

test("sqlite: a record that is not what was written is left out and said; a table that is none is kept aside", (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  for (const key of ["a", "b"]) store.drawer("m").put(key, bytes(key));
  store.close();
  const spoil = (sql: string): SqliteStore => {
    for (const file of FILES) {
      const database = new DatabaseSync(path.join(place, file));
      database.exec(sql);
      database.close();
    }
    return new SqliteStore(place, "again");
  };
  const first = spoil("UPDATE record SET bytes = 'hello' WHERE key = 'a'");
  assert.deepEqual([first.drawer("m").get("a"), text(first.drawer("m").get("b"))], [undefined, "b"]);
  assert.match(first.complaints.join(), /m: the record a of the store .* is damaged and left out/);
  first.close();
  const second = spoil("DROP TABLE record; CREATE TABLE record (a)");
  assert.match(second.complaints.join(), /could not be read .*kept as .*unreadable-again/);
  second.close();
});

test("sqlite: what was put and is abandoned has changed nothing; all that was put goes together", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "one");
  first.drawer("m").put("settings", bytes("before"));
  first.close();
  const second = new SqliteStore(place, "two");
  for (const meter of ["m", "n"]) second.drawer(meter).put("settings", bytes("after"));
  assert.equal(text(second.drawer("m").get("settings")), "after");
  second.abandon();
  const third = new SqliteStore(place, "three");
  assert.deepEqual(
    ["m", "n"].map((meter) => text(third.drawer(meter).get("settings"))),
    ["before", ""],
  );
  for (const meter of ["m", "n"]) third.drawer(meter).put("settings", bytes("after"));
  const { commits } = third.counts;
  third.commit();
  assert.equal(third.counts.commits, commits + 1);
  const copy = copyOf(t, place);
  third.close();
  const fourth = new SqliteStore(copy, "four");
  assert.deepEqual(
    ["m", "n"].map((meter) => text(fourth.drawer(meter).get("settings"))),
    ["after", "after"],
  );
  fourth.close();
});

test("sqlite: another store's journal, a store that is gone from beside its journal, and a later format are said", (t) => {
  const [place, other] = [folder(t), folder(t)];
  for (const one of [place, other]) {
    const store = new SqliteStore(one, "one");
    meterOf(store.drawer("m")).energies[0] = one === place ? 1 : 2;
    store.close();
  }
  const strange = copyOf(t, place);
  const last = segmentsIn(other, disk).at(-1)!;
  writeFileSync(segmentFile(strange, last + 9), readFileSync(segmentFile(other, last)));
  const first = new SqliteStore(strange, "x");
  assert.match(first.complaints.join(), /belongs to another store; it is kept as .*unreadable-x/);
  assert.equal(kept(first, "m")?.[0], 1);
  first.close();
  const bare = copyOf(t, place);
  for (const file of FILES) rmSync(path.join(bare, file));
  const second = new SqliteStore(bare, "x");
  assert.match(second.complaints.join(), /is not there any more; what its journal holds is gone on from/);
  assert.equal(kept(second, "m")?.[0], 1);
  second.close();
  const later = copyOf(t, place);
  const database = new DatabaseSync(path.join(later, "polyphase.sqlite"));
  database.exec("PRAGMA user_version = 7");
  database.close();
  assert.throws(() => new SqliteStore(later, "x"), /of a later version: its format is 7/);
  assert.ok(!readdirSync(later).some((file) => file.includes("unreadable")));
});

test("sqlite: a second process is told that the store is in use, and nothing is put aside", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "one");
  first.drawer("m").put("a", bytes("mine"));
  assert.throws(() => new SqliteStore(place, "two"), StoreBusy);
  assert.equal(text(first.drawer("m").get("a")), "mine");
  first.close();
  assert.ok(!readdirSync(place).some((file) => file.includes("unreadable")));
});

test("sqlite: when the disk is full nothing is dropped, and it goes there when there is room again", async (t) => {
  const place = folder(t);
  const module = new URL("./sqlite-store.ts", import.meta.url).href;
  const fill = `
    const { SqliteStore } = await import(${JSON.stringify(module)});
    const store = new SqliteStore(${JSON.stringify(place)}, "now");
    const drawer = store.drawer("m");
    let count = 0;
    for (; store.trouble === undefined && count < 1000; count++) {
      drawer.put("record " + count, new Uint8Array(4000).fill(count));
      store.commit();
    }
    drawer.put("kept", new Uint8Array(1));
    store.commit();
    console.log(JSON.stringify([store.trouble, count, drawer.get("record " + (count - 1)).length]));
    process.stdin.once("data", () => {
      store.commit();
      console.log(JSON.stringify([store.trouble ?? "well"]));
      store.close();
      process.exit();
    });`;
  // A limit on the size of files stands for the disk's; raised later, as somebody makes room.
  const script = `ulimit -S -f 256; exec "$0" --input-type=module -e "$1"`;
  const child = spawn("bash", ["-c", script, process.execPath, fill], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines = createInterface(child.stdout);
  const line = async (): Promise<unknown[]> => JSON.parse(String((await once(lines, "line"))[0])) as unknown[];
  const [trouble, count, waiting] = (await line()) as [string, number, number];
  assert.match(trouble, /full|disk|I\/O/i);
  assert.equal(waiting, 4000);
  assert.equal(spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:"]).status, 0);
  child.stdin.write("room\n");
  assert.deepEqual(await line(), ["well"]);
  await once(child, "close");
  const found = new SqliteStore(place, "now");
  const drawer = found.drawer("m");
  for (let k = 0; k < count; k++) assert.deepEqual(drawer.get(`record ${k}`), new Uint8Array(4000).fill(k));
  assert.equal(drawer.get("kept")?.length, 1);
  found.close();
});
