/** What samples a meter with doubt is seen in the quality of its values (IEC 61850-7-3, validity), and in no value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { quality } from "#protocol/iec61850/model/value.ts";
import { viewOf } from "#web/meter-view.ts";
import { iedMeter } from "./iec61850-meter.ts";

test("what is sampled with doubt is measured, and questionable; without doubt it is good again", (t) => {
  const doubt = { now: false };
  const meter = iedMeter(t, { source: "volts: 120, amps: 5", isSampled: true, doubts: () => doubt.now });
  const paths = ["MMXU1.PhV.phsA", "MMXU1.TotW", "MMXU1.Hz"];
  const qualities = (): unknown[] => paths.map((path) => meter.value(`${path}.q`));
  meter.pass(0.2);
  assert.deepEqual(qualities(), [quality.good, quality.good, quality.good]);
  doubt.now = true;
  meter.pass(0.1);
  assert.deepEqual(qualities(), [quality.questionable, quality.questionable, quality.questionable]);
  assert.ok(Math.abs(Number(meter.value("MMXU1.PhV.phsA.cVal.mag.f")) - 120) < 0.1);
  // The page shows what is measured.
  const { readings } = viewOf(meter.device.surface);
  assert.ok(Math.abs(Number(readings["V.a"]) - 120) < 0.1);
  doubt.now = false;
  meter.pass(0.1);
  assert.deepEqual(qualities(), [quality.good, quality.good, quality.good]);
});
