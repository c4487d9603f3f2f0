/** The files that `analyse` writes of an examination. */
import path from "node:path";
import type { Examination } from "#analysis/examination.ts";
import { assessmentTable } from "#analysis/files/assessment-table.ts";
import { csvOf } from "#analysis/files/csv.ts";
import { tablesOf } from "#analysis/files/examination-tables.ts";
import { tableNames } from "#analysis/files/names.ts";
import { pqdifBytes } from "#analysis/files/pqdif.ts";
import type { JudgedRecord, JudgeSettings } from "#analysis/report/judged.ts";
import { reportHtml, type ReportOptions } from "#analysis/report/report-html.ts";
import { realClock } from "#headend/real-clock.ts";
import { NewFiles } from "#io/new-files.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { parquetOf } from "./parquet.ts";
import { pdfOf, printingBrowser } from "./pdf.ts";

export interface OutputWords {
  readonly out?: string;
  readonly parquet?: true;
  readonly pqdif?: string;
  readonly report?: string;
  readonly pdf?: string;
  readonly timeZone?: string;
  readonly title?: string;
  readonly force?: true;
}

/** What there is in a folder beside tables. */
const REPORT = "report.html";
const DOCUMENT = "examination.json";

/** What was found of a recording. */
export interface Found {
  readonly examination: Examination;
  readonly judged: JudgedRecord;
  /** As JSON. */
  document(): string;
}

export class Output {
  readonly #words: OutputWords;
  readonly #report: ReportOptions;
  readonly #browser: string | undefined;
  /** By recording, the folder that its tables go to. */
  readonly #folders: ReadonlyMap<string, string>;

  /** Throws a Failure where what words ask for cannot be written, before anything is analysed. */
  constructor(words: OutputWords, recordings: readonly string[], judge: JudgeSettings) {
    this.#words = words;
    const { out, parquet, pqdif, report, pdf, force = false, timeZone, title } = words;
    if (parquet === true && out === undefined)
      throw new Failure("--parquet: expected --out, the folder that tables go to", 2);
    for (const [option, file] of Object.entries({ pqdif, report, pdf })) {
      if (file === undefined || recordings.length < 2) continue;
      const what = `expected one recording, found ${recordings.length}: a file is of one, and --out has a folder for each`;
      throw new Failure(`--${option}: ${what}`, 2);
    }
    if (timeZone !== undefined) checkZone(timeZone);
    this.#report = { ...judge, title, timeZone };
    this.#browser = pdf === undefined ? undefined : printingBrowser();
    this.#folders = new Map(out === undefined ? [] : foldersOf(out, recordings));
    orFail(1, () => {
      const files = new NewFiles(force);
      for (const file of [pqdif, report, pdf]) if (file !== undefined) files.expect(file);
      for (const folder of this.#folders.values()) for (const file of ownFiles(folder)) files.expectNone(file);
    });
  }

  /** Writes what was asked for, and says which files that were, of a folder how many. Rejects with a Failure: then nothing is written. */
  async write(recording: string, found: Found): Promise<readonly string[]> {
    const { parquet, pqdif, report, pdf, force = false } = this.#words;
    const folder = this.#folders.get(recording);
    const files = new NewFiles(force);
    try {
      const isReported = folder !== undefined || report !== undefined || pdf !== undefined;
      const html = isReported ? reportHtml(found.examination, this.#report) : "";
      if (folder !== undefined) {
        files.folder(folder);
        for (const table of [...tablesOf(found.examination), assessmentTable(found.examination, found.judged)]) {
          files.put(path.join(folder, `${table.name}.csv`), csvOf(table));
          if (parquet) files.put(path.join(folder, `${table.name}.parquet`), [await parquetOf(table)]);
        }
        files.put(path.join(folder, REPORT), [html]);
        files.put(path.join(folder, DOCUMENT), [found.document(), "\n"]);
        // What was there of another analysis, and this one has not, goes with it.
        files.removeOthers(ownFiles(folder));
      }
      if (pqdif !== undefined) files.put(pqdif, [await pqdifOf(recording, found.examination, pqdif)]);
      if (report !== undefined) files.put(report, [html]);
      if (pdf !== undefined && this.#browser !== undefined) files.put(pdf, [pdfOf(html, this.#browser)]);
      const made = files.commit();
      const inFolder = made.filter((file) => path.dirname(file) === folder).length;
      return [
        ...(folder === undefined ? [] : [`${folder} (${inFolder} files)`]),
        ...made.filter((file) => path.dirname(file) !== folder),
      ];
    } catch (error) {
      files.discard();
      throw asFailure(error, 1);
    }
  }

  /** Whether anything is written. */
  get isAsked(): boolean {
    const { pqdif, report, pdf } = this.#words;
    return this.#folders.size > 0 || pqdif !== undefined || report !== undefined || pdf !== undefined;
  }
}

function checkZone(timeZone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    throw new Failure(`--time-zone: expected one like Europe/Berlin, found "${timeZone}"`, 2);
  }
}

/** One recording's tables are in the folder itself; of several each has one of its own in it. */
function foldersOf(out: string, recordings: readonly string[]): (readonly [string, string])[] {
  const [only, ...others] = recordings;
  if (only !== undefined && others.length === 0) return [[only, out]];
  const taken = new Set<string>();
  return recordings.map((recording) => {
    const base = path.basename(recording);
    let name = base;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${base}-${k}`;
    taken.add(name.toLowerCase());
    return [recording, path.join(out, name)];
  });
}

/** All files that there may be in a folder. */
function ownFiles(folder: string): readonly string[] {
  const tables = tableNames.flatMap((name) => [`${name}.csv`, `${name}.parquet`]);
  return [...tables, REPORT, DOCUMENT].map((name) => path.join(folder, name));
}

function pqdifOf(recording: string, examination: Examination, file: string): Promise<Uint8Array> {
  if (examination.startUtc === undefined) {
    throw new Failure("--pqdif: the recording does not say when it was, and PQDIF has to; --start says it", 2);
  }
  const { name } = path.parse(recording);
  return pqdifBytes(examination, { fileName: path.basename(file), sourceName: name, created: realClock.utc() });
}
