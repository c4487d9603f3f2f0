/**
 * Lockouts after wrong passwords, by user and by where the peer is: whoever guesses from elsewhere locks nobody out at the
 * site's own machine, and at no other address unless he guesses from many. Names that are no user's are locked out alike, so
 * that nobody learns who there is. Times are elapsed time, which no setting of a clock moves.
 */
import type { Peer } from "#quantity/authority.ts";
import { placeOf } from "./place.ts";
import type { SecurityLimits } from "./security.ts";

const MINUTE_MS = 60_000;
/** From all other addresses together a user can be tried so many times as often as from one. */
const ELSEWHERE = 10;
/** Names and addresses that are remembered at most. */
const MOST = 1000;

interface Failures {
  count: number;
  until: number;
}

export class Lockouts {
  readonly #elapsed: () => number;
  readonly #limits: () => SecurityLimits;
  /** Of users, and of names that are none: the second cannot push the first out. */
  readonly #users = new Map<string, Failures>();
  readonly #strangers = new Map<string, Failures>();

  constructor(elapsed: () => number, limits: () => SecurityLimits) {
    this.#elapsed = elapsed;
    this.#limits = limits;
  }

  /** For how many more minutes somebody is locked out there, begun ones too; undefined when nobody is. */
  minutes(name: string, peer: Peer): number | undefined {
    const now = this.#elapsed();
    let until = 0;
    for (const { key, attempts } of this.#counters(name, peer)) {
      const failed = this.#users.get(key) ?? this.#strangers.get(key);
      if (failed !== undefined && failed.count >= attempts) until = Math.max(until, failed.until);
    }
    return until > now ? Math.ceil((until - now) / MINUTE_MS) : undefined;
  }

  /** A wrong password; whether it locks out. */
  wrong(name: string, peer: Peer, isUser: boolean): boolean {
    const now = this.#elapsed();
    const until = now + this.#limits().lockoutMinutes * MINUTE_MS;
    const kept = isUser ? this.#users : this.#strangers;
    let locks = false;
    for (const { key, attempts } of this.#counters(name, peer)) {
      const before = kept.get(key);
      const count = (before === undefined || now >= before.until ? 0 : before.count) + 1;
      // What was counted last is forgotten last.
      kept.delete(key);
      kept.set(key, { count, until });
      locks ||= count >= attempts;
    }
    if (kept.size > MOST) forgetOldest(kept, now);
    return locks;
  }

  /** The right password: what was wrong there before counts no more. */
  right(name: string, peer: Peer): void {
    for (const { key, everywhere } of this.#counters(name, peer)) if (!everywhere) this.#users.delete(key);
  }

  #counters(
    name: string,
    peer: Peer,
  ): readonly { readonly key: string; readonly attempts: number; readonly everywhere: boolean }[] {
    const { attempts } = this.#limits();
    if (peer.near) return [{ key: `${name} near`, attempts, everywhere: false }];
    return [
      { key: `${name} at ${placeOf(peer)}`, attempts, everywhere: false },
      { key: `${name} elsewhere`, attempts: ELSEWHERE * attempts, everywhere: true },
    ];
  }
}

function forgetOldest(kept: Map<string, Failures>, now: number): void {
  for (const [key, { until }] of kept) if (now >= until) kept.delete(key);
  for (const key of kept.keys()) {
    if (kept.size <= MOST) return;
    kept.delete(key);
  }
}
