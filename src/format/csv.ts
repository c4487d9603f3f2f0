/**
 * CSV recordings: a header that names the columns, one row a sample. A column called time, t or seconds (seconds, or
 * ISO 8601) sets the rate; without it the reader must be told. Commas, semicolons or tabs; with semicolons or tabs
 * decimals may be commas. A unit may follow a name: "va [kV]" or "va (kV)".
 */
import { FormatError, unitScale, type Recording } from "./recording.ts";

/** Reads a CSV recording; throws FormatError with the line. `rate` is needed when there is no column of time. */
export function readCsv(file: string, text: string, rate?: number): Recording {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  while (lines.length > 0 && (lines.at(-1) ?? "").trim() === "") lines.pop();
  const head = lines[0];
  if (head === undefined) throw new FormatError(file, "line 1", "the file is empty; expected a line of column names");
  const separator = [";", "\t", ","].find((mark) => head.includes(mark)) ?? ",";
  const unquote = (field: string): string => field.trim().replace(/^"(.*)"$/, "$1");
  const names = head.split(separator).map(unquote);
  const timeAt = names.findIndex((name) => /^(time|t|seconds?|timestamp)\b/i.test(name));
  const columns = names.map((name) => {
    const match = /^(.*?)\s*[[(]\s*([^\])]*)\s*[\])]$/.exec(name);
    const unit = match?.[2] ?? "";
    return {
      name: match?.[1] ?? name,
      unit,
      scale: unitScale(unit),
      skew: 0,
      samples: new Float64Array(lines.length - 1),
    };
  });
  let first = NaN;
  let last = NaN;
  for (let k = 1; k < lines.length; k++) {
    const fields = (lines[k] ?? "").split(separator).map(unquote);
    if (fields.length !== names.length) {
      throw new FormatError(file, `line ${k + 1}`, `expected ${names.length} fields, found ${fields.length}`);
    }
    for (let c = 0; c < names.length; c++) {
      const value = c === timeAt ? timeOf(fields[c] ?? "") : numberOf(fields[c] ?? "", separator);
      if (value === undefined) {
        const found = `found "${fields[c]}"`;
        throw new FormatError(file, `line ${k + 1}`, `column ${names[c]}: expected a number, ${found}`);
      }
      if (c === timeAt) {
        if (k === 1) first = value;
        if (k > 1 && !(value > last)) {
          throw new FormatError(file, `line ${k + 1}`, `column ${names[c]}: time must rise, found ${fields[c]}`);
        }
        last = value;
      }
      const column = columns[c];
      if (column !== undefined) column.samples[k - 1] = value * column.scale;
    }
  }
  const count = lines.length - 1;
  const measured = (count - 1) / (last - first);
  const used = timeAt >= 0 && Number.isFinite(measured) ? measured : rate;
  if (used === undefined) {
    throw new FormatError(file, "line 1", 'expected a column "time", or a sampling rate given with the file');
  }
  return {
    channels: columns.filter((_, c) => c !== timeAt),
    statuses: [],
    segments: [{ rate: used, count }],
    lineHz: undefined,
    start: first > 1e9 ? first * 1000 : NaN,
    trigger: NaN,
  };
}

function numberOf(field: string, separator: string): number | undefined {
  if (field === "") return NaN;
  const value = Number(separator === "," ? field : field.replace(",", "."));
  return Number.isFinite(value) ? value : undefined;
}

/** Seconds: a number, or a date and time of ISO 8601 (as if UTC where no zone is given). */
function timeOf(field: string): number | undefined {
  if (/^-?\d+([.,]\d+)?([eE][-+]?\d+)?$/.test(field)) return Number(field.replace(",", "."));
  try {
    const zoned = /[zZ]$|[-+]\d\d:?\d\d$/.test(field);
    const at = Temporal.Instant.from(zoned ? field.replace(" ", "T") : `${field.replace(" ", "T")}Z`);
    return Number(at.epochNanoseconds) / 1e9;
  } catch {
    return undefined;
  }
}
