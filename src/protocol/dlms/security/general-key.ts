/** The key of an APDU of general-ciphering: found by what came with it, or made for what is sent (Green Book 9.2.3.4, 9.2.7.2.4.7). */
import { Writer } from "#wire/cursor.ts";
import { writeLength } from "#protocol/dlms/data/length.ts";
import { unguessable, unwrapKey, wrapKey } from "#io/ciphers.ts";
import { undeciphered, wrongLength, type Undeciphered } from "./ciphering.ts";
import type { GeneralFields, KeyInfo } from "./ciphered-apdu.ts";
import { agreedKey, ephemeralOf, makeEphemeral } from "./key-agreement.ts";
import type { Party } from "./party.ts";
import type { Style } from "./style.ts";
import { suites } from "./suite.ts";

export interface GeneralKey {
  readonly encryption: Uint8Array;
  /** Whose counters it has; of a key that is there for one message only what shows that it has not come before. */
  readonly counts: "unicast" | "broadcast" | { readonly shown: Uint8Array };
}

export type KeySource = Extract<Style, { readonly kind: "general-ciphering" }>["key"];

export function sourceOf(info: KeyInfo): KeySource {
  return info.key === "identified" ? info.which : info.key === "wrapped" ? "wrapped" : info.scheme;
}

/** With the length before it, as it is a nonce. */
function withLength(bytes: Uint8Array): Uint8Array {
  return writeLength(new Writer(), bytes.length).bytes(bytes).done();
}

/** The key that a received APDU is under. */
export function foundKey(info: KeyInfo, fields: GeneralFields, { keys, own }: Party): GeneralKey | Undeciphered {
  if (info.key === "identified") return globalKey(info.which, keys);
  if (info.key === "wrapped") {
    if (keys.master === undefined) return undeciphered("no master key is set");
    const encryption = unwrapKey(info.wrapped, keys.master);
    if (encryption === undefined) return undeciphered("a key that was not wrapped under the master key");
    return { encryption, counts: { shown: info.wrapped } };
  }
  const { curve } = suites[keys.suite];
  if (curve === undefined) return undeciphered("an agreed key, which suite 0 does not have");
  if (keys.agreement === undefined) return undeciphered("no key for key agreement is set");
  const parties = { originator: fields.originator, recipient: own };
  if (info.scheme === "static") {
    if (keys.peerAgreement === undefined) return undeciphered("the other's key for key agreement is not set");
    if (fields.transaction.length === 0) return undeciphered("an agreed key without a transaction-id");
    const pair = { privateKey: keys.agreement, publicKey: keys.peerAgreement };
    const nonce = withLength(fields.transaction);
    return agreed(agreedKey(keys.suite, pair, { ...parties, nonce }), fields.transaction);
  }
  if (keys.peerSigning === undefined) return undeciphered("the other's key for signatures is not set");
  const publicKey = ephemeralOf(curve, info.data, { publicKey: keys.peerSigning });
  if (publicKey === undefined) return undeciphered("an ephemeral key whose signature does not fit");
  return agreed(agreedKey(keys.suite, { privateKey: keys.agreement, publicKey }, parties), publicKey);
}

/** One that both have kept. */
export function globalKey(which: "unicast" | "broadcast", keys: Party["keys"]): GeneralKey | Undeciphered {
  const encryption = which === "unicast" ? keys.encryption : keys.broadcast;
  return encryption === undefined ? undeciphered(`no ${which} encryption key is set`) : { encryption, counts: which };
}

function agreed(encryption: Uint8Array | undefined, shown: Uint8Array): GeneralKey | Undeciphered {
  return encryption === undefined
    ? undeciphered("keys that are none of the suite's curve")
    : { encryption, counts: { shown } };
}

/** A key for what is sent, and how it is told; why there is none, in words. */
export function keyFor(
  source: KeySource,
  fields: GeneralFields,
  { keys }: Party,
): { readonly encryption: Uint8Array; readonly info: KeyInfo } | Undeciphered {
  if (source === "unicast" || source === "broadcast") {
    const found = globalKey(source, keys);
    return "refused" in found ? found : { encryption: found.encryption, info: { key: "identified", which: source } };
  }
  const { curve, keyLength } = suites[keys.suite];
  if (source === "wrapped") {
    if (keys.master === undefined) return undeciphered("no master key is set");
    if (keys.master.length !== keyLength) return undeciphered(wrongLength("master", keys.master, keys.suite));
    const encryption = unguessable(keyLength);
    return { encryption, info: { key: "wrapped", wrapped: wrapKey(encryption, keys.master) } };
  }
  if (curve === undefined) return undeciphered("an agreed key, which suite 0 does not have");
  if (keys.peerAgreement === undefined) return undeciphered("the other's key for key agreement is not set");
  const parties = { originator: fields.originator, recipient: fields.recipient };
  if (source === "static") {
    if (keys.agreement === undefined) return undeciphered("no key for key agreement is set");
    const pair = { privateKey: keys.agreement, publicKey: keys.peerAgreement };
    const encryption = agreedKey(keys.suite, pair, { ...parties, nonce: withLength(fields.transaction) });
    const info = { key: "agreed", scheme: "static", data: new Uint8Array(0) } as const;
    return encryption === undefined ? undeciphered("keys that are none of the suite's curve") : { encryption, info };
  }
  const ephemeral = keys.signing === undefined ? undefined : makeEphemeral(curve, keys.signing);
  if (ephemeral === undefined) return undeciphered("no key for signatures is set");
  const pair = { privateKey: ephemeral.privateKey, publicKey: keys.peerAgreement };
  const encryption = agreedKey(keys.suite, pair, parties);
  const info = { key: "agreed", scheme: "one-pass", data: ephemeral.data } as const;
  return encryption === undefined ? undeciphered("keys that are none of the suite's curve") : { encryption, info };
}
