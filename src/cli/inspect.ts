import type { Command } from "commander";
import { inspectRecording, type Inspection } from "#fleet/inspect-recording.ts";
import type { PqdifInspection } from "#fleet/inspect-pqdif.ts";
import { recordingExtensions } from "#format/recording-names.ts";
import { Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { asJson, say, table } from "./terminal.ts";

/** Of segments and gaps the table shows so many. */
const SHOWN = 20;

const kinds = `COMTRADE (${recordingExtensions.comtrade.join(", ")}), text in columns (${recordingExtensions.columns.join(", ")}), PQDIF (${recordingExtensions.pqdif.join(", ")}) or WAV (${recordingExtensions.wav.join(", ")})`;

export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description("say what is in a recording: channels, rates, segments, gaps, and what is odd in it")
    .argument("<files...>", `recordings: ${kinds}`)
    .option("--rate <hz>", "samples a second, for a text in columns that does not say it: 4800, 10k")
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nThe file is read to its end, whatever its length. Warnings say what was read all the same (docs/recordings.md).\n\n" +
        "For example:\n  npx polyphase inspect event.cfg\n",
    )
    .action((files: readonly string[], options: { readonly rate?: string; readonly json?: true }) => {
      const rate = options.rate === undefined ? undefined : orFail(2, () => rateOf(options.rate ?? ""));
      const [first = ""] = files;
      if (files.length === 1) {
        const seen = orFail(2, () => inspectRecording(first, rate));
        say(options.json ? asJson(seen) : printed(seen, rate));
        return;
      }
      // One that cannot be read does not hide the others.
      const all = files.map((file) => inspectedOrNot(file, rate));
      if (options.json) say(asJson(all));
      else
        say(
          all.map((one) => ("error" in one ? one.error : `${plain(one.file)}\n\n${printed(one, rate)}`)).join("\n\n\n"),
        );
      const refused = all.filter((one) => "error" in one).length;
      if (refused > 0) throw new Failure(`${refused} of ${all.length} recordings cannot be read`, 2);
    });
}

function inspectedOrNot(
  file: string,
  rate: number | undefined,
): Inspection | { readonly file: string; readonly error: string } {
  try {
    return inspectRecording(file, rate);
  } catch (error) {
    return { file, error: plain(error instanceof Error ? error.message : String(error)) };
  }
}

function printed(seen: Inspection, rate: number | undefined): string {
  return described(seen, rate).split("\n").map(plain).join("\n");
}

function rateOf(text: string): number {
  const [, digits, prefix] = /^([\d.]+(?:e[-+]?\d+)?)\s*([kM]?)(?:Hz)?$/.exec(text.trim()) ?? [];
  const rate = Number(digits) * (prefix === "k" ? 1e3 : prefix === "M" ? 1e6 : 1);
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new Error(`--rate: expected samples a second like 4800 or 10k, found "${text}"`);
  return rate;
}

function described(seen: Inspection, rate: number | undefined): string {
  const { channels, statuses, samples, seconds, start, trigger, lineHz, segments, gaps, warnings, pqdif } = seen;
  const parts = [
    ...(pqdif === undefined ? [] : pqdifParts(pqdif)),
    [
      samples === 0 ? "no samples" : `${samples} samples in ${numeral(seconds)} s`,
      ...(start === null ? [] : [`from ${start} by the recorder's clock`]),
      ...(trigger === null ? [] : [`trigger at ${trigger}`]),
      ...(lineHz === null ? [] : [`line ${lineHz} Hz`]),
    ].join(", "),
    section(
      "Channels",
      channels.map((one) => [
        String(one.number),
        one.name,
        one.unit === "" ? "no unit" : one.unit,
        one.least === null
          ? "no values"
          : `${numeral(one.least)} to ${numeral(one.most ?? one.least)} ${one.si}`.trim(),
        one.missing > 0 ? `${one.missing} missing` : "",
      ]),
    ),
    section(
      "Status channels",
      statuses.map((name, k) => [String(k + 1), name]),
    ),
    section(
      "Segments",
      segments.map(({ at, rate, count }) => [`at ${numeral(at)} s`, `${numeral(rate)} Hz`, `${count} samples`]),
    ),
    section(
      "Gaps",
      gaps.map(({ at, seconds }) => [`at ${numeral(at)} s`, `${numeral(seconds)} s`]),
    ),
    section(
      "Warnings",
      warnings.map(({ where, what }) => [where, what]),
    ),
    pasted(seen, rate),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function pqdifParts({ source, observations, quantities }: PqdifInspection): string[] {
  return [
    `PQDIF of ${source === "" ? "a data source without a name" : source}: ${observations.length === 1 ? "1 observation" : `${observations.length} observations`}`,
    section(
      "Observations",
      observations.map(({ name, start, disturbance, channels, values }) => [
        start ?? "at no time",
        name === "" ? "no name" : name,
        [
          ...(disturbance === null ? [] : [disturbance]),
          Object.entries(channels)
            .map(([type, count]) => `${count} of ${type}`)
            .join(", "),
          `${values} values`,
        ].join("; "),
      ]),
    ),
    section(
      "Quantities",
      quantities.map(({ name, phase, type, series, si, least, most, values, missing }) => [
        name === "" ? "no name" : name,
        phase,
        type,
        series,
        least === null ? "no values" : `${numeral(least)} to ${numeral(most ?? least)} ${si}`.trim(),
        missing > 0 ? `${values} values, ${missing} missing` : `${values} values`,
      ]),
    ),
  ];
}

/** What a site file says to measure it, at its own time where that is known: played once, into a store that begins anew. */
function pasted({ file, start, map }: Inspection, rate: number | undefined): string {
  if (map === null) return "";
  const channels = Object.entries(map).map(([input, channel]) => `${input}: ${scalar(channel)}`);
  return [
    "In a site file",
    ...(start === null ? [] : [`clock: { start: "${start}", speed: max }  # of the site, with`, 'store: ":memory:"']),
    `source: { recording: { file: ${scalar(file)}${rate === undefined ? "" : `, rate: ${rate}`}, map: { ${channels.join(", ")} } } }  # of a meter`,
  ].join("\n");
}

/** As YAML has it within braces: plain where nothing in it means something. */
function scalar(value: string | number): string {
  if (typeof value === "number") return String(value);
  const isPlain = /^[A-Za-z_./][\w./-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const rest = rows.length > SHOWN ? [["…", `and ${rows.length - SHOWN} more (--json has them all)`]] : [];
  return `${title}\n${table([...rows.slice(0, SHOWN), ...rest].map((row) => [...row]))}`;
}

function numeral(x: number): string {
  return String(Number(x.toPrecision(9)));
}
