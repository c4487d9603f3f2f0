import type { Command } from "commander";
import { eventClassText } from "#analysis/event-class.ts";
import type { ExaminedEvent, Examination } from "#analysis/examination.ts";
import { examinationJson } from "#analysis/examination-json.ts";
import { type EventLimits, eventLimitsOf } from "#analysis/examine-settings.ts";
import { examine } from "#analysis/examine.ts";
import { recordingReader } from "#fleet/recording-file.ts";
import { suggestedMap } from "#fleet/suggested-map.ts";
import { type Wiring, type WiringName, wirings } from "#quantity/wiring.ts";
import { Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { asJson, complain, progress, progressDone, say, table } from "./terminal.ts";

interface Options {
  readonly wiring?: string;
  readonly map?: string;
  readonly nominal?: string;
  readonly hz?: string;
  readonly rate?: string;
  readonly start?: string;
  readonly dip?: string;
  readonly swell?: string;
  readonly interruption?: string;
  readonly rapidChange?: string;
  readonly json?: true;
  readonly samples?: true;
}

/** What feeds the inputs of a meter, as `examine` takes it. */
type Map = Parameters<typeof examine>[1]["map"];

const inputNames = ["va", "vb", "vc", "ia", "ib", "ic"] as const;

export function addAnalyse(program: Command): void {
  program
    .command("analyse")
    .description("run recordings through the power-quality instrument: dips, swells, interruptions, rapid changes")
    .argument("<files...>", "recordings: COMTRADE, text in columns or WAV, as inspect takes them")
    .option("--nominal <volts>", "the declared voltage; guessed from the recording unless said")
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
    .option(...jsonOption)
    .option("--samples", "with --json, samples of events and intervals of 150 or 180 cycles, too")
    .addHelpText(
      "after",
      "\nEvents are of all voltages together, by IEC 61000-4-30 (docs/analysis.md).\n\n" +
        "For example:\n  npx polyphase analyse feeder.csv --nominal 230\n",
    )
    .action((files: readonly string[], options: Options) => {
      const all = files.map((file) => analysed(file, options));
      const [first] = all;
      if (all.length === 1 && first !== undefined && !isExamined(first)) throw new Failure(first.error, 2);
      const found = all.filter(isExamined);
      if (options.json) {
        const wanted = { samples: options.samples === true, cycles: options.samples === true };
        const documents = all.map((one) => (isExamined(one) ? examinationJson(one, wanted) : one));
        say(asJson(documents.length === 1 ? documents[0] : documents));
      } else say(found.map(printed).join("\n\n\n"));
      for (const one of all) if (!isExamined(one) && !options.json) complain(one.error);
      const refused = all.length - found.length;
      if (refused > 0) throw new Failure(`${refused} of ${all.length} recordings cannot be analysed`, 2);
    });
}

interface Refused {
  readonly file: string;
  readonly error: string;
}

function isExamined(one: Examination | Refused): one is Examination {
  return !("error" in one);
}

function analysed(file: string, options: Options): Examination | Refused {
  const { hz, nominal, rate, start } = options;
  const startUtc = start === undefined ? undefined : instantOf(start);
  if (hz !== undefined && hz !== "50" && hz !== "60") throw new Failure(`--hz: expected 50 or 60, found "${hz}"`, 2);
  const nominalVolts = nominal === undefined ? undefined : numberOf("--nominal", nominal);
  const given = rate === undefined ? undefined : numberOf("--rate", rate);
  const limits = limitsOf(options);
  const wiring = options.wiring === undefined ? undefined : wiringNamed(options.wiring);
  const said = options.map === undefined ? undefined : mapOf(options.map);
  try {
    const reader = recordingReader(file, { rate: given });
    const map = said ?? suggested(reader.head.channels);
    const examination = examine(reader, {
      wiring: wiring ?? wiringFor(map),
      map,
      nominalVolts,
      hz: hz === undefined ? undefined : hz === "50" ? 50 : 60,
      startUtc,
      limits,
      onProgress: (seconds) => progress(`${file}: ${Math.floor(seconds)} s`),
    });
    // As it was asked for: of a pair the reader names the one with the samples.
    return { ...examination, file };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { file, error: plain(message.includes(file) ? message : `${file}: ${message}`) };
  } finally {
    progressDone();
  }
}

function instantOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new Failure(`--start: expected an instant like 2026-03-14T06:29:50Z, found "${text}"`, 2);
  }
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new Failure(`${option}: expected a number above 0, found "${text}"`, 2);
  }
  return value;
}

