/** The instrument on a real grid: dips, gaps, what is missing, what is lost, and the figures of other open instruments' tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Grid } from "#metrology/grid.ts";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { QualityInstrument, type QualityOptions } from "./instrument.ts";
import type { Interval } from "./intervals.ts";

/** Volts or amps of channel c at a time in seconds; NaN where there is no sample. */
type Signal = (c: number, t: number) => number;

interface Value {
  readonly rms: number;
  readonly begins: number;
  readonly ends: number;
  readonly disturbed: boolean;
}

interface Played {
  readonly signal: Signal;
  readonly seconds: number;
  readonly rate?: number;
  readonly grid?: number;
  readonly wiring?: WiringName;
  readonly options?: Partial<QualityOptions>;
  /** Seconds at which a gap of so many seconds begins. */
  readonly gap?: readonly [at: number, seconds: number];
  /** Is told at each tenth of a second. */
  readonly watch?: (instrument: QualityInstrument, at: number) => void;
}

function play(given: Played) {
  const { signal, seconds, rate = 10_000, grid: instants = 256, gap } = given;
  const wiring = wirings[given.wiring ?? "wye"];
  const urms = new Map<string, Value[]>();
  const intervals: {
    readonly length: Interval["length"];
    readonly flagged: boolean;
    readonly count: number;
    readonly lost: number;
  }[] = [];
  const instrument: QualityInstrument = new QualityInstrument({
    wiring,
    hz: 50,
    nominalVolts: 230,
    rotation: "abc",
    flickerLamp: 230,
    utc: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    onUrms: ({ channels, rms, begins, ends }, disturbed) =>
      channels.forEach(({ name }, c) => {
        if (!urms.has(name)) urms.set(name, []);
        urms.get(name)!.push({ rms: rms[c]!, begins: begins[c]!, ends: ends[c]!, disturbed });
      }),
    onInterval: ({ length, aggregate: { flagged, count, lost } }) => intervals.push({ length, flagged, count, lost }),
    ...given.options,
  });
  instrument.begin(0);
  const grid = new Grid({ grid: instants, wiring, frequency: [42.5, 57.5], cyclesKept: 16 });
  grid.floorVolts = given.options?.nominalVolts === undefined ? 5 : 0.01;
  const count = rate / 10;
  const channels = Array.from({ length: 6 }, () => new Float64Array(count));
  let at = 0;
  let joined = false;
  for (let k = 0; k < seconds * 10; k++) {
    const missing = new Uint8Array(count);
    for (let c = 0; c < 6; c++) {
      for (let n = 0; n < count; n++) {
        const value = signal(c, at + n / rate);
        channels[c]![n] = Number.isNaN(value) ? 0 : value;
        if (Number.isNaN(value)) missing[n]! |= 1 << c;
      }
    }
    const samples = { channels, count, rate, perCycle: 0, at, joined, missing };
    instrument.run(samples);
    grid.push(samples);
    while (grid.next()) instrument.half(grid);
    joined = true;
    at += 0.1;
    if (gap !== undefined && Math.abs(at - gap[0]) < 1e-6) {
      at += gap[1];
      joined = false;
    }
    given.watch?.(instrument, at);
  }
  grid.finish();
  while (grid.next()) instrument.half(grid);
  instrument.finish();
  const of = (name: string): readonly Value[] => urms.get(name)!.filter(({ rms }) => !Number.isNaN(rms));
  return { instrument, of, intervals };
}

const sine = (c: number, t: number, hz = 50): number =>
  Math.SQRT2 * (c < 3 ? 230 : 5) * Math.sin(2 * Math.PI * hz * t - ((c % 3) * 2 * Math.PI) / 3);

const least = (values: readonly Value[]): number => Math.min(...values.map(({ rms }) => rms));

function near(actual: number | null | undefined, expected: number, tolerance: number, what = ""): void {
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance,
    `${what} ${actual} instead of ${expected}`,
  );
}

test("a dip of one cycle to 40 % from each phase's own crossing on reads 40.0 % on every phase, from samples", () => {
  const signal: Signal = (c, t) => {
    const since = (t - 0.7) * 50 - (c % 3) / 3;
    return sine(c, t) * (since >= 0 && since < 1 ? 0.4 : 1);
  };
  const { of } = play({ signal, seconds: 1.5 });
  // Magnitude within 0.2 % of the declared voltage.
  for (const name of ["V.a", "V.b", "V.c"]) near((100 * least(of(name))) / 230, 40, 0.2, name);
});

