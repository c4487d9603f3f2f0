import assert from "node:assert/strict";
import { test } from "node:test";
import { scaled } from "./decimal.ts";

test("values stand exactly where their scaler puts them", () => {
  const cases: [bigint, number, string][] = [
    [86_038_387_975n, -4, "8603838.7975"],
    [134n, 1, "1340"],
    [-5n, -2, "-0.05"],
    [7n, 0, "7"],
    [0n, -1, "0.0"],
  ];
  for (const [value, scaler, text] of cases) assert.equal(scaled(value, scaler), text);
});
