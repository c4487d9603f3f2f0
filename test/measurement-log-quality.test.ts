/** The measurement log of a meter with power quality, on samples: its records against arithmetic on the waveforms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SeverityHistory } from "#quality/severity-history.ts";
import { qualityInstrument } from "#product/jemstar/quality-instrument.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { TakeEnded } from "#quantity/quality-view.ts";
import type { Reduction } from "#quantity/measure.ts";
import { profileStatus } from "#quantity/profile.ts";
import type { LogChannel, LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { Network, type NetworkOptions } from "#waveform/network.ts";
import { SyntheticSamples } from "#waveform/synthetic.ts";
import { MemoryStore, plain, revenueRig } from "./revenue-rig.ts";

/** Volts of a and their amps fall to 70 % for half a second, 92.25 seconds after the start. */
const sag = { at: 92.25, for: 0.5, phases: [0], volts: 0.7, amps: 0.7, hz: 0 };

const source = (changes: Partial<NetworkOptions> = {}, perCycle: 32 | 128 = 128): SyntheticSamples =>
  new SyntheticSamples(
    new Network({
      hz: 60,
      volts: [120, 116, 112],
      amps: [5, 4, 3],
      angles: [0, -120, 120],
      lag: [0, 0, 0],
      harmonics: { volts: [{ order: 5, percent: 6, degrees: 40 }], amps: [] },
      noise: 0,
      load: [],
      events: [sag],
      seed: 1,
      ...changes,
    }),
    { perCycle },
  );

function logged(name: string, method: Reduction): LogChannel {
  const measure = parseMeasure(name);
  assert.ok(typeof measure === "object", name);
  return { measure, method, side: "primary", units: "units" };
}

const names: readonly [name: string, method: Reduction][] = [
  ["V.a", "average"],
  ["V.a", "minimum"],
  ["V.a", "maximum"],
  ["V.b.h5", "average"],
  ["THD.V.b", "maximum"],
  ["A.c", "snapshot"],
  ["V.negative", "snapshot"],
  ["unbalance.V", "average"],
  ["W.a", "maximum"],
  ["W.a", "minimum"],
  ["Wh.import", "total"],
  ["Pst.a", "average"],
];
const group = (interval: LogGroupSettings["interval"]): LogGroupSettings => ({
  interval,
  channels: names.map(([name, method]) => logged(name, method)),
});

const near = (found: number | undefined, expected: number, by: number, what: string): void =>
  assert.ok(found !== undefined && Math.abs(found - expected) <= by, `${what}: ${found} instead of ${expected}`);

/** 120 V of the fundamental and 6 % of it. */
const rms = 120 * Math.hypot(1, 0.06);
/** Volts of 120, 116 and 112 V 120 degrees apart: 4 / sqrt 3 V of negative sequence beside 116 V. No phase lies in the hysteresis of a dip. */
const negative = 4 / Math.sqrt(3);

function checkSteady(values: readonly (number | undefined)[]): void {
  const expected = [rms, rms, rms, 6.96, 6, 3, negative, (100 * negative) / 116, 600, 600];
  for (const [k, value] of expected.entries())
    near(values[k], value, 2e-3 * Math.max(1, value / 100), names[k]!.join(" "));
  assert.equal(values[11], undefined, "no ten minutes have gone by");
}

const rig = revenueRig({ primary: { ...plain.primary }, measurementLog: [group(1), group("cycles")] }, undefined, {
  source: source(),
  powerQuality: true,
  quality: qualityInstrument,
  utc: "2026-01-01T00:00:30Z",
});
rig.run(2.6);
const [minutes, cycles] = rig.meter.measurementLog.groups.map(({ series }) => series.page(0, 999));

test("records of a minute have what the intervals of power quality have, and powers of each half cycle", () => {
  assert.deepEqual(
    minutes?.map(({ start, end }) => [start.utc % 3_600_000, end.utc % 3_600_000]),
    [
      [30_000, 60_000],
      [60_000, 120_000],
      [120_000, 180_000],
    ],
  );
  assert.equal(minutes?.[0]?.status, profileStatus.partial);
  assert.equal(minutes?.[1]?.status, 0);
  checkSteady(minutes![1]!.values);
  // 600 + 464 + 336 W for a minute.
  near(minutes![1]!.values[10], 1400 / 60, 1e-2, "Wh.import");
});

