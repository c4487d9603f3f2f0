/** Measures as channels of PQDIF: what is measured, the unit and the characteristic of the standard's lists, and names as the manual has them. */
import type { ChannelDefinition, SeriesDefinition } from "#format/pqdif/pqdif.ts";
import type { Measure, MeasureDirection, MeasureQuantity } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";

type Unit = NonNullable<SeriesDefinition["unit"]>;
type Characteristic = NonNullable<SeriesDefinition["characteristic"]>;
type Measured = NonNullable<ChannelDefinition["measured"]>;
type Phase = NonNullable<ChannelDefinition["phase"]>;

type Row = readonly [label: string, measured: Measured, unit: Unit, characteristic: Characteristic];

/** What the lists have no unit or characteristic for has none. */
// prettier-ignore
const rows: Readonly<Partial<Record<MeasureQuantity, Row>>> = {
  V: ["Vl-n", "voltage", "V", "RMS"],
  "V.ll": ["Vl-l", "voltage", "V", "RMS"],
  A: ["Amps", "current", "A", "RMS"],
  V2: ["Volts²", "voltage", "none", "none"],
  "V2.ll": ["Vl-l²", "voltage", "none", "none"],
  A2: ["Amps²", "current", "none", "none"],
  Hz: ["Frequency", "voltage", "Hz", "frequency"],
  "Hz.10s": ["Frequency 10 s", "voltage", "Hz", "frequency"],
  W: ["Watts", "power", "W", "active power"],
  var: ["VARs", "power", "var", "reactive power"],
  VA: ["VA", "power", "VA", "apparent power"],
  "VA.arithmetic": ["VA arithmetic", "power", "VA", "apparent power arithmetic"],
  Q: ["Q", "power", "none", "none"],
  PF: ["PF", "power", "none", "power factor"],
  "PF.arithmetic": ["PF arithmetic", "power", "none", "power factor arithmetic"],
  "PF.displacement": ["PF displacement", "power", "none", "displacement factor"],
  "THD.V": ["Vl-n THD", "voltage", "%", "total THD"],
  "THD.V.ll": ["Vl-l THD", "voltage", "%", "total THD"],
  "THD.A": ["Amps THD", "current", "%", "total THD"],
  "TDD.A": ["Amps TDD", "current", "%", "TDD"],
  "crest.V": ["Vl-n Crest Factor", "voltage", "none", "crest factor"],
  "crest.V.ll": ["Vl-l Crest Factor", "voltage", "none", "crest factor"],
  "crest.A": ["Amps Crest Factor", "current", "none", "crest factor"],
  "K.A": ["Amps K Factor", "current", "none", "K factor"],
  "unbalance.V": ["Volts Unbalance", "voltage", "%", "negative sequence unbalance"],
  "unbalance.V.zero": ["Volts Zero Sequence Unbalance", "voltage", "%", "zero sequence unbalance"],
  "unbalance.A": ["Amps Unbalance", "current", "%", "negative sequence unbalance"],
  "unbalance.A.zero": ["Amps Zero Sequence Unbalance", "current", "%", "zero sequence unbalance"],
  "V.positive": ["Volts Positive Sequence", "voltage", "V", "positive sequence"],
  "V.negative": ["Volts Negative Sequence", "voltage", "V", "negative sequence"],
  "V.zero": ["Volts Zero Sequence", "voltage", "V", "zero sequence"],
  "A.positive": ["Amps Positive Sequence", "current", "A", "positive sequence"],
  "A.negative": ["Amps Negative Sequence", "current", "A", "negative sequence"],
  "A.zero": ["Amps Zero Sequence", "current", "A", "zero sequence"],
  Pinst: ["Vl-n Pinst", "voltage", "none", "flicker Pi LPF"],
  "Pinst.ll": ["Vl-l Pinst", "voltage", "none", "flicker Pi LPF"],
  Pst: ["Vl-n Pst", "voltage", "none", "Pst"],
  "Pst.ll": ["Vl-l Pst", "voltage", "none", "Pst"],
  Plt: ["Vl-n Plt", "voltage", "none", "Plt"],
  "Plt.ll": ["Vl-l Plt", "voltage", "none", "Plt"],
  MSV: ["Vl-n Mains Signal", "voltage", "V", "none"],
  "MSV.ll": ["Vl-l Mains Signal", "voltage", "V", "none"],
  "under.V": ["Vl-n Underdeviation", "voltage", "%", "none"],
  "under.V.ll": ["Vl-l Underdeviation", "voltage", "%", "none"],
  "over.V": ["Vl-n Overdeviation", "voltage", "%", "none"],
  "over.V.ll": ["Vl-l Overdeviation", "voltage", "%", "none"],
  Wh: ["Wh", "energy", "Wh", "active power interval integrated"],
  varh: ["VARh", "energy", "varh", "reactive power interval integrated"],
  VAh: ["VAh", "energy", "VAh", "apparent power interval integrated"],
  "VAh.arithmetic": ["VAh arithmetic", "energy", "VAh", "apparent power interval integrated"],
  Qh: ["Qh", "energy", "none", "none"],
  Ah: ["Ah", "charge", "none", "none"],
  V2h: ["Volts²h", "voltage", "none", "none"],
  A2h: ["Amps²h", "current", "none", "none"],
  closed: ["Contact Input", "status", "none", "status"],
  pulses: ["Pulse Input", "none", "none", "none"],
  totalization: ["Totalization", "none", "none", "none"],
  communicated: ["Communicated", "none", "none", "none"],
};

