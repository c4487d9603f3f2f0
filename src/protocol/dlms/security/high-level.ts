/**
 * High-level security: challenges, and what proves that who answers them has the secret (Green Book 9.2.7.4.4, table 32). The client
 * answers the server's challenge in pass 3, the server the client's in pass 4; each is the same function of who proves and who asked.
 */
import { digest, isSame, sealGcm, unguessable } from "#io/ciphers.ts";
import { isSignature, signed } from "#io/curves.ts";
import { Reader, Writer } from "#wire/cursor.ts";
import type { Mechanism } from "#protocol/dlms/cosem/logical-device.ts";
import { TAG_LENGTH, TITLE_LENGTH } from "./ciphering.ts";
import type { Keyring } from "./party.ts";
import { suites } from "./suite.ts";

/** Mechanisms by challenge and answer; what the manufacturer's own does, nobody else knows. */
export type HighLevel = Exclude<Mechanism, "none" | "low" | "high">;

export function isHighLevel(mechanism: Mechanism): mechanism is HighLevel {
  return mechanism !== "none" && mechanism !== "low" && mechanism !== "high";
}

/** Shortest and longest challenges (Green Book 9.2.7.4.4; of ECDSA the shortest is 32). */
const SHORTEST = 8;
const SHORTEST_ECDSA = 32;
const LONGEST = 64;

/** As long as those that clients are known to take. */
export function makeChallenge(mechanism: HighLevel): Uint8Array {
  return unguessable(mechanism === "high-ecdsa" ? SHORTEST_ECDSA : 16);
}

/** Why a challenge is none, in words; what was sent itself would be answered by who sent it. */
export function wrongChallenge(mechanism: HighLevel, challenge: Uint8Array, own?: Uint8Array): string | undefined {
  const shortest = mechanism === "high-ecdsa" ? SHORTEST_ECDSA : SHORTEST;
  if (challenge.length < shortest || challenge.length > LONGEST)
    return `a challenge of ${challenge.length} bytes, where ${shortest} to ${LONGEST} were expected`;
  return own !== undefined && isSame(challenge, own) ? "the challenge that was sent" : undefined;
}

/** Who proves himself: titles and challenges as he sees them. */
export interface Proving {
  readonly mechanism: HighLevel;
  /** What he was asked, and what he asked. */
  readonly asked: Uint8Array;
  readonly own: Uint8Array;
  /** System titles; of SHA-256, GMAC and ECDSA they are needed. */
  readonly title: Uint8Array | undefined;
  readonly peerTitle: Uint8Array | undefined;
  /** Of MD5, SHA-1, SHA-256. */
  readonly secret?: Uint8Array | undefined;
}

const AUTHENTICATED = 0x10;
const NOTHING = new Uint8Array(0);

function isTitle(title: Uint8Array | undefined): title is Uint8Array {
  return title?.length === TITLE_LENGTH;
}

function hashed({ mechanism, asked, own, title, peerTitle, secret }: Proving): Uint8Array | undefined {
  if (secret === undefined || secret.length === 0) return undefined;
  if (mechanism === "high-md5") return digest("md5", asked, secret);
  if (mechanism === "high-sha1") return digest("sha1", asked, secret);
  if (!isTitle(title) || !isTitle(peerTitle)) return undefined;
  return digest("sha256", secret, title, peerTitle, asked, own);
}

function gmac({ title, asked }: Proving, keys: Keyring, counter: number): Uint8Array | undefined {
  const { encryption, authentication, suite } = keys;
  const { keyLength } = suites[suite];
  if (!isTitle(title) || encryption?.length !== keyLength || authentication?.length !== keyLength) return undefined;
  const control = AUTHENTICATED | suite;
  const iv = new Writer(TITLE_LENGTH + 4).bytes(title).u32(counter).done();
  const associated = new Writer().u8(control).bytes(authentication).bytes(asked).done();
  const tag = sealGcm(NOTHING, { key: encryption, iv, associated, tagLength: TAG_LENGTH });
  return new Writer().u8(control).u32(counter).bytes(tag).done();
}

function message({ title, peerTitle, asked, own }: Proving): Uint8Array | undefined {
  return isTitle(title) && isTitle(peerTitle) ? Uint8Array.of(...title, ...peerTitle, ...asked, ...own) : undefined;
}

/** The answer to a challenge; undefined where a secret, a key or a system title is missing. */
export function answerTo(proving: Proving, keys: Keyring | undefined): Uint8Array | undefined {
  switch (proving.mechanism) {
    case "high-gmac":
      return keys === undefined ? undefined : gmac(proving, keys, keys.nextCounter());
    case "high-ecdsa": {
      const curve = keys === undefined ? undefined : suites[keys.suite].curve;
      const text = message(proving);
      if (curve === undefined || text === undefined || keys?.signing === undefined) return undefined;
      return signed(curve, text, keys.signing);
    }
    default:
      return hashed(proving);
  }
}

/**
 * Whether an answer proves it. `proving` is as who proves himself sees it, `keys` are of who looks. Challenges are fresh, so that the
 * counter in an answer of GMAC may be below that of the APDU around it: it moves what is kept, and is not refused.
 */
export function isAnswer(answer: Uint8Array, proving: Proving, keys: Keyring | undefined): boolean {
  switch (proving.mechanism) {
    case "high-gmac": {
      if (keys === undefined || answer.length !== 1 + 4 + TAG_LENGTH) return false;
      const counter = new Reader(answer.subarray(1)).u32();
      const expected = gmac(proving, keys, counter);
      const isRight = expected !== undefined && isSame(expected, answer);
      if (isRight) keys.acceptCounter("unicast", counter);
      return isRight;
    }
    case "high-ecdsa": {
      const curve = keys === undefined ? undefined : suites[keys.suite].curve;
      const text = message(proving);
      if (curve === undefined || text === undefined || keys?.peerSigning === undefined) return false;
      return isSignature(curve, text, { signature: answer, publicKey: keys.peerSigning });
    }
    default: {
      const expected = hashed(proving);
      return expected !== undefined && isSame(expected, answer);
    }
  }
}
