/** Numbers as they are entered: with the decimals' sign of the reader's language, or with a point, and all digits. */
import { decimalSign } from "./language.ts";
import type { Json } from "./configuration-value.ts";

export function entered(value: Json | undefined): string {
  if (typeof value === "number") return String(value).replace(".", decimalSign.value);
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** What a text is as a number; the text itself where it is none: the meter says what it expected. Undefined of nothing. */
export function numberIn(text: string): number | string | undefined {
  const plain = text.trim().replace(decimalSign.value, ".");
  if (plain === "") return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : text;
}
