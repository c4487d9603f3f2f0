/** Who has logged in to the site: sessions known by a token that nobody can guess. They are in memory only; a start ends all. */
import type { SiteUser, SiteUsers } from "#fleet/site-users.ts";
import { randomToken } from "#io/password.ts";
import { limits } from "#quantity/limits.ts";

interface Entry {
  /** As he was at his log-in. */
  readonly user: SiteUser;
  usedAt: number;
  /** Those who wait for its end. */
  readonly waiting: Set<() => void>;
}

export class SiteSessions {
  readonly #users: SiteUsers;
  readonly #elapsed: () => number;
  /** By token; who was heard last is last. */
  readonly #open = new Map<string, Entry>();

  /** `elapsed` is people's time, in milliseconds. */
  constructor(users: SiteUsers, elapsed: () => number) {
    this.#users = users;
    this.#elapsed = elapsed;
  }

  get size(): number {
    return this.#open.size;
  }

  begin(user: SiteUser): string {
    const mine = [...this.#open].filter(([, entry]) => entry.user.name === user.name);
    const [silent] = mine;
    if (mine.length >= limits.web.sessionsOfUser && silent !== undefined) this.leave(silent[0]);
    const token = randomToken();
    this.#open.set(token, { user, usedAt: this.#elapsed(), waiting: new Set() });
    return token;
  }

  /** Whose session a token is, which is used by that; undefined of one that has ended or never was. */
  user(token: string): SiteUser | undefined {
    const entry = this.#open.get(token);
    if (entry === undefined || !this.#lasts(entry)) {
      this.leave(token);
      return undefined;
    }
    entry.usedAt = this.#elapsed();
    this.#open.delete(token);
    this.#open.set(token, entry);
    return entry.user;
  }

  /** Whether its user is who he was, and has not been silent too long. */
  #lasts({ user, usedAt }: Entry): boolean {
    const now = this.#users.named(user.name);
    const isSame = now?.role === user.role && now.password === user.password;
    return isSame && this.#elapsed() - usedAt < limits.web.sessionMs;
  }

  leave(token: string): void {
    const entry = this.#open.get(token);
    this.#open.delete(token);
    for (const run of entry?.waiting ?? []) run();
  }

  /** Runs when a session ends, however it does; at once where it has. The result forgets it. */
  whenOver(token: string, run: () => void): () => void {
    const waiting = this.#open.get(token)?.waiting;
    if (waiting === undefined) run();
    waiting?.add(run);
    return () => waiting?.delete(run);
  }

  /** Ends what has timed out, and the sessions of those who are no longer who they were. */
  sweep(): void {
    for (const [token, entry] of this.#open) if (!this.#lasts(entry)) this.leave(token);
  }
}
