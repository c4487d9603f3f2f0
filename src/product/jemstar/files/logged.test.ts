/** The measurement log in files: what a channel is, when an observation is over, that each record is in one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { utcOf, missedByReaders } from "#format/pqdif/pqdif.ts";
import type { Measure } from "#quantity/measure.ts";
import type { LogChannel, LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { filesRig, Records, type Rig } from "./files-rig.ts";
import { dayOf, logPeriods, periodOf, type LogPeriod } from "./periods.ts";
import { LocalTime } from "#clock/local-time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Sunday. */
const SUNDAY = Date.parse("2026-03-01T00:00:00Z");

/** Ten-minute records of a stretch: minimum, maximum and average of volts that say which interval they are of. */
function record(series: Records, from: number, to: number): void {
  for (let at = from; at < to; at += 10 * MINUTE) {
    const k = (at - SUNDAY) / (10 * MINUTE);
    series.add(at, at + 10 * MINUTE, [k, k + 2, k + 1], k % 7 === 3 ? 64 : 0);
  }
}

async function ends(rig: Rig): Promise<readonly (readonly number[])[]> {
  const all: number[][] = [];
  for (const name of rig.names()) {
    for (const { start, channels } of (await rig.open(name)).observations)
      all.push([...channels[0]!.series[0]!.values].map((seconds) => Math.round(utcOf(start) + 1000 * seconds)));
  }
  return all;
}

test("an hour of ten-minute records is a file with six of them: each channel with what was recorded of it, and the status", async () => {
  const rig = filesRig({ utc: SUNDAY, measurementLog: "1 hour" });
  record(rig.series, SUNDAY, SUNDAY + 2 * HOUR);
  await rig.at(SUNDAY + 2 * HOUR + 19_999);
  // The second hour may have a record that has not come.
  assert.deepEqual(rig.names(), [`142300003_${SUNDAY / 1000}_0_01_08.pqd`]);
  await rig.at(SUNDAY + 2 * HOUR + 20_000);
  assert.deepEqual(
    rig.names(),
    [0, 3600].map((s) => `142300003_${SUNDAY / 1000 + s}_0_01_08.pqd`),
  );
  const { observations, warnings } = await rig.open(rig.names()[0]!);
  assert.deepEqual(warnings, []);
  assert.deepEqual(missedByReaders({ container: {}, observations }), []);
  const [one] = observations;
  assert.deepEqual([observations.length, one!.name, one!.triggerMethod], [1, "Measurement Log 1", "periodic"]);
  assert.equal(utcOf(one!.start), SUNDAY);
  const [status, volts] = one!.channels;
  assert.deepEqual([...status!.series[0]!.values], [600, 1200, 1800, 2400, 3000, 3600]);
  assert.deepEqual([...status!.series[1]!.values], [0, 0, 0, 64, 0, 0]);
  const definition = one!.source.channels[volts!.definition!]!;
  assert.deepEqual(
    [definition.name, definition.phase, definition.quantityType, definition.measured, definition.otherIdentifier],
    ["Vl-n Ph A", "A-N", "value log", "voltage", "V.a"],
  );
  assert.deepEqual(
    definition.series.map(({ valueType, unit, characteristic }) => [valueType, unit, characteristic]),
    [
      ["time", "s", "none"],
      ["minimum", "V", "RMS"],
      ["maximum", "V", "RMS"],
      ["average", "V", "RMS"],
    ],
  );
  assert.deepEqual(
    volts!.series.map(({ values }) => [...values]),
    [
      [600, 1200, 1800, 2400, 3000, 3600],
      [0, 1, 2, 3, 4, 5],
      [2, 3, 4, 5, 6, 7],
      [1, 2, 3, 4, 5, 6],
    ],
  );
});

