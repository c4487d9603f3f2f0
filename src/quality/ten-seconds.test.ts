/** Frequency of ten seconds: IEC 62586-2's points and states against what was played, and what is lost is absent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wirings } from "#quantity/wiring.ts";
import { channelsOf } from "#metrology/channels.ts";
import { HalfPhasors } from "#metrology/half-phasors.ts";
import { type Component, FakeGrid, wave } from "#metrology/grid-fixture.ts";
import { TenSeconds } from "./ten-seconds.ts";

interface Played {
  /** What the line does, and what the grid takes it for. */
  readonly hz: number;
  readonly gridHz?: number;
  readonly nominal?: 50 | 60;
  readonly seconds?: number;
  readonly volts?: readonly Component[];
  readonly utc?: (at: number) => number;
  /** Volts of a phase are there. */
  readonly isThere?: (c: number, at: number) => boolean;
  readonly gapAt?: number;
}

function played(given: Played) {
  const { hz, gridHz = hz, nominal = 50, seconds = 31, volts = [{ rms: 230 }], isThere = () => true } = given;
  const channels = channelsOf(wirings.wye);
  const fake = new FakeGrid(32, gridHz);
  const phasors = new HalfPhasors();
  const ten = new TenSeconds(
    nominal === 50 ? 10 : 12,
    channels,
    () => 230,
    phasors,
    given.utc ?? ((at) => 1000 * at - 3_333),
  );
  const out: (readonly [utc: number, hz: number, why: string | undefined])[] = [];
  const signal = (c: number, t: number): number => (c < 3 && isThere(c, t) ? wave(volts, hz, t - c / (3 * hz)) : 0);
  let gap = given.gapAt ?? Infinity;
  while (fake.at < seconds) {
    fake.make(signal);
    fake.hz = [0, 1, 2].some((c) => isThere(c, fake.at)) ? gridHz : NaN;
    if (fake.at > gap) {
      fake.but({ joined: false });
      gap = Infinity;
    }
    phasors.half(fake);
    if (ten.half(fake)) out.push([ten.utc, ten.hz, ten.why]);
    fake.hz = gridHz;
  }
  return out;
}

/** Testing points P1 to P3 of IEC 62586-2, 6.1, with the states' harmonics and interharmonics. */
const state2: readonly Component[] = [
  { rms: 230 },
  { order: 3, rms: 23 },
  { order: 5, rms: 11.5 },
  { order: 29, rms: 11.5 },
];
for (const [hz, nominal] of [
  [42.5, 50],
  [50.05, 50],
  [57.5, 50],
  [51, 60],
  [60.05, 60],
  [69, 60],
] as const) {
  test(`${hz} Hz of a line of ${nominal} Hz, each ten seconds of UTC, within 0.1 mHz`, () => {
    // Of order 15 there is what the grid of 32 instants does not fold; interharmonics 5 Hz off as the line has it.
    const volts = [...state2.slice(0, 3), { order: 1.5, rms: 2.3 }, { order: 0.5, rms: 2.3 }];
    const all = played({ hz, nominal, volts });
    assert.deepEqual(
      all.map(([utc]) => utc),
      [0, 10_000, 20_000],
    );
    assert.equal(all[0]![2], "gap", "began in the middle of it");
    for (const [, found] of all.slice(1)) assert.ok(Math.abs(found - hz) < 1e-4, `${found}`);
  });
}

test("a step of the frequency is measured through: three seconds at 50 Hz and seven at 51 are 50.7 Hz", () => {
  // The phase goes on; the grid has lost the frequency for eight half cycles, and then knows the new one.
  const channels = channelsOf(wirings.wye);
  const fake = new FakeGrid(32, 50);
  const phasors = new HalfPhasors();
  const ten = new TenSeconds(
    10,
    channels,
    () => 230,
    phasors,
    (at) => 1000 * at,
  );
  const stepAt = 13;
  const turnsAt = (t: number): number => (t < stepAt ? 50 * t : 50 * stepAt + 51 * (t - stepAt));
  const out: number[] = [];
  let lost = 0;
  while (fake.at < 31) {
    fake.make((c, t) => (c < 3 ? 230 * Math.SQRT2 * Math.sin(2 * Math.PI * (turnsAt(t) - c / 3)) : 0));
    if (fake.at > stepAt) lost++;
    const known = fake.at < stepAt ? 50 : 51;
    fake.hz = lost > 0 && lost <= 8 ? NaN : known;
    phasors.half(fake);
    if (ten.half(fake)) out.push(ten.hz);
    fake.hz = lost <= 8 ? 50 : 51;
  }
  assert.equal(out.length, 3);
  const expected = [50, 50.7, 51];
  for (const [k, hz] of expected.entries()) assert.ok(Math.abs(out[k]! - hz) < 2e-3, `${out[k]} for ${hz}`);
});

test("the grid may be off the line: it is the line that is measured", () => {
  // A thousandth: 0.5 cycles in ten seconds less than half a turn.
  const all = played({ hz: 50.02, gridHz: 50 });
  assert.ok(Math.abs(all[1]![1] - 50.02) < 2e-4, `${all[1]![1]}`);
});

test("a voltage that is lost is replaced by another; where all are, there is no frequency, and then there is one again", () => {
  const one = played({ hz: 49.7, seconds: 45, isThere: (c, at) => c !== 0 || at < 8 });
  for (const [, hz, why] of one.slice(1)) {
    assert.ok(Math.abs(hz - 49.7) < 1e-4);
    assert.equal(why, undefined);
  }
  // Nothing from 20 to 21 s: that is in the ten seconds that end at 26.667 s - 3.333 s is their UTC.
  const none = played({ hz: 49.7, seconds: 45, isThere: (_, at) => at < 20 || at > 21 });
  assert.deepEqual(
    none.map(([utc, , why]) => [utc, why]),
    [
      [0, "gap"],
      [10_000, undefined],
      [20_000, "no voltage"],
      [30_000, undefined],
      [40_000, undefined],
    ],
  );
  assert.ok(Number.isNaN(none[2]![1]));
  assert.ok(Math.abs(none[3]![1] - 49.7) < 1e-4);
});

test("a clock that is set costs its ten seconds", () => {
  const all = played({ hz: 50.3, seconds: 45, utc: (at) => 1000 * (at < 15 ? at : at - 4) });
  assert.deepEqual(
    all.map(([utc, , why]) => [utc, why]),
    [
      [10_000, undefined],
      [20_000, "clock"],
      [30_000, undefined],
      [40_000, undefined],
    ],
  );
});

test("a gap costs its ten seconds; without UTC there are none", () => {
  const all = played({ hz: 50.3, seconds: 45, gapAt: 16 });
  assert.deepEqual(
    all.map(([utc, , why]) => [utc, why]),
    [
      [0, "gap"],
      [10_000, undefined],
      [20_000, "gap"],
      [30_000, undefined],
      [40_000, undefined],
    ],
  );
  assert.deepEqual(played({ hz: 50.3, utc: () => NaN }), []);
});
