import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesInMemory } from "#format/bytes.ts";
import { combinedRows } from "#format/comtrade.ts";
import { csvRows } from "#format/csv.ts";
import { writeComtradeCff } from "#format/comtrade-writer.ts";
import { RecordingReader } from "#format/reader.ts";
import { type Input, inputs } from "#waveform/channel-map.ts";
import type { ExaminedEvent, Examination } from "./examination.ts";
import { examinationJson } from "./examination-json.ts";
import { examine } from "./examine.ts";
import { computedReader, mapOf } from "./wave-fixture.ts";

/** 96 samples a cycle: the crossings of each phase fall on samples. */
const RATE = 4800;
const CYCLE = 96;
const DECLARED = 230;
const START = Date.UTC(2026, 5, 1, 9, 30);
const SECONDS = 36;

interface Step {
  readonly from: number;
  readonly to: number;
  /** By phase, parts of the declared voltage; and of the currents. */
  readonly volts: readonly [a: number, b: number, c: number];
  readonly amps: number;
}

/** From and to in seconds, at no crossing of any phase. */
const steps: readonly Step[] = [
  { from: 5.003, to: 5.183, volts: [0.6, 1, 1], amps: 1 },
  { from: 12.0013, to: 12.4987, volts: [0.7, 0.69, 0.71], amps: 5 },
  { from: 18.002, to: 18.306, volts: [1, 1.18, 1.02], amps: 1 },
  { from: 24.004, to: 25.211, volts: [0.01, 0.012, 0.008], amps: 0 },
  { from: 30.001, to: Infinity, volts: [0.94, 0.945, 0.95], amps: 1 },
];

function value(input: Input, sample: number): number {
  const t = sample / RATE;
  const step = steps.find(({ from, to }) => t >= from && t < to);
  const phase = ["a", "b", "c"].indexOf(input[1]!);
  const angle = 2 * Math.PI * (sample / CYCLE - phase / 3);
  if (input[0] === "v") return Math.SQRT2 * DECLARED * (step?.volts[phase] ?? 1) * Math.sin(angle);
  return Math.SQRT2 * 20 * (step?.amps ?? 1) * Math.sin(angle - 0.5);
}

/** Urms(1/2) by the definition: of a cycle from each zero crossing of the phase on, each half cycle. */
function halves(phase: number): { readonly at: number; readonly rms: number }[] {
  const input = inputs[phase]!;
  const out: { at: number; rms: number }[] = [];
  for (let first = (phase * CYCLE) / 3; first + CYCLE <= SECONDS * RATE; first += CYCLE / 2) {
    let squares = 0;
    for (let k = first; k < first + CYCLE; k++) squares += value(input, k) ** 2;
    out.push({ at: first / RATE, rms: Math.sqrt(squares / CYCLE) });
  }
  return out;
}

/** An event of all phases in three seconds from one on, by the definition; `beyond` and `back` say what a value is. */
function expected(
  from: number,
  beyond: (rms: number) => boolean,
  back: (rms: number) => boolean,
  isOfAll = false,
): { at: number; seconds: number; least: number; most: number } {
  const all = [0, 1, 2].map((phase) => halves(phase).filter(({ at }) => at > from && at < from + 3));
  const begins = all.map((one) => one.find(({ rms }) => beyond(rms))?.at ?? Infinity);
  const at = isOfAll ? Math.max(...begins) : Math.min(...begins);
  const ends = all.flatMap((one, phase) => {
    const begin = begins[phase]!;
    return begin === Infinity ? [] : [one.find((half) => half.at > begin && back(half.rms))!.at];
  });
  const end = isOfAll ? Math.min(...ends) : Math.max(...ends);
  const within = all.flat().filter((half) => half.at >= at && half.at < end);
  return {
    at,
    seconds: end - at,
    least: Math.min(...within.map(({ rms }) => rms)),
    most: Math.max(...within.map(({ rms }) => rms)),
  };
}

const near = (found: number, wanted: number, by: number, what: string): void =>
  assert.ok(Math.abs(found - wanted) <= by, `${what}: ${found}, and ${wanted} was expected within ${by}`);

let made: Examination | undefined;

/** The recording as COMTRADE in memory. */
function examined(): Examination {
  if (made !== undefined) return made;
  const count = SECONDS * RATE;
  const cff = writeComtradeCff(
    {
      station: "S",
      device: "D",
      lineHz: 50,
      channels: inputs.map((name) => ({
        name,
        unit: name.startsWith("v") ? "V" : "A",
        samples: Float64Array.from({ length: count }, (_, k) => value(name, k)),
      })),
      rates: [{ rate: RATE, count }],
      start: START,
    },
    "FLOAT32",
  );
  const reader = new RecordingReader(combinedRows({ file: "x.cff", source: bytesInMemory(cff) }));
  made = examine(reader, { wiring: "wye", map: mapOf() });
  return made;
}

