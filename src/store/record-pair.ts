/**
 * The named records of a site, everything twice: two SQLite files, of which a filing writes one, then the other. What is damaged or
 * missing in one is taken from the other; such a file is put aside, and made anew with the next filing.
 */
import { limits } from "#quantity/limits.ts";
import { draft, install, putAside } from "./database-file.ts";
import type { Complaints } from "./complaints.ts";
import type { Disk } from "./disk.ts";
import type { Packed } from "./packing.ts";
import { damaged, type Facts, type RecordFile, type WaitingRecord } from "./record-file.ts";
import { isDamage, reasonOf } from "./trouble.ts";

/** Where they lie and who hears of them. */
export interface PairPlace {
  readonly disk: Disk;
  readonly folder: string;
  readonly places: readonly [string, string];
  /** Goes into the name of a file that is put aside. */
  readonly stamp: string;
  readonly complaints: Complaints;
}

export function lose({ complaints, places }: PairPlace, meter: string, key: string): void {
  complaints.add(`the record ${key} of the store ${places[0]} is damaged and left out`, meter);
}

/** A file that is not there has to be made. */
type Member = RecordFile | undefined;

export class RecordPair {
  readonly #at: PairPlace;
  /** At least one of them is there. */
  readonly #files: [Member, Member];
  /** Which of them are damaged, by place. */
  readonly #spoilt = new Set<string>();
  #facts: Facts;
  /** Nothing has been written: there is nothing to be found. */
  #isEmpty: boolean;
  #bytes = 0;
  /** Commits until they are looked into again. */
  #pause = 0;

  constructor(at: PairPlace, files: readonly [Member, Member], { facts, isEmpty }: { facts: Facts; isEmpty: boolean }) {
    this.#at = at;
    this.#files = [...files];
    this.#facts = facts;
    this.#isEmpty = isEmpty;
  }

  get facts(): Facts {
    return this.#facts;
  }

