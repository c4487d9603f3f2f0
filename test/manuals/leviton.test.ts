/** The Leviton meters against their manuals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { levitonS4000r } from "#model/leviton-s4000r.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { rig } from "../rig.ts";
import { holdAgainst, holdDefaults, type Erratum } from "./manual.ts";

const ratio: Erratum = [
  133, 133, "scale", "100", "0.01",
  "printed is the number over the value; every other row prints the value over the number",
];

holdAgainst({
  model: levitonS4100,
  tables: ["leviton-s4100.tsv", "schneider-em3555-logging.tsv"],
  // prettier-ignore
  errata: [
    ratio,
    [28, 28, "R/W", "", "R", "the cell is empty; nothing in the summary can be written"],
    [30, 30, "R/W", "", "R", "the cell is empty; nothing in the summary can be written"],
    [261, 269, "NV", "", "NV", "the same accumulators as integers 5 to 13, which are NV"],
    [317, 363, "NV", "", "NV", "the same accumulators as integers 43 to 89, which are NV"],
    [313, 315, "scale", "1", "", "a scale of 1 is no scale"],
    [313, 315, "NV", "", "NV", "the same counters as integers 39 and 41, which are NV"],
    [40093, 40096, "units", "Volt-Ampos", "Volt-Amps", "a misprint"],
    [40124, 40124, "format", "SF", "UInt", "the units' word stands in the format's column"],
  ],
  moved: [
    [7001, 7001, "described with function 0x2B, not in the point map"],
    [40068, 40069, "40069, the Modbus address, is printed as a second 40068, after a string that covers 40053 to 40068"],
    [40109, 40123, "the text numbers 16 accumulators by single registers; they are eight of two (SunSpec model 203)"],
    [40125, 40167, "a page that the text lost: apparent energies, reactive energies of quadrants 1 to 4 (SunSpec model 203)"],
    [40175, 40176, "the long value is printed at its second register"],
  ],
});

holdAgainst({
  model: levitonS4000k,
  tables: ["leviton-s4000k.tsv", "schneider-em3555-logging.tsv"],
  // prettier-ignore
  errata: [
    ratio,
    [337, 339, "NV", "", "NV", "the same counters as integers 43 and 45, which are NV"],
  ],
  moved: [[7001, 7001, "described with function 0x2B, not in the point map"]],
});

// prettier-ignore
const defaults: readonly (readonly [register: number, value: number])[] = [
  [130, 40], [131, 100], [133, 100], [134, 600], [137, 1], [142, 10], [143, 25], [144, 1000], [149, 1], [150, 900],
  [158, 0], [159, 0], [176, 155], [177, 156], [178, 157],
];
// prettier-ignore
const unidirectional = [[169, 1], [170, 2], [171, 29], [172, 30], [173, 37], [174, 38], [175, 39]] as const;
// prettier-ignore
holdDefaults(levitonS4100, [...defaults, [132, 1], [169, 3], [170, 4], [171, 5], [172, 6], [173, 29], [174, 30], [175, 31]]);
holdDefaults(levitonS4000k, [...defaults, [132, 1], ...unidirectional]);
holdDefaults(levitonS4000r, [...defaults, [132, 0], ...unidirectional]);

test("leviton-s4000r is the 4000-K but for register 132, the CT's range and its identification", () => {
  const rows = (model: typeof levitonS4000k) => model.modbus.map.blocks.flatMap((block) => block.rows);
  const k = rows(levitonS4000k);
  const r = rows(levitonS4000r);
  const differing = k.filter((row, at) => JSON.stringify(row) !== JSON.stringify(r[at])).map(([reg]) => reg);
  assert.equal(k.length, r.length);
  assert.deepEqual(differing, [132]);
  const meter = rig({ model: levitonS4000r });
  assert.equal(meter.write(131, 19), 3);
  assert.equal(meter.write(131, 5001), 3);
  assert.equal(meter.write(131, 20), 0);
  assert.equal(meter.write(131, 5000), 0);
  assert.equal(meter.write(132, 3), 0, "reserved: accepted and ignored");
  assert.equal(meter.u16(132), 0);
  const text = Buffer.from("Leviton Series 4000R Power Meter Full Data Set").toString("hex");
  assert.ok(meter.ask("0001 0000 0002 01 11").endsWith(`f7ff${text}`));
});
