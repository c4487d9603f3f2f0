/** Entries of all logs of a meter together, newest first: of some kinds, of a time, with a text in them; page by page. */
import { limits } from "#quantity/limits.ts";
import { logKinds, type LogEntry, type LogKind } from "#quantity/log.ts";
import type { FoundEntriesView, FoundEntryView } from "#quantity/log-search-api.ts";
import type { SidesView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Series } from "#quantity/series.ts";
import { localOf } from "#quantity/stamp.ts";
import { logEntryView } from "./meter-view.ts";

export interface LogQuery {
  /** All that may be read unless said. */
  readonly kinds?: readonly LogKind[] | undefined;
  /** In what happened, who did it from where, and the details; large letters are small ones. */
  readonly text?: string | undefined;
  /** Milliseconds of local time: from one, and before another. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Where a page before this one ended. */
  readonly older?: string | undefined;
  readonly most: number;
  /** Entries that are looked at, as many as one answer may unless said. */
  readonly looked?: number | undefined;
}

/** Entries that are read from the store at once. */
const CHUNK = 50;

/** A log that is read from its end on. */
class Backwards {
  readonly kind: LogKind;
  readonly #entries: Series<LogEntry>;
  /** Entries before this number have not been told. */
  #before: number;
  #chunk: LogEntry[] = [];

  constructor(kind: LogKind, entries: Series<LogEntry>, before: number) {
    this.kind = kind;
    this.#entries = entries;
    this.#before = Math.min(before, entries.next);
  }

  get before(): number {
    return this.#before;
  }

  /** The newest that has not been told; undefined where there is none. */
  get newest(): LogEntry | undefined {
    const { first } = this.#entries;
    while (this.#chunk.length === 0 && this.#before > first) {
      const from = Math.max(first, this.#before - CHUNK);
      this.#chunk = [...this.#entries.page(from, this.#before - from)];
      // What is damaged is left out: nothing of it is there.
      if (this.#chunk.length === 0) this.#before = from;
    }
    return this.#chunk.at(-1);
  }

  told(): void {
    const one = this.#chunk.pop();
    if (one !== undefined) this.#before = one.sequence;
  }
}

const CURSOR = /^[a-zA-Z]+\.\d{1,15}(,[a-zA-Z]+\.\d{1,15})*$/;

/** Where each log goes on; undefined for what says no such thing. */
function placesIn(text: string): ReadonlyMap<string, number> | undefined {
  if (!CURSOR.test(text)) return undefined;
  return new Map(
    text.split(",").map((one) => {
      const [kind = "", number] = one.split(".");
      return [kind, Number(number)];
    }),
  );
}

function textOf(kind: LogKind, { what, by, port, protocol, peer, details }: LogEntry): string {
  const said = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return [kind, what, by, port, protocol, peer, ...said]
    .filter((part) => part !== undefined)
    .join("\n")
    .toLowerCase();
}

export interface FoundEntries extends Omit<FoundEntriesView, "entries"> {
  readonly entries: readonly FoundEntryView[];
}

/** `isBarred` says which may not be read. In words what is wrong with the question. */
export function searchLogs(
  surface: MeterSurface,
  { kinds, text = "", from = -Infinity, to = Infinity, older, most, looked = limits.web.entriesLooked }: LogQuery,
  isBarred: (kind: LogKind) => boolean,
): FoundEntries | string {
  const places = older === undefined ? new Map<string, number>() : placesIn(older);
  if (places === undefined) return "older: expected what an answer before said";
  const open = surface.logs.filter((kind) => !isBarred(kind));
  const logs = open
    .filter((kind) => kinds === undefined || kinds.includes(kind))
    // A log that was not in the cursor had nothing any more.
    .filter((kind) => older === undefined || places.has(kind))
    .map((kind) => new Backwards(kind, surface.log(kind), places.get(kind) ?? Infinity));
  const wanted = text.toLowerCase();
  const found: FoundEntryView[] = [];
  for (let left = looked; left > 0 && found.length < most; left--) {
    const newest = newestOf(logs);
    if (newest === undefined) break;
    const { log, entry } = newest;
    log.told();
    const local = localOf(entry.at);
    if (local < from || local >= to) continue;
    if (wanted !== "" && !textOf(log.kind, entry).includes(wanted)) continue;
    found.push({ kind: log.kind, ...logEntryView(log.kind, entry) });
  }
  const rest = logs.filter((log) => log.newest !== undefined).map(({ kind, before }) => `${kind}.${before}`);
  const { sides } = surface.extra() as { readonly sides?: SidesView };
  return {
    name: surface.identity.name,
    side: sides?.log,
    entries: found,
    logs: logKinds
      .filter((kind) => surface.logs.includes(kind))
      .map((kind) => {
        if (!open.includes(kind)) return { kind, entries: 0, isBarred: true };
        const { first, next } = surface.log(kind);
        return { kind, entries: next - first };
      }),
    ...(rest.length === 0 ? {} : { older: rest.join(",") }),
  };
}

function newestOf(logs: readonly Backwards[]): { readonly log: Backwards; readonly entry: LogEntry } | undefined {
  let newest: { readonly log: Backwards; readonly entry: LogEntry } | undefined;
  for (const log of logs) {
    const entry = log.newest;
    if (entry !== undefined && (newest === undefined || entry.at.utc > newest.entry.at.utc)) newest = { log, entry };
  }
  return newest;
}
