/**
 * Triggers: a measurement beyond its alarm level for long enough is an alarm until it has been within the reset level for long
 * enough. Looked at whenever a stretch has been measured; combinations of triggers make the bits of the trigger word.
 */
import type { TriggerSettings } from "./configuration.ts";
import { columnsOf, sumOf, type Columns } from "./measure.ts";

/** What an alarm log entry needs. */
export interface TriggerChange {
  readonly trigger: TriggerSettings;
  readonly alarm: boolean;
  readonly value: number;
}

class Trigger {
  readonly settings: TriggerSettings;
  readonly #columns: readonly Columns[];
  alarm = false;
  value = NaN;
  /** For how long the other state has been due, milliseconds. */
  #pendingMs = 0;

  constructor(settings: TriggerSettings) {
    this.settings = settings;
    const { measure, phase } = settings;
    const phases = phase === "any" || phase === "all" ? (["a", "b", "c"] as const) : ([phase] as const);
    this.#columns = phases.map((one) => columnsOf({ ...measure, phase: one }));
  }

  #beyond(value: number, level: number): boolean {
    const { operator } = this.settings;
    return operator === "<" ? value < level : operator === ">" ? value > level : Math.abs(value - level) < 1e-9;
  }

  /** Whether its state has changed. */
  look(average: Float64Array, ms: number): boolean {
    const { phase, alarm, reset, delayMs, resetDelayMs, operator } = this.settings;
    const values = this.#columns.map((columns) => sumOf(columns, average));
    const test = (level: number): boolean => {
      const beyond = values.map((value) => this.#beyond(value, level));
      return phase === "all" ? beyond.every(Boolean) : beyond.some(Boolean);
    };
    const due = this.alarm ? !test(reset) : test(alarm);
    this.value = operator === "<" ? Math.min(...values) : Math.max(...values);
    this.#pendingMs = due ? this.#pendingMs + ms : 0;
    // The stretch that shows it first counts: it was so all along.
    if (!due || this.#pendingMs < (this.alarm ? resetDelayMs : delayMs)) return false;
    this.alarm = !this.alarm;
    this.#pendingMs = 0;
    return true;
  }
}

export class Triggers {
  readonly #triggers: readonly Trigger[];
  readonly #bits: readonly (readonly number[])[];
  #raised = 0;

  /** `bits` names, for each bit of the word, the triggers that must all be in alarm. */
  constructor(settings: readonly TriggerSettings[], bits: readonly (readonly number[])[]) {
    this.#triggers = settings.filter(({ enabled }) => enabled).map((one) => new Trigger(one));
    this.#bits = bits;
  }

  /** Looks at a stretch; what changed with it. */
  look(average: Float64Array, ms: number): TriggerChange[] {
    const changes: TriggerChange[] = [];
    for (const trigger of this.#triggers) {
      if (trigger.look(average, ms))
        changes.push({ trigger: trigger.settings, alarm: trigger.alarm, value: trigger.value });
    }
    this.#raised |= this.#now;
    return changes;
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
