/** The tables of "Meter Measurements": which phases and directions each quantity has, and what it can be registered as. */
import type { RegisterType, Storage } from "#quantity/register.ts";
import {
  counted,
  energies,
  sampled,
  sequences,
  type Measure,
  type MeasureDirection,
  type MeasurePhase,
  type MeasureQuantity,
} from "#quantity/measure.ts";
import { isOfPowerQuality, isTriggered, needed, qualityQuantities, unknownInQuality } from "./power-quality.ts";

interface Row {
  readonly phases: readonly MeasurePhase[];
  /** The first is what is meant where nothing is said. */
  readonly directions: readonly MeasureDirection[];
}

const three = ["a", "b", "c", "polyphase"] as const;
const currents = [...three, "neutral", "average"] as const;
const squares = [...three, "average"] as const;
const whole = ["polyphase"] as const;
const quadrants = ["q1", "q2", "q3", "q4"] as const;
const flow = ["delivered", "received", "bidirectional", "absolute"] as const;
const energyFlow = ["delivered", "received", "net", "absolute"] as const;
const level = ["bidirectional"] as const;

/** What is not here is nothing that this meter measures. */
const rows: Readonly<Partial<Record<MeasureQuantity, Row>>> = {
  W: { phases: three, directions: flow },
  var: { phases: three, directions: [...flow, ...quadrants] },
  VA: { phases: three, directions: flow },
  "VA.arithmetic": { phases: three, directions: flow },
  Q: { phases: three, directions: flow },
  V: { phases: three, directions: level },
  "V.ll": { phases: three, directions: level },
  A: { phases: currents, directions: level },
  V2: { phases: three, directions: level },
  "V2.ll": { phases: three, directions: level },
  A2: { phases: currents, directions: level },
  Hz: { phases: ["a", "polyphase"], directions: level },
  "THD.V": { phases: three, directions: level },
  "THD.A": { phases: three, directions: level },
  PF: { phases: three, directions: ["bidirectional", "delivered", "received", "absolute"] },
  "PF.arithmetic": { phases: three, directions: ["bidirectional", "delivered", "received", "absolute"] },
  "unbalance.V": { phases: whole, directions: level },
  "unbalance.A": { phases: whole, directions: level },
  "rotation.V": { phases: whole, directions: level },
  "rotation.A": { phases: whole, directions: level },
  "unbalance.V.zero": { phases: whole, directions: level },
  "unbalance.A.zero": { phases: whole, directions: level },
  "V.positive": { phases: whole, directions: level },
  "V.negative": { phases: whole, directions: level },
  "V.zero": { phases: whole, directions: level },
  "A.positive": { phases: whole, directions: level },
  "A.negative": { phases: whole, directions: level },
  "A.zero": { phases: whole, directions: level },
  Wh: { phases: three, directions: energyFlow },
  varh: { phases: three, directions: [...energyFlow, ...quadrants] },
  VAh: { phases: three, directions: energyFlow },
  "VAh.arithmetic": { phases: three, directions: energyFlow },
  Qh: { phases: three, directions: energyFlow },
  Ah: { phases: squares, directions: level },
  V2h: { phases: three, directions: level },
  A2h: { phases: squares, directions: level },
  pulses: { phases: whole, directions: level },
  totalization: { phases: whole, directions: level },
  communicated: { phases: whole, directions: level },
  "communicated.value": { phases: whole, directions: level },
  systemBits: { phases: whole, directions: level },
  triggerBits: { phases: whole, directions: level },
  closed: { phases: whole, directions: level },
};

const noRow: Row = { phases: [], directions: [] };
/**
 * Demand of currents has directions, those of the watts of their phase ("Demand Registers"); without one it is of all that flows. Other
 * types of registers take currents as they are.
 */
const currentDemand: Readonly<Partial<Record<MeasureQuantity, Row>>> = {
  A: { phases: currents, directions: [...level, "delivered", "received", "absolute"] },
  A2: { phases: squares, directions: [...level, "delivered", "received", "absolute"] },
};
const ofDemand: ReadonlySet<RegisterType> = new Set([
  "presentDemand",
  "pastDemand",
  "peakDemand",
  "predictedDemand",
  "coincidentDemand",
  "thermalDemand",
  "peakThermalDemand",
  "timeOfPeak",
]);

