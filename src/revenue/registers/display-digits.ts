/** What a register shows of a value: digits, unit and scale (Appendix A, Display Registers). */
import { accumulates, isSampled, type Measure } from "#quantity/measure.ts";
import { scaledUnit, type ScaledUnit } from "#quantity/unit.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";

/** Ratios, angles and frequency are shown as they are, whatever the register's units. */
function isScaled({ quantity, part }: Measure): boolean {
  return (
    part === undefined &&
    !/^(PF|THD|TDD|unbalance|rotation|Hz|crest|P(inst|st|lt))/.test(quantity) &&
    !isSampled(quantity)
  );
}

/** The unit that a register shows, and what its values are multiplied by to be in SI units. */
export function unitOf({ type, measure, units }: MeasuredRegister): ScaledUnit {
  // A time has none, nor has a power factor, also where it is one of watts.
  if (type === "timeOfPeak" || type.endsWith("PowerFactor")) return { unit: "", scale: 1 };
  return scaledUnit(measure, isScaled(measure) ? units : "units");
}

export interface Shown {
  /** What is shown, in the register's units: a counter that has wrapped begins at zero. */
  readonly value: number;
  /** In 10^-decimals of its unit; undefined where it does not fit its digits. */
  readonly counts: bigint | undefined;
  readonly text: string;
}

/** A millionth of the last digit is rounding, not a missing count. */
const ROUNDING = 1e-6;

/** A value in so many digits: energies show whole counts and wrap, everything else is rounded and may not fit. */
export function inDigits(value: number, register: MeasuredRegister): Shown {
  const { digits, decimals, measure, type } = register;
  const scale = 10 ** decimals;
  if (type === "consumption" && accumulates(measure.quantity)) {
    const all = Math.floor(Math.abs(value) * scale + ROUNDING);
    const counts = all % 10 ** digits;
    const shown = BigInt(value < 0 ? -counts : counts);
    // What a rounding is short of the last count has wrapped with it.
    const wrapped = Math.floor(all / 10 ** digits) * 10 ** (digits - decimals);
    const rest = Math.max(0, Math.abs(value) - wrapped);
    return { value: value < 0 ? -rest : rest, counts: shown, text: textOf(shown, register) };
  }
  const counts = BigInt(value.toFixed(decimals).replace(".", ""));
  const fits = String(counts).replace("-", "").length <= digits;
  return { value, counts: fits ? counts : undefined, text: fits ? textOf(counts, register) : nothing(register) };
}

/** What stands where there is no value, or none that fits. */
export function nothing({ digits }: MeasuredRegister): string {
  return "-".repeat(digits);
}

/** What stands where a time has not been. */
export const NO_TIME = "never";

function textOf(counts: bigint, { digits, decimals, leading }: MeasuredRegister): string {
  const sign = counts < 0n ? "-" : "";
  const least = leading === "zeros" ? digits : decimals + 1;
  const all = String(counts).replace("-", "").padStart(least, "0");
  return sign + (decimals === 0 ? all : `${all.slice(0, -decimals)}.${all.slice(-decimals)}`);
}
