/** The file that a JEMStar leaves of an event with recordings at four rates is a recording: each sample of the one that counts, at its own time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gather } from "#format/gather.ts";
import { readPqdif, writePqdif } from "#format/pqdif/pqdif.ts";
import { pqdifRows } from "#format/pqdif/rows.ts";
import { RecordingReader } from "#format/reader.ts";
import { suggestedMap } from "#fleet/suggested-map.ts";
import { atOnce } from "#io/turn.ts";
import { facts, instantOf, MANUAL_UTC, observation, sampleOf } from "#product/jemstar/files/captured-fixture.ts";
import { eventObservation } from "#product/jemstar/files/event-observation.ts";

test("recordings of 2, 16, 128 and 512 a cycle, as long as one another: those of 512 are the recording", async () => {
  const contents = { sagSwell: true, interruption: true, rapidVoltageChange: true };
  const made = atOnce(eventObservation(observation(), { facts, contents, number: 7, now: MANUAL_UTC + 4000 }))!;
  const container = { fileName: "x.pqd", created: made.observation.start };
  const file = await readPqdif("x.pqd", await writePqdif({ container, observations: [made.observation] }));
  const found = gather(new RecordingReader(pqdifRows("x.pqd", file)));
  assert.deepEqual(suggestedMap(found.channels), {
    va: "Vl-n Ph A",
    vb: "Vl-n Ph B",
    vc: "Vl-n Ph C",
    ia: "Amps Ph A",
    ib: "Amps Ph B",
    ic: "Amps Ph C",
  });
  assert.ok(Math.abs(found.start - (MANUAL_UTC - 1000 * instantOf(5))) < 1);
  const total = found.segments.reduce((sum, { count }) => sum + count, 0);
  assert.equal(total, 15 * 512);
  for (const [k, name] of ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"].entries()) {
    const { samples } = found.channels[k]!;
    const most = (name.startsWith("V") ? 12_000 : 100) * Math.SQRT2;
    // Steps of 65,000 of the range; at the edges of the sag a sample may be of either side.
    const off = samples.filter((value, n) => Math.abs(value - sampleOf(name, n / 512)) > most * 1e-4).length;
    assert.ok(off <= 4, `${name}: ${off} samples off`);
  }
  // The line's frequency goes up by 0.5 Hz a second: a chord of 0.25 s is 65 us off its arc, 0.5 / 60 x 0.25² / 8.
  let at = 0;
  for (const { rate, count, at: begins } of found.segments) {
    for (let k = 0; k < count; k++) assert.ok(Math.abs(begins + k / rate - instantOf((at + k) / 512)) < 70e-6);
    at += count;
  }
});
