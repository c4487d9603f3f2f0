/**
 * Triggers: a measurement beyond its alarm level for long enough is an alarm until it has been within the reset level for long
 * enough. Measures are looked at every half cycle, those of power quality five times a second, registers once a second, inputs when they change and a tenth of a second
 * after; combinations of triggers make the bits of the trigger word.
 */
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { sideOf, type Measure } from "#quantity/measure.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import type { Alarm } from "#quantity/meter-surface.ts";
import { unitOf } from "#quantity/unit.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";
import { RapidChange } from "#metrology/rapid-change.ts";
import { VoltageEvent } from "./voltage-event.ts";

/** What an alarm log entry needs. */
export interface TriggerChange {
  readonly trigger: TriggerSettings;
  readonly alarm: boolean;
  readonly value: number;
  /** The phase of the value, where there is one. */
  readonly phase?: string | undefined;
  /** How long after the beginning of what was looked at it happened, milliseconds. */
  readonly afterMs: number;
  /** What has ended with it: an entry of one of the logs of voltage events. */
  readonly event?: VoltageEventRecord | undefined;
}

export interface VoltageEventRecord {
  readonly seconds: number;
  readonly details: Readonly<Record<string, string | number>>;
}

/** What the meter knows that triggers look at. */
export interface TriggerContext {
  readonly register: (id: number) => number;
  /** The power-quality instrument, of a meter on which that is enabled. */
  readonly quality: QualityPart | undefined;
  readonly isClosed: (channel: number) => boolean;
  /** Nominal frequency. */
  readonly hz: number;
  /** Elapsed milliseconds at which what is looked at begins. */
  readonly elapsed: () => number;
  /** The phases whose volts are measured, and those whose currents are. */
  readonly measured: { readonly voltages: readonly number[]; readonly elements: readonly number[] };
}

export type TriggerKind = "measure" | "quality" | "register" | "input";

/** An input that is closed for less is not seen. */
export const INPUT_MS = 100;

/** Values that differ by less are alike. */
const ALIKE = 1e-6;
const letters = ["a", "b", "c"] as const;
/** What the trigger that looks sees: of a phase or of each. */
const seen = new Float64Array(3);

class Trigger {
  readonly settings: TriggerSettings;
  readonly kind: TriggerKind;
  readonly #columns: readonly Columns[];
  /** What it looks at, where power quality measures it. */
  readonly #measures: readonly Measure[];
  /** The phases of the values, where there are several. */
  readonly #letters: readonly string[];
  /** How many values it sees. */
  readonly #count: number;
  readonly #delayMs: number;
  readonly #event: VoltageEvent | undefined;
  readonly #rapid: RapidChange | undefined;
  alarm = false;
  value = NaN;
  /** Nothing changes in it while what it looks at stays as it is. */
  isQuiet = false;
  /** The phase whose value began it. */
  #phase: string | undefined;
  /** When it began, elapsed milliseconds. */
  #beganAt = 0;
  readonly #hz: number;
  /** For how long the other state has been due, milliseconds. */
  #pendingMs = 0;
  /** Of a rapid change: it became a sag, a swell or an interruption. */
  #spoilt = false;

  constructor(settings: TriggerSettings, { hz, measured }: TriggerContext) {
    this.settings = settings;
    const { measure, register, phase, delayMs, records, alarm = 0, reset = 0 } = settings;
    const ofQuality = measure !== undefined && isOfPowerQuality(measure);
    const ofVolts =
      measure !== undefined &&
      (ofQuality ? !/\bA$/.test(measure.quantity) : ["V", "V.ll", "V2"].includes(measure.quantity));
    const all = (ofVolts ? measured.voltages : measured.elements).map((k) => letters[k]!);
    const phases = phase === "any" || phase === "all" ? all : ([phase] as const);
    this.#letters = phase === "any" || phase === "all" ? all : [];
    this.#measures = measure === undefined ? [] : phases.map((one) => ({ ...measure, phase: one }));
    this.#count = Math.max(1, this.#measures.length);
    this.#columns = ofQuality ? [] : this.#measures.map(columnsOf);
    this.kind = ofQuality
      ? "quality"
      : measure !== undefined
        ? "measure"
        : register !== undefined
          ? "register"
          : "input";
    this.#delayMs = this.kind === "input" ? Math.max(INPUT_MS, delayMs) : delayMs;
    this.#hz = hz;
    if (records === "sagSwell" || records === "interruption")
      this.#event = new VoltageEvent(measure?.quantity === "V.ll" ? "V.ll" : "V");
    if (records === "rapidVoltageChange")
      this.#rapid = new RapidChange({ phases: this.#columns.length, hz, threshold: alarm, hysteresis: reset });
  }

  #look({ register, isClosed, quality }: TriggerContext, rates: Float64Array | undefined): void {
    if (this.kind === "quality") this.#measures.forEach((one, k) => void (seen[k] = quality?.value(one) ?? NaN));
    else if (this.kind === "register") seen[0] = register(this.settings.register ?? 0);
    else if (this.kind === "input") seen[0] = isClosed(this.settings.input ?? 0) ? 1 : 0;
    else if (rates !== undefined) for (let k = 0; k < this.#count; k++) seen[k] = sumOf(this.#columns[k]!, rates);
  }

