/** What decoding says of MMS: packets that other programs have exchanged, octet by octet, and PDUs as they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { connectionsOf, fromHex, mmsFiles, skip } from "./mms-exchanges.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

function all(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [field, ...all(field.inside ?? [])]);
}

/** Every octet is said by one field, in order; of what is put together its own. */
function assertTiles(fields: readonly Annotated[], length: number, from = 0): void {
  const leaves = (some: readonly Annotated[]): readonly Annotated[] =>
    some.flatMap((field) =>
      field.bytes !== undefined ? [] : field.inside === undefined ? [field] : leaves(field.inside),
    );
  let at = from;
  for (const leaf of leaves(fields)) {
    assert.equal(leaf.at, at, leaf.name);
    at += leaf.length;
  }
  assert.equal(at, from + length);
  for (const { bytes, inside = [] } of all(fields)) if (bytes !== undefined) assertTiles(inside, bytes.length);
}

const packets = mmsFiles.flatMap((file) =>
  connectionsOf(file).flatMap((sent) => sent.flatMap((one) => one.packets.map(fromHex))),
);

test(
  "every octet of every packet of the exchanges is said by a field, and nothing is wrong or without a name",
  { skip },
  () => {
    const decoder = new Decoder();
    assert.ok(packets.length > 600);
    for (const bytes of packets) {
      const { protocol, fields } = decoder.decode(bytes);
      assert.equal(protocol, "mms");
      const wrong = all(fields).filter(
        ({ isProblem, name }) => isProblem === true || /^(element|PDU|service) /.test(name),
      );
      assert.deepEqual(wrong, [], Buffer.from(bytes).toString("hex").slice(0, 200));
      assertTiles(fields, bytes.length);
    }
  },
);

function texts(hex: string): ReadonlyMap<string, string | undefined> {
  return new Map(all(new Decoder().decode(fromHex(hex), "mms").fields).map(({ name, text }) => [name, text]));
}

test("a PDU as it is says its values, its errors and why it was rejected", () => {
  // 42cbed57 is 101.96355; quality 40 00 with its 13 bits is invalid.
  const read = texts("a1 13 02010e a4 0e a1 0c 87050842cbed57 8403034000");
  assert.equal(read.get("number of the request"), "14");
  assert.equal(read.get("float"), "101.9636");
  assert.equal(read.get("bits"), "invalid");
  assert.equal(texts("a10a020115a405a10380010a").get("failure"), "10: object non-existent");
  assert.equal(texts("a20a800138a205a0038b0107").get("code"), "file: file non existent");
  assert.equal(texts("a406 800107 810101").get("reason"), "unrecognized service");
  assert.equal(texts("a00e020103a109a003800109a1028000").get("class"), "9: domain");
});

test("a PDU without its packet is taken for one only where it is said to be", () => {
  assert.notEqual(protocolOf(fromHex("a10a020115a405a10380010a")), "mms");
  assert.equal(protocolOf(fromHex("0300001611e00000000100c0010dc2020001c1020001")), "mms");
});

test("whatever else comes, every octet is said by one field", { skip }, () => {
  const samples = packets.filter((bytes) => bytes.length < 1500);
  const random = numbers(9506);
  for (let k = 0; k < share(1000, 10_000, 100_000); k++) {
    const bytes = mutated(samples, random);
    const { fields } = new Decoder().decode(bytes, "mms");
    assertTiles(fields, bytes.length);
  }
});

/** Names of what is said, with what is wrong. */
const wrongIn = (hex: string): readonly string[] =>
  all(new Decoder().decode(fromHex(hex), "mms").fields).flatMap(({ name, text, isProblem }) =>
    isProblem === true ? [`${name}: ${text}`] : [],
  );

test("a PDU that breaks off says what came before, and how much is missing of each part", () => {
  const { fields } = new Decoder().decode(fromHex("a10e02010ea409a10787050842cbed"), "mms");
  const told = all(fields);
  assert.ok(told.some(({ name, text }) => name === "number of the request" && text === "14"));
  // 14 octets, 9, 7 and 5 within each other, of which the last is not there.
  assert.deepEqual(
    wrongIn("a10e02010ea409a10787050842cbed"),
    ["confirmed response", "read", "results", "float"].map(
      (name, k) => `${name}: 1 of its ${[14, 9, 7, 5][k]} octets are missing`,
    ),
  );
  assertTiles(fields, 15);
});

test("a PDU without what it has to have says what that is, and behind what is none nothing is looked at", () => {
  assert.deepEqual(wrongIn("a0020000"), ["missing: number of the request, what is asked for"]);
  assert.deepEqual(wrongIn("a003020101"), ["missing: what is asked for"]);
  assert.deepEqual(wrongIn("a1020000"), ["missing: number of the request, the answer"]);
  assert.deepEqual(wrongIn("a203800100"), ["missing: error"]);
  assert.deepEqual(wrongIn("00".repeat(300_000)), ["PDU 0: there is no such PDU"]);
});
