/**
 * Blocks against closed forms. Figures of other open instruments: unbalance, mains signalling, harmonics with an
 * interharmonic from the tests of DaqOpen/pqopen-lib (test/powerquality-test.py).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { BlockSpectrum } from "./block-spectrum.ts";
import { channelsOf } from "#metrology/channels.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "./columns.ts";
import { type Component, FakeGrid, type Signal, wave } from "#metrology/grid-fixture.ts";
import type { Rotation } from "./service-sequences.ts";

interface Case {
  readonly hz?: number;
  readonly cycles?: 10 | 12;
  readonly grid?: number;
  readonly wiring?: WiringName;
  readonly rotation?: Rotation;
  readonly signalHz?: number;
  readonly demandAmps?: number;
  readonly missing?: number;
  readonly limit?: number;
  /** The first half cycle of the block: where in the ring it lies. */
  readonly first?: number;
}

/** A value of a channel, or of the service, of a block of `signal`. */
function measure(signal: Signal, given: Case = {}) {
  const { hz = 50, cycles = 10, grid = 256, wiring = "wye", rotation = "abc", missing = 0, first = 0 } = given;
  const channels = channelsOf(wirings[wiring]);
  const spectrum = new BlockSpectrum({
    wiring: wirings[wiring],
    channels,
    cycles,
    grid,
    rotation,
    declaredVolts: ({ unit }) => (unit === "V" ? 230 : undefined),
    demandAmps: given.demandAmps,
    signalHz: given.signalHz,
  });
  const fake = new FakeGrid(grid, hz);
  for (let k = 0; k < first + 2 * cycles; k++) fake.make(signal);
  const length = fake.ring[0]!.length;
  spectrum.measure(fake.ring, {
    from: (fake.from + fake.half - cycles * grid + length) % length,
    seconds: cycles / hz,
    missing,
    harmonicLimit: given.limit ?? fake.harmonicLimit,
  });
  return {
    spectrum,
    of: (name: string, column: keyof typeof channelColumn, order = 0): number => {
      const c = channels.findIndex((channel) => channel.name === name);
      assert.ok(c >= 0, `no channel ${name}`);
      return spectrum.values[c * CHANNEL_COLUMNS + channelColumn[column] + order]!;
    },
    service: (column: keyof typeof serviceColumn): number =>
      spectrum.values[channels.length * CHANNEL_COLUMNS + serviceColumn[column]]!,
  };
}

