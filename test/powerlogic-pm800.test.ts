/** The Power Meter 800: register 4126, least and largest readings by month, demands with their times, its output and input, ranges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { powerlogicCm2000 } from "#model/powerlogic-cm2000.ts";
import { powerlogicCm4000 } from "#model/powerlogic-cm4000.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import type { MeterModel } from "#model/model.ts";
import { FixedMapSurface } from "#product/fixed-map/surface.ts";
import { MemoryStore } from "#store/store.ts";
import type { LiveReading } from "#waveform/live.ts";
import { feeder, live, reading, rig, samplesOf, stepsOf, type Rig, type RigOptions } from "./rig.ts";

const NONE = 0x8000;

function fed(model: MeterModel = powerlogicPm800, changes: Partial<LiveReading> = {}, options: RigOptions = {}) {
  const source = live();
  source.push({ ...reading, ...changes });
  return { ...rig({ source, model, settings: feeder, ...options }), source };
}

/** A command through the interface: its result. */
function command(meter: Rig, code: number, ...parameters: number[]): number {
  meter.write(8017, 8020, 8021, 8022);
  if (parameters.length > 0) meter.write(8001, ...parameters);
  assert.equal(meter.write(8000, code), 0);
  meter.run(1);
  return meter.u16(8021);
}

/** A command of one register; 0, or the exception. */
function tell(meter: Rig, code: number): number {
  const answer = meter.write(4126, code);
  meter.run(1);
  return answer;
}

/** Three registers as month, day, year, hour, minute, second; undefined where there is no such time. */
function timeAt(meter: Rig, register: number): readonly number[] | undefined {
  const words = meter.words(register, 3);
  if (words.every((word) => word === NONE)) return undefined;
  const bytes = words.flatMap((word) => [word >> 8, word & 0xff]);
  return bytes.with(2, (bytes[2] ?? 0) + 1900);
}

test("4126 takes the commands of Table B-4 and no others: exception 03", () => {
  const table = [666, 1115, 3211, 3320, 3321, 3361, 3365, 6209, 10_001, 14_255, 21_212, 30_078];
  const meter = fed();
  for (let code = 0; code <= 0xffff; code++) {
    assert.equal(meter.write(4126, code), table.includes(code) ? 0 : 3, String(code));
  }
  assert.equal(meter.u16(4126), 0);
});

test("666 restarts demand, 21212 sets the peaks to 0, 30078 clears the energies, 1115 starts the meter again", () => {
  const meter = fed();
  meter.set({ demandSubInterval: 60 });
  meter.run(3600);
  assert.deepEqual(
    [2151, 2154].map((register) => meter.u16(register)),
    [6100, 6100],
  );
  assert.equal(tell(meter, 21_212), 0);
  assert.equal(meter.u16(2154), 0);
  assert.equal(timeAt(meter, 2155), undefined);
  assert.deepEqual(timeAt(meter, 1850), [1, 1, 2026, 1, 0, 1]);
  assert.equal(tell(meter, 666), 0);
  assert.equal(meter.u16(2151), NONE);
  assert.equal(tell(meter, 30_078), 0);
  assert.deepEqual(meter.words(1700, 4), [0, 0, 0, 0]);
  assert.deepEqual(timeAt(meter, 3274), [1, 1, 2026, 1, 0, 3]);
  const starts = meter.instrument.counts.powerUps;
  assert.equal(tell(meter, 1115), 0);
  assert.equal(meter.instrument.counts.powerUps, starts + 1);
});

test("6209 in 4126 gives 4000 to 4005 what stands in 7016 to 7021; the energies of 1716 on follow", () => {
  const meter = fed();
  meter.run(10);
  // Scale -2 of 83.1 kW: hundredths of a kWh. 70,000.12 kWh, 3.45 kVAh, 65,536.00 kVARh.
  assert.equal(meter.i16(4108), -2);
  assert.equal(meter.write(7016, 106, 53_196, 0, 345, 100, 0), 0);
  assert.deepEqual(meter.words(7016, 6), [106, 53_196, 0, 345, 100, 0]);
  assert.equal(meter.u32(4000), 16, "nothing happens before the command: 169 Wh are 16 hundredths");
  assert.equal(tell(meter, 6209), 0);
  assert.deepEqual(
    [4000, 4002, 4004].map((register) => meter.u32(register)),
    [7_000_012, 345, 6_553_600],
  );
  // 70,000,120 Wh; 65,536,000 varh; 3,450 VAh.
  assert.deepEqual(meter.words(1716, 12), [120, 7000, 0, 0, 6000, 6553, 0, 0, 3450, 0, 0, 0]);
  assert.deepEqual(timeAt(meter, 3290)?.slice(3), [0, 0, 11]);
  meter.run(3600);
  assert.equal(meter.u32(4000), 7_006_112);
});

