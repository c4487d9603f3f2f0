/**
 * Triggers: a measurement beyond its alarm level for long enough is an alarm until it has been within the reset level for long
 * enough. Measures are looked at when an instantaneous value has been averaged, registers once a second, inputs when they change and
 * a tenth of a second after; combinations of triggers make the bits of the trigger word.
 */
import type { TriggerSettings } from "./configuration.ts";
import { columnsOf, sumOf, type Columns } from "./measure.ts";

/** What an alarm log entry needs. */
export interface TriggerChange {
  readonly trigger: TriggerSettings;
  readonly alarm: boolean;
  readonly value: number;
}

/** What the meter knows that triggers look at. */
export interface TriggerContext {
  /** Averages of the last window, by column. */
  readonly average: Float64Array;
  readonly register: (id: number) => number;
  readonly isClosed: (channel: number) => boolean;
}

export type TriggerKind = "measure" | "register" | "input";

/** An input that is closed for less is not seen. */
export const INPUT_MS = 100;

class Trigger {
  readonly settings: TriggerSettings;
  readonly kind: TriggerKind;
  readonly #columns: readonly Columns[];
  readonly #delayMs: number;
  alarm = false;
  value = NaN;
  /** For how long the other state has been due, milliseconds. */
  #pendingMs = 0;

  constructor(settings: TriggerSettings) {
    this.settings = settings;
    const { measure, register, phase, delayMs } = settings;
    const phases = phase === "any" || phase === "all" ? (["a", "b", "c"] as const) : ([phase] as const);
    this.#columns = measure === undefined ? [] : phases.map((one) => columnsOf({ ...measure, phase: one }));
    this.kind = measure !== undefined ? "measure" : register !== undefined ? "register" : "input";
    this.#delayMs = this.kind === "input" ? Math.max(INPUT_MS, delayMs) : delayMs;
  }

  #values({ average, register, isClosed }: TriggerContext): readonly number[] {
    if (this.kind === "measure") return this.#columns.map((columns) => sumOf(columns, average));
    if (this.kind === "register") return [register(this.settings.register ?? 0)];
    return [isClosed(this.settings.input ?? 0) ? 1 : 0];
  }

  #beyond(value: number, level: number): boolean {
    const { operator } = this.settings;
    return operator === "<" ? value < level : operator === ">" ? value > level : Math.abs(value - level) < 1e-9;
  }

  /** Whether its state has changed. */
  look(context: TriggerContext, ms: number): boolean {
    const { phase, alarm = 0.5, reset = 0.5, resetDelayMs, operator } = this.settings;
    const values = this.#values(context);
    const test = (level: number): boolean => {
      const beyond = values.map((value) => this.#beyond(value, level));
      return phase === "all" ? beyond.every(Boolean) : beyond.some(Boolean);
    };
    const due = this.alarm ? !test(reset) : test(alarm);
    this.value = operator === "<" ? Math.min(...values) : Math.max(...values);
    this.#pendingMs = due ? this.#pendingMs + ms : 0;
    // The stretch that shows it first counts: it was so all along.
    if (!due || this.#pendingMs < (this.alarm ? resetDelayMs : this.#delayMs)) return false;
    this.alarm = !this.alarm;
    this.#pendingMs = 0;
    return true;
  }
}

export class Triggers {
  readonly #triggers: readonly Trigger[];
  readonly #bits: readonly (readonly number[])[];
  readonly #context: TriggerContext;
  #raised = 0;

  /** `bits` names, for each bit of the word, the triggers that must all be in alarm. */
  constructor(settings: readonly TriggerSettings[], bits: readonly (readonly number[])[], context: TriggerContext) {
    this.#context = context;
    this.#triggers = settings.filter(({ enabled }) => enabled).map((one) => new Trigger(one));
    this.#bits = bits;
  }

  /** Looks at one kind of them after so many milliseconds; what changed with it. */
  look(kind: TriggerKind, ms: number): TriggerChange[] {
    const changes: TriggerChange[] = [];
    for (const trigger of this.#triggers) {
      if (trigger.kind === kind && trigger.look(this.#context, ms))
        changes.push({ trigger: trigger.settings, alarm: trigger.alarm, value: trigger.value });
    }
    this.#raised |= this.#now;
    return changes;
  }

  /** Whether an alarm output is to be closed. */
  closes(channel: number): boolean {
    const named = this.#triggers.filter(({ settings }) => settings.output === channel);
    return (named.length > 0 ? named : this.#triggers).some(({ alarm }) => alarm);
  }

  isAlarm(id: number): boolean {
    return this.#triggers.some(({ settings, alarm }) => settings.id === id && alarm);
  }

  /** Ids of the triggers in alarm, with the value that they saw last. */
  active(): { readonly id: number; readonly value: number }[] {
    return this.#triggers.filter(({ alarm }) => alarm).map(({ settings, value }) => ({ id: settings.id, value }));
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
