/**
 * Two hours of UTC from samples, at 50.4713 Hz, across every tick: what aggregation makes of a voltage that changes all the time, against the
 * integral of its square; the same with a dip at a tick, and with a clock that is set.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMeasure } from "#quantity/measure-name.ts";
import { type EndedInterval, playHours } from "./quality-rig.ts";
import { share } from "./share.ts";

const HZ = 50.4713;
const RATE = 3200;
/** Half a minute before two hours of UTC begin, and neither at a whole second nor at a whole cycle of the line. */
const LEAD = 30.07;
const FROM = Date.UTC(2026, 10, 1, 12);
/** Of the two hours only the last twenty minutes while somebody works. */
const TENS = share(2, 12, 12);
const BEGIN = FROM + 600_000 * (12 - TENS);
/** Volts, amps, by phase; how much of them, and in how many seconds, the volts and amps go up and down. */
const volts = [230, 226, 233] as const;
const amps = [5, 4, 3] as const;
const SWING = 0.03;
const SWING_SECONDS = 97;
const LAG = 25;
/** The fifth harmonic of the volts. */
const FIFTH = 0.04;
const TURN = 2 * Math.PI;

/** What the volts, or the amps, are multiplied by. */
const swing = (t: number): number => 1 + SWING * Math.sin(t / SWING_SECONDS);
/** The integral of its square. */
const swung = (t: number): number =>
  t -
  2 * SWING * SWING_SECONDS * Math.cos(t / SWING_SECONDS) +
  SWING ** 2 * (t / 2 - (SWING_SECONDS / 4) * Math.sin((2 * t) / SWING_SECONDS));

/** Sines by rotation: what a table of a cycle cannot have at this frequency. */
function filler(dip?: readonly [from: number, to: number]) {
  return (channels: readonly Float64Array[], first: number): void => {
    const step = (TURN * HZ) / RATE;
    const [cs, sn] = [Math.cos(step), Math.sin(step)];
    const count = channels[0]!.length;
    for (let c = 0; c < 6; c++) {
      const out = channels[c]!;
      const phase = c % 3;
      const peak = Math.SQRT2 * (c < 3 ? volts[phase]! : amps[phase]!);
      const angle = step * first - (TURN * phase) / 3 - (c < 3 ? 0 : (TURN * LAG) / 360);
      let co = Math.cos(angle);
      let si = Math.sin(angle);
      for (let k = 0; k < count; k++) {
        // sin 5x = 16 s^5 - 20 s^3 + 5 s.
        const s2 = si * si;
        const wave = c < 3 ? si + FIFTH * si * (5 + s2 * (16 * s2 - 20)) : si;
        out[k] = peak * wave;
        const next = co * cs - si * sn;
        si = si * cs + co * sn;
        co = next;
      }
    }
    for (let k = 0; k < count; k++) {
      const t = (first + k) / RATE;
      const much = swing(t) * (dip !== undefined && t >= dip[0] && t < dip[1] ? 0.7 : 1);
      for (let c = 0; c < 6; c++) channels[c]![k]! *= much;
    }
  };
}

const tenSeconds = parseMeasure("Hz.10s")!;

interface Run {
  readonly intervals: readonly EndedInterval[];
  readonly of: (length: EndedInterval["length"]) => readonly EndedInterval[];
  /** Frequencies of ten seconds, each that was not like the one before. */
  readonly tens: readonly (number | null)[];
}

function run(seconds: number, utc: (elapsed: number) => number, dip?: readonly [from: number, to: number]): Run {
  const tens: (number | null)[] = [];
  const { intervals } = playHours({
    rate: RATE,
    seconds,
    hz: 50,
    wiring: "wye",
    nominalVolts: 230,
    grid: 64,
    utc,
    fill: filler(dip),
    options: { minutes: [1, 10, 120] },
    watch: (instrument) => {
      const hz = instrument.value(tenSeconds) ?? null;
      if (hz !== tens.at(-1)) tens.push(hz);
    },
  });
  return { intervals, of: (length) => intervals.filter((each) => each.length === length), tens };
}

