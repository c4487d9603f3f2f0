/** The command as people and programs use it: output, messages, exit status. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { siteJsonSchema } from "#fleet/site-schema.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

function run(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args]);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

test("help is there for the command and every verb, and says how to begin", async () => {
  const top = await run("--help");
  assert.equal(top.status, 0);
  assert.match(top.out, /polyphase up site\/demo\.yaml/);
  for (const verb of [
    "up",
    "read",
    "scan",
    "find",
    "write",
    "transfer",
    "profile",
    "logs",
    "self-reads",
    "command",
    "config",
    "models",
  ]) {
    const help = await run(verb, "--help");
    assert.equal(help.status, 0, verb);
    assert.match(help.out, new RegExp(`Usage: npx polyphase ${verb}`));
  }
});

test("wrong words end with status 2 and the way to the help", async () => {
  for (const [args, says] of [
    [["fly"], /unknown command 'fly'[^]*--help/],
    [["user", "add"], /missing required argument 'name'[^]*npx polyphase user add --help/],
    [["user", "add", "b b"], /"b b" is no name/],
    [["user", "role", "ann"], /--role is needed: what ann may do, one of viewer, operator, owner/],
    [["read", "--model", "leviton-s4100"], /missing required argument 'url'[^]*read --help/],
    [["read", "modbus://127.0.0.1:1"], /--model is needed: which model it is/],
    [["read", "modbus://127.0.0.1:1", "--model", "nothing"], /no model "nothing"; expected one of .*leviton-s4100/],
    [["read", "gopher://x", "--model", "leviton-s4100"], /expected modbus:\/\/host:port\/unit/],
    [["read", "modbus://h:1/999", "--model", "leviton-s4100"], /unit of .*expected 0 to 255, found "999"/],
    [["up", "/nowhere/site.yaml"], /cannot read \/nowhere\/site\.yaml: there is no such file/],
  ] as const) {
    const { status, err } = await run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, says);
  }
});

test("a meter that is not there ends with status 1 and its address", async () => {
  const { status, err } = await run("read", "modbus://127.0.0.1:9", "--model", "leviton-s4100");
  assert.equal(status, 1);
  assert.match(err, /cannot connect to 127\.0\.0\.1:9: nothing listens there/);
});

test("models prints a table, or one JSON document", async () => {
  assert.match((await run("models")).out, /^leviton-s4100 +Leviton VerifEye Series 4100/m);
  const list = JSON.parse((await run("models", "--json")).out) as { name: string }[];
  assert.ok(list.some(({ name }) => name === "leviton-s4100"));
  assert.match((await run("models")).out, /^modbus: rtu-over-tcp +port 1503 +modbus\+rtutcp:\/\/host:port\/unit$/m);
  const protocols = JSON.parse((await run("models", "--protocols", "--json")).out) as { transport: string }[];
  assert.deepEqual(
    protocols.map(({ transport }) => transport),
    ["tcp", "rtu-over-tcp", "tls", "rtu"],
  );
});

test("a running meter is read as a table and as JSON, over TCP and RTU over TCP, without colours in a pipe", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(
    folder,
    siteOf({ listen: "{ modbus: tcp, port: 0, unit: 7 }, { modbus: rtu-over-tcp, port: 0, unit: 7 }" }),
  );
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1500));
  const urls = [...site.output().matchAll(/listener +modbus (\S+) (\S+:\d+)/g)].map(
    ([, kind, at]) => `${kind === "tcp" ? "modbus" : "modbus+rtutcp"}://${at}/7`,
  );
  assert.equal(urls.length, 2);
  const table = await run("read", urls[0]!, "--model", "leviton-s4100");
  assert.equal(table.status, 0, table.err);
  assert.match(table.out, /Leviton S4100 V1\.019/);
  assert.match(table.out, /^ *21 +W +60000 +W$/m);
  assert.match(table.out, /^ *395 +V\.a +250 +V$/m);
  assert.ok(!table.out.includes("\u001b"), "no colours");
  assert.equal(table.err, "", "no progress");
  const json = await run("read", urls[1]!, "--model", "leviton-s4100", "--json");
  const { registers } = JSON.parse(json.out) as {
    registers: { register: number; name: string; value: number | null }[];
  };
  assert.equal(registers.find(({ register }) => register === 277)?.value, 60_000);
  assert.equal(registers.find(({ name }) => name === "demandSubInterval")?.value, 10);
});

test("a meter of a running site is read with units; what it lacks is said of it, and ends with status 1", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const jem = "name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } }";
  const site = await startSite(folder, `${siteOf()}  - { ${jem} }\n`);
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1500));
  const at = (name: string): string => `${site.page}api/meters/${name}`;
  const read = await run("read", at("feeder-1"));
  assert.deepEqual([read.status, read.err], [0, ""]);
  const [readings = "", registers = ""] = read.out.split("\n\n");
  assert.match(readings, /^Readings\n/);
  assert.match(readings, /^V\.a +250 {2}V$/m);
  assert.match(readings, /^W +60000 {2}W$/m);
  assert.doesNotMatch(readings, /^Wh\.import/m, "a register shows it");
  assert.match(registers, /^Registers\n/);
  assert.match(registers, /^ *1 {2}Wh\.import +\d+ {2}Wh$/m);
  const json = JSON.parse((await run("read", at("feeder-1"), "--json")).out) as {
    readings: Record<string, number>;
    registers: { unit: string }[];
  };
  assert.deepEqual([json.readings["V.a"], json.registers[0]?.unit], [250, "Wh"]);
  for (const [args, says] of [
    [["profile", at("feeder-1")], "feeder-1 has no load profile"],
    [["logs", at("feeder-1")], "feeder-1 keeps no logs"],
    [["logs", at("feeder-1"), "alarm"], "feeder-1 keeps no logs"],
    [["self-reads", at("feeder-1")], "feeder-1 keeps no self reads"],
    [["read", at("jem"), "--list", "frozen"], "nothing has been frozen yet"],
    [["read", at("feeder-1"), "--list", "alternate"], "feeder-1 has no alternate registers"],
  ] as const) {
    const { status, out, err } = await run(...args);
    assert.deepEqual([status, out, err], [1, "", `polyphase: ${says}\n`]);
  }
  const wrong = await run("read", at("jem"), "--list", "frosen");
  assert.deepEqual(
    [wrong.status, /--list: expected one of normal, alternate, test, frozen/.test(wrong.err)],
    [2, true],
  );
});

test("what `up` prints to try next works, of a revenue meter with its own configuration", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(
    path.join(folder, "jem of July.yaml"),
    "registers: { normal: [{ id: 2, label: kWh delivered, type: consumption, measure: { quantity: Wh } }] }\n" +
      "modbus: { counters: [{ register: 2 }] }\n",
  );
  const site = await startSite(
    folder,
    `
web: { port: 0 }
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem of July.yaml, source: { synthetic: { volts: 120, amps: 5, steps: true } }, listen: [{ modbus: tcp, port: 0, unit: 3 }] }
`,
  );
  t.after(() => site.end());
  const [, hints = ""] = site.output().split("To try next, in another terminal, in this folder:\n");
  const [read = "", ...others] = hints.split("\n").map((line) => line.trim());
  const words = [...read.matchAll(/'([^']*)'|(\S+)/g)].map(([, spaced, word]) => spaced ?? word ?? "");
  assert.deepEqual(words.slice(0, 3), ["npx", "polyphase", "read"]);
  const told = await run(...words.slice(2));
  assert.deepEqual([told.status, told.err], [0, ""]);
  assert.match(told.out, /^40001 +kWh delivered +Wh\.import +\d+ +kWh$/m);
  assert.ok(
    others.some((line) => line === `npx polyphase read ${site.page}api/meters/jem`),
    hints,
  );
  const nobodySays = await run(...words.slice(2, 6));
  assert.deepEqual([nobodySays.status, nobodySays.out], [2, ""]);
  assert.match(nobodySays.err, /--configuration FILE names it, --configuration factory says that it has the factory's/);
  // The factory's four counters are not those of this meter.
  const factory = await run(...words.slice(2, 6), "--configuration", "factory");
  assert.deepEqual([factory.status, factory.out], [1, ""]);
  assert.match(factory.err, /unit 3 refused counters from register 40001/);
});

test("scan finds the units of a port and what they are; write changes a setting and reads it back", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = 23_990;
  const source = "source: { synthetic: { volts: 230, amps: 5, steps: true } }";
  const site = await startSite(
    folder,
    `
store: ":memory:"
meters:
  - { name: sun, model: leviton-s4100, serial: "777", ${source}, listen: [{ modbus: tcp, port: ${port}, unit: 2 }] }
  - { name: k, model: leviton-s4000k, ${source}, listen: [{ modbus: tcp, port: ${port}, unit: 3 }] }
  - { name: sdm, model: eastron-sdm630, ${source}, listen: [{ modbus: tcp, port: ${port}, unit: 5 }] }
devices:
  - { name: id, memory: { holding: { from: 0, count: 1 }, serverId: { id: 9, text: Relay } }, listen: [{ modbus: tcp, port: ${port}, unit: 7 }] }
  - { name: mute, memory: { holding: { from: 0, count: 1 } }, listen: [{ modbus: tcp, port: ${port}, unit: 8 }] }
`,
  );
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1600));
  const url = `modbus://127.0.0.1:${port}`;
  const { out, status } = await run("scan", url, "--units", "1-9");
  assert.equal(status, 0);
  assert.deepEqual(
    out
      .trim()
      .split("\n")
      .map((line) => line.replaceAll(/ {2,}/g, "  ")),
    [
      "unit 2  SunSpec  Leviton S4100 V1.019 serial 777",
      "unit 3  device identification  Leviton Series 4000 V1.019",
      "unit 5  voltage  230.0 V at input register 0, a float, upper word first",
      "unit 7  server id  Relay (id 9)",
      "unit 8  answers  refuses all that was asked: illegal function (0x01), illegal data address (0x02)",
    ],
  );

  // The SDM630's first float; the 4100's volts, as 2300 tenths at printed 106 and a float at 395.
  const sdm = await run("find", `${url}/5`, "230", "--registers", "0-79");
  assert.match(sdm.out, /^input 0 +\(function 0x04, printed 1\) +float +upper word first +.*= 230$/m);
  const volts = await run("find", `${url}/2`, "230", "--registers", "0-420", "--json", "--tolerance", "0.01");
  const places = (JSON.parse(volts.out) as { table: string; address: number; kind: string; scale: number }[]).filter(
    ({ table }) => table === "holding",
  );
  assert.ok(places.some((one) => one.address === 394 && one.kind === "float" && one.scale === 1));
  assert.ok(places.some((one) => one.address === 105 && one.kind === "16-bit" && one.scale === 0.1));
  const nothing = await run("find", `${url}/2`, "1.2345e25", "--registers", "0-420", "--tolerance", "0.01");
  assert.equal(nothing.status, 1);
  assert.match(nothing.out, /nothing from 0 to 420 is within 0\.01 % of 1\.2345e\+25/);
  assert.equal((await run("find", `${url}/2`, "much")).status, 2);

  const none = await run("scan", url, "--units", "20-22", "--json");
  assert.deepEqual([none.status, JSON.parse(none.out)], [1, []]);
  assert.equal((await run("scan", url, "--units", "9-1")).status, 2);

  const write = (...args: string[]) => run("write", `${url}/2`, ...args, "--model", "leviton-s4100");
  const done = await write("phaseLossVoltage", "15");
  assert.deepEqual([done.status, done.out.trim()], [0, "phaseLossVoltage: 10 before, 15 now"]);
  assert.match((await write("displayUnits", "IEC")).out, /displayUnits: 1 before, 0 now/);
  assert.match((await write("ptRatio", "2.5", "--json")).out, /"after": 2\.5/);
  for (const [args, code, says] of [
    [["phaseLossVoltage", "100"], 2, /phaseLossVoltage: expected 1 to 99; found "100"/],
    [["address", "7"], 2, /has no setting "address" to write; it has systemType,/],
    [
      ["systemVoltage", "32000"],
      1,
      /unit 2 refused a write to register 134: illegal data value \(0x03\); the value is not taken; systemVoltage stays 600/,
    ],
  ] as const) {
    const refused = await write(...args);
    assert.equal(refused.status, code);
    assert.match(refused.err, says);
  }
});

/** A change to a valid site file, and the words that must name the key and what was expected. */
const invalid: readonly (readonly [what: string, yaml: string, says: readonly RegExp[]])[] = [
  ["nothing in it", "", [/expected object/]],
  ["YAML that is none", "meters: [", [/line 1, column \d+/]],
  ["no meters", "meters: []", [/meters: expected at least one meter, or one of devices/]],
  ["an unknown key", siteOf().replace("serial:", "serail:"), [/meters\[0\]\.serail: there is no such key/]],
  [
    "an unknown model",
    siteOf().replace("leviton-s4100", "leviton-s4200"),
    [/meters\[0\]\.model: expected one of .*leviton-s4100/],
  ],
  [
    "an unknown setting",
    siteOf({ settings: "{ ctPrimry: 5 }" }),
    [/settings\.ctPrimry: leviton-s4100 has no such setting; it has .*ctPrimary/],
  ],
  [
    "a setting out of range",
    siteOf({ settings: "{ systemType: 20 }" }),
    [/settings\.systemType: expected one of 10, 11, 12, 31, 40; found 20/],
  ],
  [
    "settings that do not agree",
    siteOf({ settings: "{ systemVoltage: 13200 }" }),
    [/settings\.systemVoltage: expected 82 to 660 with a PT ratio of 1; found 13200/],
  ],
  [
    "a log setting without the option",
    siteOf({ settings: "{ log.mode: 1 }" }).replace("logging: true", "logging: false"),
    [/log\.mode: leviton-s4100 has no such setting without options\.logging/],
  ],
  [
    "a word for a number",
    siteOf().replace("hz: 60", "hz: sixty"),
    [/meters\[0\]\.source\.synthetic\.hz: expected number/],
  ],
  [
    "two sources",
    siteOf().replace("source: {", "source: { live: {},"),
    [/meters\[0\]\.source: expected exactly one of synthetic, recording, live/],
  ],
  [
    "an event that overlaps itself",
    siteOf({ extra: "events: [{ kind: sag, at: 1, for: 5, every: 2 }]" }),
    [/events\[0\]\.every: expected more than the event lasts/],
  ],
  [
    "a time of day that is none",
    siteOf({ extra: 'load: { "25:00": 1 }' }),
    [/load.*expected a time of day, like 07:30/],
  ],
  ["an unknown listener", siteOf({ listen: "{ modbus: udp, port: 1502 }" }), [/listen\[0\]\.modbus/]],
  ["a port that cannot be", siteOf({ listen: "{ modbus: tcp, port: 70000 }" }), [/listen\[0\]\.port: .*65535/]],
  [
    "a recording that is not there",
    siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: x.cfg, map: {} }"),
    [/x\.cfg|x\.dat/],
  ],
  [
    "two meters of one name on one unit",
    `${siteOf({ listen: "{ modbus: tcp, port: 1999 }" })}${siteOf({ listen: "{ modbus: tcp, port: 1999 }" }).split("meters:\n")[1]}`,
    [
      /meters\[1\]\.name: another meter is called feeder-1/,
      /meters\[1\]\.listen\[0\]: feeder-1 has unit 1 on 127\.0\.0\.1:1999 already/,
    ],
  ],
  [
    "a page without its port",
    siteOf().replace("port: 0", "host: 127.0.0.1"),
    [/^ +web\.port: expected a number; it is missing$/m],
  ],
  [
    "a meter without its source",
    siteOf()
      .replace(/source: .*/, "")
      .replace("model: leviton-s4100", ""),
    [
      /^ +meters\[0\]\.model: expected a text; it is missing$/m,
      /^ +meters\[0\]\.source: expected an object; it is missing$/m,
    ],
  ],
  [
    "an event of no kind, and no volts",
    siteOf({ extra: "events: [{ at: 1 }]" }).replace("volts: [250, 250, 250], ", ""),
    [
      /events\[0\]\.kind: expected one of "sag".*; it is missing$/m,
      /synthetic\.volts: expected a number, or a list; it is missing$/m,
    ],
  ],
  ["a database server for a store", `store: postgres://x\n${siteOf()}`, [/store: expected a folder, or :memory:/]],
];
for (const [what, yaml, says] of invalid) {
  test(`a site file with ${what} is refused: status 2, key and expectation`, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(file, yaml);
    const { status, err } = await run("up", file);
    assert.equal(status, 2, err);
    for (const words of says) assert.match(err, words);
    assert.ok(!/\n {4}at /.test(err), "no stack");
  });
}

