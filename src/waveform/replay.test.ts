import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { recordingReader } from "#fleet/recording-file.ts";
import { readRecording } from "#fleet/sources.ts";
import { bytesInMemory } from "#format/bytes.ts";
import { csvRows } from "#format/csv.ts";
import { combinedRows } from "#format/comtrade.ts";
import { RecordingReader } from "#format/reader.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { MapError, type InputMap } from "./channel-map.ts";
import { GridFeed } from "./grid-feed.ts";
import { Replay } from "./replay.ts";

const csv = (text: string, rate?: number): RecordingReader =>
  new RecordingReader(csvRows("x.csv", bytesInMemory(Buffer.from(text)), rate));

/** A combined COMTRADE file of ASCII data: rows of numbers from stamps in microseconds, of channels "va" and "ia". */
function comtrade(
  rows: readonly (readonly number[])[],
  rates: string,
  skewUs = 0,
  units = ["V", "A"],
): RecordingReader {
  const names = ["va", "ia"];
  const header = [
    "S,D,1999",
    "2,2A,0D",
    ...names.map((name, c) => `${c + 1},${name},,,${units[c]},0.001,0,${c * skewUs},-9,9,1,1,P`),
    "50",
    rates,
    "01/02/2024,03:04:05.000000",
    "01/02/2024,03:04:05.000000",
    "ASCII",
    "1",
  ];
  const data = rows.map((row, k) => [k + 1, ...row].join(","));
  const text = `--- file type: CFG ---\n${header.join("\n")}\n--- file type: DAT ASCII ---\n${data.join("\n")}\n`;
  return new RecordingReader(combinedRows({ file: "x.cff", source: bytesInMemory(Buffer.from(text)) }));
}

const map: InputMap = { va: { channel: "va", scale: 1 }, ia: { channel: "ia", scale: 1 } };

interface Played {
  readonly at: number;
  readonly rate: number;
  readonly joined: boolean;
  readonly va: number[];
  readonly ia: number[];
  readonly missing: number[] | undefined;
}

/** What a replay hands out, copied. */
function play(replay: Replay, seconds: number): Played[] {
  return replay.read(seconds).map(({ at, rate, joined, channels, count, missing }) => ({
    at,
    rate,
    joined,
    va: [...channels[0]!.subarray(0, count)],
    ia: [...channels[3]!.subarray(0, count)],
    missing: missing && [...missing.subarray(0, count)],
  }));
}

const near = (a: number, b: number, by: number, what: string): void =>
  assert.ok(Math.abs(a - b) <= by, `${what}: ${a} for ${b}`);

test("a replay maps and scales, hands out what is due, and ends where the recording does", () => {
  const replay = new Replay(
    csv("time (s),one,two\n0,1,5\n0.25,2,6\n0.5,,7\n0.75,4,8\n"),
    { va: { channel: "one", scale: 10 }, ia: { channel: 2, scale: -1 } },
    false,
  );
  const [first] = play(replay, 0.5);
  assert.deepEqual(first, { at: 0, rate: 4, joined: false, va: [10, 20], ia: [-5, -6], missing: undefined });
  assert.equal(replay.ended, false);
  // The third sample of the voltage is missing: 0 that counts for nothing, and no straight line.
  const [rest, none] = play(replay, 5);
  assert.deepEqual(rest, { at: 0.5, rate: 4, joined: true, va: [0, 40], ia: [-7, -8], missing: [1, 0] });
  assert.equal(none, undefined);
  assert.equal(replay.ended, true);
  assert.deepEqual(replay.read(1), []);
});

test("a loop goes on without a joint that was not there", () => {
  const replay = new Replay(csv("time (s),va\n0,1\n0.25,2\n0.5,3\n"), { va: { channel: "va", scale: 1 } }, true);
  const runs = [...play(replay, 1), ...play(replay, 1)];
  assert.deepEqual(
    runs.flatMap(({ va }) => va),
    [1, 2, 3, 1, 2, 3, 1, 2],
  );
  assert.deepEqual(
    runs.map(({ at, joined }) => [at, joined]),
    [
      [0, false],
      [1, true],
    ],
  );
  assert.equal(replay.ended, false);
});

test("a loop over rates that wander is one run, and takes as long as the stamps say", () => {
  // 24 samples a cycle of a line near 50 Hz: the last rate is not the first one.
  const rows: string[] = [];
  let at = 0;
  const rates = [1200, 1203.6, 1198.2, 1201.5];
  for (const rate of rates)
    for (let k = 0; k < 24; k++, at += 1 / rate) rows.push(`${at.toFixed(9)},${Math.sin(2 * Math.PI * 50 * at)}`);
  const source = (): Replay =>
    new Replay(csv(`time,va\n${rows.join("\n")}\n`), { va: { channel: "va", scale: 1 } }, true);
  const runs = play(source(), 1);
  assert.deepEqual(
    runs.map(({ joined, missing }) => [joined, missing]),
    [[false, undefined]],
  );
  const round = rates.reduce((sum, rate) => sum + 24 / rate, 0);
  const { va, rate } = runs[0]!;
  near(va.length / rate, 1, 1 / rate, "seconds");
  // One second on, so many rounds on: the wave is that of the recording at the same place.
  for (let n = 200; n < va.length - 50; n += 37) {
    const inRound = (n / rate) % round;
    if (inRound < 0.02 || inRound > round - 0.02) continue;
    near(va[n]!, Math.sin(2 * Math.PI * 50 * inRound), 1e-3, `sample ${n}`);
  }
});

