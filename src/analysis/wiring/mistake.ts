/** What can be wrong between a service and the terminals of a meter, and how often it is. */
import type { Phase } from "#quantity/quantity.ts";

export const mistakeKinds = [
  "reversedAmps",
  "swappedAmps",
  "rotatedAmps",
  "misplacedAmps",
  "deadAmps",
  "ampsRatio",
  "swappedVolts",
  "rotatedVolts",
  "misplacedVolts",
  "deadVolts",
  "reversedVolts",
  "voltsRatio",
  "allVoltsRatio",
  "neutralSwapped",
  "service",
] as const;
export type MistakeKind = (typeof mistakeKinds)[number];

/** What a service is, of which a meter is set to another. */
export type Service =
  | "four-wire wye"
  | "split-phase"
  | "network"
  | "high-leg delta"
  | "corner-grounded delta"
  | "single phase";

/** Of several, what moves wires to other places comes first: the others are of the inputs as they then are. */
export interface Mistake {
  readonly kind: MistakeKind;
  /**
   * The inputs of the meter that it is of. Rotated: a, b, c are fed by these. Misplaced: the input, then the conductor that feeds it.
   * Reversed volts of a meter without neutral: the first phase of the pair.
   */
  readonly phases: readonly Phase[];
  /** Of the kind "service": what it is in truth. */
  readonly service?: Service;
}

/** How often each is found, against a site that is right: from what troubleshooting guides name first. */
export const weights: Readonly<Record<MistakeKind, number>> = {
  reversedAmps: 0.03,
  swappedAmps: 0.02,
  rotatedAmps: 0.008,
  misplacedAmps: 0.003,
  deadAmps: 0.01,
  ampsRatio: 0.006,
  swappedVolts: 0.012,
  rotatedVolts: 0.004,
  misplacedVolts: 0.002,
  deadVolts: 0.015,
  reversedVolts: 0.004,
  voltsRatio: 0.002,
  allVoltsRatio: 0.005,
  neutralSwapped: 0.003,
  service: 0.003,
};

/** Who makes one mistake makes another so many times as often as somebody who made none. */
export const AGAIN = 3;

/** Services whose phases follow each other as a, c, b, against those that are a, b, c. */
export const BACKWARD = 0.04;

export function isOf(mistake: Mistake, side: "volts" | "amps"): boolean {
  return mistake.kind.toLowerCase().includes("amps") === (side === "amps");
}
