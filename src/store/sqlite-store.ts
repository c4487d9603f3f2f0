import { existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { MeterStore, Store } from "./store.ts";

/** Another process has the store open: two sites must not count into the same registers. */
export class StoreBusy extends Error {
  override readonly name = "StoreBusy";
}

const FORMAT = 1;

/**
 * One SQLite file in a folder. Every commit is one transaction that is on disk when it returns (WAL, synchronous
 * FULL), so whatever ends the process, the file holds the state of one instant. A file that cannot be read is
 * renamed, never overwritten, and the complaint says so.
 */
export class SqliteStore implements Store {
  readonly place: string;
  readonly complaints: string[] = [];
  #trouble: string | undefined;
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #range: StatementSync;
  readonly #upsert: StatementSync;
  readonly #pending = new Map<string, Map<string, Uint8Array>>();

  /** `stamp` goes into the name of a file that is put aside. Throws StoreBusy when another process has it. */
  constructor(folder: string, stamp: string) {
    mkdirSync(folder, { recursive: true });
    this.place = path.join(folder, "polyphase.sqlite");
    this.#database = this.#open(stamp);
    this.#select = this.#database.prepare("SELECT bytes FROM record WHERE meter = ? AND key = ?");
    this.#range = this.#database.prepare("SELECT key, bytes FROM record WHERE meter = ? AND key >= ? AND key < ?");
    this.#upsert = this.#database.prepare("INSERT OR REPLACE INTO record (meter, key, bytes) VALUES (?, ?, ?)");
  }

  #open(stamp: string): DatabaseSync {
    const known = existsSync(this.place);
    try {
      return connect(this.place);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (/locked|busy/i.test(why)) {
        throw new StoreBusy(`the store ${this.place} is in use by another process`, { cause: error });
      }
      if (!known) throw new Error(`cannot make the store ${this.place}: ${why}`, { cause: error });
      const aside = `${this.place}.unreadable-${stamp}`;
      for (const tail of ["", "-wal", "-shm"]) {
        if (existsSync(this.place + tail)) renameSync(this.place + tail, aside + tail);
      }
      this.complaints.push(
        `the store ${this.place} could not be read (${why}); it is kept as ${aside}, and a new one is begun`,
      );
      return connect(this.place);
    }
  }

  drawer(meter: string): MeterStore {
    const pending = this.#pending.get(meter) ?? new Map<string, Uint8Array>();
    this.#pending.set(meter, pending);
    const get = (key: string): Uint8Array | undefined =>
      pending.get(key) ?? (this.#select.get(meter, key)?.["bytes"] as Uint8Array | undefined);
    return {
      get,
      put: (key, bytes) => void pending.set(key, bytes),
      keep: (key, bytes) => {
        pending.set(key, bytes);
        this.#write([[meter, pending]]);
      },
      entries: (prefix) => {
        const found = new Map<string, Uint8Array>();
        for (const row of this.#range.all(meter, prefix, `${prefix}\u{10ffff}`)) {
          found.set(row["key"] as string, row["bytes"] as Uint8Array);
        }
        for (const [key, bytes] of pending) if (key.startsWith(prefix)) found.set(key, bytes);
        return found;
      },
    };
  }

  commit(): void {
    this.#write(this.#pending);
  }

  #write(drawers: Iterable<readonly [meter: string, records: Map<string, Uint8Array>]>): void {
    const waiting = [...drawers].filter(([, records]) => records.size > 0);
    if (waiting.length === 0) return;
    try {
      this.#database.exec("BEGIN");
      for (const [meter, records] of waiting) {
        for (const [key, bytes] of records) this.#upsert.run(meter, key, bytes);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      // A disk that is full today may not be so tomorrow: meters go on, and nothing of what waits is dropped.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#trouble = error instanceof Error ? error.message : String(error);
      return;
    }
    this.#trouble = undefined;
    for (const [, records] of waiting) records.clear();
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  close(): void {
    this.commit();
    this.#database.close();
  }
}

function connect(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // One process at a time: the lock is taken by the first statement and held until the end. What is there is
    // looked at before anything is written, so that a file put aside is as it was found.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version !== 0 && version !== FORMAT) throw new Error(`its format is ${String(version)}, expected ${FORMAT}`);
    const check = database.prepare("PRAGMA quick_check").get()?.["quick_check"];
    // One line for each damaged page: the first ones tell enough.
    if (check !== "ok") throw new Error(String(check).split("\n").slice(0, 2).join(" "));
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(
      "CREATE TABLE IF NOT EXISTS record (meter TEXT, key TEXT, bytes BLOB, PRIMARY KEY (meter, key)) WITHOUT ROWID",
    );
    if (version === 0) database.exec(`PRAGMA user_version = ${FORMAT}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
