import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from "node:crypto";
import { limits } from "#quantity/limits.ts";
import { Desks, type Caller } from "./desk.ts";

const LENGTH = 32;
/** Work of one hash: some ten milliseconds. */
const COST = { N: 4096, r: 8, p: 1 };

/** A hash with its own salt: "scrypt$salt$hash", hexadecimal. Nobody may be waiting: meanwhile nothing else is done. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return hashOf(salt, scryptSync(password, salt, LENGTH, COST));
}

function hashOf(salt: Uint8Array, made: Uint8Array): string {
  return `scrypt$${Buffer.from(salt).toString("hex")}$${Buffer.from(made).toString("hex")}`;
}

/** Whether a text is a hash as they are made here, to the letter: what only begins like one is a password. */
export function isHash(text: string): boolean {
  return /^scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}$/.test(text);
}

export function passwordMatches(password: string, hash: string): boolean {
  const { salt, expected } = partsOf(hash);
  return expected !== undefined && timingSafeEqual(scryptSync(password, salt, LENGTH, COST), expected);
}

/** What is no hash has a salt all the same, so that as much work can be done on it. */
function partsOf(hash: string): { readonly salt: Uint8Array; readonly expected: Uint8Array | undefined } {
  const [kind, salt = "", expected = ""] = hash.split("$");
  const known = kind === "scrypt" && expected.length === 2 * LENGTH;
  return { salt: Buffer.from(salt, "hex"), expected: known ? Buffer.from(expected, "hex") : undefined };
}

const desks = new Desks(limits.people.passwords);

function worked(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, LENGTH, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/**
 * Whether a password is the one of a hash; undefined when too many are being asked at once. Without a hash it takes as
 * long, and is false: nobody can tell from the time whether there is one.
 */
export function checkPassword(
  password: string,
  hash: string | undefined,
  caller: Caller,
): Promise<boolean | undefined> {
  const { salt, expected } = partsOf(hash ?? "");
  return desks.take(caller, async () => {
    const made = await worked(password, salt);
    return expected !== undefined && timingSafeEqual(made, expected);
  });
}

/** A hash of a password, made beside the event loop; undefined when too many are being asked for at once. */
export function hashPasswordLater(password: string, caller: Caller): Promise<string | undefined> {
  const salt = randomBytes(16);
  return desks.take(caller, async () => hashOf(salt, await worked(password, salt)));
}

/** What nobody can guess: a session's token. */
export function randomToken(): string {
  return randomBytes(24).toString("hex");
}

/** A token's hash, hexadecimal: nobody guesses a token, so that one round of work is enough. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Takes as long whatever the token is. */
export function isTokenOf(token: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hash));
}

/** Eight bytes that nobody can guess: what a question over UDP is known by. */
export function randomNonce(): Uint8Array {
  return randomBytes(8);
}
