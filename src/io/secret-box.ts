/** Secrets that must be recovered, under AES-256-GCM (NIST SP 800-38D). */
import { IV_LENGTH, openGcm, sealGcm, unguessable } from "./ciphers.ts";

/** Bytes of a key. */
export const KEY_LENGTH = 32;
const TAG_LENGTH = 16;

export function randomKey(): Uint8Array {
  return unguessable(KEY_LENGTH);
}

/**
 * A box: nonce, ciphertext, tag. `bound` is what the box belongs to; it is not in it, and it opens with the same only. Nonces
 * are random: a key may seal 2^32 times (clause 8.3).
 */
export function seal(
  key: Uint8Array,
  plain: Uint8Array,
  bound: Uint8Array,
  nonce: Uint8Array = unguessable(IV_LENGTH),
): Uint8Array {
  const sealed = sealGcm(plain, { key, iv: nonce, associated: bound, tagLength: TAG_LENGTH });
  return Uint8Array.of(...nonce, ...sealed);
}

/** What is in a box; undefined of one that another key sealed, that belongs elsewhere, or that is damaged. */
export function open(key: Uint8Array, box: Uint8Array, bound: Uint8Array): Uint8Array | undefined {
  const iv = box.subarray(0, IV_LENGTH);
  if (iv.length < IV_LENGTH) return undefined;
  return openGcm(box.subarray(IV_LENGTH), { key, iv, associated: bound, tagLength: TAG_LENGTH });
}