test("a recording's mistake names its file and line", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "r.csv"), "time,va\n0,1\n0.001,x\n");
  const yaml = siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: r.csv, map: { va: va } }");
  writeFileSync(path.join(folder, "site.yaml"), yaml);
  const { status, err } = await run("up", path.join(folder, "site.yaml"));
  assert.equal(status, 2);
  assert.match(err, /r\.csv, line 3: column va: expected a number, found "x"/);
});

test("a port that is taken ends with status 1 and says so", async (t) => {
  const one = temporaryFolder();
  const two = temporaryFolder();
  t.after(one.remove);
  t.after(two.remove);
  const site = await startSite(one.folder, siteOf());
  t.after(() => site.end());
  writeFileSync(path.join(two.folder, "site.yaml"), siteOf({ listen: `{ modbus: tcp, port: ${site.port} }` }));
  const { status, err } = await run("up", path.join(two.folder, "site.yaml"));
  assert.equal(status, 1);
  assert.match(err, new RegExp(`cannot listen on 127\\.0\\.0\\.1:${site.port}: another program uses it`));
});

test("a second site on the same store ends with status 1, and leaves the store alone", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  const { status, err } = await run("up", path.join(folder, "site.yaml"));
  assert.equal(status, 1);
  assert.match(err, /the store .*polyphase\.sqlite is in use by another process/);
});

