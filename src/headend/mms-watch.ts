/** Reports of a server as they come: enabled, interrogated, and had again behind the last entry when the association was lost. */
import type { Clock } from "#clock/clock.ts";
import { dataSetName, memberReference, membersOf } from "#protocol/iec61850/client/data-sets.ts";
import type { MmsClient } from "#protocol/iec61850/client/client.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { referenceText, type Reference } from "#protocol/iec61850/client/references.ts";
import {
  parseReportControl,
  ReportControlBlock,
  reportControlsOf,
  reportControlText,
  type ReportControlName,
  type ReportControlValues,
} from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, ReportAssembly, type Report } from "#protocol/iec61850/client/reports.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import { typeOf } from "#protocol/iec61850/client/values.ts";
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { UnknownName, WrongWords } from "./chosen.ts";
import { openMeter, ownDomains, type MmsSettings } from "./mms-meter.ts";
import type { MmsUrl } from "./mms-url.ts";
import { plainValue } from "./mms-values.ts";

export interface WatchWanted {
  /** Names of report control blocks; every one of them is watched. */
  readonly names: readonly string[];
  readonly interrogate: boolean;
  readonly integrityMs?: number | undefined;
  /** The entry behind which a buffered one begins. */
  readonly behind?: Uint8Array | undefined;
}

export interface WatchedReport {
  /** "JEM01MTR/LLN0$BR$brcbIO01". */
  readonly control: string;
  readonly report: Report;
  readonly members: readonly {
    readonly reference: string;
    readonly type: TypeDescription | undefined;
    readonly value: AccessResult;
    readonly reasons: readonly string[];
  }[];
}

export interface WatchTold {
  report(report: WatchedReport): void | Promise<void>;
  /** In words: associations that are lost and had again. */
  note(words: string): void;
}

/** A block that is listed. */
export interface ListedControl {
  readonly name: string;
  readonly buffered: boolean;
  readonly enabled: boolean | undefined;
  readonly dataSet: string;
  readonly rptId: string;
}

export async function listControls(client: MmsClient, url: MmsUrl): Promise<readonly ListedControl[]> {
  const listed: ListedControl[] = [];
  for (const name of await controlsOf(client, url)) {
    const values = await (await ReportControlBlock.of(client, name)).values();
    listed.push({
      name: reportControlText(name),
      buffered: name.buffered,
      enabled: enabledIn(values),
      dataSet: textIn(values, "DatSet"),
      rptId: textIn(values, "RptID"),
    });
  }
  return listed;
}

async function controlsOf(client: MmsClient, url: MmsUrl): Promise<readonly ReportControlName[]> {
  const all: ReportControlName[] = [];
  for (const domain of await ownDomains(client, url)) all.push(...(await reportControlsOf(client, domain)));
  return all;
}

function textIn(values: ReportControlValues, attribute: string): string {
  const value = values.get(attribute);
  return value === undefined ? "" : String(plainValue(value) ?? "");
}

function enabledIn(values: ReportControlValues): boolean | undefined {
  const value = values.get("RptEna");
  return value?.kind === "boolean" ? value.value : undefined;
}

/** What a watch keeps of a block through lost associations. */
interface Watched {
  readonly name: ReportControlName;
  readonly rptId: string;
  readonly hasSet: boolean;
  readonly members: readonly (Reference | undefined)[];
  readonly types: readonly (TypeDescription | undefined)[];
  readonly block: ReportControlBlock;
}

/** Between two tries to have an association again, milliseconds. */
const AGAIN_MS = 2000;

/** Until the signal says so; an association that is lost is had again, and buffered reports go on behind the last entry. */
export async function watchReports(
  url: MmsUrl,
  settings: MmsSettings,
  wanted: WatchWanted,
  { told, clock, signal }: { readonly told: WatchTold; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const came = new Map<string, Came>();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    let client: MmsClient;
    try {
      client = await openMeter(url, settings);
    } catch (error) {
      if (isFirst) throw error;
      await pause(clock, AGAIN_MS, signal);
      continue;
    }
    if (!isFirst) told.note(`associated with ${client.peer} again`);
    try {
      const lost = await watchOnce(client, url, { ...wanted, came, isFirst }, { told, signal });
      if (lost === undefined) return;
      told.note(lost.message);
    } catch (error) {
      client.abort();
      if (isFirst || !(error instanceof MmsError)) throw error;
      told.note(error.message);
    }
    await pause(clock, AGAIN_MS, signal);
  }
}

/** Entries of a block that have come. */
class Came {
  last: Uint8Array | undefined;
  /** The block goes back to its oldest: what has come already is not told again. */
  isRepeating = false;
  readonly #known = new Set<string>();

