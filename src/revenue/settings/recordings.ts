/** What triggers record of a disturbance, and how the recordings are set up: values only. */
import type { CaptureKind, Captured } from "#quantity/captured.ts";
import type { Phase } from "#quantity/quantity.ts";
import type { WiringName } from "#quantity/wiring.ts";

/** Resolutions of waveform captures: 16, 128 and 512 samples a cycle. */
export const waveforms = ["none", "low", "medium", "high"] as const;
export type Waveform = (typeof waveforms)[number];

/** Whole cycles: before the trigger, after its cause is over, and of the whole at most. */
export interface RecordingSettings {
  readonly pre: number;
  readonly post: number;
  readonly limit: number;
}

/** The section of the configuration. */
export interface RecordingsSettings {
  readonly highSpeedRms: RecordingSettings;
  readonly waveforms: Readonly<Record<Exclude<Waveform, "none">, RecordingSettings>>;
}

/** Of a trigger on transients: samples in a row that are beyond its level, and half cycles in which it triggers no more. */
export interface TransientFilter {
  readonly samples: number;
  readonly reset: number;
}

/** What looks for transients has to know. */
export interface TransientSought extends TransientFilter {
  readonly volts: "ln" | "ll";
  /** Of volts from line to line that which begins with the phase. */
  readonly phase: Phase | "any";
  /** Secondary volts. */
  readonly level: number;
  readonly wiring: WiringName;
  /** Of the installed voltage transformers. */
  readonly ratio: number;
}

/** What the recorder of a meter has to know of it. */
export interface CapturesSettings {
  readonly wiring: WiringName;
  readonly hz: 50 | 60;
  /** The declared voltage on the line, of the volts that power quality is measured of. */
  readonly nominalVolts: number;
  readonly pqVoltage: "ln" | "ll";
  readonly kinds: Readonly<Partial<Record<CaptureKind, RecordingSettings>>>;
  /** Milliseconds of UTC by the meter's clock. */
  readonly utc: () => number;
  /** Takes a recording that has ended, in volts and amps of the line. */
  readonly onCapture: (captured: Captured) => void;
}

/** What a trigger records. */
interface Recording {
  readonly highSpeedRms?: boolean | undefined;
  readonly waveform?: Waveform | undefined;
}

/** The kinds of recordings that a trigger begins. */
export function recordedBy({ highSpeedRms = false, waveform = "none" }: Recording): readonly CaptureKind[] {
  return [...(highSpeedRms ? (["rms"] as const) : []), ...(waveform === "none" ? [] : [waveform])];
}

/** The kinds that any trigger begins, each as it is set up. */
export function kindsOf(
  triggers: readonly (Recording & { readonly enabled: boolean })[],
  settings: RecordingsSettings | undefined,
): CapturesSettings["kinds"] {
  const kinds: Partial<Record<CaptureKind, RecordingSettings>> = {};
  if (settings === undefined) return kinds;
  for (const trigger of triggers) {
    if (!trigger.enabled) continue;
    for (const kind of recordedBy(trigger))
      kinds[kind] = kind === "rms" ? settings.highSpeedRms : settings.waveforms[kind];
  }
  return kinds;
}