for (const [depth, cycles] of [
  [0.5, 2],
  [0.1, 5],
  [0.85, 10],
  [1.2, 3],
] as const) {
  test(`${100 * depth} % for ${cycles} cycles, at any angle: within 0.2 % of Udin and one cycle`, () => {
    for (const begins of [0.8013, 0.8077, 0.8146]) {
      const signal: Signal = (c, t) => sine(c, t) * (t >= begins && t < begins + cycles / 50 ? depth : 1);
      const { of } = play({ signal, seconds: 1.6 });
      for (const name of ["V.a", "V.b", "V.c"]) {
        const values = of(name);
        const part = depth < 1 ? least(values) : Math.max(...values.map(({ rms }) => rms));
        near((100 * part) / 230, 100 * depth, 0.02, `${name} from ${begins}`);
        // From the value beyond the threshold to the first one back by the hysteresis: 2 %.
        const isOut = ({ rms }: Value): boolean => (depth < 1 ? rms < 0.9 * 230 : rms > 1.1 * 230);
        const isBack = ({ rms }: Value): boolean => (depth < 1 ? rms >= 0.92 * 230 : rms <= 1.08 * 230);
        const first = values.findIndex(isOut);
        const last = values.findIndex((value, k) => k > first && isBack(value));
        near(values[last]!.ends - values[first]!.ends, cycles / 50, 0.02 + 1e-6, `${name}, duration`);
      }
    }
  });
}

test("a block that is given up at a jump of the phase is flagged, one that a gap ends is not", () => {
  const seen = (given: Partial<Played>): string[] => {
    const states = new Set<string>();
    const jumping = (c: number, t: number): number =>
      c < 3
        ? 325 * Math.sin(2 * Math.PI * (50 * t - c / 3) + (given.gap === undefined && t >= 1.03 ? Math.PI / 2 : 0))
        : 0;
    play({
      signal: jumping,
      seconds: 2,
      watch: (instrument) => {
        const view = instrument.view();
        if (view !== undefined) states.add(`${view.flagged} ${view.missing.join().slice(0, 9)}`);
      },
      ...given,
    });
    return [...states].filter((one) => /phase|gap/.test(one));
  };
  assert.deepEqual(seen({}), ["true the phase"]);
  assert.deepEqual(seen({ gap: [1, 0.5] }), ["false a gap: th"]);
});

test("why there is no Pst of the ten minutes that ended last stands in the view", () => {
  // Two seconds before a tick of ten minutes.
  const utc = (): number => Date.UTC(2026, 0, 2, 3, 9, 58);
  const { instrument } = play({ signal: sine, seconds: 4, options: { utc } });
  assert.deepEqual(
    instrument
      .view()
      ?.missing.filter((one) => one.startsWith("P"))
      .map((one) => one.replace(/\d+\.\d s/, "so long")),
    ["Pst of V.a, V.b, V.c: not measured for so long: measuring began", "Plt: none has ended since measuring began"],
  );
});

test("a dip whose phase jumps is as deep as it is", () => {
  const signal: Signal = (c, t) => (t >= 0.8 && t < 1 ? 0.6 * sine(c, t + 30 / 360 / 50) : sine(c, t));
  const { of } = play({ signal, seconds: 1.8 });
  for (const name of ["V.a", "V.b", "V.c"]) {
    const inside = of(name).filter(({ begins, ends }) => begins > 0.84 && ends < 0.98);
    assert.ok(inside.length > 5);
    for (const { rms } of inside) near((100 * rms) / 230, 60, 0.2, name);
    for (const { rms } of of(name).filter(({ begins }) => begins > 1.1)) near(rms, 230, 0.1);
  }
});

/**
 * Figures of smaslan/TWM: 50.3 Hz, 10 kHz, orders 2 to 11; alg_TWM-InDiSwell/alg_test.m with 5 V of direct voltage and an interharmonic at 1.8,
 * alg_TWM-HCRMS/alg_test.m without, and half the harmonics.
 */
