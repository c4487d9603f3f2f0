/** What an AARQ asks for, and what a server says to it (Green Book 9.4.2.2, 9.3.2): context, mechanism, services, lengths. */
import {
  diagnostics,
  type Aare,
  type Aarq,
  type AssociateResult,
  type Context,
  type Diagnostic,
  type InitiateRequest,
} from "#protocol/dlms/apdu/association.ts";
import { initiateErrors } from "#protocol/dlms/apdu/apdu.ts";
import { encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { mechanisms, type DlmsClient, type Mechanism, type Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { Refusal } from "#quantity/authority.ts";

export type LogicalContext = "LN" | "LN-ciphered";

/** Why there is no association. */
export interface Rejection {
  readonly result: Exclude<AssociateResult, "accepted">;
  readonly diagnostic: Aare["diagnostic"];
  /** confirmedServiceError of Initiate. */
  readonly error?: keyof typeof initiateErrors | undefined;
  /** What was shown was made with a key that is not the client's: who guesses is counted. */
  readonly isGuess?: true;
}

const PROVIDER_NO_REASON = 1;
const PROVIDER_NO_COMMON_VERSION = 2;
const DLMS_VERSION = 6;
/** Green Book 9.3.2: a client that takes less than this takes no answer. */
export const LEAST_PDU = 12;
const LONGEST_PDU = 0xffff;

export function rejected(diagnostic: Diagnostic, result: Rejection["result"] = "rejected-permanent"): Rejection {
  return { result, diagnostic: { by: "user", code: diagnostics[diagnostic] } };
}

export function rejectedByProvider(code: number = PROVIDER_NO_REASON): Rejection {
  return { result: "rejected-permanent", diagnostic: { by: "provider", code } };
}

function rejectedInitiate(error: keyof typeof initiateErrors): Rejection {
  return { ...rejected("no-reason-given"), error };
}

/** Of what passes by itself an association may be asked for again. */
export function rejectionOf(refusal: Refusal): Rejection {
  const passes = refusal === "lockout" || refusal === "power" || refusal === "testMode" || refusal === "store";
  return rejected("authentication-failure", passes ? "rejected-transient" : "rejected-permanent");
}

export function aareOf(context: Context, { result, diagnostic, error }: Rejection): Uint8Array {
  const information =
    error === undefined
      ? new Uint8Array(0)
      : encodeXdlms({
          apdu: "confirmed-service-error",
          service: "initiate",
          choice: "initiate",
          error: initiateErrors[error],
        });
  return encodeAcse({ apdu: "aare", context, result, diagnostic, information });
}

/** Logical names, ciphered or not, as the client may and must. */
export function contextFor({ context, otherVersion }: Aarq, { ciphering }: DlmsClient): LogicalContext | Rejection {
  if (otherVersion === true) return rejectedByProvider(PROVIDER_NO_COMMON_VERSION);
  if (context === "LN" && ciphering !== "must") return context;
  if (context === "LN-ciphered" && ciphering !== "no") return context;
  return rejected("application-context-name-not-supported");
}

/** A mechanism that the client has. One that is named without its requirement counts: what is shown with it is checked all the same. */
export function mechanismFor(aarq: Aarq, { mechanisms: taken }: DlmsClient): Mechanism | Rejection {
  const { mechanism, authenticates, value } = aarq;
  if (mechanism === undefined && (authenticates || value !== undefined))
    return rejected("authentication-mechanism-name-required");
  const named = mechanism ?? "none";
  if (named === "unknown") return rejected("authentication-mechanism-name-not-recognised");
  if (taken.includes(named)) return named;
  return rejected(named === "none" ? "authentication-required" : "authentication-mechanism-name-not-recognised");
}

export function isHigh(mechanism: Mechanism): boolean {
  return mechanisms[mechanism] >= mechanisms.high;
}

export interface Agreement {
  readonly conformance: ReadonlySet<Service>;
  readonly maxSend: number;
}

/** What both have, and the longest APDU that goes to the client. `overhead` is what protecting it adds. */
export function agreementOn(
  request: InitiateRequest,
  offered: ReadonlySet<Service>,
  longest: number | undefined,
  overhead: number,
): Agreement | Rejection {
  if (request.version < DLMS_VERSION) return rejectedInitiate("dlms-version-too-low");
  const conformance = new Set([...offered].filter((one) => request.conformance.has(one)));
  // With whatever else was agreed, without these there is nothing to ask for.
  if (!["get", "set", "action", "access"].some((one) => conformance.has(one as Service)))
    return rejectedInitiate("incompatible-conformance");
  const taken = request.maxPdu === 0 ? LONGEST_PDU : request.maxPdu;
  const maxSend = Math.min(taken, longest ?? LONGEST_PDU, LONGEST_PDU);
  if (maxSend - overhead < LEAST_PDU) return rejectedInitiate("pdu-size-too-short");
  return { conformance, maxSend };
}

export function isRejection(found: object | string): found is Rejection {
  return typeof found === "object" && "diagnostic" in found;
}
