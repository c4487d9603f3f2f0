/** Which phase, or pair of them, a channel is of, by PQDIF's word for it. */
import type { RecordingPhase } from "#format/recording.ts";

export const recordingPhases: Readonly<Record<string | number, RecordingPhase | undefined>> = {
  "A-N": "a",
  "B-N": "b",
  "C-N": "c",
  "A-B": "ab",
  "B-C": "bc",
  "C-A": "ca",
};