for (const [name, direct, interharmonic, much] of [
  ["InDiSwell", 5, 0.001, 1],
  ["HCRMS", 0, 0, 0.5],
] as const) {
  test(`TWM-${name}'s own dip, to 50 % for 50 ms from 0.8 s on, has its residual voltage and duration`, () => {
    const hz = 50.3;
    const rate = 10_000;
    const harmonics = [0.02, 0.09, 0.01, 0.06, 0.005, 0.05, 0.008, 0.02, 0.004, 0.03].map((each) => much * each);
    const rest = Math.sqrt(harmonics.reduce((sum, each) => sum + each * each, 1 + interharmonic ** 2));
    const peak = (Math.SQRT2 * Math.sqrt(230 ** 2 - direct ** 2)) / rest;
    const signal: Signal = (c, t) => {
      if (c > 0) return 0;
      const turn = 2 * Math.PI * hz * t + 1;
      let sum = Math.sin(turn) + interharmonic * Math.sin(1.8 * turn + 0.4);
      harmonics.forEach((part, k) => (sum += part * Math.sin((k + 2) * turn + k)));
      return (peak * sum + direct) * (t >= 0.8 && t < 0.85 ? 0.5 : 1);
    };
    const { of } = play({ signal, seconds: 2, rate, wiring: "1-phase-ln" });
    // The deepest window of a cycle that slides sample by sample.
    const count = Math.round(rate / hz);
    let deepest = Infinity;
    for (let first = Math.round(0.78 * rate); first < 0.85 * rate; first++) {
      let squares = 0;
      for (let k = 0; k < count; k++) squares += signal(0, (first + k) / rate) ** 2;
      deepest = Math.min(deepest, Math.sqrt(squares / count));
    }
    const values = of("V.a");
    near((100 * least(values)) / 230, (100 * deepest) / 230, 0.2);
    near((100 * least(values)) / 230, 50, 0.2);
    const first = values.findIndex(({ rms }) => rms < 0.9 * 230);
    const last = values.findIndex(({ rms }, k) => k > first && rms >= 0.92 * 230);
    near(values[first]!.begins, 0.8, 1 / hz);
    near(values[last]!.ends - values[first]!.ends, 0.05, 1 / hz);
  });
}

/** Figures of DaqOpen/pqopen-lib, test/powersystem-test.py, test_multi_period_calc_single_phase: 1 V and 2 A at 60 degrees, 1,000 samples a second. */
test("pqopen-lib's own block of a single phase: 1 V, 2 A, and nothing but a fundamental", () => {
  const signal: Signal = (c, t) =>
    c === 0
      ? Math.SQRT2 * Math.sin(2 * Math.PI * 50 * t)
      : c === 3
        ? 2 * Math.SQRT2 * Math.sin(2 * Math.PI * 50 * t + Math.PI / 3)
        : 0;
  let checked = 0;
  const watch = (each: QualityInstrument, at: number): void => {
    if (Math.abs(at - 2) > 0.01) return;
    const view = each.view()!;
    const [v, a] = view.channels;
    near(v!.rms, 1, 1e-4);
    near(v!.fundamental, 1, 1e-4);
    near(a!.rms, 2, 2e-4);
    near(a!.degrees, 60, 0.01);
    near(v!.thd, 0, 0.01);
    // 370 Hz is what 1,000 samples a second carry.
    assert.equal(v!.harmonics.filter((percent) => percent !== null).length, 7);
    assert.equal(v!.harmonics[7], null);
    assert.ok(view.missing.includes("orders above 7: the source's rate does not carry them"), view.missing.join());
    checked++;
  };
  const options = { nominalVolts: 1 };
  const { of } = play({ signal, seconds: 3, rate: 1000, grid: 64, wiring: "1-phase-ln", options, watch });
  assert.equal(checked, 1);
  for (const { rms, begins, ends } of of("V.a")) {
    // What lies before the first sample is not known.
    if (begins > 0.05 && ends < 2.95) near(rms, 1, 5e-4, `from ${begins}`);
  }
});