function near(actual: number, expected: number, tolerance: number, what = ""): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} instead of ${expected}, within ${tolerance}`);
}

const TURN = [0, -120, 120];

/** Balanced volts and amps of these components, each phase later by a third of a cycle. */
function balanced(volts: readonly Component[], amps: readonly Component[], hz: number): Signal {
  return (c, t) => wave(c < 3 ? volts : amps, hz, t - (c % 3) / (3 * hz));
}

for (const [hz, cycles] of [
  [49.3, 10],
  [50.7, 10],
  [59.3, 12],
  [61.1, 12],
] as const) {
  test(`at ${hz} Hz every order to 50 has its magnitude and angle, and nothing else has any`, () => {
    // Different everywhere: a tenth of the fundamental, falling, at angles that are no multiples of each other.
    const volts: Component[] = [{ rms: 230 }];
    for (let h = 2; h <= 50; h++) volts.push({ order: h, rms: 23 / h, degrees: ((h * 37) % 360) - 180 });
    const { of } = measure(balanced(volts, [{ rms: 5, degrees: -30 }], hz), { hz, cycles, first: 7 });
    for (let h = 1; h <= 50; h++) {
      const { rms, degrees = 0 } = volts[h - 1]!;
      near(of("V.b", "harmonic", h), rms, 1e-9 * 230, `order ${h}`);
      const off = of("V.a", "degrees", h) - degrees;
      near(off - 360 * Math.round(off / 360), 0, 1e-6, `angle of ${h}`);
      near(of("V.a", "interharmonic", h), 0, 1e-9 * 230, `gap above ${h}`);
    }
    near(of("V.b", "degrees", 1), -120, 1e-7);
    near(of("A.c", "degrees", 1), 90, 1e-7);
    const squares = volts.slice(1).reduce((sum, { rms }) => sum + rms * rms, 0);
    near(of("V.c", "rms"), Math.sqrt(230 ** 2 + squares), 1e-9);
    near(of("V.c", "thd"), (100 * Math.sqrt(squares)) / 230, 1e-9);
    const even = volts.filter(({ order = 1 }) => order % 2 === 0).reduce((sum, { rms }) => sum + rms * rms, 0);
    near(of("V.a", "thdEven"), (100 * Math.sqrt(even)) / 230, 1e-9);
    near(of("V.a", "thdOdd"), (100 * Math.sqrt(squares - even)) / 230, 1e-9);
  });
}

test("an interharmonic is in its gap, in two halves when it lies between two lines, and beside a harmonic in that one's subgroup", () => {
  const at = (hz: number) => measure(balanced([{ rms: 230 }, { hz, rms: 2.3 }], [], 50), { first: 3 });
  // IEC 62586-2, testing state 2: 7.5 times the fundamental.
  near(at(375).of("V.a", "interharmonic", 7), 2.3, 1e-9);
  near(at(375).of("V.a", "harmonic", 7), 0, 1e-9);
  near(at(355).of("V.a", "harmonic", 7), 2.3, 1e-9);
  near(at(355).of("V.a", "interharmonic", 7), 0, 1e-9);
  near(at(25).of("V.a", "interharmonic", 0), 2.3, 1e-9);
  // Test of pqopen-lib, test_advanced: 53 Hz, 10 % at order 1.5 and 2.
  const advanced = measure(
    (c, t) =>
      c > 2 ? 0 : wave([{ rms: 1 }, { order: 1.5, rms: 0.1 }, { order: 2, rms: 0.1, degrees: 45 * 90 }], 53, t),
    { hz: 53 },
  );
  for (let h = 1; h <= 10; h++) {
    near(advanced.of("V.a", "harmonic", h), [1, 0.1][h - 1] ?? 0, 1e-9);
    near(advanced.of("V.a", "interharmonic", h), h === 1 ? 0.1 : 0, 1e-9);
  }
  near(advanced.of("V.a", "thd"), 10, 1e-7);
});

test("groups have every line once: those half way between two orders by halves", () => {
  // 3 V at 5, 2 V at 275 Hz (half way to 6), 1 V at 290 Hz, which is 5's no more.
  const { of } = measure(
    balanced([{ rms: 230 }, { order: 5, rms: 3 }, { hz: 275, rms: 2 }, { hz: 290, rms: 1 }], [], 50),
  );
  near(of("V.a", "group", 5), Math.sqrt(9 + 4 / 2), 1e-9);
  near(of("V.a", "group", 6), Math.sqrt(4 / 2 + 1), 1e-9);
  near(of("V.a", "group", 1), 230, 1e-9);
  near(of("V.a", "interharmonicGroup", 5), Math.sqrt(4 + 1), 1e-9);
  near(of("V.a", "harmonic", 5), 3, 1e-9);
  near(of("V.a", "interharmonic", 5), Math.sqrt(4 + 1), 1e-9);
});

test("what lies beyond the rate is absent, and in no sum", () => {
  const signal = balanced(
    [{ rms: 230 }, { order: 5, rms: 10 }, { order: 11, rms: 20 }],
    [{ rms: 10 }, { order: 11, rms: 3 }],
    50,
  );
  // 800 samples a second carry 296 Hz.
  const { of, spectrum } = measure(signal, { limit: 5.92, demandAmps: 20 });
  assert.equal(spectrum.orders, 5);
  near(of("V.a", "harmonic", 5), 10, 1e-9);
  near(of("V.a", "thd"), 1000 / 230, 1e-9);
  assert.equal(of("V.a", "harmonic", 6), NaN);
  assert.equal(of("V.a", "degrees", 6), NaN);
  // The lines to 6 times the fundamental less two are those to 290 Hz.
  near(of("V.a", "interharmonic", 5), 0, 1e-9);
  assert.equal(of("V.a", "interharmonic", 6), NaN);
  near(of("A.a", "k"), 1, 1e-9);
  near(of("A.a", "tdd"), 0, 1e-9);
  // Nothing at all is carried: RMS is there, what a fundamental needs is not.
  const none = measure(signal, { limit: 0.9 });
  near(none.of("V.a", "rms"), Math.sqrt(230 ** 2 + 100 + 400), 1e-9);
  assert.equal(none.of("V.a", "fundamental"), NaN);
  assert.equal(none.service("unbalanceV"), NaN);
});

test("THD goes to order 128, TDD from 2 to 63 of the demand current, the K factor to 50", () => {
  const amps = [
    { rms: 40 },
    { order: 3, rms: 4 },
    { order: 50, rms: 3 },
    { order: 63, rms: 2 },
    { order: 64, rms: 1.5 },
    { order: 128, rms: 1 },
  ];
  const { of } = measure(balanced([{ rms: 120 }], amps, 60), { hz: 60, cycles: 12, grid: 512, demandAmps: 80 });
  near(of("A.b", "thd"), (100 * Math.sqrt(16 + 9 + 4 + 2.25 + 1)) / 40, 1e-9);
  near(of("A.b", "tdd"), (100 * Math.sqrt(16 + 9 + 4)) / 80, 1e-9);
  near(of("A.b", "tddOdd"), (100 * Math.sqrt(16 + 4)) / 80, 1e-9);
  near(of("A.b", "tddEven"), (100 * 3) / 80, 1e-9);
  near(of("A.b", "k"), (1600 + 9 * 16 + 2500 * 9) / (1600 + 16 + 9), 1e-9);
  assert.equal(of("V.b", "k"), NaN);
  assert.equal(measure(balanced([{ rms: 120 }], amps, 60)).of("A.b", "tdd"), NaN, "no demand current is known");
});

test("crest factors: of a sine the root of 2, of a peak that a third harmonic makes by hand", () => {
  const { of } = measure(balanced([{ rms: 100 }, { order: 3, rms: 20, degrees: 180 }], [{ rms: 7 }], 50));
  near(of("A.a", "crest"), Math.SQRT2, 1e-9);
  // At the top of the fundamental the third, turned round, adds up: 120 root 2.
  near(of("V.a", "crest"), (120 * Math.SQRT2) / Math.sqrt(10400), 1e-9);
});

test("line to line is the difference of the lines themselves", () => {
  // Triplen harmonics are zero sequence: line to line they are gone; the fifth is negative sequence and grows by root 3.
  const { of } = measure(balanced([{ rms: 230 }, { order: 3, rms: 23 }, { order: 5, rms: 11.5 }], [], 50));
  near(of("V.ab", "fundamental"), 230 * Math.sqrt(3), 1e-9);
  near(of("V.ab", "degrees", 1), 30, 1e-7);
  near(of("V.ab", "harmonic", 3), 0, 1e-9);
  near(of("V.ab", "harmonic", 5), 11.5 * Math.sqrt(3), 1e-9);
  near(of("V.ab", "thd"), 5, 1e-9);
  near(of("V.ca", "rms"), Math.sqrt(3 * (230 ** 2 + 11.5 ** 2)), 1e-9);
});

/** Three phasors by magnitude and degrees, and the unbalance that pqopen-lib's tests expect of them: u2 and u0. */
const unbalances: readonly (readonly [what: string, volts: readonly [number, number][], u2: number, u0: number])[] = [
  [
    "none",
    [
      [100, 0],
      [100, -120],
      [100, 120],
    ],
    0,
    0,
  ],
  [
    "one phase at 90 %",
    [
      [100, 0],
      [90, -120],
      [100, 120],
    ],
    3.4482758620689,
    3.4482758620689,
  ],
];
for (const [what, volts, u2, u0] of unbalances) {
  test(`unbalance, ${what}: as pqopen-lib's own tests expect it`, () => {
    const signal: Signal = (c, t) => wave([{ rms: volts[c % 3]![0], degrees: volts[c % 3]![1] }], 50, t);
    const { service } = measure(signal);
    near(service("unbalanceV"), u2, 1e-9);
    near(service("unbalanceZeroV"), u0, 1e-9);
    near(service("unbalanceA"), u2, 1e-9);
    near(service("unbalanceZeroA"), u0, 1e-9);
  });
}

