/**
 * Recordings that are damaged, tiny, empty or endless, played through a whole JEMStar II with power quality: what it shows is a number that is
 * finite or nothing, and it reads no more of a file than it plays.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { bytesInMemory, type ByteSource } from "#format/bytes.ts";
import { combinedRows, comtradeRows } from "#format/comtrade.ts";
import { csvRows } from "#format/csv.ts";
import { RecordingReader, type RowSource } from "#format/reader.ts";
import { FormatError } from "#format/recording.ts";
import { wavRows } from "#format/wav.ts";
import { jemstarMeters, type JemStarDevice } from "#product/jemstar/product.ts";
import type { QualityView } from "#quantity/quality-view.ts";
import { inputs, MapError, type InputMap } from "#waveform/channel-map.ts";
import { Replay } from "#waveform/replay.ts";
import { viewOf } from "#web/meter-view.ts";
import { MemoryStore, siteSchema, VirtualClock } from "./revenue-rig.ts";
import { share } from "./share.ts";

const folder = new URL("../../shared/cases/recordings/", import.meta.url);
const skip = existsSync(folder) ? false : "the recordings of ../shared are not here";

/** A meter on a recording, its first channels as va, vb, vc, ia, ib, ic as far as there are any; one that is refused throws. */
function meterOn(rows: RowSource, scale = 1) {
  const count = Math.min(inputs.length, rows.head.channels.length);
  const map: InputMap = Object.fromEntries(
    inputs.slice(0, count).map((input, k) => [input, { channel: k + 1, scale }]),
  );
  const source = new Replay(new RecordingReader(rows), map, false);
  const entry = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: "JSII-09I6020-2A-DIO-PQ3",
        source: { synthetic: { hz: 60, volts: 120, amps: 5 } },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  }).meters[0]!;
  const clock = new VirtualClock();
  const device = jemstarMeters.make({
    entry,
    folder: ".",
    clock,
    store: new MemoryStore().drawer("jem"),
    ports: [],
    source: () => source,
    refused: () => {},
  }) as JemStarDevice;
  const run = (seconds: number, each: (view: QualityView | undefined) => void = () => undefined): void => {
    for (let k = 0; k < 5 * seconds; k++) {
      clock.advance(200);
      device.advance(clock.elapsed());
      each(device.surface.quality?.());
    }
  };
  return { device, run, source };
}

/** Nothing that a program or a page sees of a meter is a number that is none. */
function isFinite(value: unknown, where: string): void {
  if (typeof value === "number") assert.ok(Number.isFinite(value), `${where} is ${value}`);
  else if (Array.isArray(value)) value.forEach((each, k) => isFinite(each, `${where}[${k}]`));
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) isFinite(each, `${where}.${key}`);
  }
}

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

/** A copy with a few bytes changed, taken out, doubled or cut off; heads are short: half of the changes are there. */
function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let k = next(5); k > 0 && out.length > 0; k--) {
    const at = next(2) === 0 ? next(Math.min(400, out.length)) : next(out.length);
    const kind = next(7);
    if (kind < 4) out[at] = kind === 0 ? next(256) : '0123456789,.;-\n\r "eE:/kVA#\t'.charCodeAt(next(27));
    else if (kind === 4) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + next(12))]);
    else if (kind === 5) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - next(30)))]);
    else out = out.slice(0, at);
  }
  return out;
}

/** The data of a `.cfg`; a recording of its own otherwise. */
const dataOf = (name: string): URL | undefined =>
  name.endsWith(".cfg") ? new URL(name.replace(".cfg", ".dat"), folder) : undefined;

function rowsOf(name: string, bytes: Uint8Array, data: Uint8Array | undefined): RowSource {
  const source = bytesInMemory(bytes);
  if (data !== undefined) return comtradeRows({ file: name, source }, { file: "x.dat", source: bytesInMemory(data) });
  if (name.endsWith(".cff")) return combinedRows({ file: name, source });
  return name.endsWith(".wav") ? wavRows(name, source) : csvRows(name, source, 1600);
}

