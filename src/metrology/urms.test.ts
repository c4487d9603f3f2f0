/** Urms(1/2) against closed forms: what a window of one cycle has of a dip that begins at a crossing, or anywhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { channelsOf } from "./channels.ts";
import { HalfPhasors } from "./half-phasors.ts";
import { FakeGrid, type Signal } from "./grid-fixture.ts";
import { Urms } from "./urms.ts";

interface Value {
  readonly rms: number;
  readonly begins: number;
  readonly ends: number;
}

/** All values of a channel. */
function measure(
  signal: Signal,
  options: {
    readonly hz?: number;
    readonly grid?: number;
    readonly seconds?: number;
    readonly wiring?: WiringName;
    readonly missing?: (half: number) => number;
  } = {},
) {
  const { hz = 50, grid = 256, seconds = 1, wiring = "wye", missing = () => 0 } = options;
  const channels = channelsOf(wirings[wiring]);
  const fake = new FakeGrid(grid, hz);
  const phasors = new HalfPhasors();
  const urms = new Urms(channels, ({ name }) => (name.length === 3 ? 230 : 230 * Math.sqrt(3)), phasors);
  const values: Value[][] = channels.map(() => []);
  for (let k = 0; k < 2 * hz * seconds; k++) {
    fake.make(signal, missing(k));
    phasors.half(fake);
    urms.half(fake);
    channels.forEach((_, c) => values[c]!.push({ rms: urms.rms[c]!, begins: urms.begins[c]!, ends: urms.ends[c]! }));
  }
  return (name: string): readonly Value[] => values[channels.findIndex((channel) => channel.name === name)]!;
}

