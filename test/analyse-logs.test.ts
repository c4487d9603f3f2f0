/** A week of ten-minute values of another instrument, as PQDIF: judged as what was measured here is, with violations that are known by construction. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { magnitudeDurationTimeChannel, valueLogChannel } from "#format/pqdif/channels.ts";
import type { DataSource, MonitorSettings, Observation } from "#format/pqdif/model.ts";
import { timeOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { logObservation } from "#product/jemstar/files/log-observation.ts";
import { type ProfileRecord, profileStatus } from "#quantity/profile.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const start = timeOf(Date.UTC(2026, 2, 2));
const WEEK = 1008;
const phases = ["A-N", "B-N", "C-N"] as const;
const settings: MonitorSettings = {
  effective: start,
  installed: start,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 50,
  channels: [],
};
const source: DataSource = {
  type: "measured",
  vendor: "none",
  name: "Substation 4",
  effective: start,
  channels: [
    ...phases.map((phase) =>
      valueLogChannel(
        { name: `U ${phase}`, phase, measured: "voltage" },
        { unit: "V", characteristic: "RMS", nominal: 230 },
        ["average", "minimum", "maximum"],
      ),
    ),
    valueLogChannel(
      { name: "u2", phase: "none", measured: "voltage" },
      { unit: "%", characteristic: "negative sequence unbalance" },
      ["average"],
    ),
    valueLogChannel(
      { name: "fifth", phase: "B-N", measured: "voltage" },
      { unit: "V", characteristic: "spectra of harmonic groups" },
      ["average"],
    ),
    valueLogChannel({ name: "Plt", phase: "A-N", measured: "voltage" }, { unit: "none", characteristic: "Plt" }, [
      "average",
    ]),
    magnitudeDurationTimeChannel({ name: "events", phase: "A-N", measured: "voltage" }, { unit: "V" }),
    valueLogChannel({ name: "room", phase: "none", measured: "temperature" }, { unit: "°C", characteristic: "none" }, [
      "average",
    ]),
  ],
};

function observation(name: string, channels: Observation["channels"]): Observation {
  return { name, created: start, start, triggerMethod: "periodic", source, settings, channels };
}

const column = (count: number, value: (k: number) => number): { values: Float64Array } => ({
  values: Float64Array.from({ length: count }, (_, k) => value(k)),
});

/** Of each hour's first intervals so many are beyond, on phase c too high and on phase a, by 50 in the week, just not too often. */
function week(): Observation[] {
  // Each at the time of its end.
  const time = column(WEEK, (k) => 600 * (k + 1));
  const share = { ...time, share: { channel: 0, series: 0 } };
  const volts = (p: number, k: number): number => {
    // 253 V is the limit: 51 of 1,008 are more than 5 %, 50 are not. The one with the dip in it is left out.
    if (p === 0 && k >= 100 && k < 150) return 254;
    if (p === 2 && k >= 200 && k < 251) return 254;
    return 230 + p;
  };
  const rms = phases.map((_, p) => ({
    definition: p,
    series: [
      p === 0 ? time : share,
      column(WEEK, (k) => volts(p, k)),
      column(WEEK, (k) => volts(p, k) - 2),
      column(WEEK, (k) => volts(p, k) + 2),
    ],
  }));
  return [
    observation("log", [
      ...rms,
      { definition: 3, series: [share, column(WEEK, () => 1.9)] },
      // 6 % of the fundamental are the limit of order 5: 16.17 V are 7 % of 231.
      { definition: 4, group: 5, series: [share, column(WEEK, () => 16.17)] },
      { definition: 4, group: 1, series: [share, column(WEEK, () => 231)] },
      { definition: 7, series: [share, column(WEEK, () => 21)] },
    ]),
    observation("flicker", [
      { definition: 5, series: [column(84, (k) => 7200 * (k + 1)), column(84, (k) => (k < 5 ? 1.2 : 0.4))] },
    ]),
    observation("events", [
      {
        definition: 6,
        series: [column(2, (k) => [300_000.25, 400_000.5][k]!), column(2, (k) => [115, 3][k]!), column(2, () => 0.24)],
      },
    ]),
  ];
}

interface Row {
  readonly what: string;
  readonly name: string;
  readonly verdict: string;
  readonly beyond: number;
  readonly flaggedOut: number;
  readonly valid: number;
}

