/** A protected APDU taken out of what protects it (Green Book 9.2.7.2), layer by layer; or why not. */
import { WireError } from "#wire/cursor.ts";
import { isSame } from "#io/ciphers.ts";
import { isSignature } from "#io/curves.ts";
import { fieldBytes, parseCiphered, signedBytes, type CipheredApdu, type GeneralFields } from "./ciphered-apdu.ts";
import { decipher, headerOf, undeciphered, type Header, type Undeciphered } from "./ciphering.ts";
import { foundKey, globalKey, sourceOf, type GeneralKey } from "./general-key.ts";
import type { Party } from "./party.ts";
import { doneBy, type Done, type Style } from "./style.ts";
import { suites } from "./suite.ts";

/** As exception-response says it: `counter` is the lowest one that is taken. */
export type NotUnprotected =
  | Undeciphered
  | { readonly refused: "invocation-counter-error"; readonly words: string; readonly counter: number };

export interface Unprotected extends Done {
  /** As it was before it was protected. */
  readonly apdu: Uint8Array;
  /** In which it was protected: an answer goes in the same (`answerStyle`). */
  readonly style: Style;
  /** Of its outer layer that has one. */
  readonly counter: number | undefined;
}

type Layer = { readonly apdu: Uint8Array; readonly style: Style; readonly counter: number | undefined };

/** get-request: it changes nothing. */
const GET_REQUEST = 0xc0;

/** Layers that were taken off: each comes once, in either order. */
interface Off {
  readonly ciphered?: true;
  readonly signed?: true;
}

/** Of an APDU that is not protected itself. A counter moves only where its layer is right. */
export function unprotect(apdu: Uint8Array, party: Party): Unprotected | NotUnprotected {
  party.begin();
  try {
    const layer = opened(apdu, party, {});
    return "refused" in layer ? layer : { ...layer, ...doneBy(layer.style) };
  } catch (error) {
    if (error instanceof WireError) return undeciphered(error.message);
    throw error;
  }
}

export function isRefusedApdu(found: object): found is NotUnprotected {
  return "refused" in found;
}

function opened(apdu: Uint8Array, party: Party, off: Off): Layer | NotUnprotected {
  const parsed = parseCiphered(apdu);
  if (parsed === undefined) return { apdu, style: { kind: "plain" }, counter: undefined };
  if (parsed.kind === "general-signing")
    return off.signed ? undeciphered("a signed text in a signed text") : verified(parsed, party, off);
  if (off.ciphered) return undeciphered("a ciphered text in a ciphered text");
  const text = textOf(parsed, party);
  if ("refused" in text) return text;
  const style = styleOf(parsed, text.header);
  const { counter } = text.header;
  const inside = parsed.kind.startsWith("general") ? opened(text.plain, party, { ...off, ciphered: true }) : undefined;
  if (inside === undefined) return { apdu: text.plain, style, counter };
  if ("refused" in inside) return inside;
  // What is signed within is answered signed around: that is as good.
  const whole = inside.style.kind === "general-signing" ? { ...inside.style, inside: style } : style;
  return { apdu: inside.apdu, style: whole, counter };
}

type Ciphered = Exclude<CipheredApdu, { readonly kind: "general-signing" }>;

function styleOf(parsed: Ciphered, { protection }: Header): Style {
  const { authenticated, encrypted, broadcast } = protection;
  const sealing = { authenticated, encrypted };
  if (parsed.kind !== "general-ciphering") {
    if (parsed.kind === "dedicated" || parsed.kind === "general-dedicated") return { kind: parsed.kind, ...sealing };
    return { kind: parsed.kind, ...sealing, ...(broadcast ? { broadcast } : {}) };
  }
  const key = parsed.key === undefined ? "unicast" : sourceOf(parsed.key);
  return { kind: parsed.kind, ...sealing, key, transaction: parsed.fields.transaction };
}

/** Service-specific ciphering does not name who sends: the association did. */
const NOT_NAMED = new Uint8Array(0);

/** System title of who sent it. */
function titleOf(parsed: Ciphered, { peer }: Party): Uint8Array | Undeciphered {
  const named =
    parsed.kind === "general-ciphering" ? parsed.fields.originator : "title" in parsed ? parsed.title : NOT_NAMED;
  if (named.length === 0) return peer ?? undeciphered("the system title of who sends is not known");
  if (peer !== undefined && !isSame(named, peer)) return undeciphered("a system title that is not the association's");
  return named;
}

