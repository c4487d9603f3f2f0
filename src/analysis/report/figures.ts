/**
 * Numbers as the report prints them: with as many digits as the instrument's accuracy carries (IEC 61000-4-30, class A; harmonics by
 * IEC 61000-4-7, class I), and their units. The last digit is the power of ten at the uncertainty or below it.
 */
import type { Declared } from "#analysis/examination.ts";

export type Measure =
  | "volts"
  | "amps"
  | "hertz"
  /** Of the declared voltage. */
  | "part"
  /** Of the fundamental, of a nominal voltage or of a load current. */
  | "harmonic"
  | "unbalance"
  | "flicker";

/** Narrow enough not to part a number and its unit, and no line ends in it. */
const SPACE = "\u00a0";

/** Of the reading: 0.1 % (5.13.1); four digits. */
const AMPS_DIGITS = 4;

/** What stands for a value that there is none of. */
export const NOTHING = "–";

export class Figures {
  readonly #steps: Readonly<Record<Exclude<Measure, "amps">, number>>;
  readonly #isKilo: boolean;

  constructor({ volts }: Pick<Declared, "volts">) {
    this.#isKilo = volts >= 1000;
    this.#steps = {
      // 0.1 % of the declared voltage (5.2.1).
      volts: stepOf(0.001 * volts) / (this.#isKilo ? 1000 : 1),
      // 0.2 % of it, of the residual voltage (5.4.5.1).
      part: stepOf(0.2),
      // 10 mHz (5.1.2).
      hertz: stepOf(0.01),
      // 0.05 % of the nominal voltage where a harmonic is below 1 % of it (IEC 61000-4-7, class I).
      harmonic: stepOf(0.05),
      // 0.15 % (5.7.2).
      unbalance: stepOf(0.15),
      // 5 % at 1 (IEC 61000-4-15).
      flicker: stepOf(0.05),
    };
  }

  unit(measure: Measure): string {
    if (measure === "volts") return this.#isKilo ? "kV" : "V";
    if (measure === "amps") return "A";
    if (measure === "hertz") return "Hz";
    return measure === "flicker" ? "" : "%";
  }

  /** Without unit. Of a value beyond a limit as many digits more as tell it from the limit. */
  bare(measure: Measure, value: number | undefined, limits: readonly (number | undefined)[] = []): string {
    if (value === undefined || Number.isNaN(value)) return NOTHING;
    const shown = this.#scaled(measure, value);
    const first = measure === "amps" ? ampsDecimals(shown) : decimalsOf(this.#steps[measure]);
    for (let decimals = first; decimals < first + 6; decimals++) {
      const text = fixed(shown, decimals);
      const isTold = limits.every(
        (limit) => limit === undefined || isOnItsSide(text, shown, this.#scaled(measure, limit)),
      );
      if (isTold) return text;
    }
    return fixed(shown, first + 6);
  }

  full(measure: Measure, value: number | undefined, limits: readonly (number | undefined)[] = []): string {
    const bare = this.bare(measure, value, limits);
    return bare === NOTHING ? bare : withUnit(bare, this.unit(measure));
  }

  /** A limit is exact: with the digits that it has. */
  limit(measure: Measure, value: number): string {
    return withUnit(signed(String(Number(this.#scaled(measure, value).toPrecision(6)))), this.unit(measure));
  }

  #scaled(measure: Measure, value: number): number {
    return measure === "volts" && this.#isKilo ? value / 1000 : value;
  }
}

/** The power of ten at an uncertainty or below it. */
export function stepOf(uncertainty: number): number {
  return 10 ** Math.floor(Math.log10(uncertainty) + 1e-9);
}

function decimalsOf(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

function ampsDecimals(amps: number): number {
  if (amps === 0) return 1;
  return Math.min(4, Math.max(0, AMPS_DIGITS - 1 - Math.floor(Math.log10(Math.abs(amps)))));
}

function isOnItsSide(text: string, value: number, limit: number): boolean {
  return Math.sign(numberOf(text) - limit) === Math.sign(value - limit) || Math.abs(value - limit) < 1e-9;
}

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return signed(Number(text) === 0 ? text.replace("-", "") : text);
}

const signed = (text: string): string => text.replace("-", "−");
const numberOf = (text: string): number => Number(text.replace("−", "-"));

export function withUnit(bare: string, unit: string): string {
  return unit === "" ? bare : `${bare}${SPACE}${unit}`;
}

/** "1,008". */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** "3 events", "1 event". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)}${SPACE}${count === 1 ? one : many}`;
}

/** A percentage of intervals: as exact as their number. */
export function shareText(share: number | undefined): string {
  if (share === undefined) return NOTHING;
  // What is not all does not look like all.
  const text = share.toFixed(2);
  return withUnit(share < 100 && text === "100.00" ? "99.99" : String(Number(text)), "%");
}

/** To the millisecond; of what lasts a minute or more to the second. */
export function secondsText(seconds: number): string {
  if (seconds < 60) return withUnit(seconds.toFixed(3), "s");
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => withUnit(String(count), unit))
    .join(" ");
}

export function rateText(rate: number): string {
  return withUnit(String(Number(rate.toPrecision(7))), "samples/s");
}
