/** How readings are printed: tables for people, JSON, CSV and line protocol for programs. */
import { inSi, type MeterSource, type Reading, type ReadingPart } from "#headend/meter-source.ts";
import type { PointReading } from "#headend/reader.ts";
import { asCsv } from "#quantity/csv-text.ts";
import { plain } from "./harmless.ts";
import { asLine } from "./line-protocol.ts";
import { asJson, asJsonLine, below, note, shown, Shown, styled, table, write } from "./terminal.ts";

export interface Form {
  /** Prints a reading, or keeps it for the end. */
  taken(source: MeterSource, reading: Reading): Promise<void>;
  /** A meter could not be read. */
  failed(source: MeterSource): Promise<void>;
  end(): Promise<void>;
}

export interface FormOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly lineProtocol?: true;
}

export interface Printed {
  readonly sources: readonly MeterSource[];
  /** What is wanted by name; nothing is all. */
  readonly names: readonly string[];
  /** Readings go on until somebody ends them. */
  readonly watching: boolean;
}

/** The form that options ask for. */
export function formOf({ json, csv, lineProtocol }: FormOptions, printed: Printed): Form {
  if (json) return noting(printed.watching ? jsonLinesForm(printed) : jsonForm(printed));
  if (csv) return noting(csvForm(printed));
  if (lineProtocol) return noting(lineForm());
  return printed.watching && process.stdout.isTTY ? screenForm(printed) : noting(tableForm(printed));
}

/** What a person should look at is said once beside the output, however often it is so. */
function noting(form: Form): Form {
  const said = new Set<string>();
  return {
    ...form,
    async taken(source, reading) {
      for (const one of reading.notes) if (!said.has(`${source.url} ${one}`)) note(one);
      for (const one of reading.notes) said.add(`${source.url} ${one}`);
      await form.taken(source, reading);
    },
  };
}

/** Whether every value is printed by its name alone: once, and in the unit that the name says. */
export function isByName({ csv, lineProtocol }: FormOptions): boolean {
  return csv === true || lineProtocol === true;
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

// ── for people ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Texts that are longer than any number would push the numbers away: they stand in the last column. */
const WIDE = 20;

export function valueText({ value, text }: PointReading): string {
  if (text !== undefined) return text;
  if (typeof value !== "number") return String(value ?? "----");
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}

function partTable({ title, points, registerText = String }: ReadingPart): Shown {
  const [numbered, labelled] = [points.some((one) => one.register !== undefined), points.some((one) => one.label)];
  const rows = points.map((point) => {
    const { register, label = "", name, unit } = point;
    const value = valueText(point);
    const values = value.length > WIDE ? ["", value] : [value, unit];
    return [
      ...(numbered ? [register === undefined ? "" : registerText(register)] : []),
      ...(labelled ? [label] : []),
      name,
      ...values,
    ];
  });
  const right = [...(numbered ? [0] : []), (rows[0]?.length ?? 0) - 2];
  const body = table(rows, right);
  return title === undefined ? new Shown(body) : shown`${styled("cyan", title)}\n${new Shown(body)}`;
}

function readingTable({ identification, parts }: Reading): Shown {
  const head = identification.length > 0 ? [styled("bold", plain(identification.join(" ")))] : [];
  return below([...head, ...parts.map(partTable)], "\n\n");
}

/** "2026-07-31 16:45:00" where the reading was taken. */
export function localText({ utc, offsetMinutes }: Pick<Reading, "utc" | "offsetMinutes">): string {
  return isoText(utc + offsetMinutes * 60_000)
    .slice(0, 19)
    .replace("T", " ");
}

function isoText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ fractionalSecondDigits: 3 });
}

/** What a reading is of, where more than one is printed. */
function headed(source: MeterSource, reading: Reading, { sources, watching }: Printed): Shown {
  const words = [...(watching ? [localText(reading)] : []), ...(sources.length > 1 ? [source.url] : [])];
  if (words.length === 0) return readingTable(reading);
  return below([styled("bold", plain(words.join("  "))), readingTable(reading)]);
}

