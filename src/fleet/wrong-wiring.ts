/** Mistakes of wiring that a site file orders, as what arrives at the inputs of its meter. */
import { phases, type Phase } from "#quantity/quantity.ts";
import type { Connection, Parts } from "#waveform/connection.ts";
import type { WiringEntry } from "./wiring-schema.ts";

/** Wires change places first; transformers and fuses are those of the inputs at which they then are. */
export function connectionOf(entry: WiringEntry): Connection {
  const { swapVolts, swapAmps, volts = swapped(swapVolts), amps = swapped(swapAmps) } = entry;
  const neutral = partsOf(entry.neutral ?? "n");
  return {
    volts: each((phase, k) => {
      if (entry.deadVolts?.includes(phase) === true) return none;
      const sign = entry.reversedVolts?.includes(phase) === true ? -1 : 1;
      const at = partsOf(volts[k] ?? phase);
      const between: Parts = [at[0] - neutral[0], at[1] - neutral[1], at[2] - neutral[2]];
      return scaled(between, sign * (entry.voltsRatio?.[phase] ?? 1));
    }),
    amps: each((phase, k) => {
      if (entry.deadAmps?.includes(phase) === true) return none;
      const sign = entry.reversed?.includes(phase) === true ? -1 : 1;
      return scaled(partsOf(amps[k] ?? phase), sign * (entry.ampsRatio?.[phase] ?? 1));
    }),
  };
}

const none: Parts = [0, 0, 0];

function each(of: (phase: Phase, k: number) => Parts): readonly [Parts, Parts, Parts] {
  return [of("a", 0), of("b", 1), of("c", 2)];
}

function partsOf(phase: Phase | "n"): Parts {
  return [phase === "a" ? 1 : 0, phase === "b" ? 1 : 0, phase === "c" ? 1 : 0];
}

function scaled([a, b, c]: Parts, by: number): Parts {
  return [a * by, b * by, c * by];
}

function swapped(two: readonly [Phase, Phase] | undefined): readonly Phase[] {
  if (two === undefined) return phases;
  const [one, other] = two;
  return phases.map((phase) => (phase === one ? other : phase === other ? one : phase));
}
