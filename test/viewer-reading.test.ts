/** What the viewer of the page makes of files: by the readers that the commands have, and arithmetic. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bytesInMemory } from "#format/bytes.ts";
import { FormatError } from "#format/recording.ts";
import { timeOf } from "#web/page/viewer/axis.ts";
import { fileSetsOf } from "#web/page/viewer/file-sets.ts";
import { fileSource } from "#web/page/viewer/file-source.ts";
import { phaseOf } from "#web/page/viewer/phase-of.ts";
import { noExtremes, takeExtremes } from "#web/page/viewer/pyramid.ts";
import { readContent, type Part } from "#web/page/viewer/read-content.ts";
import { StatusChanges } from "#web/page/viewer/status-changes.ts";

const part = (name: string, bytes: Uint8Array | string): Part => ({
  name,
  source: bytesInMemory(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes),
});

async function read(parts: readonly Part[], most?: { samples: number; buckets: number }) {
  const [set] = fileSetsOf(parts).sets;
  assert.ok(set !== undefined);
  return readContent(set, () => {}, most);
}

/** BINARY COMTRADE of 1999: volts in steps of 0.1 V, amps of 0.01 A, a status that is on in the dip. */
function comtrade(count: number, rate: number, volt: (k: number) => number): readonly Part[] {
  const cfg = [
    "SUBSTATION,RECORDER,1999",
    "3,2A,1D",
    "1,U L1,a,,V,0.1,0,0,-32767,32767,1,1,P",
    "2,I L1,a,,A,0.01,0,0,-32767,32767,1,1,P",
    "1,TRIP,,,0",
    "50",
    "1",
    `${rate},${count}`,
    "27/11/2026,10:00:00.000000",
    "27/11/2026,10:00:00.500000",
    "BINARY",
    "1",
    "",
  ].join("\r\n");
  const bytes = new Uint8Array(14 * count);
  const view = new DataView(bytes.buffer);
  for (let k = 0; k < count; k++) {
    view.setUint32(14 * k, k + 1, true);
    view.setUint32(14 * k + 4, Math.round((1e6 * k) / rate), true);
    view.setInt16(14 * k + 8, Math.round(volt(k) / 0.1), true);
    view.setInt16(14 * k + 10, 500, true);
    view.setUint16(14 * k + 12, volt(k) === 0 ? 1 : 0, true);
  }
  return [part("fault.dat", bytes), part("fault.cfg", cfg), part("fault.hdr", "a breaker opened")];
}

test("COMTRADE in its files is one recording: samples, status, trigger, words, and the RMS of its half cycles", async () => {
  const rate = 5000;
  const wave = (k: number) =>
    k >= 2000 && k < 2100 ? 0 : 325 * Math.SQRT1_2 * Math.SQRT2 * Math.sin((2 * Math.PI * 50 * (k + 0.5)) / rate);
  const { content } = await read(comtrade(10_000, rate, wave));
  const [samples, rms] = content.groups;
  assert.deepEqual([content.file, content.notes, content.isLong], ["fault.cfg", "a breaker opened", false]);
  assert.equal(content.start, Date.UTC(2026, 10, 27, 10));
  assert.deepEqual(content.marks, [{ at: 0.5, kind: "trigger", text: "" }]);
  assert.deepEqual(
    samples?.channels.map(({ name, unit, phase }) => [name, unit, phase]),
    [
      ["U L1", "V", "a"],
      ["I L1", "A", "a"],
    ],
  );
  assert.equal(content.seconds, 2);
  assert.deepEqual(
    content.statuses.map(({ name, changes }) => [name, [...changes]]),
    [["TRIP", [2000, 2100]]],
  );
  assert.equal(rms?.kind, "madeRms");
  const volts = rms?.channels[0]?.pyramid.samples ?? new Float32Array(0);
  // 325 V are a peak: 229.8 V of RMS. One cycle of 100 samples is nothing at all.
  const at = (seconds: number) => [...volts.keys()].find((k) => Math.abs(timeOf(rms!.times, k) - seconds) < 1e-3) ?? -1;
  assert.ok(Math.abs((volts[at(0.2)] ?? 0) - 325 / Math.SQRT2) < 0.2, String(volts[at(0.2)]));
  assert.ok((volts[at(0.42)] ?? 9) < 1, String(volts[at(0.42)]));
  // Half of the cycle's squares are there: 1/√2 of the RMS.
  assert.ok(Math.abs((volts[at(0.41)] ?? 0) - 325 / 2) < 0.5, String(volts[at(0.41)]));
});

