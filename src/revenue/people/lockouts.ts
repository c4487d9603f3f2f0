/**
 * Lockouts after wrong passwords, by user and by where the peer is: whoever guesses from elsewhere locks nobody out at the
 * site's own machine, and at no other address unless he guesses from many. Names that are no user's are locked out alike, so
 * that nobody learns who there is. Times are elapsed time, which no setting of a clock moves.
 */
import { limits } from "#quantity/limits.ts";
import type { Peer } from "#quantity/authority.ts";
import { placeOf } from "./place.ts";
import type { SecurityLimits } from "./security.ts";

const MINUTE_MS = 60_000;

interface Failures {
  count: number;
  until: number;
}

/** What is counted of a wrong password, and how many lock out. */
interface Counter {
  readonly key: string;
  readonly attempts: number;
  /** Counted by name, of users and of others apart; else by place alone. */
  readonly ofName: boolean;
  /** The right password does not let it be forgotten. */
  readonly stays: boolean;
}

export class Lockouts {
  readonly #elapsed: () => number;
  readonly #limits: () => SecurityLimits;
  /** Of users, of names that are none, and of places: the others cannot push the first out. */
  readonly #users = new Map<string, Failures>();
  readonly #strangers = new Map<string, Failures>();
  readonly #places = new Map<string, Failures>();

  constructor(elapsed: () => number, limits: () => SecurityLimits) {
    this.#elapsed = elapsed;
    this.#limits = limits;
  }

  /** For how many more minutes somebody is locked out there, begun ones too; undefined when nobody is. */
  minutes(name: string, peer: Peer): number | undefined {
    const now = this.#elapsed();
    let until = 0;
    for (const { key, attempts } of this.#counters(name, peer)) {
      const failed = this.#users.get(key) ?? this.#strangers.get(key) ?? this.#places.get(key);
      if (failed !== undefined && failed.count >= attempts) until = Math.max(until, failed.until);
    }
    return until > now ? Math.ceil((until - now) / MINUTE_MS) : undefined;
  }

  /** A wrong password; whether it locks out. */
  wrong(name: string, peer: Peer, isUser: boolean): boolean {
    const now = this.#elapsed();
    const until = now + this.#limits().lockoutMinutes * MINUTE_MS;
    let locks = false;
    for (const { key, attempts, ofName } of this.#counters(name, peer)) {
      const kept = ofName ? (isUser ? this.#users : this.#strangers) : this.#places;
      const before = kept.get(key);
      const count = (before === undefined || now >= before.until ? 0 : before.count) + 1;
      // What was counted last is forgotten last.
      kept.delete(key);
      kept.set(key, { count, until });
      locks ||= count >= attempts;
      if (kept.size > limits.people.lockouts) forgetOldest(kept, now);
    }
    return locks;
  }

  /** The right password: what was wrong there before counts no more. */
  right(name: string, peer: Peer): void {
    for (const { key, stays } of this.#counters(name, peer)) if (!stays) this.#users.delete(key);
  }

  /**
   * Names that are none are remembered for as long as there is room: whoever could fill it would learn which names are some. So
   * nobody tries many of them from one place, but on the site's own machine, where nothing locks out everybody.
   */
  #counters(name: string, peer: Peer): readonly Counter[] {
    const { attempts } = this.#limits();
    if (peer.near) return [{ key: `near ${name}`, attempts, ofName: true, stays: false }];
    const place = placeOf(peer);
    return [
      { key: `at ${place} ${name}`, attempts, ofName: true, stays: false },
      { key: `elsewhere ${name}`, attempts: limits.people.triesElsewhere * attempts, ofName: true, stays: true },
      { key: `at ${place}`, attempts: limits.people.triesOfAddress * attempts, ofName: false, stays: true },
    ];
  }
}

function forgetOldest(kept: Map<string, Failures>, now: number): void {
  for (const [key, { until }] of kept) if (now >= until) kept.delete(key);
  for (const key of kept.keys()) {
    if (kept.size <= limits.people.lockouts) return;
    kept.delete(key);
  }
}
