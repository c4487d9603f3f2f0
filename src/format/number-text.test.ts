import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAbsent, numberOf, valueOf } from "./number-text.ts";
import { PlainRows, SKIPPED, type PlainManner } from "./plain-rows.ts";

const column = { target: 0, gain: 1, base: 0, offset: -0 };
const manner: PlainManner = {
  separator: ";",
  decimal: ".",
  endsWithCr: false,
  exact: false,
  stampless: false,
  missing: NaN,
};

/** The numbers of a column amid others, one a row, that are read from bytes; the texts before and after it in the row are no numbers. */
function read(texts: readonly string[], mark: "." | "," = "."): Float64Array {
  const plain = new PlainRows([{ ...column, target: SKIPPED }, column], 1, { ...manner, decimal: mark });
  const bytes = Buffer.from(texts.map((text) => `x${text};${text};7\r\n`).join(""));
  const out = new Float64Array(texts.length);
  const rows = { times: new Float64Array(0), channels: [out], statuses: [] };
  assert.equal(plain.read(bytes, [0, bytes.length], rows, 0, texts.length), texts.length);
  assert.equal(plain.end, bytes.length);
  return out;
}

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

test("20,000 printed numbers are read as Number() reads them, to the last bit", () => {
  fc.assert(
    fc.property(fc.array(printed, { minLength: 20, maxLength: 20 }), (texts) => {
      read(texts).forEach((value, k) => {
        assert.ok(Object.is(value, valueOf(Number(texts[k]))), `${texts[k]}: ${value}`);
      });
    }),
    { numRuns: 1000, seed: 12 },
  );
});

test("100,000 numbers of a recorder are read to the last bit with either decimal mark, with quotes and spaces around them", () => {
  const digits = fc.tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.nat(9));
  fc.assert(
    fc.property(fc.array(digits, { minLength: 50, maxLength: 50 }), (numbers) => {
      const texts = numbers.map(([count, decimals]) => (count / 10 ** decimals).toFixed(decimals));
      const expected = Float64Array.from(texts, Number);
      assert.deepEqual(read(texts), expected);
      const commas = texts.map((text) => text.replace(".", ","));
      assert.deepEqual(read(commas, ","), expected);
      assert.deepEqual(
        read(
          commas.map((text) => ` "${text}" `),
          ",",
        ),
        expected,
      );
    }),
    { numRuns: 2000, seed: 12 },
  );
});

test("what is no number is left to who says so, and what stands for none is none", () => {
  for (const text of ["-", ".", "abc", "e5", "--1", "0x10", "1e", "1.2.3", '"1', "1\r2"]) {
    const plain = new PlainRows([column], 1, manner);
    const bytes = Buffer.from(`1\n${text}\n`);
    const rows = { times: new Float64Array(0), channels: [new Float64Array(2)], statuses: [] };
    const isAbsentHere = text === "-";
    assert.equal(plain.read(bytes, [0, bytes.length], rows, 0, 2), isAbsentHere ? 2 : 1, text);
    assert.equal(plain.end, isAbsentHere ? bytes.length : 2);
  }
  assert.deepEqual(read(["NaN", "9.91e37", "1.#INF", "5."]), Float64Array.of(NaN, NaN, NaN, 5));
  assert.equal(numberOf("1,5", ","), 1.5);
  assert.equal(numberOf("1,5", "."), undefined);
  assert.equal(numberOf("0x10", "."), undefined);
});

test("between commas a comma is a decimal one in quotes only", () => {
  const plain = new PlainRows([column, { ...column, target: 1 }], 2, { ...manner, separator: ",", decimal: "," });
  const bytes = Buffer.from('"1,5","-2,25"\n1,"2,5"\n');
  const channels = [new Float64Array(2), new Float64Array(2)];
  assert.equal(plain.read(bytes, [0, bytes.length], { times: new Float64Array(0), channels, statuses: [] }, 0, 2), 2);
  assert.deepEqual(channels, [Float64Array.of(1.5, 1), Float64Array.of(-2.25, 2.5)]);
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
