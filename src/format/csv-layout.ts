/**
 * What the first lines of a text of columns say: how fields are separated, where the rows of samples begin, what stands above them
 * (preambles of oscilloscopes and loggers, names, units), and which columns are of numbers.
 */
import { besideOf, type Beside } from "./csv-beside.ts";
import { fieldsOf, kindOf, type Kind, type Manner, type Separator } from "./csv-fields.ts";
import { triggeredSegmentsOf, type TriggeredSegments } from "./csv-segments.ts";
import { isGrouped } from "./number-text.ts";
import { FormatError } from "./recording.ts";
import { timeUnitOf, unitOf } from "./unit.ts";

export interface Layout extends Manner {
  /** The index of the first line of samples. */
  readonly first: number;
  /** Columns that hold numbers or stamps. */
  readonly columns: readonly number[];
  /** Names and units by column; empty strings where there are none. */
  readonly names: readonly string[];
  readonly units: readonly string[];
  /** What the lines above say, as word and value: "sample interval" is "1.0e-03". In lower case. */
  readonly facts: ReadonlyMap<string, readonly string[]>;
  /** Columns that are left out though they have something of numbers, and a field of each. */
  readonly leftOut: readonly (readonly [column: number, field: string])[];
  /** Of a recording that was triggered more than once. */
  readonly segments: TriggeredSegments | undefined;
  /** Fields of some rows of samples. */
  readonly sample: readonly (readonly string[])[];
}

/** So many of the last lines that were looked at say what the columns are. */
const LOOKED_AT = 200;

/** Part of the rows that has a number in a column of samples. */
const SPARSE = 0.3;

/** Of so many lines from the first one of samples on three quarters must be rows of samples. */
const TRIED = 20;

/** A word and its value are no longer than this, and looking for them takes the square of it. */
const LONGEST_FACT = 1000;

const separators: readonly Separator[] = ["\t", ";", "|", ",", " "];

/** `lines` are the first of the file. */
export function layoutOf(file: string, lines: readonly string[]): Layout {
  const given = /^"?sep=(.)"?$/i.exec((lines[0] ?? "").trim())?.[1] as Separator | undefined;
  const skipped = given === undefined ? 0 : 1;
  const filled = lines.slice(skipped).filter((line) => line.trim() !== "");
  if (filled.length === 0) throw new FormatError(file, "line 1", "the file is empty; expected a line of column names");
  const tail = filled.slice(-LOOKED_AT);
  const manner = mannerOf(tail, given);
  const rows = lines.map((line) => fieldsOf(line, manner.separator));
  const kinds = rows.map((row) => row.map((field) => kindOf(field, manner.decimal)));
  const beside = besideOf(rows);
  const found = columnsOf(kinds.filter((_, k) => (lines[k] ?? "").trim() !== "").slice(-tail.length));
  const columns = found.filter((c) => !beside?.columns.includes(c));
  if (columns.length === 0) throw new FormatError(file, "line 1", "there is no column of numbers");
  const first = firstRow(lines, kinds, columns, skipped);
  const head = beside ?? headOf(lines, rows, { first, skipped, columns, kinds });
  const sample = rows.slice(first, first + LOOKED_AT).filter((_, k) => (lines[first + k] ?? "").trim() !== "");
  return {
    ...manner,
    first,
    columns,
    names: head.names,
    units: head.units,
    facts: factsOf(lines, first, manner.separator, beside),
    leftOut: leftOutOf(sample, [...columns, ...(beside?.columns ?? [])]),
    segments: triggeredSegmentsOf(rows.slice(0, first)),
    sample,
  };
}

/** Columns that are not among those of numbers, though a part of their fields has digits. */
function leftOutOf(
  sample: readonly (readonly string[])[],
  columns: readonly number[],
): (readonly [column: number, field: string])[] {
  const width = Math.max(0, ...sample.map((row) => row.length));
  const out: (readonly [column: number, field: string])[] = [];
  for (let c = 0; c < width; c++) {
    if (columns.includes(c)) continue;
    const fields = sample.map((row) => row[c] ?? "").filter((field) => /\d/.test(field));
    const [field] = fields.toSorted((a, b) => b.length - a.length);
    if (field !== undefined && 2 * fields.length > Math.min(4, sample.length)) out.push([c, field]);
  }
  return out;
}

