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
  readonly #amps = new Float64Array(3).fill(NaN);

  /** What has no fundamental has no angle, and no current that is less than what registers. */
  take(given: Inputs, { elements, correction, neutral, startingCurrent }: RateSettings): void {
    const { firstV, firstA, angleV, angleA } = correction === undefined ? given : corrected(given, correction, neutral);
    const reference = firstV[elements[0]!]! > 0 ? angleV[elements[0]!]! : NaN;
    for (const k of elements) {
      this.#volts[k] = firstV[k]! > 0 ? around((angleV[k]! - reference) * DEGREES) : NaN;
      this.#amps[k] = firstA[k]! >= startingCurrent ? around((angleA[k]! - reference) * DEGREES) : NaN;
    }
    // Volts of a delta are ab and cb: from line to line they are ab and bc.
    if (!neutral) this.#volts[1] = around(this.#volts[2]! + 180);
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#volts.fill(NaN);
    this.#amps.fill(NaN);
  }

  /** Undefined where it is not known. */
  of({ quantity, phase }: Pick<Measure, "quantity" | "phase">, neutral: boolean): number | undefined {
    const k = phase === "a" ? 0 : phase === "b" ? 1 : phase === "c" ? 2 : undefined;
    if (k === undefined) return undefined;
    if (quantity === "A") return known(this.#amps[k]!);
    // Of a delta there is none of ca; to neutral there are none from line to line.
    if (neutral ? quantity === "V" : quantity.startsWith("V") && k < 2) return known(this.#volts[k]!);
    return undefined;
  }
}

/** More than -180 to 180 degrees. */
function around(degrees: number): number {
  const turned = degrees - 360 * Math.ceil((degrees - 180) / 360);
  return turned === 0 ? 0 : turned;
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
