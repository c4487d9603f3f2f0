/** Sessions of users: known by a token that nobody can guess, ended when somebody leaves, when nothing is done, or when the user changes. */
import type { Peer, Session } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import type { SecurityLimits } from "./security.ts";

const MINUTE_MS = 60_000;

/** Why a session ends. */
export type End = "logged out" | "timed out" | "logged out by another change" | "superseded";

export interface SessionsOptions {
  readonly token: () => string;
  /** Elapsed milliseconds that no setting of a clock moves. */
  readonly elapsed: () => number;
  readonly limits: () => SecurityLimits;
  /** Minutes after which an unused session over a port ends; those of the limits where it has none of its own. */
  readonly minutes?: ((peer: Peer) => number | undefined) | undefined;
  readonly ended: (session: Session, why: End) => void;
}

interface Entry {
  readonly user: string;
  /** Begun with a factory's password, which works on the site's own machine only. */
  readonly nearOnly: boolean;
  /** Name of the secret that he has shown; undefined of a password. */
  readonly shown: string | undefined;
  peer: Peer;
  usedAt: number;
  /** Those who wait for its end. */
  readonly waiting: Set<() => void>;
}

export class Sessions {
  readonly #options: SessionsOptions;
  /** By token; who was heard last is last. */
  readonly #open = new Map<string, Entry>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  begin(
    user: string,
    peer: Peer,
    { nearOnly = false, shown }: { readonly nearOnly?: boolean; readonly shown?: string | undefined } = {},
  ): Session {
    this.sweep();
    const token = this.#options.token();
    const mine = [...this.#open].filter(([, entry]) => entry.user === user);
    const [silent] = mine;
    if (mine.length >= limits.people.sessions && silent !== undefined) this.#end(silent[0], "superseded");
    this.#open.set(token, { user, nearOnly, shown, peer, usedAt: this.#options.elapsed(), waiting: new Set() });
    return { peer, user, token };
  }

  /** Whose session a token is, which is used by that unless nobody has asked; undefined of one that has ended or never was. */
  user(token: string, peer: Peer): string | undefined {
    this.sweep();
    const entry = this.#open.get(token);
    if (entry === undefined || (entry.nearOnly && !peer.near)) return undefined;
    if (peer.unattended === true) return entry.user;
    entry.usedAt = this.#options.elapsed();
    entry.peer = peer;
    this.#open.delete(token);
    this.#open.set(token, entry);
    return entry.user;
  }

  leave(token: string): void {
    this.#end(token, "logged out");
  }

  /** Runs when a session ends, at once where it has; this is no use of it. The result forgets it. */
  whenOver(token: string, run: () => void): () => void {
    const waiting = this.#open.get(token)?.waiting;
    if (waiting === undefined) run();
    waiting?.add(run);
    return () => waiting?.delete(run);
  }

  /** Ends the sessions of those who are not who they were. */
  endOf(isAnother: (user: string) => boolean): void {
    for (const [token, { user }] of this.#open) if (isAnother(user)) this.#end(token, "logged out by another change");
  }

  /** Ends the sessions of those who have shown a secret that is one no more. */
  endOfSecret(isForgotten: (name: string) => boolean): void {
    for (const [token, { shown }] of this.#open)
      if (shown !== undefined && isForgotten(shown)) this.#end(token, "logged out by another change");
  }

  /** After which an unused session of somebody over his port ends. */
  minutes(peer: Peer): number {
    return this.#options.minutes?.(peer) ?? this.#options.limits().sessionMinutes;
  }

  /** Ends what has timed out. */
  sweep(): void {
    if (this.#open.size === 0) return;
    const now = this.#options.elapsed();
    for (const [token, { usedAt, peer }] of this.#open)
      if (now - usedAt >= this.minutes(peer) * MINUTE_MS) this.#end(token, "timed out");
  }

  #end(token: string, why: End): void {
    const entry = this.#open.get(token);
    if (entry === undefined) return;
    this.#open.delete(token);
    this.#options.ended({ peer: entry.peer, user: entry.user, token }, why);
    for (const run of entry.waiting) run();
  }
}