test("a sag flags the minute that it is in; the least volts are those of a block, the least watts of a half cycle", () => {
  // It begins 122.25 seconds into the hour, and so in the third minute.
  assert.equal(minutes?.[2]?.status, profileStatus.flagged);
  const values = minutes![2]!.values;
  // Blocks of 200 ms: two lie within the half second.
  near(values[1], 0.7 * rms, 0.1, "V.a minimum");
  near(values[2], rms, 0.05, "V.a maximum");
  // The root of the mean of squares of 60 seconds, of which half a second at 70 %.
  near(values[0], rms * Math.sqrt((59.5 + 0.5 * 0.49) / 60), 0.01, "V.a average");
  near(values[9], 0.49 * 600, 1, "W.a minimum");
  near(values[8], 600, 1, "W.a maximum");
  const energy = (600 * (59.5 + 0.5 * 0.49) + 800 * 60) / 3600;
  near(values[10], energy, 1e-2, "Wh.import");
});

test("records of 180 cycles are those of the instrument, one of them flagged, and their energies add up", () => {
  const whole = cycles!.filter(({ status }) => status === 0);
  assert.ok(whole.length >= 40, `${whole.length} of ${cycles?.length}`);
  assert.ok(whole.every(({ start, end }) => Math.abs(end.utc - start.utc - 3000) < 20));
  // The first has what was measured before its blocks began.
  checkSteady(whole[5]!.values);
  near(whole[5]!.values[10], (1400 * 3) / 3600, 0.02, "Wh.import");
  const flagged = cycles!.filter(({ status }) => (status & profileStatus.flagged) !== 0);
  assert.equal(flagged.length, 1);
  assert.ok(flagged[0]!.start.utc % 3_600_000 <= 122_250 && flagged[0]!.end.utc % 3_600_000 >= 122_750);
});

test("Pst of ten minutes is there with the record of these ten minutes", () => {
  // IEC 61000-4-15, table 5: 2.564 % at two changes a minute are a Pst of 1 for the lamp of 120 V at 60 Hz, within 5 %.
  const flicker = { hz: 1 / 60, percent: 2.564, shape: "square" } as const;
  const channels = [logged("Pst.a", "average"), logged("Pinst.a", "maximum"), logged("V.a", "average")];
  const { meter, run } = revenueRig(
    {
      measurementLog: [
        { interval: 10, channels },
        { interval: 1, channels },
      ],
    },
    undefined,
    {
      source: source({ flicker, events: [] }, 32),
      powerQuality: true,
      quality: qualityInstrument,
      utc: "2026-01-01T00:09:30Z",
    },
  );
  run(11.6);
  const [tens, ones] = meter.measurementLog.groups.map(({ series }) => series.page(0, 999));
  assert.deepEqual(
    tens?.map(({ status }) => status),
    [profileStatus.partial, 0],
  );
  near(tens![1]!.values[0], 1, 0.05, "Pst.a");
  assert.ok(tens![1]!.values[1]! > 1, `Pinst.a ${tens![1]!.values[1]}`);
  assert.equal(tens![0]!.values[0], undefined, "half a minute has no Pst");
  assert.deepEqual(
    ones?.map(({ values }) => values[0]),
    [...Array.from({ length: 10 }, () => undefined), ...Array.from({ length: 2 }, () => tens![1]!.values[0])],
  );
});

