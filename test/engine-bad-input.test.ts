/** Sources that stall, lie and break, through whole meters: what they show is right or absent, and the words say why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import { factoryTriggers } from "#product/jemstar/factory.ts";
import type { Quantity } from "#quantity/quantity.ts";
import { columnsOf, single, sumOf } from "#revenue/measuring/columns.ts";
import { inputs } from "#waveform/channel-map.ts";
import type { SampleRun, SampleSource } from "#waveform/source.ts";
import { measure, register, plain, revenueRig } from "./revenue-rig.ts";
import { near, rig } from "./rig.ts";

const HZ = 60;
const VOLTS = 120;
const AMPS = 5;
const LAG = Math.PI / 6;
/** Of one phase. */
const WATTS = VOLTS * AMPS * Math.cos(LAG);

/** A stretch at one rate; nothing is sampled between it and the next. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

interface Plan {
  readonly stretches: readonly Stretch[];
  /** The channels that are missing at a time, as bits. */
  readonly missing?: (t: number) => number;
  /** Instead of a sample. */
  readonly instead?: (c: number, t: number) => number | undefined;
  /** When it has ended. */
  readonly end?: number;
}

function sine(c: number, t: number, ahead = 0): number {
  const theta = 2 * Math.PI * (HZ * t + ahead - (c % 3) / 3) - (c < 3 ? 0 : LAG);
  return Math.SQRT2 * (c < 3 ? VOLTS : AMPS) * Math.sin(theta);
}

class Planned implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  elapsed = 0;
  readonly #plan: Plan;
  /** Samples that each stretch has given. */
  readonly #given: number[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#given = plan.stretches.map(() => 0);
  }

  get ended(): boolean {
    return this.elapsed >= (this.#plan.end ?? Infinity);
  }

  read(seconds: number): readonly SampleRun[] {
    this.elapsed += seconds;
    const runs: SampleRun[] = [];
    this.#plan.stretches.forEach(({ from, to, rate }, s) => {
      const first = this.#given[s]!;
      const count = Math.ceil((Math.min(this.elapsed, to) - from) * rate - 1e-6) - first;
      if (count <= 0) return;
      const missing = new Uint8Array(count);
      const channels = inputs.map(() => new Float64Array(count));
      for (let k = 0; k < count; k++) {
        const t = from + (first + k) / rate;
        missing[k] = this.#plan.missing?.(t) ?? 0;
        for (let c = 0; c < 6; c++) channels[c]![k] = this.#sample(c, t, missing[k]!);
      }
      runs.push({ channels, count, rate, perCycle: 0, at: from + first / rate, joined: first > 0, missing });
      this.#given[s] = first + count;
    });
    return runs;
  }

  #sample(c: number, t: number, missing: number): number {
    if ((missing & (1 << c)) !== 0) return 0;
    return this.#plan.instead?.(c, t) ?? sine(c, t);
  }
}

interface Expected {
  /** Seconds of the run. */
  readonly seconds: number;
  /** Phase-seconds that were there, and how many of them may be lost at edges. */
  readonly present: number;
  readonly lost: number;
  /** Parts by which readings may be off for a moment, at which there may be alarms; a thousandth where it is left out. */
  readonly off?: number;
  /** What is said at a time. */
  readonly absence: readonly (readonly [at: number, says: RegExp | undefined])[];
}

const right: Readonly<Record<string, number>> = {
  V: VOLTS,
  A: AMPS,
  W: WATTS,
  var: VOLTS * AMPS * Math.sin(LAG),
  Hz: HZ,
};

function isRight(value: number, name: string, what: string, off = 1e-3): void {
  if (Number.isNaN(value)) return;
  near(value, right[name.split(".")[0]!]!, off, `${what}: ${name}`);
}

const shown: readonly Quantity[] = ["V", "A", "W", "var"].flatMap((of) =>
  ["a", "b", "c"].map((phase) => `${of}.${phase}` as Quantity),
);

function counted(wattHours: number, present: number, lost: number, what: string): void {
  const seconds = (3600 * wattHours) / WATTS;
  assert.ok(seconds <= present * (1 + 1e-4) + 1e-9, `${what}: counted ${seconds} phase-seconds, ${present} were there`);
  assert.ok(seconds >= present - lost, `${what}: counted ${seconds} phase-seconds of ${present}`);
}

