import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const LENGTH = 32;
/** Work of one hash: some ten milliseconds. */
const COST = { N: 4096, r: 8, p: 1 };

/** A hash with its own salt: "scrypt$salt$hash", hexadecimal. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString("hex")}$${scryptSync(password, salt, LENGTH, COST).toString("hex")}`;
}

export function passwordMatches(password: string, hash: string): boolean {
  const [kind, salt = "", expected = ""] = hash.split("$");
  if (kind !== "scrypt" || expected.length !== 2 * LENGTH) return false;
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, "hex"), LENGTH, COST), Buffer.from(expected, "hex"));
}

/** What nobody can guess: a session's token. */
export function randomToken(): string {
  return randomBytes(24).toString("hex");
}

/** Eight bytes that nobody can guess: what a question over UDP is known by. */
export function randomNonce(): Uint8Array {
  return randomBytes(8);
}
