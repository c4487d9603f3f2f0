/** What an outstation remembers of one master, that functions of the application layer read and change. */
import type { MasterLine } from "#protocol/dnp3/link/master-line.ts";

export interface MasterState {
  readonly line: MasterLine;
  /** The process has begun anew, and the master has not taken notice of it. */
  restarted: boolean;
  /** Elapsed time at which RECORD_CURRENT_TIME came, until it is made use of. */
  recordedAt: number | undefined;
}

/** What is answered to a request: indications of what is wrong with it, and objects. */
export interface Reply {
  readonly iin: number;
  readonly objects?: Uint8Array;
}

export const done: Reply = { iin: 0 };
