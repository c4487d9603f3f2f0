/** Why a reader of IEC 60870-5-102 gets no answer that it can use. */
import { Cause, causeText } from "#protocol/iec102/asdu/cause.ts";
import { typeName } from "#protocol/iec102/asdu/types.ts";

export type Iec102Failing =
  /** The station does not do it, or not without the key. */
  | "refused"
  /** The key is wrong, or nobody is let in for a while. */
  | "key"
  /** It takes what was asked, and has nothing to say. */
  | "silence"
  /** What came is no answer to what was asked. */
  | "nonsense";

export class Iec102Error extends Error {
  readonly reason: Iec102Failing;
  /** As an ASDU says it, where one does. */
  readonly refusal: number | undefined;

  constructor(message: string, reason: Iec102Failing, refusal?: number) {
    super(message);
    this.name = "Iec102Error";
    this.reason = reason;
    this.refusal = refusal;
  }
}

export function refusalError(type: number, cause: number): Iec102Error {
  const why =
    cause === Cause.confirmation ? "it does not do that: is a session needed, or another key?" : causeText(cause);
  return new Iec102Error(`the station refused ${typeName(type)}: ${why} (cause ${cause})`, "refused", cause);
}

/** It has no such thing, and goes on: other questions may have an answer. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof Iec102Error) || error.reason !== "refused") return false;
  const { refusal = 0 } = error;
  return refusal >= Cause.noRecord && refusal <= Cause.noPeriod && refusal !== Cause.unknownAddress;
}
