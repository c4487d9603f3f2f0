/** What is made of samples of which some are missing: energy of those that are there, to the sample. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wirings, type WiringName } from "#quantity/wiring.ts";
import { CycleMeter } from "./cycle-meter.ts";
import { Grid } from "./grid.ts";

const HZ = 60;
const VOLTS = [119.1, 120.4, 121.7] as const;
const AMPS = [4.1, 5.2, 6.3] as const;
/** Amps lag by so much. */
const LAG = 0.5;
const ALL = 0x3f;

const theta = (c: number, t: number): number => 2 * Math.PI * (HZ * t - (c % 3) / 3) - (c < 3 ? 0 : LAG);
const valueOf = (c: number, t: number): number =>
  Math.SQRT2 * (c < 3 ? VOLTS[c]! : AMPS[c - 3]!) * Math.sin(theta(c, t));

interface Story {
  readonly rate: number;
  readonly seconds: number;
  /** Bits of the channels of which sample k is missing. */
  readonly missing: (k: number) => number;
  readonly wiring?: WiringName;
  readonly grid?: 128 | 256;
}

/** Runs of so many samples, as a heartbeat hands them out. */
const RUN = 1000;

function measure({ rate, seconds, missing, wiring = "wye", grid: instants = 128 }: Story) {
  const grid = new Grid({ grid: instants, wiring: wirings[wiring], frequency: [42.5, 69], cyclesKept: 8 });
  grid.floorVolts = 5;
  const meter = new CycleMeter(grid, { wiring: wirings[wiring], reactive: "shifted" });
  const out = {
    /** Joules and vars times seconds by element, and the seconds in which they were known. */
    energy: [0, 0, 0],
    vars: [0, 0, 0],
    known: [0, 0, 0],
    volts: [] as number[],
    hz: [] as number[],
    uneven: 0,
    watts: [] as number[],
    span: 0,
    /** Seconds in which a fundamental was followed. */
    locked: 0,
  };
  const count = rate * seconds;
  for (let first = 0; first < count; first += RUN) {
    const n = Math.min(RUN, count - first);
    const bits = Uint8Array.from({ length: n }, (_, k) => missing(first + k));
    const channels = Array.from({ length: 6 }, (_, c) =>
      Float64Array.from({ length: n }, (_, k) => (((bits[k]! >> c) & 1) === 0 ? valueOf(c, (first + k) / rate) : 0)),
    );
    grid.push({ channels, count: n, rate, perCycle: 0, at: first / rate, joined: first > 0, missing: bits });
    while (grid.next()) {
      const stands = meter.half();
      out.span += stands;
      if (grid.lock === "locked") out.locked += stands;
      if (grid.uneven) out.uneven++;
      const { p, presentP, presentQ, present, v2, ll2 } = meter.values;
      for (let k = 0; k < 3; k++) {
        if (Number.isNaN(presentP[k]!)) continue;
        out.energy[k]! += presentP[k]! * present[k]! * stands;
        out.known[k]! += present[k]! * stands;
        if (!Number.isNaN(presentQ[k]!)) out.vars[k]! += presentQ[k]! * present[k]! * stands;
      }
      if (stands > 0) out.watts.push(p[1]!);
      if (stands > 0) out.volts.push(Math.sqrt(wiring === "wye" ? v2[1]! : ll2[1]!));
      if (grid.index > 60) out.hz.push(grid.hz);
    }
  }
  return out;
}

const watts = (k: number): number => VOLTS[k]! * AMPS[k]! * Math.cos(LAG);
const vars = (k: number): number => VOLTS[k]! * AMPS[k]! * Math.sin(LAG);
const near = (value: number, expected: number, part: number, what: string): void =>
  assert.ok(Math.abs(value / expected - 1) < part, `${what}: ${value}, expected ${expected}`);

test("one lost sample costs its own energy, and nothing else", () => {
  for (const [rate, grid] of [
    [4800, 128],
    [15_360, 256],
  ] as const) {
    const whole = measure({ rate, grid, seconds: 4, missing: () => 0 });
    // Peak of phase b's voltage: sample 2 s + a third of a cycle + a quarter.
    const lost = 2 * rate + Math.round(((1 / 3 + 1 / 4) * rate) / HZ);
    const some = measure({ rate, grid, seconds: 4, missing: (k) => (k === lost ? ALL : 0) });
    for (let k = 0; k < 3; k++) {
      const power = valueOf(k, lost / rate) * valueOf(k + 3, lost / rate);
      const cost = whole.energy[k]! - some.energy[k]!;
      assert.ok(
        Math.abs(cost - power / rate) < 0.05 * Math.abs(watts(k) / rate),
        `${rate}, ${k}: ${cost * rate} of ${power}`,
      );
      assert.ok(Math.abs((whole.known[k]! - some.known[k]!) * rate - 1) < 1e-6);
    }
  }
});

