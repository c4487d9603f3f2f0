/**
 * What can be measured, as a value: a quantity, of a phase, in a direction, with or without loss compensation. Its written
 * form, "Wh.import", is made and read by measure-name.ts; its unit by unit.ts.
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
/** A total is net or absolute, as the meter's setting energyAccumulation has it. */
export type MeasureDirection = (typeof directions)[number] | "total";

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
  "V2.ll",
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
  "communicated.value",
] as const;
export type Level = (typeof levels)[number];

export const energies = ["Wh", "varh", "VAh", "VAh.arithmetic", "Qh", "Ah", "V2h", "A2h"] as const;
export type EnergyQuantity = (typeof energies)[number];

/**
 * What is counted by channel: changes of state of an input, totalization of them with the meter's own registration, and what another
 * meter has counted that this one reads (`communicated.value` is what such a meter measures).
 */
export const counted = ["pulses", "totalization", "communicated"] as const;
export type Counted = (typeof counted)[number];

/** What a profile channel takes as it is at the end of its interval, or has been in it: words and the state of an input. */
export const sampled = ["systemBits", "triggerBits", "closed"] as const;
export type Sampled = (typeof sampled)[number];

/**
 * What instruments show besides: by how many degrees the current lags, its quadrant, crest factors, the K factors of currents, the
 * power factor of the fundamentals, the unbalance of the volts to neutral and of those from line to line (unbalance.V is of
 * whichever the wiring has), the negative sequence over the positive, the distortion of volts from line to line, and the volts of
 * a meter's inputs: to neutral, or from line to line where the wiring has none.
 */
export const shown = [
  "deg",
  "quadrant",
  "crest.V",
  "crest.A",
  "K.A",
  "PF.displacement",
  "unbalance.V.ln",
  "unbalance.V.ll",
  "unbalance.V.sequence",
  "unbalance.A.sequence",
  "THD.V.ll",
  "V.input",
] as const;
export type Shown = (typeof shown)[number];

/**
 * What a power-quality instrument measures besides (IEC 61000-4-30): the distortion of the current in percent of the demand current
 * (IEEE 519), flicker at its three speeds (IEC 61000-4-15), by how much the volts are below and above the nominal ones, the voltage
 * of mains signalling, the frequency of ten seconds of UTC, and peak over RMS of volts from line to line.
 */
export const qualities = [
  "TDD.A",
  "Pinst",
  "Pst",
  "Plt",
  "Pinst.ll",
  "Pst.ll",
  "Plt.ll",
  "under.V",
  "over.V",
  "under.V.ll",
  "over.V.ll",
  "MSV",
  "MSV.ll",
  "Hz.10s",
  "crest.V.ll",
] as const;
export type Quality = (typeof qualities)[number];

export type MeasureQuantity = Power | Level | Shown | Quality | EnergyQuantity | Counted | Sampled;

/** Three ways to measure reactive power: by samples a quarter of a cycle apart, of the fundamental alone, of all harmonics. */
export const methods = ["shifted", "fundamental", "budeanu"] as const;
export type Method = (typeof methods)[number];

/** What is kept of an interval, or since somebody reset it. */
export const reductions = ["minimum", "maximum", "average", "total", "snapshot"] as const;
export type Reduction = (typeof reductions)[number];

/** Harmonics count from here, the fundamental being 1 (IEC 61000-4-7), to what THD takes in. */
export const harmonicOrders = { first: 2, last: 128 } as const;

/** Interharmonics are named by the harmonic below them: the first lies between the fundamental and the second. */
export const interharmonicOrders = { first: 1, last: 50 } as const;

/** The harmonics that a distortion takes in, where not all. */
export const parities = ["odd", "even"] as const;
export type Parity = (typeof parities)[number];

/** On the line before a meter's transformers, or at its terminals. */
export type Side = "primary" | "secondary";

export interface Measure {
  readonly quantity: MeasureQuantity;
  readonly phase: MeasurePhase;
  readonly direction: MeasureDirection;
  readonly compensated: boolean;
  /** Of pulses 1 to 8, of totalization 1 to 16, of what is communicated 1 to 14, of the state of an input 1 to 8. */
  readonly channel?: number | undefined;
  /** Of reactive power; of volts and amps the fundamental alone. As the instrument does by itself where nothing is said. */
  readonly method?: Method | undefined;
  /** A power factor signed by the direction of W; by lagging (+) and leading (-) where nothing is said. */
  readonly sign?: "flow" | undefined;
  /** Of one harmonic, 2 to 128. */
  readonly order?: number | undefined;
  /** Of one interharmonic, 1 to 50: the centred subgroup between this harmonic and the next (IEC 61000-4-7). */
  readonly interharmonic?: number | undefined;
  /** A distortion by the odd harmonics, or by the even ones. */
  readonly parity?: Parity | undefined;
  /** Its angle, not its magnitude: of a harmonic, a symmetrical component or the fundamental. */
  readonly part?: "angle" | undefined;
  /** The mean over the demand interval. */
  readonly demand?: true | undefined;
  readonly over?: Reduction | undefined;
}