test("without power quality extremes are of values of one cycle each half cycle, and unbalance is the largest deviation", () => {
  const channels = [
    logged("V.a", "minimum"),
    logged("V.a", "average"),
    logged("unbalance.V", "snapshot"),
    logged("THD.V.a", "average"),
  ];
  const { meter, run } = revenueRig(
    {
      measurementLog: [
        { interval: 1, channels },
        { interval: "cycles", channels },
      ],
    },
    undefined,
    {
      // 50 ms, of which a block of 200 ms would have the half.
      source: source({ events: [{ ...sag, at: 72.25, for: 0.05 }] }),
      measurementLog: true,
      quality: qualityInstrument,
    },
  );
  run(2.2);
  const [minutes, cycles] = meter.measurementLog.groups.map(({ series }) => series.page(0, 999));
  assert.deepEqual(
    minutes?.map(({ status }) => status),
    [0, 0],
  );
  const [steady, sagged] = minutes!.map(({ values }) => values);
  near(steady![0], rms, 0.02, "V.a minimum");
  near(sagged![0], 0.7 * rms, 0.05, "V.a minimum in the sag");
  near(steady![1], rms, 0.01, "V.a average");
  // 120, 116 and 112 V, all of them with 6 % of a fifth harmonic.
  near(steady![2], (100 * 4) / 116, 0.01, "unbalance.V");
  near(steady![3], 6, 0.01, "THD.V.a");
  assert.ok(cycles!.length >= 42 && cycles!.length <= 44, `${cycles!.length} of 180 cycles`);
  near(cycles![5]!.values[1], rms, 0.01, "V.a average of 180 cycles");
});

test("a record waits for its interval, and goes without it when the next one ends or the process does", () => {
  const told: { ended?: TakeEnded } = {};
  const store = new MemoryStore().drawer("jem");
  const start = Date.UTC(2026, 0, 1);
  const meterAt = (minutes: number) =>
    revenueRig(
      { measurementLog: [{ interval: 1, channels: [logged("V.a", "maximum"), logged("W.a", "average")] }] },
      undefined,
      {
        source: source({ events: [] }, 32),
        store,
        powerQuality: true,
        quality: ({ ended }) => {
          told.ended = ended;
          const nothing = (): undefined => undefined;
          return { half: () => {}, view: nothing, value: nothing, logs: ({ quantity }) => quantity === "V" };
        },
        utc: new Date(start + minutes * 60_000).toISOString(),
      },
    );
  const handOut = (minute: number, volts: number): void => {
    const [utcStart, utcEnd] = [start + minute * 60_000, start + (minute + 1) * 60_000];
    told.ended?.({ length: 1, utcStart, utcEnd, complete: true, flagged: true, value: () => volts });
  };
  const { meter, run } = meterAt(0);
  const [group] = meter.measurementLog.groups;
  run(1);
  assert.equal(group!.series.next, 0, "it waits");
  handOut(0, 121);
  run(1);
  // That of another minute is none of its.
  handOut(7, 700);
  run(1);
  meter.save();
  const again = meterAt(3).meter.measurementLog.groups[0]!;
  const { flagged, partial } = profileStatus;
  const records = again.series.page(0, 99);
  assert.deepEqual(
    records.map(({ start: { utc }, status, values }) => [(utc - start) / 60_000, status, values[0]]),
    [
      [0, flagged, 121],
      [1, partial, undefined],
      [2, partial, undefined],
    ],
  );
  for (const { values } of records) near(values[1], 600, 1, "W.a");
});

test("Pst of an interval is the mean of those that ended in it, of a shorter one the one that stands", () => {
  const history = new SeverityHistory();
  const at = (minute: number): number => Date.UTC(2026, 0, 1) + minute * 60_000;
  const of = (value: number | undefined) => [{ value, pinstMax: value, flagged: false, missing: undefined }];
  [0.5, 0.7, undefined, 1.1].forEach((value, k) => history.add("Pst", { utc: at(10 * (k + 1)), voltages: of(value) }));
  const mean = (from: number, to: number) => history.mean("Pst", 0, at(from), at(to));
  assert.deepEqual([mean(0, 10), mean(10, 20), mean(20, 30)], [0.5, 0.7, undefined]);
  assert.equal(mean(0, 20), 0.6);
  assert.ok(Math.abs(mean(0, 60)! - 2.3 / 3) < 1e-12);
  assert.deepEqual([mean(12, 13), mean(19, 20), mean(55, 56)], [0.5, 0.7, undefined]);
  assert.equal(history.mean("Plt", 0, at(0), at(120)), undefined);
});
