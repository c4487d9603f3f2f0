/** `polyphase scl`: the files that describe IEDs of IEC 61850. */
import type { Command } from "commander";
import { withMmsFiles } from "#headend/mms-files.ts";
import { looksMms, reachedAt } from "#headend/mms-url.ts";
import { sclDifferences, sclReport, sclWarnings, type SclReport } from "#headend/scl-file.ts";
import { parseSftpUrl, sftpUrlForm, withSftp, type SftpUrl } from "#headend/sftp-files.ts";
import type { FileSource } from "#headend/file-source.ts";
import {
  applyConfiguration,
  checkConfiguration,
  readConfiguration,
  readMeters,
  readMeterView,
  type Pass,
} from "#headend/site-meter.ts";
import { parseSiteUrl, siteUrlForm } from "#headend/site-url.ts";
import { readFile, readText } from "#io/file.ts";
import { xmlText } from "#io/xml.ts";
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
    .argument("<file>", "a CID, or an SCD with the meter in it, of 524288 characters at most")
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
  if (orFail(2, () => parseSiteUrl(meter)) === undefined) return say(ofFile(meter, kind, options));
  const { cid: _cid, model: _model, modelNumber: _order, ...asking } = options;
  await atMeter(meter, asking, async (at, pass) => say((await ofMeter(meter, { at, pass, kind })).trimEnd()));
}

interface Asked {
  readonly at: string;
  readonly pass: Pass | undefined;
  readonly kind: "icd" | "cid";
}

/** Of a running one. */
async function ofMeter(meter: string, { at, pass, kind }: Asked): Promise<string> {
  const { model: name, ...identity } = await readMeterView(at, pass);
  const configuration = JSON.stringify(await readConfiguration(at, pass));
  const site = orFail(2, () => parseSiteUrl(meter))?.site;
  const listed = site === undefined ? [] : await readMeters(site, pass);
  const reached = reachedAt(listed.find((one) => one.name === identity.name)?.urls ?? []);
  const { sclFile } = configurationsOf(name);
  return orFail(2, () => sclFile(meter, configuration, { ...identity, reached }, kind));
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
    for (const { name, devices, gooses, ip, ...ied } of report.ieds) {
      const has = `${many(ied.attributes, "attribute")}, ${many(ied.dataSets, "data set")}, ${many(ied.reports, "report")}`;
      const served = devices === 0 ? "no server" : `edition ${ied.edition}, ${has}, ${gooses.length} GOOSE`;
      const made = [ied.manufacturer, ied.type].filter((text) => text !== "");
      const reached = ip === undefined ? [] : [`at ${ip}`];
      say(plain(`IED ${name}: ${[...(made.length === 0 ? [] : [made.join(" ")]), served, ...reached].join("; ")}`));
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
  try {
    await send({ file, url, bytes }, options);
  } catch (error) {
    throw inLines(error, { file, url });
  }
  say("applied");
}

async function send(sent: Sent, options: ApplyOptions): Promise<void> {
  const { url } = sent;
  const server = orFail(2, () => parseSftpUrl(url));
  if (options.hostKey !== undefined && server === undefined) throw new Failure("--host-key goes with sftp:// only", 2);
  if (server !== undefined) await overSftp(server, sent, options);
  else if (looksMms(url)) await byMms(sent, options);
  else if (/^https?:\/\//i.test(url)) await overHttp(sent, options);
  else throw new Failure(`expected ${siteUrlForm}, ${sftpUrlForm} or mms://host:port, found "${plain(url)}"`, 2);
}

/** What a meter does not take, as `check` has it: however its protocol joins one with the next, each names its place first. */
function inLines(error: unknown, { file, url }: Pick<Sent, "file" | "url">): unknown {
  if (!(error instanceof Failure)) return error;
  const [, ...told] = error.message.split(/(?:^|; |\\n|: |\(")(?=line \d+, column \d+: )/);
  if (told.length === 0) return error;
  const [last = "", more] = (told.at(-1) ?? "").replace(/"\)$/, "").split(/(?:; |\\n)(?=and \d+ more$)/);
  const lines = [...told.slice(0, -1), last].map((one) =>
    one.replace(/^line (\d+), column (\d+): /, (_all, line, column) => `${file}:${line}:${column}: error: `),
  );
  return new Failure(
    `${url} refuses ${file}; nothing has been applied`,
    1,
    more === undefined ? lines : [...lines, more],
  );
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
  const text = xmlText(sent.bytes);
  await atMeter(sent.url, asking, async (at, pass) => {
    const { consequences, tag } = await checkConfiguration(at, text, pass);
    say(consequences.length === 0 ? "no measurement begins anew" : consequences.map(plain).join("\n"));
    warn(new TextEncoder().encode(await ofMeter(sent.url, { at, pass, kind: "cid" })), sent);
    await agreed(sent, options);
    await applyConfiguration(at, text, { tag, pass });
  });
}

/** Its own name, without folders: by its end the meter knows what it is. */
function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, "");
}

/** Says what a meter takes, and who follows it should know, beside what it has now. */
function warn(now: Uint8Array, { file, url, bytes }: Sent): void {
  for (const line of sclWarnings({ file: url, bytes: now, host: new URL(url).hostname }, { file, bytes }))
    say(plain(`warning: ${line}`));
}

/** Over files: what the meter has is among them. */
async function give(source: FileSource, sent: Sent, options: ApplyOptions): Promise<void> {
  // Who does not show it is not compared.
  const now = await cidOf(source).catch(() => undefined);
  if (now !== undefined) warn(now, sent);
  await agreed(sent, options);
  await source.send?.(nameOf(sent.file), sent.bytes);
}

async function cidOf(source: FileSource): Promise<Uint8Array | undefined> {
  const found = (await source.list()).find(({ name }) => /^scl\/[^/]*\.cid$/i.test(name));
  const bytes = found === undefined ? undefined : await source.fetch(found.name);
  return bytes === "same" ? undefined : bytes;
}

async function overSftp(server: SftpUrl, sent: Sent, options: ApplyOptions): Promise<void> {
  const { user } = await credentialsOf({ user: server.user ?? options.user });
  if (user === undefined) return;
  await orFailLater(1, () => withSftp(server, user, options.hostKey, (source) => give(source, sent, options)));
}

async function byMms(sent: Sent, options: ApplyOptions): Promise<void> {
  const { url, settings } = mmsAsked(sent.url, { timeout: "10000" });
  await overMms(() => withMmsFiles(url, settings, (source) => give(source, sent, options)));
}
