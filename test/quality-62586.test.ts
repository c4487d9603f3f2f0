/**
 * The testing states of IEC 62586-2 (test summary: voltage, unbalance, harmonics, interharmonics, frequency) from samples to
 * values, at 50 and 60 Hz, of a wye (form 9) and of two elements (form 5). What is expected is arithmetic on the components that
 * were put in; errors stay below a tenth of what class A of IEC 61000-4-30 allows.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Grid } from "#metrology/grid.ts";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { QualityView } from "#quantity/quality-view.ts";

const RATE = 10_000;
const GRID = 256;
const UDIN = 230;
const START = Date.UTC(2026, 4, 5, 6, 7, 8);

/** A part of the voltage: order, percent of the phase's fundamental, degrees at a phase's own zero crossing. */
type Part = readonly [order: number, percent: number, degrees: number];

interface State {
  readonly name: string;
  /** Percent of Udin, by phase. */
  readonly volts: readonly [number, number, number];
  /** Of the line's frequency against the nominal one. */
  readonly offHz: number;
  readonly parts: readonly Part[];
}

const states: readonly State[] = [
  { name: "state 1", volts: [100, 100, 100], offHz: 0, parts: [] },
  {
    name: "state 2",
    volts: [73, 80, 87],
    offHz: -1,
    parts: [
      [3, 10, 0],
      [5, 5, 0],
      [29, 5, 0],
      [7.5, 1, 0],
    ],
  },
  {
    name: "state 3",
    volts: [152, 140, 128],
    offHz: 1,
    parts: [
      [7, 10, 180],
      [13, 5, 0],
      [25, 5, 0],
      [3.5, 1, 0],
    ],
  },
];

interface Phasor {
  readonly re: number;
  readonly im: number;
}

const phasor = (rms: number, degrees: number): Phasor => ({
  re: rms * Math.cos((degrees * Math.PI) / 180),
  im: rms * Math.sin((degrees * Math.PI) / 180),
});
const size = ({ re, im }: Phasor): number => Math.hypot(re, im);
const less = (a: Phasor, b: Phasor): Phasor => ({ re: a.re - b.re, im: a.im - b.im });

/** The phasor of an order of a phase's voltage. */
function partOf({ volts, parts }: State, phase: number, order: number): Phasor {
  const [, percent, degrees] = order === 1 ? [1, 100, 0] : parts.find(([each]) => each === order)!;
  return phasor((UDIN * volts[phase]! * percent) / 10_000, degrees - 120 * phase * order);
}

/** What a channel's orders are: "V.a", "V.ab", "A.a" (a fiftieth of the volts, 25 degrees later). */
function expectedOf(state: State, name: string, order: number): Phasor {
  const [unit, phases] = name.split(".") as [string, string];
  const [plus, minus] = [...phases].map((phase) => "abc".indexOf(phase));
  const of = partOf(state, plus!, order);
  if (unit === "A") return phasor(size(of) / 50, 0);
  return minus === undefined ? of : less(of, partOf(state, minus, order));
}

const ordersOf = ({ parts }: State): readonly number[] => [1, ...parts.map(([order]) => order)];

interface Run {
  readonly view: QualityView;
  readonly value: (name: string) => number | undefined;
}

