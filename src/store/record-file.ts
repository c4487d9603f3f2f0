/**
 * One SQLite file with the named records of all meters. There are two of them (record-pair.ts) with the same in them. What comes here has
 * been in the journal before, so a transaction now and then is enough.
 *
 * Every record has its seal. One record, of no meter, tells of the file itself: whose it is, up to which journal record it goes, how many
 * records there are and what their seals add up to. Whatever is missing, or is another time's or another store's, shows in these.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { limits } from "#quantity/limits.ts";
import type { Disk } from "./disk.ts";
import { packed, sealed, sealOf, seedOf, Unpacker, type Packed, type Row } from "./packing.ts";

/**
 * Formats are numbers with an odd count of bits that are set, so that a bit that is turned makes none of another.
 * 1: numbers of the meters were a record, "memory", and records had no checksum. 2: there was one file, and a checksum was of the bytes only.
 */
export const FORMAT = 4;

/** Before the first record of a meter. */
const FIRST: Name = ["", "\u{10ffff}"];

/** What a file says of itself, in the record of no meter. */
const ITSELF = { meter: "", key: "file" } as const;

export interface Facts {
  /** The mark of the store that its journal has, too. */
  readonly store: bigint;
  /** Number of the last journal record whose records are here; that of the filing before. */
  readonly sequence: number;
  readonly previous: number;
  /** The newest segment of the journal that had been begun. */
  readonly segment: number;
}

interface Contents {
  /** Records. */
  readonly count: number;
  /** What their seals add up to. */
  readonly total: number;
}

export interface WaitingRecord {
  readonly meter: string;
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
}

/** A record that is not what was written. */
export const damaged = Symbol("damaged");

export interface Verified {
  /** Records that are not what was written, by meter and key as they read now, of those that were looked at. */
  readonly bad: readonly Name[];
  /** Whether there are as many records as there should be, and their seals add up to what they should. */
  readonly isWhole: boolean;
}

/** Whose a record is, and its key. */
export type Name = readonly [meter: string, key: string];

/** What is in a file that somebody is about to make. */
export interface NewFile {
  readonly facts: Facts;
  readonly records: Iterable<readonly [meter: string, key: string, record: Packed]>;
}

export class RecordFile {
  readonly place: string;
  /** Which file it is, whatever its name leads to by now. */
  readonly identity: string | undefined;
  readonly #disk: Disk;
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #sum: StatementSync;
  readonly #next: StatementSync;
  readonly #range: StatementSync;
  readonly #upsert: StatementSync;
  readonly #remove: StatementSync;
  readonly #unpacker = new Unpacker();
  #facts: Facts | undefined;
  #contents: Contents = { count: 0, total: 0 };
  /** How many records each meter has. */
  readonly #counts = new Map<string, number>();
  #seed = 0;
  /** Bytes of the file when the log ahead of it was last worked off: it does not become shorter. */
  #least = 0;
  /** The last record that was looked into. */
  #looked: Name = FIRST;

