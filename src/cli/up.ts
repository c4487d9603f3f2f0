import type { Command } from "commander";
import { loadSite } from "#fleet/load-site.ts";
import type { Site } from "#fleet/site.ts";
import { isLoopback } from "#io/address.ts";
import { readText, resolvePath } from "#io/file.ts";
import { CertificateProblem, serveWeb, type WebServer } from "#web/listen.ts";
import { asFailure, Failure } from "./failure.ts";
import { hintsOf } from "./hints.ts";
import { isFor, urlsElsewhere } from "./page-urls.ts";
import { showTime } from "./site-time.ts";
import { below, goOnUnheard, note, progress, progressDone, say, shown, styled } from "./terminal.ts";

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
  goOnUnheard();
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
    // A certificate that is none is the caller's to mend.
    throw asFailure(error, error instanceof CertificateProblem ? 2 : 1);
  }
  print(file, site, pages?.url);
  const timeShown = showTime(site, progress);
  await told;
  timeShown();
  await pages?.close();
  const lost = await site.stop();
  if (lost !== undefined) throw new Failure(lost, 1);
}

/** What a person should know of a web side that is reached from elsewhere. */
function exposuresOf(file: string, { file: { web }, users }: Site): readonly string[] {
  if (web === undefined) return [];
  const nobody = users.all.length === 0;
  const first = `nobody can log in: npx polyphase user add NAME --role owner ${file}`;
  if (web.host === "localhost" || isLoopback(web.host))
    return nobody && web.login === "always" ? [`the web side takes a log-in (login: always), and ${first}`] : [];
  const where = `the web side is reached from elsewhere (host: ${web.host})`;
  const open =
    web.certificate === undefined && web.proxy === undefined
      ? [`${where}, and passwords and readings cross the network in the clear; certificate and key of web serve HTTPS`]
      : [];
  return nobody ? [...open, `${where}, and ${first}`] : open;
}

/** An invalid file is the caller's to mend (2); a store that another process has is not (1). */
function load(file: string): Site {
  try {
    return loadSite(file);
  } catch (error) {
    progressDone();
    const busy = error instanceof Error && error.name === "StoreBusy";
    throw new Failure(error instanceof Error ? error.message : String(error), busy ? 1 : 2);
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

function print(file: string, site: Site, page: string | undefined): void {
  const lines = [shown`${styled("bold", file)}: ${counted(site)}, store ${site.store.place}`];
  const pages = pagesOf(site, page);
  for (const { url, isSure } of pages)
    lines.push(shown`  page      ${styled("cyan", url)}${isSure ? "" : "  (the certificate is for other names)"}`);
  for (const { what } of site.listeners) lines.push(shown`  listener  ${what}`);
  const hints = hintsOf(file, site, pages.find(({ isSure }) => isSure)?.url ?? page);
  if (hints.length > 0)
    lines.push(
      shown``,
      shown`To try next, in another terminal, in this folder:`,
      ...hints.map((hint) => shown`  ${hint}`),
    );
  say(below(lines));
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    // Ctrl-C reaches this process twice, from the terminal and from the one that started it: it ends in order all the same.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}
