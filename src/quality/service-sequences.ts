/**
 * Symmetrical components of the fundamentals of volts and amps over a block (IEC 61000-4-30, 5.7), and the unbalance made of
 * them. The positive sequence is the one that the service was installed with. A service without a neutral has three line
 * voltages that add up to nothing and amps that do, too: it has no zero sequence, and its voltages' components are those from
 * line to line.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { Sequence } from "#metrology/spectrum.ts";
import type { MeasuredChannel } from "#metrology/channels.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "./columns.ts";

/** The order in which the phases reach their maximum. */
export type Rotation = "abc" | "acb";

const components = new Sequence();
const magnitudes = new Float64Array(3);
const angles = new Float64Array(3);

const DEGREES = 180 / Math.PI;

export class ServiceSequences {
  readonly #service: number;
  readonly #reversed: boolean;
  readonly #hasNeutral: boolean;
  /** The channels of the three, in the order a, b, c or ab, bc, ca; empty where there are none. */
  readonly #volts: readonly number[];
  /** As many as are measured; of two, a and c, the third is what is left. */
  readonly #amps: readonly number[];
  /** Radians of the first voltage, which angles are measured against. */
  #first = NaN;

  constructor(wiring: Wiring, channels: readonly MeasuredChannel[], rotation: Rotation) {
    const indexOf = (unit: string, names: readonly string[]): readonly number[] =>
      names.map((name) => channels.findIndex((channel) => channel.name === `${unit}.${name}`));
    this.#service = channels.length * CHANNEL_COLUMNS;
    this.#reversed = rotation === "acb";
    this.#hasNeutral = wiring.ln.length === 3;
    const isThreePhase = this.#hasNeutral || wiring.ll.length === 3;
    const names = this.#hasNeutral ? wiring.ln : wiring.ll;
    this.#volts = isThreePhase ? indexOf("V", names) : [];
    this.#amps = isThreePhase ? indexOf("A", wiring.currents) : [];
  }

  /** From the fundamentals of the channels in `values` and their angles in radians, to the columns of the service in `values`. */
  measure(values: Float64Array, turns: Float64Array): void {
    const at = this.#service;
    this.#first = turns[0]!;
    if (this.#take(this.#volts, values, turns)) {
      this.#set(values, at + serviceColumn.positiveV, at + serviceColumn.positiveDegreesV);
      this.#setUnbalance(values, at + serviceColumn.unbalanceV);
    }
    if (this.#take(this.#amps, values, turns)) {
      this.#set(values, at + serviceColumn.positiveA, at + serviceColumn.positiveDegreesA);
      this.#setUnbalance(values, at + serviceColumn.unbalanceA);
    }
  }

  #take(three: readonly number[], values: Float64Array, turns: Float64Array): boolean {
    if (three.length < 2) return false;
    for (let k = 0; k < three.length; k++) {
      const place = three.length === 2 ? 2 * k : k;
      magnitudes[place] = values[three[k]! * CHANNEL_COLUMNS + channelColumn.fundamental]!;
      angles[place] = turns[three[k]!]!;
      // What is known to be nothing has no angle, and needs none.
      if (Number.isNaN(angles[place]!)) angles[place] = 0;
    }
    if (three.length === 2) {
      const re = -magnitudes[0]! * Math.cos(angles[0]!) - magnitudes[2]! * Math.cos(angles[2]!);
      const im = -magnitudes[0]! * Math.sin(angles[0]!) - magnitudes[2]! * Math.sin(angles[2]!);
      magnitudes[1] = Math.hypot(re, im);
      angles[1] = Math.atan2(im, re);
    }
    components.measure(magnitudes, angles);
    return !Number.isNaN(components.positive);
  }

  #set(values: Float64Array, at: number, degreesAt: number): void {
    const { positive, negative, zero, angle } = components;
    values[at] = this.#reversed ? negative : positive;
    values[at + 1] = this.#reversed ? positive : negative;
    values[degreesAt] = this.#degrees(this.#reversed ? angle.negative : angle.positive);
    values[degreesAt + 1] = this.#degrees(this.#reversed ? angle.positive : angle.negative);
    if (!this.#hasNeutral) return;
    values[at + 2] = zero;
    values[degreesAt + 2] = this.#degrees(angle.zero);
  }

  #degrees(radians: number): number {
    const degrees = DEGREES * (radians - this.#first);
    return degrees - 360 * Math.round(degrees / 360);
  }

  #setUnbalance(values: Float64Array, at: number): void {
    const { positive, negative, zero } = components;
    const whole = this.#reversed ? negative : positive;
    if (!(whole > 0)) return;
    values[at] = (100 * (this.#reversed ? positive : negative)) / whole;
    if (this.#hasNeutral) values[at + 1] = (100 * zero) / whole;
  }
}
