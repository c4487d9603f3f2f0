/** A bank of capacitors that is switched on, by the equations of its circuit, through the command: the transient is in all that it prints and writes. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { capacitorEvent, RATE } from "#analysis/event-fixture.ts";
import { readPqdif } from "#format/pqdif/read.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const AT = 1.2;

/** Volts and amps as they come out of the circuit, of five digits. */
function columns(): string {
  const { volts, amps } = capacitorEvent(AT, 2.2);
  const all = [...volts, ...amps!];
  const rows = Array.from(volts[0], (_, k) =>
    [(k / RATE).toFixed(7), ...all.map((one) => one[k]!.toFixed(3))].join(","),
  );
  return `time (s),va (V),vb (V),vc (V),ia (A),ib (A),ic (A)\n${rows.join("\n")}\n`;
}

test("a transient is printed, and in tables, PQDIF and the report, with its cause", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [file, out, pqd] = ["bank.csv", "bank", "bank.pqd"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(file, columns());
  const words = [file, "--nominal", "230", "--start", "2026-03-14T06:29:50Z"];
  const printed = await run("analyse", ...words, "--out", out, "--pqdif", pqd);
  assert.equal(printed.status, 0, printed.err);
  assert.match(
    printed.out,
    /29:51\.200Z +transient +0\.00[45] +V\.a V\.b V\.c +9[5-9]\.\d +oscillatory transient low frequency +capacitor switching/,
  );

  const [head = "", ...lines] = readFileSync(path.join(out, "events.csv"), "utf8").split("\r\n");
  const line = lines.find((one) => one.includes("transient"))!;
  assert.ok(head.split(",").includes("ring (Hz)"), head);
  const [before] = line.split('"');
  assert.match(before!, /,(5[89]0|6[012]0),0,,oscillatory transient low frequency,,,,,capacitor switching,/);
  assert.match(line, /rings at .* Hz with .* reactive power steps by -.* settles \d\.\d % above/);

  const { observations, warnings } = await readPqdif(pqd, readFileSync(pqd));
  assert.deepEqual(warnings, []);
  const wave = observations.find(({ name }) => name === "transient, waveform")!;
  assert.equal(wave.disturbance, "oscillatory transient low frequency");
  assert.equal(wave.channels.length, 6);
  const list = observations.find(({ name }) => name === "transients")!;
  const { definition, series } = list.channels[0]!;
  const value = list.source.channels[definition!]!.series[1]!;
  assert.deepEqual([value.unit, value.characteristic], ["V", "peak"]);
  const [at, volts, seconds] = series.map(({ values }) => values[0]!);
  // The peak of 230 V, less a fiftieth and a tenth that are lost in the line.
  assert.ok(Math.abs(at! - AT) < 2 / RATE && Math.abs(volts! - 316) < 10 && seconds! > 0.003 && seconds! < 0.006);

  const report = readFileSync(path.join(out, "report.html"), "utf8");
  for (const text of [
    "oscillatory transient low frequency",
    "Likely cause, capacitor switching",
    "its largest line is at",
    "more than 20 % of the peak of the declared voltage",
  ]) {
    assert.ok(report.replaceAll(/[\u00a0\u202f]/g, " ").includes(text), text);
  }
  assert.match(report, /waveform of voltages/);

  const none = await run("analyse", ...words, "--transient", "150", "--json");
  const { events, limits } = JSON.parse(none.out) as { events: { kind: string }[]; limits: { transient: number } };
  assert.equal(limits.transient, 1.5);
  assert.ok(events.every(({ kind }) => kind !== "transient"));
  const refused = await run("analyse", ...words, "--transient", "300");
  assert.equal(refused.status, 2);
  assert.match(refused.err, /limits of events \(.*transient 3\).*transient from 0.02 to 2/);
});