/** The direction of a quantity where nothing is said. */
export function usualDirection(quantity: MeasureQuantity): MeasureDirection {
  return rows[quantity]?.directions[0] ?? "bidirectional";
}

/** What the tables do not have of a measure, as key and expectation; undefined for one that they have. */
export function unknownIn(measure: Measure, register?: RegisterType): string | undefined {
  if (isOfPowerQuality(measure)) return unknownInQuality(measure);
  const { quantity, phase, direction } = measure;
  const directed = register !== undefined && ofDemand.has(register) ? currentDemand[quantity] : undefined;
  const { phases, directions } = directed ?? rows[quantity] ?? noRow;
  if (!phases.includes(phase)) return `phase: ${quantity} is measured of ${phases.join(", ")}; found ${phase}`;
  if (!directions.includes(direction))
    return `direction: ${quantity} is measured ${directions.join(", ")}; found ${direction}`;
  return undefined;
}

const demanded = ["W", "var", "VA", "VA.arithmetic", "Q", "A", "A2"] as const;
const thermal = [...demanded, "V", "V.ll", "PF", "PF.arithmetic", "THD.V", "THD.A", "Hz"] as const;
const factors = ["PF", "PF.arithmetic"] as const;
const averaged = (Object.keys(rows) as MeasureQuantity[]).filter(
  (quantity) => !([...energies, ...counted, ...sampled] as readonly string[]).includes(quantity),
);

/** What every type of register takes. */
export const quantitiesOf: Readonly<Record<RegisterType, readonly MeasureQuantity[]>> = {
  instantaneous: [...averaged, ...qualityQuantities],
  minimum: averaged,
  maximum: averaged,
  average: averaged,
  consumption: [...energies, ...counted],
  presentDemand: demanded,
  pastDemand: demanded,
  peakDemand: demanded,
  predictedDemand: demanded,
  coincidentDemand: [...demanded, ...factors],
  thermalDemand: thermal,
  peakThermalDemand: thermal,
  // Of watts it is their vectorial power factor.
  coincidentPowerFactor: [...factors, "W"],
  averagePowerFactor: [...factors, "W"],
  timeOfPeak: averaged,
};

const kept = ["working", "billingReset", "seasonChange", "previousHour", "previousDay"] as const;
const accumulated = [...kept, "cumulative", "continuousCumulative"] as const;

/** The storage types of every type of register. */
export const storagesOf: Readonly<Record<RegisterType, readonly Storage[]>> = {
  instantaneous: ["working"],
  minimum: kept,
  maximum: kept,
  average: kept,
  consumption: kept,
  presentDemand: accumulated,
  pastDemand: accumulated,
  peakDemand: accumulated,
  predictedDemand: ["working"],
  coincidentDemand: kept,
  coincidentPowerFactor: kept,
  thermalDemand: accumulated,
  peakThermalDemand: accumulated,
  averagePowerFactor: kept,
  timeOfPeak: kept,
};

/** What an energy pulse, and a channel of totalization, can be of. */
export function isEnergy(quantity: MeasureQuantity): boolean {
  return (energies as readonly string[]).includes(quantity);
}

/** The options that a measure takes, one of which must have been ordered; none for what every meter measures. */
export function optionsFor(measure: Measure): readonly string[] {
  const { quantity } = measure;
  if (isOfPowerQuality(measure) || (sequences as readonly string[]).includes(quantity)) return needed;
  return quantity.startsWith("unbalance.") && quantity.endsWith(".zero") ? ["PQ1", "PQ2", "PQ3"] : [];
}

/** What has a value at any moment, and can be an analog point. */
export function isMomentary(measure: Measure): boolean {
  return isOfPowerQuality(measure) || averaged.includes(measure.quantity);
}

/** What a trigger can look at; what other meters say it looks at in a register, as it comes from time to time. */
export function isWatched(measure: Measure): boolean {
  if (measure.quantity === "communicated.value") return false;
  return isOfPowerQuality(measure) ? isTriggered(measure) : averaged.includes(measure.quantity);
}
