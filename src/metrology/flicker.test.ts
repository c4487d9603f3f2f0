import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cascade, flickerFilters, flickerSections, SECTION_SIZE } from "./flicker-filter.ts";
import { FlickerMeter, type FlickerSamples } from "./flicker-meter.ts";
import { HIGH_PASS_HZ, squaredGain, weightingSections } from "./flicker-response.ts";

const TURN = 2 * Math.PI;
const lamps = [120, 230] as const;
const mains = [50, 60] as const;

/** The gain of second-order sections at `hz`. */
function gain(sections: Float64Array, hz: number, rate: number): number {
  const w = (TURN * hz) / rate;
  let squared = 1;
  for (let k = 0; k < sections.length; k += SECTION_SIZE) {
    const [b0, b1, b2, a1, a2] = sections.subarray(k, k + SECTION_SIZE) as unknown as number[];
    const square = (zero: number, one: number, two: number): number =>
      (zero + one * Math.cos(w) + two * Math.cos(2 * w)) ** 2 + (one * Math.sin(w) + two * Math.sin(2 * w)) ** 2;
    squared *= square(b0!, b1!, b2!) / square(1, a1!, a2!);
  }
  return Math.sqrt(squared);
}

/** Block 3 as the standard has it. */
function analogue(lamp: 120 | 230, line: 50 | 60, hz: number): number {
  let squared = 1 / (1 + (HIGH_PASS_HZ / hz) ** 2);
  for (const section of weightingSections(lamp, line)) squared *= squaredGain(section, hz);
  return Math.sqrt(squared);
}

test("the weighting at 8.8 Hz is that of the standard", () => {
  // |F(8.8 Hz)| by complex arithmetic on the factors of Table 3; the low-pass and the high-pass take less than 1e-4 of it.
  for (const [lamp, expected] of [
    [230, 1.0017],
    [120, 0.7826],
  ] as const) {
    for (const line of mains) assert.ok(Math.abs(analogue(lamp, line, 8.8) - expected) < 1.5e-4);
  }
});

test("the low-pass is 3 dB down at 35 Hz of 50 Hz mains and 42 Hz of 60 Hz mains, and falls with the sixth power", () => {
  for (const [line, hz] of [
    [50, 35],
    [60, 42],
  ] as const) {
    const lowPass = (at: number): number =>
      weightingSections(230, line)
        .slice(2)
        .reduce((product, section) => product * squaredGain(section, at), 1);
    for (const ratio of [0.25, 0.5, 1, 2, 3]) {
      assert.ok(Math.abs(lowPass(ratio * hz) * (1 + ratio ** 12) - 1) < 1e-12);
    }
  }
});

test("digital filters have the analogue gain at any rate: 0.04 % to 45 Hz, 0.3 % to 130 Hz", () => {
  for (const rate of [800, 960, 1000, 1250, 1600, 1920, 2520, 2879, 3200, 6400, 10_000, 30_720, 51_200, 1_000_000]) {
    for (const lamp of lamps) {
      for (const line of mains) {
        const { sections, block } = flickerFilters(lamp, line, rate);
        for (let hz = 0.01; hz < 130; hz *= 1.1) {
          // What the averaging by a triangle of two blocks leaves, counted out.
          const sum = (): number => {
            let total = 0;
            for (let k = 1 - block; k < block; k++) total += (block - Math.abs(k)) * Math.cos((TURN * hz * k) / rate);
            return total / (block * block);
          };
          const ratio = (gain(sections, hz, rate / block) * sum()) / analogue(lamp, line, hz);
          assert.ok(
            Math.abs(ratio - 1) < (hz <= 45 ? 4e-4 : 3e-3),
            `${rate}/s ${lamp} V ${line} Hz: ${ratio} at ${hz}`,
          );
        }
      }
    }
  }
});

