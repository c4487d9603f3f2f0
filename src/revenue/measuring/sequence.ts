/**
 * Symmetrical components (Fortescue; section Sequence Components) of the fundamentals of volts and amps, and the unbalance that
 * follows from them: the negative and the zero sequence over the positive, in percent. Meters with two elements have three line
 * volts that add up to nothing, and a third current that brings back the other two: neither has a zero sequence.
 */
import { Sequence } from "#metrology/spectrum.ts";
import { sequence, single } from "./columns.ts";
import type { Inputs } from "./inputs.ts";

const THIRD = (2 * Math.PI) / 3;
const components = new Sequence();
const magnitudes = new Float64Array(3);
const angles = new Float64Array(3);

/** Where angles are not known phases are 120 degrees apart, and currents lag by what their power says. */
function takeVolts({ firstV, angleV }: Inputs): void {
  for (let k = 0; k < 3; k++) {
    magnitudes[k] = firstV[k]!;
    angles[k] = Number.isNaN(angleV[k]!) ? -THIRD * k : angleV[k]!;
  }
}

function takeAmps({ firstA, a, angleA, w, q }: Inputs, startingCurrent: number): void {
  for (let k = 0; k < 3; k++) {
    magnitudes[k] = a[k]! < startingCurrent ? 0 : firstA[k]!;
    angles[k] = Number.isNaN(angleA[k]!) ? -THIRD * k - Math.atan2(q[k]!, w[k]!) : angleA[k]!;
  }
}

/** The third phasor, of which `sign` times the first and the last is left: amps of b bring a and c back, volts bc are -cb. */
function takeThird(first: number, last: number): void {
  const re = first * magnitudes[0]! * Math.cos(angles[0]!) + last * magnitudes[2]! * Math.cos(angles[2]!);
  const im = first * magnitudes[0]! * Math.sin(angles[0]!) + last * magnitudes[2]! * Math.sin(angles[2]!);
  magnitudes[1] = Math.hypot(re, im);
  angles[1] = Math.atan2(im, re);
}

function percent(part: number): number {
  return components.positive > 0 ? (100 * part) / components.positive : 0;
}

/** Writes the columns of symmetrical components; `neutral` when volts are to neutral. */
export function fillSequences(inputs: Inputs, neutral: boolean, startingCurrent: number, out: Float64Array): void {
  takeVolts(inputs);
  if (!neutral) {
    // Of ab and cb: bc is -cb, and ca is cb - ab. As a, b, c they are ab, bc, ca.
    const cb = magnitudes[2]!;
    const at = angles[2]!;
    takeThird(-1, 1);
    magnitudes[2] = magnitudes[1]!;
    angles[2] = angles[1]!;
    magnitudes[1] = cb;
    angles[1] = at + Math.PI;
  }
  components.measure(magnitudes, angles);
  out[sequence.positiveV] = components.positive;
  out[sequence.negativeV] = components.negative;
  out[sequence.zeroV] = components.zero;
  out[single.unbalanceV] = percent(components.negative);
  out[sequence.unbalanceZeroV] = percent(components.zero);
  takeAmps(inputs, startingCurrent);
  if (!neutral) takeThird(-1, -1);
  components.measure(magnitudes, angles);
  out[sequence.positiveA] = components.positive;
  out[sequence.negativeA] = components.negative;
  out[sequence.zeroA] = components.zero;
  out[single.unbalanceA] = percent(components.negative);
  out[sequence.unbalanceZeroA] = percent(components.zero);
}
