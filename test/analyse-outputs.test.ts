/** What `polyphase analyse` reads, of files, folders and patterns, and what it writes. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { readPqdif } from "#format/pqdif/read.ts";
import { utcOf } from "#format/pqdif/time.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { makeSource } from "#fleet/sources.ts";
import type { SampleSource } from "#waveform/source.ts";
import { dipCsv, dipPqdif, RATE, voltsAt } from "./analyse-recordings.ts";
import { run } from "./cli-run.ts";
import { programPath } from "./interop/programs.ts";
import { temporaryFolder } from "./running-site.ts";

function emptyFolder(t: TestContext): string {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
}

/** Rows by the heads of their columns; cells here have no lines' ends. */
function csv(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").split("\r\n").slice(0, -1);
  const cells = (line: string): string[] =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .map(([, cell = ""]) => cell.replace(/^"|"$/g, "").replaceAll('""', '"'))
      .slice(0, head.split(",").length);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, k) => [cells(head)[k]!, cell])));
}

const START = ["--start", "2026-03-14T06:29:50Z"];

test("a folder of tables says what the JSON says, in CSV and in Parquet, and a report stands beside them", async (t) => {
  const folder = emptyFolder(t);
  const [file, out] = [path.join(folder, "dip.csv"), path.join(folder, "out")];
  writeFileSync(file, dipCsv());
  const { status, err } = await run("analyse", file, ...START, "--out", out, "--parquet");
  assert.equal(status, 0, err);
  const json = JSON.parse(readFileSync(path.join(out, "examination.json"), "utf8")) as {
    events: { utc: string; at: number; percent: number; kind: string }[];
    intervals: { length: string; start: number[]; columns: { name: string; mean: (number | null)[] }[] }[];
    assessments: { en50160: { weeks: { rows: { what: string; verdict: string }[] }[] } };
  };
  const [event] = csv(path.join(out, "events.csv"));
  assert.equal(event?.kind, "dip");
  assert.equal(event?.["start (s)"], String(Math.round(1e6 * json.events[0]!.at) / 1e6));
  // The instant of a window that began half a cycle or so before the dip, in milliseconds of UTC.
  assert.match(event?.["start (UTC)"] ?? "", /^2026-03-14T06:29:51\.99\d?Z$|^2026-03-14T06:29:52\.00\d?Z$/);
  assert.ok(Math.abs(Number(event?.["value (% of declared)"]) - 50) < 0.2);
  assert.equal(event?.["settled change (V)"], "", "a dip has none");
  const table = json.intervals.find(({ length }) => length === "10 min")!;
  const rows = csv(path.join(out, "intervals-10-min.csv"));
  assert.equal(rows.length, table.start.length);
  for (const { name, mean } of table.columns) {
    const key = Object.keys(rows[0]!).find((head) => head.startsWith(`${name} mean (`))!;
    mean.forEach((value, k) => {
      if (value === null) assert.equal(rows[k]![key], "");
      else assert.ok(Math.abs(Number(rows[k]![key]) / value - 1) < 1e-8);
    });
  }
  assert.equal(rows[0]?.flagged, "1", "a dip was in it");
  for (const name of readdirSync(out).filter((one) => one.endsWith(".parquet"))) {
    const bytes = readFileSync(path.join(out, name));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const read = await parquetReadObjects({ file: buffer });
    const text = csv(path.join(out, name.replace(".parquet", ".csv")));
    assert.equal(read.length, text.length, name);
    read.forEach((row, k) => {
      assert.deepEqual(Object.keys(row), Object.keys(text[k]!));
      for (const [key, value] of Object.entries(row as Record<string, unknown>)) {
        const cell = text[k]![key]!;
        if (value === null || value === undefined) assert.equal(cell, "", `${name} ${key}`);
        else if (value instanceof Date) assert.equal(cell, value.toISOString());
        else if (typeof value === "boolean") assert.equal(cell, value ? "1" : "0");
        else if (typeof value === "number") assert.ok(Math.abs(Number(cell) - value) <= 1e-8 * Math.abs(value), key);
        else assert.equal(cell, value);
      }
    });
  }
  const verdicts = csv(path.join(out, "assessment.csv")).filter(({ standard }) => standard?.startsWith("EN 50160"));
  const judged = json.assessments.en50160.weeks[0]!.rows;
  assert.deepEqual(
    verdicts.slice(0, judged.length).map(({ what, verdict }) => [what, verdict]),
    judged.map(({ what, verdict }) => [what, verdict]),
  );
  assert.match(readFileSync(path.join(out, "report.html"), "utf8"), /^<!doctype html>[^]*dip\.csv/);
});

