/** What a revenue meter is made of. */
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import { Integrator, type Transformers } from "./integrator.ts";

export interface RevenueMeterOptions {
  readonly name: string;
  readonly source: Source;
  /** Elapsed time and UTC at the start. */
  readonly elapsed: number;
  readonly utc: number;
  readonly store: MeterStore;
  readonly configuration: RevenueConfiguration;
  readonly checksum: (bytes: Uint8Array) => number;
  readonly transformers: Transformers;
  /** Below this current of a phase nothing registers, A. */
  readonly startingCurrent: number;
  readonly driftPpm?: number;
  /** A configuration that was applied just now: the meter goes on, and some of it begins anew. */
  readonly applied?: Applied | undefined;
}

export interface Applied {
  readonly by: string;
  readonly registers: boolean;
  readonly profiles: boolean;
}

const connections = {
  "3 wire delta": { wiring: "two-element", elements: [0, 2], neutral: false },
  "4 wire wye": { wiring: "wye", elements: [0, 1, 2], neutral: true },
  "4 wire delta": { wiring: "wye", elements: [0, 1, 2], neutral: true },
  "2 element wye": { wiring: "network", elements: [0, 1], neutral: true },
} as const;

/** Samples a cycle that it calculates on, and the range of its frequency. */
const GRID = 512;
const FREQUENCY = [45, 65] as const;

/** The integrator for a configuration's connection. */
export function integratorOf(options: RevenueMeterOptions, total: Float64Array): Integrator {
  const { source, transformers, startingCurrent, configuration } = options;
  const { wiring, elements, neutral } = connections[configuration.primary.connection];
  return new Integrator(
    { source, wiring, transformers, grid: GRID, frequency: FREQUENCY, total },
    { elements, neutral, startingCurrent, losses: configuration.losses },
  );
}
