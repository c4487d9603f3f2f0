/** What the page asks the site for once, and who looks at it. */
import { signal } from "@preact/signals";
import { API } from "./address.ts";
import { say } from "./language.ts";
import { refusedBy, request } from "./site-request.ts";
import { frame } from "./texts/frame.ts";
import { askNoMore, hasDrafts } from "./unsaved.ts";
import type { LogKind } from "#quantity/log.ts";
import type { FileContentView, FilesView, LogView, MeterView, ProfileView } from "#quantity/meter-api.ts";

export interface MeterName {
  readonly name: string;
  readonly title: string;
}

export const meters = signal<readonly MeterName[]>([]);
/** Whether the site that answered last has a meter of that name. */
export function hasMeter(meter: string): boolean {
  return meters.value.some(({ name }) => name === meter);
}

/** By name of a measure. */
export const units = signal<Readonly<Record<string, string>>>({});
/** Who has logged in; nobody where that is not asked for. */
export const visitor = signal<{ readonly user: string; readonly role: string } | undefined>(undefined);

let ended = false;

/** Whether the visitor's session has ended: what he has seen is not kept for the next. */
export function hasEnded(): boolean {
  return ended;
}

/** Shows what the page is to a stranger: the form. */
function end(): void {
  ended = true;
  askNoMore();
  location.reload();
}

async function ask<T>(path: string): Promise<T> {
  const answer = await request(path);
  // Who has to log in to a meter is still who he is to the site.
  if (answer.status === 401 && (await refusedBy(answer)) !== "session") end();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

export async function askVisitor(): Promise<void> {
  const { user, role } = await ask<{ user: string | null; role: string }>(`${API}/session`);
  visitor.value = user === null ? undefined : { user, role };
}

export async function askSite(): Promise<void> {
  const [listed, named] = await Promise.all([
    ask<{ readonly meters: readonly MeterName[] }>(`${API}/meters`),
    ask<Readonly<Record<string, string>>>(`${API}/units`),
  ]);
  meters.value = listed.meters;
  units.value = named;
}

export async function leave(): Promise<void> {
  if (hasDrafts() && !confirm(say(frame.leaveAsk))) return;
  askNoMore();
  sessionStorage.clear();
  await request(`${API}/session`, { method: "DELETE" });
  end();
}

/** Words of a question; what is undefined is not said. */
export type Words = Readonly<Record<string, string | number | undefined>>;

/** Where something of a meter is asked for. */
export function placeOf(meter: string, place: string, words: Words = {}): string {
  const said = Object.entries(words).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const query = said.length === 0 ? "" : `?${new URLSearchParams(said)}`;
  return `${API}/meters/${encodeURIComponent(meter)}/${place}${query}`;
}

/** What is said of a meter at a place of its own. */
export function askOf<T>(meter: string, place: string, words?: Words): Promise<T> {
  return ask(placeOf(meter, place, words));
}

/** Records of a group of the measurement log from a local time on, as many as one answer has, from a number on. */
export function askMeasurementLog(meter: string, group: number, from: string, since: number): Promise<ProfileView> {
  return askOf(meter, `measurement-log/${group}`, { from, since });
}

/** What a measurement log records, without its records but one. */
export function askGroup(meter: string, group: number): Promise<ProfileView> {
  return askOf(meter, `measurement-log/${group}`, { most: 1 });
}

/** A meter as it is, with the angles of its harmonics. */
export function askMeter(meter: string): Promise<MeterView> {
  return ask(`${API}/meters/${encodeURIComponent(meter)}`);
}

/** Entries of a log from a number on. */
export function askLog(meter: string, kind: LogKind, from: number, most: number): Promise<LogView> {
  return askOf(meter, `logs/${kind}`, { from, most });
}

/** What a meter's file has of waveforms and RMS. */
export function askFile(meter: string, file: string): Promise<FileContentView> {
  return askOf(meter, `files/${encodeURIComponent(file)}`);
}

export function askFiles(meter: string): Promise<FilesView> {
  return askOf(meter, "files");
}

/** Answers of records that make up one: of more than there is time to load nobody sees anything. */
const PAGES = 4;

/** Records of a meter's profile between two local days; `more` where there are more than can be shown. */
export async function askProfile(meter: string, number: number, from: string, to: string): Promise<ProfileView> {
  const words = { from: `${from}T00:00`, to: `${to}T00:00` };
  let view = await askOf<ProfileView>(meter, `profiles/${number}`, words);
  const records = [...view.records];
  for (let page = 1; view.more === true && page < PAGES; page++) {
    view = await askOf<ProfileView>(meter, `profiles/${number}`, { ...words, since: view.next });
    records.push(...view.records);
  }
  return { ...view, records };
}