export function isCounted(quantity: MeasureQuantity): quantity is Counted {
  return (counted as readonly string[]).includes(quantity);
}

export function isSampled(quantity: MeasureQuantity): quantity is Sampled {
  return (sampled as readonly string[]).includes(quantity);
}

/** What a register of another meter says. */
export function isCommunicated({ quantity }: Measure): boolean {
  return quantity === "communicated" || quantity === "communicated.value";
}

/** Energies and counts accumulate; everything else is averaged. */
export function accumulates(quantity: MeasureQuantity): quantity is EnergyQuantity | Counted {
  return isCounted(quantity) || (energies as readonly string[]).includes(quantity);
}

/** By which powers of volts and amps a measure grows: what transformers do to it. */
export interface Dimension {
  readonly volts: 0 | 1 | 2;
  readonly amps: 0 | 1 | 2;
}

const none: Dimension = { volts: 0, amps: 0 };
const power: Dimension = { volts: 1, amps: 1 };
const volts: Dimension = { volts: 1, amps: 0 };
const amps: Dimension = { volts: 0, amps: 1 };
const volts2: Dimension = { volts: 2, amps: 0 };
const amps2: Dimension = { volts: 0, amps: 2 };

const dimensions: Readonly<Record<MeasureQuantity, Dimension>> = {
  W: power,
  var: power,
  VA: power,
  "VA.arithmetic": power,
  Q: power,
  V: volts,
  "V.ll": volts,
  A: amps,
  V2: volts2,
  "V2.ll": volts2,
  A2: amps2,
  Hz: none,
  "THD.V": none,
  "THD.A": none,
  PF: none,
  "PF.arithmetic": none,
  "unbalance.V": none,
  "unbalance.A": none,
  "rotation.V": none,
  "rotation.A": none,
  "V.positive": volts,
  "V.negative": volts,
  "V.zero": volts,
  "A.positive": amps,
  "A.negative": amps,
  "A.zero": amps,
  "unbalance.V.zero": none,
  "unbalance.A.zero": none,
  deg: none,
  quadrant: none,
  "crest.V": none,
  "crest.A": none,
  "K.A": none,
  "PF.displacement": none,
  "unbalance.V.ln": none,
  "unbalance.V.ll": none,
  "unbalance.V.sequence": none,
  "unbalance.A.sequence": none,
  "THD.V.ll": none,
  "V.input": volts,
  "TDD.A": none,
  Pinst: none,
  Pst: none,
  Plt: none,
  "Pinst.ll": none,
  "Pst.ll": none,
  "Plt.ll": none,
  "under.V": none,
  "over.V": none,
  "under.V.ll": none,
  "over.V.ll": none,
  MSV: volts,
  "MSV.ll": volts,
  "Hz.10s": none,
  "crest.V.ll": none,
  Wh: power,
  varh: power,
  VAh: power,
  "VAh.arithmetic": power,
  Qh: power,
  Ah: amps,
  V2h: volts2,
  A2h: amps2,
  // Primary as it is counted: every input's pulses are weighted in primary units.
  pulses: none,
  totalization: none,
  // As the other meter says it.
  communicated: none,
  "communicated.value": none,
  systemBits: none,
  triggerBits: none,
  closed: none,
};

export function dimensionOf({ quantity, part }: Pick<Measure, "quantity" | "part">): Dimension {
  return part === "angle" ? none : dimensions[quantity];
}

/** The side that a value is on; undefined of what transformers leave as it is, such as a power factor. */
export function sideOf(measure: Pick<Measure, "quantity" | "part">, side: Side): Side | undefined {
  const { volts, amps } = dimensionOf(measure);
  return volts === 0 && amps === 0 ? undefined : side;
}

/** What the primary side is of the secondary: V by the ratio of its transformer, A by that of its own, powers by both. */
export function primaryFactor(measure: Pick<Measure, "quantity" | "part">, pt: number, ct: number): number {
  const { volts, amps } = dimensionOf(measure);
  return pt ** volts * ct ** amps;
}
