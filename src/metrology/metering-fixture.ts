/** A grid with a basic meter on it, fed with one endless stretch: what tests and benches measure with. */
import type { WiringName } from "#quantity/wiring.ts";
import { wirings } from "#quantity/wiring.ts";
import { CycleMeter, type CycleMeterOptions } from "./cycle-meter.ts";
import { Grid } from "./grid.ts";

export class Metered {
  readonly grid: Grid;
  readonly meter: CycleMeter;
  #pushed = 0;

  constructor(options: {
    readonly grid: number;
    readonly wiring?: WiringName;
    readonly frequency?: readonly [number, number];
    readonly reactive?: CycleMeterOptions["reactive"];
    readonly floorVolts?: number;
    readonly cyclesKept?: number;
  }) {
    const { grid, frequency = [45, 65], reactive = "shifted", cyclesKept = 8 } = options;
    const wiring = wirings[options.wiring ?? "wye"];
    this.grid = new Grid({ grid, wiring, frequency, cyclesKept });
    this.grid.floorVolts = options.floorVolts ?? 0.001;
    this.meter = new CycleMeter(this.grid, { wiring, reactive });
  }

  /** Seconds that have been pushed, at the rate of the last push. */
  push(channels: readonly Float64Array[], count: number, rate: number, perCycle = 0): void {
    const at = this.#pushed / rate;
    this.grid.push({ channels, count, rate, perCycle, at, joined: this.#pushed > 0, missing: undefined });
    this.#pushed += count;
  }

  /** Measures the next half cycle that ends a cycle; for how many seconds its values stand, 0 when more samples are needed. */
  next(): number {
    while (this.grid.next()) {
      const stands = this.meter.half();
      if (stands > 0) return stands;
    }
    return 0;
  }
}
