import type { Command } from "commander";
import { fetchFiles, type Fetched } from "#headend/fetch-files.ts";
import type { FileSource, ListedFile } from "#headend/file-source.ts";
import { pqdifContent, type FileContent } from "#headend/pqdif-content.ts";
import { withMmsFiles } from "#headend/mms-files.ts";
import { looksMms } from "#headend/mms-url.ts";
import { metersWithFiles, siteFiles } from "#headend/site-files.ts";
import { parseSftpUrl, sftpUrlForm, withSftp, type SftpUrl } from "#headend/sftp-files.ts";
import { SiteRefusal, withSession, type Pass } from "#headend/site-meter.ts";
import { parseSiteUrl } from "#headend/site-url.ts";
import { credentialsOf, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { plain } from "./harmless.ts";
import { csvOption, jsonOption, print, type PrintOptions } from "./print.ts";
import { mmsAsked, overMms } from "./mms-asked.ts";
import { atMeter, inWords } from "./site-meter.ts";
import { asJson, note, progress, progressDone, say, table } from "./terminal.ts";

interface Options extends PrintOptions, Asking {
  readonly fetch?: string;
  readonly delete?: true;
  readonly since?: string;
  readonly over?: true;
  readonly hostKey?: string;
}

export function addPqdif(program: Command): void {
  program
    .command("pqdif")
    .description("list, fetch and remove the files of a meter; or say what is in PQDIF files")
    .argument(
      "<what>",
      "http://host:port/pqdif/, or /meters/NAME/pqdif/ or /api/meters/NAME there; sftp://user@host:port; mms://host:port; or a file",
    )
    .argument("[names...]", "which of the meter's files, with their folders; all unless said. More files, after a file")
    .option("--fetch <folder>", "put them into a folder; what is there already is not fetched again")
    .option("--delete", "remove them from the meter, with --fetch once they are on disk")
    .option("--since <instant>", "only what was written since: 2026-08-01T00:00:00Z")
    .option("--over", "with --fetch, replace files of these names that are others")
    .option(
      "--host-key <fingerprint>",
      "of sftp://: by which its key is known, SHA256:…; one on this machine needs none",
    )
    .option(...csvOption)
    .option(...jsonOption)
    .option("--user <name>", `${readingUser[1]}, and who removes`)
    .option(...siteUser)
    .addHelpText(
      "after",
      "\nFor example:\n" +
        "  npx polyphase pqdif http://127.0.0.1:8080/pqdif/\n" +
        "  npx polyphase pqdif http://127.0.0.1:8080/pqdif/ --fetch events --since 2026-08-01T00:00:00Z\n" +
        "  npx polyphase pqdif http://127.0.0.1:8080/meters/substation-7/pqdif/ --fetch events --delete --user pq\n" +
        "  npx polyphase pqdif sftp://pq@127.0.0.1:2022 --fetch events\n" +
        "  npx polyphase pqdif mms://127.0.0.1:1102 --fetch events\n" +
        "  npx polyphase pqdif events/142300003_1454408745_133724_07.pqd\n" +
        PASSWORDS_HELP,
    )
    .action(pqdif);
}

async function pqdif(what: string, names: readonly string[], options: Options): Promise<void> {
  if (!what.includes("://")) return contents([what, ...names], options);
  if (options.over && options.fetch === undefined) throw new Failure("--over goes with --fetch only", 2);
  if (options.delete && options.fetch === undefined && names.length === 0 && options.since === undefined)
    throw new Failure("--delete: expected --fetch, --since, or the names of files", 2);
  const since = options.since === undefined ? -Infinity : orFail(2, () => instantOf(options.since ?? ""));
  const wanted = { names, since };
  if (looksMms(what)) return byMms(wanted, { ...options, what });
  const found = orFail(2, () => parseSiteUrl(what));
  const server = orFail(2, () => parseSftpUrl(what));
  if (server !== undefined) return bySftp(server, wanted, { ...options, what });
  if (options.hostKey !== undefined) throw new Failure("--host-key goes with sftp:// only", 2);
  if (found === undefined)
    throw new Failure(`expected http://host:port/pqdif/, ${sftpUrlForm} or mms://host:port, found "${what}"`, 2);
  if (found.meter !== undefined)
    return atMeter(what, options, (at, pass) => work(siteFiles(at, pass), wanted, { ...options, what }));
  const at = await onlyMeter(found.site, options);
  return atMeter(at, options, (at, pass) => work(siteFiles(at, pass), wanted, { ...options, what }));
}

function instantOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new Failure(`--since: expected an instant, like 2026-08-01T00:00:00Z or with an offset, found "${text}"`, 2);
  }
}

