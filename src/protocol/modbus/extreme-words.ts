/** What registers say of the least and the largest of several readings: the phase that was it, its value, its time. */
import type { Month, Remembered } from "#quantity/interfaces.ts";
import type { Watched } from "#quantity/quantity.ts";
import type { ClockPart } from "./clock-words.ts";

export interface ExtremeWord {
  readonly extreme: "min" | "max";
  readonly of: readonly Watched[];
  readonly month: Month;
  readonly says: "value" | "which" | ClockPart;
}

/** "V.ab.min"; of several "the least of V.ab, V.bc, V.ca". */
export function textOf({ extreme, of, month, says }: ExtremeWord): string {
  const one =
    of.length === 1 ? `${of[0]}.${extreme}` : `the ${extreme === "min" ? "least" : "largest"} of ${of.join(", ")}`;
  const what = says === "value" ? one : says === "which" ? `which is ${one}` : `time of ${one}`;
  return month === "present" ? what : `${what}, month before`;
}

/** Which of the readings, counted from 1, has the least or the largest value, with its time; undefined where none has any. */
export function extremeOf(
  records: Remembered,
  { extreme, of, month }: Omit<ExtremeWord, "says">,
): { readonly which: number; readonly value: number; readonly at: number } | undefined {
  let found: { which: number; value: number; at: number } | undefined;
  of.forEach((name, k) => {
    const one = records.extreme(name, extreme, month);
    if (one === undefined) return;
    const further =
      extreme === "min" ? one.value < (found?.value ?? Infinity) : one.value > (found?.value ?? -Infinity);
    if (further) found = { which: k + 1, ...one };
  });
  return found;
}
