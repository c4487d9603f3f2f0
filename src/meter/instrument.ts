/**
 * The instrument: from a source of samples or steps to registers that change together once a calculation cycle. It
 * is synchronous; the fleet calls `advance` and decides when the store commits.
 */
import { MeterClock } from "#clock/meter-clock.ts";
import type { Clock } from "#clock/clock.ts";
import { wiringBy, type InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Command, Identity, Meter, SettingRefusal } from "#quantity/interfaces.ts";
import type { Quantity, Watched } from "#quantity/quantity.ts";
import { logPointers, type Setting } from "#quantity/setting.ts";
import { wiringOf, type Wiring, type WiringName } from "#quantity/wiring.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import { alert, alertBits } from "./alerts.ts";
import { calendarRegisters } from "./calendar-registers.ts";
import { CommandQueue } from "./command-queue.ts";
import { Configuration, type Changes } from "./configuration.ts";
import { Counts } from "./counts.ts";
import type { CycleResult } from "./cycle-result.ts";
import { DataLog, logStatus } from "./data-log.ts";
import { Demand, demandMaxima, type DemandMaxima } from "./demand.ts";
import { EnergyRegisters } from "./energy-registers.ts";
import { formulas } from "./formulas.ts";
import { energy } from "./integrals.ts";
import type { InstrumentOptions } from "./instrument-options.ts";
import { Measurement } from "./measurement.ts";
import { NonVolatile } from "./non-volatile.ts";
import { PulseOutputs } from "./pulse-output.ts";
import { ratings, type Ratings } from "./ratings.ts";
import { Records } from "./records.ts";

/** 2000-01-01T00:00:00: where the meter's own clock starts after a power failure (register 157). */
const CLOCK_START = 946_684_800_000;