test("6209 refuses what 4000 to 4005 cannot show: exception 03, and nothing changes", () => {
  const said: string[] = [];
  const meter = fed(powerlogicPm800, {}, { refused: (what) => said.push(what) });
  meter.run(10);
  // Two registers with a sign: 2,147,483,647 is the largest.
  assert.equal(meter.write(7016, 0, 1234, 0, 345, 0x8000, 0), 0);
  assert.equal(tell(meter, 6209), 3);
  assert.deepEqual([meter.u32(4000), meter.u32(4004)], [18, 5]);
  assert.equal(timeAt(meter, 3290), undefined);
  assert.deepEqual(said, [
    "write to register 4126: what it presets, 7020: expected at most 2147483647, the largest that 4004 shows; found 2147483648",
  ]);
  assert.equal(meter.write(7020, 0x7fff, 0xffff), 0);
  assert.equal(tell(meter, 6209), 0);
  assert.deepEqual([meter.u32(4000), meter.u32(4002), meter.u32(4004)], [1234, 345, 0x7fffffff]);
});

test("each block is read whole, with -32768 where the meter has nothing; around it is exception 02", () => {
  const blocks: readonly (readonly [model: MeterModel, first: number, last: number, nothing: readonly number[]])[] = [
    [powerlogicPm800, 1840, 1847, [1842, 1843, 1844]],
    [powerlogicPm800, 3200, 3232, [3203, 3204, ...Array.from({ length: 17 }, (_, k) => 3215 + k)]],
    // 63230-507-201A1 has 4105 to 4112 and 4117 to 4128 for the 750: what of it the PM800 has not is not there.
    [powerlogicPm800, 4105, 4128, [4109, ...Array.from({ length: 14 }, (_, k) => 4112 + k), 4127]],
    [powerlogicCm4000, 3200, 3232, [3203, 3204, ...Array.from({ length: 17 }, (_, k) => 3215 + k)]],
  ];
  for (const [model, first, last, nothing] of blocks) {
    const meter = fed(model);
    meter.run(1);
    const words = meter.words(first, last - first + 1);
    const found = words.flatMap((word, k) => (word === NONE ? [first + k] : []));
    assert.deepEqual(found, nothing, `${model.name}, ${first}`);
    for (const register of nothing) assert.equal(meter.write(register, 0), 2, `${register} takes nothing`);
    assert.throws(() => meter.words(first, last - first + 2), /is refused with 2/);
  }
});

test("revenue security seals what 4126 would do to the energies", () => {
  const meter = fed();
  meter.run(3600);
  assert.equal(command(meter, 1411), 0);
  for (const code of [6209, 30_078]) assert.equal(tell(meter, code), 3, String(code));
  assert.equal(meter.words(1700, 2)[1], 6);
});

test("scratch registers are lost with the supply, and refuse nothing", () => {
  const store = new MemoryStore();
  const meter = fed(powerlogicPm800, {}, { store });
  assert.equal(meter.write(7016, 0xffff), 0);
  meter.instrument.close();
  assert.equal(fed(powerlogicPm800, {}, { store, settings: {} }).u16(7016), 0);
});

