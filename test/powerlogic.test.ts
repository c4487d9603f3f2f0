/** The PowerLogic meters seen whole: energies by ten-thousands, the command interface, sessions, the real-time block. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { powerlogicCm2000 } from "#model/powerlogic-cm2000.ts";
import { powerlogicCm3000 } from "#model/powerlogic-cm3000.ts";
import { powerlogicCm4000 } from "#model/powerlogic-cm4000.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import type { MeterModel } from "#model/model.ts";
import { MemoryStore } from "#store/store.ts";
import type { LiveReading } from "#waveform/live.ts";
import { feeder, live, reading, rig, type Rig, type RigOptions } from "./rig.ts";

/** 61 kW and 18 kvar, 63.6 kVA, on live readings. */
function fed(model: MeterModel = powerlogicPm800, changes: Partial<LiveReading> = {}, options: RigOptions = {}) {
  const source = live();
  source.push({ ...reading, ...changes });
  return { ...rig({ source, model, settings: feeder, ...options }), source };
}

const signed = (words: number[]): number[] => words.map((word) => (word << 16) >> 16);

/** A command as the procedures write it: pointers, parameters, code; then one calculation cycle. */
function command(meter: Rig, code: number, ...parameters: number[]): { echo: number; result: number } {
  meter.write(8017, 8020, 8021, 8022);
  meter.write(8020, 0xffff, 0xffff);
  if (parameters.length > 0) meter.write(8001, ...parameters);
  assert.equal(meter.write(8000, code), 0);
  meter.run(1);
  const [echo, result] = meter.words(8020, 2) as [number, number];
  return { echo, result };
}

/** 28 registers for seven energies; the groups of each, the least significant first. */
const groups = [
  [1111, 2222, 3333, 444],
  [5, 0, 7, 0],
  [9999, 9999, 9999, 9999],
  [1, 2, 3, 4],
  [-1, -2, -3, -4],
  [0, 0, 0, 0],
  [9, 9, 9, 9],
].flat();

function preset(meter: Rig, values: readonly number[] = groups): { echo: number; result: number } {
  meter.write(8022, ...values.map((value) => value & 0xffff));
  return command(meter, 6209);
}

