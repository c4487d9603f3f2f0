/** What the page asks the site for once, and who looks at it. */
import { signal } from "@preact/signals";
import { API } from "./address.ts";
import type { FileContentView, ProfileView } from "#quantity/meter-api.ts";

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
  location.reload();
}

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (answer.status === 401) end();
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
  await fetch(`${API}/session`, { method: "DELETE" });
  end();
}

/** What a meter's file has of waveforms and RMS. */
export function askFile(meter: string, file: string): Promise<FileContentView> {
  return ask(`${API}/meters/${encodeURIComponent(meter)}/files/${encodeURIComponent(file)}`);
}

/** Records of a meter's first profile between two local days. */
export function askProfile(meter: string, from: string, to: string): Promise<ProfileView> {
  return ask(`${API}/meters/${encodeURIComponent(meter)}/profiles/1?from=${from}T00:00&to=${to}T00:00`);
}
