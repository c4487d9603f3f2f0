/** Why a client of DLMS/COSEM gets no answer that it can use; what a meter says about an attribute is a value, and none of these. */
import type { ExceptionResponse } from "#protocol/dlms/apdu/apdu.ts";
import { diagnostics, type Aare } from "#protocol/dlms/apdu/association.ts";
import type { AccessResult, ActionResult } from "#protocol/dlms/cosem/object.ts";

export type DlmsFailing =
  /** The association was refused. */
  | "rejected"
  /** The meter does not know the service, or not now. */
  | "exception"
  /** What came is no answer to what was asked, or none at all. */
  | "nonsense"
  /** What came was not protected as it has to be, or by another key. */
  | "unprotected"
  /** More than is kept of one value. */
  | "too long"
  /** A long service was broken off by the meter. */
  | "aborted"
  /** The meter proved to be another one than it says: it does not know the secret. */
  | "impostor";

export class DlmsError extends Error {
  readonly reason: DlmsFailing;
  /** The meter lacks what was asked, and goes on: another question may have an answer. */
  readonly goesOn: boolean;

  constructor(message: string, reason: DlmsFailing, goesOn = false) {
    super(message);
    this.name = "DlmsError";
    this.reason = reason;
    this.goesOn = goesOn;
  }
}

/** The meter has had a higher invocation counter, and says the lowest that it takes. */
export class CounterTooLow extends DlmsError {
  readonly expected: number;

  constructor(message: string, expected: number) {
    super(message, "exception");
    this.name = "CounterTooLow";
    this.expected = expected;
  }
}

/** Results of services as people say them. */
const resultWords: Readonly<Record<AccessResult | ActionResult, string>> = {
  success: "done",
  "hardware-fault": "a hardware fault",
  "temporary-failure": "it cannot now",
  "read-write-denied": "this client may not",
  "object-undefined": "it has no such object",
  "object-class-inconsistent": "the object is of another class",
  "object-unavailable": "the object is not available",
  "type-unmatched": "the value is of another type than the attribute",
  "scope-of-access-violated": "this client may not, or not so much",
  "data-block-unavailable": "the block is not available",
  "long-get-aborted": "it broke the answer off",
  "no-long-get-in-progress": "it no longer knows of the answer that it had begun",
  "long-set-aborted": "it broke the writing off",
  "no-long-set-in-progress": "it no longer knows of the writing that had begun",
  "long-action-aborted": "it broke the action off",
  "no-long-action-in-progress": "it no longer knows of the action that had begun",
  "data-block-number-invalid": "it expected another block",
  "other-reason": "it does not say why",
};

/** "this client may not (read-write-denied)". */
export function resultText(result: AccessResult | ActionResult): string {
  return `${resultWords[result]} (${result})`;
}

/** What to look at where an association was refused, by acse-service-user diagnostics. */
const diagnosticWords: Readonly<Record<number, string>> = {
  [diagnostics.null]: "it does not say why",
  [diagnostics["no-reason-given"]]: "it gives no reason: is the client address one that it knows?",
  [diagnostics["application-context-name-not-supported"]]:
    "it does not take this application context: with ciphering where it wants none, or without where it wants it",
  [diagnostics["calling-AP-title-not-recognized"]]: "it does not know the client's system title",
  [diagnostics["authentication-mechanism-name-not-recognised"]]: "it does not know this mechanism of authentication",
  [diagnostics["authentication-mechanism-name-required"]]: "it wants a mechanism of authentication named",
  [diagnostics["authentication-failure"]]:
    "wrong password or key; under keys it may be that the invocation counter has been used (counter= in the URL), or that messages are less protected than it asks for (security=)",
  [diagnostics["authentication-required"]]: "it wants authentication: a password or keys",
};

const providerWords: Readonly<Record<number, string>> = {
  0: "it does not say why",
  1: "it gives no reason",
  2: "it speaks another version of ACSE",
};

/** Errors of xDLMS Initiate (confirmedServiceError, Green Book 9.5). */
const initiateWords: Readonly<Record<number, string>> = {
  0: "it does not say why",
  1: "it speaks a later version of DLMS",
  2: "it has none of the services that were proposed",
  3: "it wants longer messages than this client takes",
  4: "it refused without a reason",
};

/** Why an association was refused, as its AARE says; `error` is that of a confirmedServiceError in it. */
export function rejection({ result, diagnostic }: Pick<Aare, "result" | "diagnostic">, error?: number): DlmsError {
  const words = (diagnostic.by === "user" ? diagnosticWords : providerWords)[diagnostic.code];
  const initiate = error === undefined ? undefined : initiateWords[error];
  // What was wrong for good is refused for good.
  const isLocked = result === "rejected-transient" && diagnostic.code === diagnostics["authentication-failure"];
  const later = isLocked ? "after wrong passwords or keys it lets nobody in for a while; try again later" : undefined;
  const why = initiate ?? later ?? words ?? `diagnostic ${diagnostic.code}`;
  return new DlmsError(`the meter refused the association (${result}, ${diagnostic.code}): ${why}`, "rejected");
}

const serviceWords: Readonly<Record<ExceptionResponse["service"], string>> = {
  "operation-not-possible": "that is not possible now",
  "service-not-supported": "it does not have this service",
  "other-reason": "for another reason",
  "pdu-too-long": "the message was too long",
  "deciphering-error": "it could not decipher the message: is it another key, or another system title?",
  "invocation-counter-error": "the invocation counter is not higher than that of the last message",
};

export function exceptionError({ state, service, counter }: ExceptionResponse): DlmsError {
  const expected = counter === undefined ? "" : `; it expects ${counter} at least`;
  const message = `the meter refused the request (${state}, ${service}): ${serviceWords[service]}${expected}`;
  if (counter !== undefined) return new CounterTooLow(message, counter);
  const goesOn =
    state === "service-unknown" && service !== "deciphering-error" && service !== "invocation-counter-error";
  return new DlmsError(message, "exception", goesOn);
}
