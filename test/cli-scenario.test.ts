/** The verb `scenario`: the scenarios that there are run and hold, one whose expectation is wrong fails, and what is no scenario is said. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { readScenario } from "#cli/scenario-file.ts";
import { durationOf, instantOf, scenarioJsonSchema } from "#cli/scenario-schema.ts";
import type { StepOutcome } from "#cli/scenario-run.ts";
import { run } from "./cli-run.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

const folder = fileURLToPath(new URL("../site/scenarios/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

interface Document {
  readonly passed: boolean;
  readonly scenarios: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly steps: readonly StepOutcome[];
  }[];
}

function inFolder(t: TestContext, text: string): string {
  const { folder: own, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(own, "scenario.yaml");
  writeFileSync(file, text);
  return file;
}

for (const name of files) {
  test(`${name} holds`, async () => {
    const { status, out, err } = await run("scenario", path.join(folder, name), "--json");
    assert.equal(status, 0, `${out}\n${err}`);
    const { passed, scenarios } = JSON.parse(out) as Document;
    const expected = scenarios.flatMap(({ steps }) => steps.flatMap(({ outcomes }) => outcomes));
    assert.ok(passed && expected.filter(({ kind }) => kind === "expect").length >= 5);
  });
}

test("a scenario that expects what is not fails, and says what was expected and found", async (t) => {
  const sag = readFileSync(path.join(folder, "sag.yaml"), "utf8").replace(
    "../pq-feeder",
    path.join(folder, "../pq-feeder"),
  );
  // The phase came down to 277.4 V x 0.6 = 166.44 V; and there is no interruption.
  const wrong = sag
    .replace("detail: V.b, is: 166.44", "detail: V.b, is: 138.7")
    .replace("log: interruption, count: 0", "log: interruption, count: 1");
  const file = inFolder(t, wrong);
  const junit = path.join(path.dirname(file), "result.xml");
  const { status, out, err } = await run("scenario", file, "--junit", junit);
  assert.equal(status, 1);
  assert.match(out, /FAILED {2}feeder: log sagSwell V\.b: expected 138\.7 within 0\.01, found "166\.44 /);
  assert.match(out, /FAILED {2}feeder: log interruption entries: expected 1, found 0/);
  assert.equal(out.match(/FAILED/g)?.length, 2);
  assert.match(err, /1 of 1 scenarios failed/);
  const xml = readFileSync(junit, "utf8");
  const cases = xml.match(/<testcase /g)?.length;
  assert.match(xml, new RegExp(`tests="${cases}" failures="2"`));
  assert.equal(xml.match(/<failure message="expected /g)?.length, 2);
});

const SMALL = `
name: small
site:
  meters:
    - { name: m, model: leviton-s4100, source: { synthetic: { volts: 230, amps: 10, steps: true } } }
steps:
`;

test("names, values and meters that there are not, and refusals, fail the expectation or deed that has them", async (t) => {
  const file = inFolder(
    t,
    `${SMALL}
  - at: 10 s
    do:
      - { meter: m, command: { command: freeze } }
      - { meter: m, command: { command: freeze }, refused: does not know }
      - { meter: m, bench: { hz: 50 }, refused: anything }
    expect:
      - { meter: m, reading: V.d, is: 230 }
      - { meter: m, reading: V.a, absent: true }
      - { meter: m, reading: V.a, is: 230.5, within: 0.1 % }
      - { meter: m, reading: V.a, is: 230.3, within: 0.1 % }
      - { meter: m, reading: V.a, from: 231 }
      - { meter: m, over: modbus, reading: V.a, is: 230 }
      - { meter: m, log: sagSwell, count: 0 }
      - { meter: m, profile: 1, count: 0 }
      - { meter: m, contact: 1, is: closed }
`,
  );
  const { status, out } = await run("scenario", file, "--json");
  assert.equal(status, 1);
  const { scenarios } = JSON.parse(out) as Document;
  const said = scenarios
    .flatMap(({ steps }) => steps.flatMap(({ outcomes }) => outcomes))
    .map(({ ok, says }) => [ok, says]);
  assert.deepEqual(said, [
    [false, "m does not know the command freeze"],
    [true, "refused, m does not know the command freeze"],
    [false, "it was done, and was to be refused"],
    [false, 'there is no reading "V.d"; did you mean V.a?'],
    [false, "expected nothing, found 230"],
    // 0.1 % of 230.5 is 0.2305.
    [false, "expected 230.5 within 0.1 %, found 230"],
    [false, "expected 230.3 within 0.1 %, found 230"],
    [false, "expected from 231, found 230"],
    [false, "m does not answer over modbus; it does at nothing"],
    [false, "m keeps no logs"],
    [false, "m has no load profile"],
    [true, '"closed"'],
  ]);
});

test("that a reader fails can be expected, and is held against what it says", async (t) => {
  const listening = SMALL.replace("source:", "listen: [{ modbus: tcp, port: 0 }], source:");
  const file = inFolder(
    t,
    `${listening}
  - at: 10 s
    do:
      - { listener: 0, faults: [{ exception: 4 }] }
    expect:
      - { meter: m, over: modbus, reading: V.a, fails: device failure }
      - { meter: m, over: modbus, reading: V.a, fails: illegal data address }
      - { meter: m, over: dnp3, reading: V.a, fails: "" }
      - { meter: m, over: modbus, reading: V.nothing, fails: "" }
  - at: 20 s
    do:
      - { listener: 0, faults: [] }
    expect:
      - { meter: m, over: modbus, reading: V.a, fails: device failure }
      - { meter: m, over: modbus, reading: V.a, is: 230, within: 0.1 }
`,
  );
  const { status, out } = await run("scenario", file, "--json");
  assert.equal(status, 1, out);
  const { scenarios } = JSON.parse(out) as Document;
  const said = scenarios
    .flatMap(({ steps }) => steps.flatMap(({ outcomes }) => outcomes))
    .filter(({ kind }) => kind === "expect");
  assert.deepEqual(
    said.map(({ ok }) => ok),
    [true, false, false, false, false, true],
  );
  // Modbus Application Protocol V1.1b3, 7: exception 04 is SERVER DEVICE FAILURE.
  assert.match(said[0]?.says ?? "", /device failure/);
  assert.match(
    said[1]?.says ?? "",
    /^expected that it fails, in words that have "illegal data address", found .*device failure/,
  );
  assert.match(said[2]?.says ?? "", /does not answer over dnp3/);
  assert.match(said[4]?.says ?? "", /^expected that it fails, in words that have "device failure", found 230/);
});

test("only what is read over a protocol can be expected to fail", (t) => {
  const file = inFolder(t, `${SMALL}\n  - { at: 1 s, expect: [{ meter: m, reading: V.a, fails: silent }] }\n`);
  assert.throws(() => readScenario(file), /fails: only what is read over a protocol \(over\) can fail/);
});

test("what is no scenario is said by line and key, before any runs", async (t) => {
  const said = (text: string): string => {
    try {
      readScenario(inFolder(t, text));
      return "nothing";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  for (const [steps, says] of [
    ["  []\n", /steps: expected at least 1/],
    ["  - { at: soon, do: [] }\n", /line 7, column \d+: steps\[0\]\.at: .*10 min/],
    ["  - { at: 100000000 d, do: [{ meter: m, resetBench: true }] }\n", /steps\[0\]\.at: expected at most ten years/],
    ['  - { at: "9999-12-31T00:00:00Z", do: [{ meter: m, resetBench: true }] }\n', /at most ten years/],
    ["  - { at: 5 }\n", /steps\[0\]: expected something to do, or to expect/],
    [
      "  - { at: 5, do: [{ meter: n, bench: { hz: 50 } }] }\n",
      /steps\[0\]\.do\[0\]\.meter: expected one of m; found "n"/,
    ],
    ["  - { at: 5, do: [{ meter: m }] }\n", /do\[0\]: expected exactly one of bench, .*found none of them/],
    ["  - { at: 5, do: [{ meter: m, bench: { volt: 3 } }] }\n", /volt.*did you mean volts\?/],
    ["  - { at: 5, do: [{ faults: [] }] }\n", /listener: expected faults and listener together/],
    ["  - { at: 5, expect: [{ meter: m, reading: V.a }] }\n", /expect\[0\]: expected what it is to be/],
    ["  - { at: 5, expect: [{ meter: m, reading: V.a, has: a, within: 1 }] }\n", /within: expected a number as what/],
    ["  - { at: 5, expect: [{ meter: m, reading: V.a, log: event, is: 1 }] }\n", /found reading and log/],
    [
      "  - { at: 5, expect: [{ meter: m, reading: V.a, is: 1 }] }\n  - { at: 4, do: [] }\n",
      /steps\[1\]\.at: expected no instant before the step before/,
    ],
    ['  - { at: "2025-01-01T00:00:00Z", do: [] }\n', /steps\[0\]\.at: expected no instant before the start/],
  ] as const) {
    assert.match(said(`${SMALL}${steps}`), says, steps);
  }
  const wrongModel = `${SMALL.replace("leviton-s4100", "leviton-s4l00")}  - { at: 5, do: [] }\n`;
  assert.match(said(wrongModel), /line 5, column \d+: site\.meters\[0\]\.model: .*did you mean leviton-s4100\?/);
  assert.match(said("name: x\nsite: /nowhere/s.yaml\nsteps: [{ at: 0, do: [] }]\n"), /cannot read \/nowhere/);
  const { status, err, out } = await run("scenario", path.join(folder, "sag.yaml"), inFolder(t, SMALL));
  assert.deepEqual([status, out], [2, ""]);
  assert.match(err, /steps: expected a list/);
});

test("--at runs a scenario in a site that runs, by its clock", async (t) => {
  const { folder: own, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(own, `clock: { start: 2026-03-01T00:00:00Z, speed: 600 }\n${siteOf()}`);
  t.after(() => site.end());
  const file = path.join(own, "scenario.yaml");
  writeFileSync(
    file,
    `name: live
site: site.yaml
steps:
  - at: 0
    do:
      - { meter: feeder-1, bench: { volts: { b: 125 } } }
      - { speed: 1200 }
  - at: 10 min
    expect:
      - { meter: feeder-1, reading: V.b, is: 125 }
      - { meter: feeder-1, over: modbus, reading: V.b, is: 125, within: 0.1 }
`,
  );
  const { status, out, err } = await run("scenario", file, "--at", site.page);
  assert.equal(status, 0, `${out}${err}`);
  assert.equal((await run("scenario", file, "--at", "http://127.0.0.1:1/")).status, 1);
});

test("times are read as people write them", () => {
  assert.equal(durationOf("1 h 30 min 1.5 s"), 5_401_500);
  assert.equal(durationOf("200ms"), 200);
  assert.equal(instantOf("2 d", 1000), 172_801_000);
  assert.equal(instantOf(0.25, 1000), 1250);
  assert.equal(instantOf("2026-03-29T03:00+02:00", 0), Date.UTC(2026, 2, 29, 1));
});

test("the published schema is the one that is checked", () => {
  const file = fileURLToPath(new URL("../schema/scenario.schema.json", import.meta.url));
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
