/**
 * The last 10 or 12 cycles of a grid as a block, made when somebody looks: what a meter without a power-quality instrument can show of
 * its waveforms. It is no block of IEC 61000-4-30: those follow one another without gap, and are flagged.
 */
import type { Grid } from "#metrology/grid.ts";
import type { Measure } from "#quantity/measure.ts";
import type { QualityPart, QualityView } from "#quantity/quality-view.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { BlockSpectrum } from "./block-spectrum.ts";
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import { type LastBlock, measured } from "./measured.ts";
import { viewOf } from "./view.ts";

/** What is looked at: the meter may be wired anew, and has another grid then. */
export interface LookedAt {
  readonly grid: Grid | undefined;
  readonly wiring: Wiring;
  /** Milliseconds of UTC at a second of the source; NaN where nobody knows. */
  readonly utc: (at: number) => number;
}

export class LastCycles implements QualityPart {
  readonly #look: () => LookedAt;
  #grid: Grid | undefined;
  #index = -1;
  #channels: readonly MeasuredChannel[] = [];
  #spectrum: BlockSpectrum | undefined;
  #block: LastBlock | undefined;

  constructor(look: () => LookedAt) {
    this.#look = look;
  }

  view(): QualityView | undefined {
    const block = this.#measure();
    return block === undefined ? undefined : viewOf(block);
  }

  value(measure: Measure): number | undefined {
    const block = this.#measure();
    const value = block === undefined ? undefined : measured(block, measure);
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /** The block that ends with the last whole cycle; undefined while there are not so many whole ones. */
  #measure(): LastBlock | undefined {
    const { grid, wiring, utc } = this.#look();
    if (grid === undefined || Number.isNaN(grid.hz)) return undefined;
    if (grid === this.#grid && grid.index === this.#index) return this.#block;
    const cycles = grid.hz < 55 ? 10 : 12;
    if (grid !== this.#grid || this.#block?.cycles !== cycles) this.#make(grid, wiring, cycles);
    this.#index = grid.index;
    // A cycle begins with an even half; the last one may be half there.
    const begun = grid.index % 2 === 0 ? 1 : 0;
    // Nor may the phase have jumped in them, or have been disturbed: such harmonics are of the jump.
    if (grid.settled < 2 * cycles + begun) return (this.#block = undefined);
    const length = grid.ring[0]?.length ?? 0;
    const from = (grid.from + (1 - begun) * grid.half - cycles * grid.grid + 2 * length) % length;
    const spectrum = this.#spectrum;
    if (spectrum === undefined) return undefined;
    const seconds = cycles / grid.hz;
    const missing = grid.missingIn(2 * cycles + begun);
    spectrum.measure(grid.ring, { from, seconds, missing, harmonicLimit: grid.harmonicLimit });
    this.#block = {
      channels: this.#channels,
      declared: new Float64Array(this.#channels.length).fill(NaN),
      cycles,
      values: spectrum.values,
      orders: spectrum.orders,
      limitingGrid: spectrum.limitingGrid,
      utcEnd: utc(begun === 1 ? grid.at : grid.at + grid.seconds),
      flagged: false,
      missing,
      why: undefined,
      isThere: true,
    };
    return this.#block;
  }

  #make(grid: Grid, wiring: Wiring, cycles: 10 | 12): void {
    this.#grid = grid;
    this.#channels = channelsOf(wiring);
    this.#spectrum = new BlockSpectrum({
      wiring,
      channels: this.#channels,
      cycles,
      grid: grid.grid,
      rotation: "abc",
      declaredVolts: () => undefined,
    });
  }
}
