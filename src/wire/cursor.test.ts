import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Reader, WireError, Writer } from "./cursor.ts";

test("integers are big endian unless little is named", () => {
  const bytes = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
  assert.equal(new Reader(bytes).u16(), 0x1234);
  assert.equal(new Reader(bytes).u16(true), 0x3412);
  assert.equal(new Reader(bytes).u32(), 0x12345678);
  assert.equal(new Reader(Uint8Array.of(0xff, 0xfe)).i16(), -2);
  assert.equal(new Reader(Uint8Array.of(0x42, 0xf6, 0xe9, 0x79)).f32(), Math.fround(123.456));
});

test("a read past the end says where it was and what was missing", () => {
  const reader = new Reader(Uint8Array.of(1, 2, 3));
  reader.skip(2);
  assert.throws(
    () => reader.u16(),
    (error: WireError) => error.at === 2 && /16-bit value needs 2 bytes where 1/.test(error.message),
  );
  assert.equal(reader.at, 2, "and nothing was taken");
});

test("what is written is read back, whatever it is", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("u8", "u16", "i16", "u32", "i32", "f64"),
          fc.integer({ min: -128, max: 127 }),
          fc.boolean(),
        ),
      ),
      (items) => {
        const writer = new Writer(1);
        for (const [kind, value, little] of items) {
          if (kind === "u8") writer.u8(value & 0xff);
          else writer[kind as "u16"](value, little);
        }
        const reader = new Reader(writer.done());
        for (const [kind, value, little] of items) {
          if (kind === "u8") assert.equal(reader.u8(), value & 0xff);
          else {
            const expected = kind === "u16" ? value & 0xffff : kind === "u32" ? value >>> 0 : value;
            assert.equal(reader[kind as "u16"](little), expected);
          }
        }
        assert.equal(reader.left, 0);
      },
    ),
  );
});

test("a text of a megabyte is read as one of three letters is", () => {
  assert.equal(new Reader(Uint8Array.of(0x4a, 0x45, 0xe4)).latin1(3), "JEä");
  assert.equal(new Reader(new Uint8Array(2 ** 20).fill(0x41)).latin1(2 ** 20), "A".repeat(2 ** 20));
});
