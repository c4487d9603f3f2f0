import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deviceIdentification } from "./device-identification.ts";
import {
  decodeRequest,
  decodeResponse,
  encodeException,
  encodeRequest,
  encodeResponse,
  type Request,
  type Response,
} from "./pdu.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** Worked examples of the Modbus Application Protocol V1.1b3, clause by clause. */
const requests: readonly (readonly [clause: string, wire: string, request: Request])[] = [
  ["6.3 read 108-110", "03 00 6b 00 03", { kind: "read", fn: 0x03, first: 0x6b, count: 3 }],
  ["6.4 read input 9", "04 00 08 00 01", { kind: "read", fn: 0x04, first: 8, count: 1 }],
  ["6.6 write 2 := 3", "06 00 01 00 03", { kind: "write", fn: 0x06, first: 1, values: Uint16Array.of(3) }],
  [
    "6.12 write two",
    "10 00 01 00 02 04 00 0a 01 02",
    { kind: "write", fn: 0x10, first: 1, values: Uint16Array.of(0x0a, 0x102) },
  ],
  ["6.13 report server id", "11", { kind: "report server id" }],
  ["6.21 read device id", "2b 0e 01 00", { kind: "device identification", code: 1, object: 0 }],
];
for (const [clause, wire, request] of requests) {
  test(`decodes ${clause}`, () => assert.deepEqual(decodeRequest(bytes(wire)), request));
  test(`encodes ${clause}`, () => assert.deepEqual(encodeRequest(request), bytes(wire)));
}

const responses: readonly (readonly [clause: string, wire: string, response: Response])[] = [
  ["6.3", "03 06 02 2b 00 00 00 64", { kind: "registers", fn: 0x03, values: Uint16Array.of(0x22b, 0, 0x64) }],
  ["6.4", "04 02 00 0a", { kind: "registers", fn: 0x04, values: Uint16Array.of(0x0a) }],
  ["6.6", "06 00 01 00 03", { kind: "written", fn: 0x06, first: 1, echo: 3 }],
  ["6.12", "10 00 01 00 02", { kind: "written", fn: 0x10, first: 1, echo: 2 }],
  // Its contents are the product's own: an id, the run indicator (0xFF: on) and more.
  ["6.13", "11 03 2a ff 07", { kind: "server id", data: Uint8Array.of(0x2a, 0xff, 0x07) }],
  // More follows, from object 2 on; an extended device that answers for single objects.
  [
    "6.21, the first of two",
    "2b 0e 03 83 ff 02 01 00 02 41 42",
    { kind: "identification", code: 3, conformity: 0x83, objects: new Map([[0, "AB"]]), next: 2 },
  ],
  ["7, exception 2 to function 1", "81 02", { kind: "exception", fn: 0x01, exception: 2 }],
  [
    "6.21, three basic objects",
    "2b 0e 01 01 00 00 03 00 16 43 6f 6d 70 61 6e 79 20 69 64 65 6e 74 69 66 69 63 61 74 69 6f 6e 01 0d 50 72 6f 64 75 63 74 20 63 6f 64 65 58 58 02 05 56 32 2e 31 31",
    {
      kind: "identification",
      code: 1,
      conformity: 1,
      objects: new Map([
        [0, "Company identification"],
        [1, "Product codeXX"],
        [2, "V2.11"],
      ]),
    },
  ],
];
for (const [clause, wire, response] of responses) {
  if (clause === "6.21, three basic objects") {
    // The specification's own example prints a length of 0x0D for a text of 14 characters: with its length it reads.
    const fixed = wire.replace("01 0d 50", "01 0e 50");
    test(`decodes the response of ${clause}`, () => assert.deepEqual(decodeResponse(bytes(fixed)), response));
    test(`encodes the response of ${clause}`, () => assert.deepEqual(encodeResponse(response), bytes(fixed)));
    test("a response whose lengths do not add up is none", () => assert.equal(decodeResponse(bytes(wire)), undefined));
  } else {
    test(`decodes the response of ${clause}`, () => assert.deepEqual(decodeResponse(bytes(wire)), response));
    test(`encodes the response of ${clause}`, () => assert.deepEqual(encodeResponse(response), bytes(wire)));
  }
}

const refusals: readonly (readonly [why: string, wire: string, code: number])[] = [
  ["a function the meter lacks", "2f", 1],
  ["no function at all", "", 1],
  ["a count of zero", "03 00 00 00 00", 3],
  ["126 registers", "03 00 00 00 7e", 3],
  ["a read that is too short", "03 00 00 00", 3],
  ["a read that is too long", "03 00 00 00 01 00", 3],
  ["a single write that is too short", "06 00 01 00", 3],
  ["a byte count that disagrees", "10 00 01 00 02 03 00 0a 01 02", 3],
  ["a byte count that promises more", "10 00 01 00 02 04 00 0a 01", 3],
  ["no registers to write", "10 00 01 00 00 00", 3],
  ["124 registers to write", `10 00 00 00 7c f8 ${"00".repeat(248)}`, 3],
  ["another MEI type", "2b 0d 01 00", 1],
  ["a device identification that is too short", "2b 0e 01", 3],
];
for (const [why, wire, code] of refusals) {
  test(`refuses ${why}`, () => assert.deepEqual(decodeRequest(bytes(wire)), { refuse: code }));
}

