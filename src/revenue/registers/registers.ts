/**
 * The lists of registers: what each holds by its storage type; billing period reset, season change, freeze and presets.
 */
import type { Rate } from "#clock/tou-schedule.ts";
import { namedState } from "#meter/named-state.ts";
import type { RunningDemand } from "#quantity/demand-interval.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { ShownRegister } from "#quantity/register.ts";
import type { MeterStore } from "#store/store.ts";
import { lists, type List, type RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { isMeasured, type MeasuredRegister, type RegisterSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor, type Measure } from "#quantity/measure.ts";
import type { ItemShown } from "./item-registers.ts";
import { Freezes } from "./freezes.ts";
import { isKeptOf, rangeOf, type PresetRange } from "./presets.ts";
import { earlierReading, itemReading, measuredReading } from "./reading.ts";
import { ofPeriods, runningRegister, withoutZero } from "./register-kinds.ts";
import { instantIn, type RegisterContext, type RunningRegister } from "./running-register.ts";
import { StandingEnergies } from "./standing-energies.ts";
import { decodeReadings } from "./stored-readings.ts";
import { inDigits, unitOf } from "./display-digits.ts";
import { Demand } from "./demand-registers.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { Window } from "#revenue/measuring/window.ts";

/**
 * What is kept of a period, the sum of all periods, where the running hour or day began and where counting for it rests; when what is
 * kept was taken.
 */
const StoredState = namedState("kept", "cumulative", "began", "rests", "keptAt");

interface Entry {
  readonly settings: RegisterSettings;
  readonly list: List;
  readonly running: RunningRegister | undefined;
  readonly stored: InstanceType<typeof StoredState>;
}

export interface RegistersContext {
  readonly integrals: Integrals;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly demand: RegisterContext["demand"];
  /** Milliseconds of UTC by the meter's clock, and what the wall clock makes of an instant. */
  readonly utc: () => number;
  readonly stamp: (utc: number) => Stamp;
  /** Whether the hour, or the day, that is kept was cut. */
  readonly isCut: (storage: "previousHour" | "previousDay") => boolean;
  readonly pt: number;
  readonly ct: number;
  /** Where freezes are kept. */
  readonly store: MeterStore;
  readonly quality: RegisterContext["quality"];
  readonly communicated: RegisterContext["communicated"];
  /** Energies that it counts besides. */
  readonly standing: readonly Measure[];
  /** What the registers that are no measurements show. */
  readonly item: (settings: RegisterSettings) => ItemShown;
}

/** Where earlier versions kept the last freeze. */
const FROZEN = "frozen";

export class Registers {
  readonly #entries = new Map<number, Entry>();
  /** Those that look at every stretch. */
  readonly #looking: readonly Entry[];
  readonly #standing: StandingEnergies;
  readonly #context: RegistersContext;
  #rate: Rate | undefined;
  #testing = false;
  readonly freezes: Freezes;

  constructor(settings: Readonly<Record<List, readonly RegisterSettings[]>>, context: RegistersContext) {
    this.#context = context;
    this.#standing = new StandingEnergies(context.standing, context);
    for (const list of lists) {
      // What another register is needed for comes first: peaks before what coincides with them.
      const ordered = settings[list].toSorted((a, b) => dependence(a) - dependence(b));
      for (const one of ordered) this.#entries.set(one.id, this.#entry(one, list));
    }
    this.#looking = [...this.#entries.values()].filter(({ running }) => running?.looks === true);
    for (const entry of this.#entries.values()) entry.running?.turn(this.#on(entry));
    this.freezes = new Freezes(context.store, context.memory, (id) => this.settingsOf(id));
  }

  /** The lists are others: what was frozen and added up is of the ones before. */
  initialise(): void {
    this.freezes.clear();
  }

  /** The last freeze of an earlier version, which kept no other, is the first of those that are kept. */
  carryFrozen(at: Stamp): void {
    const { store } = this.#context;
    const bytes = store.get(FROZEN);
    if (bytes === undefined) return;
    store.remove(FROZEN);
    if (bytes.length === 0) return;
    const registers = decodeReadings(bytes, (one) => earlierReading(one, this.settingsOf(one.id), at));
    if (registers.length > 0) this.freezes.add((sequence) => ({ sequence, at, registers }));
  }

  /** Peaks of earlier billing periods are not of this billing configuration. */
  clearCumulative(): void {
    this.#each((_settings, _running, stored) => void (stored.cumulative = 0));
  }

  #entry(settings: RegisterSettings, list: List): Entry {
    const { integrals, memory, demand, utc, quality, communicated } = this.#context;
    let part = 0;
    const running = isMeasured(settings)
      ? runningRegister(settings, {
          integrals,
          demand,
          utc,
          quality,
          communicated,
          memory: (count, initial) => memory(`register.${settings.id}.${part++}`, count, initial),
          of: (id) => this.#entries.get(id)?.running,
        })
      : undefined;
    const stored = new StoredState(memory(`register.${settings.id}.stored`, StoredState.size));
    return { settings, list, running, stored };
  }

  /** A register counts while its tariff is active and its list does: the test list in test mode, the others otherwise. */
  #on({ settings, list }: Entry): boolean {
    if ((list === "test") !== this.#testing) return false;
    return !isMeasured(settings) || settings.tariff === "total" || settings.tariff === this.#rate;
  }

  #turn(): void {
    for (const entry of this.#entries.values()) entry.running?.turn(this.#on(entry));
    this.#standing.turn(!this.#testing);
  }

  /** The rate that is active; what is measured belongs to it until it changes. */
  get rate(): Rate | undefined {
    return this.#rate;
  }

  set rate(rate: Rate | undefined) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#turn();
  }

  set testing(testing: boolean) {
    this.#testing = testing;
    this.#turn();
  }

  /** Goes on from what was measured last before it was there. */
  resume(window: Window): void {
    for (const entry of this.#looking) entry.running?.resume(window);
  }

  window(window: Window): void {
    for (const entry of this.#looking) entry.running?.window(window, this.#on(entry));
  }

  subInterval(whole: boolean, defer: boolean): void {
    for (const { running } of this.#entries.values()) running?.subInterval(whole, defer);
    for (const { running } of this.#entries.values()) running?.coincide();
  }

  #each(run: (settings: MeasuredRegister, running: RunningRegister, stored: Entry["stored"]) => unknown): void {
    for (const { settings, running, stored } of this.#entries.values()) {
      if (isMeasured(settings) && running !== undefined) run(settings, running, stored);
    }
  }

  #keep(stored: Entry["stored"], value: number | undefined): void {
    stored.kept = value ?? NaN;
    stored.keptAt = this.#context.utc();
  }

  /** The hour, or the day, has ended: what is kept of the one before is replaced. */
  period(storage: "previousHour" | "previousDay"): void {
    this.#each((settings, { working }, stored) => {
      if (settings.storage !== storage) return;
      // An energy is what came in the period, a peak or an extreme is the period's own, a demand what it is at its end.
      if (settings.type !== "consumption") this.#keep(stored, working);
      else {
        this.#keep(stored, (working ?? 0) - stored.began);
        stored.began = working ?? 0;
      }
    });
    // A time is that of its peak as long as the peak has it.
    this.#each((settings, running) => {
      if (settings.storage === storage && ofPeriods.has(settings.type)) running.billingReset();
    });
  }

  #eachPeriod(run: (working: number, stored: Entry["stored"]) => void): void {
    this.#each((settings, { working }, stored) => {
      const ofEnergy = settings.type === "consumption" && settings.storage.startsWith("previous");
      if (ofEnergy) run(working ?? 0, stored);
    });
  }

  /** What comes from here on belongs to no hour and no day. */
  pausePeriods(): void {
    this.#eachPeriod((working, stored) => void (stored.rests = working));
  }

  /** Hours and days go on. */
  resumePeriods(): void {
    this.#eachPeriod((working, stored) => void (stored.began += working - stored.rests));
  }

  /** The running hour and day begin here. */
  beginPeriods(): void {
    this.#eachPeriod((working, stored) => void (stored.began = working));
  }

  billingReset(): void {
    this.#each((settings, { working }, stored) => {
      if (settings.storage === "billingReset") this.#keep(stored, working);
      stored.cumulative += working ?? 0;
    });
    // What is kept of every hour or day begins anew with it only.
    this.#each(({ storage }, running) => !storage.startsWith("previous") && running.billingReset());
  }

  seasonChange(): void {
    this.#each((settings, { working }, stored) => {
      if (settings.storage === "seasonChange") this.#keep(stored, working);
    });
  }

  freeze(): void {
    const at = this.#context.stamp(this.#context.utc());
    this.freezes.add((sequence) => ({ sequence, at, registers: this.readings() }));
  }

  /** The normal and alternate registers as they were at the last freeze; empty before the first. */
  get frozen(): readonly RegisterReading[] {
    return this.freezes.last?.registers ?? [];
  }

  /** The registers of a list by id, or of the normal and the alternate list. */
  readings(list?: List): readonly RegisterReading[] {
    const now = this.#context.stamp(this.#context.utc());
    return [...this.#entries.values()]
      .filter((one) => (list === undefined ? one.list !== "test" : one.list === list))
      .sort((a, b) => a.settings.id - b.settings.id)
      .map((entry) => this.#reading(entry, now));
  }

  /** What a register shows; undefined where there is none. */
  reading(id: number): RegisterReading | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#reading(entry, this.#context.stamp(this.#context.utc()));
  }

  /** A register's number in its units, as it shows it; undefined where there is none. */
  value(id: number): number | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const { settings } = entry;
    if (!isMeasured(settings) || settings.type === "timeOfPeak") return this.reading(id)?.value;
    const raw = this.#raw(entry, settings);
    return raw === undefined ? undefined : inDigits(raw * this.#factor(settings), settings).value;
  }

  /** What the registers of demand have of the running interval, each measure once, primary; those of a tariff have a part of it only. */
  demands(): readonly (RunningDemand & { readonly whole: number })[] {
    const { pt, ct } = this.#context;
    const found = new Map<string, RunningDemand & { readonly whole: number }>();
    for (const { settings, running, list } of this.#entries.values()) {
      if (list === "test" || !isMeasured(settings) || settings.tariff !== "total" || !(running instanceof Demand))
        continue;
      const { measure } = settings;
      const factor = primaryFactor(measure, pt, ct);
      const { before, whole, running: so } = running.so;
      found.set(measureName(measure), { measure, before: before * factor, running: so * factor, whole });
    }
    return [...found.values()];
  }

  /** What pages and JSON show of a register, and of a list. */
  show(id: number): ShownRegister | undefined {
    const reading = this.reading(id);
    return reading === undefined ? undefined : shownOf(reading);
  }

  shown(list?: List): ShownRegister[] {
    return this.readings(list).map(shownOf);
  }

  /** An energy that it counts whatever it is set up to show, at the terminals; undefined of others. */
  standing(measure: Measure): number | undefined {
    return this.#standing.value(measure);
  }

  settingsOf(id: number): RegisterSettings | undefined {
    return this.#entries.get(id)?.settings;
  }

  /** Whether a register can be given a value, and which: one that it can display. */
  presettable(id: number, value = 0): boolean {
    const range = this.presetRange(id);
    return range !== undefined && value >= range.from && value <= range.to;
  }

  /** What a register can be given, in its own units; undefined of one that takes none. */
  presetRange(id: number): PresetRange | undefined {
    const settings = this.#entries.get(id)?.settings;
    return settings === undefined ? undefined : rangeOf(settings);
  }

  /** Gives a register a value in its own units; false where there is none to preset, or it cannot display it. */
  preset(id: number, value: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || !this.presettable(id, value) || !isMeasured(entry.settings)) return false;
    const { settings, running, stored } = entry;
    const raw = value / this.#factor(settings);
    if (settings.storage === "working") {
      running?.preset(raw);
      for (const other of this.#entries.values()) if (isKeptOf(settings, other.settings)) other.running?.preset(raw);
    } else if (settings.storage === "cumulative") stored.cumulative = raw;
    else if (settings.storage === "continuousCumulative") stored.cumulative = raw - (running?.working ?? 0);
    else this.#keep(stored, raw);
    return true;
  }

  /** What its working value, secondary and in SI units, is multiplied by. */
  #factor(settings: MeasuredRegister): number {
    const { pt, ct } = this.#context;
    const { measure, scaling } = settings;
    const isFactor = settings.type.endsWith("PowerFactor");
    return (scaling === "primary" && !isFactor ? primaryFactor(measure, pt, ct) : 1) / unitOf(settings).scale;
  }

  /** What it holds by its storage type; of a time, milliseconds of UTC. */
  #raw({ running, stored }: Entry, { storage, type }: MeasuredRegister): number | undefined {
    switch (storage) {
      case "working":
        return running?.working;
      case "cumulative":
        return stored.cumulative;
      case "continuousCumulative":
        return stored.cumulative + (running?.working ?? 0);
      default:
        if (Number.isNaN(stored.kept)) return undefined;
        return stored.kept === 0 && instantIn(stored.keptAt) === undefined && withoutZero.has(type)
          ? undefined
          : stored.kept;
    }
  }

  /** What is kept of an hour or a day that was not whole. */
  #isCut({ storage }: MeasuredRegister): boolean {
    return (storage === "previousHour" || storage === "previousDay") && this.#context.isCut(storage);
  }

  #reading(entry: Entry, now: Stamp): RegisterReading {
    const { settings, stored } = entry;
    const { stamp } = this.#context;
    if (!isMeasured(settings)) return itemReading(settings, this.#context.item(settings), now);
    const raw = this.#raw(entry, settings);
    const isKept = settings.storage !== "working" && !settings.storage.toLowerCase().endsWith("cumulative");
    const keptAt = isKept ? instantIn(stored.keptAt) : undefined;
    const at = keptAt === undefined ? now : stamp(keptAt);
    if (settings.type !== "timeOfPeak") {
      const measured = measuredReading(settings, raw === undefined ? undefined : raw * this.#factor(settings), at);
      const isPeak = settings.storage === "working" && settings.type.startsWith("peak");
      const peakAt = isPeak ? entry.running?.peakAt : undefined;
      const reading = peakAt === undefined ? measured : { ...measured, peakAt: stamp(peakAt) };
      return reading.valid === "good" && this.#isCut(settings) ? { ...reading, valid: "questionable" } : reading;
    }
    return itemReading(settings, { time: raw === undefined ? undefined : stamp(raw) }, at);
  }
}

function shownOf({ id, label, value, text }: RegisterReading): ShownRegister {
  return { id, label, value, text };
}

function dependence(settings: RegisterSettings): number {
  return isMeasured(settings) && settings.of !== undefined ? 1 : 0;
}
