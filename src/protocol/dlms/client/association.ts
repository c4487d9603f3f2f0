/** Opens an association (Green Book 9.3.2, 9.4.2): AARQ and AARE, and of what they agree on the services that may be asked for. */
import { decodeAcse, encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import type { Aare, Aarq } from "#protocol/dlms/apdu/association.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { decodeInitiateResponse, encodeInitiateRequest } from "#protocol/dlms/apdu/initiate.ts";
import { decodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { WireError } from "#wire/cursor.ts";
import type { Authentication } from "./authentication.ts";
import { nonsense } from "./exchange.ts";
import { DlmsError, exceptionError, rejection } from "./failing.ts";

/** What a client proposes: all that it can use. General block transfer is not: it takes it where a meter uses it all the same. */
export const proposed: ReadonlySet<Service> = new Set<Service>([
  "block-transfer-with-get-or-read",
  "block-transfer-with-set-or-write",
  "block-transfer-with-action",
  "multiple-references",
  "get",
  "set",
  "selective-access",
  "action",
]);

export interface Proposal {
  readonly conformance: ReadonlySet<Service>;
  /** client-max-receive-pdu-size. */
  readonly maxPdu: number;
}

export interface Agreed {
  readonly conformance: ReadonlySet<Service>;
  /** server-max-receive-pdu-size; 0 is no limit. */
  readonly maxPdu: number;
  readonly respondingTitle: Uint8Array | undefined;
  /** The challenge of the server. */
  readonly challenge: Uint8Array | undefined;
}

const DLMS_VERSION = 6;

/** Throws DlmsError where the meter refuses, or answers with something else. */
export async function openAssociation(
  carrier: ApduCarrier,
  authentication: Authentication,
  { conformance, maxPdu }: Proposal,
): Promise<Agreed> {
  const { named, context, title, value, certificate, dedicatedKey, needs = [] } = authentication;
  const initiate = encodeInitiateRequest({
    dedicatedKey,
    responseAllowed: true,
    version: DLMS_VERSION,
    conformance: new Set([...conformance, ...needs]),
    maxPdu,
  });

  const aarq: Aarq = {
    apdu: "aarq",
    context,
    callingTitle: title,
    callingCertificate: certificate,
    authenticates: named !== undefined,
    mechanism: named,
    value,
    information: authentication.protect(initiate),
  };
  return agreedIn(await carrier.ask(encodeAcse(aarq)), authentication);
}

function agreedIn(bytes: Uint8Array, authentication: Authentication): Agreed {
  const aare = aareIn(bytes);
  const { result, respondingTitle, value: challenge, information } = aare;
  const plain = information.length === 0 ? information : authentication.unprotect(information, respondingTitle, result);
  const [tag] = plain;
  if (result !== "accepted")
    throw rejection(aare, tag === apduTags["confirmed-service-error"] ? errorIn(plain) : undefined);
  if (tag === apduTags["confirmed-service-error"]) throw rejection(aare, errorIn(plain));
  if (plain.length === 0) throw new DlmsError("the meter accepted the association and says no services", "nonsense");
  const { conformance, maxPdu } = read(() => decodeInitiateResponse(plain));
  return { conformance, maxPdu, respondingTitle, challenge };
}

function aareIn(bytes: Uint8Array): Aare {
  if (bytes[0] === apduTags["exception-response"]) {
    const answer = read(() => decodeXdlms(bytes));
    if (answer.apdu === "exception-response") throw exceptionError(answer);
  }
  const answer = read(() => decodeAcse(bytes));
  if (answer.apdu === "aare") return answer;
  throw new DlmsError(`the meter answered the association with ${answer.apdu}`, "nonsense");
}

function errorIn(bytes: Uint8Array): number | undefined {
  const error = read(() => decodeXdlms(bytes));
  return error.apdu === "confirmed-service-error" && error.choice === "initiate" ? error.error : undefined;
}

function read<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) throw nonsense(error);
    throw error;
  }
}
