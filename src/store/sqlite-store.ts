/**
 * The store of a site: a folder with a journal and one SQLite file. Every commit is one record of the journal that is on disk when it
 * returns, so whatever ends the process, what is found again is the state of one instant. While a segment of the
 * journal grows, all numbers of every meter come to stand in it beside what changes, a few meters a commit: two segments
 * back is far enough to know everything, even if one place in them is damaged. Records go on to the SQLite file at the end of
 * each segment.
 */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { NodeDisk, type Disk } from "./disk.ts";
import { Drawer, type Cabinet } from "./drawer.ts";
import { EntryReader, EntryWriter } from "./journal-entry.ts";
import { FRONT, JournalWriter, readSegment, segmentFile, segmentsIn } from "./journal.ts";
import { reasonOf } from "./reason.ts";
import { RecordFile, type WaitingRecord } from "./record-file.ts";
import { MEMORY, recordOf } from "./memory-record.ts";
import { joined, type MeterStore, type Store, type StoredNumbers } from "./store.ts";

/** A segment is at least so long, and so many times as long as all numbers of all meters: what is written of them besides is little. */
const SHORTEST = 1 << 20;
const TIMES = 8;
/** Segments that are kept beside the one that grows. */
const KEPT = 2;
/** Records that wait for the SQLite file before they go there, whatever the journal does. */
const MOST_WAITING = 20_000;

export interface StoreOptions {
  readonly disk?: Disk;
  /** A number of 64 bits that no other store has: what is written bears it. */
  readonly mark?: () => bigint;
}

export class SqliteStore implements Store, Cabinet {
  readonly place: string;
  readonly #disk: Disk;
  readonly #records: RecordFile;
  readonly #journal: JournalWriter;
  readonly #drawers = new Map<string, Drawer>();
  /** Drawers that have numbers, in order of their number in the journal. */
  readonly #numbered: Drawer[] = [];
  #waiting: Drawer[] = [];
  readonly #entries = new EntryWriter(FRONT);
  /** Layouts by their number in this segment. */
  readonly #layouts = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  /** What is in the journal and not yet in the SQLite file. */
  readonly #unfiled = new Map<string, Map<string, Uint8Array | undefined>>();
  #unfiledCount = 0;
  /** What the journal had of meters that have not been watched since. */
  readonly #found = new Map<string, StoredNumbers>();
  #complaints: string[] = [];
  #sequence = 0;
  /** The next meter whose numbers all go into the segment; how many bytes those of all meters took. */
  #turn = 0;
  #wholeBytes = 0;
  #roundBytes = 0;
  #trouble: string | undefined;
  #filing: string | undefined;
  #closed = false;
  /** What is kept waits, too, for all of it to go together. */
  #holds = false;

  /** `stamp` goes into the name of a file that is put aside. Throws StoreBusy when another process has it. */
  constructor(folder: string, stamp: string, { disk = new NodeDisk(), mark = randomMark }: StoreOptions = {}) {
    this.#disk = disk;
    disk.makeFolder(folder);
    this.place = path.join(folder, "polyphase.sqlite");
    this.#records = new RecordFile(disk, this.place, stamp, mark);
    const next = this.#readJournal(folder, stamp);
    this.#journal = new JournalWriter(disk, folder, { store: this.#records.id, run: BigInt(this.#sequence) }, next);
  }

