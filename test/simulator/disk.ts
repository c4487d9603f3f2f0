/**
 * A disk that does what disks do: it forgets what was not synced, or keeps some sectors of it; it is full, read-only or broken for
 * a while; a sync fails; the process that writes ends at any write; a bit flips while nobody looks.
 *
 * The journal's files are here, write by write. SQLite's are real files in a folder of their own for each life of the site; the image
 * of a crash is a copy of them as they are at that write.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NodeDisk, type DatabaseStep, type Disk, type DiskFile, type Found } from "#store/disk.ts";
import type { Chance } from "./chance.ts";
import type { Figures } from "./figures.ts";

const SECTOR = 512;
/** Bytes of a disk that has room. */
const ROOM = 1 << 30;

/** What the disk refuses everything with for a while. */
export type Refusal = "ENOSPC" | "EROFS" | "EIO";

/**
 * How a process ends: stopped, killed, or with the machine's power. Only without power what was not synced is lost; what a process
 * wrote before it was killed is in the system's hands.
 */
export type Ending = "stop" | "kill" | "power";

/** The process has ended: whatever it still does leaves no trace. */
export class Ended extends Error {
  override readonly name = "Ended";
}

class RefusedByDisk extends Error {
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${code}: ${what}`);
    this.code = code;
  }
}

/** A change of a file that is not on disk for sure. */
interface Unsynced {
  readonly at: number;
  /** What was written; undefined of a cut. */
  readonly bytes: Uint8Array | undefined;
  /** What stood there, and how long the file was. */
  readonly before: Uint8Array;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** Where a record lies that was written: which write it was, and when; when the one before was. */
export interface Written {
  readonly write: number;
  /** UTC. */
  readonly utc: number;
  readonly before: number;
}

let inodes = 0;

class Inode {
  readonly identity = `memory ${++inodes}`;
  #bytes = new Uint8Array(1 << 12);
  size = 0;
  #unsynced: Unsynced[] = [];
  /** What is written and no sync will write any more. */
  #rotten: Unsynced[] = [];
  readonly #written: (Written & { readonly at: number; readonly end: number; readonly bytes: Uint8Array })[] = [];

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.size);
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * size);
    bytes.set(this.bytes);
    this.#bytes = bytes;
  }

  write(bytes: Uint8Array, at: number, written: Written): void {
    const end = at + bytes.length;
    this.#reserve(end);
    const own = bytes.slice();
    this.#unsynced.push({
      at,
      bytes: own,
      before: this.#bytes.slice(at, Math.min(end, this.size)),
      sizeBefore: this.size,
      sizeAfter: Math.max(this.size, end),
    });
    this.#put(bytes, at, Math.max(this.size, end));
    this.#written.push({ ...written, at, end, bytes: own });
  }

  truncate(size: number): void {
    this.#reserve(size);
    const before = this.#bytes.slice(Math.min(size, this.size), this.size);
    this.#unsynced.push({ at: size, bytes: undefined, before, sizeBefore: this.size, sizeAfter: size });
    this.#cut(size);
  }

  #put(bytes: Uint8Array, at: number, size: number): void {
    if (at > this.size) this.#bytes.fill(0, this.size, at);
    this.#bytes.set(bytes, at);
    this.size = size;
  }

  #cut(size: number): void {
    if (size > this.size) this.#bytes.fill(0, this.size, size);
    this.size = size;
  }

  sync(): void {
    this.#unsynced = [];
  }

  /** A sync that failed: whoever reads still sees what was written, the disk has some of it or nothing, and no later sync tries again. */
  failSync(): void {
    this.#rotten.push(...this.#unsynced);
    this.#unsynced = [];
  }

  /** What a loss of power leaves of it. */
  crash(chance: Chance, figures: Figures): void {
    this.#tear(chance, figures);
    this.#unsynced = [];
    for (const { at, bytes } of this.#rotten) {
      // Of what was cut off or written anew since, the disk has that.
      const again = this.#written.findLast((one) => one.at <= at && one.end > at);
      if (bytes === undefined || at >= this.size || again?.bytes !== bytes) continue;
      figures.add("disk: a write whose sync had failed was lost");
      this.#bytes.fill(0, at, Math.min(this.size, at + bytes.length));
    }
    this.#rotten = [];
  }

  #tear(chance: Chance, figures: Figures): void {
    const unsynced = this.#unsynced;
    for (const { at, bytes, before, sizeBefore } of unsynced.toReversed()) {
      const end = bytes === undefined ? at + before.length : Math.min(at + bytes.length, sizeBefore);
      if (end > at) this.#bytes.set(before.subarray(0, end - at), at);
      this.size = sizeBefore;
    }
    for (const one of unsynced) this.#tearOne(one, chance, figures);
  }

  #tearOne({ at, bytes, sizeAfter }: Unsynced, chance: Chance, figures: Figures): void {
    const fate = chance.one(["all", "none", "front", "sectors"] as const);
    if (bytes === undefined) {
      figures.add(fate === "none" ? "disk: a cut was lost" : "disk: a cut was kept");
      if (fate !== "none") this.#cut(sizeAfter);
      return;
    }
    figures.add(`disk: of a write not synced there was left: ${fate}`);
    if (fate === "none") return;
    if (fate === "all") return this.#put(bytes, at, sizeAfter);
    if (fate === "front") {
      const length = chance.whole(1, bytes.length);
      return this.#put(bytes.subarray(0, length), at, Math.max(this.size, at + length));
    }
    const until = at + bytes.length;
    for (let from = at; from < until;) {
      const next = Math.min(until, (Math.floor(from / SECTOR) + 1) * SECTOR);
      if (chance.once(2)) this.#put(bytes.subarray(from - at, next - at), from, Math.max(this.size, next));
      from = next;
    }
    this.#cut(Math.max(this.size, sizeAfter));
  }

  /** Another file with the same in it, which is on disk. */
  copy(): Inode {
    const copy = new Inode();
    copy.#reserve(this.size);
    copy.#put(this.bytes, 0, this.size);
    copy.#written.push(...this.#written);
    return copy;
  }

  flip(bit: number): void {
    this.#bytes[bit >> 3] = this.#bytes[bit >> 3]! ^ (1 << (bit & 7));
  }

  /** A byte that was written and is still there. */
  somewhere(chance: Chance): number {
    const there = this.#written.filter(({ end }) => end <= this.size);
    if (there.length === 0) return chance.whole(0, this.size - 1);
    const { at, end } = chance.one(there);
    return chance.whole(at, end - 1);
  }

  /** The last write of a byte. */
  writtenAt(at: number): Written | undefined {
    return this.#written.findLast((one) => at >= one.at && at < one.end);
  }
}

/** A name that was made, renamed or removed, and may not be on disk. */
interface NameChange {
  undo(): void;
}

/** Where and when a bit flipped. */
export interface Flip {
  /** A name without its folder. */
  readonly file: string;
  /** Of a journal's file: the write that its place was part of. */
  readonly written: Written | undefined;
}

/** What strikes while a process lives. */
interface Strikes {
  /** Steps until it ends, and whether it ends before that step is done, or after. */
  end?: { after: number; readonly when: "before" | "after" } | undefined;
  refusal?: Refusal | undefined;
  /** The next sync fails, and what it was for is on disk or not. */
  failingSync?: boolean | undefined;
}

export interface DiskOptions {
  readonly chance: Chance;
  readonly figures: Figures;
  /** A real folder, for SQLite's files. */
  readonly folder: string;
  readonly utc: () => number;
}

/** What outlives the processes: names and bytes. */
export class SimulatedDisk {
  readonly #options: DiskOptions;
  readonly #names = new Map<string, Inode>();
  #changes: NameChange[] = [];
  #life = 0;
  #mounted: Mount | undefined;
  strikes: Strikes = {};
  /** When it first refused something, UTC, since somebody last looked for that. */
  refusedAt: number | undefined;
  /** Writes and transactions so far. */
  writes = 0;
  /** When the last write to a file was, UTC. */
  writtenAt = -Infinity;
  /** When the last one was written that is on disk: what happened since is in the next. */
  syncedAt = -Infinity;

  constructor(options: DiskOptions) {
    this.#options = options;
    mkdirSync(this.folder, { recursive: true });
  }

  /** Where the store of this life lies. */
  get folder(): string {
    return path.join(this.#options.folder, `life-${this.#life}`);
  }

