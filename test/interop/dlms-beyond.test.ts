/** Gurux for Python, a foreign client, reads every attribute of every object that a JEMStar II has beyond Appendix D. It runs as a program of its own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { site } from "../revenue-running.ts";
import { peersPython, withoutPeers } from "./programs.ts";

const program = fileURLToPath(new URL("gurux-beyond.py", import.meta.url));
const writer = fileURLToPath(new URL("gurux-beyond-writes.py", import.meta.url));
const skip = withoutPeers("gurux_dlms");
const w = "{ quantity: W, direction: delivered }";
const configuration = `
dlms:
  beyond: full
  conformance: full
  push: [{ host: 127.0.0.1, port: 9, when: { every: day, minute: 90 }, windows: [{ from: "22:00", to: "06:00" }] }]
primary: { pt: 10, ct: 20 }
identification: { strings: [substation 7] }
tou:
  seasons: [{ month: 4, day: 1, days: { monday: [{ at: "06:30", rate: A }, { at: "21:00", rate: B }] } }]
  holidays: [{ date: 2026-12-25, type: 2 }]
timekeeping: { billingReset: { every: month, day: 1, minute: 0 } }
selfRead: { every: hour }
triggerBits: [[1]]
registers:
  normal:
    - { id: 1, type: consumption, measure: { quantity: Wh }, units: units, selfRead: true }
    - { id: 2, type: peakDemand, measure: ${w}, units: units, selfRead: true }
    - { id: 3, type: presentDemand, measure: ${w}, units: units }
    - { id: 4, type: pastDemand, measure: ${w}, units: units }
    - { id: 5, type: consumption, measure: { quantity: Wh }, tariff: A }
`;

test("Gurux reads all of it, and nothing is otherwise than it expects", { skip }, async (t) => {
  const { running } = await site(t, {
    modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
    configuration,
    listen: "{ modbus: tcp, port: 0, unit: 1 }, { dlms: tcp, port: 0 }",
  });
  const port = /listener +dlms tcp \S+?:(\d+)/.exec(running.output())?.[1] ?? "";
  const { stdout } = await promisify(execFile)(peersPython, [program, port], { maxBuffer: 1 << 24 });
  const lines = stdout.trim().split("\n");
  assert.deepEqual(
    lines.filter((line) => line.includes("FAILED")),
    [],
  );
  const classes = new Set(lines.map((line) => line.split(" ", 1)[0]));
  for (const one of ["1", "3", "4", "5", "6", "7", "8", "9", "11", "15", "17", "18", "20", "22", "40"])
    assert.ok(classes.has(one), `class ${one}`);
  const value = (at: string): string => lines.find((line) => line.startsWith(`${at} `))?.slice(at.length + 1) ?? "";
  // As the configuration has them: in Gurux's words.
  const said = [
    ["6 0.0.14.0.0.255 3", "= [[41, [1]]]"],
    ["11 0.0.11.0.0.255 2", "= [1 12/25/26 2]"],
    ["20 0.0.13.0.0.255 4", "= [1 1 2 2 2 2 2 2]"],
    ["20 0.0.13.0.0.255 5", "= [1 06:30:00:000000 0.0.10.0.100.255:1 21:00:00:000000 0.0.10.0.100.255:2, 2]"],
    ["22 0.0.15.0.0.255 2", "= [0.0.10.0.1.255, 1]"],
    ["22 0.0.15.0.4.255 4", "= [01:30:00:000000]"],
    ["40 0.0.25.9.0.255 3", "= [0, 127.0.0.1:9, 0]"],
    ["40 0.0.25.9.0.255 4", "= [[22:00:00:000000, 06:00:00:000000]]"],
    ["4 1.0.1.6.0.255 3", "= [1.0, 27]"],
    ["5 1.0.1.4.0.255 8", "= 300"],
    ["7 0.0.98.1.0.255 4", "= 3600"],
    ["18 0.0.44.0.0.255 2", "= 64"],
    ["1 0.0.96.1.0.255 2", "= 140200024"],
  ];
  assert.deepEqual(
    said.map(([at = ""]) => [at, value(at)]),
    said,
  );
});

test("Gurux sends firmware, and writes a calendar that goes into force", { skip }, async (t) => {
  const { running, get } = await site(t, {
    modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
    configuration: `
dlms: { beyond: full, conformance: full, clients: [{ sap: 1, authentication: [low], user: admin }] }
registers: { normal: [{ id: 1, type: firmwareVersions }] }
`,
    listen: "{ modbus: tcp, port: 0, unit: 1 }, { dlms: tcp, port: 0 }",
  });
  const port = /listener +dlms tcp \S+?:(\d+)/.exec(running.output())?.[1] ?? "";
  const { stdout } = await promisify(execFile)(peersPython, [writer, port, "admin"]);
  // 15 octets of name, 200 of anything, 4 of CRC.
  assert.equal(stdout, "image 219 register 0.9.1\nstatus 6\nactivated\n");
  const found = await get<{ readonly tou: unknown }>("/configuration");
  const workday = [
    { at: "06:30", rate: "A" },
    { at: "21:00", rate: "B" },
  ];
  const weekend = [{ at: "00:00", rate: "B" }];
  const days = {
    sunday: weekend,
    monday: workday,
    tuesday: workday,
    wednesday: workday,
    thursday: workday,
    friday: workday,
    saturday: weekend,
    holiday1: [],
    holiday2: [],
  };
  assert.deepEqual(found.tou, { seasons: [{ month: 1, day: 1, days }], holidays: [] });
});
