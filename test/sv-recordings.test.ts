/** Recordings that go out as sampled values: what a plain socket gets has the volts and amps of the file. */
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";

const comtrade = path.resolve("../shared/data/comtrade/Comtrade1.cfg");

async function boundSocket(): Promise<Socket> {
  const socket = createSocket("udp4");
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  return socket;
}

/**
 * Volts and amps of phase a of so many frames that follow each other (9-2LE, one instant a frame): the values are the last 64 octets, ia the first, va
 * the fifth; smpCnt, 0 to 4,799, stands 13 octets before them. A socket of UDP loses what a busy process does not fetch: the recording is played again then.
 */
async function published(t: TestContext, recording: string, frames: number): Promise<{ va: number[]; ia: number[] }> {
  for (;;) {
    const heard = await playedOnce(t, recording, frames);
    if (heard.lost === 0) return heard;
    t.diagnostic(`${heard.lost} frames lost, played again`);
  }
}

interface Heard {
  readonly va: number[];
  readonly ia: number[];
  readonly lost: number;
}

async function playedOnce(t: TestContext, recording: string, frames: number): Promise<Heard> {
  const folder = mkdtempSync(path.join(tmpdir(), "sv-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [socket, other] = [await boundSocket(), await boundSocket()];
  t.after(() => socket.close());
  const { port } = other.address();
  other.close();
  const file = path.join(folder, "site.yaml");
  const bridge = `bridge: { listen: "127.0.0.1:${port}", send: "127.0.0.1:${socket.address().port}" }`;
  writeFileSync(
    file,
    `store: ":memory:"
meters:
  - name: m
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-2A-DIO
    source: { recording: ${recording} }
    listen: [{ sv: ethernet, ${bridge}, svID: MU01, rate: 4800 }]
`,
  );
  const [va, ia]: [number[], number[]] = [[], []];
  let [next, lost] = [-1, 0];
  const all = new Promise<void>((done) => {
    socket.on("message", (frame) => {
      const values = frame.subarray(frame.length - 64);
      const count = frame.readUInt16BE(frame.length - 77);
      if (next >= 0) lost += (count - next + 4800) % 4800;
      next = (count + 1) % 4800;
      // Before its first sample a recording has no value: the quality says invalid (1), and none of them is looked at.
      if ((values.readUInt32BE(36) & 3) !== 0) return;
      ia.push(values.readInt32BE(0) / 1000);
      if (va.push(values.readInt32BE(32) / 100) === frames) done();
    });
  });
  const site = loadSite(file);
  await site.start();
  await all;
  await site.stop();
  return { va, ia, lost };
}

const peak = (values: readonly number[]): number => Math.max(...values.map((value) => Math.abs(value)));
const rms = (values: readonly number[]): number => Math.hypot(...values) / Math.sqrt(values.length);

function near(value: number, expected: number, part: number, what: string): void {
  assert.ok(Math.abs(value / expected - 1) < part, `${what}: ${value}, expected ${expected}`);
}

test("a WAV file of 48,000 samples a second goes out at 4,800 with its volts and amps", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "wav-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [rate, seconds] = [48_000, 2];
  const data = Buffer.alloc(4 * rate * seconds);
  for (let k = 0; k < rate * seconds; k++) {
    const sine = Math.sin((2 * Math.PI * 60 * k) / rate);
    data.writeInt16LE(Math.round(16_384 * sine), 4 * k);
    data.writeInt16LE(Math.round(8192 * sine), 4 * k + 2);
  }
  // RIFF: a format of 16 octets (PCM, 2 channels), then the samples.
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(4 * rate, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  const file = path.join(folder, "mains.wav");
  writeFileSync(file, Buffer.concat([head, data]));
  const map = "{ va: { channel: 1, scale: 400 }, ia: { channel: 2, scale: 40 } }";
  const { va, ia } = await published(t, `{ file: ${file}, loop: true, map: ${map} }`, 2400);
  // Half of full scale is 200 V, a quarter 10 A; thirty cycles.
  near(peak(va), 200, 2e-3, "V");
  near(peak(ia), 10, 2e-3, "A");
  near(rms(va), 200 / Math.SQRT2, 2e-3, "V RMS");
});

test(
  "a COMTRADE file of a substation goes out with its volts and amps",
  { skip: existsSync(comtrade) ? false : "../shared is not here" },
  async (t) => {
    const map = '{ va: "HV Bus VR", ia: "HV IR" }';
    const { va, ia } = await published(t, `{ file: ${comtrade}, map: ${map} }`, 2400);
    // FLOAT32 (IEEE C37.111, 8.6): number and time of four octets each, 23 values, two words of 16 bits for each 16 statuses.
    const bytes = readFileSync(comtrade.replace(/cfg$/, "dat"));
    const record = 8 + 4 * 23 + 2 * Math.ceil(140 / 16);
    const count = Math.floor(bytes.length / record);
    const column = (k: number): number[] =>
      Array.from({ length: count }, (_, n) => bytes.readFloatLE(record * n + 8 + 4 * k));
    const [volts, amps] = [column(5), column(0)];
    // The file has 1,200 samples a second: what was played of it is as long as half a second.
    const [playedV, playedA] = [volts.slice(0, 600), amps.slice(0, 600)];
    near(rms(va), rms(playedV), 0.02, `V RMS of ${count}`);
    near(rms(ia), rms(playedA), 0.02, "A RMS");
    near(peak(va), peak(playedV), 0.03, "V");
  },
);
