/**
 * One ciphered text: SC || IC || text || tag (Green Book 9.2.7.2.4). The initialisation vector is the system title of who sends it and the
 * invocation counter; what is authenticated beside the text depends on what is done to it.
 */
import { openGcm, sealGcm, streamGcm, type GcmContext } from "#io/ciphers.ts";
import { Writer } from "#wire/cursor.ts";
import { protectionOf, securityControl, type Protection, type SuiteId } from "./protection.ts";
import { suites } from "./suite.ts";

export const TITLE_LENGTH = 8;
export const TAG_LENGTH = 12;
/** SC and IC. */
export const HEADER_LENGTH = 5;
export const HIGHEST_COUNTER = 0xffffffff;

/** Under which keys; the authentication key is needed where a text is authenticated. */
export interface CipherKeys {
  readonly encryption: Uint8Array;
  readonly authentication?: Uint8Array | undefined;
}

export interface Ciphering {
  readonly protection: Protection;
  /** System title of who sends it. */
  readonly title: Uint8Array;
  readonly counter: number;
  readonly keys: CipherKeys;
  /** What is authenticated besides: the fields of general-ciphering. */
  readonly besides?: Uint8Array | undefined;
}

/** Why a text cannot be had. */
export interface Undeciphered {
  readonly refused: "deciphering-error";
  readonly words: string;
  /** The tag does not fit: who made it has another key, or it was bent on its way. */
  readonly isWrongKey?: true;
}

export interface Deciphered {
  readonly plain: Uint8Array;
}

export interface Header {
  readonly protection: Protection;
  readonly counter: number;
}

export function undeciphered(words: string): Undeciphered {
  return { refused: "deciphering-error", words };
}

const wrongKey: Undeciphered = { ...undeciphered("the tag does not fit"), isWrongKey: true };

/** What the first bytes of a ciphered text say. */
export function headerOf(bytes: Uint8Array): Header | Undeciphered {
  if (bytes.length < HEADER_LENGTH)
    return undeciphered(`a ciphered text of ${bytes.length} bytes, where ${HEADER_LENGTH} and more were expected`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  const control = view.getUint8(0);
  const protection = protectionOf(control);
  if (protection === undefined) return undeciphered(`security suite ${control & 0x0f}, where 0, 1 or 2 was expected`);
  if (protection.compressed) return undeciphered("a compressed text, which nothing here expands (V.44)");
  if (!protection.authenticated && !protection.encrypted)
    return undeciphered("a ciphered text that is neither authenticated nor encrypted");
  return { protection, counter: view.getUint32(1) };
}

/** Why keys are none of a suite, in words. */
function wrongKeys(
  { suite, authenticated }: Protection,
  { encryption, authentication }: CipherKeys,
): string | undefined {
  const { keyLength } = suites[suite];
  if (encryption.length !== keyLength) return wrongLength("encryption", encryption, suite);
  if (!authenticated) return undefined;
  if (authentication === undefined) return "no authentication key is set";
  return authentication.length === keyLength ? undefined : wrongLength("authentication", authentication, suite);
}

export function wrongLength(name: string, key: Uint8Array, suite: SuiteId): string {
  return `${name} key: ${key.length} bytes, where ${suites[suite].keyLength} were expected (suite ${suite})`;
}

function contextOf({ title, counter, keys, protection, besides }: Ciphering, text: Uint8Array): GcmContext {
  const iv = new Writer(TITLE_LENGTH + 4).bytes(title).u32(counter).done();
  const associated = new Writer().u8(securityControl(protection)).bytes(keys.authentication ?? new Uint8Array(0));
  if (besides !== undefined) associated.bytes(besides);
  // What is not encrypted is authenticated as it stands.
  if (!protection.encrypted) associated.bytes(text);
  return { key: keys.encryption, iv, associated: associated.done(), tagLength: TAG_LENGTH };
}

function bodyOf(plain: Uint8Array, ciphering: Ciphering): Uint8Array {
  const { encrypted, authenticated } = ciphering.protection;
  const context = contextOf(ciphering, plain);
  if (!authenticated) return streamGcm(plain, context.key, context.iv);
  if (encrypted) return sealGcm(plain, context);
  const tag = sealGcm(new Uint8Array(0), context);
  return new Writer(plain.length + TAG_LENGTH).bytes(plain).bytes(tag).done();
}

/** Throws an Error of keys that are none of the suite: they are looked at where they are set. */
export function cipher(plain: Uint8Array, ciphering: Ciphering): Uint8Array {
  const { protection, counter, keys, title } = ciphering;
  const wrong = wrongKeys(protection, keys);
  if (wrong !== undefined) throw new Error(wrong);
  if (title.length !== TITLE_LENGTH) throw new Error(`a system title of ${title.length} bytes`);
  if (counter > HIGHEST_COUNTER) throw new Error("the invocation counter is used up: another key has to be set");
  const out = new Writer(HEADER_LENGTH + plain.length + TAG_LENGTH);
  return out.u8(securityControl(protection)).u32(counter).bytes(bodyOf(plain, ciphering)).done();
}

/** The text behind a header that has been read (`headerOf`), under the keys that it asks for. */
export function decipher(bytes: Uint8Array, ciphering: Ciphering): Deciphered | Undeciphered {
  const { protection, keys, title } = ciphering;
  const wrong = wrongKeys(protection, keys);
  if (wrong !== undefined) return undeciphered(wrong);
  if (title.length !== TITLE_LENGTH)
    return undeciphered(`a system title of ${title.length} bytes, where ${TITLE_LENGTH} were expected`);
  const body = bytes.subarray(HEADER_LENGTH);
  if (!protection.authenticated) {
    const { key, iv } = contextOf(ciphering, body);
    return { plain: streamGcm(body, key, iv) };
  }
  const end = body.length - TAG_LENGTH;
  if (end < 0) return undeciphered(`${body.length} bytes, where a tag of ${TAG_LENGTH} was expected`);
  if (protection.encrypted) {
    const plain = openGcm(body, contextOf(ciphering, body));
    return plain === undefined ? wrongKey : { plain };
  }
  const text = body.subarray(0, end);
  const fits = openGcm(body.subarray(end), contextOf(ciphering, text)) !== undefined;
  return fits ? { plain: text } : wrongKey;
}
