/** A whole site in this process, on a disk that fails and among peers that do not behave, keeps what it promises (docs/simulator.md). */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SqliteStore } from "#store/sqlite-store.ts";
import { Chance } from "./simulator/chance.ts";
import { SimulatedDisk } from "./simulator/disk.ts";
import { Figures } from "./simulator/figures.ts";
import { Energy, Fact, Series, Tally, type Moment } from "./simulator/oracle.ts";
import { faults, run } from "./simulator/run.ts";
import { regressions } from "./simulator/seeds.ts";
import { Violation } from "./simulator/violation.ts";
import { share } from "./share.ts";

const SEEDS = share(25, 120, 2000);

/** Kinds of faults of which each has to have struck in so many runs. */
const kinds = [
  "crash: before a write",
  "crash: after a write",
  "crash: before a sync",
  "crash: after a sync",
  "crash: right behind an answer",
  "disk: ENOSPC at a write",
  "disk: EROFS",
  "disk: EIO",
  "disk: a sync failed",
  "disk: a segment in use was replaced by a copy",
  "disk: a bit flipped in polyphase.journal",
  "disk: a bit flipped in polyphase.sqlite",
  "disk: a bit flipped in polyphase-2.sqlite",
  "disk: of a write not synced there was left: all",
  "disk: of a write not synced there was left: none",
  "disk: of a write not synced there was left: front",
  "disk: of a write not synced there was left: sectors",
  "end: kill",
  "end: power",
  "end: stop",
  "http: a change refused with 503",
  "modbus: a change refused with 06",
  "peer: hostile",
  "peer: silent",
  "start: refused",
  "start: refused for a bad file",
  "peer: reads nothing",
  "start: the process ended",
];

const figures = new Figures();

/** Runs of one test: each has its own time-out. */
const AT_ONCE = 100;

for (let from = 1; from <= SEEDS; from += AT_ONCE) {
  const to = Math.min(SEEDS, from + AT_ONCE - 1);
  test(`in the runs of the seeds ${from} to ${to} no promise is broken`, async () => {
    for (let seed = from; seed <= to; seed++) {
      try {
        figures.take((await run(seed)).figures);
      } catch (error) {
        throw new Error(`npm run simulate -- ${seed} --trace`, { cause: error });
      }
    }
  });
}

test("every kind of fault strikes in a hundred runs", { skip: SEEDS < 100 }, () => {
  const struck = [...figures.counts.keys()];
  assert.deepEqual(
    kinds.filter((kind) => !struck.some((one) => one.startsWith(kind))),
    [],
  );
});

for (const [seed, what] of regressions) {
  test(`seed ${seed}: it was that ${what}`, async () => {
    await run(seed);
  });
}

test("one seed is one run: of everything that is asked and answered every byte is the same again", async () => {
  for (const seed of [3, 5, 8]) {
    const lines: string[][] = [[], []];
    const hashes = [];
    for (const heard of lines) hashes.push((await run(seed, { heard: (line) => heard.push(line) })).hash);
    assert.equal(hashes[0], hashes[1]);
    assert.deepEqual(lines[0], lines[1]);
    assert.ok(lines[0]!.length > 20);
  }
});

test("a run without faults breaks no promise, either", async () => {
  for (let seed = 1; seed <= share(5, 15, 100); seed++) {
    const { figures } = await run(seed, { without: faults });
    assert.equal(figures.of("end: kill") + figures.of("end: power"), 0);
  }
});

// ── the oracle ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A disk at which so many writes have been made. */
function moments(): Moment & { write: number; isTroubled: boolean } {
  return { write: 0, utc: 0, isTroubled: false };
}

test("a change that was acknowledged is there, one that was refused is not, and of one without an answer both are right", () => {
  const fact = new Fact("a setting", moments(), 25);
  fact.ask(30).acknowledged();
  assert.throws(() => fact.saw(25), Violation);
  fact.saw(30);
  fact.ask(40).refused();
  assert.throws(() => fact.saw(40), Violation);
  fact.ask(50);
  assert.deepEqual(fact.possible, [50, 30]);
  fact.saw(30);
  assert.throws(() => fact.saw(50), Violation);
});

test("a change may be gone with its own record, and with no other", () => {
  const now = moments();
  const fact = new Fact("a setting", now, 25);
  const change = fact.ask(30);
  now.write = 1;
  change.acknowledged();
  now.write = 2;
  fact.damaged(2);
  assert.throws(() => fact.saw(25), Violation);
  fact.damaged(1);
  fact.saw(25);
});

test("of marks in a log none that was acknowledged is missing, and none is there twice", () => {
  const tally = new Tally("freezes", moments());
  tally.ask().acknowledged();
  tally.ask();
  assert.throws(() => tally.saw(0), Violation);
  assert.throws(() => tally.saw(3), Violation);
  tally.saw(1);
  assert.throws(() => tally.saw(2), Violation);
});

test("a record that was read stays, as it was", () => {
  const series = new Series("a profile", moments());
  const member = (sequence: number, text: string) => ({ sequence, utc: 1000 * sequence, text });
  series.saw([member(0, "a"), member(1, "b")], 0);
  assert.throws(() => series.saw([member(0, "a")], 0), Violation);
  assert.throws(() => series.saw([member(0, "a"), member(1, "c")], 0), Violation);
  series.saw([member(1, "b"), member(2, "d")], 1);
  series.damaged(1000, 1000);
  series.saw([member(0, "a"), member(2, "d")], 0);
});

