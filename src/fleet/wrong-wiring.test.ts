/** Mistakes of wiring that a site file orders, by what phasors must become. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSamples } from "#waveform/connection.ts";
import { connectionOf } from "./wrong-wiring.ts";
import { wiring } from "./wiring-schema.ts";

/** Six values as one sample of each channel. */
function arriving(entry: Parameters<typeof connectionOf>[0]): number[] {
  const channels = [1, 20, 300, 4, 50, 600].map((one) => Float64Array.of(one));
  connectSamples(channels, connectionOf(entry), 0, 1);
  return channels.map(([one]) => one ?? NaN);
}

const cases: readonly (readonly [string, Parameters<typeof connectionOf>[0], readonly number[]])[] = [
  ["nothing said", {}, [1, 20, 300, 4, 50, 600]],
  ["two voltages swapped", { swapVolts: ["a", "c"] }, [300, 20, 1, 4, 50, 600]],
  ["two currents swapped", { swapAmps: ["b", "c"] }, [1, 20, 300, 4, 600, 50]],
  ["voltages rotated", { volts: ["b", "c", "a"] }, [20, 300, 1, 4, 50, 600]],
  ["a current input on another's conductor", { amps: ["a", "a", "c"] }, [1, 20, 300, 4, 4, 600]],
  ["the neutral swapped with a", { volts: ["n", "b", "c"], neutral: "a" }, [-1, 19, 299, 4, 50, 600]],
  [
    "a transformer turned round at the input where it is now",
    { swapAmps: ["a", "b"], reversed: ["a"] },
    [1, 20, 300, -50, 4, 600],
  ],
  ["a voltage transformer turned round", { reversedVolts: ["b"] }, [1, -20, 300, 4, 50, 600]],
  ["a fuse and a shorted transformer", { deadVolts: ["a"], deadAmps: ["c"] }, [0, 20, 300, 4, 50, 0]],
  ["other ratios", { voltsRatio: { c: 0.5 }, ampsRatio: { a: 2 } }, [1, 20, 150, 8, 50, 600]],
];
for (const [what, entry, expected] of cases)
  test(`${what}: what arrives at the inputs`, () =>
    assert.deepEqual(
      arriving(entry).map((one) => one + 0),
      expected,
    ));

test("a wiring that says the same twice, or a phase with itself, is refused", () => {
  assert.equal(wiring.safeParse({ swapVolts: ["a", "b"], reversed: ["c"] }).success, true);
  for (const wrong of [
    { swapVolts: ["a", "a"] },
    { swapAmps: ["a"] },
    { swapVolts: ["a", "b"], volts: ["b", "a", "c"] },
    { swapAmps: ["a", "b"], amps: ["b", "a", "c"] },
    { amps: ["a", "b", "n"] },
    { voltsRatio: { a: 0 } },
    { reversed: [] },
    { turned: ["a"] },
  ])
    assert.equal(wiring.safeParse(wrong).success, false, JSON.stringify(wrong));
});