/** The first cycle that begins at a time of the source or after it: phase a crosses zero upwards at 0. */
const cycleAfter = (t: number): number => Math.ceil(t * HZ - 1e-6) / HZ;

/** The mean of the swing's square from the first cycle after `t` on, over so many blocks. */
function meanSquare(t: number, blocks: number): number {
  const [from, to] = [cycleAfter(t), cycleAfter(t) + (10 * blocks) / HZ];
  return (swung(to) - swung(from)) / (to - from);
}

function near(actual: number, expected: number, parts: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) <= parts, `${what}: ${actual} instead of ${expected}`);
}

/** All magnitudes of an interval in which the swing's mean square was `square`. */
function proves(interval: EndedInterval, square: number, what: string, parts = 1e-6): void {
  const much = Math.sqrt(square);
  for (const [phase, name] of ["a", "b", "c"].entries()) {
    near(interval.of(`V.${name}`, "rms"), volts[phase]! * Math.hypot(1, FIFTH) * much, parts, `${what}, V.${name}`);
    near(interval.of(`V.${name}`, "fundamental"), volts[phase]! * much, parts, `${what}, V.${name}, fundamental`);
    near(interval.of(`V.${name}`, "harmonic", 5), volts[phase]! * FIFTH * much, 1e-4, `${what}, V.${name}, fifth`);
    near(interval.of(`A.${name}`, "rms"), amps[phase]! * much, parts, `${what}, A.${name}`);
  }
}

/** Seconds of the source at which UTC is so many milliseconds, of a clock that is right; and the other way. */
const sourceOf = (utc: number): number => LEAD + (utc - BEGIN) / 1000;
const plainClock = (elapsed: number): number => BEGIN + 1000 * (elapsed - LEAD);

test("two hours of samples, across thirteen ticks: each ten minutes, and the two hours, are the integral of the square", () => {
  const { of, tens, intervals } = run(LEAD + 600 * TENS + 1, plainClock);
  const ten = of(10).filter(({ complete }) => complete);
  assert.equal(ten.length, TENS);
  assert.ok(intervals.every(({ flagged, lost }) => !flagged && lost === 0));
  let squares = 0;
  for (const [k, interval] of ten.entries()) {
    const utc = BEGIN + 600_000 * k;
    assert.deepEqual([interval.utcStart, interval.utcEnd], [utc, utc + 600_000]);
    // Whole blocks from the first cycle after a tick on; the last one begins before the next tick's first cycle, and overlaps it.
    const [from, to] = [cycleAfter(sourceOf(utc)), cycleAfter(sourceOf(utc + 600_000))];
    assert.equal(interval.count, Math.ceil(((to - from) * HZ) / 10 - 1e-6));
    const square = meanSquare(sourceOf(utc), interval.count);
    proves(interval, square, `ten minutes ${k}`);
    near(interval.service("hz"), HZ, 1e-6, "cycles over their length");
    squares += square / TENS;
  }
  const hours = of(120).find(({ utcStart }) => utcStart === FROM);
  assert.equal(hours?.complete, TENS === 12);
  if (TENS === 12) {
    proves(hours, squares, "two hours");
    assert.equal(
      hours.count,
      ten.reduce((sum, { count }) => sum + count, 0),
    );
  }
  assert.equal(of(1).filter(({ complete }) => complete).length, 10 * TENS);
  // 150 cycles: fifteen blocks, begun anew at each tick, where the one under way runs to its end and overlaps.
  const cycles = of("cycles");
  assert.ok(cycles.slice(0, -1).every(({ count, complete }) => complete && count === 15));
  for (let k = 0; k < TENS; k++) {
    const begins = BEGIN + 600_000 * k;
    const inCycle = ({ utcStart }: EndedInterval): boolean =>
      utcStart >= begins - 1e-3 && utcStart < begins + 1000 / HZ;
    const across = cycles.filter(({ utcStart, utcEnd }) => utcStart < begins - 1e-3 && utcEnd > begins + 1000 / HZ);
    assert.equal(cycles.filter(inCycle).length, 1, `tick ${k}`);
    assert.equal(across.length, 1, `tick ${k} is overlapped`);
  }
  const known = tens.filter((each) => each !== null);
  assert.ok(known.length > 0);
  for (const hz of known) near(hz, HZ, 1e-7, "frequency of ten seconds");
});

