/** What a trigger of volts comes to when it ends: what was measured of a sag, a swell or an interruption while it lasted, and of a rapid change. */
import type { RapidChangeEvent } from "#metrology/rapid-change.ts";
import type { MeasureQuantity } from "#quantity/measure.ts";
import type { EventStatistic, RapidChangeObserved, VoltageObserved } from "#quantity/observation.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { measureName } from "#quantity/measure-name.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";

/** The volts that an event is of. */
export type EventVolts = "V" | "V.ll";

const phases = ["a", "b", "c"] as const;

/** What the log has of every phase besides its volts. */
const quantities: readonly MeasureQuantity[] = ["A", "THD.V", "THD.A", "PF"];

interface Measured {
  readonly name: string;
  readonly columns: Columns;
  /** What it is a property of: there is none of what is not there. */
  readonly needs: readonly (readonly [columns: Columns, of: "volts" | "amps"])[];
}

/** Volts of an interruption below a hundredth of the level of its alarm, and amps below these, have neither distortion, power factor nor frequency. */
const NO_VOLTS = 0.01;
const NO_AMPS = 0.001;

/** Cycles of an event that its edges can take, of which no cycle is known. */
const EDGES = 3;

/** What it is of: the same in all of them. */
const measuredOf = (volts: EventVolts): readonly Measured[] => [
  ...[volts, ...quantities].flatMap((one) => phases.map((k) => of(one, k, needsOf(one, volts, k)))),
  of("Hz", "polyphase", []),
];

/** Those of which a quantity is a property, all of them. */
function needsOf(quantity: MeasureQuantity, volts: EventVolts, phase: (typeof phases)[number]): Measured["needs"] {
  const ofVolts = [columnsIn(volts, phase), "volts"] as const;
  const ofAmps = [columnsIn("A", phase), "amps"] as const;
  if (quantity === "THD.V") return [ofVolts];
  if (quantity === "THD.A") return [ofAmps];
  return quantity === "PF" ? [ofVolts, ofAmps] : [];
}

const measured: Readonly<Record<EventVolts, readonly Measured[]>> = { V: measuredOf("V"), "V.ll": measuredOf("V.ll") };

function measureOf(quantity: MeasureQuantity, phase: "a" | "b" | "c" | "polyphase") {
  return { quantity, phase, direction: "bidirectional", compensated: false } as const;
}

function columnsIn(quantity: MeasureQuantity, phase: "a" | "b" | "c" | "polyphase"): Columns {
  return columnsOf(measureOf(quantity, phase));
}

function of(quantity: MeasureQuantity, phase: "a" | "b" | "c" | "polyphase", needs: Measured["needs"]): Measured {
  return { name: measureName(measureOf(quantity, phase)), columns: columnsIn(quantity, phase), needs };
}

/** What of an event is the same wherever it is told. */
export type Observed =
  | Pick<VoltageObserved, "kind" | "phase" | "cycles" | "unmeasuredMs" | "statistics">
  | Pick<RapidChangeObserved, "kind" | "phases" | "largest" | "settled">;

/** What has ended with an alarm. */
export interface VoltageEventRecord {
  readonly seconds: number;
  /** For the log. */
  readonly details: Readonly<Record<string, string | number>>;
  readonly observed: Observed;
}

/** "a", or of volts from line to line "ab". */
export function phaseName({ measure }: TriggerSettings, letter: string): string {
  if (measure?.quantity !== "V.ll") return letter;
  return ({ a: "ab", b: "bc", c: "ca" } as Readonly<Record<string, string>>)[letter] ?? letter;
}

interface Statistic {
  least: number;
  most: number;
  sum: number;
  /** Seconds in which it was known. */
  seconds: number;
}

export class VoltageEvent {
  /** By place in what is measured; while there is none, nothing. */
  #statistics: readonly Statistic[] = [];
  readonly #measured: readonly Measured[];

  readonly #volts: readonly Columns[];
  /** Volts below which nothing of them is known but that. */
  readonly #least: number;
  /** Seconds of it in which any of them was known. */
  #seen = 0;

  /** `alarm` is the level of the trigger. */
  constructor(volts: EventVolts, alarm: number) {
    this.#measured = measured[volts];
    this.#volts = phases.map((phase) => columnsIn(volts, phase));
    this.#least = NO_VOLTS * alarm;
  }

