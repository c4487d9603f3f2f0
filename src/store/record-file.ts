/**
 * The named records of all meters: one SQLite file. What comes here has been in the journal before, so a transaction now and then,
 * with the number of the last journal record that it holds, is enough. A file that cannot be read is renamed, never
 * overwritten, and the complaint says so.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Disk } from "./disk.ts";

/** Another process has the store open: two sites must not count into the same registers. */
export class StoreBusy extends Error {
  override readonly name = "StoreBusy";
}

/** A later version of this program made it: it is left alone. */
export class StoreLater extends Error {
  override readonly name = "StoreLater";
}

/** 1: numbers of the meters were a record, "memory", and records had no checksum. */
const FORMAT = 2;

/** Records that are longer are deflated: a configuration comes to an eighth of its text. */
const LONG = 1024;
/** What the checksum of a record that is deflated has besides: it is of the record itself. */
const DEFLATED = 2 ** 32;
/** Different ones that are held to find those that are alike. */
const ALIKE = 16;

interface Packed {
  readonly bytes: Uint8Array;
  readonly sum: number;
}

function packed(bytes: Uint8Array): Packed {
  const sum = crc32(bytes);
  if (bytes.length <= LONG) return { bytes, sum };
  const deflated = deflateRawSync(bytes, { level: 1 });
  return deflated.length < bytes.length ? { bytes: deflated, sum: DEFLATED + sum } : { bytes, sum };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Undefined of what was not deflated, or is damaged. */
function inflated(bytes: Uint8Array, sum: number): Uint8Array | undefined {
  try {
    const whole = new Uint8Array(inflateRawSync(bytes));
    return crc32(whole) === sum - DEFLATED ? whole : undefined;
  } catch {
    return undefined;
  }
}

/** Unpacks records; those that follow on each other and are alike (the configuration of meters of a kind) are the very same bytes. */
class Unpacker {
  readonly #last = new Map<number, { readonly bytes: Uint8Array; readonly whole: Uint8Array }>();

  /** Undefined of what is not what was packed. Records of format 1 have no checksum. */
  take(bytes: unknown, sum: unknown): Uint8Array | undefined {
    if (!(bytes instanceof Uint8Array)) return undefined;
    if (typeof sum !== "number" || sum < DEFLATED) return sum === null || crc32(bytes) === sum ? bytes : undefined;
    const before = this.#last.get(sum);
    if (before !== undefined && isSame(before.bytes, bytes)) return before.whole;
    const whole = inflated(bytes, sum);
    if (whole === undefined) return undefined;
    if (this.#last.size >= ALIKE) this.#last.clear();
    this.#last.set(sum, { bytes, whole });
    return whole;
  }
}

export interface WaitingRecord {
  readonly meter: string;
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
}

export class RecordFile {
  readonly complaints: string[] = [];
  /** Whether there was nothing, or nothing that could be read. */
  readonly isNew: boolean;
  /** The mark that its journal has, too. */
  readonly id: bigint;
  readonly #disk: Disk;
  readonly #place: string;
  /** Nothing has been written into a new one. */
  #isEmpty: boolean;
  readonly #unpacker = new Unpacker();
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #range: StatementSync;
  readonly #upsert: StatementSync;
  readonly #remove: StatementSync;

  /** `stamp` goes into the name of a file that is put aside, `mark` gives a new one its mark. Throws StoreBusy and StoreLater. */
  constructor(disk: Disk, place: string, stamp: string, mark: () => bigint) {
    this.#disk = disk;
    this.#place = place;
    const known = disk.find(place) !== undefined;
    const { database, version } = this.#open(known, stamp);
    this.#database = database;
    this.isNew = version === 0;
    this.#isEmpty = this.isNew;
    if (known && this.isNew && this.complaints.length === 0) {
      this.complaints.push(`the store ${place} was empty; a new one is begun`);
    }
    this.#select = this.#database.prepare("SELECT bytes, sum FROM record WHERE meter = ? AND key = ?");
    this.#range = this.#database.prepare("SELECT key, bytes, sum FROM record WHERE meter = ? AND key >= ? AND key < ?");
    this.#upsert = this.#database.prepare("INSERT OR REPLACE INTO record (meter, key, bytes, sum) VALUES (?, ?, ?, ?)");
    this.#remove = this.#database.prepare("DELETE FROM record WHERE meter = ? AND key = ?");
    this.id = this.#fact("id") ?? this.#begin(mark());
  }

  #open(known: boolean, stamp: string): Connected {
    try {
      this.#disk.database(this.#place, "open");
      return connect(this.#place);
    } catch (error) {
      if (error instanceof StoreLater) throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (/locked|busy/i.test(why)) {
        throw new StoreBusy(`the store ${this.#place} is in use by another process`, { cause: error });
      }
      if (!known) throw new Error(`cannot make the store ${this.#place}: ${why}`, { cause: error });
      const aside = `${this.#place}.unreadable-${stamp}`;
      for (const tail of ["", "-wal", "-shm"]) {
        if (this.#disk.find(this.#place + tail) !== undefined) this.#disk.rename(this.#place + tail, aside + tail);
      }
      this.complaints.push(
        `the store ${this.#place} could not be read (${why}); it is kept as ${aside}, and a new one is begun`,
      );
      return connect(this.#place);
    }
  }

  #fact(name: string): bigint | undefined {
    const statement = this.#database.prepare("SELECT value FROM fact WHERE name = ?");
    statement.setReadBigInts(true);
    return statement.get(name)?.["value"] as bigint | undefined;
  }

  #begin(mark: bigint): bigint {
    this.#disk.database(this.#place, "begin");
    return this.#setFact("id", mark);
  }

  #setFact(name: string, value: bigint): bigint {
    this.#database.prepare("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)").run(name, value);
    return value;
  }

  /** Number of the last journal record whose records are here. */
  get sequence(): number {
    return Number(this.#fact("sequence") ?? 0n);
  }

  get(meter: string, key: string): Uint8Array | undefined {
    const row = this.#isEmpty ? undefined : this.#select.get(meter, key);
    return row === undefined ? undefined : this.#sound(meter, key, row);
  }

  *entries(meter: string, prefix: string): Iterable<readonly [string, Uint8Array]> {
    if (this.#isEmpty) return;
    for (const row of this.#range.all(meter, prefix, `${prefix}\u{10ffff}`)) {
      const key = row["key"] as string;
      const bytes = this.#sound(meter, key, row);
      if (bytes !== undefined) yield [key, bytes];
    }
  }

  /** A record that is not what was written is none, and that is said. */
  #sound(meter: string, key: string, row: Readonly<Record<string, unknown>>): Uint8Array | undefined {
    const bytes = this.#unpacker.take(row["bytes"], row["sum"]);
    if (bytes !== undefined) return bytes;
    this.complaints.push(`${meter}: the record ${key} of the store ${this.#place} is damaged and left out`);
    return undefined;
  }

  /** Takes records, and that they are those up to `sequence`, in one transaction. Throws when it cannot be written. */
  write(records: Iterable<WaitingRecord>, sequence: number): void {
    // What meters have in common is the same bytes.
    const known = new Map<Uint8Array, Packed>();
    this.#isEmpty = false;
    try {
      this.#disk.database(this.#place, "begin");
      this.#database.exec("BEGIN");
      for (const { meter, key, bytes } of records) {
        if (bytes === undefined) this.#remove.run(meter, key);
        else {
          const record = known.get(bytes) ?? packed(bytes);
          known.set(bytes, record);
          this.#upsert.run(meter, key, record.bytes, record.sum);
        }
      }
      this.#setFact("sequence", BigInt(sequence));
      this.#disk.database(this.#place, "commit");
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

interface Connected {
  readonly database: DatabaseSync;
  /** The format that was found; 0 where there was nothing. */
  readonly version: number;
}

function connect(file: string): Connected {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // One process at a time: the lock is taken by the first statement and held until the end. What is there is
    // looked at before anything is written, so that a file put aside is as it was found.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > FORMAT) {
      throw new StoreLater(
        `the store ${file} is of a later version: its format is ${version}, this one knows ${FORMAT}`,
      );
    }
    const check = database.prepare("PRAGMA quick_check").get()?.["quick_check"];
    // One line for each damaged page: the first ones tell enough.
    if (check !== "ok") throw new Error(String(check).split("\n").slice(0, 2).join(" "));
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(
      "BEGIN; CREATE TABLE IF NOT EXISTS record (meter TEXT, key TEXT, bytes BLOB, PRIMARY KEY (meter, key)) WITHOUT ROWID",
    );
    if (version < 2) database.exec("ALTER TABLE record ADD COLUMN sum INTEGER");
    database.exec("CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID");
    // What has the names and not the columns is no store.
    database.exec("SELECT meter, key, bytes, sum FROM record LIMIT 1; SELECT name, value FROM fact LIMIT 1");
    database.exec(`PRAGMA user_version = ${FORMAT}; COMMIT`);
    return { database, version };
  } catch (error) {
    database.close();
    throw error;
  }
}
