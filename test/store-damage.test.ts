/**
 * A store of which one bit is turned, one file is cut, deleted or another's: what is found in it is what was written, or less by what
 * the damaged record of the journal alone knew, and then it is said.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { NodeDisk, type DatabaseStep, type DiskFile } from "#store/disk.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MEMORY, numbersOf } from "#store/memory-record.ts";
import type { MeterStore, Place } from "#store/store.ts";
import { Random } from "#waveform/random.ts";
import { share } from "./share.ts";

const FLIPS = share(60, 150, 4000);
const CUTS = share(20, 50, 1000);
const SECTORS = share(60, 150, 4000);
/** Bytes that a disk loses at once. */
const SECTOR = 512;

/** Files by name. */
type Image = ReadonlyMap<string, Uint8Array>;

function imageOf(folder: string): Image {
  return new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]));
}

/** Where a record of the journal lies. */
interface Written {
  readonly segment: string;
  readonly at: number;
  readonly end: number;
}

/** The disk of this machine, whose journal and databases are watched from outside. */
class WatchedDisk extends NodeDisk {
  readonly written: Written[] = [];
  readonly images: { readonly step: string; readonly image: Image; readonly records: number }[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override open(file: string, how: "read" | "begin"): DiskFile {
    const opened = super.open(file, how);
    const write = opened.write.bind(opened);
    opened.write = (bytes, at): void => {
      write(bytes, at);
      if (at > 0) this.written.push({ segment: path.basename(file), at, end: at + bytes.length });
    };
    return opened;
  }

  override database(file: string, step: DatabaseStep): void {
    // Of a filing, not of a file that is made.
    if (file.endsWith(".new") || (step !== "checkpoint" && step !== "commit")) return;
    this.images.push({
      step: `${path.basename(file)} ${step}`,
      image: imageOf(this.#folder),
      records: this.written.length,
    });
  }
}

/** What each record of the journal said that was not so before: its value, by what it is of; undefined of what was taken out. */
type Said = ReadonlyMap<string, string | undefined>;
type State = ReadonlyMap<string, string | undefined>;

const METERS = ["north", "south", "pump 7"] as const;

function stateOf(store: SqliteStore): Map<string, string | undefined> {
  const state = new Map<string, string | undefined>();
  for (const name of METERS) {
    const drawer = store.drawer(name);
    for (const [key, bytes] of drawer.entries(""))
      if (key !== MEMORY) state.set(`${name} ${key}`, Buffer.from(bytes).toString("latin1"));
    // So lie those of a meter that has not been of the site for a while.
    const apart = drawer.get(MEMORY);
    const none = { places: new Map<string, Place>(), values: new Float64Array() };
    const { places, values } = drawer.numbers ?? (apart === undefined ? none : numbersOf(apart));
    for (const [run, { at, count }] of places)
      values.subarray(at, at + count).forEach((value, k) => state.set(`${name} ${run}[${k}]`, String(value)));
  }
  return state;
}

/** Numbers of a meter as its program asks for them: a later version has another run, and in another order. */
function begin(drawer: MeterStore, size: number, isLater: boolean): Float64Array {
  const layout: Record<string, number> = isLater
    ? { extra: 2, peaks: 3, energies: size }
    : { energies: size, peaks: 3 };
  const count = Object.values(layout).reduce((sum, one) => sum + one);
  const block = new Float64Array(count).fill(7);
  const before = drawer.numbers;
  let at = 0;
  for (const [run, length] of Object.entries(layout)) {
    const place = before?.places.get(run);
    if (before !== undefined && place !== undefined)
      block.set(before.values.subarray(place.at, place.at + place.count), at);
    at += length;
  }
  drawer.watch({ layout: JSON.stringify(layout), count, blocks: [block] });
  return block;
}

interface Moment {
  readonly what: string;
  readonly image: Image;
  /** Records of the journal by then. */
  readonly records: number;
}

interface Life {
  readonly moments: readonly Moment[];
  readonly written: readonly Written[];
  readonly said: readonly Said[];
}

function folderOf(t: TestContext, image: Image): string {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-damage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  lay(folder, image);
  return folder;
}

function lay(folder: string, image: Image): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  for (const [name, bytes] of image) writeFileSync(path.join(folder, name), bytes);
}

/** A life of several meters: changes, stops, kills, and what lay on disk meanwhile. A long one ends with some segments of the journal. */
function live(t: TestContext, seed: number, isLong = false): Life {
  const random = new Random(seed);
  const moments: Moment[] = [];
  const written: Written[] = [];
  const said: Said[] = [];
  let image: Image = new Map();
  let instant = 0;
  const current = new Map<string, string | undefined>();
  for (const [life, ending] of (["stop", "kill", "stop", "kill", "kill"] as const).entries()) {
    const folder = folderOf(t, image);
    const disk = new WatchedDisk(folder);
    const store = new SqliteStore(folder, "life", { disk, mark: () => BigInt(seed) });
    assert.deepEqual(store.complaints, []);
    const earlier = written.length;
    const pad = (): void => {
      while (said.length < earlier + disk.written.length) said.push(new Map());
    };
    const note = (): void => {
      const now = stateOf(store);
      const change = new Map<string, string | undefined>();
      for (const key of new Set([...now.keys(), ...current.keys()]))
        if (current.get(key) !== now.get(key)) change.set(key, now.get(key));
      for (const [key, value] of change) current.set(key, value);
      // Of several records that were written the first has what waited; the others say again.
      const first = said.length;
      pad();
      if (change.size > 0) said[first] = change;
    };
    const drawers = METERS.map((name) => store.drawer(name));
    const blocks = drawers.map((drawer, k) => begin(drawer, 5 + 60 * k, life >= 2));
    const configuration = Buffer.from(`${"a long text that deflates well; ".repeat(60)}${life}`);
    for (const drawer of drawers) drawer.put("configuration", configuration);
    store.commit();
    note();
    const isBulky = isLong && life === 4;
    for (let commit = 0; commit < (isBulky ? 160 : 20); commit++) {
      instant++;
      for (const [k, drawer] of drawers.entries()) {
        const block = blocks[k]!;
        block[Math.floor(block.length * random.next())] = instant + random.next();
        drawer.changed();
        if (random.next() < 0.4) drawer.put(`log/${instant % 10}`, Buffer.from(`${instant} of ${METERS[k]}`));
        if (random.next() < 0.1) drawer.remove(`log/${Math.floor(10 * random.next())}`);
      }
      // A megabyte is a segment.
      if (isBulky) drawers[instant % 3]!.put(`bulk/${instant % 4}`, randomBytes(20_000, random));
      store.commit();
      note();
      if (random.next() < 0.3) {
        drawers[instant % 3]!.put("settings", Buffer.from(`{"at":${instant}}`));
        store.commit();
        note();
      }
    }
    const killed = disk.written.length;
    image = imageOf(folder);
    moments.push({ what: "killed", image, records: earlier + killed });
    store.close();
    if (ending === "stop") {
      // What waited was written; what it writes at the end says it again.
      pad();
      image = imageOf(folder);
      moments.push({ what: "stopped", image, records: earlier + disk.written.length });
    }
    // What comes after a kill did not happen in the lives that follow.
    const records = ending === "stop" ? disk.written.length : killed;
    written.push(...disk.written.slice(0, records));
    for (const { step, image, records: before } of disk.images)
      if (before < records) moments.push({ what: step, image, records: earlier + before });
  }
  return { moments, written, said };
}

function randomBytes(count: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: count }, () => Math.floor(256 * random.next()));
}

