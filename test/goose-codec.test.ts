/**
 * GOOSE octet for octet: messages that libiec61850 1.5 and 1.6 sent, over Ethernet and in sessions over UDP (../shared/vectors/goose-meter.pcap,
 * r-goose.pcap; those below, of libiec61850 1.6.1 with the key that stands there).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { untagged } from "#io/ethernet-frame.ts";
import { encodeDataList } from "#protocol/iec61850/mms/data-codec.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { gooseFrame, readGooseFrame } from "#protocol/iec61850/goose/goose-frame.ts";
import {
  ALL_DATA,
  readAllData,
  readGoosePdu,
  writeGoosePdu,
  type GoosePdu,
} from "#protocol/iec61850/goose/goose-pdu.ts";
import { ReplayWindow } from "#protocol/iec61850/goose/replay-window.ts";
import { readPayloads, readSessionPdu } from "#protocol/iec61850/goose/session-pdu.ts";
import { SessionReader, SessionWriter, type SessionKey } from "#protocol/iec61850/goose/session-security.ts";
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { captured, withoutCapture } from "./captures.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** The list of values with its tag. */
function listOf(values: readonly Data[]): Uint8Array {
  const out = new BerWriter();
  encodeDataList(out, ALL_DATA, values);
  return out.done();
}

function written(pdu: GoosePdu): Uint8Array {
  const out = new BerWriter();
  writeGoosePdu(out, pdu, listOf(readAllData(pdu)));
  return out.done();
}

/**
 * A PDU with the time of another in the octets of its own, which are those but for the last bits: milliseconds since 1970 have 2^-12 of one in a
 * double, where the wire has 2^-24 of a second.
 */
function withTimeOf(pdu: Uint8Array, other: Uint8Array): Uint8Array {
  const at = hex(other).indexOf("84086b") / 2 + 2;
  const fraction = (of: Uint8Array): number => Buffer.from(of).readUIntBE(at + 4, 3);
  assert.ok(Math.abs(fraction(pdu) - fraction(other)) <= 2);
  const same = pdu.slice();
  same.set(other.subarray(at + 4, at + 7), at + 4);
  return same;
}

// The first of goose-meter.pcap: twelve values, each status with its quality.
const first =
  "010ccd010001 aa32b140cf2e 8100 8000 88b8 0001 009c 0000 0000" +
  "618191 8016 4a454d30314d54522f4c4c4e3024474f246763624449 8102 0bb8 8210 4a454d30314d54522f4c4c4e30244449" +
  "8313 4a454d30314d54522f4c4c4e302e6763624449 8408 6b00f8a4e7ef9d0a 850101 860101 870100 880101 890100 8a010c ab30" +
  "830100 84030300 00".repeat(6);

test("numbers of fixed length (8-1, A.3) are what they are without their leading octets", () => {
  const field = (tag: string, content: string): string => {
    const octets = content.replaceAll(" ", "");
    return tag + (octets.length / 2).toString(16).padStart(2, "0") + octets;
  };
  const values = ["85 05 fffffffffe", "86 05 00000000c8", "87 05 0842480000", "83 01 01", "84 03 030000"].join("");
  const fields = [
    ["80", Buffer.from("A/LLN0$GO$g").toString("hex")],
    ["81", "0000000bb8"],
    ["82", Buffer.from("A/LLN0$d").toString("hex")],
    ["84", "6b00f8a4e7ef9d0a"],
    ["85", "00ffffffff"],
    ["86", "0000000003"],
    ["87", "00"],
    ["88", "0000000001"],
    ["89", "00"],
    ["8a", "0000000005"],
    ["ab", values],
  ] as const;
  const pdu = readGoosePdu(bytes(field("61", fields.map(([tag, content]) => field(tag, content)).join(""))));
  const { timeAllowedToLive, stNum, sqNum, configRevision, entries } = pdu;
  assert.deepEqual([timeAllowedToLive, stNum, sqNum, configRevision, entries], [3000, 0xffff_ffff, 3, 1, 5]);
  assert.deepEqual(
    readAllData(pdu).map((one) => ("value" in one ? one.value : one.kind)),
    [-2, 200, 50, true, "bits"],
  );
});

