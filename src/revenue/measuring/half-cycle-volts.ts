/**
 * The volts of each half cycle as triggers and logs see them: over a cycle that begins at the zero crossing of each voltage itself
 * (Urms(1/2) of IEC 61000-4-30, 5.4.1), so that a dip of one cycle has its residual voltage on every phase. Where there is no such
 * cycle yet, behind a gap, that of the grid stands.
 */
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { HalfPhasors } from "#metrology/half-phasors.ts";
import { Urms } from "#metrology/urms.ts";
import type { Wiring } from "#quantity/wiring.ts";
import type { Inputs } from "./inputs.ts";

const placeOf: Readonly<Record<string, number>> = { a: 0, b: 1, c: 2, ab: 0, bc: 1, ca: 2 };

export class HalfCycleVolts {
  readonly #phasors: HalfPhasors;
  readonly #urms: Urms;
  readonly #isLineToLine: boolean;
  readonly #places: readonly number[];

  constructor(wiring: Wiring, nominalVolts: number) {
    this.#isLineToLine = wiring.ln.length === 0;
    const isMeasured = ({ unit, minus }: MeasuredChannel): boolean =>
      unit === "V" && (minus !== undefined) === this.#isLineToLine;
    const channels = channelsOf(wiring).filter(isMeasured);
    this.#places = channels.map(({ name }) => placeOf[name.slice(2)] ?? 0);
    this.#phasors = new HalfPhasors();
    this.#urms = new Urms(channels, () => nominalVolts, this.#phasors);
  }

  half(half: GridHalf): void {
    this.#phasors.half(half);
    this.#urms.half(half);
  }

  /** Writes those of the cycles that ended last into the inputs, behind a transformer of so many to one; energies are of what follows on each other. */
  take(pt: number, { v, ll, seen }: Inputs): void {
    seen.set(this.#isLineToLine ? ll : v);
    for (let c = 0; c < this.#places.length; c++) {
      const rms = this.#urms.rms[c] ?? NaN;
      if (!Number.isNaN(rms)) seen[this.#places[c] ?? c] = rms / pt;
    }
  }
}