function says(absence: string | undefined, at: number, expected: Expected, what: string): void {
  for (const [when, words] of expected.absence) {
    if (when !== at) continue;
    if (words === undefined) assert.equal(absence, undefined, `${what} at ${at} s`);
    else assert.match(absence ?? "nothing is said", words, `${what} at ${at} s`);
  }
}

function throughFixedMap(plan: Plan, expected: Expected): void {
  const meter = rig({ model: powerlogicPm800, source: new Planned(plan) });
  meter.set({ systemType: 40, systemVoltage: 208, ctPrimary: 5 });
  const what = "fixed map";
  for (let at = 1; at <= expected.seconds; at++) {
    meter.run(1);
    for (const name of [...shown, "Hz"] as const)
      isRight(meter.instrument.read(name as Quantity), name, `${what}, ${at} s`, expected.off);
    says(meter.instrument.measurement.absence, at, expected, what);
  }
  for (const name of ["V.a", "V.b", "V.c", "A.a", "Hz"] as const)
    for (const which of ["min", "max"] as const)
      isRight(meter.instrument.read(`${name}.${which}` as Quantity), name, `${which} register`, expected.off);
  counted(meter.instrument.read("Wh.import"), expected.present, expected.lost, what);
  assert.equal(meter.instrument.read("Wh.export"), 0);
}

function throughRevenue(plan: Plan, expected: Expected): void {
  const normal = [register(1), register(2, { measure: measure("Wh", "received") })];
  const { meter, value } = revenueRig(
    { registers: { ...plain.registers, normal }, triggers: factoryTriggers },
    undefined,
    { source: new Planned(plan), terminals: { auxiliaryFirst: true, auxiliary: true } },
  );
  const what = "revenue";
  for (let ms = 250; ms <= 1000 * expected.seconds; ms += 250) {
    meter.advance(ms);
    const { average } = meter.window;
    if (average[single.seconds]! > 0) {
      // What is off at an edge is less of a long window than of the first one, or of one that ends with a loss.
      const off = (expected.off ?? 1e-3) * Math.max(1, 1.5 / meter.window.seconds);
      for (const phase of ["a", "b", "c"] as const)
        for (const quantity of ["V", "A", "W", "var"] as const)
          isRight(
            sumOf(columnsOf(measure(quantity, "bidirectional", phase)), average),
            quantity,
            `${what}, ${ms} ms`,
            off,
          );
    }
    if (ms % 1000 === 0) says(meter.absence, ms / 1000, expected, what);
  }
  counted(value(1), expected.present, expected.lost, what);
  assert.equal(value(2), 0);
  for (const kind of ["sagSwell", "interruption"] as const) assert.equal(meter.log.entries(kind).length, 0, kind);
  if (expected.off !== undefined) return;
  const alarms = meter.log.entries("alarm").map(({ details }) => JSON.stringify(details));
  assert.deepEqual(alarms, [], "nothing was there to be alarmed at");
}

/** What is lost at each end of a stretch: up to its first crossing, and half a cycle at its last sample; of all phases. */
const EDGE = 3 * 0.03;
const all = (rate: number, seconds: number): Stretch[] => [{ from: 0, to: seconds, rate }];

const EVERY = 0b111111;
const between = (from: number, to: number, bits: number) => (t: number) => (t >= from && t < to ? bits : 0);
const tooSlow = /^\d+ samples? a second do(es)? not carry a fundamental$/;

