/** A request that waits to go out, or for its answer. */
import type { AwaitedAnswer } from "./awaited-answer.ts";
import type { ClientError } from "./failing.ts";
import type { Request, Response } from "./pdu.ts";

export interface Waiting {
  readonly unit: number;
  readonly request: Request;
  /** The frame; on TCP its transaction is filled in when it goes out. */
  readonly bytes: Uint8Array;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: ClientError) => void;
  /** Undefined where it is as long as for all of them, and longer for a unit that answers late. */
  readonly timeoutMs: number | undefined;
  /** What has come, on a line. */
  answer?: AwaitedAnswer;
  /** On a line: something came that may be the answer to something else. */
  isDoubtful?: boolean;
  /** Over TCP: the request itself came back. */
  echoed?: boolean;
  /** When it went out, when waiting ends unless bytes keep coming, and when it ends at last, in elapsed time. */
  sent: number;
  due: number;
  last: number;
}
