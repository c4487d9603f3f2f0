/** Where a JEMStar II finds what it is asked for. */
import { accumulates, isSampled, type Measure } from "#quantity/measure.ts";
import { columnsOf, type Columns } from "#revenue/measuring/columns.ts";
import { hasPowerQuality, type Ordered } from "#revenue/settings/model-number.ts";
import { hasHarmonics, isOfBasic, isOfPowerQuality } from "#revenue/settings/power-quality.ts";

/** Who knows what is no sum of columns: the power-quality instrument, the angles of fundamentals, energies that are always counted, contacts, what other meters say. */
export type Elsewhere = "quality" | "angle" | "energy" | "contacts" | "communicated" | "nobody";

/** Who knows a measure: the columns of every half cycle, the power-quality instrument where that was ordered, or nobody. */
export function whereabouts(measure: Measure, ordered: Ordered): Columns | Elsewhere {
  if (isFundamentalAngle(measure) && !hasPowerQuality(ordered)) return "angle";
  if (isOfPowerQuality(measure)) return hasHarmonics(ordered) || isOfBasic(measure) ? "quality" : "nobody";
  if (measure.quantity.startsWith("communicated")) return "communicated";
  if (isSampled(measure.quantity) || measure.quantity === "pulses") return "contacts";
  return accumulates(measure.quantity) ? "energy" : columnsOf(measure);
}

export function isFundamentalAngle({ method, part }: Measure): boolean {
  return method === "fundamental" && part === "angle";
}
