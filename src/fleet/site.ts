/** A running site: meters on a clock, a store, listeners. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { folderOf, readText, resolvePath } from "#io/file.ts";
import { modelNamed, revenueModelNamed } from "#model/catalogue.ts";
import { MemoryUnit } from "#protocol/modbus/memory-unit.ts";
import { RegisterMap } from "#protocol/modbus/register-map.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore, type Store } from "#store/store.ts";
import { openListeners, type Listening, type OpenListener } from "./listeners.ts";
import { JemStar } from "#product/jemstar/jemstar.ts";
import { FileError } from "#product/file-error.ts";
import { parseSite, settingsOf } from "./site-file.ts";
import type { SiteFile } from "./site-schema.ts";
import { makeSource } from "./sources.ts";
import { applySettings, makeMeter, type VirtualMeter } from "#product/fixed-map/virtual-meter.ts";

/** Calculation cycles are whole multiples of this. */
const HEARTBEAT_MS = 500;

export interface SiteMeter extends VirtualMeter {
  readonly listen: SiteFile["meters"][number]["listen"];
}

export class Site {
  readonly file: SiteFile;
  readonly store: Store;
  readonly meters: readonly SiteMeter[];
  readonly revenueMeters: readonly JemStar[];
  /** What a person should know about the start: what was put aside, which settings were not taken from the file. */
  readonly notices: readonly string[];
  readonly #clock: Clock;
  /** Where the files lie that the site file names. */
  readonly #folder: string;
  readonly #real = new SystemClock();
  readonly #heartbeats = new Set<() => void>();
  readonly #refusals: Refusals;
  #listeners: readonly OpenListener[] = [];
  #running = false;
  #beat = 0;
  #start = 0;
  #committed = 0;

  constructor(options: {
    file: SiteFile;
    folder: string;
    clock: Clock;
    store: Store;
    meters: SiteMeter[];
    revenueMeters: JemStar[];
    notices: string[];
    refusals: Refusals;
  }) {
    this.#refusals = options.refusals;
    this.file = options.file;
    this.#folder = options.folder;
    this.#clock = options.clock;
    this.store = options.store;
    this.meters = options.meters;
    this.revenueMeters = options.revenueMeters;
    this.notices = options.notices;
  }

  get listeners(): readonly OpenListener[] {
    return this.#listeners;
  }

  /** Whether every meter's source has played all it has. */
  get finished(): boolean {
    return [...this.meters.map(({ instrument }) => instrument), ...this.revenueMeters].every(
      ({ source }) => source.ended,
    );
  }

  get utc(): number {
    return this.#clock.utc();
  }

  meter(name: string): SiteMeter | undefined {
    return this.meters.find(({ instrument }) => instrument.name === name);
  }

  revenueMeter(name: string): JemStar | undefined {
    return this.revenueMeters.find((meter) => meter.name === name);
  }

  /**
   * Names who is told what peers were refused (at most so many a second, then how many more there were), and when the store
   * cannot be written.
   */
  onRefused(run: (why: string) => void): void {
    this.#refusals.told = run;
  }

  /** Runs after each heartbeat; the result stops it. */
  onHeartbeat(run: () => void): () => void {
    this.#heartbeats.add(run);
    return () => this.#heartbeats.delete(run);
  }