const m = (quantity: Measure["quantity"], more: Partial<Measure> = {}): Measure => ({
  quantity,
  phase: "polyphase",
  direction: "bidirectional",
  compensated: false,
  ...more,
});
// IEEE 1159.3, lists of the logical structure.
const rows: readonly (readonly [
  channel: Partial<LogChannel> & { readonly measure: Measure },
  name: string,
  phase: string,
  valueType: string,
  unit: string,
  characteristic: string,
  group?: number | undefined,
  primary?: number,
])[] = [
  [{ measure: m("V", { phase: "b" }), side: "secondary" }, "Vl-n Ph B", "B-N", "average", "V", "RMS", undefined, 100],
  [{ measure: m("V.ll", { phase: "c" }) }, "Vl-l Ph CA", "C-A", "average", "V", "RMS"],
  [{ measure: m("A", { phase: "c" }), side: "secondary" }, "Amps Ph C", "C-N", "average", "A", "RMS", undefined, 20],
  [
    { measure: m("V", { phase: "a", order: 3 }) },
    "Vl-n Harmonic #3, Ph A",
    "A-N",
    "average",
    "V",
    "spectra of harmonic groups",
    3,
  ],
  [
    { measure: m("A", { phase: "a", interharmonic: 7 }), method: "maximum" },
    "Amps Interharmonic #7, Ph A",
    "A-N",
    "maximum",
    "A",
    "spectra of interharmonic groups",
    7,
  ],
  [
    { measure: m("V", { phase: "a", order: 5, part: "angle" }), method: "snapshot" },
    "Vl-n Harmonic #5, Angle Ph A",
    "A-N",
    "phase angle",
    "°",
    "spectra of harmonic groups",
    5,
  ],
  [{ measure: m("THD.V", { phase: "a" }) }, "Vl-n THD Ph A", "A-N", "average", "%", "total THD"],
  [{ measure: m("THD.A", { phase: "a", parity: "odd" }) }, "Amps THD Odd Ph A", "A-N", "average", "%", "odd THD"],
  [{ measure: m("TDD.A", { phase: "b" }) }, "Amps TDD Ph B", "B-N", "average", "%", "TDD"],
  [{ measure: m("Pst", { phase: "a" }) }, "Vl-n Pst Ph A", "A-N", "average", "none", "Pst"],
  [{ measure: m("Plt", { phase: "a" }) }, "Vl-n Plt Ph A", "A-N", "average", "none", "Plt"],
  [{ measure: m("W"), side: "secondary" }, "Watts", "total", "average", "W", "active power", undefined, 2000],
  [{ measure: m("PF") }, "PF", "total", "average", "none", "power factor"],
  [{ measure: m("Hz") }, "Frequency", "none", "average", "Hz", "frequency"],
  [{ measure: m("unbalance.V") }, "Volts Unbalance", "none", "average", "%", "negative sequence unbalance"],
  [{ measure: m("V.zero"), method: "snapshot" }, "Volts Zero Sequence", "none", "value", "V", "zero sequence"],
  [
    { measure: m("Wh", { direction: "delivered" }), method: "total" },
    "Wh Delivered",
    "total",
    "value",
    "Wh",
    "active power interval integrated positive",
  ],
  [
    { measure: m("varh", { direction: "received" }), method: "total" },
    "VARh Received",
    "total",
    "value",
    "varh",
    "reactive power interval integrated negative",
  ],
  [{ measure: m("closed", { channel: 3 }), method: "total" }, "Contact Input 3", "none", "value", "none", "status"],
];
for (const [channel, name, phase, valueType, unit, characteristic, group, primary = 1] of rows) {
  test(`${name}: ${valueType} of ${characteristic}`, async () => {
    const settings: LogGroupSettings = {
      interval: 10,
      channels: [{ method: "average", side: "primary", units: "kilo", ...channel }],
    };
    const rig = filesRig({ utc: SUNDAY, measurementLog: "10 minutes", group: settings });
    rig.series.add(SUNDAY, SUNDAY + 10 * MINUTE, [7]);
    rig.series.add(SUNDAY + 10 * MINUTE, SUNDAY + 20 * MINUTE, [undefined]);
    await rig.at(SUNDAY + HOUR);
    const values: (number | undefined)[] = [];
    for (const file of rig.names()) {
      const [one] = (await rig.open(file)).observations;
      const instance = one!.channels[1]!;
      const definition = one!.source.channels[instance.definition!]!;
      const [, series] = definition.series;
      assert.deepEqual(
        [definition.name, definition.phase, series!.valueType, series!.unit, series!.characteristic, instance.group],
        [name, phase, valueType, unit, characteristic, group],
      );
      values.push(instance.series[1]!.values[0]);
    }
    // What is absent is absent.
    assert.deepEqual(values, [7 * primary, NaN]);
  });
}

test("a record that ends at midnight is of the day before; six daily files have no log, that of Saturday has the week", async () => {
  const rig = filesRig({ utc: SUNDAY, mode: "multiple", measurementLog: "7 days" });
  for (let day = 0; day < 8; day++) {
    record(rig.series, SUNDAY + day * DAY, SUNDAY + (day + 1) * DAY);
    await rig.at(SUNDAY + (day + 1) * DAY + MINUTE);
    assert.equal(rig.names().length, day < 6 ? 0 : 1, `after day ${day}`);
  }
  assert.deepEqual(rig.names(), [`142300003_${(SUNDAY + 6 * DAY) / 1000}_0_128.pqd`]);
  const [week] = await ends(rig);
  assert.deepEqual(
    week,
    Array.from({ length: 1008 }, (_, k) => SUNDAY + (k + 1) * 10 * MINUTE),
  );
});