/** A reproducible fraction. */
function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

for (const [rate, part] of [
  [4800, 0.01],
  [4800, 0.1],
  [15_360, 0.01],
  [15_360, 0.3],
] as const)
  test(`of ${100 * part} % of the samples lost at ${rate} a second the energy of the others is counted`, () => {
    const random = noise(77);
    let lost = 0;
    let begun = false;
    const seconds = 10;
    const kept = measure({
      rate,
      seconds,
      missing: (k) => {
        begun ||= k > 0.25 * rate;
        if (!begun || random() >= part) return 0;
        lost++;
        return ALL;
      },
    });
    const there = 1 - lost / (rate * seconds);
    for (let k = 0; k < 3; k++) {
      near(kept.known[k]! / kept.span, there, 0.002, "known");
      near(kept.energy[k]!, watts(k) * kept.span * there, 0.005, "energy");
      near(kept.vars[k]!, vars(k) * kept.span * there, 0.01, "vars");
    }
    assert.ok(kept.span > seconds - 0.05, `${kept.span} s`);
    assert.equal(kept.uneven, 0);
    for (const hz of kept.hz) near(hz, HZ, 2e-4, "Hz");
    const known = kept.volts.filter((volts) => !Number.isNaN(volts));
    // Of whole cycles alone: as if no other had been.
    for (const volts of known) near(volts, VOLTS[1], 1e-5, "RMS");
    for (const power of kept.watts) if (!Number.isNaN(power)) near(power, watts(1), 1e-5, "W");
    if (part >= 0.1) assert.ok(known.length < 40, `${known.length} whole cycles`);
  });

for (const rate of [4800, 14_400])
  for (const cycles of [0.5, 1, 2, 3, 6, 12])
    test(`of ${cycles} cycles there and as many lost, from the first on, at ${rate} a second the energy of the ones is counted`, () => {
      const period = (cycles * rate) / HZ;
      let lost = 0;
      const seconds = 6;
      const kept = measure({
        rate,
        seconds,
        missing: (k) => {
          if (Math.floor(k / period) % 2 === 0) return 0;
          lost++;
          return ALL;
        },
      });
      const there = seconds - lost / rate;
      for (let k = 0; k < 3; k++) near(kept.energy[k]!, watts(k) * there, 0.01, "energy");
      // A frequency is found in what was there; of half cycles between straight lines it is any.
      if (cycles >= 1) assert.ok(kept.locked > 0.98 * kept.span, `${kept.locked} of ${kept.span} s`);
      if (cycles >= 2) for (const hz of kept.hz) near(hz, HZ, 2e-4, "Hz");
    });

test("a burst costs what it lasts, and the windows behind it are as if it had not been", () => {
  for (const ms of [2, 5, 10, 30, 100, 190]) {
    const rate = 4800;
    const [from, to] = [3 * rate, 3 * rate + Math.round((ms * rate) / 1000)];
    const burst = measure({ rate, seconds: 6, missing: (k) => (k >= from && k < to ? ALL : 0) });
    for (let k = 0; k < 3; k++) {
      let energy = 0;
      for (let sample = from; sample < to; sample++)
        energy += (valueOf(k, sample / rate) * valueOf(k + 3, sample / rate)) / rate;
      near(burst.known[k]!, burst.span - (to - from) / rate, 1e-6, `${ms} ms: known`);
      assert.ok(
        Math.abs(burst.energy[k]! - (watts(k) * burst.span - energy)) < (0.3 * watts(k)) / rate,
        `${ms} ms: ${burst.energy[k]}, expected ${watts(k) * burst.span - energy}`,
      );
    }
    assert.equal(burst.uneven, 0, `${ms} ms`);
    near(burst.volts.at(-1)!, VOLTS[1], 1e-4, "RMS");
    for (const hz of burst.hz) near(hz, HZ, 2e-4, `${ms} ms: Hz`);
  }
});