test("orders that the meter's own samples do not carry are not laid on the source", () => {
  const saidOf = (rate: number, grid: number): string | undefined => {
    let said: string | undefined;
    const watch = (each: QualityInstrument): void => {
      said = each.view()?.missing.find((words) => words.startsWith("orders"));
    };
    play({ signal: sine, seconds: 1, rate, grid, watch });
    return said;
  };
  // 0.37 of 1,600, 2,400 and 48,000 samples a second are orders 11, 17 and 355 of 50 Hz; 64 samples a cycle carry less than 24 of any.
  assert.equal(saidOf(1600, 64), "orders above 11: the source's rate does not carry them");
  assert.equal(saidOf(2400, 256), "orders above 17: the source's rate does not carry them");
  assert.match(saidOf(48_000, 64) ?? "", /^orders above 2[23]: the meter's own 64 samples a cycle do not carry them$/);
  assert.match(
    saidOf(48_000, 128) ?? "",
    /^orders above 4[5-7]: the meter's own 128 samples a cycle do not carry them$/,
  );
  assert.equal(saidOf(48_000, 256), undefined);
});

test("a dip flags its blocks, the ten seconds and 150 cycles, and nothing after", () => {
  const signal: Signal = (c, t) => sine(c, t) * (t >= 4.83 && t < 4.89 ? 0.7 : 1);
  const flags: (readonly [number, boolean])[] = [];
  const { intervals } = play({
    signal,
    seconds: 11,
    watch: (instrument, at) => {
      const view = instrument.view();
      if (view !== undefined) flags.push([at, view.flagged]);
    },
  });
  const flagged = flags.filter(([, is]) => is).map(([at]) => at);
  // Two blocks at most, each shown for two tenths of a second.
  assert.ok(flagged.length >= 2 && flagged.length <= 4, `${flagged.length}`);
  assert.ok(flagged.every((at) => at > 4.9 && at < 5.5));
  const cycles = intervals.filter(({ length }) => length === "cycles");
  assert.deepEqual(
    cycles.map(({ flagged }) => flagged),
    [false, true, false, false],
  );
});

test("a gap gives up the block, says so, and blocks begin anew; the line's frequency of those ten seconds is absent", () => {
  const told = new Set<string>();
  const { instrument } = play({
    signal: (c, t) => sine(c, t),
    seconds: 4,
    gap: [1, 2.5],
    watch: (each) => each.view()?.missing.forEach((why) => told.add(why)),
  });
  assert.ok(told.has("a gap: the block was given up"), [...told].join());
  // In the end the source stops: nothing of what was is taken for what is.
  assert.deepEqual(instrument.view()!.missing.slice(0, 1), ["nothing is measured now: what it was is not what it is"]);
  for (const { rms, harmonics } of instrument.view()!.channels) {
    assert.equal(rms, null);
    assert.ok(harmonics.every((each) => each === null));
  }
});

test("a channel that loses samples is absent with its reason, and comes back; all of them, too", () => {
  const shown: string[] = [];
  const watch = (instrument: QualityInstrument): void => {
    const view = instrument.view();
    if (view === undefined) return;
    const known = view.channels.filter(({ rms }) => rms !== null).map(({ name }) => name);
    const line = `${known.join(" ")} | ${view.missing.filter((why) => !/^(the frequency|Pst)/.test(why)).join("; ")}`;
    if (shown.at(-1) !== line) shown.push(line);
  };
  play({ signal: (c, t) => (c === 1 && t > 1.01 && t < 1.05 ? NaN : sine(c, t)), seconds: 2.4, watch });
  const everything = "V.a V.b V.c V.ab V.bc V.ca A.a A.b A.c | ";
  assert.deepEqual(shown, [everything, "V.a V.c V.ca A.a A.b A.c | V.b, V.ab, V.bc: samples are missing", everything]);
  shown.length = 0;
  play({ signal: (c, t) => (t > 1.01 && t < 1.31 ? NaN : sine(c, t)), seconds: 3, watch });
  assert.equal(shown[0], everything);
  assert.equal(shown.at(-1), everything);
  assert.ok(
    shown.some((line) => line.startsWith(" | V.a, V.b")),
    shown.join("\n"),
  );
});

test("a source that stops between two blocks leaves nothing that is taken for now", () => {
  const { instrument } = play({ signal: (c, t) => sine(c, t), seconds: 24 });
  const view = instrument.view()!;
  assert.equal(view.missing[0], "nothing is measured now: what it was is not what it is");
  assert.equal(view.hz10s, null);
  assert.equal(view.channels[0]!.rms, null);
});

test("no voltage is no frequency, and no angle: not 0", () => {
  let told: readonly string[] = [];
  play({
    signal: () => 0,
    seconds: 24,
    rate: 2000,
    grid: 64,
    watch: (each) => {
      const view = each.view();
      if (view === undefined) return;
      told = view.missing;
      assert.equal(view.hz10s, null);
      assert.equal(view.channels[0]!.rms, 0);
      assert.equal(view.channels[0]!.degrees, null);
      assert.equal(view.channels[0]!.thd, null);
      assert.equal(view.unbalance.V.negative, null);
    },
  });
  assert.ok(told.includes("the frequency of ten seconds: there was no voltage to take it from"));
});
