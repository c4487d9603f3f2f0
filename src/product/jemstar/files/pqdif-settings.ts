/** What a configuration says of PQDIF files (section pqdif). */
import type { EventContents } from "./event-observation.ts";
import type { LogPeriod } from "./periods.ts";

export interface PqdifSettings extends EventContents {
  /** A file of each observation, or files of those of a day. */
  readonly mode: "single" | "multiple";
  /** How long an observation of the measurement log is; "off" where none is made. */
  readonly measurementLog: LogPeriod | "off";
}
