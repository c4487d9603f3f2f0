/** Digits as the manuals' figures have them: segments lit, on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointsOf } from "./segment-shapes.ts";
import { cellsOf, everySegment } from "./segments.ts";

test("SAvEd and ---- on seven segments; a point goes with its digit", () => {
  const lit = (text: string): readonly string[] => cellsOf(text, 7).map(({ on }) => on);
  assert.deepEqual(lit("SAvEd"), ["acdfg", "abcefg", "cde", "adefg", "bcdeg"]);
  assert.deepEqual(lit("----"), ["g", "g", "g", "g"]);
  assert.deepEqual(cellsOf("12.5", 7), [
    { on: "bc", point: false, at: 0 },
    { on: "abdeg", point: true, at: 1 },
    { on: "acdfg", point: false, at: 3 },
  ]);
  assert.deepEqual(cellsOf(".33", 7)[0], { on: "", point: true, at: 0 });
});

test("each digit of seven segments is another, and so is each of fourteen, and each capital letter", () => {
  const different = (text: string, segments: 7 | 14): void => {
    const lit = cellsOf(text, segments).map(({ on }) => [...on].sort().join(""));
    assert.equal(new Set(lit).size, [...text].length, lit.join(" "));
  };
  different("0123456789", 7);
  different("1234567890ABCDEFGHIJKLMNPQRTUVWXYZ", 14);
});

test("every segment has a shape within its box, and what is none of them is dark", () => {
  for (const segments of [7, 14] as const)
    for (const one of everySegment[segments])
      for (const corner of pointsOf(one, segments).split(" ")) {
        const [x = NaN, y = NaN] = corner.split(",").map(Number);
        assert.ok(x >= 0 && x <= 20 && y >= 0 && y <= 34, `${one}: ${corner}`);
      }
  assert.deepEqual(cellsOf("語", 14), [{ on: "", point: false, at: 0 }]);
});

/** Corners of a segment's polygon. */
function cornersOf(segment: string): readonly (readonly [number, number])[] {
  return pointsOf(segment, 14)
    .split(" ")
    .map((corner) => {
      const [x = NaN, y = NaN] = corner.split(",").map(Number);
      return [x, y] as const;
    });
}

/** How far the corners go across a direction. */
function thickness(segment: string, [dx, dy]: readonly [number, number]): number {
  const across = cornersOf(segment).map(([x, y]) => (x * dy - y * dx) / Math.hypot(dx, dy));
  return Math.max(...across) - Math.min(...across);
}

test("diagonals of fourteen segments go from the corner to the middle, and are as thick as the upright ones", () => {
  const mean = (segment: string, axis: 0 | 1): number =>
    cornersOf(segment).reduce((sum, corner) => sum + corner[axis] / cornersOf(segment).length, 0);
  const [left, right, top, bottom] = [mean("f", 0), mean("b", 0), mean("a", 1), mean("d", 1)];
  const middle = [(left + right) / 2, (top + bottom) / 2] as const;
  const upright = thickness("f", [0, 1]);
  for (const [segment, x, y] of [
    ["h", left, top],
    ["j", right, top],
    ["k", left, bottom],
    ["m", right, bottom],
  ] as const) {
    const nearest = (to: readonly [number, number]): number =>
      Math.min(...cornersOf(segment).map(([cx, cy]) => Math.hypot(cx - to[0], cy - to[1])));
    assert.ok(nearest([x, y]) <= upright, `${segment}: ${nearest([x, y])} from its corner`);
    assert.ok(nearest(middle) <= upright / 2, `${segment}: ${nearest(middle)} from the middle`);
    const thick = thickness(segment, [middle[0] - x, middle[1] - y]);
    assert.ok(Math.abs(thick - upright) < 0.1 * upright, `${segment}: ${thick}, upright ones ${upright}`);
  }
});
