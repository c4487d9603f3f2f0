/**
 * The lists of registers: what each shows by its storage type, in digits and units; billing period reset, season change,
 * freeze, presets and self reads.
 */
import type { Rate } from "#clock/tou-schedule.ts";
import type { ShownRegister } from "#quantity/revenue-api.ts";
import type { MeterStore } from "#store/store.ts";
import type { List } from "#quantity/register.ts";
import { isMeasured, type MeasuredRegister, type RegisterSettings } from "#revenue/settings/configuration.ts";
import { accumulates, primaryFactor } from "#quantity/measure.ts";
import { runningRegister } from "./register-kinds.ts";
import type { RegisterContext, RunningRegister } from "./running-register.ts";
import { timeText } from "#clock/time-text.ts";
import type { Window } from "#revenue/measuring/window.ts";

interface Entry {
  readonly settings: RegisterSettings;
  readonly list: List;
  readonly running: RunningRegister | undefined;
  /** [kept, cumulative, where the hour or the day began, where counting for it rests]. */
  readonly stored: Float64Array;
}

export interface RegistersContext {
  readonly total: Float64Array;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly demand: RegisterContext["demand"];
  readonly local: () => number;
  readonly pt: number;
  readonly ct: number;
  /** Where the last freeze is kept. */
  readonly store: MeterStore;
  /** What the registers that are no measurements show. */
  readonly item: (settings: RegisterSettings) => { readonly value: number; readonly text: string };
}

const FROZEN = "frozen";

/** What starts anew with every period that is kept of it. */
const ofPeriods: ReadonlySet<string> = new Set(["minimum", "maximum", "average", "peakDemand", "peakThermalDemand"]);
/** Working registers that can be given a value; of the others, what is stored can. */
const presettable: ReadonlySet<string> = new Set([
  "consumption",
  "peakDemand",
  "peakThermalDemand",
  "coincidentDemand",
]);

const unitFactors = { units: 1, kilo: 1000, mega: 1e6 } as const;

export class Registers {
  readonly #entries = new Map<number, Entry>();
  readonly #context: RegistersContext;
  #rate: Rate | undefined;
  #testing = false;
  #frozen: readonly ShownRegister[];

  constructor(lists: Readonly<Record<List, readonly RegisterSettings[]>>, context: RegistersContext) {
    this.#context = context;
    for (const list of ["normal", "alternate", "test"] as const) {
      // What another register is needed for comes first: peaks before what coincides with them.
      const ordered = lists[list].toSorted((a, b) => dependence(a) - dependence(b));
      for (const settings of ordered) this.#entries.set(settings.id, this.#entry(settings, list));
    }
    for (const entry of this.#entries.values()) entry.running?.turn(this.#on(entry));
    const bytes = context.store.get(FROZEN);
    this.#frozen =
      bytes === undefined || bytes.length === 0 ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as ShownRegister[]);
  }

  /** The lists are others: what was frozen and added up is of the ones before. */
  initialise(): void {
    this.#keepFrozen([]);
  }

  /** Peaks of earlier billing periods are not of this billing configuration. */
  clearCumulative(): void {
    this.#each((_settings, _running, stored) => void (stored[1] = 0));
  }

