/** Protected requests of an association opened, and their answers protected as they were, or more, as the policy says (Green Book 9.2.2). */
import { isCiphered } from "#protocol/dlms/security/ciphered-apdu.ts";
import { answerStyle, doneBy, type Style } from "#protocol/dlms/security/style.ts";
import { lacking } from "#protocol/dlms/security/policy.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import { isRefusedApdu, unprotect, type NotUnprotected } from "#protocol/dlms/security/unprotect.ts";
import type { Association } from "./association.ts";
import { exception, notAgreed, notAssociated } from "./refusal.ts";

/** A request as it was before it was protected. */
export interface Opened {
  readonly apdu: Uint8Array;
  readonly style: Style;
}

/** Tag, length, header and authentication tag of one ciphered text. */
const CIPHERED = 1 + 3 + 5 + 12;
const TITLE = 1 + 8;
/** The longest of what a general APDU says of its key: a number, a wrapped key of 32 bytes, an ephemeral one of 96 and its signature. */
const keyInfo = { unicast: 3, broadcast: 3, wrapped: 4 + 40, "one-pass": 4 + 3 + 192, static: 4 + 3 } as const;
const SIGNATURE = 2 + 96;

/** Bytes by which protection makes an APDU longer, at most. */
export function overheadOf(style: Style): number {
  switch (style.kind) {
    case "plain":
      return 0;
    case "global":
    case "dedicated":
      return CIPHERED;
    case "general-global":
    case "general-dedicated":
      return CIPHERED + TITLE;
    case "general-ciphering":
      return CIPHERED + fieldsLength(style) + keyInfo[style.key];
    case "general-signing":
      return overheadOf(style.inside) + 1 + fieldsLength(style) + 3 + SIGNATURE;
  }
}

/** Transaction, originator, recipient, and two that are empty. */
function fieldsLength({ transaction }: { readonly transaction: Uint8Array }): number {
  return 1 + transaction.length + 2 * TITLE + 2;
}

/** What of an AARQ or RLRQ was protected, opened; why it cannot be. */
export function openedInformation(
  bytes: Uint8Array,
  association: Pick<Association, "protection">,
): Opened | NotUnprotected {
  const { protection } = association;
  if (protection === undefined || !isCiphered(bytes)) return { apdu: bytes, style: { kind: "plain" } };
  return unprotect(bytes, protection.party);
}

/** A request, opened where it is protected; else what is answered to it. */
export function openedRequest(apdu: Uint8Array, association: Association): Opened | Uint8Array {
  const { context, conformance, protection } = association;
  if (isCiphered(apdu) && (context !== "LN-ciphered" || protection === undefined)) return notAgreed();
  const opened = openedInformation(apdu, association);
  if (isRefusedApdu(opened)) return refusalOf(opened);
  const { style } = opened;
  if (style.kind.startsWith("general") && !conformance.has("general-protection")) return notAgreed();
  const isBare = style.kind === "plain" && association.client.ciphering === "must";
  const isTooOpen =
    isBare || (protection !== undefined && lacking(doneBy(style), protection.policy.request) !== undefined);
  return isTooOpen ? notAssociated() : opened;
}

export function refusalOf(refused: NotUnprotected): Uint8Array {
  const counter = refused.refused === "invocation-counter-error" ? refused.counter : undefined;
  return exception("service-not-allowed", refused.refused, counter);
}

/** In which style the answer to a request goes. */
export function styleOfAnswer({ style }: Pick<Opened, "style">, { context, protection }: Association): Style {
  return protection === undefined || context === "LN" ? style : answerStyle(style, protection.policy);
}

export function protectedAnswer(answer: Uint8Array, style: Style, { protection }: Association): Uint8Array {
  if (protection === undefined) return answer;
  const made = protect(answer, style, protection.party);
  return isUnprotectable(made) ? exception("service-not-allowed", "deciphering-error") : made;
}
