import type { Command } from "commander";
import { moveMark, readMark, readMeasurementLog, readProfile, type Query } from "#headend/site-meter.ts";
import type { ProfileView } from "#quantity/meter-api.ts";
import { looksDlms } from "#headend/dlms-url.ts";
import { KEYS_HELP } from "./dlms-secrets.ts";
import { dlmsProfile } from "./dlms-profile.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { csvOption, excelOption, jsonOption, print, type PrintOptions } from "./print.ts";
import { atMeter, siteUrl } from "./site-meter.ts";
import { note } from "./terminal.ts";

interface Options extends PrintOptions, Asking {
  readonly profile?: string;
  readonly log?: string;
  readonly days?: string;
  readonly sinceLastRead?: true;
  readonly reader?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Who reads when nobody says. */
const READER = "polyphase";

export function addProfile(program: Command): void {
  program
    .command("profile")
    .description(
      "print the load profile, or the measurement log, of a revenue meter of a running site, or over DLMS/COSEM",
    )
    .argument(siteUrl[0], `${siteUrl[1]}, or dlms://host:port`)
    .option("--profile <number>", "which of its profiles; the first unless said; over DLMS its code, too")
    .option("--log <number>", "a group of its measurement log instead; over DLMS an event log, by number or code")
    .option("--days <n>", "today, and so many days before")
    .option("--since-last-read", "only what this reader has not read so yet")
    .option("--reader <name>", `who reads since the last time: the user, or "${READER}", unless said`)
    .option("--from <time>", "local time, like 2026-07-31T16:00")
    .option("--to <time>", "local time")
    .option(...csvOption)
    .option(...jsonOption)
    .option(...excelOption)
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText(
      "after",
      "\nA line a record: every interval, and every event that cut one short. A channel counts in its Km: Wh.import x 10 is\n" +
        "active energy to the load, in counts of 10 Wh. A channel of a measurement log is in its units: W.max x 1000, in kW.\n" +
        "Every reader has a mark of its own in each of them, which moves when what it asked for with --since-last-read has\n" +
        "been written, and never by looking.\n\n" +
        "For example:\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --days 1\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --since-last-read --reader billing --csv >> july.csv\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --log 2 --days 7 --csv\n" +
        "  npx polyphase profile dlms://192.0.2.7:4059 --from 2026-07-01 --to 2026-07-31T23:59 --csv >> july.csv\n" +
        "  npx polyphase profile 'dlms://192.0.2.7?client=1&auth=low' --profile 1.0.99.2.0.255 --days 1\n" +
        PASSWORDS_HELP +
        KEYS_HELP,
    )
    .action(profile);
}

async function profile(url: string, options: Options): Promise<void> {
  const { days, sinceLastRead, reader, from, to, user, log } = options;
  if (log !== undefined && options.profile !== undefined)
    throw new Failure("expected one of --profile and --log, found both", 2);
  checkTimes(options);
  if (looksDlms(url)) return dlmsProfile(url, options);
  const given = log ?? options.profile ?? "1";
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1)
    throw new Failure(`--${log === undefined ? "profile" : "log"}: expected a number from 1, found "${given}"`, 2);
  const series = log === undefined ? `profile ${number}` : `measurement log ${number}`;
  if (sinceLastRead !== undefined && [days, from, to].some((one) => one !== undefined))
    throw new Failure("--since-last-read goes without --days, --from and --to", 2);
  if (sinceLastRead === undefined && reader !== undefined)
    throw new Failure("--reader goes with --since-last-read only", 2);
  await atMeter(url, options, async (at, pass) => {
    const show = async (query: Query): Promise<ProfileView> => {
      const read = await (log === undefined ? readProfile : readMeasurementLog)(at, number, query, pass);
      await print(options, { document: read, rows: rowsOf(read), right: numbersOf(read) });
      const isTable = [options.csv, options.json, options.excel].every((one) => one === undefined);
      if (isTable && read.records.length === 0) note(`${series} has no such record yet`);
      return read;
    };
    if (sinceLastRead === undefined) return show({ days, from, to });
    const mark = { reader: reader ?? user ?? READER, series };
    const { records } = await show({ since: String(await readMark(at, mark, pass)) });
    // Only now that it is written: whoever fails before is shown the same again.
    const last = records.at(-1);
    if (last !== undefined) await moveMark(at, { ...mark, next: last.sequence + 1 }, pass);
    return undefined;
  });
}

function checkTimes({ days, from, to }: Options): void {
  if (days !== undefined && !/^\d{1,5}$/.test(days))
    throw new Failure(`--days: expected a whole number from 0, found "${days}"`, 2);
  for (const [option, time] of [
    ["--from", from],
    ["--to", to],
  ] as const)
    if (time !== undefined && !isLocalTime(time))
      throw new Failure(`${option}: expected a local time, like 2026-07-31T16:00, found "${time}"`, 2);
}

function isLocalTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text);
    return true;
  } catch {
    return false;
  }
}

const columns = ["sequence", "type", "start", "end", "until", "status"];

function numbersOf({ channels }: ProfileView): number[] {
  return [0, ...channels.map((_, k) => columns.length + k)];
}

function rowsOf({ channels, records }: ProfileView): string[][] {
  return [
    [...columns, ...channels],
    ...records.map(({ sequence, type, start, end, until, status, values }) => [
      String(sequence),
      type,
      start,
      end,
      until,
      status.join(" "),
      ...values.map((value) => (value === null ? "" : String(Number(value.toPrecision(9))))),
    ]),
  ];
}
