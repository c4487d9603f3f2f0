/** The PowerLogic meters: fundamentals and their angles, displacement, distortion line to line, K and crest factors, components. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { powerlogicCm2000 } from "#model/powerlogic-cm2000.ts";
import { powerlogicCm4000 } from "#model/powerlogic-cm4000.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import type { MeterModel } from "#model/model.ts";
import type { NetworkOptions } from "#waveform/network.ts";
import { feeder, rig, samplesOf, stepsOf, type Rig } from "./rig.ts";

const NONE = 0x8000;
const LAGGING = 0x8000;

/** 277 V and 100 A on each phase, the current 30 degrees behind. */
const even: Partial<NetworkOptions> = {
  volts: [277, 277, 277],
  amps: [100, 100, 100],
  lag: [30, 30, 30],
  harmonics: {
    volts: [
      { order: 3, percent: 10, degrees: 40 },
      { order: 5, percent: 6, degrees: 0 },
    ],
    amps: [
      { order: 5, percent: 20, degrees: 0 },
      { order: 7, percent: 10, degrees: 0 },
    ],
  },
};

/** The same network in samples and in steps, five seconds on. */
function measured(model: MeterModel, options: Partial<NetworkOptions>, settings = {}): readonly Rig[] {
  return [samplesOf(options, model), stepsOf(options)].map((source) => {
    const meter = rig({ source, model, settings: { ...feeder, ...settings } });
    meter.run(5);
    return meter;
  });
}

test("the displacement power factor is the fundamentals' alone, with a lagging bit, and again from 0 to 2000", () => {
  for (const model of [powerlogicCm4000, powerlogicPm800]) {
    for (const meter of measured(model, { ...even, lag: [30, -60, 0] })) {
      // cos 30 lagging, cos 60 leading, unity. Totals: (0.866 + 0.5 + 1) over it and (0.5 - 0.866): 2.366 / 2.394 leading.
      assert.deepEqual(meter.words(1168, 4), [LAGGING | 866, 500, 1000, 988]);
      assert.deepEqual(meter.words(1172, 4), [866, 1500, 1000, 1012]);
    }
    // Without harmonics the true power factor is the same.
    const none = { volts: [], amps: [] };
    for (const meter of measured(model, { ...even, lag: [30, -60, 0], harmonics: none })) {
      assert.deepEqual(meter.words(1160, 3), [LAGGING | 866, 500, 1000]);
      assert.deepEqual(meter.words(1164, 3), [866, 1500, 1000]);
    }
  }
  for (const meter of measured(powerlogicCm2000, { ...even, lag: [30, -60, 0] })) {
    assert.deepEqual(meter.words(1035, 4), [LAGGING | 866, 500, 1000, 988]);
  }
});

test("distortion line to line lacks what the phases have in common: the third harmonic", () => {
  // To neutral root (10^2 + 6^2) = 11.66 %, line to line 6 %; the Series 2000 has it behind the volts to neutral.
  for (const [model, toNeutral, lineToLine] of [
    [powerlogicCm4000, 1207, 1211],
    [powerlogicPm800, 1207, 1211],
    [powerlogicCm2000, 1055, 1058],
  ] as const) {
    for (const meter of measured(model, even)) {
      assert.deepEqual(meter.words(toNeutral, 3), [117, 117, 117]);
      assert.deepEqual(meter.words(lineToLine, 3), [60, 60, 60]);
    }
  }
});

test("a system without a neutral has its distortion line to line, whichever terminal it is measured against", () => {
  for (const systemType of [30, 31]) {
    for (const meter of measured(powerlogicCm4000, even, { systemType })) {
      assert.deepEqual(meter.words(1211, 3), [60, 60, 60], String(systemType));
      assert.deepEqual(
        [1244, 1246, 1248].map((register) => meter.u16(register)),
        [4798, 4798, 4798],
      );
    }
  }
});

