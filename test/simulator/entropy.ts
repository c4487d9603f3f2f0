/**
 * What nobody can guess (salts, tokens, keys) comes from the seed while a run lasts, and a password's hash is made in the next turn of the
 * event loop: on the pool of threads it would be ready at another instant each time, and after ten milliseconds. Work in turns of the
 * event loop is done in one of them, and so before: how many it takes depends on what this process happens to remember.
 */
import crypto, { createHash } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { setImmediate as nextTurn } from "node:timers";
import timers from "node:timers/promises";
import type { Chance } from "./chance.ts";

type Done = (error: Error | null, key: Buffer) => void;

function hashOf(password: crypto.BinaryLike, salt: crypto.BinaryLike, length: number): Buffer {
  const text = (part: crypto.BinaryLike): Uint8Array =>
    typeof part === "string" ? Buffer.from(part) : (part as Uint8Array);
  return createHash("shake256", { outputLength: length }).update(text(salt)).update(text(password)).digest();
}

/** Returns what puts the computer's own back. */
export function seedEntropy(chance: Chance): () => void {
  const real = { randomBytes: crypto.randomBytes, scrypt: crypto.scrypt, scryptSync: crypto.scryptSync };
  const seeded = {
    randomBytes: (size: number) => Buffer.from(chance.bytes(size)),
    scryptSync: hashOf,
    scrypt(password: crypto.BinaryLike, salt: crypto.BinaryLike, length: number, _cost: unknown, done: Done) {
      nextTurn(() => done(null, hashOf(password, salt, length)));
    },
  };
  const { setImmediate } = timers;
  Object.assign(crypto, seeded);
  Object.assign(timers, { setImmediate: () => Promise.resolve() });
  syncBuiltinESMExports();
  return () => {
    Object.assign(crypto, real);
    Object.assign(timers, { setImmediate });
    syncBuiltinESMExports();
  };
}
