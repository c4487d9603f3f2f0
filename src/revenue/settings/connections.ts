/** How each connection is wired to a JEMStar II (section Meter Forms). */
import type { connectionTypes } from "./configuration.ts";
import type { WiringName } from "#quantity/wiring.ts";

export interface Connection {
  readonly wiring: WiringName;
  /** Phases that have an element, and phases whose volts are measured. */
  readonly elements: readonly (0 | 1 | 2)[];
  readonly voltages: readonly (0 | 1 | 2)[];
  /** Volts are to neutral. */
  readonly neutral: boolean;
  /** Least volts of an input that keep the meter running. */
  readonly leastVolts: number;
}

/** How each connection is measured, and least volts of an input that keep the meter running, as it is measured. */
export const connections: Readonly<Record<(typeof connectionTypes)[number], Connection>> = {
  "3 wire delta": { wiring: "two-element", elements: [0, 2], voltages: [0, 1, 2], neutral: false, leastVolts: 78 },
  "open delta": { wiring: "two-element", elements: [0, 2], voltages: [0, 1, 2], neutral: false, leastVolts: 78 },
  "3 wire wye": { wiring: "two-element", elements: [0, 2], voltages: [0, 1, 2], neutral: false, leastVolts: 78 },
  network: { wiring: "network", elements: [0, 1], voltages: [0, 1], neutral: true, leastVolts: 45 },
  "4 wire wye": { wiring: "wye", elements: [0, 1, 2], voltages: [0, 1, 2], neutral: true, leastVolts: 45 },
  "4 wire delta": { wiring: "wye", elements: [0, 1, 2], voltages: [0, 1, 2], neutral: true, leastVolts: 45 },
};
