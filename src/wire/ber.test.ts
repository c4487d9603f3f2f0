/** BER: the examples of X.690, frames of a running MMS server, and both ways over whatever there is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BerReader, BerWriter } from "./ber.ts";
import { WireError } from "./cursor.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");

/** X.690, 8.1.5 and 8.6.4.2 (0A3B5F291CD, 44 bits); a fileDirectory of MMS; what an MMS server sends. */
const examples: [what: string, wire: string, write: (out: BerWriter) => BerWriter][] = [
  ["null", "0500", (out) => out.null(0x05)],
  ["a bit string", "0307040a3b5f291cd0", (out) => out.bits(0x03, bytes("0a3b5f291cd0"), 44)],
  ["quality, invalid", "8403034000", (out) => out.bitsOf(0x84, 0x0800, 13)],
  ["trigger options, data change and integrity", "84020248", (out) => out.bitsOf(0x84, 0x12, 6)],
  ["a float", "870508c2ed4000", (out) => out.float32(0x87, -118.625)],
  ["65000", "800300fde8", (out) => out.integer(0x80, 65_000)],
  ["-13", "8401f3", (out) => out.integer(0x84, -13)],
  ["a tag of two octets", "bf4d02a000", (out) => out.wrap(0xa0, 0).wrap(0xbf4d, 0)],
  ["a long length", `1a81c8${"41".repeat(200)}`, (out) => out.latin1(0x1a, "A".repeat(200))],
];

for (const [what, wire, write] of examples) {
  test(`${what} is ${wire.slice(0, 24)}`, () => assert.equal(hex(write(new BerWriter(2)).done()), wire));
}

test("an indefinite length ends at its two zero octets, also within another", () => {
  const outer = new BerReader(bytes("30 80 a0 80 02 01 05 0000 04 02 0000 0000 0101ff"));
  assert.ok(outer.next());
  const inner = outer.inner();
  assert.ok(inner.next());
  assert.equal(inner.tag, 0xa0);
  assert.equal(inner.inner().expect(0x02, "a number").integer(), 5);
  assert.ok(inner.next());
  assert.equal(hex(inner.content()), "0000");
  assert.equal(inner.next(), false);
  assert.ok(outer.expect(0x01, "a boolean").boolean());
});

/** X.690: what is cut off, has no end, or says more than there is. */
const refused = [
  ["a length that is missing", "30"],
  ["a content that is cut off", "300302"],
  ["a length of five octets", "30850000000001ff"],
  ["a primitive element of indefinite length", "0480010000"],
  ["an indefinite length without an end", "3080020105"],
  ["a tag of three octets", "bf8101020105"],
  ["seventeen indefinite lengths", "3080".repeat(17) + "0000".repeat(17)],
] as const;

for (const [what, wire] of refused) {
  test(`${what} is refused with its place`, () => {
    assert.throws(() => {
      const reader = new BerReader(bytes(wire.replace("30850000000001ff", "30850000000001 ff".replace(" ", ""))));
      while (reader.next());
    }, WireError);
  });
}

test("whole numbers come back as they were, in as few octets as they take", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const wire = new BerWriter(4).integer(0x85, value).done();
      assert.equal(new BerReader(wire).expect(0x85, "it").integer(), value);
      assert.equal(hex(new BerWriter().bigint(0x85, BigInt(value)).done()), hex(wire));
      const [, , first = 0, second = 0] = wire;
      assert.ok(wire.length === 3 || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)));
    }),
  );
  assert.equal(hex(new BerWriter().bigint(0x85, 2n ** 63n - 1n).done()), "85087fffffffffffffff");
  assert.equal(hex(new BerWriter().bigint(0x85, -(2n ** 63n)).done()), "85088000000000000000");
});

test("what is written can be taken back to a mark", () => {
  const out = new BerWriter(4).integer(0x02, 5);
  const mark = out.written;
  out.octets(0x04, new Uint8Array(100)).cut(mark);
  assert.equal(hex(out.boolean(0x01, false).wrap(0x30, 0).done()), "3006010100020105");
});

test("no octets, whatever they are, do more than be refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (wire) => {
      const walk = (reader: BerReader, depth: number): void => {
        while (reader.next()) {
          assert.ok(reader.from <= reader.to && reader.to <= reader.end);
          const first = reader.tag > 0xff ? reader.tag >> 8 : reader.tag;
          if ((first & 0x20) !== 0 && depth < 8) walk(reader.inner(), depth + 1);
        }
      };
      try {
        walk(new BerReader(wire), 0);
      } catch (error) {
        assert.ok(error instanceof WireError, String(error));
      }
    }),
    { numRuns: 20_000 },
  );
});
