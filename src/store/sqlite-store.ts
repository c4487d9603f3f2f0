/**
 * The store of a site: a folder with a journal and two SQLite files. Every commit is one record of the journal that is on disk when it
 * returns, so whatever ends the process, what is found again is the state of one instant. While a segment of the
 * journal grows, all numbers of every meter come to stand in it beside what changes, a few meters a commit: two segments
 * back is far enough to know everything, even if one place in them is damaged. Records go on to the SQLite files at the end of
 * each segment.
 */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { limits } from "#quantity/limits.ts";
import { Complaints } from "./complaints.ts";
import { NodeDisk, type Disk } from "./disk.ts";
import { Drawer, type Cabinet } from "./drawer.ts";
import { forbidden } from "./database-file.ts";
import { JournalWriter } from "./journal.ts";
import { MEMORY, recordOf } from "./memory-record.ts";
import { NextRecord } from "./next-record.ts";
import { prepare, refuseOthers, unmake, type Made } from "./folder.ts";
import { openRecords } from "./open-records.ts";
import type { WaitingRecord } from "./record-file.ts";
import { lossIn, type RecordPair } from "./record-pair.ts";
import { type MeterStore, type Store, type StoreCounts, type StoredNumbers } from "./store.ts";
import { storeOfJournal, takeIn } from "./take-in.ts";
import { isOfStore, reasonOf } from "./trouble.ts";
import { Unfiled } from "./unfiled.ts";

export interface StoreOptions {
  readonly disk?: Disk;
  /** A number of 64 bits that no other store has: what is written bears it. */
  readonly mark?: () => bigint;
}

const FULL = "the disk is full";
const GONE = "it is gone";

export class SqliteStore implements Store, Cabinet {
  readonly place: string;
  readonly #folder: string;
  readonly #disk: Disk;
  /** Goes into the name of a file that is put aside. */
  readonly #stamp: string;
  readonly #records: RecordPair;
  readonly #journal: JournalWriter;
  readonly #drawers = new Map<string, Drawer>();
  readonly #next = new NextRecord();
  #waiting: Drawer[] = [];
  readonly #texts = new Map<string, string>();
  /** What is in the journal and not yet in the SQLite files. */
  readonly #unfiled = new Unfiled();
  /** What the journal had of meters that have not been watched since. */
  readonly #found: Map<string, StoredNumbers>;
  readonly #complaints = new Complaints();
  #sequence: number;
  /** Segments that all numbers of all meters stand in, oldest first. */
  #whole: number[] = [];
  /** What is wrong: with the journal, with the SQLite files, with what there is of both, with the disk itself. */
  #journalTrouble: string | undefined;
  #filingTrouble: string | undefined;
  #gone: string | undefined;
  #unfit: string | undefined;
  #commits = 0;
  #closed = false;
  /** What it has made of a store that was not there before: the outermost of its folders, where it made one. */
  readonly #made: Made | undefined;

  /**
   * `stamp` goes into the name of a file that is put aside. Throws StoreBusy when another process has it, StoreLater when a later version
   * made it, StoreForbidden when this process may not use it.
   */
  constructor(folder: string, stamp: string, { disk = new NodeDisk(), mark = randomMark }: StoreOptions = {}) {
    this.#disk = disk;
    this.#folder = folder;
    this.#stamp = stamp;
    this.place = path.join(folder, "polyphase.sqlite");
    const complaints = this.#complaints;
    const places = [this.place, path.join(folder, "polyphase-2.sqlite")] as const;
    let records: RecordPair | undefined;
    let made: Made | undefined;
    try {
      made = prepare(disk, folder);
      refuseOthers(disk, folder, places);
      const witness = { store: storeOfJournal(disk, folder), mark };
      records = openRecords({ disk, folder, places, stamp, complaints }, witness);
      const { facts } = records;
      const record = this.#unfiled.add.bind(this.#unfiled);
      const { numbers, sequence, segments } = takeIn({ disk, folder, stamp, complaints, facts, record });
      this.#found = numbers;
      this.#sequence = sequence;
      this.#journal = new JournalWriter(disk, folder, { store: facts.store, run: BigInt(sequence) }, segments);
      this.#journal.skipTo(facts.segment);
    } catch (error) {
      records?.close();
      if (made?.outermost !== undefined) disk.removeFolders(folder, made.outermost);
      throw isOfStore(error) ? error : forbidden(folder, error);
    }
    this.#records = records;
    this.#made = made;
  }

  get complaints(): readonly string[] {
    return this.#complaints.all;
  }

  get damages(): number {
    return this.#complaints.count;
  }

