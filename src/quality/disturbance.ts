/**
 * Whether the voltage is disturbed: a dip, a swell or an interruption is under way in any channel, from the Urms(1/2) that leaves the
 * range to the one at which all are back by the hysteresis (IEC 61000-4-30, 5.4 and 5.5). What is measured meanwhile is flagged (4.7).
 * An interruption is a dip before it is one.
 */
export interface DisturbanceLimits {
  /** Parts of the declared voltage. */
  readonly dip: number;
  readonly swell: number;
  readonly hysteresis: number;
}

/** The usual ones: 90 %, 110 %, 2 %. */
export const usualLimits: DisturbanceLimits = { dip: 0.9, swell: 1.1, hysteresis: 0.02 };

export class Disturbance {
  readonly #limits: DisturbanceLimits;
  #low = false;
  #high = false;

  constructor(limits: DisturbanceLimits) {
    this.#limits = limits;
  }

  /** Takes the least and the largest of a half cycle's voltages, as parts of the declared ones; whether it is disturbed. NaN changes nothing. */
  take(least: number, largest: number): boolean {
    const { dip, swell, hysteresis } = this.#limits;
    const was = this.#low || this.#high;
    if (least < dip) this.#low = true;
    else if (least >= dip + hysteresis) this.#low = false;
    if (largest > swell) this.#high = true;
    else if (largest <= swell - hysteresis) this.#high = false;
    // The value that ends it is still its own.
    return was || this.#low || this.#high;
  }
}
