/** How many times faster than real time recordings of six channels at 30.72 kHz are decoded, one core: `npm run bench recordings`. */
import { bytesInMemory, type ByteSource } from "#format/bytes.ts";
import { combinedRows } from "#format/comtrade.ts";
import { csvRows } from "#format/csv.ts";
import { RecordingReader, type RowSource } from "#format/reader.ts";
import { wavRows } from "#format/wav.ts";
import { median } from "./median.ts";

const RATE = 30_720;
const CHANNELS = 6;
const SECONDS = 20;
const ROUNDS = 5;

/** Counts of a channel's sample, different in each. */
const count = (k: number, c: number): number =>
  Math.round((9000 + 700 * c) * Math.sin((2 * Math.PI * 60 * k) / RATE + c));

function binary(): Uint8Array {
  const names = Array.from({ length: CHANNELS }, (_, c) => `${c + 1},C${c},,,V,0.01,0,0,-32767,32767,1,1,P`);
  const rows = RATE * SECONDS;
  const head = `--- file type: CFG ---\nS,D,1999\n6,6A,0D\n${names.join("\n")}\n60\n1\n${RATE},${rows}\n01/02/2024,03:04:05.0\n01/02/2024,03:04:05.0\nBINARY\n1\n`;
  const size = 8 + 2 * CHANNELS;
  const mark = `--- file type: DAT BINARY: ${rows * size} ---\n`;
  const bytes = Buffer.alloc(head.length + mark.length + rows * size);
  bytes.write(head + mark);
  for (let k = 0, at = head.length + mark.length; k < rows; k++, at += size) {
    bytes.writeUInt32LE(k + 1, at);
    bytes.writeUInt32LE(Math.round((1e6 * k) / RATE), at + 4);
    for (let c = 0; c < CHANNELS; c++) bytes.writeInt16LE(count(k, c), at + 8 + 2 * c);
  }
  return bytes;
}

function text(): Uint8Array {
  const lines = ["time (s),va,vb,vc,ia,ib,ic"];
  for (let k = 0; k < RATE * SECONDS; k++) {
    const values = Array.from({ length: CHANNELS }, (_, c) => (count(k, c) / 100).toFixed(2));
    lines.push(`${(k / RATE).toFixed(7)},${values.join(",")}`);
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

function wav(): Uint8Array {
  const size = 2 * CHANNELS * RATE * SECONDS;
  const bytes = Buffer.alloc(44 + size);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + size, 4);
  bytes.write("WAVEfmt ", 8);
  [16, 1 | (CHANNELS << 16), RATE, 2 * CHANNELS * RATE, (2 * CHANNELS) | (16 << 16)].forEach((word, k) =>
    bytes.writeUInt32LE(word, 16 + 4 * k),
  );
  bytes.write("data", 36);
  bytes.writeUInt32LE(size, 40);
  for (let k = 0; k < RATE * SECONDS * CHANNELS; k++) {
    bytes.writeInt16LE(count(Math.floor(k / CHANNELS), k % CHANNELS), 44 + 2 * k);
  }
  return bytes;
}

interface Speed {
  /** Times real time, by the time of one core that it took, of user and system, and by the clock. */
  readonly core: number;
  readonly wall: number;
}

function measure(open: (source: ByteSource) => RowSource, bytes: Uint8Array): Speed {
  // What else the machine does counts by the clock alone, what collects garbage in both.
  const from = process.cpuUsage();
  const began = performance.now();
  const reader = new RecordingReader(open(bytesInMemory(bytes)));
  let samples = 0;
  for (let run = reader.next(); run !== undefined; run = reader.next()) samples += run.count;
  const { user, system } = process.cpuUsage(from);
  const wall = (performance.now() - began) / 1e3;
  if (samples !== RATE * SECONDS) throw new Error(`${samples} samples instead of ${RATE * SECONDS}`);
  return { core: SECONDS / ((user + system) / 1e6), wall: SECONDS / wall };
}

export function benchRecordings(): void {
  console.log(`recordings: ${CHANNELS} channels at ${RATE} Hz decoded, times real time`);
  console.log(`  ${"".padEnd(16)} one core, warm (median of ${ROUNDS})   by the clock   one core, cold`);
  const kinds: readonly (readonly [string, (source: ByteSource) => RowSource, () => Uint8Array])[] = [
    ["COMTRADE binary", (source) => combinedRows({ file: "bench.cff", source }), binary],
    ["CSV", (source) => csvRows("bench.csv", source), text],
    ["WAV", (source) => wavRows("bench.wav", source), wav],
  ];
  for (const [what, open, make] of kinds) {
    const bytes = make();
    // The first one is read by code that was never run before.
    const cold = measure(open, bytes);
    const warm = Array.from({ length: ROUNDS }, () => measure(open, bytes));
    const [core, wall] = [median(warm.map((one) => one.core)), median(warm.map((one) => one.wall))];
    const columns = [core, wall, cold.core].map((speed) => `${Math.round(speed)} x`);
    console.log(`  ${what.padEnd(16)} ${columns[0]?.padEnd(32)} ${columns[1]?.padEnd(14)} ${columns[2]}`);
  }
}
