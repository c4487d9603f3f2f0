/**
 * How sessions of R-GOOSE are signed and ciphered (IEC TR 61850-90-5, 11.3.2 and table 9). The signature is made of all octets before it, from the
 * first on; ciphered is the payload and, where there is one, its signature, and all octets before the payload are authenticated with it.
 */
import { IV_LENGTH, isSame, mac, openGcm, sealGcm, unguessable } from "#io/ciphers.ts";
import {
  readPayloads,
  readSessionPdu,
  sessionHead,
  signatureIn,
  signed,
  writePayload,
  type SessionPayload,
} from "./session-pdu.ts";

export const signatures = {
  none: { octets: 0, number: 0 },
  "hmac-sha256-80": { octets: 10, number: 1 },
  "hmac-sha256-128": { octets: 16, number: 2 },
  "hmac-sha256-256": { octets: 32, number: 3 },
} as const;
export type Signature = keyof typeof signatures;

export const encryptions = {
  none: { octets: 0, number: 0 },
  "aes-128-gcm": { octets: 16, number: 1 },
  "aes-256-gcm": { octets: 32, number: 2 },
} as const;
export type Encryption = keyof typeof encryptions;

/** What two have agreed on beforehand: a key distribution centre (GDOI) there is none. */
export interface SessionKey {
  /** 0 names none. */
  readonly id: number;
  readonly signature: Signature;
  readonly encryption: Encryption;
  readonly key: Uint8Array;
}

/** Fewer octets make a signature that is worth less than its own length (NIST SP 800-107, 5.3.4). */
const LEAST_KEY = 16;

/** A key in hex as octets; else why it is none for what it is to do. What was given is not said. */
export function keyOctets(text: string, encryption: Encryption): Uint8Array | string {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return "expected hex, two digits an octet";
  const octets = Uint8Array.from({ length: text.length / 2 }, (_, k) =>
    Number.parseInt(text.slice(2 * k, 2 * k + 2), 16),
  );
  const { octets: needed } = encryptions[encryption];
  if (needed > 0 && octets.length !== needed) return `expected ${needed} octets for ${encryption}`;
  return octets.length < LEAST_KEY ? `expected ${LEAST_KEY} octets at least` : octets;
}

const NOTHING = new Uint8Array(0);
const TAG_LENGTH = 16;

/** Without a key what is sent is neither signed nor ciphered. */
export class SessionWriter {
  readonly #key: SessionKey | undefined;
  readonly #vector: () => Uint8Array;
  #number: number;

  /**
   * `first` is the first number: above all that the sender has sent under its key, or receivers take what it says for a replay. `vector` gives
   * one that was never given before.
   */
  constructor(key: SessionKey | undefined, first = 0, vector: () => Uint8Array = () => unguessable(IV_LENGTH)) {
    this.#key = key;
    this.#number = first;
    this.#vector = vector;
  }

  /** A datagram with one PDU. */
  write(payload: SessionPayload): Uint8Array {
    const key = this.#key;
    const isCiphered = key !== undefined && key.encryption !== "none";
    const content = writePayload(payload);
    const head = sessionHead({
      number: this.#number,
      version: 2,
      keyTime: 0,
      nextKeyMinutes: 0,
      keyId: key?.id ?? 0,
      vector: isCiphered ? this.#vector() : NOTHING,
      payloadLength: content.length,
    });
    this.#number = (this.#number + 1) % 2 ** 32;
    const plain = joined(head, content);
    if (key === undefined) return plain;
    const { octets } = signatures[key.signature];
    const whole = octets === 0 ? plain : signed(plain, mac("sha256", key.key, plain).subarray(0, octets));
    if (!isCiphered) return whole;
    const iv = head.subarray(head.length - 4 - IV_LENGTH, head.length - 4);
    const sealed = sealGcm(whole.subarray(head.length), { key: key.key, iv, associated: head, tagLength: TAG_LENGTH });
    const end = sealed.length - TAG_LENGTH;
    return signed(joined(head, sealed.subarray(0, end)), sealed.subarray(end));
  }
}

export type SessionTaken =
  | {
      readonly payloads: readonly SessionPayload[];
      readonly number: number;
      readonly keyId: number;
      /** It was signed or ciphered: nobody without the key has made it. */
      readonly isProved: boolean;
    }
  /** Why it is not taken. */
  | { readonly refused: "key" | "signature" };

export class SessionReader {
  readonly #keys: ReadonlyMap<number, SessionKey>;

  /** Without keys whatever comes is taken, if it is in the clear; with keys only what one of them fits. */
  constructor(keys: readonly SessionKey[]) {
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** Throws WireError of what is no session of GOOSE. */
  read(bytes: Uint8Array): SessionTaken {
    const session = readSessionPdu(bytes);
    const { head, payloadAt, signatureAt } = session;
    const { keyId, number } = head;
    const taken = (plain: Uint8Array, isProved: boolean): SessionTaken => ({
      payloads: readPayloads(plain.subarray(payloadAt, signatureAt)),
      number,
      keyId,
      isProved,
    });
    if (this.#keys.size === 0) return head.vector.length > 0 ? { refused: "key" } : taken(bytes, false);
    const key = this.#keys.get(keyId);
    if (key === undefined || (key.encryption === "none") !== (head.vector.length === 0)) return { refused: "key" };
    const plain = key.encryption === "none" ? bytes : opened(bytes, session, key);
    if (plain === undefined || !isSignedBy(plain, signatureAt, key)) return { refused: "signature" };
    return taken(plain, key.signature !== "none" || key.encryption !== "none");
  }
}

/** The datagram in the clear, with the signature that was ciphered with it; undefined where the tag does not fit. */
function opened(
  bytes: Uint8Array,
  { head: { vector }, payloadAt, signatureAt }: ReturnType<typeof readSessionPdu>,
  key: SessionKey,
): Uint8Array | undefined {
  if (vector.length !== IV_LENGTH) return undefined;
  const { octets } = signatures[key.signature];
  const end = octets === 0 ? signatureAt : signatureAt + 2 + octets;
  const tag = end > bytes.length ? undefined : signatureIn(bytes, end);
  if (tag?.length !== TAG_LENGTH) return undefined;
  const head = bytes.subarray(0, payloadAt);
  const content = openGcm(joined(bytes.subarray(payloadAt, end), tag), {
    key: key.key,
    iv: vector,
    associated: head,
    tagLength: TAG_LENGTH,
  });
  return content && joined(head, content);
}

function isSignedBy(plain: Uint8Array, at: number, { signature, key }: SessionKey): boolean {
  const { octets } = signatures[signature];
  if (octets === 0) return true;
  const shown = signatureIn(plain, at);
  return shown !== undefined && isSame(shown, mac("sha256", key, plain.subarray(0, at)).subarray(0, octets));
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