function textOf(parsed: Ciphered, party: Party): { plain: Uint8Array; header: Header } | NotUnprotected {
  const header = headerOf(parsed.bytes);
  if ("refused" in header) return header;
  const { suite } = header.protection;
  if (suite !== party.keys.suite)
    return undeciphered(`security suite ${suite}, where ${party.keys.suite} was expected`);
  if (parsed.kind === "general-ciphering" && header.protection.broadcast)
    return undeciphered("the bit of the broadcast key, where key-info names the key");
  const misdirected = parsed.kind === "general-ciphering" ? forAnother(parsed.fields, party) : undefined;
  const title = misdirected ?? titleOf(parsed, party);
  if ("refused" in title) return title;
  const key = keyOf(parsed, header, party);
  if ("refused" in key) return key;
  const { protection, counter } = header;
  const keys = { encryption: key.encryption, authentication: party.keys.authentication };
  const besides = parsed.kind === "general-ciphering" ? fieldBytes(parsed.fields) : undefined;
  const text = decipher(parsed.bytes, { protection, counter, title, keys, besides });
  if ("refused" in text) return text;
  const [tag] = text.plain;
  if ((parsed.kind === "global" || parsed.kind === "dedicated") && tag !== parsed.plainTag)
    return undeciphered(`tag ${tag} inside, where ${parsed.plainTag} was expected`);
  return counted(key, { ...header, asks: tag === GET_REQUEST }, party) ?? { plain: text.plain, header };
}

function forAnother({ recipient }: GeneralFields, { own }: Party): Undeciphered | undefined {
  if (recipient.length === 0 || isSame(recipient, own)) return undefined;
  return undeciphered("an APDU for another system title");
}

type Counts = GeneralKey["counts"] | "dedicated";
interface Key {
  readonly encryption: Uint8Array;
  readonly counts: Counts;
}

function keyOf(parsed: Ciphered, { protection }: Header, party: Party): Key | Undeciphered {
  if (parsed.kind === "general-ciphering")
    return parsed.key === undefined
      ? undeciphered("no key-info, which nothing before it told")
      : foundKey(parsed.key, parsed.fields, party);
  if (parsed.kind === "dedicated" || parsed.kind === "general-dedicated")
    return party.dedicated === undefined
      ? undeciphered("no dedicated key was given when the association was opened")
      : { encryption: party.dedicated, counts: "dedicated" };
  return globalKey(protection.broadcast ? "broadcast" : "unicast", party.keys);
}

/** What is wrong with its counter; undefined where it is taken, and has moved what is kept. */
function counted(
  { counts }: Key,
  { counter, protection, asks }: Header & { asks: boolean },
  party: Party,
): NotUnprotected | undefined {
  if (typeof counts === "object")
    return party.acceptOnce(counts.shown) ? undefined : undeciphered("a key that has come before");
  if (counts === "dedicated")
    return party.acceptDedicated(counter) ? undefined : tooLow(counter, party.expectedDedicated);
  const isTaken = protection.authenticated
    ? party.keys.acceptCounter(counts, counter, asks)
    : party.acceptUnauthenticated(counter);
  return isTaken ? undefined : tooLow(counter, party.expected);
}

function tooLow(counter: number, expected: number): NotUnprotected {
  const words = `invocation counter ${counter}, where ${expected} or more was expected`;
  return { refused: "invocation-counter-error", words, counter: expected };
}

function verified(
  parsed: Extract<CipheredApdu, { readonly kind: "general-signing" }>,
  party: Party,
  off: Off,
): Layer | NotUnprotected {
  const { fields, content, signature } = parsed;
  const { curve } = suites[party.keys.suite];
  if (curve === undefined) return undeciphered("a signature, which suite 0 does not have");
  if (party.keys.peerSigning === undefined) return undeciphered("the other's key for signatures is not set");
  const misdirected = forAnother(fields, party);
  if (misdirected !== undefined) return misdirected;
  const by = { signature, publicKey: party.keys.peerSigning };
  if (!isSignature(curve, signedBytes(fields, content), by)) return undeciphered("the signature does not fit");
  const inside = opened(content, party, { ...off, signed: true });
  if ("refused" in inside) return inside;
  // The other signature of the same numbers, r and -s, is as good: r tells whether it has come before.
  if (!party.acceptOnce(signature.subarray(0, signature.length / 2)))
    return undeciphered("a signature that has come before");
  return { ...inside, style: { kind: "general-signing", transaction: fields.transaction, inside: inside.style } };
}
