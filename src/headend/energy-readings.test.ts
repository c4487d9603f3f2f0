/** Files of readings as people write them, and readings that cannot be. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { decodeMod10000 } from "#protocol/modbus/register-numbers.ts";
import { checkReadings, difference, parseReadings, ReadingsError, turnedRound } from "./energy-readings.ts";

const lines = (first: number, value: (register: number) => string | number, separator = " "): string =>
  Array.from({ length: 28 }, (_, k) => `${first + k}${separator}${value(first + k)}`).join("\n");

test("a register and its value on each line, with whatever people put between them", () => {
  for (const separator of [" ", "\t", ",", "; ", " = ", ": ", " | "]) {
    const { energies } = parseReadings(lines(1700, (register) => register - 1700, separator));
    assert.deepEqual(energies.get("varh.export"), [12, 13, 14, 15]);
  }
});

test("the registers tell a Series 2000, whose apparent energy comes before the totals", () => {
  const { model, energies } = parseReadings(lines(1601, (register) => register));
  assert.equal(model.name, "powerlogic-cm2000");
  assert.deepEqual(energies.get("VAh.absolute"), [1617, 1618, 1619, 1620]);
  assert.deepEqual(energies.get("Wh.total"), [1621, 1622, 1623, 1624]);
});

test("the noted readings of the walk-through are 1,234,567,890 Wh", () => {
  const text = readFileSync(new URL("../../site/noted-readings.txt", import.meta.url), "utf8");
  const { model, energies } = parseReadings(text);
  // 7890 + 3456 x 10^4 + 12 x 10^8.
  assert.equal(decodeMod10000(energies.get("Wh.import")!), 1_234_567_890n);
  assert.deepEqual(checkReadings(model, energies), []);
});

test("a record of a transfer is a file of readings", () => {
  const registers = Object.fromEntries(Array.from({ length: 28 }, (_, k) => [String(1700 + k), k - 14]));
  assert.deepEqual(
    parseReadings(JSON.stringify({ from: { registers } })).energies.get("Wh.import"),
    [-14, -13, -12, -11],
  );
  assert.deepEqual(parseReadings(JSON.stringify({ registers })).energies.get("Wh.import"), [-14, -13, -12, -11]);
});

test("what is wrong with a file is said, with the line and what was expected", () => {
  for (const [text, says] of [
    ["1700 12\n1701 x", /line 2: expected a register and its value, like "1700 1234"; found "1701 x"/],
    ["1700 12\n# a note\n1700 13", /line 3: register 1700 stands there twice/],
    [
      lines(1700, () => 1)
        .split("\n")
        .slice(1)
        .join("\n"),
      /expected the 28 registers 1700 to 1727, .*; found 27 registers/,
    ],
    ["", /found 0 registers/],
    ['{ "registers": { "1700": "12" } }', /register 1700: expected a whole number, found "12"/],
    ['{ "other": 1 }', /expected "registers"/],
    ["{ nonsense", /begins like JSON and is none/],
  ] as const) {
    assert.throws(
      () => parseReadings(text),
      (error) => error instanceof ReadingsError && says.test(error.message),
      text,
    );
  }
});

test("every register outside -9999 to +9999 is named", () => {
  const { model, energies } = parseReadings(
    lines(1700, (register) => (register === 1705 ? 10_000 : register === 1726 ? -10_000 : 1)),
  );
  assert.deepEqual(checkReadings(model, energies), [
    "register 1705 (Reactive Energy In): expected -9999 to +9999, found 10000",
    "register 1726 (Apparent Energy Total): expected -9999 to +9999, found -10000",
  ]);
});

test("groups noted the most significant first are noticed; big and small readings are not taken for it", () => {
  const at = (...groups: number[]) => parseReadings(lines(1700, (register) => groups[(register - 1700) % 4]!)).energies;
  assert.equal(turnedRound(at(0, 12, 3456, 7890)), true);
  assert.equal(turnedRound(at(7890, 3456, 12, 0)), false);
  assert.equal(turnedRound(at(7890, 0, 0, 0)), false);
  assert.equal(turnedRound(at(0, 0, 0, 0)), false);
  assert.equal(turnedRound(at(1111, 2222, 3333, 9)), false);
});

test("differences go on past the last digit, and follow signs", () => {
  assert.equal(difference([9999, 9999, 9999, 9999], [4, 0, 0, 0]), 5n);
  assert.equal(difference([1, 0, 0, 0], [0, 1, 0, 0]), 9999n);
  assert.equal(difference([-1, -1, 0, 0], [1, 0, 0, 0]), 10_002n);
});

test("no text makes anything but readings or a ReadingsError", () => {
  const some = fc.oneof(
    fc.string(),
    fc.json(),
    fc.string().map((text) => `${lines(1700, () => 1)}\n${text}`),
  );
  fc.assert(
    fc.property(some, (text) => {
      try {
        assert.equal(parseReadings(text).energies.size, 7);
      } catch (error) {
        assert.ok(error instanceof ReadingsError, String(error));
      }
    }),
    { numRuns: 5000, seed: 2026 },
  );
});
