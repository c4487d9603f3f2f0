/**
 * What only power quality measures, by the manual's tables (Measurement Log, Trigger Measurements, Power Quality Items): of which
 * phases and orders it is, what it may be shown by and what it takes to be ordered.
 */
import type { QualityView } from "#quantity/quality-view.ts";
import type { Ordered } from "./model-number.ts";
import { qualities, sequences, type Measure, type MeasureQuantity } from "#quantity/measure.ts";

/**
 * Orders that can be chosen. Interharmonics are those of the text and of the formulas, which both say 50: the table of the
 * measurement log ends at 40.
 */
export const chosenOrders = { harmonic: [2, 64], interharmonic: [2, 50] } as const;

/** Of every harmonic. */
const channels: readonly MeasureQuantity[] = ["V", "V.ll", "A"];
/** By all, odd or even harmonics. */
const distortions: readonly MeasureQuantity[] = ["THD.V", "THD.V.ll", "THD.A", "TDD.A"];
/** What follows the setting of which volts power quality is measured: of those to neutral, and of those from line to line. */
const followers = {
  ln: ["THD.V", "crest.V", "Pinst", "Pst", "Plt"],
  ll: ["THD.V.ll", "crest.V.ll", "Pinst.ll", "Pst.ll", "Plt.ll"],
} as const satisfies Readonly<Record<string, readonly MeasureQuantity[]>>;

/** Quantities of which this meter measures nothing else than by power quality, by phase. */
export const qualityQuantities: readonly MeasureQuantity[] = [
  "TDD.A",
  "crest.A",
  ...followers.ln.slice(1),
  ...followers.ll,
];

/** What a power-quality instrument measures, and nothing else of the meter does. */
const own: ReadonlySet<MeasureQuantity> = new Set([...qualities, ...qualityQuantities, "K.A"]);

/** Whether a measure is one of the power-quality instrument: all others are measured every half cycle. */
export function isOfPowerQuality({ quantity, order, interharmonic, parity, part, method }: Measure): boolean {
  const isPhasor = method === "fundamental" && channels.includes(quantity);
  const further = order ?? interharmonic ?? parity ?? part;
  return further !== undefined || isPhasor || own.has(quantity);
}

/** Whether harmonics, flicker and sequences are measured as well: without them power quality is that of option PQ1. */
export function hasHarmonics({ options }: Pick<Ordered, "options">): boolean {
  return needed.some((one) => options.has(one));
}

/** The options that what is of harmonics, flicker and sequences takes, one of which must have been ordered. */
export const needed = ["PQ2", "PQ3"] as const;

/** What option PQ1 has besides its recordings: fundamentals, deviations from the nominal volts, the frequency of ten seconds. */
export function isOfBasic({ quantity, order, interharmonic, parity, part, method }: Measure): boolean {
  if (method === "fundamental") return true;
  return (order ?? interharmonic ?? parity ?? part) === undefined && /^(under|over|Hz)\./.test(quantity);
}

/** A block as option PQ1 shows it: magnitudes, angles, distortion and unbalance. */
export function withoutHarmonics({ flicker: _flicker, ...view }: QualityView): QualityView {
  const channels = view.channels.map(({ k: _k, tdd: _tdd, ...one }) => ({
    ...one,
    crest: null,
    thdOdd: null,
    thdEven: null,
    harmonics: [],
    interharmonics: [],
  }));
  return { ...view, channels };
}

/** Whether triggers can look at it: they take no single harmonics, and no angles. */
export function isTriggered({ quantity, order, interharmonic, part }: Measure): boolean {
  return (
    (order ?? interharmonic ?? part) === undefined && (qualityQuantities.includes(quantity) || isDistortion(quantity))
  );
}

function isDistortion(quantity: MeasureQuantity): boolean {
  return distortions.includes(quantity);
}

/** What the tables do not have of a measure of power quality, as key and expectation; undefined for one that they have. */
export function unknownInQuality(measure: Measure): string | undefined {
  const { quantity, phase, direction, order, interharmonic, parity, part, method } = measure;
  const isSequence = (sequences as readonly string[]).includes(quantity);
  if (order !== undefined && interharmonic !== undefined)
    return "interharmonic: expected an order or an interharmonic, found both";
  if (parity !== undefined && !isDistortion(quantity))
    return `parity: expected of ${distortions.join(", ")}; found of ${quantity}`;
  if ((order ?? interharmonic) !== undefined && !channels.includes(quantity))
    return `${order === undefined ? "interharmonic" : "order"}: expected of ${channels.join(", ")}; found of ${quantity}`;
  if (part !== undefined && interharmonic !== undefined) return "part: interharmonics have no angle";
  if (part !== undefined && order === undefined && method === undefined && !isSequence)
    return `part: expected of a harmonic or of a sequence; found of ${quantity}`;
  const beyond =
    outOf("order", order, chosenOrders.harmonic) ?? outOf("interharmonic", interharmonic, chosenOrders.interharmonic);
  if (beyond !== undefined) return beyond;
  if (direction !== "bidirectional") return `direction: ${quantity} is measured bidirectional; found ${direction}`;
  const phases: readonly string[] = isSequence ? ["polyphase"] : ["a", "b", "c"];
  return phases.includes(phase) ? undefined : `phase: ${quantity} is measured of ${phases.join(", ")}; found ${phase}`;
}

function outOf(key: string, value: number | undefined, [first, last]: readonly [number, number]): string | undefined {
  if (value === undefined || (value >= first && value <= last)) return undefined;
  return `${key}: expected ${first} to ${last}; found ${value}`;
}

/** What is measured of the other volts than power quality is, as key and expectation. */
export function otherVolts({ quantity, parity }: Measure, pqVoltage: "ln" | "ll"): string | undefined {
  // The distortion of volts that every meter measures follows nothing.
  if (quantity === "THD.V" && parity === undefined) return undefined;
  const others: readonly MeasureQuantity[] = followers[pqVoltage === "ln" ? "ll" : "ln"];
  const at = others.indexOf(quantity);
  if (at < 0) return undefined;
  return `quantity: power quality is measured ${pqVoltage === "ln" ? "line to neutral" : "line to line"} (primary.pqVoltage): expected ${followers[pqVoltage][at]}; found ${quantity}`;
}
