/**
 * What only some meters keep beside energies and power demands: extremes, demands of the currents, the moments of peaks and resets,
 * a digital output and input, a usage timer. What the design does not have is absent.
 */
import type { MeterClock } from "#clock/meter-clock.ts";
import { mean } from "#metrology/power.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Command, Extremum, Moment, Month, Remembered } from "#quantity/interfaces.ts";
import { ampsDemanded, type Watched } from "#quantity/quantity.ts";
import { AmpsDemand, ampsPlace } from "./amps-demand.ts";
import type { CycleResult } from "./cycle-result.ts";
import type { Demand } from "./demand.ts";
import { DigitalPoint } from "./digital-points.ts";
import { Extremes } from "./extremes.ts";
import { Moments } from "./moments.ts";
import { RecentMeans } from "./recent-means.ts";

/** What a calculation cycle leaves to be kept. */
export interface CycleEnd {
  readonly result: CycleResult;
  /** The readings are those of the cycle before. */
  readonly same: boolean;
  readonly read: (name: Watched) => number;
  /** Of a demand interval of the currents, ms. */
  readonly ampsDemandMs: number;
}

export interface Parts {
  readonly clock: MeterClock;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  /** The power demands of now: another wiring makes others. */
  readonly demand: () => Demand;
}

export class Records implements Remembered {
  readonly extremes: Extremes | undefined;
  readonly ampsDemand: AmpsDemand | undefined;
  readonly recent: RecentMeans | undefined;
  readonly output: DigitalPoint | undefined;
  readonly input: DigitalPoint | undefined;
  /** When each of the power demands' maxima was. */
  readonly peaksAt: Float64Array | undefined;
  /** W, var and VA of the interval in which each of the power demands of W, var and VA was largest. */
  readonly coincident: Float64Array | undefined;
  readonly #moments: Moments | undefined;
  /** [seconds in which current flowed]. */
  readonly #usage: Float64Array | undefined;
  readonly #usageAmps: number;
  readonly #cycleMs: number;
  readonly #clock: MeterClock;
  readonly #demand: () => Demand;

  constructor(design: InstrumentDesign, { clock, memory, demand }: Parts) {
    this.#clock = clock;
    this.#demand = demand;
    this.#cycleMs = design.calculationCycleMs;
    this.#usageAmps = design.usageAmps ?? NaN;
    if (design.ampsDemand === true) {
      this.peaksAt = memory("demand.max.at", 6, NaN);
      this.coincident = memory("demand.coincident", 9, NaN);
      this.#moments = new Moments(memory);
      this.recent = new RecentMeans(design.calculationCycleMs);
      this.ampsDemand = new AmpsDemand(memory);
    }
    if (design.extremes !== undefined) this.extremes = new Extremes(design.extremes, memory);
    if (design.usageAmps !== undefined) this.#usage = memory("usage", 1);
    if (design.digital !== true) return;
    this.output = new DigitalPoint("output", memory);
    this.input = new DigitalPoint("input", memory);
  }

  endCycle({ result, same, read, ampsDemandMs }: CycleEnd): void {
    const at = this.#clock.now();
    this.extremes?.take(this.#clock.wall(), at, same, read);
    const amps = mean(result.a);
    this.ampsDemand?.cycle(result, amps, this.#cycleMs, ampsDemandMs, at);
    this.recent?.cycle(result, amps);
    this.output?.cycle(this.#cycleMs);
    this.input?.cycle(this.#cycleMs);
    if (this.#usage === undefined || !result.a.some((one) => one > this.#usageAmps)) return;
    this.#usage[0] = (this.#usage[0] ?? 0) + this.#cycleMs / 1000;
  }

  /** Does what a command does to what is kept here. */
  execute(command: Command): void {
    const at = this.#clock.now();
    const { ampsDemand, extremes } = this;
    if (command === "clearEnergy") this.note("energy.cleared");
    if (command === "resetMaxDemand") this.note("demand.reset");
    if (command === "resetExtremes" || command === "resetPresentExtremes") extremes?.reset("present", at);
    if (command === "resetExtremes" || command === "resetPreviousExtremes") extremes?.reset("previous", at);
    if (command === "resetAmpsDemand" || command === "restart") ampsDemand?.restart();
    if (command === "resetMaxAmpsDemand") ampsDemand?.resetPeaks();
    if (command === "energizeOutput") this.output?.turn(true);
    if (command === "deEnergizeOutput") this.output?.turn(false);
    if (command === "clearOutputCount") this.output?.clear();
    if (command === "clearInputCount") this.input?.clear();
    if (command === "clearUsage") this.#usage?.fill(0);
  }

  note(name: Moment): void {
    this.#moments?.note(name, this.#clock.now());
  }

  extreme(name: Watched, which: "min" | "max", month: Month): Extremum | undefined {
    return this.extremes?.of(name, which, month);
  }

  moment(name: Moment): number | undefined {
    if (name === "extremes.reset") return this.extremes?.begunAt("present");
    if (name === "extremes.previous") return this.extremes?.begunAt("previous");
    const at = this.#peakAt(name) ?? this.#moments?.at(name) ?? NaN;
    return Number.isNaN(at) ? undefined : at;
  }

  #peakAt(name: Moment): number | undefined {
    const power = (["W", "var", "VA"] as const).findIndex((unit) => name === `${unit}.import.demand.max`);
    if (power >= 0) return this.#demand().peakAt(power);
    const amps = ampsDemanded.find((current) => name === `${current}.demand.max`);
    return amps === undefined ? undefined : this.ampsDemand?.peakAt(ampsPlace[amps]);
  }

  get usageSeconds(): number {
    return this.#usage?.[0] ?? NaN;
  }
}
