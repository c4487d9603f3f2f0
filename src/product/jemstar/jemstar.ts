/** Revenue meters of a site: a configuration file, a meter, its Modbus points, and what applying another file does. */
import { SystemClock } from "#clock/system-clock.ts";
import { readText, resolvePath } from "#io/file.ts";
import { hashPassword, passwordMatches, randomToken } from "#io/password.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import { PointUnit } from "#protocol/modbus/point-unit.ts";
import type { Origin } from "#quantity/log.ts";
import { Hardware } from "#revenue/people/hardware.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { hasPowerQuality, parseModelNumber, startingCurrent, type Ordered } from "#revenue/settings/model-number.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import { carryRecords, EARLIER_LAYOUT } from "#revenue/earlier-memory.ts";
import { MEMORY_LAYOUT } from "#revenue/memory-layout.ts";
import { Security, type Privilege, type User } from "#revenue/people/security.ts";
import type { Terminals } from "#revenue/supply.ts";
import type { Source } from "#waveform/source.ts";
import { crc32 } from "#wire/crc32.ts";
import { changesOf, ratiosChange, rescaled, withRatios, wordsOf } from "./configuration-changes.ts";
import { configurationOf, parseRevenueFile, privilegesFor } from "./configuration-file.ts";
import { pointsOf } from "./modbus-points.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import type { DeviceOptions, PortUse } from "#product/product.ts";
import { TimeSource } from "./time-source.ts";

const people = new SystemClock();

/** Where the configuration is kept that was applied last; the site file's is applied when it has changed. */
const KEY = "configuration";
const FILE_KEY = "configuration-file";
const LAYOUT_KEY = "memory-layout";
const MEMORY_KEY = "memory";

/** Why a meter does not do what people want of it. */
export const NO_POWER = "the meter has no power";

export interface JemStarOptions extends DeviceOptions {
  readonly model: RevenueModel;
}

export class JemStar {
  readonly name: string;
  readonly model: RevenueModel;
  readonly ordered: Ordered;
  readonly modelNumber: string;
  readonly serial: string;
  readonly ports: readonly PortUse[];
  /** What whoever starts the site should know. */
  readonly notices: string[] = [];
  readonly source: Source;
  /** What answers on a serial port, and on Ethernet, which is shut in test mode. */
  readonly unit: PointUnit;
  readonly ethernet: PointUnit;
  readonly hardware: Hardware;
  readonly security: Security;
  readonly terminals: Terminals;
  readonly #options: JemStarOptions;
  readonly #time: TimeSource;
  #started = false;
  #file: RevenueFile;
  #meter: RevenueMeter;

