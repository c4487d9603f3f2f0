/** Points of a revenue meter (JEMStar II, Appendix H): where they begin, 16 and 32 bits, pairs that are read whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PointUnit, type PointAddresses, type PointSource } from "./point-unit.ts";
import { answer } from "./unit.ts";

function asking(changes: Partial<PointSource> = {}, at: Partial<PointAddresses> = {}) {
  const set: [number, boolean][] = [];
  const source: PointSource = {
    counters: 2,
    analogs: 3,
    inputs: 3,
    outputs: 8,
    // 12,345,678 is 00bc 614e, 1 is 0000 0001.
    counter: (place) => [12_345_678, 1][place] ?? 0,
    // 236.439 W, -70,000 var, and more than 32 bits hold.
    analog: (place) => [236.439, -70_000, 3e9][place] ?? 0,
    input: (place) => place !== 1,
    output: (place) => place === 2,
    lowFirst: false,
    analogBits: 16,
    presets: true,
    control: true,
    preset: () => true,
    setOutputs: (values) => (set.push(...values), true),
    ...changes,
  };
  const addresses = { counters: 0, analogs: 0, outputs: 0, inputs: 0, ...at };
  const unit = new PointUnit(source, addresses);
  const ask = (hex: string): string => {
    const request = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    const out = new Uint8Array(260);
    return Buffer.from(out.subarray(0, answer(unit, request, 0, request.length, out, 0))).toString("hex");
  };
  return { ask, set, addresses };
}

test("an analog of 16 bits is a register: whole units toward zero, 32,767 at most", () => {
  assert.equal(asking().ask("04 0000 0003"), "0406" + "00ec" + "8001" + "7fff");
});

test("an analog of 32 bits is two registers in the counters' order, limited to 2,147,483,647", () => {
  // -70,000 is fffe ee90.
  assert.equal(asking({ analogBits: 32 }).ask("04 0000 0006"), "040c" + "000000ec" + "fffeee90" + "7fffffff");
  assert.equal(asking({ analogBits: 32, lowFirst: true }).ask("04 0002 0002"), "0404" + "ee90fffe");
});

test("a pair is not split: a read that begins in it is exception 02, one that ends in it or after the last is 03", () => {
  for (const [request, says] of [
    ["04 0001 0002", "8402"],
    ["04 0000 0001", "8403"],
    ["04 0000 0003", "8403"],
    ["04 0004 0004", "8403"],
    ["04 0006 0002", "8402"],
    ["04 0004 0002", "04047fffffff"],
  ] as const) {
    assert.equal(asking({ analogBits: 32 }).ask(request), says, request);
  }
});

test("points begin where the configuration says, and move with it", () => {
  const { ask, set, addresses } = asking({}, { counters: 100, analogs: 200, outputs: 10, inputs: 20 });
  // Counters from 40101, analogs from 30201, coils from 11, inputs from 10021.
  assert.equal(ask("03 0064 0004"), "0308" + "00bc614e" + "00000001");
  assert.equal(ask("03 0000 0002"), "8302");
  assert.equal(ask("04 00c8 0001"), "0402" + "00ec");
  assert.equal(ask("04 00c7 0001"), "8402");
  assert.equal(ask("01 000a 0008"), "0101" + "04");
  assert.equal(ask("01 0009 0008"), "8102");
  assert.equal(ask("01 000b 0008"), "8102");
  assert.equal(ask("02 0014 0003"), "0201" + "05");
  assert.equal(ask("02 0000 0003"), "8202");
  assert.equal(ask("05 000c ff00"), "05000cff00");
  assert.deepEqual(set, [[2, true]]);
  assert.equal(ask("05 0000 ff00"), "8502");
  addresses.counters = 0;
  assert.equal(ask("03 0000 0002"), "0304" + "00bc614e");
  assert.equal(ask("03 0064 0002"), "8302");
});
