/**
 * What energy registers show: the integrals less their origins. Clearing moves the origins; a preset gives a register
 * whole counts to start from, kept apart because registers of sixteen digits hold more than a number does.
 */
import type { Quantity } from "#quantity/quantity.ts";
import { total } from "#metrology/power.ts";
import type { CycleResult } from "./cycle-result.ts";
import { ENERGIES } from "./integrals.ts";

/** Where the ampere-hours of all phases together are asked for, beside the slots of the integrals. */
export const AMPERE_HOURS = ENERGIES;

/** What a preset register keeps: its counts in two halves of eight digits, and what had been measured by then. */
const FIELDS = 3;
const HALF = 100_000_000n;

/** A millionth of a count is rounding of the sum, not missing energy. */
const ROUNDING = 1e-6;

export type Measured = (name: Quantity) => number;

export class EnergyRegisters {
  /** Since the meter was made: per place and kind. */
  readonly total: Float64Array;
  readonly #origins: Float64Array;
  readonly #ampereHours: Float64Array;
  readonly #presets: Float64Array;
  readonly #slots: ReadonlyMap<Quantity, number>;

  /** `presettable` are the registers that can be given a value; their names say what is kept for each. */
  constructor(memory: (name: string, count: number) => Float64Array, presettable: readonly Quantity[] = []) {
    this.total = memory("integrals", ENERGIES);
    this.#origins = memory("origins", ENERGIES);
    this.#ampereHours = memory("ampere-hours", 1);
    this.#presets = presettable.length === 0 ? new Float64Array(0) : memory("presets", FIELDS * presettable.length);
    this.#slots = new Map(presettable.map((name, k) => [name, FIELDS * k]));
  }

  /** Takes the currents of a calculation cycle of `ms`. */
  addCurrents({ a }: CycleResult, ms: number): void {
    const amps = total(a);
    if (Number.isFinite(amps)) this.#ampereHours[0] = (this.#ampereHours[0] ?? 0) + (amps * ms) / 3_600_000;
  }

  /** Wh, varh or VAh of one of the integrals, or Ah, since the energies were last cleared. */
  sinceClear(slot: number): number {
    if (slot === AMPERE_HOURS) return this.#ampereHours[0] ?? 0;
    return (this.total[slot] ?? 0) - (this.#origins[slot] ?? 0);
  }

  clear(): void {
    this.#origins.set(this.total);
    this.#ampereHours[0] = 0;
    this.#presets.fill(0);
  }

  /** Registers show these counts from here on, and what is measured on top. */
  preset(values: ReadonlyMap<Quantity, bigint>, measured: Measured): void {
    for (const [name, counts] of values) {
      const at = this.#slots.get(name);
      if (at === undefined) continue;
      this.#presets[at] = Number(counts / HALF);
      this.#presets[at + 1] = Number(counts % HALF);
      this.#presets[at + 2] = measured(name);
    }
  }

  /** Runs a change of what registers measure from here on; what they show by then stays. */
  keepShowing(measured: Measured, change: () => void): void {
    const before = [...this.#slots.keys()].map(measured);
    change();
    [...this.#slots].forEach(([name, at], k) => {
      this.#presets[at + 2] = (this.#presets[at + 2] ?? 0) + measured(name) - (before[k] ?? 0);
    });
  }

  /** What a register shows when `measured` has been measured since the clear. */
  shown(name: Quantity, measured: number): number {
    const at = this.#slots.get(name);
    if (at === undefined) return measured;
    const [high = 0, low = 0, origin = 0] = this.#presets.subarray(at, at + FIELDS);
    return high * Number(HALF) + low + (measured - origin);
  }

  /** The same in whole counts, towards zero; undefined where nothing is measured. */
  exact(name: Quantity, measured: number): bigint | undefined {
    if (!Number.isFinite(measured)) return undefined;
    const at = this.#slots.get(name);
    const [high = 0, low = 0, origin = 0] = at === undefined ? [] : this.#presets.subarray(at, at + FIELDS);
    const since = measured - origin;
    const whole = Math.floor(since + ROUNDING);
    const counts = BigInt(high) * HALF + BigInt(low) + BigInt(whole);
    return counts < 0n && since - whole > ROUNDING ? counts + 1n : counts;
  }
}
