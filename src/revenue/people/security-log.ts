/**
 * What the security log is told of people. What somebody can do as often as he likes (guessing, logging on and off, reading
 * the configuration) is so rationed that nobody can push what happened before out of the log: the first few times of a day are
 * entries of their own, then the 10th, 100th, 1000th, with how many they were.
 */
import type { Origin } from "#quantity/log.ts";

const DAY_MS = 86_400_000;
/** What is told apart at most. */
const MOST = 200;
/** Entries of a day that the same event makes, whoever is behind it; a log holds 500. */
const A_DAY = 50;
/** Characters of a name that strangers choose. */
const NAME = 40;

export interface SecurityLogOptions {
  /** Elapsed milliseconds that no setting of a clock moves. */
  readonly elapsed: () => number;
  readonly add: (what: string, origin: Origin, details: Readonly<Record<string, number>>) => void;
}

/** What counts as the same again, and how many of it are entries of their own. */
export interface Repeated {
  readonly same: string;
  readonly plain: number;
}

interface Seen {
  count: number;
  /** Entries made of it. */
  logged: number;
  readonly since: number;
}

export class SecurityLog {
  readonly #options: SecurityLogOptions;
  /** By what happened and what counts as the same again; by what happened, whoever did it. */
  readonly #same = new Map<string, Seen>();
  readonly #all = new Map<string, Seen>();

  constructor(options: SecurityLogOptions) {
    this.#options = options;
  }

  add(what: string, origin: Origin): void {
    this.#options.add(what, printable(origin), {});
  }

  /** What can be repeated at will. */
  note(what: string, origin: Origin, { same, plain }: Repeated): void {
    const one = this.#count(this.#same, `${what}: ${same}`);
    const all = this.#count(this.#all, what);
    const tells = (one.count <= plain || isRound(one.count)) && all.logged < A_DAY;
    if (!tells && !(all.logged >= A_DAY && isRound(all.count))) return;
    all.logged++;
    const times = tells ? one.count : all.count;
    this.#options.add(what, printable(origin), tells && times <= plain ? {} : { times });
  }

  /** Once more within a day. */
  #count(kept: Map<string, Seen>, key: string): Seen {
    const now = this.#options.elapsed();
    const before = kept.get(key);
    const seen = before === undefined || now - before.since >= DAY_MS ? { count: 0, logged: 0, since: now } : before;
    seen.count++;
    // What was seen last is forgotten last.
    kept.delete(key);
    kept.set(key, seen);
    const oldest = kept.keys().next().value;
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    return seen;
  }
}

/** 10, 100, 1000 and so on. */
function isRound(count: number): boolean {
  return count >= 10 && /^10*$/.test(String(count));
}

/** Names come from strangers: terminals and pages are spared what is no letter. */
function printable(origin: Origin): Origin {
  return { ...origin, by: origin.by.replaceAll(/[^ -~]/g, "?").slice(0, NAME) };
}
