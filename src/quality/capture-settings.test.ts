/** The manual's figures: sizes and counts that its screen shows, ranges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaptureKind } from "#quantity/captured.ts";
import { capacityOf, captureRanges, captureTrouble, factoryCaptures } from "./capture-settings.ts";

// prettier-ignore
const screen: readonly [kind: CaptureKind, pre: number, post: number, limit: number, records: number, kB: number][] = [
  ["rms",    15, 30, 1800, 3072,  4],
  ["low",    15, 15,  480, 2458,  5],
  ["medium",  5,  5,  120, 1365,  9],
  ["high",    2,  1,   15,  585, 21],
];

for (const [kind, pre, post, limit, records, kB] of screen) {
  test(`${kind} at the factory's settings: ${records} records of ${kB} kB, as the manual's screen has them`, () => {
    assert.deepEqual(factoryCaptures[kind], { pre, post, limit });
    assert.deepEqual(capacityOf(kind, { pre, post, limit }), { kB, records });
    for (const hz of [50, 60] as const) assert.equal(captureTrouble(kind, { pre, post, limit }, hz), undefined);
  });
}

test("a record of more cycles is never smaller, and fewer of them fit", () => {
  for (const [kind] of screen) {
    const { pre, post } = captureRanges(kind, 60);
    let last = 0;
    let records = Infinity;
    for (let cycles = 0; cycles <= pre[1] + post[1]; cycles++) {
      const of = capacityOf(kind, { pre: Math.min(cycles, pre[1]), post: Math.max(0, cycles - pre[1]), limit: 30 });
      assert.ok(of.kB >= last && of.records <= records && of.records * of.kB <= 12_288 + of.kB / 2);
      ({ kB: last, records } = of);
    }
  }
});

// prettier-ignore
const ranges: readonly [kind: CaptureKind, hz: 50 | 60, pre: number, post: number, least: number, most: number][] = [
  // Half a second, one, sixty.
  ["rms",    60, 30, 60, 2, 3600],
  ["rms",    50, 25, 50, 2, 3000],
  ["low",    60, 30, 30, 2, 960],
  ["medium", 50, 10, 10, 2, 240],
  ["high",   60,  5,  5, 2, 30],
];

test("ranges are those of the manual, and what lies beside them is said", () => {
  for (const [kind, hz, pre, post, least, most] of ranges) {
    const trouble = (pre: number, post: number, limit: number): string | undefined =>
      captureTrouble(kind, { pre, post, limit }, hz);
    assert.equal(trouble(pre, post, most), undefined);
    assert.equal(trouble(0, 0, least), undefined);
    assert.equal(
      trouble(pre + 1, post, most),
      `captures: pre of ${kind} is ${pre + 1} cycles: expected a whole number from 0 to ${pre}`,
    );
    assert.match(trouble(pre, post + 1, most) ?? "", /post/);
    assert.match(trouble(pre, post, most + 1) ?? "", /limit/);
    assert.match(trouble(pre, post, least - 1) ?? "", /limit/);
    for (const odd of [-1, 0.5, NaN, Infinity]) assert.match(trouble(odd, post, most) ?? "", /pre/);
  }
});
