/** Foreign masters, each a program of its own, at an outstation of ours: what they read is what it has, and nothing that they see is malformed. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { FixtureHost } from "../dnp3-host.ts";
import { serveHost } from "../dnp3-served.ts";
import { ran, withoutDnp3Peers, type Step } from "./dnp3-peers.ts";

const skip = withoutDnp3Peers();

/** Points that take more than one fragment, all of them different. */
const points = {
  binaries: Array.from({ length: 64 }, (_, k) => k % 3 === 1),
  outputs: [true, false],
  counters: Array.from({ length: 300 }, (_, k) => 100_000 + 7 * k),
  analogs: Array.from({ length: 200 }, (_, k) => 1000 * k - 70_000),
};
const counterAt = (k: number): number => 100_000 + 7 * k;
const analogAt = (k: number): number => 1000 * k - 70_000;

/** Milliseconds between looks for events, and how long a master waits for those of its freeze. */
const [SCAN_MS, WAIT] = [50, "0.4"];

async function meter(t: TestContext, own: ConstructorParameters<typeof FixtureHost>[1] = points) {
  const events = {
    frozen: { class: 1, variation: 5 },
    scanMs: SCAN_MS,
    most: { freezes: 500, others: 100 },
  } as const;
  const host = new FixtureHost({ events }, own);
  host.utc = Date.now();
  return { host, port: String(await serveHost(t, host)) };
}

function values(step: Step | undefined, key: string): Readonly<Record<string, unknown>> {
  return (step?.[key] ?? {}) as Readonly<Record<string, unknown>>;
}

test(
  "opendnp3 as a master starts, polls, freezes, takes events once, asks the link and restarts",
  { skip },
  async (t) => {
    const { host, port } = await meter(t);
    const steps = await ran("opendnp3", "master", port, "1", WAIT);
    const startup = steps.get("startup");
    assert.ok(startup !== undefined);
    assert.deepEqual((startup["tasks"] as string[][]).slice(0, 4), [
      ["STARTUP_INTEGRITY_POLL", "SUCCESS"],
      ["CLEAR_RESTART", "SUCCESS"],
      // The indication was there: what the first poll said may be of before the restart.
      ["STARTUP_INTEGRITY_POLL", "SUCCESS"],
      ["NON_LAN_TIME_SYNC", "SUCCESS"],
    ]);
    assert.equal(host.times.length, 1);
    assert.ok(Math.abs(host.times[0]! - Date.now()) < 20_000);
    const seen = values(startup, "points");
    for (let k = 0; k < 300; k++) assert.deepEqual(seen[`Counter ${k}`], [counterAt(k), 1]);
    for (let k = 0; k < 200; k++) assert.deepEqual(seen[`Analog ${k}`], [analogAt(k), 1]);
    for (let k = 0; k < 64; k++) assert.deepEqual(seen[`Binary ${k}`], k % 3 === 1 ? [true, 0x81] : [false, 1]);
    assert.deepEqual(values(steps.get("range"), "points"), { "Analog 0": [-70_000, 1], "Analog 1": [-69_000, 1] });
    // 100,000 and 100,007 in 16 bits.
    assert.deepEqual(values(steps.get("counters"), "points"), { "Counter 0": [34_464, 1], "Counter 1": [34_471, 1] });
    for (const step of ["range", "counters", "freeze", "events", "again", "class 0"])
      assert.deepEqual(steps.get(step)?.["result"], [["USER_TASK", "SUCCESS"]], step);
    assert.equal(host.frozen.length, 1);
    const events = (steps.get("events")?.["events"] ?? []) as unknown[][];
    assert.equal(events.length, 300);
    assert.deepEqual(events[299], ["FrozenCounter", 299, counterAt(299), 1, host.frozen[0]!.utc]);
    assert.deepEqual(steps.get("again")?.["events"], []);
    assert.deepEqual(values(steps.get("class 0"), "points")["FrozenCounter 7"], [counterAt(7), 1]);
    assert.equal(steps.get("link")?.["links"], 1);
    assert.equal(((steps.get("restart")?.["restarts"] ?? []) as string[][])[0]?.[0], "SUCCESS");
  },
);

