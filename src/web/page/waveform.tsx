/** The last cycles of volts (solid) and amps (dashed), each to its own largest value. */
import type { WaveformsView } from "#quantity/meter-api.ts";
import { phases } from "./sags.ts";

const WIDTH = 640;
const HEIGHT = 240;
const MIDDLE = HEIGHT / 2;

function peakOf(channels: readonly (readonly number[])[]): number {
  return Math.max(1e-9, ...channels.flat().map(Math.abs));
}

export function Waveforms({ hz, cycles, channels }: WaveformsView) {
  const [volts, amps] = [channels.slice(0, 3), channels.slice(3)];
  const [vPeak, iPeak] = [peakOf(volts), peakOf(amps)];
  const time = hz === null ? "" : `, ${((1000 * cycles) / hz).toFixed(1)} ms`;
  return (
    <>
      <svg
        id="waveform"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Waveforms of the last ${cycles} cycles: volts to ${vPeak.toFixed(0)} V, amps to ${iPeak.toFixed(0)} A`}
      >
        <line x1={0} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} class="grid" />
        {Array.from({ length: cycles - 1 }, (_, k) => {
          const x = (WIDTH * (k + 1)) / cycles;
          return <line key={k} x1={x} x2={x} y1={0} y2={HEIGHT} class="grid" />;
        })}
        {[
          ...volts.map((samples, k) => ({ samples, phase: phases[k], top: vPeak, height: 0.94, kind: "trace" })),
          ...amps.map((samples, k) => ({ samples, phase: phases[k], top: iPeak, height: 0.6, kind: "trace current" })),
        ]
          .filter(({ samples }) => samples.some((x) => x !== 0))
          .map(({ samples, phase, top, height, kind }) => (
            <polyline key={`${kind} ${phase}`} points={pointsOf(samples, top, height)} class={`${kind} ${phase}`} />
          ))}
      </svg>
      <p class="scale">
        Volts solid, peak <span class="value">{vPeak.toFixed(1)} V</span>; amps dashed, peak{" "}
        <span class="value">{iPeak.toFixed(1)} A</span>; {cycles} cycles{time}
      </p>
    </>
  );
}

function pointsOf(samples: readonly number[], top: number, height: number): string {
  return samples
    .map((x, k) => `${((WIDTH * k) / samples.length).toFixed(1)},${(MIDDLE - (height * MIDDLE * x) / top).toFixed(1)}`)
    .join(" ");
}
