/** The last cycles of volts (solid) and amps (dashed), each to its own largest value. */
import { element } from "./phasor.ts";

export interface Waveforms {
  readonly hz: number | null;
  readonly cycles: number;
  readonly channels: readonly (readonly number[])[];
}

const WIDTH = 640;
const HEIGHT = 240;
const classes = ["a", "b", "c"] as const;

function peak(channels: readonly (readonly number[])[]): number {
  return Math.max(1e-9, ...channels.flat().map(Math.abs));
}

/** Draws and returns the text of the scale. */
export function drawWaveforms(svg: SVGElement, waveforms: Waveforms): string {
  const parts: SVGElement[] = [];
  const middle = HEIGHT / 2;
  parts.push(element("line", { x1: 0, x2: WIDTH, y1: middle, y2: middle, class: "grid" }));
  for (let k = 1; k < waveforms.cycles; k++) {
    const x = (WIDTH * k) / waveforms.cycles;
    parts.push(element("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, class: "grid" }));
  }
  const volts = waveforms.channels.slice(0, 3);
  const amps = waveforms.channels.slice(3);
  const [vPeak, iPeak] = [peak(volts), peak(amps)];
  for (const [channels, top, height, kind] of [
    [volts, vPeak, 0.94, "trace"],
    [amps, iPeak, 0.6, "trace current"],
  ] as const) {
    channels.forEach((samples, phase) => {
      if (samples.every((x) => x === 0)) return;
      const points = samples
        .map(
          (x, k) => `${((WIDTH * k) / samples.length).toFixed(1)},${(middle - (height * middle * x) / top).toFixed(1)}`,
        )
        .join(" ");
      parts.push(element("polyline", { points, class: `${kind} ${classes[phase] ?? ""}` }));
    });
  }
  svg.replaceChildren(...parts);
  const span = waveforms.hz === null ? "" : `, ${((1000 * waveforms.cycles) / waveforms.hz).toFixed(1)} ms`;
  return `volts solid, peak ${vPeak.toFixed(1)} V; amps dashed, peak ${iPeak.toFixed(1)} A; ${waveforms.cycles} cycles${span}`;
}