const near = (actual: number, expected: number, tolerance: number, what = ""): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} instead of ${expected}`);

const lag = (c: number): number => -((c % 3) * 2 * Math.PI) / 3;
const rising = (c: number, hz: number): number => -lag(c) / (2 * Math.PI * hz);

/** 230 V, times `depth` from `begins` on, counted in cycles from the channel's own crossing at half a second, for so many cycles. */
const dipping =
  (hz: number, depth: number, begins: number, cycles: number): Signal =>
  (c, t) => {
    const since = (t - 0.5 - rising(c, hz)) * hz;
    const isIn = since >= begins - 1e-9 && since < begins + cycles - 1e-9;
    return (c < 3 ? 230 : 5) * Math.SQRT2 * Math.sin(2 * Math.PI * hz * t + lag(c)) * (isIn ? depth : 1);
  };

const least = (values: readonly Value[]): number =>
  Math.min(...values.map(({ rms }) => (Number.isNaN(rms) ? Infinity : rms)));

for (const hz of [50, 60]) {
  for (const grid of [64, 512]) {
    test(`a dip of one cycle to 40 % from its own crossing on reads 40.0 % on every phase (${hz} Hz, ${grid} a cycle)`, () => {
      const of = measure(dipping(hz, 0.4, 0, 1), { hz, grid });
      for (const name of ["V.a", "V.b", "V.c"]) near((100 * least(of(name))) / 230, 40, 0.01, name);
      // Amps have the crossings of their volts.
      for (const name of ["A.a", "A.b", "A.c"]) near((100 * least(of(name))) / 5, 40, 0.01, name);
    });
  }
}

test("half a cycle and a cycle and a half are what their squares are", () => {
  const half = measure(dipping(50, 0.4, 0, 0.5));
  const longer = measure(dipping(50, 0.4, 0.5, 1.5));
  for (const name of ["V.a", "V.b", "V.c"]) {
    near(least(half(name)) / 230, Math.sqrt((1 + 0.16) / 2), 1e-4, name);
    near(least(longer(name)) / 230, 0.4, 1e-4, name);
    const below = longer(name).filter(({ rms }) => rms < 0.9 * 230);
    // Windows that end half a cycle after it begins and later, up to those that begin half a cycle before its end: four.
    assert.equal(below.length, 4);
    near(below[3]!.ends - below[0]!.begins, 2.5 / 50, 1e-4);
  }
});

test("a dip that begins anywhere: the window that has most of it has the integral of its square", () => {
  for (const begins of [0.1, 0.25, 0.4]) {
    const cycles = 0.75;
    // An edge lies between two instants: the finer the grid, the less it matters which of them has it.
    const of = measure(dipping(50, 0, begins, cycles), { grid: 2048 });
    // What is left of sin^2 over a cycle when [u, v] of it is gone; windows begin at 0 and a half.
    const gone = (u: number, v: number): number =>
      v - u - (Math.sin(4 * Math.PI * v) - Math.sin(4 * Math.PI * u)) / (4 * Math.PI);
    const expected = Math.min(
      ...[-0.5, 0, 0.5].map((from) =>
        Math.sqrt(Math.max(0, 1 - gone(Math.max(from, begins), Math.min(from + 1, begins + cycles)))),
      ),
    );
    for (const name of ["V.a", "V.b", "V.c"]) near(least(of(name)) / 230, expected, 0.002, `${name} from ${begins} on`);
  }
});

test("a steady voltage reads itself from its first cycle on, wherever its crossings are", () => {
  const of = measure((c, t) => (c < 3 ? 200 + c : 1) * Math.SQRT2 * Math.sin(2 * Math.PI * 50 * t + lag(c) + 0.3 * c), {
    seconds: 0.2,
  });
  for (const [c, name] of ["V.a", "V.b", "V.c"].entries()) {
    const known = of(name).filter(({ rms }) => !Number.isNaN(rms));
    assert.ok(known.length >= 18);
    for (const { rms, begins, ends } of known) {
      near(rms, 200 + c, 1e-9, name);
      near(ends - begins, 0.02, 1e-12);
    }
  }
});

test("line to line where there is no neutral, at the crossings of the line voltages", () => {
  // All three phases lose the same part: line voltages dip with their own crossings, 30 degrees before those of the phases.
  const begin = 0.5 - 1 / 12 / 50;
  const signal: Signal = (c, t) =>
    230 *
    Math.SQRT2 *
    Math.sin(2 * Math.PI * 50 * t + lag(c)) *
    (t >= begin - 1e-9 && t < begin + 0.02 - 1e-9 ? 0.4 : 1);
  const of = measure(signal, { wiring: "two-element" });
  near((100 * least(of("V.ab"))) / (230 * Math.sqrt(3)), 40, 0.01);
  // The others' crossings lie elsewhere: they have a sixth of a cycle of the rest, at least.
  assert.ok(least(of("V.bc")) > 0.401 * 230 * Math.sqrt(3));
});

test("a phase that jumps keeps its window until two half cycles agree, and then has new crossings", () => {
  const jump: Signal = (c, t) =>
    230 * Math.SQRT2 * Math.sin(2 * Math.PI * 50 * t + lag(c) + (c === 1 && t > 0.5 ? 0.7 : 0));
  const of = measure(jump);
  const late = of("V.b").filter(({ ends }) => ends > 0.6);
  for (const { begins, rms } of late) {
    near(Math.abs(Math.sin(2 * Math.PI * 50 * begins + lag(1) + 0.7)), 0, 1e-6);
    near(rms, 230, 1e-6);
  }
});

test("what is missing is absent in the windows that touch it, of that channel only; after a gap windows begin anew", () => {
  const sine: Signal = (c, t) => 230 * Math.SQRT2 * Math.sin(2 * Math.PI * 50 * t + lag(c));
  const of = measure(sine, { seconds: 0.2, missing: (k) => (k === 10 ? 0b10 : 0) });
  assert.deepEqual(
    of("V.b").flatMap(({ rms }, k) => (Number.isNaN(rms) ? [k] : [])),
    [0, 10, 11, 12],
  );
  assert.deepEqual(
    of("V.a").flatMap(({ rms }, k) => (Number.isNaN(rms) ? [k] : [])),
    [0],
  );
  for (const name of ["V.a", "V.c"])
    for (const { rms } of of(name).slice(1)) if (!Number.isNaN(rms)) near(rms, 230, 1e-9);
});
