/**
 * The power-quality instrument of a revenue meter: what its configuration says of it, and what it says at the meter's terminals.
 * Whoever makes the meter hands in how one is made; here is the one place where it becomes a part of the meter.
 */
import { primaryFactor } from "#quantity/measure.ts";
import { scaledIntervals, scaledQuality } from "#quantity/scaled-quality.ts";
import type { TakeEnded } from "#quantity/quality-view.ts";
import { qualitySettingsOf } from "#revenue/settings/quality-settings.ts";
import { switched } from "#waveform/switched-sink.ts";
import type { QualityInstrumentPart, RevenueMeterOptions } from "./revenue-options.ts";

/**
 * The part of a meter on which power quality is enabled, or which logs measurements; undefined of others, and of sources that have no
 * samples. Without power it measures nothing.
 */
export function qualityOf(
  options: RevenueMeterOptions,
  utc: () => number,
  isPowered: () => boolean,
  ended: TakeEnded,
): QualityInstrumentPart | undefined {
  const { configuration, powerQuality = false, measurementLog = false, source, quality: make, transformers } = options;
  if (!(powerQuality || measurementLog) || source.kind !== "samples") return undefined;
  const { pt, ct } = transformers;
  const scaled: TakeEnded = ({ length, utcStart, utcEnd, complete, flagged, ...interval }) =>
    ended({
      length,
      utcStart,
      utcEnd,
      complete,
      flagged,
      value(measure, over) {
        const value = interval.value(measure, over);
        return value === undefined ? undefined : value / primaryFactor(measure, pt, ct);
      },
    });
  const part = make?.(qualitySettingsOf(configuration, options, { utc, ended: scaled }));
  if (part === undefined) return undefined;
  return {
    ...switched(part, isPowered),
    view() {
      const view = part.view();
      return view === undefined ? undefined : scaledQuality(view, 1 / pt, 1 / ct);
    },
    intervals: () => scaledIntervals(part.intervals?.() ?? [], 1 / pt, 1 / ct),
    value(measure) {
      const value = part.value(measure);
      return value === undefined ? undefined : value / primaryFactor(measure, pt, ct);
    },
    logs: (measure) => part.logs?.(measure) === true,
  };
}
