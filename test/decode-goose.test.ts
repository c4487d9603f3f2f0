/** What decoding says of GOOSE: frames and a session that libiec61850 has sent (../shared/vectors). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { captured, withoutCapture } from "./captures.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

function all(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [field, ...all(field.inside ?? [])]);
}

function leaves(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => (field.inside === undefined ? [field] : leaves(field.inside)));
}

/** Every octet is said by one field, in order. */
function assertTiles(fields: readonly Annotated[], length: number): void {
  let at = 0;
  for (const leaf of leaves(fields)) {
    assert.equal(leaf.at, at, leaf.name);
    at += leaf.length;
  }
  assert.equal(at, length);
}

const skip = withoutCapture("goose-meter.pcap");
const frames = captured("goose-meter.pcap").map(({ bytes }) => bytes);
const sessions = captured("r-goose.pcap").map(({ bytes }) => bytes.subarray(42));

test("every octet of captured messages is said by a field, and nothing is wrong or without a name", { skip }, () => {
  for (const bytes of [...frames, ...sessions]) {
    const { protocol, fields } = new Decoder().decode(bytes);
    assert.equal(protocol, "goose");
    assert.deepEqual(
      all(fields).filter(({ isProblem, name }) => isProblem === true || /^(element|PDU \w)/.test(name)),
      [],
    );
    assertTiles(fields, bytes.length);
  }
});

test("a message says what tshark says of it", { skip }, () => {
  const said = (name: string): string | undefined =>
    leaves(new Decoder().decode(frames[0]!).fields).find((one) => one.name === name)?.text;
  assert.deepEqual(
    ["destination", "tag", "APPID", "control block", "time allowed to live", "since", "state", "repetition"].map(said),
    ["01-0C-CD-01-00-01", "priority 4, VLAN 0", "0001", '"JEM01MTR/LLN0$GO$gcbDI"', "3000 ms", said("since"), "1", "1"],
  );
  assert.match(said("since") ?? "", /^2026-11-21.01:49:24\.906/);
  const session = leaves(new Decoder().decode(sessions[0]!).fields);
  assert.deepEqual(
    ["number", "version", "key", "length of the payload", "GoID"].map(
      (name) => session.find((one) => one.name === name)?.text,
    ),
    ["1", "2", "1", "154 octets", '"JEM01MTR/LLN0.gcbDI"'],
  );
});

test("what a message lacks of what it has to have is said, and what is no message", () => {
  const problems = (hex: string, protocol: "goose" | "sv"): readonly (string | undefined)[] => {
    const bytes = Buffer.from(hex, "hex");
    const { fields } = new Decoder().decode(bytes, protocol);
    assertTiles(fields, bytes.length);
    return all(fields).flatMap(({ isProblem, name, text }) => (isProblem === true ? [`${name}: ${text}`] : []));
  };
  // All fields that are neither OPTIONAL nor DEFAULT in IECGoosePdu, and in SavPdu and its ASDU.
  assert.deepEqual(problems("6103800120", "goose"), [
    "missing: time allowed to live, data set, since, state, repetition, configuration revision, how many values, values",
  ]);
  assert.deepEqual(problems("0000", "goose"), ["PDU 0: expected a GOOSE PDU, tag 61"]);
  assert.deepEqual(problems("6003800101", "sv"), ["missing: instants"]);
  assert.deepEqual(problems("600a800101a2053003800141", "sv"), [
    "missing: sample of its second, configuration revision, synchronised, values",
  ]);
  assert.deepEqual(problems("0000", "sv"), ["PDU 0: expected a PDU of sampled values, tag 60"]);
});

test("what is wrong with a message is said, whatever comes", { skip }, () => {
  const random = numbers(88);
  const decoder = new Decoder();
  for (let k = share(5000, 20_000, 200_000); k > 0; k--) {
    const bytes = mutated([...frames.slice(0, 3), ...sessions], random);
    assertTiles(decoder.decode(bytes, "goose").fields, bytes.length);
    protocolOf(bytes);
  }
});