test("the usage timer runs while a phase carries more than 0.1 A, and 10001 clears it", () => {
  const meter = fed();
  meter.run(3600 + 59 * 60 + 59);
  assert.deepEqual([meter.u16(4110), meter.u16(4111)], [1, 59]);
  meter.source.push({ ...reading, amps: [0.1, 0.05, 0], watts: [0, 0, 0], vars: [0, 0, 0] });
  meter.run(3600);
  assert.deepEqual([meter.u16(4110), meter.u16(4111)], [1, 59]);
  meter.source.push({ ...reading, amps: [0, 0.11, 0], watts: [0, 0, 0], vars: [0, 0, 0] });
  meter.run(1);
  assert.deepEqual([meter.u16(4110), meter.u16(4111)], [2, 0]);
  assert.equal(tell(meter, 10_001), 0);
  assert.deepEqual([meter.u16(4110), meter.u16(4111)], [0, 0]);
});

test("the output counts what turns it on and how long it is on; the input what its hardware does", () => {
  const meter = fed();
  const surface = new FixedMapSurface(meter, meter.clock, () => undefined);
  const near = surface.open({ protocol: "http", port: "site", near: true });
  assert.deepEqual([meter.u16(4300), meter.u16(4330)], [201, 102]);
  assert.equal(tell(meter, 3321), 0);
  meter.run(9);
  assert.equal(tell(meter, 3321), 0, "it is on already: no transition");
  assert.deepEqual([meter.u16(4325), meter.u32(4326), meter.u32(4328)], [1, 1, 11]);
  assert.deepEqual(surface.channels[0], { channel: 1, mode: "outputStatus", closed: true, count: 1 });
  assert.equal(tell(meter, 3320), 0);
  assert.equal(command(meter, 3321, 1), 0);
  assert.deepEqual([meter.u16(4325), meter.u32(4326)], [1, 2]);
  assert.equal(command(meter, 3320, 2), 82, "there is no second output");
  assert.equal(tell(meter, 3361), 0);
  assert.deepEqual([meter.u16(4325), meter.u32(4326)], [1, 0]);

  assert.deepEqual(surface.obey({ command: "input", channel: 2, closed: true }, near), {
    done: true,
    consequences: [],
  });
  assert.deepEqual(surface.obey({ command: "pulses", channel: 2, count: 6 }, near), { done: true, consequences: [] });
  assert.match(JSON.stringify(surface.obey({ command: "input", channel: 1, closed: true }, near)), /expected 2/);
  meter.run(3);
  assert.deepEqual([meter.u16(4355), meter.u32(4356), meter.u32(4358)], [1, 7, 3]);
  assert.equal(tell(meter, 3365), 0);
  assert.equal(meter.u32(4356), 0);
  const far = surface.open({ protocol: "http", port: "site", near: false });
  assert.ok("refused" in surface.obey({ command: "input", channel: 2, closed: false }, far));
});

/** Volts and amps of a phase that is worst for a second each. */
function disturbed(clock = new VirtualClock(Date.UTC(2026, 0, 31, 23, 59, 50)), store = new MemoryStore()) {
  const meter = fed(powerlogicPm800, {}, { clock, store });
  meter.run(2);
  meter.source.push({ ...reading, volts: [270.4, 276.4, 278.3], amps: [80.2, 75.7, 99.1] });
  meter.run(1);
  meter.source.push({ ...reading, volts: [277.1, 285.6, 278.3], amps: [80.2, 60.3, 90.9], watts: [9000, 8000, 7000] });
  meter.run(1);
  meter.source.push(reading);
  meter.run(2);
  return { ...meter, store };
}

test("least and largest readings have their phase and time: in ten registers each", () => {
  const meter = disturbed();
  // Volts to neutral, tenths: least 270.4 of A at 23:59:53, largest 285.6 of B at 23:59:54.
  assert.deepEqual(timeAt(meter, 1310), [1, 31, 2026, 23, 59, 53]);
  assert.deepEqual(meter.words(1313, 2), [2704, 1]);
  assert.deepEqual(timeAt(meter, 1315), [1, 31, 2026, 23, 59, 54]);
  assert.deepEqual(meter.words(1318, 2), [2856, 2]);
  // Amps: least 60.3 of B, largest 99.1 of C.
  assert.deepEqual(
    [meter.words(1323, 2), meter.words(1328, 2)],
    [
      [6030, 2],
      [9910, 3],
    ],
  );
  // kW: least 24, largest 61; no phase. kvar: 18 always.
  assert.deepEqual(
    [meter.words(1373, 2), meter.words(1378, 2)],
    [
      [2400, NONE],
      [6100, NONE],
    ],
  );
  assert.deepEqual([meter.u16(1383), meter.u16(1388)], [1800, 1800]);
  // Live readings have neither displacement nor distortion.
  assert.deepEqual(
    [...new Set([...meter.words(1360, 10), ...meter.words(1400, 10), ...meter.words(1410, 20)])],
    [NONE],
  );
  assert.deepEqual([meter.u16(1433), meter.u16(1438)], [5997, 5997]);
});

