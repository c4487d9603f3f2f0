/** Passwords of a meter's users, as hashes and apart from its configuration: no text that somebody sends can be taken for one. */
import { hashPassword, passwordMatches } from "#io/password.ts";
import type { MeterStore } from "#store/store.ts";
import type { RevenueFile } from "./configuration-schema.ts";

const KEY = "passwords";

type Users = RevenueFile["users"];

export class Passwords {
  readonly #store: MeterStore;
  /** By user; who is not in it has the factory's: his name. */
  #hashes: ReadonlyMap<string, string>;

  /** `earlier` is a stored configuration's users of before there was this: their passwords are hashes, or "factory". */
  constructor(store: MeterStore, earlier: Users) {
    this.#store = store;
    const bytes = store.get(KEY);
    const kept =
      bytes === undefined
        ? earlier.flatMap(({ name, password }) => (password?.startsWith("scrypt$") ? [[name, password] as const] : []))
        : Object.entries(JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>);
    this.#hashes = new Map(kept);
    if (bytes === undefined) this.#put();
  }

  /** Undefined of a user who has the factory's password. */
  hashOf(name: string): string | undefined {
    return this.#hashes.get(name);
  }

  /** Of passwords in a text only those that are others than their users have: hashing takes its time. */
  changed(users: Users): Users {
    return users.map(({ password, ...user }) => {
      const hash = this.hashOf(user.name);
      const same = password === undefined || (hash !== undefined && passwordMatches(password, hash));
      return same ? user : { ...user, password };
    });
  }

  /**
   * Takes the passwords that are given, and forgets those of who is no user any more; whoever is new without one has the
   * factory's. Returns who has another now. It is on disk with the configuration that is kept next.
   */
  take(users: Users): readonly string[] {
    const given = users.filter(({ password }) => password !== undefined);
    this.#hashes = new Map(
      users.flatMap(({ name, password }) => {
        const hash = password === undefined ? this.#hashes.get(name) : hashPassword(password);
        return hash === undefined ? [] : [[name, hash] as const];
      }),
    );
    this.#put();
    return given.map(({ name }) => name);
  }

  /** Gives everybody the factory's; returns who had another. */
  reset(): readonly string[] {
    const had = [...this.#hashes.keys()];
    this.#hashes = new Map();
    this.#put();
    return had;
  }

  #put(): void {
    this.#store.put(KEY, new TextEncoder().encode(JSON.stringify(Object.fromEntries(this.#hashes))));
  }
}