test("a dip across a tick flags the ten minutes before it and those after it, and no others", () => {
  const tick = sourceOf(BEGIN + 600_000);
  const dip = [tick - 0.031, tick + 0.052] as const;
  const { of } = run(LEAD + 1801, plainClock, dip);
  const ten = of(10).filter(({ complete }) => complete);
  assert.deepEqual(
    ten.map(({ flagged }) => flagged),
    [true, true, false],
  );
  // What the dip has taken from the two: 51 % of the square, of the first phase's own sine.
  const taken = (from: number, to: number): number => {
    const double = 2 * TURN * HZ;
    return 0.51 * swing(tick) ** 2 * (to - from - (Math.sin(double * to) - Math.sin(double * from)) / double);
  };
  for (const [k, interval] of ten.entries()) {
    const utc = BEGIN + 600_000 * k;
    const from = cycleAfter(sourceOf(utc));
    const seconds = (10 * interval.count) / HZ;
    const [begins, ends] = [Math.max(from, dip[0]), Math.min(from + seconds, dip[1])];
    const lost = begins < ends ? taken(begins, ends) / seconds : 0;
    const square = (meanSquare(sourceOf(utc), interval.count) - lost) * (1 + FIFTH ** 2);
    near(interval.of("V.a", "rms"), volts[0] * Math.sqrt(square), 2e-6, `ten minutes ${k}`);
    assert.equal(interval.count, Math.ceil(((cycleAfter(sourceOf(utc + 600_000)) - from) * HZ) / 10 - 1e-6));
  }
  // The 150 cycles that end across the tick, and those that begin with it; the minutes on both sides.
  const touched = (length: "cycles" | 1): readonly number[] =>
    of(length).flatMap(({ flagged, utcStart }) => (flagged ? [utcStart - BEGIN - 600_000] : []));
  assert.deepEqual(touched(1), [-60_000, 0]);
  assert.equal(touched("cycles").length, 2);
  assert.ok(touched("cycles")[0]! > -3000 && touched("cycles")[0]! < -100);
  assert.ok(Math.abs(touched("cycles")[1]!) < 1000 / HZ + 1e-3);
});

for (const [what, ms] of [
  ["ahead, over a tick", 240_500],
  ["back, over none", -100_300],
  ["back, to before the tick", -400_000],
] as const) {
  test(`a clock that is set ${what}: the ten minutes end there, and the next that are whole are whole`, () => {
    const SET = LEAD + 370;
    const { of } = run(LEAD + 1801, (elapsed) => plainClock(elapsed) + (elapsed >= SET ? ms : 0));
    const ten = of(10);
    const first = ten.findIndex(({ utcStart }) => utcStart === BEGIN);
    const cut = ten[first]!;
    assert.equal(cut.complete, false);
    // 370 s of it, to a block.
    assert.ok(Math.abs(cut.count - (370 * HZ) / 10) <= 1, `${cut.count} blocks`);
    proves(cut, meanSquare(sourceOf(BEGIN), cut.count), "what was cut");
    const after = ten.slice(first + 1);
    assert.equal(after[0]!.complete, false, "began when the clock was set");
    assert.equal(after[0]!.utcStart, Math.floor((BEGIN + 370_000 + ms) / 600_000) * 600_000);
    const whole = after.filter(({ complete }) => complete);
    assert.ok(whole.length >= 1);
    for (const interval of whole) {
      proves(interval, meanSquare(sourceOf(interval.utcStart - ms), interval.count), `from ${interval.utcStart}`);
    }
    assert.ok(ten.every(({ flagged }) => !flagged));
    assert.ok(of(120).every(({ complete }) => !complete));
  });
}