  /** Takes a database that is open and has the table. */
  constructor(disk: Disk, place: string, database: DatabaseSync) {
    this.#disk = disk;
    this.place = place;
    this.identity = disk.find(place)?.identity;
    this.#measure();
    this.#database = database;
    this.#select = database.prepare("SELECT meter, key, bytes, sum FROM record WHERE meter = ? AND key = ?");
    this.#sum = database.prepare("SELECT sum FROM record WHERE meter = ? AND key = ?");
    this.#next = database.prepare(
      "SELECT meter, key, bytes, sum FROM record WHERE (meter, key) > (?, ?) ORDER BY meter, key LIMIT ?",
    );
    this.#range = database.prepare(
      "SELECT meter, key, bytes, sum FROM record WHERE meter = ? AND key >= ? AND key < ?",
    );
    this.#upsert = database.prepare("INSERT OR REPLACE INTO record (meter, key, bytes, sum) VALUES (?, ?, ?, ?)");
    this.#remove = database.prepare("DELETE FROM record WHERE meter = ? AND key = ?");
    this.#readFacts();
  }

  /** Undefined where the file does not know any more. */
  get facts(): Facts | undefined {
    return this.#facts;
  }

  get isEmpty(): boolean {
    return this.#contents.count === 0;
  }

  /** How many records each meter has, as far as this process knows: whatever became of the file. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  #readFacts(): void {
    const row = this.#select.get(ITSELF.meter, ITSELF.key) as unknown as Row | undefined;
    const found = row === undefined ? undefined : sealed(0, row);
    if (found === undefined) return;
    const [store, ...numbers] = new TextDecoder().decode(found.bytes).split(" ");
    const [sequence = 0, previous = 0, segment = 0, count = 0, total = 0] = numbers.map(Number);
    this.#facts = { store: BigInt(store ?? 0), sequence, previous, segment };
    this.#contents = { count, total };
    this.#seed = seedOf(this.#facts.store);
  }

  /** Adds up all records, and looks into the first ones. */
  verify(): Verified {
    const sums = this.#database.prepare(
      "SELECT meter, count(*) AS count, sum(sum) AS total FROM record WHERE meter <> '' GROUP BY meter",
    );
    let [all, sum] = [0, 0];
    for (const { meter, count, total } of sums.iterate()) {
      this.#counts.set(String(meter), Number(count));
      all += Number(count);
      sum += Number(total);
    }
    const isWhole = all === this.#contents.count && sum === this.#contents.total;
    return { bad: this.lookOn(limits.store.checkedAtStart), isWhole: isWhole && this.#facts !== undefined };
  }

  /** Looks into so many records more, and begins at the first again after the last; those that are not what was written. */
  lookOn(most: number): readonly Name[] {
    const rows = this.#next.all(...this.#looked, most) as unknown as Row[];
    const last = rows.at(-1);
    this.#looked = last === undefined || rows.length < most ? FIRST : [String(last.meter), String(last.key)];
    return rows
      .filter((row) => sealed(this.#seed, row) === undefined)
      .map((row) => [String(row.meter), String(row.key)]);
  }

  /** Whether the next record to look into is the first again. */
  get hasLooked(): boolean {
    return this.#looked === FIRST;
  }

  *#rows(): Iterable<Row> {
    const all = this.#database.prepare("SELECT meter, key, bytes, sum FROM record");
    for (const row of all.iterate()) yield row as unknown as Row;
  }

  /** Every record, as it lies there. */
  *records(): Iterable<readonly [meter: string, key: string, record: Packed | typeof damaged]> {
    for (const row of this.#rows())
      if (row.meter !== ITSELF.meter) yield [String(row.meter), String(row.key), sealed(this.#seed, row) ?? damaged];
  }

  get(meter: string, key: string): Uint8Array | undefined | typeof damaged {
    const row = this.#select.get(meter, key) as unknown as Row | undefined;
    return row === undefined ? undefined : this.#unpack(row);
  }

  #unpack(row: Row): Uint8Array | typeof damaged {
    const found = sealed(this.#seed, row);
    return found === undefined ? damaged : this.#unpacker.take(found);
  }

  entries(meter: string, prefix: string): readonly (readonly [string, Uint8Array | typeof damaged])[] {
    const rows = this.#range.all(meter, prefix, `${prefix}\u{10ffff}`) as unknown as Row[];
    return rows.map((row) => [String(row.key), this.#unpack(row)]);
  }

  /** Takes records and what is so with them, in one transaction; the bytes of them. Throws when it cannot be written. */
  write(records: Iterable<WaitingRecord>, facts: Facts): number {
    // What meters have in common is the same bytes.
    const known = new Map<Uint8Array, Packed>();
    let { count, total } = this.#contents;
    const more = new Map<string, number>();
    const add = (meter: string, step: number): void => {
      count += step;
      more.set(meter, (more.get(meter) ?? 0) + step);
    };
    let size = 0;
    this.#disk.database(this.place, "begin");
    try {
      this.#database.exec("BEGIN");
      for (const { meter, key, bytes } of records) {
        const before = this.#sum.get(meter, key)?.["sum"];
        if (before !== undefined) {
          add(meter, -1);
          total -= Number(before);
        }
        if (bytes === undefined) this.#remove.run(meter, key);
        else {
          const record = known.get(bytes) ?? packed(bytes);
          known.set(bytes, record);
          total += this.#put(meter, key, record);
          add(meter, 1);
          size += record.bytes.length;
        }
      }
      this.#putFacts(facts, { count, total });
      this.#disk.database(this.place, "commit");
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#facts = facts;
    this.#contents = { count, total };
    for (const [meter, step] of more) this.#counts.set(meter, (this.#counts.get(meter) ?? 0) + step);
    this.#checkpoint();
    return size;
  }

  #put(meter: string, key: string, record: Packed, seed = this.#seed): number {
    const sum = sealOf(seed, meter, key, record);
    this.#upsert.run(meter, key, record.bytes, sum);
    return sum;
  }

  #putFacts({ store, sequence, previous, segment }: Facts, { count, total }: Contents): void {
    const text = [store, sequence, previous, segment, count, total].join(" ");
    this.#put(ITSELF.meter, ITSELF.key, { bytes: new TextEncoder().encode(text), deflated: false }, 0);
  }

  /** Nothing stays in the log that goes ahead of the file for long. */
  #checkpoint(): void {
    this.#disk.database(this.place, "checkpoint");
    const done = this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    if (Number(done?.["busy"]) !== 0) throw new Error("the log ahead of the file could not be worked off");
    this.#measure();
  }

  #measure(): void {
    this.#least = this.#disk.find(this.place)?.size ?? 0;
  }

  /** Puts everything into a file that was just made. */
  fill({ facts, records }: NewFile): void {
    this.#seed = seedOf(facts.store);
    let [count, total] = [0, 0];
    this.#disk.database(this.place, "begin");
    this.#database.exec("BEGIN");
    for (const [meter, key, record] of records) {
      total += this.#put(meter, key, record);
      count++;
    }
    this.#putFacts(facts, { count, total });
    this.#disk.database(this.place, "commit");
    this.#database.exec("COMMIT");
  }

  /**
   * Whether its name still leads to it, and it is not shorter than it was. What is in it is not read: whoever closes a file that SQLite
   * has locked takes the lock from it.
   */
  isThere(): boolean {
    const found = this.#disk.find(this.place);
    return found?.identity === this.identity && (found?.size ?? 0) >= this.#least;
  }

  /** Whether somebody has cut the very file that is open here. */
  get wasCut(): boolean {
    return this.#disk.find(this.place)?.identity === this.identity && !this.isThere();
  }

  close(): void {
    this.#database.close();
  }
}