test("a voltage common to all phases is zero sequence alone", () => {
  // 100 V, and 10 V in phase with a on all three (pqopen-lib, test_zero_sequence).
  const { service } = measure((c, t) => wave([{ rms: 100, degrees: TURN[c % 3]! }, { rms: 10 }], 50, t));
  near(service("unbalanceV"), 0, 1e-9);
  near(service("unbalanceZeroV"), 10, 1e-9);
  near(service("zeroV"), 10, 1e-9);
  near(service("positiveDegreesV"), 0, 1e-7);
});

test("the positive sequence is the one that was installed", () => {
  const reversed: Signal = (c, t) =>
    wave([{ rms: c < 3 ? 230 : 5, degrees: -TURN[c % 3]! + (c < 3 ? 0 : -20) }], 50, t);
  const installed = measure(reversed, { rotation: "acb" });
  near(installed.service("positiveV"), 230, 1e-9);
  near(installed.service("unbalanceV"), 0, 1e-9);
  near(installed.service("positiveDegreesA"), -20, 1e-7);
  const wrong = measure(reversed);
  near(wrong.service("negativeV"), 230, 1e-9);
  assert.ok(!(wrong.service("unbalanceV") < 1e6), "nothing positive to be a part of");
});

/** States 1 to 3 of IEC 62586-2, 6.5: percent of the declared voltage by phase. */
for (const volts of [
  [100, 100, 100],
  [73, 80, 87],
  [152, 140, 128],
]) {
  test(`unbalance of ${volts.join(", ")} % is the same from line voltages, by the formula of the standard`, () => {
    const signal: Signal = (c, t) => wave([{ rms: 2.3 * volts[c % 3]!, degrees: TURN[c % 3]! }], 50, t);
    const wye = measure(signal);
    const delta = measure(signal, { wiring: "two-element" });
    // IEC 61000-4-30, 5.7.1: from the three line voltages alone.
    const ll = ["ab", "bc", "ca"].map((pair) => wye.of(`V.${pair}`, "fundamental"));
    const beta = ll.reduce((sum, v) => sum + v ** 4, 0) / ll.reduce((sum, v) => sum + v ** 2, 0) ** 2;
    const root = Math.sqrt(Math.max(0, 3 - 6 * beta));
    const expected = 100 * Math.sqrt(Math.max(0, (1 - root) / (1 + root)));
    // The formula takes the root of a difference of nearly equal numbers.
    near(wye.service("unbalanceV"), expected, 1e-5);
    near(delta.service("unbalanceV"), wye.service("unbalanceV"), 1e-9);
    assert.equal(delta.service("unbalanceZeroV"), NaN);
    assert.equal(delta.service("zeroV"), NaN);
  });
}

