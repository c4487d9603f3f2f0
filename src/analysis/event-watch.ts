/**
 * Dips, swells and interruptions of all voltages together by their Urms(1/2) (IEC 61000-4-30, 5.4 and 5.5): a dip (a swell) begins when
 * one voltage is below (above) the threshold and ends when all are back by the hysteresis; an interruption begins when all are below
 * its threshold and ends when one is back. Begin and end are where the windows begin that cross: so an event is as many half cycles long
 * as there were values of it.
 */
import type { EventLimits } from "./examine-settings.ts";

export type CrossingKind = "dip" | "swell" | "interruption";

/** An event under way, or over. */
export interface Crossing {
  readonly kind: CrossingKind;
  readonly at: number;
  /** NaN while it goes on. */
  end: number;
  /** By voltage, whether it crossed, and the least (of a swell largest) RMS volts; NaN where nothing was known. */
  readonly crossed: Uint8Array;
  readonly extreme: Float64Array;
  readonly sinceBefore: boolean;
  cut?: "gap" | "end";
}

export class EventWatch {
  readonly #kind: CrossingKind;
  readonly #begin: number;
  readonly #back: number;
  /** All voltages have to cross, and one to come back. */
  readonly #isOfAll: boolean;
  readonly #sign: 1 | -1;
  /** By voltage, whether it is beyond. */
  readonly #beyond: Uint8Array;
  readonly #crossed: Uint8Array;
  active: Crossing | undefined;
  /** The end of the last window. */
  #lastEnd = NaN;
  /** Nothing has been known since measuring began, or a gap. */
  #isFirst = true;

  constructor(kind: CrossingKind, limits: EventLimits, declaredVolts: number, voltages: number) {
    this.#kind = kind;
    this.#sign = kind === "swell" ? -1 : 1;
    this.#begin = limits[kind] * declaredVolts;
    this.#back = (limits[kind] + this.#sign * limits.hysteresis) * declaredVolts;
    this.#isOfAll = kind === "interruption";
    this.#beyond = new Uint8Array(voltages);
    this.#crossed = new Uint8Array(voltages);
  }

  /** Takes the values of a half cycle of the voltages and where their windows begin and end. Returns an event that has ended. */
  take(rms: Float64Array, begins: Float64Array, ends: Float64Array): Crossing | undefined {
    const count = this.#beyond.length;
    let known = 0;
    let beyond = 0;
    let crossed = 0;
    let at = Infinity;
    let end = -Infinity;
    for (let k = 0; k < count; k++) {
      const volts = rms[k]!;
      this.#crossed[k] = 0;
      // What is not known stays as it was.
      if (!Number.isNaN(volts)) {
        known++;
        if (ends[k]! > this.#lastEnd || Number.isNaN(this.#lastEnd)) this.#lastEnd = ends[k]!;
        const was = this.#beyond[k]!;
        if (this.#sign * (volts - this.#begin) < 0) {
          this.#beyond[k] = this.#crossed[k] = 1;
          crossed++;
          // The last of all, and the first of any.
          at = this.#isOfAll && at < Infinity ? Math.max(at, begins[k]!) : Math.min(at, begins[k]!);
        } else if (this.#sign * (volts - this.#back) >= 0) {
          this.#beyond[k] = 0;
          if (was === 1) {
            end = this.#isOfAll && end > -Infinity ? Math.min(end, begins[k]!) : Math.max(end, begins[k]!);
          }
        } else if (this.active !== undefined && !this.#isOfAll) {
          // Every voltage has to be back, whether it was beyond or not.
          this.#beyond[k] = 1;
        }
      }
      beyond += this.#beyond[k]!;
    }
    if (known === 0) return undefined;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const goesOn = this.#isOfAll ? beyond === count : beyond > 0;
    if (this.active !== undefined && !goesOn) return this.#finish(end);
    const isBegun = this.#isOfAll ? crossed === count : crossed > 0;
    if (isBegun && this.active === undefined) this.#start(at, isFirst);
    if (this.active !== undefined) this.#follow(this.active, rms);
    return undefined;
  }

  #start(at: number, sinceBefore: boolean): void {
    const count = this.#beyond.length;
    this.active = {
      kind: this.#kind,
      at,
      end: NaN,
      crossed: new Uint8Array(count),
      extreme: new Float64Array(count).fill(NaN),
      sinceBefore,
    };
  }

  #follow({ crossed, extreme }: Crossing, rms: Float64Array): void {
    for (let k = 0; k < extreme.length; k++) {
      const volts = rms[k]!;
      crossed[k]! |= this.#crossed[k]!;
      if (Number.isNaN(volts)) continue;
      if (Number.isNaN(extreme[k]!) || this.#sign * (volts - extreme[k]!) < 0) extreme[k] = volts;
    }
  }

  #finish(end: number): Crossing | undefined {
    const { active } = this;
    if (active === undefined) return undefined;
    active.end = end > active.at ? end : active.at;
    this.active = undefined;
    return active;
  }

  /** Nothing follows: what is under way was not seen to end. */
  cut(why: "gap" | "end"): Crossing | undefined {
    const end = this.#lastEnd;
    const cut = this.#finish(end);
    if (cut !== undefined) cut.cut = why;
    this.#beyond.fill(0);
    this.#lastEnd = NaN;
    this.#isFirst = true;
    return cut;
  }
}
