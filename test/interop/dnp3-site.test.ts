/** Foreign masters at a JEMStar II of a site, a program of its own: what they read is what the site says that it measures. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { scadaSite } from "../scada-site.ts";
import { ran, withoutDnp3Peers, type Step } from "./dnp3-peers.ts";

const skip = withoutDnp3Peers();

/** The port of its outstation, once it has measured. */
async function site(t: TestContext): Promise<string> {
  return (await scadaSite(t)).here("20000");
}

function values(step: Step | undefined, key: string): Readonly<Record<string, unknown>> {
  return (step?.[key] ?? {}) as Readonly<Record<string, unknown>>;
}

/** 57.6 V at the terminals, times 1000; the source makes steps of a few volts. */
function assertVolts(value: unknown): void {
  assert.ok(Number(value) > 50_000 && Number(value) < 65_000, String(value));
}

test("opendnp3 starts, polls, freezes and restarts a JEMStar II", { skip }, async (t) => {
  const steps = await ran("opendnp3", "master", await site(t), "1", "6");
  const startup = steps.get("startup");
  const tasks = (startup?.["tasks"] ?? []) as string[][];
  for (const task of ["STARTUP_INTEGRITY_POLL", "CLEAR_RESTART", "NON_LAN_TIME_SYNC"])
    assert.ok(
      tasks.some(([name, result]) => name === task && result === "SUCCESS"),
      `${task} of ${JSON.stringify(tasks)}`,
    );
  const points = values(startup, "points");
  assertVolts((points["Analog 2"] as unknown[])[0]);
  assert.equal((points["Counter 0"] as unknown[])[1], 1);
  assert.equal(Object.keys(points).length, 6 + 9 + 5 + 6);
  for (const step of ["range", "counters", "freeze", "events", "again", "class 0"])
    assert.deepEqual(steps.get(step)?.["result"], [["USER_TASK", "SUCCESS"]], step);
  const events = (steps.get("events")?.["events"] ?? []) as unknown[][];
  const frozen = events.filter(([kind]) => kind === "FrozenCounter");
  // That of the master at least; the meter's own come each hour of its clock, a minute of ours.
  assert.ok(frozen.length >= 5 && frozen.length % 5 === 0, JSON.stringify(events));
  assert.equal(steps.get("link")?.["links"], 1);
  assert.equal((steps.get("restart")?.["restarts"] as string[][] | undefined)?.[0]?.[0], "SUCCESS");
});

test("py1815 and dnp3py poll a JEMStar II one after the other", { skip }, async (t) => {
  const port = await site(t);
  const py1815 = await ran("py1815", "master", port, "1", "6");
  for (const step of ["integrity", "freeze", "frozen", "warm", "cold"]) {
    assert.equal(py1815.get(step)?.["outcome"], "COMPLETE", step);
    assert.deepEqual(py1815.get(step)?.["undecoded"], [], step);
  }
  const dnp3py = await ran("dnp3py", "master", port, "1");
  assertVolts(values(dnp3py.get("integrity"), "analogs")["2"]);
  assert.equal(Object.keys(values(dnp3py.get("integrity"), "counters")).length, 5);
  assert.equal(Object.keys(values(dnp3py.get("range"), "analogs")).length, 2);
});
