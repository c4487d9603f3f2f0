import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAbsent, NumberReader, numberOf, valueOf } from "./number-text.ts";

const read = (text: string, mark: "." | "," = "."): { value: number; end: number; hard: boolean } => {
  const reader = new NumberReader(mark);
  const bytes = Buffer.from(`;;${text};7`);
  const value = reader.read(bytes, 2, bytes.length);
  return { value, end: reader.end - 2, hard: reader.hard };
};

/** A number as an instrument may print it. */
const printed = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.stringMatching(/^\d{0,17}$/),
    fc.stringMatching(/^(\.\d{0,17})?$/),
    fc.stringMatching(/^([eE][-+]?\d{1,3})?$/),
  )
  .filter(([, whole, decimals]) => whole.length + decimals.length > 0 && `${whole}${decimals}` !== ".")
  .map((parts) => parts.join(""));

test("20,000 printed numbers are read as Number() reads them, to the last bit, or left to it", () => {
  let easy = 0;
  fc.assert(
    fc.property(printed, (text) => {
      const { value, end, hard } = read(text);
      if (hard) return;
      easy++;
      assert.equal(end, text.length);
      assert.ok(Object.is(value, Number(text)), `${text}: ${value}`);
    }),
    { numRuns: 20_000, seed: 12 },
  );
  assert.ok(easy > 3000, `${easy} were read from bytes`);
});

test("20,000 numbers of a recorder, of up to 15 digits, need no text", () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.nat(6), (count, decimals) => {
      const text = (count / 10 ** decimals).toFixed(decimals);
      const { value, hard } = read(text);
      assert.equal(hard, false, text);
      assert.ok(Object.is(value, Number(text)), text);
      assert.ok(Object.is(read(text.replace(".", ","), ",").value, Number(text)), text);
    }),
    { numRuns: 20_000, seed: 12 },
  );
});

test("what is no number is left alone", () => {
  for (const text of ["", "-", ".", "abc", "e5", "--1"]) assert.equal(read(text).hard, true, text);
  assert.equal(numberOf("1,5", ","), 1.5);
  assert.equal(numberOf("1,5", "."), undefined);
  assert.equal(numberOf("0x10", "."), undefined);
});

test("instruments' words for no value are absent, others are not", () => {
  const words = [
    "",
    "NaN",
    "inf",
    "-Infinity",
    "∞",
    "-∞",
    "OL",
    "#OL",
    "O.L",
    "OVLD",
    "---",
    "N/A",
    "#N/A",
    "1.#INF",
    "overload",
  ];
  for (const word of words) assert.ok(isAbsent(word), word);
  for (const word of ["off", "open", "va", "5"]) assert.ok(!isAbsent(word), word);
  // SCPI's infinity, and its no number.
  assert.deepEqual([9.9e37, -9.9e37, 9.91e37, 1e30].map(valueOf), [NaN, NaN, NaN, 1e30]);
});
