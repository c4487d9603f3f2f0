/** Fragments and objects: sizes as the standard has them (IEEE 1815 annex A), fragments of opendnp3, and whatever can be written is read again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireError, Writer } from "#wire/cursor.ts";
import { confirmation, controlOctet, controlOf, decodeFragment } from "./fragment.ts";
import { functionName, functions, isResponse } from "./functions.ts";
import { indicated } from "./indications.ts";
import {
  allOf,
  countOf,
  prefixOf,
  qualifiers,
  rangeOf,
  readObjectHeader,
  writeObjectHeader,
  type ObjectHeader,
} from "./object-header.ts";
import { objectRow, objectRows, type Field, type FieldType } from "./object-table.ts";
import { decodeObjects, writeBlock, writeIndices, type DnpObject } from "./objects.ts";
import { Reader } from "#wire/cursor.ts";

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

function written(write: (writer: Writer) => void): string {
  const writer = new Writer();
  write(writer);
  return Buffer.from(writer.done()).toString("hex");
}

/** Octets of an object in annex A, group by group and in the order of variations. */
const sizes: readonly (readonly [group: number, ...sizes: (readonly [variation: number, octets: number])[]])[] = [
  [1, [2, 1]],
  [2, [1, 1], [2, 7], [3, 3]],
  [4, [1, 1], [2, 7], [3, 3]],
  [10, [2, 1]],
  [12, [1, 11]],
  [20, [1, 5], [2, 3], [5, 4], [6, 2]],
  [21, [1, 5], [2, 3], [5, 11], [6, 9], [9, 4], [10, 2]],
  [22, [1, 5], [2, 3], [5, 11], [6, 9]],
  [23, [1, 5], [2, 3], [5, 11], [6, 9]],
  [30, [1, 5], [2, 3], [3, 4], [4, 2], [5, 5], [6, 9]],
  [32, [1, 5], [2, 3], [3, 11], [4, 9], [5, 5], [6, 9], [7, 11], [8, 15]],
  [34, [1, 2], [2, 4], [3, 4]],
  [40, [1, 5], [2, 3], [3, 5], [4, 9]],
  [41, [1, 5], [2, 3], [3, 5], [4, 9]],
  [50, [1, 6], [3, 6], [4, 11]],
  [51, [1, 6], [2, 6]],
  [52, [1, 2], [2, 2]],
];

test("objects are as long as the standard has them", () => {
  for (const [group, ...variations] of sizes)
    for (const [variation, octets] of variations)
      assert.equal(objectRow(group, variation)?.size, octets, `g${group}v${variation}`);
});

test("an octet string is as long as its variation", () => {
  assert.equal(objectRow(110, 17)?.size, 17);
  assert.equal(objectRow(110, 0), undefined);
  assert.equal(objectRow(99, 1), undefined);
});

test("no object is twice in the table, and groups ascend", () => {
  const keys = objectRows.map(({ group, variation }) => group * 256 + variation);
  assert.deepEqual(
    keys,
    [...new Set(keys)].toSorted((one, other) => one - other),
  );
});