function tableForm(printed: Printed): Form {
  let first = true;
  return {
    async taken(source, reading) {
      if (reading.parts.length === 0) return;
      await write(shown`${first ? "" : "\n"}${headed(source, reading, printed)}\n`);
      first = false;
    },
    failed: nothing,
    end: nothing,
  };
}

/** What a screen of so many lines shows of a text: all, or its beginning and how much more there is. */
export function onScreen(text: string, rows: number): string {
  const lines = text.split("\n");
  if (lines.length < rows) return text;
  const seen = Math.max(0, rows - 2);
  return [...lines.slice(0, seen), `… ${lines.length - seen} more lines: name what you want to see`].join("\n");
}

/** Lines of a terminal that does not say how many it has. */
const ROWS = 24;

/** The newest reading of every meter, painted over the one before. */
function screenForm(printed: Printed): Form {
  const newest = new Map<MeterSource, Shown>();
  /** The last values of each, without what is said of them. */
  const values = new Map<MeterSource, readonly Shown[]>();
  const paint = async (): Promise<void> => {
    const all = printed.sources.flatMap((one) => newest.get(one) ?? []);
    const seen = onScreen(below(all, "\n\n").text, process.stdout.rows || ROWS);
    // Line by line, so that nothing flickers: home, each line and what was right of it, then what was below.
    const painted = seen.split("\n").map((line) => `${line}\u001b[K\n`);
    await write(new Shown(`\u001b[H${painted.join("")}\u001b[J`));
  };
  return {
    async taken(source, reading) {
      const notes = reading.notes.map((one) => styled("yellow", plain(one)));
      values.set(source, [headed(source, reading, printed)]);
      newest.set(source, below([...(values.get(source) ?? []), ...notes]));
      await paint();
    },
    async failed(source) {
      newest.set(
        source,
        below([...(values.get(source) ?? []), styled("red", plain(`${source.url} could not be read`))]),
      );
      await paint();
    },
    end: nothing,
  };
}

// ── for programs ──────────────────────────────────────────────────────────────────────────────────────────────────

function pointDocument({ register, name, label, value, text, unit, flags, utc }: PointReading): object {
  const at = utc === undefined ? undefined : isoText(utc);
  return { register, name, label, value: value ?? null, text, unit, flags, at };
}

function documentOf({ url, model }: MeterSource, reading: Reading, { names }: Printed): object {
  const points = reading.parts.flatMap((part) => part.points);
  const { utc, offsetMinutes, identification, absence } = reading;
  const head = { url, model, utc: isoText(utc), offsetMinutes, absence };
  if (names.length > 0) return { ...head, values: points.map(pointDocument) };
  const now = points.filter(({ register }) => register === undefined);
  // What a protocol has codes for is told with its unit and its code.
  const isNamed = now.length === points.length && now.some(({ label }) => label !== undefined);
  if (isNamed || reading.oneByOne === true) return { ...head, identification, values: points.map(pointDocument) };
  return {
    ...head,
    identification,
    // Without a unit beside it a value is in the unit of its name.
    ...(now.length === 0
      ? {}
      : { readings: Object.fromEntries(now.map((one) => [one.name, tidyInSi(one).value ?? null])) }),
    registers: points.filter(({ register }) => register !== undefined).map(pointDocument),
  };
}

/** One document: of one meter what it has, of several a list. */
function jsonForm(printed: Printed): Form {
  const documents = new Map<MeterSource, object>();
  return {
    async taken(source, reading) {
      documents.set(source, documentOf(source, reading, printed));
    },
    failed: nothing,
    async end() {
      const [only] = documents.values();
      const all = printed.sources.flatMap((source) => documents.get(source) ?? []);
      if (printed.sources.length > 1) await write(shown`${asJson({ meters: all })}\n`);
      else if (only !== undefined) await write(shown`${asJson(only)}\n`);
    },
  };
}

/** A document a line. */
function jsonLinesForm(printed: Printed): Form {
  return {
    taken: (source, reading) => write(shown`${asJsonLine(documentOf(source, reading, printed))}\n`),
    failed: nothing,
    end: nothing,
  };
}

/** What a double has without what the last steps of a calculation leave in it. */
const DIGITS = 15;

