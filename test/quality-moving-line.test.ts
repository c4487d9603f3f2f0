/** The whole instrument on a line that moves: ramps, jumps of the phase, interharmonics; and orders as far as the rate carries them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { QualityView } from "#quantity/quality-view.ts";
import { playHours } from "./quality-rig.ts";

const TURN = 2 * Math.PI;
const volts = [230, 226, 233] as const;
const START = Date.UTC(2026, 2, 3, 4, 5, 6);

interface Line {
  readonly rate?: number;
  readonly seconds: number;
  readonly mains?: 50 | 60;
  readonly grid?: number;
  /** Turns of the fundamental at a time. */
  readonly turns: (t: number) => number;
  /** Beside the fundamental, as a part of it; `turns` are the phase's own. */
  readonly more?: (turns: number, t: number) => number;
}

function play(given: Line, watch?: Parameters<typeof playHours>[0]["watch"]) {
  const { rate = 6400, seconds, mains = 50, grid = 128, turns, more } = given;
  return playHours({
    rate,
    seconds,
    hz: mains,
    wiring: "wye",
    nominalVolts: 230,
    grid,
    utc: (elapsed) => START + 1000 * elapsed,
    count: rate / 10,
    fill: (channels, first) => {
      for (let k = 0; k < channels[0]!.length; k++) {
        const t = (first + k) / rate;
        const turned = turns(t);
        for (let c = 0; c < 6; c++) {
          const own = turned - (c % 3) / 3;
          const wave = Math.sin(TURN * own) + (c < 3 ? (more?.(own, t) ?? 0) : 0);
          channels[c]![k] = Math.SQRT2 * (c < 3 ? volts[c]! : 5) * wave;
        }
      }
    },
    ...(watch === undefined ? {} : { watch }),
  });
}

for (const slope of [1, -1, 5]) {
  test(`a ramp of ${slope} Hz a second: no block is lost or flagged, and RMS is within 0.02 % of the line's from 0.4 s on`, () => {
    let seen = 0;
    let utc: QualityView["utc"] | undefined;
    // Up to where class A of 50 Hz ends.
    const seconds = slope === 5 ? 2.5 : 6;
    const { intervals } = play(
      { seconds, turns: (t) => 50 * t + (slope * Math.max(0, t - 1) ** 2) / 2 },
      (instrument, at) => {
        const view: QualityView | undefined = instrument.view();
        if (view === undefined || view.utc === utc) return;
        utc = view.utc;
        assert.equal(view.flagged, false, `at ${at} s`);
        for (const [k, name] of ["V.a", "V.b", "V.c"].entries()) {
          const rms: number | null = view.channels.find((channel) => channel.name === name)!.rms;
          assert.ok(rms !== null, `${name} at ${at} s`);
          const most = at > 1.2 && at < 1.8 ? 1e-3 * Math.abs(slope) : 2e-4;
          assert.ok(Math.abs(rms / volts[k]! - 1) < most, `${name} at ${at} s: ${rms} V`);
        }
        seen++;
      },
    );
    assert.ok(seen >= 5 * seconds - 3, `${seen} blocks`);
    assert.ok(intervals.every(({ lost }) => lost === 0));
  });
}

for (const degrees of [30, -60, 90, 180]) {
  test(`a jump of the phase by ${degrees} degrees flags one block, and those after it have no trace of it`, () => {
    const states: { readonly flagged: boolean; readonly worst: number }[] = [];
    let utc: QualityView["utc"] | undefined;
    play({ seconds: 4, turns: (t) => 50 * t + (t < 2.0037 ? 0 : degrees / 360) }, (instrument) => {
      const view: QualityView | undefined = instrument.view();
      if (view === undefined || view.utc === utc) return;
      utc = view.utc;
      const orders = view.channels.slice(0, 3).flatMap(({ harmonics }) => harmonics.slice(1, 40));
      states.push({ flagged: view.flagged, worst: Math.max(...orders.map((percent) => percent ?? 0)) });
    });
    assert.equal(states.filter(({ flagged }) => flagged).length, 1);
    assert.ok(states.length > 16);
    for (const { flagged, worst } of states) if (!flagged) assert.ok(worst < 0.01, `${worst} % of an order`);
  });
}

/** Turns of a line whose frequency steps; each from a time on. */
function stepped(steps: readonly (readonly [at: number, hz: number])[]): (t: number) => number {
  return (t) =>
    steps.reduce((turns, [at, hz], k) => turns + hz * Math.max(0, Math.min(t, steps[k + 1]?.[0] ?? Infinity) - at), 0);
}