/** Of all ways to write fields the one in which most of them are numbers or stamps. */
function mannerOf(lines: readonly string[], given: Separator | undefined): Manner {
  let best: { manner: Manner; score: number } = { manner: { separator: ",", decimal: "." }, score: -1 };
  for (const separator of given === undefined ? separators : [given]) {
    for (const decimal of [".", ","] as const) {
      let [good, all, splits] = [0, 0, 0];
      const counts = new Map<number, number>();
      for (const line of lines) {
        const fields = fieldsOf(line, separator);
        if (fields.length > 1) splits++;
        counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
        for (const field of fields) {
          if (field === "") continue;
          const kind = kindOf(field, decimal);
          all++;
          // "1.234" is a number in either manner: with decimals rather than with thousands.
          if (kind === "number" && isGrouped(field, decimal)) good += 0.9;
          else if (kind === "number" || kind === "stamp" || kind === "absent") good++;
        }
      }
      const even = Math.max(...counts.values()) / lines.length;
      const score = (good / Math.max(1, all)) * (0.5 + 0.5 * even) + (splits > lines.length / 2 ? 0.2 : 0);
      if (score > best.score + 1e-9) best = { manner: { separator, decimal }, score };
    }
  }
  return best.manner;
}

/** Columns of numbers and stamps. */
function columnsOf(kinds: readonly (readonly Kind[])[]): number[] {
  const width = Math.max(0, ...kinds.map((row) => row.length));
  const columns: number[] = [];
  // Lines of which more is numbers than words: what stands above the samples says nothing here.
  const numeric = kinds.filter(
    (row) =>
      2 * row.filter((kind) => kind !== "word" && kind !== "empty").length >
      row.filter((kind) => kind !== "empty").length,
  );
  const rows = numeric.length > 0 ? numeric : kinds;
  for (let c = 0; c < width; c++) {
    let [values, words] = [0, 0];
    for (const row of rows) {
      if (row[c] === "number" || row[c] === "stamp") values++;
      else if (row[c] === "word") words++;
    }
    // A column of words with a number now and then, or of nothing, is none.
    if (values > 0 && values >= words && values >= SPARSE * rows.length) columns.push(c);
  }
  return columns;
}

function firstRow(
  lines: readonly string[],
  kinds: readonly (readonly Kind[])[],
  columns: readonly number[],
  skipped: number,
): number {
  const filled = lines.map((line) => line.trim() !== "");
  const isRow = (k: number): boolean => {
    const row = kinds[k] ?? [];
    return (
      columns.some((c) => row[c] === "number" || row[c] === "stamp") &&
      columns.every((c) => row[c] !== "word") &&
      columns.filter((c) => row[c] !== undefined && row[c] !== "empty").length * 2 > columns.length
    );
  };
  for (let k = skipped; k < lines.length; k++) {
    if (!filled[k] || !isRow(k)) continue;
    let [rows, all] = [0, 0];
    for (let j = k; j < lines.length && all < TRIED; j++) {
      if (!filled[j]) continue;
      all++;
      if (isRow(j)) rows++;
    }
    if (rows >= 0.75 * all) return k;
  }
  // Rows that are bad more often than not are refused where they stand.
  const last = filled.findIndex((is, k) => is && k >= skipped && (kinds[k] ?? []).every((kind) => kind === "word"));
  return Math.min(lines.length - 1, last + 1);
}

