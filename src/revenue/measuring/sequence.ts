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
function takeVolts({ firstV, angleV, v, ll }: Inputs, neutral: boolean): void {
  for (let k = 0; k < 3; k++) {
    const volts = neutral ? v[k]! : ll[k === 2 ? 1 : 0]!;
    magnitudes[k] = Number.isNaN(volts) ? NaN : firstV[k]!;
    angles[k] = Number.isNaN(angleV[k]!) ? -THIRD * k : angleV[k]!;
  }
}

function takeAmps({ firstA, a, angleA, w, q }: Inputs, startingCurrent: number): void {
  for (let k = 0; k < 3; k++) {
    magnitudes[k] = Number.isNaN(a[k]!) ? NaN : a[k]! < startingCurrent ? 0 : firstA[k]!;
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

/** Where the site's phases follow each other as a, c, b, that is its positive sequence. */
function follow(rotation: "abc" | "acb"): void {
  if (rotation !== "acb") return;
  const [size, angle] = [magnitudes[1]!, angles[1]!];
  magnitudes[1] = magnitudes[2]!;
  angles[1] = angles[2]!;
  magnitudes[2] = size;
  angles[2] = angle;
}

function percent(part: number): number {
  if (Number.isNaN(components.positive)) return NaN;
  return components.positive > 0 ? (100 * part) / components.positive : 0;
}

/** How the inputs are connected: volts to neutral or not, the least current that counts, how the phases follow each other. */
export interface SequenceSettings {
  readonly neutral: boolean;
  readonly startingCurrent: number;
  readonly rotation: "abc" | "acb";
}

/** Writes the columns of symmetrical components. */
export function fillSequences(inputs: Inputs, settings: SequenceSettings, out: Float64Array): void {
  const { neutral, startingCurrent, rotation } = settings;
  takeVolts(inputs, neutral);
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
  follow(rotation);
  components.measure(magnitudes, angles);
  out[sequence.positiveV] = components.positive;
  out[sequence.negativeV] = components.negative;
  out[sequence.zeroV] = components.zero;
  out[single.unbalanceV] = percent(components.negative);
  out[sequence.unbalanceZeroV] = percent(components.zero);
  takeAmps(inputs, startingCurrent);
  if (!neutral) takeThird(-1, -1);
  follow(rotation);
  components.measure(magnitudes, angles);
  out[sequence.positiveA] = components.positive;
  out[sequence.negativeA] = components.negative;
  out[sequence.zeroA] = components.zero;
  out[single.unbalanceA] = percent(components.negative);
  out[sequence.unbalanceZeroA] = percent(components.zero);
}