  get complaints(): readonly string[] {
    return [...this.#records.complaints, ...this.#complaints];
  }

  get trouble(): string | undefined {
    return this.#trouble ?? this.#filing;
  }

  // ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes in what the journal has; the number of the next segment. */
  #readJournal(folder: string, stamp: string): number {
    const filed = this.#records.sequence;
    const numbers = segmentsIn(folder, this.#disk);
    const reader = new EntryReader({
      whole: (meter, found) => void this.#found.set(meter, found),
      numbers: (meter) => this.#found.get(meter)?.values,
      record: (meter, key, bytes) => {
        if (this.#sequence > filed) this.#unfile(meter, key, bytes);
      },
    });
    let run: bigint | undefined;
    let first = 0;
    for (const number of numbers) {
      const name = segmentFile(folder, number);
      let foreign = false;
      const read = readSegment(this.#disk, name, {
        begin: (head) => {
          // A new SQLite file beside a journal goes on from it: that is what is left.
          foreign = head.store !== this.#records.id && !this.#records.isNew;
          if (head.run !== run) reader.begin();
          run = head.run;
          return !foreign;
        },
        record: (sequence, entries) => {
          if (sequence > 1 + (first === 0 ? filed : this.#sequence)) this.#missing(name);
          first = sequence;
          this.#sequence = sequence;
          reader.read(entries);
        },
        damaged: () => this.#missing(name),
      });
      if (read) continue;
      const aside = `${name}.unreadable-${stamp}`;
      this.#disk.rename(name, aside);
      const why = foreign ? "belongs to another store" : "could not be read";
      this.#complaints.push(`the journal ${name} ${why}; it is kept as ${aside}`);
    }
    if (this.#records.isNew && numbers.length > 0 && this.#records.complaints.length === 0) {
      this.#complaints.push(`the store ${this.place} is not there any more; what its journal holds is gone on from`);
    }
    if (!this.#records.isNew && this.#sequence < filed) {
      this.#complaints.push(`the journal of the store ${this.place} ends before the last record that was written`);
    }
    this.#sequence = Math.max(this.#sequence, filed);
    return (numbers.at(-1) ?? 0) + 1;
  }

  #missing(name: string): void {
    const text = `the journal ${name} is damaged: changes of one commit or more are lost where nothing later says the same`;
    if (!this.#complaints.includes(text)) this.#complaints.push(text);
  }

  #unfile(meter: string, key: string, bytes: Uint8Array | undefined): void {
    const records = this.#unfiled.get(meter) ?? new Map<string, Uint8Array | undefined>();
    this.#unfiled.set(meter, records);
    records.set(key, bytes);
    this.#unfiledCount++;
  }

  // ── what drawers ask ────────────────────────────────────────────────────────────────────────────────────────────

  drawer(meter: string): MeterStore {
    const drawer = this.#drawers.get(meter) ?? new Drawer(this, meter);
    this.#drawers.set(meter, drawer);
    return drawer;
  }

  find(meter: string, key: string): Uint8Array | undefined {
    const records = this.#unfiled.get(meter);
    return records?.has(key) === true ? records.get(key) : this.#records.get(meter, key);
  }

  findAll(meter: string, prefix: string): Iterable<readonly [string, Uint8Array]> {
    const all = new Map<string, Uint8Array>(this.#records.entries(meter, prefix));
    for (const [key, bytes] of this.#unfiled.get(meter) ?? []) {
      if (!key.startsWith(prefix)) continue;
      if (bytes === undefined) all.delete(key);
      else all.set(key, bytes);
    }
    return all;
  }

  found(meter: string): StoredNumbers | undefined {
    return this.#found.get(meter);
  }

  shared(layout: string): string {
    const known = this.#texts.get(layout) ?? layout;
    this.#texts.set(known, known);
    return known;
  }

  waits(drawer: Drawer): void {
    if (drawer.waiting) return;
    drawer.waiting = true;
    this.#waiting.push(drawer);
  }

  writeNow(drawer: Drawer): void {
    if (this.#holds) return;
    // It stays in the list: with nothing to write by then it costs nothing there.
    this.#write([drawer]);
  }

  // ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  together<T>(run: () => T): T {
    this.#holds = true;
    try {
      const made = run();
      this.#holds = false;
      this.commit();
      return made;
    } catch (error) {
      // Whoever could not begin has left nothing.
      this.#records.close();
      this.#closed = true;
      throw error;
    } finally {
      this.#holds = false;
    }
  }

  commit(): void {
    if (this.#waiting.length > 0 && this.#write(this.#waiting)) {
      for (const drawer of this.#waiting) drawer.waiting = false;
      this.#waiting = [];
    }
    if (this.#journal.size > this.#longest && this.#turn >= this.#numbered.length) this.#roll();
    else if (this.#unfiledCount > MOST_WAITING || this.#filing !== undefined) this.#file();
  }

  get #longest(): number {
    return Math.max(SHORTEST, TIMES * this.#wholeBytes);
  }

  /** Writes what waits in these drawers as one record; false when it cannot be written: it waits on. */
  #write(drawers: readonly Drawer[]): boolean {
    const entries = this.#entries;
    entries.clear();
    for (const drawer of drawers) this.#enter(drawer);
    const share = Math.ceil((this.#numbered.length * entries.size) / (this.#longest / 2));
    const turn = entries.isEmpty ? this.#turn : Math.min(this.#numbered.length, this.#turn + share);
    const plain = entries.size;
    const renewed = this.#numbered.slice(this.#turn, turn);
    for (const drawer of renewed) if (drawer.before !== undefined) this.#enterWhole(drawer);
    if (!entries.isEmpty) {
      try {
        this.#journal.append(entries.bytes, this.#sequence + 1);
      } catch (error) {
        // A disk that is full today may not be so tomorrow: meters go on, and nothing of what waits is dropped.
        this.#trouble = reasonOf(error);
        // What a layout's number stood for, and which numbers were written whole, may be lost with it.
        this.#layouts.clear();
        return false;
      }
      this.#sequence++;
      this.#turn = turn;
      this.#roundBytes += entries.size - plain;
    }
    this.#trouble = undefined;
    for (const drawer of drawers) this.#written(drawer);
    for (const drawer of renewed) this.#refresh(drawer);
    return true;
  }

  #enter(drawer: Drawer): void {
    for (const [key, bytes] of drawer.records ?? []) this.#entries.record(drawer.meter, key, bytes);
    const { watched, before } = drawer;
    if (!drawer.dirty || watched === undefined) return;
    watched.fresh?.();
    if (before !== undefined) this.#entries.changes(drawer.id, watched, before);
    else {
      if (drawer.id < 0) drawer.id = this.#numbered.push(drawer) - 1;
      this.#enterWhole(drawer);
    }
  }

  #enterWhole(drawer: Drawer): void {
    const { watched } = drawer;
    if (watched === undefined) return;
    watched.fresh?.();
    let layout = this.#layouts.get(watched.layout);
    if (layout === undefined) {
      layout = this.#layouts.size;
      this.#layouts.set(watched.layout, layout);
      this.#entries.layout(layout, watched.layout);
    }
    this.#entries.whole(drawer.id, drawer.meter, layout, joined(watched.blocks, watched.count));
  }

  #written(drawer: Drawer): void {
    for (const [key, bytes] of drawer.records ?? []) this.#unfile(drawer.meter, key, bytes);
    if (drawer.dirty) this.#refresh(drawer);
    drawer.written();
  }

  /** What it watches is on disk as it is now. */
  #refresh(drawer: Drawer): void {
    const { watched, before } = drawer;
    if (watched === undefined) return;
    if (before === undefined) {
      drawer.before = joined(watched.blocks, watched.count);
      this.#found.delete(drawer.meter);
      return;
    }
    let at = 0;
    for (const block of watched.blocks) {
      before.set(at + block.length > before.length ? block.subarray(0, before.length - at) : block, at);
      at += block.length;
    }
  }

  /** Begins another segment: everything in the one before the last is in later ones, or in the SQLite file. */
  #roll(): void {
    if (!this.#file()) return;
    this.#begin();
    this.#journal.drop(KEPT);
  }

  #begin(): void {
    if (this.#roundBytes > 0) this.#wholeBytes = this.#roundBytes;
    this.#roundBytes = 0;
    this.#turn = 0;
    this.#layouts.clear();
    this.#journal.roll();
  }

  /** Puts what waits for it into the SQLite file; false when that cannot be written. */
  #file(): boolean {
    const records: WaitingRecord[] = [];
    // Meters that are not of this site any more keep their numbers as a record.
    for (const [meter, numbers] of this.#found) records.push({ meter, key: MEMORY, bytes: recordOf(numbers) });
    for (const [meter, all] of this.#unfiled) for (const [key, bytes] of all) records.push({ meter, key, bytes });
    try {
      this.#records.write(records, this.#sequence);
    } catch (error) {
      this.#filing = reasonOf(error);
      return false;
    }
    this.#filing = undefined;
    this.#found.clear();
    this.#unfiled.clear();
    this.#unfiledCount = 0;
    return true;
  }

  /** Leaves two segments that both hold everything. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.commit();
    if (this.trouble === undefined && this.#file()) {
      for (let k = 0; k < KEPT && this.#trouble === undefined; k++) {
        this.#begin();
        this.#writeAll();
      }
      if (this.#trouble === undefined) this.#journal.drop(KEPT);
    }
    this.#journal.roll();
    this.#records.close();
  }

  #writeAll(): void {
    const entries = this.#entries;
    entries.clear();
    for (const drawer of this.#numbered) this.#enterWhole(drawer);
    if (entries.isEmpty) return;
    try {
      this.#journal.append(entries.bytes, this.#sequence + 1);
      this.#sequence++;
    } catch (error) {
      this.#trouble = reasonOf(error);
    }
  }
}

function randomMark(): bigint {
  return randomBytes(8).readBigInt64BE();
}

export { StoreBusy } from "./record-file.ts";
