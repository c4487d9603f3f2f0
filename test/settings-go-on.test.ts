/** What a setting lets go on: plain meters measure from one configuration to the next. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import { rig, samplesOf } from "./rig.ts";

for (const model of [levitonS4100, powerlogicPm800]) {
  test(`${model.name}: a setting that is not of its wiring, and that one written once more, begin no measurement anew`, () => {
    const one = () => rig({ model, source: samplesOf({}, model) });
    const [plain, set] = [one(), one()];
    const { grid } = plain.instrument.measurement;
    for (const meter of [plain, set]) meter.run(3);
    const { systemType } = set.instrument.settings();
    assert.ok(systemType !== undefined);
    assert.equal(set.set({ systemType, demandSubInterval: 600 }), undefined);
    for (const meter of [plain, set]) meter.run(2);
    const own = set.instrument.measurement;
    // 2 half cycles a cycle of 60 Hz, five seconds long but for what the grid waits for.
    assert.ok(grid !== undefined && grid.sinceGap > 590, `${grid?.sinceGap} half cycles`);
    assert.deepEqual([own.grid?.index, own.grid?.sinceGap], [grid.index, grid.sinceGap]);
    assert.deepEqual(own.integrals.total, plain.instrument.measurement.integrals.total);
  });
}