test("PQDIF has the event's samples as they were recorded, its depth and duration, and the intervals", async (t) => {
  const folder = emptyFolder(t);
  const [file, pqd] = [path.join(folder, "dip.csv"), path.join(folder, "dip.pqd")];
  writeFileSync(file, dipCsv());
  assert.equal((await run("analyse", file, ...START, "--pqdif", pqd)).status, 0);
  const { observations, warnings, checksums } = await readPqdif(pqd, readFileSync(pqd));
  assert.deepEqual(warnings, []);
  assert.ok(checksums.every((checksum) => checksum === "adler32"));
  const wave = observations.find(({ name }) => name === "dip, waveform")!;
  assert.equal(wave.disturbance, "instantaneous sag");
  const from = (utcOf(wave.start) - Date.UTC(2026, 2, 14, 6, 29, 50)) / 1000;
  const first = Math.round(from * RATE);
  assert.ok(Math.abs(from * RATE - first) < 1e-3, "a sample's own time");
  wave.channels.forEach(({ series }, p) => {
    const samples = series[1]!.values;
    assert.ok(samples.length > 1.2 * RATE);
    // Three decimals of the log, and floats of 24 bits.
    samples.forEach((value, k) => assert.ok(Math.abs(value - voltsAt((first + k) / RATE, p)) < 0.0006));
  });
  const list = observations.find(({ name }) => name === "dips, swells and interruptions")!;
  const [at, volts, seconds] = list.channels[0]!.series.map(({ values }) => values[0]!);
  assert.ok(Math.abs(at! - 2) < 0.02 && Math.abs(volts! - 115) < 0.2 && Math.abs(seconds! - 0.3) < 0.021);
  const log = observations.find(({ name }) => name === "intervals of 10 min")!;
  const names = log.channels.map(({ definition }) => log.source.channels[definition!]!.name);
  assert.ok(names.includes("V.a") && names.includes("THD.V.c") && names.includes("unbalance.V"));
  const order5 = log.channels.find(({ group, definition }) => group === 5 && definition !== undefined);
  assert.ok(order5 !== undefined, "harmonics by their order");
  // And it is a recording again, with the same dip.
  const again = await run("analyse", pqd, "--json");
  const { start, events } = JSON.parse(again.out) as { start: string; events: { utc: string; percent: number }[] };
  assert.match(start, /^2026-03-14T06:29:51\.4/);
  assert.equal(events.length, 1);
  assert.ok(Math.abs(events[0]!.percent - 50) < 0.2);
  const timeless = await run("analyse", file, "--pqdif", path.join(folder, "other.pqd"));
  assert.equal(timeless.status, 2);
  assert.match(timeless.err, /--pqdif: the recording does not say when it was, .*--start says it/);
});

test("PQDIF of voltages to neutral and from line to line is analysed as what it is", async (t) => {
  const folder = emptyFolder(t);
  for (const [between, means, channel, percent] of [
    ["neutral", /four-wire wye/, "V.a", 50],
    // |0.5 A - B| of phases that are equal but for 1 V: the root of 0.25 + 1 + 0.5 over that of 3.
    ["lines", /three-wire delta/, "V.ab", 76.4],
  ] as const) {
    const file = path.join(folder, `${between}.pqd`);
    writeFileSync(file, await writePqdif(dipPqdif(between)));
    const { status, out, err } = await run("analyse", file);
    assert.equal(status, 0, err);
    assert.match(out, means);
    const json = JSON.parse((await run("analyse", file, "--json")).out) as {
      events: { channels: string[]; percent: number; byChannel: { name: string; volts: number }[] }[];
    };
    assert.equal(json.events.length, 1);
    assert.ok(json.events[0]!.channels.includes(channel));
    assert.ok(Math.abs(json.events[0]!.percent - percent) < 0.5, String(json.events[0]!.percent));
  }
});

