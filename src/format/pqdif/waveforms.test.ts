/** Waveforms of PQDIF as a recording: which samples there are, when, and what is left out. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gather } from "#format/gather.ts";
import { RecordingReader } from "#format/reader.ts";
import type { Recording } from "#format/recording.ts";
import { inflateNow } from "#io/zlib-now.ts";
import { waveformChannel } from "./channels.ts";
import type { ChannelDefinition, DataSource, MonitorSettings, Observation, Pqdif } from "./model.ts";
import { readPqdifNow } from "./read.ts";
import { pqdifRows } from "./rows.ts";
import { evenPieces } from "./time-pieces.ts";
import { later, timeOf } from "./time.ts";

const start = timeOf(Date.UTC(2026, 4, 6, 7, 8, 9));
const settings: MonitorSettings = {
  effective: start,
  installed: start,
  useCalibration: false,
  useTransducer: false,
  nominalHz: 50,
  channels: [],
};

function sourceOf(channels: readonly ChannelDefinition[], name = "m"): DataSource {
  return { type: "measured", vendor: "none", name, effective: start, channels };
}

const va = waveformChannel({ name: "Volts", phase: "A-N", measured: "voltage" }, { unit: "V" });
const vb = waveformChannel({ name: "Volts", phase: "B-N", measured: "voltage" }, { unit: "V" });
const ia = waveformChannel({ name: "Amps", phase: "A-N", measured: "current" }, { unit: "A" });

/** By channel, samples at `rate` from `at` seconds on. */
function observed(
  source: DataSource,
  at: number,
  rate: number,
  samples: Readonly<Record<number, readonly number[]>>,
): Observation {
  return {
    name: "capture",
    created: start,
    start: later(start, at),
    triggerMethod: "channel",
    source,
    settings,
    channels: Object.entries(samples).map(([definition, values]) => {
      const runs = [{ count: values.length, step: 1 / rate }];
      const times = Float64Array.from(values, (_, k) => k / rate);
      return {
        definition: Number(definition),
        series: [{ values: times, runs }, { values: Float64Array.from(values) }],
      };
    }),
  };
}

function recordingOf(observations: readonly Observation[]): Recording {
  const content: Pqdif = {
    container: { fileName: "x.pqd", created: start },
    sources: [],
    settings: [],
    observations,
    isCompressed: false,
    checksums: [],
    unknownRecords: 0,
    warnings: [],
  };
  return gather(new RecordingReader(pqdifRows("x.pqd", content)));
}

const ramp = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);

test("the listing that was made by hand: two rates one after the other, in volts, at the time that it says", () => {
  const hex = readFileSync(new URL("../../../test/fixtures/pqdif/plain.hex", import.meta.url), "utf8");
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
  const content = readPqdifNow("plain.pqd", bytes, inflateNow);
  const found = gather(new RecordingReader(pqdifRows("plain.pqd", content)));
  assert.deepEqual(
    found.channels.map(({ name, unit, phase }) => [name, unit, phase]),
    [
      ["VA", "V", "a"],
      ["IB", "A", "b"],
    ],
  );
  // make.py: increments of 3 of 1/1024 s and 2 of 1/64 s.
  assert.deepEqual(found.segments, [
    { rate: 1024, count: 3, at: 0 },
    { rate: 64, count: 2, at: 3 / 1024 },
  ]);
  // fixtures.test.ts has them from the listing: 16-bit numbers by a scale and an offset.
  const listed = content.observations[0]?.channels[0]?.series[1]?.values;
  assert.deepEqual(found.channels[0]?.samples, listed);
  assert.deepEqual([found.lineHz, found.start], [50, Date.UTC(2016, 11, 8, 9, 22, 51, 250)]);
});

test("observations are segments, what lies between them is a gap, and a channel that one lacks is missing there", () => {
  const source = sourceOf([va, vb, ia]);
  const found = recordingOf([
    observed(source, 10, 6400, { 0: ramp(1, 8), 1: ramp(101, 8), 2: ramp(201, 8) }),
    observed(source, 0.5, 3200, { 0: ramp(11, 6), 2: ramp(211, 6) }),
  ]);
  assert.equal(found.start, Date.UTC(2026, 4, 6, 7, 8, 9, 500));
  assert.deepEqual(
    found.segments.map(({ rate, count }) => [rate, count]),
    [
      [3200, 6],
      [6400, 8],
    ],
  );
  assert.ok(Math.abs(found.segments[1]!.at - 9.5) < 1e-9);
  assert.ok(Math.abs(found.gaps[0]!.seconds - (9.5 - 6 / 3200)) < 1e-9);
  // Names that are the same are told apart by their phases.
  assert.deepEqual(
    found.channels.map(({ name }) => name),
    ["Volts A-N", "Volts B-N", "Amps"],
  );
  const [a, b, i] = found.channels.map(({ samples }) => [...samples]);
  assert.deepEqual(a, [...ramp(11, 6), ...ramp(1, 8)]);
  assert.deepEqual(b, [...Array<number>(6).fill(NaN), ...ramp(101, 8)]);
  assert.deepEqual(i, [...ramp(211, 6), ...ramp(201, 8)]);
});