export class Instrument implements Meter {
  readonly name: string;
  readonly identity: Identity;
  readonly design: InstrumentDesign;
  readonly source: Source;
  readonly clock: MeterClock;
  readonly log: DataLog | undefined;
  readonly counts: Counts;
  readonly records: Records;
  /** What was wrong with what had been stored; each is reported once at the start. */
  readonly complaints: readonly string[];
  readonly #clock: Clock;
  readonly #configuration: Configuration;
  readonly #memory: NonVolatile;
  readonly #store: MeterStore;
  readonly #changed: InstrumentOptions["changed"];
  /** Those who wait to be told that what they asked for is done. */
  readonly #done: (() => void)[] = [];
  readonly #energies: EnergyRegisters;
  readonly #maxima: DemandMaxima;
  /** How far the meter's clock was from the site's when it was set: what its battery keeps. */
  readonly #clockOffset: Float64Array;
  readonly #pulses: PulseOutputs;
  readonly #commands: CommandQueue;
  #inResetSystem = false;
  #measurement: Measurement;
  #demand: Demand;
  #cycleEnd: number;
  #cycles = 0;
  #revision = 0;
  #range = 0;
  #ratings: Ratings;
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
    this.#changed = options.changed;
    const run = (name: string, count: number, initial?: number) => this.#memory.run(name, count, initial);
    this.#energies = new EnergyRegisters(run, design.presettable);
    this.counts = new Counts(run);
    this.#pulses = new PulseOutputs(design.pulseCounts, this.#energies.total, run);
    this.#commands = new CommandQueue(store, design.spacingMs, { measured: this.#energies.total });
    this.#clockOffset = run("clock", 1);
    const clockStart = design.clockBattery === true ? clock.utc() + (this.#clockOffset[0] ?? 0) : CLOCK_START;
    this.clock = new MeterClock(clock, clockStart, options.clockDriftPpm);
    this.records = new Records(design, { clock: this.clock, memory: run, demand: () => this.#demand });
    this.#maxima = demandMaxima(run, this.records);
    this.#configuration = new Configuration(design, store, this.clock);
    this.complaints = [this.#configuration.complaint, this.#memory.complaint].filter((text) => text !== undefined);
    if (options.logging) {
      this.log = new DataLog({ ...design.logger, store, memory: run, words: options.words });
    }
    this.#cycleEnd = clock.elapsed() + design.calculationCycleMs;
    this.#measurement = this.#newMeasurement();
    this.#demand = this.#newDemand();
    this.#ratings = this.#newRatings();
    this.#rate();
    this.#powerUp();
  }

  #powerUp(): void {
    this.counts.start();
    this.log?.note(logStatus.clockReset | logStatus.interrupted);
    this.records.note("restart");
    this.#memory.save();
  }

  get wiringName(): WiringName {
    return wiringBy(this.design, this.setting("systemType"));
  }

  #newMeasurement(): Measurement {
    const { design, source } = this;
    return new Measurement({ design, source, wiring: wiringOf(this.wiringName), total: this.#energies.total });
  }

  #newDemand(): Demand {
    return new Demand(this.#measurement, this.#maxima, this.design.directional);
  }

  #newRatings() {
    return ratings(this.design, this.wiring, (name) => this.setting(name));
  }

  /** What follows from the ratings: scales, the pulse duration. */
  #rate(): void {
    this.#ratings = this.#newRatings();
    this.#measurement.nominalVolts = this.setting("systemVoltage");
    if (this.log !== undefined) this.log.page = this.setting("log.page");
    this.#rangeStale = true;
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs every calculation cycle that ends at or before `elapsed`. */
  advance(elapsed: number): void {
    while (this.#cycleEnd <= elapsed) {
      const seconds = this.design.calculationCycleMs / 1000;
      if (this.#inResetSystem) this.#measurement.skip(seconds);
      else this.#endCycle(this.#measurement.run(seconds));
      this.#cycleEnd += this.design.calculationCycleMs;
    }
  }

  /** Milliseconds since the last cycle ended. */
  get sinceCycle(): number {
    return this.#clock.elapsed() - this.#cycleEnd + this.design.calculationCycleMs;
  }

  /** `other`: what was measured is not what it was in the cycle before. */
  #endCycle(other: boolean): void {
    const { calculationCycleMs } = this.design;
    this.#cycles++;
    const taken = this.#commands.take();
    for (const { what } of taken) {
      if (typeof what === "string") this.#execute(what);
      else {
        this.#energies.preset(what, (name) => this.#measured(name));
        this.records.note("energy.preset");
      }
    }
    const sync = this.#syncDemand;
    this.#syncDemand = false;
    const { closureMs } = this.#ratings;
    const { lengthMs, subIntervals, ampsDemandMs, whPerPulse, limits } = this.#ratings.cycle;
    this.#energies.addCurrents(this.result, calculationCycleMs);
    const ended = this.#demand.cycle(calculationCycleMs, subIntervals, lengthMs, sync, this.clock.now());
    if (this.#resetMaximum) this.#demand.resetMaximum(this.design.peakReset ?? "present");
    this.#resetMaximum = false;
    this.records.endCycle({ result: this.result, same: !other, read: this.#readWatched, ampsDemandMs });
    // The overrun latches until the energies are cleared.
    if (this.#pulses.cycle(whPerPulse, closureMs, calculationCycleMs)) this.counts.overrun();
    if (other || this.#rangeStale) this.#range = alertBits(this.result, this.wiring, limits);
    this.#rangeStale = false;
    if (ended) this.#logSubInterval();
    // The log has just looked at the registers, and changed some of them.
    this.#revision++;
    this.#memory.save();
    this.#done.push(...taken.flatMap(({ done }) => done ?? []));
    // Nobody is told that something is done that cannot be kept.
    if (this.#done.length > 0 && this.#store.trouble === undefined) for (const done of this.#done.splice(0)) done();
  }

  #syncDemand = false;
  #resetMaximum = false;
  readonly #readWatched = (name: Watched): number => this.#measured(name);

  #logSubInterval(): void {
    const pointers = logPointers.map((name) => this.setting(name));
    const settings = { page: this.setting("log.page"), mode: this.setting("log.mode"), pointers };
    this.log?.endSubInterval(settings, calendarRegisters(this.clock.wall()), this.#netEnergy());
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
    if (command === "resetLogging") this.log?.reset(this.#netEnergy());
    if (command === "clearPulses") this.#pulses.clear();
    if (command === "resetDemand" || command === "restart") this.#demand.restart();
    if (command === "restart") this.#powerUp();
    this.records.execute(command);
  }

  #clearEnergy(): void {
    this.#energies.clear();
    this.counts.energiesCleared();
    this.#pulses.rebase();
  }

  get inResetSystem(): boolean {
    return this.#inResetSystem;
  }

  /** Lets its reset system run, or its operating system start again. */
  runResetSystem(runs: boolean): void {
    if (this.#inResetSystem === runs) return;
    this.#inResetSystem = runs;
    this.#revision++;
    if (!runs) this.#execute("restart");
  }

  // ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────

  setting(name: Setting): number {
    return name === "powerUps" ? this.counts.powerUps : this.#configuration.get(name);
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
      this.log?.note(logStatus.clockChanged);
      this.log?.clearNote(logStatus.clockReset);
    }
    const powerUps = changes.get("powerUps");
    if (powerUps !== undefined) {
      this.counts.powerUps = powerUps;
      this.#memory.save();
    }
    this.#settled(before);
    this.#changed?.(before, this.settings());
    this.#revision++;
    return undefined;
  }

  /** What a change of settings sets in motion. */
  #settled(before: Readonly<Record<string, number>>): void {
    const changed = (...names: readonly Setting[]): boolean =>
      names.some((name) => before[name] !== this.setting(name));
    if (this.#measurement.wiring !== wiringOf(this.wiringName)) {
      this.#measurement = this.#newMeasurement();
      this.#demand = this.#newDemand();
    }
    this.#rate();
    if (changed("pulseEnergy")) this.#pulses.rebase();
    if (changed("demandSubInterval", "demandSubIntervals")) this.#demand.restart();
    if (changed("demandSubInterval", "demandSubIntervals", "log.mode", ...logPointers)) {
      this.log?.note(logStatus.interrupted);
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
    const limit = (this.design.rollover / parts) * 1000 * 10 ** this.#ratings.exponents.w;
    return value % limit;
  }

  get ratings(): Ratings {
    return this.#ratings;
  }

  pulseCount(output: 0 | 1): number {
    return this.#pulses.count(output);
  }

  get alerts(): number {
    let bits = this.#range;
    if (this.counts.pulseOverrun) bits |= 1 << alert.pulseOverrun;
    if (!this.#ratings.pulsesKeepUp) bits |= 1 << alert.pulseConfiguration;
    return bits;
  }

  /** Which of them are of what is measured. */
  get range(): number {
    return this.#range;
  }

  /**
   * Counts what has gone by since the last cycle ended and hands it to the store, without waiting for the end of this one: an orderly end.
   * Should it go on after all, a cycle begins here.
   */
  close(): void {
    this.advance(this.#clock.elapsed());
    const since = this.sinceCycle;
    const how = this.#inResetSystem ? "skip" : "run";
    if (since > 0) this.#measurement[how](since / 1000);
    this.#cycleEnd += since;
    this.#memory.save();
  }
}