// prettier-ignore
const cases: Readonly<Record<string, readonly [Plan, Expected]>> = {
  // The highest fundamental lies at 0.37 of the rate: 65 Hz of 176 samples a second, 69 Hz of a meter that is only a face of 186.5.
  ...Object.fromEntries([100, 119, 122, 127, 131, 150, 163, 175].map((rate) => [
    `${rate} samples a second`,
    [{ stretches: all(rate, 6) }, { seconds: 5, present: 0, lost: 0, absence: [[2, tooSlow], [5, tooSlow]] }],
  ] as const)),
  ...Object.fromEntries([200, 240, 333, 500, 2520, 50_000].map((rate) => [
    `${rate} samples a second`,
    [{ stretches: all(rate, 6) }, { seconds: 5, present: 15, lost: 6 * EDGE, absence: [[5, undefined]] }],
  ] as const)),
  "a million samples a second": [
    { stretches: all(1e6, 2) },
    { seconds: 1, present: 3, lost: 2 * EDGE, absence: [[1, undefined]] },
  ],
  "all channels missing for a while": [
    { stretches: all(2520, 9), missing: between(3, 5, EVERY) },
    { seconds: 8, present: 18, lost: 4 * EDGE, absence: [[2, undefined], [4, /^samples of va, vb, vc, ia, ib, ic are missing$/], [8, undefined]] },
  ],
  // For a tenth of a second after them the frequency is looked for: what is read of the second in which they come is nearly right.
  "all channels missing at first": [
    { stretches: all(2520, 9), missing: between(0, 2.2, EVERY) },
    { seconds: 8, present: 3 * 6 + EDGE, lost: 12 * EDGE, off: 0.05, absence: [[1, /^samples of va, vb, vc, ia, ib, ic are missing$/], [8, undefined]] },
  ],
  "all channels missing always": [
    { stretches: all(2520, 9), missing: () => EVERY },
    { seconds: 5, present: 0, lost: 0, absence: [[5, /^samples of va, vb, vc, ia, ib, ic are missing$/]] },
  ],
  "the channel of reference missing for a while": [
    { stretches: all(2520, 9), missing: between(3, 5, 1) },
    { seconds: 8, present: 22, lost: 4 * EDGE, absence: [[4, /^samples of va are missing$/], [8, undefined]] },
  ],
  "a current missing for a while": [
    { stretches: all(2520, 9), missing: between(3, 5, 0b100000) },
    { seconds: 8, present: 22, lost: 4 * EDGE, absence: [[4, /^samples of ic are missing$/], [8, undefined]] },
  ],
  "one channel": [
    { stretches: all(2520, 5), missing: () => EVERY - 1 },
    { seconds: 4, present: 0, lost: 0, absence: [[4, /^samples of vb, vc, ia, ib, ic are missing$/]] },
  ],
  "one sample": [
    { stretches: [{ from: 0, to: 1 / 2520, rate: 2520 }], end: 0.5 },
    { seconds: 3, present: 0, lost: 0, absence: [[3, /^the recording has been played to its end$/]] },
  ],
  "one sample, and silence": [
    { stretches: [{ from: 0, to: 1 / 2520, rate: 2520 }] },
    { seconds: 3, present: 0, lost: 0, absence: [[3, /^a gap: nothing has been sampled for \d\.\d s$/]] },
  ],
  "a third of a cycle, and the end": [
    { stretches: [{ from: 0.01, to: 0.0155, rate: 2520 }], end: 0.5 },
    { seconds: 3, present: 0, lost: 0, absence: [[3, /^the recording has been played to its end$/]] },
  ],
  "a source that stalls and resumes": [
    { stretches: [{ from: 0, to: 3, rate: 2520 }, { from: 5.37, to: 7.01, rate: 2520 }, { from: 7.6, to: 12, rate: 2520 }] },
    { seconds: 11, present: 3 * (3 + 1.64 + 3.4), lost: 6 * EDGE, absence: [[3, undefined], [5, /^a gap: nothing has been sampled for [12]\.\d s$/], [11, undefined]] },
  ],
  "gaps of odd lengths": [
    { stretches: [0.0006, 0.0011, 0.017, 0.09, 0.19, 0.21].map((gap, k) => ({ from: 1.37 * k + gap, to: 1.37 * (k + 1), rate: 2520 })) },
    { seconds: 8, present: 3 * (6 * 1.37 - 0.5087), lost: 12 * EDGE, absence: [] },
  ],
  "other rates": [
    { stretches: [2520, 6400, 1000, 20_000, 2520].map((rate, k) => ({ from: 1.5 * k, to: 1.5 * (k + 1), rate })) },
    { seconds: 7, present: 21, lost: 10 * EDGE, absence: [[7, undefined]] },
  ],
  "from a rate that is measured to one that is not, and back": [
    { stretches: [2520, 100, 2520].map((rate, k) => ({ from: 2.5 * k, to: 2.5 * (k + 1), rate })) },
    { seconds: 7, present: 3 * 4.5, lost: 6 * EDGE, absence: [[4, tooSlow], [7, undefined]] },
  ],
  "samples that are not finite": [
    { stretches: all(2520, 9), instead: (c, t) => (c === 0 && Math.abs(t - 3) < 3e-4 ? NaN : c === 4 && t > 4 && t < 4.1 ? Infinity : t > 5 && t < 5.001 ? -Infinity : undefined) },
    { seconds: 8, present: 24, lost: 9 * EDGE, absence: [[8, undefined]] },
  ],
  // Of the cycles with the jump there are no vars: a second's are the mean of the others.
  "a jump of the phase": [
    { stretches: all(2520, 9), instead: (c, t) => (t < 3.3 ? undefined : sine(c, t, 1 / 12)) },
    { seconds: 8, present: 24, lost: 2 * EDGE, off: 0.012, absence: [[8, undefined]] },
  ],
  "a sample of one current missing ten times a second": [
    { stretches: all(2520, 9), missing: (t) => (Math.round(t * 2520) % 252 === 7 ? 0b100000 : 0) },
    { seconds: 8, present: 24, lost: 2 * EDGE + 24 * 0.01, absence: [] },
  ],
};

