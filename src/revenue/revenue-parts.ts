/** The parts of a revenue meter, made for a configuration on the memory that it had before. */
import type { NonVolatile } from "#meter/non-volatile.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import { DemandTiming } from "./demand-timing.ts";
import { Integrator } from "./integrator.ts";
import { itemOf, type ItemFacts } from "./item-registers.ts";
import { LoadProfile } from "./load-profile.ts";
import { COLUMNS, type Measure } from "./measure.ts";
import { Periphery } from "./periphery.ts";
import type { PhaseCorrection } from "./rates.ts";
import { Registers } from "./registers.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import type { Window } from "./window.ts";

const connections = {
  "3 wire delta": { wiring: "two-element", elements: [0, 2], neutral: false },
  "4 wire wye": { wiring: "wye", elements: [0, 1, 2], neutral: true },
  "4 wire delta": { wiring: "wye", elements: [0, 1, 2], neutral: true },
  "2 element wye": { wiring: "network", elements: [0, 1], neutral: true },
} as const;

/** Samples a cycle that it calculates on, and the range of its frequency. */
const GRID = 512;
const FREQUENCY = [45, 65] as const;

const MINUTE_OF_ARC = Math.PI / 180 / 60;

/** Voltage that is turned ahead turns power so, current that is turned ahead the other way. */
function correctionOf({ correction }: RevenueConfiguration): readonly PhaseCorrection[] | undefined {
  if (correction === undefined) return undefined;
  return [0, 1, 2].map((k) => {
    const [pt, ct] = [correction.pt[k], correction.ct[k]];
    const angle = ((pt?.minutes ?? 0) - (ct?.minutes ?? 0)) * MINUTE_OF_ARC;
    return { volts: pt?.ratio ?? 1, amps: ct?.ratio ?? 1, cos: Math.cos(angle), sin: Math.sin(angle) };
  });
}

/** The integrator for a configuration's connection. */
function integratorOf(options: RevenueMeterOptions, total: Float64Array): Integrator {
  const { source, transformers, startingCurrent, configuration } = options;
  const { wiring, elements, neutral } = connections[configuration.primary.connection];
  return new Integrator(
    { source, wiring, transformers, grid: GRID, frequency: FREQUENCY, total },
    { elements, neutral, startingCurrent, losses: configuration.losses, correction: correctionOf(configuration) },
  );
}

export interface RevenueParts {
  readonly integrator: Integrator;
  readonly registers: Registers;
  readonly demand: DemandTiming;
  readonly profiles: readonly LoadProfile[];
  readonly periphery: Periphery;
  /** [last billing reset, last freeze, last season change: local ms, season, UTC when last saved, seconds on battery, test mode: on, since]. */
  readonly state: Float64Array;
}

/** `meter` is what the parts ask of the whole. */
export function partsOf(
  options: RevenueMeterOptions,
  nonVolatile: NonVolatile,
  meter: { readonly local: () => number; readonly facts: () => ItemFacts; readonly window: Window },
): RevenueParts {
  const { applied, configuration, store } = options;
  const { local, facts } = meter;
  const memory = (name: string, count: number, initial = 0): Float64Array => {
    const run = nonVolatile.run(name, count, initial);
    const feature = name.slice(0, name.indexOf("."));
    const anew = { register: applied?.registers, profile: applied?.profiles, io: applied?.pulses }[feature];
    return anew === true || applied?.erased !== undefined ? run.fill(initial) : run;
  };
  const sample = ({ quantity, channel }: Measure): number => {
    if (quantity === "closed") return periphery.io.isClosed(channel ?? 1) ? 1 : 0;
    return quantity === "systemBits" ? facts().systemBits : facts().triggerBits;
  };
  const total = memory("integrals", COLUMNS);
  const state = memory("state", 8);
  const { pt, ct } = configuration.primary;
  const registers = new Registers(configuration.registers, {
    total,
    memory,
    local,
    pt,
    ct,
    demand: () => configuration.demand,
    item: (settings) => itemOf(settings, facts()),
  });
  const periphery = new Periphery(configuration, {
    total,
    memory,
    pt,
    ct,
    average: meter.window.average,
    register: (id) => registers.show(id)?.value ?? NaN,
  });
  return {
    state,
    registers,
    integrator: integratorOf(options, total),
    demand: new DemandTiming(registers, configuration.demand, memory("deferred", 1)),
    profiles: configuration.profiles.map(
      (settings, k) => new LoadProfile(k + 1, settings, { total, memory, store, pt, ct, local, sample }),
    ),
    periphery,
  };
}
