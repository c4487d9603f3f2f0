/**
 * What the security log is told of people. What somebody can do as often as he likes (guessing, logging on and off, reading the
 * configuration, setting his own password) folds into entries that are there: their number grows, and the time and place of the
 * last. Nobody can push out what happened before.
 */
import type { Origin } from "#quantity/log.ts";
import { limits } from "#quantity/limits.ts";

const DAY_MS = 86_400_000;

/** Entries of a day that each thing that one user does makes, before it folds. */
export const A_DAY = 5;

/** What folds into one entry when the log has as much of what people make at will as it may. */
const OTHERS = "more than there is room for";

/** The log itself. */
export interface Entries {
  /** Adds an entry; its number. */
  add(what: string, origin: Origin): number;
  /** The same once more: false where there is no entry of that number and those words any more. */
  again(sequence: number, what: string, origin: Origin): boolean;
  /** The newest entry of these words, by these or anybody: what was there before a restart. */
  find(what: string, by: string | undefined): number | undefined;
  /** Number of the oldest entry. */
  readonly first: number;
}

export interface SecurityLogOptions {
  /** Elapsed milliseconds that no setting of a clock moves. */
  readonly elapsed: () => number;
  readonly entries: () => Entries;
}

/** What counts as the same again, and how much of it has entries of its own. */
export interface Repeated {
  /** Whose it is; anybody's unless said. */
  readonly who?: string | undefined;
  /** Entries of a day; left out, one as long as it is in the log, whatever day it is. */
  readonly aDay?: number;
  /** What begins anew when it is another. */
  readonly of?: string;
}

interface Seen {
  /** The newest entry of it. */
  sequence: number;
  /** Entries of this day. */
  entries: number;
  since: number;
}

export class SecurityLog {
  readonly #options: SecurityLogOptions;
  /** By what happened and what counts as the same again. */
  readonly #seen = new Map<string, Seen>();
  /** Numbers of the entries that people made at will, oldest first. */
  #atWill: number[] = [];

  constructor(options: SecurityLogOptions) {
    this.#options = options;
  }

  /** What can be repeated at will. */
  note(what: string, from: Origin, { who, aDay, of = "" }: Repeated): void {
    const { entries: log, elapsed } = this.#options;
    const [entries, now, origin] = [log(), elapsed(), printable(from)];
    const key = JSON.stringify([what, who, of]);
    const seen = this.#seen.get(key) ?? this.#before(what, who, aDay, of);
    const isToday = seen !== undefined && now - seen.since < DAY_MS;
    const isFull = aDay === undefined || (isToday && seen.entries >= aDay) || this.#isFull(entries.first);
    if (seen !== undefined && isFull && entries.again(seen.sequence, what, origin)) {
      this.#keep(key, seen);
      return;
    }
    // Failures are few things, and whatever else fills the log, the first of each is told.
    if (seen === undefined && what !== OTHERS && (aDay !== undefined || of !== "") && this.#isFull(entries.first))
      return this.note(OTHERS, from, {});
    const sequence = entries.add(what, origin);
    this.#atWill.push(sequence);
    this.#keep(key, { sequence, entries: (isToday ? seen.entries : 0) + 1, since: isToday ? seen.since : now });
  }

  /** What was there before a restart goes on being what it is, where it folds whatever day it is. */
  #before(what: string, who: string | undefined, aDay: number | undefined, of: string): Seen | undefined {
    if (aDay !== undefined || of !== "") return undefined;
    const sequence = this.#options.entries().find(what, who);
    return sequence === undefined ? undefined : { sequence, entries: 1, since: this.#options.elapsed() };
  }

  /** Whether as much of the log as may be is made at will. */
  #isFull(first: number): boolean {
    this.#atWill = this.#atWill.filter((sequence) => sequence >= first);
    return this.#atWill.length >= limits.people.entriesAtWill;
  }

  /** What was seen last is forgotten last. */
  #keep(key: string, seen: Seen): void {
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    const oldest = this.#seen.keys().next().value;
    if (this.#seen.size > limits.people.repeated && oldest !== undefined) this.#seen.delete(oldest);
  }
}

/** Names come from strangers: terminals and pages are spared what is no letter. */
function printable(origin: Origin): Origin {
  return { ...origin, by: origin.by.replaceAll(/[^ -~]/g, "?").slice(0, limits.people.nameCharacters) };
}
