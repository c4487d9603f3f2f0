/** What the log says of recordings: which triggers share one, and why one ended before its time. */
import type { CaptureCut, Captured, CaptureKind } from "#quantity/captured.ts";
import type { LogEntry } from "#quantity/log.ts";

export const recordingNames = {
  rms: "high-speed RMS",
  low: "waveform low",
  medium: "waveform medium",
  high: "waveform high",
} as const satisfies Record<CaptureKind, string>;

const cuts = {
  limit: "it was as long as it may be",
  gap: "samples were missing",
  power: "the meter had no power",
  configuration: "the meter was configured otherwise",
  stop: "the process was stopped",
} as const satisfies Record<CaptureCut, string>;

/** What is to be said of a recording; `again` is how often a trigger came in the cycles behind its causes. Undefined of one like any other. */
export function notesOf({ kind, triggers, cut }: Captured, again: number): LogEntry["details"] | undefined {
  const [trigger = 0, ...others] = triggers;
  if (others.length === 0 && again === 0 && cut === undefined) return undefined;
  return {
    recording: recordingNames[kind],
    trigger,
    ...(others.length === 0 ? {} : { shared: others.join(", ") }),
    ...(again === 0 ? {} : { again }),
    ...(cut === undefined ? {} : { cut: cuts[cut] }),
  };
}
