/** The demand interval of a meter with fixed registers, as its instrument has it. */
import type { Instrument } from "#meter/instrument.ts";
import type { DemandInterval, RunningDemand } from "#quantity/demand-interval.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { CycleResult } from "#meter/cycle-result.ts";

/** What a demand is taken of, by its place in the instrument; apparent power is imported where active power is. */
const powers = [
  ["W", 0, ({ wTotal }: CycleResult) => wTotal],
  ["var", 1, ({ qTotal }: CycleResult) => qTotal],
  ["VA", 2, ({ sTotal, wTotal }: CycleResult) => (wTotal < 0 ? -sTotal : sTotal)],
] as const;

export function demandOf({ demand, ratings, result }: Instrument): DemandInterval {
  const { lengthMs, subIntervals } = ratings.cycle;
  // What an input or a master ends is an interval by itself.
  const wanted = lengthMs > 0 ? subIntervals : 1;
  const measures = powers.flatMap(([unit, place, powerOf]) =>
    ([false, true] as const).flatMap((exported): RunningDemand[] => {
      const measure = parseMeasure(`${unit}.${exported ? "export" : "import"}`);
      if (measure === undefined) return [];
      const power = powerOf(result);
      const directed = Math.max(0, exported ? -power : power);
      return [{ measure, ...demand.so(place, exported, wanted), power: Number.isNaN(power) ? undefined : directed }];
    }),
  );
  return {
    subIntervals: wanted,
    subIntervalMs: lengthMs > 0 ? lengthMs : undefined,
    elapsedMs: demand.elapsedMs,
    whole: demand.whole(wanted),
    goesOnAt: "power",
    measures,
  };
}
