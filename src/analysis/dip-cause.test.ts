/**
 * Events of known cause: computed from differential equations (event-fixture.ts), and, for the types of dips, phasors written down from
 * the definitions of types A to G (Bollen 2000; Zhang and Bollen 2000). What is expected is what was put in.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dipCause } from "./dip-cause.ts";
import { dipDirection, type Direction } from "./dip-direction.ts";
import { dipType } from "./dip-type.ts";
import { capacitorEvent, type Fault, faultEvent, HZ, inrushEvent, motorEvent, RATE } from "./event-fixture.ts";
import { ringingOf, shapeOf } from "./event-shape.ts";
import { type EventTrace, starOfPairs, type Track, traceOf, type Waveform } from "./event-trace.ts";
import {
  degreesOf,
  magnitude,
  minus,
  type Phasor,
  plus,
  polar,
  scaled,
  sequencesOf,
  type ThreePhase,
} from "./phasor.ts";

const close = (found: number, expected: number, within: number): void =>
  assert.ok(Math.abs(found - expected) <= within, `${found}: expected ${expected} to ${within}`);

/** A trace of phasors: twelve half cycles as before, twelve of an event. */
function traceOfPhasors(before: ThreePhase<Phasor>, during: ThreePhase<Phasor>): EventTrace {
  const track = (phase: number): Track => {
    const at = Array.from({ length: 24 }, (_, k) => (k < 12 ? before : during)[phase]!);
    const rms = Float64Array.from(at, magnitude);
    return { rms, fundamental: rms, degrees: Float64Array.from(at, degreesOf) };
  };
  return { hz: 50, start: 12, end: 24, volts: [track(0), track(1), track(2)] };
}

const before: ThreePhase<Phasor> = [polar(230, 17), polar(230, -103), polar(230, 137)];
/** Turns the phases so that what is written for phase a happens to another one. */
const forPhase = (phase: number, [a, b, c]: ThreePhase<Phasor>): ThreePhase<Phasor> => {
  const turned = [a, b, c].map((one) => {
    const back = polar(1, -120 * phase);
    return { re: one.re * back.re - one.im * back.im, im: one.re * back.im + one.im * back.re };
  });
  return [turned.at((3 - phase) % 3)!, turned.at((4 - phase) % 3)!, turned.at((5 - phase) % 3)!];
};

// With V the characteristic voltage and E that of before (1): the definitions of the types, phase a the symmetrical one.
const V = 0.4;
const j = (im: number): Phasor => ({ re: 0, im });
const real = (re: number): Phasor => ({ re, im: 0 });
const root3 = Math.sqrt(3);
const definitions: readonly [letter: string, phases: ThreePhase<Phasor>, characteristic: number, pn: number][] = [
  ["B", [real(V), polar(1, -120), polar(1, 120)], (1 + 2 * V) / 3, 1],
  ["C", [real(1), plus(real(-0.5), j((-root3 / 2) * V)), plus(real(-0.5), j((root3 / 2) * V))], V, 1],
  ["D", [real(V), plus(real(-V / 2), j(-root3 / 2)), plus(real(-V / 2), j(root3 / 2))], V, 1],
  ["E", [real(1), polar(V, -120), polar(V, 120)], V, (2 + V) / 3],
  [
    "F",
    [real(V), plus(real(-V / 2), j(-(2 + V) / (2 * root3))), plus(real(-V / 2), j((2 + V) / (2 * root3)))],
    V,
    (2 + V) / 3,
  ],
  [
    "G",
    [real((2 + V) / 3), plus(real(-(2 + V) / 6), j((-V * root3) / 2)), plus(real(-(2 + V) / 6), j((V * root3) / 2))],
    V,
    (2 + V) / 3,
  ],
];
for (const [letter, phases, characteristic, pn] of definitions) {
  for (const [n, phase] of (["a", "b", "c"] as const).entries()) {
    test(`a dip of type ${letter}, phase ${phase}, is told with its characteristic voltage and PN factor`, () => {
      const during = forPhase(n, phases).map((one) => {
        const by = polar(230, 17);
        return { re: one.re * by.re - one.im * by.im, im: one.re * by.im + one.im * by.re };
      }) as unknown as ThreePhase<Phasor>;
      const found = dipType(traceOfPhasors(before, during), 20)!;
      assert.deepEqual([found.letter, found.phase], [letter, phase]);
      close(found.characteristic, characteristic, 1e-12);
      close(found.pn, pn, 1e-12);
      close(found.jumpDegrees, 0, 1e-9);
    });
  }
}

