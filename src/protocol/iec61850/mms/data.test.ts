/** Data, types and attributes of MMS: what is written is read again, and is what libiec61850 writes for the same (../shared/facts/iec61850.md, 3.2). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { basicTypes, type BasicType } from "#protocol/iec61850/model/basic-type.ts";
import { isSameValue, quality, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { readLeaf, writeLeaf } from "./attribute-data.ts";
import { typeOfLeaf } from "./attribute-type.ts";
import { decodeData, encodeData } from "./data-codec.ts";
import type { Data, TypeDescription } from "./data.ts";
import { generalizedTime, utcOfGeneralizedTime } from "./generalized-time.ts";
import { pduBytes, decodePdu } from "./pdu.ts";
import { decodeType, encodeType } from "./type-codec.ts";
import type { AlternateAccess } from "./variable-access.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

function found(octets: Uint8Array): BerReader {
  const reader = new BerReader(octets);
  assert.ok(reader.next());
  assert.equal(reader.at, octets.length);
  return reader;
}

function leaf(type: BasicType, value: LeafValue): Uint8Array {
  const out = new BerWriter();
  writeLeaf(out, { type }, value);
  return out.done();
}

const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).filter((value) => value > 2n ** 53n || value < -(2n ** 53n)),
);
const bits = fc
  .tuple(fc.uint8Array({ maxLength: 8 }), fc.nat(7))
  .map(([octets, unused]): { octets: Uint8Array; length: number } => {
    const cut = Uint8Array.from(octets);
    const last = cut.length - 1;
    if (last < 0) return { octets: cut, length: 0 };
    cut[last] = cut[last]! & (0xff << unused);
    return { octets: cut, length: 8 * cut.length - unused };
  });
const printable = fc.stringMatching(/^[ -ÿ]{0,20}$/);

const { data } = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.boolean().map((value): Data => ({ kind: "boolean", value })),
    bits.map((one): Data => ({ kind: "bits", ...one })),
    whole.map((value): Data => ({ kind: "integer", value })),
    fc.float({ noNaN: true }).map((value): Data => ({ kind: "float", value, width: 32 })),
    fc.double({ noNaN: true }).map((value): Data => ({ kind: "float", value, width: 64 })),
    fc.uint8Array().map((value): Data => ({ kind: "octets", value })),
    printable.map((value): Data => ({ kind: "visible", value })),
    fc.string({ unit: "grapheme" }).map((value): Data => ({ kind: "utf8", value })),
    fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets): Data => ({ kind: "binaryTime", octets })),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((octets): Data => ({ kind: "utc", octets })),
    fc.array(tie("data"), { maxLength: 5 }).map((items): Data => ({ kind: "structure", items })),
    fc.array(tie("data"), { maxLength: 5 }).map((items): Data => ({ kind: "array", items })),
  ),
}));

test("data are read as they were written", () => {
  fc.assert(
    fc.property(data, (value) => {
      const out = new BerWriter();
      encodeData(out, value);
      assert.deepEqual(decodeData(found(out.done())), value);
    }),
  );
});

const { type: types } = fc.letrec<{ type: TypeDescription }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<TypeDescription>(
      ...(Object.keys(basicTypes) as BasicType[]).map((one) => typeOfLeaf(one)),
      { kind: "generalizedTime" },
      { kind: "objectId" },
    ),
    fc.tuple(fc.nat(1000), tie("type")).map(([count, of]): TypeDescription => ({ kind: "array", count, of })),
    fc
      .array(
        fc.record(
          { name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}$/), type: tie("type") },
          { noNullPrototype: true },
        ),
        { maxLength: 5 },
      )
      .map((fields): TypeDescription => ({ kind: "structure", fields })),
  ),
}));

test("descriptions of types are read as they were written", () => {
  fc.assert(
    fc.property(types, (type) => {
      const out = new BerWriter();
      encodeType(out, type);
      assert.deepEqual(decodeType(found(out.done())), type);
    }),
  );
});

test("data and types that are nested deeper than was agreed are refused, and none of them deeper than ten", () => {
  const nested = (depth: number): Uint8Array => {
    const out = new BerWriter().null(0xa2);
    for (let k = 1; k < depth; k++) out.wrap(0xa2, 0);
    return out.done();
  };
  assert.equal(decodeData(found(nested(10))).kind, "structure");
  assert.throws(() => decodeData(found(nested(11))), WireError);
  assert.throws(() => decodeData(found(nested(5)), 4), WireError);
  assert.throws(() => decodeData(found(nested(10_000))), WireError);
});

test("attributes are what libiec61850 writes for them", () => {
  const time = { utc: 0, leapSecondsKnown: false, clockFailure: false, notSynchronised: false, accuracyBits: 0 };
  for (const [type, value, octets] of [
    ["Quality", quality.good, "8403030000"],
    ["Quality", quality.invalid, "8403034000"],
    ["Quality", quality.questionable, "840303c000"],
    ["Quality", quality.substituted, "8403030020"],
    ["Quality", quality.test, "8403030010"],
    ["FLOAT32", 64 + 0x4bed57 / 2 ** 17, "87050842cbed57"],
    ["BOOLEAN", true, "830101"],
    ["BOOLEAN", false, "830100"],
    ["INT64", 1_000_101n, "85030f42a5"],
    ["INT64", -1n, "8501ff"],
    ["INT8U", 200, "860200c8"],
    ["EntryID", bytes("000001a1fbc3cc66"), "8908000001a1fbc3cc66"],
    // 0x005cb466 ms of day 15,665 since 1984.
    ["EntryTime", Date.UTC(2026, 10, 21) + 0x5cb466, "8c06005cb4663d31"],
    ["TrgOps", 0b011_001, "84020264"],
    ["OptFlds", 0b01_1110_1110, "8403067b80"],
    ["Dbpos", 0b10, "84020680"],
    ["Check", 0, "84020600"],
    ["Timestamp", time, "91080000000000000000"],
    ["VisString255", "JEM01MTR/LLN0$IO", "8a104a454d30314d54522f4c4c4e3024494f"],
  ] as const) {
    assert.equal(hex(leaf(type, value)), octets, type);
    const read = readLeaf(found(bytes(octets)), { type });
    assert.ok(
      "value" in read && isSameValue(read.value, value),
      `${type}: ${JSON.stringify(read, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one))}`,
    );
  }
});

test("an instant of a capture is what its octets are: seconds, 24 bits of a fraction, and ten of them right", () => {
  const read = readLeaf(found(bytes("91086b00f6b57d70a38a")), { type: "Timestamp" });
  assert.ok("value" in read && typeof read.value === "object" && "utc" in read.value);
  // 0x7d70a3 / 2^24 of a second are 490 ms but for 50 ns.
  assert.equal(Math.round(1000 * read.value.utc) / 1000, 0x6b00_f6b5 * 1000 + 490);
  assert.deepEqual([read.value.leapSecondsKnown, read.value.accuracyBits], [true, 10]);
  // Milliseconds since 1970 are right to a quarter of a microsecond: the last bits of a fraction are less.
  assert.match(hex(leaf("Timestamp", read.value)), /^91086b00f6b57d70a[0-9a-f]8a$/);
  // A fraction that is rounded up is the next second.
  const next = leaf("Timestamp", { ...read.value, utc: 1999.999_99 });
  assert.equal(hex(next).slice(4, 18), "00000002000000");
});

test("what is not known is nothing on the wire, whatever its type", () => {
  assert.equal(hex(leaf("FLOAT32", undefined)), "8705087fc00000");
  assert.equal(hex(leaf("INT32", undefined)), "850100");
  assert.equal(hex(leaf("BOOLEAN", undefined)), "830100");
  assert.equal(hex(leaf("Quality", undefined)), "8403034000");
  assert.equal(hex(leaf("Timestamp", undefined)), "91080000000000000040");
  assert.equal(hex(leaf("EntryTime", undefined)), "8c06000000000000");
  assert.equal(hex(leaf("EntryID", undefined)), "89080000000000000000");
  assert.equal(hex(leaf("Octet64", undefined)), "8900");
  assert.equal(hex(leaf("VisString255", undefined)), "8a00");
});

test("a value of another type is told from one that the type does not have", () => {
  for (const [type, octets, wrong] of [
    ["INT8", "830101", "type"],
    ["INT8", "85020080", "value"],
    ["INT8U", "8601ff", "value"],
    ["Dbpos", "84020780", "type"],
    ["EntryID", "890101", "value"],
    ["VisString32", `8a21${"41".repeat(33)}`, "value"],
    ["FLOAT32", "87090b3ff0000000000000", "type"],
    ["EntryTime", "8c0400000000", "type"],
  ] as const)
    assert.deepEqual(readLeaf(found(bytes(octets)), { type }), { wrong }, `${type} ${octets}`);
  assert.throws(() => readLeaf(found(bytes("910400000000")), { type: "Timestamp" }), WireError);
  // Bits that are left out at the end are 0.
  assert.deepEqual(readLeaf(found(bytes("84020640")), { type: "TrgOps" }), { value: 0b010_000 });
});

test("attributes of every type are read as they were written", () => {
  const values: Readonly<Record<string, fc.Arbitrary<LeafValue>>> = {
    boolean: fc.boolean(),
    float: fc.float({ noNaN: true }),
    visible: fc.stringMatching(/^[ -~]{0,3}$/),
    utf8: fc.string({ unit: "grapheme", maxLength: 20 }),
  };
  for (const type of Object.keys(basicTypes) as BasicType[]) {
    const { mms, width } = basicTypes[type];
    const size = Math.abs(width);
    const own =
      mms === "integer" && size > 32
        ? fc.bigInt({ min: -(2n ** BigInt(size - 1)), max: 2n ** BigInt(size - 1) - 1n })
        : mms === "integer"
          ? fc.integer({ min: -(2 ** (size - 1)), max: 2 ** (size - 1) - 1 })
          : mms === "unsigned" || mms === "bits"
            ? fc.maxSafeNat().map((value) => value % 2 ** size)
            : mms === "octets"
              ? fc.uint8Array({ minLength: size, maxLength: size })
              : values[mms];
    if (own === undefined) continue;
    fc.assert(
      fc.property(own, (value: LeafValue) => {
        const read = readLeaf(found(leaf(type, value)), { type });
        assert.ok("value" in read && isSameValue(read.value, value), `${type} ${String(value)}`);
      }),
      { numRuns: 30 },
    );
  }
});

test("parts of a variable are asked for by component, number and range, and within each other", () => {
  const alternate: AlternateAccess = [
    { part: { kind: "index", index: 3 }, within: [{ part: { kind: "component", name: "cVal" } }] },
    { named: "some", part: { kind: "range", first: 1, count: 5 } },
    { part: { kind: "all" }, within: [{ part: { kind: "index", index: 300 } }, { part: { kind: "all" } }] },
  ];
  const name = { scope: "domain", domain: "D", item: "MHAI1$MX$HA$phsAHar" } as const;
  const pdu = {
    kind: "request",
    invokeId: 1,
    request: {
      service: "read",
      withSpecification: false,
      access: { kind: "variables", variables: [{ kind: "name", name, alternate }] },
    },
  } as const;
  assert.deepEqual(decodePdu(pduBytes(pdu)), pdu);
});

test("times of files are UTC to the millisecond, and what is no time is none", () => {
  assert.equal(utcOfGeneralizedTime("20261121013941.000Z"), Date.UTC(2026, 10, 21, 1, 39, 41));
  assert.equal(utcOfGeneralizedTime("20260228235959,5Z"), Date.UTC(2026, 1, 28, 23, 59, 59, 500));
  assert.equal(generalizedTime(Date.UTC(2026, 10, 21, 1, 39, 41)), "20261121013941.000Z");
  for (const text of ["", "20261321013941Z", "20260230000000Z", "2026112101394", "20261121013941+0100"])
    assert.equal(utcOfGeneralizedTime(text), undefined, text);
});