test("a week of another instrument's values fails and passes by EN 50160 where it was made to", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "week.pqd");
  writeFileSync(file, await writePqdif({ container: { fileName: "week.pqd", created: start }, observations: week() }));
  const { status, out, err } = await run("analyse", file, "--json");
  assert.equal(status, 0, err);
  const found = JSON.parse(out) as {
    start: string;
    seconds: number;
    declared: { volts: number; voltsFrom: string; hz: number };
    events: { kind: string; utc: string; percent: number; ieee1159: { span: string } }[];
    left: string[];
    assessments: { en50160: { weeks: { rows: Row[]; absent: { what: string; reason: string }[] }[] } };
  };
  assert.deepEqual([found.start, found.seconds], ["2026-03-02T00:00:00Z", 7 * 86_400]);
  assert.deepEqual(found.declared.volts, 230);
  assert.equal(found.declared.voltsFrom, "the file's own nominal voltage");
  const { rows, absent } = found.assessments.en50160.weeks[0]!;
  const row = (what: string, name: string): Row => rows.find((one) => one.what === what && one.name === name)!;
  // Both events are dips of phase a alone; each lies in one interval of ten minutes.
  assert.deepEqual(
    found.events.map(({ kind, percent }) => [kind, Math.round(10 * percent) / 10]),
    [
      ["dip", 50],
      ["dip", 1.3],
    ],
  );
  assert.equal(found.events[0]!.utc, "2026-03-05T11:20:00.25Z");
  const [a, b, c] = ["V.a", "V.b", "V.c"].map((name) => row("voltage", name));
  assert.deepEqual([a!.verdict, a!.beyond, a!.valid, a!.flaggedOut], ["pass", 50, 1006, 2]);
  assert.deepEqual([b!.verdict, b!.beyond], ["pass", 0]);
  assert.deepEqual([c!.verdict, c!.beyond], ["fail", 51]);
  assert.equal(row("unbalance", "unbalance.V").verdict, "pass");
  assert.equal(row("harmonic 5", "V.b").verdict, "fail");
  // 5 of 84 values above 1 are more than 5 %.
  assert.deepEqual([row("Plt", "V.a").verdict, row("Plt", "V.a").beyond], ["fail", 5]);
  assert.ok(absent.some(({ what }) => what.startsWith("frequency")));
  assert.match(found.left.join("\n"), /this is a log: .* measured by another instrument/);
  assert.match(found.left.join("\n"), /1 logged channels are of nothing that is assessed here: room/);
  const report = path.join(folder, "week.html");
  assert.equal((await run("analyse", file, "--report", report)).status, 0);
  assert.match(readFileSync(report, "utf8"), /another instrument/);
});

test("a log in observations of a day each is one, and a day that lacks is a gap", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const day = (k: number): Observation => ({
    ...observation("day", [
      {
        definition: 1,
        series: [
          column(144, (row) => 600 * (row + 1)),
          ...[0, -1, 1].map((plus) => column(144, (row) => 231 + k + plus + row / 144)),
        ],
      },
    ]),
    start: timeOf(Date.UTC(2026, 2, 2 + k)),
  });
  const file = path.join(folder, "days.pqd");
  const observations = [day(3), day(0), day(1)];
  writeFileSync(file, await writePqdif({ container: { fileName: "days.pqd", created: start }, observations }));
  const found = JSON.parse((await run("analyse", file, "--json")).out) as {
    gaps: { at: number; seconds: number }[];
    intervals: { start: number[]; columns: { name: string; mean: number[] }[] }[];
  };
  assert.deepEqual(found.gaps, [{ at: 2 * 86_400, seconds: 86_400 }]);
  const [table] = found.intervals;
  assert.equal(table!.start.length, 432);
  assert.deepEqual(
    [0, 144, 288].map((row) => table!.columns[0]!.mean[row]),
    [231, 232, 234],
  );
});

test("a JEMStar's log is judged by its own status: flagged intervals do not count, partial ones are not known", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const records = Array.from({ length: 4 }, (_, k): ProfileRecord => {
    const at = Date.UTC(2026, 2, 2, 0, 10 * k);
    const stamp = (utc: number) => ({ utc, local: utc }) as never;
    return {
      sequence: k,
      type: "interval" as never,
      start: stamp(at),
      end: stamp(at + 600_000),
      status: [0, profileStatus.flagged, profileStatus.partial, 0][k]!,
      values: [120 + k, 1 + k],
    } as never;
  });
  const channel = (measure: object): object => ({ measure, method: "average", side: "primary" });
  const measures = [
    { quantity: "V", phase: "a" },
    { quantity: "THD.V", phase: "a" },
  ];
  const logged = logObservation(records, {
    group: 1,
    settings: { channels: measures.map(channel) } as never,
    facts: {
      serial: "142300003",
      model: "AMETEK JEMStar II",
      modelNumber: "",
      firmware: "",
      hz: 60,
      connection: "4 wire wye",
      pt: 1,
      ct: 1,
      nominalVolts: 120,
      pqVoltage: "ln",
    },
    number: 1,
    now: Date.UTC(2026, 2, 3),
  });
  const file = path.join(folder, "log.pqd");
  const observations = [logged!];
  writeFileSync(file, await writePqdif({ container: { fileName: "log.pqd", created: start }, observations }));
  const { status, out, err } = await run("analyse", file, "--json");
  assert.equal(status, 0, err);
  const found = JSON.parse(out) as {
    start: string;
    left: string[];
    declared: { volts: number; hz: number };
    intervals: {
      start: number[];
      covered: (number | null)[];
      flagged: number[];
      columns: { name: string; mean: number[] }[];
    }[];
  };
  assert.deepEqual([found.start, found.declared.volts, found.declared.hz], ["2026-03-02T00:00:00Z", 120, 60]);
  const [table] = found.intervals;
  assert.deepEqual(table!.start, [0, 600, 1200, 1800]);
  assert.deepEqual(table!.flagged, [0, 1, 0, 0]);
  assert.deepEqual(table!.covered, [1, 1, null, 1]);
  assert.deepEqual(
    table!.columns.map(({ name, mean }) => [name, ...mean]),
    [
      ["V.a", 120, 121, 122, 123],
      ["THD.V.a", 1, 2, 3, 4],
    ],
  );
  assert.match(found.left[0]!, /the meter's own status says which are whole and which flagged/);
  assert.equal(found.left.length, 1);
});

test("a log without voltages says what is missing", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "room.pqd");
  const observations = [
    observation("room", [{ definition: 7, series: [column(9, (k) => 600 * k), column(9, () => 21)] }]),
  ];
  writeFileSync(file, await writePqdif({ container: { fileName: "room.pqd", created: start }, observations }));
  const { status, err } = await run("analyse", file);
  assert.equal(status, 2);
  assert.match(err, /room\.pqd, its observations: there are neither samples nor logs of RMS voltages/);
});
