/** RLRQ (62) and RLRE (63), bytes to values and back (BER; Green Book 9.4.2, 9.5). */
import { readLength } from "#protocol/dlms/data/length.ts";
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import { ber, releaseElements } from "./acse-elements.ts";
import { apduTags } from "./apdu-tags.ts";
import type { Rlre, Rlrq } from "./association.ts";
import { hex, integerBytes, readElement, smallInteger, writeElement, writeExplicit } from "./ber.ts";

/**
 * Lenient in lengths that are wrong: servers are about that forget, in those of the APDU and of user-information, what stands around
 * the octet string (63 11 80 01 00 BE 0F 04 0E ...). What there is counts, and the octet string's own length. The reason may be missing.
 */
function readRelease(bytes: Uint8Array): Pick<Rlrq, "reason" | "information"> {
  const from = new Reader(bytes);
  from.skip(1);
  readLength(from);
  let reason: number | undefined;
  let information: Uint8Array | undefined;
  while (from.left > 0) {
    const { at } = from;
    const tag = from.u8();
    if (tag === releaseElements["user-information"]) {
      readLength(from);
      const inner = readElement(from);
      if (inner.tag !== ber.octetString)
        throw new WireError(`expected user-information as an octet string, found ${hex(inner.tag)}`, at);
      information = inner.bytes;
    } else {
      const value = from.bytes(readLength(from));
      if (tag === releaseElements.reason) reason = smallInteger(value, at);
    }
  }
  return { reason, information };
}

function encodeRelease(tag: number, { reason, information }: Pick<Rlrq, "reason" | "information">): Uint8Array {
  const out = new Writer();
  if (reason !== undefined) writeElement(out, releaseElements.reason, integerBytes(reason));
  if (information) writeExplicit(out, releaseElements["user-information"], ber.octetString, information);
  return writeElement(new Writer(), tag, out.done()).done();
}

export function decodeRlrq(bytes: Uint8Array): Rlrq {
  return { apdu: "rlrq", ...readRelease(bytes) };
}

export function encodeRlrq(rlrq: Rlrq): Uint8Array {
  return encodeRelease(apduTags.rlrq, rlrq);
}

export function decodeRlre(bytes: Uint8Array): Rlre {
  return { apdu: "rlre", ...readRelease(bytes) };
}

export function encodeRlre(rlre: Rlre): Uint8Array {
  return encodeRelease(apduTags.rlre, rlre);
}