test("a gap lasts as long as it lasted, with a loop, too", () => {
  const text = "time,va\n0,1\n0.01,2\n0.02,3\n5.02,4\n5.03,5\n5.04,6\n";
  const replay = new Replay(csv(text), { va: { channel: "va", scale: 1 } }, true);
  const runs: Played[] = [];
  for (let k = 0; k < 110; k++) runs.push(...play(replay, 0.1));
  // The second stretch begins at 5.02 s, and its end at 5.05 s is the beginning of the next round.
  const begins = runs.filter(({ joined }) => !joined).map(({ at }) => Number(at.toFixed(9)));
  assert.deepEqual(begins, [0, 5.02, 10.07]);
  const second = runs.filter(({ at }) => at > 5 && at < 10).flatMap(({ va }) => va);
  assert.deepEqual(second, [4, 5, 6, 1, 2, 3]);
});

test("stretches of other rates keep their own, and are not joined", () => {
  const text = `time,va\n${[0, 1, 2, 3].map((k) => `${(k * 0.001).toFixed(3)},${k}\n`).join("")}${[4, 5, 6].map((k) => `${(0.004 + (k - 4) * 0.02).toFixed(3)},${k}\n`).join("")}`;
  const runs = play(new Replay(csv(text), { va: { channel: "va", scale: 1 } }, false), 1);
  assert.deepEqual(
    runs.map(({ rate, joined, va }) => [rate, joined, va]),
    [
      // The fifth is where both rates have one.
      [1000, false, [0, 1, 2, 3, 4]],
      [50, false, [5, 6]],
    ],
  );
});

test("rates that follow the line are one run, at the instants of the first", () => {
  // 83 segments of 24 samples whose rate wanders by 0.2 % around 1,200 Hz: a 50 Hz sine at the instants that they say.
  const rates = Array.from({ length: 83 }, (_, k) => Number((1200 + 2.4 * Math.sin(k / 5)).toFixed(3)));
  const rows: number[][] = [];
  let t = 0;
  for (const rate of rates) {
    for (let k = 0; k < 24; k++, t += 1 / rate) {
      rows.push([Math.round(t * 1e6), ...[325_000, 14_000].map((x) => Math.round(x * Math.sin(2 * Math.PI * 50 * t)))]);
    }
  }
  const stated = `83\n${rates.map((rate, k) => `${rate},${24 * (k + 1)}`).join("\n")}`;
  const runs = play(new Replay(comtrade(rows, stated), map, false), 10);
  assert.equal(runs.filter(({ joined }) => !joined).length, 1);
  const rate = rates[0]!;
  const va = runs.flatMap((run) => run.va);
  const missing = runs.flatMap((run) => run.missing ?? run.va.map(() => 0));
  assert.ok(missing.filter((bits) => bits !== 0).length <= 24, "missing at the ends only");
  va.forEach((x, k) => {
    if (missing[k] === 0) near(x, 325 * Math.sin((2 * Math.PI * 50 * k) / rate), 0.5, `sample ${k}`);
  });
  near(va.length / rate, t, 1e-3, "seconds");
});

test("a channel that was sampled later than the others is put back, and is missing where that reaches over an end", () => {
  // Both are the same 50 Hz sine; the second was sampled 200 microseconds after the first.
  const rows = Array.from({ length: 400 }, (_, k) => [
    500 * k,
    Math.round(1e6 * Math.sin(2 * Math.PI * 50 * (k / 2000))),
    Math.round(1e6 * Math.sin(2 * Math.PI * 50 * (k / 2000 + 200e-6))),
  ]);
  const runs = play(new Replay(comtrade(rows, "1\n2000,400", 200), map, false), 1);
  const va = runs.flatMap((run) => run.va);
  const ia = runs.flatMap((run) => run.ia);
  const missing = runs.flatMap((run) => run.missing ?? run.va.map(() => 0));
  assert.equal(va.length, 400);
  const gone = missing.flatMap((bits, k) => (bits === 0 ? [] : [k]));
  assert.ok(gone.length > 0 && gone.every((k) => (k < 17 || k > 383) && missing[k] === 8), String(gone));
  for (let k = 17; k < 383; k++) near(ia[k]!, va[k]!, 0.01, `sample ${k}`);
});

test("a replay starts at the recorder's own time", () => {
  const rows = [0, 1, 2].map((k) => [1000 * k, k, k]);
  assert.equal(new Replay(comtrade(rows, "1\n1000,3"), map, false).utc, Date.UTC(2024, 1, 1, 3, 4, 5));
});

