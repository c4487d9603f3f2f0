/** Passwords of a meter's users, as hashes and apart from its configuration: no text that somebody sends can be taken for one. */
import { isHash } from "#io/password.ts";
import type { MeterStore } from "#store/store.ts";
import type { RevenueFile } from "./configuration-schema.ts";

type Users = RevenueFile["users"];

/** What a configuration says of the password that everybody's is in the beginning, and of which there is no hash: his name. */
export const FACTORY = "factory";

/** Where they are kept: of users, and what the site file said of them when it was read last. */
export type PasswordsOf = "passwords" | "passwords-file";

/** Hashing, which takes its time (password-work.ts). */
export interface PasswordWork {
  hash(user: string, password: string): string;
  matches(user: string, password: string, hash: string): boolean;
}

/** A configuration as it is shown and kept. */
export function withoutPasswords(file: RevenueFile): RevenueFile {
  if (file.users.every(({ password }) => password === undefined)) return file;
  return { ...file, users: file.users.map(({ name, privileges }) => ({ name, privileges })) };
}

export class Passwords {
  readonly #store: MeterStore;
  readonly #key: PasswordsOf;
  /** By user; who is not in it has the factory's: his name. */
  #hashes: ReadonlyMap<string, string>;

  constructor(store: MeterStore, key: PasswordsOf) {
    this.#store = store;
    this.#key = key;
    store.holds(key, () => (this.#hashes.size === 0 ? undefined : this.#bytes));
    const bytes = store.get(key);
    const kept = bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>);
    this.#hashes = new Map(Object.entries(kept));
  }

  /** Takes over what an earlier version kept in the configuration itself: hashes, or "factory". */
  takeOver(users: Users): void {
    this.#hashes = new Map(
      users.flatMap(({ name, password }) =>
        password !== undefined && isHash(password) ? [[name, password] as const] : [],
      ),
    );
    this.#put();
  }

  /** Undefined of a user who has the factory's password. */
  hashOf(name: string): string | undefined {
    return this.#hashes.get(name);
  }

  /** What there is now, by identity: another when any of them may be another. */
  get state(): object {
    return this.#hashes;
  }

  /** Has those that another has. */
  copy(other: Passwords): void {
    this.#hashes = other.#hashes;
    this.#put();
  }

  /** Of passwords in a text only those that are others than their users have: hashing takes its time. */
  changed(users: Users, work: PasswordWork): Users {
    if (users.every(({ password }) => password === undefined)) return users;
    return users.map((user) => {
      const { name, privileges, password } = user;
      return password === undefined || this.#isThere(name, password, work) ? { name, privileges } : user;
    });
  }

  #isThere(name: string, password: string, work: PasswordWork): boolean {
    const hash = this.hashOf(name);
    if (password === FACTORY || hash === undefined) return password === FACTORY && hash === undefined;
    return work.matches(name, password, hash);
  }

  /**
   * Takes the passwords that are given, and forgets those of who is no user any more; whoever is new without one has the
   * factory's. Returns who has another now. It is on disk with the configuration that is kept next.
   */
  take(users: Users, work: PasswordWork): readonly string[] {
    this.#hashes = new Map(
      users.flatMap(({ name, password }) => {
        if (password === FACTORY) return [];
        const hash = password === undefined ? this.#hashes.get(name) : work.hash(name, password);
        return hash === undefined ? [] : [[name, hash] as const];
      }),
    );
    this.#put();
    return users.filter(({ password }) => password !== undefined).map(({ name }) => name);
  }

  /** Gives everybody the factory's; returns who had another. */
  reset(): readonly string[] {
    const had = [...this.#hashes.keys()];
    this.#hashes = new Map();
    this.#put();
    return had;
  }

  #put(): void {
    this.#store.put(this.#key, this.#bytes);
  }

  get #bytes(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(Object.fromEntries(this.#hashes)));
  }
}
