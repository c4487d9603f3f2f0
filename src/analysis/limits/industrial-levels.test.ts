/** The levels of plants: what the tables print, and their formulas worked on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compatibilityLevel } from "./compatibility-levels.ts";
import { industrialLevel, industrialThd, type IndustrialClass } from "./industrial-levels.ts";

// prettier-ignore
const printed: readonly (readonly [order: number, one: number, two: number, three: number])[] = [
  [5, 3, 6, 8], [7, 3, 5, 7], [11, 3, 3.5, 5], [13, 3, 3, 4.5], [17, 2, 2, 4],
  [3, 3, 5, 6], [9, 1.5, 1.5, 2.5], [15, 0.3, 0.4, 2], [21, 0.2, 0.3, 1.75], [27, 0.2, 0.2, 1], [45, 0.2, 0.2, 1],
  [2, 2, 2, 3], [4, 1, 1, 1.5], [6, 0.5, 0.5, 1], [8, 0.5, 0.5, 1], [10, 0.5, 0.5, 1],
  // 38.59 / 25 - 0.27 and 76.5 / 25 - 0.5; 2.5 / 20 + 0.25
  [25, 1.2736, 1.2736, 2.56], [20, 0.375, 0.375, 1],
];

test("levels of the three classes are those of the tables and of their formulas", () => {
  for (const [order, ...levels] of printed)
    for (const [k, level] of levels.entries()) {
      const found = industrialLevel((k + 1) as IndustrialClass, order) ?? NaN;
      assert.ok(Math.abs(found - level) < 1e-9, `class ${k + 1}, order ${order}: ${found}`);
    }
  assert.deepEqual(
    ([1, 2, 3] as const).map((one) => industrialThd(one)),
    [5, 8, 10],
  );
});

test("no class is stricter than the one below it, class 2 is that of public networks, and no order beyond has any", () => {
  for (let order = 2; order <= 50; order++) {
    const [one = NaN, two = NaN, three = NaN] = ([1, 2, 3] as const).map((of) => industrialLevel(of, order));
    assert.ok(one <= two && two <= three, String(order));
    assert.equal(two, compatibilityLevel(order));
  }
  for (const order of [0, 1, 51, 2.5, NaN])
    for (const one of [1, 2, 3] as const) assert.equal(industrialLevel(one, order), undefined);
});
