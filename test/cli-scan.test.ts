/** Looking for units and registers on a line, and writing to one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./cli-run.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

test("scan finds the units of a port and what they are; write changes a setting and reads it back", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = await freePort();
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
  - { name: id, memory: { holding: { from: 0, count: 2, values: [23, 230] }, serverId: { id: 9, text: Relay } }, listen: [{ modbus: tcp, port: ${port}, unit: 7 }] }
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
  // 23 is 230 by ten only; 230 is itself.
  const chance = /^multiplied like this a number is likely to fit by chance/m;
  const guesses = await run("find", `${url}/7`, "23000", "--registers", "0-1");
  assert.match(guesses.out, chance);
  assert.doesNotMatch((await run("find", `${url}/7`, "230", "--registers", "0-1")).out, chance);
  const nothing = await run("find", `${url}/2`, "1.2345e25", "--registers", "0-420", "--tolerance", "0.01");
  assert.equal(nothing.status, 1);
  assert.match(nothing.out, /nothing from 0 to 420 is within 0\.01 % of 1\.2345e\+25/);
  assert.equal((await run("find", `${url}/2`, "much")).status, 2);

  const none = await run("scan", url, "--units", "20-22", "--json");
  assert.deepEqual([none.status, JSON.parse(none.out)], [1, []]);
  assert.equal((await run("scan", url, "--units", "9-1")).status, 2);

  // Registers of one model mean something else in another: nothing is written where the meter says that it is another.
  const asAnother = (...args: string[]) =>
    run("write", `${url}/2`, "phaseLossVoltage", ...args, "--model", "leviton-s4000k");
  const wrong = await asAnother("12");
  assert.deepEqual([wrong.status, wrong.out], [1, ""]);
  assert.match(
    wrong.err,
    /unit 2 says by its .* \(leviton-s4100\); it was taken for leviton-s4000k: is --model right\? Nothing is written; --any-model/,
  );
  const anyway = await asAnother("12", "--any-model");
  assert.match(anyway.err, /it was taken for leviton-s4000k/);
  assert.equal(anyway.out.trim(), "phaseLossVoltage: 10 before, 12 now");
  assert.equal((await asAnother("10", "--any-model")).status, 0);

  const write = (...args: string[]) => run("write", `${url}/2`, ...args, "--model", "leviton-s4100");
  const done = await write("phaseLossVoltage", "15");
  assert.deepEqual([done.status, done.out.trim()], [0, "phaseLossVoltage: 10 before, 15 now"]);
  assert.match((await write("displayUnits", "IEC")).out, /displayUnits: 1 before, 0 now/);
  assert.match((await write("ptRatio", "2.5", "--json")).out, /"after": 2\.5/);
  for (const [args, code, says] of [
    [["phaseLossVoltage", "100"], 2, /phaseLossVoltage: expected 1 to 99; found 100$/m],
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