  /** Bytes of records that were written into both since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  // ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What is missing or damaged in the first is asked of the second. */
  get(meter: string, key: string): Uint8Array | undefined {
    if (this.#isEmpty) return undefined;
    const wrong: (readonly [file: Member, how: string])[] = [];
    for (const file of this.#files) {
      const found = this.#ask(file, (one) => one.get(meter, key));
      if (found === unheard) continue;
      if (found instanceof Uint8Array) {
        for (const [file, how] of wrong) this.#spoil(file, `the record ${key} is ${how}`, meter);
        return found;
      }
      wrong.push([file, found === damaged ? "damaged" : "missing"]);
    }
    if (wrong.some(([, how]) => how === "damaged")) {
      for (const [file, how] of wrong) if (how === "damaged") this.#spoil(file, `the record ${key} is damaged`, meter);
      this.#lose(meter, key);
    }
    return undefined;
  }

  #lose(meter: string, key: string): void {
    lose(this.#at, meter, key);
  }

  /** A name that is damaged may be none of these in one of them: both are asked. */
  entries(meter: string, prefix: string): ReadonlyMap<string, Uint8Array> {
    const all = new Map<string, Uint8Array>();
    if (this.#isEmpty) return all;
    const [first, second] = this.#files.map((file) => {
      const found = this.#ask(file, (one) => one.entries(meter, prefix));
      return found === unheard ? undefined : new Map(found);
    });
    const names = new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])]);
    for (const key of names) {
      const found = first?.get(key);
      const bytes = found instanceof Uint8Array ? found : this.get(meter, key);
      if (bytes !== undefined) all.set(key, bytes);
    }
    return all;
  }

  /** Looks into some more records of both, as nobody may ask for them for years: into all of them once, then again after a while. */
  lookOn(): void {
    if (this.#isEmpty || this.#pause-- > 0) return;
    this.#pause = 0;
    for (const file of this.#files) {
      const bad = this.#ask(file, (one) => one.lookOn(limits.store.checkedAtCommit));
      if (bad === unheard) continue;
      for (const [meter, key] of bad) {
        this.#spoil(file, `the record ${key} is damaged`, meter);
        // Whether the other one has it.
        this.get(meter, key);
      }
    }
    if (this.#files.every((file) => file?.hasLooked !== false)) this.#pause = limits.store.commitsBetweenLooks;
  }

  #ask<T>(file: Member, question: (file: RecordFile) => T): T | typeof unheard {
    if (file === undefined) return unheard;
    try {
      return question(file);
    } catch (error) {
      if (!isDamage(error))
        throw new Error(`the store ${file.place} cannot be read: ${reasonOf(error)}`, { cause: error });
      this.#spoil(file, reasonOf(error));
      return unheard;
    }
  }

  #spoil(file: Member, why: string, meter?: string): void {
    if (file === undefined || this.#spoilt.has(file.place)) return;
    this.#spoilt.add(file.place);
    this.#at.complaints.add(
      `the store ${file.place} is damaged (${why}); it is put aside, and made anew from the other file of the store`,
      meter,
    );
  }

  // ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Puts records into both, and that they are those up to journal record `sequence`. Throws when one of them cannot be written. */
  write(records: readonly WaitingRecord[], { sequence, segment }: { sequence: number; segment: number }): void {
    const lost = this.mend();
    const words = lossIn(lost);
    if (words !== undefined)
      this.#at.complaints.add(`the store ${this.#at.places[0]} could not be made anew whole: ${words}`);
    const facts = { store: this.#facts.store, sequence, previous: this.#facts.sequence, segment };
    this.#isEmpty = false;
    for (const file of this.#files) this.#bytes += file?.write(records, facts) ?? 0;
    this.#facts = facts;
  }

  /** Makes anew what is damaged, not there or not whole; how many records of which meters are in neither. Throws when that cannot be. */
  mend(): ReadonlyMap<string, number> {
    const { disk, folder, places, stamp } = this.#at;
    const [one, other] = this.#files;
    const before = one?.counts ?? other?.counts ?? new Map<string, number>();
    const said = new Map<string, number>();
    const lose = (meter: string, key: string): void => {
      said.set(meter, (said.get(meter) ?? 0) + 1);
      this.#lose(meter, key);
    };
    for (const [k, place] of places.entries()) {
      const file = this.#files[k];
      const isSpoilt = this.#spoilt.has(place) || file?.wasCut === true;
      if (file?.isThere() === true && !isSpoilt) continue;
      // A file that was deleted can still be read while it is open.
      const sources = isSpoilt || file === undefined ? [this.#files[1 - k], file] : [file];
      const whole = sources.filter((one) => one !== undefined);
      draft(disk, place, { facts: this.#facts, records: merged(whole, lose) });
      // SQLite removes by its name what lies beside a file that it closes: not after another has that name.
      file?.close();
      this.#files[k] = undefined;
      if (disk.find(place) !== undefined) putAside(disk, place, stamp);
      this.#files[k] = install(disk, folder, place);
      this.#spoilt.delete(place);
    }
    const now = this.#files[0]?.counts;
    const lost = [...before].map(([meter, count]) => {
      const there = (now?.get(meter) ?? 0) + (said.get(meter) ?? 0);
      return [meter, now === before ? 0 : count - there] as const;
    });
    return new Map(lost.filter(([, count]) => count > 0));
  }

  /** Whether both names lead to what this process writes. */
  areThere(): boolean {
    return this.#files.every((file) => file === undefined || file.isThere());
  }

  close(): void {
    for (const file of this.#files) file?.close();
  }
}

/**
 * Every record that is what was written in one of some files, in order: of one that stands in several, the first. `lost` is told which
 * of the first file's are damaged and stand in no other.
 */
export function* merged(
  files: readonly RecordFile[],
  lost: (meter: string, key: string) => void,
): Iterable<readonly [meter: string, key: string, record: Packed]> {
  for (const [k, file] of files.entries()) {
    const has = (other: RecordFile, meter: string, key: string): boolean => other.get(meter, key) instanceof Uint8Array;
    try {
      for (const [meter, key, record] of file.records()) {
        if (record !== damaged) {
          if (!files.slice(0, k).some((before) => has(before, meter, key))) yield [meter, key, record];
        } else if (k === 0 && !files.slice(1).some((other) => has(other, meter, key))) lost(meter, key);
      }
    } catch (error) {
      // What comes behind a damaged page is the other file's to tell.
      if (!isDamage(error)) throw error;
    }
  }
}

/** How many records are lost, in words; undefined where none are. Some may have been written again since: more are not lost. */
export function lossIn(lost: ReadonlyMap<string, number>): string | undefined {
  if (lost.size === 0) return undefined;
  const all = [...lost];
  const named = all.slice(0, limits.store.metersNamed).map(([meter, count]) => `up to ${count} of ${meter}`);
  const rest = all.slice(named.length);
  let more = 0;
  for (const [, count] of rest) more += count;
  if (rest.length > 0) named.push(`up to ${more} of ${rest.length} more meters`);
  return `records are lost that were nowhere but in both of its files: ${named.join(", ")}`;
}

/** A file that has nothing to say. */
const unheard = Symbol("unheard");
