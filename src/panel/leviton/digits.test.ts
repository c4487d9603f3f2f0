/** "Energy starts out as Wh, then switches to kWh, MWh, and eventually GWh as the accumulated value increases": five digits, by arithmetic. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, grown, inDigits, labelled } from "./digits.ts";

const energies: readonly (readonly [wattHours: number, seen: string])[] = [
  [0, "0"],
  [0.9, "0"],
  [7, "7"],
  [99_999, "99999"],
  [99_999.9, "99999"],
  [100_000, "100.00 K"],
  [123_456, "123.45 K"],
  [999_999, "999.99 K"],
  [1_000_000, "1000.0 K"],
  [12_345_678, "12345 K"],
  [99_999_999, "99999 K"],
  [100_000_000, "100.00 M"],
  [99_999_999_999, "99999 M"],
  [100_000_000_000, "100.00 G"],
  [99_999_999_999_999, "99999 G"],
  // One more, and it begins again.
  [100_000_000_000_000, "0 G"],
  [-0.5, "0"],
  [-1, "-1"],
  [-123_456, "-123.45 K"],
  // 29,999.999,999,9 is a sum of 30,000 in small parts.
  [29_999.999_999_9, "30000"],
];

for (const [wattHours, seen] of energies) {
  test(`${wattHours} Wh are shown as ${seen}`, () => {
    const { text, scale } = counted(wattHours, 5);
    assert.equal(`${text} ${scale}`.trim(), seen);
  });
}

const powers: readonly (readonly [watts: number, seen: string])[] = [
  [0, "0.00"],
  [-0.001, "0.00"],
  [6.254, "6.25"],
  [999.994, "999.99"],
  // Rounded it has a digit more before the point.
  [999.996, "1000.0"],
  [61_000, "61000"],
  [99_999.4, "99999"],
  [99_999.6, "100.00 K"],
  [103_923.05, "103.92 K"],
  [-2_882_132, "-2882.1 K"],
  [123_456_789, "123.46 M"],
];

for (const [watts, seen] of powers) {
  test(`${watts} W are shown as ${seen}`, () => {
    const { text, scale } = grown(watts, 5);
    assert.equal(`${text} ${scale}`.trim(), seen);
  });
}

test("what has too many digits is not shown in them", () => {
  assert.equal(inDigits(99_999.4, 5), "99999");
  assert.equal(inDigits(99_999.5, 5), undefined);
  assert.equal(inDigits(Infinity, 5), undefined);
});

test("a label has a space where five places have room for it", () => {
  assert.deepEqual(
    [
      labelled("", "KWh"),
      labelled("3", "KW"),
      labelled("A", "KVA"),
      labelled("3", "KVAR"),
      labelled("MAX", "P"),
      labelled("MAX", "KP"),
    ],
    ["KWh", "3 KW", "A KVA", "3KVAR", "MAX P", "MAXKP"],
  );
});
