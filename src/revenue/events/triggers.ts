/**
 * Triggers: measures are looked at every half cycle, those of power quality five times a second, registers once a second, inputs when
 * they change and a tenth of a second after, transients in the samples of each half cycle; combinations of triggers make the bits of the
 * trigger word.
 */
import { displayedTrigger } from "./trigger-words.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { sideOf } from "#quantity/measure.ts";
import type { Alarm } from "#quantity/meter-surface.ts";
import { unitOf } from "#quantity/unit.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { TransientTrigger, type SoughtTransient } from "./transient-trigger.ts";
import { Trigger, type Looked, type TriggerChange, type TriggerContext, type TriggerKind } from "./trigger.ts";

/** What a trigger looks at, and the levels that it looks for. */
function watchedBy({
  measure,
  register,
  input,
  operator,
  alarm,
  reset,
  records,
  transient,
}: TriggerSettings): Pick<Alarm, "of" | "unit" | "side" | "level" | "reset"> {
  if (measure === undefined && register === undefined) return { of: `input ${input}` };
  // The threshold of a rapid change is of the change, not of the volts.
  const levels =
    records === "rapidVoltageChange"
      ? { level: `a change of more than ${alarm}` }
      : transient !== undefined
        ? { level: `more than ${alarm} above the cycle before` }
        : {
            level: `${operator} ${alarm}`,
            reset: `${operator === "<" ? ">=" : operator === ">" ? "<=" : "other than"} ${reset}`,
          };
  if (measure === undefined) return { of: `register ${register}`, ...levels };
  const of = [measure.quantity, measure.parity ?? ""].filter((word) => word !== "").join(".");
  return { of, unit: unitOf(measure), side: sideOf(measure, "secondary"), ...levels };
}

/** What finds transients of a trigger, and the ratio of the installed voltage transformers. */
export type SeekTransient = (trigger: TriggerSettings) => { readonly sought: SoughtTransient; readonly ratio: number };

export class Triggers {
  /** All of them. */
  readonly #triggers: readonly (Trigger | TransientTrigger)[];
  readonly #byKind: Readonly<Record<TriggerKind, readonly Trigger[]>>;
  readonly #transients: readonly TransientTrigger[];
  readonly #bits: readonly (readonly number[])[];
  readonly #looked: Looked;
  readonly #changes: TriggerChange[] = [];
  #raised = 0;

  /** `bits` names, for each bit of the word, the triggers that must all be in alarm; of a source without samples nobody seeks transients. */
  constructor(
    settings: readonly TriggerSettings[],
    bits: readonly (readonly number[])[],
    context: TriggerContext,
    seek?: SeekTransient,
  ) {
    this.#looked = { context, at: 0, ms: 0, rates: undefined, sagging: false };
    const enabled = settings.filter(({ enabled }) => enabled);
    // Sags come before rapid changes, so that these know what they have become.
    const triggers = enabled
      .filter(({ transient }) => transient === undefined)
      .toSorted((a, b) => Number(a.records === "rapidVoltageChange") - Number(b.records === "rapidVoltageChange"))
      .map((one) => new Trigger(one, context));
    this.#transients = enabled.flatMap((one) => {
      if (one.transient === undefined || seek === undefined) return [];
      const { sought, ratio } = seek(one);
      return [new TransientTrigger(one, sought, ratio)];
    });
    this.#triggers = [...triggers, ...this.#transients];
    const of = (kind: TriggerKind): readonly Trigger[] => triggers.filter((one) => one.kind === kind);
    this.#byKind = { measure: of("measure"), quality: of("quality"), register: of("register"), input: of("input") };
    this.#bits = bits;
  }

  /** No alarm can begin or end while the rates stay those that were looked at last. */
  get isQuiet(): boolean {
    const { measure } = this.#byKind;
    for (let k = 0; k < measure.length; k++) if (!measure[k]!.isQuiet) return false;
    return true;
  }

  /**
   * Looks at one kind of them after so many milliseconds, which began at an elapsed time, of measures at their rates; what changed with it, until the
   * next look.
   */
  look(kind: TriggerKind, at: number, ms: number, rates?: Float64Array): readonly TriggerChange[] {
    const [looked, changes] = [this.#looked, this.#changes];
    changes.length = 0;
    looked.at = at;
    looked.ms = ms;
    looked.rates = rates;
    for (const trigger of this.#byKind[kind]) {
      if (trigger.settings.records === "rapidVoltageChange") looked.sagging = this.sagging;
      trigger.look(looked, changes);
    }
    if (changes.length > 0) this.#raised |= this.#now;
    return changes;
  }

  get seeksTransients(): boolean {
    return this.#transients.length > 0;
  }

  /** Looks for transients in a half cycle; what changed in it, until the next look. */
  seek(half: GridHalf): readonly TriggerChange[] {
    const changes = this.#changes;
    changes.length = 0;
    for (const trigger of this.#transients) trigger.half(half, changes);
    if (changes.length > 0) this.#raised |= this.#now;
    return changes;
  }

  /** A sag, a swell or an interruption is under way. */
  get sagging(): boolean {
    return this.#triggers.some(
      ({ settings: { records }, alarm }) => alarm && (records === "sagSwell" || records === "interruption"),
    );
  }

  /** Whether an alarm output is to be closed: by triggers in alarm, of transients while `pulses` says that their pulse lasts. */
  closes(channel: number, pulses: (trigger: number) => boolean): boolean {
    const named = this.#triggers.filter(({ settings }) => settings.output === channel);
    const closing = named.length > 0 ? named : this.#triggers.filter(({ settings }) => settings.output !== "none");
    return closing.some(({ alarm, settings: { id, transient } }) => (transient === undefined ? alarm : pulses(id)));
  }

  isAlarm(id: number): boolean {
    return this.#triggers.some(({ settings, alarm }) => settings.id === id && alarm);
  }

  /** The triggers in alarm, with the value that they saw last, and what they look at. */
  active(): Alarm[] {
    return this.#triggers
      .filter(({ alarm }) => alarm)
      .map(({ settings, value }) => ({
        id: settings.id,
        label: settings.label,
        description: displayedTrigger(settings),
        value,
        ...watchedBy(settings),
      }));
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