function run(state: State, nominal: 50 | 60, wiringName: WiringName, seconds: number): Run {
  const wiring = wirings[wiringName];
  const hz = nominal + state.offHz;
  const nominalVolts = wiring.ln.length > 0 ? UDIN : UDIN * Math.sqrt(3);
  const instrument = new QualityInstrument({
    wiring,
    hz: nominal,
    nominalVolts,
    rotation: "abc",
    flickerLamp: 120,
    demandAmps: 10,
    utc: () => START,
  });
  instrument.begin(0);
  const grid = new Grid({ grid: GRID, wiring, frequency: [42, 70], cyclesKept: 16 });
  const count = RATE;
  const channels = Array.from({ length: 6 }, () => new Float64Array(count));
  const orders = ordersOf(state);
  const waves = channels.map((_, c) =>
    orders.map((order) => {
      const { re, im } = partOf(state, c % 3, order);
      return {
        order,
        peak: Math.SQRT2 * Math.hypot(re, im) * (c < 3 ? 1 : 0.02),
        angle: Math.atan2(im, re) - (c < 3 ? 0 : (25 * order * Math.PI) / 180),
      };
    }),
  );
  for (let second = 0; second < seconds; second++) {
    for (const [c, channel] of channels.entries()) {
      for (let k = 0; k < count; k++) {
        const turn = 2 * Math.PI * hz * (second + k / RATE);
        let sum = 0;
        for (const { order, peak, angle } of waves[c]!) sum += peak * Math.sin(order * turn + angle);
        channel[k] = sum;
      }
    }
    const samples = { channels, count, rate: RATE, perCycle: 0, at: second, joined: second > 0, missing: undefined };
    instrument.run(samples);
    grid.push(samples);
    while (grid.next()) instrument.half(grid);
  }
  const view = instrument.view();
  assert.ok(view !== undefined);
  return {
    view,
    value: (name) => {
      const measure = parseMeasure(name);
      assert.ok(typeof measure === "object", name);
      return instrument.value(measure);
    },
  };
}

/** The table "Measured" of docs/power-quality.md: what class A allows, and the largest error that is said of it, in one unit. */
const documented = new Map(
  [
    ...readFileSync(new URL("../docs/power-quality.md", import.meta.url), "utf8").matchAll(
      /^\| (.+?) \| ([\d.]+) (?:%|Hz).*? \| ([\d.]+) (?:%|Hz) \|$/gm,
    ),
  ].map(([, what, allowed, largest]) => [what!, { allowed: Number(allowed), largest: Number(largest) }]),
);

/** Holds an error, in the unit of its row, against the table and against a tenth of what is allowed. */
function within(row: string, actual: number | null | undefined, expected: number, unit: number, what: string): void {
  const { allowed, largest } = documented.get(row)!;
  assert.ok(largest < allowed / 10, `${row}: ${largest} is not below a tenth of ${allowed}`);
  assert.ok(typeof actual === "number", `${what} is absent`);
  assert.ok(Math.abs(actual - expected) / unit <= largest, `${what}: ${actual} instead of ${expected}`);
}

for (const nominal of [50, 60] as const) {
  for (const wiringName of ["wye", "two-element"] as const) {
    for (const state of states) {
      test(`${state.name} at ${nominal} Hz, ${wiringName}: below a tenth of what class A allows`, () => {
        const { view, value } = run(state, nominal, wiringName, 24);
        const wiring = wirings[wiringName];
        const isWye = wiring.ln.length > 0;
        assert.equal(view.cycles, nominal / 5);
        assert.equal(view.flagged, state.volts[0] !== 100);
        assert.deepEqual(view.missing, ["Pst and Plt: none has ended since measuring began"]);
        // A block ends less than 300 ms before what was last read.
        const behind = START + 24_000 - Date.parse(view.utc!);
        assert.ok(behind > 0 && behind < 300, `${behind} ms`);
        const declared = isWye ? UDIN : UDIN * Math.sqrt(3);
        for (const { name, unit, rms, fundamental, harmonics, interharmonics, thd } of view.channels) {
          const orders = ordersOf(state).map((order) => [order, size(expectedOf(state, name, order))] as const);
          const first = orders[0]![1];
          const [row, percent] = unit === "V" ? (["volts", declared / 100] as const) : (["amps", first / 100] as const);
          const whole = Math.sqrt(orders.reduce((sum, [, each]) => sum + each * each, 0));
          within(row, rms, whole, percent, `${name} RMS`);
          within(row, fundamental, first, percent, `${name} fundamental`);
          let squares = 0;
          for (let h = 2; h <= 50; h++) {
            const expected = orders.find(([order]) => order === h)?.[1] ?? 0;
            squares += expected * expected;
            within("harmonics to order 50", harmonics[h - 1], (100 * expected) / first, 1, `${name} order ${h}`);
            const between = orders.find(([order]) => order === h - 0.5)?.[1] ?? 0;
            within("interharmonics", interharmonics[h - 2], (100 * between) / first, 1, `${name} above order ${h - 1}`);
          }
          within("THD", thd, (100 * Math.sqrt(squares)) / first, 1, `${name} THD`);
        }
        const three = [0, 1, 2].map((phase) => partOf(state, phase, 1));
        const turned = (phase: number, by: number): Phasor =>
          phasor(size(three[phase]!), (Math.atan2(three[phase]!.im, three[phase]!.re) * 180) / Math.PI + by * phase);
        const sum = (by: number): number =>
          size([0, 1, 2].map((phase) => turned(phase, by)).reduce((a, b) => ({ re: a.re + b.re, im: a.im + b.im })));
        within("unbalance", view.unbalance.V.negative, (100 * sum(240)) / sum(120), 1, "u2");
        if (isWye) within("unbalance", view.unbalance.V.zero, (100 * sum(0)) / sum(120), 1, "u0");
        else assert.equal(view.unbalance.V.zero, null);
        within("frequency", view.hz10s, nominal + state.offHz, 1, "frequency of ten seconds");
        within("frequency", value("Hz.10s"), nominal + state.offHz, 1, "the same by its name");
      });
    }
  }
}