test("an energy is what has flowed, and never less than somebody has read", () => {
  const flow = { total: 0, during: (seconds: number) => seconds };
  const energy = new Energy("a register", moments(), { flow, lag: 1 });
  flow.total = 100;
  assert.throws(() => energy.saw(98, 0), Violation);
  assert.throws(() => energy.saw(101, 0), Violation);
  energy.saw(100, 0);
  energy.lost(5);
  assert.throws(() => energy.saw(99, 0), Violation);
  flow.total = 110;
  energy.saw(105, 0);
  energy.preset(1000, 0).acknowledged();
  assert.throws(() => energy.saw(106, 0), Violation);
  energy.saw(1000, 0);
});

// ── the disk ──────────────────────────────────────────────────────────────────────────────────────────────────────

function diskOf(t: TestContext, seed = 1): SimulatedDisk {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-sim-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return new SimulatedDisk({ chance: new Chance(seed), figures: new Figures(), folder, utc: () => 0 });
}

const text = (disk: SimulatedDisk): string => {
  const file = disk.mount(() => {}).open(path.join(disk.folder, "journal"), "read");
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  return Buffer.from(bytes).toString();
};

test("what was synced outlives the power; what was not is there whole, in part, or not at all", (t) => {
  const found = new Set<string>();
  for (let seed = 1; seed < 60; seed++) {
    const disk = diskOf(t, seed);
    const mounted = disk.mount(() => {});
    const file = mounted.open(path.join(disk.folder, "journal"), "begin");
    mounted.syncFolder(disk.folder);
    file.write(Buffer.from("kept"), 0);
    file.sync();
    file.write(Buffer.from("lost"), 4);
    disk.end("power");
    const left = text(disk);
    assert.ok(left.startsWith("kept"));
    found.add(left.slice(4));
  }
  assert.ok(found.has("") && found.has("lost") && found.has("lo"), [...found].join());
});

test("what a process wrote before it was killed is there, and what it does afterwards is not", (t) => {
  const disk = diskOf(t);
  const file = disk.mount(() => {}).open(path.join(disk.folder, "journal"), "begin");
  file.write(Buffer.from("written"), 0);
  disk.end("kill");
  assert.throws(() => file.write(Buffer.from("later"), 0), /ended/);
  assert.equal(text(disk), "written");
});

test("a name that was not synced is gone with the power, or is not", (t) => {
  const found = new Set<boolean>();
  for (let seed = 1; seed < 20; seed++) {
    const disk = diskOf(t, seed);
    disk.mount(() => {}).open(path.join(disk.folder, "journal"), "begin");
    disk.end("power");
    found.add(
      disk
        .mount(() => {})
        .list(disk.folder)
        .includes("journal"),
    );
  }
  assert.deepEqual([...found].sort(), [false, true]);
});

// ── what it has found of the store ────────────────────────────────────────────────────────────────────────────────

const mark = (): bigint => 1n;

test("a store of which everything ended at any step of its first start has lost nothing by that, and says of none that it was cut", (t) => {
  for (const when of ["before", "after"] as const) {
    for (let after = 1; after <= 40; after++) {
      const disk = diskOf(t, after);
      disk.strikes.end = { after, when };
      try {
        const store = new SqliteStore(disk.folder, "aside", { disk: disk.mount(() => {}), mark });
        store.drawer("m").put("setting", Uint8Array.of(33));
        store.commit();
      } catch {
        // It has ended.
      }
      disk.end("power");
      const store = new SqliteStore(disk.folder, "aside", { disk: disk.mount(() => {}), mark });
      assert.deepEqual(
        store.complaints.filter((complaint) => /was cut|is damaged/.test(complaint)),
        [],
        `${when} step ${after}`,
      );
      store.close();
    }
  }
});

test("no bit of the first record of a run takes more with it than one record", (t) => {
  const numbers = { layout: JSON.stringify({ energy: 1, begun: 1 }), count: 2, blocks: [Float64Array.of(0, 1)] };
  const [values] = numbers.blocks as [Float64Array];
  for (let at = 0; at < 400; at += 7) {
    const disk = diskOf(t);
    const store = new SqliteStore(disk.folder, "aside", { disk: disk.mount(() => {}), mark });
    store.drawer("m").put("layout", Uint8Array.of(3));
    store.drawer("m").watch(numbers);
    store.commit();
    values[0] = 4711;
    store.drawer("m").changed();
    store.commit();
    disk.end("kill");
    const journal = disk.mount(() => {}).open(path.join(disk.folder, "polyphase.journal-00000001"), "read");
    if (at >= journal.size()) break;
    disk.flipAt("polyphase.journal-00000001", at, 3);
    const again = new SqliteStore(disk.folder, "aside", { disk: disk.mount(() => {}), mark });
    const found = again.drawer("m");
    // Where the bit was in the change itself, that is gone.
    assert.equal(found.numbers?.values[1], 1, `byte ${at}`);
    assert.deepEqual(found.get("layout"), Uint8Array.of(3), `byte ${at}`);
    again.close();
    values[0] = 0;
  }
});
