/**
 * Powers of what came of a cycle of which samples were lost: each instant counts as much as it is there. They are what energy is made of, and no means
 * of the cycle, for what did not come may have been another. Few cycles are such, so that plain words are fast enough.
 */
import type { CycleValues } from "./cycle-values.ts";
import type { GridHalf } from "./grid-half.ts";

/** What is there for less than this part of a cycle is not there. */
const NOTHING = 1e-6;

/** The instants of an element, and what they are made of. */
export interface ElementRings {
  /** Of its current: 0 to 2. */
  readonly phase: number;
  readonly volts: Float64Array;
  readonly amps: Float64Array;
  /** The channels that its volts are made of, as bits. */
  readonly voltageBits: number;
}

/** The two halves of a cycle: what part of it each instant of the last one and of the one before stands for. */
export interface Halves {
  readonly mine: number;
  readonly other: number;
  /** Nothing is known of what was before them. */
  readonly isFirst: boolean;
}

/** Means over what was summed, and the part of the cycle that this is. */
class Sum {
  sum = 0;
  part = 0;

  clear(): void {
    this.sum = this.part = 0;
  }

  add(value: number, part: number): void {
    this.sum += part * value;
    this.part += part;
  }

  get mean(): number {
    return this.part < NOTHING ? NaN : this.sum / this.part;
  }
}

const [active, shifted, squareV, squareI] = [new Sum(), new Sum(), new Sum(), new Sum()];
const all = [active, shifted, squareV, squareI];

/** Writes what is present of an element's powers in the cycle that ends with this half. */
export function fillPresent(values: CycleValues, at: GridHalf, element: ElementRings, halves: Halves): void {
  const { from, half, ring } = at;
  const before = from === 0 ? ring[0]!.length - half : from - half;
  for (const one of all) one.clear();
  sumHalf(at, element, before, halves.other, !halves.isFirst);
  sumHalf(at, element, from, halves.mine, true);
  const { phase } = element;
  values.presentP[phase] = active.mean;
  values.presentQ[phase] = shifted.mean;
  values.presentE2[phase] = squareV.mean;
  values.presentI2[phase] = squareI.mean;
  values.present[phase] = active.part < NOTHING ? 0 : Math.min(active.part, 1);
}

/** Adds a half cycle, each of its instants for `each` of the cycle; `hasQuarter`: what lies a quarter of a cycle before is known. */
function sumHalf(
  { coverage: { weights }, half }: GridHalf,
  { phase, volts, amps, voltageBits }: ElementRings,
  from: number,
  each: number,
  hasQuarter: boolean,
): void {
  const { length } = volts;
  for (let n = from, end = from + half; n < end; n++) {
    const [v, i] = [volts[n]!, amps[n]!];
    const ofI = each * (weights === undefined ? 1 : weights[3 + phase]![n]!);
    const ofV = each * least(weights, voltageBits, n);
    squareV.add(v * v, ofV);
    squareI.add(i * i, ofI);
    active.add(v * i, Math.min(ofV, ofI));
    if (!hasQuarter && n < from + half / 2) continue;
    const quarter = (n - half / 2 + length) % length;
    shifted.add(volts[quarter]! * i, Math.min(ofI, each * least(weights, voltageBits, quarter)));
  }
}

/** Volts are there as much as all that they are made of. */
function least(weights: readonly Float64Array[] | undefined, bits: number, n: number): number {
  let all = 1;
  if (weights === undefined) return all;
  for (let c = 0; c < 3; c++) if ((bits & (1 << c)) !== 0) all = Math.min(all, weights[c]![n]!);
  return all;
}
