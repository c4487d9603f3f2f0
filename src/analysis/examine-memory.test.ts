/** What is kept of a recording while it runs through the instrument: of intervals and events, not of samples. Bytes are counted, not time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordingReader, type Rows, type RowSource } from "#format/reader.ts";
import { Remarks } from "#format/remarks.ts";
import { inputs } from "#waveform/channel-map.ts";
import { examine } from "./examine.ts";

const RATE = 15_360;
const PER_CYCLE = RATE / 60;

/** Six channels whose samples are made as they are asked for; each minute has a dip of 0.2 s. */
function recording(seconds: number): RowSource {
  const cycles = inputs.map((name, c) =>
    Float64Array.from({ length: PER_CYCLE }, (_, k) => {
      const angle = 2 * Math.PI * (k / PER_CYCLE - (c % 3) / 3);
      return Math.SQRT2 * (name.startsWith("v") ? 120 : 20) * (Math.sin(angle) + 0.03 * Math.sin(5 * angle));
    }),
  );
  const total = RATE * seconds;
  let row = 0;
  return {
    file: "made",
    head: {
      channels: inputs.map((name) => ({ name, unit: name.startsWith("v") ? "V" : "A", scale: 1, skew: 0 })),
      statuses: [],
      lineHz: 60,
      start: Date.UTC(2026, 0, 1),
      trigger: NaN,
    },
    remarks: new Remarks(),
    stated: [{ rate: RATE, end: Infinity }],
    stamped: false,
    quantum: 0,
    most: total,
    fill({ channels }: Rows, from: number, to: number): number {
      const count = Math.min(to - from, total - row);
      for (let c = 0; c < channels.length; c++) {
        for (let k = 0; k < count; k++) {
          const second = ((row + k) / RATE) % 60;
          const part = second >= 30 && second < 30.2 ? (c < 3 ? 0.6 : 3) : 1;
          channels[c]![from + k] = part * cycles[c]![(row + k) % PER_CYCLE]!;
        }
      }
      row += count;
      return count;
    },
    rewind: () => (row = 0),
    place: () => "nowhere",
  };
}

/** What is kept: buffers that nobody holds are given back a turn of the loop after their owners. */
async function bytesUsed(): Promise<number> {
  for (let k = 0; k < 3; k++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test(
  "a minute more costs its intervals and its event, not its 44 megabytes of samples",
  { skip: !("gc" in globalThis) },
  async () => {
    const map = Object.fromEntries(inputs.map((name) => [name, { channel: name }]));
    const retained = async (seconds: number): Promise<number> => {
      const before = await bytesUsed();
      const kept = examine(new RecordingReader(recording(seconds)), { wiring: "wye", map, nominalVolts: 120, hz: 60 });
      const bytes = (await bytesUsed()) - before;
      assert.equal(kept.events.length, seconds / 60);
      return bytes;
    };
    await retained(60);
    const short = await retained(60);
    // What others of the process are doing comes on top: the less of two is what is kept.
    const long = Math.min(await retained(180), await retained(180));
    // An event: 1.2 s of six channels of floats, and its traces. Twenty intervals of 3 s: 9 channels of 51 and more numbers.
    const anEvent = 1.3 * RATE * 6 * 4 + 100_000;
    const anHour = 60 * anEvent + 1200 * 9 * 60 * 8 * 2;
    assert.ok(long - short < 2 * (anEvent + 20 * 9 * 60 * 8 * 4), `${long - short} bytes for two minutes`);
    // So two hours with an event a minute keep less than 100 MB.
    assert.ok(2 * anHour < 100e6);
  },
);
