/** The grid against closed forms: what is followed, what is aligned anew, and what is left out of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Metered } from "./metering-fixture.ts";

const PEAK = 325;
const RMS = PEAK * Math.SQRT1_2;

/** What the voltage is at `t` seconds: its frequency, turns that it is ahead, its part of the peak, and what lies on it. */
interface At {
  readonly hz: number;
  readonly ahead?: number;
  readonly part?: number;
  readonly plus?: number;
}

interface Half {
  readonly at: number;
  /** Half a period over what the true one is, less 1: how far a window is off. */
  readonly sync: number;
  readonly uneven: boolean;
  readonly volts: number;
  readonly hz: number;
}

const none = new Float64Array(1_000_000);

/** Three phases of so many seconds; the half cycles that end a cycle. */
function run(
  signal: (t: number) => At,
  { rate = 10_000, grid = 512, seconds = 4 } = {},
): { halves: Half[]; m: Metered } {
  const n = seconds * rate;
  let turns = 0.1;
  const v = [0, 1, 2].map(() => new Float64Array(n));
  const truth = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const { hz, ahead = 0, part = 1, plus = 0 } = signal(k / rate);
    turns += hz / rate;
    truth[k] = hz;
    for (let c = 0; c < 3; c++) v[c]![k] = PEAK * (part * Math.sin(2 * Math.PI * (turns + ahead - c / 3)) + plus);
  }
  const m = new Metered({ grid, floorVolts: 5 });
  const halves: Half[] = [];
  for (let from = 0; from < n; from += rate / 10) {
    const part = (x: Float64Array): Float64Array => x.slice(from, from + rate / 10);
    m.push([...v.map(part), none, none, none], rate / 10, rate);
    while (m.grid.next()) {
      if (m.meter.half() === 0) continue;
      const { at, seconds: length, uneven, hz } = m.grid;
      const sync = 0.5 / length / truth[Math.floor((at + length / 2) * rate)]! - 1;
      halves.push({ at, sync, uneven, volts: Math.sqrt(m.meter.values.v2[0]!), hz });
    }
  }
  return { halves, m };
}

const worst = (halves: readonly Half[], of: (half: Half) => number): number =>
  halves.reduce((most, half) => Math.max(most, Math.abs(of(half))), 0);

for (const slope of [1, -1, 5]) {
  test(`a ramp of ${slope} Hz a second is followed without lag: windows within 0.03 % of the true period`, () => {
    const { halves } = run((t) => ({ hz: t < 1 ? 50 : 50 + slope * (t - 1) }), { seconds: 3 });
    // 400 ms after it began its slope is known; before that windows are off by what it has changed in a tenth of a second or two.
    assert.ok(
      worst(
        halves.filter(({ at }) => at > 1.5),
        ({ sync }) => sync,
      ) < 3e-4,
    );
    assert.ok(worst(halves, ({ sync }) => sync) < 0.002 * Math.abs(slope));
    assert.ok(halves.every(({ uneven }) => !uneven));
    assert.ok(
      worst(
        halves.filter(({ at }) => at > 1.5),
        ({ hz, at }) => hz - (50 + slope * (at + 0.01 - 1)),
      ) < 0.01,
    );
  });
}

for (const degrees of [10, 30, -60, 90, 180]) {
  test(`a phase jump of ${degrees} degrees costs one uneven half cycle, and windows begin at zero crossings after it`, () => {
    const { halves, m } = run((t) => ({ hz: 50, ahead: t < 2.003 ? 0 : degrees / 360 }), { seconds: 3 });
    const uneven = halves.filter((half) => half.uneven);
    assert.equal(uneven.length, 1);
    assert.ok(uneven[0]!.at > 2.003 && uneven[0]!.at < 2.06, `at ${uneven[0]!.at} s`);
    const after = halves.filter(({ at }) => at > 2.07);
    assert.ok(worst(after, ({ volts }) => volts / RMS - 1) < 1e-5);
    assert.ok(worst(after, ({ hz }) => hz - 50) < 1e-4, "the frequency does not know of it");
    // A rising crossing of the first phase begins the even ones.
    const { ring, from, index, half } = m.grid;
    const first = ring[0]![from]!;
    assert.ok(Math.abs(first) < 0.05 * PEAK, `begins at ${first} V`);
    assert.equal(ring[0]![from + half / 2]! > 0, index % 2 === 0);
  });
}

