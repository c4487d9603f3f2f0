/** THD of another instrument's log: of its orders where it has all of them, as it was logged elsewhere; and what is absent of a log. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { valueLogChannel } from "#format/pqdif/channels.ts";
import type { ChannelDefinition, ChannelInstance, MonitorSettings } from "#format/pqdif/model.ts";
import { timeOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const start = timeOf(Date.UTC(2026, 2, 2));
/** Intervals of ten minutes. */
const WEEK = 1008;
const phases = ["A-N", "B-N", "C-N"] as const;
type Phase = (typeof phases)[number];

const settings: MonitorSettings = {
  effective: start,
  installed: start,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 50,
  channels: [],
};

interface Logged {
  readonly definition: ChannelDefinition;
  readonly group?: number;
  readonly value: (row: number) => number;
}

const volts = (phase: Phase): Logged => ({
  definition: valueLogChannel(
    { name: `U ${phase}`, phase, measured: "voltage" },
    { unit: "V", characteristic: "RMS", nominal: 230 },
    ["average"],
  ),
  value: () => 230,
});

const thd = (phase: Phase, value: Logged["value"], statistic: "average" | "maximum" = "average"): Logged => ({
  definition: valueLogChannel(
    { name: `THD ${phase}`, phase, measured: "voltage" },
    { unit: "%", characteristic: "total THD" },
    [statistic],
  ),
  value,
});

const order = (phase: Phase, group: number, rms: number): Logged => ({
  definition: valueLogChannel(
    { name: `H ${phase} ${group}`, phase, measured: "voltage" },
    { unit: "V", characteristic: "spectra of harmonic groups" },
    ["average"],
  ),
  group,
  value: () => rms,
});

interface Assessed {
  readonly rows: readonly {
    readonly what: string;
    readonly name: string;
    readonly verdict: string;
    readonly beyond: number;
    readonly value: number;
  }[];
  readonly absent: readonly { readonly what: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** By EN 50160, and the text of the report. */
async function assessed(t: TestContext, all: readonly Logged[]): Promise<Assessed & { readonly report: string }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "log.pqd");
  const report = path.join(folder, "log.html");
  const times = Float64Array.from({ length: WEEK }, (_, row) => 600 * (row + 1));
  const channels = all.map(({ group, value }, definition): ChannelInstance => ({
    definition,
    group,
    series: [
      definition === 0 ? { values: times } : { values: times, share: { channel: 0, series: 0 } },
      { values: Float64Array.from({ length: WEEK }, (_, row) => value(row)) },
    ],
  }));
  const source = {
    type: "measured",
    name: "Substation 4",
    effective: start,
    channels: all.map(({ definition }) => definition),
  } as const;
  const log = { name: "log", created: start, start, triggerMethod: "periodic", source, settings, channels } as const;
  writeFileSync(file, await writePqdif({ container: { fileName: "log.pqd", created: start }, observations: [log] }));
  const { status, out, err } = await run("analyse", file, "--json", "--report", report);
  assert.equal(status, 0, err);
  const { assessments } = JSON.parse(out) as { assessments: { en50160: { weeks: Assessed[] } } };
  return { ...assessments.en50160.weeks[0]!, report: readFileSync(report, "utf8") };
}

const orders = Array.from({ length: 39 }, (_, k) => k + 2);

test("a logged THD is judged where the log lacks orders, and the sum where it has them", async (t) => {
  const found = await assessed(t, [
    ...phases.map(volts),
    // 8 % are the limit: 51 of 1,008 are more than 5 % of them.
    thd("A-N", (row) => (row < 51 ? 8.5 : 4)),
    order("A-N", 1, 230),
    order("A-N", 5, 2.3),
    // Each order is 1 % of the fundamental: their sum is the root of 39. What was logged beside them would fail.
    thd("B-N", () => 9),
    order("B-N", 1, 230),
    ...orders.map((one) => order("B-N", one, 2.3)),
  ]);
  const of = (name: string) => found.rows.filter((row) => row.what === "THD" && row.name === name);
  assert.deepEqual(
    of("V.a").map(({ verdict, beyond, value }) => [verdict, beyond, value]),
    [["fail", 51, 8.5]],
  );
  const [sum] = of("V.b");
  assert.deepEqual([sum?.verdict, sum?.beyond], ["pass", 0]);
  assert.ok(Math.abs(sum!.value - Math.sqrt(39)) < 1e-9, `${sum!.value}`);
  assert.deepEqual(of("V.c"), []);
  assert.deepEqual(
    found.notes.filter((note) => note.startsWith("THD")),
    [
      "THD of V.b: of the logged orders 2 to 40.",
      "THD of V.a: as it was logged; the log does not say to which order it goes.",
      "THD of V.c: the log has none.",
    ],
  );
  assert.ok(found.absent.every(({ what }) => what !== "THD"));
  assert.match(found.report, /THD of V\.a: as it was logged/);
});

test("all orders without their fundamental are no percents: the logged THD is judged; of maxima alone there is none", async (t) => {
  const without = orders.map((one) => order("A-N", one, 2.3));
  const found = await assessed(t, [volts("A-N"), thd("A-N", () => 3), ...without]);
  assert.deepEqual(
    found.rows
      .filter(({ what }) => what === "THD" || what.startsWith("harmonic"))
      .map(({ what, value }) => [what, value]),
    [["THD", 3]],
  );
  assert.match(found.absent.find(({ what }) => what === "harmonics")?.reason ?? "", /or none of the fundamental/);
  const most = await assessed(t, [volts("A-N"), thd("A-N", () => 3, "maximum")]);
  assert.ok(most.rows.every(({ what }) => what !== "THD"));
});

test("what a log has no channel of is absent for that, not for a rate or for time that was too short", async (t) => {
  const { absent, report } = await assessed(t, phases.map(volts));
  const reasons = Object.fromEntries(absent.map(({ what, reason }) => [what, reason]));
  assert.deepEqual(Object.keys(reasons).toSorted(), ["THD", "flicker", "frequency", "harmonics", "unbalance"]);
  for (const { what, reason } of absent) assert.match(reason, /the log has n/, what);
  assert.match(report, /Frequency: no such channel was logged/);
  for (const words of [
    "ten seconds of UTC",
    "minutes have ended",
    "two hours of UTC",
    "does not carry it",
    "does not carry them",
  ]) {
    assert.ok(!report.includes(words), words);
  }
  const single = await assessed(t, [volts("A-N")]);
  assert.equal(single.absent.find(({ what }) => what === "unbalance")?.reason, "there are fewer than three voltages");
});
