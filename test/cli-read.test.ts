/** Reading a meter: over Modbus, and of a running site. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { run } from "./cli-run.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

test("a meter that is not there ends with status 1 and its address", async () => {
  const { status, err } = await run("read", "modbus://127.0.0.1:9", "--model", "leviton-s4100");
  assert.equal(status, 1);
  assert.match(err, /cannot connect to 127\.0\.0\.1:9: nothing listens there/);
});

test("wrong words of a reading end with status 2 and what was expected", async () => {
  for (const [args, says] of [
    [["--model", "leviton-s4100"], /missing required argument 'url'[^]*read --help/],
    [["modbus://127.0.0.1:1"], /--model is needed: which model it is/],
    [["modbus://127.0.0.1:1", "--model", "nothing"], /no model "nothing"; expected one of .*leviton-s4100/],
    [["gopher://x", "--model", "leviton-s4100"], /expected modbus:\/\/host:port\/unit/],
    [["modbus://h:1/999", "--model", "leviton-s4100"], /unit of .*expected 0 to 255, found "999"/],
  ] as const) {
    const { status, err } = await run("read", ...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, says);
  }
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

test("why a meter of a site measures nothing is said beside its values, and in the document", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const csv = (name: string, rate: number, seconds: number): void => {
    const rows = Array.from(
      { length: rate * seconds },
      (_, k) => `${k / rate},${Math.sin((2 * Math.PI * 50 * k) / rate) * 325}`,
    );
    writeFileSync(path.join(folder, name), ["time (s),va", ...rows].join("\n"));
  };
  csv("short.csv", 5000, 0.5);
  csv("slow.csv", 1, 100);
  const meter = (name: string, more = ""): string =>
    `  - { name: ${name}, model: powerlogic-pm800, source: { recording: { file: ${name}.csv, map: { va: va }${more} } } }\n`;
  const site = await startSite(folder, siteOf() + meter("short") + meter("slow", ", loop: true"));
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 2500));
  const said = async (name: string): Promise<unknown[]> => {
    const at = `${site.page}api/meters/${name}`;
    const { status, err } = await run("read", at);
    return [status, err, (JSON.parse((await run("read", at, "--json")).out) as { absence: unknown }).absence];
  };
  for (const [name, why] of [
    ["short", "the recording has been played to its end"],
    ["slow", "1 sample a second does not carry a fundamental"],
  ] as const)
    assert.deepEqual(await said(name), [0, `note  ${name}: ${why}\n`, why]);
  assert.deepEqual(await said("feeder-1"), [0, "", undefined]);
});

test("a configuration that asks for what was not ordered is told what says what was", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "pq.yaml");
  const register = "{ id: 1, label: Pst A, type: instantaneous, measure: { quantity: Pst, phase: a } }";
  writeFileSync(file, `registers:\n  normal:\n    - ${register}\n`);
  const reading = ["read", "modbus://127.0.0.1:9", "--model", "ametek-jemstar-ii", "--configuration", file];
  for (const words of [reading, ["config", "check", file]]) {
    const { status, err } = await run(...words);
    assert.equal(status, 2, err);
    assert.match(err, /Pst.* is option PQ2 or PQ3, which was not ordered[^]*--model-number says what was ordered/);
  }
  const number = "JSII-09I6020-1B/2A-PQ2";
  const named = await run("config", "check", file, "--model-number", number);
  // What it suggests is no fault.
  const faults = named.err.split("\n").filter((line) => line !== "" && !line.startsWith("note  "));
  assert.deepEqual([named.status, faults], [0, []]);
  // What is wrong by the number that was given is that, and no more.
  const without = await run("config", "check", file, "--model-number", "JSII-09I6020-1B/2A");
  assert.doesNotMatch(without.err, /--model-number/);
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
  const [head = "", row = ""] = (await run(...words.slice(2), "kWh delivered", "--csv")).out.split("\r\n");
  assert.match(head, /,kWh delivered \(Wh\)$/);
  assert.match(row, /,\d+$/);
  const nobodySays = await run(...words.slice(2, 6));
  assert.deepEqual([nobodySays.status, nobodySays.out], [2, ""]);
  assert.match(nobodySays.err, /--configuration FILE names it, --configuration factory says that it has the factory's/);
  // The factory's four counters are not those of this meter.
  const factory = await run(...words.slice(2, 6), "--configuration", "factory");
  assert.deepEqual([factory.status, factory.out], [1, ""]);
  assert.match(factory.err, /unit 3 refused counters from register 40001/);
});
