/** What a revenue meter is made of. */
import type { Measure } from "#quantity/measure.ts";
import type { InputChange } from "#quantity/input-change.ts";
import type { Origin } from "#quantity/log.ts";
import type { CaptureCut } from "#quantity/captured.ts";
import type { TakeObservation } from "#quantity/observation.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import type { QualitySettings } from "#revenue/settings/quality-settings.ts";
import type { CapturesSettings, TransientSought } from "#revenue/settings/recordings.ts";
import type { Recordings } from "#revenue/events/observations.ts";
import type { SoughtTransient } from "#revenue/events/transient-trigger.ts";
import type { GridSink } from "#waveform/grid-feed.ts";
import type { Measured } from "#revenue/measuring/window.ts";
import type { SampledLine } from "#revenue/measuring/sampled-line.ts";
import type { Transformers } from "#revenue/measuring/integrator.ts";
import type { Terminals } from "./supply.ts";

/** The power-quality instrument of a meter: what is asked of it, and what it measures on. */
export type QualityInstrumentPart = QualityPart & GridSink;

/** Undefined where there is nothing to measure it of. */
export type MakeQuality = (settings: QualitySettings) => QualityInstrumentPart | undefined;

/** What records disturbances, on samples. */
export interface CapturePart extends GridSink, Recordings {
  /** There is no power from now on: what is recorded ends here. */
  powerDown(): void;
  /** The meter is configured otherwise, or stopped: what is recorded ends here. */
  end(why: Extract<CaptureCut, "configuration" | "stop">): void;
}

/** Makes what records and what looks for transients, of a source of samples. */
export interface RecordingMakers {
  /** Undefined where nothing is recorded. */
  readonly captures: (settings: CapturesSettings) => CapturePart | undefined;
  readonly transient: (sought: TransientSought) => SoughtTransient;
}

export interface RevenueMeterOptions {
  readonly name: string;
  readonly source: Source;
  /** Elapsed time and UTC at the start. */
  readonly elapsed: number;
  readonly utc: number;
  readonly store: MeterStore;
  readonly configuration: RevenueConfiguration;
  readonly transformers: Transformers;
  /** Below this current of a phase nothing registers, A. */
  readonly startingCurrent: number;
  readonly driftPpm?: number;
  /** Nominal frequency of the line; 60 unless said. */
  readonly hz?: number;
  /** Power quality (PQ1, PQ2, PQ3) is enabled; it is not unless said. */
  readonly powerQuality?: boolean | undefined;
  /** It has the measurement log (option ML): of a meter without power quality of values of one cycle each half cycle. */
  readonly measurementLog?: boolean | undefined;
  /** Energies that it counts whatever its registers are set up to show; none unless said. */
  readonly standing?: readonly Measure[] | undefined;
  /** Makes the instrument of power quality, of a meter on which it is enabled; none unless said. */
  readonly quality?: MakeQuality | undefined;
  /** Makes what records and what looks for transients, of a meter on which power quality is enabled; none unless said. */
  readonly recording?: RecordingMakers | undefined;
  /** Takes what triggers have left; nobody does unless said. */
  readonly observe?: TakeObservation | undefined;
  /** UTC of the time server at an elapsed time; none unless said. */
  readonly timeServer?: ((elapsed: number) => number) | undefined;
  /** What is at its terminals besides voltages and currents; nothing unless said. */
  readonly terminals?: Terminals | undefined;
  /** Whether somebody talks on the optical port: it gives no test pulses meanwhile. Nobody does unless said. */
  readonly opticalTalks?: (() => boolean) | undefined;
  /** An input has become another; nobody is told unless said. */
  readonly inputChanged?: ((change: InputChange) => void) | undefined;
  /** Calibration: what watts and vars are multiplied by. */
  readonly gains?: { readonly w: number; readonly q: number } | undefined;
  /** Whether what the battery keeps is there when power is back; it is unless said. */
  readonly survives?: (() => boolean) | undefined;
  /** What its display says of its ports and its boards. */
  readonly display?: (() => { readonly communication?: string; readonly firmware?: string }) | undefined;
  /** Its memory is of the version before, which kept times otherwise. */
  readonly earlier?: boolean | undefined;
  /** What the meter measured last that goes on otherwise configured: it is shown until there is something newer. */
  readonly last?: Measured | undefined;
  /** What the meter measured on that goes on otherwise configured: its source is sampled on as if nothing had been. */
  readonly line?: SampledLine | undefined;
  /** A configuration that was applied just now: the meter goes on, and some of it begins anew. */
  readonly applied?: Applied | undefined;
}

export interface Applied {
  readonly by: Origin;
  readonly registers: boolean;
  readonly profiles: boolean;
  /** Energy pulses. */
  readonly pulses: boolean;
  readonly totalization?: boolean;
  /** What other meters have counted. */
  readonly communicated?: boolean;
  readonly measurementLog?: boolean;
  /** The billing configuration is another: what was added up by billing periods begins anew. */
  readonly billing?: boolean;
  /** Nothing differs of what registers and profiles are made of: intervals go on. */
  readonly goesOn?: boolean;
  /** What has erased all that the meter had measured; unless it has only been configured. */
  readonly erased?: "cold start" | "powered up with a dead battery" | "memory of another version" | undefined;
}
