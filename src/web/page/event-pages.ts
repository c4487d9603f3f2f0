/** Events of a meter's logs page by page, the newest first, of several logs in one list. */
import type { LogEntryView, LogView } from "#quantity/meter-api.ts";
import { eventOfEntry, type EventLogKind, type Nominal, type PqEvent } from "./pq-events.ts";

/** Entries of a log that have been read: all from a number on, to before another. */
export interface ReadLog {
  readonly kind: EventLogKind;
  readonly first: number;
  readonly from: number;
  readonly next: number;
  readonly entries: readonly LogEntryView[];
}

/** Reads entries from a number on. */
export type AskLog = (kind: EventLogKind, from: number, most: number) => Promise<LogView>;

/** Numbers to ask for: after the last that was read, where nothing was the newest page. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** The newest page of a log, and with it what came after it was asked for. */
export async function readNewest(ask: AskLog, kind: EventLogKind, most: number): Promise<ReadLog> {
  const { next } = await ask(kind, NEWEST, 1);
  const from = Math.max(0, next - most);
  const { first, entries } = await ask(kind, from, most);
  return { kind, first, from: Math.max(first, from), next, entries };
}

/** The same log with the page before, where it has one. */
export async function readOlder(ask: AskLog, log: ReadLog, most: number): Promise<ReadLog> {
  if (log.from <= log.first) return log;
  const from = Math.max(log.first, log.from - most);
  const { first, entries } = await ask(log.kind, from, log.from - from);
  return { ...log, first, from: Math.max(first, from), entries: [...entries, ...log.entries] };
}

/** The same log with what has come since. */
export async function readNewer(ask: AskLog, log: ReadLog, most: number): Promise<ReadLog> {
  const { first, next, entries } = await ask(log.kind, log.next, most);
  // More has come than one page: what lies between is read from the end.
  if (next > log.next + entries.length || next < log.next) return readNewest(ask, log.kind, most);
  return { ...log, first, next, entries: [...log.entries, ...entries] };
}

/** How many entries are kept that have not been read. */
export function unreadOf(logs: readonly ReadLog[]): number {
  return logs.reduce((sum, { first, from }) => sum + Math.max(0, from - first), 0);
}

export interface Listed {
  /** Newest first: none is missing between two of them. */
  readonly events: readonly PqEvent[];
  /** Milliseconds of UTC from which on all are there. */
  readonly since: number;
}

/** One list of all logs: what is older than the oldest that was read of a log which has more waits for that. */
export function listedOf(logs: readonly ReadLog[], nominal: Nominal): Listed {
  const told = logs.map((log) => ({
    hasMore: log.from > log.first,
    events: log.entries.map((entry) => eventOfEntry(log.kind, entry, nominal)),
  }));
  const since = Math.max(
    -Infinity,
    ...told.filter(({ hasMore }) => hasMore).map(({ events }) => Math.min(Infinity, ...events.map(({ utc }) => utc))),
  );
  const events = told.flatMap((one) => one.events).filter(({ utc }) => utc >= since);
  return { events: events.toSorted((a, b) => b.utc - a.utc), since };
}