  damageOf(meter: string): readonly string[] {
    // Whoever reads a meter's logs has no need to know where its store lies.
    return this.#complaints.of(meter).map((text) => text.replaceAll(this.#folder + path.sep, ""));
  }

  listen(heard: (what: string) => void): void {
    this.#complaints.listen(heard);
  }

  get trouble(): string | undefined {
    return this.#gone ?? this.#unfit ?? this.#journalTrouble ?? this.#filingTrouble;
  }

  get unsaved(): boolean {
    return this.#waiting.some(({ dirty, records }) => dirty || records !== undefined);
  }

  get counts(): StoreCounts {
    return { commits: this.#commits, journalBytes: this.#journal.bytes, filedBytes: this.#records.bytes };
  }

  // ── what drawers ask ────────────────────────────────────────────────────────────────────────────────────────────

  drawer(meter: string): MeterStore {
    const drawer = this.#drawers.get(meter) ?? new Drawer(this, meter);
    this.#drawers.set(meter, drawer);
    return drawer;
  }

  find(meter: string, key: string): Uint8Array | undefined {
    return this.#unfiled.has(meter, key) ? this.#unfiled.get(meter, key) : this.#records.get(meter, key);
  }

  findAll(meter: string, prefix: string): Iterable<readonly [string, Uint8Array]> {
    return this.#unfiled.over(meter, prefix, this.#records.entries(meter, prefix));
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

  // ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  commit(): void {
    if (!this.#isReady()) return;
    if (this.#waiting.length > 0 && this.#write(this.#waiting)) {
      for (const drawer of this.#waiting) drawer.waiting = false;
      this.#waiting = [];
      this.#journal.putAside(this.#stamp);
    }
    this.#records.lookOn();
    if (this.#next.isLast(this.#journal.size)) this.#roll();
    else if (this.#unfiled.count > limits.store.waitingRecords || this.#filingTrouble !== undefined) this.#file();
  }

  check(): string | undefined {
    if (this.#closed) return this.trouble;
    // Whichever part of the store noticed that it is.
    const wasFull = this.trouble === FULL;
    try {
      if (!this.#journal.isThere() || !this.#records.areThere()) this.#gone ??= GONE;
      if (this.#gone !== undefined) return this.#gone;
      this.#disk.check(this.#folder);
      const needed = limits.store.spareBytes + this.#unfiled.bytesToFile;
      const room = this.#disk.space(this.#folder);
      this.#unfit = room < needed * (wasFull ? limits.store.spareAgain : 1) ? FULL : undefined;
    } catch (error) {
      this.#unfit = reasonOf(error);
    }
    return this.trouble;
  }

  /** Whether its files are there; those that are not are made again. */
  #isReady(): boolean {
    this.check();
    if (this.#gone !== undefined) this.#beginAgain();
    return this.#gone === undefined;
  }

  /**
   * What was deleted or overwritten while it was in use is written again: everything is in memory, or in files that are still open, or in
   * the other one. Only where both were cut or overwritten in place there is something that is nowhere any more: that is said.
   */
  #beginAgain(): void {
    const what = `the store ${this.place}, or one of its files, was deleted, replaced or overwritten while it was in use`;
    let lost: ReadonlyMap<string, number>;
    try {
      prepare(this.#disk, this.#folder);
      lost = this.#records.mend();
      this.#journal.beginAnew();
      this.#next.beginSegment();
    } catch (error) {
      this.#gone = reasonOf(error);
      this.#complaints.add(`${what}; it cannot be written anew (${this.#gone})`);
      return;
    }
    this.#gone = undefined;
    const words = lossIn(lost.size === 0 ? lost : this.#withoutHeld(lost));
    const how = words === undefined ? "whole" : `but not whole: ${words}`;
    this.#complaints.add(`${what}; it is written anew, ${how}; its journal goes on with record ${this.#sequence + 1}`);
    this.#whole = [];
    this.#next.forgetWritten();
    this.#file();
  }

  /** Of records that are lost those which no meter has in memory: what it has goes with the next record of the journal. */
  #withoutHeld(lost: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const left = new Map(lost);
    for (const [meter, drawer] of this.#drawers) {
      for (const [key, bytes] of drawer.held()) {
        if (drawer.get(key) !== undefined) continue;
        drawer.put(key, bytes);
        left.set(meter, (left.get(meter) ?? 0) - 1);
      }
    }
    return new Map([...left].filter(([, count]) => count > 0));
  }

  /** Writes what waits in these drawers as one record; false when it cannot be written: it waits on. */
  #write(drawers: readonly Drawer[]): boolean {
    if (!this.#journal.isOpen && !this.#beginFirst()) return false;
    if (!this.#writeNames()) return false;
    const isFirst = this.#sequence === 0;
    if (this.#next.take(drawers) && !this.#append(drawers)) return false;
    for (const drawer of drawers) {
      for (const [key, bytes] of drawer.records ?? []) this.#unfiled.add(drawer.meter, key, bytes);
      if (drawer.before !== undefined) this.#found.delete(drawer.meter);
      drawer.written();
    }
    if (isFirst && this.#sequence > 0) this.#writeFirstAgain();
    // If it cannot be now, it comes before the next one.
    this.#writeNames();
    return true;
  }

  /** Of a new store there is nothing before its first record that later ones could stand on, were it damaged: it is there twice. */
  #writeFirstAgain(): void {
    this.#next.takeAll();
    if (this.#next.hasNumbers) this.#append([], true);
    this.#file();
  }

  /** Names meters once more, after all their numbers and before what changes of them. */
  #writeNames(): boolean {
    return !this.#next.takeNames() || this.#append([], true);
  }

  /** Puts the record that was made of drawers on disk, or one that says again what the one before it said; false when it cannot be. */
  #append(drawers: readonly Drawer[], isAgain = false): boolean {
    try {
      this.#journal.append(this.#next.bytes, this.#sequence + 1, isAgain);
    } catch (error) {
      // A disk that is full today may not be so tomorrow: meters go on, and nothing of what waits is dropped.
      this.#journalTrouble = reasonOf(error);
      this.#next.failed();
      return false;
    }
    this.#journalTrouble = undefined;
    this.#sequence++;
    this.#commits++;
    this.#next.written(drawers);
    return true;
  }

  /** A segment of this run; false when it cannot be begun. */
  #beginFirst(): boolean {
    try {
      this.#begin();
    } catch (error) {
      this.#journalTrouble = reasonOf(error);
      return false;
    }
    this.#file();
    return true;
  }

  /** Begins another segment: everything in the one before the last is in later ones, or in the SQLite files. */
  #roll(): void {
    try {
      this.#begin();
    } catch (error) {
      this.#journalTrouble = reasonOf(error);
      return;
    }
    this.#whole.push(this.#journal.segment - 1);
    this.#file();
  }

  /** Throws when it cannot begin another segment: the one before goes on, where there is one. */
  #begin(): void {
    this.#journal.begin();
    this.#next.beginSegment();
  }

  /** Puts what waits for it into the SQLite files; false when that cannot be written. */
  #file(): boolean {
    const records: WaitingRecord[] = [];
    // Meters that are not of this site any more keep their numbers as a record.
    for (const [meter, numbers] of this.#found)
      if (this.#drawers.get(meter)?.watched === undefined)
        records.push({ meter, key: MEMORY, bytes: recordOf(numbers) });
    records.push(...this.#unfiled.all());
    try {
      this.#records.write(records, { sequence: this.#sequence, segment: this.#journal.segment });
    } catch (error) {
      this.#filingTrouble = reasonOf(error);
      return false;
    }
    this.#filingTrouble = undefined;
    this.#unfiled.clear();
    for (const { meter, key } of records) if (key === MEMORY) this.#found.delete(meter);
    const oldest = this.#whole.at(-limits.store.segmentsKept);
    if (oldest !== undefined) this.#journal.drop(oldest);
    return true;
  }

  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#journal.close();
    this.#records.close();
    if (this.#made !== undefined && this.#commits === 0) unmake(this.#disk, this.#folder, this.#made);
  }

  /** Leaves two segments that both hold everything. */
  close(): string | undefined {
    if (this.#closed) return undefined;
    this.commit();
    for (let k = 0; k < limits.store.segmentsKept && this.trouble === undefined; k++) this.#writeAll();
    if (this.trouble === undefined) this.#file();
    const { trouble } = this;
    const lost = this.unsaved ? `${this.place} cannot be written (${trouble}); what is not on it is lost` : undefined;
    this.#closed = true;
    this.#journal.close();
    this.#records.close();
    return lost;
  }

  /** A segment with all numbers of all meters. */
  #writeAll(): void {
    if (!this.#next.hasNumbers) return;
    try {
      this.#begin();
    } catch (error) {
      this.#journalTrouble = reasonOf(error);
      return;
    }
    this.#next.takeAll();
    if (this.#append([])) this.#whole.push(this.#journal.segment);
  }
}

function randomMark(): bigint {
  return randomBytes(8).readBigInt64BE();
}
