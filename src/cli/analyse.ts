import type { Command } from "commander";
import type { Examination } from "#analysis/examination.ts";
import { examinationJson } from "#analysis/examination-json.ts";
import { examine } from "#analysis/examine.ts";
import { judgedJson } from "#analysis/files/assessment-table.ts";
import { examineLog } from "#analysis/logs/examine-log.ts";
import { type JudgedRecord, judgedRecord } from "#analysis/report/judged.ts";
import { mayBeOther, recordingOrLog, slowThroughout } from "#fleet/recording-file.ts";
import type { FoundFile } from "#io/found-files.ts";
import { wirings } from "#quantity/wiring.ts";
import { namedRecordings } from "./analyse-files.ts";
import { Output, type OutputWords } from "./analyse-output.ts";
import { type AllSettings, numberOf, settingsFor, settingsOf, type SettingWords } from "./analyse-settings.ts";
import { printed } from "./analyse-text.ts";
import { Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { asJson, below, complain, note, progress, progressDone, Shown, write } from "./terminal.ts";

interface Options extends SettingWords, OutputWords {
  readonly rate?: string;
  readonly json?: true;
  readonly samples?: true;
}

export function addAnalyse(program: Command): void {
  const verb = program
    .command("analyse")
    .description(
      "run recordings through the power-quality instrument: events, intervals, EN 50160 and IEEE 519, a report",
    )
    .argument(
      "<files...>",
      "recordings: COMTRADE, text in columns, PQDIF or WAV, as inspect takes them; folders of them; patterns in quotes",
    );
  addSettings(verb);
  addOutput(verb);
  verb
    .addHelpText(
      "after",
      "\nEvents are of all voltages together, by IEC 61000-4-30 (docs/analysis.md).\n\n" +
        "For example:\n" +
        "  npx polyphase analyse feeder.csv --nominal 230\n" +
        "  npx polyphase analyse feeder.cfg --load-current 400 --short-circuit-ratio 35 --report feeder.html\n" +
        "  npx polyphase analyse 'march/**/*.cff' --out march --parquet\n",
    )
    .action(analyse);
}

function addSettings(verb: Command): void {
  verb
    .option(
      "--nominal <volts>",
      "the declared voltage, to neutral where it has volts to neutral; the recording's own, or guessed, unless said",
    )
    .option("--hz <hz>", "50 or 60; what the recording says, or guessed, unless said")
    .option("--wiring <name>", `${Object.keys(wirings).join(", ")}; by the voltages that there are unless said`)
    .option(
      "--map <map>",
      "which channel is which input: va=U1,vb=U2,vc=U3*1000,ia=4 (by name or number, times a ratio)",
    )
    .option("--rate <hz>", "samples a second, for a text in columns that does not say it")
    .option("--start <instant>", "when the first sample was, where the recording does not say it: 2026-03-14T06:29:50Z")
    .option("--dip <percent>", "of the declared voltage below which a dip begins (90)")
    .option("--swell <percent>", "above which a swell begins (110)")
    .option("--interruption <percent>", "below which all voltages are interrupted (5)")
    .option("--rapid-change <percent>", "by which the voltage leaves its steady mean (5)")
    .option("--transient <percent>", "of the peak of the declared voltage that samples leave their course by (20)")
    .option("--signal <hz>", "of a mains signal that is to be measured")
    .option("--edition <edition>", "of EN 50160: 2010 or amended (2010)")
    .option("--level <level>", "of EN 50160: low or medium; by the declared voltage unless said")
    .option("--islanded", "EN 50160 of a network without a synchronous connection")
    .option("--bus-volts <volts>", "of IEEE 519, line to line; of the declared voltage unless said")
    .option("--load-current <amps>", "of IEEE 519 and TDD: IL, the maximum demand load current")
    .option("--short-circuit-ratio <ratio>", "of IEEE 519: Isc/IL")
    .option("--short-circuit-current <amps>", "the same as Isc")
    .option("--generation <percent>", "of IEEE 519: the site's rated generation, of its annual average load demand");
}

function addOutput(verb: Command): void {
  verb
    .option(...jsonOption)
    .option("--samples", "with --json, samples of events and intervals of 150 or 180 cycles, too")
    .option(
      "--out <folder>",
      "write tables (CSV), report and JSON into it; of several recordings into a folder of each",
    )
    .option("--parquet", "with --out, tables as Parquet, too")
    .option("--pqdif <file>", "write events and intervals as PQDIF")
    .option("--report <file>", "write the report: one page of HTML")
    .option("--pdf <file>", "write the report as PDF, through chromium on the PATH")
    .option("--title <title>", "of the report")
    .option("--time-zone <zone>", "of the report's times: Europe/Berlin (UTC)")
    .option("--force", "write over files that are there");
}

interface Refused {
  readonly file: string;
  readonly error: string;
}

interface Analysed {
  readonly examination: Examination;
  readonly judged: JudgedRecord;
}

async function analyse(words: readonly string[], options: Options): Promise<void> {
  const settings = settingsOf(options);
  const rate = options.rate === undefined ? undefined : numberOf("--rate", options.rate);
  const { files, others, isOne } = orFail(2, () => namedRecordings(words));
  const recordings = files.map(({ file }) => file);
  const output = new Output(options, recordings, settings.judge);
  const out = new Written(options, isOne);
  const left = [...others];
  let refused = 0;
  for (const found of files) {
    const one = analysed(found, rate, settings);
    if ("error" in one) {
      if (isOne) throw new Failure(one.error, 2);
      if (!found.isNamed && mayBeOther(found.file)) {
        left.push(one.error);
        continue;
      }
      refused++;
      await out.refused(one);
      continue;
    }
    const document = (): Shown => asJson(documentOf(one, options.samples === true));
    const made = output.isAsked
      ? await output.write(found.file, { ...one, document: () => document().text })
      : undefined;
    await out.analysed(one, document);
    if (made !== undefined) complain(`written: ${made.join(", ")}`);
  }
  await out.done();
  tellLeft(left);
  if (files.length === left.length - others.length) throw new Failure("there is no recording among the files", 2);
  if (refused > 0) throw new Failure(`${refused} of ${files.length} recordings cannot be analysed`, 2);
}

/** Files that are left out are said, a few of them by name. */
function tellLeft(left: readonly string[]): void {
  const SAID = 10;
  for (const one of left.slice(0, SAID)) note(`left out, as it is no recording: ${one}`);
  if (left.length > SAID) note(`and ${left.length - SAID} more that are no recordings`);
}

function documentOf({ examination, judged }: Analysed, samples: boolean): object {
  return {
    ...examinationJson(examination, { samples, cycles: samples }),
    assessments: judgedJson(examination, judged),
  };
}

/** What is shown as recordings are done: none is kept for the sake of the next. */
class Written {
  readonly #isJson: boolean;
  /** One document rather than a list of them. */
  readonly #isOne: boolean;
  #count = 0;

  constructor({ json }: Options, isOne: boolean) {
    this.#isJson = json === true;
    this.#isOne = isOne;
  }

  analysed({ examination, judged }: Analysed, document: () => Shown): Promise<void> {
    if (this.#isJson) return this.#item(document());
    const first = this.#count++ === 0;
    return write(below([...(first ? [] : ["", ""]), printed(examination, judged), ""]));
  }

  async refused(one: Refused): Promise<void> {
    if (this.#isJson) await this.#item(asJson(one));
    else complain(one.error);
  }

  async done(): Promise<void> {
    if (!this.#isJson || this.#isOne) return;
    await write(new Shown(this.#count === 0 ? "[]\n" : "\n]\n"));
  }

  #item({ text }: Shown): Promise<void> {
    const first = this.#count++ === 0;
    if (this.#isOne) return write(new Shown(`${text}\n`));
    return write(new Shown(`${first ? "[\n" : ",\n"}${text}`));
  }
}

function analysed({ file }: FoundFile, rate: number | undefined, all: AllSettings): Analysed | Refused {
  try {
    const found = recordingOrLog(file, { rate });
    if ("observations" in found) {
      const examination = examineLog(file, found, all);
      return { examination, judged: judgedRecord(examination, all.judge) };
    }
    const slow = slowThroughout(found);
    if (slow !== undefined) return { file, error: plain(`${file}: ${slow}`) };
    const settings = settingsFor(found, all);
    const onProgress = (seconds: number): void => progress(`${file}: ${Math.floor(seconds)} s`);
    // As it was asked for: of a pair the reader names the one with the samples.
    const examination = { ...examine(found, { ...settings, onProgress }), file };
    return { examination, judged: judgedRecord(examination, settings) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { file, error: plain(message.includes(file) ? message : `${file}: ${message}`) };
  } finally {
    progressDone();
  }
}
