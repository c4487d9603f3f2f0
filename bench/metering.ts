/** Basic metering (RMS, power, energy) of three phases, as multiples of real time on one core. */
import { Integrals, SLOTS } from "#meter/integrals.ts";
import { Metered } from "#metrology/metering-fixture.ts";
import { wirings } from "#quantity/wiring.ts";
import { median } from "./median.ts";

const ROUNDS = 7;

interface Case {
  readonly what: string;
  readonly rate: number;
  readonly hz: number;
  readonly grid: 64 | 512;
  readonly seconds: number;
  readonly goal: number;
}

const cases: readonly Case[] = [
  { what: "2,520 samples/s, 60 Hz, grid 64", rate: 2520, hz: 60, grid: 64, seconds: 2000, goal: 1000 },
  { what: "2,520 samples/s, 59.3 Hz, grid 64", rate: 2520, hz: 59.3, grid: 64, seconds: 2000, goal: 1000 },
  {
    what: "30,720 samples/s, 59.3 Hz resampled to grid 512",
    rate: 30_720,
    hz: 59.3,
    grid: 512,
    seconds: 150,
    goal: 100,
  },
];

function run({ rate, hz, grid, seconds }: Case): number {
  const metered = new Metered({ grid, floorVolts: 10 });
  const integrals = new Integrals(new Float64Array(SLOTS), wirings.wye, true);
  // Ten seconds that join up at their ends, so that the tracker sees one endless sine.
  const length = rate * 10;
  const wave = [0, 1, 2, 3, 4, 5].map((c) =>
    Float64Array.from({ length }, (_, k) => {
      const theta = (2 * Math.PI * hz * k) / rate - ((c % 3) * 2 * Math.PI) / 3 - (c < 3 ? 0 : 0.4);
      return c < 3
        ? 392 * Math.sin(theta) + 20 * Math.sin(5 * theta)
        : 120 * Math.sin(theta) + 15 * Math.sin(7 * theta);
    }),
  );
  const parts = Array.from({ length: 10 }, (_, s) => wave.map((samples) => samples.slice(s * rate, (s + 1) * rate)));
  const from = performance.now();
  for (let s = 0; s < seconds; s++) {
    integrals.beginCycle();
    metered.push(parts[s % 10] ?? [], rate, rate);
    for (let half = metered.next(); half > 0; half = metered.next()) integrals.add(metered.meter.values, half);
    integrals.endCycle();
  }
  return seconds / ((performance.now() - from) / 1000);
}

export async function benchMetering(): Promise<void> {
  console.log(`Basic metering of three phases, times real time on one core (median of ${ROUNDS} rounds; lowest)`);
  for (const one of cases) {
    run({ ...one, seconds: one.seconds / 10 });
    const rounds = Array.from({ length: ROUNDS }, () => run(one));
    const lowest = Math.min(...rounds);
    console.log(
      `  ${one.what.padEnd(50)} ${median(rounds).toFixed(0).padStart(6)} x  (${lowest.toFixed(0)}; goal ${one.goal})`,
    );
  }
}
