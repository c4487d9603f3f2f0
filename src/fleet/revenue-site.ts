/** Revenue meters of a site: a configuration file, a meter, its Modbus points, and what applying another file does. */
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { readText, resolvePath } from "#io/file.ts";
import { hashPassword, passwordMatches, randomToken } from "#io/password.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import { PointUnit, type PointSource } from "#protocol/modbus/point-unit.ts";
import { Hardware } from "#revenue/hardware.ts";
import { columnsOf, level, levelColumn, primaryFactor, sumOf } from "#revenue/measure.ts";
import { parseModelNumber, startingCurrent, type Ordered } from "#revenue/model-number.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import { Security, type User } from "#revenue/security.ts";
import { systemBit, type SystemBit } from "#revenue/status-word.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import { crc32 } from "#wire/crc32.ts";
import { configurationOf, factoryText, parseRevenueFile, privilegesFor } from "./revenue-file.ts";
import type { ModbusPoints, RevenueFile, StatusPoint } from "./revenue-schema.ts";
import type { ListenEntry, MeterEntry } from "./site-schema.ts";
import { makeSource } from "./sources.ts";

const people = new SystemClock();

/** Where the configuration is kept that was applied last; the site file's is applied when it has changed. */
const KEY = "configuration";
const FILE_KEY = "configuration-file";

/** Why a meter does not do what people want of it. */
export const NO_POWER = "the meter has no power";

export interface RevenueSiteOptions {
  readonly entry: MeterEntry;
  readonly model: RevenueModel;
  readonly folder: string;
  readonly clock: Clock;
  readonly store: MeterStore;
}

export class RevenueSite {
  readonly name: string;
  readonly model: RevenueModel;
  readonly ordered: Ordered;
  readonly modelNumber: string;
  readonly serial: string;
  readonly listen: readonly ListenEntry[];
  readonly source: Source;
  readonly unit: PointUnit;
  readonly hardware: Hardware;
  readonly security: Security;
  readonly #options: RevenueSiteOptions;
  #file: RevenueFile;
  #meter: RevenueMeter;

