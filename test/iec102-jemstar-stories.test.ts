/** Whatever befalls a JEMStar II, its totals over IEC 60870-5-102 add up: stories of outages, set clocks, test mode, freezes and configurations. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import type { Period } from "#protocol/iec102/station/host.ts";
import { iec102Meter, MADRID, profileOf, type Iec102Meter } from "./iec102-meter.ts";
import { share } from "./share.ts";

/** Whole ones, and such as end between two milliseconds, as they do when power fails. */
const minutesTo = (max: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: 1, max }), fc.constantFrom(0, 0.367283, 59_999.9993, 12_345.678901))
    .map(([whole, odd]) => whole + odd / 60_000);

/** Minutes that pass, and what happens then. */
const step = fc.record({
  minutes: minutesTo(200),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: "nothing" } as const) },
    fc.constant({ kind: "freeze" } as const),
    fc.constant({ kind: "reset" } as const),
    fc.constant({ kind: "name" } as const),
    fc.record({ kind: fc.constant("outage" as const), minutes: minutesTo(300) }),
    fc.record({ kind: fc.constant("test" as const), minutes: minutesTo(40) }),
    fc.record({ kind: fc.constant("set" as const), minutes: fc.integer({ min: -180, max: 180 }) }),
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(meter: Iec102Meter, { minutes, what }: Step, k: number): void {
  meter.run(minutes);
  switch (what.kind) {
    case "nothing":
      return;
    case "freeze":
      return void meter.tell({ command: "freeze" });
    case "reset":
      return void meter.tell({ command: "billingReset" });
    case "name":
      return void meter.configure((file) => (file.identification.strings[0] = `meter ${k}`));
    case "outage":
      meter.tell({ command: "powerDown" });
      meter.run(what.minutes);
      return void meter.tell({ command: "powerUp" });
    case "test":
      meter.tell({ command: "enterTestMode" });
      meter.run(what.minutes);
      return void meter.tell({ command: "leaveTestMode" });
    case "set": {
      const utc = new Date(Math.round(meter.device.surface.now().utc) + what.minutes * 60_000).toISOString();
      return void meter.tell({ command: "setTime", utc });
    }
  }
}

const [HOUR, QUARTER] = [3_600_000, 900_000];

const first = ({ totals }: Period): number => totals[0]?.value ?? NaN;

function told(meter: Iec102Meter, record: number, incremental: boolean, range: readonly [number?, number?] = []) {
  const periods = meter.host.totals({ record, incremental, from: range[0], to: range[1] });
  assert.ok(periods !== undefined);
  return [...periods];
}

test("absolute less absolute is incremental, and hours are their quarters, in every story", (t) => {
  const stories = share(20, 60, 400);
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(0.1, 3, 10),
      fc.constantFrom("counts", "engineering"),
      // A spring and an autumn day among them.
      fc.constantFrom(Date.UTC(2026, 2, 28, 20), Date.UTC(2026, 9, 24, 20), Date.UTC(2026, 5, 1)),
      (steps, amps, data, utc) => {
        const configuration = `{ profiles: [${profileOf(15, data)}], iec102: { unit: kWh }, ${MADRID} }`;
        const meter = iec102Meter(t, { configuration, utc, source: `volts: 120, amps: ${amps}, pf: 0.8` });
        steps.forEach((one, k) => play(meter, one, k));
        // A period that a clock set back has cut is told when its end has come again.
        const back = steps.reduce((sum, { what }) => sum + (what.kind === "set" ? Math.max(0, -what.minutes) : 0), 0);
        meter.run(61 + back);
        for (const record of [11, 12]) {
          const [absolute, incremental] = [told(meter, record, false), told(meter, record, true)];
          assert.deepEqual(
            absolute.map(({ at }) => at),
            incremental.map(({ at }) => at),
          );
          assert.ok(absolute.every((one) => Number.isInteger(first(one))));
          const ends = absolute.map(({ at }) => at.stamp.utc);
          assert.ok(
            ends.every((end) => end % (record === 11 ? HOUR : QUARTER) === 0),
            `ends between: ${ends.join(" ")}`,
          );
          if (steps.every(({ what }) => what.kind !== "set")) {
            assert.equal(new Set(ends).size, ends.length, "each period once");
            assert.ok(ends.every((end) => end <= meter.device.surface.now().utc));
          }
          absolute.forEach((period, k) => {
            const before = absolute[k - 1];
            assert.equal(first(period) - (before === undefined ? 0 : first(before)), first(incremental[k]!));
          });
          // What was told stays as it is, asked for again one by one.
          for (const period of absolute) {
            const { utc: at } = period.at.stamp;
            assert.ok(told(meter, record, false, [at, at]).some((one) => first(one) === first(period)));
          }
        }
        // What the profile's channel has recorded is what was told, but for what runs.
        const recorded = meter.device.surface.profiles[0]?.total?.(0)?.recorded ?? NaN;
        const last = told(meter, 12, false).at(-1);
        assert.ok(last === undefined || first(last) <= Math.floor(recorded / 1000 + 1e-6));
        const quarters = told(meter, 12, true).reduce((sum, one) => sum + first(one), 0);
        const hours = told(meter, 11, true).reduce((sum, one) => sum + first(one), 0);
        assert.ok(hours <= quarters, `${hours}, ${quarters}`);
      },
    ),
    { numRuns: stories, seed: 60_870 },
  );
});