  /** Throws an Error that says what is wrong with the model number or the configuration. */
  constructor(options: JemStarOptions) {
    const { entry, model, folder, clock, store } = options;
    this.#options = options;
    this.name = entry.name;
    this.model = model;
    this.serial = entry.serial ?? "";
    this.modelNumber = entry.modelNumber ?? model.modelNumber;
    this.ordered = parseModelNumber(this.modelNumber);
    this.ports = options.ports;
    portsFor(options.ports, this.ordered);
    const file = entry.configuration === undefined ? undefined : resolvePath(folder, entry.configuration);
    const given = file === undefined ? "" : readText(file);
    const read = (name: string, text: string): RevenueFile => parseRevenueFile(name, text, this.ordered);
    const fromFile = read(file ?? `the configuration of ${entry.name}`, given);
    // As with settings: the file counts at the first start and when it has changed; otherwise what was applied since.
    const seen = textOf(store.get(FILE_KEY));
    const earlier = textOf(store.get(LAYOUT_KEY)) === EARLIER_LAYOUT;
    const foreign = !earlier && this.#setAside();
    const kept = foreign ? undefined : textOf(store.get(KEY));
    this.#file =
      seen === given && kept !== undefined ? read(`the stored configuration of ${entry.name}`, kept) : fromFile;
    const sampling = { perCycle: 512 };
    const wiring = this.#file.primary.connection === "3 wire delta" ? "two-element" : "wye";
    this.source = options.source({ sampling, wiring });
    const changed = seen !== undefined && seen !== given;
    const before = kept === undefined ? this.#file : read(`the stored configuration of ${entry.name}`, kept);
    const { options: ordered } = this.ordered;
    // There is a board for power quality where that was ordered.
    const pq = [...ordered].some((one) => one.startsWith("PQ")) ? { pq: model.firmware.metrology } : {};
    this.hardware = new Hardware(store, { firmware: { ...model.firmware, ...pq }, sealed: ordered.has("MID") });
    const auxiliaryFirst = ordered.has("EAP");
    this.terminals = { auxiliaryFirst, auxiliary: entry.auxiliary ?? auxiliaryFirst, failed: false };
    this.#time = new TimeSource({
      clock,
      settings: () => this.#file.timekeeping,
      changed: (utc) => void (this.#meter.timeServer = utc),
    });
    const applied = foreign ? anew : changed ? changesOf(before, this.#file, { by: "the site file" }) : undefined;
    // By the zone that it had when it kept them.
    if (earlier) carryRecords(store, configurationOf(before));
    this.#meter = this.#make(applied, { elapsed: clock.elapsed(), utc: clock.utc(), earlier });
    this.#file = { ...this.#file, users: hashed(this.#file.users, kept === undefined ? [] : before.users) };
    // It had no power while the process did not run.
    if (kept !== undefined && this.hardware.battery === "dead") this.#forget();
    this.security = new Security({
      users: () => this.#file.users.map((one) => ({ ...one, password: one.password ?? "factory" })),
      matches: passwordMatches,
      token: randomToken,
      // People log in by their own time, however fast the site's goes.
      elapsed: () => people.elapsed(),
      log: (what, by) => this.#meter.log.add("security", what, { by }),
      limits: () => this.#file.security,
      hardware: this.hardware,
      mid: this.isMid,
    });
    store.put(FILE_KEY, new TextEncoder().encode(given));
    store.put(LAYOUT_KEY, new TextEncoder().encode(MEMORY_LAYOUT));
    this.#keep();
    const { countersFrom, analogsFrom } = this.#file.modbus;
    const at = { counters: countersFrom - 40_001, analogs: analogsFrom - 30_001 };
    const isDark = (): boolean => !this.#meter.powered;
    this.unit = new PointUnit(pointsOf(this), at, isDark);
    this.ethernet = new PointUnit(pointsOf(this), at, () => isDark() || this.#meter.testMode.on);
  }

  /** What an earlier version kept means something else now: it is kept aside, and the meter begins anew. */
  #setAside(): boolean {
    const { store, entry } = this.#options;
    if (store.get(KEY) === undefined || textOf(store.get(LAYOUT_KEY)) === MEMORY_LAYOUT) return false;
    for (const key of [KEY, MEMORY_KEY]) {
      const bytes = store.get(key);
      if (bytes !== undefined) store.keep(`${key}.earlier`, bytes);
    }
    this.notices.push(
      `${entry.name}: an earlier version kept its memory and configuration otherwise; they are put aside in the store (${KEY}.earlier, ${MEMORY_KEY}.earlier), and it begins anew with the site file's`,
    );
    return true;
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

  #make(
    applied: Applied | undefined,
    now: { readonly elapsed: number; readonly utc: number; readonly earlier?: boolean },
  ): RevenueMeter {
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
      powerQuality: hasPowerQuality(this.ordered),
      timeServer: this.#time.utc,
      terminals: this.terminals,
      gains: this.hardware.gains,
      survives: () => this.hardware.battery !== "dead",
      display: () => this.#display(),
      applied,
    });
    meter.status.condition("battery", this.hardware.batteryWarning);
    meter.status.condition("generalFailure", this.hardware.failures.length > 0);
    return meter;
  }

  /** What the meter's display says of its ports and its boards. */
  #display(): { readonly communication: string; readonly firmware: string } {
    const open = this.ports.map(({ port }) => `${port === "serial" ? "Serial" : "Ethernet"} Modbus`);
    const firmware = Object.entries(this.hardware.firmware).map(([board, version]) => `${board} ${version}`);
    return {
      communication: ["Optical ready", ...open.map((port) => `${port} ready`)].join("; "),
      firmware: firmware.join("; "),
    };
  }

  /** Time servers can be reached, or not. */
  reachTimeServer(reached: boolean): void {
    this.#time.reached = reached;
  }

  start(): void {
    this.#started = true;
    this.#time.start();
  }

  stop(): void {
    this.#time.stop();
    this.#meter.save();
  }

  /** What applying a configuration would begin anew, in words. */
  consequences(text: string): readonly string[] {
    return this.#wordsOf(parseRevenueFile("the configuration", text, this.ordered), { by: "" }).words;
  }

  #wordsOf(given: RevenueFile, by: Origin): { next: RevenueFile; applied: Applied; words: readonly string[] } {
    const next = rescaled(this.#file, given);
    const applied = changesOf(this.#file, next, by);
    const levels = JSON.stringify(next.triggers) !== JSON.stringify(given.triggers);
    const rescaling = levels ? ["levels of triggers are rescaled to the same primary values"] : [];
    return { next, applied, words: [...wordsOf(applied), ...rescaling] };
  }

  /**
   * Applies a configuration; throws FileError, and changes nothing, when there is something wrong with it, or a text when the user
   * may not change what it changes.
   */
  apply(text: string, user: User): { readonly consequences: readonly string[] } | { readonly barred: string } {
    return this.#change(parseRevenueFile("the configuration", text, this.ordered), user);
  }

  /** Sets the transformers' ratios at the front panel; what is in the way, or nothing. */
  setRatios(ratios: { readonly pt: number; readonly ct: number }, user: User): string | undefined {
    const next = withRatios(this.#file, ratios);
    if (!ratiosChange(this.#file, next)) return undefined;
    const done = this.#change(next, user, ["configurePrimary"]);
    return "barred" in done ? done.barred : undefined;
  }

  /** Gives all users back the names and passwords that the factory gave them. */
  resetUsers(user: User): string | undefined {
    const { users } = parseRevenueFile("the factory's configuration", "", this.ordered);
    const done = this.#change({ ...this.#file, users: users.map((one) => ({ ...one, password: "factory" })) }, user);
    return "barred" in done ? done.barred : undefined;
  }

  /** `wanted` is what it takes; what its sections take unless said. */
  #change(
    given: RevenueFile,
    user: User,
    wanted?: readonly Privilege[],
  ): { readonly consequences: readonly string[] } | { readonly barred: string } {
    const wished = { ...given, users: hashed(given.users, this.#file.users) };
    const barred = this.security.bars(user, wanted ?? privilegesFor(this.#file, wished));
    const { next, applied, words } = this.#wordsOf(wished, { by: user.name });
    if (barred !== undefined) return { barred };
    if (!this.#meter.powered) return { barred: NO_POWER };
    this.#file = next;
    this.#replace(applied, this.#meter.utc);
    return { consequences: words };
  }

  #replace(applied: Applied, utc: number): void {
    this.#meter.settle();
    this.#meter = this.#make(applied, { elapsed: this.#meter.elapsed, utc });
    this.#keep();
    if (this.#started) this.#time.start();
  }

  /** Works off what has gone by: what comes now comes at its own time, not at the next beat's. */
  catchUp(elapsed = this.#options.clock.elapsed()): void {
    this.#meter.advance(elapsed);
    if (this.#meter.forgetful) this.#forget();
  }

  /** Back to the factory's configuration, with nothing registered. */
  coldStart(by: Origin): void {
    this.#erase("cold start", by, this.#meter.utc);
  }

  /** The supply fails, or works again; what is at the auxiliary terminals comes, or goes. */
  supply({ failed = this.terminals.failed, auxiliary = this.terminals.auxiliary }: Partial<Terminals>): void {
    Object.assign(this.terminals, { failed, auxiliary });
    this.#meter.supplied();
    if (this.#meter.forgetful) this.#forget();
  }

  /** Clock and memory had no supply: the clock begins in 1970. */
  #forget(): void {
    this.#erase("powered up with a dead battery", { by: "automatic" }, 0);
  }

  #erase(erased: Applied["erased"], by: Origin, utc: number): void {
    this.#file = parseRevenueFile("the factory's configuration", "", this.ordered);
    this.#replace({ by, registers: true, profiles: true, pulses: true, erased }, utc);
  }

  /** An instantaneous value, primary. */
  now(measure: Parameters<typeof columnsOf>[0]): number {
    const { pt, ct } = this.#file.primary;
    return sumOf(columnsOf(measure), this.#meter.window.average) * primaryFactor(measure, pt, ct);
  }
}

/** Nothing of what was measured can be gone on from. */
const anew: Applied = {
  by: { by: "another version" },
  registers: true,
  profiles: true,
  pulses: true,
  erased: "memory of another version",
};

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

/** Throws an Error for a listener on a port that was not ordered. */
function portsFor(ports: readonly PortUse[], { communication }: Ordered): void {
  ports.forEach(({ transport, port }, k) => {
    const [needed, what] = port === "serial" ? [["1B"], "serial ports"] : [["2A", "2B"], "Ethernet"];
    if (needed.some((one) => communication.has(one))) return;
    throw new Error(`listen[${k}]: ${transport} needs ${what} (${needed.join(" or ")}), which was not ordered`);
  });
}