test("a daily file has 24 observations of an hour", async () => {
  const rig = filesRig({ utc: SUNDAY, mode: "multiple", measurementLog: "1 hour" });
  record(rig.series, SUNDAY, SUNDAY + DAY);
  await rig.at(SUNDAY + DAY + HOUR);
  assert.equal(rig.names().length, 1);
  const found = await ends(rig);
  assert.deepEqual(
    found.map((one) => one.length),
    Array.from({ length: 24 }, () => 6),
  );
});

test("what was recorded before files were asked for is in none; what is erased is in files as far as it came", async () => {
  const series = new Records();
  record(series, SUNDAY - DAY, SUNDAY);
  const rig = filesRig({ utc: SUNDAY, series });
  await rig.at(SUNDAY + 1000);
  rig.settings = { ...rig.settings, measurementLog: "1 day" };
  rig.files.configured(false);
  record(series, SUNDAY, SUNDAY + 3 * HOUR);
  await rig.at(SUNDAY + 3 * HOUR + 1000);
  assert.deepEqual(rig.names(), []);
  rig.files.endLog();
  series.all.length = 0;
  rig.files.configured(true);
  record(series, SUNDAY + 3 * HOUR, SUNDAY + 5 * HOUR);
  await rig.at(SUNDAY + DAY + HOUR);
  const all = await ends(rig);
  assert.deepEqual(
    all.map((one) => one.length),
    [18, 12],
  );
  // Another process goes on where this one was.
  rig.again("stopped");
  record(series, SUNDAY + 5 * HOUR, SUNDAY + 6 * HOUR);
  await rig.at(SUNDAY + DAY + 2 * HOUR);
  assert.deepEqual(
    (await ends(rig)).map((one) => one.length),
    [18, 12, 6],
  );
});

test("an observation that would be long is several", async () => {
  const settings: LogGroupSettings = {
    interval: "cycles",
    channels: Array.from({ length: 50 }, (_, k) => ({
      measure: m("V", { phase: "a", order: k + 2 }),
      method: "average",
      side: "primary",
      units: "units",
    })),
  };
  const rig = filesRig({ utc: SUNDAY, measurementLog: "1 day", group: settings });
  const values = Array.from({ length: 50 }, (_, k) => k);
  for (let k = 0; k < 4000; k++) rig.series.add(SUNDAY + 3000 * k, SUNDAY + 3000 * (k + 1), values);
  await rig.at(SUNDAY + DAY + HOUR);
  assert.ok(rig.names().length > 1);
  const all = await ends(rig);
  // 50 numbers of 4 bytes, and what a record has beside.
  for (const one of all) assert.ok(one.length * 212 <= 400_000);
  assert.deepEqual(
    all.flat(),
    Array.from({ length: 4000 }, (_, k) => SUNDAY + 3000 * (k + 1)),
  );
});

const saving = {
  start: { month: 3, week: 2, weekday: 0, hour: 2 },
  end: { month: 11, week: 1, weekday: 0, hour: 2 },
  minutes: 60,
} as const;
for (const of of Object.keys(logPeriods) as LogPeriod[]) {
  test(`periods of ${of} follow each other without gaps, in a year with daylight saving`, () => {
    const zone = new LocalTime(-300, saving);
    let at = SUNDAY;
    const end = SUNDAY + 300 * DAY;
    while (at < end) {
      const { begin, end: next } = periodOf(at, of, zone);
      const half = periodOf((begin + next) / 2, of, zone);
      assert.deepEqual([half.begin, half.end, periodOf(next - 1, of, zone).begin], [begin, next, begin]);
      assert.ok(begin <= at && next > at && next - begin <= logPeriods[of] + HOUR, `${begin} ${at} ${next}`);
      assert.equal(periodOf(next, of, zone).begin, next);
      // Some of the short ones.
      at = next + (logPeriods[of] < HOUR ? 7 * HOUR : 0);
    }
  });
}

test("a day whose clocks go back over midnight begins at the second", () => {
  const zone = new LocalTime(0, { ...saving, end: { month: 11, week: 1, weekday: 0, hour: 0 } });
  // 2026-11-01T00:00 of summer is 23:00Z: clocks show 23:00 to 24:00 again.
  const change = Date.parse("2026-10-31T23:00:00Z");
  const day = dayOf(change + 30 * MINUTE, zone);
  assert.deepEqual([day.begin, day.end], [Date.parse("2026-10-30T23:00:00Z"), change + HOUR]);
  assert.deepEqual(dayOf(change + HOUR, zone).begin, change + HOUR);
});