  #keepFrozen(frozen: readonly ShownRegister[]): void {
    this.#frozen = frozen;
    this.#context.store.put(FROZEN, new TextEncoder().encode(JSON.stringify(frozen)));
  }

  #entry(settings: RegisterSettings, list: List): Entry {
    const { total, memory, demand, local } = this.#context;
    let part = 0;
    const running = isMeasured(settings)
      ? runningRegister(settings, {
          total,
          demand,
          local,
          memory: (count, initial) => memory(`register.${settings.id}.${part++}`, count, initial),
          of: (id) => this.#entries.get(id)?.running,
        })
      : undefined;
    return { settings, list, running, stored: memory(`register.${settings.id}.stored`, 4) };
  }

  /** A register counts while its tariff is active and its list does: the test list in test mode, the others otherwise. */
  #on({ settings, list }: Entry): boolean {
    if ((list === "test") !== this.#testing) return false;
    return !isMeasured(settings) || settings.tariff === "total" || settings.tariff === this.#rate;
  }

  #turn(): void {
    for (const entry of this.#entries.values()) entry.running?.turn(this.#on(entry));
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

  window(window: Window): void {
    for (const entry of this.#entries.values()) entry.running?.window(window, this.#on(entry));
  }

  subInterval(whole: boolean, defer: boolean): void {
    for (const { running } of this.#entries.values()) running?.subInterval(whole, defer);
    for (const { running } of this.#entries.values()) running?.coincide();
  }

  #each(run: (settings: MeasuredRegister, running: RunningRegister, stored: Float64Array) => unknown): void {
    for (const { settings, running, stored } of this.#entries.values()) {
      if (isMeasured(settings) && running !== undefined) run(settings, running, stored);
    }
  }

  /** The hour, or the day, has ended: what is kept of the one before is replaced. */
  period(storage: "previousHour" | "previousDay"): void {
    this.#each((settings, running, stored) => {
      if (settings.storage !== storage) return;
      const { working } = running;
      // An energy is what came in the period, a peak or an extreme is the period's own, a demand what it is at its end.
      const since = settings.type === "consumption" ? (stored[2] ?? 0) : 0;
      stored[0] = working - since;
      stored[2] = working;
      if (ofPeriods.has(settings.type)) running.billingReset();
    });
  }

  #eachPeriod(run: (running: RunningRegister, stored: Float64Array) => void): void {
    this.#each((settings, running, stored) => {
      const ofEnergy = settings.type === "consumption" && settings.storage.startsWith("previous");
      if (ofEnergy) run(running, stored);
    });
  }

  /** What comes from here on belongs to no hour and no day. */
  pausePeriods(): void {
    this.#eachPeriod(({ working }, stored) => void (stored[3] = working));
  }

  /** Hours and days go on. */
  resumePeriods(): void {
    this.#eachPeriod(({ working }, stored) => void (stored[2] = (stored[2] ?? 0) + working - (stored[3] ?? 0)));
  }

  /** The running hour and day begin here. */
  beginPeriods(): void {
    this.#eachPeriod(({ working }, stored) => void (stored[2] = working));
  }

  billingReset(): void {
    this.#each((settings, { working }, stored) => {
      if (settings.storage === "billingReset") stored[0] = working;
      stored[1] = (stored[1] ?? 0) + working;
    });
    // What is kept of every hour or day begins anew with it only.
    this.#each(({ storage }, running) => !storage.startsWith("previous") && running.billingReset());
  }

  seasonChange(): void {
    this.#each((settings, { working }, stored) => {
      if (settings.storage === "seasonChange") stored[0] = working;
    });
  }

  freeze(): void {
    this.#keepFrozen(this.shown());
  }

  /** The registers as they were at the last freeze; empty before the first. */
  get frozen(): readonly ShownRegister[] {
    return this.#frozen;
  }

  /** The registers of a list by id, or of the normal and the alternate list. */
  shown(list?: List): ShownRegister[] {
    const wanted = [...this.#entries.values()].filter((one) =>
      list === undefined ? one.list !== "test" : one.list === list,
    );
    return wanted.sort((a, b) => a.settings.id - b.settings.id).map((entry) => this.#show(entry));
  }

  /** One register's value in its units: what Modbus counters carry. */
  show(id: number): ShownRegister | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#show(entry);
  }

  settingsOf(id: number): RegisterSettings | undefined {
    return this.#entries.get(id)?.settings;
  }

  /** Whether a register can be given a value, and which: one that it can display. */
  presettable(id: number, value = 0): boolean {
    const settings = this.#entries.get(id)?.settings;
    if (settings === undefined || !isMeasured(settings) || settings.type === "timeOfPeak") return false;
    if (Math.abs(value) >= 10 ** (settings.digits - settings.decimals)) return false;
    return settings.storage !== "working" || presettable.has(settings.type);
  }

  /** Gives a register a value in its own units; false where there is none to preset, or it cannot display it. */
  preset(id: number, value: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || !this.presettable(id, value) || !isMeasured(entry.settings)) return false;
    const { settings, running, stored } = entry;
    const raw = settings.type.endsWith("PowerFactor") ? value : value / this.#factor(settings);
    if (settings.storage === "working") running?.preset(raw);
    else if (settings.storage === "cumulative") stored[1] = raw;
    else if (settings.storage === "continuousCumulative") stored[1] = raw - (running?.working ?? 0);
    else stored[0] = raw;
    return true;
  }

  #factor({ measure, scaling, units }: MeasuredRegister): number {
    const { pt, ct } = this.#context;
    return (scaling === "primary" ? primaryFactor(measure, pt, ct) : 1) / unitFactors[units];
  }

  #show({ settings, running, stored }: Entry): ShownRegister {
    const { id, label } = settings;
    if (!isMeasured(settings) || running === undefined) return { id, label, ...this.#context.item(settings) };
    const [kept = 0, cumulative = 0] = stored;
    const raw = {
      working: () => running.working,
      billingReset: () => kept,
      seasonChange: () => kept,
      previousHour: () => kept,
      previousDay: () => kept,
      cumulative: () => cumulative,
      continuousCumulative: () => cumulative + running.working,
    }[settings.storage]();
    if (settings.type === "timeOfPeak") return { id, label, value: raw, text: timeText(raw) };
    const factor = settings.type.endsWith("PowerFactor") ? 1 : this.#factor(settings);
    const value = raw * factor;
    return { id, label, value, text: digitsOf(value, settings) };
  }
}

function dependence(settings: RegisterSettings): number {
  return isMeasured(settings) && settings.of !== undefined ? 1 : 0;
}

/** A millionth of the last digit is rounding, not a missing count. */
const ROUNDING = 1e-6;

/** A value in so many digits: energies show whole counts and wrap, everything else is rounded and may not fit. */
function digitsOf(value: number, { digits, decimals, measure, type }: MeasuredRegister): string {
  const scale = 10 ** decimals;
  if (type === "consumption" && accumulates(measure.quantity)) {
    const counts = Math.floor(Math.abs(value) * scale + ROUNDING) % 10 ** digits;
    return (Math.sign(value) * (counts / scale)).toFixed(decimals);
  }
  const text = value.toFixed(decimals);
  return text.replace(/[-.]/g, "").length > digits ? "-".repeat(digits) : text;
}
