/**
 * What becomes of a source's samples before a configuration makes anything of them: half cycles on the line's grid, and the values of
 * each cycle. A meter that goes on otherwise configured goes on with it, in the middle of a half cycle, a block and an interval.
 */
import { CycleMeter } from "#metrology/cycle-meter.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { lastWaveforms } from "#metrology/last-waveforms.ts";
import type { WaveformsView } from "#quantity/meter-api.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import { GridFeed, type GridSink } from "#waveform/grid-feed.ts";
import type { SampleSource } from "#waveform/source.ts";
import { HalfCycleVolts } from "./half-cycle-volts.ts";
import { newInputs } from "./inputs.ts";

export interface LineOptions {
  readonly source: SampleSource;
  readonly wiring: WiringName;
  readonly grid: 64 | 128 | 256 | 512;
  readonly frequency: readonly [number, number];
  /** Of the source, on the line: to neutral, or from line to line where the wiring has none. */
  readonly nominalVolts: number;
  /** The power-quality instrument, of a meter on which that is enabled. */
  readonly quality?: (QualityPart & GridSink) | undefined;
  /** What records, and looks at each half cycle before it is counted. */
  readonly recording?: GridSink | undefined;
}

/** Cycles of the waveforms that are kept, and where two blocks of 12 of them may overlap. */
const CYCLES_KEPT = 8;
const CYCLES_OF_QUALITY = 32;

export class SampledLine {
  readonly feed: GridFeed;
  readonly meter: CycleMeter;
  /** As they were last: what is not known of a cycle stays as it was. */
  readonly inputs = newInputs();
  /** By element, reactive power of the last cycle of which it was known, as the meter has it. */
  readonly vars = new Float64Array(3);
  /** Half cycles that were counted. */
  halves = 0;
  readonly #made: Omit<LineOptions, "nominalVolts" | "quality" | "recording"> & { readonly cyclesKept: number };
  #nominalVolts: number;
  #volts: HalfCycleVolts;

  constructor(options: LineOptions) {
    const { source, grid, frequency, nominalVolts, quality } = options;
    const wiring = wiringOf(options.wiring);
    const cyclesKept = cyclesOf(quality);
    this.#made = { source, wiring: options.wiring, grid, frequency, cyclesKept };
    this.#nominalVolts = nominalVolts;
    this.feed = new GridFeed(source, { grid, wiring, frequency, cyclesKept });
    this.meter = new CycleMeter(this.feed.grid, { wiring, reactive: "shifted" });
    this.#volts = new HalfCycleVolts(wiring, nominalVolts);
  }

  /** Whether it is what the options ask for, but for what it can take on: a nominal voltage, and another instrument of power quality. */
  serves({ source, wiring, grid, frequency, quality }: LineOptions): boolean {
    const own = this.#made;
    if (source !== own.source || wiring !== own.wiring || grid !== own.grid) return false;
    return frequency === own.frequency && cyclesOf(quality) === own.cyclesKept;
  }

  /** The last `cycles` cycles, `instants` of each; undefined while there are not so many. */
  waveforms(cycles: number, instants: number): WaveformsView | undefined {
    return lastWaveforms(this.feed.grid, cycles, instants);
  }

  get volts(): HalfCycleVolts {
    return this.#volts;
  }

  /**
   * From now on `half` is told of each half cycle, and before it power quality and what records: what is counted is counted with what is known at its
   * end. `lost` is told that nothing comes for now.
   */
  goOn(
    { nominalVolts, quality, recording }: Pick<LineOptions, "nominalVolts" | "quality" | "recording">,
    half: () => void,
    lost: () => void,
  ): void {
    if (nominalVolts !== this.#nominalVolts) {
      this.#nominalVolts = nominalVolts;
      this.#volts = new HalfCycleVolts(wiringOf(this.#made.wiring), nominalVolts);
    }
    const basic = {
      half: (taken: GridHalf): void => {
        this.#volts.half(taken);
        half();
      },
      pause: lost,
    };
    this.feed.sinks = [quality, recording, basic].filter((one) => one !== undefined);
  }

  /** Nobody is told of anything any more. */
  leave(): void {
    this.feed.sinks = [];
  }
}

function cyclesOf(quality: LineOptions["quality"]): number {
  return quality === undefined ? CYCLES_KEPT : CYCLES_OF_QUALITY;
}
