/**
 * A year of one revenue meter: 15-minute profile, tariffs, daylight saving, monthly resets, loads that change every minute. The
 * loads are ready before the clock starts; what is measured is the meter.
 */
import { median } from "./median.ts";
import { eastern, everyDay, measure, register, revenueRig, type Load } from "../test/revenue-rig.ts";

const MINUTES = 365 * 1440;
const ROUNDS = 5;

export function benchYear(): void {
  const loads = Array.from({ length: MINUTES }, (_, minute): Load => {
    const x = Math.imul(minute + 1, 2_654_435_761) >>> 0;
    return { w: (x % 9000) - 900, q: ((x >>> 12) % 3000) - 500 };
  });
  const days = everyDay([
    { minute: 0, rate: "C" },
    { minute: 420, rate: "B" },
    { minute: 750, rate: "A" },
    { minute: 1200, rate: "C" },
  ]);
  const seconds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const rig = revenueRig(
      {
        registers: {
          normal: [
            register(1),
            ...(["A", "B", "C"] as const).map((tariff, k) => register(2 + k, { tariff })),
            register(5, { type: "peakDemand", measure: measure("W"), tariff: "A" }),
          ],
          alternate: [register(101, { storage: "billingReset" })],
          test: [],
        },
        tou: { seasons: [{ month: 1, day: 1, days }], holidays: [] },
        timekeeping: {
          sync: "crystal",
          toleranceMs: 500,
          utcOffsetMinutes: -300,
          daylightSaving: eastern,
          freeze: { every: "never", minute: 0, day: 0 },
          billingReset: { every: "month", minute: 0, day: 1 },
        },
      },
      (minute) => loads[minute] ?? { w: 0, q: 0 },
    );
    const from = performance.now();
    rig.run(MINUTES);
    // The first round warms up.
    if (round > 0) seconds.push((performance.now() - from) / 1000);
  }
  console.log(
    `\nA year of a revenue meter, loads that change every minute (median of ${ROUNDS}): ${median(seconds).toFixed(2)} s; goal 10 s`,
  );
}