test("when a month ends its readings move to the previous month's registers, and the new one begins", () => {
  const meter = disturbed();
  assert.deepEqual([...new Set(meter.words(1450, 130))], [NONE]);
  meter.run(6);
  assert.deepEqual(timeAt(meter, 1460), [1, 31, 2026, 23, 59, 53]);
  assert.deepEqual(
    [meter.words(1463, 2), meter.words(1468, 2)],
    [
      [2704, 1],
      [2856, 2],
    ],
  );
  // Midnight's own second is the new month's.
  assert.deepEqual(timeAt(meter, 1310), [2, 1, 2026, 0, 0, 0]);
  assert.deepEqual(
    [meter.words(1313, 2), meter.words(1318, 2)],
    [
      [2764, 2],
      [2783, 3],
    ],
  );
  assert.deepEqual(timeAt(meter, 3270), [2, 1, 2026, 0, 0, 0]);
});

test("4110 resets the month that it names, 14255 both; what goes on is taken anew though nothing changes", () => {
  const meter = disturbed();
  meter.run(10);
  assert.equal(command(meter, 4110, 2), 0);
  assert.deepEqual([...new Set(meter.words(1450, 130))], [NONE]);
  meter.source.push({ ...reading, hz: 60.5 });
  meter.run(1);
  meter.source.push(reading);
  meter.run(3);
  assert.equal(meter.u16(1438), 6050);
  assert.equal(command(meter, 4110, 1), 0);
  assert.equal(meter.u16(1438), 5997);
  assert.equal(command(meter, 4110, 3), 82);
  assert.equal(tell(meter, 14_255), 0);
  assert.deepEqual([meter.u16(1433), meter.u16(1438)], [5997, 5997]);
});

test("extremes outlive a power failure", () => {
  const { store } = disturbed();
  const clock = new VirtualClock(Date.UTC(2026, 0, 31, 23, 59, 58));
  const again = fed(powerlogicPm800, {}, { store, clock, settings: {} });
  assert.deepEqual(
    [again.words(1313, 2), again.words(1318, 2)],
    [
      [2704, 1],
      [2856, 2],
    ],
  );
});

test("the least power factor lags most, the largest leads most", () => {
  const meter = fed();
  for (const vars of [6000, 20_000, -4000, -15_000]) {
    meter.source.push({ ...reading, watts: [20_000, 20_000, 20_000], vars: [vars, vars, vars] });
    meter.run(1);
  }
  // cos atan(1) = 0.707 lagging, cos atan(3/4) = 0.8 leading.
  assert.deepEqual([meter.u16(1353), meter.u16(1358)], [0x8000 | 707, 800]);
});

test("unity has no sign bit, whatever the last digit of the vars is", () => {
  const changes: Partial<Parameters<typeof stepsOf>[0]> = { lag: [0, 0, 0] };
  for (const source of [
    stepsOf(changes),
    samplesOf(changes, powerlogicPm800),
    samplesOf({ ...changes, noise: 0.001 }, powerlogicPm800),
  ]) {
    const meter = rig({ source, model: powerlogicPm800, settings: feeder });
    for (let second = 0; second < 20; second++) {
      meter.run(1);
      assert.deepEqual(meter.words(1160, 4), [1000, 1000, 1000, 1000]);
    }
  }
  // 0.9994 is not unity: 20 kW at 0.7 kvar lag, at -0.7 kvar lead. The vars themselves are never hidden.
  const amps = [20_012.25 / 277.1, 20_012.25 / 276.4, 20_000 / 278.3];
  const meter = fed(powerlogicPm800, { amps, watts: [20_000, 20_000, 20_000], vars: [700, -700, 10] });
  meter.run(1);
  assert.deepEqual(meter.words(1160, 3), [0x8000 | 999, 999, 1000]);
  assert.deepEqual(meter.words(1144, 3), [70, 0x10000 - 70, 1]);
});

