/** Logs of a revenue meter: the newest entries of each kind, with their times and what belongs to them. */
import { logKinds, type LogKind, type Origin } from "#quantity/log.ts";
import type { MeterStore } from "#store/store.ts";

/** What the meter does by itself. */
export const automatic: Origin = { by: "automatic" };

export interface LogEntry extends Origin {
  /** Local milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Entries of each kind that are kept. */
const KEPT = 500;

export class EventLog {
  readonly #store: MeterStore;
  readonly #local: () => number;
  readonly #entries = new Map<LogKind, LogEntry[]>();
  readonly #next = new Map<LogKind, number>();

  /** `local` is the meter's local time, milliseconds since 1970. */
  constructor(store: MeterStore, local: () => number) {
    this.#store = store;
    this.#local = local;
    for (const kind of logKinds) {
      const found: [sequence: number, entry: LogEntry][] = [];
      for (const [, bytes] of store.entries(`log/${kind}/`)) {
        const { sequence, ...entry } = JSON.parse(new TextDecoder().decode(bytes)) as LogEntry & { sequence: number };
        found.push([sequence, entry]);
      }
      found.sort((a, b) => a[0] - b[0]);
      this.#entries.set(
        kind,
        found.map(([, entry]) => entry),
      );
      this.#next.set(kind, (found.at(-1)?.[0] ?? -1) + 1);
    }
  }

  /** Logs what has happened now, by whom, and what belongs to it. */
  add(kind: LogKind, what: string, origin: Origin, details: LogEntry["details"] = {}): void {
    this.addAt(this.#local(), kind, { ...origin, what, details });
  }

  /** Logs what happened at a local time. */
  addAt(at: number, kind: LogKind, rest: Omit<LogEntry, "at">): void {
    const entry: LogEntry = { at, ...rest };
    const sequence = this.#next.get(kind) ?? 0;
    this.#next.set(kind, sequence + 1);
    const entries = this.#entries.get(kind) ?? [];
    entries.push(entry);
    if (entries.length > KEPT) entries.shift();
    this.#entries.set(kind, entries);
    const bytes = new TextEncoder().encode(JSON.stringify({ sequence, ...entry }));
    this.#store.put(`log/${kind}/${sequence % KEPT}`, bytes);
  }

  /** Oldest first. */
  entries(kind: LogKind): readonly LogEntry[] {
    return this.#entries.get(kind) ?? [];
  }
}
