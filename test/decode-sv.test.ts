/** What decoding says of sampled values: frames that libiec61850 has sent (../shared/vectors/sv-pub.pcap), and one as 9-2LE has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { captured, withoutCapture } from "./captures.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";
import { frameOf } from "./sv-rig.ts";

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

const said = (bytes: Uint8Array, name: string): string | undefined =>
  leaves(new Decoder().decode(bytes).fields).find((one) => one.name === name)?.text;

test(
  "every octet of captured frames is said by a field that has a name",
  { skip: withoutCapture("sv-pub.pcap") },
  () => {
    for (const { bytes } of captured("sv-pub.pcap")) {
      const { protocol, fields } = new Decoder().decode(bytes);
      assert.equal(protocol, "sv");
      assertTiles(fields, bytes.length);
      assert.ok(leaves(fields).every(({ isProblem, name }) => isProblem !== true && !/^(element|PDU \w)/.test(name)));
      assert.equal(said(bytes, "svID"), '"svpub1"');
    }
  },
);

test("values are told with what is wrong with them", () => {
  const frame = frameOf(3, { quality: { 1: 0x0803 } });
  assert.equal(said(frame, "values"), "300, 301 (questionable, test), 302, 303, 304, 305, 306, 307");
  assert.equal(said(frame, "sample of its second"), "3");
  assert.equal(said(frame, "synchronised"), "2: by one of the whole world");
});

test("what is wrong with a frame is said, whatever comes", () => {
  const random = numbers(77);
  const decoder = new Decoder();
  for (let k = share(3000, 20_000, 200_000); k > 0; k--) {
    const bytes = mutated([frameOf(0), frameOf(8, { instants: 8 })], random);
    assertTiles(decoder.decode(bytes, "sv").fields, bytes.length);
    protocolOf(bytes);
  }
});
