/**
 * The type of a three-phase dip, A to G, by the symmetrical-component algorithm: M. H. J. Bollen, "Algorithms for characterizing measured
 * three-phase unbalanced voltage dips", IEEE Trans. Power Delivery 18 (2003), and L. D. Zhang, M. H. J. Bollen, "Characteristic of voltage
 * dips (sags) in power systems", IEEE Trans. Power Delivery 15 (2000). With U1 and U2 per unit of the voltage before,
 * T = arg(U2 / (1 - U1)) / 60 degrees, rounded: 0 Ca, 1 Dc, 2 Cb, 3 Da, 4 Cc, 5 Db. The bounds between the families are ours: |U2| over
 * |1 - U1| is 0 of A, 1/2 of E, F, G and 1 of B, C, D; |U0| over |U2| is 0 of those that a transformer without zero sequence lets through.
 */
import { meanSequences, beforeOf, sequencesAt, type EventTrace } from "./event-trace.ts";
import { degreesOf, magnitude, minus, over, plus, polar, times } from "./phasor.ts";

export type DipLetter = "A" | "B" | "C" | "D" | "E" | "F" | "G";

export interface DipType {
  readonly letter: DipLetter;
  /** The symmetrical phase: the one that falls most of B, D and F, least of C, E and G; of A none. */
  readonly phase?: "a" | "b" | "c";
  /** Characteristic voltage: per unit, and how far it jumped. */
  readonly characteristic: number;
  readonly jumpDegrees: number;
  /** PN factor, per unit: 1 where two phases are hit but not the ground. */
  readonly pn: number;
  /** What may have been: at this voltage level, or seen through transformers. */
  readonly faults: string;
  readonly criterion: string;
}

const half = 0.25;
const full = 0.75;

const faultsOf: Readonly<Record<DipLetter, string>> = {
  A: "three-phase fault",
  B: "single-phase fault to ground at this voltage level",
  C: "phase-to-phase fault at this voltage level, or a single-phase fault through one delta-star transformer",
  D: "phase-to-phase fault through one delta-star transformer, or a single-phase fault without its zero sequence",
  E: "two-phase fault to ground at this voltage level",
  F: "two-phase fault to ground through one delta-star transformer",
  G: "two-phase fault to ground without its zero sequence",
};

/** By T: the phase, and whether it is the one that falls most. */
const byT = [
  { phase: "a", falls: false },
  { phase: "c", falls: true },
  { phase: "b", falls: false },
  { phase: "a", falls: true },
  { phase: "c", falls: false },
  { phase: "b", falls: true },
] as const;

const round = (value: number): string => value.toFixed(2);

/** The type at one half cycle of an event; undefined where the voltages then or before are not known, or the positive sequence has not fallen. */
export function dipType(trace: EventTrace, at: number): DipType | undefined {
  const before = meanSequences(trace.volts, 0, beforeOf(trace)).positive;
  const now = sequencesAt(trace.volts, at);
  const u1 = over(now.positive, before);
  const u2 = over(now.negative, before);
  const u0 = over(now.zero, before);
  const lost = minus({ re: 1, im: 0 }, u1);
  const unbalance = magnitude(u2) / magnitude(lost);
  // Of what has hardly fallen there is nothing to divide by.
  if (!(magnitude(lost) > 0.01) || !Number.isFinite(unbalance)) return undefined;
  const zero = magnitude(u0) / magnitude(u2);
  const figures = `|U2| / |1 - U1| is ${round(unbalance)}`;
  if (unbalance < half) {
    return {
      letter: "A",
      characteristic: magnitude(u1),
      jumpDegrees: degreesOf(u1),
      pn: magnitude(u1),
      faults: faultsOf.A,
      criterion: `${figures}, below ${half}: the phases fall alike`,
    };
  }
  const angle = degreesOf(over(u2, lost));
  if (!Number.isFinite(angle)) return undefined;
  const t = ((Math.round(angle / 60) % 6) + 6) % 6;
  const { phase, falls } = byT[t]!;
  const turned = times(u2, polar(1, -60 * t));
  const hasZero = zero > half;
  const letter = letterOf(falls, hasZero, unbalance < full);
  const characteristic = minus(u1, turned);
  return {
    letter,
    phase,
    characteristic: magnitude(characteristic),
    jumpDegrees: degreesOf(characteristic),
    pn: magnitude(plus(u1, turned)),
    faults: faultsOf[letter],
    criterion: `${figures}, its angle ${angle.toFixed(0)} degrees (T = ${t}), |U0| / |U2| ${round(zero)}`,
  };
}

function letterOf(falls: boolean, hasZero: boolean, isHalf: boolean): DipLetter {
  if (isHalf) return falls ? "F" : hasZero ? "E" : "G";
  if (falls) return hasZero ? "B" : "D";
  return "C";
}
