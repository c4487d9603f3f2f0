/** xDLMS Initiate both ways: what foreign clients propose and servers answer (test/fixtures/dlms). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "#wire/cursor.ts";
import { anyInitiateRequest, anyInitiateResponse } from "./apdu-fixture.ts";
import type { InitiateRequest, InitiateResponse } from "./association.ts";
import {
  bitsOf,
  decodeInitiateRequest,
  decodeInitiateResponse,
  encodeInitiateRequest,
  encodeInitiateResponse,
  servicesOf,
} from "./initiate.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hexOf = (wire: Uint8Array): string => Buffer.from(wire).toString("hex").toUpperCase();

/** FE1D: bits 8 to 14, 19 to 21 and 23. */
const all = [
  "attribute0-supported-with-set",
  "priority-mgmt-supported",
  "attribute0-supported-with-get",
  "block-transfer-with-get-or-read",
  "block-transfer-with-set-or-write",
  "block-transfer-with-action",
  "multiple-references",
  "get",
  "set",
  "selective-access",
  "action",
] as const;

const requests: [what: string, wire: string, request: InitiateRequest][] = [
  [
    "a client that proposes 00FE1D",
    "01000000065F1F040000FE1DFFFF",
    { responseAllowed: true, version: 6, conformance: new Set(all), maxPdu: 0xffff },
  ],
  [
    "a client that takes 125 bytes",
    "01000000065F1F0400000010007D",
    { responseAllowed: true, version: 6, conformance: new Set(["get"] as const), maxPdu: 125 },
  ],
  [
    "a client with a key of its own",
    `01 01 10 ${"A5".repeat(16)} 00 00 06 5F1F0400 400000 0000`,
    {
      dedicatedKey: new Uint8Array(16).fill(0xa5),
      responseAllowed: true,
      version: 6,
      conformance: new Set(["general-protection"] as const),
      maxPdu: 0,
    },
  ],
  [
    "a client that wants no answer, at a quality",
    "01 00 01 00 01 FE 06 5F1F0400 000001 0400",
    {
      responseAllowed: false,
      qualityOfService: -2,
      version: 6,
      conformance: new Set(["action"] as const),
      maxPdu: 1024,
    },
  ],
];
for (const [what, wire, request] of requests) {
  test(`${what} goes both ways`, () => {
    assert.deepEqual(decodeInitiateRequest(bytes(wire)), request);
    assert.equal(hexOf(encodeInitiateRequest(request)), wire.replaceAll(" ", ""));
  });
}

const responses: [what: string, wire: string, response: InitiateResponse][] = [
  [
    "a server that answers 001E1D",
    "0800065F1F0400001E1D04000007",
    {
      version: 6,
      conformance: new Set([...all.slice(3, 7), "get", "set", "selective-access", "action"] as const),
      maxPdu: 1024,
      vaaName: 7,
    },
  ],
  [
    "a JEMStar II, with its four services",
    "0800065F1F040000101C007D0007",
    {
      version: 6,
      conformance: new Set(["block-transfer-with-get-or-read", "get", "set", "selective-access"] as const),
      maxPdu: 125,
      vaaName: 7,
    },
  ],
];
for (const [what, wire, response] of responses) {
  test(`${what} goes both ways`, () => {
    assert.deepEqual(decodeInitiateResponse(bytes(wire)), response);
    assert.equal(hexOf(encodeInitiateResponse(response)), wire.replaceAll(" ", ""));
  });
}

test("default true may be said", () => {
  assert.equal(decodeInitiateRequest(bytes("01 00 01 01 00 06 5F1F0400 000010 FFFF")).responseAllowed, true);
});

test("services of short names are none of ours", () => {
  assert.deepEqual(servicesOf(0x1c0320), new Set(["multiple-references"]));
  assert.equal(bitsOf(servicesOf(0xffffff)), 0x60fedf);
});

const refusals: [why: string, wire: string, says: RegExp][] = [
  ["nothing", "", /a byte/],
  ["an InitiateResponse", "0800065F1F0400001E1D04000007", /expected an InitiateRequest, which begins with 1, found 8/],
  ["a conformance block by another tag", "01000000065F0400FE1D00FFFF", /expected a conformance block/],
  ["unused bits in the conformance block", "01000000065F1F040100FE1DFFFF", /expected a conformance block/],
  ["half of it", "01000000065F1F040000FE1D", /16-bit value/],
  ["more than it", "01000000065F1F040000FE1DFFFF00", /1 bytes behind the InitiateRequest/],
  ["a key without end", "0101FF", /length of 127 bytes/],
];
for (const [why, wire, says] of refusals) {
  test(`refuses ${why}`, () => {
    assert.throws(
      () => decodeInitiateRequest(bytes(wire)),
      (error: unknown) => error instanceof WireError && says.test(error.message),
    );
  });
}

test("any of them comes back as it was", () => {
  fc.assert(
    fc.property(anyInitiateRequest, (one) => assert.deepEqual(decodeInitiateRequest(encodeInitiateRequest(one)), one)),
    { numRuns: 300, seed: 14 },
  );
  fc.assert(
    fc.property(anyInitiateResponse, (one) =>
      assert.deepEqual(decodeInitiateResponse(encodeInitiateResponse(one)), one),
    ),
    { numRuns: 300, seed: 14 },
  );
});
