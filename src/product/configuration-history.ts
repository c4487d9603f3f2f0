/**
 * What a meter's configuration has been: an entry for each that was applied, with the parts that it replaced, so that what was before can be
 * applied again. A ring of records in the meter's store; nothing of it is kept in memory.
 */
import type { ConfigurationEntry, KeyChange } from "#quantity/configuration-history.ts";
import { limits } from "#quantity/limits.ts";
import type { Origin } from "#quantity/log.ts";
import { same } from "#quantity/same.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { MeterStore } from "#store/store.ts";
import { firstChanges } from "./key-changes.ts";

const { history: CAPACITY, changes: CHANGES } = limits.configuration;
const PREFIX = "configuration-history/";

/** A configuration by its sections, or settings by name; without secrets. */
export type Parts = Readonly<Record<string, unknown>>;

interface Kept {
  readonly entry: ConfigurationEntry;
  /** Parts that were replaced, as they were before. */
  readonly before: Parts;
  /** Parts that were not there before. */
  readonly added: readonly string[];
  /** They were too long to be kept: nobody knows what there was. */
  readonly tooLong?: true;
}

export interface Applied {
  readonly at: Stamp;
  readonly by: Origin;
  readonly before: Parts;
  readonly after: Parts;
  readonly changes: Iterable<KeyChange>;
  readonly consequences?: readonly string[] | undefined;
  readonly undoes?: number | undefined;
}

export class ConfigurationHistory implements Series<ConfigurationEntry> {
  readonly #store: MeterStore;
  #next: number | undefined;

  constructor(store: MeterStore) {
    this.#store = store;
  }

  get capacity(): number {
    return CAPACITY;
  }

  get next(): number {
    if (this.#next !== undefined) return this.#next;
    let next = 0;
    for (const [, bytes] of this.#store.entries(PREFIX)) next = Math.max(next, (keptIn(bytes)?.entry.number ?? -1) + 1);
    return (this.#next = next);
  }

  get first(): number {
    return Math.max(0, this.next - CAPACITY);
  }

  #kept(number: number): Kept | undefined {
    if (number < this.first || number >= this.next) return undefined;
    const kept = keptIn(this.#store.get(keyOf(number)));
    return kept?.entry.number === number ? kept : undefined;
  }

  page(from: number, most: number): readonly ConfigurationEntry[] {
    const entries: ConfigurationEntry[] = [];
    const begin = Math.max(from, this.first);
    for (let number = begin; number < Math.min(this.next, begin + most); number++) {
      const kept = this.#kept(number);
      if (kept !== undefined) entries.push(kept.entry);
    }
    return entries;
  }

  seek(utc: number): number {
    return this.page(this.first, CAPACITY).find(({ at }) => at.utc >= utc)?.number ?? this.next;
  }

  /** Goes to disk with the store's next transaction, in which the configuration does. */
  add({ at, by, before, after, changes, consequences = [], undoes }: Applied): void {
    const number = this.next;
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const others = names.filter((name) => !same(before[name], after[name]));
    const was = others.filter((name) => before[name] !== undefined);
    const entry: ConfigurationEntry = {
      ...by,
      number,
      at,
      ...firstChanges(changes, CHANGES),
      consequences,
      ...(undoes === undefined ? {} : { undoes }),
    };
    const kept: Kept = {
      entry,
      before: Object.fromEntries(was.map((name) => [name, before[name]])),
      added: others.filter((name) => before[name] === undefined),
    };
    const text = JSON.stringify(kept);
    const short = { entry, before: {}, added: [], tooLong: true } satisfies Kept;
    const isShort = text.length <= limits.configuration.historyCharacters;
    this.#store.put(keyOf(number), new TextEncoder().encode(isShort ? text : JSON.stringify(short)));
    this.#next = number + 1;
  }

  /** What there was before an entry, of what there is `now`; undefined where that is not known any more. */
  before(number: number, now: Parts): Parts | undefined {
    if (number < this.first || number >= this.next) return undefined;
    for (const [at, parts] of this.#back(now)) if (at === number) return parts;
    return undefined;
  }

  /** The last of those that there were of which something is true; undefined of none that is known. */
  earlier(now: Parts, isIt: (parts: Parts) => boolean): Parts | undefined {
    for (const [, parts] of this.#back(now)) if (isIt(parts)) return parts;
    return undefined;
  }

  /** What there was before each entry, the newest first. */
  *#back(now: Parts): Generator<readonly [number: number, parts: Parts]> {
    let parts = now;
    for (let number = this.next - 1; number >= this.first; number--) {
      const kept = this.#kept(number);
      if (kept === undefined || kept.tooLong === true) return;
      const rest = Object.entries(parts).filter(([name]) => !kept.added.includes(name));
      parts = { ...Object.fromEntries(rest), ...kept.before };
      yield [number, parts];
    }
  }
}

function keyOf(number: number): string {
  return `${PREFIX}${number % CAPACITY}`;
}

/** Undefined of what cannot be read. */
function keptIn(bytes: Uint8Array | undefined): Kept | undefined {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Kept;
  } catch {
    return undefined;
  }
}