test("dnp3py as a master polls, reads a range, measures, freezes and takes the events", { skip }, async (t) => {
  const { host, port } = await meter(t);
  const steps = await ran("dnp3py", "master", port, "1");
  const whole = steps.get("integrity");
  assert.equal(values(whole, "counters")["299"], counterAt(299));
  assert.equal(values(whole, "analogs")["199"], analogAt(199));
  assert.equal(values(whole, "binaries")["1"], true);
  assert.deepEqual(values(whole, "outputs"), { 0: true, 1: false });
  assert.deepEqual(values(steps.get("range"), "analogs"), { 0: [-70_000, 1], 1: [-69_000, 1] });
  assert.equal(host.frozen.length, 1);
  assert.equal(Object.keys(values(steps.get("events"), "frozen")).length, 300);
  assert.equal(values(steps.get("events"), "frozen")["299"], counterAt(299));
  assert.ok(steps.has("restart"));
});

test("nfm-dnp3 as a master polls and reads ranges", { skip }, async (t) => {
  // Of more than one fragment it confirms the first with a frame that a link without a reset refuses.
  const { port } = await meter(t, {
    ...points,
    counters: points.counters.slice(0, 30),
    analogs: points.analogs.slice(0, 20),
  });
  const steps = await ran("nfm", "master", port, "1");
  const whole = steps.get("integrity");
  assert.deepEqual([whole?.["success"], whole?.["error"], whole?.["restart"]], [true, null, true]);
  assert.equal(values(whole, "counters")["29"], counterAt(29));
  assert.equal(values(whole, "analogs")["19"], analogAt(19));
  for (const number of [1, 2, 3]) assert.equal(steps.get(`class ${number}`)?.["success"], true);
  assert.deepEqual(values(steps.get("counters"), "counters"), { 0: 100_000, 1: 100_007, 2: 100_014 });
  assert.deepEqual(values(steps.get("analogs"), "analogs"), { 3: -67_000, 4: -66_000, 5: -65_000 });
  assert.deepEqual(values(steps.get("binaries"), "binaries"), { 0: false, 1: true, 2: false, 3: false });
  assert.equal(steps.get("restart")?.["done"], true);
});

test("py1815 as a master starts, polls, gives the time over a LAN, freezes and restarts", { skip }, async (t) => {
  const { host, port } = await meter(t);
  const steps = await ran("py1815", "master", port, "1", WAIT);
  assert.deepEqual(
    [steps.get("startup")?.["counters"], steps.get("startup")?.["analogs"]],
    [counterAt(299), analogAt(199)],
  );
  for (const step of ["integrity", "events", "freeze", "frozen", "again", "warm", "cold"]) {
    assert.equal(steps.get(step)?.["outcome"], "COMPLETE", step);
    assert.deepEqual(steps.get(step)?.["undecoded"], [], step);
  }
  // Counters and what was frozen of them, analogs, binaries, outputs.
  assert.equal(steps.get("integrity")?.["objects"], 300 + 300 + 200 + 64 + 2);
  assert.equal(steps.get("integrity")?.["fragments"], 2);
  assert.equal(host.frozen.length, 1);
  assert.equal(steps.get("counter")?.["value"], 100_000);
  // Once because it was needed, once as it was told to.
  assert.equal(host.times.length, 2);
});

test(
  "py1815's own checks of what an outstation does where a master breaks the rules are passed",
  { skip },
  async (t) => {
    const { host, port } = await meter(t, { ...points, counters: points.counters.slice(0, 5) });
    // Events have to wait, and each be another: there is a freeze every moment.
    const freezing = setInterval(() => {
      host.utc = Date.now();
      host.freeze(false);
    }, 200);
    t.after(() => clearInterval(freezing));
    const steps = await ran("py1815", "deviate", port, "1");
    assert.deepEqual(
      [...steps.values()].map(({ step, verdict, detail }) => [step, verdict, detail]),
      [
        "LINK-001",
        "LINK-002",
        "LINK-003",
        "LINK-004",
        "TRANSPORT-001",
        "TRANSPORT-002",
        "CONFIRM-001",
        "CONFIRM-002",
        "CONFIRM-003",
      ].map((id) => [id, "passed", ""]),
    );
  },
);
