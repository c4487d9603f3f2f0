/**
 * How a meter is connected: which of its inputs count, and which products of them sum to the power of the
 * service. Voltages are taken between two terminals, currents by conductor (Blondel: one element fewer than wires).
 */
import type { Pair, Phase } from "./quantity.ts";

/** One measuring element: the voltage from `plus` to `minus` times the current of `current`. */
export interface Element {
  readonly plus: Phase;
  /** "n" is the neutral terminal; "star" the virtual neutral, which makes the sum right whatever the terminals float at. */
  readonly minus: Phase | "n" | "star";
  readonly current: Phase;
}

export interface Wiring {
  readonly means: string;
  readonly elements: readonly Element[];
  /** The phases whose current is measured. */
  readonly currents: readonly Phase[];
  /** The phases with a voltage to neutral. */
  readonly ln: readonly Phase[];
  readonly ll: readonly Pair[];
  /** Nominal line-to-neutral voltage over the system voltage: 1 / sqrt(3) for a wye; 0 where there is none. */
  readonly lnOverSystem: number;
  /** Theoretical power over (system voltage x CT primary). */
  readonly fullScale: number;
  /** Arithmetic VA over the sum of the elements' V x A: sqrt(3) / 2 for two elements, whose voltages are line to line. */
  readonly arithmetic: number;
  /** For what a fault of the voltages is looked for: to neutral, line to line, and which are compared for balance. */
  readonly loss: { readonly ln: boolean; readonly ll: boolean; readonly balance: readonly ("ln" | "ll")[] };
}

const wye3: readonly Element[] = [
  { plus: "a", minus: "n", current: "a" },
  { plus: "b", minus: "n", current: "b" },
  { plus: "c", minus: "n", current: "c" },
];

const twoElements: readonly Element[] = [
  { plus: "a", minus: "b", current: "a" },
  { plus: "c", minus: "b", current: "c" },
];

const abc: readonly Phase[] = ["a", "b", "c"];
const allPairs: readonly Pair[] = ["ab", "bc", "ca"];

/** The wirings by name; a model says which of its settings selects which. */
export const wirings = {
  "1-phase-ln": {
    means: "single phase, A and N",
    elements: [{ plus: "a", minus: "n", current: "a" }],
    currents: ["a"],
    ln: ["a"],
    ll: [],
    lnOverSystem: 1,
    fullScale: 1,
    arithmetic: 1,
    loss: { ln: true, ll: false, balance: [] },
  },
  "1-phase-ll": {
    means: "single phase, A and B",
    elements: [{ plus: "a", minus: "b", current: "a" }],
    currents: ["a"],
    ln: [],
    ll: ["ab"],
    lnOverSystem: 0,
    fullScale: 1,
    arithmetic: 1,
    loss: { ln: false, ll: true, balance: [] },
  },
  "split-phase": {
    means: "split phase, A, B and N",
    elements: [
      { plus: "a", minus: "n", current: "a" },
      { plus: "b", minus: "n", current: "b" },
    ],
    currents: ["a", "b"],
    ln: ["a", "b"],
    ll: ["ab"],
    lnOverSystem: 0.5,
    fullScale: 1,
    arithmetic: 1,
    loss: { ln: true, ll: true, balance: ["ln"] },
  },
  delta: {
    means: "three-wire delta, three current transformers",
    elements: [
      { plus: "a", minus: "star", current: "a" },
      { plus: "b", minus: "star", current: "b" },
      { plus: "c", minus: "star", current: "c" },
    ],
    currents: abc,
    ln: [],
    ll: allPairs,
    lnOverSystem: 0,
    fullScale: Math.sqrt(3),
    arithmetic: 1,
    loss: { ln: false, ll: true, balance: ["ll"] },
  },
  wye: {
    means: "four-wire wye, A, B, C and N (ANSI form 9)",
    elements: wye3,
    currents: abc,
    ln: abc,
    ll: allPairs,
    lnOverSystem: 1 / Math.sqrt(3),
    fullScale: Math.sqrt(3),
    arithmetic: 1,
    loss: { ln: true, ll: true, balance: ["ln", "ll"] },
  },
  "two-element": {
    means: "three-wire, two elements, phase B common (ANSI form 5)",
    elements: twoElements,
    currents: ["a", "c"],
    ln: [],
    ll: allPairs,
    lnOverSystem: 0,
    fullScale: Math.sqrt(3),
    arithmetic: Math.sqrt(3) / 2,
    loss: { ln: false, ll: true, balance: ["ll"] },
  },
  network: {
    means: "network: two phases of a wye with neutral",
    elements: [
      { plus: "a", minus: "n", current: "a" },
      { plus: "b", minus: "n", current: "b" },
    ],
    currents: ["a", "b"],
    ln: ["a", "b"],
    ll: ["ab"],
    lnOverSystem: 1 / Math.sqrt(3),
    fullScale: 2 / Math.sqrt(3),
    arithmetic: 1,
    loss: { ln: true, ll: true, balance: ["ln"] },
  },
  "open-delta": {
    means: "three-wire delta, two potential transformers, three current transformers",
    elements: twoElements,
    currents: abc,
    ln: [],
    ll: allPairs,
    lnOverSystem: 0,
    fullScale: Math.sqrt(3),
    arithmetic: Math.sqrt(3) / 2,
    loss: { ln: false, ll: true, balance: ["ll"] },
  },
} as const satisfies Record<string, Wiring>;

export type WiringName = keyof typeof wirings;

export function wiringOf(name: WiringName): Wiring {
  return wirings[name];
}