const HALF_CYCLE = 0.01;
/** IEC 61000-4-30, class A: 0.2 % of the declared voltage. */
const VOLTS = 0.002 * DECLARED;

test("two dips, a swell, an interruption and a rapid change are what arithmetic on the samples says", () => {
  const { events, declared, startUtc, seconds } = examined();
  assert.equal(startUtc, START);
  assert.equal(seconds, SECONDS);
  assert.equal(declared.volts, 230);
  assert.match(declared.voltsFrom, /^guessed: the median/);
  assert.equal(declared.hz, 50);
  assert.deepEqual(
    events.map(({ kind, channels }) => `${kind} of ${channels.join(", ")}`),
    ["dip of V.a", "dip of V.a, V.b, V.c", "swell of V.b", "interruption of V.a, V.b, V.c", "rapid change of V.a, V.b"],
  );
  const [first, second, swell, interruption] = events as [ExaminedEvent, ExaminedEvent, ExaminedEvent, ExaminedEvent];
  const isLow = (rms: number): boolean => rms < 0.9 * DECLARED;
  const isBack = (rms: number): boolean => rms >= 0.92 * DECLARED;
  for (const [dip, from] of [
    [first, 4.5],
    [second, 11.5],
  ] as const) {
    const wanted = expected(from, isLow, isBack);
    near(dip.at, wanted.at, HALF_CYCLE + 1e-4, "begin of a dip");
    near(dip.seconds, wanted.seconds, HALF_CYCLE + 1e-4, "length of a dip");
    near(dip.volts, wanted.least, VOLTS, "residual voltage");
  }
  assert.equal(first.worst, "V.a");
  assert.equal(second.worst, "V.b");
  const high = expected(
    17.5,
    (rms) => rms > 1.1 * DECLARED,
    (rms) => rms <= 1.08 * DECLARED,
  );
  near(swell.at, high.at, HALF_CYCLE + 1e-4, "begin of the swell");
  near(swell.seconds, high.seconds, HALF_CYCLE + 1e-4, "length of the swell");
  near(swell.volts, high.most, VOLTS, "largest voltage");
  const none = expected(
    23.5,
    (rms) => rms < 0.05 * DECLARED,
    (rms) => rms >= 0.07 * DECLARED,
    true,
  );
  near(interruption.at, none.at, HALF_CYCLE + 1e-4, "begin of the interruption");
  near(interruption.seconds, none.seconds, HALF_CYCLE + 1e-4, "length of the interruption");
  near(interruption.volts, 0.008 * DECLARED, VOLTS, "residual voltage");
  const around = expected(23.5, isLow, isBack);
  near(interruption.within?.seconds ?? NaN, around.seconds, HALF_CYCLE + 1e-4, "length of the dip around it");
});

test("a rapid change says how far the voltage went and where it settled", () => {
  const change = examined().events.at(-1)!;
  assert.equal(change.kind, "rapid change");
  near(change.at, 30.001, 0.02, "begin");
  // A step: a window of one cycle takes it within three half cycles.
  assert.ok(change.seconds > 0 && change.seconds <= 0.03, `${change.seconds} s`);
  near(change.volts, 0.06 * DECLARED, VOLTS, "largest change");
  near(change.settledVolts ?? NaN, 0.06 * DECLARED, VOLTS, "change of the steady voltage");
});

test("a voltage that comes back from a dip which was steady is none of a rapid change; a step a while later is one", () => {
  const back = 3.5 * RATE;
  const later = (sample: number): number => (sample >= 5 * RATE ? 0.94 : 1);
  const reader = computedReader({
    rate: RATE,
    seconds: 8,
    value: (input, sample) => {
      const angle = 2 * Math.PI * (sample / CYCLE - ["a", "b", "c"].indexOf(input[1]!) / 3);
      const isDip = input === "va" && sample >= 2 * RATE && sample < back;
      return input[0] === "v" ? Math.SQRT2 * DECLARED * (isDip ? 0.85 : later(sample)) * Math.sin(angle) : 0;
    },
    lineHz: 50,
  });
  const { events } = examine(reader, { map: mapOf(), nominalVolts: DECLARED, wiring: "wye" });
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["dip", "rapid change"],
  );
  near(events[1]!.at, 5, 0.02, "the step");
});

