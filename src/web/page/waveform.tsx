/** The last cycles of volts (solid) and amps (dashed), each to its own largest value. */
import type { WaveformsView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { fixed } from "./numbers.ts";
import { phases } from "./sags.ts";
import { texts } from "./wave-words.ts";

const WIDTH = 640;
const HEIGHT = 240;
const MIDDLE = HEIGHT / 2;

function peakOf(channels: readonly (readonly number[])[]): number {
  return Math.max(1e-9, ...channels.flat().map(Math.abs));
}

export function Waveforms({ hz, cycles, channels }: WaveformsView) {
  const [volts, amps] = [channels.slice(0, 3), channels.slice(3)];
  const [vPeak, iPeak] = [peakOf(volts), peakOf(amps)];
  const time = hz === null ? "" : `, ${fixed((1000 * cycles) / hz, 1)} ms`;
  return (
    <>
      <svg
        id="waveform"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say(texts.lastCycles, { cycles, volts: fixed(vPeak, 0), amps: fixed(iPeak, 0) })}
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
        {say(texts.peaks, { volts: fixed(vPeak, 1), amps: fixed(iPeak, 1), cycles })}
        {time}
      </p>
    </>
  );
}

function pointsOf(samples: readonly number[], top: number, height: number): string {
  return samples
    .map((x, k) => `${((WIDTH * k) / samples.length).toFixed(1)},${(MIDDLE - (height * MIDDLE * x) / top).toFixed(1)}`)
    .join(" ");
}
