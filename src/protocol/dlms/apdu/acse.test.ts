/** ACSE both ways: how foreign clients and servers associate and release (test/fixtures/dlms), and how they err. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "#wire/cursor.ts";
import { decodeAcse, encodeAcse } from "./acse.ts";
import { anyAcse } from "./apdu-fixture.ts";
import type { Acse } from "./association.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hexOf = (wire: Uint8Array): string => Buffer.from(wire).toString("hex").toUpperCase();
/** What is said and what is not are the same as in `apdu`, whether a field that has nothing is there or not. */
const said = (apdu: object): object =>
  Object.fromEntries(Object.entries(apdu).filter(([, value]) => value !== undefined));

const request = bytes("01000000065F1F040000FE1DFFFF");
const answer = bytes("0800065F1F0400001E1D04000007");

const golden: [what: string, wire: string, apdu: Acse][] = [
  [
    "AARQ of the lowest level, its mechanism named without a requirement",
    "6026A1090607608574050801018B0760857405080200BE10040E01000000065F1F040000FE1DFFFF",
    {
      apdu: "aarq",
      context: "LN",
      mechanism: "none",
      authenticates: false,
      information: request,
    },
  ],
  [
    "AARQ of the lowest level",
    "601DA109060760857405080101BE10040E01000000065F1F0400401E1DFFFF",
    {
      apdu: "aarq",
      context: "LN",
      authenticates: false,
      information: bytes("01000000065F1F0400401E1DFFFF"),
    },
  ],
  [
    "AARQ with the password Gurux",
    "6033A1090607608574050801018A0207808B0760857405080201AC0780054775727578BE10040E01000000065F1F040000FE1DFFFF",
    {
      apdu: "aarq",
      context: "LN",
      mechanism: "low",
      authenticates: true,
      value: bytes("4775727578"),
      information: request,
    },
  ],
  [
    "AARQ by GMAC",
    "605DA109060760857405080103A60A04084A444C00000000078A0207808B0760857405080205AC12801005BBEAEAB30E781A48819193EC075753BE230421211F30000000018E7374B9BF9C6183F29862E6EC246D93662F6E1EF3F36F343871",
    {
      apdu: "aarq",
      context: "LN-ciphered",
      callingTitle: bytes("4A444C0000000007"),
      mechanism: "high-gmac",
      authenticates: true,
      value: bytes("05BBEAEAB30E781A48819193EC075753"),
      information: bytes("211F30000000018E7374B9BF9C6183F29862E6EC246D93662F6E1EF3F36F343871"),
    },
  ],
  // On paper: the user 200 is an integer of two bytes, as BER's integers have a sign.
  [
    "AARQ of a user with a certificate",
    "601FA109060760857405080102A7050403313233A904020200C8BE0404020102".replace("601F", "601E"),
    {
      apdu: "aarq",
      context: "SN",
      callingCertificate: bytes("313233"),
      user: 200,
      authenticates: false,
      information: bytes("0102"),
    },
  ],
  [
    "AARE that accepts",
    "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400001E1D04000007",
    {
      apdu: "aare",
      context: "LN",
      result: "accepted",
      diagnostic: { by: "user", code: 0 },
      information: answer,
    },
  ],
  [
    "AARE of a wrong password",
    "6129A109060760857405080101A203020101A305A10302010DBE10040E0800065F1F0400401E1D04000007",
    {
      apdu: "aare",
      context: "LN",
      result: "rejected-permanent",
      diagnostic: { by: "user", code: 13 },
      information: bytes("0800065F1F0400401E1D04000007"),
    },
  ],
  [
    "AARE that demands more",
    "6169A109060760857405080103A203020100A305A10302010EA40A0408475258000000000188020780890760857405080205AA12801002003D1F21582C5544236D574F3B402CBE230421281F303065ED2BAE8359EA5DB9AF4AEE82D6F6686E6C5A3A4B144AC1CC905F3FC9",
    {
      apdu: "aare",
      context: "LN-ciphered",
      result: "accepted",
      diagnostic: { by: "user", code: 14 },
      respondingTitle: bytes("4752580000000001"),
      mechanism: "high-gmac",
      value: bytes("02003D1F21582C5544236D574F3B402C"),
      information: bytes("281F303065ED2BAE8359EA5DB9AF4AEE82D6F6686E6C5A3A4B144AC1CC905F3FC9"),
    },
  ],
  [
    "AARE of a provider",
    "6117A109060760857405080101A203020102A305A203020102",
    {
      apdu: "aare",
      context: "LN",
      result: "rejected-transient",
      diagnostic: { by: "provider", code: 2 },
      information: bytes(""),
    },
  ],
  ["RLRQ", "6203800100", { apdu: "rlrq", reason: 0 }],
  ["RLRQ without a reason", "6200", { apdu: "rlrq" }],
  ["RLRE", "6303800100", { apdu: "rlre", reason: 0 }],
  [
    "RLRE with what was negotiated",
    "6315800100BE10040E0800065F1F0400001E1D04000007",
    { apdu: "rlre", reason: 0, information: answer },
  ],
];
for (const [what, wire, apdu] of golden) {
  test(`${what} goes both ways`, () => {
    assert.deepEqual(said(decodeAcse(bytes(wire))), apdu);
    assert.equal(hexOf(encodeAcse(apdu)), wire);
  });
}

