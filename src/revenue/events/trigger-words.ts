/** Triggers as the manual's alarm log prints them: "1,Inst,VLN:Any,<,90,0,0,92,A" is id, kind, what and phase, operator, alarm, delay, reset delay, reset, phase. */
import { sequences, type MeasureQuantity } from "#quantity/measure.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { isOfPowerQuality } from "#revenue/settings/power-quality.ts";

/** What the manual's screens call a quantity; what has no name there is written as measures are. */
const shortNames: Readonly<Partial<Record<MeasureQuantity, string>>> = {
  V: "VLN",
  "V.ll": "VLL",
  A: "Amps",
  V2: "Volt²",
  "V2.ll": "VLL²",
  A2: "Amp²",
  Hz: "Freq",
  PF: "PF",
  W: "Watt",
  var: "VAR",
  VA: "VA",
  Q: "Q",
  "THD.V": "Volts THD",
  "THD.V.ll": "Volts THD",
  "THD.A": "Amps THD",
  "TDD.A": "TDD",
  "unbalance.V": "Volts Imbal",
  "unbalance.A": "Amps Imbal",
  "rotation.V": "Voltage",
  "rotation.A": "Current",
  "crest.V": "Volts Crest",
  "crest.V.ll": "Volts Crest",
  "crest.A": "Amps Crest",
};
const parityNames = { odd: "Odd", even: "Even" } as const;

/** The categories of the table "Trigger Measurements"; a phase loss is set up as what it is, volts of one phase. */
function kindOf({ measure, register, records, transient }: TriggerSettings): string {
  if (transient !== undefined) return "Transient";
  if (records === "interruption") return "Voltage Interruption";
  if (records === "rapidVoltageChange") return "RVC";
  if (measure === undefined) return register === undefined ? "Digital Input" : "Register";
  if (measure.quantity.startsWith("rotation.")) return "Phase Rotation";
  if ((sequences as readonly string[]).includes(measure.quantity)) return "Fault";
  return isOfPowerQuality(measure) ? "PQ" : "Inst";
}

/** What the figures of the alarm display have otherwise than those of the alarm log: "6,Inst,PFV:P,<,0.7,10,0.75". */
const displayNames: Readonly<Partial<Record<MeasureQuantity, string>>> = { PF: "PFV", "PF.arithmetic": "PFA" };

function whatOf({ measure, register, input, phase }: TriggerSettings, isDisplay: boolean): string {
  if (measure === undefined) return register === undefined ? `Input ${input ?? ""}` : `Register ${register}`;
  const { quantity } = measure;
  const name = (isDisplay ? displayNames[quantity] : undefined) ?? shortNames[quantity] ?? quantity;
  const parity = measure.parity === undefined ? "" : ` ${parityNames[measure.parity]}`;
  const poly = isDisplay ? "P" : "Poly";
  const place = phase === "polyphase" ? poly : phase.length === 1 ? phase.toUpperCase() : titled(phase);
  return `${name}${parity}:${place}`;
}

const titled = (word: string): string => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`;

/** A level in a millionth of itself. */
const level = (value: number | undefined): string => (value === undefined ? "" : String(Number(value.toPrecision(7))));

/** As the alarm display has it: "4,Inst,VLN:A,>,120,0,119" is id, kind, what and phase, operator, alarm, delay, reset. */
export function displayedTrigger(trigger: TriggerSettings): string {
  const { id, measure, register, operator, alarm, reset, delayMs, transient } = trigger;
  const head = [id, kindOf(trigger), whatOf(trigger, true)];
  if (measure === undefined && register === undefined) return [...head, delayMs].join(",");
  return [...head, operator, level(alarm), transient?.samples ?? delayMs, transient?.reset ?? level(reset)].join(",");
}

/** `phase` is the letter of the phase that was beyond first, which stands behind triggers on volts. */
export function triggerWords(trigger: TriggerSettings, phase: string | undefined): string {
  const { id, measure, operator, alarm, reset, delayMs, resetDelayMs, records, transient } = trigger;
  const head = [id, kindOf(trigger), whatOf(trigger, false)];
  // An input has no level: it closes, and opens.
  if (measure === undefined && trigger.register === undefined) return [...head, delayMs, resetDelayMs].join(",");
  const filter = transient === undefined ? [delayMs, resetDelayMs, level(reset)] : [transient.samples, transient.reset];
  const isOfVolts = measure !== undefined && ["V", "V.ll"].includes(measure.quantity);
  const isOfPhase = isOfVolts && phase !== undefined && (records === undefined || records === "sagSwell");
  return [...head, operator, level(alarm), ...filter, ...(isOfPhase ? [phase.toUpperCase()] : [])].join(",");
}