test("channels that other makers put into observations of their own are one recording when they begin together", () => {
  const source = sourceOf([va, vb]);
  const found = recordingOf([
    observed(source, 0, 6400, { 0: ramp(1, 8) }),
    observed(source, 0, 6400, { 1: ramp(101, 8) }),
  ]);
  assert.deepEqual(found.segments, [{ rate: 6400, count: 8, at: 0 }]);
  assert.deepEqual([...found.channels[1]!.samples], ramp(101, 8));
  assert.deepEqual(found.warnings, []);
});

test("captures that overlap are one stretch: no instant is measured twice", () => {
  const source = sourceOf([va]);
  // The second begins with the last three samples of the first.
  const found = recordingOf([
    observed(source, 0, 1000, { 0: ramp(0, 10) }),
    observed(source, 0.007, 1000, { 0: ramp(7, 10) }),
    observed(source, 0.008, 1000, { 0: ramp(8, 4) }),
  ]);
  assert.deepEqual([...found.channels[0]!.samples], ramp(0, 17));
  assert.deepEqual(found.gaps, []);
  assert.match(found.warnings[0]!.what, /3 of its 10 samples are of a time that observation 0 has/);
});

test("of recordings of one time at several rates the longest counts that is fast enough, of those as long the fastest", () => {
  const source = sourceOf([va]);
  const longest = recordingOf([
    observed(source, 0, 400, { 0: ramp(0, 80) }),
    observed(source, 0.01, 800, { 0: ramp(0, 80) }),
    observed(source, 0.02, 6400, { 0: ramp(1000, 320) }),
    observed(source, 0.03, 25_600, { 0: ramp(5000, 100) }),
  ]);
  assert.deepEqual(longest.segments, [{ rate: 800, count: 80, at: 0 }]);
  assert.equal(longest.warnings.length, 3);
  assert.match(longest.warnings[0]!.what, /observation 1 says more, at 800 Hz: its own, at 400 Hz, are left out/);
  const alike = recordingOf([
    observed(source, 0, 960, { 0: ramp(0, 96) }),
    observed(source, 0, 7680, { 0: ramp(1000, 760) }),
  ]);
  assert.deepEqual(alike.segments, [{ rate: 7680, count: 760, at: 0 }]);
});

test("RMS, logs and times that cannot be read are no samples; a file of nothing else says what it has", () => {
  const rms: ChannelDefinition = { ...va, series: [va.series[0]!, { ...va.series[1]!, characteristic: "RMS" }] };
  assert.throws(
    () => recordingOf([observed(sourceOf([rms]), 0, 120, { 0: ramp(0, 9) })]),
    /x\.pqd, its observations: there are no samples; expected waveforms of volts or amps, found channels: 1 of waveform/,
  );
  assert.throws(() => recordingOf([]), /found no channels/);
  const timeless = observed(sourceOf([va, ia]), 0, 6400, { 0: ramp(0, 9), 1: ramp(0, 9) });
  const [first, second] = timeless.channels;
  const found = recordingOf([
    { ...timeless, channels: [{ ...first!, series: [{ values: new Float64Array(0) }, first!.series[1]!] }, second!] },
  ]);
  assert.deepEqual(
    found.channels.map(({ name }) => name),
    ["Amps"],
  );
  assert.match(found.warnings[0]!.what, /it has no times that can be read/);
});

test("stamps are followed as far as they are even: a jump is a gap, another step another rate", () => {
  const stamps = [...ramp(0, 5).map((k) => k / 1000), ...ramp(0, 4).map((k) => 1 + k / 500), 9];
  const pieces = evenPieces(Float64Array.from(stamps));
  assert.deepEqual(
    pieces.map(({ at, rate, from, count }) => [at, Number(rate.toPrecision(9)), from, count]),
    [
      [0, 1000, 0, 5],
      [1, 500, 5, 4],
    ],
  );
  assert.deepEqual(evenPieces(Float64Array.from([3, 2, 1, NaN, 1])), []);
});

test("stamps in whole milliseconds of samples that follow one another four times as fast are one rate, the mean", () => {
  const stamps = Float64Array.from({ length: 401 }, (_, k) => Math.floor(k / 4) / 1000);
  assert.deepEqual(evenPieces(stamps), [{ at: 0, rate: 4000, from: 0, count: 401 }]);
});

test("a file of thousands of captures takes a time that grows with their number", () => {
  const source = sourceOf([va]);
  const many = Array.from({ length: 5000 }, (_, k) => observed(source, k, 1000, { 0: ramp(k, 4) }));
  const found = recordingOf(many);
  assert.equal(found.segments.length, 5000);
  assert.equal(found.channels[0]!.samples.at(-1), 4999 + 3);
});
