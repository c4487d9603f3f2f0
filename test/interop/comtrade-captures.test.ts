/** comtrade 0.2.0 of the Python index (MIT) reads a recording of a meter's shelf: every sample, and when it was. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { captured, instantOf, MANUAL_UTC, observation, sampleOf } from "#product/jemstar/files/captured-fixture.ts";
import { filesRig } from "#product/jemstar/files/files-rig.ts";
import { temporaryFolder } from "../running-site.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const skip = withoutPeers("comtrade");

const script = `
import json, sys
from comtrade import Comtrade
for file in sys.argv[1:]:
    rec = Comtrade(ignore_warnings=True, use_double_precision=True)
    rec.load(file)
    print(json.dumps({
        "station": rec.station_name, "device": rec.rec_dev_id, "revision": rec.rev_year, "hz": rec.frequency, "type": rec.ft,
        "names": rec.analog_channel_ids, "phases": rec.analog_phases, "units": [channel.uu for channel in rec.cfg.analog_channels],
        "ratios": [[channel.primary, channel.secondary, channel.pors] for channel in rec.cfg.analog_channels],
        "start": rec.start_timestamp.isoformat(), "trigger": rec.trigger_timestamp.isoformat(),
        "time": list(rec.time), "analog": [list(channel) for channel in rec.analog],
    }))
`;

interface Told extends Record<string, unknown> {
  readonly start: string;
  readonly time: readonly number[];
  readonly analog: readonly (readonly number[])[];
}

test("recordings of all kinds on a line whose frequency changes", { skip }, async (t) => {
  const rig = filesRig({ utc: MANUAL_UTC });
  rig.files.take(observation());
  await rig.files.idle;
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const kinds = ["low", "medium", "high", "rms"] as const;
  const files = kinds.map((kind) => path.join(folder, `${kind}.cff`));
  kinds.forEach((kind, k) => {
    const of = kind === "rms" ? "hsrms" : "wfc";
    const bytes = rig.files.shelf.read(`${of}/142300003_1454408745_133724_${kind}.cff`);
    writeFileSync(files[k]!, bytes!);
  });
  const { out, status } = await runProgram(peersPython, ["-c", script, ...files], 60_000);
  assert.equal(status, 0, out);
  const told = out.trim().split("\n");
  assert.equal(told.length, kinds.length);
  kinds.forEach((kind, at) => {
    const { perCycle, times } = captured(kind);
    const { time, analog, start, ...head } = JSON.parse(told[at]!) as Told;
    const isRms = kind === "rms";
    const waves = ["Vl-n Ph A", "Vl-n Ph B", "Vl-n Ph C", "Amps Ph A", "Amps Ph B", "Amps Ph C"];
    const each = <T>(of: readonly T[], angle: (one: T) => T): readonly T[] =>
      isRms ? of.flatMap((one) => [one, angle(one)]) : of;
    assert.deepEqual(head, {
      station: "m",
      device: "142300003",
      revision: "2013",
      hz: 60,
      type: "BINARY",
      names: each(waves, (name) => `${name} angle`),
      phases: each(["A", "B", "C", "A", "B", "C"], (phase) => phase),
      units: each(["V", "V", "V", "A", "A", "A"], () => "deg"),
      ratios: each<readonly (number | string)[]>(
        [100, 100, 100, 20, 20, 20].map((ratio) => [ratio, 1, "P"]),
        () => [1, 1, "P"],
      ),
      trigger: "2016-02-02T10:25:45.133724",
    });
    const began = Date.parse(`${start.slice(0, 23)}Z`) + Number(start.slice(23)) / 1000;
    const expected = MANUAL_UTC - 1000 * instantOf(5) + 1000 * times[0]!;
    assert.ok(Math.abs(began - expected) < 0.002, `${start}`);
    assert.equal(time.length, 15 * perCycle);
    // It begins a rate a period of its own after the one before, not of that one's: by so little do they differ.
    time.forEach((seconds, n) => assert.ok(Math.abs(seconds - (times[n]! - times[0]!)) < 20e-6, `${n}: ${seconds}`));
    ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"].forEach((name, c) => {
      const size = name.startsWith("V") ? 12_000 : 100;
      const values = analog[isRms ? 2 * c : c]!;
      values.forEach((value, n) => {
        const turn = (n + 1) / 2;
        const rms = name.startsWith("V") && turn > 5 && turn <= 8 ? size / 2 : size;
        const truth = isRms ? rms : sampleOf(name, n / perCycle);
        assert.ok(Math.abs(value - truth) <= (2.1 * size * Math.SQRT2) / 65_000, `${kind} ${name} ${n}: ${value}`);
      });
    });
  });
});
