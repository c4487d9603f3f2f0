/** The planner against what can be counted on paper, and against trying every way on small devices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { planReads, type Span } from "./read-plan.ts";

const spans = (...pairs: [first: number, count: number][]): Span[] => pairs.map(([first, count]) => ({ first, count }));

test("neighbours are read with one request, in whatever order they were named", () => {
  assert.deepEqual(planReads(spans([4, 2], [0, 2], [2, 2])), spans([0, 6]));
});

test("a hole is not touched unless the device has none there", () => {
  const values = spans([0, 2], [5, 2], [20, 1]);
  assert.deepEqual(planReads(values), spans([0, 2], [5, 2], [20, 1]));
  assert.deepEqual(planReads(values, { gap: 3 }), spans([0, 7], [20, 1]));
  assert.deepEqual(planReads(values, { gap: 13 }), spans([0, 21]));
});

test("a request runs along registers that the device has, to the next value and no further, and over no hole", () => {
  const there = spans([0, 10], [10, 30], [41, 20]);
  assert.deepEqual(planReads(spans([2, 2], [30, 1]), {}, there), spans([2, 29]));
  assert.deepEqual(planReads(spans([2, 2], [39, 1], [45, 1]), {}, there), spans([2, 38], [45, 1]));
  // The limit holds all the same.
  assert.deepEqual(planReads(spans([2, 2], [30, 1]), { most: 20 }, there), spans([2, 2], [30, 1]));
});

test("a value is never cut in two: 63 floats need two requests, the first of 124 registers", () => {
  const floats = Array.from({ length: 63 }, (_, k): Span => ({ first: 2 * k, count: 2 }));
  assert.deepEqual(planReads(floats), spans([0, 124], [124, 2]));
});

test("the device's own limit counts", () => {
  const energies = Array.from({ length: 7 }, (_, k): Span => ({ first: 1699 + 4 * k, count: 4 }));
  assert.deepEqual(planReads(energies), spans([1699, 28]));
  assert.deepEqual(planReads(energies, { most: 10 }), spans([1699, 8], [1707, 8], [1715, 8], [1723, 4]));
});

test("a value that no request can hold is an error that names it", () => {
  assert.throws(
    () => planReads(spans([100, 4]), { most: 3 }),
    /value at 100 has 4 registers; a request reads at most 3/,
  );
});

test("nothing wanted, nothing asked", () => assert.deepEqual(planReads([]), []));

/** Whether `count` requests are enough, by trying every place for each. */
function enough(values: readonly Span[], limit: number, count: number): boolean {
  if (values.length === 0) return true;
  if (count === 0) return false;
  for (let first = 0; first < 16; first++) {
    for (let size = 1; size <= limit; size++) {
      const left = values.filter((value) => value.first < first || value.first + value.count > first + size);
      if (left.length < values.length && enough(left, limit, count - 1)) return true;
    }
  }
  return false;
}

const someValues = fc.array(fc.record({ first: fc.nat(11), count: fc.integer({ min: 1, max: 4 }) }), { maxLength: 6 });

test("no way of asking needs fewer requests", () => {
  fc.assert(
    fc.property(someValues, fc.integer({ min: 4, max: 6 }), (values, most) => {
      const plan = planReads(values, { most, gap: 16 });
      assert.ok(plan.length === 0 || !enough(values, most, plan.length - 1), "fewer would do");
    }),
    { numRuns: 300 },
  );
});

test("every value lies whole in one request, and no request reads what is not next to a wanted register", () => {
  fc.assert(
    fc.property(someValues, fc.integer({ min: 4, max: 20 }), fc.nat(3), (values, most, gap) => {
      const plan = planReads(values, { most, gap });
      const wanted = new Set(values.flatMap(({ first, count }) => Array.from({ length: count }, (_, k) => first + k)));
      for (const value of values) {
        const holder = plan.some((r) => value.first >= r.first && value.first + value.count <= r.first + r.count);
        assert.ok(holder, "a value is cut or missing");
      }
      for (const { first, count } of plan) {
        assert.ok(count <= most);
        let run = 0;
        for (let register = first; register < first + count; register++) {
          run = wanted.has(register) ? 0 : run + 1;
          assert.ok(run <= gap, "runs along too many registers that nobody asked for");
        }
      }
    }),
    { numRuns: 1000 },
  );
});
