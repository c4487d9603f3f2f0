/** The unit of what is measured or kept, by its measure or by its name, and its multiples. */
import type { Measure, MeasureQuantity } from "./measure.ts";
import { measureOf, type Quantity } from "./quantity.ts";

const units: Readonly<Record<MeasureQuantity, string>> = {
  W: "W",
  var: "var",
  VA: "VA",
  "VA.arithmetic": "VA",
  Q: "Q",
  V: "V",
  "V.ll": "V",
  A: "A",
  V2: "V²",
  "V2.ll": "V²",
  A2: "A²",
  Hz: "Hz",
  "THD.V": "%",
  "THD.A": "%",
  PF: "",
  "PF.arithmetic": "",
  "unbalance.V": "%",
  "unbalance.A": "%",
  "rotation.V": "°",
  "rotation.A": "°",
  "V.positive": "V",
  "V.negative": "V",
  "V.zero": "V",
  "A.positive": "A",
  "A.negative": "A",
  "A.zero": "A",
  "unbalance.V.zero": "%",
  "unbalance.A.zero": "%",
  deg: "°",
  quadrant: "",
  "crest.V": "",
  "crest.A": "",
  "K.A": "",
  "PF.displacement": "",
  "unbalance.V.ln": "%",
  "unbalance.V.ll": "%",
  "unbalance.V.sequence": "%",
  "unbalance.A.sequence": "%",
  "THD.V.ll": "%",
  "V.input": "V",
  "TDD.A": "%",
  Pinst: "",
  Pst: "",
  Plt: "",
  "Pinst.ll": "",
  "Pst.ll": "",
  "Plt.ll": "",
  "under.V": "%",
  "over.V": "%",
  "under.V.ll": "%",
  "over.V.ll": "%",
  MSV: "V",
  "MSV.ll": "V",
  "Hz.10s": "Hz",
  "crest.V.ll": "",
  Wh: "Wh",
  varh: "varh",
  VAh: "VAh",
  "VAh.arithmetic": "VAh",
  Qh: "Qh",
  Ah: "Ah",
  V2h: "V²h",
  A2h: "A²h",
  pulses: "",
  // Of whatever its channel adds up, which its configuration says.
  totalization: "",
  communicated: "",
  "communicated.value": "",
  systemBits: "",
  triggerBits: "",
  closed: "",
};

const stateUnits: ReadonlyMap<string, string> = new Map([
  ["W.theoretical", "W"],
  ["s.pulse.closure", "s"],
  ["demand.seconds", "s"],
  ["log.start", "Wh"],
]);

/** The unit of what is said of a demand: "A.a.demand.running", "W.peak.var". */
function demandUnit(name: string): string {
  const words = name.split(".");
  const word = words[1] === "peak" ? words[2] : words.includes("demand") ? words[0] : undefined;
  return word === "W" || word === "var" || word === "VA" || word === "A" ? word : "";
}

/** The unit to print after a value: "Wh", "V²", "%"; empty for the dimensionless. */
export function unitOf(what: Pick<Measure, "quantity" | "part"> | Quantity): string {
  if (typeof what !== "string") return what.part === "angle" ? "°" : units[what.quantity];
  const measure = measureOf(what);
  return measure === undefined ? (stateUnits.get(what) ?? demandUnit(what)) : unitOf(measure);
}

/** Multiples of a unit, as registers show them. */
export const multiples = {
  units: { prefix: "", scale: 1 },
  kilo: { prefix: "k", scale: 1000 },
  mega: { prefix: "M", scale: 1_000_000 },
} as const;
export type Multiple = keyof typeof multiples;

export interface ScaledUnit {
  /** "kWh"; a prefix alone, of what has no unit, would say nothing: it is left out. */
  readonly unit: string;
  /** What a value has to be multiplied by to be in the unit of its measure: 1000 of kWh. */
  readonly scale: number;
}

export function scaledUnit(what: Parameters<typeof unitOf>[0], multiple: Multiple): ScaledUnit {
  const { prefix, scale } = multiples[multiple];
  const unit = unitOf(what);
  return { unit: unit === "" ? "" : `${prefix}${unit}`, scale };
}
