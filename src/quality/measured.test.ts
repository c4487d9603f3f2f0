/** Measures read from a block whose signal is a closed form, each by its name; what is in no column is not known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMeasure } from "#quantity/measure-name.ts";
import { wirings } from "#quantity/wiring.ts";
import { BlockSpectrum } from "./block-spectrum.ts";
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import { measured, type LastBlock } from "./measured.ts";
import { type Component, FakeGrid, wave } from "#metrology/grid-fixture.ts";

const HZ = 50;
/** va, vb, vc, ia, ib, ic: different of each, so that a swapped channel shows. */
const signals: readonly (readonly Component[])[] = [
  [{ rms: 240 }, { order: 5, rms: 12, degrees: 30 }, { order: 2, rms: 3 }, { hz: 365, rms: 2 }],
  [
    { rms: 220, degrees: -120 },
    { order: 7, rms: 4 },
  ],
  [{ rms: 200, degrees: 120 }],
  [
    { rms: 10, degrees: -30 },
    { order: 3, rms: 2 },
    { order: 4, rms: 1 },
  ],
  [{ rms: 8, degrees: -150 }],
  [{ rms: 6, degrees: 90 }],
];

const root = (...parts: readonly number[]): number => Math.hypot(...parts);
/** Components of 240, 220 and 200 V 120 degrees apart. */
const third = root(240 - 220 / 2 - 200 / 2, ((220 - 200) * Math.sqrt(3)) / 2) / 3;

const known: readonly (readonly [name: string, expected: number, by?: number])[] = [
  ["V.a", root(240, 12, 3, 2)],
  ["V.c", 200],
  ["A.b", 8],
  ["V.a.fundamental", 240],
  ["deg.V.b", -120],
  ["deg.A.a", -30],
  ["V.a.h5", 12],
  ["V.a.h2", 3],
  ["V.b.h7", 4],
  ["A.a.h3", 2],
  ["V.c.h5", 0],
  // 365 Hz lies between the seventh and the eighth harmonic.
  ["V.a.ih7", 2],
  ["V.a.ih6", 0],
  ["V.ab.h5", 12],
  ["V.ab.fundamental", root(240 + 220 / 2, (220 * Math.sqrt(3)) / 2)],
  ["THD.V.a", (100 * root(12, 3)) / 240],
  ["THD.V.a.odd", (100 * 12) / 240],
  ["THD.V.a.even", (100 * 3) / 240],
  ["THD.A.a", (100 * root(2, 1)) / 10],
  ["TDD.A.a", (100 * root(2, 1)) / 16],
  ["TDD.A.a.odd", (100 * 2) / 16],
  ["TDD.A.a.even", (100 * 1) / 16],
  ["K.A.b", 1],
  // A sine has its crest at the root of 2; the grid has an instant there, but for its rounding.
  ["crest.V.c", Math.SQRT2, 2e-4],
  ["crest.A.c", Math.SQRT2, 2e-4],
  ["under.V.c", (100 * 30) / 230],
  ["over.V.c", 0],
  ["under.V.a", 0],
  ["over.V.a", (100 * (root(240, 12, 3, 2) - 230)) / 230],
  ["V.positive", 220],
  ["V.negative", third],
  ["V.zero", third],
  ["A.positive", 8],
  ["unbalance.V", (100 * third) / 220],
  ["unbalance.V.zero", (100 * third) / 220],
  ["V.positive.angle", 0],
  ["MSV.a", 2],
];

const absent = [
  "V.a.h128.angle",
  "Pst.a",
  "Plt.bc",
  "Hz.10s",
  "W",
  "PF",
  "V.ln",
  "A.n",
  "V.a.h80",
  "unbalance.V.a",
  "V.input.a.fundamental",
];

const channels = channelsOf(wirings.wye);
const declared = ({ unit }: MeasuredChannel): number | undefined => (unit === "V" ? 230 : undefined);

/** Reads measures by name from values of channels. */
function reader(of: readonly MeasuredChannel[], values: Float64Array) {
  const block: LastBlock = {
    channels: of,
    declared: Float64Array.from(of, (channel) => declared(channel) ?? NaN),
    cycles: 10,
    values,
    orders: 128,
    limitingGrid: undefined,
    utcEnd: NaN,
    flagged: false,
    missing: 0,
    why: undefined,
    isThere: true,
  };
  return (name: string): number | undefined => {
    const value = measured(block, parseMeasure(name)!);
    return Number.isNaN(value) ? undefined : value;
  };
}

function blockOf(limit = Infinity) {
  const cycles = 10;
  const grid = 256;
  const spectrum = new BlockSpectrum({
    wiring: wirings.wye,
    channels,
    cycles,
    grid,
    rotation: "abc",
    declaredVolts: declared,
    demandAmps: 16,
    signalHz: 365,
  });
  const fake = new FakeGrid(grid, HZ);
  for (let k = 0; k < 2 * cycles; k++) fake.make((c, seconds) => wave(signals[c]!, HZ, seconds));
  const length = fake.ring[0]!.length;
  const from = (fake.from + fake.half - cycles * grid + length) % length;
  spectrum.measure(fake.ring, {
    from,
    seconds: cycles / HZ,
    missing: 0,
    harmonicLimit: Math.min(limit, fake.harmonicLimit),
  });
  return reader(channels, spectrum.values);
}

test("a block has every measure by its name", () => {
  const value = blockOf(64);
  for (const [name, expected, by = 1e-6] of known) {
    const found = value(name);
    assert.ok(found !== undefined && Math.abs(found - expected) <= by * Math.max(1, expected), `${name}: ${found}`);
  }
});

test("what stands in no column, or is beyond what the rate carries, is not known", () => {
  const value = blockOf(64);
  for (const name of absent) assert.equal(value(name), undefined, name);
  const slow = blockOf(6.5);
  assert.deepEqual([slow("V.a.h7"), slow("V.b.h7.angle")], [undefined, undefined]);
  assert.ok(Math.abs(slow("V.a.h5")! - 12) < 1e-6);
});

test("a delta has no volts to neutral", () => {
  const of = reader(channelsOf(wirings["two-element"]), new Float64Array(10_000).fill(7));
  assert.deepEqual([of("V.a.h5"), of("THD.V.a"), of("V.ab.h5"), of("A.a")], [undefined, undefined, 7, 7]);
});