test("type A: all phases alike, with the jump of their angle", () => {
  const by = polar(0.5, -20);
  const during = before.map(({ re, im }) => ({
    re: re * by.re - im * by.im,
    im: re * by.im + im * by.re,
  })) as unknown as ThreePhase<Phasor>;
  const found = dipType(traceOfPhasors(before, during), 20)!;
  assert.equal(found.letter, "A");
  close(found.characteristic, 0.5, 1e-12);
  close(found.jumpDegrees, -20, 1e-9);
  assert.equal(dipType(traceOfPhasors(before, before), 20), undefined);
});

test("symmetrical components: what is put together is taken apart", () => {
  const [zero, positive, negative] = [polar(3, 40), polar(230, 10), polar(11, -70)];
  const at = (up: number, down: number): Phasor => {
    const turn = (one: Phasor, degrees: number): Phasor => polar(magnitude(one), degreesOf(one) + degrees);
    return plus(zero, plus(turn(positive, up), turn(negative, down)));
  };
  const found = sequencesOf([at(0, 0), at(-120, 120), at(120, -120)]);
  for (const [one, expected] of [
    [found.zero, zero],
    [found.positive, positive],
    [found.negative, negative],
  ] as const)
    close(magnitude(minus(one, expected)), 0, 1e-10);
});

const letters: Readonly<Record<Fault["between"], readonly [letter: string, phase: string | undefined]>> = {
  a: ["B", "a"],
  "b-c": ["C", "a"],
  "b-c-ground": ["E", "a"],
  "a-b-c": ["A", undefined],
};
for (const between of ["a", "b-c", "b-c-ground", "a-b-c"] as const) {
  for (const where of ["upstream", "downstream"] as const) {
    test(`a fault ${between} ${where}: a fault, of its type, from there`, () => {
      const trace = traceOf(faultEvent({ between, where, ohms: 0.03, from: 0.2, to: 0.35 }), HZ);
      const { cause, criteria, type } = dipCause(trace);
      assert.equal(cause, "fault");
      assert.deepEqual([type!.letter, type!.phase], letters[between]);
      assert.ok(criteria.every(({ says, holds }) => holds === true && /\d/.test(says)));
      // The event is where it was put: half cycles that hold anything of 0.2 to about 0.35 s.
      assert.equal(trace.start, 19);
      assert.ok(trace.end === 35 || trace.end === 36, String(trace.end));
      const { direction, votes } = dipDirection(trace, shapeOf(trace)!.deepest);
      assert.equal(direction, where satisfies Direction);
      assert.equal(votes.length, 3);
    });
  }
}

test("lines without a neutral: the same faults from there, of the types that have no zero sequence", () => {
  const of = (between: Fault["between"]) => {
    const { rate, volts, amps } = faultEvent({ between, where: "downstream", ohms: 0.03, from: 0.2, to: 0.35 });
    const [a, b, c] = volts;
    const pair = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, n) => value - y[n]!);
    const trace = traceOf({ rate, volts: starOfPairs([pair(a, b), pair(b, c), pair(c, a)]), amps: amps! }, HZ);
    const { cause, type } = dipCause(trace);
    return [cause, type!.letter, type!.phase, dipDirection(trace, shapeOf(trace)!.deepest).direction];
  };
  assert.deepEqual(of("a"), ["fault", "D", "a", "downstream"]);
  assert.deepEqual(of("b-c"), ["fault", "C", "a", "downstream"]);
  assert.deepEqual(of("b-c-ground"), ["fault", "G", "a", "downstream"]);
  assert.deepEqual(of("a-b-c"), ["fault", "A", undefined, "downstream"]);
});

