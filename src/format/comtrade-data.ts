/** The data of a COMTRADE recording, described: what their decoders share. */
import type { ByteSource } from "./bytes.ts";
import type { ComtradeConfig } from "./comtrade-config.ts";
import type { RecordingHead } from "./recording.ts";
import type { Remarks } from "./remarks.ts";

/** What every decoder of the data needs. */
export interface ComtradeData {
  readonly config: ComtradeConfig;
  readonly file: string;
  readonly source: ByteSource;
  /** The bytes of the data: [from, to) of the source. */
  readonly from: number;
  readonly to: number;
  /** Lines of the file before the data. */
  readonly linesBefore: number;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  /** By analog channel: SI value = gain x number + offset. */
  readonly gain: Float64Array;
  readonly offset: Float64Array;
}
