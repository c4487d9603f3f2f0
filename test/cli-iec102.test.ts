/** `read`, `profile` and `write` over IEC 60870-5-102, as people type them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { serveIec102 } from "#protocol/iec102/station/line.ts";
import { main } from "./cli-run.ts";
import { FixtureHost } from "./iec102-host.ts";

async function station(t: TestContext, host: FixtureHost): Promise<string> {
  const clock = new SystemClock();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 1, clock }, (link) =>
    serveIec102(link, [{ host, port: "ethernet 1" }], clock),
  );
  t.after(() => listener.close());
  return `iec102://127.0.0.1:${listener.port}/${host.settings.address}`;
}

function polyphase(words: readonly string[], more: NodeJS.ProcessEnv = {}) {
  return new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...process.env, POLYPHASE_PASSWORD: "7", ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

test("a station is read by names, and as a whole", async (t) => {
  const url = await station(t, new FixtureHost());
  const named = await polyphase(["read", url, "Wh.import", "V.a", "--json"]);
  assert.equal(named.status, 0, named.err);
  const { values } = JSON.parse(named.out) as { values: { name: string; value: unknown; unit: string }[] };
  assert.deepEqual(
    values.map(({ name, value, unit }) => [name, value, unit]),
    [
      ["Wh.import", 111, "kWh"],
      ["V.a", 230.1, "V"],
    ],
  );
  const whole = await polyphase(["read", url]);
  assert.equal(whole.status, 0, whole.err);
  for (const words of ["Values of the moment", "contract1.total.active", "manufacturer 251"])
    assert.ok(whole.out.includes(words), words);
  const document = JSON.parse((await polyphase(["read", url, "--json"])).out) as { readings: Record<string, unknown> };
  assert.deepEqual(
    [document.readings["Wh.import"], document.readings["V.a"]],
    [111_000, 230.1],
    "in the units of the names",
  );
  const wrong = await polyphase(["read", url], { POLYPHASE_PASSWORD: "8" });
  assert.equal(wrong.status, 1);
  assert.match(wrong.err, /refused the key/);
  assert.equal(wrong.err.split("link address").length, 2, "where it was, once");
  const unknown = await polyphase(["read", url, "Wh.imported"]);
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /did you mean Wh\.import\?/);
});

test("a profile is rows as they come, or a document", async (t) => {
  const url = await station(t, new FixtureHost());
  const range = ["--from", "2025-03-03", "--to", "2025-03-03T02:00"];
  const { status, out, err } = await polyphase(["profile", url, ...range, "--csv"]);
  assert.equal(status, 0, err);
  assert.deepEqual(out.trim().split("\r\n"), [
    "time,summer,Wh.import (kWh),Wh.export (kWh),varh.q1 (kvarh),varh.q2 (kvarh),varh.q3 (kvarh),varh.q4 (kvarh),object.7,object.8,quality",
    "2025-03-03T01:00,0,10,20,30,40,50,60,,,",
    "2025-03-03T02:00,0,10,20,30,40,50,60,,,",
  ]);
  const events = await polyphase(["profile", url, "--log", "52", "--json"]);
  const { records } = JSON.parse(events.out) as { records: unknown[][] };
  assert.equal(records[0]?.[5], "started after a power failure, data are kept");
  const none = await polyphase(["profile", url, "--profile", "99"]);
  assert.equal(none.status, 2);
  assert.match(none.err, /integration periods, record addresses 11 to 13/);
});

test("a day is its periods, from one date to the same one", async (t) => {
  const url = await station(t, new FixtureHost());
  const { out, err } = await polyphase(["profile", url, "--from", "2025-03-03", "--to", "2025-03-03", "--csv"]);
  const times = out
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(",")[0]);
  assert.equal(times.length, 24, err);
  assert.deepEqual([times[0], times.at(-1)], ["2025-03-03T01:00", "2025-03-04T00:00"]);
  // Of the repeated hour two end at 02:00: the second has counted what came behind the first.
  const autumn = ["--from", "2025-10-26T02:00", "--to", "2025-10-26T03:00", "--csv"];
  const repeated = await polyphase(["profile", `${url}?objects=1-1`, ...autumn], { TZ: "Europe/Madrid" });
  assert.deepEqual(
    repeated.out
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",").slice(0, 2)),
    [
      ["2025-10-26T02:00", "0"],
      ["2025-10-26T03:00", "0"],
    ],
  );
  // Who is elsewhere does not know which of the two is meant: both are.
  for (const TZ of ["Europe/Madrid", "UTC", "Australia/Sydney"]) {
    const both = ["--from", "2025-10-26T01:30", "--to", "2025-10-26T02:15", "--csv"];
    const { out, err } = await polyphase(["profile", `${url}?objects=1-1`, ...both], { TZ });
    const rows = out.trim().split("\r\n").slice(1);
    assert.deepEqual(
      rows.map((line) => line.split(",").slice(0, 2).join(" ")),
      ["2025-10-26T02:00 1", "2025-10-26T02:00 0"],
      `${TZ} ${err}`,
    );
  }
  const half = await polyphase(["profile", url, "--from", "2025-03-03T12:00", "--to", "2025-03-03", "--csv"]);
  assert.equal(half.out.trim().split("\r\n").length, 1 + 12, half.err);
  const turned = await polyphase(["profile", url, "--from", "2025-03-03", "--to", "2025-03-02"]);
  assert.equal(turned.status, 2);
  assert.match(turned.err, /--to: 2025-03-02 is before --from 2025-03-03/);
});

test("only the time is written", async (t) => {
  const url = await station(t, new FixtureHost());
  const other = await polyphase(["write", url, "ratio", "5"]);
  assert.equal(other.status, 2);
  assert.match(other.err, /over IEC 60870-5-102 the time can be written/);
  // A meter that says that it has set its clock, and goes on as before.
  const deaf = await polyphase(["write", url, "time", "now"]);
  assert.equal(deaf.status, 1);
  assert.match(deaf.err, /took the time and shows 2025-03-04T10:20:30\.500/);
});

test("why there are no rows, or none of this, is said in words", async (t) => {
  const url = await station(t, new FixtureHost());
  const before = ["--from", "2020-01-01", "--to", "2020-01-02"];
  for (const more of [[], ["--csv"]]) {
    const none = await polyphase(["profile", url, "--profile", "22", ...more]);
    assert.match(none.err, /record 22 has no such row/);
    assert.match(none.err, /the station has no record address 22 \(cause 15\)/);
    const empty = await polyphase(["profile", url, "--profile", "12", ...before, ...more]);
    assert.match(empty.err, /record 12 has no such row/);
    assert.match(empty.err, /the station has record address 12, and no period of it in that range \(cause 18\)/);
  }
  const scan = await polyphase(["scan", url]);
  assert.equal(scan.status, 2);
  assert.match(scan.err, /scan looks for units over Modbus, DLMS\/COSEM and DNP3/);
});

test("a station that does not answer is said so once", async (t) => {
  const url = (await station(t, new FixtureHost())).replace(/\d+$/, "5");
  const { status, err } = await polyphase(["read", url, "--timeout", "100"]);
  assert.equal(status, 1);
  assert.equal(err.split("keeps silent to another link address").length, 2, err);
});

test("a station of the base standard says what it has not", async (t) => {
  const host = new FixtureHost({ companion: "base", password: false });
  host.totals = () => undefined;
  const url = `${await station(t, host)}?auth=none`;
  const read = await polyphase(["read", url]);
  assert.equal(read.status, 0, read.err);
  assert.match(read.out + read.err, /nothing but its clock: no values of the moment/);
  const set = await polyphase(["write", url, "time", "now"]);
  assert.equal(set.status, 1);
  assert.match(set.err, /the base standard has no telegram for it/);
});

test("a clock that runs faster is said to when it does not keep what was set", async (t) => {
  const host = new FixtureHost();
  const began = performance.now();
  host.now = () => host.at(host.utc + 3600 * (performance.now() - began));
  const { status, err } = await polyphase(["write", await station(t, host), "time", "now"]);
  assert.equal(status, 1);
  assert.match(err, /its clock moves on about 3\d{3} times faster/);
});