test("resistance: dV / dI of a fault downstream is the line's own impedance, of one upstream the loads'", () => {
  const ohms = (where: Fault["where"]): number => {
    const trace = traceOf(faultEvent({ between: "a-b-c", where, ohms: 0.03, from: 0.2, to: 0.35 }), HZ);
    // In the middle of the event, where the transient is over.
    const vote = dipDirection(trace, 30).votes.find(({ method }) => method === "sign of the resistance")!;
    return Number(/dV \/ dI is (\S+) ohm/.exec(vote.criterion)![1]);
  };
  // 0.02 + j0.06 ohm, the small load on its middle left out of the sum.
  close(ohms("downstream"), Math.hypot(0.02, 0.06), 0.001);
  // 5 ohm beside 4 + j2.
  close(ohms("upstream"), (5 * Math.hypot(4, 2)) / Math.hypot(9, 2), 0.02);
});

test("a motor that starts downstream", () => {
  const trace = traceOf(motorEvent(0.2), HZ);
  assert.equal(dipCause(trace).cause, "motor start");
  assert.equal(dipDirection(trace, shapeOf(trace)!.deepest).direction, "downstream");
});

test("a transformer that is switched on downstream", () => {
  const trace = traceOf(inrushEvent(0.2), HZ);
  assert.equal(dipCause(trace).cause, "transformer energising");
  assert.equal(dipDirection(trace, shapeOf(trace)!.deepest).direction, "downstream");
});

test("a bank of capacitors that rings with the line at 600 Hz", () => {
  const trace = traceOf(capacitorEvent(0.2), HZ, { quietCycles: 2, deviation: 0.005 });
  assert.equal(dipCause(trace).cause, "capacitor switching");
  close(ringingOf(trace)!.hz, 600, 20);
});

function sine(volts: (t: number) => number, amps: (t: number) => number, { hz = 50, seconds = 0.8 } = {}): Waveform {
  const count = Math.round(seconds * RATE);
  const three = (of: (t: number) => number): ThreePhase<Float64Array> => {
    const phase = (p: number): Float64Array =>
      Float64Array.from({ length: count }, (_, n) => {
        const t = n / RATE;
        return Math.SQRT2 * of(t) * Math.cos(2 * Math.PI * hz * t - (2 * Math.PI * p) / 3);
      });
    return [phase(0), phase(1), phase(2)];
  };
  return { rate: RATE, volts: three(volts), amps: three(amps) };
}
const between = (t: number): boolean => t >= 0.3 && t < 0.5;

test("a load that is switched on and off again is nobody's cause", () => {
  const trace = traceOf(
    sine(
      (t) => (between(t) ? 218 : 230),
      (t) => (between(t) ? 140 : 50),
    ),
    HZ,
  );
  const { cause, criteria, considered } = dipCause(trace);
  assert.deepEqual([cause, criteria], ["unknown", []]);
  assert.ok(considered.fault.some(({ says, holds }) => holds === false && says.includes("falls by 5.2 %")));
});

/**
 * Three voltages that fall by `depth` at 0.3 s and come back by an exponential, or at once at 0.5 s; currents of 50 A on which `on` comes
 * and goes with the voltage, behind it by an angle, and with a second harmonic.
 */
