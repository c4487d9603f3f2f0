/** The measurement log as it is read over HTTP: by records, days and local time, by whoever may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProfileView } from "#quantity/meter-api.ts";
import { elsewhere, here, webRig } from "./web-rig.ts";

const site = `
store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-ML
    configuration: jem.yaml
    transformers: { pt: 10, ct: 40 }
    source: { synthetic: { volts: 1200, amps: 400, steps: true } }
  - { name: bare, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
`;
const jem = (more = ""): string => `
primary: { pt: 10, ct: 40, nominalCurrent: 10 }
${more}
measurementLog:
  - interval: 1
    channels: [{ measure: { quantity: Wh }, method: total, units: kilo }]
  - interval: 10
    channels:
      - { measure: { quantity: V, phase: a }, method: average }
      - { measure: { quantity: V, phase: b }, method: maximum, side: secondary }
      - { measure: { quantity: PF }, method: snapshot }
`;

test("a group's records are read by number, by days and by local time, in the units and on the side of each channel", async (t) => {
  const { ask, clock } = await webRig(t, { site, jem: jem() });
  clock.advance(7_200_000);
  const get = async (place: string): Promise<ProfileView> => {
    const answer = await ask(`/api/meters/jem/measurement-log/${place}`, here);
    assert.equal(answer.status, 200);
    return (await answer.json()) as ProfileView;
  };
  const tens = await get("2");
  assert.deepEqual([tens.minutes, tens.data, tens.records.length, tens.next], [10, "scaled", 12, 12]);
  assert.deepEqual(tens.channels, ["V.a.mean", "V.b.max", "PF.leadlag.snapshot"]);
  assert.deepEqual(tens.sides, ["primary", "secondary", null]);
  // 1,460,000 values of three channels are more than 1,095 days of ten minutes.
  assert.deepEqual(tens.holds, { records: 12, capacity: 1095 * 144, days: 1 / 12 });
  const [first] = tens.records;
  assert.deepEqual([first?.utc.start, first?.utc.end], ["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z"]);
  for (const [k, value] of [1200, 120].entries()) assert.ok(Math.abs(first!.values[k]! - value) < 1e-3);
  const ones = await get("1?from=2026-01-01T01:00&to=2026-01-01T01:05");
  assert.deepEqual(ones.channels, ["Wh.import.interval x 1000"]);
  assert.equal(ones.records.length, 5);
  const [view] = (await get("1?since=119")).records;
  assert.equal(view?.sequence, 119);
  // 1,440 kW for a minute.
  const pf = first!.values[2]!;
  assert.ok(Math.abs(view!.values[0]! - (1440 * Math.abs(pf)) / 60) < 1e-3, `${view!.values[0]} kWh at ${pf}`);
  assert.equal((await get("2?days=0")).records.length, 12);
});

test("what is no group is said, and a meter without a log says so", async (t) => {
  const { ask } = await webRig(t, { site, jem: jem() });
  const third = await ask("/api/meters/jem/measurement-log/3", here);
  const { error } = (await third.json()) as { error: string };
  assert.deepEqual([third.status, error], [404, "expected a group from 1 to 2"]);
  const bare = await ask("/api/meters/bare/measurement-log/1", here);
  assert.ok(bare.status >= 400);
  assert.match(await bare.text(), /has no measurement log/);
});

test("where reading takes a session the log takes the privilege of its own", async (t) => {
  const users = `
security: { readingTakesSession: true }
users:
  - { name: logs, password: the-logs-word, privileges: [readMeasurementLog] }
  - { name: load, password: the-load-word, privileges: [readLoadProfile] }
`;
  const { ask, clock, logIn, as } = await webRig(t, { site, jem: jem(users) });
  clock.advance(60_000);
  const viewer = await as("viewer");
  const status = async (user: string, place: string): Promise<number> => {
    const token = await logIn(user, `the-${user === "logs" ? "logs" : "load"}-word`, viewer, "jem");
    const headers = { ...viewer.headers, Authorization: `Bearer ${token}` };
    return (await ask(`/api/meters/jem/${place}`, { ...elsewhere, headers })).status;
  };
  assert.equal(await status("logs", "measurement-log/1"), 200);
  assert.equal(await status("load", "measurement-log/1"), 403);
  assert.equal(await status("load", "profiles/1"), 200);
  assert.equal(await status("logs", "profiles/1"), 403);
});