function tidyInSi(point: PointReading): PointReading {
  const { value, ...rest } = inSi(point);
  return { ...rest, value: typeof value === "number" ? Number(value.toPrecision(DIGITS)) : value };
}

/** Values by name, each once, in the unit of its name. */
function byName({ parts }: Reading): ReadonlyMap<string, PointReading> {
  const values = new Map<string, PointReading>();
  for (const point of parts.flatMap(({ points }) => points))
    if (!values.has(point.name)) values.set(point.name, tidyInSi(point));
  return values;
}

/** The names of what was asked for by another, and of what its owner calls so. */
function namedOtherwise(read: readonly ReadonlyMap<string, PointReading>[], word: string): readonly string[] {
  const all = read.flatMap((values) => [...values]);
  const asked = all.flatMap(([name, one]) => (one.asked === word ? [name] : []));
  if (asked.length > 0) return [...new Set(asked)];
  const labelled = all.find(([, one]) => one.label === word);
  return labelled === undefined ? [] : [labelled[0]];
}

/** Columns are those of the first readings of all meters: its head is a file's first line. */
function csvForm({ sources, names }: Printed): Form {
  const untried = new Set(sources);
  let waiting: [source: MeterSource, reading: Reading][] = [];
  let columns: readonly string[] | undefined;
  let isTold = false;
  const rowsOf = (source: MeterSource, reading: Reading): string[] => {
    const values = byName(reading);
    const beside = [...values.keys()].filter((name) => columns?.includes(name) === false);
    if (beside.length > 0 && !isTold)
      note(
        `${source.url}: ${beside.join(", ")}: no column, it was not read when the head was written; name what you want`,
      );
    isTold ||= beside.length > 0;
    const cells = (columns ?? []).map((name) => String(values.get(name)?.value ?? ""));
    return [isoText(reading.utc), String(reading.offsetMinutes), source.url, ...cells];
  };
  const print = (rows: readonly (readonly string[])[]): Promise<void> =>
    write(new Shown(asCsv(rows.map((row) => row.map(plain)))));
  const begin = async (): Promise<void> => {
    if (untried.size > 0 || waiting.length === 0) return;
    const read = waiting.map(([, reading]) => byName(reading));
    const units = new Map(read.flatMap((values) => [...values].map(([name, { unit }]) => [name, unit] as const)));
    const asked = names.flatMap((word): readonly (readonly [name: string, head: string])[] => {
      const found = units.has(word) ? [word] : namedOtherwise(read, word);
      // A word may stand for several, which have their own names then.
      return found.length > 1 ? found.map((name) => [name, name]) : [[found[0] ?? word, word]];
    });
    const all = asked.length > 0 ? asked : [...units.keys()].map((name) => [name, name] as const);
    columns = all.map(([name]) => name);
    const heads = all.map(([name, head]) => (units.get(name) ? `${head} (${units.get(name)})` : head));
    const rows = waiting.map(([source, reading]) => rowsOf(source, reading));
    waiting = [];
    await print([["utc", "offsetMinutes", "meter", ...heads], ...rows]);
  };
  return {
    async taken(source, reading) {
      untried.delete(source);
      if (columns !== undefined) return print([rowsOf(source, reading)]);
      waiting.push([source, reading]);
      await begin();
    },
    async failed(source) {
      untried.delete(source);
      if (columns === undefined) await begin();
    },
    async end() {
      untried.clear();
      if (columns === undefined) await begin();
    },
  };
}

/** The measurement of every line. */
const MEASUREMENT = "electricity";

function lineForm(): Form {
  return {
    async taken({ url, model, unit }, reading) {
      const values = [...byName(reading)].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]));
      const tags = { meter: url, model: model ?? "", unit: unit === undefined ? "" : String(unit) };
      await write(
        new Shown(
          plainLines(asLine({ measurement: MEASUREMENT, tags, fields: Object.fromEntries(values), utc: reading.utc })),
        ),
      );
    },
    failed: nothing,
    end: nothing,
  };
}

function plainLines(line: string): string {
  return line === "" ? "" : `${plain(line.slice(0, -1))}\n`;
}