for (const [mains, steps] of [
  [
    50,
    [
      [0, 50],
      [17, 51],
      [27, 48],
      [38, 52],
      [49, 50],
    ],
  ],
  [
    50,
    [
      [0, 50],
      [17, 57],
      [27, 43],
      [38, 56],
      [49, 44],
    ],
  ],
  [50, Array.from({ length: 30 }, (_, k) => [k === 0 ? 0 : 2 * k + 1, k % 2 === 0 ? 50.5 : 49.5] as const)],
  [
    60,
    [
      [0, 60],
      [17, 52],
      [27, 68],
      [37, 60],
      [47, 53],
    ],
  ],
] as const) {
  const said = steps.slice(0, 5).map(([, hz]) => hz);
  test(`steps of the frequency, ${said.join(", ")} Hz, are whole cycles over ten seconds, as they were turned`, () => {
    const turns = stepped(steps);
    const tens = new Map<number, number | null>();
    play({ seconds: 58, mains, turns }, (each, at) => {
      const { hz10s, missing } = each.view() ?? {};
      // Ten seconds of UTC, which began 4 s before a tick, and end where the window about them does.
      const tick = Math.floor((at - 4.5) / 10);
      if (hz10s === undefined || tick < 1 || tens.has(tick)) return;
      if (hz10s === null) assert.fail(`at ${at} s: ${missing?.join("; ")}`);
      tens.set(tick, hz10s);
    });
    assert.equal(tens.size, 5);
    for (const [tick, hz] of tens) {
      const [from, to] = [10 * tick - 6, 10 * tick + 4];
      const mean = (turns(to) - turns(from)) / 10;
      // Whole cycles begin and end up to one off the tick, where the frequency is another than the mean: a slip of one would be 0.1 Hz.
      const spread = Math.max(...steps.map(([, f]) => Math.abs(f - mean)));
      assert.ok(Math.abs(hz! - mean) < 1e-3 + 0.004 * spread, `${hz} for ${mean}`);
    }
  });
}

for (const between of [55, 25]) {
  test(`10 % at ${between} Hz move neither the frequency of ten seconds nor the orders`, () => {
    const tens = new Set<number>();
    const { instrument } = play(
      { seconds: 32, turns: (t) => 50 * t, more: (_, t) => 0.1 * Math.sin(TURN * between * t) },
      (each) => {
        const hz = each.value(parseMeasure("Hz.10s")!);
        if (hz !== undefined) tens.add(hz);
      },
    );
    assert.ok(tens.size > 0);
    // A tenth of the 10 mHz of class A.
    for (const hz of tens) assert.ok(Math.abs(hz - 50) < 0.001, `${hz} Hz`);
    const view = instrument.view()!;
    // Cycles beat with 55 Hz from 0.9 to 1.1 of their volts five times a second: 233 V are above 253 V.
    assert.equal(view.flagged, between === 55);
    const { harmonics, rms } = view.channels[0]!;
    assert.ok(Math.abs(rms! / (230 * Math.hypot(1, 0.1)) - 1) < 1e-4, `${rms} V`);
    for (const percent of harmonics.slice(1, 40)) assert.ok(percent! < 0.02, `${percent} %`);
  });
}

test("orders to 128 of a line of 59.3 Hz at 30,720 samples a second: each within 0.01 % of the fundamental", () => {
  const parts = Array.from({ length: 127 }, (_, k) => ({
    order: k + 2,
    percent: 0.3 + (k % 7) / 10,
    degrees: (97 * k) % 360,
  }));
  const more = (turns: number): number =>
    parts.reduce(
      (sum, { order, percent, degrees }) => sum + (percent / 100) * Math.sin(TURN * (order * turns + degrees / 360)),
      0,
    );
  const { intervals } = play({ rate: 30_720, seconds: 3.6, mains: 60, grid: 512, turns: (t) => 59.3 * t, more });
  const cycles = intervals.find(({ length, complete }) => length === "cycles" && complete)!;
  assert.equal(cycles.count, 15);
  const squares = parts.reduce((sum, { percent }) => sum + percent * percent, 0);
  for (const [k, name] of ["V.a", "V.b", "V.c"].entries()) {
    for (const { order, percent } of parts) {
      const found = (100 * cycles.of(name, "harmonic", order)) / volts[k]!;
      assert.ok(Math.abs(found - percent) < 0.01, `${name} order ${order}: ${found} % instead of ${percent}`);
    }
    assert.ok(Math.abs(cycles.of(name, "thd") - Math.sqrt(squares)) < 0.01, `${name} THD ${cycles.of(name, "thd")}`);
  }
});

test("at 10,000 samples a second orders above 0.37 of the rate are absent, and in no distortion", () => {
  const [below, above] = [73, 75];
  const more = (turns: number): number => 0.02 * Math.sin(TURN * below * turns) + 0.03 * Math.sin(TURN * above * turns);
  const { intervals } = play({ rate: 10_000, seconds: 4, grid: 512, turns: (t) => 50.1 * t, more });
  const cycles = intervals.find(({ length, complete }) => length === "cycles" && complete)!;
  // 0.37 x 10,000 / 50.1 = 73.85.
  assert.ok(Math.abs(cycles.of("V.a", "harmonic", below) / 230 - 0.02) < 1e-4);
  for (let order = 74; order <= 128; order++)
    assert.ok(Number.isNaN(cycles.of("V.a", "harmonic", order)), `order ${order}`);
  assert.ok(Math.abs(cycles.of("V.a", "thd") - 2) < 0.01, `${cycles.of("V.a", "thd")} %`);
});