  begin(): void {
    this.#seen = 0;
    this.#statistics = this.#measured.map(() => ({ least: Infinity, most: -Infinity, sum: 0, seconds: 0 }));
  }

  /** Takes the rates of a stretch in which it lasts. */
  add(rates: Float64Array, seconds: number): void {
    if (this.#volts.some((columns) => !Number.isNaN(sumOf(columns, rates)))) this.#seen += seconds;
    const isDead = this.#volts.every((columns) => !(sumOf(columns, rates) >= this.#least));
    for (const [k, { name, columns, needs }] of this.#measured.entries()) {
      if (name === "Hz" ? isDead : !this.#isThere(needs, rates)) continue;
      const value = sumOf(columns, rates);
      const one = this.#statistics[k];
      if (one === undefined || Number.isNaN(value)) continue;
      one.least = Math.min(one.least, value);
      one.most = Math.max(one.most, value);
      one.sum += value * seconds;
      one.seconds += seconds;
    }
  }

  #isThere(needs: Measured["needs"], rates: Float64Array): boolean {
    return needs.every(([columns, of]) => !(sumOf(columns, rates) < (of === "volts" ? this.#least : NO_AMPS)));
  }

  /** What it was, as it ends after so many seconds; `phase` is the letter of the phase that began it. */
  record(trigger: TriggerSettings, seconds: number, hz: number, phase: string | undefined): VoltageEventRecord {
    const { operator, alarm = 0, records } = trigger;
    const kind = records === "interruption" ? "interruption" : operator === "<" ? "sag" : "swell";
    const began = kind === "interruption" ? undefined : phase;
    const cycles = Math.round(seconds * hz);
    const event = `${began === undefined ? "" : `phase ${began} `}${kind} ${operator} ${alarm}`;
    const description = began === undefined ? {} : { description: voltageWords(trigger, kind, began) };
    const unseen = seconds - this.#seen;
    // An edge of it lies within a cycle or two.
    const unmeasured = unseen * hz > EDGES ? { unmeasuredMs: Math.round(1000 * unseen) } : {};
    const observed = {
      kind,
      phase: began === undefined ? undefined : phaseName(trigger, began),
      cycles,
      ...unmeasured,
      statistics: this.#known(),
    } as const;
    return { seconds, details: { cycles, event, ...description, ...unmeasured, ...this.#details() }, observed };
  }

  /** Everything that was known. */
  #known(): readonly EventStatistic[] {
    return this.#statistics
      .map(({ least, most, sum, seconds }, k) => ({
        name: this.#measured[k]?.name ?? "",
        least,
        most,
        average: sum / seconds,
      }))
      .filter(({ least }) => Number.isFinite(least));
  }

  /** "12.15 101.26 20.87": least, most and average. */
  #details(): Record<string, string> {
    const two = (value: number): string => value.toFixed(2);
    return Object.fromEntries(
      this.#known().map(({ name, least, most, average }) => [name, `${two(least)} ${two(most)} ${two(average)}`]),
    );
  }
}

const serviceWords = { V: "Line to Neutral", "V.ll": "Line to Line" } as const;

/** "Phase B Voltage Line to Neutral SAG < 90.00, B", as the manual's log has it. */
function voltageWords({ measure, operator, alarm = 0 }: TriggerSettings, kind: string, letter: string): string {
  const phase = letter.toUpperCase();
  const service = serviceWords[measure?.quantity === "V.ll" ? "V.ll" : "V"];
  return `Phase ${phase} Voltage ${service} ${kind.toUpperCase()} ${operator} ${alarm.toFixed(2)}, ${phase}`;
}

/** A rapid voltage change, by the letters of its phases. */
export function changeRecord(
  { seconds, largest, settled }: RapidChangeEvent,
  letters: readonly string[],
  trigger: TriggerSettings,
): VoltageEventRecord {
  const volts = (list: readonly number[], name: string): [string, number][] =>
    [...list, Math.max(...list)].map((value, k) => [`${name}.${letters[k] ?? "polyphase"}`, Number(value.toFixed(3))]);
  const details = Object.fromEntries([...volts(largest, "Umax"), ...volts(settled, "Uss")]);
  const phases = letters.map((letter) => phaseName(trigger, letter));
  return { seconds, details, observed: { kind: "rapidVoltageChange", phases, largest, settled } };
}
