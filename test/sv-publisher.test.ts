/** Merging units: what they send, when, and what a meter measures of it that would measure the same without them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { makeSource } from "#fleet/sources.ts";
import { jemstarMeters, type JemStarDevice } from "#product/jemstar/product.ts";
import { instantsOf, type Standard } from "#protocol/iec61850/sv/profiles.ts";
import { SvPublisher, type SvStream } from "#protocol/iec61850/sv/publisher.ts";
import { PDU_AT } from "#protocol/iec61850/sv/sv-frame.ts";
import { SvPdu } from "#protocol/iec61850/sv/sv-pdu.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { MemoryStore } from "#store/store.ts";
import { EvenSamples } from "#waveform/even-samples.ts";
import type { SampleRun, SampleSource, Source } from "#waveform/source.ts";
import { following } from "./sv-rig.ts";

const network = {
  synthetic: { hz: 60.02, volts: [119.1, 120.4, 121.7], amps: [4.1, 5.2, 6.3], pf: [0.9, 0.85, 0.8] },
};

function entryOf(source: unknown) {
  const meter = { name: "m", model: "ametek-jemstar-ii", modelNumber: "JSII-09I6020-2A-DIO-PQ3", source };
  return siteSchema.parse({ meters: [meter] }).meters[0]!;
}

function playing(rate: number): SampleSource {
  const how = { folder: ".", start: 0, sampling: { perSecond: rate }, wiring: "wye" } as const;
  const source = makeSource(entryOf(network).source, how);
  assert.ok(source.kind === "samples");
  return source;
}

function streamOf(standard: Standard, rate: number): SvStream {
  return {
    destination: Uint8Array.of(1, 0x0c, 0xcd, 4, 0, 0),
    source: Uint8Array.of(2, 0, 0, 0, 0, 1),
    appId: 0x4000,
    simulated: false,
    svId: "MU01",
    dataSet: undefined,
    revision: 1,
    grandmaster: undefined,
    rate,
    instants: instantsOf(standard, rate) ?? 0,
    synchronised: 2,
    test: false,
    saysRate: false,
  };
}

function meterOn(source: Source | undefined, clock: VirtualClock): JemStarDevice {
  const folder = ".";
  return jemstarMeters.make({
    entry: entryOf(network),
    folder,
    clock,
    store: new MemoryStore().drawer("m"),
    ports: [],
    source: (how) => source ?? makeSource(entryOf(network).source, { folder, start: 0, ...how }),
    refused: () => {},
  }) as JemStarDevice;
}

const kinds: readonly (readonly [Standard, number])[] = [
  ["9-2LE", 4800],
  ["9-2LE", 15_360],
  ["61869-9", 4800],
  ["61869-9", 14_400],
];

for (const [standard, rate] of kinds)
  test(`a meter that measures a stream of ${standard} at ${rate} Hz has what it has without one`, () => {
    const rig = following({ rate });
    const { clock, source, receiver } = rig;
    const unit = new SvPublisher(streamOf(standard, rate), new EvenSamples(playing(rate), rate), clock, (frame) =>
      receiver.takeFrame(frame),
    );
    const [far, near] = [meterOn(source, clock), meterOn(undefined, clock)];
    unit.begin();
    for (let k = 0; k < 40; k++) {
      clock.advance(100);
      far.advance(clock.elapsed());
      near.advance(clock.elapsed());
    }
    assert.deepEqual(source.order, { lost: 0, gaps: 0, jumps: 0 });
    const read = ({ surface }: JemStarDevice, name: string): number => {
      const { value, valid } = surface.read(parseMeasure(name)!, "primary");
      assert.equal(valid, "good", name);
      return value ?? NaN;
    };
    for (const name of ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c", "W", "var", "VA", "Hz", "PF"]) {
      const [measured, expected] = [read(far, name), read(near, name)];
      assert.ok(Math.abs(measured / expected - 1) < 1e-4, `${name}: ${measured}, expected ${expected}`);
    }
    unit.end();
  });

test("frames go out as they are due, and their seconds are those of UTC", () => {
  const clock = new VirtualClock(Date.UTC(2026, 4, 1) + 250);
  const sent: { readonly at: number; readonly count: number; readonly frame: Uint8Array }[] = [];
  const pdu = new SvPdu();
  const unit = new SvPublisher(streamOf("61869-9", 4800), new EvenSamples(playing(4800), 4800), clock, (frame) => {
    const { asdus, count } = pdu.read(frame, PDU_AT);
    assert.equal(count, 2);
    sent.push({ at: clock.elapsed(), count: asdus[0]!.count, frame });
  });
  unit.begin();
  clock.advance(10_000);
  unit.end();
  clock.advance(1000);
  assert.equal(sent.length, 24_000);
  assert.equal(sent[0]?.count, 1200);
  for (const [k, { count, at }] of sent.entries()) {
    assert.equal(count, (1200 + 2 * k) % 4800);
    // The second of its instants has been, a millisecond ago at most.
    const sampled = (1000 * (2 * k + 2)) / 4800;
    assert.ok(at >= sampled - 1e-6 && at < sampled + 1 + 1e-6, `frame ${k}: ${at}, sampled ${sampled}`);
  }
});

test("a machine that stood still sends what is new, and what it left out shows as lost", () => {
  const { clock, receiver, source } = following({ rate: 4800 });
  let stands = false;
  const slow = {
    utc: () => clock.utc(),
    elapsed: () => clock.elapsed(),
    after: (ms: number, run: () => void) => clock.after(stands ? 1000 : ms, run),
  };
  const unit = new SvPublisher(streamOf("9-2LE", 4800), new EvenSamples(playing(4800), 4800), slow, (frame) =>
    receiver.takeFrame(frame),
  );
  unit.begin();
  clock.advance(100);
  stands = true;
  clock.advance(1);
  stands = false;
  clock.advance(1100);
  unit.end();
  // A second without the quarter that may be late.
  assert.ok(Math.abs(unit.counts.skipped - 3600) < 20, String(unit.counts.skipped));
  assert.equal(source.order.lost, unit.counts.skipped);
});

/** Samples of a recorder: a cosine of 50 Hz at 3,200 Hz, a gap from 0.5 s to 0.7 s. */
class Recorder implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  elapsed = 0;
  ended = false;
  #next = 0;

  read(seconds: number): readonly SampleRun[] {
    this.elapsed += seconds;
    const runs: SampleRun[] = [];
    for (const [from, to] of [
      [0, 1600],
      [2240, 6400],
    ] as const) {
      const first = Math.max(this.#next, from);
      const end = Math.min(to, Math.floor(this.elapsed * 3200));
      if (first >= end) continue;
      const channels = Array.from({ length: 6 }, (_, c) =>
        Float64Array.from(
          { length: end - first },
          (_, k) => 100 * Math.cos((2 * Math.PI * 50 * (first + k)) / 3200 - c),
        ),
      );
      const joined = first > from;
      runs.push({
        channels,
        count: end - first,
        rate: 3200,
        perCycle: 0,
        at: first / 3200,
        joined,
        missing: undefined,
      });
      this.#next = end;
    }
    this.ended = this.elapsed > 2;
    return runs;
  }
}

test("a recording of another rate is what it was at the instants of the stream, and its gap is one", () => {
  const samples = new EvenSamples(new Recorder(), 4800);
  let [right, missing] = [0, 0];
  for (let n = 0; n < 9000; n++) {
    samples.next();
    if (samples.missing !== 0) {
      missing++;
      assert.deepEqual([...samples.values], [0, 0, 0, 0, 0, 0]);
      continue;
    }
    right++;
    samples.values.forEach((value, c) => {
      const expected = 100 * Math.cos((2 * Math.PI * 50 * n) / 4800 - c);
      assert.ok(Math.abs(value - expected) < 1e-3, `${n}, ${c}: ${value}, ${expected}`);
    });
  }
  // The gap of 960 instants, and at three ends what the interpolation would reach over.
  assert.ok(missing >= 960 && missing <= 960 + 3 * 26, String(missing));
  assert.equal(right + missing, 9000);
});
