/** Numbers as texts print them, and the words that instruments write where they have none. */

const plainNumber = /^[-+]?(\d+\.?\d*|\.\d+)([eEdD][-+]?\d+)?$/;

/** Thousands apart: by the mark that is not the decimal one, spaces of any kind, or apostrophes; always the same one. */
const grouped = {
  ".": /^([-+]?[1-9]\d{0,2}(?:([, \u00a0\u2009\u202f'’])\d{3})(?:\2\d{3})*)(\.\d*)?$/,
  ",": /^([-+]?[1-9]\d{0,2}(?:([. \u00a0\u2009\u202f'’])\d{3})(?:\2\d{3})*)(,\d*)?$/,
};

/** A number by its text, with a decimal mark; undefined of a text that is none. */
export function numberOf(text: string, mark: "." | ","): number | undefined {
  const signed = text.replace(/^−/, "-");
  const [, whole, , decimals = ""] = grouped[mark].exec(signed) ?? [];
  if (whole !== undefined) return Number(whole.replaceAll(/[^-+\d]/g, "") + decimals.replace(",", "."));
  const plain = mark === "." ? signed : signed.replace(",", ".");
  return plainNumber.test(plain) ? Number(plain.replace(/[dD]/, "e")) : undefined;
}

/** Whether a text is a number whose thousands stand apart. */
export function isGrouped(text: string, mark: "." | ","): boolean {
  return grouped[mark].test(text.replace(/^−/, "-"));
}

/** What instruments write where they have no value: nothing, no number, an overload, a reading beyond the range. */
const absent =
  /^(|[-–—*?#]+|[-+]?(nan|inf(inity)?|1\.?#(inf|ind|qnan|snan)\d*)|[-+−]?∞|null|nil|none|missing|invalid|bad|err(or)?|no[ -]?data|n\/?a|#n\/?a|#?[-+]?o\.?l\.?|#num!?|#value!?|#?ovld|#?ovrflw|#?ovrng|#?over(load|flow|range|[- ]range|[- ]load)?|#?under(flow|range)|sat(urated)?|clip(ped|ping)?|[<>]+|[-+]?---+)$/iu;

/** Whether a text stands for a value that is not there. */
export function isAbsent(text: string): boolean {
  return absent.test(text);
}

/** SCPI-99, 7.2.1.4 and 7.2.1.5: 9.9E37 stands for infinity, 9.91E37 for no number. */
export const SCPI_INFINITY = 9.9e37;

/** What a number says of a sample: NaN where it is no value. */
export function valueOf(x: number): number {
  return x < SCPI_INFINITY && x > -SCPI_INFINITY ? x : NaN;
}