test("fundamentals have magnitudes, and angles from 0 to 359.9 degrees against the voltage of phase A", () => {
  for (const model of [powerlogicCm4000, powerlogicPm800]) {
    for (const meter of measured(model, even)) {
      assert.deepEqual(meter.words(1230, 6), [10_000, 3300, 10_000, 2100, 10_000, 900]);
      assert.deepEqual(meter.words(1244, 6), [2770, 0, 2770, 2400, 2770, 1200]);
    }
  }
  for (const meter of measured(powerlogicCm2000, even)) {
    assert.deepEqual(meter.words(1078, 6), [10_000, 3300, 10_000, 2100, 10_000, 900]);
    // 277 V x root 3 = 479.8 V, 30 degrees ahead.
    assert.deepEqual(meter.words(1088, 6), [2770, 0, 2770, 2400, 2770, 1200]);
    assert.deepEqual(meter.words(1094, 6), [4798, 300, 4798, 2700, 4798, 1500]);
  }
});

test("without a neutral angles are against the first element's voltage: A to B, or A to the star point", () => {
  for (const meter of measured(powerlogicCm4000, even, { systemType: 30 })) {
    // A to neutral is 30 degrees behind A to B, and its current 30 more; C's is 90 - 30; B's is not measured.
    assert.deepEqual(
      [1245, 1247, 1249].map((register) => meter.u16(register)),
      [0, 2400, 1200],
    );
    assert.deepEqual(meter.words(1230, 6), [10_000, 3000, NONE, NONE, 10_000, 600]);
  }
  for (const meter of measured(powerlogicCm4000, even, { systemType: 31 })) {
    assert.deepEqual(
      [1245, 1247, 1249].map((register) => meter.u16(register)),
      [300, 2700, 1500],
    );
    assert.deepEqual(meter.words(1230, 6), [10_000, 3300, 10_000, 2100, 10_000, 900]);
  }
});

test("K factors and crest factors of a circuit monitor, with the least and the largest behind them", () => {
  const [samples, steps] = measured(powerlogicCm4000, even);
  assert.ok(samples !== undefined && steps !== undefined);
  // (1 + 25 x 0.04 + 49 x 0.01) / (1 + 0.04 + 0.01) = 2.49 / 1.05 = 2.37.
  for (const meter of [samples, steps]) {
    for (const register of [1218, 1418, 1618]) assert.deepEqual(meter.words(register, 3), [24, 24, 24]);
  }
  // Steps have no peaks.
  assert.deepEqual([...new Set(steps.words(1221, 7))], [NONE]);
  const [sine] = measured(powerlogicCm4000, { ...even, harmonics: { volts: [], amps: [] } });
  assert.ok(sine !== undefined);
  for (const register of [1221, 1421, 1621, 1225, 1425, 1625]) {
    assert.deepEqual(sine.words(register, 3), [141, 141, 141], String(register));
  }
  assert.deepEqual(sine.words(1218, 3), [10, 10, 10]);
  // The Power Meter 800 has neither.
  assert.deepEqual([...new Set(measured(powerlogicPm800, even)[0]?.words(1218, 10))], [NONE]);
  assert.deepEqual(measured(powerlogicCm2000, even)[0]?.words(1071, 3), [24, 24, 24]);
});

test("symmetrical components: 100, 100 and 70 A in step with their volts", () => {
  const harmonics = { volts: [], amps: [] };
  for (const model of [powerlogicCm4000, powerlogicPm800]) {
    for (const meter of measured(model, { ...even, harmonics, amps: [100, 100, 70], lag: [0, 0, 0] })) {
      // The 30 A that C lacks are 10 A in each component: 90, 10 and 10 A, the negative one at 240 - 180 and zero at 120 + 180.
      assert.deepEqual(meter.words(1284, 6), [9000, 0, 1000, 600, 1000, 3000]);
      assert.deepEqual(meter.words(1290, 2), [2770, 0]);
      // 10 / 90; the volts are even.
      assert.deepEqual(meter.words(1296, 2), [111, 0]);
    }
  }
});

test("the Power Meter 800 keeps displacement and the distortion line to line by month, with the phase that was worst", () => {
  for (const meter of measured(powerlogicPm800, { ...even, lag: [30, 30, 30] })) {
    assert.deepEqual([meter.u16(1363), meter.u16(1368)], [LAGGING | 866, LAGGING | 866]);
    assert.deepEqual([meter.u16(1403), meter.u16(1408)], [60, 60]);
    assert.ok([1, 2, 3].includes(meter.u16(1404)));
    assert.deepEqual([...new Set(meter.words(1510, 10))], [NONE]);
  }
});
