/**
 * Sampled values octet for octet: what libiec61850 1.5 sent (../shared/vectors/sv-pub.pcap), and frames as 9-2LE and IEC 61869-9 have them,
 * written on paper.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HEAD, untagged } from "#io/ethernet-frame.ts";
import { qualityWords, validityOf } from "#protocol/iec61850/sv/quality.ts";
import { appIdOf, isSimulated, PDU_AT, pduEnd, SV_TYPE, svFrame } from "#protocol/iec61850/sv/sv-frame.ts";
import { type Asdu, type AsduFields, SvPdu, writeSvPdu } from "#protocol/iec61850/sv/sv-pdu.ts";
import { WireError } from "#wire/cursor.ts";
import { captured, withoutCapture } from "./captures.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const viewOf = (of: Uint8Array): DataView => new DataView(of.buffer, of.byteOffset, of.byteLength);

function fieldsOf(asdu: Asdu): AsduFields {
  const { svId, dataSet, count, revision, refreshed, synchronised, rate, data, mode, grandmaster } = asdu;
  return {
    svId,
    dataSet,
    count,
    revision,
    refreshed: refreshed?.slice(),
    synchronised,
    rate,
    data: data.slice(),
    mode,
    grandmaster: grandmaster?.slice(),
  };
}

function readAll(pdu: Uint8Array): readonly AsduFields[] {
  const read = new SvPdu().read(pdu);
  return read.asdus.slice(0, read.count).map(fieldsOf);
}

const nothingElse = {
  dataSet: undefined,
  refreshed: undefined,
  rate: undefined,
  mode: undefined,
  grandmaster: undefined,
};

test(
  "every frame of a captured publisher is understood, and written as it was",
  { skip: withoutCapture("sv-pub.pcap") },
  () => {
    const frames = captured("sv-pub.pcap");
    assert.equal(frames.length, 60);
    for (const [k, { bytes: whole }] of frames.entries()) {
      const { bytes: frame, vlan } = untagged(whole) ?? {};
      assert.ok(frame !== undefined);
      const view = viewOf(frame);
      assert.equal(view.getUint16(12), SV_TYPE);
      assert.equal(hex(frame.subarray(6, 12)), "aa32b140cf2e");
      assert.deepEqual([appIdOf(view), isSimulated(view), vlan], [0x4000, false, { id: 0, priority: 4 }]);
      const asdus = readAll(frame.subarray(PDU_AT, pduEnd(view)));
      assert.deepEqual(
        asdus.map(({ data, ...head }) => [head, data.length]),
        ["svpub1", "svpub2"].map((svId) => [{ ...nothingElse, svId, count: k + 1, revision: 1, synchronised: 0 }, 16]),
      );
      const head = { destination: frame.subarray(0, 6), source: frame.subarray(6, 12), vlan, appId: 0x4000 };
      assert.equal(hex(svFrame({ ...head, simulated: false }, writeSvPdu(asdus))), hex(whole));
    }
    // Octets 449a522b and 449a755e of the first two, which are floats that grow by 1.1.
    const floats = frames.slice(0, 2).map(({ bytes: whole }) => {
      const { bytes: frame } = untagged(whole) ?? { bytes: whole };
      return viewOf(readAll(frame.subarray(PDU_AT))[0]?.data ?? frame).getFloat32(0);
    });
    assert.deepEqual(
      floats.map((value) => value.toFixed(4)),
      ["1234.5677", "1235.6677"],
    );
  },
);

/** Ia 1.5 A, Ib -0.75 A questionable, Ic 0, In of the others, Ua 230 V, Ub -115 V invalid, Uc 0 a test, Un 0 of the others. */
const le =
  "000005dc 00000000  fffffd12 00000003  00000000 00000000  00000000 00002000" +
  "000059d8 00000000  ffffd314 00000002  00000000 00000800  00000000 00002000";

/** 80 samples a cycle: one instant of 26 + 8 x 8 octets, svID "JEM01MU01", the 3,999th of its second. */
const one = `6061 800101 a25c 305a 8009 4a454d30314d553031 8202 0f9f 8304 00000001 8501 02 8740 ${le}`;

test("an instant of 9-2LE says what it is", () => {
  assert.deepEqual(readAll(bytes(one)), [
    {
      ...nothingElse,
      svId: "JEM01MU01",
      count: 3999,
      revision: 1,
      synchronised: 2,
      data: bytes(le),
    },
  ]);
  assert.equal(hex(writeSvPdu(readAll(bytes(one)))), hex(bytes(one)));
});

test("everything that an instant can have is read and written, in its order", () => {
  const all =
    "605e 800101 a259 3057 8001 61 8101 62 8202 0000 8304 00000007 8408 6b00f8a4e7ef9d0a 8501 fe 8602 12c0" +
    "8710 0000000100000000 0000000200000000 8802 0001 8908 0050c2fffe123456";
  const pdu = bytes(all);
  // The lengths of what is constructed, counted: 3+3+4+6+10+3+4+18+4+10 octets.
  pdu[1] = 65 + 2 + 2 + 3;
  pdu[6] = 65 + 2;
  pdu[8] = 65;
  assert.equal(pdu.length, 65 + 9);
  assert.deepEqual(readAll(pdu), [
    {
      svId: "a",
      dataSet: "b",
      count: 0,
      revision: 7,
      refreshed: bytes("6b00f8a4e7ef9d0a"),
      synchronised: 254,
      rate: 4800,
      data: bytes("0000000100000000 0000000200000000"),
      mode: 1,
      grandmaster: bytes("0050c2fffe123456"),
    },
  ]);
  assert.equal(hex(writeSvPdu(readAll(pdu))), hex(pdu));
});