test("a message of a meter says what tshark says of it", () => {
  const { bytes: frame, vlan } = untagged(bytes(first)) ?? { bytes: new Uint8Array(0) };
  const { appId, simulated, source, pdu } = readGooseFrame(frame);
  assert.deepEqual(vlan, { id: 0, priority: 4 });
  assert.deepEqual([appId, simulated, hex(source)], [1, false, "aa32b140cf2e"]);
  const { allData, t, ...head } = readGoosePdu(pdu);
  assert.deepEqual(head, {
    controlBlock: "JEM01MTR/LLN0$GO$gcbDI",
    timeAllowedToLive: 3000,
    dataSet: "JEM01MTR/LLN0$DI",
    goId: "JEM01MTR/LLN0.gcbDI",
    stNum: 1,
    sqNum: 1,
    simulated: false,
    configRevision: 1,
    needsCommissioning: false,
    entries: 12,
  });
  // 2026-11-21 01:49:24.905999958 UTC
  assert.equal(Math.round(t.utc), Date.UTC(2026, 10, 21, 1, 49, 24, 906));
  assert.equal(t.accuracyBits, 10);
  const values = readAllData({ allData, entries: 12 });
  assert.deepEqual(values[0], { kind: "boolean", value: false });
  assert.deepEqual(values[1], { kind: "bits", octets: new Uint8Array(2), length: 13 });
});

test(
  "every message of a captured publisher is understood, and written as it was",
  { skip: withoutCapture("goose-meter.pcap") },
  () => {
    const frames = captured("goose-meter.pcap");
    assert.equal(frames.length, 26);
    for (const { bytes: whole } of frames) {
      const frame = untagged(whole);
      assert.ok(frame !== undefined);
      const read = readGooseFrame(frame.bytes);
      const pdu = written(readGoosePdu(read.pdu));
      assert.equal(hex(gooseFrame({ ...read, vlan: frame.vlan }, withTimeOf(pdu, read.pdu))), hex(whole));
    }
  },
);

test("a message in a session is understood", { skip: withoutCapture("r-goose.pcap") }, () => {
  const [frame] = captured("r-goose.pcap");
  // Behind Ethernet, IP and UDP.
  const datagram = frame!.bytes.subarray(14 + 20 + 8);
  const { head, payloadAt, signatureAt } = readSessionPdu(datagram);
  assert.deepEqual(
    [head.number, head.version, head.keyTime, head.nextKeyMinutes, head.keyId, head.vector.length, head.payloadLength],
    [1, 2, 0x6553f100, 60, 1, 0, 154],
  );
  assert.equal(hex(datagram.subarray(signatureAt)), "8510" + "26aef3f746adfbb9e9c07a2c845e891c");
  const [payload] = readPayloads(datagram.subarray(payloadAt, signatureAt));
  assert.deepEqual([payload?.appId, payload?.simulated], [1, false]);
  assert.equal(readGoosePdu(payload!.pdu).goId, "JEM01MTR/LLN0.gcbDI");
});

const key = Uint8Array.from(Buffer.from("0123456789ABCDEF"));
const pdu = (time: string, sqNum: string): string =>
  "6143 800d 47454e2f4c4c4e3024474f2467 8102 01f4 820a 47454e2f4c4c4e302464 8301 67 8408" +
  time +
  `850101 8601${sqNum} 870100 880101 890100 8a0101 ab03 830101`;

