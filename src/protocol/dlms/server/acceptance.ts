/** The AARE of an association that is open, or waits for pass 3 (Green Book 9.4.2.2). */
import { encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { diagnostics } from "#protocol/dlms/apdu/association.ts";
import { encodeInitiateResponse } from "#protocol/dlms/apdu/initiate.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import type { Association } from "./association.ts";
import { styleOfAnswer } from "./guard.ts";
import { aareOf, rejected } from "./negotiation.ts";
import type { Opening } from "./opening.ts";

const DLMS_VERSION = 6;
/** VAA-Name of logical names. */
const LOGICAL_NAMES = 7;

/** InitiateResponse, protected as the policy says; undefined where a key for that is missing. */
function informationOf(opening: Opening, association: Association): Uint8Array | undefined {
  const { qualityOfService, conformance, maxReceive, protection } = association;
  const response = encodeInitiateResponse({
    qualityOfService,
    version: DLMS_VERSION,
    conformance,
    maxPdu: maxReceive,
    vaaName: LOGICAL_NAMES,
  });
  if (protection === undefined) return response;
  const made = protect(response, styleOfAnswer(opening, association), protection.party);
  return isUnprotectable(made) ? undefined : made;
}

/** Refused where it could not be protected: `isOpen` says which. */
export function answerTo(
  opening: Opening,
  association: Association,
): { readonly isOpen: boolean; readonly aare: Uint8Array } {
  const { context, challenges, device } = association;
  const information = informationOf(opening, association);
  if (information === undefined) return { isOpen: false, aare: aareOf(context, rejected("authentication-failure")) };
  const isTitled = context === "LN-ciphered" || challenges?.clientTitle !== undefined;
  const code = challenges === undefined ? diagnostics.null : diagnostics["authentication-required"];
  const aare = encodeAcse({
    apdu: "aare",
    context,
    result: "accepted",
    diagnostic: { by: "user", code },
    respondingTitle: isTitled ? device.systemTitle : undefined,
    mechanism: challenges?.mechanism,
    value: challenges?.fromServer,
    information,
  });
  return { isOpen: true, aare };
}
