/**
 * The instrument: from a source of samples or steps to registers that change together once a calculation cycle. It
 * is synchronous; the fleet calls `advance` and decides when the store commits.
 */
import { MeterClock } from "#clock/meter-clock.ts";
import type { Clock } from "#clock/clock.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Command, Identity, Meter, SettingRefusal } from "#quantity/interfaces.ts";
import type { Quantity } from "#quantity/quantity.ts";
import { logPointers, type Setting } from "#quantity/setting.ts";
import { wiringOf, type Wiring } from "#quantity/wiring.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import { alert, alertBits, eventsOf } from "./alerts.ts";
import { calendarRegisters } from "./calendar-registers.ts";
import { CommandQueue } from "./command-queue.ts";
import { Configuration, type Changes } from "./configuration.ts";
import type { CycleResult } from "./cycle-result.ts";
import { DataLog, logStatus } from "./data-log.ts";
import { Demand } from "./demand.ts";
import { EnergyRegisters } from "./energy-registers.ts";
import { formulas } from "./formulas.ts";
import { energy } from "./integrals.ts";
import type { InstrumentOptions } from "./instrument-options.ts";
import { Measurement } from "./measurement.ts";
import { NonVolatile } from "./non-volatile.ts";
import { closureFor, PulseOutputs } from "./pulse-output.ts";
import { ratings, type Exponents, type Ratings } from "./ratings.ts";

/** 2000-01-01T00:00:00: where the meter's own clock starts after a power failure (register 157). */
const CLOCK_START = 946_684_800_000;

/** Counts of starts and resets roll over after 32767. */
const COUNT_LIMIT = 32768;

export class Instrument implements Meter {
  readonly name: string;
  readonly identity: Identity;
  readonly design: InstrumentDesign;
  readonly source: Source;
  readonly clock: MeterClock;
  readonly dataLog: DataLog | undefined;
  /** What was wrong with what had been stored; each is reported once at the start. */
  readonly complaints: readonly string[];
  readonly #clock: Clock;
  readonly #configuration: Configuration;
  readonly #memory: NonVolatile;
  readonly #store: MeterStore;
  /** Those who wait to be told that what they asked for is done. */
  readonly #done: (() => void)[] = [];
  readonly #energies: EnergyRegisters;
  /** [energy resets, power-ups, pulse overrun latched]. */
  readonly #counts: Float64Array;
  readonly #maximum: Float64Array;
  /** How far the meter's clock was from the site's when it was set: what its battery keeps. */
  readonly #clockOffset: Float64Array;
  readonly #pulses: PulseOutputs;
  readonly #commands: CommandQueue;
  #measurement: Measurement;
  #demand: Demand;
  #cycleEnd: number;
  #cycles = 0;
  #revision = 0;
  #range = 0;
  #ratings: Ratings;
  #closureMs = NaN;
  /** The limits have changed since alerts were looked for. */
  #rangeStale = true;

  constructor(options: InstrumentOptions) {
    const { design, store, clock } = options;
    this.name = options.name;
    this.identity = options.identity;
    this.design = design;
    this.source = options.source;
    this.#clock = clock;
    this.#memory = new NonVolatile(store);
    this.#store = store;
    const run = (name: string, count: number, initial?: number) => this.#memory.run(name, count, initial);
    this.#energies = new EnergyRegisters(run, design.presettable);
    this.#counts = this.#memory.run("counts", 3);
    this.#maximum = this.#memory.run("demand.max", 6, NaN);
    this.#pulses = new PulseOutputs(design.pulseCounts, this.#energies.total, run);
    this.#commands = new CommandQueue(store, design.spacingMs);
    this.#clockOffset = run("clock", 1);
    const clockStart = design.clockBattery === true ? clock.utc() + (this.#clockOffset[0] ?? 0) : CLOCK_START;
    this.clock = new MeterClock(clock, clockStart, options.clockDriftPpm);
    this.#configuration = new Configuration(design, store, this.clock);
    const complaints = [this.#configuration.complaint, this.#memory.complaint];
    this.complaints = complaints.filter((text) => text !== undefined);
    if (options.logging) {
      this.dataLog = new DataLog({
        ...design.logger,
        store,
        memory: run,
        words: options.words,
      });
    }
    this.#cycleEnd = clock.elapsed() + design.calculationCycleMs;
    this.#measurement = this.#newMeasurement();
    this.#demand = new Demand(this.#measurement.integrals, this.#maximum, this.design.directional);
    this.#ratings = this.#newRatings();
    this.#rate();
    this.#powerUp();
  }

  #powerUp(): void {
    this.#counts[1] = (this.powerUps + 1) % COUNT_LIMIT;
    this.dataLog?.note(logStatus.clockReset | logStatus.interrupted);
    this.#memory.save();
  }

  #newMeasurement(): Measurement {
    const systemType = this.setting("systemType");
    const name = this.design.wirings[systemType];
    if (name === undefined) throw new Error(`${this.name}: system type ${systemType} has no wiring`);
    const { design, source } = this;
    return new Measurement({ design, source, wiring: wiringOf(name), total: this.#energies.total });
  }

  #newRatings() {
    return ratings(this.design, this.wiring, (name) => this.setting(name));
  }

  /** What follows from the ratings: scales, the pulse duration. */
  #rate(): void {
    this.#ratings = this.#newRatings();
    this.#measurement.nominalVolts = this.setting("systemVoltage");
    const fastest = Math.min(...this.design.pulse.closuresMs);
    this.#closureMs = this.#closure(this.setting("pulseEnergy")) ?? fastest;
    if (this.dataLog !== undefined) this.dataLog.page = this.setting("log.page");
    this.#rangeStale = true;
  }