test("a current's demand is thermal: 90 % of the way after an interval; its peak has a time", () => {
  const meter = fed();
  meter.set({ ampsDemandInterval: 1 });
  meter.run(60);
  // 90 % of 80.2, 75.7, 90.9 A.
  assert.deepEqual(
    [2101, 2111, 2121].map((register) => meter.u16(register)),
    [7218, 6813, 8181],
  );
  meter.run(60);
  assert.equal(meter.u16(2101), 7940, "99 % of 80.2");
  meter.source.push({ ...reading, amps: [10, 11, 12] });
  meter.run(60);
  // 10 + (79.398 - 10) / 10.
  assert.deepEqual([meter.u16(2101), meter.u16(2103)], [1694, 7940]);
  assert.deepEqual(timeAt(meter, 2104), [1, 1, 2026, 0, 2, 0]);
  assert.equal(command(meter, 5211), 0);
  assert.ok(meter.u16(2103) < 1694 && meter.u16(2103) > 1600, "the peak began at 0");
  assert.equal(command(meter, 5111), 0);
  // A second of a minute's interval: 10 A x (1 - 0.1^(1/60)).
  assert.equal(meter.u16(2101), 38);
});

test("a peak demand has its time, of the interval's end", () => {
  const meter = fed();
  meter.set({ demandSubInterval: 60 });
  meter.run(60);
  meter.source.push({ ...reading, watts: [30_000, 30_000, 30_000] });
  meter.run(60);
  meter.source.push(reading);
  meter.run(120);
  assert.deepEqual([meter.u16(2151), meter.u16(2154)], [6100, 9000]);
  assert.deepEqual(timeAt(meter, 2155), [1, 1, 2026, 0, 2, 0]);
});

test("a scale factor that a session has fixed is that of its registers alone, until it follows the ratings again", () => {
  const meter = fed();
  meter.set({ demandSubInterval: 60 });
  meter.run(60);
  assert.deepEqual(
    [1100, 1120, 1143, 2151, 2153].map((register) => meter.u16(register)),
    [8020, 4793, 6100, 6100, 6100],
  );
  assert.equal(command(meter, 9020), 0);
  assert.equal(meter.write(3209, 0), 0);
  assert.equal(meter.write(3212, 0, 0, 1), 0);
  assert.deepEqual([meter.i16(3209), meter.u16(1100)], [0, 8020], "proposed, not in force");
  assert.equal(command(meter, 9021, 1), 0);
  meter.run(1);
  // 80 A, 479 V, 6 x 10 kW; the neutral's own scale is as before.
  assert.deepEqual(
    [1100, 1120, 1143, 2151].map((register) => meter.u16(register)),
    [80, 479, 6, 6],
  );
  assert.deepEqual(
    meter.words(3209, 6).map((word) => (word << 16) >> 16),
    [0, -2, -2, 0, 0, 1],
  );
  // Energies have a scale of their own, which follows the ratings.
  assert.equal(meter.i16(4108), -2);
  assert.equal(command(meter, 9020), 0);
  assert.equal(meter.write(3209, 127), 0);
  assert.equal(command(meter, 9021, 1), 0);
  meter.run(1);
  assert.deepEqual([meter.i16(3209), meter.u16(1100)], [-2, 8020]);
});

test("running averages, what the interval will have been, and the seconds of it that have passed", () => {
  for (const model of [powerlogicPm800, powerlogicCm4000]) {
    const meter = fed(model);
    meter.set({ demandSubInterval: 60 });
    meter.run(30);
    meter.source.push({ ...reading, watts: [10_000, 10_000, 10_000], vars: [0, 0, 0], amps: [10, 20, 30] });
    meter.run(6);
    // 9 s of 61 kW and 6 s of 30 kW; 18 and 0 kvar; 80.2 and 10 A.
    assert.deepEqual(
      [2152, 2167, 2102].map((register) => meter.u16(register)),
      [4860, 1080, 5212],
    );
    // 30 s at 61 kW, 6 s at 30 kW, 24 s at 48.6 kW: 61 x 30 + 30 x 6 + 48.6 x 24 = 3176.4 kW s.
    assert.equal(meter.u16(2153), 5294);
    assert.deepEqual(meter.words(1845, 3), [15, 36, 36]);
    meter.run(23);
    // 30 s at 61 kW, 29 s and the last second at 30 kW.
    assert.deepEqual(
      [2152, 2153, 2168].map((register) => meter.u16(register)),
      [3000, 4550, 900],
    );
    meter.run(1);
    assert.deepEqual(
      [2151, 1846].map((register) => meter.u16(register)),
      [4550, 0],
    );
    assert.equal(meter.u16(2153), 3000);
    assert.equal(meter.u16(1840), 2);
  }
});

