/** APDUs of ACSE by their first byte: open-association.ts and release.ts say how each is read. */
import { WireError } from "#wire/cursor.ts";
import { apduTags } from "./apdu-tags.ts";
import type { Acse } from "./association.ts";
import { decodeAare, decodeAarq, encodeAare, encodeAarq } from "./open-association.ts";
import { decodeRlre, decodeRlrq, encodeRlre, encodeRlrq } from "./release.ts";

/** Octet strings are views on `bytes`. Throws WireError of what is none. */
export function decodeAcse(bytes: Uint8Array): Acse {
  switch (bytes[0]) {
    case apduTags.aarq:
      return decodeAarq(bytes);
    case apduTags.aare:
      return decodeAare(bytes);
    case apduTags.rlrq:
      return decodeRlrq(bytes);
    case apduTags.rlre:
      return decodeRlre(bytes);
    default:
      throw new WireError("expected an APDU of ACSE, 60 to 63", 0);
  }
}

export function encodeAcse(apdu: Acse): Uint8Array {
  switch (apdu.apdu) {
    case "aarq":
      return encodeAarq(apdu);
    case "aare":
      return encodeAare(apdu);
    case "rlrq":
      return encodeRlrq(apdu);
    case "rlre":
      return encodeRlre(apdu);
  }
}
