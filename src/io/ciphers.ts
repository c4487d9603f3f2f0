/**
 * Ciphers, hashes and random bytes that protocols are made of: AES-GCM (NIST SP 800-38D), AES key wrap (RFC 3394), AES in cipher feedback, digests. What a key
 * length says is said by the key: 16 bytes are AES-128, 32 are AES-256.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of the initialisation vector that SP 800-38D recommends (clause 5.2.1.1). */
export const IV_LENGTH = 12;

type Bits = 128 | 256;

function bitsOf(key: Uint8Array): Bits {
  if (key.length !== 16 && key.length !== 32)
    throw new Error(`an AES key of ${key.length} bytes, where 16 or 32 were expected`);
  return key.length === 16 ? 128 : 256;
}

/** Under what a message is sealed, and what is authenticated beside it. */
export interface GcmContext {
  readonly key: Uint8Array;
  /** Never the same twice under a key. */
  readonly iv: Uint8Array;
  readonly associated: Uint8Array;
  readonly tagLength: 12 | 16;
}

/** Ciphertext, and behind it the tag. */
export function sealGcm(plain: Uint8Array, { key, iv, associated, tagLength }: GcmContext): Uint8Array {
  const cipher = createCipheriv(`aes-${bitsOf(key)}-gcm`, key, iv, { authTagLength: tagLength }).setAAD(associated);
  return joined(cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** What was sealed; undefined where the tag does not fit. */
export function openGcm(sealed: Uint8Array, { key, iv, associated, tagLength }: GcmContext): Uint8Array | undefined {
  if (sealed.length < tagLength) return undefined;
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv(`aes-${bitsOf(key)}-gcm`, key, iv, { authTagLength: tagLength });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(end));
  const opened = decipher.update(sealed.subarray(0, end));
  try {
    return joined(opened, decipher.final());
  } catch {
    // What came out before the tag was looked at is nobody's.
    return undefined;
  }
}

/**
 * GCM without its tag, there and back: the counter mode that it encrypts with, which counts messages from 2 (SP 800-38D, clause 7.1).
 * Nothing shows whether what comes out is what went in.
 */
export function streamGcm(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${bitsOf(key)}-ctr`, key, Uint8Array.of(...iv, 0, 0, 0, 2));
  return joined(cipher.update(bytes), cipher.final());
}

/** RFC 3394, 2.2.3.1. */
const WRAP_IV = new Uint8Array(8).fill(0xa6);

/** A key under a key that encrypts keys: eight bytes more. */
export function wrapKey(key: Uint8Array, under: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`id-aes${bitsOf(under)}-wrap`, under, WRAP_IV);
  return joined(cipher.update(key), cipher.final());
}

/** Undefined of what was not wrapped under the key. */
export function unwrapKey(wrapped: Uint8Array, under: Uint8Array): Uint8Array | undefined {
  // Two blocks of eight bytes are the least that can be wrapped (RFC 3394, 2).
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return undefined;
  const decipher = createDecipheriv(`id-aes${bitsOf(under)}-wrap`, under, WRAP_IV);
  try {
    return joined(decipher.update(wrapped), decipher.final());
  } catch {
    // The integrity check of RFC 3394, 2.2.3.
    return undefined;
  }
}

/** AES-128 in cipher feedback of 128 bits (NIST SP 800-38A, 6.3), there and back: nothing shows whether what comes out is what went in. */
export function cipherCfb(plain: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${bitsOf(key)}-cfb`, key, iv);
  return joined(cipher.update(plain), cipher.final());
}

export function decipherCfb(encrypted: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(`aes-${bitsOf(key)}-cfb`, key, iv);
  return joined(decipher.update(encrypted), decipher.final());
}

export type Hash = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

/** HMAC (RFC 2104). */
export function mac(hash: Hash, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac(hash, key).update(bytes).digest());
}

/** Of parts, one behind the other. */
export function digest(hash: Hash, ...parts: readonly Uint8Array[]): Uint8Array {
  const made = createHash(hash);
  for (const part of parts) made.update(part);
  return new Uint8Array(made.digest());
}

/** Bytes that nobody can guess. */
export function unguessable(count: number): Uint8Array {
  return new Uint8Array(randomBytes(count));
}

/** Takes as long wherever they differ; who has another length is told so at once. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
