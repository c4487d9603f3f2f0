/** A-XDR of Data: Green Book 9.5 by its tags, values worked out on paper; random values round; hostile bytes end in a WireError. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "#wire/cursor.ts";
import { anyData, ofEveryType } from "./data-fixture.ts";
import { tags, type Data } from "./data.ts";
import { decodeData } from "./decode.ts";
import { encodeData } from "./encode.ts";
import { units } from "./unit.ts";
import { logicalNameBytes, logicalNameOf } from "./logical-name.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

const values: [what: string, wire: string, data: Data][] = [
  ["null-data", "00", { type: "null-data" }],
  ["dont-care", "FF", { type: "dont-care" }],
  ["a boolean", "03 01", { type: "boolean", value: true }],
  [
    "ten bits, the first one highest",
    "04 0A A1 40",
    { type: "bit-string", value: [true, false, true, false, false, false, false, true, false, true] },
  ],
  ["a double-long", "05 FF FF FF FE", { type: "double-long", value: -2 }],
  ["a double-long-unsigned", "06 00 12 D6 87", { type: "double-long-unsigned", value: 1_234_567 }],
  ["an octet string", "09 06 00 00 01 00 00 FF", { type: "octet-string", value: bytes("0000010000FF") }],
  [
    "an octet string of 128 bytes",
    `09 81 80 ${"5A".repeat(128)}`,
    { type: "octet-string", value: new Uint8Array(128).fill(0x5a) },
  ],
  [
    "an octet string of 256 bytes",
    `09 82 01 00 ${"5A".repeat(256)}`,
    { type: "octet-string", value: new Uint8Array(256).fill(0x5a) },
  ],
  ["a visible string", "0A 03 4A 45 4D", { type: "visible-string", value: "JEM" }],
  ["UTF-8", "0C 04 EF BB BF 56", { type: "utf8-string", value: "\uFEFFV" }],
  ["bcd", "0D 42", { type: "bcd", value: 0x42 }],
  [
    "scaler and unit",
    "02 02 0F FD 16 1B",
    {
      type: "structure",
      value: [
        { type: "integer", value: -3 },
        { type: "enum", value: 27 },
      ],
    },
  ],
  ["a long", "10 80 00", { type: "long", value: -32_768 }],
  ["an unsigned", "11 FF", { type: "unsigned", value: 255 }],
  ["a long-unsigned", "12 00 08", { type: "long-unsigned", value: 8 }],
  // A structure of a long-unsigned and an unsigned, three times: nine bytes of contents.
  [
    "a compact array",
    "13 02 02 12 11 09 00 01 0A 00 02 0B 00 03 0C",
    {
      type: "compact-array",
      of: { type: "structure", of: [{ type: "long-unsigned" }, { type: "unsigned" }] },
      value: [
        [1, 10],
        [2, 11],
        [3, 12],
      ].map(([one, two]) => ({
        type: "structure",
        value: [
          { type: "long-unsigned", value: one! },
          { type: "unsigned", value: two! },
        ],
      })),
    },
  ],
  // Of arrays of two integers: a count of two bytes stands in the description.
  [
    "a compact array of arrays",
    "13 01 00 02 0F 04 01 02 FF FE",
    {
      type: "compact-array",
      of: { type: "array", count: 2, of: { type: "integer" } },
      value: [
        [1, 2],
        [-1, -2],
      ].map((pair) => ({ type: "array", value: pair.map((value) => ({ type: "integer", value })) })),
    },
  ],
  ["a long64", "14 FF FF FF FF FF FF FF FF", { type: "long64", value: -1n }],
  ["a long64-unsigned", "15 FF FF FF FF FF FF FF FF", { type: "long64-unsigned", value: 2n ** 64n - 1n }],
  // 1.5 is 1.1 in binary: exponent 127, mantissa 1000...
  ["a float32", "17 3F C0 00 00", { type: "float32", value: 1.5 }],
  ["a float64", "18 BF F8 00 00 00 00 00 00", { type: "float64", value: -1.5 }],
  [
    "a date-time",
    "19 07 E9 02 13 03 15 14 00 00 00 00 00",
    { type: "date-time", value: bytes("07E902130315140000000000") },
  ],
  ["a date", "1A 07 E9 02 13 03", { type: "date", value: bytes("07E9021303") }],
  ["a time", "1B 15 14 00 FF", { type: "time", value: bytes("151400FF") }],
  ["a delta-integer", "1C FF", { type: "delta-integer", value: -1 }],
  ["a delta-long", "1D FF FE", { type: "delta-long", value: -2 }],
  ["a delta-double-long", "1E FF FF FF FD", { type: "delta-double-long", value: -3 }],
  ["a delta-unsigned", "1F FF", { type: "delta-unsigned", value: 255 }],
  ["a delta-long-unsigned", "20 01 00", { type: "delta-long-unsigned", value: 256 }],
  ["a delta-double-long-unsigned", "21 00 01 00 00", { type: "delta-double-long-unsigned", value: 65_536 }],
  [
    "an array in an array",
    "01 02 01 00 01 01 00",
    {
      type: "array",
      value: [
        { type: "array", value: [] },
        { type: "array", value: [{ type: "null-data" }] },
      ],
    },
  ],
];
for (const [what, wire, data] of values) {
  test(`${what} goes both ways`, () => {
    assert.deepEqual(decodeData(bytes(wire)), data);
    assert.equal(Buffer.from(encodeData(data)).toString("hex"), wire.replaceAll(" ", "").toLowerCase());
  });
}

test("every type of the standard is among what is tried", () => {
  assert.deepEqual(
    new Set(values.map(([, , { type }]) => type)).union(new Set(["enum", "integer"])),
    new Set(Object.keys(tags)),
  );
});

const refusals: [why: string, wire: string, says: RegExp, at: number][] = [
  ["nothing", "", /a byte/, 0],
  ["a type that there is not", "02 01 07", /no data type 7/, 2],
  ["more members than bytes", "01 05 00", /5 members where 1 bytes are left/, 2],
  ["four thousand million members", "01 84 FF FF FF FF 00", /4294967295 members/, 6],
  ["a length of nine bytes", "09 89 01", /length of 9 bytes/, 1],
  ["a length without end", "09 80", /length of 0 bytes/, 1],
  ["an octet string that is not all there", "09 04 00 00", /run of 4 needs 4 bytes where 2 are left/, 2],
  ["four thousand million bits", "04 84 FF FF FF FF 00", /needs/, 6],
  ["what stands behind the value", "11 01 02", /1 bytes behind/, 2],
  ["a compact array of nothing", "13 00 03 01 02 03", /have no bytes/, 3],
  ["a compact array of arrays of nothing", "13 01 FF FF 01 FF FF 00 01 00", /more values than it has bytes/, 9],
  ["a compact array in a compact array", "13 13 11 01 00", /compact array in a compact array/, 1],
  ["a compact array of which the last member is cut", "02 02 13 12 03 00 01 00 11 05", /ends behind it/, 8],
  ["a compact array that is not all there", "13 12 03 00 01", /of 3 bytes where 2 are left/, 3],
];
for (const [why, wire, says, at] of refusals) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => decodeData(bytes(wire)),
      (error: unknown) => {
        assert.ok(error instanceof WireError);
        assert.match(error.message, says);
        assert.equal(error.at, at);
        return true;
      },
    );
  });
}

test("a megabyte of structures in structures is refused where they are too deep, whatever kind they are", () => {
  for (const opening of ["0201", "0101", "130201", "130100010201"]) {
    const deep = new Uint8Array(Buffer.from(opening.repeat(Math.ceil(2 ** 20 / (opening.length / 2))), "hex"));
    assert.throws(
      () => decodeData(deep),
      (error: unknown) => error instanceof WireError && error.at < 100,
    );
  }
});

test("floats and date-times with a length byte are read where that is wished, and only there", () => {
  // As servers that stand on jDLMS 1.7 send them.
  const wire = bytes("02 03 17 04 3F 80 00 00 18 08 3F F0 00 00 00 00 00 00 19 0C 07 E9 02 13 03 15 14 00 00 00 00 00");
  assert.deepEqual(decodeData(wire, { lengthened: true }), {
    type: "structure",
    value: [
      { type: "float32", value: 1 },
      { type: "float64", value: 1 },
      { type: "date-time", value: bytes("07E902130315140000000000") },
    ],
  });
  assert.throws(() => decodeData(wire), WireError);
  assert.throws(
    () => decodeData(bytes("17 3F 80 00 00"), { lengthened: true }),
    /expected the length of a float32, 4, found 63/,
  );
});

test("a value of any type comes back as it was", () => {
  for (const type of ofEveryType)
    fc.assert(
      fc.property(type, (data) => assert.deepEqual(decodeData(encodeData(data)), data)),
      { numRuns: 60, seed: 14 },
    );
  fc.assert(
    fc.property(anyData, (data) => assert.deepEqual(decodeData(encodeData(data)), data)),
    { numRuns: 1000, seed: 14 },
  );
});

test("a logical name is six bytes and six numbers, and nothing else is one", () => {
  assert.deepEqual(logicalNameBytes("1.0.99.1.0.255"), bytes("0100630100FF"));
  assert.equal(logicalNameOf(bytes("0100630100FF")), "1.0.99.1.0.255");
  for (const none of [
    "",
    "1.0.1.8.0",
    "1.0.1.8.0.255.0",
    "1.0.1.8.0.256",
    "1.0.1..0.255",
    "1.0.1.8.0.25a",
    "-1.0.1.8.0.255",
    "1.0.1.8.0.0255",
  ])
    assert.throws(() => logicalNameBytes(none), /expected six numbers from 0 to 255/, none);
});

test("units have their numbers of the Blue Book", () => {
  const some = {
    9: "°C",
    27: "W",
    32: "varh",
    44: "Hz",
    48: "V²h",
    49: "A²h",
    53: "1/(V²h)",
    54: "1/(A²h)",
    56: "%",
    57: "Ah",
    72: "dB",
  };
  assert.deepEqual(Object.fromEntries(Object.entries(units).filter(([number]) => number in some)), some);
});