test("a meter measures PQDIF as it does any recording: what inspect says of it goes into a site file", async (t) => {
  const folder = emptyFolder(t);
  const file = path.join(folder, "x.pqd");
  writeFileSync(file, await writePqdif(dipPqdif(), { compress: true }));
  const { out } = await run("inspect", file);
  assert.match(out, /map: \{ va: "Voltage A-N", vb: "Voltage B-N", vc: "Voltage C-N" \}/);
  const { sampling, wiring } = { sampling: { rate: RATE, from: 42.5, to: 69 }, wiring: "wye" } as const;
  const source = makeSource(
    { recording: { file: "x.pqd", map: { va: "Voltage A-N", vc: { channel: 3, scale: 2 } }, loop: false } } as never,
    { folder, sampling: sampling as never, wiring, start: 0 },
  ) as SampleSource;
  const runs = source.read(1);
  assert.equal(source.utc, Date.UTC(2026, 2, 14, 6, 29, 50));
  let at = 0;
  for (const { channels, count, rate, missing } of runs) {
    assert.deepEqual([rate, missing], [RATE, undefined]);
    for (let k = 0; k < count; k++, at++) {
      assert.ok(Math.abs(channels[0]![k]! - voltsAt(at / RATE, 0)) < 1e-4);
      assert.equal(channels[1]![k], 0, "an input that is not named");
      assert.ok(Math.abs(channels[2]![k]! - 2 * voltsAt(at / RATE, 2)) < 2e-4);
    }
  }
  assert.equal(at, RATE);
});

test("what is there already stays, and is written over by --force: then nothing of another analysis is left", async (t) => {
  const folder = emptyFolder(t);
  const [file, out] = [path.join(folder, "dip.csv"), path.join(folder, "out")];
  writeFileSync(file, dipCsv(3));
  mkdirSync(out);
  writeFileSync(path.join(out, "events.csv"), "mine");
  writeFileSync(path.join(out, "flicker-2-h.csv"), "of another");
  writeFileSync(path.join(out, "notes.txt"), "mine, too");
  const refused = await run("analyse", file, "--out", out);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /cannot make .*events\.csv: there is one already; --force writes over it/);
  assert.deepEqual(readdirSync(out).sort(), ["events.csv", "flicker-2-h.csv", "notes.txt"]);
  assert.equal(readFileSync(path.join(out, "events.csv"), "utf8"), "mine");
  assert.equal((await run("analyse", file, "--out", out, "--force")).status, 0);
  assert.match(readFileSync(path.join(out, "events.csv"), "utf8"), /^start \(UTC\),/);
  assert.ok(!readdirSync(out).includes("flicker-2-h.csv"));
  assert.equal(readFileSync(path.join(out, "notes.txt"), "utf8"), "mine, too");
  assert.deepEqual(
    readdirSync(out).filter((name) => name.endsWith(".new")),
    [],
  );
  const nowhere = await run("analyse", file, "--report", path.join(folder, "no", "report.html"));
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.err, /cannot make .*report\.html: there is no such folder/);
});