/** What there was after the first records, but for those that are lost. */
function replayed(said: readonly Said[], records: number, lost: ReadonlySet<number>): State {
  const state = new Map<string, string | undefined>();
  for (let k = 0; k < records; k++) if (!lost.has(k)) for (const [key, value] of said[k] ?? []) state.set(key, value);
  return state;
}

const end = (value: string | undefined): string => String(value).slice(-30);

/** Opens what is left of a moment: everything is there, or all that differs is what lost records alone knew, and that is said. */
function check(
  { said }: Life,
  { what, records }: Moment,
  folder: string,
  lost: ReadonlySet<number>,
  isSector = false,
): void {
  const store = new SqliteStore(folder, "check");
  try {
    const found = stateOf(store);
    const right = replayed(said, records, new Set());
    const less = replayed(said, records, lost);
    let differs = false;
    for (const key of new Set([...found.keys(), ...right.keys()])) {
      const value = found.get(key);
      if (value === right.get(key)) continue;
      differs = true;
      // A number that nobody has told yet is 0.
      const isLess = lost.size > 0 && (value === less.get(key) || (value === "0" && less.get(key) === undefined));
      assert.ok(isLess, `${what}: ${key} is ${end(value)}, not ${end(right.get(key))} (or ${end(less.get(key))})`);
    }
    // What is lost whole at the very end is as if it had never been written.
    const isEnd = isSector && [...lost].every((one) => one >= records - lost.size);
    if (differs && !isEnd) assert.ok(store.complaints.length > 0, `${what}: nothing was said of what is lost`);
  } finally {
    store.close();
  }
}