test("two currents of a three-wire service bring back the third", () => {
  // ia + ib + ic = 0: 5 A at 0, 4 A at -130 degrees, and what is left.
  const ia = [5, 0] as const;
  const ib = [4, -130] as const;
  const signal: Signal = (c, t) => {
    if (c < 3) return wave([{ rms: 230, degrees: TURN[c]! }], 50, t);
    const [a, b] = [ia, ib].map(([rms, degrees]) => wave([{ rms, degrees }], 50, t)) as [number, number];
    return [a, b, -a - b][c - 3]!;
  };
  const three = measure(signal, { wiring: "wye" });
  const two = measure(signal, { wiring: "two-element" });
  near(three.service("zeroA"), 0, 1e-9);
  near(two.service("positiveA"), three.service("positiveA"), 1e-9);
  near(two.service("unbalanceA"), three.service("unbalanceA"), 1e-9);
  assert.ok(two.service("unbalanceA") > 1);
  assert.equal(two.service("unbalanceZeroA"), NaN);
});

test("a channel without samples is absent, the others are there", () => {
  const { of, service } = measure(balanced([{ rms: 230 }], [{ rms: 5 }], 50), { missing: 0b000010 });
  assert.equal(of("V.b", "rms"), NaN);
  assert.equal(of("V.ab", "rms"), NaN);
  assert.equal(of("V.bc", "harmonic", 1), NaN);
  near(of("V.a", "rms"), 230, 1e-9);
  near(of("V.ca", "rms"), 230 * Math.sqrt(3), 1e-9);
  assert.equal(service("unbalanceV"), NaN);
  near(service("unbalanceA"), 0, 1e-9);
  // Without the first voltage there is nothing to measure angles against; magnitudes and unbalance of amps stay.
  const first = measure(balanced([{ rms: 230 }], [{ rms: 5 }], 50), { missing: 0b000001 });
  assert.equal(first.of("A.a", "degrees", 1), NaN);
  near(first.of("A.a", "fundamental"), 5, 1e-9);
  near(first.service("unbalanceA"), 0, 1e-9);
});