test("a peak has the power factor and the other powers of its interval, through a power failure", () => {
  const store = new MemoryStore();
  const meter = fed(powerlogicPm800, {}, { store });
  meter.set({ demandSubInterval: 60 });
  assert.deepEqual(meter.words(2161, 3), [NONE, NONE, NONE]);
  meter.run(60);
  // 61 kW and 18 kvar make 63.6 kVA: 0.959 lagging, and the same interval is all three peaks.
  assert.deepEqual(meter.words(2161, 3), [0x8000 | 959, 1800, 6360]);
  // 30 kW and 40 kvar: a new peak of the kvar only, 0.6 at 50 kVA.
  meter.source.push({ ...reading, watts: [10_000, 10_000, 10_000], vars: [15_000, 15_000, 10_000] });
  meter.run(60);
  assert.deepEqual(meter.words(2161, 3), [0x8000 | 959, 1800, 6360]);
  assert.deepEqual(meter.words(2176, 3), [0x8000 | 600, 3000, 5000]);
  assert.deepEqual(meter.words(2191, 3), [0x8000 | 959, 6100, 1800]);
  meter.instrument.close();
  const again = fed(powerlogicPm800, {}, { store, settings: {} });
  assert.deepEqual(again.words(2176, 3), [0x8000 | 600, 3000, 5000]);
  assert.equal(command(again, 5213), 0);
  assert.deepEqual(again.words(2176, 3), [NONE, NONE, NONE]);
});

test("the Series 2000 has the power factors of its peaks, and predicts", () => {
  const meter = fed(powerlogicCm2000);
  meter.set({ demandSubInterval: 60 });
  meter.run(61);
  assert.deepEqual(
    [1735, 1739, 1743].map((register) => meter.u16(register)),
    Array(3).fill(0x8000 | 959),
  );
  assert.deepEqual(meter.words(1746, 3), [6100, 1800, 6360]);
});

test("the floating-point registers hold numbers while 3248 is 1, the most significant register first", () => {
  const meter = fed();
  meter.run(1);
  assert.equal(meter.u32(11_700), 0x7fc00000, "off as delivered");
  assert.equal(command(meter, 9020), 0);
  assert.equal(meter.write(3248, 1), 0);
  assert.equal(command(meter, 9021, 1), 0);
  meter.run(1);
  // 80.2 is 0x42A06666: 1.253125 x 2^6.
  assert.deepEqual(meter.words(11_700, 2), [0x42a0, 0x6666]);
  const float = (register: number): number => {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, meter.u32(register));
    return view.getFloat32(0);
  };
  // 479.3 + 480.6 + 481.9 = 1441.8 V; 61 kW, 18 kvar, root of both squares 63,600.3 VA; 0.9591, lagging.
  assert.ok(Math.abs(float(11_718) - 480.6) < 1e-3);
  assert.deepEqual([11_736, 11_744].map(float), [61_000, 18_000]);
  assert.ok(Math.abs(float(11_752) - 63_600.3) < 0.1);
  assert.ok(Math.abs(float(11_760) + 0.9591) < 1e-4);
  assert.ok(Math.abs(float(11_762) - 59.97) < 1e-5);
  assert.deepEqual([11_708, 11_726].map(float), [NaN, NaN], "neither ground amperes nor neutral to ground");
  meter.set({ floatRegisters: 0 });
  meter.run(1);
  assert.ok(Number.isNaN(float(11_736)));
});

