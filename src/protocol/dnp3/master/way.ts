/** The way to an outstation, whatever the data link does with fragments: what an association stands on. */
import type { DnpError } from "./failing.ts";

export interface OutstationWay {
  /** What to call it in a message: "127.0.0.1:20000, outstation 1". */
  readonly peer: string;
  /** Takes a fragment, which must stay as it is, and says how many milliseconds it is on the line for. */
  send(fragment: Uint8Array): number;
  /** Names the one receiver of its fragments. */
  receive(run: (fragment: Uint8Array) => void): void;
  /** Runs when a fragment cannot be carried: the outstation does not confirm it, or the link has ended. */
  failed(run: (why: DnpError) => void): void;
  /** Work for which nobody else may talk on the line. */
  turn<T>(work: () => Promise<T>): Promise<T>;
}
