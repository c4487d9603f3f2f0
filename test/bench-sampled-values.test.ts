/** Sampled values beside a meter on the bench: a subscriber of the stream sees what the meter is given. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { here, webRig } from "./web-rig.ts";

/** Of 60 Hz at 4800 samples a second (9-2LE). */
const CYCLE = 80;
/** Octets of the values of an instant at a frame's end: four amps and four volts, each with its quality (9-2LE, 7.1.3). */
const DATA = 64;
const PHASE = { a: 32, b: 40 } as const;
/** Volts of one unit. */
const UNIT = 0.01;

async function boundSocket() {
  const socket = createSocket("udp4");
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  return { socket, port: socket.address().port };
}

/** RMS of each whole cycle, on paper. */
function rmsOf(samples: readonly number[]): readonly number[] {
  return Array.from({ length: Math.floor(samples.length / CYCLE) }, (_, k) => {
    const cycle = samples.slice(k * CYCLE, (k + 1) * CYCLE);
    return Math.sqrt(cycle.reduce((sum, x) => sum + x * x, 0) / CYCLE);
  });
}

for (const steps of [false, true]) {
  test(`a subscriber sees a dip that the bench orders, and what is set from then on${steps ? ", of a meter that takes steps" : ""}`, async (t) => {
    const [subscriber, own] = [await boundSocket(), await boundSocket()];
    t.after(() => subscriber.socket.close());
    await new Promise<void>((done) => own.socket.close(() => done()));
    const rig = await webRig(t, {
      site: `
store: ":memory:"
meters:
  - name: feeder
    model: leviton-s4100
    source: { synthetic: { volts: [250, 251, 252], amps: [80, 79, 78], steps: ${steps} } }
    settings: { ctPrimary: 100, systemVoltage: 480 }
    listen: [{ sv: ethernet, bridge: { listen: "127.0.0.1:${own.port}", send: "127.0.0.1:${subscriber.port}" }, svID: MU01, rate: 4800 }]
`,
    });
    t.after(() => rig.site.stop());
    const heard: Buffer[] = [];
    let enough = (): void => {};
    let ticks = 0;
    subscriber.socket.on("message", (frame) => {
      heard.push(frame);
      enough();
    });
    /** What is published in so many seconds: RMS of each cycle. */
    const published = async (seconds: number) => {
      const from = heard.length;
      for (let k = 0; k < seconds * 100; k++) {
        // 48 samples in 10 ms, of which the last may be due a moment later.
        const due = 48 * ++ticks - 1;
        const came = new Promise<void>((done) => (enough = () => heard.length >= due && done()));
        // What is published goes by real time.
        for (const clock of [rig.clock, rig.real]) clock.advance(10);
        await came;
      }
      const volts = (phase: keyof typeof PHASE): readonly number[] =>
        heard.slice(from).map((frame) => UNIT * frame.readInt32BE(frame.length - DATA + PHASE[phase]));
      return { a: rmsOf(volts("a")), b: rmsOf(volts("b")) };
    };
    const bench = async (method: string, body?: object): Promise<void> => {
      const answer = await rig.ask("/api/v1/meters/feeder/bench", { ...here, method, body });
      assert.equal(answer.status, 200, await answer.clone().text());
    };
    const isNear = (value: number | undefined, volts: number): boolean => Math.abs((value ?? NaN) / volts - 1) < 1e-4;
    const before = await published(0.5);
    assert.ok(
      before.b.every((value) => isNear(value, 251)),
      String(before.b),
    );

    await bench("POST", { events: [{ kind: "sag", for: 0.2, phases: ["b"], volts: 0.6 }] });
    const dip = await published(0.5);
    assert.ok(
      dip.a.every((value) => isNear(value, 250)),
      String(dip.a),
    );
    assert.ok(isNear(Math.min(...dip.b), 0.6 * 251), String(dip.b));
    assert.ok(isNear(dip.b.at(-1), 251), String(dip.b));
    // 0.2 s are 12 cycles; at either end one may be in part.
    const low = dip.b.filter((value) => value < 0.99 * 251).length;
    assert.ok(low === 12 || low === 13, `${low}: ${dip.b}`);

    await bench("POST", { volts: { b: 125.5 } });
    assert.ok(isNear((await published(0.2)).b.at(-1), 125.5));
    await bench("DELETE");
    assert.ok(isNear((await published(0.2)).b.at(-1), 251));
  });
}
