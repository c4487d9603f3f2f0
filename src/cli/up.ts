import type { Command } from "commander";
import { loadSite } from "#fleet/load-site.ts";
import type { Site } from "#fleet/site.ts";
import { folderOf, readText, resolvePath } from "#io/file.ts";
import { withLines } from "#product/file-lines.ts";
import { serveWeb, type WebServer } from "#web/listen.ts";
import { exposuresOf } from "./exposures.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { fromHere, hintsOf } from "./hints.ts";
import { isByAddress, isFor, urlsElsewhere } from "./page-urls.ts";
import { showTime } from "./site-time.ts";
import { below, note, progress, progressDone, say, shown, styled, write } from "./terminal.ts";

export function addUp(program: Command): void {
  program
    .command("up")
    .description("run a site: its meters measure, answer and keep their registers until it is stopped")
    .argument("[site]", "the site file, YAML or JSON", "site.yaml")
    .addHelpText(
      "after",
      "\nThe shape of a site file is in docs/site-file.md, and for editors in schema/site.schema.json.\n" +
        "Ctrl-C stops the site; what its meters know is kept and found again at the next start.\n",
    )
    .action(up);
}

async function up(file: string): Promise<void> {
  // Who is told to stop while he starts, stops when he has.
  const told = stopped();
  progress(`reading ${file} and what it names`);
  const site = load(file);
  progressDone();
  for (const notice of [...site.notices, ...exposuresOf(file, site)]) note(notice);
  site.onRefused(note);
  const { web } = site.file;
  let pages: WebServer | undefined;
  const serve = async (): Promise<void> => {
    if (web !== undefined) pages = await serveWeb(site, web);
  };
  try {
    await site.start(serve);
  } catch (error) {
    throw notStarted(file, error);
  }
  let lost: string | undefined;
  let timeShown = (): void => {};
  try {
    await print(file, site, pages?.url);
    timeShown = showTime(site, progress);
    await told;
  } finally {
    timeShown();
    await pages?.close();
    lost = await site.stop();
    progressDone();
  }
  if (lost !== undefined) throw new Failure(lost, 1);
  say(keptOf(site));
}

/** What is left of a site that has been stopped, and where. */
function keptOf({ file, store, keptAt }: Site): string {
  if (file.store === ":memory:") return "stopped; its store was :memory:, nothing is kept";
  return `stopped; all until ${keptAt} is kept in ${fromHere(folderOf(store.place))}, and is found again at the next start`;
}

/** Why it could not be started, with the line of the site file that it is about. */
function notStarted(file: string, error: unknown): Failure {
  const { message, status } = asFailure(error, 1);
  const [placed = message] = withLines(
    orFail(1, () => readText(file)),
    [message],
  );
  return new Failure(placed === message ? message : `${file}, ${placed}`, status);
}

/** An invalid file is the caller's to mend (2); a store that may not be used is not of it (1). */
function load(file: string): Site {
  try {
    return loadSite(file);
  } catch (error) {
    progressDone();
    const ofStore = error instanceof Error && /^Store(Busy|Later|Forbidden)$/.test(error.name);
    throw asFailure(error, ofStore ? 1 : 2);
  }
}

function counted({ file: { meters, devices } }: Site): string {
  const parts = [meters.length === 1 ? "1 meter" : `${meters.length} meters`];
  if (devices.length > 0) parts.push(devices.length === 1 ? "1 device" : `${devices.length} devices`);
  return parts.join(", ");
}

interface PageUrl {
  readonly url: string;
  /** Whoever asks there is shown a certificate that is for it, or none is shown. */
  readonly isSure: boolean;
}

/** Where the page is, here and from elsewhere. */
function pagesOf({ file: { web }, folder }: Site, page: string | undefined): readonly PageUrl[] {
  if (web === undefined || page === undefined) return [];
  const certificate = web.certificate === undefined ? undefined : readText(resolvePath(folder, web.certificate));
  const urls = [page, ...urlsElsewhere(page, web)];
  return urls.map((url) => ({ url, isSure: certificate === undefined || isFor(certificate, url) }));
}

function print(file: string, site: Site, page: string | undefined): Promise<void> {
  const lines = [shown`${styled("bold", file)}: ${counted(site)}, store ${site.store.place}`];
  const pages = pagesOf(site, page);
  for (const { url, isSure } of pages)
    lines.push(shown`  page      ${styled("cyan", url)}${isSure ? "" : "  (the certificate is for other names)"}`);
  for (const { what } of site.listeners) lines.push(shown`  listener  ${what}`);
  // An address is reached from here whatever names are known.
  const sure = pages.filter(({ isSure }) => isSure).map(({ url }) => url);
  const hints = hintsOf(file, site, sure.find(isByAddress) ?? sure[0] ?? page);
  if (hints.length > 0)
    lines.push(
      shown``,
      shown`To try next, in another terminal, in this folder:`,
      ...hints.map((hint) => shown`  ${hint}`),
    );
  return write(shown`${below(lines)}\n`);
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    // Ctrl-C reaches this process twice, from the terminal and from the one that started it: it ends in order all the same.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}
