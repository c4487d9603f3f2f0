/** The tables of docs/analysis.md are those of the code, row by row. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { iticRegion } from "#analysis/curves.ts";
import { harmonicLimits } from "#analysis/en50160-limits.ts";
import { currentLimitsOf, voltageLimits } from "#analysis/ieee519-limits.ts";

const text = readFileSync(fileURLToPath(new URL("../docs/analysis.md", import.meta.url)), "utf8");

/** Cells of the table whose first row begins so. */
function table(head: string): readonly (readonly string[])[] {
  const lines = text
    .slice(text.indexOf(`\n| ${head}`))
    .trimStart()
    .split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("EN 50160: harmonics of both editions", () => {
  const rows = table("order | 2010").flatMap(([orders, ...limits]) =>
    orders!.split(", ").map((order) => [Number(order), ...limits.map(Number)]),
  );
  const [early, late] = [harmonicLimits("2010"), harmonicLimits("amended")];
  const expected = [...early].map(([order, limit]) => [order, limit, late.get(order)!]);
  const byOrder = (a: readonly number[], b: readonly number[]): number => a[0]! - b[0]!;
  assert.deepEqual(rows.toSorted(byOrder), expected.toSorted(byOrder));
});

test("IEEE 519: voltage, and current by table and row", () => {
  const voltage = table("bus, up to").map(([, ...cells]) => cells.map(Number));
  assert.deepEqual(
    voltage,
    voltageLimits.map(({ individual, thd }) => [individual, thd]),
  );
  const rows = table("table | bus");
  assert.equal(rows.length, 13);
  for (const [number, upTo, row, ...limits] of rows) {
    const volts = upTo === "above" ? 230_000 : Number.parseInt(upTo!, 10) * 1000;
    // A ratio of the row: just below its end, or just above the last one's start.
    const [from, to] = row!.split("<").map((part) => Number(part.replace(/[>=]/g, "")));
    const found = currentLimitsOf(volts, to === undefined ? from! + 1 : to - 1);
    assert.equal(String(found.table), number);
    assert.equal(found.row, row);
    assert.deepEqual([...[3, 11, 17, 23, 35].map(found.limitOf), found.tdd], limits.map(Number));
  }
});

test("ITIC: just within and just beyond each step", () => {
  const seconds: Readonly<Record<string, number>> = { "20 ms": 0.02, "0.5 s": 0.5, "10 s": 10, longer: 100 };
  const steps = table("duration, up to").flatMap(([upTo, least, most]) => {
    const at = seconds[upTo!];
    return at === undefined ? [] : [{ at, least: Number(least), most: Number(most) }];
  });
  assert.equal(steps.length, 4);
  for (const { at, least, most } of steps) {
    assert.deepEqual(
      [least, most].map((percent) => iticRegion(at, percent)?.passes),
      [true, true],
    );
    assert.equal(iticRegion(at, most + 0.1)?.region, "prohibited");
    if (least > 0) assert.equal(iticRegion(at, least - 0.1)?.region, "no damage");
  }
});
