/** Hashing passwords, which takes its time: done where nobody waits, or beside the event loop before a command is obeyed. */
import type { Caller } from "#io/desk.ts";
import { checkPassword, hashPassword, hashPasswordLater, isHash, passwordMatches } from "#io/password.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { FACTORY, type Passwords, type PasswordWork } from "./passwords.ts";

/** Of passwords that are sent, worked out at once: by whoever tells a meter in this process, where nobody waits. */
export const hashedAtOnce: PasswordWork = {
  hash: (_user, password) => hashPassword(password),
  matches: (_user, password, hash) => passwordMatches(password, hash),
};

/** Of what stands in the site's own files, where a hash stands for its password. At a start nobody waits. */
export const ofFile: PasswordWork = {
  hash: (_user, text) => (isHash(text) ? text : hashPassword(text)),
  matches: (_user, text, hash) => (isHash(text) ? text === hash : passwordMatches(text, hash)),
};

/** What was worked out of the passwords of a command: hashes of those that are others than their users have. */
export class WorkedOut implements PasswordWork {
  readonly #hashes: ReadonlyMap<string, string>;

  constructor(hashes: ReadonlyMap<string, string>) {
    this.#hashes = hashes;
  }

  hash(user: string): string {
    const hash = this.#hashes.get(user);
    if (hash === undefined) throw new Error(`the password of ${user} was not worked out`);
    return hash;
  }

  matches(user: string): boolean {
    return !this.#hashes.has(user);
  }
}

/** Works out the passwords that users are given; undefined when too much is being worked on for others. */
export async function workOut(
  users: RevenueFile["users"],
  passwords: Passwords,
  caller: Caller,
): Promise<WorkedOut | undefined> {
  const hashes = new Map<string, string>();
  for (const { name, password } of users) {
    if (password === undefined || password === FACTORY) continue;
    const now = passwords.hashOf(name);
    const same = now === undefined ? false : await checkPassword(password, now, caller);
    if (same === true) continue;
    const hash = same === undefined ? undefined : await hashPasswordLater(password, caller);
    if (hash === undefined) return undefined;
    hashes.set(name, hash);
  }
  return new WorkedOut(hashes);
}
