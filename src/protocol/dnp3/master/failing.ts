/** Why a master gets no answer that it can use. What an outstation says of itself by indications is a value, and none of these. */
export type DnpFailing =
  /** Nothing came in time, however often it was asked. */
  | "silent"
  /** It has begun to answer, and stopped. */
  | "cut"
  /** It says by its indications that it does not do that. */
  | "refused"
  /** What came is no answer to what was asked, or more than anybody has. */
  | "nonsense"
  /** The link has ended, or could not be had. */
  | "closed";

export class DnpError extends Error {
  readonly reason: DnpFailing;
  /** Indications of what is refused; none of all else. */
  readonly iin: number;

  constructor(message: string, reason: DnpFailing, iin = 0) {
    super(message);
    this.name = "DnpError";
    this.reason = reason;
    this.iin = iin;
  }
}
