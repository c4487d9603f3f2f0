/** X.509 certificates as DLMS has them (Green Book 9.2.6.4, RFC 5280): of whose key, for what, by whom. */
import { bytesOf, isSignature, type Curve } from "#io/curves.ts";
import { WireError } from "#wire/cursor.ts";
import { elements, objectIdentifier, tag, type Element } from "#wire/der.ts";

/** What a key is for. */
export type Usage = "signature" | "agreement" | "tls" | "authority" | "other";

export interface Certificate {
  readonly der: Uint8Array;
  readonly serial: Uint8Array;
  /** Names as they are in it: DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** DER of subjectAltName; empty where there is none. */
  readonly alternative: Uint8Array;
  /** Common name of the subject: of meters and clients their system title in hex. */
  readonly commonName: string;
  readonly usage: Usage;
  readonly curve: Curve;
  /** x and y. */
  readonly publicKey: Uint8Array;
  readonly signed: Uint8Array;
  /** r and s. */
  readonly signature: Uint8Array;
}

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const BIT_STRING = 0x03;
const INTEGER = 0x02;

const curves: Readonly<Record<string, Curve>> = { "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384" };
const identifiers = {
  commonName: "2.5.4.3",
  keyUsage: "2.5.29.15",
  alternative: "2.5.29.17",
  extendedUsage: "2.5.29.37",
} as const;

/** A DER document that is walked through. */
class Walk {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  inside({ from, to }: Element): readonly Element[] {
    return elements(this.bytes, from, to);
  }

  content({ from, to }: Element): Uint8Array {
    return this.bytes.subarray(from, to);
  }

  /** With its tag and length: what begins where the one before it ends. */
  whole(list: readonly Element[], k: number, from: number): Uint8Array {
    return this.bytes.subarray(k === 0 ? from : list[k - 1]?.to, list[k]?.to);
  }
}

function needed(element: Element | undefined, what: string, kind?: number): Element {
  if (element === undefined || (kind !== undefined && element.tag !== kind))
    throw new WireError(`a certificate without ${what}`, element?.from ?? 0);
  return element;
}

/** Throws WireError of what is none on one of the two curves. */
export function parseCertificate(der: Uint8Array): Certificate {
  const walk = new Walk(der);
  const outer = needed(elements(der, 0, der.length)[0], "a sequence", tag.sequence);
  if (outer.to !== der.length) throw new WireError(`${der.length - outer.to} bytes behind the certificate`, outer.to);
  const parts = walk.inside(outer);
  const body = needed(parts[0], "a body", tag.sequence);
  const all = walk.inside(body);
  const first = all[0]?.tag === VERSION ? 1 : 0;
  const whole = (k: number): Uint8Array => walk.whole(all, first + k, body.from);
  const subject = needed(all[first + 4], "a subject", tag.sequence);
  const key = publicKeyIn(walk, needed(all[first + 5], "a key", tag.sequence));
  // What is outside of what is signed says the same (RFC 5280, 4.1.1.2).
  if (parts.length !== 3 || !isEqual(walk.whole(parts, 1, outer.from), whole(1)))
    throw new WireError("a certificate whose two signature algorithms differ", body.to);
  const extensions = all.find((one) => one.tag === EXTENSIONS);
  return {
    der,
    serial: walk.content(needed(all[first], "a serial number", INTEGER)),
    issuer: whole(2),
    subject: whole(4),
    commonName: commonNameIn(walk, subject),
    ...key,
    ...extensionsIn(walk, extensions),
    signed: walk.whole(parts, 0, outer.from),
    signature: signatureIn(walk, needed(parts[2], "a signature", BIT_STRING), key.curve),
  };
}

function commonNameIn(walk: Walk, subject: Element): string {
  for (const set of walk.inside(subject))
    for (const pair of walk.inside(set)) {
      const [type, value] = walk.inside(pair);
      if (type !== undefined && value !== undefined && objectIdentifier(walk.bytes, type) === identifiers.commonName)
        return new TextDecoder().decode(walk.content(value));
    }
  return "";
}

