/** Passwords in a configuration: what stands in a file is kept as a hash, and what is left out stays what it was. */
import type { RevenueFile } from "./configuration-schema.ts";

type Users = RevenueFile["users"];

/** What makes hashes of passwords, and says whether one is of a password. */
export interface Hashing {
  readonly hash: (password: string) => string;
  readonly matches: (password: string, hash: string) => boolean;
}

/**
 * Users with hashes for the passwords that people write. A password that is the one that there was keeps its hash: it is no
 * other. What is left out is left out.
 */
export function hashed(users: Users, before: Users, { hash, matches }: Hashing): Users {
  if (!users.some(({ password }) => isPlain(password))) return users;
  return users.map((user) => {
    if (!isPlain(user.password)) return user;
    const kept = before.find(({ name }) => name === user.name)?.password;
    const stays = kept !== undefined && kept !== "factory" && matches(user.password, kept);
    return { ...user, password: stays ? kept : hash(user.password) };
  });
}

function isPlain(password: string | undefined): password is string {
  return password !== undefined && password !== "factory" && !password.startsWith("scrypt$");
}

/** Users that all have a password: what is left out stays what it was, and a new user's is the factory's. */
export function filled(users: Users, before: Users): Users {
  if (users.every(({ password }) => password !== undefined)) return users;
  return users.map((user) => {
    const kept = before.find(({ name }) => name === user.name)?.password;
    return user.password === undefined ? { ...user, password: kept ?? "factory" } : user;
  });
}
