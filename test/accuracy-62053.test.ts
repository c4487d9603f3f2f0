/**
 * Whole meters against IEC 62053-22 class 0.2S and 62053-24 class 0.5S, forms 9 and 5, 50 and 60 Hz: the error is under a tenth of what
 * the class allows, and under 0.01 % of the closed form of each definition of reactive power. Samples and what must come of them are
 * this file's own formulas.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import type { MeterModel } from "#model/model.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { form5, form9, FormulaSource, powersOf, radians, squareOf, ramp, steady, type FormulaOptions, type Signal, type Wave } from "./formula-source.ts"; // prettier-ignore
import { measure, plain, register, revenueRig } from "./revenue-rig.ts";
import { rig } from "./rig.ts";
import { share } from "./share.ts";

/** Nominal volts to neutral, nominal and largest amps. */
const UN = 120;
const IN = 5;
const MOST = 20;
const RATE = 10_240;
const SECONDS = 2;
const ALL = [0, 1, 2];

const forms = {
  "form 9": { connection: "4 wire wye", elements: form9, systemType: 40 },
  "form 5": { connection: "3 wire delta", elements: form5, systemType: 31 },
} as const;
type Form = keyof typeof forms;
const formNames = Object.keys(forms) as Form[];

interface Load {
  readonly amps: number;
  /** Current behind voltage. */
  readonly lag: number;
  readonly volts?: number;
  readonly rotation?: 1 | -1;
  /** Phases with a voltage, and with a current. */
  readonly live?: readonly number[];
  readonly loaded?: readonly number[];
  /** Order, percent of the volts and of the amps, degrees of both at the rising zero crossing of their phase. */
  readonly harmonics?: readonly (readonly [
    order: number,
    v: number,
    i: number,
    vDegrees?: number,
    iDegrees?: number,
  ])[];
  /** A load between two lines: through the first element of form 5 alone. */
  readonly between?: boolean;
}

function signalOf(load: Load): Signal {
  const { amps, lag, volts = UN, rotation = 1, live = ALL, loaded = ALL, harmonics = [], between = false } = load;
  return [0, 1, 2, 3, 4, 5].map((c) => {
    const k = c % 3;
    const isVolts = c < 3;
    if (!(isVolts ? live : loaded).includes(k)) return [];
    const turn = -120 * k * rotation;
    // From a to b and back: Vab is 30 degrees ahead of Va, and what flows in b comes out of a.
    const own = between ? 30 + (k === 1 ? 180 : 0) : turn;
    const waves: Wave[] = [{ order: 1, rms: isVolts ? volts : amps, degrees: isVolts ? turn : own - lag }];
    for (const [order, v, i, vDegrees = 0, iDegrees = 0] of harmonics) {
      const rms = ((isVolts ? v : i) / 100) * (isVolts ? volts : amps);
      waves.push({ order, rms, degrees: order * turn + (isVolts ? vDegrees : iDegrees) });
    }
    return waves;
  });
}

type Timing = Partial<FormulaOptions> & Pick<FormulaOptions, "turns">;

interface Energies {
  readonly wh: number;
  readonly varh: number;
  /** For how long it has counted: what its square volts by the hour come to. */
  readonly hours: number;
  readonly a2h: number;
}

/** What a revenue meter has counted when the source has ended. */
function energies(form: Form, signal: Signal, timing: Timing, startingCurrent = 0.002): Energies {
  const { seconds = SECONDS } = timing;
  const { connection } = forms[form];
  const pairs =
    form === "form 9"
      ? [[0], [1], [2]]
      : [
          [0, 1],
          [1, 2],
          [2, 0],
        ];
  const normal = [
    register(1, { measure: measure("Wh") }),
    register(2, { measure: measure("Wh", "received") }),
    register(3, { measure: measure("varh", "net") }),
    register(4, { measure: measure("V2h") }),
    register(5, { measure: measure("A2h") }),
  ];
  const source = new FormulaSource({ signal, rate: RATE, ...timing, seconds });
  const changes = { primary: { ...plain.primary, connection }, registers: { ...plain.registers, normal } };
  const { meter, value } = revenueRig(changes, undefined, {
    source,
    startingCurrent,
    terminals: { auxiliaryFirst: true, auxiliary: true },
  });
  for (let ms = 250; ms <= 1000 * seconds + 500; ms += 250) meter.advance(ms);
  const volts2 = pairs.map(([plus = 0, minus]) => squareOf(signal[plus]!, minus === undefined ? [] : signal[minus]!));
  const mean = volts2.reduce((sum, square) => sum + square / volts2.length, 0);
  return { wh: value(1) - value(2), varh: value(3), hours: value(4) / mean, a2h: value(5) };
}

