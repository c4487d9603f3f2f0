/** Registers as counters, and points of a meter whose source says nothing for a while. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { Measure } from "#quantity/measure.ts";
import type { SurfaceIdentity } from "#quantity/meter-surface.ts";
import type { RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { counterOf, rolloversOf } from "./counters.ts";
import { frozenOf, pointImage, type DnpLists } from "./image.ts";

const at: Stamp = { utc: Date.UTC(2026, 6, 1), offsetMinutes: -240, daylightSaving: true, synchronised: true };
const watthours: Measure = { quantity: "Wh", phase: "polyphase", direction: "net", compensated: false };

const reading = (value: number | undefined, kind: RegisterReading["kind"] = "consumption"): RegisterReading => ({
  id: 2,
  label: "Wh",
  value,
  text: String(value),
  valid: value === undefined ? "invalid" : "good",
  at,
  measure: watthours,
  kind,
  tariff: "total",
  storage: "working",
  digits: 9,
  decimals: 0,
  unit: "Wh",
  scale: 1,
});

const counted = (value: number | undefined, scaling = 1, digits: "any" | number = "any") =>
  counterOf(reading(value), { scaling, digits, unknown: 0x04 });

const worked: readonly [value: number, scaling: number, digits: "any" | number, long: number, short: number][] = [
  [999_999_999, 1, "any", 999_999_999, 999_999_999 % 65_536],
  [1_000_000_000, 1, "any", 0, 1_000_000_000 % 65_536],
  [65_535.9, 1, "any", 65_535, 65_535],
  [65_536, 1, "any", 65_536, 0],
  // What a double is short of is no count that is missing: 0.29 times 100 is 28.999999999999996.
  [0.29, 100, "any", 29, 29],
  [12_345_678, 1, 8, 12_345_678, 12_345_678 % 65_536],
  [12_345_678, 1, 5, 45_678, 12_345_678 % 65_536],
  [12_345_678, 1, 4, 5678, 5678],
  [12_345_678, 1, 3, 678, 678],
  [-1, 1, "any", 999_999_999, 65_535],
  [-1, 1, 3, 999, 999],
  [-0.4, 1, "any", 0, 0],
];
for (const [value, scaling, digits, long, short] of worked)
  test(`${value} times ${scaling} in ${digits} digits is ${long}, and ${short} of 16 bits`, () =>
    assert.deepEqual(counted(value, scaling, digits), { long, short, flags: 0x01 }));

test("whatever a register reads, a counter is whole, in its digits, and its differences are right", () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  const digits = fc.constantFrom("any" as const, 3, 4, 5, 6, 7, 8);
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 1000 }), digits, fc.nat(1e6), (from, scaling, of, more) => {
      const { long, short } = rolloversOf(of);
      const [before, after] = [Math.round(from), Math.round(from) + more].map((one) => counted(one, scaling, of));
      assert.ok(before !== undefined && after !== undefined);
      for (const one of [before, after]) {
        assert.ok(Number.isInteger(one.long) && one.long >= 0 && one.long < long);
        assert.ok(Number.isInteger(one.short) && one.short >= 0 && one.short < short);
      }
      assert.equal((after.long - before.long + long) % long, (more * scaling) % long);
      assert.equal((after.short - before.short + short) % short, (more * scaling) % short);
    }),
  );
});

test("an instant is seconds of UTC, and one that has not been is no value", () => {
  const time = { ...reading(undefined, "timeOfPeak"), time: at };
  const seconds = Date.UTC(2026, 6, 1) / 1000;
  const of = { scaling: 10, digits: 3, unknown: 0x04 } as const;
  assert.deepEqual(counterOf(time, of), { long: seconds, short: seconds % 65_536, flags: 0x01 });
  assert.deepEqual(counterOf(reading(undefined, "timeOfPeak"), of), { long: 0, short: 0, flags: 0x02 });
});

class Silenced extends PlainSurface {
  readonly identity: SurfaceIdentity = {
    name: "m",
    model: "m",
    title: "m",
    manufacturer: "m",
    serial: "",
    firmware: "",
    modelNumber: "",
  };
  readonly measures = [];
  watts: number | undefined;
  now(): Stamp {
    return at;
  }
  protected value(): number | undefined {
    return this.watts;
  }
  override register(): RegisterReading {
    return reading(this.watts, "instantaneous");
  }
}

test("what has never been measured has restarted; what was and is not is not heard from", () => {
  const surface = new Silenced();
  const point = { measure: { ...watthours, quantity: "W" as const }, scaling: 1000, scaling16: 1, deadband: 0 };
  const dnp3 = { counters: [{ register: 2, scaling: 1 }], analogs: [point], binaries: [], counterDigits: "any" };
  const lists = { dnp3, outputs: 0 } as unknown as DnpLists;
  let before: ReturnType<typeof pointImage> | undefined;
  const look = (watts: number | undefined): readonly unknown[] => {
    surface.watts = watts;
    before = pointImage(surface, lists, { frozen: frozenOf(lists, undefined), before });
    const { analogs, counters } = before;
    return [analogs.flags[0], analogs.values32[0], analogs.values16[0], counters.flags[0], counters.values32[0]];
  };
  assert.deepEqual(look(undefined), [0x02, NaN, NaN, 0x02, 0]);
  assert.deepEqual(look(236.439), [0x01, 236_439, 236, 0x01, 236], "the manual's example");
  assert.deepEqual(look(undefined), [0x04, NaN, NaN, 0x04, 0]);
  assert.deepEqual(look(undefined), [0x04, NaN, NaN, 0x04, 0]);
  assert.deepEqual(look(-236.439), [0x01, -236_439, -236, 0x01, 999_999_764]);
});
