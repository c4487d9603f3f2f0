/** Damaged files, and files of any length: they are read or refused with a FormatError, and never held as a whole. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { bytesInMemory, type ByteSource } from "./bytes.ts";
import { combinedRows, comtradeRows } from "./comtrade.ts";
import { csvRows } from "./csv.ts";
import { RecordingReader, type RowSource } from "./reader.ts";
import { FormatError } from "./recording.ts";
import { wavRows } from "./wav.ts";

const folder = new URL("../../../shared/cases/recordings/", import.meta.url);
const skip = existsSync(folder) ? false : "the recordings of ../shared are not here";

/** xorshift32 of a seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A copy with a few bytes changed, taken out, doubled or cut off. */
function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let k = 1 + next(5); k > 0 && out.length > 0; k--) {
    // Heads are short: half of the changes are there.
    const at = next(2) === 0 ? next(Math.min(400, out.length)) : next(out.length);
    const kind = next(8);
    if (kind < 4) out[at] = kind === 0 ? next(256) : '0123456789,.;-\n\r "eE:/kVA#\t'.charCodeAt(next(27));
    else if (kind < 6) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + next(12))]);
    else if (kind === 6) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - next(30)))]);
    else out = out.slice(0, at);
  }
  return out;
}

/** Reads to the end; nothing but a FormatError may come of it. */
function survives(open: () => RowSource, what: string): void {
  try {
    const reader = new RecordingReader(open(), true);
    for (let run = reader.next(), end = 0, before = 0; run !== undefined; run = reader.next()) {
      // A stamp's own rounding: a small part of a sample.
      assert.ok(run.rate > 0 && Number.isFinite(run.rate), `${what}: a rate of ${run.rate}`);
      assert.ok(
        Number.isFinite(run.at) && run.at >= end - 0.03 * Math.max(before, 1 / run.rate),
        `${what}: ${run.at} after ${end}`,
      );
      assert.ok(run.count > 0);
      end = run.at + run.count / run.rate;
      before = 1 / run.rate;
    }
  } catch (error) {
    assert.ok(error instanceof FormatError, `${what}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

test("the recordings of ../shared, mutated, are read or refused with a FormatError", { skip }, () => {
  const next = random(20_261_126);
  const files = readdirSync(folder).filter((name) => /\.(cfg|cff|csv|wav)$/.test(name));
  assert.ok(files.length > 30);
  for (const file of files) {
    const bytes = readFileSync(new URL(file, folder));
    for (let round = 0; round < 40; round++) {
      const changed = mutated(bytes, next);
      const source = bytesInMemory(changed);
      const what = `${file}, round ${round}`;
      if (file.endsWith(".csv")) survives(() => csvRows(file, source, round % 2 === 0 ? 1000 : undefined), what);
      else if (file.endsWith(".wav")) survives(() => wavRows(file, source), what);
      else if (file.endsWith(".cff")) survives(() => combinedRows({ file, source }), what);
      else {
        const dat = readFileSync(new URL(file.replace(".cfg", ".dat"), folder)).subarray(0, 20_000);
        const data = { file: "x.dat", source: bytesInMemory(round % 3 === 0 ? dat : mutated(dat, next)) };
        survives(() => comtradeRows({ file, source: bytesInMemory(round % 3 === 1 ? bytes : changed) }, data), what);
      }
    }
  }
});

/** A source that makes its bytes as they are asked for: `record` fills those of record k. */
function made(size: number, records: number, record: (k: number, into: DataView) => void): ByteSource {
  const one = new DataView(new ArrayBuffer(size));
  const bytes = new Uint8Array(one.buffer);
  let last = -1;
  return {
    size: size * records,
    read(at, into) {
      let done = 0;
      while (done < into.length && at + done < size * records) {
        const k = Math.floor((at + done) / size);
        if (k !== last) record((last = k), one);
        const from = (at + done) % size;
        const part = bytes.subarray(from, Math.min(size, from + into.length - done));
        into.set(part, done);
        done += part.length;
      }
      return done;
    },
  };
}

const cfg = (rate: number, rows: number, channels: number): ByteSource => {
  const lines = Array.from({ length: channels }, (_, c) => `${c + 1},C${c},,,V,0.01,0,0,-32767,32767,1,1,P`);
  const text = `S,D,1999\n${channels},${channels}A,0D\n${lines.join("\n")}\n50\n1\n${rate},${rows}\n01/02/2024,03:04:05.0\n01/02/2024,03:04:05.0\nBINARY\n1\n`;
  return bytesInMemory(Buffer.from(text));
};

test("what a reader holds does not grow with the file: two hours of six channels at 30.72 kHz, a minute of them read", () => {
  const rows = 2 * 3600 * 30_720;
  const source = made(20, rows, (k, view) => {
    view.setUint32(0, k + 1, true);
    view.setUint32(4, Math.round((1e6 * k) / 30_720) >>> 0, true);
    for (let c = 0; c < 6; c++) view.setInt16(8 + 2 * c, (k + c) % 1000, true);
  });
  assert.ok(source.size > 4e9);
  let [largest, asked] = [0, 0];
  const counting: ByteSource = {
    size: source.size,
    read(at, into) {
      largest = Math.max(largest, into.length);
      asked += into.length;
      return source.read(at, into);
    },
  };
  const before = process.memoryUsage().arrayBuffers;
  const reader = new RecordingReader(
    comtradeRows({ file: "long.cfg", source: cfg(30_720, rows, 6) }, { file: "long.dat", source: counting }),
  );
  const held = process.memoryUsage().arrayBuffers - before;
  assert.ok(held < 32e6, `${held} bytes of arrays`);
  let [samples, end] = [0, 0];
  const arrays = new Set<ArrayBufferLike>();
  for (let run = reader.next(); run !== undefined && end < 60; run = reader.next()) {
    assert.equal(run.rate, 30_720);
    assert.ok(Math.abs(run.at - samples / 30_720) < 1e-9);
    samples += run.count;
    end = run.at + run.count / run.rate;
    for (const samples of run.rows.channels) arrays.add(samples.buffer);
  }
  assert.ok(largest <= 1 << 20, `${largest} bytes at once`);
  assert.ok(asked < 2 * 20 * 30_720 * 62, `${asked} bytes for a minute`);
  // Six arrays, used again and again.
  assert.equal(arrays.size, 6);
  assert.deepEqual(reader.warnings, []);
});

test("a WAV that claims 2 GB, and a .cfg that claims as many samples, have what is there", () => {
  const head = Buffer.alloc(44 + 8);
  head.write("RIFF", 0);
  head.writeUInt32LE(0x7fffffff, 4);
  head.write("WAVEfmt ", 8);
  [16, 0x0001_0001, 8000, 16_000, 0x0010_0002].forEach((word, k) => head.writeUInt32LE(word, 16 + 4 * k));
  head.write("data", 36);
  head.writeUInt32LE(0x7fffff00, 40);
  const wav = new RecordingReader(wavRows("x.wav", bytesInMemory(head)));
  assert.equal(wav.next()?.count, 4);
  assert.equal(wav.next(), undefined);
  assert.match(wav.warnings[0]?.what ?? "", /2147483392 bytes of data are stated, and 8 are there/);
  const rows = made(10, 3, (k, view) => view.setUint32(4, 1000 * k, true));
  const claimed = comtradeRows({ file: "x.cfg", source: cfg(1000, 2_000_000_000, 1) }, { file: "x.dat", source: rows });
  assert.equal(new RecordingReader(claimed).next()?.count, 3);
});

test("one sample of one channel is read where a rate is stated, at rates from 100 Hz to 1 MHz", () => {
  for (const rate of [100, 4800, 30_720, 1e6]) {
    for (const count of [1, 2, 50]) {
      const rows = made(10, count, (k, view) => {
        view.setUint32(4, Math.round((1e6 * k) / rate), true);
        view.setInt16(8, 100 * k, true);
      });
      const reader = new RecordingReader(
        comtradeRows({ file: "x.cfg", source: cfg(rate, count, 1) }, { file: "x.dat", source: rows }),
      );
      const run = reader.next();
      assert.deepEqual([run?.rate, run?.count, run?.at], [rate, count, 0]);
      assert.equal(run?.rows.channels[0]![count - 1], count - 1);
      assert.equal(reader.next(), undefined);
    }
  }
});