for (const [hz, nominal] of [
  [49.3, 50],
  [50.7, 50],
  [59.3, 60],
  [61.4, 60],
] as const) {
  test(`subgroups of a line of ${hz} Hz: within 0.01 % of the fundamental to order 50, and nothing between them`, () => {
    // Every order has something else: 3 % and less, odd ones more than even ones.
    const parts: Part[] = [];
    for (let h = 2; h <= 50; h++) parts.push([h, (h % 2 === 1 ? 3 : 1) - h / 60, (53 * h) % 360]);
    const state: State = { name: "all orders", volts: [100, 96, 103], offHz: hz - nominal, parts };
    const { view } = run(state, nominal, "wye", 2);
    for (const name of ["V.a", "V.b", "V.c"]) {
      const { harmonics, interharmonics } = view.channels.find((channel) => channel.name === name)!;
      for (const [h, percent] of parts) {
        const [own, above] = [harmonics[h - 1]!, interharmonics[h - 2]!];
        assert.ok(Math.abs(own - percent) < 0.01, `${name} order ${h}: ${own} instead of ${percent}`);
        assert.ok(above < 0.01, `${name} above order ${h - 1}: ${above}`);
      }
    }
  });
}

test("by the names of the vocabulary: volts, harmonics, angles, deviations, sequences", () => {
  const state = states[1]!;
  const { value } = run(state, 60, "wye", 3);
  // Udin is 230 V, phase b at 80 % of it.
  const expected: readonly (readonly [name: string, value: number, off: number])[] = [
    ["V.b", 184 * Math.sqrt(1 + 0.01 + 0.0025 + 0.0025 + 0.0001), 0.023],
    ["V.b.fundamental", 184, 0.023],
    ["deg.V.b", -120, 0.01],
    ["deg.A.a", -25, 0.01],
    ["V.b.h5", 9.2, 0.023],
    ["V.c.ih7", 2.001, 0.023],
    ["V.ab.h3", 1.61, 0.023],
    ["THD.V.a", Math.sqrt(150), 0.01],
    ["THD.V.a.odd", Math.sqrt(150), 0.01],
    ["THD.V.a.even", 0, 0.01],
    ["TDD.A.c", (Math.sqrt(150) * 230 * 0.87 * 0.02) / 10, 0.01],
    ["under.V.b", 100 - 80 * Math.sqrt(1 + 0.01 + 0.0025 + 0.0025 + 0.0001), 0.01],
    ["over.V.b", 0, 0.01],
    ["V.positive", (230 * (0.73 + 0.8 + 0.87)) / 3, 0.023],
    ["K.A.a", (1 + 9 * 0.01 + 25 * 0.0025 + 841 * 0.0025) / (1 + 0.01 + 0.0025 + 0.0025), 0.001],
  ];
  for (const [name, is, off] of expected) {
    assert.ok(Math.abs((value(name) ?? NaN) - is) <= off, `${name}: ${value(name)} instead of ${is}`);
  }
  assert.equal(value("MSV.a"), undefined, "no frequency of signals is known");
  assert.equal(value("V.ln"), undefined, "blocks have no average of the phases");
  assert.equal(value("Pst.a"), undefined, "ten minutes are not over");
});
