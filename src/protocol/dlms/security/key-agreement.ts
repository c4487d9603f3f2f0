/** Keys that two agree on (Green Book 9.2.3.4.6): ECDH, and of what comes out a key by the KDF of NIST SP 800-56A, 5.8.1. */
import { digest } from "#io/ciphers.ts";
import { bytesOf, isSignature, makeKeyPair, sharedSecret, signed, type Curve } from "#io/curves.ts";
import { suites } from "./suite.ts";
import type { SuiteId } from "./protection.ts";

/** Who agrees: the one who begins (U) and the other (V), by their system titles; what else is his in the derivation. */
export interface Parties {
  readonly originator: Uint8Array;
  /** C(0e, 2s): the transaction, with its length, which is never the same twice. */
  readonly nonce?: Uint8Array | undefined;
  readonly recipient: Uint8Array;
}

const ONE = Uint8Array.of(0, 0, 0, 1);
const NOTHING = new Uint8Array(0);

/** Of a secret that two share a key for AES-GCM; undefined of suite 0. One round of the hash is enough for each suite. */
export function derivedKey(suite: SuiteId, secret: Uint8Array, parties: Parties): Uint8Array | undefined {
  const { keyLength, algorithm, curve } = suites[suite];
  if (algorithm === undefined || curve === undefined) return undefined;
  const { originator, nonce = NOTHING, recipient } = parties;
  const hash = curve === "P-256" ? "sha256" : "sha384";
  return digest(hash, ONE, secret, algorithm, originator, nonce, recipient).subarray(0, keyLength);
}

/** The key that somebody's private key and the other's public one make; undefined of what is no key of the suite's curve. */
export function agreedKey(
  suite: SuiteId,
  keys: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array },
  parties: Parties,
): Uint8Array | undefined {
  const { curve } = suites[suite];
  const secret = curve === undefined ? undefined : sharedSecret(curve, keys.privateKey, keys.publicKey);
  return secret === undefined ? undefined : derivedKey(suite, secret, parties);
}

/** An ephemeral key, and what is sent of it: x, y, and their signature behind `mark` (the key's number, where there are several). */
export interface Ephemeral {
  readonly privateKey: Uint8Array;
  readonly data: Uint8Array;
}

/** Undefined where the signing key is none of the curve. */
export function makeEphemeral(curve: Curve, signing: Uint8Array, mark: Uint8Array = NOTHING): Ephemeral | undefined {
  const { privateKey, publicKey } = makeKeyPair(curve);
  const signature = signed(curve, Uint8Array.of(...mark, ...publicKey), signing);
  return signature === undefined ? undefined : { privateKey, data: Uint8Array.of(...publicKey, ...signature) };
}

/** The public key of what was sent; undefined where its signature is not of who should have sent it. */
export function ephemeralOf(
  curve: Curve,
  data: Uint8Array,
  by: { readonly publicKey: Uint8Array; readonly mark?: Uint8Array },
): Uint8Array | undefined {
  // x, y, r and s.
  if (data.length !== 4 * bytesOf(curve)) return undefined;
  const half = data.length / 2;
  const publicKey = data.subarray(0, half);
  const message = Uint8Array.of(...(by.mark ?? NOTHING), ...publicKey);
  const isTheirs = isSignature(curve, message, { signature: data.subarray(half), publicKey: by.publicKey });
  return isTheirs ? publicKey : undefined;
}
