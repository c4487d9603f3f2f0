/** The quality of the voltage and of the currents: spectra and their limits, distortion, flicker, unbalance, intervals, percentiles. */
import { Intervals } from "./intervals.tsx";
import { LimitForm } from "./limit-form.tsx";
import { PercentilePanel } from "./percentile-panel.tsx";
import { PowerQuality } from "./power-quality.tsx";
import type { OfMeter } from "./sections.ts";
import { useLimits } from "./use-limits.ts";
import "./quality.css";

export function Section({ live }: OfMeter) {
  const [choice, choose] = useLimits({ live });
  return (
    <>
      <PowerQuality {...live} choice={choice} form={<LimitForm {...{ choice, choose }} />} />
      {live.measurementLogs === undefined ? null : <PercentilePanel {...{ live, choice }} />}
      <Intervals {...live} />
    </>
  );
}
