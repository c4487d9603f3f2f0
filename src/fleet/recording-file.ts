/** A recording's file, opened by its name. */
import { combinedRows, comtradeRows } from "#format/comtrade.ts";
import { csvRows } from "#format/csv.ts";
import { defaultLimits } from "#format/pqdif/limits.ts";
import type { Pqdif } from "#format/pqdif/model.ts";
import { readPqdifNow } from "#format/pqdif/read.ts";
import { hasSamples, pqdifRows } from "#format/pqdif/rows.ts";
import { RecordingReader, type RowSource } from "#format/reader.ts";
import { recordingExtensions } from "#format/recording-names.ts";
import { FormatError } from "#format/recording.ts";
import { unitOf } from "#format/unit.ts";
import { wavRows } from "#format/wav.ts";
import { besideWithExtension, fileBytes, readFile, withExtension } from "#io/file.ts";
import { inflateNow } from "#io/zlib-now.ts";
import { rateWords } from "#waveform/rate-words.ts";

export interface RecordingOptions {
  /** Samples a second of a text in columns that does not say it. */
  readonly rate?: number | undefined;
  /** Whether status channels are wanted. */
  readonly statuses?: boolean;
}

/** Opens a recording of any format; throws an Error that names the file and the place where it is wrong. */
export function recordingReader(file: string, { rate, statuses = false }: RecordingOptions = {}): RecordingReader {
  return readerOf(file, rowsOf(file, rate), statuses);
}

/** A recording, or what a PQDIF file says that has no samples. */
export function recordingOrLog(file: string, options: RecordingOptions): RecordingReader | Pqdif {
  if (!isPqdif(file)) return recordingReader(file, options);
  const content = pqdifFile(file);
  return hasSamples(content) ? pqdifReader(file, content) : content;
}

/** The samples of a PQDIF file that was read already. */
export function pqdifReader(file: string, content: Pqdif): RecordingReader {
  return readerOf(file, pqdifRows(file, content), false);
}

function readerOf(file: string, rows: RowSource, statuses: boolean): RecordingReader {
  const { channels } = rows.head;
  // Channels of other things may be there; a file of nothing else has no use.
  const [first] = channels;
  if (
    first !== undefined &&
    channels.every(({ unit }) => unit.trim() !== "" && unitOf(unit)?.quantity !== "V" && unitOf(unit)?.quantity !== "A")
  ) {
    const unknown = channels.find(({ scale }) => scale === undefined);
    const { name, unit } = unknown ?? first;
    const what =
      unknown === undefined ? `there are no volts or amps; this one has "${unit}"` : `the unit "${unit}" is not known`;
    throw new FormatError(file, `channel "${name}"`, `${what}; expected volts or amps, like "kV" or "A"`);
  }
  for (const { name, unit, scale } of channels) {
    if (scale !== undefined) continue;
    rows.remarks.add(
      "unit",
      `channel "${name}"`,
      `the unit "${unit}" is not known: its values are as they are printed`,
    );
  }
  return new RecordingReader(rows, statuses);
}

/** Whether its values are parts of full scale, of which no file of its format says what that is. */
export function isOfFullScale(file: string): boolean {
  return recordingExtensions.wav.some((extension) => file.toLowerCase().endsWith(extension));
}

/** Below so many samples a second no line of 45 Hz or more can be told (a meter takes a cycle for one from 2.7 samples on). */
const CARRYING = 122;

/** Why samples that come so slowly are of no use to a meter; undefined of those that come fast enough. */
export function tooSlow(rate: number): string | undefined {
  if (!(rate > 0 && rate < CARRYING)) return undefined;
  const hertz = Number(rate.toPrecision(6));
  const what = rate < 1 ? `${rateWords(rate)} (${hertz} Hz)` : `${hertz} Hz`;
  return `${what} carries no wave of 50 or 60 Hz: a meter measures nothing of it. A recording has instantaneous values, which those of a log are not`;
}

/** The same of a whole recording, which is at its beginning again: undefined where any of it is fast enough. */
export function slowThroughout(reader: RecordingReader): string | undefined {
  let fastest = 0;
  // What begins fast is told by its first stretch.
  for (let stretch = reader.next(); stretch !== undefined; stretch = reader.next()) {
    fastest = Math.max(fastest, stretch.rate);
    if (tooSlow(fastest) === undefined) break;
  }
  reader.rewind();
  return tooSlow(fastest);
}

/** Whether a file is called as recordings are. */
export function isRecordingName(file: string): boolean {
  const name = file.toLowerCase();
  return Object.values(recordingExtensions)
    .flat()
    .some((extension) => name.endsWith(extension));
}

/** The header of COMTRADE that a file of data belongs to; undefined of other files, and where there is none. */
export function partOfRecording(file: string): string | undefined {
  return file.toLowerCase().endsWith(".dat") ? besideWithExtension(file, ".cfg") : undefined;
}

/** Texts that may be of anything: whether they are recordings shows when they are read. */
export function mayBeOther(file: string): boolean {
  return recordingExtensions.columns.some((extension) => file.toLowerCase().endsWith(extension));
}

export function isPqdif(file: string): boolean {
  return recordingExtensions.pqdif.some((extension) => file.toLowerCase().endsWith(extension));
}

/**
 * Numbers that a PQDIF file may have whatever its size, and for each of its bytes: increments make many of a few bytes, but what is
 * sampled at those times takes bytes of its own, compressed at most so well.
 */
const VALUES_FREELY = 1 << 24;
const VALUES_A_BYTE = 100;

/** What a PQDIF file says, of waveforms and all else. */
export function pqdifFile(file: string): Pqdif {
  const bytes = readFile(file);
  const values = Math.min(defaultLimits.values, Math.max(VALUES_FREELY, VALUES_A_BYTE * bytes.length));
  return readPqdifNow(file, bytes, inflateNow, { values });
}

function rowsOf(file: string, rate: number | undefined): RowSource {
  const extension = /\.[^./\\]*$/.exec(file)?.[0]?.toLowerCase() ?? "";
  const all = Object.values(recordingExtensions).flat();
  switch (extension) {
    case ".cff":
      return combinedRows({ file, source: fileBytes(file) });
    case ".csv":
    case ".txt":
    case ".tsv":
    case ".asc":
    case ".prn":
      return csvRows(file, fileBytes(file), rate);
    case ".wav":
    case ".wave":
    case ".rf64":
    case ".bw64":
    case ".w64":
      return wavRows(file, fileBytes(file));
    case ".pqd":
    case ".pqdif":
      return pqdifRows(file, pqdifFile(file));
    case ".dat":
    case ".cfg": {
      const header = extension === ".cfg" ? file : besideWithExtension(file, ".cfg");
      if (header === undefined) throw new Error(`${file}: its header, ${withExtension(file, ".cfg")}, is missing`);
      const source = fileBytes(header);
      const data = besideWithExtension(header, ".dat");
      if (data === undefined) throw new Error(`${file}: its data, ${withExtension(file, ".dat")}, are missing`);
      return comtradeRows({ file: header, source }, { file: data, source: fileBytes(data) });
    }
    default:
      throw new Error(`${file}: expected a recording: ${all.slice(0, -1).join(", ")} or ${all.at(-1)}`);
  }
}
