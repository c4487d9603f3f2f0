/** What a reader is told of a configuration's points: names and units of the glossary, registers as Appendix H numbers them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { parseRevenueFile } from "./configuration-file.ts";
import { pointFactsOf } from "./modbus-point-facts.ts";

const configuration = `
primary: { pt: 120, ct: 80 }
registers:
  normal:
    - { id: 2, label: kWh, type: consumption, measure: { quantity: Wh } }
    - { id: 3, type: consumption, measure: { quantity: varh, direction: net }, units: mega }
    - { id: 4, label: PF, type: averagePowerFactor, measure: { quantity: PF }, decimals: 3 }
modbus:
  counters: [{ register: 2 }, { register: 3, scaling: 10 }, { register: 4, scaling: 1000 }]
  analogs:
    - { measure: { quantity: VA.arithmetic, phase: a }, scaling: 1 }
    - { measure: { quantity: V.ll, phase: c }, scaling: 10 }
    - { measure: { quantity: A2 }, scaling: 1 }
    - { measure: { quantity: PF, direction: received }, scaling: 100 }
`;
/** The same of power quality. */
const quality = `
primary: { pt: 120, ct: 80 }
modbus:
  counters: []
  analogBits: 32
  analogs:
    - { measure: { quantity: V, phase: a, order: 5 }, scaling: 100 }
    - { measure: { quantity: A, phase: b, order: 7, part: angle }, scaling: 10 }
    - { measure: { quantity: A, phase: c, interharmonic: 3 }, scaling: 100 }
    - { measure: { quantity: TDD.A, phase: a, parity: even }, scaling: 10 }
    - { measure: { quantity: Plt, phase: c }, scaling: 100 }
`;

test("points carry the registers, names, units, signs and factors that their configuration gives them", () => {
  const file = parseRevenueFile("jem.yaml", configuration, parseModelNumber("JSII-09I6020-1B"));
  const { points, order } = pointFactsOf(file);
  assert.equal(order, "high first");
  assert.deepEqual(
    points.map((one) => [
      one.register,
      one.name,
      one.label,
      one.unit,
      one.scale,
      one.bits,
      one.signed,
      one.scaling,
      one.factor,
    ]),
    [
      [40_001, "Wh.import", "kWh", "kWh", 1000, 32, false, 1, 1],
      [40_003, "varh.net", "", "Mvarh", 1_000_000, 32, true, 10, 1],
      [40_005, "PF.leadlag.averagePowerFactor", "PF", "", 1, 32, true, 1000, 1],
      // The analogs are those of the terminals: power by both ratios, volts by one, squares of amps by that of the CT twice.
      [30_001, "VA.a.import.arithmetic", "", "VA", 1, 16, true, 1, 9600],
      [30_002, "V.ca", "", "V", 1, 16, true, 10, 120],
      [30_003, "A2.sum", "", "A²", 1, 16, true, 1, 6400],
      [30_004, "PF.export.leadlag", "", "", 1, 16, true, 100, 1],
    ],
  );
});

test("points of power quality have the names of its measures; an angle and a ratio are of no transformer", () => {
  const { points } = pointFactsOf(parseRevenueFile("jem.yaml", quality, parseModelNumber("JSII-09I6020-1B-PQ2")));
  assert.deepEqual(
    points.map(({ register, name, unit, scaling, factor }) => [register, name, unit, scaling, factor]),
    [
      [30_001, "V.a.h5", "V", 100, 120],
      [30_003, "A.b.h7.angle", "°", 10, 1],
      [30_005, "A.c.ih3", "A", 100, 80],
      [30_007, "TDD.A.a.even", "%", 10, 1],
      [30_009, "Plt.c", "", 100, 1],
    ],
  );
});