/** Of a quantity that the table does not have there is its name alone. */
const other: Row = ["", "none", "none", "none"];

const lineToLine: ReadonlySet<MeasureQuantity> = new Set<MeasureQuantity>([
  "V.ll",
  "THD.V.ll",
  "crest.V.ll",
  "Pinst.ll",
  "Pst.ll",
  "Plt.ll",
  "MSV.ll",
  "under.V.ll",
  "over.V.ll",
]);

const pairs = { a: ["A-B", "AB"], b: ["B-C", "BC"], c: ["C-A", "CA"] } as const;
const letters = { a: ["A-N", "A"], b: ["B-N", "B"], c: ["C-N", "C"], neutral: ["N-G", "N"] } as const;

function placeOf({ quantity, phase, channel }: Measure): readonly [phase: Phase, words: string] {
  if (channel !== undefined) return ["none", ` ${channel}`];
  const places: Readonly<Partial<Record<string, readonly [Phase, string]>>> = lineToLine.has(quantity)
    ? pairs
    : letters;
  const place = places[phase];
  if (place !== undefined) return [place[0], ` Ph ${place[1]}`];
  const measured = rows[quantity]?.[1];
  if (measured === "power" || measured === "energy") return ["total", ""];
  if (quantity === "V" || quantity === "V.ll") return [quantity === "V" ? "L-N average" : "L-L average", " Average"];
  return ["none", phase === "average" ? " Average" : ""];
}

const flows = {
  delivered: " Delivered",
  received: " Received",
  net: " Net",
  absolute: " Absolute",
  q1: " Q1",
  q2: " Q2",
  q3: " Q3",
  q4: " Q4",
} as const satisfies Partial<Record<MeasureDirection, string>>;

const signed = { delivered: " positive", received: " negative" } as const;

const parities = {
  odd: "odd THD",
  even: "even THD",
} as const satisfies Record<string, Characteristic>;

function characteristicOf({ quantity, order, interharmonic, parity, direction }: Measure, of: Row): Characteristic {
  if (order !== undefined) return "spectra of harmonic groups";
  if (interharmonic !== undefined) return "spectra of interharmonic groups";
  if (parity !== undefined) return quantity === "TDD.A" ? "TDD" : parities[parity];
  const [, , , characteristic] = of;
  if (direction !== "delivered" && direction !== "received") return characteristic;
  if (characteristic === "active power interval integrated") return `${characteristic}${signed[direction]}`;
  return characteristic === "reactive power interval integrated"
    ? `${characteristic}${signed[direction]}`
    : characteristic;
}

export interface MeasureChannel {
  readonly of: Pick<ChannelDefinition, "name" | "otherIdentifier" | "phase" | "measured" | "quantityName">;
  readonly unit: Unit;
  readonly characteristic: Characteristic;
  /** Its values are angles. */
  readonly isAngle: boolean;
  /** The order of a harmonic, or of the harmonic below an interharmonic. */
  readonly group: number | undefined;
}

/** What a channel of a measure is; `otherIdentifier` is the measure's own name ("V.a", "THD.A.b"). */
export function measureChannel(measure: Measure): MeasureChannel {
  const written = measureName({ ...measure, over: undefined });
  const row = rows[measure.quantity] ?? other;
  const [label, measured, unit] = row;
  const [phase, words] = placeOf(measure);
  const { order, interharmonic, parity, part, direction, compensated } = measure;
  const details = [
    order === undefined ? "" : ` Harmonic #${order},`,
    interharmonic === undefined ? "" : ` Interharmonic #${interharmonic},`,
    parity === undefined ? "" : ` ${parity === "odd" ? "Odd" : "Even"}`,
    measured === "power" || measured === "energy" ? (flows[direction as keyof typeof flows] ?? "") : "",
    compensated ? " Compensated" : "",
    part === undefined ? "" : " Angle",
  ];
  const isAngle = part === "angle";
  return {
    of: {
      name: label === "" ? written : `${label}${details.join("")}${words}`,
      phase,
      otherIdentifier: written,
      measured,
    },
    unit: isAngle ? "°" : unit,
    characteristic: characteristicOf(measure, row),
    isAngle,
    group: order ?? interharmonic,
  };
}
