/**
 * Keys of users (RFC 3414, A.2): a passphrase is stretched to a megabyte and digested, and what comes of it is made the key for one engine.
 * Authentication by HMAC-SHA-96 (RFC 3414, 7) and the SHA-2 family (RFC 7860, 4), privacy by AES-128 (RFC 3826).
 */
import { digest, type Hash } from "#io/ciphers.ts";

/** Bytes of an HMAC that a message has. */
export const authentications = {
  sha: { hash: "sha1", length: 12 },
  "sha-224": { hash: "sha224", length: 16 },
  "sha-256": { hash: "sha256", length: 24 },
  "sha-384": { hash: "sha384", length: 32 },
  "sha-512": { hash: "sha512", length: 48 },
} as const satisfies Readonly<Record<string, { readonly hash: Hash; readonly length: number }>>;
export type Authentication = keyof typeof authentications;

/** RFC 3414, A.2.2. */
const STRETCHED = 1 << 20;

/** RFC 3414, 11.2. */
export const LEAST_PASSPHRASE = 8;

/** The key that a passphrase is, whatever the engine: it takes a millisecond or two. */
export function passphraseKey(hash: Hash, passphrase: Uint8Array): Uint8Array {
  const stretched = new Uint8Array(STRETCHED);
  for (let at = 0; at < STRETCHED; at += passphrase.length)
    stretched.set(passphrase.subarray(0, Math.min(passphrase.length, STRETCHED - at)), at);
  return digest(hash, stretched);
}

/** The key at one engine. */
export function localised(hash: Hash, key: Uint8Array, engineId: Uint8Array): Uint8Array {
  return digest(hash, key, engineId, key);
}
