/** `polyphase scl`: the files that describe IEDs of IEC 61850. */
import type { Command } from "commander";
import { withMmsFiles } from "#headend/mms-files.ts";
import { looksMms, reachedAt } from "#headend/mms-url.ts";
import { sclDifferences, sclReport, type SclReport } from "#headend/scl-file.ts";
import { parseSftpUrl, sftpUrlForm, withSftp, type SftpUrl } from "#headend/sftp-files.ts";
import type { FileSource } from "#headend/file-source.ts";
import {
  applyConfiguration,
  checkConfiguration,
  readConfiguration,
  readMeters,
  readMeterView,
} from "#headend/site-meter.ts";
import { parseSiteUrl, siteUrlForm } from "#headend/site-url.ts";
import { readFile, readText } from "#io/file.ts";
import type { ProfiledDevice } from "#product/product.ts";
import { asOrdered, configurationsOf, configuredModels, FACTORY } from "./configured.ts";
import { ask, credentialsOf, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { plain } from "./harmless.ts";
import { mmsAsked, overMms } from "./mms-asked.ts";
import { jsonOption } from "./print.ts";
import { atMeter } from "./site-meter.ts";
import { asJson, say } from "./terminal.ts";

interface IcdOptions extends Asking {
  readonly cid?: true;
  readonly model: string;
  readonly modelNumber?: string;
}

interface ApplyOptions extends Asking {
  readonly yes?: true;
  readonly hostKey?: string;
}

export function addScl(program: Command): void {
  const scl = program
    .command("scl")
    .description("make, check, compare and apply files that describe IEDs of IEC 61850 (SCL: ICD, CID, SCD)");
  scl
    .command("icd")
    .description(
      "print the SCL file of a running meter, or of a configuration file: what it can do, or how it is set up",
    )
    .argument("<meter>", `${siteUrlForm}, or a file, YAML or JSON; ${FACTORY} is the factory's`)
    .option("--cid", "how it is set up (CID): with its name and where it is reached")
    .option("--model <name>", "of a file: the meter's model", configuredModels[0] ?? "")
    .option("--model-number <number>", "of a file: what was ordered; the usual unless said")
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText(
      "after",
      "\nFor example:\n" +
        "  npx polyphase scl icd factory --model-number JSII-09I6020-1B/2A-DIO-NTP-IEC > meter.icd\n" +
        "  npx polyphase scl icd http://127.0.0.1:8080/api/meters/substation-7 --cid > substation-7.cid\n" +
        PASSWORDS_HELP,
    )
    .action(icd);
  scl
    .command("check")
    .description("say what is wrong with a file, line by line: status 2 where it is more than warnings")
    .argument("<file>", "an ICD, IID, CID or SCD of any edition")
    .option(...jsonOption)
    .addHelpText("after", "\nFor example:\n  npx polyphase scl check feeder.cid\n")
    .action(check);
  scl
    .command("diff")
    .description(
      "print what is different between two files, by meaning: data sets, reports, GOOSE, model; status 1 when something is",
    )
    .argument("<one>", "an SCL file")
    .argument("<other>", "another")
    .addHelpText("after", "\nFor example:\n  npx polyphase scl diff substation-7.cid substation-7-new.cid\n")
    .action(diff);
  scl
    .command("apply")
    .description("send a file to a running meter, which takes all of it or nothing")
    .argument("<file>", "a CID, or an SCD with the meter in it")
    .argument("<url>", `${siteUrlForm}, ${sftpUrlForm} or mms://host:port`)
    .option("--user <name>", "who applies it", "admin")
    .option(...siteUser)
    .option("--yes", "without asking")
    .option(
      "--host-key <fingerprint>",
      "of sftp://: by which its key is known, SHA256:…; one on this machine needs none",
    )
    .addHelpText(
      "after",
      "\nOver MMS somebody is whose password is shown (?auth=password). The file is checked first.\n\n" +
        "For example:\n" +
        "  npx polyphase scl apply substation-7.cid http://127.0.0.1:8080/api/meters/substation-7\n" +
        "  npx polyphase scl apply substation-7.cid 'mms://127.0.0.1:1102?auth=password'\n" +
        "  npx polyphase scl apply substation-7.cid sftp://admin@127.0.0.1:2022\n" +
        PASSWORDS_HELP,
    )
    .action(apply);
}

async function icd(meter: string, options: IcdOptions): Promise<void> {
  const kind = options.cid ? "cid" : "icd";
  const named = orFail(2, () => parseSiteUrl(meter));
  if (named === undefined) return say(ofFile(meter, kind, options));
  const { cid: _cid, model: _model, modelNumber: _order, ...asking } = options;
  await atMeter(meter, asking, async (at, pass) => {
    const { model: name, ...identity } = await readMeterView(at, pass);
    const configuration = JSON.stringify(await readConfiguration(at, pass));
    const listed = (await readMeters(named.site, pass)).find((one) => one.name === identity.name);
    const reached = reachedAt(listed?.urls ?? []);
    const { sclFile } = configurationsOf(name);
    say(orFail(2, () => sclFile(meter, configuration, { ...identity, reached }, kind)).trimEnd());
  });
}

/** Of a meter that nobody has made yet. */
function ofFile(file: string, kind: "icd" | "cid", { model, modelNumber }: IcdOptions): string {
  const { usualOrder, sclFile } = configurationsOf(model);
  const text = file === FACTORY ? "" : orFail(2, () => readText(file));
  const device = (order: string): ProfiledDevice => ({ name: file, serial: "", firmware: "", modelNumber: order });
  return asOrdered(modelNumber, usualOrder, (order) => sclFile(file, text, device(order), kind)).trimEnd();
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function check(file: string, { json }: { readonly json?: true }): void {
  const report = reportOf(file);
  if (json) {
    const { lines: _lines, ...document } = report;
    say(asJson(document));
  } else {
    for (const line of report.lines) say(plain(line));
    for (const { name, devices, gooses, ...ied } of report.ieds) {
      const has = `${many(ied.attributes, "attribute")}, ${many(ied.dataSets, "data set")}, ${many(ied.reports, "report")}`;
      const served = devices === 0 ? "no server" : `edition ${ied.edition}, ${has}, ${gooses.length} GOOSE`;
      const made = [ied.manufacturer, ied.type].filter((text) => text !== "");
      say(plain(`IED ${name}: ${[...(made.length === 0 ? [] : [made.join(" ")]), served].join("; ")}`));
    }
    const found = `${file}: ${many(report.errors, "error")}, ${many(report.warnings, "warning")}`;
    if (report.errors > 0) throw new Failure(plain(found), 2);
    say(plain(found));
  }
  if (report.errors > 0) process.exitCode = 2;
}

function reportOf(file: string): SclReport {
  const bytes = orFail(2, () => readFile(file));
  const beyond = configuredModels.flatMap((model) => configurationsOf(model).sclProblems(bytes));
  return sclReport(file, bytes, beyond);
}

function diff(one: string, other: string): void {
  const read = (file: string) => ({ file, bytes: orFail(2, () => readFile(file)) });
  const lines = orFail(2, () => sclDifferences(read(one), read(other)));
  for (const line of lines) say(plain(line));
  if (lines.length === 0) say("they mean the same");
  else process.exitCode = 1;
}

async function apply(file: string, url: string, options: ApplyOptions): Promise<void> {
  const bytes = orFail(2, () => readFile(file));
  const { errors, lines } = reportOf(file);
  if (errors > 0) {
    const each = lines.filter((line) => line.includes(": error: ")).map((line) => `\n  ${plain(line)}`);
    throw new Failure(`${plain(file)}: ${many(errors, "error")}; nothing has been applied${each.join("")}`, 2);
  }
  const server = orFail(2, () => parseSftpUrl(url));
  if (options.hostKey !== undefined && server === undefined) throw new Failure("--host-key goes with sftp:// only", 2);
  if (server !== undefined) await overSftp(server, { file, url, bytes }, options);
  else if (looksMms(url)) await byMms({ file, url, bytes }, options);
  else if (/^https?:\/\//i.test(url)) await overHttp({ file, url, bytes }, options);
  else throw new Failure(`expected ${siteUrlForm}, ${sftpUrlForm} or mms://host:port, found "${plain(url)}"`, 2);
  say("applied");
}

interface Sent {
  readonly file: string;
  readonly url: string;
  readonly bytes: Uint8Array;
}

async function agreed({ file, url }: Sent, { yes }: ApplyOptions): Promise<void> {
  if (yes) return;
  if (!/^y(es)?$/i.test(await ask(`Apply ${file} to ${url}? [y/N] `, "--yes applies without asking")))
    throw new Failure("nothing has been applied", 1);
}

async function overHttp(sent: Sent, options: ApplyOptions): Promise<void> {
  const { yes: _yes, hostKey: _key, ...asking } = options;
  const text = new TextDecoder().decode(sent.bytes);
  await atMeter(sent.url, asking, async (at, pass) => {
    const { consequences, tag } = await checkConfiguration(at, text, pass);
    say(consequences.length === 0 ? "no measurement begins anew" : consequences.map(plain).join("\n"));
    await agreed(sent, options);
    await applyConfiguration(at, text, { tag, pass });
  });
}

/** Its own name, without folders: by its end the meter knows what it is. */
function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, "");
}

async function give(source: FileSource, { file, bytes }: Sent): Promise<void> {
  await source.send?.(nameOf(file), bytes);
}

async function overSftp(server: SftpUrl, sent: Sent, options: ApplyOptions): Promise<void> {
  await agreed(sent, options);
  const { user } = await credentialsOf({ user: server.user ?? options.user });
  if (user === undefined) return;
  await orFailLater(1, () => withSftp(server, user, options.hostKey, (source) => give(source, sent)));
}

async function byMms(sent: Sent, options: ApplyOptions): Promise<void> {
  await agreed(sent, options);
  const { url, settings } = mmsAsked(sent.url, { timeout: "10000" });
  await overMms(() => withMmsFiles(url, settings, (source) => give(source, sent)));
}