  /** Opens the listeners and starts the clock; throws when a listener cannot be opened. */
  async start(): Promise<void> {
    const settings = { address: 1, baud: 19_200, parity: 0 };
    const revenue = this.revenueMeters.map((site): Listening => {
      const { name, unit, ethernet, model } = site;
      const listen = this.file.meters.find((entry) => entry.name === name)?.listen ?? [];
      const frameTimeoutMs = (): number => site.file.modbus.frameTimeoutMs;
      const connections = model.modbusConnections;
      return { name, unit, ethernet, wearing: () => undefined, listen, settings, connections, frameTimeoutMs };
    });
    const plain = this.file.devices.map(({ name, memory, listen }) => {
      return { name, unit: new MemoryUnit(memory), wearing: () => undefined, listen, settings };
    });
    this.#listeners = await openListeners(
      [...this.meters.map((meter) => listeningOf(meter, this.#clock)), ...revenue, ...plain],
      this.#real,
      this.#folder,
    );
    for (const meter of this.revenueMeters) meter.start();
    this.#running = true;
    this.#start = this.#clock.elapsed();
    this.#schedule();
    if (this.#clock instanceof PacedClock) this.#clock.run();
  }

  #schedule(): void {
    this.#beat++;
    // Each beat is timed from the start, so that late ones do not add up.
    const due = this.#start + this.#beat * HEARTBEAT_MS - this.#clock.elapsed();
    this.#clock.after(due, () => {
      if (!this.#running) return;
      const now = this.#clock.elapsed();
      for (const { instrument } of this.meters) instrument.advance(now);
      for (const meter of this.revenueMeters) meter.catchUp(now);
      // On a fast clock a journal transaction every virtual second would be all that happens.
      const real = this.#real.elapsed();
      if (real - this.#committed >= 0.9 * HEARTBEAT_MS || !(this.#clock instanceof PacedClock)) {
        this.#committed = real;
        this.#commit();
      }
      this.#refusals.beat();
      for (const run of this.#heartbeats) run();
      this.#schedule();
    });
  }

  #commit(): void {
    const before = this.store.trouble;
    this.store.commit();
    const { trouble, place } = this.store;
    if (trouble !== undefined && before === undefined)
      this.#refusals.told(`${place} cannot be written (${trouble}); what changes is kept in memory until it can`);
    if (trouble === undefined && before !== undefined) this.#refusals.told(`${place} is written again`);
  }

  async stop(): Promise<void> {
    this.#running = false;
    if (this.#clock instanceof PacedClock) this.#clock.stop();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    for (const { instrument } of this.meters) instrument.close();
    for (const meter of this.revenueMeters) meter.stop();
    this.store.close();
  }
}

function listeningOf({ instrument, registers, listen }: SiteMeter, clock: Clock): Listening {
  return {
    name: instrument.name,
    unit: registers,
    wearing(name) {
      const face = modelNamed(name);
      return face === undefined ? undefined : new RegisterMap(face.modbus, instrument, { options: new Set(), clock });
    },
    listen,
    settings: {
      address: instrument.setting("address"),
      baud: instrument.setting("baud"),
      parity: instrument.setting("parity"),
    },
  };
}

/** Refusals between two heartbeats that are told one by one. */
const TOLD = 5;

/** What peers were refused, so rationed that none of them can flood whoever listens. */
class Refusals {
  told: (why: string) => void = () => {};
  #count = 0;

  add(meter: string, why: string): void {
    this.#count++;
    if (this.#count <= TOLD) this.told(`${meter}: refused a ${why}`);
  }

  beat(): void {
    if (this.#count > TOLD) this.told(`and ${this.#count - TOLD} more writes were refused`);
    this.#count = 0;
  }
}

/** Reads a site file and makes its meters; throws an Error that says what is wrong and where. */
export function loadSite(file: string): Site {
  const folder = folderOf(file);
  const described = parseSite(file, readText(file));
  const finished = (): boolean =>
    [...meters.map(({ instrument }) => instrument), ...revenueMeters].every(({ source }) => source.ended);
  const clock = clockOf(described, finished);
  const store = openStore(described, file);
  const notices: string[] = [];
  const meters: SiteMeter[] = [];
  const revenueMeters: JemStar[] = [];
  const refusals = new Refusals();
  const makeAll = (): void => {
    for (const entry of described.meters) {
      const model = revenueModelNamed(entry.model);
      if (model === undefined) meters.push(loadMeter(entry, { file, folder, clock, store, notices, refusals }));
      else {
        const meter = new JemStar({
          entry,
          model,
          folder,
          clock,
          store: store.drawer(entry.name),
          ports: entry.listen.map(({ modbus }) => ({
            protocol: "modbus",
            transport: modbus,
            port: modbus === "rtu" ? "serial" : "ethernet",
          })),
          source: (how) => makeSource(entry.source, { folder, start: clock.utc(), ...how }),
          refused: () => {},
        });
        notices.push(...meter.notices);
        revenueMeters.push(meter);
      }
    }
  };
  try {
    store.together(makeAll);
    // Damage shows when a record is asked for.
    notices.unshift(...store.complaints);
  } catch (error) {
    store.close();
    throw error;
  }
  return new Site({ file: described, folder, clock, store, meters, revenueMeters, notices, refusals });
}

function clockOf({ clock, meters }: SiteFile, finished: () => boolean): Clock {
  if (clock === undefined || (clock.start === undefined && clock.speed === 1)) return new SystemClock();
  const start =
    clock.start === undefined ? new SystemClock().utc() : Temporal.Instant.from(clock.start).epochMilliseconds;
  // Only recordings end; a site of other sources goes on until it is stopped.
  const recorded = meters.every(({ source }) => source.recording?.loop === false);
  return new PacedClock(start, clock.speed, recorded ? finished : () => false);
}

function openStore({ store }: SiteFile, file: string): Store {
  if (store === ":memory:") return new MemoryStore();
  const folder = resolvePath(folderOf(file), store ?? `${file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "")}.data`);
  const stamp = Temporal.Instant.fromEpochMilliseconds(new SystemClock().utc()).toString().replaceAll(/[:.]/g, "-");
  return new SqliteStore(folder, stamp);
}

interface LoadContext {
  readonly file: string;
  readonly folder: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly notices: string[];
  readonly refusals: Refusals;
}

function loadMeter(entry: SiteFile["meters"][number], context: LoadContext): SiteMeter {
  const { file, folder, clock, store, notices, refusals } = context;
  const model = modelNamed(entry.model);
  if (model === undefined) throw new FileError(file, [`meters.${entry.name}.model: there is no ${entry.model}`]);
  const { values } = settingsOf(entry);
  const systemType = values.get("systemType") ?? model.instrument.settings.systemType?.default ?? NaN;
  const drawer = store.drawer(entry.name);
  const source = makeSource(entry.source, {
    folder,
    sampling: model.instrument.sampling,
    wiring: model.instrument.wirings[systemType] ?? "wye",
    start: clock.utc(),
  });
  const meter = makeMeter({
    name: entry.name,
    model,
    source,
    clock,
    store: drawer,
    serial: entry.serial,
    firmware: entry.firmware,
    logging: entry.options.logging,
    clockDriftPpm: entry.clockDrift,
    refused: (why) => refusals.add(entry.name, why),
  });
  notices.push(...meter.instrument.complaints.map((complaint) => `${entry.name}: ${complaint}`));
  const { refused, applied, differing } = applySettings(meter, drawer, values);
  if (refused !== undefined) throw new FileError(file, [`meters.${entry.name}.${refused}`]);
  if (!applied && differing.length > 0) {
    const kept = differing.map((name) => `${name} = ${meter.instrument.setting(name as never)}`).join(", ");
    notices.push(`${entry.name}: keeps what was set on the meter since the file was last read: ${kept}`);
  }
  return { ...meter, listen: entry.listen };
}
