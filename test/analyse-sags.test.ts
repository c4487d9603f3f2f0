/**
 * Two sags on record against arithmetic on the samples. The waves are those that a relay recorded (../shared/data), with all that the line had on
 * it; the sags are put into them, and what they are is worked out here from the samples of the file alone.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeComtradeCff } from "#format/comtrade-writer.ts";
import { readRecording } from "#fleet/sources.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const recorded = fileURLToPath(new URL("../../shared/data/comtrade/Comtrade1.cfg", import.meta.url));
const RATE = 1200;
/** Samples of a cycle of 60 Hz. */
const CYCLE = 20;
const NOMINAL = 130_000;

/** Parts of the wave that are left, from a sample on and so many long. */
const sags = [
  { from: 2 * RATE + 7, count: 250, parts: [0.62, 1, 1] },
  { from: 4 * RATE + 13, count: 130, parts: [0.85, 0.55, 0.78] },
] as const;

/** RMS of the cycle that ends with each sample. */
function slidingRms(samples: Float64Array): Float64Array {
  return samples.map((_, k) => {
    if (k < CYCLE - 1) return NaN;
    let squares = 0;
    for (let j = k - CYCLE + 1; j <= k; j++) squares += samples[j]! ** 2;
    return Math.sqrt(squares / CYCLE);
  });
}

test("two sags on record agree with arithmetic on the samples", async (t) => {
  if (!existsSync(recorded)) return t.skip("../shared/data is not there");
  const { channels } = readRecording(recorded);
  const volts = ["HV Bus VR", "HV Bus VS", "HV Bus VT"].map((name) =>
    Float64Array.from(channels.find((one) => one.name === name)!.samples),
  );
  for (const { from, count, parts } of sags) {
    volts.forEach((samples, p) => {
      for (let k = from; k < from + count; k++) samples[k]! *= parts[p]!;
    });
  }
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "sags.cff");
  const start = Date.UTC(2023, 6, 27, 0, 19, 53);
  const written = ["VA", "VB", "VC"].map((name, p) => ({ name, unit: "V", samples: volts[p]! }));
  const rates = [{ rate: RATE, count: volts[0]!.length }];
  writeFileSync(
    file,
    writeComtradeCff({ station: "S", device: "D", lineHz: 60, channels: written, rates, start }, "FLOAT32"),
  );
  const { status, out, err } = await run("analyse", file, "--nominal", String(NOMINAL), "--json");
  assert.equal(status, 0, err);
  const { events } = JSON.parse(out) as {
    events: {
      kind: string;
      at: number;
      seconds: number;
      channels: string[];
      percent: number;
      byChannel: { name: string; volts: number }[];
    }[];
  };
  const rms = volts.map(slidingRms);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["dip", "dip"],
  );
  sags.forEach(({ from, count }, k) => {
    const event = events[k]!;
    // Around it: a cycle before, and two behind.
    const [first, last] = [from - CYCLE, from + count + 2 * CYCLE];
    const below = rms.map((one) => one.findIndex((value, at) => at >= first && at < last && value < 0.9 * NOMINAL));
    const sagged = ["V.a", "V.b", "V.c"].filter((_, p) => below[p]! >= 0);
    assert.deepEqual(event.channels, sagged);
    // Urms(1/2) is one of each half cycle of what slides here by samples: at the bottom, which is flat, it is the same.
    const least = rms.map((one) => Math.min(...one.subarray(first, last)));
    for (const { name, volts } of event.byChannel) {
      const expected = least[["V.a", "V.b", "V.c"].indexOf(name)]!;
      assert.ok(Math.abs(volts / expected - 1) < 0.005, `${name} of sag ${k}: ${volts} V, by arithmetic ${expected} V`);
    }
    assert.ok(Math.abs(event.percent - (100 * Math.min(...least)) / NOMINAL) < 0.4);
    // Begins where the window begins that is the first below, to half a cycle; lasts to the window that is back at 92 %.
    const begins = (Math.min(...below.filter((at) => at >= 0)) - CYCLE + 1) / RATE;
    const isBack = (at: number): boolean => rms.every((one) => one[at]! >= 0.92 * NOMINAL);
    let back = from + count;
    while (!isBack(back)) back++;
    const ends = (back - CYCLE + 1) / RATE;
    const half = CYCLE / 2 / RATE;
    assert.ok(Math.abs(event.at - begins) <= half + 1e-3, `${event.at} s, by arithmetic ${begins} s`);
    assert.ok(Math.abs(event.at + event.seconds - ends) <= half + 1e-3, `${event.at + event.seconds} s, ${ends} s`);
  });
});
