/** Numbers and times as they are printed: to the digit that an instrument of class A vouches for, and never across a limit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { counted, countText, Figures, type Measure, secondsText, shareText, stepOf } from "./figures.ts";
import { Instants } from "./instants.ts";

const low = new Figures({ volts: 230 });
const high = new Figures({ volts: 11_547 });

test("the last digit is the power of ten at the uncertainty or below it", () => {
  // 0.1 % of 230 V are 0.23 V, of 11,547 V 11.5 V; 10 mHz; 0.05 %; 0.15 %; 5 % of 1.
  for (const [measure, value, text] of [
    ["volts", 229.4567, "229.5\u00a0V"],
    ["hertz", 49.98765, "49.99\u00a0Hz"],
    ["part", 58.06, "58.1\u00a0%"],
    ["harmonic", 3.1449, "3.14\u00a0%"],
    ["unbalance", 0.6789, "0.7\u00a0%"],
    ["flicker", 0.98765, "0.99"],
    ["amps", 40.3567, "40.36\u00a0A"],
    ["amps", 0.0123456, "0.0123\u00a0A"],
    ["amps", 5123.4, "5123\u00a0A"],
    ["amps", 0, "0.0\u00a0A"],
    ["volts", -0.01, "0.0\u00a0V"],
    ["volts", -12.34, "−12.3\u00a0V"],
  ] as const) {
    assert.equal(low.full(measure, value), text);
  }
  assert.equal(high.full("volts", 11_547.3), "11.55\u00a0kV");
  assert.equal(stepOf(0.23), 0.1);
  assert.equal(stepOf(0.1), 0.1);
  assert.equal(stepOf(11.5), 10);
});

test("what is not known is a dash, never a number", () => {
  for (const nothing of [undefined, NaN]) {
    assert.equal(low.bare("volts", nothing), "–");
    assert.equal(low.full("volts", nothing), "–");
  }
  assert.equal(shareText(undefined), "–");
});

test("a value beyond a limit does not look as if it were at it", () => {
  assert.equal(low.bare("harmonic", 8.0004, [undefined, 8]), "8.0004");
  assert.equal(low.bare("harmonic", 8, [undefined, 8]), "8.00");
  assert.equal(low.bare("volts", 206.99, [207, 253]), "206.99");
  assert.equal(high.bare("volts", 10_390.4, [9000, 10_390]), "10.3904");
  assert.equal(shareText(99.9999), "99.99\u00a0%");
  assert.equal(shareText(100), "100\u00a0%");
  assert.equal(shareText(94.92), "94.92\u00a0%");
});

test("any value is printed within half of its last digit, on its own side of any limit", () => {
  const measures: readonly Measure[] = ["volts", "amps", "hertz", "part", "harmonic", "unbalance", "flicker"];
  fc.assert(
    fc.property(
      fc.constantFrom(...measures),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
      (measure, value, beside) => {
        const limit = Math.round(10 * value) / 10 + (Math.abs(beside) < 1e-5 ? 0 : beside);
        const text = low.bare(measure, value, [limit]);
        assert.match(text, /^−?\d+(\.\d+)?$/);
        const found = Number(text.replace("−", "-"));
        const half = 0.5 * 10 ** -(text.split(".")[1]?.length ?? 0);
        assert.ok(Math.abs(found - value) <= half * 1.000001, `${text} of ${value}`);
        if (Math.abs(value - limit) > 1e-6)
          assert.equal(found > limit, value > limit, `${text} of ${value} at ${limit}`);
      },
    ),
  );
});

test("limits have the digits that they have", () => {
  assert.equal(low.limit("volts", 230 * 0.9), "207\u00a0V");
  assert.equal(low.limit("volts", 230 * 0.85), "195.5\u00a0V");
  assert.equal(low.limit("hertz", 50 * 0.99), "49.5\u00a0Hz");
  assert.equal(low.limit("harmonic", 0.75), "0.75\u00a0%");
  assert.equal(high.limit("volts", 11_547 * 0.9), "10.3923\u00a0kV");
});

test("counts and durations in words", () => {
  assert.equal(countText(60_480), "60,480");
  assert.equal(countText(1_000_000), "1,000,000");
  assert.equal(countText(999), "999");
  assert.equal(counted(1, "gap"), "1\u00a0gap");
  assert.equal(counted(2, "gap"), "2\u00a0gaps");
  assert.equal(secondsText(0.19), "0.190\u00a0s");
  assert.equal(secondsText(59.9994), "59.999\u00a0s");
  assert.equal(secondsText(3661.4), "1\u00a0h 1\u00a0min 1\u00a0s");
  assert.equal(secondsText(7 * 86_400), "7\u00a0d");
});

test("times have the offset of their instant, also when the clocks go back; without a start they are seconds", () => {
  const startUtc = Date.UTC(2026, 9, 25, 0, 30);
  const there = new Instants({ startUtc }, "Europe/Berlin");
  assert.equal(there.at(0), "2026-10-25 02:30:00.000+02:00");
  assert.equal(there.at(3600), "2026-10-25 02:30:00.000+01:00");
  assert.equal(there.text(startUtc, 0), "2026-10-25 02:30:00+02:00");
  assert.equal(there.both(0.5), "2026-10-25 02:30:00.500+02:00 (Europe/Berlin), 2026-10-25 00:30:00.500 UTC");
  assert.equal(new Instants({ startUtc }, "UTC").both(0), "2026-10-25 00:30:00.000 UTC");
  const unknown = new Instants({ startUtc: undefined }, "UTC");
  assert.equal(unknown.at(12.3456), "12.346\u00a0s");
  assert.equal(unknown.isKnown, false);
});