test("an exception has the function's top bit set", () => assert.deepEqual(encodeException(0x03, 2), bytes("83 02")));

const word = fc.integer({ min: 0, max: 0xffff });
const byte = fc.integer({ min: 0, max: 0xff });

test("any request that can be made is read back", () => {
  const request = fc.oneof(
    fc.record({
      kind: fc.constant("read" as const),
      fn: fc.constantFrom(3 as const, 4 as const),
      first: word,
      count: fc.integer({ min: 1, max: 125 }),
    }),
    fc.record({
      kind: fc.constant("write" as const),
      fn: fc.constant(6 as const),
      first: word,
      values: fc.tuple(word).map((list) => Uint16Array.from(list)),
    }),
    fc.record({
      kind: fc.constant("write" as const),
      fn: fc.constant(16 as const),
      first: word,
      values: fc.array(word, { minLength: 1, maxLength: 123 }).map((list) => Uint16Array.from(list)),
    }),
  );
  fc.assert(fc.property(request, (made) => assert.deepEqual(decodeRequest(encodeRequest(made)), { ...made })));
});

test("an identification that is too long for one answer goes on where it stopped", () => {
  const objects = new Map([0, 1, 2].map((id) => [id, String(id).repeat(120)]));
  const first = deviceIdentification({ conformity: 1, objects }, 1, 0) as Uint8Array;
  // 7 bytes, and two objects of 122: a third would make 373. More follows, from object 2 on.
  assert.equal(first.length, 7 + 2 * 122);
  assert.deepEqual([...first.subarray(0, 7)], [0x2b, 0x0e, 1, 1, 0xff, 2, 2]);
  const rest = deviceIdentification({ conformity: 1, objects }, 1, 2) as Uint8Array;
  assert.deepEqual([...rest.subarray(0, 9)], [0x2b, 0x0e, 1, 1, 0, 0, 1, 2, 120]);
  assert.equal(deviceIdentification({ conformity: 0x81, objects }, 4, 9), 2, "an unknown object asked for alone");
});

test("any response that can be made is read back", () => {
  const text = fc.array(byte, { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
  const response: fc.Arbitrary<Response> = fc.oneof(
    fc.record({
      kind: fc.constant("registers" as const),
      fn: fc.constantFrom(3 as const, 4 as const),
      values: fc.array(word, { maxLength: 125 }).map((list) => Uint16Array.from(list)),
    }),
    fc.record({
      kind: fc.constant("written" as const),
      fn: fc.constantFrom(6 as const, 16 as const),
      first: word,
      echo: word,
    }),
    fc.record({ kind: fc.constant("server id" as const), data: fc.uint8Array({ maxLength: 251 }) }),
    fc.record(
      {
        kind: fc.constant("identification" as const),
        code: byte,
        conformity: byte,
        objects: fc.array(fc.tuple(byte, text), { maxLength: 5 }).map((list) => new Map(list)),
        next: byte,
      },
      { requiredKeys: ["kind", "code", "conformity", "objects"] },
    ),
    fc.record({
      kind: fc.constant("exception" as const),
      fn: fc.integer({ min: 1, max: 0x7f }),
      exception: byte,
    }),
  );
  fc.assert(fc.property(response, (made) => assert.deepEqual(decodeResponse(encodeResponse(made)), { ...made })));
});

test("what is longer than a PDU is not made, and what is no PDU is said", () => {
  // Clause 4.1: 256 bytes of RS485 less address and checksum.
  assert.throws(
    () => encodeResponse({ kind: "registers", fn: 0x03, values: new Uint16Array(126) }),
    /^RangeError: a response of 254 bytes \(registers\): a PDU has at most 253$/,
  );
  assert.equal(encodeResponse({ kind: "registers", fn: 0x03, values: new Uint16Array(125) }).length, 252);
  const request = { kind: "read", fn: 0x03, first: 0, count: 1 };
  assert.throws(
    () => Reflect.apply(decodeResponse, undefined, [request]),
    /^TypeError: expected the bytes of a PDU as a Uint8Array; found object$/,
  );
});

test("20,000 random PDUs neither break the decoders nor read past their ends", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 260 }), (pdu) => {
      const request = decodeRequest(pdu);
      if ("kind" in request && request.kind === "read") assert.ok(request.count >= 1 && request.count <= 125);
      decodeResponse(pdu);
    }),
    { numRuns: 20_000 },
  );
});