for (const [what, [plan, expected]] of Object.entries(cases)) {
  test(`${what}: a fixed-map meter`, () => throughFixedMap(plan, expected));
  test(`${what}: a revenue meter`, () => throughRevenue(plan, expected));
}

/** Whether sample k is lost, of so many in a thousand: the same each time. */
function isLost(k: number, perMille: number): boolean {
  const mixed = Math.imul((k + 1) ^ (k >>> 7), 0x9e37_79b1) >>> 0;
  return Math.imul(mixed ^ (mixed >>> 15), 0x85eb_ca6b) >>> 0 < (perMille / 1000) * 2 ** 32;
}

/** Joules of a phase in the samples that come up to a time, from a beginning that both meters have seen. */
function joulesOf(phase: number, [from, to]: readonly [number, number], rate: number, perMille: number): number {
  let sum = 0;
  for (let k = Math.round(from * rate); k < Math.round(to * rate); k++)
    if (!isLost(k, perMille)) sum += (sine(phase, k / rate) * sine(phase + 3, k / rate)) / rate;
  return sum;
}

for (const perMille of [10, 100])
  test(`of ${perMille} samples in a thousand that are lost each costs its own energy, and what is shown is of whole cycles`, () => {
    const rate = 4800;
    const plan: Plan = {
      stretches: all(rate, 40),
      missing: (t) => (isLost(Math.round(t * rate), perMille) ? EVERY : 0),
    };
    const expected = [0, 1, 2].reduce((sum, phase) => sum + joulesOf(phase, [2, 32], rate, perMille), 0);
    const fixed = rig({ model: powerlogicPm800, source: new Planned(plan) });
    fixed.set({ systemType: 40, systemVoltage: 208, ctPrimary: 5 });
    const normal = [register(1), register(2, { measure: measure("VAh", "delivered") })];
    const revenue = revenueRig({ registers: { ...plain.registers, normal } }, undefined, {
      source: new Planned(plan),
      terminals: { auxiliaryFirst: true, auxiliary: true },
    });
    const joules = (): readonly number[] =>
      [fixed.instrument.read("Wh.import"), revenue.value(1), revenue.value(2)].map((hours) => 3600 * hours);
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        fixed.run(1);
        revenue.meter.advance(1000 * (at + 1));
        for (const name of shown) isRight(fixed.instrument.read(name), name, `fixed map, ${perMille}`);
      }
    };
    run(0, 2);
    const before = joules();
    run(2, 32);
    const [fixedWh, wh, vah] = joules().map((now, k) => now - before[k]!);
    near(fixedWh!, expected, 1e-3, "Wh of a fixed map");
    near(wh!, expected, 1e-3, "Wh of a revenue meter");
    near(vah!, expected / Math.cos(LAG), 2e-3, "VAh of a revenue meter");
  });
