/** What a value of a message says of an input: by its shape where nobody has described it (7-3: SPS, DPS, SPC, DPC, ACT, INS). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memberState } from "#protocol/iec61850/goose/member-state.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";

const bits = (length: number, ...octets: readonly number[]): Data => ({
  kind: "bits",
  length,
  octets: Uint8Array.from(octets),
});
const on = bits(2, 0x80);
const off = bits(2, 0x40);
const between = bits(2, 0x00);
const good = bits(13, 0x00, 0x00);
const invalid = bits(13, 0x40, 0x00);
const test13 = bits(13, 0x00, 0x10);
const yes: Data = { kind: "boolean", value: true };
const no: Data = { kind: "boolean", value: false };
const t: Data = { kind: "utc", octets: new Uint8Array(8) };
const number = (value: number): Data => ({ kind: "integer", value });
const structure = (...items: readonly Data[]): Data => ({ kind: "structure", items });
const origin = structure(number(2), { kind: "octets", value: Uint8Array.of(1) });

const cases: readonly (readonly [what: string, values: readonly Data[], place: readonly string[], on: unknown])[] = [
  ["a status", [no, yes], ["1"], true],
  ["a double point", [off, on], ["0"], false],
  ["a double point between its ends", [between], ["0"], undefined],
  ["SPS", [structure(yes, good, t)], ["0"], true],
  ["SPS that is not good", [structure(yes, invalid, t)], ["0"], undefined],
  ["SPS in test", [structure(yes, test13, t)], ["0"], undefined],
  ["its status by its number, whatever its quality", [structure(yes, invalid, t)], ["0.0"], true],
  // origin and ctlNum stand before stVal, stSeld behind t.
  ["SPC", [structure(origin, number(7), yes, good, t, no)], ["0"], true],
  ["DPC", [structure(origin, number(7), off, good, t, yes)], ["0"], false],
  ["DPC that is not good", [structure(origin, number(7), on, invalid, t, yes)], ["0"], undefined],
  ["DPC between its ends", [structure(origin, number(7), between, good, t, yes)], ["0"], undefined],
  ["ACT", [structure(yes, no, no, no, no, good, t)], ["0"], true],
  ["a status with the quality that somebody names", [yes, invalid, good], ["0", "2"], true],
  ["a status with another one", [yes, invalid, good], ["0", "1"], undefined],
  ["a quality within a structure", [yes, structure(no, invalid, t)], ["0", "1.1"], undefined],
];
for (const [what, values, [value = "", quality], expected] of cases)
  test(`${what} is ${String(expected)}`, () => {
    assert.equal(memberState(values, { value, quality }).on, expected);
    assert.equal(memberState(values, { value, quality }).trouble, undefined);
  });

const troubles: readonly (readonly [values: readonly Data[], place: readonly string[], trouble: string])[] = [
  [[yes], ["1"], "have no value 1"],
  [[yes], ["0.0"], "have no value 0.0"],
  [[structure(yes)], ["0.1"], "have no value 0.1"],
  [[yes], ["0", "1"], "have no value 1"],
  [[number(1)], ["0"], "have a value 0 that is neither on nor off"],
  [[good], ["0"], "have a value 0 that is neither on nor off"],
  [[structure(number(3), good, t)], ["0"], "have a value 0 that is neither on nor off"],
  [[yes, no], ["0", "1"], "have a value 1 that is no quality"],
];
for (const [values, [value = "", quality], trouble] of troubles)
  test(`of values that ${trouble} (${[value, quality].join(" ")}) nothing is known`, () =>
    assert.deepEqual(memberState(values, { value, quality }), { trouble }));