test("what a PDU says of its own size has to be so", () => {
  const refused: readonly (readonly [pdu: string, why: RegExp])[] = [
    [one.replace("800101", "800102"), /1 ASDUs in a PDU of 2/],
    [one.replace("800101", "800100"), /a PDU of 0 ASDUs/],
    [one.replace("800101", "8001ff"), /a PDU of 255 ASDUs/],
    [one.replace("6061", "6062"), /ends behind/],
    [one.replace("6061", "6080"), /a length that no frame has/],
    [one.replace("6061", "6084ffffff"), /a length that no frame has/],
    [one.replace("8202 0f9f", "8300 8200"), /does not stand here|a number of 0 octets/],
    [one.replace("8304", "8404"), /expected 8 octets/],
    [one.replace("8501", "8401"), /expected 8 octets/],
    [one.replace("8009", "9f09"), /a tag of more than one octet/],
    [one.replace("a25c", "a15c"), /expected tag a2/],
    ["", /found the end/],
    ["60", /a length|ends/],
    ["6003 800101", /expected tag a2, found the end/],
    ["6005 800101 a200", /0 ASDUs in a PDU of 1/],
    ["6007 800101 a202 3000", /lacks one of/],
  ];
  for (const [pdu, why] of refused)
    assert.throws(() => new SvPdu().read(bytes(pdu)), { name: "WireError", message: why });
});

test("two instants where one is said are refused", () => {
  const asdu = one.slice(one.indexOf("305a"));
  const two = `6081be 800101 a281b8 ${asdu} ${asdu}`;
  assert.throws(() => new SvPdu().read(bytes(two)), /more ASDUs than the 1/);
  assert.equal(new SvPdu().read(bytes(two.replace("800101", "800102"))).count, 2);
});

test("a frame that is cut, or says that it is longer than it is, is refused", () => {
  const frame = svFrame(
    {
      destination: bytes("010ccd040001"),
      source: bytes("025000000001"),
      appId: 0x4000,
      simulated: true,
    },
    bytes(one),
  );
  assert.equal(hex(frame).slice(24, 44), "88ba4000006b80000000");
  assert.equal(isSimulated(viewOf(frame)), true);
  assert.equal(pduEnd(viewOf(frame)), frame.length);
  for (let length = 0; length < frame.length; length++)
    assert.throws(() => pduEnd(viewOf(frame.slice(0, length))), { name: "WireError" });
  frame[HEAD + 3] = 7;
  assert.throws(() => pduEnd(viewOf(frame)), /a length of 7/);
});

test("qualities are told in words", () => {
  assert.equal(qualityWords(0), "good");
  assert.equal(qualityWords(0x0a03), "questionable, inaccurate, test");
  assert.equal(qualityWords(0x2000), "good, derived");
  assert.deepEqual([0, 1, 2, 3].map(validityOf), ["good", "invalid", "invalid", "questionable"]);
});

const asduFields = fc.record(
  {
    svId: fc.string({ minLength: 1, maxLength: 30, unit: "grapheme-ascii" }),
    dataSet: fc.option(fc.string({ maxLength: 30, unit: "grapheme-ascii" }), { nil: undefined }),
    count: fc.integer({ min: 0, max: 65_535 }),
    revision: fc.integer({ min: 0, max: 0xffff_ffff }),
    refreshed: fc.option(fc.uint8Array({ minLength: 8, maxLength: 8 }), { nil: undefined }),
    synchronised: fc.integer({ min: 0, max: 255 }),
    rate: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
    data: fc.uint8Array({ maxLength: 200 }),
    mode: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    grandmaster: fc.option(fc.uint8Array({ minLength: 8, maxLength: 8 }), { nil: undefined }),
  },
  { noNullPrototype: true },
);

test("what is written is read as it was", () => {
  const reused = new SvPdu();
  fc.assert(
    fc.property(fc.array(asduFields, { minLength: 1, maxLength: 8 }), (asdus) => {
      const read = reused.read(writeSvPdu(asdus));
      assert.deepEqual(read.asdus.slice(0, read.count).map(fieldsOf), asdus);
    }),
    { numRuns: share(200, 500, 5000) },
  );
});

test("damaged PDUs are read or refused, and nothing else", () => {
  const random = numbers(16);
  const samples = [bytes(one), writeSvPdu([...readAll(bytes(one)), ...readAll(bytes(one))])];
  const pdu = new SvPdu();
  let understood = 0;
  for (let k = 0; k < share(5000, 20_000, 200_000); k++) {
    const damaged = mutated(samples, random);
    try {
      const { asdus, count } = pdu.read(damaged);
      for (const { dataFrom, dataTo } of asdus.slice(0, count))
        assert.ok(dataFrom <= dataTo && dataTo <= damaged.length);
      understood++;
    } catch (error) {
      assert.ok(error instanceof WireError, String(error));
    }
  }
  assert.ok(understood > 0);
});
