import assert from "node:assert/strict";
import { test } from "node:test";
import { Metered } from "#metrology/metering-fixture.ts";
import { binsOf } from "#metrology/kernels/bins.ts";
import { realFourier } from "#metrology/kernels/real-fourier.ts";
import { wirings } from "#quantity/wiring.ts";
import { LiveSource } from "./live.ts";
import { Network, type NetworkOptions } from "./network.ts";
import { StepValues } from "./source.ts";
import { SyntheticSamples, SyntheticSteps } from "./synthetic.ts";

const options: NetworkOptions = {
  hz: 60,
  volts: [229.1, 230.4, 231.7],
  amps: [10.3, 11.7, 13.1],
  angles: [0, -120, 120],
  lag: [20, 30, -10],
  harmonics: { volts: [], amps: [] },
  noise: 0,
  load: [],
  events: [],
  seed: 7,
};
const make = (changes: Partial<NetworkOptions>, perSecond = 2520): SyntheticSamples =>
  new SyntheticSamples(new Network({ ...options, ...changes }), { perSecond });
const rms = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
/** Second by second: the first `count` samples of each channel. */
function take(source: SyntheticSamples, seconds: number): Float64Array[] {
  const count = source.read(seconds)[0]?.count ?? 0;
  return source.channels.map((channel) => channel.slice(0, count));
}

test("a synthetic sine has the RMS, angle and frequency that were asked for", () => {
  const [va, vb, , ia] = take(make({}), 1);
  assert.equal(va!.length, 2520);
  assert.ok(Math.abs(rms(va!) - 229.1) < 1e-9);
  assert.ok(Math.abs(rms(ia!) - 10.3) < 1e-9);
  // sin(theta), sin(theta - 120 degrees), and the current 20 degrees behind its voltage.
  for (const k of [0, 5, 17, 100]) {
    const theta = (2 * Math.PI * 60 * k) / 2520;
    assert.ok(Math.abs(va![k]! - 229.1 * Math.SQRT2 * Math.sin(theta)) < 1e-6);
    assert.ok(Math.abs(vb![k]! - 230.4 * Math.SQRT2 * Math.sin(theta - (2 * Math.PI) / 3)) < 1e-6);
    assert.ok(Math.abs(ia![k]! - 10.3 * Math.SQRT2 * Math.sin(theta - Math.PI / 9)) < 1e-6);
  }
});

test("the same seed gives the same run, another seed another", () => {
  const changes = { noise: 1, drift: { hz: 0.1, seconds: 10 } };
  assert.deepEqual(take(make(changes), 2), take(make(changes), 2));
  assert.notDeepEqual(take(make({ ...changes, seed: 8 }), 2), take(make(changes), 2));
});

test("what lies above half the sampling rate is left out, so nothing folds back", () => {
  const harmonics = { volts: [5, 21, 25, 49].map((order) => ({ order, percent: 10, degrees: 0 })), amps: [] };
  const [va] = take(make({ hz: 60, harmonics }, 3840), 0.1);
  const bins = binsOf(64);
  realFourier(64).forward(va!, 0, bins);
  const at = (h: number): number => (Math.SQRT2 / 64) * Math.hypot(bins.re[h]!, bins.im[h]!);
  // 3,840 Hz carries up to the 32nd: the 49th would fold to the 15th.
  for (const order of [5, 21, 25]) assert.ok(Math.abs(at(order) - 22.91) < 1e-6, `order ${order}`);
  assert.ok(at(15) < 1e-6);
});

test("samples never drift from elapsed time, whatever the pieces", () => {
  const source = make({});
  let total = 0;
  for (let k = 0; k < 3600; k++) total += source.read(1 / 7)[0]?.count ?? 0;
  assert.ok(Math.abs(total - (2520 * 3600) / 7) <= 1);
});

test("a converter locked to the line takes its samples a whole number of times a cycle", () => {
  const network = new Network({ ...options, drift: { hz: 0.5, seconds: 7 } });
  const source = new SyntheticSamples(network, { perCycle: 512 });
  source.read(1);
  assert.ok(Math.abs(source.rate / 512 - network.hz(0)) < 1e-9);
  assert.equal(source.perCycle, 512);
  source.read(1);
  assert.ok(Math.abs(source.rate / 512 - network.hz(1)) < 1e-3);
});

