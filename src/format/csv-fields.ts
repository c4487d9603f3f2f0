/** Lines of a text of columns as their fields, and what a field is. */
import { instantOf } from "#clock/meter-clock.ts";
import { isAbsent, numberOf } from "./number-text.ts";

/** What stands between columns; a space is any number of them. */
export type Separator = ";" | "\t" | "|" | "," | " ";

/** How fields are written. */
export interface Manner {
  readonly separator: Separator;
  readonly decimal: "." | ",";
}

/** The fields of a line, without quotes and spaces around them. */
export function fieldsOf(line: string, separator: Separator): string[] {
  if (separator === " ") return (line.trim().match(/"[^"]*"|[^\s"]+/g) ?? []).map(unquoted);
  const fields: string[] = [];
  for (let from = 0; ;) {
    const quoted = opening.exec(line.slice(from));
    // A quote that never closes is one of the text.
    const end = line.indexOf(separator, from + (quoted?.[0].length ?? 0));
    fields.push(unquoted(line.slice(from, end < 0 ? line.length : end)));
    if (end < 0) return fields;
    from = end + 1;
  }
}

/** A text between quotes at the beginning of a field; a quote in it is doubled (RFC 4180, 2.7). */
const opening = /^ *"(?:[^"]|"")*"/;

/** Spreadsheets wrap heads in their cells: what has several lines is read as one. */
function unquoted(field: string): string {
  const text = field.trim().replaceAll(/\s*[\r\n]\s*/g, " ");
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"').trim()
    : text;
}

export type Kind = "number" | "stamp" | "absent" | "empty" | "word";

export function kindOf(field: string, decimal: "." | ","): Kind {
  if (field === "") return "empty";
  if (numberOf(field, decimal) !== undefined) return "number";
  if (isAbsent(field)) return "absent";
  return stampOf(field, "day first") === undefined && stampOf(field, "month first") === undefined ? "word" : "stamp";
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export type DateOrder = "day first" | "month first";

const clock = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,12}))?)?\s*(am|pm)?`;
const zone = String.raw`\s*(z|utc|gmt|[-+]\d{2}:?\d{2}|[-+]\d{2})?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,]+${clock}${zone})?$`, "i");
const yearLast = new RegExp(
  String.raw`^(\d{1,2})[-/. ](\d{1,2}|[a-z]{3})[a-z]*[-/. ](\d{4}|\d{2})(?:[t ,]+${clock}${zone})?$`,
  "i",
);
const monthFirst = new RegExp(
  String.raw`^([a-z]{3})[a-z]*[-/. ]+(\d{1,2}),?[-/. ]+(\d{4})(?:[t ,]+${clock}${zone})?$`,
  "i",
);
const compact = /^(\d{4})(\d{2})(\d{2})[t _-](\d{2})(\d{2})(\d{2})(?:[.,](\d{1,12}))?$/i;
const timeOnly = new RegExp(`^${clock}$`, "i");
/** Minutes and seconds, as spreadsheets show short times: what has a fraction are seconds. */
const minutesOnly = /^(\d{1,2}):(\d{2})[.,](\d{1,12})$/;

/** Milliseconds since 1970, in which a time of day alone is of the first of January, and of how many decimals its seconds are. */
export interface Stamp {
  readonly ms: number;
  readonly fraction: string;
  readonly has: "date" | "time" | "both";
}

/** A date, a time or both, as if of UTC where no zone is given; undefined of what is none, and of dates that no calendar has. */
export function stampOf(text: string, order: DateOrder): Stamp | undefined {
  const time = timeOnly.exec(text);
  if (time !== null) return assembled([1970, 1, 1], time.slice(1), "time");
  const short = minutesOnly.exec(text);
  if (short !== null) return assembled([1970, 1, 1], ["0", ...short.slice(1)], "time");
  const iso = yearFirst.exec(text);
  if (iso !== null)
    return assembled([Number(iso[1]), Number(iso[2]), Number(iso[3])], iso.slice(4), iso[4] ? "both" : "date");
  const dense = compact.exec(text);
  if (dense !== null) return assembled([Number(dense[1]), Number(dense[2]), Number(dense[3])], dense.slice(4), "both");
  const american = monthFirst.exec(text);
  const month = months.indexOf((american?.[1] ?? "").toLowerCase()) + 1;
  if (american !== null && month > 0)
    return assembled(
      [Number(american[3]), month, Number(american[2])],
      american.slice(4),
      american[4] ? "both" : "date",
    );
  const other = yearLast.exec(text);
  return other === null ? undefined : stampWithYearLast(other, order);
}

function stampWithYearLast(other: RegExpExecArray, order: DateOrder): Stamp | undefined {
  const named = months.indexOf((other[2] ?? "").toLowerCase()) + 1;
  const [a, b, y] = [Number(other[1]), Number(other[2]), Number(other[3])];
  const year = y >= 100 ? y : y < 70 ? 2000 + y : 1900 + y;
  const [day, month] = named > 0 ? [a, named] : order === "day first" ? [a, b] : [b, a];
  return assembled([year, month, day], other.slice(4), other[4] ? "both" : "date");
}

function assembled(
  [year, month, day]: readonly [number, number, number],
  [h = "0", m = "0", s = "0", fraction = "", half = "", offset = ""]: readonly (string | undefined)[],
  has: Stamp["has"],
): Stamp | undefined {
  const hour = (Number(h) % (half === "" ? 24 : 12)) + (half.toLowerCase() === "pm" ? 12 : 0);
  if (Number(h) > 23) return undefined;
  const whole = instantOf({ year, month, day, hour, minute: Number(m), second: Math.min(59, Number(s)) });
  if (whole === undefined || Number(s) > 60) return undefined;
  const shift = /^([-+])(\d{2}):?(\d{2})?$/.exec(offset);
  const minutes = shift === null ? 0 : (shift[1] === "-" ? -1 : 1) * (60 * Number(shift[2]) + Number(shift[3] ?? 0));
  return { ms: whole - 60_000 * minutes, fraction, has };
}
