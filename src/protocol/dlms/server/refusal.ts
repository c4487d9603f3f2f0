/** exception-response: what a server says where no service can say it (Green Book 9.4.5, 9.5 "Exception-Response"). */
import type { ExceptionResponse } from "#protocol/dlms/apdu/apdu.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";

export function exception(
  state: ExceptionResponse["state"],
  service: ExceptionResponse["service"],
  counter?: number,
): Uint8Array {
  return encodeXdlms({ apdu: "exception-response", state, service, counter });
}

/** There is no association, or it still waits for who its client is. */
export function notAssociated(): Uint8Array {
  return exception("service-not-allowed", "operation-not-possible");
}

/** The service was not agreed. */
export function notAgreed(): Uint8Array {
  return exception("service-not-allowed", "service-not-supported");
}

/** An APDU that no server of logical names knows. */
export function unknownService(): Uint8Array {
  return exception("service-unknown", "service-not-supported");
}

/** A known APDU of which the rest makes no sense. */
export function unreadable(): Uint8Array {
  return exception("service-not-allowed", "other-reason");
}

/** What came, or what would be answered, is longer than was agreed. */
export function tooLong(): Uint8Array {
  return exception("service-not-allowed", "pdu-too-long");
}
