/** Object identifiers: those of X.690 and of the layers under MMS, and both ways over whatever there is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "./cursor.ts";
import { objectIdentifierBytes, objectIdentifierOf } from "./object-identifier.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** X.690, 8.19.5 and 8.20.5; ACSE, MMS, BER, the mechanism of a password, an AP title. */
const examples = [
  ["2.100.3", "813403"],
  ["2.999.3", "883703"],
  ["2.2.1.0.1", "52010001"],
  ["1.0.9506.2.1", "28ca220201"],
  ["2.1.1", "5101"],
  ["2.2.3.1", "520301"],
  ["1.1.1.999.1", "2901876701"],
] as const;

for (const [text, wire] of examples)
  test(`${text} is ${wire}`, () => {
    assert.equal(hex(objectIdentifierBytes(text)), wire);
    assert.equal(objectIdentifierOf(bytes(wire)), text);
  });

test("every identifier comes back", () => {
  const arc = fc.nat({ max: 2 ** 40 });
  const one = fc.oneof(
    fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 39 }), fc.array(arc, { maxLength: 6 })),
    fc.tuple(fc.constant(2), arc, fc.array(arc, { maxLength: 6 })),
  );
  fc.assert(
    fc.property(one, ([root, second, rest]) => {
      const text = [root, second, ...rest].join(".");
      assert.equal(objectIdentifierOf(objectIdentifierBytes(text)), text);
    }),
  );
});

for (const wire of ["", "81", "2981", "ff".repeat(9), "01".repeat(65)])
  test(`${wire.slice(0, 12) || "nothing"} is none`, () =>
    assert.throws(() => objectIdentifierOf(bytes(wire)), WireError));

for (const text of ["", "1", "3.1", "1.40", "1.2.x", "1..2", "1.-2"])
  test(`${text || "nothing"} cannot be written`, () => assert.throws(() => objectIdentifierBytes(text), RangeError));
