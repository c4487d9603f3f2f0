/**
 * What can be measured, as a value: a quantity, of a phase, in a direction, with or without loss compensation.
 */
export const phases = ["a", "b", "c", "polyphase", "neutral", "average"] as const;
export type MeasurePhase = (typeof phases)[number];

/** Bidirectional is delivered less received, of powers and power factors; of energies that is called net. */
export const directions = [
  "delivered",
  "received",
  "bidirectional",
  "net",
  "absolute",
  "q1",
  "q2",
  "q3",
  "q4",
] as const;
export type MeasureDirection = (typeof directions)[number];

/** Powers, whose integrals are energies. VA is the vector sum, VA arithmetic the product of volts and amps. */
export const powers = ["W", "var", "VA", "VA.arithmetic", "Q"] as const;
export type Power = (typeof powers)[number];

/** Symmetrical components of the volts and of the amps: magnitudes of their positive, negative and zero sequence. */
export const sequences = ["V.positive", "V.negative", "V.zero", "A.positive", "A.negative", "A.zero"] as const;

/**
 * What is averaged, and makes no sense added up; but for A, A2 and V2 by the hour. Unbalance is of the negative sequence over the
 * positive, or the largest deviation from the average where a meter has no power quality; `unbalance.V.zero` of the zero sequence.
 */
export const levels = [
  "V",
  "V.ll",
  "A",
  "V2",
  "A2",
  "Hz",
  "THD.V",
  "THD.A",
  "PF",
  "PF.arithmetic",
  "unbalance.V",
  "unbalance.A",
  "rotation.V",
  "rotation.A",
  "unbalance.V.zero",
  "unbalance.A.zero",
  ...sequences,
] as const;
export type Level = (typeof levels)[number];

export const energies = ["Wh", "varh", "VAh", "VAh.arithmetic", "Qh", "Ah", "V2h", "A2h"] as const;
export type EnergyQuantity = (typeof energies)[number];

/** What is counted by channel: changes of state of an input, and totalization of them with the meter's own registration. */
export const counted = ["pulses", "totalization"] as const;
export type Counted = (typeof counted)[number];

/** What a profile channel takes as it is at the end of its interval, or has been in it: words and the state of an input. */
export const sampled = ["systemBits", "triggerBits", "closed"] as const;
export type Sampled = (typeof sampled)[number];

export type MeasureQuantity = Power | Level | EnergyQuantity | Counted | Sampled;

export interface Measure {
  readonly quantity: MeasureQuantity;
  readonly phase: MeasurePhase;
  readonly direction: MeasureDirection;
  readonly compensated: boolean;
  /** Of pulses 1 to 8, of totalization 1 to 16. */
  readonly channel?: number | undefined;
}

export function isCounted(quantity: MeasureQuantity): quantity is Counted {
  return (counted as readonly string[]).includes(quantity);
}

export function isSampled(quantity: MeasureQuantity): quantity is Sampled {
  return (sampled as readonly string[]).includes(quantity);
}

/** Energies and counts accumulate; everything else is averaged. */
export function accumulates(quantity: MeasureQuantity): quantity is EnergyQuantity | Counted {
  return isCounted(quantity) || (energies as readonly string[]).includes(quantity);
}

/** What the primary side is of the secondary: V and A by the ratio of one transformer, powers by both. */
export function primaryFactor({ quantity }: Measure, pt: number, ct: number): number {
  switch (quantity) {
    case "V":
    case "V.ll":
    case "V.positive":
    case "V.negative":
    case "V.zero":
      return pt;
    case "A":
    case "Ah":
    case "A.positive":
    case "A.negative":
    case "A.zero":
      return ct;
    case "V2":
    case "V2h":
      return pt * pt;
    case "A2":
    case "A2h":
      return ct * ct;
    case "pulses":
    case "totalization":
    case "systemBits":
    case "triggerBits":
    case "closed":
    case "Hz":
    case "THD.V":
    case "THD.A":
    case "PF":
    case "PF.arithmetic":
    case "unbalance.V":
    case "unbalance.A":
    case "unbalance.V.zero":
    case "unbalance.A.zero":
    case "rotation.V":
    case "rotation.A":
      return 1;
    default:
      return pt * ct;
  }
}
