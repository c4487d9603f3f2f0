import assert from "node:assert/strict";
import { test } from "node:test";
import { resampleReference } from "./resample-reference.ts";
import { resample } from "./resample.ts";
import { coefficients, sincTable } from "./sinc-table.ts";

const both = [
  ["the kernel", resample],
  ["the reference", resampleReference],
] as const;

const sixOf = (length: number): Float64Array[] => Array.from({ length: 6 }, () => new Float64Array(length));

/** Numbers of -1 to 1 that are the same each time. */
function noise(length: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tone in each channel, at another phase in each. */
function tone(scans: number, frequency: number): Float64Array {
  return Float64Array.from({ length: 6 * scans }, (_, k) =>
    Math.sin(2 * Math.PI * frequency * Math.floor(k / 6) + (k % 6)),
  );
}

for (const [what, run] of both) {
  test(`${what} holds every tone up to 0.37 of the rate within 1e-6 of itself`, () => {
    const table = sincTable(1.0118);
    assert.deepEqual([table.stretch, table.taps, table.passband], [1, 32, 0.37]);
    const out = sixOf(600);
    let worst = 0;
    for (let frequency = 0.002; frequency <= 0.37; frequency += 0.008) {
      run(table, tone(700, frequency), 16.3, 1.0118, 600, out, 0);
      for (let c = 0; c < 6; c++) {
        for (let k = 0; k < 600; k++) {
          const right = Math.sin(2 * Math.PI * frequency * (16.3 + k * 1.0118) + c);
          worst = Math.max(worst, Math.abs(out[c]![k]! - right));
        }
      }
    }
    assert.ok(worst < 1e-6, `${worst}`);
  });

  test(`${what} lets samples through as they are where an instant is one of them`, () => {
    const input = noise(6 * 400, 1);
    // Nor does one that is absent take its neighbours with it.
    input[6 * 100 + 2] = NaN;
    const out = sixOf(300);
    run(sincTable(1), input, 40, 1, 300, out, 0);
    for (let c = 0; c < 6; c++) for (let k = 0; k < 300; k++) assert.equal(out[c]![k], input[6 * (40 + k) + c]);
    run(sincTable(0.5), input, 40, 0.5, 300, out, 0);
    for (let c = 0; c < 6; c++) for (let k = 0; k < 300; k += 2) assert.equal(out[c]![k], input[6 * (40 + k / 2) + c]);
  });

  test(`${what} keeps what is constant, at any distance of instants`, () => {
    for (const step of [0.3, 1.0118, 1.3, 7.7, 120]) {
      const table = sincTable(step);
      const out = sixOf(20);
      const scans = 2 * table.taps + Math.ceil(20 * step);
      run(table, new Float64Array(6 * scans).fill(230), table.taps + 0.1, step, 20, out, 0);
      for (const channel of out) for (const value of channel) assert.ok(Math.abs(value / 230 - 1) < 1e-14, `${step}`);
    }
  });

  test(`${what} says what is missing of its window`, () => {
    const table = sincTable(1);
    const asked = (position: number, scans: number, room: number) => () =>
      run(table, new Float64Array(6 * scans), position, 1, 10, sixOf(room), 0);
    assert.throws(asked(14.9, 100, 10), /instants from 14\.9 on need scans -1 to 39; there are 0 to 99/);
    assert.throws(asked(20, 45, 10), /need scans 5 to 45; there are 0 to 44/);
    assert.throws(asked(NaN, 100, 10), RangeError);
    assert.throws(asked(20, 100, 9), /outputs 0 to 9 of channel 0 do not fit in 9/);
    asked(15, 41, 10)();
  });
}

test("nothing that folds falls into the passband, and the passband is right, at any distance of instants", () => {
  for (const step of [1.0001, 1.02, 1.1, 1.149, 1.2, 1.26, 1.5, 2, 3.3, 16]) {
    const table = sincTable(step);
    const count = 400;
    const scans = 2 * table.taps + Math.ceil(count * step);
    const out = sixOf(count);
    for (let f = 0.005; f < 0.5; f += 0.005) {
      resample(table, tone(scans, f), table.taps + 0.2, step, count, out, 0);
      // Where the tone shows among the outputs, in parts of the input's rate.
      const turns = f * step;
      const shown = Math.abs(turns - Math.round(turns)) / step;
      if (shown > table.passband) continue;
      const kept = f <= table.passband ? 1 : 0;
      for (let k = 0; k < count; k++) {
        const right = kept * Math.sin(2 * Math.PI * f * (table.taps + 0.2 + k * step));
        assert.ok(Math.abs(out[0]![k]! - right) < 2e-6, `step ${step}, tone ${f}: ${out[0]![k]} for ${right}`);
      }
    }
  }
});

test("the passband shrinks no further than it has to", () => {
  for (const step of [1, 1.149]) assert.equal(sincTable(step).passband, 0.37);
  for (const step of [1.2, 1.5, 2, 3.3, 16, 367]) assert.ok(sincTable(step).passband >= 0.35 / step, `${step}`);
  assert.equal(sincTable(2).stretch, 2);
});

test("the kernel says what the reference says", () => {
  for (const [step, count] of [
    [0.4, 1000],
    [1, 1],
    [1.0118, 256],
    [1.3, 3000],
    [7.9, 900],
    [367, 12],
  ] as const) {
    const table = sincTable(step);
    const input = noise(6 * (2 * table.taps + Math.ceil(count * step)), count);
    const [fast, plain] = [sixOf(count + 5), sixOf(count + 5)];
    resample(table, input, table.taps + 0.123, step, count, fast, 3);
    resampleReference(table, input, table.taps + 0.123, step, count, plain, 3);
    for (let c = 0; c < 6; c++) {
      for (let k = 0; k < count + 5; k++) {
        // Of what is summed: coefficients of sum 1, of numbers up to 1.
        assert.ok(Math.abs(fast[c]![k]! - plain[c]![k]!) < 1e-12, `step ${step}, channel ${c}, ${k}`);
      }
    }
    assert.deepEqual([fast[0]!.slice(0, 3), fast[5]!.slice(-2)], [new Float64Array(3), new Float64Array(2)]);
  }
});

test("tables are shared, and one given up comes back the same", () => {
  assert.equal(sincTable(1.01), sincTable(0.2));
  const input = noise(6 * 4000, 9);
  const before = sixOf(50);
  const after = sixOf(50);
  resample(sincTable(1.5), input, 500, 1.5, 50, before, 0);
  for (let step = 2; step < 20; step *= 1.06) resample(sincTable(step), input, 1000, step, 50, after, 0);
  resample(sincTable(1.5), input, 500, 1.5, 50, after, 0);
  assert.deepEqual(after, before);
});

test("instants that no source and grid can have are refused", () => {
  for (const step of [0, -1, NaN, Infinity, 513]) assert.throws(() => sincTable(step), /input samples apart/);
});

test("every row of the interpolator sums to one, and whole samples pass unchanged", () => {
  const kernel = sincTable(1);
  const weights = new Float64Array(kernel.taps);
  for (const fraction of [0, 0.1, 0.25, 0.5, 0.777, 0.999, 1]) {
    coefficients(kernel, fraction, weights);
    assert.ok(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1) < 1e-12);
  }
  coefficients(kernel, 0, weights);
  assert.deepEqual(
    [...weights],
    [...weights].map((_, k) => (k === kernel.before ? 1 : 0)),
  );
});
