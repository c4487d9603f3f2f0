/** Revenue meters of a site: a configuration file, a meter, its Modbus points, and what applying another file does. */
import { SystemClock } from "#clock/system-clock.ts";
import type { Steps } from "#io/turn.ts";
import { standingEnergies } from "./standing-energies.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import type { Origin } from "#quantity/log.ts";
import type { Observation } from "#quantity/observation.ts";
import type { Hardware } from "#revenue/people/hardware.ts";
import { A_DAY, type SecurityLog } from "#revenue/people/security-log.ts";
import { measuredOf, samplingOf, type Ordered } from "#revenue/settings/model-number.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Applied, RevenueMeterOptions } from "#revenue/revenue-options.ts";
import { carryRecords } from "#revenue/earlier-memory.ts";
import type { Terminals } from "#revenue/supply.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import { Armed, wearBattery } from "./armed.ts";
import { Authority } from "./authority.ts";
import type { Commanded } from "./commanded.ts";
import { showFound } from "./sensing.ts";
import { appliedOf, differences, type Differences } from "./configuration-changes.ts";
import { configurationOf, parseRevenueFile } from "./configuration-file.ts";
import { FILE_KEY, KEY, keptOf, putOther } from "./configuration-kept.ts";
import { readSent } from "./configuration-sent.ts";
import { ConfigurationHistory } from "#product/configuration-history.ts";
import { noteConfiguration } from "./configuration-noted.ts";
import { masterMarks } from "./dnp3-binding.ts";
import { anew, delivered, displayOf, keepLayout, type GoingOn, type JemStarOptions } from "./delivered.ts";
import { filesOf, writesFiles } from "./files-of-meter.ts";
import type { MeterFiles } from "./files/meter-files.ts";
import { InputWatch } from "./input-watch.ts";
import type { FileTransfer } from "./file-transfer.ts";
import { transferOf } from "./transfer-of-meter.ts";
import { MemoryDamage } from "./memory-damage.ts";
import { Ports } from "./ports.ts";
import { type Passwords, withoutPasswords, type PasswordWork } from "./passwords.ts";
import type { Secrets } from "./secrets.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { Marks } from "#product/marks.ts";
import { forgetErased } from "./erased-marks.ts";
import { bootFirmware } from "./upgrades.ts";
import { servedTime, TimeSource, type TimeServed } from "./time-source.ts";

const people = new SystemClock();

export class JemStar implements Commanded {
  readonly name: string;
  readonly model: RevenueModel;
  readonly ordered: Ordered;
  readonly modelNumber: string;
  readonly serial: string;
  readonly ports: Ports;
  /** What whoever starts the site should know. */
  readonly notices: string[];
  readonly source: Source;
  readonly hardware: Hardware;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
  readonly marks: Marks;
  rebooting = false;
  readonly history: ConfigurationHistory;
  readonly authority: Authority;
  readonly armed: Armed;
  /** Pushes its files. */
  readonly transfer: FileTransfer;
  readonly #damage: MemoryDamage;
  readonly terminals: Terminals;
  /** What its triggers left, and its measurement log, as files. */
  readonly files: MeterFiles;
  /** Who is to know of its inputs at once. */
  readonly inputs: InputWatch;
  readonly #options: JemStarOptions;
  readonly #time: TimeSource;
  #started = false;
  #file: RevenueFile;
  #meter: RevenueMeter;
  #epoch = 0;
  #masterMarks: Marks | undefined;

