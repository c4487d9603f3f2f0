/** A power-quality block on the other side of transformers. */
import type { IntervalView, QualityMeans, QualityView } from "./quality-view.ts";

/** Volts and amps by so much more; what is in percent, in degrees or a factor stays as it is. */
export function scaledQuality(view: QualityView, volts: number, amps: number): QualityView {
  if (volts === 1 && amps === 1) return view;
  return { ...view, ...scaledMeans(view, volts, amps) };
}

function scaledMeans({ channels, unbalance }: QualityMeans, volts: number, amps: number): QualityMeans {
  const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
  const scaled = channels.map((one) => {
    const factor = one.unit === "V" ? volts : amps;
    return { ...one, rms: times(one.rms, factor), fundamental: times(one.fundamental, factor) };
  });
  return { channels: scaled, unbalance };
}

/** The same of intervals. */
export function scaledIntervals(views: readonly IntervalView[], volts: number, amps: number): readonly IntervalView[] {
  if (volts === 1 && amps === 1) return views;
  return views.map((view) => ({
    ...view,
    ...(view.means === undefined ? {} : { means: scaledMeans(view.means, volts, amps) }),
    values: view.values.map((one) => {
      const factor = { V: volts, A: amps, "%": 1 }[one.unit];
      const times = (value: number | null): number | null => (value === null ? null : value * factor);
      return { ...one, mean: times(one.mean), min: times(one.min), max: times(one.max) };
    }),
  }));
}
