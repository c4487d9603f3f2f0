/**
 * A revenue meter: from a source to registers, profiles and logs. What happens at a time happens on a whole minute of UTC, so it
 * goes from minute to minute, integrating what lies between in closed form; a year is one call to `advance`.
 *
 * Its parts: the clockwork (time, schedules, tariffs), the recorder (profiles, logs, self reads), the ledger (registers, demand,
 * billing) and the terminal side (supply, contacts, triggers); here they are put together, measured for, and told of power.
 */
import type { EventCounts, Origin } from "#quantity/log.ts";
import type { Alarm } from "#quantity/meter-surface.ts";
import type { CaptureCut, Captured } from "#quantity/captured.ts";
import type { TakeEnded } from "#quantity/quality-view.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { EventLog } from "#revenue/events/event-log.ts";
import { StatusWord, STATUS_STATE } from "#revenue/events/status-word.ts";
import { Integrals } from "#revenue/measuring/integrals.ts";
import type { Window } from "#revenue/measuring/window.ts";
import type { MeasurementLog } from "#revenue/log/measurement-log.ts";
import type { LoadProfile } from "#revenue/profile/load-profile.ts";
import type { Periphery } from "#revenue/contacts/periphery.ts";
import { itemOf, type ItemFacts } from "#revenue/registers/item-registers.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { SelfReads } from "#revenue/registers/self-reads.ts";
import { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Billing } from "./billing.ts";
import { Clockwork } from "./clockwork.ts";
import { factsOf } from "./facts.ts";
import { MeasuringSide } from "./measuring-side.ts";
import { Ledger } from "./ledger.ts";
import { LIFE_STATE, MeterLife } from "./meter-life.ts";
import { MeterMemory } from "./meter-memory.ts";
import { PowerSide } from "./power-side.ts";
import { Recorder } from "./recorder.ts";
import type { CapturePart, QualityInstrumentPart, RevenueMeterOptions } from "./revenue-options.ts";
import type { Supply } from "./supply.ts";
import { TerminalSide } from "./terminal-side.ts";
import { TEST_STATE, TestMode } from "./test-mode.ts";

/** So often at least what was measured is on disk: a process that is killed loses no more. */
const SAVE_MS = 1000;

export class RevenueMeter {
  readonly name: string;
  readonly configuration: RevenueConfiguration;
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly measurementLog: MeasurementLog;
  readonly log: EventLog;
  readonly status: StatusWord;
  readonly periphery: Periphery;
  readonly supply: Supply;
  readonly selfReads: SelfReads;
  readonly testMode: TestMode;
  readonly billing: Billing;
  /** Of a meter on which power quality is enabled. */
  readonly quality: QualityInstrumentPart | undefined;
  readonly #captures: CapturePart | undefined;
  readonly #memory: MeterMemory;
  readonly #measuring: MeasuringSide;
  readonly #clock: RevenueClock;
  readonly clockwork: Clockwork;
  readonly #recorder: Recorder;
  readonly ledger: Ledger;
  readonly #options: RevenueMeterOptions;
  readonly #life: MeterLife;
  readonly #power: PowerSide;
  /** Elapsed time at which it was saved last. */
  #savedAt = -Infinity;

