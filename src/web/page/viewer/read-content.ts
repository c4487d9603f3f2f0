/** Reads what was dropped, by the readers that the commands have, and makes of it what is looked at. */
import type { ByteSource } from "#format/bytes.ts";
import { headOf, readFully } from "#format/bytes.ts";
import { combinedRows, comtradeRows } from "#format/comtrade.ts";
import { csvRows } from "#format/csv.ts";
import { defaultLimits } from "#format/pqdif/limits.ts";
import type { Pqdif } from "#format/pqdif/model.ts";
import { readPqdif } from "#format/pqdif/read.ts";
import { channelsFound, pqdifRows } from "#format/pqdif/rows.ts";
import { knownUtcOf, secondsBetween, type PqdifTime } from "#format/pqdif/time.ts";
import { waveformsOf } from "#format/pqdif/waveforms.ts";
import { RecordingReader, type Rows, type RowSource } from "#format/reader.ts";
import { FormatError, type Remark } from "#format/recording.ts";
import { Remarks } from "#format/remarks.ts";
import { decodeText } from "#format/text-encoding.ts";
import { wavRows } from "#format/wav.ts";
import { endOf } from "./axis.ts";
import type { Detail, Mark, WaveContent, WaveGroup } from "./content.ts";
import type { FileSet } from "./file-sets.ts";
import { logsOf } from "./pqdif-logs.ts";
import { readSamples, room, type Room, type Samples } from "./read-samples.ts";

export interface Part {
  readonly name: string;
  readonly source: ByteSource;
}

/** Bytes of a PQDIF file that can be read: it is held as a whole, and what it holds beside it. */
export const LONGEST_PQDIF = 1 << 28;

/** Numbers that a PQDIF file may have whatever its size, and for each of its bytes. */
const VALUES_FREELY = 1 << 24;
const VALUES_A_BYTE = 100;

/** Letters of what is shown of words that came with a recording. */
const LONGEST_NOTES = 1 << 14;

export interface Read {
  readonly content: WaveContent;
  /** What a long recording has of some samples; undefined where they are held, or where a row stands nobody knows. */
  readonly detail: ((from: number, count: number) => Detail) | undefined;
}

type Progress = (done: number, of: number) => void;

/** Throws FormatError where the recording cannot be read. */
export async function readContent(set: FileSet<Part>, progress: Progress, most: Room = room): Promise<Read> {
  if (set.kind === "pqdif") return readPqdifContent(set, progress, most);
  const rows = rowsOf(set);
  const reader = new RecordingReader(rows, true);
  const samples = readSamples(reader, (done) => progress(done, rows.most), most);
  const { start, trigger } = rows.head;
  const marks: Mark[] = [];
  if (!Number.isNaN(trigger) && !Number.isNaN(start) && trigger !== start)
    marks.push({ at: (trigger - start) / 1000, kind: "trigger", text: "" });
  const known = Number.isNaN(start) ? undefined : start;
  const content = contentOf(set, samples, { start: known, marks, remarks: reader.warnings, more: [], rows });
  return { content, detail: content.isLong === "seeks" ? (from, count) => detailOf(rows, from, count) : undefined };
}

function rowsOf({ kind, main, data }: FileSet<Part>): RowSource {
  if (kind === "columns") return csvRows(main.name, main.source);
  if (kind === "wav") return wavRows(main.name, main.source);
  const asPart = ({ name, source }: Part) => ({ file: name, source });
  if (main.name.toLowerCase().endsWith(".cff")) return combinedRows(asPart(main));
  if (data === undefined)
    throw new FormatError(main.name, "its data", "expected the file .dat of the same name beside it");
  return comtradeRows(asPart(main), asPart(data));
}

interface About {
  readonly start: number | undefined;
  readonly marks: readonly Mark[];
  readonly remarks: readonly Remark[];
  /** What there is beside samples. */
  readonly more: readonly WaveGroup[];
  readonly rows: RowSource | undefined;
}