function shaped(of: {
  depth: readonly [number, number, number];
  gradual: boolean;
  on: number;
  behind: number;
  second: number;
  /** Of the current and of its second harmonic: parts that stay. */
  stays?: readonly [current: number, second: number];
}): Waveform {
  const count = Math.round(1.4 * RATE);
  const gone = (t: number): number => (t < 0.3 ? 0 : of.gradual ? Math.exp(-(t - 0.3) / 0.15) : between(t) ? 1 : 0);
  const phase =
    (value: (t: number, angle: number) => number) =>
    (p: number): Float64Array =>
      Float64Array.from({ length: count }, (_, n) => {
        const t = n / RATE;
        return Math.SQRT2 * value(t, 2 * Math.PI * HZ * t - (2 * Math.PI * p) / 3);
      });
  const volts = (p: 0 | 1 | 2) => phase((t, angle) => 230 * (1 - of.depth[p] * gone(t)) * Math.cos(angle))(p);
  const [stays, secondStays] = of.stays ?? [0, 0];
  const left = (t: number, part: number): number => (t < 0.3 ? 0 : part + (1 - part) * gone(t));
  const amps = phase((t, angle) => {
    const on = left(t, stays) * Math.cos(angle - of.behind) + of.second * left(t, secondStays) * Math.cos(2 * angle);
    return 50 * Math.cos(angle) + of.on * on;
  });
  return { rate: RATE, volts: [volts(0), volts(1), volts(2)], amps: [amps(0), amps(1), amps(2)] };
}

const alike: readonly [number, number, number] = [0.08, 0.08, 0.08];
const unlike: readonly [number, number, number] = [0.02, 0.08, 0.05];
// Each differs in one thing from the one before it that has a cause.
const nearMisses: readonly (readonly [what: string, of: Parameters<typeof shaped>[0], cause: string])[] = [
  ["what a motor does", { depth: alike, gradual: true, on: 200, behind: 1.3, second: 0 }, "motor start"],
  ["it, but back at once", { depth: alike, gradual: false, on: 200, behind: 1.3, second: 0 }, "unknown"],
  ["it, but in phase", { depth: alike, gradual: true, on: 200, behind: 0.3, second: 0 }, "unknown"],
  ["it, but unlike in its phases", { depth: unlike, gradual: true, on: 200, behind: 1.3, second: 0 }, "unknown"],
  [
    "it, but with a second harmonic of an eighth",
    { depth: alike, gradual: true, on: 200, behind: 1.3, second: 0.125 },
    "unknown",
  ],
  [
    "what a transformer does",
    { depth: unlike, gradual: true, on: 200, behind: 1.3, second: 0.3 },
    "transformer energising",
  ],
  ["it, but alike in its phases", { depth: alike, gradual: true, on: 200, behind: 1.3, second: 0.3 }, "unknown"],
  ["it, but back at once", { depth: unlike, gradual: false, on: 200, behind: 1.3, second: 0.3 }, "unknown"],
  [
    "it, but with a second harmonic of an eighth",
    { depth: unlike, gradual: true, on: 200, behind: 1.3, second: 0.125 },
    "unknown",
  ],
];
for (const [what, of, cause] of nearMisses) {
  test(`${what} (${of.depth.join(", ")}; second harmonic ${of.second}) is ${cause}`, () => {
    assert.equal(dipCause(traceOf(shaped(of), HZ)).cause, cause);
  });
}

test("a motor's current that stays by half, a second harmonic that stays, and a slow fall have no cause", () => {
  const motor = { depth: alike, gradual: true, on: 200, behind: 1.3, second: 0 };
  const cause = (wave: Waveform): string => dipCause(traceOf(wave, HZ)).cause;
  assert.equal(cause(shaped({ ...motor, stays: [0.3, 0] })), "motor start");
  assert.equal(cause(shaped({ ...motor, stays: [0.5, 0] })), "unknown");
  const transformer = { ...motor, depth: unlike, second: 0.3 };
  assert.equal(cause(shaped({ ...transformer, stays: [0, 0.6] })), "transformer energising");
  assert.equal(cause(shaped({ ...transformer, stays: [0, 0.9] })), "unknown");
  const falling = (t: number): number => 230 * (1 - 0.4 * (between(t) ? Math.min(1, (t - 0.3) / 0.12) : 0));
  assert.equal(cause(sine(falling, () => 50)), "unknown");
  assert.equal(
    cause(
      sine(
        (t) => (between(t) ? 138 : 230),
        () => 50,
      ),
    ),
    "fault",
  );
});