/** Fails unless a mean power is its closed form to `percent` of it, and all but the ends of the source was counted. */
function proves(
  form: Form,
  load: Load,
  timing: Timing,
  limits: { readonly w?: number; readonly q?: number },
  what: string,
): void {
  const signal = signalOf(load);
  const { wh, varh, hours } = energies(form, signal, timing);
  const { seconds = SECONDS } = timing;
  const uncounted = seconds - 3600 * hours;
  assert.ok(Math.abs(uncounted) < 0.03, `${what}: ${uncounted} s of ${seconds} were not counted`);
  const truth = powersOf(signal, forms[form].elements);
  const { w, q } = limits;
  if (w !== undefined) within(wh / hours, truth.w, w, `${what}: W`);
  if (q !== undefined) within(varh / hours, truth.shifted, q, `${what}: var`);
}

function within(actual: number, expected: number, percent: number, what: string): void {
  const off = 100 * Math.abs(actual / expected - 1);
  assert.ok(
    off <= percent,
    `${what} is ${actual}, ${off.toExponential(2)} % off ${expected}; ${percent} % is the limit`,
  );
}

function everywhere(check: (form: Form, hz: number, what: string) => void): void {
  for (const form of formNames) for (const hz of [50, 60]) check(form, hz, `${form}, ${hz} Hz`);
}

const inductive = (factor: number): number => Math.acos(factor) / radians;
const capacitive = (factor: number): number => -inductive(factor);

/** Table 3 of IEC 62053-22: amps as parts of In, lag, the class limit in percent; a row for each end of a range. */
// prettier-ignore
const active: readonly (readonly [parts: readonly number[], lag: number, limit: number, between?: true])[] = [
  [[0.01, 0.049],          0,                0.4],
  [[0.05, 1, MOST / IN],   0,                0.2],
  [[0.02, 0.099],          inductive(0.5),   0.5],
  [[0.02, 0.099],          capacitive(0.8),  0.5],
  [[0.1, 1, MOST / IN],    inductive(0.5),   0.3],
  [[0.1, 1, MOST / IN],    capacitive(0.8),  0.3],
  [[0.1, MOST / IN],       inductive(0.25),  0.5],
  [[0.1, MOST / IN],       capacitive(0.5),  0.5],
  [[0.05, MOST / IN],      0,                0.3, true],
  [[0.1, MOST / IN],       inductive(0.5),   0.4, true],
];

/** IEC 62053-24, class 0.5S: amps as parts of In, sine of the angle, the class limit in percent. */
// prettier-ignore
const reactive: readonly (readonly [parts: readonly number[], sine: number, limit: number])[] = [
  [[0.01, 0.049],       1,    1.0],
  [[0.05, MOST / IN],   1,    0.5],
  [[0.05, 0.099],       0.5,  1.0],
  [[0.1, MOST / IN],    0.5,  0.5],
  [[0.1, MOST / IN],    0.25, 1.0],
];

/** A tenth of the class limit, and never more than this. */
const OWN = 0.01;
const tenth = (limit: number): number => Math.min(limit / 10, OWN);

test("62053-22, limits of error: every row of class 0.2S, balanced and of one load alone", () => {
  everywhere((form, hz, where) => {
    for (const [parts, lag, limit, single] of active) {
      for (const part of parts) {
        const alone =
          single === undefined ? {} : form === "form 5" ? { between: true, loaded: [0, 1] } : { loaded: [1] };
        // The load between two lines sees these line volts: its factor is that of the row.
        const load = { amps: part * IN, lag, ...alone };
        const what = `${where}, ${part} In, ${lag.toFixed(1)} degrees${single === undefined ? "" : ", one load"}`;
        proves(form, load, { turns: steady(hz) }, { w: tenth(limit) }, what);
      }
    }
  });
});