function contentOf(set: FileSet<Part>, samples: Samples | undefined, about: About): WaveContent {
  const { start, marks, remarks, more, rows } = about;
  // What the file has of RMS is not made anew.
  const own = samples?.groups.filter(({ kind }) => kind !== "madeRms" || !more.some((group) => group.kind === "rms"));
  const groups = [...(own ?? []), ...more];
  const lost = (samples?.lostStatuses ?? []).map((name) => ({
    where: `status "${name}"`,
    what: "it changes more often than can be shown: it is left out",
  }));
  return {
    file: set.name,
    start,
    seconds: Math.max(0, ...groups.filter(({ kind }) => kind !== "madeRms").map(({ times }) => endOf(times))),
    hz: samples?.hz ?? rows?.head.lineHz,
    groups,
    statuses: samples?.statuses ?? [],
    marks,
    remarks: [...remarks, ...lost],
    notes: notesOf(set),
    isLong: samples?.isHeld === false ? (rows?.seek === undefined ? "buckets" : "seeks") : false,
  };
}

function notesOf({ notes }: FileSet<Part>): string | undefined {
  if (notes === undefined) return undefined;
  const text = decodeText(headOf(notes.source, 4 * LONGEST_NOTES)).trim();
  return text === "" ? undefined : text.slice(0, LONGEST_NOTES);
}

function rowsFor(channels: readonly Float64Array[], count: number): Rows {
  return { times: new Float64Array(count), channels, statuses: [] };
}

function detailOf(rows: RowSource, from: number, count: number): Detail {
  const columns = rows.head.channels.map(() => new Float64Array(count));
  rows.seek?.(from);
  const batch = rowsFor(columns, count);
  const found = rows.fill(batch, 0, count);
  return { from, count: found, channels: columns.map((column) => Float32Array.from(column.subarray(0, found))) };
}

async function readPqdifContent(set: FileSet<Part>, progress: Progress, most: Room): Promise<Read> {
  const { name, source } = set.main;
  if (source.size > LONGEST_PQDIF) {
    const has = `it has ${Math.ceil(source.size / 2 ** 20)} MiB`;
    throw new FormatError(
      name,
      "the whole file",
      `a file of PQDIF is held as a whole, and this browser holds ${LONGEST_PQDIF / 2 ** 20} MiB of one: ${has}`,
    );
  }
  const bytes = new Uint8Array(source.size);
  progress(0, source.size);
  readFully(source, 0, bytes);
  const values = Math.min(defaultLimits.values, Math.max(VALUES_FREELY, VALUES_A_BYTE * bytes.length));
  const file = await readPqdif(name, bytes, { values });
  const { start: first } = waveformsOf(file, new Remarks());
  const origin = first ?? earliest(file);
  if (origin === undefined) throw nothingIn(name, file, "there are no observations");
  const { groups, leftOut } = logsOf(file, origin);
  const rows = first === undefined ? undefined : pqdifRows(name, file);
  const reader = rows === undefined ? undefined : new RecordingReader(rows);
  const samples = reader && readSamples(reader, (done) => progress(done, rows?.most ?? done), most);
  if (samples === undefined && groups.length === 0) {
    throw nothingIn(name, file, `expected waveforms, RMS or logs, found ${channelsFound(file)}`);
  }
  const more = { where: "its logs", what: `${leftOut} more channels of logs are left out` };
  const content = contentOf(set, samples, {
    start: knownUtcOf(origin),
    marks: marksOf(file, origin),
    remarks: [...(reader?.warnings ?? file.warnings), ...(leftOut > 0 ? [more] : [])],
    more: groups,
    rows,
  });
  return { content, detail: undefined };
}

/** That there is nothing to draw; where something was wrong with the file, that is why. */
function nothingIn(name: string, { warnings }: Pqdif, found: string): FormatError {
  const [first] = warnings;
  if (first === undefined) return new FormatError(name, "its observations", `there is nothing to draw: ${found}`);
  return new FormatError(name, first.where, `${first.what}; there is nothing to draw: ${found}`);
}

function earliest({ observations }: Pqdif): PqdifTime | undefined {
  return observations.map(({ start }) => start).toSorted((a, b) => secondsBetween(b, a))[0];
}

/** Marks that are shown at most. */
const MOST_MARKS = 1000;

function marksOf({ observations }: Pqdif, origin: PqdifTime): Mark[] {
  return observations.slice(0, MOST_MARKS).flatMap(({ name = "", disturbance, start, triggered }): Mark[] => {
    const text = [name, disturbance ?? ""].filter((part) => part.trim() !== "").join(", ");
    const begins: Mark = { at: secondsBetween(origin, start), kind: "observation", text };
    const at = triggered === undefined ? NaN : secondsBetween(origin, triggered);
    // A trigger that was never set is none.
    return Math.abs(at - begins.at) < 86_400 ? [begins, { at, kind: "trigger", text }] : [begins];
  });
}
