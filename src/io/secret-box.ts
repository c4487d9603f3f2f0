/** Secrets that must be recovered, under AES-256-GCM (NIST SP 800-38D). */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Bytes of a key. */
export const KEY_LENGTH = 32;
/** The initialisation vector of 96 bits that SP 800-38D recommends (clause 5.2.1.1). */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

export function randomKey(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_LENGTH));
}

/**
 * A box: nonce, ciphertext, tag. `bound` is what the box belongs to; it is not in it, and it opens with the same only. Nonces
 * are random: a key may seal 2^32 times (clause 8.3).
 */
export function seal(
  key: Uint8Array,
  plain: Uint8Array,
  bound: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_LENGTH),
): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_LENGTH }).setAAD(bound);
  const sealed = [cipher.update(plain), cipher.final()];
  return Uint8Array.from(Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]));
}

/** What is in a box; undefined of one that another key sealed, that belongs elsewhere, or that is damaged. */
export function open(key: Uint8Array, box: Uint8Array, bound: Uint8Array): Uint8Array | undefined {
  if (box.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  const nonce = box.subarray(0, NONCE_LENGTH);
  const tag = box.subarray(box.length - TAG_LENGTH);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(bound).setAuthTag(tag);
  const opened = decipher.update(box.subarray(NONCE_LENGTH, box.length - TAG_LENGTH));
  try {
    return Uint8Array.from(Buffer.concat([opened, decipher.final()]));
  } catch {
    // The tag does not fit: what came out before it is nobody's.
    return undefined;
  }
}