test("62053-24, limits of error: every row of class 0.5S, lagging and leading", () => {
  everywhere((form, hz, where) => {
    for (const [parts, sine, limit] of reactive) {
      for (const part of parts) {
        for (const sign of [1, -1]) {
          const lag = (sign * Math.asin(sine)) / radians;
          const what = `${where}, ${part} In, ${lag.toFixed(1)} degrees`;
          proves(form, { amps: part * IN, lag }, { turns: steady(hz) }, { q: tenth(limit) }, what);
        }
      }
    }
  });
});

/** What may change by how many percent of class 0.2S (62053-22, influence quantities). */
// prettier-ignore
const influences: readonly (readonly [what: string, limit: number, load: Partial<Load>, turns?: (hz: number) => (t: number) => number])[] = [
  ["volts 10 % low",               0.1,  { volts: 0.9 * UN }],
  ["volts 10 % high",              0.1,  { volts: 1.1 * UN }],
  ["frequency 2 % low",            0.1,  {}, (hz) => steady(0.98 * hz)],
  ["frequency 2 % high",           0.1,  {}, (hz) => steady(1.02 * hz)],
  ["frequency from -2 % to +2 %",  0.1,  {}, (hz) => ramp(0.98 * hz, (0.04 * hz) / SECONDS)],
  ["reversed phase sequence",      0.05, { rotation: -1, amps: 0.1 * IN }],
  ["phase b out",                  0.5,  { live: [0, 2] }],
  ["phase a out",                  0.5,  { live: [1, 2] }],
  ["phases a and b out",           0.5,  { live: [2] }],
];

test("62053-22, influence quantities: volts, frequency, phase sequence, phases out", () => {
  everywhere((form, hz, where) => {
    for (const [what, limit, changes, turns = steady] of influences) {
      for (const lag of [0, inductive(0.5)]) {
        // While the frequency is not known yet to change, for 0.3 s, its quarter is not either.
        const q = lag === 0 ? {} : { q: turns === steady || !what.includes("from") ? OWN : 0.05 };
        const timing = { turns: turns(hz) };
        proves(
          form,
          { amps: IN, lag, ...changes },
          timing,
          { w: tenth(limit), ...q },
          `${where}, ${what}, ${lag.toFixed(0)} degrees`,
        );
      }
    }
  });
});

test("off nominal, 45 to 65 Hz", () => {
  for (const form of formNames) {
    for (const hz of [45, 47.3, 52.5, 55, 57.7, 65])
      proves(form, { amps: IN, lag: inductive(0.5) }, { turns: steady(hz) }, { w: OWN, q: OWN }, `${form}, ${hz} Hz`);
  }
});

test("62053-22, fifth harmonic: 10 % of the volts and 40 % of the amps, in phase at the zero crossing", () => {
  everywhere((form, hz, where) => {
    const load: Load = { amps: MOST / 2, lag: 0, harmonics: [[5, 10, 40]] };
    proves(form, load, { turns: steady(hz) }, { w: OWN }, where);
  });
});

test("harmonics from the third to the forty-ninth, one at a time", () => {
  everywhere((form, hz, where) => {
    for (let order = 3; order < 50; order += share(6, 4, 2)) {
      const load: Load = { amps: IN, lag: 30, harmonics: [[order, 10, 30, 20, -50]] };
      proves(
        form,
        load,
        { turns: steady(hz), seconds: 1, rate: 20_480 },
        { w: OWN, q: OWN },
        `${where}, order ${order}`,
      );
    }
  });
});