/** The same over IEC 61850's services of files. */
async function byMms(wanted: Wanted, options: Options & { readonly what: string }): Promise<void> {
  if (options.hostKey !== undefined) throw new Failure("--host-key goes with sftp:// only", 2);
  const { url, settings } = mmsAsked(options.what, { timeout: "10000" });
  await overMms(() => withMmsFiles(url, settings, (source) => work(source, wanted, options)));
}

/** The same over SFTP, as a user of the meter. */
async function bySftp(server: SftpUrl, wanted: Wanted, options: Options & { readonly what: string }): Promise<void> {
  const name = options.user ?? server.user;
  if (name === undefined) throw new Failure(`expected ${sftpUrlForm}, found "${options.what}", which names no user`, 2);
  const { user } = await credentialsOf({ user: name });
  if (user === undefined) return;
  await orFailLater(1, () => withSftp(server, user, options.hostKey, (source) => work(source, wanted, options)));
}

/** The one meter of a site that keeps files, where the API has it. */
async function onlyMeter(site: string, asking: Asking): Promise<string> {
  const { siteUser } = await credentialsOf({ siteUser: asking.siteUser });
  const meters = await orFailLater(1, async () => {
    try {
      return await withSession(site, { siteUser }, (pass: Pass) => metersWithFiles(site, pass));
    } catch (error) {
      throw inWords(error, site, asking);
    }
  });
  const [only] = meters;
  if (only === undefined) throw new Failure(`no meter of ${site} keeps files`, 1);
  if (meters.length === 1) return only.at;
  const each = meters.map(({ name }) => `${site}/meters/${encodeURIComponent(name)}/pqdif/`);
  throw new Failure(`${meters.length} meters of ${site} keep files; expected one of\n  ${each.join("\n  ")}`, 2);
}