test("a recording that is too long to be held has its extremes, and its samples where they are asked for", async () => {
  const wave = (k: number) => (k === 77_777 ? 400 : 100 * Math.sin(k / 15));
  const files = comtrade(100_000, 5000, wave);
  const { content, detail } = await read(files, { samples: 50_000, buckets: 4000 });
  assert.equal(content.isLong, "seeks");
  const [volts] = content.groups[0]?.channels ?? [];
  assert.ok(volts !== undefined);
  assert.equal(volts.pyramid.samples, undefined);
  assert.ok((volts.pyramid.levels[0]?.least.length ?? 0) * 2 <= 4000);
  assert.equal(takeExtremes(volts.pyramid, 0, 100_000, noExtremes()).most, 400);
  assert.equal(takeExtremes(volts.pyramid, 77_700, 77_800, noExtremes()).most, 400);
  const found = detail?.(77_770, 20);
  assert.deepEqual(
    [...(found?.channels[0] ?? [])],
    Array.from({ length: 20 }, (_, k) => Math.fround(0.1 * Math.round(wave(77_770 + k) / 0.1))),
  );
  // Past the end there is what there is.
  assert.equal(detail?.(99_990, 50).count, 10);
});

test("columns of text that are too long to be held say that there are no samples to be had", async () => {
  const lines = Array.from({ length: 5000 }, (_, k) => `${(k / 1000).toFixed(3)},${k === 4321 ? 9 : k % 7}`);
  const { content, detail } = await read([part("log.csv", `t [s],Ua [V]\n${lines.join("\n")}\n`)], {
    samples: 1000,
    buckets: 1000,
  });
  assert.deepEqual([content.isLong, detail], ["buckets", undefined]);
  const [volts] = content.groups[0]?.channels ?? [];
  assert.equal(takeExtremes(volts!.pyramid, 4320, 4330, noExtremes()).most, 9);
});

test("a WAV file goes on at a sample as if it had been read up to it", async () => {
  const count = 3000;
  const bytes = new Uint8Array(44 + 4 * count);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => bytes.set(new TextEncoder().encode(letters), at);
  text(0, "RIFF");
  view.setUint32(4, 36 + 4 * count, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 32_000, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 4 * count, true);
  for (let k = 0; k < count; k++) {
    view.setInt16(44 + 4 * k, 8 * (k % 4000), true);
    view.setInt16(46 + 4 * k, -k, true);
  }
  const { detail } = await read([part("tone.wav", bytes)], { samples: 100, buckets: 1000 });
  const found = detail?.(1234, 3);
  assert.deepEqual(
    found?.channels.map((values) => [...values]),
    [[1234, 1235, 1236].map((k) => (8 * k) / 32_768), [1234, 1235, 1236].map((k) => -k / 32_768)],
  );
});

/** The bytes of a listing (test/fixtures/pqdif/make.py). */
function listed(name: string): Uint8Array {
  const text = readFileSync(new URL(`fixtures/pqdif/${name}.hex`, import.meta.url), "utf8");
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
}

test("PQDIF of another maker: the listing's samples at its times, compressed or not", async () => {
  for (const name of ["plain", "zlib"]) {
    const { content } = await read([part(`${name}.pqd`, listed(name))]);
    const [samples, log] = content.groups;
    const shown = [samples, log].map((group) => [
      group?.kind,
      Array.from({ length: group?.times.count ?? 0 }, (_, k) => timeOf(group!.times, k)),
      group?.channels.map(({ name, unit, phase, pyramid }) => [name, unit, phase, [...(pyramid.samples ?? [])]]),
    ]);
    // A thousand volts and quarters of what is stored; amps of one a second are of a time of which the volts say more.
    assert.deepEqual(shown[0]?.slice(1), [
      [0, 1 / 1024, 2 / 1024, 3 / 1024, 3 / 1024 + 1 / 64],
      [
        ["VA", "V", "a", [999, 1002, 1000 + 32_767 / 4, 1000 - 8192, 1000]],
        ["IB", "A", "b", [NaN, NaN, NaN, NaN, NaN]],
      ],
    ]);
    assert.deepEqual(shown[1], [
      "log",
      [0.125, 86_400 - 33_771.25 + 0.5],
      [["third harmonic (spectra of harmonic groups) 3", "%", "c", [0.875, 1.125]]],
    ]);
    assert.equal(content.start, Date.UTC(2016, 11, 8, 9, 22, 51, 250));
    assert.deepEqual(
      content.marks.map(({ at, kind, text }) => [at, kind, text]),
      [
        [0, "observation", "a sag, instantaneous sag"],
        [0.125, "trigger", "a sag, instantaneous sag"],
      ],
    );
  }
});

