/** An APDU put into what protects it (Green Book 9.2.7.2). */
import { signed } from "#io/curves.ts";
import { buildCiphered, cipheredTag, fieldBytes, signedBytes, type GeneralFields } from "./ciphered-apdu.ts";
import { cipher, undeciphered, type Undeciphered } from "./ciphering.ts";
import { keyFor } from "./general-key.ts";
import type { Party } from "./party.ts";
import type { Style } from "./style.ts";
import { suites } from "./suite.ts";

const NOTHING = new Uint8Array(0);
/** exception-response has no ciphered APDU of its own, and goes as it is. */
const EXCEPTION = 0xd8;

type Of<K extends Style["kind"]> = Extract<Style, { readonly kind: K }>;

/**
 * Protected in a style; why it cannot be, in words: a key that is not set. What has no service-specific ciphered APDU goes in a general
 * one, as data-notification does. Throws an Error of keys that are none of the suite, and where the counter is used up.
 */
export function protect(apdu: Uint8Array, style: Style, party: Party): Uint8Array | Undeciphered {
  const { kind } = style;
  switch (kind) {
    case "plain":
      return apdu;
    case "general-signing":
      return underSignature(apdu, style, party);
    case "general-ciphering":
      return underGeneralKey(apdu, style, party);
    default:
      return underKey(apdu, style, party);
  }
}

export function isUnprotectable(made: Uint8Array | Undeciphered): made is Undeciphered {
  return "refused" in made;
}

type Simple = Of<"global" | "general-global" | "dedicated" | "general-dedicated">;

function underKey(apdu: Uint8Array, style: Simple, { keys, own, dedicated }: Party): Uint8Array | Undeciphered {
  const isGlobal = style.kind === "global" || style.kind === "general-global";
  const [plainTag = 0] = apdu;
  const isGeneral = style.kind.startsWith("general");
  const tag = isGeneral ? undefined : cipheredTag(isGlobal ? "global" : "dedicated", plainTag);
  if (!isGeneral && tag === undefined && plainTag === EXCEPTION) return apdu;
  const broadcast = isGlobal && style.broadcast === true;
  const encryption = isGlobal ? (broadcast ? keys.broadcast : keys.encryption) : dedicated;
  if (encryption === undefined) return undeciphered(`no ${isGlobal ? "" : "dedicated "}encryption key is set`);
  const { authenticated, encrypted } = style;
  if (authenticated && keys.authentication === undefined) return undeciphered("no authentication key is set");
  const bytes = cipher(apdu, {
    protection: { suite: keys.suite, authenticated, encrypted, broadcast, compressed: false },
    title: own,
    counter: keys.nextCounter(),
    keys: { encryption, authentication: keys.authentication },
  });
  if (tag !== undefined) return buildCiphered({ kind: isGlobal ? "global" : "dedicated", plainTag, bytes });
  return buildCiphered({ kind: isGlobal ? "general-global" : "general-dedicated", title: own, bytes });
}

function fieldsOf(transaction: Uint8Array, { own, peer }: Party): GeneralFields {
  return { transaction, originator: own, recipient: peer ?? NOTHING, dateTime: NOTHING, other: NOTHING };
}

function underGeneralKey(apdu: Uint8Array, style: Of<"general-ciphering">, party: Party): Uint8Array | Undeciphered {
  const { keys, own } = party;
  const fields = fieldsOf(style.transaction, party);
  const key = keyFor(style.key, fields, party);
  if ("refused" in key) return key;
  const { authenticated, encrypted } = style;
  if (authenticated && keys.authentication === undefined) return undeciphered("no authentication key is set");
  const bytes = cipher(apdu, {
    // The key is named by key-info: the bit of the key set is 0 (table 39).
    protection: { suite: keys.suite, authenticated, encrypted, broadcast: false, compressed: false },
    title: own,
    // Those of a key that is made for this message begin at 0 (9.2.3.3.7.3). A static one comes again with its transaction, and whoever
    // lets one come twice must not have two texts under one counter.
    counter: style.key === "wrapped" || style.key === "one-pass" ? 0 : keys.nextCounter(),
    keys: { encryption: key.encryption, authentication: keys.authentication },
    besides: fieldBytes(fields),
  });
  return buildCiphered({ kind: "general-ciphering", fields, key: key.info, bytes });
}

function underSignature(apdu: Uint8Array, style: Of<"general-signing">, party: Party): Uint8Array | Undeciphered {
  const { keys } = party;
  const content = protect(apdu, style.inside, party);
  if (isUnprotectable(content)) return content;
  const { curve } = suites[keys.suite];
  if (curve === undefined) return undeciphered("a signature, which suite 0 does not have");
  const fields = fieldsOf(style.transaction, party);
  const signature = keys.signing === undefined ? undefined : signed(curve, signedBytes(fields, content), keys.signing);
  if (signature === undefined) return undeciphered("no key for signatures is set");
  return buildCiphered({ kind: "general-signing", fields, content, signature });
}