test("a sag lasts as long as it was written, on its phase only, and comes again", () => {
  const source = make({ events: [{ at: 1, for: 0.5, every: 2, phases: [1], volts: 0.4, amps: 1, hz: 0 }] });
  const seconds = Array.from({ length: 8 }, () => take(source, 0.5));
  const volts = (k: number, c: number): number => rms(seconds[k]![c]!) / options.volts[c]!;
  for (const k of [2, 6]) {
    assert.ok(Math.abs(volts(k, 1) - 0.4) < 0.005, `sag at ${k / 2} s`);
    assert.ok(Math.abs(volts(k, 0) - 1) < 1e-6);
  }
  for (const k of [0, 1, 3, 4, 5, 7]) assert.ok(Math.abs(volts(k, 1) - 1) < 0.005, `no sag at ${k / 2} s`);
});

test("interruptions, steps, frequency steps and swapped phases do what they say", () => {
  const base = { phases: [0, 1, 2], volts: 1, amps: 1, hz: 0 };
  const off = make({ events: [{ ...base, at: 0.5, volts: 0, amps: 0 }] });
  take(off, 0.6);
  const dead = take(off, 0.5);
  assert.deepEqual(
    dead.map((channel) => rms(channel) < 1e-9),
    [true, true, true, true, true, true],
  );
  const up = make({ events: [{ ...base, at: 0, amps: 1.5, hz: 2 }] });
  take(up, 0.1);
  const count = take(up, 1)[0]!.reduce((n, v, k, all) => n + (k > 0 && all[k - 1]! < 0 && v >= 0 ? 1 : 0), 0);
  assert.ok(Math.abs(count - 62) <= 1);
  const swapped = make({ events: [{ ...base, at: 0, phases: [1, 2], swap: [1, 2] }] });
  take(swapped, 0.1);
  const [, vb, vc] = take(swapped, 0.5);
  assert.ok(Math.abs(rms(vb!) - 231.7) < 1e-2 && Math.abs(rms(vc!) - 230.4) < 1e-2);
});

test("a transient is its closed form upon the volts of its phase, at every piece, and comes again", () => {
  const quiet = make({});
  const ringing = make({ transients: [{ at: 0.1013, every: 0.3, for: 0.01, phases: [1], part: 0.6, hz: 900 }] });
  let t = 0;
  let largest = 0;
  for (const piece of [0.05, 0.0513, 0.004, 0.2, 0.1, 0.0113, 0.3]) {
    const [before, after] = [take(quiet, piece), take(ringing, piece)];
    after.forEach((channel, c) =>
      channel.forEach((value, k) => {
        const at = t + k / 2520 - 0.1013;
        const since = at < 0 ? -1 : at % 0.3;
        const part =
          c === 1 && since >= 0 && since <= 0.01 ? 0.6 * 10 ** (-200 * since) * Math.sin(1800 * Math.PI * since) : 0;
        const expected = part * Math.SQRT2 * options.volts[1];
        largest = Math.max(largest, Math.abs(expected));
        assert.ok(Math.abs(value - before[c]![k]! - expected) < 1e-6, `channel ${c} at ${at}`);
      }),
    );
    t += after[0]!.length / 2520;
  }
  assert.ok(largest > 0.4 * 230 * Math.SQRT2);
});

test("flicker of 2 % swings the volts by 1 % either way", () => {
  const source = make({ flicker: { hz: 1, percent: 2, shape: "square" } });
  const [high] = take(source, 0.5);
  const [low] = take(source, 0.5);
  assert.ok(Math.abs(rms(high!) / 229.1 - 1.01) < 1e-3);
  assert.ok(Math.abs(rms(low!) / 229.1 - 0.99) < 1e-3);
});

test("the load curve is a straight line between its points, and over midnight", () => {
  const network = new Network(
    {
      ...options,
      load: [
        [6 * 3600, 0.2],
        [18 * 3600, 1],
      ],
    },
    12 * 3600,
  );
  assert.ok(Math.abs(network.load(0) - 0.6) < 1e-12);
  assert.ok(Math.abs(network.load(6 * 3600) - 1) < 1e-12);
  assert.ok(Math.abs(network.load(12 * 3600) - 0.6) < 1e-12);
  assert.ok(Math.abs(network.load(18 * 3600) - 0.2) < 1e-12);
});

