/** Events of known cause, computed from the equations of a circuit, through a PQDIF file and the command: what it says has caused them, and where. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { faultEvent, inrushEvent, motorEvent, RATE } from "#analysis/event-fixture.ts";
import { waveformChannel } from "#format/pqdif/channels.ts";
import type { DataSource, MonitorSettings, PqdifContent } from "#format/pqdif/model.ts";
import { timeOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const start = timeOf(Date.UTC(2026, 2, 14, 6, 29, 50));
const settings: MonitorSettings = {
  effective: start,
  installed: start,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 50,
  channels: [],
};
const phases = ["A-N", "B-N", "C-N"] as const;
const source: DataSource = {
  type: "simulated",
  vendor: "none",
  name: "circuit",
  effective: start,
  channels: [
    ...phases.map((phase) => waveformChannel({ name: `U ${phase}`, phase, measured: "voltage" }, { unit: "V" })),
    ...phases.map((phase) => waveformChannel({ name: `I ${phase}`, phase, measured: "current" }, { unit: "A" })),
  ],
};

function contentOf({ volts, amps }: ReturnType<typeof motorEvent>): PqdifContent {
  const samples = [...volts, ...amps!];
  const count = volts[0].length;
  const times = Float64Array.from({ length: count }, (_, k) => k / RATE);
  const runs = [{ count, step: 1 / RATE }];
  const channels = samples.map((values, definition) => ({ definition, series: [{ values: times, runs }, { values }] }));
  const observation = {
    name: "event",
    created: start,
    start,
    triggerMethod: "channel",
    source,
    settings,
    channels,
  } as const;
  return { container: { fileName: "event.pqd", created: start }, observations: [observation] };
}

/** Of the first event that the command finds. */
async function told(file: string, wave: ReturnType<typeof motorEvent>): Promise<Record<string, string | undefined>> {
  writeFileSync(file, await writePqdif(contentOf(wave)));
  // A motor's or a transformer's dip is small.
  const { status, out, err } = await run("analyse", file, "--nominal", "230", "--dip", "95", "--json");
  assert.equal(status, 0, err);
  const [event] = (
    JSON.parse(out) as {
      events: {
        kind: string;
        explained: { cause?: { cause: string }; direction?: { direction: string }; type?: { letter: string } };
      }[];
    }
  ).events;
  const { cause, direction, type } = event!.explained;
  return { kind: event!.kind, cause: cause?.cause, direction: direction?.direction, type: type?.letter };
}

test("a motor and a transformer that are switched on are told from the file of their waveform", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "event.pqd");
  const motor = await told(file, motorEvent(0.4));
  assert.deepEqual([motor["kind"], motor["cause"], motor["direction"]], ["dip", "motor start", "downstream"]);
  const inrush = await told(file, inrushEvent(0.4));
  assert.deepEqual(
    [inrush["kind"], inrush["cause"], inrush["direction"]],
    ["dip", "transformer energising", "downstream"],
  );
});

test("faults are told with their type, and on which side they are", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "event.pqd");
  for (const [between, type] of [
    ["a", "B"],
    ["b-c", "C"],
    ["b-c-ground", "E"],
    ["a-b-c", "A"],
  ] as const) {
    for (const where of ["downstream", "upstream"] as const) {
      const found = await told(file, faultEvent({ between, where, ohms: 0.05, from: 0.4, to: 0.6 }, 1.2));
      assert.deepEqual(found, { kind: "dip", cause: "fault", direction: where, type }, `${between} ${where}`);
    }
  }
});