for (const [what, feeds, says] of [
  ["a name that is not there", { vb: { channel: "three", scale: 1 } }, /no channel "three"; it has "va", "ia"/],
  ["a number that is not there", { vb: { channel: 3, scale: 1 } }, /no channel "3"; it has "va", "ia"/],
  [
    "a channel of degrees",
    { vb: { channel: "ia", scale: 1 } },
    /the unit "°" of the channel "ia" is of neither volts nor amps/,
  ],
  [
    "a channel of a unit that nobody knows",
    { vb: { channel: "va", scale: 1 } },
    /the unit "floz" of the channel "va" is not known/,
  ],
] as const) {
  test(`a map that names ${what} is refused with what there is`, () => {
    const rows = [0, 1, 2].map((k) => [1000 * k, k, k]);
    assert.throws(
      () => new Replay(comtrade(rows, "1\n1000,3", 0, ["floz", "°"]), feeds, false),
      (error: MapError) => {
        assert.equal(error.input, "vb");
        assert.match(error.message, says);
        return true;
      },
    );
  });
}

test("volts where amps are taken are refused, unless a scale says how many amps one of them is", () => {
  const reader = (): RecordingReader => csv("time (s),probe [V]\n0,1\n0.01,3\n");
  assert.throws(
    () => new Replay(reader(), { ia: { channel: "probe" } }, false),
    /^MapError: the channel "probe" is of volts \("V"\), and ia takes amps; with a scale it is taken/,
  );
  const runs = play(new Replay(reader(), { ia: { channel: "probe", scale: 100 } }, false), 1);
  assert.deepEqual(runs[0]?.ia, [100, 300]);
});

test("of channels of one name the map has to say the number", () => {
  const reader = (): RecordingReader => csv("time,v,v\n0,1,2\n0.01,3,4\n");
  assert.throws(
    () => new Replay(reader(), { va: { channel: "v", scale: 1 } }, false),
    /channels 1 and 2 .* called "v"; say which/,
  );
  assert.deepEqual(play(new Replay(reader(), { va: { channel: 2, scale: 1 } }, false), 1)[0]?.va, [2, 4]);
});

test("a recording that cannot be read on ends, and what is fed from it says why", () => {
  const rows = Array.from({ length: 100_000 }, (_, k) => `${(k / 5000).toFixed(4)},${(k % 100) - 50}\n`).join("");
  const bytes = bytesInMemory(Buffer.from(`time,va\n${rows}`));
  let broken = false;
  const source = {
    size: bytes.size,
    read(at: number, into: Uint8Array): number {
      if (broken) throw new Error("the disk has gone");
      return bytes.read(at, into);
    },
  };
  const reader = new RecordingReader(csvRows("x.csv", source));
  const replay = new Replay(reader, { va: { channel: "va", scale: 1 } }, false);
  broken = true;
  const options = { grid: 64, wiring: wiringOf("wye"), frequency: [45, 65], cyclesKept: 32 } as const;
  const feed = new GridFeed(replay, options);
  for (let k = 0; k < 30 && !replay.ended; k++) feed.run(1);
  assert.equal(feed.absence, "the recording cannot be read on: the disk has gone");
});

test("a file that is cut or taken away while it is played is no recording that came to its end", () => {
  const lines = Array.from({ length: 200_000 }, (_, k) => `${(k / 5000).toFixed(4)},${(k % 100) - 50}\n`).join("");
  const harms: readonly (readonly [(file: string) => void, RegExp])[] = [
    [(file) => truncateSync(file, 900_000), /^the recording cannot be read on: cannot read .*has been cut to 900000$/],
    [(file) => rmSync(file), /^the recording cannot be read on: cannot read .*/],
  ];
  for (const [harm, said] of harms) {
    const folder = mkdtempSync(join(tmpdir(), "replay-"));
    const file = join(folder, "x.csv");
    writeFileSync(file, `time,va\n${lines}`);
    const replay = new Replay(recordingReader(file), { va: { channel: "va", scale: 1 } }, false);
    harm(file);
    const options = { grid: 64, wiring: wiringOf("wye"), frequency: [45, 65], cyclesKept: 32 } as const;
    const feed = new GridFeed(replay, options);
    for (let k = 0; k < 60 && !replay.ended; k++) feed.run(1);
    assert.match(feed.absence ?? "", said);
    rmSync(folder, { recursive: true });
  }
});

const relay = fileURLToPath(new URL("../../../shared/data/comtrade/Comtrade1.cfg", import.meta.url));
const skip = existsSync(relay) ? false : "the recordings of ../shared are not here";

test("the relay's recording is replayed sample by sample", { skip }, () => {
  const whole = readRecording(relay);
  const replay = new Replay(recordingReader(relay), { va: { channel: "HV Bus VR", scale: 1 } }, false);
  const played: number[] = [];
  while (!replay.ended) played.push(...play(replay, 1 / 7).flatMap(({ va }) => va));
  assert.deepEqual(played, [...whole.channels.find(({ name }) => name === "HV Bus VR")!.samples]);
  assert.equal(played.length, 7200);
});
