import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Crossing, type CrossingKind, EventWatch } from "./event-watch.ts";
import { usualEventLimits } from "./examine-settings.ts";

const DECLARED = 100;
const VOLTAGES = 3;

/** Windows that begin each 10 ms and last 20. */
function watched(kind: CrossingKind, halves: readonly (readonly number[])[]): Crossing[] {
  const watch = new EventWatch(kind, usualEventLimits, DECLARED, VOLTAGES);
  const out: Crossing[] = [];
  halves.forEach((volts, n) => {
    const at = new Float64Array(VOLTAGES).fill(n);
    const over = watch.take(
      Float64Array.from(volts),
      at,
      at.map((begin) => begin + 2),
    );
    if (over !== undefined) out.push(over);
  });
  const cut = watch.cut("end");
  return cut === undefined ? out : [...out, cut];
}

/** The same by the words of IEC 61000-4-30, 5.4.2.1, 5.4.3.1 and 5.5.2, of the value that decides: [begin, end, extreme]. */
function byWords(kind: CrossingKind, halves: readonly (readonly number[])[]): [number, number, number][] {
  const rules = {
    dip: { of: Math.min, begins: (x: number) => x < 90, ends: (x: number) => x >= 92, worst: Math.min },
    swell: { of: Math.max, begins: (x: number) => x > 110, ends: (x: number) => x <= 108, worst: Math.max },
    interruption: { of: Math.max, begins: (x: number) => x < 5, ends: (x: number) => x >= 7, worst: Math.min },
  } as const;
  const { of, begins, ends, worst } = rules[kind];
  const out: [number, number, number][] = [];
  let begin = -1;
  let extreme = NaN;
  halves.forEach((volts, n) => {
    const decides = of(...volts);
    if (begin >= 0 && ends(decides)) {
      out.push([begin, n, extreme]);
      begin = -1;
    } else if (begin < 0 && begins(decides)) {
      begin = n;
      extreme = worst(...volts);
    } else if (begin >= 0) extreme = worst(extreme, ...volts);
  });
  // Of one that goes on the last window ends two half cycles behind its begin.
  return begin < 0 ? out : [...out, [begin, halves.length - 1 + 2, extreme]];
}

/** Values around thresholds, and on them. */
const valuesOf: Readonly<Record<CrossingKind, readonly number[]>> = {
  dip: [0, 50, 89, 90, 91, 92, 93, 100],
  swell: [100, 107, 108, 109, 110, 111, 130],
  interruption: [0, 3, 4, 5, 6, 8, 50],
};

for (const kind of ["dip", "swell", "interruption"] as const) {
  test(`${kind}s of three voltages are what the words of the standard make of them`, () => {
    const volts = fc.constantFrom(...valuesOf[kind]);
    fc.assert(
      fc.property(fc.array(fc.tuple(volts, volts, volts), { minLength: 1, maxLength: 40 }), (halves) => {
        const worst = kind === "swell" ? Math.max : Math.min;
        const found = watched(kind, halves).map(({ at, end, extreme }) => [at, end, worst(...extreme)]);
        assert.deepEqual(found, byWords(kind, halves));
      }),
      { numRuns: 1000 },
    );
  });
}

test("the voltages that crossed are named, and one that is not known neither begins nor ends an event", () => {
  const [dip, ...others] = watched("dip", [
    [100, 100, 100],
    [80, 91, 100],
    [NaN, 91, 100],
    [NaN, 100, 100],
    [100, 100, 100],
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual([dip?.at, dip?.end], [1, 4]);
  assert.deepEqual([...(dip?.crossed ?? [])], [1, 0, 0]);
  assert.deepEqual([...(dip?.extreme ?? [])], [80, 91, 100]);
  assert.deepEqual(watched("interruption", [[0, 0, NaN]]), []);
  assert.deepEqual(watched("dip", [[NaN, NaN, NaN]]), []);
});
