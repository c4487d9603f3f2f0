/** Why a client gets no answer that it can use. What a server says of single variables by their errors is a value, and none of these. */
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";

export type MmsFailing =
  /** Nothing came in time. */
  | "silent"
  /** It says that it does not do that, or not now. */
  | "refused"
  /** It takes it for no request at all. */
  | "rejected"
  /** What came is no answer to what was asked. */
  | "nonsense"
  /** What was asked is longer than it takes. */
  | "tooLong"
  /** The association has ended, or could not be had. */
  | "closed";

export class MmsError extends Error {
  readonly reason: MmsFailing;
  /** Of what is refused, where the server says why. */
  readonly error: ServiceError | undefined;

  constructor(message: string, reason: MmsFailing, error?: ServiceError, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "MmsError";
    this.reason = reason;
    this.error = error;
  }
}