const tolerated: [what: string, wire: string, apdu: Acse][] = [
  [
    "AARE that says its version, as one maker does",
    "612D80020780A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400001E1D04000007",
    {
      apdu: "aare",
      context: "LN",
      result: "accepted",
      diagnostic: { by: "user", code: 0 },
      information: answer,
    },
  ],
  [
    "AARE with a diagnostic that does not say whose it is",
    "6115A109060760857405080101A203020101A30302010D",
    {
      apdu: "aare",
      context: "LN",
      result: "rejected-permanent",
      diagnostic: { by: "user", code: 13 },
      information: bytes(""),
    },
  ],
  [
    "AARE without a diagnostic",
    "6110A109060760857405080101A203020101",
    {
      apdu: "aare",
      context: "LN",
      result: "rejected-permanent",
      diagnostic: { by: "user", code: 0 },
      information: bytes(""),
    },
  ],
  [
    "RLRE with lengths that forget what is around the octet string",
    "6311800100BE0F040E0800065F1F0400001E1D04000007",
    { apdu: "rlre", reason: 0, information: answer },
  ],
  [
    "AARQ of a context that is none, by a mechanism that is none",
    "6014A109060760857405080109 8B0760857405080209".replace(" ", ""),
    {
      apdu: "aarq",
      context: undefined,
      mechanism: "unknown",
      authenticates: false,
      information: bytes(""),
    },
  ],
  [
    "AARQ without a context",
    "6006BE0404020102",
    { apdu: "aarq", context: undefined, authenticates: false, information: bytes("0102") },
  ],
  [
    "AARQ of a version that is not 1",
    "600F80020700A109060760857405080101",
    { apdu: "aarq", otherVersion: true, context: "LN", authenticates: false, information: bytes("") },
  ],
  [
    "AARQ of version 1, with what nobody here knows",
    "601480020780A109060760857405080101BD03010203",
    { apdu: "aarq", context: "LN", authenticates: false, information: bytes("") },
  ],
  [
    "AARQ of a user as a byte without a sign",
    "6010A109060760857405080101A9030201C8",
    { apdu: "aarq", context: "LN", user: 200, authenticates: false, information: bytes("") },
  ],
];
for (const [what, wire, apdu] of tolerated) {
  test(`reads ${what}`, () => assert.deepEqual(said(decodeAcse(bytes(wire))), said(apdu)));
}

test("an AARE of a context that is none of DLMS's has none, and one without cannot be written", () => {
  const read = decodeAcse(bytes("6110A109060760857405080109A203020100"));
  assert.deepEqual(said(read), {
    apdu: "aare",
    result: "accepted",
    diagnostic: { by: "user", code: 0 },
    information: bytes(""),
  });
  assert.throws(() => encodeAcse(read), /names its context by a name of DLMS/);
});

const refusals: [why: string, wire: string, says: RegExp, at: number][] = [
  ["nothing", "", /expected an APDU of ACSE/, 0],
  ["what is none", "C001", /expected an APDU of ACSE/, 0],
  ["AARQ that is not all there", "6026A109", /needs 38 bytes where 2 are left/, 2],
  ["AARQ with more behind it", "600B A109060760857405080101 00", /1 bytes behind the AARQ 60/, 13],
  [
    "AARQ that names its context twice",
    "6016 A109060760857405080101 A109060760857405080101",
    /AARQ has the element A1 twice/,
    13,
  ],
  [
    "AARQ with a context that is no object identifier",
    "600BA109040760857405080101",
    /expected application-context-name as one element 06, found 04/,
    4,
  ],
  [
    "AARQ with a password in another form",
    "6004AC028100",
    /expected calling-authentication-value as one element 80, found 81/,
    4,
  ],
  ["AARQ with user-information of two parts", "6008BE06040101040101", /found 04 and 3 bytes behind it/, 4],
  ["AARE without a result", "610BA109060760857405080101", /AARE without its result/, 0],
  ["AARE of a fourth result", "6110A109060760857405080101A203020103", /no association result 3/, 15],
  [
    "AARE of a third judge",
    "6117A109060760857405080101A203020101A305A30302010D",
    /expected A1 or A2 for who diagnoses, found A3/,
    20,
  ],
  ["RLRQ with half a reason", "62028001", /needs 1 bytes where 0 are left/, 4],
];
for (const [why, wire, says, at] of refusals) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => decodeAcse(bytes(wire)),
      (error: unknown) => {
        assert.ok(error instanceof WireError);
        assert.match(error.message, says);
        assert.equal(error.at, at);
        return true;
      },
    );
  });
}

test("any of them comes back as it was", () => {
  fc.assert(
    fc.property(anyAcse, (apdu) => assert.deepEqual(decodeAcse(encodeAcse(apdu)), apdu)),
    { numRuns: 1000, seed: 14 },
  );
});