/** What libiec61850 1.6.1 sent, the second of a session each: how, its vector, and the datagram. */
const sessions: readonly (readonly [title: string, key: SessionKey | undefined, vector: string, datagram: string])[] = [
  [
    "neither signed nor ciphered",
    undefined,
    "",
    "0140 a118 8012 0000005f 00000001 0002 00000000 0000 00000000 00 0000004b 8100 3001 0047" +
      pdu("6b090ff0fba5e30a", "01"),
  ],
  [
    "signed",
    { id: 7, signature: "hmac-sha256-128", encryption: "none", key },
    "",
    "0140 a118 8012 0000005f 00000001 0002 00000000 0000 00000007 00 0000004b 8100 3001 0047" +
      pdu("6b090ff0fc6a7e0a", "01") +
      "8510 ec6f915a1901557e83a31a433a8a51ac",
  ],
  [
    "ciphered",
    { id: 7, signature: "none", encryption: "aes-128-gcm", key },
    "e8043ffe47f89330afb83d2b",
    "0140a11880120000005f000000010002000000000000000000070ce8043ffe47f89330afb83d2b0000004b9eb5a54d880f4ac3f05a76a1981f0564c9e5ccc47248583fbe390bb3fc4caa620da73dab9ef643fccb284edaae2247b16565f044d0f963be14c9353d5bc62c436c00a91276b79288960eab851006bddc6802c026f4de289056d5c57ecb",
  ],
  [
    "ciphered with a longer key",
    { id: 7, signature: "none", encryption: "aes-256-gcm", key: Uint8Array.of(...key, ...key) },
    "e43c14fb1b57b16583e8cf84",
    "0140a11880120000005f000000010002000000000000000000070ce43c14fb1b57b16583e8cf840000004b308a104e63fe31fa8e453b370fdd11cab7d379a99843c0f071a19ef31ca2ad170b6687018c4eea7bb585721a1922b867c9ae53259c84d0bcdf08ecc4b1555ce685c2951a7252b40bed9e9785105dbcd5a782d44ded38b5c081542d56b8",
  ],
  [
    "signed and ciphered",
    { id: 7, signature: "hmac-sha256-128", encryption: "aes-128-gcm", key },
    "945457ccd7807c0db45724a8",
    "0140a11880120000005f000000010002000000000000000000070c945457ccd7807c0db45724a80000004b9866e4ff1ccb85488cc7f281948f666db8dd244f793b8a9d7ae63ab244db0d5e7f72d75b938607481e8fa2aab889d6d3ffe0e9afd6c44d2fe1d5865105621aa225ccf428fa7bbe526972532c368cc1bdaeb45cd9763382398276d5b5b4851072e4a620db49f49368ab1997c0fda326",
  ],
];

for (const [title, given, vector, datagram] of sessions) {
  test(`a session that is ${title} is read and written as libiec61850 has it`, () => {
    const taken = new SessionReader(given === undefined ? [] : [given]).read(bytes(datagram));
    assert.ok(!("refused" in taken), JSON.stringify(taken));
    const [payload] = taken.payloads;
    assert.deepEqual([taken.number, taken.isProved, payload?.appId], [1, given !== undefined, 0x3001]);
    assert.deepEqual(readGoosePdu(payload!.pdu).controlBlock, "GEN/LLN0$GO$g");
    const writer = new SessionWriter(given, 1, () => bytes(vector));
    assert.equal(hex(writer.write(payload!)), datagram.replaceAll(" ", ""));
  });

  test(`of a session that is ${title} nothing can be changed without its being found out`, () => {
    if (given === undefined) return;
    const reader = new SessionReader([given]);
    const whole = bytes(datagram);
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      let taken;
      try {
        taken = reader.read(changed);
      } catch (error) {
        assert.ok(error instanceof WireError);
        continue;
      }
      assert.ok("refused" in taken, `octet ${at}`);
    }
  });
}

test("who has keys takes nothing without one of them, and who has none nothing that is ciphered", () => {
  const [, signedWith, , signed = ""] = sessions[1]!;
  const [, cipheredWith, , ciphered = ""] = sessions[2]!;
  const [, , , plain = ""] = sessions[0]!;
  assert.deepEqual(new SessionReader([signedWith!]).read(bytes(plain)), { refused: "key" });
  assert.deepEqual(new SessionReader([cipheredWith!]).read(bytes(signed)), { refused: "key" });
  assert.deepEqual(new SessionReader([signedWith!]).read(bytes(ciphered)), { refused: "key" });
  assert.deepEqual(new SessionReader([]).read(bytes(ciphered)), { refused: "key" });
  const other = { ...signedWith!, key: Uint8Array.of(...key.subarray(1), 0) };
  assert.deepEqual(new SessionReader([other]).read(bytes(signed)), { refused: "signature" });
});

test("what has come of a sender does not come again, nor what is long past, and numbers go round", () => {
  const window = new ReplayWindow();
  const isNew = (number: number): boolean => window.isNew("one", number);
  assert.deepEqual([10, 11, 11, 13, 12, 12, 10].map(isNew), [true, true, false, true, true, false, false]);
  assert.deepEqual([45, 14, 13, 12].map(isNew), [true, true, false, false]);
  assert.equal(window.isNew("another", 13), true);
  const late = new ReplayWindow();
  assert.deepEqual(
    [0xffff_ffff, 0, 0xffff_fffe, 1, 0xffff_ffff].map((number) => late.isNew("one", number)),
    [true, true, true, true, false],
  );
  late.forget("one");
  assert.equal(late.isNew("one", 0), true);
});

