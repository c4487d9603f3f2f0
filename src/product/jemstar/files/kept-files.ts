/**
 * The files of a meter in its store, as much of them as fits: each kind of recording has its room, and what has none (daily files, the
 * measurement log, events alone) another. The first in are the first out. What a file with recordings takes is shared out among their
 * kinds by their values.
 */
import { CAPTURE_STORE_KB } from "#quality/capture-settings.ts";
import { captureKinds, type CaptureKind } from "#quantity/captured.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { StoredFiles, type StoredFile } from "#store/stored-files.ts";
import type { MeterStore } from "#store/store.ts";
import type { RecordingPlace } from "./capture-channels.ts";

export const rooms = [...captureKinds, "others"] as const;
export type Room = (typeof rooms)[number];

/** Bytes of each room. */
export const ROOM_BYTES = CAPTURE_STORE_KB * 1024;

/** A recording in a file. */
export interface KeptRecording extends RecordingPlace {
  /** Within its folder. */
  readonly name: string;
  /** The observation of the file that it is of. */
  readonly observation: number;
  /** Bytes of it alone. */
  readonly size: number;
}

export interface KeptFacts {
  /** A part waits for the daily file that it goes into: nobody but its recordings is seen. */
  readonly kind: "file" | "part";
  readonly name: string;
  /** What happened, in words; of an observation of an event. */
  readonly what?: string | undefined;
  /** When it was written. */
  readonly at: Stamp;
  /** Of a part: milliseconds of UTC at which its day begins. */
  readonly day?: number;
  /** Bytes by room. */
  readonly takes: Readonly<Partial<Record<Room, number>>>;
  readonly recordings: readonly KeptRecording[];
}

export type KeptFile = StoredFile<KeptFacts>;

function isFacts(value: unknown): value is KeptFacts {
  if (typeof value !== "object" || value === null) return false;
  const { kind, name, at, takes, recordings } = value as Partial<Record<keyof KeptFacts, unknown>>;
  const isObject = (one: unknown): boolean => typeof one === "object" && one !== null;
  return (
    (kind === "file" || kind === "part") &&
    typeof name === "string" &&
    isObject(at) &&
    isObject(takes) &&
    Array.isArray(recordings)
  );
}

export interface KeptFilesOptions {
  readonly store: MeterStore;
  /** A file was damaged, and is left out. */
  readonly lost: (what: string) => void;
  /** The oldest files of a room went for newer ones. */
  readonly out: (room: Room, files: number) => void;
  /** There is another list. */
  readonly changed: () => void;
}

export class KeptFiles {
  readonly #files: StoredFiles<KeptFacts>;
  readonly #options: KeptFilesOptions;
  readonly #taken = new Map<Room, number>();
  /** Of files, and of recordings in their folders. */
  readonly #names = new Map<string, number>();
  /** By the day that they wait for: how many parts there are. */
  readonly #parts = new Map<number, number>();

  constructor(options: KeptFilesOptions) {
    this.#options = options;
    this.#files = new StoredFiles(options.store, { prefix: "files/", isFacts, lost: options.lost });
    for (const file of this.#files.all) this.#count(file, 1);
  }

  #count({ id, facts }: KeptFile, sign: 1 | -1): void {
    if (facts.kind === "part" && facts.day !== undefined) {
      const count = (this.#parts.get(facts.day) ?? 0) + sign;
      if (count > 0) this.#parts.set(facts.day, count);
      else this.#parts.delete(facts.day);
    }
    for (const [room, bytes] of Object.entries(facts.takes) as [Room, number][])
      this.#taken.set(room, (this.#taken.get(room) ?? 0) + sign * bytes);
    for (const name of [facts.name, ...facts.recordings.map((one) => one.name)]) {
      if (sign > 0) this.#names.set(name, id);
      else if (this.#names.get(name) === id) this.#names.delete(name);
    }
  }

  /** Oldest first. */
  get all(): Iterable<KeptFile> {
    return this.#files.all;
  }

  /** The days of which parts wait, the one whose parts came first before others. */
  get days(): Iterable<number> {
    return this.#parts.keys();
  }

  /** Bytes that a room has. */
  taken(room: Room): number {
    return this.#taken.get(room) ?? 0;
  }

  /** A file as it is now; undefined where it is not there any more. */
  now({ id }: KeptFile): KeptFile | undefined {
    return this.#files.get(id);
  }

  /** The file of a name, or that has the recording of this name. */
  of(name: string): KeptFile | undefined {
    const id = this.#names.get(name);
    return id === undefined ? undefined : this.#files.get(id);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  read(file: KeptFile): Uint8Array | undefined {
    const bytes = this.#files.read(file.id);
    if (bytes === undefined && this.#names.get(file.facts.name) === file.id) {
      this.#count(file, -1);
      this.#options.changed();
    }
    return bytes;
  }

  /** Adds a file, in whose place parts go that are in it. */
  add(facts: KeptFacts, bytes: Uint8Array, instead: readonly KeptFile[] = []): void {
    for (const part of instead) this.#drop(part);
    this.#count(this.#files.add(facts, bytes), 1);
    for (const room of rooms) this.#makeRoom(room);
    this.#options.changed();
  }

  #makeRoom(room: Room): void {
    let out = 0;
    for (const file of this.#files.all) {
      if (this.taken(room) <= ROOM_BYTES) break;
      if (file.facts.takes[room] === undefined) continue;
      this.#drop(file);
      out++;
    }
    if (out > 0) this.#options.out(room, out);
  }

  #drop({ id }: KeptFile): void {
    const file = this.#files.get(id);
    if (file === undefined) return;
    this.#count(file, -1);
    this.#files.remove(file.id);
  }

  remove(file: KeptFile): void {
    this.#drop(file);
    this.#options.changed();
  }

  /** A recording is not shown any more: the file that has it is as it was. */
  forget(file: KeptFile, name: string): void {
    const facts = { ...file.facts, recordings: file.facts.recordings.filter((one) => one.name !== name) };
    this.#count(file, -1);
    this.#files.change(file.id, facts);
    this.#count({ ...file, facts }, 1);
    this.#options.changed();
  }

  clear(): void {
    this.#files.clear();
    this.#taken.clear();
    this.#names.clear();
    this.#options.changed();
  }
}

/** Bytes of a file by room: shared out among the kinds of its recordings by their values. */
export function takesOf(size: number, values: ReadonlyMap<CaptureKind, number>): KeptFacts["takes"] {
  const all = [...values.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return { others: size };
  return Object.fromEntries([...values].map(([kind, count]) => [kind, Math.ceil((size * count) / all)]));
}
