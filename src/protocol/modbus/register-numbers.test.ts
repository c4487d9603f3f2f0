/** Numbers in registers, to words and back: words are from IEEE 754, two's complement, and the manuals that print them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeNumber,
  decodeText,
  encodeMod10000,
  encodeNumber,
  swapWords,
  wordsOfNumber,
  type Absent,
  type NumberFormat,
} from "./register-numbers.ts";

const known: readonly (readonly [format: NumberFormat, words: readonly number[], value: number])[] = [
  ["UInt", [0x7fff], 32_767],
  ["UInt", [0xffff], 65_535],
  ["SInt", [0xffb5], -75],
  ["ULong", [0xfffe, 0x1dc0], 4_294_843_840],
  ["SLong", [0xfffe, 0x1dc0], -123_456],
  ["UInt64", [0, 1, 0, 0], 4_294_967_296],
  ["Int64", [0xffff, 0xffff, 0xffff, 0xfffe], -2],
  // IEEE 754 binary32: 230.5 = 1.80078125 x 2^7, -0.9 to the nearest.
  ["Float", [0x4366, 0x8000], 230.5],
  ["Float", [0xbf66, 0x6666], Math.fround(-0.9)],
  // Groups of four digits, the least significant first: 1,2345,6789 and the same below zero.
  ["Mod10000 (4)", [6789, 2345, 1, 0], 123_456_789],
  ["Mod10000 (4)", [0x10000 - 6789, 0x10000 - 2345, 0xffff, 0], -123_456_789],
  // 63230-300-212: thousandths, bit 15 set while lagging; unity has no bit.
  ["PF", [0x8000 | 959], 0.959],
  ["PF", [959], -0.959],
  ["PF", [1000], 1],
  ["PF (0-2000)", [900], 0.9],
  ["PF (0-2000)", [1100], -0.9],
  ["Angle", [3599], 3599],
];
for (const [format, words, value] of known) {
  test(`${format}: ${words.map((word) => word.toString(16)).join(" ")} is ${value}`, () => {
    assert.equal(decodeNumber(Uint16Array.from(words), 0, { format }), value);
    assert.equal(decodeNumber(Uint16Array.of(1, ...words, 2), 1, { format }), value, "between others");
    assert.equal(wordsOfNumber(format), words.length);
  });
}

test("the lower word first: 230.5 V as the WattNode has it, -123,456 as the EM24", () => {
  assert.equal(decodeNumber(Uint16Array.of(0x8000, 0x4366), 0, { format: "Float", lowWordFirst: true }), 230.5);
  assert.equal(decodeNumber(Uint16Array.of(0x1dc0, 0xfffe), 0, { format: "SLong", lowWordFirst: true }), -123_456);
});

const absent: readonly (readonly [absent: Absent, format: NumberFormat, words: readonly number[], value: number])[] = [
  ["quiet", "SInt", [0x8000], NaN],
  ["quiet", "ULong", [0x8000, 0x8000], NaN],
  ["quiet", "ULong", [0x8000, 0], 2 ** 31],
  ["quiet", "Float", [0x7fc0, 0], NaN],
  ["zero", "SInt", [0x8000], -32_768],
  ["zero", "UInt", [0], 0],
  ["largest", "UInt", [0xffff], NaN],
  ["largest", "SInt", [0x7fff], NaN],
  ["largest", "UInt64", [0xffff, 0xffff, 0xffff, 0xffff], NaN],
  ["largest", "SLong", [0x7fff, 0xffff], NaN],
  ["largest", "UInt", [0x8000], 32_768],
];
for (const [says, format, words, value] of absent)
  test(`${says}: ${format} ${words.map((word) => word.toString(16)).join(" ")} is ${value}`, () =>
    assert.equal(decodeNumber(Uint16Array.from(words), 0, { format, absent: says }), value));

test("too few words are said, not read as zeros", () => {
  assert.throws(
    () => decodeNumber(Uint16Array.of(0x4366), 0, { format: "Float" }),
    /^RangeError: Float at word 0 takes 2 of them; there are 1$/,
  );
});

test("texts end at the first zero", () => {
  assert.equal(decodeText(Uint16Array.of(0x4142, 0x4300, 0x4445), 0, 3), "ABC");
});

/** What each format can hold, in counts; thousandths for power factors, whose lagging zero is the invalid value. */
const ranges: readonly (readonly [format: NumberFormat, least: number, most: number])[] = [
  ["UInt", 0, 32_767],
  ["SInt", -32_767, 32_767],
  ["ULong", 0, 2 ** 31 - 1],
  ["SLong", -(2 ** 31 - 1) + 2 ** 24, 2 ** 31 - 1],
  ["UInt64", 0, Number.MAX_SAFE_INTEGER],
  ["Int64", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ["Angle", 0, 3599],
];
for (const [format, min, max] of ranges) {
  test(`any ${format} that is written is read, the words either way round`, () => {
    const words = wordsOfNumber(format);
    const encoding = { format, words, accumulates: false, plain: false, absent: "quiet" } as const;
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.boolean(), (any, turned) => {
        const value = min + (Math.abs(any) % (max - min + 1));
        const view = new DataView(new ArrayBuffer(2 * words));
        encodeNumber(view, 0, value, encoding);
        if (turned && words === 2) swapWords(view, 0);
        const read = Uint16Array.from({ length: words }, (_, k) => view.getUint16(2 * k));
        assert.equal(decodeNumber(read, 0, { format, lowWordFirst: turned && words === 2 }), value);
      }),
    );
  });
}

test("any energy of sixteen digits that is written is read, to 2 ** 53", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const view = new DataView(new ArrayBuffer(8));
      encodeMod10000(view, 0, BigInt(value));
      const read = Uint16Array.from({ length: 4 }, (_, k) => view.getUint16(2 * k));
      assert.equal(decodeNumber(read, 0, { format: "Mod10000 (4)" }), value === 0 ? 0 : value);
    }),
  );
});