  /** Throws an Error that says what is wrong with the model number or the configuration. */
  constructor(options: RevenueSiteOptions) {
    const { entry, model, folder, clock, store } = options;
    this.#options = options;
    this.name = entry.name;
    this.model = model;
    this.serial = entry.serial ?? "";
    this.modelNumber = entry.modelNumber ?? model.modelNumber;
    this.ordered = parseModelNumber(this.modelNumber);
    this.listen = entry.listen;
    portsFor(entry.listen, this.ordered);
    const file = entry.configuration === undefined ? undefined : resolvePath(folder, entry.configuration);
    const given = file === undefined ? factoryText(this.ordered) : readText(file);
    const read = (name: string, text: string): RevenueFile => parseRevenueFile(name, text, this.ordered);
    const fromFile = read(file ?? `the configuration of ${entry.name}`, given);
    // As with settings: the file counts at the first start and when it has changed; otherwise what was applied since.
    const seen = textOf(store.get(FILE_KEY));
    const kept = textOf(store.get(KEY));
    this.#file =
      seen === given && kept !== undefined ? read(`the stored configuration of ${entry.name}`, kept) : fromFile;
    const sampling = { perCycle: 512 };
    const wiring = this.#file.primary.connection === "3 wire delta" ? "two-element" : "wye";
    this.source = makeSource(entry.source, { folder, sampling, wiring, start: clock.utc() });
    const changed = seen !== undefined && seen !== given;
    const before = kept === undefined ? this.#file : read(`the stored configuration of ${entry.name}`, kept);
    const { options: ordered } = this.ordered;
    // There is a board for power quality where that was ordered.
    const pq = [...ordered].some((one) => one.startsWith("PQ")) ? { pq: model.firmware.metrology } : {};
    this.hardware = new Hardware(store, { firmware: { ...model.firmware, ...pq }, sealed: ordered.has("MID") });
    this.#meter = this.#make(changed ? changesOf(before, this.#file, "the site file") : undefined, {
      elapsed: clock.elapsed(),
      utc: clock.utc(),
    });
    this.#file = { ...this.#file, users: hashed(this.#file.users, before.users) };
    // It had no power while the process did not run.
    if (kept !== undefined && this.hardware.battery === "dead") this.#forget();
    this.security = new Security({
      users: () => this.#file.users.map((one) => ({ ...one, password: one.password ?? "factory" })),
      matches: passwordMatches,
      token: randomToken,
      // People log in by their own time, however fast the site's goes.
      elapsed: () => people.elapsed(),
      log: (what, by) => this.#meter.log.add("security", what, by),
      hardware: this.hardware,
      mid: this.isMid,
    });
    store.put(FILE_KEY, new TextEncoder().encode(given));
    this.#keep();
    const { countersFrom, analogsFrom } = this.#file.modbus;
    this.unit = new PointUnit(this.#points(), { counters: countersFrom - 40_001, analogs: analogsFrom - 30_001 });
  }

  get meter(): RevenueMeter {
    return this.#meter;
  }

  /** The configuration, without what is secret. */
  get file(): RevenueFile {
    return { ...this.#file, users: this.#file.users.map(({ name, privileges }) => ({ name, privileges })) };
  }

  get isMid(): boolean {
    return this.ordered.options.has("MID");
  }

  /** Puts the configuration on disk with the memory that belongs to it: what is found after a kill goes together. */
  #keep(): void {
    this.#meter.save();
    this.#options.store.keep(KEY, new TextEncoder().encode(JSON.stringify(this.#file)));
  }

  #make(applied: Applied | undefined, now: { readonly elapsed: number; readonly utc: number }): RevenueMeter {
    const meter = new RevenueMeter({
      name: this.name,
      source: this.source,
      ...now,
      store: this.#options.store,
      configuration: configurationOf(this.#file),
      checksum: crc32,
      transformers: this.#options.entry.transformers,
      startingCurrent: startingCurrent(this.ordered.amps),
      driftPpm: this.#options.entry.clockDrift,
      hz: this.ordered.hz,
      timeServer: this.#timeServer,
      applied,
    });
    meter.status.condition("battery", this.hardware.batteryWarning);
    return meter;
  }

  /** The site's own clock stands for the time server. */
  get #timeServer(): (elapsed: number) => number {
    const { clock } = this.#options;
    return (elapsed) => clock.utc() - (clock.elapsed() - elapsed);
  }

  /** A time server that can be reached, or not. */
  reachTimeServer(reached: boolean): void {
    this.#meter.timeServer = reached ? this.#timeServer : undefined;
  }

  /** What applying a configuration would begin anew, in words. */
  consequences(text: string): readonly string[] {
    const next = parseRevenueFile("the configuration", text, this.ordered);
    return wordsOf(changesOf(this.#file, next, ""));
  }

  /**
   * Applies a configuration; throws SiteError, and changes nothing, when there is something wrong with it, or a text when the user
   * may not change what it changes.
   */
  apply(text: string, user: User): { readonly consequences: readonly string[] } | { readonly barred: string } {
    const parsed = parseRevenueFile("the configuration", text, this.ordered);
    const next = { ...parsed, users: hashed(parsed.users, this.#file.users) };
    const barred = this.security.bars(user, privilegesFor(this.#file, next));
    if (barred !== undefined) return { barred };
    if (!this.#meter.powered) return { barred: NO_POWER };
    const applied = changesOf(this.#file, next, user.name);
    this.#file = next;
    this.#replace(applied, this.#meter.utc);
    return { consequences: wordsOf(applied) };
  }

  #replace(applied: Applied, utc: number): void {
    this.#meter.save();
    this.#meter = this.#make(applied, { elapsed: this.#meter.elapsed, utc });
    this.#keep();
  }

  /** Works off what has gone by: what comes now comes at its own time, not at the next beat's. */
  catchUp(): void {
    this.#meter.advance(this.#options.clock.elapsed());
  }

  /** Back to the factory's configuration, with nothing registered. */
  coldStart(by: string): void {
    this.#erase("cold start", by, this.#meter.utc);
  }

  /** Power is back; what the battery kept is there if it was not dead. */
  powerUp(): void {
    if (this.#meter.powered) return;
    if (this.hardware.battery === "dead") this.#forget();
    else this.#meter.powerUp();
  }

  /** Clock and memory had no supply: the clock begins in 1970. */
  #forget(): void {
    this.#erase("powered up with a dead battery", "automatic", 0);
  }

  #erase(erased: Applied["erased"], by: string, utc: number): void {
    this.#file = parseRevenueFile("the factory's configuration", factoryText(this.ordered), this.ordered);
    this.#replace({ by, registers: true, profiles: true, pulses: true, erased }, utc);
  }

  #points(): PointSource {
    const modbus = () => this.#file.modbus;
    const meter = () => this.#meter;
    const io = () => meter().periphery.io;
    const statusBit = (name: SystemBit): boolean => ((meter().status.bits >> (systemBit[name] - 1)) & 1) === 1;
    const status: Readonly<Record<StatusPoint, () => boolean>> = {
      voltsA: () => (meter().window.average[levelColumn(0, level.v)] ?? 0) > 0,
      voltsB: () => (meter().window.average[levelColumn(1, level.v)] ?? 0) > 0,
      voltsC: () => (meter().window.average[levelColumn(2, level.v)] ?? 0) > 0,
      clockSync: () => statusBit("timeSyncLost"),
      battery: () => statusBit("battery"),
      generalFailure: () => statusBit("generalFailure"),
      configuration: () => statusBit("configurationChange"),
      testMode: () => meter().testMode.on,
    };
    const isOn = (point: ModbusPoints["binaries"][number]): boolean => {
      if ("input" in point) return io().isClosed(point.input);
      return "trigger" in point ? meter().periphery.triggers.isAlarm(point.trigger) : status[point.status]();
    };
    return {
      get counters() {
        return modbus().counters.length;
      },
      get analogs() {
        return modbus().analogs.length;
      },
      get inputs() {
        return modbus().binaries.length;
      },
      outputs: 8,
      counter(place) {
        const point = modbus().counters[place];
        return point === undefined ? 0 : (meter().registers.show(point.register)?.value ?? 0) * point.scaling;
      },
      analog(place) {
        const point = modbus().analogs[place];
        return point === undefined ? 0 : sumOf(columnsOf(point.measure), meter().window.average) * point.scaling;
      },
      input(place) {
        const point = modbus().binaries[place];
        return point !== undefined && isOn(point);
      },
      output: (place) => io().isOutput(place + 1) && io().isClosed(place + 1),
      get presets() {
        return modbus().allowRegisterPresets;
      },
      get control() {
        return modbus().allowOutputControl;
      },
      preset(values) {
        const wanted = [...values].map(([place, value]) => [modbus().counters[place], value] as const);
        if (wanted.some(([point]) => point === undefined || !meter().registers.presettable(point.register)))
          return false;
        return wanted.every(
          ([point, value]) => point !== undefined && meter().preset(point.register, value / point.scaling, "Modbus"),
        );
      },
      setOutputs(values) {
        if ([...values.keys()].some((place) => !io().isOutput(place + 1))) return false;
        return [...values].every(([place, closed]) => io().force(place + 1, closed));
      },
    };
  }

  /** An instantaneous value, primary. */
  now(measure: Parameters<typeof columnsOf>[0]): number {
    const { pt, ct } = this.#file.primary;
    return sumOf(columnsOf(measure), this.#meter.window.average) * primaryFactor(measure, pt, ct);
  }
}

/** Passwords as hashes; what is left out stays what it was, and a new user's is the factory's. */
function hashed(users: RevenueFile["users"], before: RevenueFile["users"]): RevenueFile["users"] {
  return users.map((user) => {
    const kept = before.find(({ name }) => name === user.name)?.password;
    if (user.password === undefined) return { ...user, password: kept ?? "factory" };
    const done = user.password === "factory" || user.password === kept || user.password.startsWith("scrypt$");
    return done ? user : { ...user, password: hashPassword(user.password) };
  });
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Which features begin anew (section Changing Meter Configurations). */
function changesOf(before: RevenueFile, after: RevenueFile, by: string): Applied {
  const differ = (...keys: readonly (keyof RevenueFile)[]): boolean =>
    keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const timing = before.profiles.some((profile, k) => profile.minutes !== after.profiles[k]?.minutes);
  return {
    by,
    registers: differ("registers", "demand", "selfRead", "primary") || timing,
    profiles: differ("profiles", "primary", "demand"),
    pulses: differ("io"),
  };
}

function wordsOf({ registers, profiles, pulses }: Applied): readonly string[] {
  const words: string[] = [];
  if (registers) words.push("display registers and self reads begin at zero");
  if (profiles) words.push("load profiles are erased");
  if (pulses) words.push("energy pulses begin at zero");
  return words;
}

/** Throws an Error for a listener on a port that was not ordered. */
function portsFor(listen: readonly ListenEntry[], { communication }: Ordered): void {
  listen.forEach(({ modbus }, k) => {
    const [ports, what] = modbus === "rtu" ? [["1B"], "serial ports"] : [["2A", "2B"], "Ethernet"];
    if (ports.some((port) => communication.has(port))) return;
    throw new Error(`listen[${k}]: ${modbus} needs ${what} (${ports.join(" or ")}), which was not ordered`);
  });
}