test("steps of the same network are what a meter measures of its samples", () => {
  const harmonics = {
    volts: [{ order: 5, percent: 6, degrees: 40 }],
    amps: [
      { order: 5, percent: 20, degrees: 100 },
      { order: 3, percent: 10, degrees: 0 },
    ],
  };
  for (const wiring of Object.keys(wirings) as (keyof typeof wirings)[]) {
    const network = new Network({ ...options, harmonics });
    const metered = new Metered({ grid: 64, wiring });
    const { meter } = metered;
    const source = new SyntheticSamples(network, { perSecond: 2520 });
    for (const { channels, count, rate } of source.read(1.5)) metered.push(channels, count, rate);
    while (metered.next() > 0);
    const from = new StepValues();
    const to = new StepValues();
    new SyntheticSteps(network).step(1, from, to, { wiring: wirings[wiring], reactive: "shifted" });
    const close = (a: number, b: number, what: string): void =>
      assert.ok(Math.abs(a - b) <= 2e-5 * Math.abs(b) + 1e-3, `${wiring} ${what}: ${a}, ${b}`);
    for (const { current } of wirings[wiring].elements) {
      const k = { a: 0, b: 1, c: 2 }[current];
      close(to.w[k]!, meter.values.p[k]!, `W ${current}`);
      close(to.q[k]!, meter.values.q[k]!, `var ${current}`);
      close(to.e[k]!, Math.sqrt(meter.values.e2[k]!), `element volts ${current}`);
      close(to.a[k]!, Math.sqrt(meter.values.i2[k]!), `A ${current}`);
    }
    if (wirings[wiring].ll.length > 0) close(to.ll[0]!, Math.sqrt(meter.values.ll2[0]!), "Vab");
    close(to.n, Math.sqrt(meter.values.n2), "In");
  }
});

test("a step ends where the load curve bends or an event begins", () => {
  const network = new Network({
    ...options,
    load: [
      [0, 0.5],
      [3600, 1],
    ],
    events: [{ at: 600, for: 60, phases: [0], volts: 0.5, amps: 1, hz: 0 }],
  });
  const source = new SyntheticSteps(network);
  const lengths: number[] = [];
  for (let k = 0; k < 4; k++)
    lengths.push(source.step(3600, new StepValues(), new StepValues(), { wiring: wirings.wye, reactive: "shifted" }));
  assert.deepEqual(lengths, [600, 60, 2940, 3600]);
});

test("steps that repeat the one before are steady, and never while an event begins, lasts its edge or ends", () => {
  const event = { phases: [0], volts: 0.5, amps: 2, hz: 0.5 };
  const events = [
    { ...event, at: 2.5, for: 3.25 },
    // Its edges lie across the ends of steps.
    { ...event, at: 9.9995, for: 2.0005, every: 7 },
  ];
  const network = new Network({ ...options, events });
  const view = { wiring: wirings.wye, reactive: "shifted" } as const;
  const source = new SyntheticSteps(network);
  // One that is asked with other values each time has nothing to repeat.
  const anew = new SyntheticSteps(network);
  const [from, to] = [new StepValues(), new StepValues()];
  const steady: boolean[] = [];
  let wh = 0;
  for (let t = 0; t < 40 - 1e-9;) {
    const left = Math.floor(t + 1e-9) + 1 - t;
    const [first, last] = [new StepValues(), new StepValues()];
    const took = source.step(left, from, to, view);
    assert.equal(anew.step(left, first, last, view), took);
    assert.deepEqual([from, to], [first, last], `at ${t} s`);
    steady.push(source.steady);
    wh += (((from.w[0]! + to.w[0]!) / 2) * took) / 3600;
    t += took;
  }
  assert.ok(steady.filter((one) => one).length > 20);
  assert.deepEqual(steady.slice(0, 6), [false, true, false, false, true, true]);
  // Half the volts times twice the amps is the same power.
  const watts = 229.1 * 10.3 * Math.cos(Math.PI / 9);
  assert.ok(Math.abs(wh / ((watts * 40) / 3600) - 1) < 1e-4);
});

test("a live source is steady until the next reading, and knows nothing when that is too late", () => {
  const source = new LiveSource(60, 3);
  const [from, to] = [new StepValues(), new StepValues()];
  source.push({ volts: [230], amps: [5] });
  const seen: unknown[] = [];
  for (let second = 0; second < 6; second++) {
    if (second === 2) source.push({ volts: [231], amps: [6] });
    seen.push([source.step(1, from, to), source.steady, from.v[0], to.a[0]]);
  }
  assert.deepEqual(seen, [
    [1, false, 230, 5],
    [1, true, 230, 5],
    [1, false, 231, 6],
    [1, true, 231, 6],
    [1, true, 231, 6],
    [0, false, 231, 6],
  ]);
});