test("62053-22, sub-harmonics: amps for two cycles, none for two", () => {
  everywhere((form, hz, where) => {
    // From zero crossing to zero crossing of each phase's own current; none at both ends.
    const bursts = Math.floor((SECONDS * hz) / 4) - 2;
    const signal = signalOf({ amps: MOST / 2, lag: 0 });
    const envelope = (c: number, t: number): number => {
      if (c < 3) return 1;
      const cycles = hz * t - (c - 3) / 3 - 2;
      return cycles >= 0 && cycles < 4 * bursts && cycles % 4 < 2 ? 1 : 0;
    };
    const { wh } = energies(form, signal, { turns: steady(hz), envelope });
    within(wh, (powersOf(signal, forms[form].elements).w * bursts * 2) / hz / 3600, 0.6 / 10, where);
  });
});

test("starting current registers, and nothing registers without amps at 115 % of the volts", () => {
  everywhere((form, hz, where) => {
    proves(form, { amps: 0.001 * IN, lag: 0 }, { turns: steady(hz) }, { w: OWN }, `${where}, starting current`);
    for (const amps of [0, 0.0015]) {
      const { wh, varh, hours } = energies(form, signalOf({ amps, lag: 30, volts: 1.15 * UN }), { turns: steady(hz) });
      assert.ok(hours > 0, where);
      assert.deepEqual([wh, varh], [0, 0], `${where}, ${amps} A`);
    }
  });
});

test("a jump of the phase, a step and a ramp of the frequency: energies go on as the power does", () => {
  const half = SECONDS / 2;
  everywhere((form, hz, where) => {
    const load: Load = { amps: IN, lag: inductive(0.5) };
    // Volts before the jump meet amps after it for a quarter of a period: less than the vars of half a cycle, in percent of all.
    const halfCycle = (100 * 0.5) / hz / SECONDS;
    for (const degrees of [30, -30, 90]) {
      const turns = (t: number): number => hz * t + (t < half ? 0 : degrees / 360);
      proves(form, load, { turns }, { w: 0.02, q: halfCycle }, `${where}, ${degrees} degrees`);
    }
    for (const step of [-1, 1, 3]) {
      const turns = (t: number): number => hz * t + Math.max(0, t - half) * step;
      proves(form, load, { turns }, { w: 0.02, q: halfCycle }, `${where}, ${step} Hz`);
    }
  });
});

test("a line that comes alive after the meter is measured as exactly as one that was live before it", () => {
  everywhere((form, hz, where) => {
    for (const live of [ALL, [1, 2], [2]]) {
      const signal = signalOf({ amps: IN, lag: inductive(0.5), live });
      const envelope = (_c: number, t: number): number => (t < 1.003 ? 0 : 1);
      const source = new FormulaSource({ signal, rate: RATE, turns: steady(hz), envelope });
      const { connection, elements } = forms[form];
      const { meter } = revenueRig({ primary: { ...plain.primary, connection } }, undefined, {
        source,
        terminals: { auxiliaryFirst: true, auxiliary: true },
      });
      for (let ms = 250; ms <= 4500; ms += 250) meter.advance(ms);
      const truth = powersOf(signal, elements);
      const found = (quantity: "W" | "var" | "Hz"): number =>
        sumOf(
          columnsOf(measure(quantity, "bidirectional", quantity === "Hz" ? "a" : "polyphase")),
          meter.window.average,
        );
      within(found("Hz"), hz, 0.001, `${where}, ${live.join()}: Hz`);
      within(found("W"), truth.w, OWN, `${where}, ${live.join()}: W`);
      within(found("var"), truth.shifted, OWN, `${where}, ${live.join()}: var`);
    }
  });
});

test("interharmonics of the volts, alike in all phases, bring no energy to balanced amps", () => {
  everywhere((form, hz, where) => {
    for (const between of [hz + 5, 1.5 * hz, 2.5 * hz + 2, 7.5 * hz]) {
      const added = (c: number, t: number): number =>
        c < 3 ? 0.1 * UN * Math.SQRT2 * Math.sin(2 * Math.PI * between * t) : 0;
      const signal = signalOf({ amps: IN, lag: 0 });
      const { wh, a2h } = energies(form, signal, { turns: steady(hz), added });
      const { w } = powersOf(signal, forms[form].elements);
      // The amps say how long it has counted.
      const hours = a2h / (forms[form].elements.length * IN * IN);
      within(wh / hours, w, OWN, `${where}, ${between} Hz`);
    }
  });
});