  #closure(whPerPulse: number): number | undefined {
    return closureFor(this.theoreticalPower, whPerPulse, this.design.pulse);
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs every calculation cycle that ends at or before `elapsed`. */
  advance(elapsed: number): void {
    while (this.#cycleEnd <= elapsed) {
      this.#endCycle(this.#measurement.run(this.design.calculationCycleMs / 1000));
      this.#cycleEnd += this.design.calculationCycleMs;
    }
  }

  /** `other`: what was measured is not what it was in the cycle before. */
  #endCycle(other: boolean): void {
    const { calculationCycleMs } = this.design;
    this.#cycles++;
    const taken = this.#commands.take();
    for (const { what } of taken) {
      if (typeof what === "string") this.#execute(what);
      else this.#energies.preset(what, (name) => this.#measured(name));
    }
    const sync = this.#syncDemand;
    this.#syncDemand = false;
    const { lengthMs, subIntervals, whPerPulse, limits } = this.#ratings.cycle;
    const ended = this.#demand.cycle(calculationCycleMs, subIntervals, lengthMs, sync);
    if (this.#resetMaximum) this.#demand.resetMaximum();
    this.#resetMaximum = false;
    // The overrun latches until the energies are cleared.
    if (this.#pulses.cycle(whPerPulse, this.#closureMs, calculationCycleMs)) this.#counts[2] = 1;
    if (other || this.#rangeStale) this.#range = alertBits(this.result, this.wiring, limits);
    this.#rangeStale = false;
    if (ended) this.#log();
    // The log has just looked at the registers, and changed some of them.
    this.#revision++;
    this.#memory.save();
    this.#done.push(...taken.flatMap(({ done }) => done ?? []));
    // Nobody is told that something is done that cannot be kept.
    if (this.#done.length > 0 && this.#store.trouble === undefined) for (const done of this.#done.splice(0)) done();
  }

  #syncDemand = false;
  #resetMaximum = false;

  #log(): void {
    const stamp = calendarRegisters(this.clock.wall());
    const pointers = logPointers.map((name) => this.setting(name));
    const { dataLog } = this;
    if (dataLog === undefined) return;
    const settings = { page: this.setting("log.page"), mode: this.setting("log.mode"), pointers };
    dataLog.endSubInterval(settings, stamp, this.#netEnergy());
  }

  #netEnergy(): number {
    return this.energySinceClear(energy.whImport) - this.energySinceClear(energy.whExport);
  }

  // ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────

  obey(command: Command, done?: () => void): void {
    this.#commands.add(command, this.#clock.elapsed(), done);
  }

  preset(values: ReadonlyMap<Quantity, bigint>, done: () => void): void {
    this.#commands.addPreset(values, done);
  }

  #execute(command: Command): void {
    if (command === "clearEnergy") this.#clearEnergy();
    if (command === "newDemandSubInterval") this.#syncDemand = true;
    if (command === "resetMaxDemand") this.#resetMaximum = true;
    if (command === "resetLogging") this.dataLog?.reset(this.#netEnergy());
    if (command === "clearPulses") this.#pulses.clear();
    if (command === "resetDemand" || command === "restart") this.#demand.restart();
    if (command === "restart") this.#powerUp();
  }

  #clearEnergy(): void {
    this.#energies.clear();
    this.#counts[0] = (this.energyResets + 1) % COUNT_LIMIT;
    this.#counts[2] = 0;
    this.#pulses.rebase();
  }

  // ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────

  setting(name: Setting): number {
    return name === "powerUps" ? this.powerUps : this.#configuration.get(name);
  }

  /** Every setting that this meter has, by name. */
  settings(): Readonly<Record<string, number>> {
    return this.#configuration.all();
  }

  check(changes: Changes): SettingRefusal | undefined {
    return this.#configuration.check(changes);
  }

  change(changes: Changes): SettingRefusal | undefined {
    const refused = this.check(changes);
    if (refused !== undefined) return refused;
    const before = this.settings();
    let clockSet = false;
    this.#energies.keepShowing(
      (name) => this.#measured(name),
      () => (clockSet = this.#configuration.set(changes)),
    );
    if (clockSet) {
      this.#clockOffset[0] = this.clock.now() - this.#clock.utc();
      this.dataLog?.note(logStatus.clockChanged);
      this.dataLog?.clearNote(logStatus.clockReset);
    }
    const powerUps = changes.get("powerUps");
    if (powerUps !== undefined) {
      this.#counts[1] = powerUps;
      this.#memory.save();
    }
    this.#settled(before);
    this.#revision++;
    return undefined;
  }

  /** What a change of settings sets in motion. */
  #settled(before: Readonly<Record<string, number>>): void {
    const changed = (...names: readonly Setting[]): boolean =>
      names.some((name) => before[name] !== this.setting(name));
    if (changed("systemType")) {
      this.#measurement = this.#newMeasurement();
      this.#demand = new Demand(this.#measurement.integrals, this.#maximum, this.design.directional);
    }
    this.#rate();
    if (changed("pulseEnergy")) this.#pulses.rebase();
    if (changed("demandSubInterval", "demandSubIntervals")) this.#demand.restart();
    if (changed("demandSubInterval", "demandSubIntervals", "log.mode", ...logPointers)) {
      this.dataLog?.note(logStatus.interrupted);
    }
  }

