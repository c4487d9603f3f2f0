/** One seed is one run: a site that lives and dies a few times, while people and peers use it and its disk does what disks do. */
import { textOf } from "#fleet/notice.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Chance } from "./chance.ts";
import { Claims } from "./claims.ts";
import { SimulatedDisk, type Flip, type Refusal } from "./disk.ts";
import { seedEntropy } from "./entropy.ts";
import { Figures } from "./figures.ts";
import type { Moment } from "./oracle.ts";
import { masters, strangers, type Deed } from "./peers.ts";
import { clockSetters, visitors } from "./person.ts";
import { hold } from "./violation.ts";
import { Process, spoilSite, writeSite, type MeterName } from "./site.ts";
import { World } from "./world.ts";

export interface Run {
  readonly seed: number;
  /** Of everything that was asked and answered. */
  readonly hash: string;
  readonly figures: Figures;
}

/** Instants at which something is due: a DST change, midnight, the end of a month, nothing. */
const starts = [
  "2026-03-08T06:57:00Z",
  "2026-11-01T05:57:00Z",
  "2026-01-01T04:57:30Z",
  "2026-02-28T23:58:00Z",
  "2026-07-31T16:10:20Z",
].map((text) => Date.parse(text));

/** What a run can be without, for whoever looks for the cause of something. */
export const faults = ["crashes", "refusals", "flips", "replacements"] as const;
export type Fault = (typeof faults)[number];

export interface RunOptions {
  readonly without?: readonly Fault[];
  /** Is told what was asked and answered, line by line. */
  readonly heard?: (line: string) => void;
}

/** SQLite's files are synced at every transaction: in memory that costs nothing. */
const MEMORY = "/dev/shm";

/** What a start says of damage, and of what a crash left behind. */
const says = {
  damage: /damaged|was cut|is lost|could not be read|not there any more|belongs to another|ends before|was empty/,
  crash: /the end of the journal \S+ is no record|polyphase-2\.sqlite is not there any more; it is made anew/,
} as const;

/** Of the revenue meter, and the beat by which the site goes. */
const CYCLE_MS = 2000;

/** Bytes that may wait for one peer: what it is let ask for, and the answers to what was under way. */
const MOST_UNREAD = 1 << 16;

/** What others do to the store is drawn by itself: whatever else happens in a run is as it is without them. */
const DISTURBANCE = 1 << 24;