test("a response of opendnp3, object by object", () => {
  const fragment = fromHex(
    "c3 81 90 00 01 01 00 00 09 49 02 1e 03 00 00 03 97 9b 03 00 fb ff ff ff d0 07 00 00 b8 0b 00 00 0a 02 00 00 05 81 01 81 01 81 01",
  );
  const { control, code, iin, objectsAt } = decodeFragment(fragment);
  assert.deepEqual(control, { first: true, last: true, confirm: false, unsolicited: false, sequence: 3 });
  assert.equal(code, functions.response);
  assert.deepEqual(indicated(iin ?? 0), ["needTime", "deviceRestart"]);
  const [binaries, analogs, outputs] = decodeObjects(fragment, objectsAt, true);
  assert.deepEqual(
    binaries?.objects.map(({ value }) => value),
    [1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
  );
  assert.deepEqual(analogs?.objects, [
    { index: 0, value: 236_439 },
    { index: 1, value: -5 },
    { index: 2, value: 2000 },
    { index: 3, value: 3000 },
  ]);
  assert.equal(outputs?.row?.what, "binary output status with flags");
  assert.deepEqual(
    outputs?.objects.map(({ flags }) => flags),
    [0x81, 1, 0x81, 1, 0x81, 1],
  );
  assert.equal(outputs?.at, 32);
});

test("frozen counters with their time, a float, and a time delay", () => {
  const events = fromHex("17 05 28 01 00 02 00 01 42 42 0f 00 96 ae c5 fb a1 01");
  assert.deepEqual(decodeObjects(events, 0, true)[0]?.objects, [
    { index: 2, flags: 1, value: 1_000_002, time: 1_795_225_398_934 },
  ]);
  const floats = fromHex("1e 05 00 00 01 01 c0 e5 66 48 01 00 00 a0 c0");
  assert.deepEqual(decodeObjects(floats, 0, true)[0]?.objects, [
    { index: 0, flags: 1, value: 236_439 },
    { index: 1, flags: 1, value: -5 },
  ]);
  assert.deepEqual(decodeObjects(fromHex("34 02 07 01 e8 03"), 0, true)[0]?.objects, [{ delayMs: 1000 }]);
});

test("requests of a master, octet for octet", () => {
  assert.equal(
    written((writer) => void writeBlock(writer, rangeOf(80, 1, 7, 7), [{ index: 7, value: 0 }])),
    "500100070700",
  );
  const time = { ...countOf(50, 1, 1) };
  assert.equal(
    written((writer) => void writeBlock(writer, time, [{ time: Date.UTC(2024, 0, 1) }])),
    "3201070100f451c28c01",
  );
  assert.equal(
    written((writer) => void writeObjectHeader(writer, allOf(60, 2))),
    "3c0206",
  );
  assert.equal(
    written((writer) => void writeObjectHeader(writer, rangeOf(30, 5, 0, 256))),
    "1e050100000001",
  );
  const list = { ...countOf(30, 3, 2), qualifier: qualifiers.indices8 };
  assert.equal(
    written((writer) => void writeIndices(writer, list, [0, 2])),
    "1e0317020002",
  );
  assert.deepEqual(decodeObjects(fromHex("1e 03 17 02 00 02"), 0, false)[0]?.objects, [{ index: 0 }, { index: 2 }]);
  assert.equal(Buffer.from(confirmation(8, false)).toString("hex"), "c800");
  assert.equal(Buffer.from(confirmation(0, true)).toString("hex"), "d000");
});

test("what an outstation says is told from what a master says", () => {
  assert.equal(isResponse(functions.unsolicited), true);
  assert.equal(isResponse(functions.authenticateNoResponse), false);
  assert.equal(functionName(7), "freeze");
  assert.equal(functionName(0x70), undefined);
});

test("control octets, there and back", () => {
  for (let octet = 0; octet < 256; octet++) assert.equal(controlOctet(controlOf(octet)), octet);
});

const refused: readonly (readonly [why: string, fragment: string])[] = [
  ["nothing", ""],
  ["a control octet alone", "c0"],
  ["a response without its indications", "c0 81 00"],
  ["a header that is cut", "c0 81 00 00 1e 03"],
  ["a range that is cut", "c0 81 00 00 1e 03 00 00"],
  ["objects that are cut", "c0 81 00 00 1e 03 00 00 01 00 00 00 00"],
  ["a prefix that is none", "c0 81 00 00 1e 03 77 01 00"],
  ["a range that is none", "c0 81 00 00 1e 03 0d 01 00"],
  ["an object whose layout is not known", "c0 81 00 00 63 01 07 01 00"],
  ["a file without its size", "c0 81 00 00 46 05 07 01 00"],
  ["as many packed bits as no fragment has", "c0 81 00 00 01 01 02 00 00 00 00 ff ff ff ff 00"],
];
for (const [why, hex] of refused) {
  test(`${why} is no fragment`, () => {
    const fragment = fromHex(hex);
    assert.throws(() => decodeObjects(fragment, decodeFragment(fragment).objectsAt, true), WireError);
  });
}

test("of objects without octets there can be any number: none is made", () => {
  assert.deepEqual(decodeObjects(fromHex("3c 02 08 ff ff"), 0, true)[0]?.objects, []);
});

test("start after stop is a range of none", () => {
  const header = readObjectHeader(new Reader(fromHex("1e 03 00 09 02")));
  assert.deepEqual([header.first, header.count], [9, 0]);
});

const numbersOf: Readonly<Record<FieldType, fc.Arbitrary<number>>> = {
  u8: fc.nat(0xff),
  u16: fc.nat(0xffff),
  i16: fc.integer({ min: -0x8000, max: 0x7fff }),
  u32: fc.nat(0xffff_ffff),
  i32: fc.integer(),
  f32: fc.float({ noNaN: true }),
  f64: fc.double({ noNaN: true }),
  u48: fc.nat(2 ** 48 - 1),
};

function fieldsOf(layout: readonly Field[]): fc.Arbitrary<DnpObject> {
  return fc.tuple(...layout.map(([, type]) => numbersOf[type])).map((values) => {
    const object: Partial<Record<Field[0], number>> = {};
    layout.forEach(([name], k) => void (object[name] = values[k] ?? 0));
    return object;
  });
}

const someRows = fc.constantFrom(...objectRows.filter(({ layout }) => Array.isArray(layout)));

test("whatever can be written of objects with fields is read again", () => {
  const anything = someRows.chain(({ group, variation, layout }) =>
    fc.tuple(
      fc.constant({ group, variation }),
      fc.array(fieldsOf(Array.isArray(layout) ? layout : []), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(...Object.values(qualifiers).filter((one) => one !== qualifiers.all && one !== qualifiers.sized)),
      fc.nat(0xff - 20),
    ),
  );
  fc.assert(
    fc.property(anything, ([numbers, fields, qualifier, first]) => {
      const isCount = qualifier === qualifiers.count8 || qualifier === qualifiers.count16;
      const objects = fields.map((one, k) => (isCount ? one : { ...one, index: first + k }));
      const isRange = qualifier === qualifiers.range8 || qualifier === qualifiers.range16;
      const header: ObjectHeader = { ...numbers, qualifier, first: isRange ? first : 0, count: objects.length };
      const writer = new Writer();
      writeBlock(writer, header, objects);
      const [block, ...more] = decodeObjects(writer.done(), 0, true);
      assert.deepEqual(more, []);
      assert.deepEqual(block?.header, header);
      assert.deepEqual(
        block.objects.map((one) => ({ ...one })),
        objects.map((one) => ({ ...one })),
      );
    }),
  );
});

test("bits, packed and one by one, are read again", () => {
  const some = fc.tuple(
    fc.constantFrom([1, 1, 1], [3, 1, 3], [10, 1, 1]),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 300 }),
    fc.nat(500),
  );
  fc.assert(
    fc.property(some, fc.boolean(), ([[group = 1, variation = 1, mask = 1], values, first], isList) => {
      const objects = values.map((value, k) => ({ index: first + k, value: value & mask }));
      const header = isList
        ? { group, variation, qualifier: qualifiers.indices16, first: 0, count: values.length }
        : rangeOf(group, variation, first, first + values.length - 1);
      const writer = new Writer();
      writeBlock(writer, header, objects);
      assert.deepEqual(decodeObjects(writer.done(), 0, true)[0]?.objects, objects);
    }),
  );
});