test("a cascade cut anywhere is one cascade, and its answer to an impulse is that of the difference equation", () => {
  const sections = flickerSections(230, 50, 2000, () => 1);
  const impulse = Float64Array.from({ length: 64 }, (_, k) => (k === 0 ? 1 : 0));
  let expected: readonly number[] = [...impulse];
  for (let s = 0; s < sections.length; s += SECTION_SIZE) {
    const [b0, b1, b2, a1, a2] = sections.subarray(s, s + SECTION_SIZE) as unknown as number[];
    const out: number[] = [];
    for (let k = 0; k < expected.length; k++) {
      const x = (back: number): number => expected[k - back] ?? 0;
      const y = (back: number): number => out[k - back] ?? 0;
      out.push(b0! * x(0) + b1! * x(1) + b2! * x(2) - a1! * y(1) - a2! * y(2));
    }
    expected = out;
  }
  const state = new Float64Array((2 * sections.length) / SECTION_SIZE);
  for (const [from, to] of [
    [0, 1],
    [1, 10],
    [10, 64],
  ] as const) {
    cascade(sections, state, impulse.subarray(from, to), to - from);
  }
  for (const [k, value] of expected.entries())
    assert.ok(Math.abs(impulse[k]! - value) < 1e-15 + 1e-12 * Math.abs(value));
});

interface Story {
  readonly rate: number;
  readonly seconds: number;
  readonly cut?: number;
  readonly volts?: (t: number) => number;
  readonly missing?: (k: number) => number;
  readonly gapAt?: number;
}

const reference = (t: number): number =>
  230 * Math.SQRT2 * Math.sin(TURN * 50 * t) * (1 + 0.00125 * Math.sin(TURN * 8.8 * t));

const options = { lamp: 230, mains: 50, voltages: [{ plus: 0 }], floorVolts: 10 } as const;

/** The steps of one voltage as [at, pinst, pinstMax, absent]. */
function story({ rate, seconds, cut = 1000, volts = reference, missing, gapAt }: Story) {
  const meter = new FlickerMeter(options);
  const out: { at: number; pinst: number; max: number; absent: string | undefined }[] = [];
  const total = Math.round(seconds * rate);
  const gapSample = gapAt === undefined ? -1 : Math.round(gapAt * rate);
  for (let from = 0; from < total;) {
    const to = Math.min(total, from < gapSample ? Math.min(from + cut, gapSample) : from + cut);
    const channel = Float64Array.from({ length: to - from }, (_, k) => volts((from + k) / rate));
    const mask =
      missing === undefined ? undefined : Uint8Array.from({ length: to - from }, (_, k) => missing(from + k));
    meter.push({
      channels: [channel],
      count: to - from,
      rate,
      at: from / rate,
      joined: from > 0 && from !== gapSample,
      missing: mask,
    });
    while (meter.next()) {
      out.push({ at: meter.at, pinst: meter.pinst[0]!, max: meter.pinstMax[0]!, absent: meter.absent[0] });
    }
    from = to;
  }
  return out;
}

test("the reference modulation gives 1 at rates from 800 to 1,000,000 a second", () => {
  for (const rate of [800, 1000, 1234.5, 2520, 5000, 7777, 30_720, 51_200, 1_000_000]) {
    const last = story({ rate, seconds: rate > 100_000 ? 6.5 : 10 }).filter(({ at }) => at > (rate > 100_000 ? 6 : 9));
    const largest = Math.max(...last.map(({ max }) => max));
    assert.ok(Math.abs(largest - 1) < 3e-3, `${rate}: ${largest}`);
  }
});

test("how a source cuts its runs changes nothing", () => {
  const whole = story({ rate: 5000, seconds: 7, cut: 35_000 });
  for (const cut of [1, 7, 333]) {
    const steps = story({ rate: 5000, seconds: 7, cut });
    for (const [k, step] of whole.entries()) assert.ok(Math.abs(steps[k]!.at - step.at) < 1e-12);
    assert.deepEqual(
      steps.map(({ pinst, max, absent }) => [pinst, max, absent]),
      whole.map(({ pinst, max, absent }) => [pinst, max, absent]),
    );
  }
});