test("a phase that jumps and goes back, after however long, ends nothing", () => {
  for (const degrees of [14, 30, 90, -20, -60, 180]) {
    for (let cycles = 0.5; cycles < 9; cycles += 0.1) {
      const isOff = (t: number): boolean => t > 0.603 && t < 0.603 + cycles / 50;
      const { halves } = run((t) => ({ hz: 50, ahead: isOff(t) ? degrees / 360 : 0 }), {
        seconds: 1.5,
        rate: 2000,
        grid: 64,
      });
      const last = halves.at(-1)!;
      const what = `${degrees} degrees for ${cycles.toFixed(1)} cycles`;
      assert.ok(last.at > 1.45, `${what}: ends at ${last.at} s`);
      assert.ok(Math.abs(last.volts / RMS - 1) < 1e-3, `${what}: ${last.volts} V`);
      assert.ok(Math.abs(last.hz - 50) < 0.01, `${what}: ${last.hz} Hz`);
    }
  }
});

for (const hz of [55, 45, 25, 62.5]) {
  test(`10 % at ${hz} Hz do not bias the frequency`, () => {
    const { halves, m } = run((t) => ({ hz: 50, plus: 0.1 * Math.sin(2 * Math.PI * hz * t) }), { seconds: 6 });
    assert.ok(halves.every(({ uneven }) => !uneven));
    const frequency = m.grid.takeFrequency();
    assert.ok(Math.abs(frequency - 50) < 0.003, `${frequency} Hz`);
  });
}

test("a dip, with its phase or with another, is no reason to look for the frequency anew", () => {
  const isDip = (t: number): boolean => t > 2.0037 && t < 2.1;
  const plain = run((t) => ({ hz: 50, part: isDip(t) ? 0.3 : 1 }), { seconds: 3 });
  assert.ok(plain.halves.every(({ uneven }) => !uneven));
  assert.ok(worst(plain.halves, ({ sync }) => sync) < 1e-6);
  const turned = run((t) => ({ hz: 50, part: isDip(t) ? 0.3 : 1, ahead: isDip(t) ? -20 / 360 : 0 }), { seconds: 3 });
  const { halves } = turned;
  assert.equal(halves.filter(({ uneven }) => uneven).length, 2, "there and back");
  assert.ok(
    worst(
      halves.filter(({ uneven }) => !uneven),
      ({ sync }) => sync,
    ) < 1e-5,
  );
});

test("the edges of a short dip are no jump of the phase, wherever they lie in the cycle", () => {
  // Two cycles one after the other have an edge in them, and can be off alike.
  for (let k = 0; k < 20; k++) {
    for (const [part, cycles] of [
      [0.5, 2],
      [0.8, 5],
    ] as const) {
      const begins = 1 + k * 0.00103;
      const isDip = (t: number): boolean => t >= begins && t < begins + cycles / 50;
      const { halves } = run((t) => ({ hz: 50, part: isDip(t) ? part : 1 }), { seconds: 1.5 });
      assert.ok(
        halves.every(({ uneven }) => !uneven),
        `to ${part} from ${begins} s on`,
      );
      // What an edge is off little enough to be believed moves the frequency, but not for long.
      assert.ok(worst(halves, ({ sync }) => sync) < 2e-3, `to ${part} from ${begins} s on`);
    }
  }
});

test("a step of the frequency by 2 Hz is found within three cycles", () => {
  const { halves } = run((t) => ({ hz: t < 2 ? 50 : 52 }), { seconds: 3 });
  assert.ok(
    worst(
      halves.filter(({ at }) => at > 2.06),
      ({ sync }) => sync,
    ) < 0.002,
  );
  assert.ok(
    worst(
      halves.filter(({ at }) => at > 2.5),
      ({ sync }) => sync,
    ) < 1e-5,
  );
});

