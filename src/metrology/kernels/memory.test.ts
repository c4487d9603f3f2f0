import assert from "node:assert/strict";
import { test } from "node:test";
import { HalfCycleSums } from "./half-cycle-sums.ts";
import { sumHalfCycle } from "./half-cycle.ts";
import { copyIn, copyOut, kernels, memory, scratch, take } from "./memory.ts";
import { realFourier } from "./real-fourier.ts";
import { resample } from "./resample.ts";
import { sincTable } from "./sinc-table.ts";

test("what is set aside is a vector's multiple, overlaps nothing, and outlives growth", () => {
  const first = take(24);
  const second = take(3_000_000);
  assert.deepEqual([first % 16, second % 16, second - first], [0, 0, 32]);
  memory()[second / 8] = 7;
  const third = take(10_000_000);
  assert.ok(third >= second + 3_000_000);
  assert.equal(memory()[second / 8], 7);
  assert.equal(memory().byteLength, kernels.memory.buffer.byteLength);
  assert.ok(kernels.memory.buffer.byteLength >= third + 10_000_000);
});

test("the scratch is one place, and moves only to grow", () => {
  const at = scratch(100);
  assert.equal(scratch(5000), at);
  const larger = scratch(2_000_000);
  assert.notEqual(larger, at);
  assert.equal(scratch(1_000_000), larger);
});

test("few numbers and many are copied alike, and no others", () => {
  const at = take(8 * 300) / 8;
  for (const count of [0, 1, 40, 41, 200]) {
    const source = Float64Array.from({ length: 210 }, (_, k) => k + 1);
    const target = new Float64Array(210);
    memory().fill(-1, at, at + 300);
    copyIn(source, 5, count, at + 10);
    assert.deepEqual([memory()[at + 9], memory()[at + 10 + count]], [-1, -1]);
    copyOut(at + 10, count, target, 3);
    assert.deepEqual(
      target,
      Float64Array.from({ length: 210 }, (_, k) => (k >= 3 && k < 3 + count ? k + 3 : 0)),
    );
  }
});

test("a thousand meters take no more memory than one", () => {
  const rings = Array.from({ length: 6 }, () => new Float64Array(6144).fill(1));
  const input = new Float64Array(6 * 600);
  const bins = { re: new Float64Array(100), im: new Float64Array(100) };
  const cycle = (): void => {
    resample(sincTable(1.01), input, 20, 1.01, 256, rings, 0);
    resample(sincTable(1.5), input, 40, 1.5, 256, rings, 256);
    sumHalfCycle(rings, 256, 256, new HalfCycleSums());
    for (const n of [64, 512, 5120, 6144]) realFourier(n).forward(rings[0]!, 0, bins);
  };
  cycle();
  const before = kernels.memory.buffer.byteLength;
  for (let meter = 0; meter < 1000; meter++) cycle();
  assert.equal(kernels.memory.buffer.byteLength, before);
});
