/** What no schema can say of recordings: how many cycles each kind may have, at the frequency that was ordered. */
import { captureRanges } from "#quality/capture-settings.ts";
import type { CaptureKind } from "#quantity/captured.ts";
import type { RecordingSettings } from "#revenue/settings/recordings.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export function checkRecordings({ powerQuality }: Pick<RevenueFile, "powerQuality">, { hz }: Ordered): string[] {
  const check = (at: string, kind: CaptureKind, settings: RecordingSettings): string[] => {
    const ranges = captureRanges(kind, hz);
    return (["pre", "post", "limit"] as const).flatMap((key) => {
      const [least, most] = ranges[key];
      const cycles = settings[key];
      return cycles >= least && cycles <= most
        ? []
        : [`powerQuality.${at}.${key}: expected ${least} to ${most} cycles, found ${cycles}`];
    });
  };
  const { highSpeedRms, waveforms } = powerQuality;
  return [
    ...check("highSpeedRms", "rms", highSpeedRms),
    ...(["low", "medium", "high"] as const).flatMap((kind) => check(`waveforms.${kind}`, kind, waveforms[kind])),
  ];
}
