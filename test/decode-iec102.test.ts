/** What decoding says of frames of IEC 60870-5-102: those of real meters and of a recorded session, octet by octet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { run } from "./cli-run.ts";
import { fromHex, realMeters, session } from "./iec102-vectors.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const recorded = [...realMeters, ...session.flatMap(({ reader, station }) => [reader, station])];
const decode = (bytes: Uint8Array): readonly Annotated[] => new Decoder().decode(bytes, "iec102").fields;

function all(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [field, ...all(field.inside ?? [])]);
}

/** Every octet is said by one field, in order. */
function assertTiles(fields: readonly Annotated[], length: number): void {
  let at = 0;
  for (const leaf of all(fields).filter(({ inside }) => inside === undefined)) {
    assert.equal(leaf.at, at, leaf.name);
    at += leaf.length;
  }
  assert.equal(at, length);
}

test("every octet of a recorded frame is said by a field, and nothing is wrong", () => {
  for (const hex of recorded) {
    const fields = decode(fromHex(hex));
    assert.deepEqual(
      all(fields).filter(({ isProblem }) => isProblem),
      [],
      hex,
    );
    assertTiles(fields, fromHex(hex).length);
  }
});

function texts(hex: string): ReadonlyMap<string, string | undefined> {
  return new Map(all(decode(fromHex(hex))).map(({ name, text }) => [name, text]));
}

test("a closure, values of the moment and a total are said in words", () => {
  const closure = texts(realMeters.find((hex) => hex.startsWith("68 48 48")) ?? "");
  assert.equal(closure.get("type"), "M_TA_VM_2 (136): tariff values, stored");
  assert.equal(closure.get("record address"), "136: contract III");
  assert.equal(closure.get("active"), "29025, of the period 9700, good");
  assert.equal(closure.get("maximum"), "84 at 2008-12-26 14:00, good");
  const moment = texts(session.find(({ station }) => station.startsWith("68 68 68"))?.station ?? "");
  assert.equal(moment.get("phase 3"), "5.3 A, 230.3 V");
  const totals = texts(realMeters.find((hex) => hex.startsWith("68 3e 3e")) ?? "");
  assert.equal(totals.get("object 2, active out"), "204654, good");
  assert.equal(totals.get("object 7, reserve 7"), "0, invalid");
  assert.equal(totals.get("time"), "2009-09-18 01:00, summer time");
  assert.equal(texts("68 0d 0d 68 73 58 1b b7 01 06 01 00 00 07 00 00 00 ac 16").get("key"), "not shown");
});

test("fixed frames are known by themselves, addresses of one octet by where their checks hold", () => {
  assert.equal(protocolOf(fromHex("10 5b 58 1b ce 16")), "iec102");
  assert.equal(texts("10 49 11 5a 16").get("link address"), "17, one octet");
  // M-Bus begins so, too.
  assert.equal(protocolOf(fromHex("68 09 09 68 53 58 1b bb 00 06 01 00 00 88 16")), "dlms");
});

test("a wrong check, a type that nobody knows and what is cut are said", () => {
  assert.match(texts("10 5b 58 1b cf 16").get("check") ?? "", /wrong: expected ce, found cf/);
  assert.equal(texts("68 09 09 68 53 58 1b c8 00 06 01 00 00 95 16").get("type"), "type 200");
  const cut = all(decode(fromHex("68 15 15 68 73 58 1b 7a 01 06")));
  assert.ok(cut.some(({ isProblem }) => isProblem));
});

test("mutated frames are decoded, or what is wrong is said", () => {
  const random = numbers(8705);
  const samples = recorded.map(fromHex);
  for (let k = share(3000, 10_000, 50_000); k > 0; k--) decode(mutated(samples, random));
});

test("the command decodes a frame", async () => {
  const { status, out } = await run("decode", "iec102", "10 5b 58 1b ce 16");
  assert.equal(status, 0);
  assert.match(out, /request for data of class 2, FCB 0/);
});
