import type { Command } from "commander";
import { withMeter } from "#headend/mms-meter.ts";
import { hexText, namedJson, namedText, utcText } from "#headend/mms-values.ts";
import { listControls, watchReports, type WatchedReport } from "#headend/mms-watch.ts";
import { realClock } from "#headend/real-clock.ts";
import { onEnd } from "./ended.ts";
import { Failure } from "./failure.ts";
import { watchGooseAt } from "./watch-goose.ts";
import { MMS_HELP, mmsAsked, overMms, timeoutOption } from "./mms-asked.ts";
import { asJson, asJsonLine, below, note, say, shown, styled, table, write } from "./terminal.ts";

interface Options {
  readonly timeout: string;
  readonly interrogate: boolean;
  readonly integrity?: string;
  readonly behind?: string;
  readonly count?: string;
  readonly json?: true;
}

export function addWatch(program: Command): void {
  program
    .command("watch")
    .description("show the reports of a server of IEC 61850, or the GOOSE of an interface, as they come, until Ctrl-C")
    .argument("<url>", "mms://host:port/IED, or mms+tls:// as for browse; goose://INTERFACE, or goose+udp://host:port")
    .argument(
      "[reports...]",
      "report control blocks, like LLN0.urcbEnergy01; without one it says which there are. Of GOOSE control blocks, like JEM01MTR/LLN0$GO$gcbDI; all unless said",
    )
    .option("--no-interrogate", "what changes only: not all values at the beginning")
    .option("--integrity <ms>", "have all values so often, too")
    .option(
      "--behind <entry>",
      "of a buffered one: begin behind this entry, 8 octets in hexadecimal; 0 is with the oldest",
    )
    .option("--count <n>", "end after so many reports")
    .option(...timeoutOption)
    .option("--json", "for programs: a document a line")
    .addHelpText(
      "after",
      "\nAn association that is lost is had again. What a buffered report has kept meanwhile comes then, behind the last entry that came.\n\n" +
        "For example:\n" +
        "  npx polyphase watch mms://127.0.0.1:1102\n" +
        "  npx polyphase watch mms://127.0.0.1:1102/JEM01 LLN0.urcbInst01 LLN0.brcbIO01\n" +
        "  npx polyphase watch mms://192.0.2.7 LLN0.brcbIO01 --behind 000001a1fbc3cc66 --json\n" +
        "  npx polyphase watch goose://eth0\n" +
        "  npx polyphase watch 'goose+udp://0.0.0.0:1102?group=239.0.0.1' --json\n\n" +
        MMS_HELP,
    )
    .action(watch);
}

async function watch(text: string, names: readonly string[], options: Options): Promise<void> {
  const most = options.count === undefined ? Infinity : Number(options.count);
  if (options.count !== undefined && !/^[1-9]\d{0,8}$/.test(options.count))
    throw new Failure(`--count: expected a whole number from 1, found "${options.count}"`, 2);
  if (/^goose(\+udp)?:/.test(text)) return watchGooseAt(text, names, { most, json: options.json === true });
  const { url, settings } = mmsAsked(text, options);
  const integrityMs = options.integrity === undefined ? undefined : Number(options.integrity);
  if (integrityMs !== undefined && !(Number.isInteger(integrityMs) && integrityMs > 0))
    throw new Failure(`--integrity: expected milliseconds, found "${options.integrity}"`, 2);
  const behind = options.behind === undefined ? undefined : entryOf(options.behind);
  if (names.length === 0) return list(text, options);
  const ending = onEnd();
  const enough = new AbortController();
  const signal = AbortSignal.any([ending.signal, enough.signal]);
  let count = 0;
  const told = {
    async report(report: WatchedReport): Promise<void> {
      if (count >= most) return;
      count++;
      await write(options.json ? shown`${asJsonLine(documentOf(report))}\n` : printed(report));
      if (count >= most) enough.abort();
    },
    note,
  };
  try {
    await overMms(() =>
      watchReports(
        url,
        settings,
        { names, interrogate: options.interrogate, integrityMs, behind },
        { told, clock: realClock, signal },
      ),
    );
  } finally {
    ending.done();
  }
}

function entryOf(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, "");
  if (digits === "0") return new Uint8Array(8);
  if (!/^[0-9a-fA-F]{16}$/.test(digits))
    throw new Failure(`--behind: expected 8 octets in hexadecimal, or 0; found "${text}"`, 2);
  return Uint8Array.fromHex(digits);
}

async function list(text: string, options: Options): Promise<void> {
  const { url, settings } = mmsAsked(text, options);
  const controls = await overMms(() => withMeter(url, settings, (client) => listControls(client, url)));
  if (options.json) return say(asJson(controls));
  if (controls.length === 0) throw new Failure(`${text} has no report control blocks`, 1);
  say(
    table(
      controls.map((one) => [
        one.name,
        one.buffered ? "buffered" : "unbuffered",
        one.enabled === true ? "enabled" : "free",
        one.dataSet,
      ]),
    ),
  );
}

/** One line of the report, and one of each member. */
function printed({ control, report, members }: WatchedReport): ReturnType<typeof below> {
  const head = [
    ...(report.time === undefined ? [] : [utcText(report.time)]),
    control,
    ...(report.sequence === undefined ? [] : [`#${report.sequence}`]),
    ...(report.entryId === undefined ? [] : [`entry ${hexText(report.entryId).replaceAll(" ", "")}`]),
    ...(report.overflow === true ? ["entries before it may be lost"] : []),
  ].join("  ");
  const rows = members.map(({ reference, type, value, reasons }) => [
    `  ${reference}`,
    namedText(value, type),
    reasons.join(", "),
  ]);
  return below([styled("bold", head), table(rows), ""]);
}

function documentOf({ control, report, members }: WatchedReport): object {
  return {
    control,
    rptId: report.rptId,
    ...(report.sequence === undefined ? {} : { sequence: report.sequence }),
    ...(report.time === undefined ? {} : { time: utcText(report.time) }),
    ...(report.dataSet === undefined ? {} : { dataSet: report.dataSet }),
    ...(report.overflow === undefined ? {} : { overflow: report.overflow }),
    ...(report.entryId === undefined ? {} : { entryId: hexText(report.entryId).replaceAll(" ", "") }),
    ...(report.configRevision === undefined ? {} : { configRevision: report.configRevision }),
    members: members.map(({ reference, type, value, reasons }) => ({
      reference,
      value: namedJson(value, type),
      reasons,
    })),
  };
}
