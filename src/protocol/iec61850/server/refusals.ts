/** Why a service is not done, as MMS says it (ISO 9506-2, ServiceError). */
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { Refusal } from "./host.ts";

export const refusals = {
  exists: { class: "definition", code: 5 },
  inconsistent: { class: "definition", code: 6 },
  /** The answer, or the request, is longer than the longest PDU. */
  tooLong: { class: "resource", code: 0 },
  /** capability-unavailable: there are as many as there may be. */
  noRoom: { class: "resource", code: 4 },
  unsupported: { class: "access", code: 1 },
  nonExistent: { class: "access", code: 2 },
  denied: { class: "access", code: 3 },
  moreToCome: { class: "conclude", code: 1 },
  unknownRequest: { class: "cancel", code: 1 },
  notCancelled: { class: "cancel", code: 2 },
  fileOther: { class: "file", code: 0 },
  fileBusy: { class: "file", code: 2 },
  fileName: { class: "file", code: 3 },
  fileContent: { class: "file", code: 4 },
  filePosition: { class: "file", code: 5 },
  fileDenied: { class: "file", code: 6 },
  fileMissing: { class: "file", code: 7 },
  fileNoRoom: { class: "file", code: 9 },
} as const satisfies Readonly<Record<string, ServiceError>>;

/** What is around the words of an error in its PDU, at most: tags, lengths, the request's number, class and code. */
const AROUND_WORDS = 40;

/** An error whose words are a VisibleString, and no more of them than a PDU holds. */
export function fitting(error: ServiceError, maxPdu: number): ServiceError {
  if (error.description === undefined) return error;
  const visible = error.description.replaceAll("\n", "; ").replaceAll(/[^ -~]/gu, "?");
  const most = maxPdu - AROUND_WORDS;
  return { ...error, description: visible.length <= most ? visible : `${visible.slice(0, most - 3)}...` };
}

/** What the host says of a file; what is wrong with one that was sent, in words besides. */
export function fileRefusal({ why, words }: Refusal): ServiceError {
  switch (why) {
    case "access":
      return refusals.fileDenied;
    case "missing":
      return refusals.fileMissing;
    case "invalid":
      return { ...refusals.fileContent, description: words };
    case "full":
      return refusals.fileNoRoom;
  }
}
