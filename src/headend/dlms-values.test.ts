/** Values of COSEM in words: what they are by the Blue Book, and what they would be on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dateTimeOf } from "#protocol/dlms/data/date-time.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { dateTimeText, isoText, scalerUnitIn, textOf, valueOf } from "./dlms-values.ts";

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text.replaceAll(" ", ""));
const octets = (text: string): Data => ({ type: "octet-string", value: hex(text) });

test("numbers are scaled by moving their point", () => {
  // 1,234,567 with -3, 70,003 with 2, and 2^53 + 1 counts, of which a number has the nearest.
  assert.equal(valueOf({ type: "double-long-unsigned", value: 1_234_567 }, -3), 1234.567);
  assert.equal(valueOf({ type: "long64", value: 70_003n }, 2), 7_000_300);
  assert.equal(valueOf({ type: "long64-unsigned", value: 9_007_199_254_740_993n }), 9_007_199_254_740_992);
  assert.equal(valueOf({ type: "integer", value: -7 }, -1), -0.7);
  assert.equal(valueOf({ type: "boolean", value: true }), 1);
});

test("floats of 32 bits have the fewest digits that are them, and none is no value", () => {
  for (const value of [0.1, 2.15625, 0.004833, 215.625, 3.861, 1e-20, 16_777_216])
    assert.equal(valueOf({ type: "float32", value: Math.fround(value) }), value);
  assert.equal(valueOf({ type: "float32", value: NaN }), undefined);
  assert.equal(textOf({ type: "float32", value: Infinity }), "");
});

test("units are those of the Blue Book's table, and one that is not there is not known", () => {
  const scalerUnit = (scaler: number, unit: number): Data => ({
    type: "structure",
    value: [
      { type: "integer", value: scaler },
      { type: "enum", value: unit },
    ],
  });
  assert.deepEqual(scalerUnitIn(scalerUnit(-3, 27)), { scaler: -3, unit: "W" });
  assert.deepEqual(scalerUnitIn(scalerUnit(0, 255)), { scaler: 0, unit: "" });
  assert.deepEqual(scalerUnitIn(scalerUnit(0, 254)), { scaler: 0, unit: undefined });
  assert.equal(scalerUnitIn({ type: "null-data" }), undefined);
});

test("bytes are a text, a time or themselves", () => {
  assert.equal(textOf(octets("4a454d30303031")), "JEM0001");
  assert.equal(textOf(octets("4a454d000000")), "JEM");
  assert.equal(textOf(octets("9167f05f")), "9167f05f");
  // 2025-02-19 21:20:00, without a deviation; twelve letters are no time.
  assert.equal(textOf(octets("07e9 02 13 03 15 14 00 00 8000 00")), "2025-02-19 21:20:00");
  assert.equal(textOf(octets("414243444546474849504b4c")), "ABCDEFGHIPKL");
  assert.equal(valueOf(octets("")), undefined);
});

test("times say what they say, and dashes for the rest", () => {
  const time = (text: string) => dateTimeOf(hex(text));
  // -60 minutes of deviation is an hour ahead of UTC.
  assert.equal(dateTimeText(time("07ea 07 1f 05 10 2d 00 00 ffc4 80")), "2026-07-31 16:45:00 +01:00");
  assert.equal(isoText(time("07ea 07 1f 05 10 2d 00 00 ffc4 80"), 60), "2026-07-31T16:45:00+01:00");
  assert.equal(isoText(time("07ea 07 1f 05 10 2d 00 00 8000 80"), undefined), "2026-07-31T16:45:00");
  assert.equal(dateTimeText(time("ffff fe fd ff 02 00 00 ff 8000 ff")), "-----dst-begin-second-last 02:00:00");
  assert.equal(textOf({ type: "date", value: hex("07ea 07 1f ff") }), "2026-07-31");
  assert.equal(textOf({ type: "time", value: hex("10 2d 00 ff") }), "16:45:00");
});

test("what has parts is in brackets", () => {
  const parts: readonly Data[] = [
    { type: "unsigned", value: 1 },
    { type: "bit-string", value: [true, false, true] },
    { type: "array", value: [{ type: "visible-string", value: "ABC" }, { type: "null-data" }] },
  ];
  assert.equal(textOf({ type: "structure", value: parts }), "(1, 101, [ABC, ])");
});
