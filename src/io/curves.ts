/**
 * Elliptic curves P-256 and P-384 (FIPS 186-4) with raw keys, as protocols carry them: a private key is its number, a public key x and y
 * without a mark before them, a signature r and s; numbers are as long as the curve has bytes.
 */
import { createECDH, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

/** The hash that belongs to a curve is that of NSA Suite B. */
const curves = {
  "P-256": { name: "prime256v1", bytes: 32, hash: "sha256" },
  "P-384": { name: "secp384r1", bytes: 48, hash: "sha384" },
} as const;
export type Curve = keyof typeof curves;

/** Bytes of a private key; a public key and a signature have twice that. */
export function bytesOf(curve: Curve): number {
  return curves[curve].bytes;
}

export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The mark of a point that has both numbers (SEC 1, 2.3.3). */
const UNCOMPRESSED = 4;

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

export function makeKeyPair(curve: Curve): KeyPair {
  const { name, bytes } = curves[curve];
  const made = createECDH(name);
  const point = made.generateKeys();
  const number = made.getPrivateKey();
  const privateKey = new Uint8Array(bytes);
  // Zeros before the number are not given.
  privateKey.set(number, bytes - number.length);
  return { privateKey, publicKey: Uint8Array.from(point.subarray(1)) };
}

/** Undefined of a number that is no private key of the curve. */
export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array | undefined {
  const { name, bytes } = curves[curve];
  if (privateKey.length !== bytes) return undefined;
  const own = createECDH(name);
  try {
    own.setPrivateKey(privateKey);
    return Uint8Array.from(own.getPublicKey().subarray(1));
  } catch {
    // Zero, or not below the order of the curve.
    return undefined;
  }
}

function coordinates(curve: Curve, publicKey: Uint8Array): { kty: "EC"; crv: Curve; x: string; y: string } {
  const { bytes } = curves[curve];
  return { kty: "EC", crv: curve, x: text(publicKey.subarray(0, bytes)), y: text(publicKey.subarray(bytes)) };
}

function publicObject(curve: Curve, publicKey: Uint8Array): KeyObject | undefined {
  if (publicKey.length !== 2 * curves[curve].bytes) return undefined;
  try {
    return createPublicKey({ format: "jwk", key: coordinates(curve, publicKey) });
  } catch {
    // Not on the curve.
    return undefined;
  }
}

/** Whether the numbers are a point of the curve. */
export function isPublicKey(curve: Curve, publicKey: Uint8Array): boolean {
  return publicObject(curve, publicKey) !== undefined;
}

/** ECDSA over the curve's hash; undefined of what is no private key. */
export function signed(curve: Curve, message: Uint8Array, privateKey: Uint8Array): Uint8Array | undefined {
  const publicKey = publicKeyOf(curve, privateKey);
  if (publicKey === undefined) return undefined;
  const key = createPrivateKey({ format: "jwk", key: { ...coordinates(curve, publicKey), d: text(privateKey) } });
  return Uint8Array.from(sign(curves[curve].hash, message, { key, dsaEncoding: "ieee-p1363" }));
}

export function isSignature(
  curve: Curve,
  message: Uint8Array,
  by: { signature: Uint8Array; publicKey: Uint8Array },
): boolean {
  const key = publicObject(curve, by.publicKey);
  if (key === undefined || by.signature.length !== 2 * curves[curve].bytes) return false;
  return verify(curves[curve].hash, message, { key, dsaEncoding: "ieee-p1363" }, by.signature);
}

/** The secret that two share (ECC CDH, SP 800-56A 5.7.1.2): x of the product; undefined of what is no key of the curve. */
export function sharedSecret(curve: Curve, privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  const { name, bytes } = curves[curve];
  if (privateKey.length !== bytes || publicKey.length !== 2 * bytes) return undefined;
  const own = createECDH(name);
  try {
    own.setPrivateKey(privateKey);
    return Uint8Array.from(own.computeSecret(Uint8Array.of(UNCOMPRESSED, ...publicKey)));
  } catch {
    // No number of the curve's, or a point that is not on it.
    return undefined;
  }
}