test("a start knows its level at once: what it says when it has settled is what it says a minute later", () => {
  // The first crossing anywhere, mains that are not nominal.
  for (const hz of [47.3, 50, 52.1]) {
    const volts = (t: number): number =>
      180 * Math.SQRT2 * Math.sin(TURN * hz * t + 1) * (1 + 0.00125 * Math.sin(TURN * 8.8 * t + 2));
    const steps = story({ rate: 4000, seconds: 60, volts });
    const mean = (from: number, to: number): number => {
      const some = steps.filter(({ at }) => at > from && at <= to);
      return some.reduce((sum, { pinst }) => sum + pinst, 0) / some.length;
    };
    // 2.5 s are 22 turns of the modulation.
    const early = mean(5.5, 8);
    assert.ok(Math.abs(early / mean(57.5, 60) - 1) < 1e-3, `${hz} Hz: ${early}, then ${mean(57.5, 60)}`);
  }
});

test("a missing sample or a gap makes Pinst absent until it has settled, with the reason, and nothing else", () => {
  const steady = story({ rate: 3000, seconds: 24 });
  const cases = [
    ["missing", story({ rate: 3000, seconds: 24, missing: (k) => (k === 36_000 ? 1 : 0) })],
    ["gap", story({ rate: 3000, seconds: 24, gapAt: 12 })],
    ["missing", story({ rate: 3000, seconds: 24, volts: (t) => (t === 12 ? NaN : reference(t)) })],
    ["missing", story({ rate: 3000, seconds: 24, volts: (t) => (t === 12 ? Infinity : reference(t)) })],
  ] as const;
  for (const [why, steps] of cases) {
    for (const [k, step] of steps.entries()) {
      assert.equal(Number.isNaN(step.pinst), step.absent !== undefined);
      if (step.at < 5.4) assert.equal(step.absent, "start");
      else if (step.at > 5.5 && step.at < 12) assert.deepEqual(step, steady[k]);
      else if (step.at > 12.01 && step.at < 17.4) assert.equal(step.absent, why);
      else if (step.at > 17.5) assert.equal(step.absent, undefined);
      if (step.at > 18) assert.ok(Math.abs(step.pinst - 0.97) < 0.04, `${step.pinst} at ${step.at}`);
    }
  }
});

test("another voltage's missing sample costs nothing; a difference needs both of its channels", () => {
  const meter = new FlickerMeter({
    ...options,
    voltages: [{ plus: 0 }, { plus: 1 }, { plus: 0, minus: 1 }],
  });
  const rate = 2000;
  const channels = [0, 1].map((phase) =>
    Float64Array.from(
      { length: 16 * rate },
      (_, k) =>
        230 * Math.sin((TURN * 50 * k) / rate - (phase * TURN) / 3) * (1 + 0.00125 * Math.sin((TURN * 8.8 * k) / rate)),
    ),
  );
  const missing = new Uint8Array(16 * rate);
  missing[8 * rate] = 2;
  meter.push({ channels, count: 16 * rate, rate, at: 0, joined: false, missing });
  const largest = [0, 0, 0];
  while (meter.next()) {
    if (meter.at > 8.01 && meter.at < 13) assert.deepEqual(meter.absent, [undefined, "missing", "missing"]);
    if (meter.at > 14) for (let k = 0; k < 3; k++) largest[k] = Math.max(largest[k]!, meter.pinstMax[k]!);
  }
  // All three swing alike.
  for (const value of largest) assert.ok(Math.abs(value - 1) < 3e-3, `${value}`);
});

test("no voltage has no flicker; a rate that is too low has none; another rate begins again", () => {
  assert.ok(
    story({ rate: 3000, seconds: 8, volts: () => 0 }).every(
      ({ absent }) => absent === "no voltage" || absent === "start",
    ),
  );
  const slow = story({ rate: 700, seconds: 8 });
  assert.ok(slow.length > 0 && slow.every(({ absent, pinst }) => absent === "slow" && Number.isNaN(pinst)));
  const meter = new FlickerMeter(options);
  const run = (rate: number, at: number, seconds: number): FlickerSamples => ({
    channels: [Float64Array.from({ length: seconds * rate }, (_, k) => reference(at + k / rate))],
    count: seconds * rate,
    rate,
    at,
    joined: false,
    missing: undefined,
  });
  const seen: (string | undefined)[] = [];
  for (const one of [run(3000, 0, 8), run(50, 8, 2), run(6000, 10, 8)]) {
    meter.push(one);
    while (meter.next()) if (meter.absent[0] !== seen.at(-1) || seen.length === 0) seen.push(meter.absent[0]);
  }
  assert.deepEqual(seen, ["start", undefined, "slow", "gap", undefined]);
});