  /** Whether any phase is beyond a level; every one where the trigger says all. */
  #beyond(limit: number): boolean {
    const { operator, phase } = this.settings;
    const every = phase === "all";
    for (let k = 0; k < this.#count; k++) {
      const value = seen[k]!;
      const beyond =
        operator === "<" ? value < limit : operator === ">" ? value > limit : Math.abs(value - limit) < 1e-9;
      if (beyond !== every) return beyond;
    }
    return every;
  }

  /** Whether a value that it looks at is not known: what is an alarm stays one until it is known that it is none. */
  get #isUnknown(): boolean {
    if (this.kind !== "quality" && this.kind !== "measure") return false;
    for (let k = 0; k < this.#count; k++) if (Number.isNaN(seen[k]!)) return true;
    return false;
  }

  /** The place of the value that is furthest beyond; the first of those that are alike. */
  #worst(): number {
    const sign = this.settings.operator === "<" ? -1 : 1;
    let worst = 0;
    for (let k = 1; k < this.#count; k++) {
      if (Number.isNaN(seen[worst]!) || sign * (seen[k]! - seen[worst]!) > ALIKE) worst = k;
    }
    return worst;
  }

  /** Looks at `ms` of this, and adds what changes; `sagging` while a sag, a swell or an interruption is under way. */
  look(given: Looked, out: TriggerChange[]): void {
    const { ms, rates } = given;
    this.#look(given.context, rates);
    if (this.#rapid !== undefined) return this.#lookRapid(this.#rapid, given, out);
    const { alarm = 0.5, reset = 0.5, resetDelayMs } = this.settings;
    const due = this.alarm ? !this.#isUnknown && !this.#beyond(reset) : this.#beyond(alarm);
    const worst = this.#worst();
    // In an alarm it is what it saw last.
    if (!this.alarm || !this.#isUnknown) this.value = seen[worst]!;
    const before = this.#pendingMs;
    this.#pendingMs = due ? before + ms : 0;
    const delayMs = this.alarm ? resetDelayMs : this.#delayMs;
    // Registers are what they are at the end of it.
    const afterMs = this.kind === "register" || this.kind === "quality" ? ms : Math.max(0, delayMs - before);
    // The stretch that shows it first counts: it was so all along.
    const changes = due && this.#pendingMs >= delayMs;
    const at = given.context.elapsed() + afterMs;
    if (changes) {
      this.alarm = !this.alarm;
      this.#pendingMs = 0;
      if (this.alarm) {
        this.#phase = this.#letters[worst];
        this.#event?.begin();
        this.#beganAt = at;
      }
    }
    this.isQuiet = !changes && !due && (!this.alarm || this.#event === undefined);
    if (this.alarm && rates !== undefined) this.#event?.add(rates, ms / 1000);
    if (!changes) return;
    const { settings: trigger, value } = this;
    out.push({ trigger, alarm: this.alarm, value, phase: this.#phase, afterMs, event: this.#ended(at) });
  }

  #ended(at: number): VoltageEventRecord | undefined {
    const event = this.#event;
    if (this.alarm || event === undefined) return undefined;
    const { operator, alarm = 0, records } = this.settings;
    const what = records === "interruption" ? "interruption" : operator === "<" ? "sag" : "swell";
    const phase = this.#phase === undefined || records === "interruption" ? "" : `phase ${this.#phase} `;
    // Also while nobody looked, because the supply had failed.
    const seconds = (at - this.#beganAt) / 1000;
    const details = {
      cycles: Math.round(seconds * this.#hz),
      event: `${phase}${what} ${operator} ${alarm}`,
      ...event.details(),
    };
    return { seconds, details };
  }

  #lookRapid(rapid: RapidChange, { ms, sagging }: Looked, out: TriggerChange[]): void {
    // What is not known is no change.
    if (this.#isUnknown) return;
    const changed = rapid.look(seen, ms / 1000);
    this.isQuiet = !rapid.active && !sagging && rapid.isConstant(seen);
    this.#spoilt ||= sagging;
    if (!changed) return;
    const { settings: trigger } = this;
    if (!this.alarm) {
      this.alarm = true;
      this.#spoilt = sagging;
      this.value = rapid.value;
      out.push({ trigger, alarm: true, value: this.value, afterMs: 0 });
    }
    const { ended } = rapid;
    if (rapid.active || ended === undefined) return;
    this.alarm = false;
    this.value = Math.max(...ended.settled);
    const volts = (list: readonly number[], name: string): [string, number][] =>
      [...list, Math.max(...list)].map((value, k) => [
        `${name}.${this.#letters[k] ?? "polyphase"}`,
        Number(value.toFixed(3)),
      ]);
    const details = Object.fromEntries([...volts(ended.largest, "Umax"), ...volts(ended.settled, "Uss")]);
    const event = this.#spoilt ? undefined : { seconds: ended.seconds, details };
    out.push({ trigger, alarm: false, value: this.value, afterMs: ms - 1000 * ended.endedAgo, event });
  }
}

/** What triggers look at, and for how long it was so. */
interface Looked {
  readonly context: TriggerContext;
  ms: number;
  rates: Float64Array | undefined;
  /** A sag, a swell or an interruption is under way. */
  sagging: boolean;
}

/** What a trigger looks at, and the levels that it looks for. */
function watchedBy({
  measure,
  register,
  input,
  operator,
  alarm,
  reset,
  records,
}: TriggerSettings): Pick<Alarm, "of" | "unit" | "side" | "level" | "reset"> {
  if (measure === undefined && register === undefined) return { of: `input ${input}` };
  // The threshold of a rapid change is of the change, not of the volts.
  const levels =
    records === "rapidVoltageChange"
      ? { level: `a change of more than ${alarm}` }
      : {
          level: `${operator} ${alarm}`,
          reset: `${operator === "<" ? ">=" : operator === ">" ? "<=" : "other than"} ${reset}`,
        };
  if (measure === undefined) return { of: `register ${register}`, ...levels };
  const of = [measure.quantity, measure.parity ?? ""].filter((word) => word !== "").join(".");
  return { of, unit: unitOf(measure), side: sideOf(measure, "secondary"), ...levels };
}

export class Triggers {
  readonly #triggers: readonly Trigger[];
  readonly #byKind: Readonly<Record<TriggerKind, readonly Trigger[]>>;
  readonly #bits: readonly (readonly number[])[];
  readonly #looked: Looked;
  readonly #changes: TriggerChange[] = [];
  #raised = 0;

  /** `bits` names, for each bit of the word, the triggers that must all be in alarm. */
  constructor(settings: readonly TriggerSettings[], bits: readonly (readonly number[])[], context: TriggerContext) {
    this.#looked = { context, ms: 0, rates: undefined, sagging: false };
    // Sags come before rapid changes, so that these know what they have become.
    this.#triggers = settings
      .filter(({ enabled }) => enabled)
      .toSorted((a, b) => Number(a.records === "rapidVoltageChange") - Number(b.records === "rapidVoltageChange"))
      .map((one) => new Trigger(one, context));
    const of = (kind: TriggerKind): readonly Trigger[] => this.#triggers.filter((one) => one.kind === kind);
    this.#byKind = { measure: of("measure"), quality: of("quality"), register: of("register"), input: of("input") };
    this.#bits = bits;
  }

  /** No alarm can begin or end while the rates stay those that were looked at last. */
  get isQuiet(): boolean {
    const { measure } = this.#byKind;
    for (let k = 0; k < measure.length; k++) if (!measure[k]!.isQuiet) return false;
    return true;
  }

  /** Looks at one kind of them after so many milliseconds, of measures at their rates; what changed with it, until the next look. */
  look(kind: TriggerKind, ms: number, rates?: Float64Array): readonly TriggerChange[] {
    const [looked, changes] = [this.#looked, this.#changes];
    changes.length = 0;
    looked.ms = ms;
    looked.rates = rates;
    for (const trigger of this.#byKind[kind]) {
      if (trigger.settings.records === "rapidVoltageChange") looked.sagging = this.sagging;
      trigger.look(looked, changes);
    }
    if (changes.length > 0) this.#raised |= this.#now;
    return changes;
  }

  /** A sag, a swell or an interruption is under way. */
  get sagging(): boolean {
    return this.#triggers.some(
      ({ settings: { records }, alarm }) => alarm && (records === "sagSwell" || records === "interruption"),
    );
  }

  /** Whether an alarm output is to be closed. */
  closes(channel: number): boolean {
    const named = this.#triggers.filter(({ settings }) => settings.output === channel);
    const closing = named.length > 0 ? named : this.#triggers.filter(({ settings }) => settings.output !== "none");
    return closing.some(({ alarm }) => alarm);
  }

  isAlarm(id: number): boolean {
    return this.#triggers.some(({ settings, alarm }) => settings.id === id && alarm);
  }

  /** The triggers in alarm, with the value that they saw last, and what they look at. */
  active(): Alarm[] {
    return this.#triggers
      .filter(({ alarm }) => alarm)
      .map(({ settings, value }) => ({ id: settings.id, label: settings.label, value, ...watchedBy(settings) }));
  }

  get #now(): number {
    let word = 0;
    this.#bits.forEach((ids, bit) => {
      if (ids.length > 0 && ids.every((id) => this.isAlarm(id))) word |= 1 << bit;
    });
    return word;
  }

  /** The trigger bits: what is so, and what has been in the running load-profile interval. */
  get bits(): number {
    return this.#raised | this.#now;
  }

  /** The interval has ended: what is no longer so goes. */
  interval(): void {
    this.#raised = this.#now;
  }
}
