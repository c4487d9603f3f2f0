/** The unidirectional Series 4000-K seen whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeMeter } from "#product/fixed-map/virtual-meter.ts";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { MemoryStore } from "#store/store.ts";
import { feeder, live, near, network, reading, rig, samplesOf } from "./rig.ts";

function fed(changes: Partial<typeof reading> = {}, settings = {}) {
  const source = live();
  source.push({ ...reading, ...changes });
  return { ...rig({ source, model: levitonS4000k, settings: { ...feeder, ...settings } }), source };
}

test("a current transformer the wrong way round changes nothing", () => {
  const right = fed();
  const wrong = fed({ watts: [20_000, -19_000, 22_000], vars: [5000, -6000, 7000] });
  right.run(3600);
  wrong.run(3600);
  assert.deepEqual(wrong.words(1, 42), right.words(1, 42));
  assert.deepEqual(wrong.words(257, 90), right.words(257, 90));
  assert.equal(right.u32(1), 6100);
  assert.equal(right.u16(3), 6100);
});

test("the same from samples: every transformer turned, the registers stay", () => {
  const turned = { lag: network.lag.map((degrees) => degrees + 180) as [number, number, number] };
  const [right, wrong] = [
    rig({ source: samplesOf(), model: levitonS4000k }),
    rig({ source: samplesOf(turned), model: levitonS4000k }),
  ];
  right.run(5);
  wrong.run(5);
  for (const name of ["W", "W.b", "var.absolute", "PF.c", "VA", "Wh.import", "varh.absolute"] as const) {
    near(wrong.instrument.read(name), right.instrument.read(name), 1e-6, name);
    assert.ok(wrong.instrument.read(name) > 0);
  }
});

test("powers, factors and energies are unsigned; vars of either kind count", () => {
  const m = fed({ vars: [-5000, -6000, -7000] });
  m.run(3600);
  assert.equal(m.u16(4), 1800);
  assert.deepEqual(
    [34, 35, 36].map((register) => m.u16(register)),
    [500, 600, 700],
  );
  assert.equal(m.u16(6), 9591);
  assert.equal(m.u32(29), 1800);
  assert.equal(m.u32(27), 6360);
  assert.deepEqual(
    [47, 49, 51].map((register) => m.u32(register)),
    [2000, 1900, 2200],
  );
  near(m.f32(257), 61, 1e-6);
  near(m.f32(259), 61, 1e-6);
  near(m.f32(311), 18, 1e-6);
  assert.equal(m.u16(25), 0x8000);
  assert.deepEqual(m.words(305, 2), [0x7fc0, 0]);
});

test("demand is unsigned too", () => {
  const m = fed({ watts: [-20_000, -19_000, -22_000], vars: [-5000, 6000, -7000] }, { demandSubInterval: 10 });
  m.run(10);
  // Turned round, the vars are 5000, -6000 and 7000: 6000 in all.
  assert.deepEqual(
    [37, 38, 39].map((register) => m.u16(register)),
    [6100, 600, 6129],
  );
  assert.deepEqual(
    [40, 41, 42].map((register) => m.u16(register)),
    [6100, 600, 6129],
  );
});

test("counter 1 counts real energy, counter 2 reactive", () => {
  const m = fed();
  m.run(3600);
  assert.deepEqual([m.u32(43), m.u32(45)], [61, 18]);
  near(m.f32(339), 18, 1e-9);
  m.write(129, 16498);
  m.run(1);
  assert.deepEqual([m.u32(43), m.u32(45)], [0, 0]);
});

test("the power-up counter can be written, and counts on from there after a restart", () => {
  const store = new MemoryStore();
  const clock = new VirtualClock();
  const first = rig({ model: levitonS4000k, store, clock });
  assert.equal(first.u16(152), 1);
  assert.equal(first.write(152, 500), 0);
  assert.equal(first.u16(152), 500);
  assert.equal(first.write(152, 32_768), 3);
  const second = rig({ model: levitonS4000k, store, clock });
  assert.equal(second.u16(152), 501);
});

test("the third output is RS-485 unless the meter is set up with VAR pulses", () => {
  assert.equal(rig({ model: levitonS4000k }).u16(153), 0);
  assert.equal(rig({ model: levitonS4000k, settings: { outputConfiguration: 2 } }).u16(153), 2);
  assert.equal(rig({ model: levitonS4000k }).write(153, 2), 2, "it is no register to write");
});

test("points 43-52 and 337-346 are there from firmware 1.019 on", () => {
  const has = (firmware: number, register: number): boolean => {
    const { registers } = makeMeter({
      name: "m",
      model: levitonS4000k,
      source: live(),
      clock: new VirtualClock(),
      store: new MemoryStore().drawer("m"),
      firmware,
    });
    return registers.read(register - 1, 1, new Uint8Array(2), 0) === 0;
  };
  for (const register of [43, 52, 337, 346]) {
    assert.ok(!has(1018, register), `register ${register}`);
    assert.ok(has(1019, register), `register ${register}`);
  }
  for (const register of [42, 336]) assert.ok(has(1018, register));
  for (const register of [53, 347, 40_001]) assert.ok(!has(1019, register));
});

test("identification is the 4000-K's", () => {
  const m = fed();
  const text = Buffer.from("Leviton Series 4000K Power Meter Full Data Set").toString("hex");
  assert.ok(m.ask("0001 0000 0002 01 11").endsWith(`f7ff${text}`));
  assert.match(
    Buffer.from(m.ask("0001 0000 0005 01 2b 0e 01 00"), "hex").toString("latin1"),
    /Leviton.*Series 4000.*V1\.019/s,
  );
});

test("what a system type does not have reads QNAN, and the firmware's energies by phase too", () => {
  const m = rig({ source: samplesOf(), model: levitonS4000k, settings: { systemType: 12, systemVoltage: 480 } });
  m.run(2);
  for (const register of [12, 15, 17, 18, 21, 24, 33, 36])
    assert.equal(m.u16(register), 0x8000, `register ${register}`);
  assert.deepEqual(m.words(51, 2), [0x8000, 0x8000]);
  assert.deepEqual(m.words(345, 2), [0x7fc0, 0]);
  for (const register of [3, 7, 8, 10, 16, 19, 22]) assert.notEqual(m.u16(register), 0x8000, `register ${register}`);
});

test("where logging is fitted it logs from its own register 1", () => {
  const source = live();
  source.push(reading);
  const m = rig({ source, model: levitonS4000k, logging: true, settings: { ...feeder, demandSubInterval: 10 } });
  m.run(10);
  m.write(158, 2);
  // 61 kW for 10 s: 169 Wh, 16 counts of 10 Wh.
  assert.deepEqual(m.words(8000, 2), [16, 0x8000]);
  m.write(158, 5);
  assert.equal(m.words(8000, 1)[0], 6100, "register 37, real demand");
});
