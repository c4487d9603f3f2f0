/** Corners of the ITIC curve and of SEMI F47: themselves borne, a step beyond not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventClass, eventClassText } from "./event-class.ts";
import { f47Region, iticCeiling, iticRegion } from "./curves.ts";

// prettier-ignore
const corners: readonly [seconds: number, percent: number, region: string][] = [
  [0.02, 0, "no interruption"], [0.0201, 69.9, "no damage"], [0.0201, 70, "no interruption"],
  [0.5, 70, "no interruption"], [0.5, 69.9, "no damage"], [0.501, 79.9, "no damage"], [0.501, 80, "no interruption"],
  [10, 80, "no interruption"], [10.01, 89.9, "no damage"], [10.01, 90, "no interruption"], [86_400, 90, "no interruption"],
  [0.001, 200, "no interruption"], [0.001, 200.1, "prohibited"],
  [0.003, 140, "no interruption"], [0.00301, 120.1, "prohibited"], [0.00301, 120, "no interruption"],
  [0.5, 120, "no interruption"], [0.501, 110.1, "prohibited"], [0.501, 110, "no interruption"], [86_400, 110, "no interruption"],
  [0.01 / 60, 500, "no interruption"], [0.01 / 60, 501, "prohibited"],
];
for (const [seconds, percent, region] of corners) {
  test(`ITIC: ${percent} % for ${seconds} s is ${region}`, () => {
    assert.deepEqual(iticRegion(seconds, percent), { region, passes: region === "no interruption" });
  });
}

test("ITIC: between its corners the short part is straight over the logarithm of time; before them nothing is said", () => {
  // Halfway between 1 and 3 ms on a logarithmic axis.
  assert.ok(Math.abs(iticCeiling(0.001 * Math.sqrt(3))! - 170) < 1e-9);
  assert.equal(iticRegion(1e-5, 700), undefined);
  assert.deepEqual(iticRegion(1e-5, 300), { region: "no interruption", passes: true });
});

// prettier-ignore
const sags: readonly [seconds: number, percent: number, region: string | undefined][] = [
  [0.2, 50, "ride through"], [0.2, 49.9, "below"], [0.201, 69.9, "below"], [0.201, 70, "ride through"],
  [0.5, 70, "ride through"], [0.501, 79.9, "below"], [1, 80, "ride through"], [1, 79.9, "below"],
  [1.01, 79.9, undefined], [0.05, 0, "below"], [0.049, 0, undefined], [0.049, 50, "ride through"], [0.3, 120, undefined],
];
for (const [seconds, percent, region] of sags) {
  test(`SEMI F47: ${percent} % for ${seconds} s is ${region ?? "not covered"}`, () => {
    assert.deepEqual(
      f47Region(seconds, percent),
      region === undefined ? undefined : { region, passes: region === "ride through" },
    );
  });
}

test("an event of no length, or of a negative voltage, is refused", () => {
  for (const [seconds, percent] of [
    [0, 50],
    [NaN, 50],
    [1, -1],
    [1, NaN],
  ] as const) {
    assert.throws(() => iticRegion(seconds, percent), /expected more than 0 s/);
    assert.throws(() => f47Region(seconds, percent), /expected more than 0 s/);
  }
});

// prettier-ignore
const categories: readonly [seconds: number, perUnit: number, text: string, number: string, typical: boolean][] = [
  [0.5, 0.5, "instantaneous sag", "2.1.1", true], [0.501, 0.5, "momentary sag", "2.2.2", true],
  [3, 0.1, "momentary sag", "2.2.2", true], [3.01, 0.899, "temporary sag", "2.3.2", true], [60, 0.5, "temporary sag", "2.3.2", true],
  [60.01, 0.85, "undervoltage", "3.2", true], [60.01, 0.5, "undervoltage", "3.2", false],
  [0.5, 1.8, "instantaneous swell", "2.1.2", true], [0.5, 1.81, "instantaneous swell", "2.1.2", false],
  [1, 1.4, "momentary swell", "2.2.3", true], [1, 1.5, "momentary swell", "2.2.3", false], [5, 1.2, "temporary swell", "2.3.3", true],
  [61, 1.15, "overvoltage", "3.3", true], [0.02, 0.05, "momentary interruption", "2.2.1", true],
  [3, 0.05, "momentary interruption", "2.2.1", true], [3.1, 0.05, "temporary interruption", "2.3.1", true],
  [61, 0, "sustained interruption", "3.1", true], [61, 0.05, "sustained interruption", "3.1", false],
];
for (const [seconds, perUnit, text, number, typical] of categories) {
  test(`IEEE 1159: ${perUnit} for ${seconds} s is ${text}`, () => {
    const found = eventClass(seconds, perUnit, 60)!;
    assert.deepEqual([eventClassText(found), found.number, found.typical], [text, number, typical]);
  });
}

test("IEEE 1159: 30 cycles are 0.6 s at 50 Hz; what is shorter than half a cycle or near nominal is no such event", () => {
  assert.equal(eventClass(0.6, 0.5, 50)?.span, "instantaneous");
  assert.equal(eventClass(0.6, 0.5, 60)?.span, "momentary");
  for (const [seconds, perUnit] of [
    [0.0099, 0.5],
    [1, 0.9],
    [1, 1.1],
    [1, 1],
  ] as const) {
    assert.equal(eventClass(seconds, perUnit, 50), undefined);
  }
  assert.throws(() => eventClass(-1, 0.5, 50), /expected no less than 0/);
});
