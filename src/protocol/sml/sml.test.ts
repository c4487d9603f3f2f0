/** SML's types, lengths and transport: clauses 6 and 8 of SML 1.05, on paper; transport as other readers have it in their tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, WireError } from "#wire/cursor.ts";
import { openingFrom, readTransport } from "./transport.ts";
import { readTypeLength, readValue, type SmlValue, type TypeLength } from "./type-length.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

const fields: [what: string, wire: string, field: TypeLength, value?: SmlValue][] = [
  ["an octet string", "04 45 42 5A", { type: "octets", length: 3 }, bytes("45425A")],
  ["an optional value that is not there", "01", { type: "octets", length: 0 }, undefined],
  // 19 bytes: two of the field, 17 behind it.
  ["a length of two bytes", `81 03 ${"AA".repeat(17)}`, { type: "octets", length: 17 }, new Uint8Array(17).fill(0xaa)],
  ["a boolean", "42 00", { type: "boolean", length: 1 }, false],
  ["an integer", "52 FB", { type: "integer", length: 1 }, -5n],
  ["an integer in three bytes", "54 FF FF FE", { type: "integer", length: 3 }, -2n],
  ["an unsigned of eight bytes", "69 00 00 00 0A 7A C1 BC 17", { type: "unsigned", length: 8 }, 45_009_189_911n],
  ["a list", "77", { type: "list", length: 7 }],
  ["a list of 18", "F1 02", { type: "list", length: 18 }],
];
for (const [what, wire, field, value] of fields) {
  test(`reads ${what}`, () => {
    const from = new Reader(bytes(wire));
    assert.deepEqual(readTypeLength(from), field);
    if (field.type !== "list") assert.deepEqual(readValue(from, field), value);
    assert.equal(from.left, 0);
  });
}

const refusals: [why: string, wire: string, says: RegExp][] = [
  ["a type that there is not", "12", /no SML type 1/],
  ["a length that is less than its own", "00", /a length of 0, which is less than its own 1 bytes/],
  ["a field without end", "8F8F8F8F8F", /more than 4 bytes/],
  ["a boolean of two bytes", "43 00 00", /a boolean of 2 bytes/],
  ["a number of nine bytes", "6A 000000000000000000", /1 to 8 bytes, found 9/],
  ["a number of none", "61", /1 to 8 bytes, found 0/],
  ["what is not all there", "04 45", /needs 3 bytes where 1 are left/],
];
for (const [why, wire, says] of refusals) {
  test(`refuses ${why}`, () => {
    const from = new Reader(bytes(wire));
    assert.throws(
      () => readValue(from, readTypeLength(from)),
      (error: unknown) => error instanceof WireError && says.test(error.message),
    );
  });
}

const transports: [what: string, wire: string, content: string, doubled: number, padding: number][] = [
  ["one byte that fills", "1b1b1b1b 01010101 12345600 1b1b1b1b 1a0191a5", "12345600", 0, 1],
  ["a doubled run", "1b1b1b1b 01010101 12 1b1b1b1b 1b1b1b1b 000000 1b1b1b1b 1a03be25", "12 1b1b1b1b 000000", 1, 3],
];
for (const [what, wire, content, doubled, padding] of transports) {
  test(`carries ${what}`, () => {
    const message = bytes(wire);
    const read = readTransport(message, 0);
    assert.deepEqual(
      [read.content, read.doubled, read.padding, read.to],
      [bytes(content), doubled, padding, message.length],
    );
    assert.equal(read.check.said, read.check.made);
  });
}

test("an opening is found behind a run of more than four bytes, and where none is there is none", () => {
  assert.equal(openingFrom(bytes("00 1b 1b1b1b1b 01010101")), 2);
  assert.equal(openingFrom(bytes("1b1b1b1b 010101")), -1);
});

test("a telegram without its end, or with another behind a run, is refused", () => {
  assert.throws(() => readTransport(bytes("1b1b1b1b 01010101 76"), 0), /expected 1B1B1B1B 1A at the end/);
  assert.throws(() => readTransport(bytes("1b1b1b1b 01010101 1b1b1b1b 01010101"), 0), /behind 1B1B1B1B/);
  assert.throws(
    () => readTransport(bytes("1b1b1b1b 01010101 00 1b1b1b1b 1a040000"), 0),
    /0 to 3 bytes that fill, found 4/,
  );
});