  // ── readings ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Changes with every calculation cycle, change of settings and accepted command. */
  get cycle(): number {
    return this.#cycles + this.#revision;
  }

  /** What a formula makes of the integrals and the last cycle; an energy since it was cleared. */
  #measured(name: Quantity): number {
    return formulas.get(name)?.(this) ?? NaN;
  }

  read(name: Quantity): number {
    return this.#energies.shown(name, this.#measured(name));
  }

  exact(name: Quantity): bigint | undefined {
    return this.#energies.exact(name, this.#measured(name));
  }

  get log(): DataLog | undefined {
    return this.dataLog;
  }

  get measurement(): Measurement {
    return this.#measurement;
  }

  get wiring(): Wiring {
    return this.#measurement.wiring;
  }

  get result(): CycleResult {
    return this.#measurement.result;
  }

  get demand(): Demand {
    return this.#demand;
  }

  energySinceClear(slot: number): number {
    return this.#energies.sinceClear(slot);
  }

  /** Whether totals are import less export, or both together. */
  get signedTotals(): boolean {
    return this.setting("energyAccumulation") === 1;
  }

  /** What a register shows of an energy: registers roll over (at half the count for signed ones). */
  rolled(value: number, parts = 1): number {
    const limit = (this.design.rollover / parts) * 1000 * 10 ** this.exponents.w;
    return value % limit;
  }

  get exponents(): Exponents {
    return this.#ratings.exponents;
  }

  /** The largest power that the service can have by its settings, W. */
  get theoreticalPower(): number {
    return this.#ratings.theoreticalPower;
  }

  get closureMs(): number {
    return this.#closureMs;
  }

  pulseCount(output: 0 | 1): number {
    return this.#pulses.count(output);
  }

  get energyResets(): number {
    return this.#counts[0] ?? 0;
  }

  get powerUps(): number {
    return this.#counts[1] ?? 0;
  }

  get alerts(): number {
    let bits = this.#range;
    if (this.#counts[2] === 1) bits |= 1 << alert.pulseOverrun;
    if (this.#closure(this.setting("pulseEnergy")) === undefined) bits |= 1 << alert.pulseConfiguration;
    return bits;
  }

  get events(): number {
    return eventsOf(this.#range);
  }

  /** The alarm contact is normally closed and open only while no phase is lost (and the meter has power). */
  get alarmClosed(): boolean {
    return ((this.#range >> alert.phaseLoss) & 7) !== 0;
  }

  /**
   * Counts what has gone by since the last cycle ended and hands it to the store, without waiting for the end of this one: an orderly end.
   * Should it go on after all, a cycle begins here.
   */
  close(): void {
    this.advance(this.#clock.elapsed());
    const since = this.#clock.elapsed() - this.#cycleEnd + this.design.calculationCycleMs;
    if (since > 0) this.#measurement.run(since / 1000);
    this.#cycleEnd += since;
    this.#memory.save();
  }
}