interface Wanted {
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Lists, fetches, removes. */
async function work(
  source: FileSource,
  { names, since }: Wanted,
  options: Options & { readonly what: string },
): Promise<void> {
  const all = await source.list();
  const missing = names.find((name) => !all.some((file) => file.name === name));
  if (missing !== undefined) throw new Failure(`there is no file ${missing} at ${options.what}`, 1);
  const files = all.filter(({ name, utc }) => utc >= since && (names.length === 0 || names.includes(name)));
  if (options.fetch === undefined && options.delete === undefined) return list(files, options);
  const fetched =
    options.fetch === undefined ? files.map(ofList) : await fetchInto(source, files, options.fetch, options);
  const results = options.delete ? await remove(source, fetched) : fetched;
  const failed = results.flatMap((one) => (one.result === "failed" ? [one] : []));
  if (options.json) say(asJson({ url: options.what, folder: options.fetch, files: results }));
  else {
    const rows = results.map((one) => [one.name, String(one.size), one.result === "failed" ? one.why : one.result]);
    await print(options, { document: undefined, rows: [["file", "bytes", "result"], ...rows], right: [1] });
  }
  if (failed.length > 0) throw new Failure(`${failed.length} of ${results.length} files failed`, 1);
}

type Result = Fetched | { readonly name: string; readonly size: number; readonly result: "listed" | "removed" };

function ofList({ name, size }: ListedFile): Result {
  return { name, size, result: "listed" };
}

async function list(files: readonly ListedFile[], options: Options & { readonly what: string }): Promise<void> {
  const shown = files.map(({ name, utc, size, what }) => ({
    name,
    utc: Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString(),
    size,
    what,
  }));
  const isSaid = shown.some(({ what }) => what !== undefined);
  const event = (what: string): readonly string[] => (isSaid ? [what] : []);
  const rows = shown.map(({ name, utc, size, what = "" }) => [utc, String(size), name, ...event(what)]);
  const document = { url: options.what, files: shown };
  await print(options, { document, rows: [["written", "bytes", "file", ...event("event")], ...rows], right: [1] });
  if (files.length === 0 && !options.json && !options.csv) note("there is no such file yet");
}

async function fetchInto(
  source: FileSource,
  files: readonly ListedFile[],
  folder: string,
  { over }: Options,
): Promise<readonly Fetched[]> {
  let count = 0;
  try {
    return await fetchFiles(source, files, {
      folder,
      over: over ?? false,
      done: ({ name }) => progress(`${++count} of ${files.length}: ${name}`),
    });
  } finally {
    progressDone();
  }
}

/** Only what is on disk here, or was named, goes there. */
async function remove(source: FileSource, files: readonly Result[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const one of files) {
    if (one.result === "failed") results.push(one);
    else {
      const { name, size } = one;
      try {
        await source.remove(name);
        results.push({ name, size, result: "removed" });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const why =
          error instanceof SiteRefusal && error.status === 401 ? "log in first: --user NAME says who asks" : message;
        results.push({ name, size, result: "failed", why: `not removed: ${why}` });
      }
    }
  }
  return results;
}

/** What is in files. */
async function contents(files: readonly string[], options: Options): Promise<void> {
  const meant = (["fetch", "delete", "since", "over", "user", "siteUser", "hostKey"] as const).find(
    (key) => options[key],
  );
  if (meant !== undefined)
    throw new Failure(
      `--${meant.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: goes with a meter's URL only`,
      2,
    );
  const all: FileContent[] = [];
  for (const file of files) all.push(await orFailLater(2, () => pqdifContent(file)));
  if (options.json) return say(asJson(all.length === 1 ? all[0] : all));
  if (options.csv) return print(options, { document: all, rows: rowsOf(all), right: [] });
  say(all.map(described).join("\n\n"));
}

const heads = ["file", "observation", "start", "channel", "phase", "series", "unit", "values", "least", "largest"];

function rowsOf(files: readonly FileContent[]): string[][] {
  return [
    heads,
    ...files.flatMap(({ file, observations }) =>
      observations.flatMap(({ name, start, channels }) =>
        channels.flatMap((channel) => seriesRows(channel).map((row) => [file, name, start ?? "", ...row])),
      ),
    ),
  ];
}

function seriesRows({ name, phase, series }: FileContent["observations"][number]["channels"][number]): string[][] {
  return series.map(({ what, unit, values, least, largest }) => [
    name,
    String(phase),
    String(what),
    unit,
    String(values),
    numeral(least),
    numeral(largest),
  ]);
}

function numeral(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(7)));
}

function described({ file, created, observations, warnings }: FileContent): string {
  const made = created === undefined ? "" : `, made ${created}`;
  const many = observations.length === 1 ? "1 observation" : `${observations.length} observations`;
  const parts = [plain(`${file}: ${many}${made}`)];
  for (const { name, start, trigger, disturbance, source, channels } of observations) {
    const how = [`trigger ${trigger}`, ...(disturbance === undefined ? [] : [disturbance]), `source ${source}`];
    const rows = channels.flatMap(seriesRows);
    parts.push(
      `${plain(`${start ?? "at no time of a calendar"}  ${name}, ${how.join(", ")}`)}\n${table([heads.slice(3), ...rows], [4, 5, 6]).replaceAll(/^/gm, "  ")}`,
    );
  }
  if (warnings.length > 0) parts.push(["Warnings", ...warnings.map((one) => `  ${plain(one)}`)].join("\n"));
  return parts.join("\n\n");
}