const references = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 129 });
const numbers32 = fc.nat(0xffff_ffff);
const data: fc.Arbitrary<Data> = fc.oneof(
  fc.boolean().map((value): Data => ({ kind: "boolean", value })),
  fc.integer().map((value): Data => ({ kind: "integer", value })),
  fc.float({ noNaN: true }).map((value): Data => ({ kind: "float", value, width: 32 })),
);
const heads = fc.record(
  {
    controlBlock: references,
    timeAllowedToLive: numbers32,
    dataSet: references,
    goId: fc.option(references, { nil: undefined }),
    stNum: numbers32,
    sqNum: numbers32,
    simulated: fc.boolean(),
    configRevision: numbers32,
    needsCommissioning: fc.boolean(),
  },
  { noNullPrototype: true },
);

test("what is written is read again, whatever it says", () => {
  const t = { utc: Date.UTC(2026, 5, 1), leapSecondsKnown: true, clockFailure: false, notSynchronised: true };
  fc.assert(
    fc.property(heads, fc.array(data, { maxLength: 20 }), (head, values) => {
      const out = new BerWriter();
      writeGoosePdu(out, { ...head, t, entries: values.length }, listOf(values));
      const { allData, ...read } = readGoosePdu(out.done());
      assert.deepEqual(read, { ...head, t, entries: values.length });
      assert.deepEqual(readAllData({ allData, entries: values.length }), values);
    }),
  );
});

test("GoID, simulation and commissioning may be left out", () => {
  const { goId, simulated, needsCommissioning } = readGoosePdu(
    bytes("6124 8001 61 8101 05 8201 62 8408 0000000000000000 850102 860103 880104 8a0101 ab03 830101"),
  );
  assert.deepEqual([goId, simulated, needsCommissioning], [undefined, false, false]);
});

const refusals: readonly (readonly [why: string, pdu: string])[] = [
  ["nothing", ""],
  ["another PDU", "6003 800161"],
  ["a PDU that ends behind its frame", "617f 800161"],
  ["no time", "611a 8001 61 8101 05 8201 62 850102 860103 880104 8a0101 ab03 830101"],
  [
    "a state beyond 32 bits",
    "6129 8001 61 8101 05 8201 62 8408 0000000000000000 8506 010000000000 860103 880104 8a0101 ab03 830101",
  ],
  [
    "fields in another order",
    "6124 8101 05 8001 61 8201 62 8408 0000000000000000 850102 860103 880104 8a0101 ab03 830101",
  ],
  [
    "a time of seven octets",
    "6123 8001 61 8101 05 8201 62 8407 00000000000000 850102 860103 880104 8a0101 ab03 830101",
  ],
];
for (const [why, octets] of refusals) {
  test(`a PDU with ${why} is none`, () => assert.throws(() => readGoosePdu(bytes(octets)), WireError));
}

test("values that are more or fewer than were told are none", () => {
  assert.throws(() => readAllData({ allData: bytes("830101"), entries: 2 }), /1 values where 2 were told/);
  assert.throws(() => readAllData({ allData: bytes("830101 830100"), entries: 1 }), /2 values where 1/);
  assert.throws(() => readAllData({ allData: bytes("8301"), entries: 1 }), WireError);
});

test("whatever comes as a frame or a session is understood, or a WireError", () => {
  const random = numbers(16);
  const frames = [bytes(first)];
  const datagrams = sessions.map(([, , , datagram]) => bytes(datagram));
  const keys = sessions.flatMap(([, given]) => (given === undefined ? [] : [given])).slice(-1);
  const readers = [new SessionReader([]), new SessionReader(keys)];
  const tried = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof WireError, String(error));
    }
  };
  for (let k = share(20_000, 50_000, 500_000); k > 0; k--) {
    const frame = untagged(mutated(frames, random));
    if (frame !== undefined) tried(() => void readAllData(readGoosePdu(readGooseFrame(frame.bytes).pdu)));
    const datagram = mutated(datagrams, random);
    for (const reader of readers)
      tried(() => {
        const taken = reader.read(datagram);
        if (!("refused" in taken)) for (const one of taken.payloads) readAllData(readGoosePdu(one.pdu));
      });
  }
});
