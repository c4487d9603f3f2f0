/** A certification request (PKCS #10, RFC 2986) for a key of the server, whose name is its system title (Green Book 9.2.6.4). */
import { publicKeyOf, signed, type Curve } from "#io/curves.ts";
import { element, unsignedInteger } from "#wire/der-write.ts";

const tags = {
  bitString: 0x03,
  objectIdentifier: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  attributes: 0xa0,
} as const;

/** Contents of object identifiers (RFC 5480, RFC 5758, X.520). */
const identifiers = {
  // 2.5.4.3
  commonName: [0x55, 0x04, 0x03],
  // 1.2.840.10045.2.1
  ecPublicKey: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  // 1.2.840.10045.3.1.7, 1.3.132.0.34
  "P-256": [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  "P-384": [0x2b, 0x81, 0x04, 0x00, 0x22],
  // 1.2.840.10045.4.3.2 and .3: ECDSA with SHA-256 and SHA-384
  "signed P-256": [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  "signed P-384": [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03],
} as const;

const sequence = (...contents: readonly Uint8Array[]): Uint8Array => element(tags.sequence, ...contents);
const identifier = (name: keyof typeof identifiers): Uint8Array =>
  element(tags.objectIdentifier, Uint8Array.from(identifiers[name]));
/** All bits of whole bytes. */
const bits = (bytes: Uint8Array): Uint8Array => element(tags.bitString, Uint8Array.of(0), bytes);

/** Undefined where the private key is none of the curve. */
export function certificateRequest(curve: Curve, privateKey: Uint8Array, title: Uint8Array): Uint8Array | undefined {
  const publicKey = publicKeyOf(curve, privateKey);
  if (publicKey === undefined) return undefined;
  const name = new TextEncoder().encode(title.toHex().toUpperCase());
  const subject = sequence(element(tags.set, sequence(identifier("commonName"), element(tags.utf8, name))));
  const key = sequence(sequence(identifier("ecPublicKey"), identifier(curve)), bits(Uint8Array.of(0x04, ...publicKey)));
  const version = unsignedInteger(Uint8Array.of(0));
  const information = sequence(version, subject, key, element(tags.attributes));
  const signature = signed(curve, information, privateKey);
  if (signature === undefined) return undefined;
  const half = signature.length / 2;
  const numbers = sequence(unsignedInteger(signature.subarray(0, half)), unsignedInteger(signature.subarray(half)));
  return sequence(information, sequence(identifier(`signed ${curve}`)), bits(numbers));
}