/** A fixed-map meter with a fast converter, by one definition of reactive power: W and var of one second. */
function second(
  form: Form,
  signal: Signal,
  hz: number,
  reactive: "shifted" | "fundamental" | "budeanu",
  rate = 20_480,
) {
  const { instrument } = levitonS4100;
  const wirings = { ...instrument.wirings, 31: "two-element" } as const;
  const design = { ...instrument, sampling: { perSecond: rate }, grid: 512, reactive, wirings } as const;
  const model: MeterModel = { ...levitonS4100, instrument: design };
  const source = new FormulaSource({ signal, rate, turns: steady(hz) });
  const { systemType } = forms[form];
  const meter = rig({ model, source, settings: { systemType, systemVoltage: 208, ctPrimary: 20 } });
  meter.run(2);
  return { w: meter.instrument.read("W"), q: meter.instrument.read("var") };
}

const definitions = ["shifted", "fundamental", "budeanu"] as const;

/** Per unit of one phase (volts 1, amps 1): harmonics in percent with their lag, the fundamental's lag, and what must come of it. */
// prettier-ignore
const examples: readonly (readonly [what: string, lag: number, harmonics: NonNullable<Load["harmonics"]>, w: number, shifted: number, fundamental: number, budeanu: number])[] = [
  ["62053's fifth, half power factor", 60, [[5, 10, 40, 0, -300]],  0.5200, 0.83138, 0.86603, 0.83138],
  ["third, 90 degrees behind",         60, [[3, 5, 30, 0, -90]],    0.5000, 0.85103, 0.86603, 0.88103],
  ["second, in phase",                 90, [[2, 2, 10]],            0.0020, 0.99800, 1.0000,  1.0000],
];

test("each definition of reactive power is its own closed form, of which the worked examples are", () => {
  for (const [what, lag, harmonics, w, ...q] of examples) {
    const signal = signalOf({ amps: IN, lag, harmonics });
    const truth = powersOf(signal, form9);
    const unit = 3 * UN * IN;
    assert.ok(Math.abs(truth.w / unit - w) < 6e-5, `${what}: ${truth.w / unit}`);
    definitions.forEach((one, k) =>
      assert.ok(Math.abs(truth[one] / unit - q[k]!) < 6e-5, `${what}, ${one}: ${truth[one] / unit}`),
    );
  }
  everywhere((form, hz, where) => {
    for (const [what, lag, harmonics] of examples) {
      const signal = signalOf({ amps: IN, lag, harmonics });
      const truth = powersOf(signal, forms[form].elements);
      for (const one of definitions) {
        const found = second(form, signal, hz, one);
        within(found.w, truth.w, OWN, `${where}, ${what}: W`);
        within(found.q, truth[one], OWN, `${where}, ${what}: ${one} var`);
      }
    }
  });
});

/** Testing states of IEC 61000-4-30 and 62586-2, without flicker: Hz off nominal, percent of the volts by phase, harmonics. */
// prettier-ignore
const states: readonly (readonly [offHz: number, percent: readonly number[], harmonics: NonNullable<Load["harmonics"]>])[] = [
  [ 0, [100, 100, 100], []],
  [-1, [ 73,  80,  87], [[3, 10, 10], [5, 5, 5], [29, 5, 5]]],
  [ 1, [152, 140, 128], [[7, 10, 10, 180, 180], [13, 5, 5], [25, 5, 5]]],
];

test("the three testing states of 62586-2: watts, and vars by each definition", () => {
  everywhere((form, hz, where) => {
    states.forEach(([off, percent, harmonics], state) => {
      const plainSignal = signalOf({ amps: IN, lag: 30, harmonics });
      const signal = plainSignal.map((waves, c) =>
        waves.map((wave) => ({ ...wave, rms: c < 3 ? (wave.rms * percent[c]!) / 100 : wave.rms })),
      );
      const truth = powersOf(signal, forms[form].elements);
      for (const one of definitions) {
        const found = second(form, signal, hz + off, one);
        within(found.w, truth.w, OWN, `${where}, state ${state + 1}: W`);
        within(found.q, truth[one], OWN, `${where}, state ${state + 1}: ${one} var`);
      }
    });
  });
});
