/** Intervals as they are shown, of whole instruments on exact grids. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeGrid, wave } from "#metrology/grid-fixture.ts";
import { wirings } from "#quantity/wiring.ts";
import { CycleInstrument } from "./cycle-instrument.ts";
import { QualityInstrument } from "./instrument.ts";

/** Noon, and 17 s. */
const START = Date.UTC(2026, 10, 26, 12, 0, 17);

/** Volts of 240, 220 and 200 V with 5 % of order 5 on the first, amps of 10, 8 and 6 A. */
const signals = [
  [{ rms: 240 }, { order: 5, rms: 12 }],
  [{ rms: 220, degrees: -120 }],
  [{ rms: 200, degrees: 120 }],
  [{ rms: 10 }],
  [{ rms: 8, degrees: -120 }],
  [{ rms: 6, degrees: 120 }],
] as const;

const near = (actual: number | null | undefined, expected: number): void =>
  assert.ok(Math.abs(actual! - expected) < 1e-6 * Math.max(1, expected), `${actual}, expected ${expected}`);

test("an instrument of power quality shows the last 180 cycles and the last minute, with what is below and above the declared volts", () => {
  const grid = new FakeGrid(64, 60, 0, 32);
  const instrument = new QualityInstrument({
    wiring: wirings.wye,
    hz: 60,
    nominalVolts: 230,
    rotation: "abc",
    flickerLamp: 120,
    minutes: [1],
    utc: () => START,
  });
  instrument.begin(0);
  for (let half = 0; half < 120 * 104; half++) instrument.half(grid.make((c, t) => wave(signals[c]!, 60, t)));
  const [cycles, minute, ...rest] = instrument.intervals();
  assert.equal(rest.length, 0);
  assert.deepEqual([cycles!.length, minute!.length], ["180 cycles", "1 min"]);
  // The first whole minute began 43 s after the start.
  assert.deepEqual([minute!.start, minute!.end], ["2026-11-26T12:01:00Z", "2026-11-26T12:02:00Z"]);
  // 200 V lie below 90 % of the declared voltage all the time.
  assert.deepEqual([minute!.complete, minute!.flagged, cycles!.parts], [true, true, 15]);
  const of = (name: string) => minute!.values.find((one) => one.name === name)!;
  near(of("V.a").mean, Math.hypot(240, 12));
  near(of("THD.V.a").max, 5);
  near(of("A.b").min, 8);
  near(of("under.V.b").mean, (100 * 10) / 230);
  near(of("under.V.a").mean, 0);
  near(of("over.V.a").mean, (100 * (Math.hypot(240, 12) - 230)) / 230);
  // 240, 220 and 200 V in phase: V1 is 220 V, V2 20 / sqrt(3).
  near(of("unbalance.V.sequence").mean, (100 * 20) / Math.sqrt(3) / 220);
});

test("without power quality values are of one cycle each half cycle, and unbalance is the largest deviation", () => {
  const grid = new FakeGrid(64, 50, 0, 32);
  const instrument = new CycleInstrument({ wiring: wirings.wye, hz: 50, minutes: [1], utc: () => START });
  instrument.begin(0);
  for (let half = 0; half < 100 * 104; half++) instrument.half(grid.make((c, t) => wave(signals[c]!, 50, t)));
  const minute = instrument.intervals().find(({ length }) => length === "1 min")!;
  assert.equal(minute.complete, true);
  // 3,000 cycles, two values of each.
  assert.ok(Math.abs(minute.parts - 6000) <= 1, `${minute.parts}`);
  const of = (name: string) => minute.values.find((one) => one.name === name)!;
  near(of("V.c").mean, 200);
  near(of("V.a").max, Math.hypot(240, 12));
  // The mean is 220.1 V, of which the last phase is furthest off.
  const mean = (Math.hypot(240, 12) + 220 + 200) / 3;
  near(of("unbalance.V").mean, (100 * Math.max(Math.hypot(240, 12) - mean, mean - 200)) / mean);
});