  /** Throws an Error that says what is wrong with the model number or the configuration. */
  constructor(options: JemStarOptions) {
    const { entry, model, clock, store } = options;
    this.#options = options;
    this.name = entry.name;
    this.model = model;
    this.serial = entry.serial ?? "";
    const { modelNumber, ordered, hardware, secrets, starting, foreign, earlier, notices } = delivered(options);
    this.modelNumber = modelNumber;
    this.ordered = ordered;
    this.hardware = hardware;
    this.secrets = secrets;
    this.passwords = starting.passwords;
    this.#file = starting.file;
    this.notices = notices;
    this.marks = new Marks(store);
    this.history = new ConfigurationHistory(store);
    this.#damage = new MemoryDamage(store);
    this.inputs = new InputWatch(clock, this);
    const { real = people } = options;
    this.armed = new Armed(() => real.elapsed());
    this.ports = new Ports(options.ports, this.ordered, {
      communications: () => this.#file.communications,
      elapsed: () => real.elapsed(),
    });
    const wiring = this.#file.primary.connection === "3 wire delta" ? "two-element" : "wye";
    this.source = options.source({ sampling: samplingOf(this.ordered), wiring });
    const auxiliaryFirst = ordered.options.has("EAP");
    this.terminals = { auxiliaryFirst, auxiliary: entry.auxiliary ?? auxiliaryFirst, failed: false };
    this.#time = new TimeSource({
      clock,
      settings: () => this.#file.timekeeping,
      changed: (utc) => void (this.#meter.timeServer = utc),
    });
    // By the zone that it had when it kept them.
    if (earlier && starting.before !== undefined) carryRecords(store, configurationOf(starting.before));
    const now = { elapsed: clock.elapsed(), utc: clock.utc() };
    const { applied, before } = starting;
    if (applied === undefined || before === undefined) {
      this.#meter = this.#make(foreign ? anew : undefined, { ...now, earlier });
    } else {
      // It has been without power as the meter that it was; then it is configured otherwise.
      this.#file = before;
      this.#meter = this.#make(undefined, { ...now, earlier });
      this.#meter.settle();
      this.#file = starting.file;
      this.#meter = this.#make(applied, now);
      noteConfiguration(this, before, applied.by, starting.noted);
    }
    this.files = filesOf(this, store);
    if (foreign || applied?.measurementLog === true) this.files.configured(true);
    // People log in by their own time, however fast the site's goes.
    this.authority = new Authority(this, () => real.elapsed());
    this.transfer = transferOf(this, { real, store });
    this.notices.push(...this.ports.notices);
    // It had no power while the process did not run.
    if (starting.again && this.hardware.battery === "dead") this.#forget();
    store.holds(KEY, () => keptOf(this.file));
    putOther(store, FILE_KEY, starting.meant);
    keepLayout(store);
    this.#damage.tell(this.#meter);
    bootFirmware(this);
    this.#keep();
  }

  /** Where it keeps what it must not forget. */
  get store(): MeterStore {
    return this.#options.store;
  }

  get meter(): RevenueMeter {
    return this.#meter;
  }

  /** Where masters of DNP3 have come to in its freezes: of a meter that none polls there is nothing to hold. */
  get masterMarks(): Marks {
    return (this.#masterMarks ??= new Marks(this.store, masterMarks));
  }

  /** The configuration, without what is secret. */
  get file(): RevenueFile {
    return this.#file;
  }

  /** Grows when a configuration is applied. */
  get epoch(): number {
    return this.#epoch;
  }

  get unkept(): string | undefined {
    return this.#options.store.trouble;
  }

  get isFailing(): boolean {
    return this.hardware.failures.length > 0 || this.#damage.isThere;
  }

  get securityLog(): SecurityLog {
    return this.authority.log;
  }

  get speaksDlms(): boolean {
    return this.ports.view.some(({ protocol }) => protocol === "dlms");
  }

  get isMid(): boolean {
    return this.hardware.sealed;
  }

  /** Hands the configuration to the store with the memory that belongs to it: what is found after a kill goes together. */
  #keep(): void {
    this.#meter.save();
    putOther(this.#options.store, KEY, keptOf(this.file));
  }

  #make(
    applied: Applied | undefined,
    now: Pick<RevenueMeterOptions, "elapsed" | "utc" | "earlier" | "last" | "line">,
  ): RevenueMeter {
    const meter = new RevenueMeter({
      name: this.name,
      source: this.source,
      ...now,
      store: this.#options.store,
      configuration: configurationOf(this.#file),
      transformers: this.#options.entry.transformers,
      driftPpm: this.#options.entry.clockDrift,
      ...measuredOf(this.ordered),
      standing: standingEnergies(this.ordered),
      quality: this.#options.quality,
      recording: this.#options.recording,
      observe: (observation) => this.#observe(observation),
      timeServer: this.#time.utc,
      terminals: this.terminals,
      inputChanged: (change) => this.inputs.take(change),
      gains: this.hardware.gains,
      // In test mode nobody is answered there.
      opticalTalks: () => this.ports.talks("optical") && !this.#meter.testMode.on,
      survives: () => this.hardware.battery !== "dead",
      display: () => displayOf(this.ports, this.hardware),
      applied,
    });
    showFound(meter.status, this);
    forgetErased(applied, this);
    return meter;
  }

  /** A trigger is over, and what it recorded. */
  #observe(observation: Observation): void {
    if (writesFiles(this.ordered)) this.files.take(observation);
    this.#options.observe?.(observation);
  }

  /** Time servers can be reached, or not. */
  reachTimeServer(reached: boolean): void {
    this.#time.reached = reached;
  }

  start(): void {
    this.#started = true;
    this.files.start();
    this.#time.start();
    this.transfer.start();
  }

  /** An orderly end: what has gone by until now is counted. Another of its name may take its place. */
  stop(isReplaced = false): void {
    this.#time.stop();
    this.transfer.stop();
    this.catchUp();
    this.inputs.stop();
    this.#meter.finish(isReplaced ? "configuration" : "stop");
    this.files.stop();
  }

  // ── what the authority has decided ──────────────────────────────────────────────────────────────────────────────

  read(text: string): Steps<RevenueFile> {
    return readSent(text, this);
  }

  get factoryUsers(): RevenueFile["users"] {
    return withoutPasswords(parseRevenueFile("the factory's configuration", "", this.ordered)).users;
  }

  change(found: Differences, origin: Origin, work: PasswordWork, undoes?: number): void {
    const passwords = this.passwords.take(found.next.users, work);
    const { words: consequences } = found;
    this.#replace(found.next, appliedOf(found, origin), { utc: this.#meter.utc, passwords, consequences, undoes });
  }

  resetUsers(origin: Origin): void {
    const found = differences(this.#file, { ...this.#file, users: this.factoryUsers });
    const passwords = this.passwords.reset();
    this.#replace(found.next, appliedOf(found, origin), { utc: this.#meter.utc, passwords });
  }

  setPassword(user: string, password: string, origin: Origin, work: PasswordWork): void {
    const { users } = this.#file;
    const sent = users.map((one) => (one.name === user ? { ...one, password } : one));
    const changed = this.passwords.take(sent, work);
    this.#keep();
    this.securityLog.note("password changed", origin, { who: user, aDay: A_DAY });
    this.authority.applied(users, changed);
  }

  /** Goes on with another configuration, of whose users some have another password. */
  #replace(next: RevenueFile, applied: Applied, goingOn: GoingOn): void {
    const { utc, passwords } = goingOn;
    const before = this.#file;
    this.#epoch++;
    this.#meter.settle();
    const isLogErased = applied.measurementLog === true || applied.erased !== undefined;
    // By the configuration that it was recorded by.
    if (isLogErased && applied.erased === undefined) this.files.endLog();
    this.#file = withoutPasswords(next);
    const { elapsed, window, line } = this.#meter;
    // Not the window: it holds on to the meter that it is of, and that one to the one before.
    const last = applied.erased === undefined ? { seconds: window.seconds, average: window.average } : undefined;
    this.#meter = this.#make(applied, { elapsed, utc, last, line });
    if (applied.erased !== undefined) this.files.erase();
    this.files.configured(isLogErased);
    noteConfiguration(this, before, applied.by, goingOn);
    this.#keep();
    this.authority.applied(before.users, passwords);
    this.transfer.changed();
    if (this.#started) this.#time.start();
  }

  timeServed(): TimeServed {
    return servedTime(this.#meter, this.#options.clock.elapsed(), this.#time);
  }

  /** Whether there is something to do at an elapsed time that nobody asks for. */
  isDue(elapsed: number): boolean {
    return elapsed >= this.#meter.due;
  }

  /** Works off what has gone by: what comes now comes at its own time, not at the next beat's. */
  catchUp(elapsed = this.#options.clock.elapsed()): void {
    this.authority.sessions.sweep();
    this.#meter.advance(elapsed);
    this.#damage.tell(this.#meter);
    if (this.#meter.forgetful) this.#forget();
    this.armed.fire(this);
    wearBattery(this);
    if (this.#meter.powered) this.files.look();
    this.inputs.tell();
  }

  testTransfer(): string | undefined {
    return this.transfer.test();
  }

  /** Takes a file from the shelf; false where there is none of the name. */
  removeFile(name: string): boolean {
    return this.files.shelf.remove(name);
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
    this.armed.fire(this);
  }

  /** Clock and memory had no supply: the clock begins in 1970. */
  #forget(): void {
    this.#erase("powered up with a dead battery", { by: "automatic" }, 0);
  }

  #erase(erased: Applied["erased"], by: Origin, utc: number): void {
    const factory = parseRevenueFile("the factory's configuration", "", this.ordered);
    this.secrets.erase();
    const applied = { by, registers: true, profiles: true, pulses: true, erased };
    this.#replace(factory, applied, { utc, passwords: this.passwords.reset() });
  }
}