test(
  "every recording of ../shared, as it is and mutated, through a whole meter: refused with words, or shown finite",
  { skip },
  () => {
    const next = random(12_012_026);
    const names = readdirSync(folder).filter((name) => /\.(cfg|cff|csv|wav)$/.test(name));
    // All that is there but what is a program, a README or the data of a .cfg.
    const others = readdirSync(folder).filter((name) => !names.includes(name));
    assert.deepEqual(
      others.filter((name) => !/\.(dat|md|mjs|py|json)$/.test(name)),
      [],
    );
    let played = 0;
    for (const name of names) {
      const bytes = readFileSync(new URL(name, folder));
      const data = dataOf(name);
      for (let round = 0; round <= share(1, 3, 20); round++) {
        const changed = round === 0 ? bytes : mutated(bytes, next);
        const dat = data && readFileSync(data);
        const what = `${name}, round ${round}`;
        try {
          const { device, run } = meterOn(rowsOf(name, changed, dat && (round % 2 === 0 ? dat : mutated(dat, next))));
          run(2);
          isFinite(viewOf(device.surface), what);
          played++;
        } catch (error) {
          assert.ok(
            error instanceof FormatError || error instanceof MapError,
            `${what}: ${error instanceof Error ? error.stack : String(error)}`,
          );
        }
      }
    }
    assert.ok(played > names.length, `${played} were played`);
  },
);

/** Files of ../shared that whole meters are to read right: RMS of phase a, seconds, and the sum of the products of volts and amps where it is one. */
const truths: readonly (readonly [name: string, volts: number, seconds: number, watts?: number])[] = [
  ["float32_inf.cfg", 277, 5, 7292.711],
  ["short_2_cycles.cfg", 277, 2],
  ["tail_at_50_hz.cfg", 230, 6],
  ["two_triggers_gap.cfg", 230, 19],
];

for (const [name, volts, seconds, watts] of truths) {
  test(
    `${name} through a whole meter: its volts or nothing, and no sag or interruption that was not there`,
    { skip },
    () => {
      // Of the meter's own 120 V: what is below 108 V is a sag.
      const scale = 120 / volts;
      const rows = rowsOf(name, readFileSync(new URL(name, folder)), readFileSync(dataOf(name)!));
      const { device, run } = meterOn(rows, scale);
      let known = 0;
      run(seconds + 1, () => {
        const { readings } = viewOf(device.surface);
        const [v, w] = [readings["V.a"], readings["W"]];
        if (typeof v === "number") {
          known++;
          assert.ok(Math.abs(v / 120 - 1) < 1e-3, `${v} V`);
        }
        if (watts !== undefined && typeof w === "number") {
          assert.ok(Math.abs(w / (watts * scale ** 2) - 1) < 1e-3, `${w} W`);
        }
      });
      assert.ok(known > 0, "it was never measured");
      for (const kind of ["sagSwell", "interruption", "rapidVoltageChange"] as const) {
        assert.deepEqual(device.surface.log(kind).page(0, 10), [], kind);
      }
    },
  );
}

/** A source that makes its bytes as they are asked for, and counts them. */
class Made implements ByteSource {
  readonly size: number;
  asked = 0;
  largest = 0;
  readonly #head: Uint8Array;
  readonly #frame: (k: number, into: DataView) => void;
  readonly #bytes: number;

  constructor(head: Uint8Array, bytes: number, frames: number, frame: (k: number, into: DataView) => void) {
    this.size = head.length + bytes * frames;
    this.#head = head;
    this.#bytes = bytes;
    this.#frame = frame;
  }