function publicKeyIn(walk: Walk, key: Element): Pick<Certificate, "curve" | "publicKey"> {
  const [algorithm, bits] = walk.inside(key);
  const [, parameters] = walk.inside(needed(algorithm, "the algorithm of its key", tag.sequence));
  const named = needed(parameters, "a named curve", tag.objectIdentifier);
  const curve = curves[objectIdentifier(walk.bytes, named)];
  if (curve === undefined) throw new WireError("a key on another curve than P-256 and P-384", named.from);
  const { from, to } = needed(bits, "a key", BIT_STRING);
  // No unused bits, and both numbers.
  if (to - from !== 2 + 2 * bytesOf(curve) || walk.bytes[from] !== 0 || walk.bytes[from + 1] !== 4)
    throw new WireError("a key that is no point of two numbers", from);
  return { curve, publicKey: walk.bytes.subarray(from + 2, to) };
}

function extensionsIn(walk: Walk, list: Element | undefined): Pick<Certificate, "usage" | "alternative"> {
  let usage: Usage = "other";
  let alternative = new Uint8Array(0);
  let isTls = false;
  const [sequence] = list === undefined ? [] : walk.inside(list);
  for (const extension of sequence === undefined ? [] : walk.inside(sequence)) {
    const inside = walk.inside(extension);
    const name = objectIdentifier(walk.bytes, needed(inside[0], "the name of an extension", tag.objectIdentifier));
    const value = needed(inside.at(-1), "the value of an extension", tag.octetString);
    if (name === identifiers.extendedUsage) isTls = true;
    if (name === identifiers.alternative) alternative = Uint8Array.from(walk.content(value));
    if (name === identifiers.keyUsage) usage = usageIn(walk, needed(walk.inside(value)[0], "a key usage", BIT_STRING));
  }
  return { usage: isTls && usage !== "authority" ? "tls" : usage, alternative };
}

/** Bits 0 digitalSignature, 4 keyAgreement, 5 keyCertSign, behind the number of unused bits. */
function usageIn(walk: Walk, { from }: Element): Usage {
  const bits = walk.bytes[from + 1] ?? 0;
  if ((bits & 0x04) !== 0) return "authority";
  if ((bits & 0x08) !== 0) return "agreement";
  return (bits & 0x80) !== 0 ? "signature" : "other";
}

/** Two integers; those that are longer than the curve's are no signature of it. */
function signatureIn(walk: Walk, bits: Element, curve: Curve): Uint8Array {
  if (walk.bytes[bits.from] !== 0) throw new WireError("a signature that is no whole bytes", bits.from);
  const [sequence] = elements(walk.bytes, bits.from + 1, bits.to);
  const numbers = walk.inside(needed(sequence, "a signature of ECDSA", tag.sequence));
  const size = bytesOf(curve);
  const raw = new Uint8Array(2 * size);
  for (const [k, what] of ["r", "s"].entries()) {
    const bytes = walk.content(needed(numbers[k], `${what} of its signature`, INTEGER));
    const digits = bytes[0] === 0 ? bytes.subarray(1) : bytes;
    // Another curve's signature: it is of whoever issued it, and is not looked at with this curve.
    if (digits.length > size) return new Uint8Array(0);
    raw.set(digits, (k + 1) * size - digits.length);
  }
  return raw;
}

/** Whether an authority has signed a certificate: by name, and by its key. Both are on one curve. */
export function isIssuedBy({ issuer, signed, signature, curve }: Certificate, authority: Certificate): boolean {
  if (authority.usage !== "authority" || authority.curve !== curve || !isEqual(issuer, authority.subject)) return false;
  return isSignature(curve, signed, { signature, publicKey: authority.publicKey });
}

export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, k) => byte === other[k]);
}

/** Certificates that lie one behind the other. Throws WireError where one does not end. */
export function certificatesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const list = elements(bytes, 0, bytes.length);
  return list.map((one, k) => bytes.subarray(list[k - 1]?.to ?? 0, one.to));
}
