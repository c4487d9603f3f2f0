/** An input of a meter has become another. */
import type { Stamp } from "./stamp.ts";

export interface InputChange {
  readonly channel: number;
  readonly closed: boolean;
  /** When its contact moved, by the meter's clock: it is known only when that has stayed so for long enough. */
  readonly at: Stamp;
}
