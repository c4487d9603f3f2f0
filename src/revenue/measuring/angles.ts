/**
 * Angles of the fundamentals of volts and amps, in degrees ahead of the first element's volts, as they were measured last: every meter
 * shows them, of power quality or not. An average of angles would be none where they pass 180 degrees.
 */
import type { Measure } from "#quantity/measure.ts";
import { corrected, type Inputs } from "./inputs.ts";
import type { RateSettings } from "./rates.ts";

const DEGREES = 180 / Math.PI;

export class Angles {
  readonly #volts = new Float64Array(3).fill(NaN);
  /** Of ca, which no element measures: the three from line to line close the triangle. */
  #ca = NaN;
  readonly #amps = new Float64Array(3).fill(NaN);

  /** What has no fundamental has no angle, and no current that is less than what registers. */
  take(given: Inputs, { elements, correction, neutral, startingCurrent }: RateSettings): void {
    const { firstV, firstA, angleV, angleA } = correction === undefined ? given : corrected(given, correction, neutral);
    const reference = firstV[elements[0]!]! > 0 ? angleV[elements[0]!]! : NaN;
    for (const k of elements) {
      this.#volts[k] = firstV[k]! > 0 ? around((angleV[k]! - reference) * DEGREES) : NaN;
      this.#amps[k] = firstA[k]! >= startingCurrent ? around((angleA[k]! - reference) * DEGREES) : NaN;
    }
    if (neutral) return;
    // Volts of a delta are ab and cb: from line to line they are ab and bc, and ca is cb less ab.
    this.#ca = closing(firstV[0]!, this.#volts[0]!, firstV[2]!, this.#volts[2]!);
    this.#volts[1] = around(this.#volts[2]! + 180);
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#volts.fill(NaN);
    this.#amps.fill(NaN);
    this.#ca = NaN;
  }

  /** Undefined where it is not known. */
  of({ quantity, phase }: Pick<Measure, "quantity" | "phase">, neutral: boolean): number | undefined {
    const k = phase === "a" ? 0 : phase === "b" ? 1 : phase === "c" ? 2 : undefined;
    if (k === undefined) return undefined;
    if (quantity === "A") return known(this.#amps[k]!);
    if (quantity === "V.ll" && k === 2) return neutral ? undefined : known(this.#ca);
    // To neutral there are none from line to line; a delta has two elements.
    if (neutral ? quantity === "V" : quantity.startsWith("V") && k < 2) return known(this.#volts[k]!);
    return undefined;
  }
}

/** The angle of cb less ab, from magnitudes and degrees; NaN where it is of nothing. */
function closing(ab: number, abAngle: number, cb: number, cbAngle: number): number {
  const re = cb * Math.cos(cbAngle / DEGREES) - ab * Math.cos(abAngle / DEGREES);
  const im = cb * Math.sin(cbAngle / DEGREES) - ab * Math.sin(abAngle / DEGREES);
  // Rounding of what cancels has a direction, too.
  return Math.hypot(re, im) > 1e-9 * (ab + cb) ? around(Math.atan2(im, re) * DEGREES) : NaN;
}

/** More than -180 to 180 degrees. */
function around(degrees: number): number {
  const turned = degrees - 360 * Math.ceil((degrees - 180) / 360);
  return turned === 0 ? 0 : turned;
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
