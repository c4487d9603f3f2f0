import type { Command } from "commander";
import { readLog, SiteRefusal, type Pass, type Query } from "#headend/site-meter.ts";
import { logKinds, type LogKind } from "#quantity/log.ts";
import { logTable, type LoggedRow as Entry } from "#quantity/log-table.ts";
import type { LogView } from "#quantity/meter-api.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { csvOption, excelOption, jsonOption, print, type PrintOptions } from "./print.ts";
import { atMeter, pageOf, pageOptions, siteUrl, type PageOptions } from "./site-meter.ts";
import { note } from "./terminal.ts";

type Options = PrintOptions & PageOptions & Asking;

export function addLogs(program: Command): void {
  program
    .command("logs")
    .description("print what a revenue meter of a running site has logged: resets, outages, alarms, who changed what")
    .argument(...siteUrl)
    .argument("[kind]", `one log; all that can be read unless said: ${logKinds.join(", ")}`)
    .option(...pageOptions[0])
    .option(...pageOptions[1])
    .option(...csvOption)
    .option(...jsonOption)
    .option(...excelOption)
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText(
      "after",
      "\nTimes are the meter's local ones. Entries of all logs are shown together in order of time.\n\n" +
        "For example:\n" +
        "  npx polyphase logs http://127.0.0.1:8080/api/meters/substation-7 powerOutage\n" +
        "  npx polyphase logs http://127.0.0.1:8080/api/meters/substation-7 security --user admin --csv\n" +
        PASSWORDS_HELP,
    )
    .action(logs);
}

/** Entries of one log or of all, and which side their values are on. */
type Read = Pick<LogView, "side"> & { readonly entries: readonly Entry[] };

const sideWords = {
  primary: "primary: on the line",
  secondary: "secondary: at the meter's terminals, behind its transformers",
} as const;

async function logs(url: string, kind: string | undefined, options: Options): Promise<void> {
  const one = logKinds.find((name) => name === kind);
  if (kind !== undefined && one === undefined) throw new Failure(`<kind>: ${expectedOneOf(logKinds, kind)}`, 2);
  const page = pageOf(options);
  const { side, entries } = await atMeter(url, options, (at, pass) =>
    one === undefined ? readAll(at, page, pass) : readOne(at, one, page, pass),
  );
  // Programs and spreadsheets take a column for each detail; of all logs together these are too many.
  const apart = one !== undefined && (options.csv !== undefined || options.excel !== undefined);
  const shown = logTable(entries, apart);
  await print(options, { document: { url, side, entries }, ...shown });
  if (side !== undefined && entries.some(({ details }) => Object.keys(details).length > 0))
    note(`volts, amps and watts of the details are ${sideWords[side]}`);
}

async function readOne(at: string, log: LogKind, page: Query, pass: Pass): Promise<Read> {
  const { side, entries } = await readLog(at, log, page, pass);
  return { side, entries: inTime(entries.map((entry) => ({ log, ...entry }))) };
}

/** In order of time: an entry is numbered when it is known, which of a rapid change is later than it began. */
function inTime(entries: readonly Entry[]): readonly Entry[] {
  // As text "55.3Z" would come after "55.38Z".
  const momentOf = ({ utc, at }: Entry): number =>
    Temporal.Instant.from(utc ?? `${at.replace(" ", "T")}Z`).epochMilliseconds;
  return entries.toSorted((a, b) => momentOf(a) - momentOf(b));
}

/** Every log that there is and that may be read; which may not is said beside. */
async function readAll(at: string, page: Query, pass: Pass): Promise<Read> {
  let side: Read["side"];
  const entries: Entry[] = [];
  const refused: SiteRefusal[] = [];
  for (const log of logKinds) {
    try {
      const one = await readOne(at, log, page, pass);
      side ??= one.side;
      entries.push(...one.entries);
    } catch (error) {
      if (!(error instanceof SiteRefusal)) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (first !== undefined && refused.length === logKinds.length) throw first;
  // A log that this meter does not keep is not missed.
  for (const { message } of refused.filter(({ status }) => status !== 404)) note(message);
  return { side, entries: inTime(entries) };
}
