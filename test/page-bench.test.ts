/** What the bench on the page orders and records, without a browser. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readScenario } from "#cli/scenario-file.ts";
import { benchChange } from "#fleet/bench-schema.ts";
import type { BenchView } from "#quantity/bench-view.ts";
import { eventKinds, eventOf, usual, withOrder } from "#web/page/bench-orders.ts";
import { Recording } from "#web/page/bench-recording.ts";

const UTC = Date.UTC(2026, 2, 2, 12);

const view: BenchView = {
  name: "feeder",
  utc: UTC,
  siteFile: "site.yaml",
  waveform: true,
  since: "2026-03-02T11:59:00Z",
  now: {
    hz: 60,
    volts: [276.1, 138, 278.2],
    amps: [4, 4, 4],
    pf: [1, 1, 1],
    angles: [0, -120, 120],
    leading: false,
    export: false,
    harmonics: { volts: [], amps: [] },
    noise: 0,
    flicker: null,
    load: null,
    wiring: { reversed: ["c"] },
    outage: false,
  },
  events: [
    { kind: "sag", utc: "2026-03-02T12:00:05.500Z", for: 0.2, phases: ["b"], volts: 0.6, by: "bench" },
    { kind: "swell", utc: "2026-03-02T12:10:00Z", for: 0.2, by: "file" },
  ],
  differs: [
    { key: "volts", file: [276.1, 277.4, 278.2] },
    { key: "wiring", file: null },
    { key: "events", file: [] },
  ],
};

test("each kind of event is ordered in the words of the API: 40 % less are 0.6 of the volts", () => {
  assert.deepEqual(eventOf({ kind: "sag", depth: 40, lastsMs: 200, phases: ["b"] }), {
    kind: "sag",
    for: 0.2,
    phases: ["b"],
    volts: 0.6,
  });
  assert.equal(eventOf({ kind: "swell", depth: 15, lastsMs: 100, phases: ["a"] })["volts"], 1.15);
  assert.equal(eventOf({ kind: "step", depth: 50, lastsMs: 100, phases: ["a"] })["amps"], 1.5);
  for (const kind of eventKinds) {
    const change = { events: [eventOf({ kind, phases: ["a", "b"], ...usual[kind] })] };
    assert.ok(benchChange.safeParse(change).success, kind);
  }
});

test("a harmonic takes the place of the one of its order, and is gone without percent", () => {
  const list = [
    { order: 3, percent: 5 },
    { order: 7, percent: 2 },
  ];
  assert.deepEqual(
    withOrder(list, { order: 5, percent: 1 }).map(({ order }) => order),
    [3, 5, 7],
  );
  assert.deepEqual(withOrder(list, { order: 3, percent: 0 }), [{ order: 7, percent: 2 }]);
  assert.deepEqual(withOrder(list, { order: 3, percent: 9 })[0], { order: 3, percent: 9 });
});

test("what was done is a scenario that begins as the bench was, and is one to the command", (t) => {
  const recording = new Recording(view);
  recording.did(UTC + 2250, { meter: "feeder", bench: { outage: true } });
  recording.did(UTC + 3000, { meter: "feeder", command: { command: "input", channel: 7, closed: true } });
  recording.expects(UTC + 9000, { "V.a": 276.1004567, "V.b": 0, "V.c": null, W: -1234.5678 });
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "recorded.yaml");
  writeFileSync(file, recording.yaml);
  writeFileSync(
    path.join(folder, "site.yaml"),
    "meters: [{ name: feeder, model: leviton-s4100, source: { synthetic: { volts: 1, amps: 1 } } }]\n",
  );
  const { scenario, start } = readScenario(file);
  assert.equal(start, UTC);
  const [begun, out, closed, expected] = scenario.steps;
  assert.equal(scenario.steps.length, 4);
  assert.deepEqual(
    scenario.steps.map(({ at }) => at),
    ["0 s", "2.25 s", "3 s", "9 s"],
  );
  assert.deepEqual(begun?.do?.[0]?.bench, {
    volts: [276.1, 138, 278.2],
    wiring: { reversed: ["c"] },
    events: [{ kind: "sag", for: 0.2, phases: ["b"], volts: 0.6, at: 5.5 }],
  });
  assert.deepEqual(out?.do?.[0]?.bench, { outage: true });
  assert.equal(closed?.do?.[0]?.command?.command, "input");
  // What is not known, or nothing, is not expected.
  assert.deepEqual(
    expected?.expect?.map(({ reading, is }) => [reading, is]),
    [
      ["V.a", 276.1],
      ["W", -1234.57],
    ],
  );
});

test("nothing done is no step, and names cannot break out of the file", () => {
  const recording = new Recording({ ...view, name: 'a"\n#', differs: [], events: [] });
  assert.equal(recording.length, 0);
  assert.match(recording.yaml, /^steps: \[\]$/m);
  assert.match(recording.yaml, /^name: "recorded at the bench of a\\"\\n#"$/m);
});