test("settings take the ranges of their lists and nothing else, in a session", () => {
  const ranges: readonly (readonly [register: number, good: readonly number[], bad: readonly number[]])[] = [
    [1801, [1, 60], [0, 61]],
    [1841, [1, 60], [0, 61, 545]],
    [3200, [10, 11, 12, 30, 31, 40], [0, 13, 41]],
    [3201, [1, 32_767], [0, 32_768]],
    [3202, [1, 5], [0, 2, 6]],
    [3205, [1, 32_767], [0, 32_768]],
    [3206, [0xffff, 0, 2], [0xfffe, 3]],
    [3207, [100, 110, 115, 120], [0, 99, 230]],
    [3208, [50, 60, 400], [0, 55]],
    [3209, [0xfffe, 0, 1], [0xfffd, 2]],
    [3212, [0xfffe, 0, 2], [0xfffd, 3]],
    [3214, [0xfffd, 0, 3], [0xfffc, 4]],
    [3232, [0, 1], [2]],
    [3248, [0, 1], [2]],
    [4128, [0, 1], [2]],
  ];
  const meter = fed();
  for (const [register, good] of ranges)
    assert.equal(meter.write(register, good[0] ?? 0), 2, `${register} needs a session`);
  assert.equal(command(meter, 9020), 0);
  for (const [register, good, bad] of ranges) {
    for (const value of good) {
      assert.equal(meter.write(register, value), 0, `${register} = ${value}`);
      assert.equal(meter.u16(register), value);
    }
    for (const value of bad) assert.equal(meter.write(register, value), 3, `${register} = ${value}`);
  }
  assert.equal(command(meter, 9021, 1), 0);
  assert.deepEqual(
    [3206, 3208, 1841].map((register) => meter.u16(register)),
    [2, 400, 60],
  );
  // A circuit monitor has no single-phase systems.
  const monitor = fed(powerlogicCm4000);
  assert.equal(command(monitor, 9020), 0);
  assert.deepEqual(
    [10, 30, 31, 40].map((type) => monitor.write(3200, type)),
    [3, 0, 0, 0],
  );
});

test("a circuit monitor has the least 200 registers behind a reading and the largest 400, since they were reset", () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 31, 23, 59, 58));
  const meter = fed(powerlogicCm4000, {}, { clock });
  meter.run(1);
  meter.source.push({ ...reading, amps: [80.2, 10.5, 90.9], hz: 59.5 });
  meter.run(1);
  meter.source.push(reading);
  meter.run(1);
  for (const register of [1100, 1103, 1110, 1121, 1136, 1143, 1147, 1151, 1163, 1180]) {
    const [least, now, most] = [meter.u16(register + 200), meter.u16(register), meter.u16(register + 400)];
    assert.ok([least, most].includes(now), `${register}: ${now} between ${least} and ${most}`);
  }
  // It was another month, and does not matter.
  assert.deepEqual([meter.u16(1301), meter.u16(1501)], [1050, 7570]);
  assert.deepEqual([meter.u16(1380), meter.u16(1580)], [5950, 5997]);
  assert.equal(command(meter, 4110), 0);
  assert.deepEqual([meter.u16(1301), meter.u16(1501)], [7570, 7570]);
});

test("distortion of samples, in tenths of a percent, and its extremes", () => {
  const harmonics = { volts: [{ order: 5, percent: 3, degrees: 0 }], amps: [{ order: 3, percent: 10, degrees: 0 }] };
  const source = samplesOf({ harmonics }, powerlogicCm4000);
  const meter = rig({ source, model: powerlogicCm4000, settings: feeder });
  meter.run(3);
  assert.deepEqual(
    [meter.words(1200, 3), meter.words(1207, 3)],
    [
      [100, 100, 100],
      [30, 30, 30],
    ],
  );
  assert.deepEqual([meter.u16(1600), meter.u16(1607)], [100, 30]);
});

test("the clock's numbers one by one: a Thursday is the fifth day", () => {
  const meter = fed(powerlogicPm800, {}, { clock: new VirtualClock(Date.UTC(2026, 0, 1, 11, 6, 59)) });
  assert.deepEqual(meter.words(3093, 7), [1, 1, 2026, 11, 6, 59, 5]);
});