/** Throws a Violation where the site breaks a promise. */
export async function run(seed: number, options: RunOptions = {}): Promise<Run> {
  const figures = new Figures();
  const chance = new Chance(seed);
  const folder = mkdtempSync(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), "polyphase-sim-"));
  const putBack = seedEntropy(chance);
  try {
    const story = new Story({ chance, disturbance: new Chance(seed + DISTURBANCE), figures }, folder, options);
    await story.tell();
    return { seed, hash: story.world.hash, figures };
  } catch (error) {
    throw World.broken(error);
  } finally {
    putBack();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Story {
  readonly world: World;
  readonly #chance: Chance;
  readonly #disturbance: Chance;
  readonly #figures: Figures;
  readonly #disk: SimulatedDisk;
  readonly #claims: Claims;
  readonly #meters: readonly MeterName[];
  readonly #file: string;
  readonly #deeds: readonly Deed[];

  readonly #without: readonly Fault[];

  constructor(
    {
      chance,
      disturbance,
      figures,
    }: { readonly chance: Chance; readonly disturbance: Chance; readonly figures: Figures },
    folder: string,
    { without = [], heard = () => {} }: RunOptions,
  ) {
    this.#without = without;
    this.#chance = chance;
    this.#disturbance = disturbance;
    this.#figures = figures;
    const utc = chance.one(starts) + chance.whole(0, 200) * 997;
    this.world = new World({ chance, figures, folder }, utc, heard);
    const { world } = this;
    const disk = new SimulatedDisk({ chance, figures, folder, utc: () => world.utc });
    this.#disk = disk;
    const moment: Moment = {
      get write() {
        return disk.writes;
      },
      get utc() {
        return world.utc;
      },
      get isTroubled() {
        return world.trouble !== undefined;
      },
    };
    this.#claims = new Claims(() => world.utc, moment);
    const others = (["feeder", "live", "circuit"] as const).filter(() => chance.once(2));
    this.#meters = chance.once(6) && others.length > 0 ? others : ["jem", ...others];
    this.#file = writeSite(folder, this.#meters);
    const setters = this.#meters.includes("jem") && chance.once(4) ? clockSetters : [];
    this.#deeds = [...this.#meters.flatMap((name) => [...masters[name], ...visitors[name]]), ...setters];
  }

  async tell(): Promise<void> {
    const lives = this.#chance.whole(3, 6);
    for (let life = 0; life < lives; life++) {
      const last = life === lives - 1;
      if (this.#meters.includes("jem") && this.#chance.once(8)) this.#failToBegin();
      if (!(await this.#begin(last))) continue;
      await this.#live(last);
      await this.#end(last);
      this.#down(last);
    }
  }

  /** Whether this comes now. The chance is taken whether or not the run is without it. */
  #comes(fault: Fault, times: number): boolean {
    return this.#chance.once(times) && !this.#without.includes(fault);
  }

  /** With one bad file nothing begins: that is said, and the other meters have not been there, either. */
  #failToBegin(): void {
    const disk = this.#disk;
    const powerUp = this.#claims.powerUps.ask();
    spoilSite(this.#file);
    disk.strikes = {};
    let words: string | undefined;
    try {
      new Process(this.#file, disk, { utc: this.world.utc, chance: this.#chance }).bury();
    } catch (error) {
      words = String(error);
    }
    hold(words?.includes("jem.yaml") === true, () => `a start with a bad file says: ${words}`);
    powerUp.refused();
    this.#figures.add("start: refused for a bad file");
    disk.end("stop");
    disk.forget();
    writeSite(path.dirname(this.#file), this.#meters);
  }

  /** Whether it runs: the disk may refuse, and then the start says so in words. */
  async #begin(last: boolean): Promise<boolean> {
    const { world } = this;
    const disk = this.#disk;
    disk.strikes = {};
    if (!last && this.#comes("refusals", 8)) disk.strikes = { refusal: this.#refusal() };
    else if (!last && this.#comes("crashes", 6))
      disk.strikes = { end: { after: this.#chance.whole(1, 12), when: this.#when() } };
    const powerUp = this.#claims.powerUps.ask();
    let process: Process;
    try {
      process = new Process(this.#file, disk, { utc: world.utc, chance: this.#chance });
    } catch (error) {
      if (disk.strikes.refusal === undefined && !disk.isOver) throw error;
      this.#figures.add(disk.strikes.refusal === undefined ? "start: the process ended" : "start: refused");
      world.note("refused", String(error));
      const words = error instanceof Error ? error.message : "";
      hold(disk.isOver || words.includes(disk.folder), () => `a start is refused without saying where: ${words}`);
      disk.end("kill");
      disk.forget();
      return false;
    }
    world.lastAnswer = Infinity;
    world.run(process);
    const notices = process.site.notices.map(textOf);
    this.#checkNotices(notices);
    world.note("notices", JSON.stringify(notices));
    if (!process.ended) await process.site.start();
    if (process.ended) {
      this.#bury();
      return false;
    }
    powerUp.acknowledged();
    this.#claims.begun(this.#meters);
    if (disk.strikes.refusal !== undefined) this.#fails();
    return true;
  }

  /** What was not damaged is not said to be: but for what a crash left, of which nobody can say more. */
  #checkNotices(notices: readonly string[]): void {
    const happened = (...whats: readonly string[]): boolean =>
      this.#figures.counts.keys().some((one) => whats.some((what) => one.startsWith(what)));
    // Room at a segment's end that was not made again, or not synced, is gone as if somebody had cut it.
    const isCrash = (notice: string): boolean =>
      says.crash.test(notice) ||
      (notice.includes("was cut") && happened("disk: a cut was", "crash: after a cut", "crash: before a cut"));
    const damage = notices.filter((notice) => says.damage.test(notice) && !isCrash(notice));
    const cause = happened("disk: a bit flipped", "disk: a write whose sync had failed was lost");
    hold(damage.length === 0 || cause, () => `a start on a disk without damage says: ${damage.join("; ")}`);
  }

  #refusal(): Refusal {
    return this.#chance.one(["ENOSPC", "EROFS", "EIO"] as const);
  }

  #when(): "before" | "after" {
    return this.#chance.one(["before", "after"] as const);
  }

  async #live(last: boolean): Promise<void> {
    const chance = this.#chance;
    const { world } = this;
    const disk = this.#disk;
    const steps = chance.whole(4, 24);
    const crashAt = chance.whole(0, steps);
    const refusedAt = last || !this.#comes("refusals", 3) ? steps : chance.whole(0, steps);
    const wellAt = (this.#failedAt === undefined ? refusedAt : 0) + chance.whole(1, 6);
    for (let step = 0; step < steps && !world.ended; step++) {
      if (step === crashAt && !last && this.#comes("crashes", 1)) {
        if (chance.once(3)) world.lastAnswer = chance.whole(1, 4);
        else disk.strikes.end = { after: chance.whole(1, 40), when: this.#when() };
      }
      if (step === refusedAt && this.#failedAt === undefined) this.#refuse();
      if (step === wellAt && this.#failedAt !== undefined) this.#heal();
      if (this.#disturbance.once(40) && !this.#without.includes("replacements")) this.#replace();
      world.pass(chance.one([10, 400, 700, 3000, 20_000, 61_000]));
      this.#checkTrouble();
      const doing = new Map<string, Deed>();
      for (let left = chance.whole(1, 4); left > 0; left--) {
        const deed = chance.once(5) ? chance.one(strangers) : chance.one(this.#deeds);
        doing.set(deed.about, deed);
      }
      await this.#do([...doing.values()]);
    }
    if (!last) return;
    // All that there is is looked at once more.
    for (const deed of new Set(this.#deeds)) await this.#do([deed]);
  }

  /** The disk refuses from now on, or its next sync fails. */
  #refuse(): void {
    const { strikes } = this.#disk;
    this.#fails();
    if (this.#chance.once(3)) strikes.failingSync = true;
    else strikes.refusal = this.#refusal();
    this.world.note("the disk", strikes.refusal ?? "fails to sync");
  }

  /** Somebody puts a copy in the place of a file of the journal: the store can keep nothing until it has begun it anew. */
  #replace(): void {
    if (this.#failedAt !== undefined || !this.#disk.replace(this.#disturbance)) return;
    this.world.note("the disk", "a segment was replaced by a copy");
    this.#claims.troubled(true);
    this.world.fails(true);
    this.world.fails(false);
  }

  #fails(): void {
    this.#disk.refusedAt = undefined;
    this.world.fails(true);
    this.#claims.troubled(true);
    this.#failedAt = this.world.utc;
  }

  #heal(): void {
    const { strikes } = this.#disk;
    delete strikes.refusal;
    strikes.failingSync = false;
    this.#failedAt = undefined;
    this.world.fails(false);
    this.world.note("the disk is well");
  }

  /** When the disk began to refuse, and when the site knew. */
  #failedAt: number | undefined;
  #troubledAt: number | undefined;

  /** Trouble is said, and it ends. */
  #checkTrouble(): void {
    const { world } = this;
    if (world.ended) return;
    const { trouble } = world;
    const refuses = this.#disk.strikes.refusal !== undefined && this.#failedAt !== undefined;
    const { refusedAt = Infinity } = this.#disk;
    if (refuses && world.utc - refusedAt > 2500)
      hold(trouble !== undefined, () => "the disk has refused what was written for seconds, and nothing says so");
    if (!refuses && trouble === undefined) this.#claims.troubled(false);
    hold(trouble === undefined || world.hasCause, () => `on a disk that is well the site says: ${trouble}`);
    if (trouble === undefined) this.#troubledAt = undefined;
    else this.#troubledAt ??= world.utc;
    const late = world.utc - (this.#troubledAt ?? world.utc) > 1000;
    const said = world.process.told.some((line) => line.includes("cannot be written"));
    hold(!late || said, () => `whoever started the site has not been told: ${trouble}`);
  }

  async #do(deeds: readonly Deed[]): Promise<void> {
    const { world } = this;
    await world.together(deeds.map(({ run }) => run(world, this.#claims)));
    if (world.ended) return;
    const { waiting } = world.process.cables;
    hold(waiting <= MOST_UNREAD, () => `${waiting} bytes wait for a peer that does not read`);
  }

  async #end(last: boolean): Promise<void> {
    const { world } = this;
    if (world.ended) return this.#bury();
    if (!last && this.#comes("crashes", 1.3)) this.#disk.end(this.#chance.one(["kill", "power"] as const));
    else {
      await this.#stop();
      this.#disk.end("stop");
    }
    this.#bury();
  }

  async #stop(): Promise<void> {
    const { process } = this.world;
    const refused = this.#disk.strikes.refusal !== undefined && this.#failedAt !== undefined;
    try {
      const lost = await process.site.stop();
      hold(
        lost !== undefined || !refused,
        () => "stopped on a disk that refuses, it does not say that something is lost",
      );
      if (lost === undefined) this.#claims.troubled(false);
    } catch (error) {
      // Of a process that ends in the middle of it nobody hears.
      if (!process.ended) throw error;
    }
  }

  #bury(): void {
    const { process } = this.world;
    this.#claims.ended();
    this.#failedAt = undefined;
    this.#troubledAt = undefined;
    this.world.fails(false);
    this.world.run(undefined);
    process.bury();
    this.#disk.forget();
  }

  #down(last: boolean): void {
    const chance = this.#chance;
    this.world.sleep(chance.one([200, 1500, 40_000, 400_000, 90_000_000]));
    if (last || !this.#comes("flips", 3)) return;
    const flip: Flip | undefined = this.#disk.flip();
    this.world.note("flip", flip?.file);
    const written = flip?.written;
    if (written === undefined) return;
    // What happens in a calculation cycle is in the record after it.
    this.#claims.damaged({ write: written.write, from: written.before - CYCLE_MS, to: written.utc });
  }
}