test("the reference loses its voltage: the grid goes on with another phase, and does not notice", () => {
  const rate = 10_000;
  const n = 3 * rate;
  const wave = (c: number): Float64Array =>
    Float64Array.from({ length: n }, (_, k) => {
      const t = k / rate;
      return (c === 0 && t > 1.0021 ? 0 : PEAK) * Math.sin(2 * Math.PI * (49.7 * t - c / 3));
    });
  const m = new Metered({ grid: 512, floorVolts: 5 });
  m.push([wave(0), wave(1), wave(2), none, none, none], n, rate);
  const seen: number[] = [];
  let uneven = 0;
  while (m.next() > 0) {
    if (m.grid.uneven) uneven++;
    if (m.grid.at > 0.2) seen.push(Math.abs(0.5 / m.grid.seconds / 49.7 - 1));
  }
  assert.equal(uneven, 0);
  assert.ok(Math.max(...seen) < 1e-5);
  assert.ok(Math.abs(m.grid.hz - 49.7) < 1e-4);
});

// ── what is missing ───────────────────────────────────────────────────────────────────────────────────────────────

const sine = (n: number, rate: number, shift = 0): Float64Array =>
  Float64Array.from({ length: n }, (_, k) => PEAK * Math.sin((2 * Math.PI * 50 * k) / rate + shift));

for (const value of [NaN, Infinity, -Infinity]) {
  test(`a sample of ${value} costs the windows that it lies in, of its channel, and nothing else`, () => {
    const rate = 5000;
    const n = 2 * rate;
    const [va, vb] = [sine(n, rate), sine(n, rate, -2)];
    va[rate] = value;
    const m = new Metered({ grid: 64, floorVolts: 5 });
    m.push([va, vb, sine(n, rate, 2), sine(n, rate), sine(n, rate), sine(n, rate)], n, rate);
    let absent = 0;
    let halves = 0;
    while (m.next() > 0) {
      halves++;
      const { v2, p, i2, ll2 } = m.meter.values;
      assert.ok(Math.abs(Math.sqrt(v2[1]!) / RMS - 1) < 1e-5, "phase b is measured");
      assert.ok(Number.isFinite(i2[0]!) && Number.isFinite(ll2[1]!));
      if (!Number.isNaN(v2[0]!)) {
        assert.ok(Math.abs(Math.sqrt(v2[0]!) / RMS - 1) < 1e-5, "what is there is right");
        continue;
      }
      absent++;
      assert.ok(Number.isNaN(p[0]!) && Number.isNaN(ll2[0]!) && Math.abs(m.grid.at - 1) < 0.03);
    }
    // It lies in one half, its kernel may touch another: two or three cycles end with one of them.
    assert.ok(absent >= 2 && absent <= 3, `${absent} of ${halves}`);
    assert.ok(halves > 190);
  });
}

test("two cycles at 16 samples a cycle read their volts, from the first zero crossing to the end", () => {
  // 32 samples of 277 V at 60 Hz, 960 a second: nothing before, nothing after.
  for (const shift of [0, 1, 2.2, 4]) {
    const wave = (turn: number): Float64Array =>
      Float64Array.from({ length: 32 }, (_, k) => 277 * Math.SQRT2 * Math.sin((2 * Math.PI * k) / 16 + shift + turn));
    const m = new Metered({ grid: 64, floorVolts: 5 });
    m.push([wave(0), wave(-2.0944), wave(2.0944), wave(0), wave(0), wave(0)], 32, 960);
    m.grid.finish();
    const seen: number[] = [];
    while (m.next() > 0) for (const square of m.meter.values.v2) seen.push(Math.sqrt(square));
    assert.ok(seen.length >= 3, `shift ${shift}: measured ${seen.length}`);
    for (const volts of seen) assert.ok(Math.abs(volts / 277 - 1) < 0.01, `shift ${shift}: ${volts} V`);
  }
});