test("what is wrong is said in the reader's words, with the file and the place", async () => {
  const cases: readonly (readonly [string, readonly Part[], RegExp])[] = [
    ["no data", [part("a.cfg", "x,y,1999\n")], /^a\.cfg, its data: expected the file \.dat/],
    ["no recording", [part("a.csv", "time,<script>alert(1)</script>\n")], /^a\.csv, line \d+: /],
    ["not WAVE", [part("a.wav", "RIFF....JUNK")], /^a\.wav, byte 8: expected WAVE/],
    ["not PQDIF", [part("a.pqd", "x".repeat(200))], /^a\.pqd, byte \d+: /],
  ];
  for (const [what, parts, words] of cases)
    await assert.rejects(read(parts), (error: Error) => {
      assert.match(error.message, words, what);
      return error instanceof FormatError;
    });
  const endless: Part = { name: "b.pqd", source: { size: 2 ** 31, read: () => assert.fail("it was read") } };
  await assert.rejects(read([endless]), /b\.pqd, the whole file: .*holds 256 MiB of one: it has 2048 MiB/);
});

test("files are sorted into recordings; what is of none is told", () => {
  const names = ["b.DAT", "a.csv", "b.cfg", "b.HDR", "c.dat", "readme.md", "d.cff", "noext"];
  const { sets, others } = fileSetsOf(names.map((name) => ({ name })));
  assert.deepEqual(
    sets.map(({ main, data, notes, kind }) => [main.name, data?.name, notes?.name, kind]),
    [
      ["a.csv", undefined, undefined, "columns"],
      ["b.cfg", "b.DAT", "b.HDR", "comtrade"],
      ["d.cff", undefined, undefined, "comtrade"],
    ],
  );
  assert.deepEqual(
    others.map(({ name }) => name),
    ["c.dat", "noext", "readme.md"],
  );
});

test("a phase is told by plain names alone", () => {
  const named = ["U L1", "Ia", "VB", "I_L3 [A]", "V c-n", "phase A", "HV Bus VR", "Motor", "VAB", "feeder 1", "T"];
  assert.deepEqual(
    named.map((name) => phaseOf({ name })),
    ["a", "a", "b", "c", "c", "a", "a", undefined, "ab", undefined, "c"],
  );
});

test("a status that changes with every sample is let go before it fills the memory, the others stay", () => {
  const states = new StatusChanges(["wild", "tame"]);
  const batch = 1 << 16;
  const wild = Uint8Array.from({ length: batch }, (_, k) => k & 1);
  const tame = new Uint8Array(batch).fill(1);
  for (let k = 0; k < 70; k++) states.take([wild, tame], 0, batch, k * batch);
  assert.deepEqual(states.lost, ["wild"]);
  assert.deepEqual(
    states.channels.map(({ name, changes }) => [name, [...changes]]),
    [["tame", [0]]],
  );
});

test("a file is read by pieces, forwards and backwards, and never as a whole", () => {
  const bytes = Uint8Array.from({ length: 20_000_000 }, (_, k) => (k * 7) & 255);
  const blob = new Blob([bytes]);
  let [calls, largest] = [0, 0];
  const sizes = new WeakMap<Blob, readonly [number, number]>();
  const sliced = new Proxy(blob, {
    get(target, key) {
      if (key === "size") return target.size;
      return (from: number, to: number) => {
        const piece = new Blob([]);
        sizes.set(piece, [from, Math.min(to, bytes.length)]);
        return piece;
      };
    },
  });
  const source = fileSource(sliced, {
    readAsArrayBuffer(piece) {
      const [from, to] = sizes.get(piece) ?? [0, 0];
      calls++;
      largest = Math.max(largest, to - from);
      return bytes.slice(from, to).buffer;
    },
  });
  const into = new Uint8Array(1 << 18);
  const check = (at: number): void => {
    const got = source.read(at, into);
    assert.deepEqual(into.subarray(0, got), bytes.subarray(at, at + got));
    assert.ok(got > 0);
  };
  for (let at = 0; at < bytes.length; at += into.length) check(at);
  assert.ok(calls < 10, String(calls));
  for (let at = bytes.length - into.length; at >= 0; at -= into.length) check(at);
  assert.ok(calls < 20, String(calls));
  assert.ok(largest <= 1 << 23, String(largest));
});