test("of a folder all recordings are taken and what is none is said; a pattern takes what it says", async (t) => {
  const folder = emptyFolder(t);
  const [deep, hidden] = [path.join(folder, "march", "deep"), path.join(folder, "march", ".hidden")];
  mkdirSync(deep, { recursive: true });
  mkdirSync(hidden);
  writeFileSync(path.join(folder, "march", "b.csv"), dipCsv(3));
  writeFileSync(path.join(deep, "a.pqd"), await writePqdif(dipPqdif()));
  writeFileSync(path.join(deep, "notes.txt"), "What was done.\nAnd when.\n");
  writeFileSync(path.join(deep, "photo.jpg"), "no recording");
  writeFileSync(path.join(hidden, "c.csv"), "no recording");
  symlinkSync(path.join(folder, "march"), path.join(deep, "circle"));
  const all = await run("analyse", path.join(folder, "march"), "--json");
  assert.equal(all.status, 0, all.err);
  const found = JSON.parse(all.out) as { file: string; events: unknown[] }[];
  assert.deepEqual(
    found.map(({ file, events }) => [path.basename(file), events.length]),
    [
      ["b.csv", 1],
      ["a.pqd", 1],
    ],
  );
  assert.match(all.err, /left out, as it is no recording: .*photo\.jpg/);
  assert.match(all.err, /left out, as it is no recording: .*notes\.txt/);
  assert.doesNotMatch(all.err, /circle|hidden/);
  // The shell does not touch what stands in quotes.
  const globbed = await run("analyse", path.join(folder, "**", "*.pqd"), "--json");
  assert.equal((JSON.parse(globbed.out) as unknown[]).length, 1, "a pattern is a list, of one, too");
  const none = await run("analyse", path.join(folder, "*.cff"));
  assert.deepEqual([none.status, none.out], [2, ""]);
  assert.match(none.err, /\*\.cff: there are no files/);
  const out = path.join(folder, "out");
  assert.equal((await run("analyse", path.join(folder, "march"), "--out", out)).status, 0);
  assert.deepEqual(readdirSync(out).sort(), ["a.pqd", "b.csv"]);
  assert.ok(readdirSync(path.join(out, "a.pqd")).includes("events.csv"));
  const single = await run("analyse", path.join(folder, "march"), "--report", path.join(folder, "r.html"));
  assert.equal(single.status, 2);
  assert.match(single.err, /--report: expected one recording, found 3/);
});

test("a pair of COMTRADE is one recording, however it is named", async (t) => {
  const folder = emptyFolder(t);
  const samples = Array.from({ length: 6400 }, (_, k) => Math.round(1000 * Math.sin((2 * Math.PI * k) / 64)));
  writeFileSync(
    path.join(folder, "e.cfg"),
    "S,D,1999\n1,1A,0D\n1,VA,A,,V,0.325,0,0,-32767,32767,1,1,P\n50\n1\n3200,6400\n14/03/2026,06:29:50.0\n14/03/2026,06:29:51.0\nASCII\n1\n",
  );
  writeFileSync(path.join(folder, "e.dat"), samples.map((x, k) => `${k + 1},,${x}`).join("\n") + "\n");
  for (const words of [
    [folder],
    [path.join(folder, "e.*")],
    [path.join(folder, "e.dat"), path.join(folder, "e.cfg")],
  ]) {
    const { status, out, err } = await run("analyse", ...words, "--json");
    assert.equal(status, 0, err);
    assert.equal((JSON.parse(out) as unknown[]).length, 1);
  }
});

test("the PDF is made by chromium, and without one it is said what to install", async (t) => {
  const folder = emptyFolder(t);
  const file = path.join(folder, "dip.csv");
  writeFileSync(file, dipCsv(3));
  const { PATH } = process.env;
  t.after(() => (process.env["PATH"] = PATH));
  process.env["PATH"] = folder;
  const without = await run("analyse", file, "--pdf", path.join(folder, "r.pdf"));
  assert.equal(without.status, 1);
  assert.match(without.err, /--pdf: there is no chromium on the PATH, .*install one/);
  process.env["PATH"] = PATH;
  const chromium = programPath("chromium");
  if (chromium === undefined) return t.skip("there is no chromium");
  const { status, err } = await run("analyse", file, "--pdf", path.join(folder, "r.pdf"));
  assert.equal(status, 0, err);
  const pdf = readFileSync(path.join(folder, "r.pdf"));
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 20_000);
});