test("events are placed, classed and explained", () => {
  const [first, second, swell, interruption, change] = examined().events;
  // 0.18 s is 9 cycles; 60 % for 0.2 s is below ITIC's 70 %, and above F47's 50 %.
  assert.equal(first?.ieee1159?.number, "2.1.1");
  assert.deepEqual(first?.itic, { region: "no damage", passes: false });
  assert.deepEqual(first?.f47, { region: "ride through", passes: true });
  // One voltage falls, the others stay, and the neutral is there: a fault of one phase to ground.
  assert.equal(first?.explained?.type?.letter, "B");
  assert.equal(first?.explained?.type?.phase, "a");
  assert.equal(second?.ieee1159?.number, "2.1.1");
  assert.equal(second?.explained?.type?.letter, "A");
  // Five times the current flows to the loads.
  assert.equal(second?.explained?.direction?.direction, "downstream");
  assert.equal(second?.explained?.cause?.cause, "fault");
  assert.equal(swell?.ieee1159?.number, "2.1.2");
  // It has no ring and no step of current: nothing is named, and type and direction are of dips.
  assert.equal(swell?.explained?.cause?.cause, "unknown");
  assert.deepEqual([swell?.explained?.type, swell?.explained?.direction], [undefined, undefined]);
  assert.equal(interruption?.ieee1159?.number, "2.2.1");
  assert.equal(change?.ieee1159, undefined);
});

test("a trace begins half a second before its event and ends half a second behind it; its samples are the recording's", () => {
  const { events } = examined();
  for (const { at, seconds, trace, wave, within } of events) {
    const [begin, end] = within === undefined ? [at, at + seconds] : [within.at, within.at + within.seconds];
    assert.ok(trace !== undefined && wave !== undefined);
    near(trace.times[0]!, begin - 0.5, 2 * HALF_CYCLE, "first half cycle");
    near(trace.times.at(-1)!, end + 0.5, 2 * HALF_CYCLE, "last half cycle");
    assert.equal(trace.isCut, false);
    assert.deepEqual(
      trace.channels.map(({ name }) => name),
      ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"],
    );
    near(wave.at, begin - 0.5, 1 / RATE, "first sample");
    const sample = Math.round(wave.at * RATE);
    for (const { name, samples } of wave.channels) {
      assert.equal(samples.length, wave.channels[0]?.samples.length);
      for (let k = 0; k < samples.length; k += 37) {
        near(samples[k]!, value(name as Input, sample + k), 1e-3, `${name}, sample ${sample + k}`);
      }
    }
    assert.ok(wave.channels[0]!.samples.length >= Math.min(2, end - begin + 1) * RATE - 1);
  }
});

test("what is under way at an end or a gap is told as cut, and an event from before as one", () => {
  const reader = computedReader({
    rate: 3200,
    seconds: 9,
    start: START,
    lineHz: 50,
    value: (input, sample) => {
      const t = sample / 3200;
      if (t >= 4 && t < 5) return NaN;
      const phase = ["a", "b", "c"].indexOf(input[1]!);
      const part = t < 1 || (t >= 3.5 && t < 6) || t >= 8 ? 0.8 : 1;
      return part * Math.SQRT2 * 230 * Math.sin(2 * Math.PI * (50 * t - phase / 3));
    },
  });
  const { events, absences } = examine(reader, { wiring: "wye", map: mapOf(), nominalVolts: 230 });
  const seen = events
    .filter(({ kind }) => kind === "dip")
    .map(({ at, seconds, sinceBefore, cut }) => ({ at: Math.round(at * 10) / 10, seconds, sinceBefore, cut }));
  assert.equal(seen[0]?.sinceBefore, true);
  near(seen[0]?.seconds ?? NaN, 1, 0.1, "first");
  assert.equal(seen.at(-1)?.cut, "end");
  near(seen.at(-1)?.at ?? NaN, 8, 0.1, "last");
  near(seen.at(-1)?.seconds ?? NaN, 1, 0.1, "last");
  // While samples are missing nothing says that the dip is over, and nothing that it goes on.
  assert.ok(absences.some(({ reason, from, to }) => /missing/.test(reason) && from <= 4 && to >= 5));
});

test("an examination is plain data of JSON: null of what is not known, and instants", () => {
  const json = examinationJson(examined());
  const again = JSON.parse(JSON.stringify(json)) as typeof json;
  assert.deepEqual(again, json);
  assert.equal(again["start"], "2026-06-01T09:30:00Z");
  const [dip] = again["events"] as { utc: string; kind: string; trace: { times: number[] } }[];
  assert.equal(dip?.kind, "dip");
  near(Date.parse(dip?.utc ?? ""), START + 5003, 20, "instant of the dip");
});