test("a gap is no splice: what lies before it is measured to its end, and what comes after begins anew", () => {
  const rate = 5000;
  const m = new Metered({ grid: 64, floorVolts: 5 });
  const stretch = (n: number, shift: number): Float64Array[] => [0, 1, 2, 3, 4, 5].map((c) => sine(n, rate, shift - c));
  const push = (at: number, shift: number, joined: boolean): void =>
    m.grid.push({ channels: stretch(rate, shift), count: rate, rate, perCycle: 0, at, joined, missing: undefined });
  const seen: { at: number; volts: number; joined: boolean }[] = [];
  const drain = (): void => {
    while (m.grid.next())
      if (m.meter.half() > 0)
        seen.push({ at: m.grid.at, volts: Math.sqrt(m.meter.values.v2[0]!), joined: m.grid.joined });
  };
  push(0, 0, false);
  drain();
  // 17.0037 s later, at another phase.
  push(18.0037, 1.7, false);
  drain();
  m.grid.finish();
  drain();
  assert.ok(seen.every(({ volts }) => Math.abs(volts / RMS - 1) < 1e-3));
  assert.ok(seen.every(({ at }) => at < 1 || at > 18));
  const [last, next] = [seen.findLast(({ at }) => at < 1)!, seen.find(({ at }) => at > 18)!];
  assert.ok(last.at > 0.97, `the last before the gap began at ${last.at} s`);
  assert.ok(next.at < 18.03, `the first after it began at ${next.at} s`);
  assert.ok(m.grid.index > 1800 && m.grid.index < 1910, "half cycles that nobody saw count");
});

test("a rate that carries no fundamental is not measured, and said; a faster stretch after it is", () => {
  const m = new Metered({ grid: 64, floorVolts: 5 });
  const push = (rate: number, at: number): number => {
    const channels = [0, 1, 2, 3, 4, 5].map((c) => sine(rate, rate, c));
    m.grid.push({ channels, count: rate, rate, perCycle: 0, at, joined: false, missing: undefined });
    let halves = 0;
    while (m.next() > 0) halves++;
    return halves;
  };
  assert.ok(push(3200, 0) > 90);
  push(50, 1);
  assert.ok(m.grid.tooSlow);
  push(3200, 2);
  assert.ok(!m.grid.tooSlow);
  assert.ok(m.grid.at > 2.9);
});

test("harmonics above 0.37 of the rate are absent", () => {
  const m = new Metered({ grid: 512, floorVolts: 5 });
  const channels = [0, 1, 2, 3, 4, 5].map((c) => sine(6000, 6000, c));
  m.push(channels, 6000, 6000);
  while (m.next() > 0);
  m.meter.measureSpectra();
  // 0.37 x 6,000 / 50 = 44.4
  const { v, vThd } = m.meter.spectra[0]!;
  assert.ok(Number.isFinite(v[44]!) && Number.isNaN(v[45]!) && Number.isNaN(v[200]!));
  assert.ok(Math.abs(m.grid.harmonicLimit - 44.4) < 0.01);
  assert.ok(vThd < 0.01);
});

test("whatever comes, what is measured stays finite or absent, and the grid goes on", () => {
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const m = new Metered({ grid: 64, floorVolts: 5 });
  let at = 0;
  for (let k = 0; k < 300; k++) {
    const rate = [800, 1000, 2520, 12_800][Math.floor(random() * 4)]!;
    const count = 1 + Math.floor(random() * 700);
    const kind = random();
    const channels = [0, 1, 2, 3, 4, 5].map(() =>
      Float64Array.from({ length: count }, (_, n) => {
        if (kind < 0.2) return 0;
        if (kind < 0.4) return 400 * (random() - 0.5);
        if (kind < 0.5 && random() < 0.05) return [NaN, Infinity, -Infinity, 1e300][Math.floor(random() * 4)]!;
        return PEAK * Math.sin((2 * Math.PI * 50 * n) / rate + k);
      }),
    );
    m.grid.push({ channels, count, rate, perCycle: 0, at, joined: random() < 0.7, missing: undefined });
    at += count / rate + (random() < 0.1 ? 3 : 0);
    while (m.grid.next()) {
      m.meter.half();
      assert.ok(m.grid.seconds > 0.003 && m.grid.seconds < 0.03, `${m.grid.seconds} s`);
      for (const square of m.meter.values.v2) assert.ok(Number.isNaN(square) || square >= 0);
    }
  }
  const rate = 2520;
  m.grid.push({
    channels: [0, 1, 2, 3, 4, 5].map((c) => sine(2 * rate, rate, c)),
    count: 2 * rate,
    rate,
    perCycle: 0,
    at,
    joined: false,
    missing: undefined,
  });
  while (m.next() > 0);
  assert.ok(Math.abs(m.grid.hz - 50) < 1e-4);
});
