/** Numbers and labels as the LCD of the Leviton meters has them: few digits, and a unit that grows with what it counts. */

/** Before a unit: ones, thousands, and so on. */
const scales = ["", "K", "M", "G"] as const;
export type Scale = (typeof scales)[number];

export interface Scaled {
  readonly text: string;
  readonly scale: Scale;
}

/** What stands where there is no value. */
export const ABSENT = "----";

/** A sum of many small parts may lie so far below the whole that it is. */
const ROUNDING = 1e-6;

/** Places behind the point, at most, of what is measured anew each cycle. */
const DECIMALS = 2;

/** A value in so many digits, with as many of `decimals` places as there is room for; undefined where it has too many digits. */
export function inDigits(value: number, digits: number, decimals = DECIMALS): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  for (let places = decimals; places >= 0; places--) {
    const text = value.toFixed(places);
    if (text.replaceAll(/\D/g, "").length <= digits) return Number(text) === 0 ? text.replace("-", "") : text;
  }
  return undefined;
}

/** A power: in the smallest unit in which it has room. */
export function grown(value: number, digits: number): Scaled {
  for (const [k, scale] of scales.entries()) {
    const text = inDigits(value / 1000 ** k, digits);
    if (text !== undefined) return { text, scale };
  }
  return { text: ABSENT, scale: "G" };
}

/**
 * An energy of so many Wh: never more than has been counted. Beyond the largest unit it begins again from zero, as a mechanical
 * register does.
 */
export function counted(value: number, digits: number): Scaled {
  const sign = value < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(value) + ROUNDING);
  for (const [k, scale] of scales.entries()) {
    const places = k === 0 ? 0 : digits - 3;
    for (let d = places; d >= 0; d--) {
      const shown = Math.floor(whole / 10 ** (3 * k - d));
      if (shown < 10 ** digits) return { text: pointed(shown, d, shown === 0 ? "" : sign), scale };
    }
  }
  return { text: sign + String(Math.floor(whole / 1e9) % 10 ** digits), scale: "G" };
}

function pointed(digits: number, places: number, sign: string): string {
  const text = String(digits).padStart(places + 1, "0");
  return sign + (places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`);
}

/** "3 KW", "3KVAR", "KWh": a space where five places have room for it. */
export function labelled(prefix: string, unit: string): string {
  if (prefix === "") return unit;
  return prefix.length + 1 + unit.length <= 5 ? `${prefix} ${unit}` : prefix + unit;
}
