import type { MeasureSizes } from "./sizes.ts";

/** What sizes.ts does, in plain words. */
export const measureSizesReference: MeasureSizes = (rings, from, n, out) => {
  out.squares.fill(0);
  out.peaks.fill(0);
  for (let k = 0; k < n; k++) {
    const [x, y, z] = rings.map((ring) => ring[(from + k) % ring.length]!) as [number, number, number];
    for (const [c, value] of [x, y, z, x - y, y - z, z - x].entries()) {
      out.squares[c]! += value ** 2;
      if (Math.abs(value) > out.peaks[c]!) out.peaks[c] = Math.abs(value);
    }
  }
};
