/** A revenue meter on a running site: the HTTP API, the commands on it, its Modbus points, its configuration. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { revenueJsonSchema } from "#product/jemstar/configuration-schema.ts";
import { checkRevenue } from "#product/jemstar/configuration-checks.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { FileError } from "#product/file-error.ts";
import { ModelNumberError, parseModelNumber } from "#revenue/settings/model-number.ts";
import { startSite } from "./running-site.ts";
import { configuration, later, site, type Profile, type Registers, modbus } from "./revenue-running.ts";

const ordered = parseModelNumber("JSII-09I6020-1B/2A-DIO-NTP");

test("registers and profile are read by the commands, as tables, CSV and JSON", async (t) => {
  const { run, url } = await site(t);
  await later(1500);
  const read = await run("read", url);
  assert.match(read.out, /^ *1 {2}Wh delivered +Wh\.import +\d{5,} {2}Wh$/m);
  const profile = await run("profile", url, "--csv");
  const lines = profile.out.trim().split("\r\n");
  assert.equal(lines[0], "sequence,type,start,end,until,status,Wh.import x 10");
  // 600 kW for a minute: 10,000 Wh in counts of 10.
  assert.equal(lines[1], "0,normal,2026-07-31 16:00:00,2026-07-31 16:01:00,2026-07-31 16:01:00,,1000");
  const json = JSON.parse(
    (await run("profile", url, "--json", "--from", "2026-07-31T16:02", "--to", "2026-07-31T16:04")).out,
  ) as Profile;
  assert.deepEqual(
    json.records.map(({ values }) => values),
    [[1000], [1000]],
  );
  // A head without lines says that there are none; a program's answer is empty.
  const [none, empty] = [
    await run("profile", url, "--from", "2036-01-01"),
    await run("profile", url, "--from", "2036-01-01", "--csv"),
  ];
  assert.deepEqual([/profile 1 has no such record yet/.test(none.err), empty.err], [true, ""]);
  const nothing = await run("profile", url, "--days", "99");
  assert.deepEqual([nothing.status, /days: expected at most 60/.test(nothing.err)], [1, true]);
  assert.equal((await run("profile", "modbus://127.0.0.1:1/1")).status, 2);
});

test("freeze, billing reset with its lockout, test mode, outage, time set and presets come over HTTP and are logged", async (t) => {
  const { command, get } = await site(t);
  await later(600);
  assert.deepEqual(await command({ command: "freeze" }), { ok: true });
  const frozen = await get<Registers>("/registers/frozen");
  await later(600);
  const now = await get<Registers>("/registers/normal");
  assert.ok(now.registers[0]!.value > frozen.registers[0]!.value);
  assert.deepEqual(await command({ command: "billingReset" }), { ok: true });
  assert.match((await command({ command: "billingReset" })).error ?? "", /lockout/);
  assert.deepEqual(await command({ command: "preset", register: 1, value: 1_000_000 }), { ok: true });
  assert.ok((await get<Registers>("/registers/normal")).registers[0]!.value >= 1_000_000);
  assert.match(
    (await command({ command: "preset", register: 7, value: 1 })).error ?? "",
    /register 7 cannot be preset/,
  );
  for (const name of ["enterTestMode", "leaveTestMode", "powerDown", "powerUp"]) {
    assert.deepEqual(await command({ command: name }), { ok: true }, name);
    await later(300);
  }
  assert.deepEqual(await command({ command: "setTime", utc: "2026-08-01T00:00:30Z" }), { ok: true });
  await later(300);
  const types = (await get<Profile>("/profiles/1")).records.map(({ type }) => type);
  for (const type of ["freeze", "billingReset", "preset", "testMode", "powerFail", "timeSet", "normal"])
    assert.ok(types.includes(type), type);
  for (const [kind, count] of [
    ["freeze", 1],
    ["billingReset", 1],
    ["testMode", 2],
    ["powerOutage", 1],
    ["timeChange", 1],
  ] as const) {
    assert.equal((await get<{ entries: unknown[] }>(`/logs/${kind}`)).entries.length, count, kind);
  }
  assert.match((await command({ command: "explode" })).error ?? "", /command/);
});

test("Modbus: counters in pairs that are read whole, analogs in secondary units, binaries, presets, other functions refused", async (t) => {
  const { running } = await site(t);
  const ask = await modbus(t, running.port);
  let counters = "";
  for (let wh = 0; wh <= 50_000; wh = Number.parseInt(counters.slice(4, 12), 16)) {
    await later(100);
    counters = await ask("03 0000 0004");
    assert.match(counters, /^0308/);
  }
  // 200 V at the terminals, times ten; 3000 W.
  assert.equal(await ask("04 0000 0002"), "0404" + "07d0" + "0bb8");
  for (const [request, answer] of [
    ["03 0001 0002", "8302"],
    ["03 0000 0001", "8303"],
    ["03 0000 0003", "8303"],
    ["03 0002 0004", "8303"],
    ["03 0004 0002", "8302"],
    ["04 0002 0001", "8402"],
    ["02 0000 0008", "020107"],
    ["02 0000 000e", "02020700"],
    ["02 0000 000f", "8202"],
    ["06 0000 0001", "8601"],
    ["11", "9101"],
    ["2b 0e 01 00", "ab01"],
    ["05 0000 ff00", "8501"],
    ["10 0001 0002 04 0000 0001", "9002"],
    ["10 0000 0001 02 0000", "9003"],
    ["10 0000 0002 04 00bc 614e", "1000000002"],
  ] as const) {
    assert.equal(await ask(request), answer, request);
  }
  // Outputs give pulses all the time; channels 7 and 8 are inputs, whose coils are off.
  assert.match(await ask("01 0000 0008"), /^0101[0-3][0-9a-f]$/);
  assert.ok(Number.parseInt((await ask("03 0000 0002")).slice(4), 16) >= 12_345_678);
});

test("a reader over Modbus shows by the meter's configuration what the meter shows itself", async (t) => {
  const { running, run, get } = await site(t);
  await later(500);
  const url = `modbus://127.0.0.1:${running.port}/1`;
  const read = await run("read", url, "--model", "ametek-jemstar-ii", "--configuration", "jem.yaml", "--json");
  assert.equal(read.status, 0, read.err);
  const { registers } = JSON.parse(read.out) as {
    registers: { register: number; name: string; value: number; unit: string }[];
  };
  assert.deepEqual(
    registers.map(({ register, name, unit }) => [register, name, unit]),
    [
      [40_001, "Wh.import", "Wh"],
      [40_003, "W.import.peakDemand", "kW"],
      [30_001, "V.a", "V"],
      [30_002, "W.import", "W"],
    ],
  );
  const now = (await get<Registers>("/registers/normal")).registers;
  const [wh = 0, peak = 0, volts, watts] = registers.map(({ value }) => value);
  // 600,000 W, ten minutes a second: a reading is as old as its way here.
  assert.ok(wh > 50_000 && wh <= now[0]!.value, `${wh} of ${now[0]!.value} Wh`);
  // A counter is whole: a millionth of a count is rounding.
  assert.ok(peak <= 600 && now[1]!.value >= peak - 1e-6, `${peak} of ${now[1]!.value} kW`);
  assert.deepEqual([volts, watts], [2000, 600_000]);
  const wrong = await run("read", url, "--model", "ametek-jemstar-ii", "--configuration", "nothing.yaml");
  assert.deepEqual([wrong.status, /nothing\.yaml/.test(wrong.err)], [2, true]);
  // The factory's points are others than this meter has.
  const other = await run("read", url, "--model", "ametek-jemstar-ii", "--configuration", "factory");
  assert.equal(other.status, 1);
  assert.match(other.err, /refused counters from register 40001/);
});

test("a configuration is compared and applied; what begins anew is said, and begins anew; what is wrong changes nothing", async (t) => {
  const { run, url, folder, get } = await site(t);
  await later(600);
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return name;
  };
  assert.equal((await run("config", "diff", "jem.yaml", url)).out.trim(), "nothing would change");
  const label = write(
    "label.yaml",
    configuration.replace("modbus:", "identification: { strings: [Substation 7] }\nmodbus:"),
  );
  const diff = await run("config", "diff", label, url);
  assert.equal(diff.status, 1);
  assert.match(diff.out, /identification\.strings\[0\]: "JemStarII ID" becomes "Substation 7"/);
  const before = (await get<Registers>("/registers/normal")).registers[0]!.value;
  const asked = await run("config", "apply", label, url);
  assert.deepEqual([asked.status, asked.out.trim()], [2, "no measurement begins anew"]);
  assert.match((await run("config", "apply", label, url, "--yes")).out, /applied/);
  assert.ok((await get<Registers>("/registers/normal")).registers[0]!.value >= before, "registers go on");
  const other = write("other.yaml", configuration.replace("ct: 20", "ct: 40"));
  const applied = await run("config", "apply", other, url, "--yes");
  assert.match(
    applied.out,
    /display registers, freezes and self reads begin at zero\nload profiles are erased\napplied/,
  );
  const records = (await get<Profile>("/profiles/1")).records;
  assert.equal(records[0]?.type, "configuration");
  const wrong = write("wrong.yaml", configuration.replace("ct: 20", "ct: 0").replace("register: 1 }", "register: 9 }"));
  const refused = await run("config", "apply", wrong, url, "--yes");
  assert.equal(refused.status, 1);
  assert.match(refused.err, /primary\.ct: /);
  const shown = await run("config", "show", url);
  assert.match(shown.out, /ct: 40/);
  assert.equal((await get<{ entries: unknown[] }>("/logs/configuration")).entries.length, 2);
});

test("kill -9: what the profile says and what the registers count goes on, and the gap is an outage", async (t) => {
  const first = await site(t, { store: "store: ./data" });
  await later(1600);
  const before = (await first.get<Registers>("/registers/normal")).registers[0]!.value;
  await first.running.end("SIGKILL");
  const again = await startSite(
    first.folder,
    readFileSync(path.join(first.folder, "site.yaml"), "utf8").replace("T16:00", "T19:00"),
  );
  t.after(() => again.end());
  const get = async <T>(place: string): Promise<T> =>
    (await (await fetch(`${again.page}api/meters/jem${place}`)).json()) as T;
  const after = (await get<Registers>("/registers/normal")).registers[0]!.value;
  // A second of the process is ten minutes of the meter: 100 kWh.
  assert.ok(after > before - 110_000, `${after} after ${before}`);
  await later(400);
  const { records } = await get<Profile>("/profiles/1");
  const sum = records.reduce((total, { values }) => total + values[0]! * 10, 0);
  const now = (await get<Registers>("/registers/normal")).registers[0]!.value;
  assert.ok(records.some(({ type }) => type === "powerFail"));
  assert.ok(
    Math.abs(now - sum) < 110_000,
    `the profile's ${sum} are the register's ${now}, but for the running interval`,
  );
});

test("users do what they may, sessions and lockouts hold, keys bar what is billed, and passwords are kept as hashes", async (t) => {
  const { command, login, get, run, url, folder } = await site(t);
  assert.match((await command({ command: "freeze" }, "")).error ?? "", /log in first/);
  const { token } = await login("user2");
  assert.match((await command({ command: "freeze" }, token)).error ?? "", /user2 has not the privilege freeze/);
  assert.deepEqual(await command({ command: "billingReset" }, token), { ok: true });
  assert.match((await command({ command: "freeze" }, "no-token")).error ?? "", /log in first/);
  for (let tries = 0; tries < 3; tries++)
    assert.match((await login("user1", "guess")).error ?? "", /wrong user or password/);
  assert.match((await login("user1")).error ?? "", /user1 is locked out for 5 minutes/);
  // The key bars test mode and registers, not freezes and identification.
  assert.deepEqual(await command({ command: "key", key: "metering", installed: true }), { ok: true });
  assert.match((await command({ command: "enterTestMode" })).error ?? "", /the security key bars testMode/);
  assert.deepEqual(await command({ command: "freeze" }), { ok: true });
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return name;
  };
  const ratio = await run(
    "config",
    "apply",
    write("ratio.yaml", configuration.replace("ct: 20", "ct: 40")),
    url,
    "--yes",
  );
  assert.deepEqual([ratio.status, /the security key bars configurePrimary/.test(ratio.err)], [1, true]);
  const users = "users:\n  - { name: admin, password: a new one, privileges: [configureUsers, setTime] }\n";
  assert.match((await run("config", "apply", write("users.yaml", configuration + users), url, "--yes")).out, /applied/);
  assert.match((await login("admin")).error ?? "", /wrong user or password/);
  assert.ok((await login("admin", "a new one")).token !== undefined);
  assert.doesNotMatch((await run("config", "show", url)).out, /password|scrypt/);
  const log = (await get<{ entries: { what: string; by: string }[] }>("/logs/security")).entries.map(
    ({ what, by }) => `${by}: ${what}`,
  );
  for (const entry of [
    "user2: logged in",
    "user1: wrong password",
    "user1: locked out",
    "hardware: metering key installed",
  ]) {
    assert.ok(log.includes(entry), `${entry} in ${log.join("; ")}`);
  }
});

test("the reset button needs no user, but its key bars it; what hardware senses shows in the status word", async (t) => {
  const { command, get } = await site(t);
  assert.deepEqual(await command({ command: "key", key: "reset", installed: true }), { ok: true });
  assert.match((await command({ command: "resetButton" }, "")).error ?? "", /the reset key is installed/);
  await command({ command: "key", key: "reset", installed: false });
  assert.deepEqual(await command({ command: "resetButton" }, ""), { ok: true });
  await command({ command: "battery", state: "low" });
  await command({ command: "hardware", part: "cover", failed: true });
  assert.equal((await get<{ systemBits: number }>("")).systemBits & 0x101, 0x101);
  assert.equal((await get<{ entries: unknown[] }>("/logs/diagnostic")).entries.length, 2);
});

test("where reading takes a session, everybody reads what they may: over HTTP and by the commands", async (t) => {
  const { run, url } = await site(t, {
    configuration: `${configuration}
security: { readingTakesSession: true }
users:
  - { name: admin, password: admin, privileges: [readRegisters, readLoadProfile, configurationFile, readSecurity] }
  - { name: pq, password: admin, privileges: [readAlarms, readEvents, readDiagnostics] }
`,
  });
  const get = async (place: string, token?: string): Promise<number> =>
    (await fetch(`${url}${place}`, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }))
      .status;
  const session = async (user: string): Promise<string> => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ user, password: "admin" });
    return ((await (await fetch(`${url}/session`, { method: "POST", headers, body })).json()) as { token: string })
      .token;
  };
  const places = ["", "/live", "/registers/normal", "/self-reads", "/profiles/1", "/configuration", "/logs/security"];
  const logs = ["/logs/event", "/logs/diagnostic", "/logs/alarm", "/logs/sagSwell"];
  const spelt = ["/", "/%70rofiles/1", "/logs/%zz", "/%zz", "/logs/nothing"];
  for (const place of [...places, ...logs, ...spelt]) assert.equal(await get(place), 401, place);
  assert.equal((await fetch(url, { method: "HEAD" })).status, 401);
  const [admin, pq] = [await session("admin"), await session("pq")];
  for (const place of places) {
    if (place !== "/live") assert.equal(await get(place, admin), 200, place);
    assert.equal(await get(place, pq), 403, place);
  }
  // However a place is spelt, nobody reads more than they may.
  for (const place of ["/%70rofiles/1", "/logs/%73ecurity", "/%zz"])
    assert.ok([403, 404].includes(await get(place, pq)), place);
  for (const place of logs) {
    assert.equal(await get(place, pq), 200, place);
    assert.equal(await get(place, admin), 403, place);
  }
  const refused = await run("read", url);
  assert.deepEqual([refused.status, /log in first/.test(refused.err)], [1, true]);
  assert.match((await run("read", url, "--user", "admin")).out, /Wh delivered/);
  assert.match((await run("profile", url, "--user", "admin")).out, /sequence/);
  assert.match((await run("config", "show", url, "--user", "admin")).out, /readingTakesSession: true/);
  assert.match((await run("profile", url, "--user", "pq")).err, /pq has not the privilege readLoadProfile/);
});

test("from another address nobody works with the factory's password, or injects anything", async (t) => {
  const { url } = await site(t);
  const post = (place: string, body: unknown, token?: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const asked = request(
        `${url}/${place}`,
        {
          method: "POST",
          // The loopback network has more than one address; only one is this machine's own by name.
          localAddress: "127.0.0.2",
          headers: {
            "Content-Type": "application/json",
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          },
        },
        (answer) => {
          let text = "";
          answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      asked.on("error", reject);
      asked.end(JSON.stringify(body));
    });
  const login = await post("session", { user: "admin", password: "admin" });
  assert.equal(login.status, 401);
  // What is wrong with it is told near, or to a user of the site.
  assert.equal((JSON.parse(login.text) as { error: string }).error, "wrong user or password");
  const key = await post("commands", { command: "key", key: "metering", installed: false });
  assert.deepEqual([key.status, /log in first/.test(key.text)], [401, true]);
});

test("a meter has room for two Modbus peers: who has said nothing goes when both have been answered, and a fourth is refused", async (t) => {
  const { running } = await site(t);
  const { connectTcp } = await import("#io/tcp.ts");
  const links = [];
  for (let k = 0; k < 4; k++) {
    const link = await connectTcp("127.0.0.1", running.port);
    t.after(() => link.close());
    const answered = new Promise<boolean>((resolve) => {
      link.closed(() => resolve(false));
      link.receive(() => resolve(true));
    });
    if (k > 0) link.send(Uint8Array.from(Buffer.from("000100000006010200000001", "hex")));
    if (k > 0) await answered;
    links.push(answered);
  }
  assert.deepEqual(await Promise.all(links), [false, true, true, false]);
});

test("a listener on a port that was not ordered is refused", async (t) => {
  await assert.rejects(
    site(t, { modelNumber: "JSII-09I6020-1B-DIO" }),
    /listen\[0\]: tcp needs Ethernet \(2A or 2B\), which was not ordered/,
  );
});

test("every error of a configuration names its key", () => {
  for (const [text, says] of [
    ["primary: { pt: 0 }", /primary\.pt: /],
    ["primary: { connection: 3 wire delta }", /primary\.connection: form 9 cannot be connected as 3 wire delta/],
    ["registers: { normal: [{ id: 101, type: blank }] }", /registers\.normal\[0\]\.id: expected 0 to 49, found 101/],
    [
      "registers: { normal: [{ id: 1, type: consumption, measure: { quantity: W } }] }",
      /registers\.normal\[0\]\.measure\.quantity: consumption takes Wh/,
    ],
    [
      "registers: { normal: [{ id: 1, type: timeOfPeak, measure: { quantity: W } }] }",
      /registers\.normal\[0\]\.of: expected the id of a peak register/,
    ],
    ["demand: { subIntervalMinutes: 7 }", /demand: expected an interval of 1, 2, .*; 3 times 7 is 21/],
    [
      "profiles: [{ channels: [{ measure: { quantity: Wh } }] }, { channels: [{ measure: { quantity: Wh } }] }]",
      /profiles\[1\]: a second profile is option DLP/,
    ],
    [
      "modbus: { counters: [{ register: 49 }] }",
      /modbus\.counters\[0\]\.register: there is no normal or alternate register 49/,
    ],
    ["tou: { seasons: [{ month: 13, day: 1, days: {} }] }", /tou\.seasons\[0\]\.month: /],
    [
      "triggers: [{ id: 1, input: 7, register: 1 }]",
      /triggers\[0\]: expected one of measure, register and input, found 2/,
    ],
    ["triggers: [{ id: 1, input: 1 }]", /triggers\[0\]\.input: channel 1 is no input/],
    ["triggers: [{ id: 1, input: 7, alarm: 1 }]", /triggers\[0\]: an input has no levels/],
    ["triggers: [{ id: 1, register: 49, alarm: 1, reset: 1 }]", /triggers\[0\]\.register: there is no register 49/],
    ["triggers: [{ id: 1, input: 7, output: 1 }]", /triggers\[0\]\.output: channel 1 is no alarm output/],
    ["timekeeping: { billingReset: { every: month } }", /timekeeping\.billingReset\.day: a month has 1 to 31, found 0/],
    ["selfRead: { every: hour, minute: 75 }", /selfRead\.minute: an hour has 0 to 59, found 75/],
    ["timekeeping: { freeze: { every: week, day: 7 } }", /timekeeping\.freeze\.day: a week has 0 \(Sunday\) to 6/],
    ["tou: { seasons: [{ month: 2, day: 29, days: {} }] }", /tou\.seasons\[0\]\.day: month 2 has 1 to 28, found 29/],
    [
      "tou: { seasons: [{ month: 1, day: 1, days: { monday: [{ at: '07:00', rate: A }, { at: '07:00', rate: B }] } }] }",
      /tou\.seasons\[0\]\.days\.monday: two rates begin at 07:00/,
    ],
    [
      "tou: { holidays: [{ date: 2026-12-25 }, { date: 2026-12-25, type: 2 }] }",
      /tou\.holidays\[1\]\.date: 2026-12-25 is a holiday already/,
    ],
    [
      "timekeeping: { servers: ['host:70000'] }",
      /timekeeping\.servers\[0\]: expected a port from 1 to 65535, found 70000/,
    ],
    ["nonsense: 1", /nonsense: there is no such key/],
  ] as const) {
    assert.throws(
      () => parseRevenueFile("file", text, ordered),
      (error) => error instanceof FileError && says.test(error.message),
      text,
    );
  }
});

test("the factory's configuration is Appendix A's", () => {
  const factory = parseRevenueFile("factory", "", ordered);
  assert.deepEqual(checkRevenue(factory, ordered), []);
  assert.equal(factory.identification.strings[2], "Rochester, New York");
  assert.deepEqual(
    [factory.demand.subIntervalMinutes * factory.demand.subIntervals, factory.demand.thermalMinutes],
    [15, 15],
  );
  assert.deepEqual(
    [factory.profiles[0]?.minutes, factory.profiles[0]?.channels.length, factory.profiles[0]?.channels[0]?.km],
    [15, 4, 1],
  );
  assert.equal(factory.registers.test.length, 9);
  assert.deepEqual(
    [factory.modbus.countersFrom, factory.modbus.analogsFrom, factory.modbus.analogs.length],
    [40_001, 30_001, 10],
  );
});

test("model numbers: what was ordered, and what cannot be", () => {
  const one = parseModelNumber("JSII-09I5010-1B/2A/3A-DIOP-DLMS-PQ");
  assert.deepEqual(
    [one.form, one.hz, one.amps, [...one.communication], [...one.options]],
    ["9", 50, 10, ["1B", "2A", "3A"], ["DIOP", "DLMS", "PQ"]],
  );
  for (const wrong of [
    "JSII-07I5010",
    "JSII-09I5010-XYZ",
    "JSII-09I5010-DIO-DIOP",
    "JSII-09I5010-1B-NTP",
    "JSII-09I5010-2A/2B",
  ]) {
    assert.throws(() => parseModelNumber(wrong), ModelNumberError, wrong);
  }
});

test("the published schema of configurations is the one that is checked", () => {
  const file = fileURLToPath(new URL("../schema/revenue-meter.schema.json", import.meta.url));
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(revenueJsonSchema())));
});

test("many who change different sections of what they read undo nothing of each other: who comes late reads again", async (t) => {
  const { url, get, login } = await site(t);
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${(await login("admin")).token}` };
  let late = 0;
  const change = async (k: number): Promise<void> => {
    const read = await fetch(`${url}/configuration`, { headers });
    const file = (await read.json()) as { identification: { strings: string[] }; display: { scrollSeconds: number } };
    if (k === 0) file.display.scrollSeconds = 9;
    else file.identification.strings = [...file.identification.strings.filter((one) => /^[1-5]$/.test(one)), `${k}`];
    const put = await fetch(`${url}/configuration`, {
      method: "PUT",
      body: JSON.stringify(file),
      headers: { ...headers, "If-Match": read.headers.get("ETag")! },
    });
    await put.text();
    if (put.status === 200) return;
    assert.equal(put.status, 412);
    late++;
    await change(k);
  };
  await Promise.all(Array.from({ length: 6 }, (_, k) => change(k)));
  const file = await get<{ identification: { strings: string[] }; display: { scrollSeconds: number } }>(
    "/configuration",
  );
  assert.equal(file.display.scrollSeconds, 9);
  assert.deepEqual(file.identification.strings.toSorted(), ["1", "2", "3", "4", "5"]);
  assert.ok(late > 0);
});