test("an energy is four groups of four digits, the first register the least significant", () => {
  const meter = fed();
  meter.run(3600);
  // One hour: 61,000 Wh, 18,000 varh, 63,600.3 VAh.
  assert.deepEqual(meter.words(1700, 4), [1000, 6, 0, 0]);
  assert.deepEqual(meter.words(1704, 4), [8000, 1, 0, 0]);
  assert.deepEqual(meter.words(1708, 8), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(meter.words(1716, 8), [1000, 6, 0, 0, 8000, 1, 0, 0]);
  assert.deepEqual(meter.words(1724, 4), [3600, 6, 0, 0]);
});

test("the registers of the energies are Table 1's, of the Series 2000 in its own order", () => {
  const rows = readFileSync(new URL("manuals/powerlogic-energy-transfer.tsv", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));
  assert.equal(rows.length, 28);
  const printed = new Map([
    ["Real Energy In", "Wh.import"],
    ["Reactive Energy In", "varh.import"],
    ["Real Energy Out", "Wh.export"],
    ["Reactive Energy Out", "varh.export"],
    ["Real Energy Total", "Wh.total"],
    ["Reactive Energy Total", "varh.total"],
    ["Apparent Energy Total", "VAh.absolute"],
  ]);
  const holds = (model: MeterModel, register: number): unknown => {
    const row = model.modbus.map.blocks
      .flatMap((block) => block.rows)
      .find(([reg, , , format]) => format === "Mod10000 (4)" && register >= reg && register < reg + 4);
    return row?.[6];
  };
  for (const [name = "", modern, old, buffer] of rows) {
    assert.equal(holds(powerlogicCm2000, Number(old)), printed.get(name));
    for (const model of [powerlogicCm3000, powerlogicCm4000, powerlogicPm800]) {
      assert.equal(holds(model, Number(modern)), printed.get(name), `${model.name} ${modern}`);
    }
    // "Registers 8022 - 8049 coincide with the register order read from 1700 - 1727."
    assert.equal(Number(buffer) - 8022, Number(modern) - 1700);
  }
});

test("the Series 2000 has apparent energy before the totals", () => {
  const meter = fed(powerlogicCm2000);
  meter.run(3600);
  assert.deepEqual(
    meter.words(1601, 28),
    [
      [1000, 6],
      [8000, 1],
      [0, 0],
      [0, 0],
      [3600, 6],
      [1000, 6],
      [8000, 1],
    ].flatMap(([a, b]) => [a, b, 0, 0]),
  );
});

test("a circuit monitor answers what its list has, whole blocks of it; every other address is refused with 02", () => {
  const modern: readonly (readonly [from: number, to: number])[] = [
    [1100, 1249],
    [1284, 1297],
    [1300, 1427],
    [1500, 1627],
    [1700, 1727],
    [1801, 1801],
    [1840, 1847],
    [2101, 2146],
    [2150, 2193],
    [3034, 3036],
    [3093, 3099],
    [3200, 3232],
    [8000, 8149],
    [10_011, 10_028],
  ];
  const old: typeof modern = [
    [1000, 1099],
    [1201, 1273],
    [1401, 1473],
    [1601, 1628],
    [1701, 1748],
    [1800, 1877],
    [2001, 2077],
    [8000, 8149],
  ];
  for (const [model, spans] of [
    [powerlogicCm2000, old],
    [powerlogicCm3000, modern],
    [powerlogicCm4000, modern],
  ] as const) {
    const meter = fed(model);
    const out = new Uint8Array(2);
    for (let register = 1; register <= 65_536; register++) {
      const there = spans.some(([from, to]) => register >= from && register <= to);
      assert.equal(meter.registers.read(register - 1, 1, out, 0), there ? 0 : 2, `${model.name} ${register}`);
    }
  }
});

test("identification: id 250 and the texts; the vendor follows register 4128", () => {
  const meter = fed();
  const text = (hex: string): string => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
  const name = Buffer.from("PM8xx Power Meter").toString("hex");
  assert.equal(meter.ask("0001 0000 0002 01 11"), `0001 0000 0016 01 11 13 fa ff`.replaceAll(" ", "") + name);
  const who = () => text(meter.ask("0002 0000 0005 01 2b 0e 01 00"));
  assert.match(who(), /Schneider Electric.*PM8xx.*V11\.900/s);
  command(meter, 9020);
  assert.equal(meter.write(4128, 1), 0);
  command(meter, 9021, 1);
  assert.match(who(), /Square D.*PM8xx.*V11\.900/s);
  assert.equal(meter.u16(7001), 11_900);
});

test("no alarm is active, has latched or has been counted", () => {
  for (const model of [powerlogicCm3000, powerlogicCm4000, powerlogicPm800]) {
    const meter = fed(model);
    meter.run(1);
    assert.deepEqual(meter.words(10_011, 18), Array(18).fill(0), model.name);
  }
});

test("the procedure presets the energies, and they go on from there", () => {
  const meter = fed(powerlogicCm4000);
  meter.run(3600);
  assert.deepEqual(preset(meter), { echo: 6209, result: 0 });
  assert.deepEqual(signed(meter.words(1700, 28)), groups);
  meter.run(3600);
  // 61,000 Wh and 18,000 varh on top; out stays; the totals are absolute and rise, the negative one towards zero.
  const after = signed(meter.words(1700, 28));
  assert.deepEqual(after.slice(0, 8), [2111, 2228, 3333, 444, 8005, 1, 7, 0]);
  assert.deepEqual(after.slice(8, 16), [9999, 9999, 9999, 9999, 1, 2, 3, 4]);
  // -4,000,300,020,001 + 61,000 = -4,000,299,959,001.
  assert.deepEqual(after.slice(16, 20), [-9001, -9995, -2, -4]);
  assert.deepEqual(after.slice(20, 28), [8000, 1, 0, 0, 3609, 15, 9, 9]);
});

test("the energies roll over after sixteen digits", () => {
  const meter = fed();
  const full = groups.map(() => 9999);
  assert.equal(preset(meter, full).result, 0);
  assert.deepEqual(meter.words(1700, 28), full);
  meter.run(3600);
  // 9,999,999,999,999,999 + 61,000, less 10^16.
  assert.deepEqual(meter.words(1700, 4), [999, 6, 0, 0]);
});

test("a register outside -9999 to +9999 aborts the preset, and nothing has changed", () => {
  for (const wrong of [10_000, -10_000, 32_767, -32_768]) {
    for (const place of [0, 13, 27]) {
      const meter = fed();
      meter.run(60);
      assert.equal(preset(meter).result, 0);
      const before = meter.words(1708, 8);
      assert.deepEqual(preset(meter, groups.with(place, wrong)), { echo: 6209, result: 82 });
      assert.deepEqual(meter.words(1708, 8), before);
    }
  }
});

test("energies cannot be preset in any other way", () => {
  const meter = fed();
  meter.run(1);
  // The registers themselves are read-only; the command needs its data pointer, and room for all 28.
  assert.equal(meter.write(1700, 1), 2);
  meter.write(8022, ...groups.map((value) => value & 0xffff));
  meter.write(8017, 8020, 8021, 0);
  meter.write(8000, 6209);
  meter.run(1);
  assert.deepEqual(meter.words(8020, 2), [6209, 82]);
  meter.write(8017, 8020, 8021, 8123);
  meter.write(8000, 6209);
  meter.run(1);
  assert.deepEqual(meter.words(8020, 2), [6209, 82]);
  assert.deepEqual(meter.words(1708, 4), [0, 0, 0, 0]);
  // 8122 to 8149 is just enough.
  meter.write(8122, ...groups.map((value) => value & 0xffff));
  meter.write(8017, 8020, 8021, 8122);
  meter.write(8000, 6209);
  meter.run(1);
  assert.deepEqual(meter.words(8020, 2), [6209, 0]);
  assert.deepEqual(meter.words(1708, 4), [9999, 9999, 9999, 9999]);
});

test("the Series 2000 takes no preset: an invalid command", () => {
  assert.deepEqual(preset(fed(powerlogicCm2000)), { echo: 6209, result: 81 });
});

test("a pointer of 0 returns nothing", () => {
  const meter = fed();
  meter.write(8017, 0, 0, 0);
  meter.write(8020, 7, 7);
  meter.write(8000, 1210);
  meter.run(1);
  assert.deepEqual(meter.words(8020, 2), [7, 7]);
  meter.write(8018, 8100);
  meter.write(8000, 9999);
  assert.equal(meter.u16(8100), 81);
});

test("one block write carries pointers, data and code", () => {
  const meter = fed();
  const block = Array.from({ length: 50 }, () => 0);
  block.splice(17, 3, 8020, 8021, 8022);
  block.splice(22, 28, ...groups.map((value) => value & 0xffff));
  block[0] = 6209;
  assert.equal(meter.write(8000, ...block), 0);
  meter.run(1);
  assert.deepEqual(meter.words(8020, 2), [6209, 0]);
  assert.deepEqual(meter.words(1712, 4), [1, 2, 3, 4]);
});

test("presets outlive a power failure; a preset that was not acknowledged leaves the old readings", () => {
  const store = new MemoryStore();
  const first = fed(powerlogicPm800, {}, { store });
  assert.equal(preset(first).result, 0);
  const second = fed(powerlogicPm800, {}, { store, settings: {} });
  assert.deepEqual(signed(second.words(1700, 28)), groups);
  assert.deepEqual(second.words(8017, 5), [0, 0, 0, 0, 0]);
  second.write(8022, ...groups.map(() => 1));
  second.write(8017, 8020, 8021, 8022);
  second.write(8000, 6209);
  const third = fed(powerlogicPm800, {}, { store, settings: {} });
  third.run(1);
  assert.deepEqual(third.words(1708, 4), [9999, 9999, 9999, 9999]);
});

test("6210 clears all energies, presets included, and pulses go on", () => {
  const meter = fed();
  meter.run(3600);
  preset(meter);
  assert.deepEqual(command(meter, 6210), { echo: 6210, result: 0 });
  assert.deepEqual(
    meter.words(1700, 28),
    groups.map(() => 0),
  );
  meter.run(3600);
  assert.deepEqual(meter.words(1700, 4), [1000, 6, 0, 0]);
});

test("totals are absolute unless accumulation is signed; a change of mode moves nothing", () => {
  const back = { watts: [-20_000, -19_000, -22_000], vars: [-5000, -6000, -7000] };
  const meter = fed();
  meter.run(3600);
  meter.source.push({ ...reading, ...back });
  meter.run(1800);
  assert.deepEqual(meter.words(1708, 4), [500, 3, 0, 0]);
  assert.deepEqual(meter.words(1716, 4), [1500, 9, 0, 0]);
  meter.set({ energyAccumulation: 1 });
  assert.deepEqual(meter.words(1716, 4), [1500, 9, 0, 0]);
  assert.deepEqual(meter.words(1720, 4), [7000, 2, 0, 0]);
  meter.run(3600);
  assert.deepEqual(meter.words(1716, 8), [500, 3, 0, 0, 9000, 0, 0, 0]);
  meter.run(3600);
  assert.deepEqual(signed(meter.words(1716, 8)), [-500, -3, 0, 0, -9000, 0, 0, 0]);
});

test("the real-time block, in scale", () => {
  const meter = fed();
  meter.run(2);
  const [a, b, c, d, e, f] = [3209, 3210, 3211, 3212, 3213, 3214].map((register) => meter.i16(register));
  // 1.2 x 100 A, 480 V and 83.1 kW within 32,767 counts.
  assert.deepEqual([a, b, c, d, e, f], [-2, -2, -2, -1, -1, -2]);
  assert.deepEqual(meter.words(1100, 3), [8020, 7570, 9090]);
  assert.equal(meter.u16(1104), 0x8000);
  assert.equal(meter.u16(1105), 8227);
  // Averages 82.267 A: 2.5 %, 8.0 %, 10.5 %.
  assert.deepEqual(meter.words(1107, 4), [25, 80, 105, 105]);
  assert.deepEqual(meter.words(1120, 9), [4793, 4806, 4819, 4806, 2771, 2764, 2783, 0x8000, 2773]);
  assert.deepEqual(meter.words(1129, 8), [3, 0, 3, 3, 1, 3, 4, 4]);
  assert.deepEqual(meter.words(1140, 8), [2000, 1900, 2200, 6100, 500, 600, 700, 1800]);
  assert.equal(meter.u16(1180), 5997);
  // One request takes all of it: what the unit does not have reads -32,768.
  const block = meter.words(1100, 52);
  assert.deepEqual(block.slice(0, 7), [8020, 7570, 9090, meter.u16(1103), 0x8000, 8227, 0x8000]);
  assert.deepEqual(
    block.slice(11, 20),
    Array.from({ length: 9 }, () => 0x8000),
  );
  assert.deepEqual(block.slice(37, 40), [0x8000, 0x8000, 0x8000]);
  assert.deepEqual(block.slice(40, 44), [2000, 1900, 2200, 6100]);
});

test("a power factor carries its sign apart: bit 15 for lagging", () => {
  const meter = fed();
  meter.run(2);
  // 61 kW at 18 kvar: 0.959 lagging.
  assert.equal(meter.u16(1163), 0x8000 | 959);
  meter.source.push({ ...reading, vars: [-5000, -6000, -7000] });
  meter.run(2);
  assert.equal(meter.u16(1163), 959);
});

test("date and time are set by command and read as month and day, year from 1900 and hour, minute and second", () => {
  const meter = fed();
  assert.deepEqual(command(meter, 1310, 1, 25, 2000, 11, 6, 58), { echo: 1310, result: 0 });
  // "01/25/00 at 11:06:59: 0119, 640B, 063B".
  assert.deepEqual(meter.words(3034, 3), [0x0119, 0x640b, 0x063b]);
  assert.equal(command(meter, 1310, 2, 30, 2026, 0, 0, 0).result, 82);
  assert.equal(command(meter, 1310, 13, 1, 2026, 0, 0, 0).result, 82);
});

test("the battery keeps what the clock was set to", () => {
  const store = new MemoryStore();
  const meter = fed(powerlogicPm800, {}, { store });
  command(meter, 1310, 6, 30, 2031, 23, 59, 58);
  meter.instrument.close();
  meter.clock.advance(2000);
  const again = fed(powerlogicPm800, {}, { store, clock: meter.clock, settings: {} });
  assert.deepEqual(again.words(3034, 3), [0x0701, 0x8300, 0x0001]);
});

test("settings change in a session that is saved, and only then", () => {
  const refusals: string[] = [];
  const meter = fed(powerlogicPm800, {}, { refused: (why) => refusals.push(why) });
  assert.equal(meter.u16(1841), 15);
  assert.equal(meter.write(1841, 5), 2);
  assert.match(refusals[0] ?? "", /register 1841: expected a setup session \(command 9020\)/);
  assert.equal(command(meter, 9020).result, 0);
  assert.equal(command(meter, 9020).result, 82);
  assert.equal(meter.write(1841, 5), 0);
  assert.equal(meter.write(3201, 40_000), 3);
  assert.equal(meter.u16(1841), 5);
  assert.equal(meter.instrument.setting("demandSubInterval"), 900);
  assert.deepEqual(command(meter, 9021, 1), { echo: 9021, result: 0 });
  assert.equal(meter.instrument.setting("demandSubInterval"), 300);
  assert.equal(command(meter, 9021, 1).result, 82);
});

test("a session is discarded when it is closed with anything but 1, and after two minutes without a write", () => {
  const meter = fed();
  command(meter, 9020);
  meter.write(1841, 5);
  assert.equal(command(meter, 9021, 0).result, 0);
  assert.equal(meter.u16(1841), 15);
  command(meter, 9020);
  meter.write(1841, 5);
  meter.run(100);
  meter.write(1841, 6);
  meter.run(119);
  assert.equal(meter.u16(1841), 6);
  meter.run(2);
  assert.equal(meter.u16(1841), 15);
  assert.equal(meter.write(1841, 5), 2);
});

test("demand: the interval's mean, a new interval by command, the peak reset by command", () => {
  const meter = fed();
  meter.set({ demandSubInterval: 300 });
  meter.run(100);
  assert.equal(command(meter, 5910, 1).result, 0);
  meter.run(1);
  assert.deepEqual(
    [2150, 2154, 2165, 2180].map((register) => meter.u16(register)),
    [6100, 6100, 1800, 6360],
  );
  meter.source.push({ ...reading, watts: [10_000, 10_000, 10_000] });
  meter.run(300);
  // 1 s at 61 kW and 299 s at 30 kW.
  assert.deepEqual([meter.u16(2150), meter.u16(2154)], [3010, 6100]);
  assert.equal(command(meter, 5213).result, 0);
  // "Reset Peak Demand values. (Set to 0)"; the next interval is larger.
  assert.equal(meter.u16(2154), 0);
  assert.equal(command(meter, 5110).result, 0);
  assert.equal(meter.u16(2150), 0x8000);
});

test("every command of the reference answers: done, invalid command, or invalid parameter", () => {
  const expected = new Map([
    [0, [1110, 1210, 1522, 4110, 5110, 5111, 5113, 5114, 5115, 5210, 5211, 5213, 5214, 5215, 5910]],
    [82, [3311]],
    [81, [1, 6208, 65_535]],
  ]);
  expected.get(0)?.push(3310, 3320, 3321, 3330, 3340, 3341);
  expected.get(0)?.push(6210, 6211, 6212, 6213, 6214, 6215, 6320, 6321, 6910, 7510, 7511, 9020, 9021, 1411, 1410);
  const meter = fed();
  for (const [result, codes] of expected) {
    for (const code of codes) assert.deepEqual(command(meter, code, 1), { echo: code, result }, String(code));
  }
  assert.equal(command(meter, 4110, 3).result, 82);
  assert.equal(command(meter, 6215, 3).result, 82);
  assert.equal(command(meter, 6215, 2).result, 0);
  assert.equal(meter.instrument.setting("displayUnits"), 0);
});

test("revenue security seals the energies", () => {
  const meter = fed();
  meter.run(3600);
  command(meter, 1411);
  assert.equal(preset(meter).result, 82);
  assert.equal(command(meter, 6210).result, 82);
  assert.equal(command(meter, 9020).result, 82);
  assert.equal(meter.write(4126, 30_078), 3);
  assert.equal(meter.words(1700, 2)[1], 6);
  command(meter, 1410);
  assert.equal(meter.write(4126, 30_078), 0);
  meter.run(1);
  assert.deepEqual(meter.words(1700, 4), [0, 0, 0, 0]);
});

test("a soft reset counts as a start and begins demand anew; the energies stay", () => {
  const meter = fed();
  meter.set({ demandSubInterval: 60 });
  meter.run(3600);
  assert.equal(meter.u16(2150), 6100);
  const starts = meter.instrument.counts.powerUps;
  assert.deepEqual(command(meter, 1110), { echo: 1110, result: 0 });
  assert.equal(meter.instrument.counts.powerUps, starts + 1);
  assert.equal(meter.u16(2150), 0x8000);
  assert.equal(meter.words(1700, 2)[1], 6);
});

test("Series 2000: writing the date and time sets the clock, whole or in part; a date that is none is refused", () => {
  const meter = fed(powerlogicCm2000);
  // May 17, 2031, 14:45:30: month and day, year from 1900 and hour, minute and second.
  assert.equal(meter.write(1842, 0x0511, 0x830e, 0x2d1e), 0);
  assert.deepEqual(meter.words(1842, 3), [0x0511, 0x830e, 0x2d1e]);
  meter.run(31);
  assert.deepEqual(meter.words(1842, 3), [0x0511, 0x830e, 0x2e01]);
  assert.equal(meter.write(1843, 0x8317), 0);
  assert.deepEqual(meter.words(1842, 3), [0x0511, 0x8317, 0x2e01]);
  // February 30, month 13, 25 o'clock, 1998.
  for (const [register, word] of [
    [1842, 0x021e],
    [1842, 0x0d01],
    [1843, 0x8319],
    [1843, 0x6217],
  ] as const) {
    assert.equal(meter.write(register, word), 3, `${register}: ${word}`);
    assert.deepEqual(meter.words(1842, 3), [0x0511, 0x8317, 0x2e01]);
  }
  assert.equal(meter.write(1857, 0x0511), 2);
});