  /** For a process that begins. */
  mount(ended: () => void): Disk {
    this.#mounted = new Mount(this, ended);
    return this.#mounted;
  }

  /** Ends the process now, if it has not ended. */
  end(how: Ending): void {
    this.#mounted?.end(how);
  }

  /** The process has ended. */
  get isOver(): boolean {
    return this.#mounted?.isOver === true;
  }

  /** What the next life finds. */
  image(how: Ending): void {
    const { chance, figures } = this.#options;
    const before = this.folder;
    this.#life++;
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(before)) copyFileSync(path.join(before, name), path.join(this.folder, name));
    if (how === "power") {
      const kept = chance.whole(0, this.#changes.length);
      if (kept < this.#changes.length) figures.add("disk: a name not synced was lost", this.#changes.length - kept);
      for (const change of this.#changes.splice(kept).toReversed()) change.undo();
    }
    this.#changes = [];
    for (const inode of this.#names.values()) {
      if (how === "power") inode.crash(chance, figures);
      else inode.sync();
    }
  }

  /** The folder of the life before is not needed any more. */
  forget(): void {
    rmSync(path.join(this.#options.folder, `life-${this.#life - 1}`), { recursive: true, force: true });
  }

  /** Flips one bit of one file, while nobody has it open. */
  flip(): Flip | undefined {
    const { chance, figures } = this.#options;
    const real = readdirSync(this.folder).filter((name) => !name.endsWith("-shm"));
    const all = [...this.#names.keys(), ...real].toSorted();
    if (all.length === 0) return undefined;
    const name = chance.one(all);
    const inode = this.#names.get(name);
    const bytes = inode?.bytes ?? readFileSync(path.join(this.folder, name));
    if (bytes.length === 0) return undefined;
    // Most of a journal is room for what is to come.
    const at = inode !== undefined && !chance.once(4) ? inode.somewhere(chance) : chance.whole(0, bytes.length - 1);
    const bit = chance.whole(0, 7);
    this.flipAt(name, at, bit);
    figures.add(`disk: a bit flipped in ${name.replace(/\d+$/, "N")}`);
    return { file: name, written: inode?.writtenAt(at) };
  }

  flipAt(name: string, at: number, bit: number): void {
    const inode = this.#names.get(name);
    if (inode !== undefined) return inode.flip(8 * at + bit);
    const place = path.join(this.folder, name);
    const bytes = readFileSync(place);
    bytes[at] = bytes[at]! ^ (1 << bit);
    writeFileSync(place, bytes);
  }

  /**
   * Puts a copy in the place of a journal's file that is in use, as a program does that writes anew what it has read: the next one to look
   * at the name finds another file with the same in it. False where there is none.
   */
  replace(chance: Chance): boolean {
    const segments = [...this.#names.keys()].filter((name) => /journal-\d+$/.test(name)).toSorted();
    if (segments.length === 0) return false;
    const name = chance.once(2) ? chance.one(segments) : (segments.at(-1) ?? "");
    const before = this.#names.get(name);
    if (before === undefined) return false;
    this.#names.set(name, before.copy());
    this.#options.figures.add("disk: a segment in use was replaced by a copy");
    return true;
  }

  // ── what a process asks ─────────────────────────────────────────────────────────────────────────────────────────

  get utc(): number {
    return this.#options.utc();
  }

  get chance(): Chance {
    return this.#options.chance;
  }

  get figures(): Figures {
    return this.#options.figures;
  }

  inode(name: string): Inode | undefined {
    return this.#names.get(name);
  }

  names(): readonly string[] {
    return [...this.#names.keys()];
  }

  name(name: string, inode: Inode | undefined): void {
    const before = this.#names.get(name);
    const put = (one: Inode | undefined): void => {
      if (one === undefined) this.#names.delete(name);
      else this.#names.set(name, one);
    };
    put(inode);
    this.#changes.push({ undo: () => put(before) });
  }

  syncNames(): void {
    this.#changes = [];
  }
}

/** SQLite's own, in the real folder. */
function isDatabase(file: string): boolean {
  return path.basename(file).includes(".sqlite");
}

/** The disk as one process sees it. */
class Mount implements Disk {
  readonly #disk: SimulatedDisk;
  readonly #ended: () => void;
  readonly #real = new NodeDisk();
  #over = false;

  constructor(disk: SimulatedDisk, ended: () => void) {
    this.#disk = disk;
    this.#ended = ended;
  }

  end(how: Ending): void {
    if (this.#over) return;
    this.#over = true;
    this.#disk.figures.add(`end: ${how}`);
    this.#disk.image(how);
    this.#ended();
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** One step of the disk: where the process may end, and where the disk may refuse. */
  step<T>(what: string, run: () => T, refused: readonly Refusal[] = ["EROFS", "EIO"]): T {
    if (this.#over) throw new Ended("the process has ended");
    const { strikes, figures } = this.#disk;
    const { end, refusal } = strikes;
    const last = end !== undefined && --end.after <= 0;
    if (last && end.when === "before") this.#endAt(`before ${what}`);
    if (refusal !== undefined && refused.includes(refusal)) {
      figures.add(`disk: ${refusal} at ${what}`);
      this.#disk.refusedAt ??= this.#disk.utc;
      throw new RefusedByDisk(refusal, what);
    }
    const done = run();
    if (last) this.#endAt(`after ${what}`);
    return done;
  }

  #endAt(where: string): never {
    this.#disk.strikes.end = undefined;
    this.#disk.figures.add(`crash: ${where}`);
    this.end(this.#disk.chance.one(["kill", "power"] as const));
    throw new Ended(`the process has ended ${where}`);
  }

  get disk(): SimulatedDisk {
    return this.#disk;
  }

  makeFolder(folder: string): string | undefined {
    return this.#real.makeFolder(folder);
  }

  removeFolders(folder: string, outermost: string): void {
    this.#real.removeFolders(folder, outermost);
  }

  list(folder: string): readonly string[] {
    return [...this.#real.list(folder), ...this.#disk.names()];
  }

  open(file: string, how: "read" | "begin"): DiskFile {
    if (isDatabase(file)) return this.#real.open(file, how);
    const name = path.basename(file);
    if (how === "read") {
      const inode = this.#disk.inode(name);
      if (inode === undefined) throw new RefusedByDisk("ENOENT", name);
      return new MountedFile(this, inode);
    }
    return this.step("a file's beginning", () => {
      const inode = new Inode();
      this.#disk.name(name, inode);
      return new MountedFile(this, inode);
    });
  }

  find(file: string): Found | undefined {
    if (isDatabase(file) || file === this.#disk.folder) return this.#real.find(file);
    const inode = this.#disk.inode(path.basename(file));
    return inode === undefined ? undefined : { identity: inode.identity, kind: "file", size: inode.size, mode: 0o600 };
  }

  check(file: string): void {
    if (this.#over) throw new Ended("the process has ended");
    if (this.#disk.strikes.refusal === "EROFS") throw new RefusedByDisk("EROFS", path.basename(file));
  }

  guard(file: string): void {
    if (isDatabase(file)) this.#real.guard(file);
  }

  rename(from: string, to: string): void {
    this.step("a renaming", () => {
      if (isDatabase(from)) return this.#real.rename(from, to);
      const inode = this.#disk.inode(path.basename(from));
      this.#disk.name(path.basename(from), undefined);
      this.#disk.name(path.basename(to), inode);
    });
  }

  remove(file: string): void {
    this.step("a removal", () => {
      if (isDatabase(file)) this.#real.remove(file);
      else if (this.#disk.inode(path.basename(file)) !== undefined) this.#disk.name(path.basename(file), undefined);
    });
  }

  syncFolder(): void {
    this.step("a sync of the folder", () => this.#disk.syncNames(), ["EIO"]);
  }

  space(): number {
    return this.#disk.strikes.refusal === "ENOSPC" ? 0 : ROOM;
  }

  database(_file: string, step: DatabaseStep): void {
    this.step(`the database's ${step}`, () => void this.#disk.writes++, ["EROFS", "EIO", "ENOSPC"]);
  }
}

class MountedFile implements DiskFile {
  readonly identity: string;
  readonly #mount: Mount;
  readonly #inode: Inode;

  constructor(mount: Mount, inode: Inode) {
    this.#mount = mount;
    this.#inode = inode;
    this.identity = inode.identity;
  }

  size(): number {
    return this.#inode.size;
  }

  read(into: Uint8Array, at: number): number {
    const found = this.#inode.bytes.subarray(at, at + into.length);
    into.set(found);
    return found.length;
  }

  write(bytes: Uint8Array, at: number): void {
    const { disk } = this.#mount;
    const before = disk.syncedAt;
    const put = (some: Uint8Array): void => {
      // The front of a file has no record.
      if (at > 0) disk.writtenAt = disk.utc;
      this.#inode.write(some, at, { write: disk.writes, utc: disk.utc, before });
    };
    this.#mount.step("a write", () => {
      disk.writes++;
      if (disk.strikes.refusal !== "ENOSPC") return put(bytes);
      // What there was room for is there.
      if (disk.chance.once(2) && bytes.length > 1) put(bytes.subarray(0, disk.chance.whole(1, bytes.length - 1)));
      disk.figures.add("disk: ENOSPC at a write");
      disk.refusedAt ??= disk.utc;
      throw new RefusedByDisk("ENOSPC", "a write");
    });
  }

  truncate(size: number): void {
    this.#mount.step("a cut", () => this.#inode.truncate(size));
  }

  sync(): void {
    const { disk } = this.#mount;
    this.#mount.step(
      "a sync",
      () => {
        if (disk.strikes.failingSync !== true) {
          disk.syncedAt = disk.writtenAt;
          return this.#inode.sync();
        }
        disk.strikes.failingSync = false;
        disk.figures.add("disk: a sync failed");
        this.#inode.failSync();
        throw new RefusedByDisk("EIO", "a sync");
      },
      ["EIO"],
    );
  }

  close(): void {}
}
