/** What a trigger left as PQDIF, read back: closed forms, the standard's categories, what is absent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  missedByReaders,
  readPqdif,
  utcOf,
  writePqdif,
  writePqdifNow,
  type Observation as PqdifObservation,
} from "#format/pqdif/pqdif.ts";
import { pqdifRows } from "#format/pqdif/rows.ts";
import { atOnce } from "#io/turn.ts";
import type { EventObserved, Observation } from "#quantity/observation.ts";
import { deflateNow } from "#io/zlib-now.ts";
import { captured, facts, instantOf, MANUAL_UTC, observation, sag, sampleOf } from "./captured-fixture.ts";
import { eventObservation, type MadeObservation } from "./event-observation.ts";

const contents = { sagSwell: true, interruption: true, rapidVoltageChange: true };
const made = (of: Observation, more: Partial<typeof contents> = {}): MadeObservation | undefined =>
  atOnce(eventObservation(of, { facts, contents: { ...contents, ...more }, number: 7, now: MANUAL_UTC + 4000 }));

async function fileOf(of: PqdifObservation) {
  const container = { fileName: "x.pqd", created: of.created ?? of.start };
  return readPqdif("x.pqd", await writePqdif({ container, observations: [of] }, { compress: true }));
}

async function reread(of: PqdifObservation): Promise<PqdifObservation> {
  const file = await fileOf(of);
  assert.deepEqual(file.warnings, []);
  assert.equal(file.isCompressed, true);
  return file.observations[0]!;
}

const definitionOf = ({ source, channels }: PqdifObservation, k: number) => source.channels[channels[k]!.definition!]!;

test("a sag with four recordings: every sample, at its own time, is what the line was", async () => {
  const { observation: written, recordings, types } = made(observation())!;
  const read = await reread(written);
  assert.deepEqual(new Set(types), new Set(["sagSwell", "rms", "waveform"]));
  assert.deepEqual(
    recordings.map(({ kind, count }) => [kind, count]),
    [
      ["rms", 6],
      ["low", 6],
      ["medium", 6],
      ["high", 6],
    ],
  );
  const start = utcOf(read.start);
  // It begins with what was before the trigger.
  assert.ok(Math.abs(start - (MANUAL_UTC - 1000 * instantOf(5))) < 0.001);
  assert.ok(Math.abs(utcOf(read.triggered!) - MANUAL_UTC) < 0.001);
  const letters = { "A-N": "a", "B-N": "b", "C-N": "c" } as const;
  for (const { kind, from, count } of recordings) {
    const perCycle = captured(kind).perCycle;
    for (let k = from; k < from + count; k++) {
      const { name, phase, measured, quantityType, series: definitions } = definitionOf(read, k);
      const letter = letters[phase as keyof typeof letters];
      assert.equal(name, `${measured === "voltage" ? "Vl-n" : "Amps"} Ph ${letter.toUpperCase()}`);
      const [times, values, angles] = read.channels[k]!.series;
      assert.equal(times!.values.length, 15 * perCycle);
      assert.equal(read.channels[k]!.channelHz, 60);
      if (kind === "rms") {
        assert.equal(quantityType, "phasor");
        assert.deepEqual(
          definitions.map((one) => [one.valueType, one.unit, one.characteristic]),
          [
            ["time", "s", "none"],
            ["value", measured === "voltage" ? "V" : "A", "RMS"],
            ["phase angle", "°", "RMS"],
          ],
        );
        values!.values.forEach((value, n) => {
          const isDeep = (n + 1) / 2 > 5 && (n + 1) / 2 <= 8;
          assert.equal(value, measured === "current" ? 100 : isDeep ? 6000 : 12_000);
          assert.ok(Math.abs(times!.values[n]! - instantOf((n + 1) / 2)) < 30e-9 + 1e-6);
        });
        assert.equal(Math.abs(angles!.values[3]!), 120 * "abc".indexOf(letter));
        continue;
      }
      assert.equal(quantityType, "waveform");
      const amplitude = (measured === "voltage" ? 12_000 : 100) * Math.SQRT2;
      // Of half a step of 65,000, and of what the line does in half of 25 ns and in the microsecond of the start.
      const most = amplitude * (1 / 65_000 + 2 * Math.PI * 60 * 13e-9);
      values!.values.forEach((value, n) => {
        assert.ok(Math.abs(value - sampleOf(`${measured === "voltage" ? "V" : "A"}.${letter}`, n / perCycle)) <= most);
        assert.ok(Math.abs(times!.values[n]! - instantOf(n / perCycle)) < 1e-6);
      });
    }
  }
});

test("the record of a sag: magnitude, duration and time by phase, a point of a curve, least, largest and average; primary", async () => {
  const read = await reread(made(observation({ captures: [] }))!.observation);
  const of = (type: string) =>
    read.channels.flatMap((channel, k) => {
      const definition = definitionOf(read, k);
      return definition.quantityType === type
        ? [[definition.name, definition.phase, ...channel.series.map(({ values }) => values[0])]]
        : [];
    });
  assert.deepEqual(of("magnitude-duration-time"), [
    ["Vl-n Ph A", "A-N", 0, 6000, 0.05],
    ["Vl-n Ph B", "B-N", 0, 5400, 0.05],
    ["Vl-n Ph C", "C-N", 0, 6600, 0.05],
  ]);
  assert.deepEqual(of("XY"), [
    ["Vl-n Ph A", "A-N", 0.05, 50],
    ["Vl-n Ph B", "B-N", 0.05, 45],
    ["Vl-n Ph C", "C-N", 0.05, 55],
  ]);
  // Volts by 100, amps by 20, ratios and hertz as they are.
  assert.deepEqual(of("value log"), [
    ["Vl-n Ph A", "A-N", 0, 6000, 12_000, 9000],
    ["Vl-n Ph B", "B-N", 0, 5400, 11_800, 8000],
    ["Vl-n Ph C", "C-N", 0, 6600, 12_100, 9500],
    ["Amps Ph A", "A-N", 0, 80, 100, 90],
    ["Vl-n THD Ph A", "A-N", 0, 0.5, 3, 1.5],
    ["PF Ph A", "A-N", 0, -0.5, 1, 0.75],
    ["Frequency", "none", 0, 59.9, 60.1, 60],
  ]);
  assert.equal(read.disturbance, "instantaneous sag");
  assert.equal(read.triggerMethod, "channel");
  assert.deepEqual(
    read.triggerChannels!.map((k) => [definitionOf(read, k).quantityType, definitionOf(read, k).phase]),
    [["magnitude-duration-time", "B-N"]],
  );
  assert.deepEqual([read.name, read.serial], ["Sag", 7]);
  assert.deepEqual(
    [read.settings!.nominalHz, read.settings!.connection, read.settings!.useTransducer],
    [60, "3-element wye", false],
  );
  const ratios = read.settings!.channels.map(({ channel, transformer, systemSideRatio, monitorSideRatio }) => [
    read.source.channels[channel!]!.measured,
    transformer,
    systemSideRatio,
    monitorSideRatio,
  ]);
  assert.ok(ratios.length > 0);
  for (const [measured, ...rest] of ratios) {
    assert.deepEqual(rest, measured === "voltage" ? ["voltage", 100, 1] : ["current", 20, 1]);
  }
  const { type, vendor, instrumentType, name, serial, modelNumber } = read.source;
  assert.deepEqual(
    [type, vendor, instrumentType, name, serial, modelNumber],
    ["measured", "none", "power quality meter", "142300003", "142300003", "JSII-09I6010-2A-PQ3"],
  );
  assert.equal(read.source.channels[0]!.series[1]!.nominal, 12_000);
});

test("whoever reads its waveforms as a recording is told the nominal voltage", async () => {
  const { channels } = pqdifRows("x.pqd", await fileOf(made(observation())!.observation)).head;
  assert.deepEqual([...new Set(channels.map(({ unit, nominal }) => `${unit} ${nominal}`))], ["V 12000", "A undefined"]);
});

test("readers in use take all of it but points of a curve", () => {
  const { observation: written } = made(observation())!;
  const missed = missedByReaders({ container: {}, observations: [written] });
  assert.ok(missed.length > 0);
  for (const { what } of missed) assert.match(what, /openXDA makes nothing of a channel of XY/);
});

test("a swell has the largest volts, of the phase that began it and of those beyond 110 %; an interruption of which nobody measured the volts has none", async () => {
  const { statistics } = sag();
  const event0 = sag(MANUAL_UTC, {
    kind: "swell",
    statistics: [...statistics.slice(0, 2), { name: "V.c", least: 119, most: 133, average: 125 }],
  });
  const swell = await reread(made(observation({ captures: [], event: event0 }))!.observation);
  const magnitudes = swell.channels.flatMap(({ series }, k) =>
    definitionOf(swell, k).quantityType === "magnitude-duration-time"
      ? [[definitionOf(swell, k).phase, series[1]!.values[0]]]
      : [],
  );
  assert.deepEqual(magnitudes, [
    ["B-N", 11_800],
    ["C-N", 13_300],
  ]);
  const event = sag(MANUAL_UTC, {
    kind: "interruption",
    phase: undefined,
    statistics: [],
    cycles: 240,
    utcEnd: MANUAL_UTC + 4000,
  });
  const { observation: written, types } = made(observation({ captures: [], event }))!;
  assert.deepEqual(types, ["interruption"]);
  const read = await reread(written);
  assert.equal(read.channels.length, 1);
  const [time, volts, duration] = read.channels[0]!.series;
  assert.deepEqual([time!.values[0], volts!.values[0], duration!.values[0]], [0, NaN, 4]);
  assert.equal(read.disturbance, "temporary interruption");
});

test("a rapid voltage change has its largest difference and that in which it settled, by phase", async () => {
  const event: EventObserved = {
    kind: "rapidVoltageChange",
    utcStart: MANUAL_UTC,
    utcEnd: MANUAL_UTC + 175,
    entry: 7,
    phases: ["a", "b", "c"],
    largest: [7.063, 7.066, 7.049],
    settled: [0.002, 0.017, 0.018],
  };
  const { observation: written, types } = made(observation({ captures: [captured("low")], event }))!;
  assert.deepEqual(types, ["rapidVoltageChange", "waveform"]);
  const read = await reread(written);
  const magnitudes = read.channels.flatMap(({ series }, k) => {
    const { name, quantityType } = definitionOf(read, k);
    return quantityType === "magnitude-duration-time"
      ? [[name, ...series.slice(1).map(({ values }) => Number(values[0]!.toFixed(9)))]]
      : [];
  });
  assert.deepEqual(magnitudes, [
    ["RVC Umax Vl-n Ph A", 706.3, 0.175],
    ["RVC Umax Vl-n Ph B", 706.6, 0.175],
    ["RVC Umax Vl-n Ph C", 704.9, 0.175],
    ["RVC Uss Vl-n Ph A", 0.2, 0.175],
    ["RVC Uss Vl-n Ph B", 1.7, 0.175],
    ["RVC Uss Vl-n Ph C", 1.8, 0.175],
  ]);
  assert.equal(read.disturbance, "voltage fluctuation");
});

// IEEE 1159, table of categories: milliseconds at 60 Hz.
for (const [kind, ms, expected] of [
  ["sag", 500, "instantaneous sag"],
  ["sag", 501, "momentary sag"],
  ["sag", 3000, "momentary sag"],
  ["sag", 3001, "temporary sag"],
  ["sag", 60_000, "temporary sag"],
  ["sag", 60_001, "undervoltage"],
  ["swell", 100, "instantaneous swell"],
  ["swell", 2000, "momentary swell"],
  ["swell", 10_000, "temporary swell"],
  ["swell", 90_000, "overvoltage"],
  ["interruption", 100, "momentary interruption"],
  ["interruption", 3000, "momentary interruption"],
  ["interruption", 60_000, "temporary interruption"],
  ["interruption", 3_600_000, "sustained interruption"],
] as const) {
  test(`a ${kind} of ${ms} ms is a ${expected}`, () => {
    const cycles = Math.round((60 * ms) / 1000);
    const of = made(observation({ captures: [], event: sag(0, { kind, cycles, utcEnd: ms }), utc: 0 }));
    assert.equal(of!.observation.disturbance, expected);
  });
}

for (const [what, ms, seconds] of [
  ["as the clock has it", 5000, 5],
  ["its cycles where the clock was set back in it", -3_595_000, 5],
  ["its cycles where the clock was set forward in it", 3_605_000, 5],
] as const) {
  test(`a sag of 300 cycles lasts ${what}`, async () => {
    const event = sag(MANUAL_UTC, { cycles: 300, utcEnd: MANUAL_UTC + ms });
    const read = await reread(made(observation({ captures: [], event }))!.observation);
    assert.equal(read.channels[0]!.series[2]!.values[0], seconds);
    assert.equal(read.disturbance, "temporary sag");
  });
}

test("contents that are left out: recordings stay; of nothing there is no file", () => {
  const without = made(observation(), { sagSwell: false })!;
  assert.deepEqual(new Set(without.types), new Set(["rms", "waveform"]));
  assert.equal(without.observation.channels.length, 24);
  // What it was is known all the same.
  assert.equal(without.observation.disturbance, "instantaneous sag");
  assert.equal(made(observation({ captures: [] }), { sagSwell: false }), undefined);
  assert.equal(made(observation({ captures: [], event: undefined })), undefined);
  assert.deepEqual(made(observation({ event: undefined, captures: [captured("high")] }))!.types, ["waveform"]);
});

test("samples that are absent are absent in the file, and the others are there", async () => {
  const low = captured("low");
  const holes = low.channels.map((values, k) =>
    k === 0 ? values.map((value, n) => (n >= 20 && n < 30 ? NaN : value)) : values,
  );
  const read = await reread(
    made(observation({ event: undefined, captures: [{ ...low, channels: holes }] }))!.observation,
  );
  read.channels[0]!.series[1]!.values.forEach((value, n) => {
    if (n >= 20 && n < 30) assert.ok(Number.isNaN(value));
    else assert.ok(Math.abs(value - sampleOf("V.a", n / 16)) <= 17_000 * 2 ** -24);
  });
  assert.ok(read.channels[1]!.series[1]!.values.every(Number.isFinite));
});

test("where nobody knew the time of a recording it begins as far before the trigger as the source had it", async () => {
  const read = await reread(
    made(observation({ event: undefined, captures: [{ ...captured("low"), utc: NaN }] }))!.observation,
  );
  assert.ok(Math.abs(utcOf(read.start) - (MANUAL_UTC - 1000 * instantOf(5))) < 0.001);
});

test("at once or beside the loop: the same bytes", async () => {
  const { observation: written } = made(observation({ captures: [captured("low"), captured("rms")] }))!;
  const content = { container: { fileName: "x.pqd", created: written.start }, observations: [written] };
  assert.deepEqual(writePqdifNow(content, deflateNow), await writePqdif(content, { compress: true }));
});
