/** The last whole cycles on a grid, made when somebody looks. */
import type { WaveformsView } from "#quantity/meter-api.ts";
import type { Grid } from "./grid.ts";

/** Digits behind the point of a volt and an ampere. */
const DIGITS = 1000;

/**
 * `cycles` cycles of volts and amps, va to ic, that end with the last whole one, `instants` of each at most; undefined while there are not so
 * many that are known throughout.
 */
export function lastWaveforms(grid: Grid, cycles: number, instants: number): WaveformsView | undefined {
  // Whole cycles, so that they begin at a rising zero crossing; the last one has not ended where the last half was its first.
  if (grid.sound < 2 * cycles + 1 || grid.missingIn(2 * cycles + 1) !== 0) return undefined;
  const every = Math.max(1, Math.floor(grid.grid / instants));
  const count = cycles * grid.grid;
  const end = grid.from + (grid.index % 2 === 0 ? 0 : grid.half);
  return {
    hz: Number.isFinite(grid.hz) ? grid.hz : null,
    cycles,
    channels: grid.ring.map((ring) =>
      Array.from({ length: count / every }, (_, k) => {
        const sample = ring[(end - count + every * k + ring.length) % ring.length] ?? NaN;
        return Math.round(sample * DIGITS) / DIGITS;
      }),
    ),
  };
}
