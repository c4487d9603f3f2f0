/** The Series 4100 seen whole: readings, energies, demand, pulses, alerts, settings, as its manual says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmClosed } from "#meter/alerts.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { MemoryStore } from "#store/store.ts";
import { feeder, live, near, reading, rig, samplesOf, stepsOf } from "./rig.ts";

function fed(changes: Partial<typeof reading> = {}, options: Parameters<typeof rig>[0] = {}) {
  const source = live();
  source.push({ ...reading, ...changes });
  const meter = rig({ source, settings: feeder, ...options });
  return { ...meter, source };
}

test("integers carry their scales, floats their units", () => {
  const m = fed();
  m.run(1);
  // Full scale sqrt(3) x 480 x 100 = 83.1 kW: 1.2 times that fits 32767 at 0.01. Volts: 576 at 0.1. Amps: 120 at 0.01.
  assert.deepEqual(
    [138, 139, 140, 141].map((register) => m.i16(register)),
    [-2, -1, -2, -2],
  );
  assert.equal(m.u16(135), 8314);
  assert.equal(m.i16(21), 6100);
  assert.equal(m.i16(22), 1800);
  assert.equal(m.u16(23), 6360);
  assert.equal(m.i16(24), 9591); // 61000 / 63600.3
  assert.equal(m.u16(25), 4806);
  assert.equal(m.u16(26), 2773);
  assert.equal(m.u16(27), 8227); // (80.2 + 75.7 + 90.9) / 3 = 82.2667
  assert.equal(m.u16(28), 5997);
  assert.deepEqual(
    [91, 92, 93, 94, 95, 96].map((register) => m.i16(register)),
    [2000, 1900, 2200, 500, 600, 700],
  );
  assert.deepEqual(
    [103, 104, 105, 106, 107, 108].map((register) => m.u16(register)),
    [4793, 4806, 4819, 2771, 2764, 2783],
  );
  assert.deepEqual(
    [109, 110, 111].map((register) => m.u16(register)),
    [8020, 7570, 9090],
  );
  near(m.f32(277), 61, 1e-6);
  near(m.f32(369), 22, 1e-6);
  near(m.f32(393), 481.9, 1e-6);
  near(m.f32(291), 59.97, 1e-6);
  // 20000 / (277.1 x 80.2)
  near(m.f32(383), 0.899946, 1e-5);
});

test("before the first result everything instantaneous is QNAN, and energies are known", () => {
  const m = fed();
  for (const register of [21, 22, 23, 24, 25, 26, 27, 28, 29, 91, 103, 109])
    assert.equal(m.u16(register), 0x8000, `register ${register}`);
  assert.deepEqual(m.words(277, 2), [0x7fc0, 0]);
  assert.equal(m.u32(3), 0);
  assert.deepEqual(
    [38, 112].map((register) => m.u16(register)),
    [0x8000, 0x8000],
  );
  assert.deepEqual(m.words(311, 2), [0x7fc0, 0]);
  assert.deepEqual(
    [136, 148, 151, 153, 154].map((register) => m.u16(register)),
    [0, 0, 0, 0, 0],
  );
});

test("an hour of constant load is its energy, per phase and in its quadrant", () => {
  const m = fed();
  m.run(3600);
  assert.equal(m.u32(1), 6100);
  assert.equal(m.u32(3), 6100);
  assert.equal(m.u32(5), 0);
  assert.equal(m.u32(7), 1800);
  assert.deepEqual(
    [9, 11, 13].map((register) => m.u32(register)),
    [0, 0, 0],
  );
  assert.equal(m.u32(17), 6360);
  assert.deepEqual(
    [43, 45, 47].map((register) => m.u32(register)),
    [2000, 1900, 2200],
  );
  assert.deepEqual(
    [55, 57, 59].map((register) => m.u32(register)),
    [500, 600, 700],
  );
  near(m.f32(259), 61, 1e-6);
  near(m.f32(329), 5, 1e-6);
});

test("export counts on its own side, and net is import less export", () => {
  const m = fed();
  m.run(3600);
  m.source.push({ ...reading, watts: [-30_000, -31_000, -32_000], vars: [-1000, -2000, -3000] });
  m.run(3600);
  assert.equal(m.u32(3), 6100);
  assert.equal(m.u32(5), 9300);
  assert.equal(m.words(1, 2)[0], 0xffff, "net is negative: two's complement");
  assert.equal(m.u32(1) - 2 ** 32, -3200);
  assert.equal(m.u32(11), 600, "quadrant 3: export and leading vars");
  assert.equal(m.i16(24), -9979, "93000 / sqrt(93000² + 6000²), negative on export");
  assert.deepEqual(
    [49, 51, 53].map((register) => m.u32(register)),
    [3000, 3100, 3200],
  );
});

test("all four quadrants get their own vars", () => {
  const m = fed();
  for (const [w, q] of [
    [3000, 900],
    [-3000, 800],
    [-3000, -700],
    [3000, -600],
  ]) {
    m.source.push({ ...reading, watts: [w!, w!, w!], vars: [q!, q!, q!] });
    m.run(3600);
  }
  assert.deepEqual(
    [7, 9, 11, 13].map((register) => m.u32(register)),
    [270, 240, 210, 180],
  );
});

test("a ramp through zero is integrated in closed form, each side on its own", () => {
  // From 12 kW import to 6 kW export in an hour: two thirds import 4 kWh, the last third exports 1 kWh.
  const source = {
    kind: "steps" as const,
    ended: false,
    t: 0,
    step(seconds: number, from: { w: Float64Array; q: Float64Array }, to: { w: Float64Array; q: Float64Array }) {
      const w = (t: number): number => (12_000 - 18_000 * (t / 3600)) / 3;
      for (const [out, at] of [
        [from, this.t],
        [to, this.t + seconds],
      ] as const) {
        for (const array of Object.values(out)) if (array instanceof Float64Array) array.fill(100);
        out.w.fill(w(at));
        out.q.fill(0);
      }
      this.t += seconds;
      return seconds;
    },
  };
  const m = rig({ source, settings: feeder });
  m.run(3600);
  near(m.instrument.read("Wh.import"), 4000, 1e-9);
  near(m.instrument.read("Wh.export"), 1000, 1e-9);
});

test("the same network by samples and by steps agrees within 0.001 %", () => {
  const samples = rig({ source: samplesOf(), settings: feeder });
  const steps = rig({ source: stepsOf(), settings: feeder });
  samples.run(3);
  steps.run(3);
  for (const name of [
    "W",
    "var",
    "VA",
    "V.a",
    "V.bc",
    "A.b",
    "A.n",
    "PF.c",
    "Hz",
    "deg.V.b",
    "deg.A.a",
    "V.positive",
  ] as const) {
    near(samples.instrument.read(name), steps.instrument.read(name), 1e-5, name);
  }
});

test("what a system type does not have reads QNAN: 0x8000 and 0x7FC00000", () => {
  const invalid: Record<number, { none: number[]; valid: number[] }> = {
    10: { none: [25, 92, 93, 95, 96, 101, 102, 103, 104, 105, 107, 108, 110, 111], valid: [26, 91, 106, 109] },
    11: { none: [26, 92, 93, 104, 105, 106, 107, 108, 110, 111], valid: [25, 91, 103, 109] },
    12: { none: [93, 96, 99, 102, 104, 105, 108, 111], valid: [25, 26, 91, 92, 103, 106, 107, 109, 110] },
    31: { none: [26, 106, 107, 108], valid: [25, 91, 92, 93, 103, 104, 105, 109, 110, 111] },
    40: { none: [], valid: [25, 26, 91, 92, 93, 103, 104, 105, 106, 107, 108, 109, 110, 111] },
  };
  for (const [systemType, { none, valid }] of Object.entries(invalid)) {
    const m = rig({ source: samplesOf(), settings: { systemType: Number(systemType), systemVoltage: 480 } });
    m.run(2);
    for (const register of none) assert.equal(m.u16(register), 0x8000, `type ${systemType}, register ${register}`);
    for (const register of valid) assert.notEqual(m.u16(register), 0x8000, `type ${systemType}, register ${register}`);
    assert.equal(m.u16(40070), { 10: 201, 11: 201, 12: 202, 31: 204, 40: 203 }[systemType], "SunSpec model");
  }
  const split = rig({ source: samplesOf(), settings: { systemType: 12, systemVoltage: 480 } });
  split.run(2);
  assert.deepEqual(split.words(47, 2), [0x8000, 0x8000], "an accumulator of a phase that is not there");
  assert.deepEqual(split.words(321, 2), [0x7fc0, 0]);
  assert.deepEqual(split.words(40122, 2), [0, 0], "SunSpec accumulators that are not there are 0");
  assert.equal(split.u16(40075), 0x8000);
});

test("powers stop at 32767 and accumulators roll over", () => {
  const m = fed({ watts: [200_000, 200_000, 200_000] });
  m.run(1);
  assert.equal(m.i16(21), 32_767);
  m.source.push({ ...reading, watts: [-200_000, -200_000, -200_000] });
  m.run(1);
  assert.equal(m.i16(21), -32_767);
  // 2^32 counts of 0.01 kWh is 42,949,672.96 kWh.
  const big = fed({ watts: [4e12, 4e12, 4e12] });
  big.run(13);
  const wh = (12e12 * 13) / 3600;
  assert.equal(big.u32(3), Math.floor(wh / 10) % 2 ** 32);
  near(big.f32(259), (wh / 1000) % 42_949_672.96, 1e-5);
});

test("block demand is the mean over the sub-interval, and its maxima keep their directions", () => {
  const m = fed({}, { settings: { ...feeder, demandSubInterval: 60 } });
  m.run(59);
  assert.equal(m.u16(29), 0x8000, "no interval has ended");
  m.run(1);
  assert.equal(m.i16(29), 6100);
  assert.equal(m.i16(32), 6100);
  m.source.push({ ...reading, watts: [-8000, -9000, -10_000], vars: [-100, -200, -300] });
  m.run(30);
  m.source.push({ ...reading, watts: [0, 0, 0], vars: [0, 0, 0] });
  m.run(30);
  assert.equal(m.i16(29), -1350);
  assert.equal(m.i16(35), 1350, "export of 27 kW for half the interval");
  assert.equal(m.i16(32), 6100, "the maximum of import stays");
  assert.equal(m.write(129, 21212), 0);
  m.run(1);
  assert.deepEqual(
    [32, 35].map((register) => m.i16(register)),
    [0, 1350],
    "reset to the present demands",
  );
});

test("rolling demand moves on by a sub-interval, and sets no maximum before a full interval", () => {
  const m = fed(
    { watts: [10_000, 10_000, 10_000] },
    { settings: { ...feeder, demandSubInterval: 10, demandSubIntervals: 3 } },
  );
  m.run(10);
  assert.equal(m.i16(29), 3000);
  assert.equal(m.u16(32), 0x8000);
  m.run(20);
  assert.equal(m.i16(32), 3000);
  m.source.push({ ...reading, watts: [20_000, 20_000, 20_000] });
  m.run(10);
  assert.equal(m.i16(29), 4000, "(30 + 30 + 60) / 3");
  m.run(10);
  assert.equal(m.i16(29), 5000);
});

test("in sync mode an interval ends when 21211 comes, at most every 10 s", () => {
  const m = fed({}, { settings: { ...feeder, demandSubInterval: 0, demandSubIntervals: 4 } });
  m.run(25);
  assert.equal(m.u16(29), 0x8000);
  assert.equal(m.write(129, 21211), 0);
  assert.equal(m.u16(29), 0x8000, "not before the end of the calculation cycle");
  m.run(1);
  assert.equal(m.i16(29), 6100);
  m.source.push({ ...reading, watts: [1000, 1000, 1000] });
  m.run(5);
  assert.equal(m.write(129, 21211), 0, "an early repeat is acknowledged");
  m.run(1);
  assert.equal(m.i16(29), 6100, "and ignored");
  m.run(5);
  assert.equal(m.write(129, 21211), 0);
  m.run(1);
  assert.equal(m.i16(29), 300);
});

test("clearing the energies counts, and clears nothing else", () => {
  const m = fed({}, { settings: { ...feeder, demandSubInterval: 10 } });
  m.run(3600);
  assert.equal(m.write(129, 30078), 0);
  assert.equal(m.u32(3), 6100, "it takes effect at the end of the cycle");
  m.run(1);
  for (const register of [1, 3, 7, 17, 43, 55, 79]) assert.equal(m.u32(register), 0, `register ${register}`);
  assert.equal(m.u16(147), 1);
  assert.equal(m.i16(32), 6100);
  assert.equal(m.u32(39), 61);
  assert.equal(m.u16(129), 0, "the command register reads 0");
});

test("pulses: one for each 1000 Wh of import, another count for export, cleared by 16498", () => {
  const m = fed();
  m.run(3600);
  assert.equal(m.u32(39), 61);
  m.source.push({ ...reading, watts: [-10_000, -10_000, -11_000] });
  m.run(3600);
  assert.deepEqual([m.u32(39), m.u32(41)], [61, 31]);
  near(m.f32(313), 61, 1e-9);
  assert.equal(m.write(129, 16498), 0);
  m.run(1);
  assert.deepEqual([m.u32(39), m.u32(41)], [0, 0]);
});

test("the closure is the slowest that keeps up with the theoretical power", () => {
  // 1 800 000 x Wh / ms: at 83.1 kW, 1000 Wh keeps up at 500 ms (3.6 MW), 100 Wh too (360 kW), 10 Wh needs 100 ms (180 kW).
  const m = fed();
  assert.equal(m.u16(145), 500);
  assert.equal(m.write(144, 100), 0);
  assert.equal(m.u16(145), 500);
  assert.equal(m.write(144, 10), 0);
  assert.equal(m.u16(145), 100);
  assert.equal(m.write(144, 50), 3, "not one of the energies");
  // 32,000 A: 26.6 MW. 10 Wh gives at most 1.8 MW.
  assert.equal(m.write(131, 32_000), 0);
  assert.equal(m.u16(144), 10, "a configuration change keeps the energy");
  assert.equal(m.u16(145), 10);
  assert.equal((m.u16(146) >> 15) & 1, 1, "and says that no closure keeps up");
  assert.equal(m.write(144, 10), 3, "which could not be written now");
  assert.equal(m.write(144, 1000), 0);
  assert.equal((m.u16(146) >> 15) & 1, 0);
  assert.equal(m.u16(145), 50, "36 MW at 50 ms");
});

test("a pulse output that cannot keep up latches until the energies are cleared", () => {
  const m = fed({ watts: [60_000, 60_000, 70_000] });
  assert.equal(m.write(144, 10), 0);
  m.run(5);
  // 190 kW is 5.28 pulses a second of 10 Wh; the contact makes 5.
  assert.equal((m.u16(146) >> 14) & 1, 0, "it lags only a little at first");
  m.run(60);
  assert.equal((m.u16(146) >> 14) & 1, 1);
  m.source.push({ ...reading, watts: [0, 0, 0], vars: [0, 0, 0] });
  m.run(60);
  assert.equal((m.u16(146) >> 14) & 1, 1);
  m.write(129, 30078);
  m.run(1);
  assert.equal((m.u16(146) >> 14) & 1, 0);
});

const phaseLossCases: readonly (readonly [
  what: string,
  systemType: number,
  volts: number[],
  line: number[],
  bits: number,
])[] = [
  ["all is well", 40, [277, 278, 276], [480, 481, 479], 0],
  ["A is 249 V, more than 10 % below 277", 40, [249, 278, 276], [480, 481, 479], 0b001],
  ["A is 250 V, less than 10 % below", 40, [250, 278, 276], [480, 481, 479], 0],
  ["AB is 431 V", 40, [277, 278, 276], [431, 481, 479], 0b011],
  ["phase B is gone, and both of its pairs", 40, [277, 2, 276], [276, 277, 479], 0b010],
  ["CA is low in a delta", 31, [277, 278, 276], [480, 481, 431], 0b101],
  ["A is open in a delta", 31, [277, 278, 276], [240, 480, 240], 0b001],
  ["a leg of a split phase is low", 12, [240, 215, 0], [480, 0, 0], 0b010],
  ["line to neutral only", 10, [431, 0, 0], [0, 0, 0], 0b001],
  ["line to line only", 11, [431, 0, 0], [431, 0, 0], 0b011],
];
for (const [what, systemType, volts, line, bits] of phaseLossCases) {
  test(`phase loss, system type ${systemType}: ${what}`, () => {
    const m = fed({ volts, lineVolts: line }, { settings: { ...feeder, systemType, phaseLossImbalance: 99 } });
    m.run(1);
    assert.equal((m.u16(146) >> 8) & 7, bits);
    assert.equal(m.u16(40176) & 0x0c, bits === 0 ? 0 : 0x0c, "SunSpec power failure and under voltage");
    assert.equal(alarmClosed(m.instrument.range), bits !== 0, "the alarm contact is closed while a phase is lost");
  });
}

test("imbalance is (max - min) / max, of the voltages that the system type has", () => {
  const bits = (systemType: number, volts: number[], lineVolts: number[], percent: number): number => {
    const settings = { ...feeder, systemType, phaseLossVoltage: 60, phaseLossImbalance: percent };
    const m = fed({ volts, lineVolts }, { settings });
    m.run(1);
    return (m.u16(146) >> 8) & 7;
  };
  // (280 - 252) / 280 = 10 %: above 9, not above 10.
  assert.equal(bits(40, [280, 252, 275], [480, 480, 480], 9), 0b010);
  assert.equal(bits(40, [280, 252, 275], [480, 480, 480], 10), 0);
  assert.equal(bits(31, [280, 252, 275], [480, 480, 480], 9), 0, "a delta has no voltages to neutral");
  assert.equal(bits(31, [280, 280, 280], [480, 432, 470], 9), 0b110);
  assert.equal(bits(12, [280, 252, 0], [480, 0, 0], 9), 0b010);
  assert.equal(bits(10, [280, 0, 0], [0, 0, 0], 1), 0, "nothing to compare");
});

test("inputs are out of range from 20 % over, and SunSpec says so", () => {
  const m = fed({ volts: [332.4, 332.6, 277], lineVolts: [480, 480, 480], amps: [119.9, 100, 120] });
  m.run(1);
  // 1.2 x 480 / sqrt(3) = 332.55 V; 1.2 x 100 A.
  assert.equal(m.u16(146) & 0x7f, (1 << 1) | (1 << 5));
  assert.equal(m.u16(40176) & 0x60, 0x60);
});

test("low power factor is tested above 1 % of the CT's primary", () => {
  const low = { watts: [5000, 19_000, 100], vars: [20_000, 6000, 200], amps: [80.2, 75.7, 0.9] };
  const m = fed(low);
  m.run(1);
  assert.equal((m.u16(146) >> 11) & 7, 0b001, "A is low; C has too little current to tell");
  assert.equal(m.u16(40176) & 0x10, 0x10);
});

test("without enough voltage there is no frequency, and bit 6 says so", () => {
  const m = rig({ source: samplesOf({ volts: [1, 1, 1] }), settings: feeder });
  m.run(2);
  assert.equal(m.u16(28), 0x8000);
  assert.equal((m.u16(146) >> 6) & 1, 1);
  const slow = rig({ source: samplesOf({ hz: 43 }), settings: feeder });
  slow.run(2);
  assert.equal((slow.u16(146) >> 6) & 1, 1, "43 Hz is outside 45 to 65");
  assert.equal(slow.u16(28), 0x8000);
});

test("both ends of the frequency range belong to it", () => {
  for (const hz of [45, 65]) {
    const m = rig({ source: samplesOf({ hz }), settings: feeder });
    m.run(3);
    assert.equal(m.u16(28), 100 * hz);
    assert.equal((m.u16(146) >> 6) & 1, 0);
  }
  for (const hz of [44.98, 65.02]) {
    const m = rig({ source: samplesOf({ hz }), settings: feeder });
    m.run(3);
    assert.equal(m.u16(28), 0x8000);
    assert.equal((m.u16(146) >> 6) & 1, 1);
  }
});

test("settings have their limits, and a write is all or nothing", () => {
  const m = rig();
  const refused: [register: number, value: number][] = [
    [130, 20],
    [131, 0],
    [131, 32_001],
    [132, 2],
    [133, 0],
    [133, 32_001],
    [134, 81],
    [137, 2],
    [142, 0],
    [142, 100],
    [143, 0],
    [144, 1],
    [149, 0],
    [149, 7],
    [150, 9],
    [150, 32_768],
  ];
  for (const [register, value] of refused) {
    const before = m.u16(register);
    assert.equal(m.write(register, value), 3, `${register} := ${value}`);
    assert.equal(m.u16(register), before);
  }
  const accepted: [register: number, value: number][] = [
    [130, 31],
    [131, 32_000],
    [131, 1],
    [132, 3],
    [137, 0],
    [142, 99],
    [143, 1],
    [144, 10_000],
    [149, 6],
    [150, 0],
    [150, 10],
    [150, 32_767],
    [151, 5],
  ];
  for (const [register, value] of accepted) {
    assert.equal(m.write(register, value), 0, `${register} := ${value}`);
    assert.equal(m.u16(register), register === 151 ? 0 : value);
  }
  assert.equal(m.write(130, 40, 200, 5), 3, "one bad value of three");
  assert.deepEqual([m.u16(130), m.u16(131)], [31, 1], "and none is taken");
  assert.equal(m.write(135, 1), 2, "read only");
  assert.equal(m.write(113, 1), 2, "no register");
  assert.equal(m.write(129, 12_345), 3, "no command");
});

test("the system voltage over the PT ratio lies within 82 to 660 V; the ratio comes first", () => {
  const m = rig();
  assert.equal(m.write(134, 13_200), 3);
  assert.equal(m.write(133, 3000), 0, "30:1, which puts the present 600 V at 20 V: the voltage comes next");
  assert.equal(m.write(134, 13_200), 0);
  assert.equal(m.write(134, 2459), 3, "81.97 V");
  assert.equal(m.write(134, 2460), 0);
  assert.equal(m.write(133, 100, 480), 0, "both in one request");
  assert.equal(m.instrument.setting("ptRatio"), 1);
  const refusal = m.set({ systemVoltage: 900 });
  assert.deepEqual(refusal, { setting: "systemVoltage", value: 900, expected: "82 to 660 with a PT ratio of 1" });
});

test("the scales follow the settings", () => {
  const m = rig({ settings: { ctPrimary: 5, systemVoltage: 208 } });
  // 6 A at 0.001; 249.6 V at 0.01; 2.16 kW at 0.0001.
  assert.deepEqual(
    [138, 139, 140, 141].map((register) => m.i16(register)),
    [-3, -2, -4, -4],
  );
  m.write(131, 32_000);
  // 38,400 A at 10; 13.8 MW at 1 kW.
  assert.deepEqual(
    [138, 139, 140, 141].map((register) => m.i16(register)),
    [1, -2, 0, 0],
  );
  const theoretical: [systemType: number, kW: number][] = [
    [10, 60],
    [11, 60],
    [12, 60],
    [31, 103.92],
    [40, 103.92],
  ];
  for (const [systemType, kW] of theoretical) {
    const of = rig({ settings: { systemType } });
    near(of.u16(135) * 10 ** of.i16(140), kW, 1e-3, `system type ${systemType}`);
  }
});

test("a source of steps follows the system type when it is changed while the meter runs", () => {
  const settings = { ...feeder, systemType: 40 };
  const samples = rig({ source: samplesOf(), settings });
  const steps = rig({ source: stepsOf(), settings });
  for (const systemType of [11, 31, 12, 10, 40]) {
    for (const m of [samples, steps]) {
      assert.equal(m.write(130, systemType), 0);
      m.run(3);
    }
    for (const name of ["W", "var", "W.a", "PF.a"] as const) {
      near(steps.instrument.read(name), samples.instrument.read(name), 1e-5, `type ${systemType}, ${name}`);
    }
  }
});

test("registers change together, at the end of the cycle", () => {
  const m = fed();
  m.run(1);
  const before = m.words(1, 112);
  m.source.push({ ...reading, watts: [1000, 1100, 1200] });
  m.clock.advance(999);
  m.instrument.advance(m.clock.elapsed());
  assert.deepEqual(m.words(1, 112), before);
  m.clock.advance(1);
  m.instrument.advance(m.clock.elapsed());
  assert.notDeepEqual(m.words(1, 112), before);
  assert.deepEqual([m.i16(21), m.i16(91), m.i16(92), m.i16(93)], [330, 100, 110, 120]);
});

test("what is non-volatile survives a restart; every start counts", () => {
  const store = new MemoryStore();
  const clock = new VirtualClock();
  const first = fed({}, { store, clock, logging: true, settings: { ...feeder, demandSubInterval: 60 } });
  first.run(7200);
  first.write(129, 30078);
  first.run(3600);
  first.write(142, 15);
  first.write(129, 21212);
  const second = fed({}, { store, clock, logging: true, settings: {} });
  assert.equal(second.u16(152), first.u16(152) + 1);
  assert.equal(second.u32(3), first.u32(3));
  assert.equal(second.u32(39), first.u32(39));
  assert.equal(second.i16(32), first.i16(32), "the maximum demand");
  assert.equal(second.u16(147), 1);
  assert.equal(second.u16(142), 15);
  assert.equal(second.u16(150), 60);
  assert.equal(second.u16(21), 0x8000, "nothing instantaneous");
  assert.equal(second.u16(160) & 0x50, 0x50, "logging was interrupted, and the clock begins anew");
  assert.deepEqual(second.words(155, 3), [0x0101, 0, 0]);
  second.run(1);
  assert.equal(second.u16(32), 0x8000, "the reset that was acknowledged before the stop is executed after it");
});

test("identification: the report of function 0x11 and the objects of 0x2B", () => {
  const m = fed();
  const text = Buffer.from("Leviton S4100 Power Meter Full Data Set").toString("hex");
  assert.equal(m.ask("0001 0000 0002 01 11"), `00010000002c01${"11"}29f7ff${text}`);
  const objects = ["Leviton", "S4100", "V1.019"]
    .map((t, id) => `0${id}0${t.length.toString(16)}${Buffer.from(t).toString("hex")}`)
    .join("");
  assert.equal(m.ask("0001 0000 0005 01 2b 0e 01 00"), `00010000002001${"2b0e010100"}0003${objects}`);
  assert.equal(m.u16(7001), 1019);
});

test("one request is one snapshot: a value is never torn", () => {
  const m = fed({ watts: [1e9, 1e9, 1e9] });
  for (let k = 0; k < 50; k++) {
    m.run(1);
    const [high, low] = m.words(3, 2);
    assert.equal(high! * 65_536 + low!, Math.floor((3e9 * (k + 1)) / 3600 / 10 + 1e-6));
  }
});

test("every address from 1 to 65536 answers as the map says", () => {
  const present = (register: number): boolean =>
    (register >= 1 && register <= 112) ||
    (register >= 129 && register <= 154) ||
    (register >= 257 && register <= 408) ||
    register === 7001 ||
    (register >= 40_001 && register <= 40_178);
  const plain = fed();
  const logging = fed({}, { logging: true });
  const out = new Uint8Array(2);
  for (let register = 1; register <= 65_536; register++) {
    assert.equal(plain.registers.read(register - 1, 1, out, 0), present(register) ? 0 : 2, `register ${register}`);
    const more = (register >= 155 && register <= 178) || (register >= 8000 && register <= 13_759);
    assert.equal(
      logging.registers.read(register - 1, 1, out, 0),
      present(register) || more ? 0 : 2,
      `register ${register} with logging`,
    );
  }
});
