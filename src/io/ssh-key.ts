/** Keys by which SSH servers are known. */
import { createHash } from "node:crypto";
import { ssh2 } from "./ssh2.ts";

/** A new key of a server (Ed25519), as OpenSSH writes private ones. */
export function makeHostKey(): string {
  const { generateKeyPairSync, parseKey } = ssh2().utils;
  // One in some two hundred that the library writes it cannot read.
  for (let tries = 0; tries < TRIES; tries++) {
    const key = generateKeyPairSync("ed25519").private;
    if (!(parseKey(key) instanceof Error)) return key;
  }
  throw new Error("no host key can be made");
}

const TRIES = 20;

/** "SHA256:…" of a public key as SSH sends it, as OpenSSH shows it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The same of a private key; throws an Error of what is none. */
export function fingerprintOf(privateKey: string): string {
  const key = ssh2().utils.parseKey(privateKey);
  const one = Array.isArray(key) ? key[0] : key;
  if (one === undefined || one instanceof Error) throw new Error(`no private key: ${one?.message ?? "nothing"}`);
  return fingerprint(one.getPublicSSH());
}
