/** Power quality of a revenue meter, from the samples of its source to its registers: the instrument is the real one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMeasure } from "#quantity/measure-name.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import type { Interval } from "#quality/intervals.ts";
import type { MakeQuality } from "#revenue/revenue-options.ts";
import { Network } from "#waveform/network.ts";
import { SyntheticSamples } from "#waveform/synthetic.ts";
import { plain, register, revenueRig } from "./revenue-rig.ts";

const source = (hz: number): SyntheticSamples =>
  new SyntheticSamples(
    new Network({
      hz,
      volts: [120, 110, 100],
      amps: [5, 4, 3],
      angles: [0, -120, 120],
      lag: [0, 0, 0],
      harmonics: { volts: [{ order: 5, percent: 6, degrees: 0 }], amps: [] },
      noise: 0,
      load: [],
      events: [],
      seed: 1,
    }),
    { perCycle: 128 },
  );

test("registers, the block and the interval of two minutes of a JEMStar II are those of its samples", () => {
  const intervals: (readonly [Interval["length"], string, number, boolean])[] = [];
  const make: MakeQuality = (settings) =>
    new QualityInstrument({
      ...settings,
      wiring: wiringOf(settings.wiring),
      minutes: [1],
      onInterval: ({ length, utcEnd, aggregate, complete }) => {
        if (length === "cycles") return;
        const end = Temporal.Instant.fromEpochMilliseconds(Math.round(utcEnd)).toString();
        intervals.push([length, end, aggregate.count, complete]);
      },
    });
  const names = ["Hz.10s", "THD.V.b", "V.b.h5", "unbalance.V", "unbalance.V.zero", "V.c.fundamental", "deg.V.c"];
  const normal = names.map((name, k) => {
    const measure = parseMeasure(name);
    assert.ok(typeof measure === "object", name);
    return register(k + 1, { type: "instantaneous", measure, decimals: 4, scaling: "secondary" });
  });
  const rig = revenueRig({ primary: plain.primary, registers: { normal, alternate: [], test: [] } }, undefined, {
    source: source(59.98),
    powerQuality: true,
    quality: make,
    utc: "2026-01-01T00:00:30Z",
  });
  rig.run(2);
  const u2 = (100 * 10) / Math.sqrt(3) / 110;
  const expected = [59.98, 6, 6.6, u2, u2, 100, 120];
  for (const [k, value] of expected.entries()) {
    assert.ok(Math.abs(rig.value(k + 1) - value) < 2e-3, `${names[k]}: ${rig.value(k + 1)} instead of ${value}`);
  }
  assert.deepEqual(
    intervals.map(([length, end, , complete]) => [length, end, complete]),
    [
      [1, "2026-01-01T00:01:00Z", false],
      [1, "2026-01-01T00:02:00Z", true],
    ],
  );
  // 3,599 cycles of 59.98 Hz, twelve by twelve.
  assert.ok(Math.abs(intervals[1]![2] - 300) <= 1);
});