test("a refused write is told on the site's console with register and expectation", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  await assert.rejects(write(site.port, 130, 20));
  for (let tries = 0; tries < 50 && !site.output().includes("refused"); tries++)
    await new Promise((done) => setTimeout(done, 20));
  assert.match(
    site.output(),
    /feeder-1: refused a write to register 130 \(systemType\): expected one of 10, 11, 12, 31, 40; found 20/,
  );
});

test("what was set on the meter wins over an unchanged file, and `up` says so; a changed file wins", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const first = await startSite(folder, siteOf());
  await write(first.port, 150, 60);
  await first.end();
  const second = await startSite(folder, siteOf());
  assert.match(
    second.output(),
    /feeder-1: keeps what was set on the meter since the file was last read: demandSubInterval = 60/,
  );
  await second.end();
  const third = await startSite(
    folder,
    siteOf({ settings: "{ ctPrimary: 32000, systemVoltage: 480, demandSubInterval: 30 }" }),
  );
  assert.ok(!third.output().includes("keeps what was set"));
  const { out } = await run("read", `modbus://127.0.0.1:${third.port}/1`, "--model", "leviton-s4100");
  assert.match(out, /demandSubInterval +30$/m);
  await third.end();
});

async function write(port: number, register: number, value: number): Promise<void> {
  const { connectTcp } = await import("#io/tcp.ts");
  const { SystemClock } = await import("#clock/system-clock.ts");
  const { ModbusClient } = await import("#protocol/modbus/client.ts");
  const client = new ModbusClient(await connectTcp("127.0.0.1", port), new SystemClock(), {
    framing: "tcp",
    timeoutMs: 2000,
  });
  assert.equal(
    (await client.request(1, { kind: "write", fn: 6, first: register - 1, values: Uint16Array.of(value) })).kind,
    "written",
  );
  client.close();
}

test("the published schema is the one that is checked", () => {
  const file = fileURLToPath(new URL("../schema/site.schema.json", import.meta.url));
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(siteJsonSchema())));
});