  constructor(options: RevenueMeterOptions) {
    const { applied, configuration } = options;
    this.name = options.name;
    this.configuration = configuration;
    this.#options = options;
    const memory = new MeterMemory(options);
    this.#memory = memory;
    const integrals = new Integrals(memory);
    this.status = new StatusWord(memory.lasting("status", STATUS_STATE));
    const clock = new RevenueClock(options, this.status);
    this.#clock = clock;
    const age = (): number => this.#life.age;
    const settle = (): void => this.#measuring.end();
    const elapsed = (): number => clock.time.elapsed;
    this.#life = new MeterLife(memory.run("state", LIFE_STATE, NaN), elapsed);
    const register = (id: number): number => this.registers.value(id) ?? NaN;
    const ended: TakeEnded = (interval) => this.measurementLog.ended(interval);
    // What the meter before was recording may end with it: this one has it.
    const early: Captured[] = [];
    let take = (one: Captured): void => void early.push(one);
    const captured = (one: Captured): void => take(one);
    const terminal = new TerminalSide(options, { memory, integrals, clock, elapsed, register, ended, captured });
    const { periphery, quality, captures } = terminal;
    const { status } = this;
    const recorder = new Recorder(options, { memory, integrals, clock, status, periphery, quality, captures });
    take = (one) => recorder.observations.captured(one);
    early.forEach(take);
    const parts = { memory, integrals, clock, age, settle, quality };
    const ledger = new Ledger(options, {
      ...parts,
      recorder,
      communicated: (channel) => periphery.communicated.value(channel),
      item: (settings) => itemOf(settings, this.#facts()),
      closed: (interval) => this.clockwork.closed(interval),
    });
    const sides = { ...parts, recorder, ledger, terminal };
    this.#measuring = new MeasuringSide(options, {
      ...sides,
      powered: () => this.powered,
      supplied: () => this.supplied(),
    });
    this.registers = ledger.registers;
    this.billing = ledger.billing;
    this.profiles = recorder.profiles;
    this.measurementLog = recorder.measurementLog;
    this.log = recorder.log;
    this.selfReads = recorder.selfReads;
    this.periphery = periphery;
    this.supply = terminal.supply;
    this.quality = quality;
    this.#captures = captures;
    this.#recorder = recorder;
    this.ledger = ledger;
    this.clockwork = new Clockwork(options, sides);
    this.testMode = new TestMode({
      registers: ledger.registers,
      profiles: recorder.profiles,
      log: recorder.log,
      pulses: periphery.testPulses,
      ...parts,
      compensate: (on) => this.#measuring.compensate(on ? configuration.losses : undefined),
      timeoutMinutes: configuration.testMode.timeoutMinutes,
      state: memory.run("testMode", TEST_STATE),
    });
    for (const profile of this.profiles) profile.override(periphery.override);
    if (this.window.seconds > 0) ledger.registers.resume(this.window);
    integrals.begin();
    memory.fresh = () => this.#power.freshen();
    this.#measuring.begin();
    this.#power = new PowerSide(options, {
      ...sides,
      life: this.#life,
      clockwork: this.clockwork,
      measuring: this.#measuring,
      testMode: this.testMode,
      save: () => this.save(),
    });
    this.#power.begin(applied);
  }

  /** Local milliseconds since 1970. */
  get local(): number {
    return this.#clock.local;
  }

  get utc(): number {
    return this.#clock.utc;
  }

  /** The meter's clock: stamps of instants, and its zone. */
  get clock(): Pick<RevenueClock, "stamp" | "zone"> {
    return this.#clock;
  }

  /** Elapsed time that has been worked off. */
  get elapsed(): number {
    return this.#clock.time.elapsed;
  }

  get rate(): string {
    return this.clockwork.tariffs.rate ?? "none";
  }

  /** Averages of the last window, by column. */
  get window(): Window {
    return this.#measuring.window;
  }

  get powered(): boolean {
    return this.#power.isOn;
  }

  /** Power is back, and what the battery should have kept is lost. */
  get forgetful(): boolean {
    return this.#power.isForgetful;
  }

  /** Elapsed time at which something is to be done, whoever asks before; at once while its source says something else each time. */
  get due(): number {
    const { source } = this.#options;
    if (source.kind === "samples" || source.steady !== true) return this.elapsed;
    const boundary = this.#clock.time.when(this.clockwork.next(this.powered));
    const looked = this.periphery.lookAt(this.elapsed, this.powered);
    return Math.min(this.window.due, this.#savedAt + SAVE_MS, boundary, looked, this.elapsed + this.testMode.left);
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Works off everything up to `elapsed`. */
  advance(elapsed: number): void {
    while (this.elapsed < elapsed) {
      const next = this.clockwork.next(this.powered);
      const boundary = this.#clock.time.when(next);
      const looked = this.periphery.lookAt(this.elapsed, this.powered);
      const end = Math.min(elapsed, boundary, looked, this.elapsed + this.testMode.left);
      this.#measure(end);
      if (this.powered) this.testMode.pass();
      if (end < boundary) continue;
      // The instant itself, without the rounding of its way through elapsed time.
      this.#clock.time.utc = next;
      this.#measuring.end();
      this.clockwork.reach(next, this.powered);
      if (this.powered) this.#tend();
    }
    this.save();
  }

  /** Why something is not measured now, in words; undefined when all is, and of a meter without power. */
  get absence(): string | undefined {
    return this.#measuring.absence;
  }

  /** What it measures now is not sure: who samples for it says so. */
  get inDoubt(): boolean {
    return this.line?.feed.inDoubt === true;
  }

  /** The angle of a fundamental to the volts of the first element, degrees; undefined where it is not known. */
  angle(measure: Pick<Measure, "quantity" | "phase">): number | undefined {
    return this.#measuring.angles.of(measure, connections[this.configuration.primary.connection].neutral);
  }

  /** What its source's samples become; undefined of sources without. */
  get line(): MeasuringSide["line"] {
    return this.#measuring.line;
  }

  /** What is looked after at least once a minute. */
  #tend(): void {
    const off = this.#clock.sync.minute();
    if (off !== 0) this.setTime(this.utc + off, { by: "time server" });
  }

  #measure(until: number): void {
    const ms = until - this.elapsed;
    const known = this.#measuring.run(until);
    if (!known && this.powered) {
      for (const profile of this.profiles) profile.miss();
      this.measurementLog.miss();
    }
    this.#clock.time.elapsed = until;
    if (this.powered)
      this.periphery.pass(ms, (changes, past) => {
        if (changes.length > 0) this.#recorder.alarms(changes, this.#measuring.before(past));
      });
    this.#recorder.tick();
    this.#reach();
    if (until >= this.window.due) this.#measuring.end();
  }

  /** The contact at an input opens or closes; false for a channel that is no input. */
  setInput(channel: number, closed: boolean): boolean {
    if (!this.periphery.setInput(channel, closed, this.elapsed)) return false;
    this.#reach();
    return true;
  }

  /** A register of another meter was read now; undefined where it was silent. */
  communicated(channel: number, raw: number | undefined): void {
    if (!this.powered || this.periphery.communicated.take(channel, raw)) return;
    for (const profile of this.profiles) profile.unanswered(channel);
    this.measurementLog.unanswered(channel);
  }

  /** Elapsed time has come so far: what follows from the inputs that have changed with it. */
  #reach(): void {
    const changed = this.periphery.reach(this.elapsed, this.powered, this.registers.rate);
    if (changed === undefined) return;
    for (const profile of this.profiles) profile.override(this.periphery.override);
    this.registers.rate = this.clockwork.tariffs.rate;
    if (!changed.sync) return;
    this.ledger.demand.sync();
    if (this.#recorder.synchronised()) this.periphery.interval();
  }

  // ── what people and schedules do ────────────────────────────────────────────────────────────────────────────────

  /** Sets the clock. Intervals are cut; no energy is counted twice, or lost. */
  setTime(utc: number, origin: Origin): void {
    this.#measuring.end();
    const before = this.#clock.stamp();
    this.#recorder.timeSet(before, this.#clock.stamp(utc), origin);
    this.ledger.demand.cut();
    this.#clock.time.utc = utc;
    if (origin.by !== "time server") this.status.raise("manualTimeChange");
    this.clockwork.set(before.utc, utc);
  }

  /** Energies are measured otherwise from now on. */
  recalibrated(origin: Origin, details: Readonly<Record<string, number>>): void {
    this.#measuring.end();
    this.#recorder.mark("recalibration");
    this.log.add("calibration", "calibrated", origin, details);
  }

  /** The diagnostics have found something. */
  diagnosed(): void {
    this.#measuring.end();
    this.#recorder.mark("diagnostic");
  }

  /** What was measured so far is in the registers: another meter can go on. */
  settle(): void {
    this.#measuring.end();
    this.#recorder.observations.flush();
    this.save();
  }

  /** Nothing more comes, as it is configured otherwise or stopped: what is being recorded ends, and what has waited for it is handed out. */
  finish(why: Extract<CaptureCut, "configuration" | "stop">): void {
    this.#captures?.end(why);
    this.settle();
  }

  // ── power ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Goes on or off as the supply has it. */
  supplied(): void {
    this.#power.supplied();
  }

  /** A battery was replaced. */
  resetBattery(origin: Origin): void {
    this.#life.resetBattery();
    this.status.condition("battery", false);
    this.log.add("diagnostic", "battery reset", origin);
  }

  /** The time server is reached, or lost. */
  set timeServer(server: ((elapsed: number) => number) | undefined) {
    this.#clock.sync.server = server;
  }

  /** What keeps the clock now. */
  get timeSource(): string {
    return this.#clock.sync.source;
  }

  /** Milliseconds that it has been there for, with power or without. */
  get age(): number {
    return this.#life.age;
  }

  /** Milliseconds since power came; undefined without. */
  get poweredMs(): number | undefined {
    const since = this.#options.terminals?.poweredAt;
    return since === undefined ? undefined : this.elapsed - since;
  }

  /** The triggers in alarm, with when each began. */
  get alarms(): readonly Alarm[] {
    return this.periphery.triggers.active().map((one) => {
      const since = this.#recorder.alarmSince(one.id);
      return since === undefined ? one : { ...one, since: this.#clock.stamp(since) };
    });
  }

  get eventCounts(): EventCounts {
    return this.#recorder.counter.view;
  }

  #facts(): ItemFacts {
    const { billing, status, periphery } = this;
    const [clock, life, window, tariffs] = [this.#clock, this.#life, this.window, this.clockwork.tariffs];
    return factsOf(this.#options, { clock, tariffs, billing, life, status, periphery, window });
  }

  /** Hands everything to the next transaction of the store. */
  save(): void {
    this.#savedAt = this.elapsed;
    this.#memory.save();
  }
}
