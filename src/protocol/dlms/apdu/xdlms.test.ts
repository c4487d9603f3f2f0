/**
 * xDLMS APDUs both ways. Bytes are of exchanges between foreign clients and servers (test/fixtures/dlms), or made on paper by Green Book
 * 9.5 where these had none; values are written down by hand.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as cosem from "#protocol/dlms/data/data.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { WireError } from "#wire/cursor.ts";
import { xdlmsOfEveryKind } from "./apdu-fixture.ts";
import type { AttributeReference, Xdlms } from "./apdu.ts";
import { decodeXdlms, encodeXdlms } from "./xdlms.ts";

const { doubleLongUnsigned, enumerated, float32, integer, longUnsigned, structure, visible } = cosem;
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const octets = (hex: string): Data => cosem.octets(bytes(hex));

const power: AttributeReference = { classId: 3, logicalName: "1.0.1.7.0.255", attribute: 2 };
const clock: AttributeReference = { classId: 8, logicalName: "0.0.1.0.0.255", attribute: 2 };
const profile: AttributeReference = { classId: 7, logicalName: "1.0.99.1.0.255", attribute: 2 };
const clockObject = structure(longUnsigned(8), octets("0000010000FF"), integer(2), longUnsigned(0));
const row = (hour: string, ...sent: readonly number[]): Data =>
  structure(octets(`07E9021303${hour}0000000000`), doubleLongUnsigned(sent[0] ?? 0), ...sent.slice(1).map(float32));

const golden: [what: string, wire: string, apdu: Xdlms][] = [
  ["GET of a register", "C0014200030100010700FF0200", { apdu: "get-request-normal", invoke: 0x42, attribute: power }],
  [
    "1234567 as double-long-unsigned",
    "C4014200060012D687",
    { apdu: "get-response-normal", invoke: 0x42, result: { data: doubleLongUnsigned(1_234_567) } },
  ],
  [
    "GET of scaler and unit",
    "C0014300030100010700FF0300",
    { apdu: "get-request-normal", invoke: 0x43, attribute: { ...power, attribute: 3 } },
  ],
  [
    "10^-3 W",
    "C401430002020FFD161B",
    { apdu: "get-response-normal", invoke: 0x43, result: { data: structure(integer(-3), enumerated(27)) } },
  ],
  [
    "GET of the logical device name",
    "C00141000100002A0000FF0200",
    {
      apdu: "get-request-normal",
      invoke: 0x41,
      attribute: { classId: 1, logicalName: "0.0.42.0.0.255", attribute: 2 },
    },
  ],
  [
    "a logical device name",
    "C401410009104A454D30303030303030303030303031",
    {
      apdu: "get-response-normal",
      invoke: 0x41,
      result: { data: octets("4A454D30303030303030303030303031") },
    },
  ],
  [
    "a clock's time",
    "C4014400090C07E902130315140000000000",
    { apdu: "get-response-normal", invoke: 0x44, result: { data: octets("07E902130315140000000000") } },
  ],
  [
    "no such object",
    "C401450104",
    { apdu: "get-response-normal", invoke: 0x45, result: { denied: "object-undefined" } },
  ],
  [
    "no such attribute",
    "C401470103",
    { apdu: "get-response-normal", invoke: 0x47, result: { denied: "read-write-denied" } },
  ],
  [
    "GET by range",
    "C0014900070100630100FF0201010204020412000809060000010000FF0F02120000090C07E902130315140000000000090C07E9021303151500000000000100",
    {
      apdu: "get-request-normal",
      invoke: 0x49,
      attribute: {
        ...profile,
        selection: {
          selector: 1,
          parameters: structure(
            clockObject,
            octets("07E902130315140000000000"),
            octets("07E902130315150000000000"),
            cosem.array([]),
          ),
        },
      },
    },
  ],
  [
    "two rows of a profile",
    "C401490001020206090C07E90213031514000000000006000000401700000000173F800000174000000017404000000206090C07E9021303151500000000000600000001173E800000173FA0000017401000001740500000",
    {
      apdu: "get-response-normal",
      invoke: 0x49,
      result: { data: cosem.array([row("1514", 64, 0, 1, 2, 3), row("1515", 1, 0.25, 1.25, 2.25, 3.25)]) },
    },
  ],
  [
    "GET by entries 2 to 3",
    "C0014A00070100630100FF02010202040600000002060000000312000112 0000",
    {
      apdu: "get-request-normal",
      invoke: 0x4a,
      attribute: {
        ...profile,
        selection: {
          selector: 2,
          parameters: structure(doubleLongUnsigned(2), doubleLongUnsigned(3), longUnsigned(1), longUnsigned(0)),
        },
      },
    },
  ],
  [
    "GET of a list",
    "C0034B0200030100010700FF020000080000010000FF0200",
    { apdu: "get-request-with-list", invoke: 0x4b, attributes: [power, clock] },
  ],
  [
    "a list of results",
    "C4034B0200060012D68700090C07E902130315140000000000",
    {
      apdu: "get-response-with-list",
      invoke: 0x4b,
      results: [{ data: doubleLongUnsigned(1_234_567) }, { data: octets("07E902130315140000000000") }],
    },
  ],
  [
    "a first block",
    "C402C1000000000100070104020609 0C07",
    {
      apdu: "get-response-with-datablock",
      invoke: 0xc1,
      last: false,
      number: 1,
      result: { bytes: bytes("01040206090C07") },
    },
  ],
  ["GET of the next block", "C002C100000001", { apdu: "get-request-next", invoke: 0xc1, block: 1 }],
  [
    "a last block",
    "C402C10100000002000517403000 00",
    {
      apdu: "get-response-with-datablock",
      invoke: 0xc1,
      last: true,
      number: 2,
      result: { bytes: bytes("1740300000") },
    },
  ],
  [
    "a block that is not to be had",
    "C402C101000000070113",
    {
      apdu: "get-response-with-datablock",
      invoke: 0xc1,
      last: true,
      number: 7,
      result: { denied: "data-block-number-invalid" },
    },
  ],
  [
    "SET of the time",
    "C1014D00080000010000FF0200090C07E902130317000000000000",
    { apdu: "set-request-normal", invoke: 0x4d, attribute: clock, value: octets("07E902130317000000000000") },
  ],
  ["a SET that is done", "C5014D00", { apdu: "set-response-normal", invoke: 0x4d, result: "success" }],
  ["a SET that is refused", "C5014E03", { apdu: "set-response-normal", invoke: 0x4e, result: "read-write-denied" }],
  [
    "SET of a first block",
    "C102C100080000010000FF0200000000000102090C",
    {
      apdu: "set-request-with-first-datablock",
      invoke: 0xc1,
      attribute: clock,
      block: { last: false, number: 1, bytes: bytes("090C") },
    },
  ],
  [
    "the next block of a SET",
    "C103C1010000000203 07E902",
    { apdu: "set-request-with-datablock", invoke: 0xc1, block: { last: true, number: 2, bytes: bytes("07E902") } },
  ],
  ["a block taken", "C502C100000001", { apdu: "set-response-datablock", invoke: 0xc1, block: 1 }],
  [
    "the last block taken",
    "C503C10000000002",
    { apdu: "set-response-last-datablock", invoke: 0xc1, result: "success", block: 2 },
  ],
  [
    "the last block of a list taken",
    "C504C102000300000003",
    {
      apdu: "set-response-last-datablock-with-list",
      invoke: 0xc1,
      results: ["success", "read-write-denied"],
      block: 3,
    },
  ],
  [
    "SET of a list",
    "C104C10200030100010700FF020000080000010000FF02000206000000050A00",
    {
      apdu: "set-request-with-list",
      invoke: 0xc1,
      attributes: [power, clock],
      values: [doubleLongUnsigned(5), visible("")],
    },
  ],
  [
    "results of a list",
    "C505C1020300",
    { apdu: "set-response-with-list", invoke: 0xc1, results: ["read-write-denied", "success"] },
  ],
  [
    "a list in blocks",
    "C105C10100080000010000FF0200000000000101FF",
    {
      apdu: "set-request-with-list-and-first-datablock",
      invoke: 0xc1,
      attributes: [clock],
      block: { last: false, number: 1, bytes: bytes("FF") },
    },
  ],
  [
    "ACTION",
    "C3014000030100020700FF01010F00",
    {
      apdu: "action-request-normal",
      invoke: 0x40,
      method: { classId: 3, logicalName: "1.0.2.7.0.255", method: 1 },
      parameters: integer(0),
    },
  ],
  [
    "ACTION without parameters",
    "C3014000030100020700FF0100",
    {
      apdu: "action-request-normal",
      invoke: 0x40,
      method: { classId: 3, logicalName: "1.0.2.7.0.255", method: 1 },
    },
  ],
  [
    "an ACTION that is done",
    "C701400000",
    { apdu: "action-response-normal", invoke: 0x40, answer: { result: "success" } },
  ],
  [
    "an ACTION of no object",
    "C701410400",
    { apdu: "action-response-normal", invoke: 0x41, answer: { result: "object-undefined" } },
  ],
  // Pass 3 of GMAC, deciphered: security control, counter, tag.
  [
    "reply_to_HLS_authentication",
    "C301C1000F0000280000FF01010911 10 00000002 9A74A9C450840E469CA0369B",
    {
      apdu: "action-request-normal",
      invoke: 0xc1,
      method: { classId: 15, logicalName: "0.0.40.0.0.255", method: 1 },
      parameters: octets("10000000029A74A9C450840E469CA0369B"),
    },
  ],
  [
    "the server's proof",
    "C701C1000100 0911 10 3065ED2C 1824834BEA6D337527976C63",
    {
      apdu: "action-response-normal",
      invoke: 0xc1,
      answer: { result: "success", returned: { data: octets("103065ED2C1824834BEA6D337527976C63") } },
    },
  ],
  [
    "ACTION that returns no data but why",
    "C701C1000101FA",
    {
      apdu: "action-response-normal",
      invoke: 0xc1,
      answer: { result: "success", returned: { denied: "other-reason" } },
    },
  ],
  [
    "ACTION of a list",
    "C303C10100030100020700FF010100",
    {
      apdu: "action-request-with-list",
      invoke: 0xc1,
      methods: [{ classId: 3, logicalName: "1.0.2.7.0.255", method: 1 }],
      parameters: [cosem.nullData],
    },
  ],
  [
    "answers of a list",
    "C703C1020000030100111E",
    {
      apdu: "action-response-with-list",
      invoke: 0xc1,
      answers: [{ result: "success" }, { result: "read-write-denied", returned: { data: cosem.unsigned(30) } }],
    },
  ],
  [
    "first block of parameters",
    "C304C1000F0000280000FF0100000000010109",
    {
      apdu: "action-request-with-first-pblock",
      invoke: 0xc1,
      method: { classId: 15, logicalName: "0.0.40.0.0.255", method: 1 },
      block: { last: false, number: 1, bytes: bytes("09") },
    },
  ],
  [
    "blocks of a list of parameters",
    "C305C101000F0000280000FF0101000000010109",
    {
      apdu: "action-request-with-list-and-first-pblock",
      invoke: 0xc1,
      methods: [{ classId: 15, logicalName: "0.0.40.0.0.255", method: 1 }],
      block: { last: true, number: 1, bytes: bytes("09") },
    },
  ],
  [
    "a block of parameters",
    "C306C1010000000200",
    { apdu: "action-request-with-pblock", invoke: 0xc1, block: { last: true, number: 2, bytes: bytes("") } },
  ],
  [
    "asking for a block of what is returned",
    "C302C100000001",
    { apdu: "action-request-next-pblock", invoke: 0xc1, block: 1 },
  ],
  [
    "a block of what is returned",
    "C702C10000000001020009",
    { apdu: "action-response-with-pblock", invoke: 0xc1, block: { last: false, number: 1, bytes: bytes("0009") } },
  ],
  [
    "asking for a block of parameters",
    "C704C100000001",
    { apdu: "action-response-next-pblock", invoke: 0xc1, block: 1 },
  ],
  [
    "a GET outside an association",
    "D80102",
    { apdu: "exception-response", state: "service-not-allowed", service: "service-not-supported" },
  ],
  [
    "a counter that has been",
    "D802060000002A",
    { apdu: "exception-response", state: "service-unknown", service: "invocation-counter-error", counter: 42 },
  ],
  [
    "an InitiateRequest of a client that takes too little",
    "0E010603",
    { apdu: "confirmed-service-error", service: "initiate", choice: "initiate", error: 3 },
  ],
  [
    "a push",
    "0FC00000010002 03090C07E902130315140000000000060012D687173FC00000",
    {
      apdu: "data-notification",
      invoke: 0xc0000001,
      dateTime: bytes(""),
      body: structure(octets("07E902130315140000000000"), doubleLongUnsigned(1_234_567), float32(1.5)),
    },
  ],
  [
    "a push with its time",
    "0F400000020C07E90213031514000000000000",
    {
      apdu: "data-notification",
      invoke: 0x40000002,
      dateTime: bytes("07E902130315140000000000"),
      body: cosem.nullData,
    },
  ],
  [
    "an event with its time",
    "C2010C07E90213031514000000000000030100010700FF021105",
    {
      apdu: "event-notification-request",
      time: bytes("07E902130315140000000000"),
      attribute: power,
      value: cosem.unsigned(5),
    },
  ],
  [
    "an event without",
    "C20000030100010700FF021105",
    { apdu: "event-notification-request", attribute: power, value: cosem.unsigned(5) },
  ],
  [
    "general block transfer",
    "E0C3000100020401020304",
    {
      apdu: "general-block-transfer",
      last: true,
      streaming: true,
      window: 3,
      number: 1,
      acknowledged: 2,
      bytes: bytes("01020304"),
    },
  ],
];
for (const [what, wire, apdu] of golden) {
  test(`${what} goes both ways`, () => {
    assert.deepEqual(decodeXdlms(bytes(wire)), apdu);
    assert.equal(Buffer.from(encodeXdlms(apdu)).toString("hex").toUpperCase(), wire.replaceAll(" ", ""));
  });
}

test("every kind of APDU is among the examples", () => {
  assert.deepEqual(new Set(golden.map(([, , { apdu }]) => apdu)), new Set(xdlmsOfEveryKind.map(([kind]) => kind)));
});

test("a refusal of an ACTION that ends before its last byte is read, as servers of one maker send it", () => {
  assert.deepEqual(decodeXdlms(bytes("C7014104")), {
    apdu: "action-response-normal",
    invoke: 0x41,
    answer: { result: "object-undefined" },
  });
});

test("floats with a length byte are read where that is wished", () => {
  const wire = bytes("C4014100 17 04 3FC00000");
  assert.deepEqual(decodeXdlms(wire, { lengthened: true }), {
    apdu: "get-response-normal",
    invoke: 0x41,
    result: { data: float32(1.5) },
  });
  assert.throws(() => decodeXdlms(wire), WireError);
});

const refusals: [why: string, wire: string, says: RegExp, at: number][] = [
  ["nothing", "", /a byte/, 0],
  ["a tag that is none", "C6", /0xc6 begins no APDU/, 0],
  ["a ciphered one", "C8", /0xc8 begins no APDU/, 0],
  ["a GET of a fourth kind", "C00441", /no Get-Request 4/, 1],
  ["a GET of half a name", "C0014100030100", /run of 6 needs 6 bytes where 2 are left/, 5],
  ["a list of more than there is", "C003C1FF", /length of 127 bytes/, 3],
  ["a list of 200 in 10 bytes", "C003C181C800030100010700FF0200", /a list of 200 where 10 bytes are left/, 3],
  [
    "as many values as nobody named",
    "C104C10100080000010000FF0200021100 1101",
    /expected 1 values, as many as are named, found 2/,
    19,
  ],
  ["a result that there is not", "C4014101F0", /no data-access-result 240/, 4],
  ["a choice that there is not", "C401410200", /expected 0 or 1 for the choice of Get-Data-Result, found 2/, 3],
  ["an action's result that there is not", "C7014113 00", /no action-result 19/, 3],
  ["what stands behind an APDU", "C002C10000000100", /1 bytes behind the get-request-next/, 7],
  ["a push of half a date", "0F00000000050102030405 00", /date-time of 12 bytes or none, found 5/, 5],
  ["an exception of no kind", "D80307", /no state-error 3/, 1],
];
for (const [why, wire, says, at] of refusals) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => decodeXdlms(bytes(wire)),
      (error: unknown) => {
        assert.ok(error instanceof WireError);
        assert.match(error.message, says);
        assert.equal(error.at, at);
        return true;
      },
    );
  });
}

for (const [kind, one] of xdlmsOfEveryKind) {
  test(`any ${kind} comes back as it was`, () => {
    fc.assert(
      fc.property(one, (apdu) => assert.deepEqual(decodeXdlms(encodeXdlms(apdu)), apdu)),
      { numRuns: 100, seed: 14 },
    );
  });
}
