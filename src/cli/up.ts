import { Option, type Command } from "commander";
import { loadSite } from "#fleet/load-site.ts";
import { levels, type Level } from "#fleet/notice.ts";
import type { Renewal, Site } from "#fleet/site.ts";
import { folderOf } from "#io/file.ts";
import { serviceOf, type Service } from "#io/service.ts";
import { serveWeb, type WebServer } from "#web/listen.ts";
import { exposuresOf } from "./exposures.ts";
import { Failure, failureIn, unmadeIn } from "./failure.ts";
import { fromHere, hintsOf } from "./hints.ts";
import { Log, logForms, type LogForm } from "./log.ts";
import { isByAddress, pagesOf, pageNote } from "./page-urls.ts";
import { showTime } from "./site-time.ts";
import { below, progress, progressDone, say, shown, styled, write } from "./terminal.ts";

export function addUp(program: Command): void {
  program
    .command("up")
    .description("run a site: its meters measure, answer and keep their registers until it is stopped")
    .argument("[site]", "the site file, YAML or JSON", "site.yaml")
    .addOption(
      new Option(
        "--log <form>",
        "how it says what happens: text for people, json an object a line; text on a terminal",
      ).choices(logForms),
    )
    .addOption(new Option("--log-level <level>", "from which level on it says it").choices(levels).default("info"))
    .addHelpText(
      "after",
      "\nThe shape of a site file is in docs/site-file.md, and for editors in schema/site.schema.json.\n" +
        "Ctrl-C stops the site; what its meters know is kept and found again at the next start. The signal HUP, where it does not run on a\n" +
        "terminal, makes it read the site file again: docs/operation.md.\n",
    )
    .action(up);
}

interface UpOptions {
  readonly log?: LogForm;
  readonly logLevel: Level;
}

async function up(file: string, options: UpOptions): Promise<void> {
  const onTerminal = process.stderr.isTTY;
  const log = new Log(options.log ?? (onTerminal ? "text" : "json"), options.logLevel);
  // Who is told to stop while he starts, stops when he has.
  const told = signals();
  progress(`reading ${file} and what it names`);
  const site = load(file);
  progressDone();
  for (const notice of site.notices) log.notice(notice);
  for (const words of exposuresOf(file, site)) log.notice({ level: "warn", words });
  const service = serviceOf(process.env, site.real, (words) => log.notice({ level: "error", words }));
  const status = watchedStatus(site, service);
  site.onNotice((notice) => {
    log.notice(notice);
    if (notice.level !== "debug") status();
  });
  const { web } = site.file;
  let pages: WebServer | undefined;
  const serve = async (): Promise<Renewal> => {
    if (web === undefined) return () => [];
    pages = await serveWeb(site, web);
    return pages.renew;
  };
  try {
    await site.start(serve);
  } catch (error) {
    throw failureIn(file, error, 1);
  }
  let lost: string | undefined;
  let timeShown = (): void => {};
  try {
    if (log.form === "json") logStart(log, file, site, pages?.url);
    else await print(file, site, pages?.url);
    timeShown = showTime(site, progress);
    status();
    told.onHangUp(() => void site.reload());
    await told.stop;
    await service?.stopping("writing what is not on disk yet");
  } finally {
    timeShown();
    await pages?.close();
    lost = await site.stop();
    progressDone();
  }
  if (lost !== undefined) throw new Failure(lost, 1);
  if (log.form === "json") log.notice({ level: "info", words: keptOf(site) });
  else say(keptOf(site));
}

/** Tells what started this process that the site is ready, once what its start has changed is on disk, and what it does from then on. */
function watchedStatus(site: Site, service: Service | undefined): () => void {
  let said = "";
  let isReady = false;
  const words = (): string => {
    const { length } = site.listeners;
    return site.trouble ?? `${counted(site)}, ${length === 1 ? "1 listener" : `${length} listeners`}`;
  };
  const status = (): void => {
    if (!isReady && site.store.counts.commits === 0 && site.trouble !== undefined) return;
    const now = words();
    if (!isReady) service?.ready(now);
    else if (now !== said) service?.status(now);
    isReady = true;
    said = now;
  };
  site.onReload((outcome) => {
    if (outcome === undefined) return service?.reloading();
    said = outcome.refused === undefined ? words() : `the site file was refused: ${outcome.refused}`;
    return service?.ready(said);
  });
  return status;
}

/** What is left of a site that has been stopped, and where. */
function keptOf({ file, store, keptAt }: Site): string {
  if (file.store === ":memory:") return "stopped; its store was :memory:, nothing is kept";
  return `stopped; all until ${keptAt} is kept in ${fromHere(folderOf(store.place))}, and is found again at the next start`;
}

/** An invalid file is the caller's to mend (2); a store that may not be used is not of it (1). */
function load(file: string): Site {
  try {
    return loadSite(file);
  } catch (error) {
    progressDone();
    const ofStore = error instanceof Error && /^Store(Busy|Later|Forbidden)$/.test(error.name);
    throw unmadeIn(file, error, ofStore ? 1 : 2);
  }
}

function counted({ file: { meters, devices } }: Site): string {
  const parts = [meters.length === 1 ? "1 meter" : `${meters.length} meters`];
  if (devices.length > 0) parts.push(devices.length === 1 ? "1 device" : `${devices.length} devices`);
  return parts.join(", ");
}

/** The same for programs: a line each. */
function logStart(log: Log, file: string, site: Site, page: string | undefined): void {
  const say = (words: string, more: Readonly<Record<string, unknown>>): void =>
    log.notice({ level: "info", words }, more);
  say(`${file}: ${counted(site)}, store ${site.store.place}`, { store: site.store.place });
  for (const { url } of pagesOf(site, page)) say(`page ${url}`, { page: url });
  for (const { what, urls } of site.listeners)
    say(`listener ${what}`, { listener: what, urls: urls.map(({ url }) => url) });
}

function print(file: string, site: Site, page: string | undefined): Promise<void> {
  const lines = [shown`${styled("bold", file)}: ${counted(site)}, store ${site.store.place}`];
  const pages = pagesOf(site, page);
  for (const one of pages) lines.push(shown`  page      ${styled("cyan", one.url)}${pageNote(one)}`);
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

/**
 * What a running site is told. A terminal that hangs up ends it, as it ends everything that was started there; a service, which has none,
 * is told so to read its files again.
 */
function signals(): { readonly stop: Promise<void>; onHangUp(run: () => void): void } {
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  /** Who is told to reload while he starts has read what there is. */
  let hungUp = (): void => {};
  const stop = new Promise<void>((resolve) => {
    // Ctrl-C reaches this process twice, from the terminal and from the one that started it: it ends in order all the same.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
    process.on("SIGHUP", () => (hasTerminal ? resolve() : hungUp()));
  });
  return { stop, onHangUp: (run) => void (hungUp = run) };
}