  read(at: number, into: Uint8Array): number {
    this.asked += into.length;
    this.largest = Math.max(this.largest, into.length);
    const one = new DataView(new ArrayBuffer(this.#bytes));
    const most = Math.min(into.length, this.size - at);
    let last = -1;
    for (let k = 0; k < most; k++) {
      const place = at + k - this.#head.length;
      if (place < 0) {
        into[k] = this.#head[at + k]!;
        continue;
      }
      const frame = Math.floor(place / this.#bytes);
      if (frame !== last) this.#frame((last = frame), one);
      into[k] = one.getUint8(place % this.#bytes);
    }
    return Math.max(0, most);
  }
}

/** The head of an RF64 (EBU Tech 3306) of 16-bit frames: the size of its data stands in ds64. */
function rf64(channels: number, rate: number, dataBytes: number): Uint8Array {
  const head = Buffer.alloc(80);
  head.write("RF64", 0);
  head.writeUInt32LE(0xffffffff, 4);
  head.write("WAVEds64", 8);
  head.writeUInt32LE(28, 16);
  head.writeBigUInt64LE(BigInt(72 + dataBytes), 20);
  head.writeBigUInt64LE(BigInt(dataBytes), 28);
  head.writeBigUInt64LE(BigInt(dataBytes / channels / 2), 36);
  head.write("fmt ", 48);
  head.writeUInt32LE(16, 52);
  head.writeUInt16LE(1, 56);
  head.writeUInt16LE(channels, 58);
  head.writeUInt32LE(rate, 60);
  head.writeUInt32LE(rate * channels * 2, 64);
  head.writeUInt16LE(channels * 2, 68);
  head.writeUInt16LE(16, 70);
  head.write("data", 72);
  head.writeUInt32LE(0xffffffff, 76);
  return head;
}

const wave = (c: number, t: number): number => (c < 3 ? 0.5 : 0.3) * Math.sin(2 * Math.PI * (60 * t - (c % 3) / 3));

test("a recording of more than 2 GB is played from its beginning, and what is not played is not read", () => {
  const RATE = 30_720;
  const frames = Math.ceil(2.2e9 / 12);
  const source = new Made(rf64(6, RATE, 12 * frames), 12, frames, (k, view) => {
    for (let c = 0; c < 6; c++) view.setInt16(2 * c, Math.round(32_767 * wave(c, k / RATE)), true);
  });
  assert.ok(source.size > 2 ** 31);
  const before = process.memoryUsage().arrayBuffers;
  const { device, run } = meterOn(wavRows("long.rf64", source), 400);
  run(3);
  // A 16-bit frame knows 400 V times a half to 6 mV.
  const view = device.surface.quality!()!;
  const volts = view.channels.find(({ name }) => name === "V.b")!;
  assert.ok(Math.abs(volts.rms! - 200 / Math.SQRT2) < 0.01, `${volts.rms} V`);
  assert.ok(source.asked < 2 * 3 * RATE * 12 + 4e6, `${source.asked} bytes for three seconds`);
  assert.ok(source.largest <= 1 << 20, `${source.largest} bytes at once`);
  const held = process.memoryUsage().arrayBuffers - before;
  assert.ok(held < 64e6, `${held} bytes of arrays`);
});

/** A COMTRADE recording of float32 in primary volts and amps. */
function float32(rate: number, count: number, channels: number, value: (c: number, t: number) => number): RowSource {
  const lines = Array.from(
    { length: channels },
    (_, c) => `${c + 1},C${c},,,${c < 3 ? "V" : "A"},1,0,0,-9999,9999,1,1,P`,
  );
  const stamp = "01/02/2024,03:04:05.000000";
  const cfg = `S,D,1999\n${channels},${channels}A,0D\n${lines.join("\n")}\n60\n1\n${rate},${count}\n${stamp}\n${stamp}\nFLOAT32\n1\n`;
  const size = 8 + 4 * channels;
  const data = new Made(new Uint8Array(0), size, count, (k, view) => {
    view.setUint32(0, k + 1, true);
    view.setUint32(4, Math.round((1e6 * k) / rate), true);
    for (let c = 0; c < channels; c++) view.setFloat32(8 + 4 * c, value(c, k / rate), true);
  });
  return comtradeRows({ file: "x.cfg", source: bytesInMemory(Buffer.from(cfg)) }, { file: "x.dat", source: data });
}

const line = (c: number, t: number): number => 1000 * wave(c, t);

test("one sample, one cycle, one channel, nothing that is valid: a meter with power quality shows no value of what is not there", () => {
  const cases: readonly (readonly [what: string, rows: RowSource, said: RegExp])[] = [
    ["one sample", float32(4800, 1, 6, line), /played to its end/],
    ["one sample of one channel", float32(4800, 1, 1, line), /played to its end/],
    ["one cycle", float32(4800, 80, 6, line), /played to its end/],
    ["nothing valid", float32(4800, 14_400, 6, () => NaN), /samples of va, vb, vc, ia, ib, ic are missing/],
  ];
  for (const [what, rows, said] of cases) {
    const { device, run } = meterOn(rows);
    run(2.8, (view) => {
      for (const channel of view?.channels ?? []) {
        assert.deepEqual([channel.rms, channel.thd, channel.degrees], [null, null, null], `${what}: ${channel.name}`);
      }
    });
    const view = viewOf(device.surface);
    isFinite(view, what);
    assert.match(device.surface.absence ?? "nothing is said", said, what);
    for (const [name, value] of Object.entries(view.readings)) {
      if (/^(V|A|THD|Hz|unbalance)/.test(name)) assert.equal(value, null, `${what}: ${name} is ${value}`);
    }
  }
});

test("one channel of volts: it is measured, and no amps are made up beside it", () => {
  const { device, run } = meterOn(float32(4800, 24_000, 1, line));
  run(4);
  const view = device.surface.quality!()!;
  const of = (name: string) => view.channels.find((each) => each.name === name)!;
  assert.ok(Math.abs(of("V.a").rms! - 500 / Math.SQRT2) < 1e-3, `${of("V.a").rms} V`);
  // Inputs that are not mapped have nothing on them: 0 V, and of nothing there is no angle and no distortion.
  for (const name of ["V.b", "A.a"]) assert.deepEqual([of(name).rms, of(name).degrees, of(name).thd], [0, null, null]);
  isFinite(viewOf(device.surface), "one channel");
});

test("rates from 100 Hz to 1 MHz: volts, and harmonics as far as the rate carries them, or nothing with the reason", () => {
  for (const rate of [100, 160, 200, 1000, 30_720, 250_000, 1e6]) {
    const fifth = (c: number, t: number): number =>
      line(c, t) + (c < 3 ? 25 * Math.sin(2 * Math.PI * 5 * (60 * t - c / 3)) : 0);
    const seconds = rate > 100_000 ? 1.4 : 3;
    const { device, run } = meterOn(float32(rate, seconds * rate, 6, fifth));
    run(seconds - 0.4);
    const view = device.surface.quality!();
    const what = `${rate} samples a second`;
    if (rate < 176) {
      assert.match(device.surface.absence ?? "", /samples a second do not carry a fundamental/, what);
      for (const { rms } of view?.channels ?? []) assert.equal(rms, null, what);
      continue;
    }
    const { rms, fundamental, harmonics } = view!.channels.find(({ name }) => name === "V.a")!;
    assert.ok(Math.abs(fundamental! / (500 / Math.SQRT2) - 1) < 1e-3, `${what}: ${fundamental} V`);
    const orders = Math.min(harmonics.length, Math.floor((0.37 * rate) / 60));
    assert.equal(harmonics.filter((percent) => percent !== null).length, orders, what);
    if (orders < 5) continue;
    assert.ok(Math.abs(harmonics[4]! - 5) < 1e-3, `${what}: ${harmonics[4]} %`);
    assert.ok(Math.abs(rms! / ((500 / Math.SQRT2) * Math.hypot(1, 0.05)) - 1) < 1e-5, `${what}: ${rms} V`);
  }
});
