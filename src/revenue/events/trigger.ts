/**
 * A trigger: a measurement beyond its alarm level for long enough is an alarm until it has been within the reset level for long
 * enough.
 */
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";
import { RapidChange } from "#metrology/rapid-change.ts";
import { changeRecord, VoltageEvent, type VoltageEventRecord } from "./voltage-event.ts";

/** When a stretch began: by the meter's clock, elapsed milliseconds, and seconds of the source (NaN of one without samples). */
export interface Instant {
  readonly utc: number;
  readonly elapsed: number;
  readonly at: number;
}

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

/** What the meter knows that triggers look at. */
export interface TriggerContext {
  readonly register: (id: number) => number;
  /** The power-quality instrument, of a meter on which that is enabled. */
  readonly quality: QualityPart | undefined;
  readonly isClosed: (channel: number) => boolean;
  /** Nominal frequency. */
  readonly hz: number;
  /** The phases whose volts are measured, and those whose currents are. */
  readonly measured: { readonly voltages: readonly number[]; readonly elements: readonly number[] };
}

export type TriggerKind = "measure" | "quality" | "register" | "input";

/** An input that is closed for less is not seen. */
export const INPUT_MS = 100;

/** For how long volts are steady before one of them can change rapidly (IEC 61000-4-30, 5.11). */
const STEADY_MS = 1000;

/** Values that differ by less are alike. */
const ALIKE = 1e-6;
const letters = ["a", "b", "c"] as const;
/** What the trigger that looks sees: of a phase or of each. */
const seen = new Float64Array(3);

export class Trigger {
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
  /** Milliseconds since a sag, a swell or an interruption was under way: those of the second before belong to what a change is measured against. */
  #sinceSag = Infinity;

  constructor(settings: TriggerSettings, { hz, measured }: TriggerContext) {
    this.settings = settings;
    const { measure, register, phase, delayMs, records, alarm = 0, reset = 0 } = settings;
    const ofQuality = measure !== undefined && isOfPowerQuality(measure);
    const ofVolts =
      measure !== undefined &&
      (ofQuality ? !/\bA$/.test(measure.quantity) : ["V", "V.ll", "V2", "V2.ll"].includes(measure.quantity));
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
      this.#event = new VoltageEvent(measure?.quantity === "V.ll" ? "V.ll" : "V", alarm);
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
    const at = given.at + afterMs;
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
    // Also while nobody looked, because the supply had failed.
    return event.record(this.settings, (at - this.#beganAt) / 1000, this.#hz, this.#phase);
  }

  #lookRapid(rapid: RapidChange, { ms, sagging }: Looked, out: TriggerChange[]): void {
    // What is not known is no change.
    if (this.#isUnknown) return;
    const changed = rapid.look(seen, ms / 1000);
    this.#sinceSag = sagging ? 0 : this.#sinceSag + ms;
    const isOther = this.#sinceSag <= STEADY_MS;
    this.isQuiet = !rapid.active && !isOther && rapid.isConstant(seen);
    this.#spoilt ||= isOther;
    if (!changed) return;
    const { settings: trigger } = this;
    if (!this.alarm) {
      this.alarm = true;
      this.#spoilt = isOther;
      this.value = rapid.value;
      out.push({ trigger, alarm: true, value: this.value, afterMs: 0 });
    }
    const { ended } = rapid;
    if (rapid.active || ended === undefined) return;
    this.alarm = false;
    this.value = Math.max(...ended.settled);
    const event = this.#spoilt ? undefined : changeRecord(ended, this.#letters, trigger);
    out.push({ trigger, alarm: false, value: this.value, afterMs: ms - 1000 * ended.endedAgo, event });
  }
}

/** What triggers look at, and for how long it was so. */
export interface Looked {
  readonly context: TriggerContext;
  /** Elapsed milliseconds at which it began, and for how long it was so. */
  at: number;
  ms: number;
  rates: Float64Array | undefined;
  /** A sag, a swell or an interruption is under way. */
  sagging: boolean;
}
