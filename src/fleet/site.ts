/** A running site: meters on a clock, a store, listeners. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import { folderOf } from "#io/file.ts";
import type { Device } from "#product/product.ts";
import type { MeterStore, Store } from "#store/store.ts";
import type { Bench } from "./bench.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { keyIn, type Installed, type Premises } from "./installed.ts";
import type { OpenListener } from "./listener.ts";
import { Listeners, type PlannedListener } from "./listeners.ts";
import { textOf, type Notice } from "./notice.ts";
import type { Refusals } from "./refusals.ts";
import { behindOf, SaidOnce } from "./said-once.ts";
import type { WhenKept } from "#product/product.ts";
import { Reboots } from "./reboots.ts";
import { refusalOf, reload } from "./reload.ts";
import { ChangedLines } from "./changed-lines.ts";
import { SiteEditor } from "./site-editor.ts";
import type { SiteFile } from "./site-schema.ts";
import type { SiteUsers } from "./site-users.ts";
import { Traffic } from "./traffic.ts";

/** Calculation cycles are whole multiples of this. */
const HEARTBEAT_MS = 500;

export interface SiteParts {
  /** What the site file says. */
  readonly described: SiteFile;
  readonly premises: Premises;
  readonly installed: readonly Installed[];
  readonly notices: readonly Notice[];
  readonly commits: GroupCommit;
  readonly users: SiteUsers;
  /** What carries the protocols of its listeners; the computer's own unless named. */
  readonly carriers?: Carriers | undefined;
}

/** What became of the wish to read the site file again. */
export interface ReloadOutcome {
  /** Why nothing has changed, in words. */
  readonly refused?: string | undefined;
  /** What has changed, in words; empty where the file says what it said. */
  readonly changes: readonly string[];
}

/** Takes up what the files of something served alongside say now; what has changed, in words. It does not throw. */
export type Renewal = () => readonly Notice[];

export class Site {
  readonly store: Store;
  /** Who logs in from elsewhere. */
  readonly users: SiteUsers;
  /** Where the files lie that the site file names. */
  readonly folder: string;
  /** By which peers, lines and people go. */
  readonly real: Clock;
  /** What a person should know about the start: what was put aside, which settings were not taken from the file. */
  readonly notices: readonly Notice[];
  /** What passes between its peers and its meters. */
  readonly traffic: Traffic;
  readonly #premises: Premises;
  readonly #clock: Clock;
  readonly #heartbeats = new Set<() => void>();
  readonly #refusals: Refusals;
  readonly #commits: GroupCommit;
  readonly #carriers: Carriers | undefined;
  readonly #listeners: Listeners;
  /** Changes its file. */
  readonly editor: SiteEditor;
  #described: SiteFile;
  /** All that runs, meters first. */
  #installed: readonly Installed[] = [];
  #meters: readonly Device[] = [];
  #byName: ReadonlyMap<string, Device> = new Map();
  #drawers: readonly MeterStore[] = [];
  #renew: Renewal = () => [];
  readonly #lines = new ChangedLines();
  /** What changes meters or listeners goes one after the other. */
  #reloading: Promise<unknown> | undefined;
  #reloads = { done: 0, refused: 0 };
  #watching: (outcome?: ReloadOutcome) => void = () => {};
  readonly #reboots = new Reboots(() => this.real.elapsed());
  #running = false;
  #beat = 0;
  #start = 0;
  #committed = 0;
  readonly #said = new SaidOnce();

  constructor({ described, premises, installed, notices, commits, users, carriers }: SiteParts) {
    const { file, clock, real, store, refusals } = premises;
    this.#described = described;
    this.#premises = premises;
    this.store = store;
    this.notices = notices;
    this.users = users;
    this.#clock = clock;
    this.real = real;
    this.folder = folderOf(file);
    this.#refusals = refusals;
    this.#commits = commits;
    this.#carriers = carriers;
    const tell = (notice: Notice): void => this.tell(notice);
    const refused = (notice: Notice): void => this.#refusals.add(notice);
    const traffic = new Traffic(real);
    this.traffic = traffic;
    this.#listeners = new Listeners({ clock: real, folder: this.folder, carriers, commits, traffic, tell, refused });
    this.#take(installed);
    this.editor = new SiteEditor({
      premises,
      carriers,
      described: () => this.#described,
      installed: () => this.#installed,
      reload: () => this.reload(),
    });
  }

