/** What decoding says of DNP3: frames and fragments of the recorded exchanges, and where what is wrong stands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasProblem, type Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { exchanges, fromHex, skip } from "./dnp3-exchanges.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const bytes = fromHex;

function all(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [field, ...all(field.inside ?? [])]);
}

function problems(fields: readonly Annotated[]): readonly string[] {
  return all(fields).flatMap(({ isProblem, at, name, text }) => (isProblem ? [`${at} ${name}: ${text}`] : []));
}

/** What stands in a message and has nothing in it follows one another without a gap, from its first octet to its last. */
function assertTiles(fields: readonly Annotated[], length: number): void {
  const leaves = (some: readonly Annotated[]): readonly Annotated[] =>
    some.flatMap((field) => (field.bytes ? [] : field.inside ? leaves(field.inside) : [field]));
  let at = 0;
  for (const leaf of leaves(fields)) {
    if (leaf.length === 0) continue;
    assert.equal(leaf.at, at, leaf.name);
    at += leaf.length;
  }
  assert.equal(at, length);
}

const text = (fields: readonly Annotated[], name: string): string | undefined =>
  all(fields).find((field) => field.name === name)?.text;
const texts = (fields: readonly Annotated[], name: string): readonly (string | undefined)[] =>
  all(fields).flatMap((field) => (field.name === name ? [field.text] : []));

/** Frames that are there to be refused: what they carry is wrong on purpose. */
const wrongOnPurpose = [/bad function/, /invalid primary/, /c3 FCV=0/, /d4 FCV=1/, /g99v1/, /FIR=1 FIN=0/];

for (const file of ["dnp3.txt", "dnp3-multi-fragment.txt"] as const)
  test(`every frame of ${file} is told of from end to end`, { skip }, () => {
    const decoder = new Decoder();
    let count = 0;
    for (const { title, frames } of exchanges(file))
      for (const { from, hex } of frames) {
        const message = bytes(hex);
        const { protocol, fields } = decoder.decode(message);
        assert.equal(protocol, "dnp3");
        assertTiles(fields, message.length);
        count++;
        if (!wrongOnPurpose.some((one) => one.test(title))) assert.deepEqual(problems(fields), [], title);
        const control = texts(fields, "control")[0] ?? "";
        assert.match(control, from === "master" ? /from the master/ : /from the outstation/);
      }
    assert.ok(count > 5);
  });

test("a response says its indications and its points, each with its flags", () => {
  const message = bytes(
    "c2 81 90 08 1e 02 00 00 01 21 ff 7f 04 fb ff 02 02 28 01 00 04 00 81 da b4 c5 fb a1 01 34 02 07 01 e8 03",
  );
  const { fields } = new Decoder().decode(message, "dnp3");
  assertTiles(fields, message.length);
  assert.equal(text(fields, "control"), "the only fragment, sequence 2");
  assert.equal(text(fields, "function"), "129 RESPONSE");
  assert.equal(text(fields, "indications"), "needs the time, has restarted, events were lost");
  assert.deepEqual(texts(fields, "objects"), [
    "g30v2 analog input, 16 bits with flag",
    "g2v2 binary input event with time",
    "g52v2 time delay, fine",
  ]);
  assert.deepEqual(texts(fields, "0"), ["online, over range, 32767"]);
  assert.deepEqual(texts(fields, "1"), ["not online, communication lost, -5"]);
  // 0x01a1fbc5b4da milliseconds are 1,795,225,400,538.
  assert.deepEqual(texts(fields, "object"), ["4: on, online, at 2026-11-21T01:43:20.538Z", "1000 ms"]);
});

test("a request says what it asks for: all, a range, so many, a list", () => {
  const { fields } = new Decoder().decode(
    bytes("c0 01 3c 02 06 1e 00 01 02 00 09 01 14 01 07 05 15 09 17 02 03 08 01 02 28 01 00 2c 01"),
    "dnp3",
  );
  assert.deepEqual(texts(fields, "objects"), [
    "g60v2 class 1",
    "g30v0 analog input, any variation",
    "g20v1 counter, 32 bits with flag",
    "g21v9 frozen counter, 32 bits",
    "g1v2 binary input with flags",
  ]);
  assert.deepEqual(texts(fields, "header"), [
    "qualifier 06, all",
    "qualifier 01, 2 to 265",
    "qualifier 07, 5",
    "qualifier 17, 2, each behind its index",
    "qualifier 28, 1, each behind its index",
  ]);
  assert.deepEqual(texts(fields, "index"), ["3", "8", "300"]);
});

test("what is wrong stands at its octet", () => {
  const found = (hex: string, protocol?: "dnp3"): readonly string[] =>
    problems(new Decoder().decode(bytes(hex), protocol).fields);
  assert.deepEqual(found("05 64 05 c9 01 00 64 00 16 e2"), ["8 header check: wrong: expected 16E1, found 16E2"]);
  assert.deepEqual(found("05 64 0b c4 01 00 64 00 44 ea c5 c5 01 01 00 06 cc 29"), [
    "16 check: wrong: expected CC28, found CC29",
  ]);
  assert.deepEqual(found("c5 01 01 00 07", "dnp3"), ["5 not understood: a byte needs 1 bytes where 0 are left"]);
  assert.deepEqual(found("05 64 05 c9 01"), ["4 not understood: the frame is cut: 5 octets of 10"]);
  assert.deepEqual(found("c0 70 3c 01 06", "dnp3"), ["1 function: unknown"]);
  assert.deepEqual(found("c0 81 00 00 63 01 00 00 01", "dnp3"), ["4 not understood: no object is g99v1"]);
  assert.deepEqual(found("e0 01 3c 01 06", "dnp3"), [
    "0 control: a request asks for no confirmation, and is not unsolicited",
  ]);
  assert.deepEqual(found("c0 01 1e 03 f0 00", "dnp3"), ["4 not understood: no qualifier is f0"]);
});

test("a fragment over several frames is put together, each way for itself", { skip }, () => {
  const decoder = new Decoder();
  const [exchange] = exchanges("dnp3-multi-fragment.txt");
  const said = exchange!.frames.map(({ hex }) => decoder.decode(bytes(hex)).fields);
  const fragments = said.flatMap((fields) =>
    all(fields).flatMap(({ name }) => (name.startsWith("fragment") ? [name] : [])),
  );
  // 297 octets in 249 and 48, their confirmation, and the 246 that are left.
  assert.deepEqual(fragments, ["fragment", "fragment of 2 segments", "fragment", "fragment"]);
});

test("no octets make it stumble, and what is told of tiles them", () => {
  const samples = [
    "056414c40100640067d6c3c3013c02063c03063c04063c0106b2a0",
    "05641b44640001 00ed2cc8c981100014050000 0240420f004142f8910f0042420f003022",
    "c28190001e0200000121ff7f04fbff0202280100040081dab4c5fba101",
    "c41946035b0125001a000b000000000000000000000000000000000000000100b40007 0070726f66696c652e637376",
  ].map(bytes);
  const random = numbers(15);
  for (let k = share(5000, 20_000, 100_000); k > 0; k--) {
    const message = mutated(samples, random);
    const { fields } = new Decoder().decode(message, "dnp3");
    assert.ok(all(fields).length <= 20 + 2 * 8 * message.length, "it says more than there is");
    for (const field of fields) hasProblem(field);
  }
  assert.equal(protocolOf(bytes("0564")), "dnp3");
});
