/** The parts of a revenue meter, made for a configuration on the memory that it had before. */
import { wiringOf } from "#quantity/wiring.ts";
import type { NonVolatile } from "#meter/non-volatile.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { Billing } from "./billing.ts";
import { automatic, type EventLog } from "#revenue/events/event-log.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import { DemandTiming } from "#revenue/registers/demand-timing.ts";
import { Integrator, type Look } from "#revenue/measuring/integrator.ts";
import { itemOf, type ItemFacts } from "#revenue/registers/item-registers.ts";
import { LoadProfile } from "#revenue/profile/load-profile.ts";
import type { Measure } from "#quantity/measure.ts";
import { COLUMNS } from "#revenue/measuring/columns.ts";
import { Periphery } from "#revenue/contacts/periphery.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { PhaseCorrection } from "#revenue/measuring/inputs.ts";
import { Registers } from "#revenue/registers/registers.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import { Schedules } from "#revenue/time/schedule.ts";
import type { SelfReads } from "#revenue/registers/self-reads.ts";
import type { StatusWord } from "#revenue/events/status-word.ts";
import { Supply } from "./supply.ts";
import { Tariffs } from "./tariffs.ts";
import { TestMode } from "./test-mode.ts";

/** What a meter's memory is laid out as; another version's means something else. Grows with every change of what its runs hold. */
export const MEMORY_LAYOUT = `2.${COLUMNS}`;

/** Samples a cycle that it calculates on, and the range of its frequency. */
const GRID = 512;
const FREQUENCY = [45, 65] as const;

const MINUTE_OF_ARC = Math.PI / 180 / 60;

/** By phase, in radians ahead. */
function correctionOf({ correction }: RevenueConfiguration): readonly PhaseCorrection[] | undefined {
  if (correction === undefined) return undefined;
  return [0, 1, 2].map((k) => {
    const [pt, ct] = [correction.pt[k], correction.ct[k]];
    const [voltsAhead, ampsAhead] = [(pt?.minutes ?? 0) * MINUTE_OF_ARC, (ct?.minutes ?? 0) * MINUTE_OF_ARC];
    return { volts: pt?.ratio ?? 1, amps: ct?.ratio ?? 1, voltsAhead, ampsAhead };
  });
}

/** The integrator for a configuration's connection. */
function integratorOf(options: RevenueMeterOptions, total: Float64Array, look: Look): Integrator {
  const { source, transformers, startingCurrent, configuration, gains = { w: 1, q: 1 } } = options;
  const { wiring, elements, voltages, neutral } = connections[configuration.primary.connection];
  const { arithmetic } = wiringOf(wiring);
  const { losses } = configuration;
  const correction = correctionOf(configuration);
  const sequences = options.powerQuality ?? false;
  return new Integrator(
    { source, wiring, transformers, grid: GRID, frequency: FREQUENCY, total, look, gains },
    { elements, voltages, neutral, arithmetic, startingCurrent, losses, correction, sequences },
  );
}

/** A meter with nothing on its auxiliary terminals. */
const bare = { auxiliaryFirst: false, auxiliary: false, failed: false };

export interface RevenueParts {
  readonly integrator: Integrator;
  readonly registers: Registers;
  readonly demand: DemandTiming;
  readonly profiles: readonly LoadProfile[];
  readonly periphery: Periphery;
  readonly supply: Supply;
  readonly testMode: TestMode;
  readonly billing: Billing;
  readonly tariffs: Tariffs;
  readonly schedules: Schedules;
  /** Memory of the meter itself: [UTC when last saved, seconds on battery, inputs that were live then]. */
  readonly state: Float64Array;
}

/** What the parts ask of the whole, and tell it. */
interface Whole {
  readonly clock: RevenueClock;
  readonly log: EventLog;
  readonly status: StatusWord;
  readonly selfReads: SelfReads;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  readonly facts: () => ItemFacts;
  readonly look: Look;
  readonly closed: (interval: boolean) => void;
}

export function partsOf(options: RevenueMeterOptions, nonVolatile: NonVolatile, meter: Whole): RevenueParts {
  const { applied, configuration, store } = options;
  const { facts, clock, log, settle } = meter;
  const local = (): number => clock.local;
  const utc = (): number => clock.time.utc;
  const memory = (name: string, count: number, initial = 0): Float64Array => {
    const run = nonVolatile.run(name, count, initial);
    const feature = name.slice(0, name.indexOf("."));
    const { registers: register, profiles: profile, pulses: io, totalization } = applied ?? {};
    const anew = { register, profile, io, totalization }[feature];
    return anew === true || applied?.erased !== undefined ? run.fill(initial) : run;
  };
  const sample = ({ quantity, channel }: Measure): number => {
    if (quantity === "closed") return periphery.io.isClosed(channel ?? 1) ? 1 : 0;
    return quantity === "systemBits" ? facts().systemBits : facts().triggerBits;
  };
  const total = memory("integrals", COLUMNS);
  const state = memory("state", 3);
  const { pt, ct } = configuration.primary;
  const registers = new Registers(configuration.registers, {
    total,
    memory,
    utc,
    stamp: (at) => clock.stamp(at),
    pt,
    ct,
    store,
    demand: () => configuration.demand,
    item: (settings) => itemOf(settings, facts()),
  });
  const periphery = new Periphery(configuration, {
    total,
    memory,
    pt,
    ct,
    hz: options.hz ?? 60,
    measured: connections[configuration.primary.connection],
    elapsed: () => clock.time.elapsed,
    register: (id) => registers.value(id) ?? NaN,
  });
  const profiles = configuration.profiles.map(
    (settings, k) => new LoadProfile(k + 1, settings, { total, memory, store, pt, ct, local, sample }),
  );
  const integrator = integratorOf(options, total, meter.look);
  const common = { configuration, registers, profiles, log, local, settle };
  const { status, selfReads } = meter;
  const billing = new Billing({ ...common, status, selfReads, state: memory("billing", 2) });
  return {
    state,
    registers,
    profiles,
    periphery,
    integrator,
    billing,
    demand: new DemandTiming(registers, configuration.demand, memory("deferred", 2), meter.closed),
    supply: new Supply(options.terminals ?? bare, connections[configuration.primary.connection], memory("supply", 1)),
    testMode: new TestMode({
      ...common,
      pulses: periphery.testPulses,
      compensate: (on) => integrator.compensate(on ? configuration.losses : undefined),
      timeoutMinutes: configuration.testMode.timeoutMinutes,
      state: memory("testMode", 3),
    }),
    tariffs: new Tariffs({ clock, registers, periphery, log, state: memory("season", 2) }),
    schedules: schedulesOf(configuration, billing, memory("schedules", 1)),
  };
}

function schedulesOf(
  { timekeeping, selfRead }: RevenueConfiguration,
  billing: Billing,
  state: Float64Array,
): Schedules {
  return new Schedules(
    [
      { schedule: timekeeping.freeze, run: () => billing.freeze(automatic) },
      { schedule: selfRead, run: () => billing.selfRead() },
      { schedule: timekeeping.billingReset, run: () => void billing.reset(automatic) },
    ],
    state,
  );
}