test("nothing has no angle, no distortion and no crest factor", () => {
  const { of, service } = measure((c, t) => (c === 0 ? wave([{ rms: 230 }], 50, t) : 0));
  assert.equal(of("V.b", "rms"), 0);
  for (const column of ["crest", "thd"] as const) assert.equal(of("V.b", column), NaN, column);
  assert.equal(of("A.a", "k"), NaN);
  assert.equal(of("V.b", "degrees", 1), NaN);
  assert.equal(of("V.a", "degrees", 7), NaN);
  near(service("unbalanceV"), 100, 1e-9);
  assert.equal(service("unbalanceA"), NaN);
});

test("mains signals: a line, or the four around it", () => {
  // pqopen-lib: 1 V at 275 Hz on 230 V, at 50 Hz exactly 1, at 51 Hz within half a hundredth; none there, none read.
  const volts =
    (hz: number, rms: number): Signal =>
    (c, t) =>
      c > 2 ? 0 : wave([{ rms: 230 }, { hz: 275, rms }], hz, t);
  near(measure(volts(50, 1), { signalHz: 275 }).of("V.a", "signal"), 1, 1e-9);
  near(measure(volts(51, 1), { hz: 51, signalHz: 275 }).of("V.a", "signal"), 1, 0.005);
  near(measure(volts(50, 0), { signalHz: 100 }).of("V.a", "signal"), 0, 1e-9);
  // The standard's example: 316.67 Hz is 310, 315, 320 and 325 Hz. A third of the way between two lines these have, of a sine,
  // (sin(pi d) / (pi d))^2 each at a distance of d lines.
  const third = measure((c, t) => (c > 2 ? 0 : wave([{ rms: 230 }, { hz: 950 / 3, rms: 10 }], 50, t)), {
    signalHz: 950 / 3,
  });
  const parts = [-4 / 3, -1 / 3, 2 / 3, 5 / 3].map((d) => (Math.sin(Math.PI * d) / (Math.PI * d)) ** 2);
  near(third.of("V.a", "signal"), 10 * Math.sqrt(parts.reduce((sum, part) => sum + part, 0)), 0.02);
  assert.equal(measure(volts(50, 1)).of("V.a", "signal"), NaN);
});
