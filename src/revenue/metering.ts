/** The integrator of a meter, as it is connected. */
import { wiringOf } from "#quantity/wiring.ts";
import { Integrator, type IntegratorOptions } from "#revenue/measuring/integrator.ts";
import type { PhaseCorrection } from "#revenue/measuring/inputs.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";

/** Samples a cycle that it calculates on, and the range of its frequency. */
const GRID = 512;
const FREQUENCY = [45, 65] as const;

/** That of power quality: IEC 61000-4-30, table 1, class A, at 50 and at 60 Hz. */
const FREQUENCY_OF_QUALITY = [42.5, 69] as const;

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
export function integratorOf(
  options: RevenueMeterOptions,
  {
    integrals,
    look,
    lost,
    quality,
    recording,
  }: Pick<IntegratorOptions, "integrals" | "look" | "lost" | "quality" | "recording">,
): Integrator {
  const { source, transformers, startingCurrent, configuration, line, gains = { w: 1, q: 1 } } = options;
  const { wiring, elements, voltages, neutral } = connections[configuration.primary.connection];
  const { arithmetic } = wiringOf(wiring);
  const { losses } = configuration;
  const correction = correctionOf(configuration);
  const sequences = options.powerQuality ?? false;
  const { rotation, nominalVoltage, pqVoltage } = configuration.primary;
  // It is that of the volts that power quality is measured of.
  const isOther = neutral && pqVoltage === "ll";
  const frequency = sequences ? FREQUENCY_OF_QUALITY : FREQUENCY;
  const nominalVolts = nominalVoltage * transformers.pt * (isOther ? wiringOf(wiring).lnOverSystem : 1);
  const sampled = { source, wiring, grid: GRID, frequency, quality, recording } as const;
  return new Integrator(
    { ...sampled, nominalVolts, transformers, integrals, look, lost, gains, line },
    { elements, voltages, neutral, arithmetic, startingCurrent, losses, correction, sequences, rotation },
  );
}
