/** What values are in when they are handed out: SI units, and what the mains are measured in. */
import type { units } from "./ids.ts";

type Unit = keyof typeof units;

/** Units of a file that values are not left in: what they become, and by which factor. */
const others: Readonly<Partial<Record<Unit, { readonly si: Unit; readonly factor: number }>>> = {
  /** An international mile in an hour. */
  mph: { si: "m/s", factor: 0.44704 },
  bar: { si: "Pa", factor: 1e5 },
};

/** Times are seconds, whether the file has stamps, seconds or cycles. */
const times: ReadonlySet<string> = new Set(["timestamp", "s", "cycles"]);

/** The unit of values whose unit in the file is `unit`; a number is one that the standard does not have. */
export function siUnit(unit: Unit | number): Unit | number {
  if (typeof unit === "number") return unit;
  return times.has(unit) ? "s" : (others[unit]?.si ?? unit);
}

/** What a value of the file is multiplied by; undefined of cycles where nobody knows how long they last. */
export function siFactor(unit: Unit | number | undefined, nominalHz: number | undefined): number | undefined {
  if (unit === undefined || typeof unit === "number") return 1;
  if (unit === "cycles")
    return nominalHz !== undefined && nominalHz > 0 && Number.isFinite(1 / nominalHz) ? 1 / nominalHz : undefined;
  return others[unit]?.factor ?? 1;
}

/** Units that a transducer's ratio applies to; those of time, ratio and angle are the same on both of its sides. */
export const transformed: ReadonlySet<unknown> = new Set<Unit>(["V", "A", "VA", "W", "var", "VAh", "Wh", "varh", "J"]);
