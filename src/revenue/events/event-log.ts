/** Logs of a revenue meter: the newest entries of each kind, with their times and what belongs to them. */
import { timeText } from "#clock/time-text.ts";
import { namedState } from "#meter/named-state.ts";
import { logKinds, type LogEntry, type LogKind, type Origin } from "#quantity/log.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { nextOf, StoredSeries, type SeriesShape } from "#store/stored-series.ts";
import type { MeterStore } from "#store/store.ts";

/** What the meter does by itself. */
export const automatic: Origin = { by: "automatic" };

/** Entries of each kind that are kept. */
export const LOG_ENTRIES = 500;

const LogState = namedState("next", "ordered");

export interface EventLogContext {
  readonly store: MeterStore;
  /** Gives the numbers of a log that outlast everything; NaN at first. */
  readonly memory: (name: string, count: number, initial: number) => Float64Array;
  readonly now: () => Stamp;
}

/** What the series of a kind is like: the same in all meters. */
function shapeOf(kind: LogKind): SeriesShape<LogEntry> {
  return {
    prefix: `log/${kind}/`,
    capacity: LOG_ENTRIES,
    encode: bytesOf,
    decode(bytes, sequence) {
      const entry = entryOf(bytes);
      return entry.sequence === sequence ? entry : undefined;
    },
    at: ({ at }) => at.utc,
    holds: ({ at, what, by }) => Number.isFinite(at.utc) && what !== "" && by !== "",
  };
}

const bytesOf = (entry: LogEntry): Uint8Array => new TextEncoder().encode(JSON.stringify(entry));
const entryOf = (bytes: Uint8Array): LogEntry => JSON.parse(new TextDecoder().decode(bytes)) as LogEntry;
const shapes = logKinds.map((kind) => [kind, shapeOf(kind)] as const);

export class EventLog {
  readonly #now: () => Stamp;
  readonly #logs = new Map<LogKind, StoredSeries<LogEntry>>();

  constructor({ store, memory, now }: EventLogContext) {
    this.#now = now;
    for (const [kind, shape] of shapes) {
      const place = new LogState(memory(`log.${kind}`, LogState.size, NaN));
      if (Number.isNaN(place.next)) {
        place.next = nextOf(store, shape.prefix, (bytes) => entryOf(bytes).sequence);
        place.ordered = 0;
      }
      this.#logs.set(kind, new StoredSeries(store, shape, place));
    }
  }

  /** The entries of one kind. */
  of(kind: LogKind): StoredSeries<LogEntry> {
    const log = this.#logs.get(kind);
    if (log === undefined) throw new Error(`there is no log ${kind}`);
    return log;
  }

  /** Logs what has happened now, by whom, and what belongs to it; its number. */
  add(kind: LogKind, what: string, origin: Origin, details: LogEntry["details"] = {}): number {
    return this.addAt(this.#now(), kind, { ...origin, what, details });
  }

  /** Logs what happened at an instant; its number. */
  addAt(at: Stamp, kind: LogKind, entry: Omit<LogEntry, "at" | "sequence">): number {
    const log = this.of(kind);
    const { next } = log;
    log.add((sequence) => ({ sequence, at, ...entry }));
    return next;
  }

  /**
   * Logs that the same has happened once more, in the entry that there is: how often, and when, by whom and from where it did last.
   * False where there is no such entry any more.
   */
  again(kind: LogKind, sequence: number, what: string, { by, peer }: Origin): boolean {
    const entry = this.of(kind).member(sequence);
    if (entry?.what !== what) return false;
    const { times = 1 } = entry.details;
    const last = timeText(localOf(this.#now()) / 1000);
    const whose = by === entry.by ? {} : { lastBy: by };
    const where = peer === undefined ? {} : { lastPeer: peer };
    this.of(kind).replace(sequence, { ...entry, details: { times: Number(times) + 1, last, ...whose, ...where } });
    return true;
  }

  /** Number of the newest entry of these words, by somebody or by anybody. */
  find(kind: LogKind, what: string, by: string | undefined): number | undefined {
    const log = this.of(kind);
    return log.page(log.first, log.capacity).findLast((one) => one.what === what && (by ?? one.by) === one.by)
      ?.sequence;
  }
}
