import type { Command } from "commander";
import { moveMark, readMark, readMeasurementLog, readProfile, type Query } from "#headend/site-meter.ts";
import type { ProfileView } from "#quantity/meter-api.ts";
import { profileTable } from "#quantity/profile-table.ts";
import { looksDlms } from "#headend/dlms-url.ts";
import { looksIec102 } from "#headend/iec102-url.ts";
import { KEYS_HELP } from "./dlms-secrets.ts";
import { dlmsProfile } from "./dlms-profile.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { endOf, iec102Profile } from "./iec102-profile.ts";
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
      "print the load profile, or the measurement log, of a revenue meter of a running site, or over DLMS/COSEM or IEC 60870-5-102",
    )
    .argument(siteUrl[0], `${siteUrl[1]}, or dlms://host:port, or iec102://host:port/address`)
    .option(
      "--profile <number>",
      "which of its profiles; the first unless said; over DLMS its code, too, over IEC 60870-5-102 its record address",
    )
    .option(
      "--log <number>",
      "a group of its measurement log instead; over DLMS an event log, by number or code; over IEC 60870-5-102 events, by record address",
    )
    .option("--days <n>", "today, and so many days before")
    .option("--since-last-read", "only what this reader has not read so yet")
    .option("--reader <name>", `who reads since the last time: the user, or "${READER}", unless said`)
    .option("--from <time>", "local time, like 2026-07-31T16:00")
    .option("--to <time>", "local time; over IEC 60870-5-102 a date alone is the whole day")
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
        "Over IEC 60870-5-102 a row has the end of its period: what ended at --from is left out, and what ended at --to is not,\n" +
        "so that --from 2026-07-01 --to 2026-07-31 is July, and its last row that of 2026-08-01T00:00.\n\n" +
        "For example:\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --days 1\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --since-last-read --reader billing --csv >> july.csv\n" +
        "  npx polyphase profile http://127.0.0.1:8080/api/meters/substation-7 --log 2 --days 7 --csv\n" +
        "  npx polyphase profile dlms://192.0.2.7:4059 --from 2026-07-01 --to 2026-07-31T23:59 --csv >> july.csv\n" +
        "  npx polyphase profile 'dlms://192.0.2.7?client=1&auth=low' --profile 1.0.99.2.0.255 --days 1\n" +
        "  npx polyphase profile iec102://192.0.2.9/34572 --from 2026-07-01 --to 2026-07-31 --csv >> july.csv\n" +
        PASSWORDS_HELP +
        KEYS_HELP,
    )
    .action(profile);
}

async function profile(url: string, options: Options): Promise<void> {
  const { days, sinceLastRead, reader, from, to, user, log } = options;
  if (log !== undefined && options.profile !== undefined)
    throw new Failure("expected one of --profile and --log, found both", 2);
  checkTimes(options, looksIec102(url) ? endOf : (time) => time);
  if (looksDlms(url)) return dlmsProfile(url, options);
  if (looksIec102(url)) return iec102Profile(url, options);
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
      await print(options, { document: read, ...profileTable(read) });
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

/** `endOf` says what is meant by the end of a range. */
function checkTimes({ days, from, to }: Options, endOf: (to: string) => string): void {
  if (days !== undefined && !/^\d{1,5}$/.test(days))
    throw new Failure(`--days: expected a whole number from 0, found "${days}"`, 2);
  for (const [option, time] of [
    ["--from", from],
    ["--to", to],
  ] as const)
    if (time !== undefined && !isLocalTime(time))
      throw new Failure(`${option}: expected a local time, like 2026-07-31T16:00, found "${time}"`, 2);
  if (from !== undefined && to !== undefined && Temporal.PlainDateTime.compare(from, endOf(to)) > 0)
    throw new Failure(`--to: ${to} is before --from ${from}`, 2);
}

function isLocalTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text);
    return true;
  } catch {
    return false;
  }
}
