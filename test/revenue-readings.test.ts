/** What registers show: digits, units, instants and what there is none of; power factors and peaks worked out on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import type { Measure } from "#quantity/measure.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { MemoryStore } from "#store/store.ts";
import { eastern, measure, MinuteLoads, plain, register, revenueRig } from "./revenue-rig.ts";

const normal = (...all: ReturnType<typeof register>[]) => ({ registers: { normal: all, alternate: [], test: [] } });
const factor = (id: number, of: Measure, changes: object = {}) =>
  register(id, { type: "averagePowerFactor", measure: of, decimals: 6, ...changes });

test("average power factor: an hour delivered at unity and an hour received at 0.57 are 0.7986 of what was apparent", () => {
  const rig = revenueRig(
    normal(
      factor(1, measure("PF", "bidirectional")),
      factor(2, measure("PF", "delivered")),
      factor(3, measure("PF", "received")),
      factor(4, measure("PF", "absolute")),
      factor(5, measure("PF", "bidirectional", "b")),
    ),
    (minute) => (minute < 60 ? { w: 3600, q: 0 } : { w: -1800, q: 2600 }),
  );
  rig.run(120);
  // (3600 + 1800) / (3600 + sqrt(1800^2 + 2600^2)).
  const both = (5400 / (3600 + Math.hypot(1800, 2600))).toFixed(6);
  const received = (1800 / Math.hypot(1800, 2600)).toFixed(6);
  assert.deepEqual([1, 2, 3, 4, 5].map(rig.text), [both, "1.000000", received, both, both]);
});

test("where nothing has flowed there is no power factor, neither of a direction nor of a billing period", () => {
  const rig = revenueRig(
    normal(
      factor(1, measure("PF", "received")),
      factor(2, measure("PF", "delivered")),
      factor(3, measure("PF", "delivered"), { storage: "billingReset" }),
      factor(4, measure("PF", "received"), { storage: "billingReset" }),
      register(5, { type: "minimum", measure: measure("W") }),
    ),
  );
  const absent = (id: number): unknown[] => {
    const { value, valid, text, counts } = rig.meter.registers.reading(id)!;
    return [value, valid, text, counts];
  };
  const nothing = [undefined, "invalid", "---------", undefined];
  for (const id of [1, 2, 3, 4, 5]) assert.deepEqual(absent(id), nothing);
  rig.run(60);
  assert.deepEqual(absent(1), nothing);
  assert.equal(rig.text(2), "0.948683");
  rig.meter.billing.reset("reader");
  assert.deepEqual(absent(2), nothing);
  assert.equal(rig.text(3), "0.948683");
  assert.deepEqual(absent(4), nothing);
});

test("average arithmetic power factor is over volts times amps, with losses over what has them", () => {
  const losses = { ironW: 0, ironVar: 0, copperW: 0.4, copperVar: 1, lineW: 0.2, lineVar: 0.5 };
  const rig = revenueRig(
    {
      losses: { delivered: losses, received: losses },
      ...normal(
        factor(1, measure("PF.arithmetic")),
        factor(2, { ...measure("PF.arithmetic"), compensated: true }),
        factor(3, measure("W")),
      ),
    },
    () => ({ w: 1800, q: 0 }),
  );
  rig.run(30);
  // 5 A a phase: 45 W and 112.5 var more.
  assert.deepEqual([1, 2, 3].map(rig.text), ["1.000000", (1845 / Math.hypot(1845, 112.5)).toFixed(6), "1.000000"]);
});

test("a power factor that coincides with a peak is W over VA of its interval", () => {
  const rig = revenueRig(
    normal(
      register(1, { type: "peakDemand", measure: measure("W") }),
      register(2, { type: "coincidentPowerFactor", measure: measure("PF"), of: 1, decimals: 6 }),
      register(3, { type: "coincidentDemand", measure: measure("PF"), of: 1, decimals: 6 }),
      register(4, { type: "coincidentPowerFactor", measure: measure("PF", "received"), of: 1, decimals: 6 }),
      register(5, {
        type: "coincidentPowerFactor",
        measure: measure("PF.arithmetic", "delivered", "c"),
        of: 1,
        decimals: 6,
      }),
    ),
    (minute) => (minute < 60 ? { w: 3600, q: 1200 } : { w: 1000, q: 3000 }),
  );
  assert.equal(rig.text(2), "---------");
  rig.run(120);
  assert.deepEqual([2, 3, 4, 5].map(rig.text), ["0.948683", "0.948683", "---------", "0.948683"]);
  rig.meter.billing.reset("reader");
  assert.equal(rig.text(2), "---------");
});

test("only what has a power factor is accepted for one", () => {
  const ordered = parseModelNumber("JSII-UI6020-2A-DIO");
  const said = (type: string, quantity: string): string => {
    const text = `registers: { normal: [{ id: 1, type: peakDemand, measure: { quantity: W } }, { id: 2, type: ${type}, of: 1, measure: { quantity: ${quantity} } }] }\nmodbus: { counters: [] }`;
    try {
      parseRevenueFile("file", text, ordered);
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof FileError);
      return error.message;
    }
  };
  for (const type of ["averagePowerFactor", "coincidentPowerFactor"]) {
    for (const quantity of ["PF", "PF.arithmetic", "W"]) assert.equal(said(type, quantity), "accepted");
    for (const quantity of ["V", "A", "Hz", "var", "THD.V", "unbalance.V"])
      assert.match(said(type, quantity), /registers\.normal\[1\]\.measure\.quantity/);
  }
});

test("the time of a peak is that of its first interval, however the sums are rounded", () => {
  // A third of a watt is no number of the computer's.
  for (const w of [5000, 1000 / 3, 7777.7]) {
    const rig = revenueRig(
      normal(
        register(1, { type: "peakDemand", measure: measure("W") }),
        register(2, { type: "timeOfPeak", measure: measure("W"), of: 1 }),
      ),
      () => ({ w, q: w / 7 }),
    );
    const seen = new Set<string>();
    for (let k = 0; k < 300; k++) {
      rig.run(5);
      seen.add(rig.text(2));
    }
    // The first five minutes began with the meter; three whole ones end at 20.
    assert.deepEqual([...seen], ["never", "2026-01-01 00:20:00"]);
  }
});

test("the previous hour's peak and what belongs to it are of that hour", () => {
  const hourly = { storage: "previousHour" as const };
  const rig = revenueRig(
    normal(
      register(1, { type: "peakDemand", measure: measure("W"), ...hourly }),
      register(2, { type: "timeOfPeak", measure: measure("W"), of: 1, ...hourly }),
      register(3, { type: "coincidentDemand", measure: measure("var"), of: 1, ...hourly }),
    ),
    (minute) => ({ w: minute >= 75 && minute < 90 ? 6000 : 3000, q: minute >= 75 && minute < 90 ? 100 : 900 }),
  );
  rig.run(121);
  assert.deepEqual([1, 2, 3].map(rig.text), ["6000", "2026-01-01 01:30:00", "100"]);
  rig.run(60);
  assert.deepEqual([1, 2, 3].map(rig.text), ["3000", "2026-01-01 02:05:00", "900"]);
});

test("a thermal peak begins at zero with a billing period; what is left of the demand is a peak with its time", () => {
  const rig = revenueRig(
    normal(
      register(1, { type: "peakThermalDemand", measure: measure("W") }),
      register(2, { type: "timeOfPeak", measure: measure("W"), of: 1 }),
      register(3, { type: "peakThermalDemand", measure: measure("W"), storage: "billingReset" }),
    ),
    (minute) => (minute < 60 ? { w: 3600, q: 0 } : { w: 0, q: 0 }),
  );
  rig.run(60);
  rig.meter.billing.reset("admin");
  assert.deepEqual([1, 2, 3].map(rig.text), ["0", "never", "3600"]);
  // After an hour it was 0.1 ^ 4 short of 3600 W; a minute later 0.1 ^ (1 / 15) of it are left.
  rig.run(1);
  assert.deepEqual(
    [rig.text(1), rig.text(2)],
    [(3600 * (1 - 0.1 ** 4) * 0.1 ** (1 / 15)).toFixed(0), "2026-01-01 01:01:00"],
  );
  rig.run(60);
  assert.equal(rig.text(2), "2026-01-01 01:01:00");
});

test("past demand is that of the last whole interval, also after one that was cut", () => {
  const rig = revenueRig(normal(register(1, { type: "pastDemand", measure: measure("W") })), (minute) => ({
    w: minute < 30 ? 3000 : 5000,
    q: 0,
  }));
  const seen: string[] = [];
  for (let k = 1; k <= 12; k++) {
    rig.run(5);
    if (k === 6) rig.meter.setTime(rig.meter.utc + 1000, "admin");
    seen.push(rig.text(1));
  }
  // Sub-intervals are whole from 00:05 on, and after the set at 00:30 from 00:35 on.
  assert.deepEqual(seen, ["0", "0", "0", "3000", "3000", "3000", "3000", "3000", "3000", "5000", "5000", "5000"]);
});

test("what a demand register has of the running interval outlasts a configuration that is none of its", () => {
  const store = new MemoryStore().drawer("meter");
  const configuration = {
    ...plain,
    ...normal(
      register(1, { type: "presentDemand", measure: measure("W"), decimals: 3 }),
      register(2, { type: "predictedDemand", measure: measure("W"), decimals: 3 }),
      register(3, { type: "pastDemand", measure: measure("W"), decimals: 3 }),
      register(4, { type: "thermalDemand", measure: measure("W"), decimals: 3 }),
    ),
  };
  const options = {
    name: "meter",
    source: new MinuteLoads((minute) => ({ w: 1000 + 100 * minute, q: 0 })),
    store,
    transformers: { pt: 1, ct: 1 },
    startingCurrent: 0.002,
  };
  const utc = Date.parse("2026-01-01T00:00:00Z");
  const first = new RevenueMeter({ ...options, elapsed: 0, utc, configuration });
  first.advance(37 * 60_000);
  first.settle();
  const applied = { by: { by: "test" }, registers: false, profiles: false, pulses: false };
  const second = new RevenueMeter({ ...options, elapsed: first.elapsed, utc: first.utc, configuration, applied });
  const shown = (meter: RevenueMeter): string[] => [1, 2, 3, 4].map((id) => meter.registers.reading(id)!.text);
  assert.deepEqual(shown(second), shown(first));
  // Minutes 20 to 34 are the last whole interval; of the running one 25 to 34 are closed, and 35 and 36 run.
  assert.equal(shown(second)[2], (1000 + (100 * (20 + 34)) / 2).toFixed(3));
  const running = (1000 + 3500 + 1000 + 3600) / 60;
  const closed = Array.from({ length: 10 }, (_, k) => (1000 + 100 * (25 + k)) / 60).reduce((a, b) => a + b, 0);
  assert.equal(shown(second)[0], ((closed + running) * 4).toFixed(3));
  assert.equal(shown(second)[1], ((closed + (running * 5) / 2) * 4).toFixed(3));
});

test("a reading has what its screen shows, its unit and scale, and the instant with its offset", () => {
  const rig = revenueRig(
    {
      ...normal(
        register(1, { units: "kilo", digits: 4, decimals: 2 }),
        register(2, { units: "mega", type: "peakDemand", measure: measure("W"), digits: 6, decimals: 4 }),
        register(3, { type: "instantaneous", units: "kilo", measure: measure("PF"), digits: 5, decimals: 3 }),
        register(4, { type: "instantaneous", measure: measure("W"), digits: 3 }),
        register(5, { measure: measure("Wh", "net"), digits: 3, leading: "zeros" }),
        register(6, { type: "timeOfPeak", measure: measure("W"), of: 2 }),
        { id: 7, label: "last reset", selfRead: false, type: "lastBillingReset" },
        { id: 8, label: "bits", selfRead: false, type: "triggerBits" },
        { id: 9, label: "rate", selfRead: false, type: "rate" },
      ),
      timekeeping: { ...plain.timekeeping, utcOffsetMinutes: -300, daylightSaving: eastern },
    },
    (minute) => ({ w: minute < 1800 ? 3600 : -7205, q: 0 }),
    { utc: "2026-07-01T04:00:00Z" },
  );
  rig.run(1830);
  const read = (id: number) => rig.meter.registers.reading(id)!;
  // 108 kWh in thirty hours: four digits of which two stand behind the point begin again at 100.
  assert.deepEqual(
    [read(1).text, read(1).value, read(1).counts, read(1).unit, read(1).scale],
    ["8.00", 8, 800n, "kWh", 1000],
  );
  assert.deepEqual([read(2).text, read(2).counts, read(2).unit, read(2).scale], ["0.0036", 36n, "MW", 1e6]);
  assert.deepEqual([read(3).text, read(3).unit, read(3).scale], ["0.000", "", 1], "nothing is delivered now");
  assert.deepEqual([read(4).text, read(4).counts], ["0", 0n]);
  // 108,000 Wh less 7205 W for half an hour, in three digits: 104,397.5.
  assert.deepEqual([read(5).text, read(5).counts, read(5).unit], ["397", 397n, "Wh"]);
  const peak = Date.parse("2026-07-01T04:20:00Z");
  assert.deepEqual(read(6).time, { utc: peak, offsetMinutes: -240, daylightSaving: true, synchronised: true });
  assert.deepEqual([read(6).text, read(6).value], ["2026-07-01 00:20:00", peak / 1000 - 4 * 3600]);
  assert.deepEqual(
    [read(7).text, read(7).value, read(7).time, read(7).valid],
    ["never", undefined, undefined, "invalid"],
  );
  assert.deepEqual([read(8).text, read(8).value, read(8).counts], ["0x0000", 0, 0n]);
  assert.deepEqual([read(9).text, read(9).value, read(9).counts], ["none", undefined, undefined]);
  assert.deepEqual(read(1).at, {
    utc: Date.parse("2026-07-02T10:30:00Z"),
    offsetMinutes: -240,
    daylightSaving: true,
    synchronised: true,
  });
  rig.run(1440);
  assert.deepEqual([read(5).text, read(5).counts], ["-522", -522n], "104,397.5 less 172,920 Wh is -68,522.5");
});

test("leading zeros, and a register of four digits at 10,960 kWh", () => {
  const rig = revenueRig(
    normal(
      register(1, { units: "kilo", digits: 4, leading: "zeros" }),
      register(2, { units: "kilo", digits: 4 }),
      register(3, { units: "kilo", digits: 6, decimals: 2, leading: "zeros" }),
    ),
    () => ({ w: 10_960_000, q: 0 }),
  );
  rig.run(60);
  const counts = [1, 2, 3].map((id) => rig.meter.registers.reading(id)!.counts);
  assert.deepEqual([1, 2, 3].map(rig.text), ["0960", "960", "0960.00"]);
  assert.deepEqual(
    [1, 2].map((id) => rig.value(id).toFixed(6)),
    ["960.000000", "960.000000"],
  );
  assert.deepEqual(counts, [960n, 960n, 96_000n]);
});

test("a freeze keeps whole readings with their instant, also for the next process", () => {
  const store = new MemoryStore().drawer("meter");
  const changes = normal(
    register(1, { digits: 5, decimals: 1 }),
    register(2, { storage: "billingReset" }),
    register(3, { type: "timeOfPeak", measure: measure("W"), of: 4 }),
    register(4, { type: "peakDemand", measure: measure("W") }),
  );
  const rig = revenueRig(changes, undefined, { store });
  rig.run(30);
  rig.meter.billing.reset("reader");
  rig.run(30);
  rig.meter.billing.freeze("reader");
  rig.meter.settle();
  const frozen = revenueRig(changes, undefined, { store }).meter.registers.frozen;
  assert.deepEqual(frozen, rig.meter.registers.frozen);
  const at = (id: number) => frozen.find((one) => one.id === id)!;
  assert.deepEqual([at(1).text, at(1).counts, at(1).at.utc], ["3600.0", 36_000n, Date.parse("2026-01-01T01:00:00Z")]);
  assert.deepEqual([at(2).text, at(2).at.utc], ["1800", Date.parse("2026-01-01T00:30:00Z")], "of the billing reset");
  assert.equal(at(3).time?.utc, Date.parse("2026-01-01T00:35:00Z"));
});

test("a freeze of an earlier version goes on as far as it said something", () => {
  const store = new MemoryStore().drawer("meter");
  store.put("frozen", new TextEncoder().encode('[{"id":1,"label":"kWh","value":72.25,"text":"72.250"}]'));
  const rig = revenueRig(normal(register(1, { units: "kilo", decimals: 3 })), undefined, { store });
  const [one] = rig.meter.registers.frozen;
  assert.deepEqual(
    [one?.text, one?.value, one?.counts, one?.unit, one?.valid],
    ["72.250", 72.25, 72_250n, "kWh", "questionable"],
  );
});

const profile = (of: Measure, km: number, data: "counts" | "engineering") => ({
  profiles: [{ ...plain.profiles[0]!, data, channels: [{ measure: of, km, records: "always" as const }] }],
});

test("counts of what flows back are as many as of what flows: averages are cut towards zero as energies are", () => {
  for (const sign of [1, -1]) {
    const load = () => ({ w: sign * 1999, q: 0 });
    const average = revenueRig(profile(measure("W", "bidirectional"), 100, "counts"), load);
    const energy = revenueRig(profile(measure("Wh", "net"), 100, "counts"), load);
    for (const rig of [average, energy]) rig.run(15);
    assert.equal(average.meter.profiles[0]!.records()[0]!.values[0], sign * 19);
    // 499.75 Wh.
    assert.equal(energy.meter.profiles[0]!.records()[0]!.values[0], sign * 4);
  }
});

test("engineering values read the same before and after a restart, and more than 2^32 of an interval is told", () => {
  const store = new MemoryStore().drawer("meter");
  const changes = profile(measure("Wh"), 1, "engineering");
  const rig = revenueRig(changes, (minute) => ({ w: minute < 15 ? 3600.1 : 2e10, q: 0 }), { store });
  rig.run(45);
  const before = rig.meter.profiles[0]!.records();
  rig.meter.settle();
  const after = revenueRig(changes, undefined, { store }).meter.profiles[0]!.records();
  assert.deepEqual(after.slice(0, 3), before);
  assert.deepEqual(
    before.map(({ values, status }) => [values[0], status & 1]),
    [
      [Math.fround(900.025), 0],
      [4_294_967_296, 1],
      [4_294_967_296, 1],
    ],
  );
  assert.equal(rig.meter.status.bits & 8, 8);
});
