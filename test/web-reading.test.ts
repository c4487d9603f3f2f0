/** What the table of operations says that an answer tells of a meter, against a meter that only its users may read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { logKinds } from "#quantity/log.ts";
import { described, pages } from "#web/api/operations.ts";
import { here, webRig } from "./web-rig.ts";

const READING = `
security: { readingTakesSession: true }
users:
  - { name: admin, password: meter-admin, privileges: [readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, readPowerQuality, readMeasurementLog, configurationFile] }
  - { name: guest, password: meter-guest, privileges: [] }
`;

/** Parts of paths; they name what there is, so that nobody is refused for that there is no such thing. */
const parts: Readonly<Record<string, string>> = {
  name: "jem",
  list: "normal",
  number: "1",
  kind: "event",
  file: "none.pqd",
  folder: "none",
};

const rows = [
  ...described.map(([id, { method, path, tells }]) => ({ id, method, path, tells })),
  ...pages.map(([method, path, , tells]) => ({ id: path, method, path, tells })),
];
const ofMeter = rows.filter(({ path }) => path.includes("/meters/:name"));

/** Queries that rows of a meter cannot do without. */
const queries: Readonly<Record<string, string>> = {
  readMark: "?reader=billing&series=profile%201",
  readTrend: "?series=profile&number=1&channel=1",
  readBills: "?by=day",
};

const asked = (path: string): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => parts[name] ?? assert.fail(name));

test("each row of the table that tells something of a meter is refused to who has no session with one that its users read", async (t) => {
  const { ask, logIn } = await webRig(t, { jem: READING });
  const tokens = { guest: await logIn("guest", "meter-guest", here, "jem"), admin: "" };
  tokens.admin = await logIn("admin", "meter-admin", here, "jem");
  const bearing = (token: string) => ({ ...here, headers: { Authorization: `Bearer ${token}` } });
  let told = 0;
  for (const { id, method, path, tells } of ofMeter) {
    if (tells.length === 0) continue;
    told++;
    const place = `${asked(path)}${queries[id] ?? ""}`;
    const answer = await ask(place, { ...here, method });
    const said = (await answer.json()) as { readonly refused?: string };
    assert.deepEqual([answer.status, said.refused], [401, "session"], `${method} ${place}`);
    const guest = await ask(place, { ...bearing(tokens.guest), method });
    assert.equal(guest.status, 403, `${method} ${place} of a user who may read nothing`);
    // Whatever else is said to it, whoever may read is let in.
    if (method !== "GET" || path.endsWith("/live")) continue;
    const may = await ask(place, bearing(tokens.admin));
    assert.ok(![401, 403].includes(may.status), `${method} ${place}: ${may.status}`);
  }
  assert.ok(told > 30, `${told} rows tell something`);
});

test("a row of a meter that reads and says that it tells nothing is named here", () => {
  const silent = ofMeter.filter(({ method, tells }) => method === "GET" && tells.length === 0).map(({ id }) => id);
  assert.deepEqual(silent, ["whoAmIToMeter"]);
});

test("a place that stands in no row is refused as what tells everything, and then as nothing", async (t) => {
  const { ask, logIn } = await webRig(t, { jem: READING });
  for (const place of ["/api/v1/meters/jem/nothing", "/api/v1/meters/jem/%6cogs/event", "/meters/jem/else"])
    assert.equal((await ask(place, here)).status, 401, place);
  const token = await logIn("admin", "meter-admin", here, "jem");
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await ask("/api/v1/meters/jem/nothing", { ...here, headers })).status, 404);
});

test("each log is read by who may read that log", async (t) => {
  const users = "users: [{ name: admin, password: meter-admin, privileges: [readAlarms] }]";
  const { ask, logIn } = await webRig(t, { jem: `security: { readingTakesSession: true }\n${users}` });
  const headers = { Authorization: `Bearer ${await logIn("admin", "meter-admin", here, "jem")}` };
  const open = [];
  for (const kind of logKinds)
    if ((await ask(`/api/v1/meters/jem/logs/${kind}`, { ...here, headers })).status === 200) open.push(kind);
  assert.deepEqual(open.toSorted(), ["alarm", "interruption", "rapidVoltageChange", "sagSwell"]);
});
