import assert from "node:assert/strict";
import { test } from "node:test";
import { readPqdif } from "#format/pqdif/read.ts";
import { pqdifRows } from "#format/pqdif/rows.ts";
import { RecordingReader } from "#format/reader.ts";
import type { ExamineSettings } from "./examine-settings.ts";
import { examine } from "./examine.ts";
import { pqdifBytes } from "./files/pqdif.ts";
import { motorReader } from "./motor-fixture.ts";
import { mapOf } from "./wave-fixture.ts";

const START = Date.UTC(2026, 5, 1, 9, 30);
const names = { va: "V.a", vb: "V.b", vc: "V.c", ia: "A.a", ib: "A.b", ic: "A.c" };
const map = Object.fromEntries(Object.entries(names).map(([input, channel]) => [input, { channel }]));

async function again(settings: Partial<ExamineSettings>, second: Partial<ExamineSettings> = settings) {
  const first = examine(motorReader({ remains: 0.2, back: 0.976 }, START), {
    wiring: "wye",
    map: mapOf(),
    nominalVolts: 230,
    ...settings,
  });
  const bytes = await pqdifBytes(first, { fileName: "m.pqd", sourceName: "m", created: START });
  const rows = pqdifRows("m.pqd", await readPqdif("m.pqd", bytes));
  return examine(new RecordingReader(rows), { wiring: "wye", map, ...second });
}

test("the declared voltage goes with the waveforms of a PQDIF file, and the dip with it", async () => {
  const { declared, events } = await again({});
  assert.deepEqual([declared.volts, declared.voltsFrom], [230, "the recording's own nominal voltage"]);
  assert.deepEqual(
    events.map(({ kind, percent }) => [kind, Math.round(percent)]),
    [["dip", 83]],
  );
});

test("what is asked for goes before what the file says", async () => {
  const { declared } = await again({}, { nominalVolts: 240 });
  assert.deepEqual([declared.volts, declared.voltsFrom], [240, "settings"]);
});

test("the voltage between lines is made of that to neutral", async () => {
  const { declared } = await again({}, { pqVoltage: "ll" });
  assert.ok(Math.abs(declared.volts - 230 * Math.sqrt(3)) < 1e-9);
  const back = await again({ pqVoltage: "ll", nominalVolts: 400 }, {});
  assert.ok(Math.abs(back.declared.volts - 400 / Math.sqrt(3)) < 1e-9);
});