function lostIn({ written }: Life, { records }: Moment, segment: string, from: number, to: number): Set<number> {
  const lost = new Set<number>();
  written.slice(0, records).forEach((one, k) => {
    if (one.segment === segment && one.at < to && one.end > from) lost.add(k);
  });
  return lost;
}

/** Every file of a store that a damage can be done to. */
function filesOf({ image }: Moment): string[] {
  return [...image].filter(([, { length }]) => length > 0).map(([name]) => name);
}

/** Whether a moment has logs of SQLite in which something stands. */
const hasLog = ({ image }: Moment): boolean =>
  [...image].some(([name, { length }]) => name.endsWith("-wal") && length > 0);

function momentsOf(life: Life): readonly Moment[] {
  assert.ok(life.moments.some(hasLog), "no moment between a commit of SQLite and its checkpoint");
  assert.ok(life.moments.some(({ what }) => what === "stopped"));
  return life.moments;
}

/** A byte of a moment's files: mostly where there is something. */
function placeIn(bytes: Uint8Array, random: Random): number {
  const full = bytes.findLastIndex((byte) => byte !== 0) + 64;
  const size = random.next() < 0.9 ? Math.min(full, bytes.length) : bytes.length;
  return Math.floor(size * random.next());
}

/** Turns bits, one at a time, at random moments of a life. */
function turnBits(
  t: TestContext,
  life: Life,
  moments: readonly Moment[],
  { seed, flips }: Record<"seed" | "flips", number>,
): void {
  const random = new Random(seed);
  const folder = folderOf(t, new Map());
  for (let flip = 0; flip < flips; flip++) {
    const moment = moments[flip % moments.length]!;
    const names = filesOf(moment);
    const name = names[Math.floor(names.length * random.next())]!;
    const bytes = moment.image.get(name)!.slice();
    const at = placeIn(bytes, random);
    const bit = Math.floor(8 * random.next());
    bytes[at] = bytes[at]! ^ (1 << bit);
    lay(folder, new Map(moment.image).set(name, bytes));
    const what = `${moment.what}, flip ${flip}: bit ${bit} of byte ${at} of ${name}`;
    const lost = lostIn(life, moment, name, at, at + 1);
    check(life, { ...moment, what }, folder, lost);
    if (flip % 10 === 0) check(life, { ...moment, what: `${what}, the next start` }, folder, lost);
  }
}

test(`whichever bit is turned in a store, nothing is lost, or what the damaged record alone knew: ${FLIPS} times`, (t) => {
  const life = live(t, 10);
  turnBits(t, life, momentsOf(life), { seed: 11, flips: FLIPS });
});

test(`the same when segments have come and gone: ${FLIPS / 4} times`, (t) => {
  const life = live(t, 50, true);
  const segments = new Set(life.written.map(({ segment }) => segment));
  const late = life.moments.filter(
    ({ image }) => [...image.values()].reduce((sum, { length }) => sum + length, 0) > 2 << 20,
  );
  assert.ok(late.length > 4, `${late.length} moments with more than two megabytes`);
  const newest = life.moments.find(({ what, records }) => what === "killed" && records === life.written.length);
  const kept = [...segments].filter((segment) => newest?.image.has(segment) === true).length;
  assert.ok(segments.size - kept > 6, `${kept} of ${segments.size} segments are left`);
  turnBits(t, life, late, { seed: 51, flips: FLIPS / 4 });
});

