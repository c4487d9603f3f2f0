/** Half cycles of which samples were lost: what is present of their powers is energy, for as much of the time, and no part of averages. */
import type { CycleValues } from "#metrology/cycle-values.ts";
import { PLACES, POLY } from "./columns.ts";
import type { Inputs } from "./inputs.ts";
import type { Integrals } from "./integrals.ts";
import { weighPowers } from "./known.ts";

/** By place, the part of the half cycle that powers are present of; and whether it was not whole. Made anew by each. */
const [parts, broken] = [new Float64Array(PLACES), new Uint8Array(PLACES)];

/** Whether all that is present of the elements' powers is of the whole cycle. */
export function isWhole({ p, presentP }: CycleValues, elements: readonly number[]): boolean {
  return elements.every((k) => !Number.isNaN(p[k]) || Number.isNaN(presentP[k]));
}

/** What is added: rates of a half cycle, and what they are made of. */
export interface BrokenCycle {
  readonly rates: Float64Array;
  readonly seconds: number;
  readonly inputs: Inputs;
  readonly values: CycleValues;
}

export function addBroken(integrals: Integrals, cycle: BrokenCycle, elements: readonly number[]): void {
  const { rates, seconds } = cycle;
  const { w } = cycle.inputs;
  const { p, present } = cycle.values;
  let [all, there, least] = [0, 0, 1];
  parts.fill(1);
  broken.fill(0);
  for (const k of elements) {
    const power = Math.abs(w[k] ?? NaN);
    if (Number.isNaN(power)) continue;
    const part = present[k] ?? 0;
    parts[k] = part;
    all += power;
    there += power * part;
    least = Math.min(least, part);
    if (Number.isNaN(p[k])) broken[k] = broken[POLY] = 1;
  }
  // Of all together as much as the elements have of it.
  parts[POLY] = all > 0 ? there / all : least;
  weighPowers(rates, parts);
  integrals.addApart(rates, seconds, broken);
}