  #take(installed: readonly Installed[]): void {
    this.#installed = installed;
    this.#meters = installed.filter(({ made }) => made.kind === "meter").map(({ device }) => device);
    this.#byName = new Map(this.#meters.map((meter) => [meter.surface.identity.name, meter]));
    this.#drawers = installed.flatMap(({ drawer }) => drawer ?? []);
  }

  /** What its file says. */
  get file(): SiteFile {
    return this.#described;
  }

  /** In the order of the file. */
  get meters(): readonly Device[] {
    return this.#meters;
  }

  get listeners(): readonly OpenListener[] {
    return this.#listeners.all;
  }

  /** Whether every meter's source has played all it has. */
  get finished(): boolean {
    return this.meters.every(({ source }) => source.ended);
  }

  get utc(): number {
    return this.#clock.utc();
  }

  meter(name: string): Device | undefined {
    return this.#byName.get(name);
  }

  /** Where the source of a meter can be changed; undefined where it is not made. */
  bench(name: string): Bench | undefined {
    return this.#installed.find(({ made }) => made.entry.name === name)?.bench;
  }

  /** By which meters go. */
  get clock(): Clock {
    return this.#clock;
  }

  /**
   * Names who is told what a person should know: what peers were refused (at most so many a second, then how many more there were), when
   * the store cannot be written, what a reload has changed.
   */
  onNotice(run: (notice: Notice) => void): void {
    this.#refusals.told = run;
  }

  /** A peer was refused something: said to who listens, so rationed that no peer can flood him. */
  refused(who: string, what: string): void {
    this.#refusals.add({ level: "warn", words: `${who}: refused a ${what}` });
  }

  /** Says what a person should know now. */
  tell(notice: Notice): void {
    this.#refusals.told(notice);
  }

  /** Meters of which something is not on disk yet. */
  get waiting(): number {
    return this.#drawers.filter(({ waits }) => waits).length;
  }

  /** Runs after each heartbeat; the result stops it. */
  onHeartbeat(run: () => void): () => void {
    this.#heartbeats.add(run);
    return () => this.#heartbeats.delete(run);
  }

  /**
   * Opens the listeners and what is served alongside, then starts the clock. What meters have taken from their files is on disk once all
   * of that could be had; throws when something could not: then nothing has changed. What is served alongside renews itself with every
   * reload, and says what has changed.
   */
  async start(alongside: () => Promise<Renewal> = async () => () => []): Promise<void> {
    try {
      await this.#listeners.open(this.#listening(), keyIn(this.#described));
      this.#renew = await alongside();
    } catch (error) {
      await this.#listeners.close();
      this.store.abandon();
      throw error;
    }
    this.#commits.begin();
    for (const { device } of this.#installed) device.start(this.#whenKept);
    this.#running = true;
    this.#start = this.#clock.elapsed();
    this.#schedule();
    if (this.#clock instanceof PacedClock) {
      // With it the heartbeat stops.
      this.#clock.whenFinished = () => this.#said.lookPlayed(this);
      this.#clock.run();
    }
  }

  /** What would answer where, for whoever only looks; throws an Error that says what could not. */
  planned(): readonly PlannedListener[] {
    return this.#listeners.plan(this.#listening(), keyIn(this.#described));
  }

  #listening(): readonly Listening[] {
    return this.#installed.map(({ listening }) => listening);
  }

  /** Names who is told that the site file is about to be read again (nothing), and what became of it. */
  onReload(run: (outcome?: ReloadOutcome) => void): void {
    this.#watching = run;
  }

  /** How often the site file was taken up again, and how often it was refused. */
  get reloads(): { readonly done: number; readonly refused: number } {
    return this.#reloads;
  }

  /**
   * Reads the site file again and takes up what it says now; what is wrong with it changes nothing. Who asks while that goes on asks for
   * another one after it.
   */
  async reload(): Promise<ReloadOutcome> {
    const before = this.#reloading;
    const reloading = (before ?? Promise.resolve()).then(() => this.#reload());
    this.#reloading = reloading;
    const outcome = await reloading;
    if (this.#reloading === reloading) this.#reloading = undefined;
    return outcome;
  }

  async #reload(): Promise<ReloadOutcome> {
    this.#watching();
    const outcome = await this.#tryReload();
    this.#watching(outcome);
    return outcome;
  }

  readonly #whenKept: WhenKept = (run) => this.#commits.soon(run);

  /** Makes meters that reboot anew; the file is not read. */
  #reboot(): void {
    if (this.#reloading !== undefined || !this.#reboots.isDue(this.#installed)) return;
    const rebooting = this.#reboots.run(() => this.#tryReload(true));
    this.#reloading = rebooting;
    void rebooting.then(() => {
      if (this.#reloading === rebooting) this.#reloading = undefined;
    });
  }

  async #tryReload(isOld = false): Promise<ReloadOutcome> {
    const { file } = this.#premises;
    try {
      if (!this.#running) throw new Error("the site does not run");
      const { described, changes, closed } = await reload({
        premises: this.#premises,
        carriers: this.#carriers,
        described: this.#described,
        isOld,
        installed: this.#installed,
        listeners: this.#listeners,
        isRunning: () => this.#running,
        take: (installed) => this.#take(installed),
        whenKept: this.#whenKept,
      });
      await closed;
      const all = [...changes, ...this.#renew()];
      this.#described = described;
      this.#commits.commit();
      for (const notice of all) this.tell(notice);
      if (isOld) return { changes: all.map(textOf) };
      this.#reloads.done++;
      const words = all.length === 0 ? "it says what it said" : all.length === 1 ? "1 change" : `${all.length} changes`;
      this.tell({ level: "info", words: `${file} was read again: ${words}` });
      return { changes: all.map(textOf) };
    } catch (error) {
      const refused = refusalOf(file, error);
      this.#reloads.refused++;
      this.tell({ level: "error", words: `${file} was read again, and nothing has changed: ${refused}` });
      return { refused, changes: [] };
    }
  }

  #schedule(): void {
    this.#beat++;
    // Each beat is timed from the start, so that late ones do not add up.
    const due = this.#start + this.#beat * HEARTBEAT_MS - this.#clock.elapsed();
    this.#clock.after(due, () => {
      if (!this.#running) return;
      const now = this.#clock.elapsed();
      for (const { device } of this.#installed) device.advance(now);
      // On a fast clock a journal transaction every virtual second would be all that happens.
      const real = this.real.elapsed();
      if (real - this.#committed >= 0.9 * HEARTBEAT_MS || !(this.#clock instanceof PacedClock)) {
        this.#committed = real;
        this.#commits.commit();
      }
      this.#reboot();
      this.#refusals.beat();
      this.#said.look(this);
      this.#followLines();
      for (const run of this.#heartbeats) run();
      this.#schedule();
    });
  }

  #followLines(): void {
    if (this.#reloading !== undefined || !this.#lines.areThere(this.#installed)) return;
    const following = this.#lines
      .follow({
        described: this.#described,
        installed: this.#installed,
        listeners: this.#listeners,
        isRunning: () => this.#running,
        take: (installed) => this.#take(installed),
      })
      .then((notices) => {
        if (this.#reloading === following) this.#reloading = undefined;
        for (const notice of notices) this.tell(notice);
      });
    this.#reloading = following;
  }

  /** Why nothing can be kept now, in words; undefined while it can. */
  get trouble(): string | undefined {
    return this.#commits.trouble;
  }

  /** That its clock does not go as fast as it is to, in words; undefined while it does. */
  get behind(): string | undefined {
    return behindOf(this.#clock);
  }

  /** Until when all is kept, by the clock of people. */
  get keptAt(): string {
    return this.#commits.keptAt;
  }

  /** Whether all that has happened so far is on disk: after a transaction, where there is something to wait for. */
  async kept(): Promise<boolean> {
    const waits = this.#drawers.some((drawer) => drawer.waits);
    if (!waits || this.trouble !== undefined) return !waits;
    return new Promise((resolve) => this.#commits.soon(resolve));
  }

  /** Ends everything; what is wrong with the store then, in words, and until when all is kept. */
  async stop(): Promise<string | undefined> {
    this.#running = false;
    if (this.#clock instanceof PacedClock) this.#clock.stop();
    await this.#reloading;
    await this.#listeners.close();
    this.traffic.close();
    for (const { device } of this.#installed) device.stop();
    this.#commits.commit();
    const { keptAt } = this.#commits;
    const lost = this.store.close();
    const { trouble, place } = this.store;
    if (lost === undefined && trouble === undefined) return undefined;
    const rest = lost === undefined ? "" : `; what changed after that is lost`;
    return `${place} cannot be written (${trouble}): all until ${keptAt} is kept${rest}`;
  }
}