test(`wherever a file of a store is cut, nothing is lost but what lay behind in the journal: ${CUTS} times`, (t) => {
  const life = live(t, 20);
  const random = new Random(21);
  const folder = folderOf(t, new Map());
  const moments = momentsOf(life);
  for (let cut = 0; cut < CUTS; cut++) {
    const moment = moments[cut % moments.length]!;
    const names = filesOf(moment);
    const name = names[Math.floor(names.length * random.next())]!;
    const bytes = moment.image.get(name)!;
    const size = cut % 5 === 0 ? 0 : placeIn(bytes, random);
    lay(folder, new Map(moment.image).set(name, bytes.subarray(0, size)));
    const what = `${moment.what}, cut ${cut}: ${name} of ${size} bytes`;
    check(life, { ...moment, what }, folder, lostIn(life, moment, name, size, Infinity));
  }
});

test(`wherever one sector of 512 bytes is zeroed in a store, nothing is lost, or what the records in it alone knew: ${SECTORS} times`, (t) => {
  const life = live(t, 60);
  const random = new Random(61);
  const folder = folderOf(t, new Map());
  const moments = momentsOf(life);
  const zero = (moment: Moment, name: string, at: number): void => {
    const bytes = moment.image
      .get(name)!
      .slice()
      .fill(0, at, at + SECTOR);
    lay(folder, new Map(moment.image).set(name, bytes));
    const what = `${moment.what}: ${SECTOR} bytes at ${at} of ${name} of ${bytes.length}`;
    check(life, { ...moment, what }, folder, lostIn(life, moment, name, at, at + SECTOR), true);
  };
  // The first sectors of a journal one by one: heads, and what everything after stands on.
  const killed = moments.filter(({ what }) => what === "killed");
  for (const moment of [killed[0]!, killed.at(-1)!])
    for (const name of filesOf(moment).filter((file) => file.includes("journal")))
      for (let at = 0; at < Math.min(12_288, moment.image.get(name)!.length); at += SECTOR)
        if (at === 0 || at >= 4096) zero(moment, name, at);
  for (let k = 0; k < SECTORS; k++) {
    const moment = moments[k % moments.length]!;
    const names = filesOf(moment);
    const name = names[Math.floor(names.length * random.next())]!;
    zero(moment, name, SECTOR * Math.floor(placeIn(moment.image.get(name)!, random) / SECTOR));
  }
});

test("whichever file of a store is deleted, nothing is lost but what stood in it alone, and that is said", (t) => {
  const life = live(t, 30);
  const folder = folderOf(t, new Map());
  for (const moment of momentsOf(life)) {
    for (const name of moment.image.keys()) {
      const rest = new Map(moment.image);
      rest.delete(name);
      lay(folder, rest);
      check(
        life,
        { ...moment, what: `${moment.what}, without ${name}` },
        folder,
        lostIn(life, moment, name, 0, Infinity),
      );
    }
  }
});

test("another store's log of SQLite, put beside a file of this one, changes nothing", (t) => {
  const [life, other] = [live(t, 40), live(t, 41)];
  const folder = folderOf(t, new Map());
  const foreign = other.moments.filter(hasLog).flatMap(({ image }) => [...image]);
  const logs = foreign.filter(([name, { length }]) => name.endsWith("-wal") && length > 0).map(([, bytes]) => bytes);
  for (const [k, moment] of momentsOf(life).entries()) {
    for (const name of ["polyphase.sqlite", "polyphase-2.sqlite"]) {
      const log = logs[k % logs.length]!;
      lay(folder, new Map(moment.image).set(`${name}-wal`, log));
      check(life, { ...moment, what: `${moment.what}, another log beside ${name}` }, folder, new Set());
    }
  }
});