/** Names and units from the lines right above the samples. */
function headOf(
  lines: readonly string[],
  rows: readonly (readonly string[])[],
  {
    first,
    skipped,
    columns,
    kinds,
  }: { first: number; skipped: number; columns: readonly number[]; kinds: readonly (readonly Kind[])[] },
): { names: readonly string[]; units: readonly string[] } {
  const above: (readonly string[])[] = [];
  for (let k = first - 1; k >= skipped && above.length < 2; k--) {
    const line = (lines[k] ?? "").trim();
    if (line === "") continue;
    // A word and its value, or what says that samples follow, are no names.
    if (columns.some((c) => kinds[k]?.[c] === "stamp" || /^[-+]?\d*[.,]\d/.test(rows[k]?.[c] ?? ""))) break;
    if (/^"?(waveform )?data"?[,;\s]*$/i.test(line)) break;
    const row = rows[k] ?? [];
    // A rule between names and samples.
    if (row.every((field) => /^:?-*:?$/.test(field))) continue;
    // What says that names follow stands in front of them: "%", of Hioki "CH" and "Unit".
    const isMark =
      /^([#%;]+|ch|units?)$/i.test(row[0] ?? "") && row.length > (columns.at(-1) ?? 0) + 1 && row.at(-1) !== "";
    const fields = isMark ? row.slice(1) : row.map((field, c) => (c === 0 ? field.replace(/^[#%]+\s*/, "") : field));
    // A comment or a line of a preamble has not what stands above columns.
    const named = columns.filter((c) => (fields[c] ?? "") !== "").length;
    if (named < columns.length && (named < 2 || named < columns.length - 1)) break;
    above.push(fields);
  }
  const [last, before] = above;
  if (last === undefined) return { names: [], units: [] };
  const isUnits = columns.every((c) => {
    const field = bare(last[c] ?? "");
    if (field === "" || /^sequence$/i.test(field) || timeUnitOf(field) !== undefined) return true;
    // In a line alone "va" is the voltage of phase a; below one of names it may be volt-amps.
    const quantity = unitOf(field)?.quantity;
    return before === undefined ? quantity === "V" || quantity === "A" : quantity !== undefined;
  });
  const someUnit = columns.some((c) => bare(last[c] ?? "") !== "");
  if (isUnits && someUnit && (before !== undefined || columns.length > 1) && !looksNamed(last)) {
    return { names: before ?? [], units: last.map(bare) };
  }
  return { names: last, units: [] };
}

/** Whether a line that may be of units is one of names after all: "t,a" could be both. */
function looksNamed(fields: readonly string[]): boolean {
  return /^(t|time)$/i.test(fields[0] ?? "");
}

/** Without brackets: "(ms)" is "ms". */
function bare(field: string): string {
  return field.replace(/^[([{]\s*(.*?)\s*[)\]}]$/, "$1");
}

/** What preambles say, a word and its values a line: separated as the samples are, or by a colon or an equals sign. */
function factsOf(
  lines: readonly string[],
  first: number,
  separator: Separator,
  beside: Beside | undefined,
): Map<string, readonly string[]> {
  const facts = new Map<string, readonly string[]>();
  for (const line of lines.slice(0, beside === undefined ? first : first + 25)) {
    const fields = fieldsOf(
      line.replace(/^[#%]+/, ""),
      separator === " " || !line.includes(separator) ? "," : separator,
    );
    const [word = "", ...values] = fields;
    if (/[a-z]/i.test(word) && values.some((value) => value !== "")) addFact(facts, word, values);
    for (const field of fields.filter(({ length }) => length <= LONGEST_FACT)) {
      const pair = /^\s*([^:=]*[a-z][^:=]*?)\s*[:=]\s*(\S.*)$/i.exec(field);
      if (pair !== null) addFact(facts, pair[1] ?? "", [pair[2] ?? ""]);
    }
  }
  const title = lines.slice(0, first).map((line) => fieldsOf(line, separator));
  // Rigol: "Start" and "Increment" above their values.
  title.forEach((fields, k) =>
    fields.forEach((field, c) => {
      const below = title[k + 1]?.[c];
      if (/^(start|increment)$/i.test(field) && below !== undefined) addFact(facts, field, [below]);
    }),
  );
  return facts;
}

function addFact(facts: Map<string, readonly string[]>, word: string, values: readonly string[]): void {
  const key = word
    .replace(/[:=]\s*$/, "")
    .trim()
    .toLowerCase();
  if (!facts.has(key)) facts.set(key, values);
}