/** Parts of the declared voltage, of those that are said. */
function limitsOf({ dip, swell, interruption, rapidChange }: Options): Partial<EventLimits> {
  const said = Object.entries({ dip, swell, interruption, rapidChange }).flatMap(([name, text]) => {
    const option = `--${name.replace("C", "-c")}`;
    return text === undefined ? [] : [[name, numberOf(option, text) / 100] as const];
  });
  const limits = Object.fromEntries(said);
  orFail(2, () => eventLimitsOf(limits));
  return limits;
}

function wiringNamed(name: string): WiringName {
  if (Object.hasOwn(wirings, name)) return name as WiringName;
  throw new Failure(`--wiring: expected ${Object.keys(wirings).join(", ")}, found "${name}"`, 2);
}

function mapOf(text: string): Map {
  const entries = text.split(",").map((part) => {
    const [, input = "", channel = "", ratio] =
      /^\s*(v[abc]|i[abc])\s*=\s*(.+?)\s*(?:\*\s*([-+.\de]+))?\s*$/.exec(part) ?? [];
    const scale = ratio === undefined ? undefined : Number(ratio);
    if (input === "" || scale === 0 || Number.isNaN(scale)) {
      throw new Failure(`--map: expected ${inputNames.join(", ")}, each like va=U1 or va=3*1000, found "${part}"`, 2);
    }
    return [input, { channel, scale }] as const;
  });
  return Object.fromEntries(entries);
}

function suggested(channels: Parameters<typeof suggestedMap>[0]): Map {
  const map = suggestedMap(channels);
  if (map === undefined) {
    const names = channels.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(`no channel is plainly an input of a meter; expected --map, of ${names}`);
  }
  return Object.fromEntries(Object.entries(map).map(([input, channel]) => [input, { channel }]));
}

/** The wiring of so many voltages to neutral. */
function wiringFor(map: Map): WiringName {
  const has = (phase: string): boolean => Object.hasOwn(map, `v${phase}`);
  if (has("a") && has("b") && has("c")) return "wye";
  if (has("a") && has("b")) return "network";
  if (has("a")) return "1-phase-ln";
  throw new Error(`there is no voltage of phase a among ${Object.keys(map).join(", ")}; expected --map with va`);
}

function printed(examination: Examination): string {
  const { file, startUtc, seconds, wiring: name, declared, events, gaps, warnings, left } = examination;
  const wiring: Wiring = wirings[name as WiringName];
  const when = startUtc === undefined ? [] : [`from ${instantText(startUtc)}`];
  const parts = [
    `${file}: ${[`${seconds.toFixed(3)} s`, ...when, wiring.means].join(", ")}`,
    `declared ${declared.volts} V (${declared.voltsFrom}), ${declared.hz} Hz (${declared.hzFrom})`,
    events.length === 0 ? "no events" : table([heads, ...events.map((event) => rowOf(event, startUtc))], [2, 4]),
    ...(gaps.length === 0 ? [] : [`${gaps.length} gaps: without samples for ${sum(gaps).toFixed(3)} s`]),
    ...(warnings.length === 0 ? [] : [`${warnings.length} warnings: npx polyphase inspect says them`]),
    ...left,
  ];
  return parts.join("\n\n").split("\n").map(plain).join("\n");
}

const heads = ["when", "what", "seconds", "channels", "% of declared", "IEEE 1159", "ITIC", "cause"] as const;

function rowOf(event: ExaminedEvent, startUtc: number | undefined): readonly string[] {
  const { at, kind, seconds, channels, percent, ieee1159, itic, explained, cut, sinceBefore } = event;
  const cause = explained?.cause?.cause;
  const type = explained?.type?.letter;
  const open = [
    ...(sinceBefore ? ["from before"] : []),
    ...(cut === undefined ? [] : [`cut by ${cut === "gap" ? "a gap" : "the end"}`]),
  ];
  return [
    startUtc === undefined ? `${at.toFixed(3)} s` : instantText(startUtc + 1000 * at),
    [kind, ...open].join(", "),
    seconds.toFixed(3),
    channels.join(" "),
    percent.toFixed(1),
    ieee1159 === undefined ? "" : eventClassText(ieee1159),
    itic === undefined ? "" : itic.passes ? "borne" : itic.region,
    [
      ...(cause === undefined || cause === "unknown" ? [] : [cause]),
      ...(type === undefined ? [] : [`type ${type}`]),
    ].join(", "),
  ];
}

function instantText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ fractionalSecondDigits: 3 });
}

function sum(gaps: Examination["gaps"]): number {
  return gaps.reduce((all, { seconds }) => all + seconds, 0);
}