test("a bank elsewhere rings here, too: without its reactive power it is not told", () => {
  const { rate, volts } = capacitorEvent(0.2);
  const { amps } = sine(
    () => 230,
    () => 50,
    { seconds: 0.4 },
  );
  const trace = traceOf({ rate, volts, amps: amps! }, HZ, { quietCycles: 2, deviation: 0.005 });
  const { cause, considered } = dipCause(trace);
  assert.equal(cause, "unknown");
  assert.deepEqual(
    considered["capacitor switching"].map(({ holds }) => holds),
    [true, false, true, true],
  );
});

test("a dip whose end the record does not see has no cause: what is not known does not hold", () => {
  const trace = traceOf(
    sine(
      (t) => (t >= 0.3 ? 115 : 230),
      () => 50,
    ),
    HZ,
  );
  const { cause, considered } = dipCause(trace);
  assert.equal(cause, "unknown");
  assert.ok(
    considered.fault.some(({ says, holds }) => holds === undefined && says === "the record does not see it recover"),
  );
});

test("without currents a fault is told, a motor is not, and no direction", () => {
  const without = ({ rate, volts }: Waveform): Waveform => ({ rate, volts });
  const fault = faultEvent({ between: "b-c", where: "downstream", ohms: 0.03, from: 0.2, to: 0.35 });
  assert.equal(dipCause(traceOf(without(fault), HZ)).cause, "fault");
  const motor = traceOf(without(motorEvent(0.2)), HZ);
  assert.equal(dipCause(motor).cause, "unknown");
  const { direction, reason } = dipDirection(motor, shapeOf(motor)!.deepest);
  assert.deepEqual([direction, reason], ["unknown", "no currents were recorded"]);
});

test("a current that says nothing leaves the direction open", () => {
  const trace = traceOf(
    sine(
      (t) => (between(t) ? 115 : 230),
      () => 50,
    ),
    HZ,
  );
  const { direction, votes, reason } = dipDirection(trace, shapeOf(trace)!.deepest);
  // The power falls by half, which one method takes for upstream; the current does not change.
  assert.deepEqual(
    votes.map((vote) => vote.direction),
    ["unknown", "unknown", "upstream"],
  );
  assert.deepEqual([direction, reason], ["unknown", "fewer than two methods can say"]);
});

test("methods that contradict one another leave it open", () => {
  // Power and current fall together, but as if there was a negative resistance behind.
  const trace = traceOf(
    sine(
      (t) => (between(t) ? 200 : 230),
      (t) => (between(t) ? 53 : 50),
    ),
    HZ,
  );
  const { direction, votes, reason } = dipDirection(trace, shapeOf(trace)!.deepest);
  assert.deepEqual(
    votes.map((vote) => vote.direction),
    ["downstream", "downstream", "upstream"],
  );
  assert.deepEqual([direction, reason], ["unknown", "the methods disagree"]);
});

test("a steady voltage of another frequency is no event, and its angles stand", () => {
  const trace = traceOf(
    sine(
      () => 230,
      () => 50,
      { hz: 49.8 },
    ),
    HZ,
  );
  assert.deepEqual([trace.start, trace.end], [trace.volts[0].rms.length, trace.volts[0].rms.length]);
  const { degrees } = trace.volts[0];
  close(degrees.at(-1)!, degrees[0]!, 2);
  assert.equal(shapeOf(trace), undefined);
});

