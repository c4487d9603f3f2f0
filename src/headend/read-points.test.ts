/** Points of a revenue meter over Modbus: the manual's registers (Appendix H), with words and values worked out by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PointFacts } from "#protocol/modbus/point-facts.ts";
import { decodePoints } from "./read-points.ts";

function point(register: number, bits: 16 | 32, more: Partial<PointFacts> = {}): PointFacts {
  return { register, name: "", label: "", unit: "", scale: 1, bits, signed: false, scaling: 1, factor: 1, ...more };
}

function valuesOf(order: "high first" | "low first", points: readonly PointFacts[], words: Record<number, number>) {
  return decodePoints({ points, order }, (register) => words[register]).map(({ value }) => value);
}

test("a counter of two registers has its upper half first, or its lower one where the meter is set so", () => {
  // 12,345,678 is 0x00BC614E.
  const words = { 40_001: 0x00bc, 40_002: 0x614e };
  assert.deepEqual(valuesOf("high first", [point(40_001, 32)], words), [12_345_678]);
  assert.deepEqual(valuesOf("low first", [point(40_001, 32)], { 40_001: 0x614e, 40_002: 0x00bc }), [12_345_678]);
});

test("what goes both ways is a signed number, what grows is not", () => {
  const words = { 40_001: 0xffff, 40_002: 0xfffe, 30_001: 0xff9c };
  assert.deepEqual(valuesOf("high first", [point(40_001, 32, { signed: true })], words), [-2]);
  assert.deepEqual(valuesOf("high first", [point(40_001, 32)], words), [4_294_967_294]);
  assert.deepEqual(valuesOf("high first", [point(30_001, 16, { signed: true })], words), [-100]);
});

test("a value is scaled in its register, and analogs are those of the terminals: a PT of 120 makes 120 V 14,400", () => {
  const volts = point(30_005, 16, { signed: true, scaling: 10, factor: 120 });
  assert.deepEqual(valuesOf("high first", [volts], { 30_005: 1200 }), [14_400]);
});

test("analogs of 32 and of 16 bits lie one after the other", () => {
  const points = [point(30_001, 32, { signed: true }), point(30_003, 16, { signed: true })];
  assert.deepEqual(valuesOf("high first", points, { 30_001: 0x0001, 30_002: 0x0000, 30_003: 7 }), [65_536, 7]);
});

test("a point of which a word is missing is no reading", () => {
  assert.deepEqual(valuesOf("high first", [point(40_001, 32), point(30_001, 16)], { 40_001: 1, 30_001: 5 }), [5]);
});

test("an instant is its words by the wall clock, and 0 is one that has not been", () => {
  // 1,785,513,600 s are 2026-07-31 16:00:00.
  const at = point(40_001, 32, { instant: true });
  const words = { 40_001: 0x6a6c, 40_002: 0xc680 };
  const read = (given: Record<number, number>) =>
    decodePoints({ points: [at], order: "high first" }, (register) => given[register]).map(({ value, text }) => [
      value,
      text,
    ]);
  assert.deepEqual(read(words), [["2026-07-31 16:00:00", undefined]]);
  assert.deepEqual(read({ 40_001: 0, 40_002: 0 }), [[undefined, "never"]]);
});