test("an interruption is no missing sample: Pinst is large, and small again when it is over", () => {
  const steps = story({ rate: 3000, seconds: 40, volts: (t) => (t > 10 && t < 10.2 ? 0 : reference(t)) });
  const during = steps.filter(({ at }) => at > 10 && at < 11);
  assert.ok(Math.max(...during.map(({ max }) => max)) > 1000);
  assert.ok(steps.every(({ absent, at }) => at < 5.5 || absent === undefined));
  assert.ok(Math.abs(steps.at(-1)!.pinst - 1) < 0.1, `${steps.at(-1)!.pinst}`);
});

test("measuring flicker does not allocate", () => {
  const meter = new FlickerMeter({ ...options, voltages: [{ plus: 0 }, { plus: 1 }, { plus: 0, minus: 1 }] });
  const rate = 12_800;
  const wave = Float64Array.from({ length: rate }, (_, k) => reference(k / rate));
  const run = { channels: [wave, wave.map((v) => -v)], count: rate, rate, at: 0, joined: true, missing: undefined };
  let steps = 0;
  const go = (seconds: number): void => {
    for (let s = 0; s < seconds; s++) {
      meter.push(run);
      while (meter.next()) steps++;
    }
  };
  go(20);
  /** Bytes that the heap has grown by, and steps, of so many seconds. */
  const grown = (seconds: number): { readonly bytes: number; readonly steps: number } => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    steps = 0;
    go(seconds);
    return { bytes: process.memoryUsage().heapUsed - before, steps };
  };
  // What the engine itself takes once, to compile anew what it has dropped, is in the short as in the long.
  let least = Infinity;
  for (let round = 0; round < 3 && least >= 8; round++) {
    const [short, long] = [grown(20), grown(120)];
    assert.ok(long.steps - short.steps > 19_000);
    least = Math.min(least, (long.bytes - short.bytes) / (long.steps - short.steps));
  }
  assert.ok(least < 8, `${least} bytes a step`);
});

test("whatever comes, Pinst is a number that is not negative or absent with a reason, and time goes on", () => {
  const run = fc.record({
    rate: fc.constantFrom(100, 799.9, 800, 1234.5, 5000, 30_720),
    seconds: fc.double({ min: 0, max: 3, noNaN: true }),
    volts: fc.constantFrom(0, 1e-3, 9.99, 230, 1e6, 1e160, 1e300),
    wrong: fc.option(fc.tuple(fc.nat(20_000), fc.constantFrom(NaN, Infinity, -Infinity, 1e308)), { nil: undefined }),
    missing: fc.option(fc.nat(20_000), { nil: undefined }),
    pause: fc.constantFrom(0, 0, 0.001, 60),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
      const meter = new FlickerMeter(options);
      let [at, rate, last] = [0, 0, -Infinity];
      for (const one of runs) {
        const count = Math.floor(one.seconds * one.rate);
        const channel = Float64Array.from(
          { length: count },
          (_, k) => (one.volts / 230) * reference(at + k / one.rate),
        );
        if (one.wrong !== undefined && one.wrong[0] < count) channel[one.wrong[0]] = one.wrong[1];
        const missing = one.missing === undefined ? undefined : new Uint8Array(count);
        if (missing !== undefined && one.missing! < count) missing[one.missing!] = 1;
        at += one.pause;
        meter.push({
          channels: [channel],
          count,
          rate: one.rate,
          at,
          joined: one.pause === 0 && one.rate === rate,
          missing,
        });
        while (meter.next()) {
          const [pinst, largest, why] = [meter.pinst[0]!, meter.pinstMax[0]!, meter.absent[0]];
          assert.ok(
            why === undefined
              ? pinst >= 0 && largest >= pinst * 0.999999
              : Number.isNaN(pinst) && Number.isNaN(largest),
            `${pinst} ${largest} ${why}`,
          );
          assert.ok(pinst !== Infinity && meter.at > last && meter.at <= at + count / one.rate + 1e-9);
          last = meter.at;
        }
        at += count / one.rate;
        rate = one.rate;
      }
    }),
    { numRuns: 60, seed: 12 },
  );
});
