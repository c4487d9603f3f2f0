/** `polyphase analyse`: a recording's events. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

/** Four seconds of three voltages at 1,600 samples a second; from 2 s on phase a has 50 % for 0.3 s. */
function dip(): string {
  const rows = Array.from({ length: 6400 }, (_, k) => {
    const t = k / 1600;
    const volts = [0, 1, 2].map((phase) => {
      const part = phase === 0 && t >= 2 && t < 2.3 ? 0.5 : 1;
      return (part * Math.SQRT2 * 230 * Math.sin(2 * Math.PI * (50 * t - phase / 3))).toFixed(3);
    });
    return [t.toFixed(6), ...volts].join(",");
  });
  return `time (s),va (V),vb (V),vc (V)\n${rows.join("\n")}\n`;
}

test("analyse prints a recording's events, and one JSON document", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "dip.csv");
  writeFileSync(file, dip());
  const { status, out } = await run("analyse", file, "--start", "2026-03-14T06:29:50Z");
  assert.equal(status, 0);
  assert.match(out, /declared 230 V \(guessed: .*\), 50 Hz \(guessed: .*\)/);
  assert.match(out, /^2026-03-14T06:29:5[12]\.\d{3}Z +dip +0\.3[01]\d +V\.a +50\.0 +instantaneous sag +no damage +/m);
  const json = JSON.parse((await run("analyse", file, "--json", "--nominal", "400")).out) as {
    start: null;
    declared: { volts: number; voltsFrom: string };
    events: { kind: string; percent: number; wave?: unknown }[];
  };
  assert.equal(json.start, null);
  assert.deepEqual([json.declared.volts, json.declared.voltsFrom], [400, "settings"]);
  // Of 400 V all of it is a dip, and half of phase a 28.75 %.
  assert.equal(json.events[0]?.kind, "dip");
  assert.ok(Math.abs((json.events[0]?.percent ?? 0) - 28.75) < 0.1);
  assert.equal(json.events[0]?.wave, undefined);
});

test("analyse says what is wrong with words and files, and one that cannot be read does not hide the others", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [good, bad] = [path.join(folder, "dip.csv"), path.join(folder, "bad.csv")];
  writeFileSync(good, dip());
  writeFileSync(bad, "time (s),left (V),right (V)\n0,1,2\n0.001,3,4\n0.002,3,4\n");
  for (const [words, says] of [
    [["--hz", "55"], /--hz: expected 50 or 60, found "55"/],
    [["--nominal", "-1"], /--nominal: expected a number above 0/],
    [["--wiring", "star"], /--wiring: expected 1-phase-ln, .*found "star"/],
    [["--map", "vd=3"], /--map: expected va, .*found "vd=3"/],
    [["--map", "va=nothing"], /the recording has no channel "nothing"/],
    [["--rapid-change", "five"], /--rapid-change: expected a number above 0, found "five"/],
    [["--dip", "4"], /limits of events \(dip 0.04, .*expected 0 < interruption < dip/],
    [["--start", "noon"], /--start: expected an instant like .*found "noon"/],
  ] as const) {
    const { status, err } = await run("analyse", good, ...words);
    assert.equal(status, 2, words.join(" "));
    assert.match(err, says);
  }
  const both = await run("analyse", bad, good);
  assert.equal(both.status, 2);
  assert.match(both.out, /dip/);
  assert.match(both.err, /bad\.csv: no channel is plainly an input of a meter; expected --map, of "left", "right"/);
  assert.match(both.err, /1 of 2 recordings cannot be analysed/);
  const low = await run(
    "analyse",
    good,
    "--nominal",
    "230",
    "--dip",
    "45",
    "--interruption",
    "10",
    "--rapid-change",
    "60",
  );
  assert.match(low.out, /no events/);
  const mapped = await run("analyse", good, "--map", "va=2*-1", "--nominal", "230");
  assert.match(mapped.out, /single phase, A and N/);
  assert.match(mapped.out, /no events/);
});

test("a log of RMS values is refused as one, whatever is said of it: it is no all-clear", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "rms.csv");
  const rows = Array.from({ length: 600 }, (_, k) => `${k},${k === 300 ? 100 : 230},230,230`);
  writeFileSync(file, `time (s),va (V),vb (V),vc (V)\n${rows.join("\n")}\n`);
  for (const words of [[], ["--nominal", "230", "--hz", "50"]]) {
    const { status, out, err } = await run("analyse", file, ...words);
    assert.deepEqual([status, out], [2, ""]);
    assert.match(err, /rms\.csv: 1 Hz carries no wave of 50 or 60 Hz: .* which those of a log are not/);
  }
});