test("what a recording does not have is not measured, and what a wiring needs is asked for", () => {
  const line = (
    seconds: number,
    names: readonly Input[],
    given: Partial<Parameters<typeof examine>[1]> = {},
  ): Examination =>
    examine(
      computedReader({
        rate: 3200,
        seconds,
        inputs: names,
        value: (input, sample) => {
          const turns = { va: 0, vb: 0, vc: 1 / 6 }[input as "va" | "vb" | "vc"] ?? 0;
          return Math.SQRT2 * 117.3 * Math.sin(2 * Math.PI * ((60 * sample) / 3200 - turns));
        },
      }),
      { wiring: "wye", map: mapOf(names), ...given },
    );
  assert.throws(() => line(3, ["va", "vb"]), /the wiring wye .* takes vc, and no channel is one/);
  assert.throws(
    () => line(3, ["va"], { wiring: "1-phase-ln", limits: { dip: 0.04 } }),
    /expected 0 < interruption < dip/,
  );
  assert.throws(() => line(3, ["va"], { wiring: "1-phase-ln", nominalVolts: 0 }), /nominal 0 V: expected more than 0/);
  const one = line(8, ["va"], { wiring: "1-phase-ln" });
  assert.deepEqual(one.channels, ["V.a"]);
  // The nearest usual voltage, and 60 Hz: the file says neither.
  assert.deepEqual([one.declared.volts, one.declared.hz], [120, 60]);
  assert.match(one.declared.hzFrom, /^guessed: .* 60\.00 Hz$/);
  assert.equal(one.startUtc, undefined);
  assert.equal(examinationJson(one)["start"], null);
  assert.equal(one.intervals[0]?.length, "180 cycles");
  assert.ok((one.intervals[0]?.start.length ?? 0) >= 2);
  assert.deepEqual(one.events, []);
  // Two voltages against b: what lies between them and the third is measured, too.
  const two = line(8, ["va", "vc"], { wiring: "two-element" });
  assert.deepEqual(two.channels, ["V.ab", "V.bc", "V.ca"]);
  assert.deepEqual(two.events, []);
});

test("events beyond those that are kept are counted, and the first have traces", () => {
  const reader = computedReader({
    rate: 1600,
    seconds: 10,
    inputs: ["va"],
    value: (_, sample) => {
      const t = sample / 1600;
      // Dips of 0.3 s at each whole second from the second one on.
      const part = t >= 2 && t % 1 < 0.3 ? 0.5 : 1;
      return part * Math.SQRT2 * 230 * Math.sin(2 * Math.PI * 50 * t);
    },
  });
  const settings = { wiring: "1-phase-ln", map: mapOf(["va"]), nominalVolts: 230, hz: 50 } as const;
  const { events, left } = examine(reader, { ...settings, keeping: { events: 5, traces: 2, rmsSeconds: 0.7 } });
  assert.equal(events.length, 5);
  assert.deepEqual(
    events.map(({ trace }) => trace?.isCut),
    [true, true, undefined, undefined, undefined],
  );
  near(events[0]?.trace?.times.at(-1) ?? NaN, 2 - 0.5 + 0.7, 0.03, "where the trace was cut");
  assert.deepEqual(left, [
    "3 events beyond the first 5 are not kept",
    "of 3 events beyond the first 2 there is no trace, and no cause was looked for",
  ]);
});

test("samples of an event before a gap end where the gap begins; a recording that cannot be read on says so", () => {
  const rows = Array.from({ length: 3200 }, (_, k) => {
    // A gap of a quarter of a second behind 1.2 s; a dip from 1 s to 1.1 s.
    const t = k / 1600 + (k >= 1920 ? 0.25 : 0);
    const part = t >= 1 && t < 1.1 ? 0.5 : 1;
    return `${t.toFixed(6)},${(part * 325.27 * Math.sin(2 * Math.PI * 50 * t)).toFixed(3)}`;
  });
  const text = Buffer.from(`time (s),va (V)\n${rows.join("\n")}\n`);
  const reader = new RecordingReader(csvRows("gap.csv", bytesInMemory(text)));
  const settings = { wiring: "1-phase-ln", map: mapOf(["va"]), nominalVolts: 230, hz: 50 } as const;
  const { events, gaps, segments } = examine(reader, settings);
  assert.equal(gaps.length, 1);
  assert.equal(segments.length, 2);
  const [dip] = events;
  assert.equal(dip?.kind, "dip");
  assert.equal(dip?.cut, undefined);
  near(dip?.wave?.at ?? NaN, dip!.at - 0.5, 1 / 1600, "first sample");
  near(dip!.wave!.at + (dip?.wave?.channels[0]?.samples.length ?? 0) / 1600, 1.2, 1.1 / 1600, "end of the samples");

  let calls = 0;
  const broken = computedReader({
    rate: 1600,
    seconds: 120,
    inputs: ["va"],
    value: (_, sample) => {
      if (++calls > 1600 * 100) throw new Error("row 160001: the disk is gone");
      return 325.27 * Math.sin((2 * Math.PI * 50 * sample) / 1600);
    },
  });
  const seen = examine(broken, settings);
  assert.ok(seen.seconds > 0 && seen.seconds < 101, `${seen.seconds} s`);
  assert.equal(seen.absences.at(-1)?.reason, "row 160001: the disk is gone");
});