test("files and octet strings are read again", () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(octets, fc.nat(0xffff), (one, index) => {
      const writer = new Writer();
      const string = { group: 110, variation: one.length, qualifier: qualifiers.indices16, first: 0, count: 1 };
      writeBlock(writer, string, [{ index, octets: one }]);
      writeBlock(writer, { group: 70, variation: 5, qualifier: qualifiers.sized, first: 0, count: 1 }, [
        { octets: one },
      ]);
      const [text, file] = decodeObjects(writer.done(), 0, true);
      assert.deepEqual(text?.objects, [{ index, octets: one }]);
      assert.deepEqual(file?.objects, [{ octets: one }]);
    }),
  );
});

test("any octets are objects, or a WireError, and never more than there are bits", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, data) => {
      try {
        const blocks = decodeObjects(octets, 0, data);
        assert.ok(blocks.reduce((sum, { objects }) => sum + objects.length, 0) <= 8 * octets.length);
      } catch (error) {
        assert.ok(error instanceof WireError);
        assert.ok(error.at >= 0 && error.at <= octets.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test("each half of a qualifier is told by itself", () => {
  assert.deepEqual(prefixOf(qualifiers.indices16), { of: "index", octets: 2 });
  assert.deepEqual(prefixOf(qualifiers.sized), { of: "size", octets: 2 });
  assert.equal(prefixOf(0x70), undefined);
});
