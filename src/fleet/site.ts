/** A running site: meters on a clock, a store, listeners. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import type { Device } from "#product/product.ts";
import type { MeterStore, Store } from "#store/store.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { ListenEntry, Listening } from "#fleet/protocols/protocol.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { openListeners, planListeners, type OpenListener, type PlannedListener } from "./listeners.ts";
import { Refusals } from "./refusals.ts";
import type { SiteFile } from "./site-schema.ts";
import type { SiteUsers } from "./site-users.ts";

/** Calculation cycles are whole multiples of this. */
const HEARTBEAT_MS = 500;

export interface SiteParts {
  readonly file: SiteFile;
  /** Where the files lie that the site file names. */
  readonly folder: string;
  readonly clock: Clock;
  /** By which peers and lines go. */
  readonly real: Clock;
  readonly store: Store;
  /** In the order of the file, and what else it has. */
  readonly meters: readonly Device[];
  readonly devices: readonly Device[];
  readonly notices: readonly string[];
  readonly refusals: Refusals;
  readonly commits: GroupCommit;
  readonly users: SiteUsers;
  /** What carries the protocols of its listeners; the computer's own unless named. */
  readonly carriers?: Carriers | undefined;
}

export class Site {
  readonly file: SiteFile;
  readonly store: Store;
  readonly meters: readonly Device[];
  /** Who logs in from elsewhere. */
  readonly users: SiteUsers;
  /** Where the files lie that the site file names. */
  readonly folder: string;
  /** By which peers, lines and people go. */
  readonly real: Clock;
  /** What a person should know about the start: what was put aside, which settings were not taken from the file. */
  readonly notices: readonly string[];
  /** All that runs. */
  readonly #devices: readonly {
    readonly device: Device;
    readonly listen: readonly ListenEntry[];
    /** What the site file calls it. */
    readonly key: string;
  }[];
  readonly #byName: ReadonlyMap<string, Device>;
  readonly #drawers: readonly MeterStore[];
  readonly #clock: Clock;
  readonly #heartbeats = new Set<() => void>();
  readonly #refusals: Refusals;
  readonly #commits: GroupCommit;
  readonly #carriers: Carriers | undefined;
  #listeners: readonly OpenListener[] = [];
  #running = false;
  #beat = 0;
  #start = 0;
  #committed = 0;

  constructor(parts: SiteParts) {
    const { file, folder, clock, real, store, meters, devices, notices, refusals, commits, users, carriers } = parts;
    this.file = file;
    this.store = store;
    this.meters = meters;
    this.#devices = [
      ...meters.map((device, k) => ({ device, listen: file.meters[k]?.listen ?? [], key: `meters[${k}]` })),
      ...devices.map((device, k) => ({ device, listen: file.devices[k]?.listen ?? [], key: `devices[${k}]` })),
    ];
    this.notices = notices;
    this.users = users;
    this.#byName = new Map(meters.map((meter) => [meter.surface.identity.name, meter]));
    this.#drawers = meters.map(({ surface }) => store.drawer(surface.identity.name));
    this.#clock = clock;
    this.real = real;
    this.folder = folder;
    this.#refusals = refusals;
    this.#commits = commits;
    this.#carriers = carriers;
  }

  get listeners(): readonly OpenListener[] {
    return this.#listeners;
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

  /**
   * Names who is told what peers were refused (at most so many a second, then how many more there were), and when the store
   * cannot be written.
   */
  onRefused(run: (why: string) => void): void {
    this.#refusals.told = run;
  }

  /** A peer was refused something: said to who listens, so rationed that no peer can flood him. */
  refused(who: string, what: string): void {
    this.#refusals.add(who, what);
  }

  /** Says what a person should know now. */
  tell(what: string): void {
    this.#refusals.told(what);
  }

  /** Transactions of its store so far. */
  get commits(): number {
    return this.store.counts.commits;
  }

  /** Runs after each heartbeat; the result stops it. */
  onHeartbeat(run: () => void): () => void {
    this.#heartbeats.add(run);
    return () => this.#heartbeats.delete(run);
  }

  /**
   * Opens the listeners and what is served alongside, then starts the clock. What meters have taken from their files is on disk once all
   * of that could be had; throws when something could not: then nothing has changed.
   */
  async start(alongside: () => Promise<void> = async () => {}): Promise<void> {
    try {
      await this.#open();
      await alongside();
    } catch (error) {
      await Promise.all(this.#listeners.map((listener) => listener.close()));
      this.store.abandon();
      throw error;
    }
    this.#commits.begin();
    for (const { device } of this.#devices) device.start();
    this.#running = true;
    this.#start = this.#clock.elapsed();
    this.#schedule();
    if (this.#clock instanceof PacedClock) this.#clock.run();
  }

  /** What would answer where, for whoever only looks; throws an Error that says what could not. */
  planned(): readonly PlannedListener[] {
    return planListeners(this.#listening(), { clock: this.real });
  }

  #listening(): readonly Listening[] {
    return this.#devices.map(({ device, listen, key }) => ({
      ...listeningOf(device, listen),
      ...this.#keeping(device),
      key,
    }));
  }

  async #open(): Promise<void> {
    this.#listeners = await openListeners(this.#listening(), {
      clock: this.real,
      folder: this.folder,
      carriers: this.#carriers,
      commits: this.#commits,
    });
  }

  #schedule(): void {
    this.#beat++;
    // Each beat is timed from the start, so that late ones do not add up.
    const due = this.#start + this.#beat * HEARTBEAT_MS - this.#clock.elapsed();
    this.#clock.after(due, () => {
      if (!this.#running) return;
      const now = this.#clock.elapsed();
      for (const { device } of this.#devices) device.advance(now);
      // On a fast clock a journal transaction every virtual second would be all that happens.
      const real = this.real.elapsed();
      if (real - this.#committed >= 0.9 * HEARTBEAT_MS || !(this.#clock instanceof PacedClock)) {
        this.#committed = real;
        this.#commits.commit();
      }
      this.#refusals.beat();
      for (const run of this.#heartbeats) run();
      this.#schedule();
    });
  }

  /** How a meter stands to its store; a device without memory has none. */
  #keeping({ surface }: Device): Pick<Listening, "ahead" | "keeps"> {
    if (this.#byName.get(surface.identity.name)?.surface !== surface) return {};
    const drawer = this.store.drawer(surface.identity.name);
    return { ahead: () => drawer.waits, keeps: () => drawer.trouble === undefined };
  }

  /** Why nothing can be kept now, in words; undefined while it can. */
  get trouble(): string | undefined {
    return this.#commits.trouble;
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
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    for (const { device } of this.#devices) device.stop();
    this.#commits.commit();
    const { keptAt } = this.#commits;
    const lost = this.store.close();
    const { trouble, place } = this.store;
    if (lost === undefined && trouble === undefined) return undefined;
    const rest = lost === undefined ? "" : `; what changed after that is lost`;
    return `${place} cannot be written (${trouble}): all until ${keptAt} is kept${rest}`;
  }
}

/** What answers of a device on its listeners. */
function listeningOf(device: Device, listen: readonly ListenEntry[]): Listening {
  const { surface, bindings, line, lineOn, ports, room, roomInAll, frameTimeoutMs, answerDelayMs, traffic } = device;
  return {
    name: surface.identity.name,
    listen,
    bindings,
    line,
    lineOn,
    ports,
    room,
    roomInAll,
    frameTimeoutMs,
    answerDelayMs,
    traffic,
    answers: (port, protocol) => surface.answers(port, protocol),
  };
}