  /** Whether it has not come before. */
  take({ entryId, time }: Report): boolean {
    if (entryId === undefined) return true;
    this.last = entryId;
    // A server that has started anew may give a number twice, but not at one time.
    const key = `${entryId.toHex()} ${String(time)}`;
    if (this.isRepeating && this.#known.has(key)) return false;
    this.#known.add(key);
    if (this.#known.size > MOST_ENTRIES) for (const oldest of this.#known.keys()) return this.#known.delete(oldest);
    return true;
  }
}

/** Entries of one block that are remembered: no meter keeps more. */
const MOST_ENTRIES = 10_000;

interface Again extends WatchWanted {
  /** Of each block by its name. */
  readonly came: Map<string, Came>;
  readonly isFirst: boolean;
}

/** Why the association is over; undefined where the signal has ended it. */
async function watchOnce(
  client: MmsClient,
  url: MmsUrl,
  wanted: Again,
  { told, signal }: { readonly told: WatchTold; readonly signal: AbortSignal },
): Promise<MmsError | undefined> {
  const blocks = await blocksOf(client, url, wanted.names);
  checkWanted(blocks, wanted, client.peer);
  const assembly = new ReportAssembly();
  const cameOf = ({ name }: Watched): Came => {
    const key = reportControlText(name);
    const found = wanted.came.get(key) ?? new Came();
    wanted.came.set(key, found);
    return found;
  };
  let telling = Promise.resolve();
  let failure: unknown;
  client.onReport((information) => {
    const decoded = decodeReport(information);
    const report = decoded && assembly.take(decoded);
    const block = report && blockOf(blocks, report);
    if (report === undefined || block === undefined) return;
    const came = cameOf(block);
    if (!came.take(report)) return;
    if (block.name.buffered && report.entryId === undefined) void askEntry(block.block, came);
    // One after the other, however long whoever is told takes.
    telling = telling
      .then(() => told.report(named(block, report)))
      .catch((error: unknown) => {
        failure = error;
        client.abort();
      });
  });
  const ended = new Promise<MmsError | undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    client.onEnd((why) => resolve(signal.aborted ? undefined : why));
  });
  for (const watched of blocks) {
    const { block, name } = watched;
    const came = cameOf(watched);
    const behind = came.last ?? wanted.behind;
    came.isRepeating = came.last !== undefined;
    const refused = await block.enable({
      ...(wanted.integrityMs === undefined ? {} : { integrityMs: wanted.integrityMs }),
      ...(name.buffered && behind !== undefined ? { behind, orOldest: came.last !== undefined } : {}),
    });
    if (refused !== undefined)
      told.note(
        `${reportControlText(name)} does not know the entry that came last any more (${accessErrorText(refused)}): it begins with the oldest that it has`,
      );
    if (wanted.interrogate && (wanted.isFirst || !name.buffered)) await block.interrogate().catch(() => {});
  }
  const why = await ended;
  await telling;
  if (failure !== undefined) throw failure;
  if (why !== undefined) return why;
  for (const { block } of blocks) await block.disable().catch(() => {});
  await client.conclude();
  return undefined;
}

/** Of a report that does not say it: once the answer is there, all that was sent before has come. */
async function askEntry(block: ReportControlBlock, came: Came): Promise<void> {
  const entry = await block.entry().catch(() => undefined);
  if (entry !== undefined) came.last = entry;
}

async function blocksOf(client: MmsClient, url: MmsUrl, names: readonly string[]): Promise<readonly Watched[]> {
  const all = await controlsOf(client, url);
  return Promise.all(
    names.map(async (text): Promise<Watched> => {
      const name = controlNamed(all, text, client.peer);
      const block = await ReportControlBlock.of(client, name);
      const values = await block.values();
      const rptId = textIn(values, "RptID");
      const set = dataSetName(textIn(values, "DatSet"));
      const members =
        set === undefined ? [] : (await membersOf(client, set)).members.map((one) => memberReference(one));
      const types = await Promise.all(
        members.map(async (reference) =>
          reference === undefined ? undefined : typeOf(client, reference).catch(() => undefined),
        ),
      );
      return { name, rptId, hasSet: set !== undefined, members, types, block };
    }),
  );
}

/** Throws WrongWords, and MmsError where there is nothing to report. */
function checkWanted(blocks: readonly Watched[], { behind }: WatchWanted, peer: string): void {
  const plain = blocks.find(({ name }) => !name.buffered);
  if (behind !== undefined && plain !== undefined)
    throw new WrongWords(`--behind: ${reportControlText(plain.name)} is unbuffered, and keeps no entries`);
  const empty = blocks.find(({ hasSet }) => !hasSet);
  if (empty !== undefined)
    throw new MmsError(
      `${reportControlText(empty.name)} of ${peer} has no data set, and reports nothing until it is given one`,
      "refused",
    );
}

/** Throws UnknownName. */
function controlNamed(all: readonly ReportControlName[], text: string, peer: string): ReportControlName {
  const own = (one: ReportControlName): boolean => {
    if (one.name === text || reportControlText(one) === text) return true;
    const asked = parseReportControl(text.includes("/") ? text : `${one.domain}/${text}`);
    return asked !== undefined && asked.domain === one.domain && asked.node === one.node && asked.name === one.name;
  };
  const found = all.find(own);
  if (found !== undefined) return found;
  throw new UnknownName(text, peer, all.length === 0 ? ["none"] : all.map((one) => reportControlText(one)));
}

/** A report says its RptID only; where none was given it is the reference of its block. */
function blockOf(blocks: readonly Watched[], { rptId }: Report): Watched | undefined {
  return (
    blocks.find((one) => one.rptId === rptId || (one.rptId === "" && reportControlText(one.name) === rptId)) ??
    (blocks.length === 1 ? blocks[0] : undefined)
  );
}

function named({ name, members, types }: Watched, report: Report): WatchedReport {
  return {
    control: reportControlText(name),
    report,
    members: report.members.map(({ index, reference, value, reasons }) => {
      const own = members[index];
      return {
        reference: own === undefined ? (reference ?? `member ${index + 1}`) : referenceText(own),
        type: types[index],
        value,
        reasons,
      };
    }),
  };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener(
      "abort",
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
