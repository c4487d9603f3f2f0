/** The SunSpec face of the 4100 against the published models 1 and 203, read as a SunSpec client would. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { live, near, rig } from "./rig.ts";

function fed() {
  const source = live();
  source.push({
    hz: 60.02,
    volts: [277.1, 276.4, 278.3],
    lineVolts: [479.3, 480.6, 481.9],
    amps: [80.2, 75.7, 90.9],
    watts: [20_000, 19_000, -8000],
    vars: [5000, 6000, 7000],
  });
  const m = rig({ source, settings: { ctPrimary: 100, systemVoltage: 480 } });
  m.run(3600);
  return m;
}

test("the chain: SunS, model 1 of 65, a meter of 105, the end", () => {
  const m = fed();
  assert.deepEqual(m.words(40001, 4), [0x5375, 0x6e53, 1, 65]);
  assert.deepEqual(m.words(40070, 2), [203, 105]);
  assert.deepEqual(m.words(40070 + 2 + 105, 2), [0xffff, 0]);
  const text = (register: number, count: number): string =>
    Buffer.from(m.words(register, count).flatMap((word) => [word >> 8, word & 255]))
      .toString("latin1")
      .replaceAll("\0", "");
  assert.deepEqual(
    [text(40005, 16), text(40021, 16), text(40037, 8), text(40045, 8), text(40053, 16)],
    ["Leviton", "S4100", "FDS", "V1.019", "41000001"],
  );
  assert.equal(m.u16(40069), 1, "the Modbus address");
});

/** Offsets of SunSpec model 203 from its id, with the offset of the scale factor: name, offset, factor, value. */
const points: readonly (readonly [name: string, offset: number, factor: number, value: number])[] = [
  ["A", 2, 6, 246.8],
  ["AphA", 3, 6, 80.2],
  ["AphC", 5, 6, 90.9],
  ["PhV", 7, 15, 277.27],
  ["PhVphB", 9, 15, 276.4],
  ["PPV", 11, 15, 480.6],
  ["PPVphCA", 14, 15, 481.9],
  ["Hz", 16, 17, 60.02],
  ["W", 18, 22, 31_000],
  ["WphC", 21, 22, -8000],
  ["VA", 23, 27, 35_846.9],
  ["VAR", 28, 32, 18_000],
  ["VARphB", 30, 32, 6000],
];
test("every point of model 203 has its value and scale factor", () => {
  const m = fed();
  for (const [name, offset, factor, value] of points) {
    const scale = 10 ** m.i16(40070 + factor);
    assert.ok(Math.abs(m.i16(40070 + offset) * scale - value) <= scale, `${name}: ${m.i16(40070 + offset) * scale}`);
  }
  // Power factors in percent: 20000 / (277.1 x 80.2) of A, negative where C exports.
  near(m.i16(40070 + 34) * 10 ** m.i16(40070 + 37), 89.99, 1e-3);
  assert.ok(m.i16(40070 + 36) < 0);
});

test("accumulators are 32 bits: exported, then imported, then by quadrant", () => {
  const m = fed();
  const wh = (register: number, factor: number): number => m.u32(register) * 10 ** m.i16(factor);
  assert.deepEqual(
    [40108, 40110, 40112, 40114].map((r) => wh(r, 40124)),
    [0, 0, 0, 8000],
  );
  assert.deepEqual(
    [40116, 40118, 40120, 40122].map((r) => wh(r, 40124)),
    [31_000, 20_000, 19_000, 0],
  );
  // VARh: Q1 total, A, B, C; Q2 of phase C, which exports with lagging vars.
  assert.deepEqual(
    [40142, 40144, 40146, 40148].map((r) => wh(r, 40174)),
    [18_000, 5000, 6000, 0],
  );
  assert.deepEqual(
    [40150, 40152, 40154, 40156].map((r) => wh(r, 40174)),
    [0, 0, 0, 7000],
  );
  near(wh(40133, 40141), 35_840, 1e-3);
  near(wh(40131, 40141), 25_290, 1e-3, "VAh exported by C: 278.3 x 90.9");
});
