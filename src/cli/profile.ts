import type { Command } from "commander";
import { isSiteMeter, readProfile, withSession } from "#headend/site-meter.ts";
import type { ProfileView } from "#quantity/meter-api.ts";
import { credentialsOf, PASSWORD_HELP, readingUser } from "./credentials.ts";
import { Failure, orFailLater } from "./failure.ts";
import { table } from "./terminal.ts";

interface Options {
  readonly profile: string;
  readonly days?: string;
  readonly sinceLastRead?: true;
  readonly from?: string;
  readonly to?: string;
  readonly csv?: true;
  readonly json?: true;
  readonly user?: string;
}

export function addProfile(program: Command): void {
  program
    .command("profile")
    .description("print the load profile of a revenue meter of a running site")
    .argument("<url>", "http://host:port/api/meters/NAME")
    .option("--profile <number>", "which of its profiles", "1")
    .option("--days <n>", "today, and so many days before")
    .option("--since-last-read", "only what nobody has read so yet")
    .option("--from <time>", "local time, like 2026-07-31T16:00")
    .option("--to <time>", "local time")
    .option("--csv", "comma-separated values")
    .option("--json", "one JSON document, for programs")
    .option(...readingUser)
    .addHelpText("after", PASSWORD_HELP)
    .action(profile);
}

async function profile(url: string, options: Options): Promise<void> {
  if (!isSiteMeter(url)) throw new Failure(`expected http://host:port/api/meters/NAME, found "${url}"`, 2);
  const { days, sinceLastRead, from, to } = options;
  const query: Record<string, string> = {
    ...(days === undefined ? {} : { days }),
    ...(sinceLastRead === undefined ? {} : { sinceLastRead: "" }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  const [at, who] = [url.replace(/\/$/, ""), await credentialsOf(options.user)];
  const read = await orFailLater(1, () =>
    withSession(at, who, (token) => readProfile(at, Number(options.profile), query, token)),
  );
  if (options.json) console.log(JSON.stringify(read, undefined, 2));
  else console.log(options.csv ? asCsv(read) : asTable(read));
}

const columns = ["sequence", "type", "start", "end", "until", "status"];

function rowsOf({ channels, records }: ProfileView): string[][] {
  const values = (row: ProfileView["records"][number]): string[] =>
    row.values.map((value) => String(Number(value.toPrecision(9))));
  return [
    [...columns, ...channels],
    ...records.map((row) => [
      String(row.sequence),
      row.type,
      row.start,
      row.end,
      row.until,
      row.status.join(" "),
      ...values(row),
    ]),
  ];
}

function asTable(profile: ProfileView): string {
  const numbers = profile.channels.map((_, k) => columns.length + k);
  return table(rowsOf(profile), [0, ...numbers]);
}

/** RFC 4180: what holds a comma or a quote is quoted. */
function asCsv(profile: ProfileView): string {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rowsOf(profile)
    .map((row) => row.map(cell).join(","))
    .join("\r\n");
}
