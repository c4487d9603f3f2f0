/** The section dnp3 of a JEMStar II's configuration: what Appendices A and G have where nothing is said, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { differences } from "#product/jemstar/configuration-changes.ts";
import { settingsOf } from "#product/jemstar/dnp3/settings.ts";
import { FileError } from "#product/file-error.ts";
import { measureName } from "#quantity/measure-name.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";

const ordered = parseModelNumber("JSII-09I6020-1B/2B-DIO/ML");
const read = (text: string, of = ordered) => parseRevenueFile("jem.yaml", text, of);
const problemsOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.message;
  }
  return "";
};

test("a status that there is not is said with those that there are", () => {
  const told = problemsOf("dnp3: { binaries: [{ status: voltsD }] }");
  assert.match(told, /dnp3\.binaries\[0\]\.status: expected one of [^]*voltsA, voltsB, voltsC/);
  assert.doesNotMatch(told, /input|no such key/);
});

test("what nobody says of DNP is Appendix A's Protocol Setup", () => {
  const { dnp3 } = read("");
  assert.deepEqual(settingsOf(dnp3, 1), {
    address: 1,
    master: undefined,
    selfAddress: false,
    // Data Link Mode = never, Data Link Timeout = 1, Data Link Retries = 3; Inter-character Timeout: 1 sec.
    link: { confirm: "never", timeoutMs: 1000, retries: 3, interCharacterMs: 1000 },
    // Inactivity Timeout = 120.
    inactivityMs: 120_000,
    // Application Timeout = 1; Maximum Application Fragment Size 2048.
    application: { confirmTimeoutMs: 1000, maxFragment: 2048 },
    // Write Time Interval = 1.
    needTimeMs: 3_600_000,
    // Global Time Set = enabled.
    globalTimeSet: true,
    // Class 0 Counter type = Running.
    class0: "running",
    // Analog Input Variation = 3; Default Counter Object 20, Variation 5; frozen ones of 32 bits without flag.
    variations: { binary: 1, output: 2, counter: 5, frozen: 9, analog: 3 },
    events: {
      // Frozen Counter Events = yes; "all event data is permanently assigned to Class 1".
      frozen: { class: 1, variation: 5 },
      binary: undefined,
      counter: undefined,
      analog: undefined,
      scanMs: 5000,
      most: { freezes: 500, others: 500 },
    },
    unsolicited: undefined,
  });
  // Time Set Tolerance = 2, Restrict Counter = any.
  assert.deepEqual([dnp3.timeToleranceSeconds, dnp3.counterDigits], [2, "any"]);
});

test("the factory's ports have DNP disabled at address 1 on 20000, and lines their delays", () => {
  const { ethernet1, ethernet2, port3, port4 } = read("").communications;
  for (const port of [ethernet1, ethernet2])
    assert.deepEqual(port?.dnp3, { use: "listener", port: 20_000, address: 1 });
  assert.deepEqual([port3?.txStartDelayMs, port3?.txEndDelayMs, port3?.turnaroundMs], [40, 40, 20]);
  assert.deepEqual([port4?.txStartDelayMs, port4?.txEndDelayMs, port4?.turnaroundMs], [0, 0, 0]);
});

test("the factory's points are Appendix A's: ten analogs, four energies, the status that Appendix G names", () => {
  const { counters, analogs, binaries } = read("").dnp3;
  assert.deepEqual(
    counters.map(({ register, scaling }) => [register, scaling]),
    [
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ],
  );
  assert.deepEqual(
    analogs.map(({ measure }) => measureName(measure)),
    ["W.a", "W.b", "W.c", "W", "var.a", "var.b", "var.c", "var", "VA.a", "VA.b"],
  );
  for (const one of analogs) assert.deepEqual([one.scaling, one.scaling16, one.deadband], [1000, 1, 0]);
  assert.deepEqual(
    binaries.map((one) => ("status" in one ? one.status : "")),
    [
      "voltsA",
      "voltsB",
      "voltsC",
      "clockSync",
      "battery",
      "internalComm",
      "class20Calibration",
      "class2Calibration",
      "configuration",
      "serviceFirmware",
      "metrologyFirmware",
      "pqFirmware",
      "testMode",
    ],
  );
});

test("points that nobody names are those that the meter has", () => {
  const delta = read("primary: { connection: 3 wire delta }", parseModelNumber("JSII-05I6020-1B"));
  assert.deepEqual(
    delta.dnp3.analogs.map(({ measure }) => measureName(measure)),
    ["W.a", "W.c", "W", "var.a", "var.c", "var", "VA.a"],
  );
  const one = read("registers: { normal: [{ id: 2, type: consumption, measure: { quantity: Wh } }] }");
  assert.deepEqual(one.dnp3.counters, [{ register: 2, scaling: 1 }]);
});

test("a section that is written out as it is changes nothing, and another takes its privilege", () => {
  const before = read("");
  assert.deepEqual(differences(before, read(JSON.stringify({ dnp3: before.dnp3 }))).sections, []);
  const found = differences(before, read("dnp3: { link: { retries: 0 } }"));
  assert.deepEqual(found.lines, ["dnp3.link.retries: 3 becomes 0"]);
  assert.deepEqual(found.privileges, ["configureProtocols"]);
  assert.deepEqual(found.anew, []);
});

test("events of every kind are on by configuration, with deadbands a point", () => {
  const { dnp3 } = read(`
dnp3:
  writeTimeHours: 0
  analogs: [{ measure: { quantity: V, phase: a }, deadband: 500 }, { measure: { quantity: Hz }, scaling: 100 }]
  events: { frozen: { enabled: false }, binary: { enabled: true }, counter: { enabled: true, class: 3 }, analog: { enabled: true, class: 2, variation: 1 } }
  unsolicited: { master: 100 }
`);
  const { events, unsolicited, needTimeMs } = settingsOf(dnp3, 7);
  assert.equal(events.frozen, undefined);
  assert.deepEqual(events.binary, { class: 1, variation: 2 });
  assert.deepEqual(events.counter, { class: 3, variation: 5 });
  assert.deepEqual(events.analog, { class: 2, variation: 1, deadbands: [500, 0] });
  assert.deepEqual(unsolicited, { master: 100, confirmTimeoutMs: 5000, retries: 3 });
  assert.equal(needTimeMs, Infinity);
  // Who cannot be told the time, or has it from elsewhere, does not ask.
  assert.equal(settingsOf({ ...dnp3, allowTimeSet: false }, 7).needTimeMs, undefined);
  assert.equal(settingsOf(dnp3, 7, true).needTimeMs, undefined);
});

const many = (count: number, one: string): string => `[${Array.from({ length: count }, () => one).join(", ")}]`;

test("300 counters, 200 analogs and 64 binaries have room", () => {
  const { dnp3 } = read(
    `dnp3: { counters: ${many(300, "{ register: 2, scaling: 1000 }")}, analogs: ${many(200, "{ measure: { quantity: W }, scaling16: 100 }")}, binaries: ${many(64, "{ trigger: 1 }")} }`,
  );
  assert.deepEqual([dnp3.counters.length, dnp3.analogs.length, dnp3.binaries.length], [300, 200, 64]);
});

const refused: readonly [what: string, text: string, problem: RegExp][] = [
  ["a 301st counter", `counters: ${many(301, "{ register: 2 }")}`, /dnp3\.counters: /],
  ["a 201st analog", `analogs: ${many(201, "{ measure: { quantity: W } }")}`, /dnp3\.analogs: /],
  ["a 65th binary", `binaries: ${many(65, "{ trigger: 1 }")}`, /dnp3\.binaries: /],
  ["a register of the test list", "counters: [{ register: 200 }]", /dnp3\.counters\[0\]\.register: there is no normal/],
  ["a register that there is not", "counters: [{ register: 49 }]", /dnp3\.counters\[0\]\.register: there is no normal/],
  ["more than a thousandfold", "counters: [{ register: 2, scaling: 1001 }]", /dnp3\.counters\[0\]\.scaling: /],
  ["an analog of 16 bits times 101", "analogs: [{ measure: { quantity: W }, scaling16: 101 }]", /scaling16: /],
  ["an energy as an analog", "analogs: [{ measure: { quantity: Wh } }]", /dnp3\.analogs\[0\]\.measure\.quantity: /],
  ["an output as an input", "binaries: [{ input: 1 }]", /dnp3\.binaries\[0\]\.input: channel 1 is no input/],
  [
    "a trigger that there is not",
    "binaries: [{ trigger: 12 }]",
    /dnp3\.binaries\[0\]\.trigger: there is no trigger 12/,
  ],
  ["counters of two digits", "counterDigits: 2", /dnp3\.counterDigits: /],
  ["a variation that there is not", "variations: { analog: 6 }", /dnp3\.variations\.analog: /],
  ["a reserved address", "master: 65520", /dnp3\.master: /],
  ["256 retries", "link: { retries: 256 }", /dnp3\.link\.retries: /],
  [
    "telling somebody who is not answered",
    "master: 3\n  unsolicited: { master: 100 }",
    /dnp3\.unsolicited\.master: only 3 is answered, found 100/,
  ],
];
for (const [what, text, problem] of refused)
  test(`refuses ${what}`, () =>
    assert.match(problemsOf(text.includes("\n") ? `dnp3:\n  ${text}` : `dnp3: { ${text} }`), problem));
