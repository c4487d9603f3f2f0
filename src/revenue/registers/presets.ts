/** Which registers can be given a value, which values those are, and which registers a value goes on to (sections Register Presets, Storage Types). */
import { measureName } from "#quantity/measure-name.ts";
import { directions } from "#quantity/measure.ts";
import { isPresettable } from "#quantity/register.ts";
import { isMeasured, type MeasuredRegister, type RegisterSettings } from "#revenue/settings/configuration.ts";

/** Directions from whose energies nothing is taken. */
const growing: ReadonlySet<string> = new Set(directions.filter((one) => one !== "net" && one !== "bidirectional"));

/** In the register's own units. */
export interface PresetRange {
  readonly from: number;
  readonly to: number;
}

/** What a register can display, and nothing below zero of an energy of one direction; undefined of one that cannot be preset. */
export function rangeOf(settings: RegisterSettings): PresetRange | undefined {
  if (!isMeasured(settings) || !isPresettable({ ...settings, kind: settings.type })) return undefined;
  const { digits, decimals, measure, type } = settings;
  const most = (10 ** digits - 1) / 10 ** decimals;
  return { from: type === "consumption" && growing.has(measure.direction) ? 0 : -most, to: most };
}

/** Registers that a period's end puts the contents of the working register into (section Storage Types). */
const keepsWorking: ReadonlySet<string> = new Set([
  "billingReset",
  "seasonChange",
  "cumulative",
  "continuousCumulative",
]);

/** Whether another register keeps what a working one shows, so that a value given to that is its own as well. */
export function isKeptOf(working: MeasuredRegister, other: RegisterSettings): boolean {
  if (!isMeasured(other) || !keepsWorking.has(other.storage)) return false;
  const isSame = other.type === working.type && other.tariff === working.tariff;
  return isSame && measureName(other.measure) === measureName(working.measure);
}