test("values of one cycle against the closed form: RMS, orders 1, 2 and 4 at a rate that is no multiple", () => {
  const rate = 10_007;
  const channel = Float64Array.from({ length: rate }, (_, n) => {
    const w = (2 * Math.PI * 50 * n) / rate;
    return Math.SQRT2 * (230 * Math.cos(w + 0.5) + 20 * Math.cos(2 * w) + 7 * Math.sin(4 * w));
  });
  const turned = (by: number): Float64Array =>
    channel.map((_, n) => channel[(n + Math.round((by * rate) / 150)) % rate]!);
  const trace = traceOf({ rate, volts: [channel, turned(2), turned(1)] }, HZ);
  const [{ rms, fundamental, second, fourth }] = trace.volts;
  for (const k of [0, 7, 30]) {
    close(rms[k]!, Math.hypot(230, 20, 7), 0.3);
    close(fundamental[k]!, 230, 0.3);
    close(second![k]!, 20, 0.4);
    close(fourth![k]!, 7, 0.4);
  }
});

test("causes stand in noise of a two-hundredth of the voltage", () => {
  let seed = 7;
  const noise = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5;
  const noisy = (wave: Waveform): Waveform => {
    const on = (channels: ThreePhase<Float64Array>, peak: number): ThreePhase<Float64Array> => [
      channels[0].map((value) => value + peak * noise()),
      channels[1].map((value) => value + peak * noise()),
      channels[2].map((value) => value + peak * noise()),
    ];
    return { rate: wave.rate, volts: on(wave.volts, 3.3), amps: on(wave.amps!, 3) };
  };
  const fault = faultEvent({ between: "b-c-ground", where: "upstream", ohms: 0.03, from: 0.2, to: 0.35 });
  const trace = traceOf(noisy(fault), HZ);
  assert.deepEqual([dipCause(trace).cause, dipCause(trace).type!.letter], ["fault", "E"]);
  assert.equal(dipDirection(trace, shapeOf(trace)!.deepest).direction, "upstream");
  assert.equal(dipCause(traceOf(noisy(motorEvent(0.2)), HZ)).cause, "motor start");
  assert.equal(dipCause(traceOf(noisy(inrushEvent(0.2)), HZ)).cause, "transformer energising");
});

test("whatever a trace holds, nothing throws, and no figure is said that is not known", () => {
  const value = fc.oneof(fc.double({ min: 0, max: 400, noNaN: true }), fc.constantFrom(NaN, 0, 230));
  const trace = fc.integer({ min: 1, max: 40 }).chain((count) => {
    const array = fc.array(value, { minLength: count, maxLength: count }).map((list) => Float64Array.from(list));
    const track = fc.record({ rms: array, fundamental: array, degrees: array, second: array, fourth: array });
    return fc.record(
      {
        hz: fc.constant(50),
        start: fc.nat(count),
        end: fc.nat(count),
        volts: fc.tuple(track, track, track),
        amps: fc.tuple(track, track, track),
      },
      { requiredKeys: ["hz", "start", "end", "volts"] },
    );
  });
  fc.assert(
    fc.property(trace, (one) => {
      const { cause, criteria, considered } = dipCause(one);
      const shape = shapeOf(one);
      const votes = shape === undefined ? [] : dipDirection(one, shape.deepest).votes;
      const words = [
        ...Object.values(considered)
          .flat()
          .map(({ says }) => says),
        ...votes.map(({ criterion }) => criterion),
      ];
      for (const text of words) assert.ok(!/NaN|Infinity|undefined/.test(text), text);
      assert.equal(cause === "unknown", criteria.length === 0);
    }),
    { numRuns: 300 },
  );
});

test("samples that are too slow, too few or not as many of each are refused", () => {
  const short = (length: number): ThreePhase<Float64Array> => [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  assert.throws(() => traceOf({ rate: 799, volts: short(1000) }, HZ), /at least 16 a cycle/);
  assert.throws(() => traceOf({ rate: RATE, volts: short(300) }, HZ), /more than 2 cycles/);
  const uneven: ThreePhase<Float64Array> = [new Float64Array(9000), new Float64Array(9000), new Float64Array(8999)];
  assert.throws(() => traceOf({ rate: RATE, volts: uneven }, HZ), /9000, 9000, 8999 samples: expected as many of each/);
  assert.equal(scaled({ re: 1, im: 2 }, 2).im, 4);
});
