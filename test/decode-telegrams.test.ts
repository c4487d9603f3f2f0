/** What decoding says of telegrams of household meters: P1 texts and SML, as public sources say their values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasProblem, type Annotated } from "#headend/decode/annotated.ts";
import { Decoder, protocolOf } from "#headend/decode/decoder.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";
import { austrian, dsmr, easymeter, ebz, iskra, smarty } from "./telegrams.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const textBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const decode = (message: Uint8Array): readonly Annotated[] => new Decoder().decode(message).fields;

function all(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [field, ...all(field.inside ?? [])]);
}

function problems(fields: readonly Annotated[]): readonly (string | undefined)[] {
  return all(fields).flatMap(({ isProblem, name, text }) => (isProblem ? [`${name}: ${text}`] : []));
}

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

test("the example of DSMR 5.0.2 says its values, and its check is right", () => {
  const message = textBytes(dsmr);
  assert.equal(protocolOf(message), "p1");
  const fields = decode(message);
  assertTiles(fields, message.length);
  assert.deepEqual(problems(fields), []);
  const said = new Map(fields.map(({ name, text, inside }) => [name, inside?.map((one) => one.text) ?? text]));
  assert.equal(said.get("identification"), "manufacturer ISk, baud rate 5, MT382-1000");
  assert.equal(said.get("0-0:1.0.0"), "2010-12-09 11:30:20, winter time");
  assert.equal(said.get("0-0:96.1.1"), '"K8EG004046395507" (4B384547303034303436333935353037)');
  assert.equal(said.get("1-0:1.8.1"), "123456.789 kWh");
  assert.equal(said.get("0-0:96.14.0"), "0002");
  assert.equal(said.get("1-0:61.7.0"), "03.333 kW");
  assert.deepEqual(said.get("0-1:24.2.1"), ["2010-12-09 11:25:00, winter time", "12785.123 m3"]);
  assert.deepEqual(said.get("1-0:99.97.0"), [
    "2",
    "0-0:96.7.19",
    "2010-12-08 15:24:15, winter time",
    "0000000240 s",
    "2010-12-08 15:10:04, winter time",
    "0000000301 s",
  ]);
  assert.equal(said.get("CRC-16"), "right");
});

test("a telegram that was changed, or has lost its carriage returns, says so", () => {
  const changed = decode(textBytes(dsmr.replace("01.193", "01.194")));
  assert.match(problems(changed).join(), /^CRC-16: wrong: expected [0-9A-F]{4}, found E47C$/);
  const unix = decode(textBytes(dsmr.replaceAll("\r\n", "\n")));
  assert.deepEqual(problems(unix), []);
  assert.equal(
    unix.find(({ name }) => name === "CRC-16")?.text,
    "right with CR LF at the ends of lines, which this text has lost",
  );
  const old = decode(
    textBytes(
      "/KMP5 KA6U001585575011\r\n\r\n0-1:24.3.0(121030140000)(00)(60)(1)(0-1:24.2.1)(m3)\r\n(00024.123)\r\n!\r\n",
    ),
  );
  assert.deepEqual(problems(old), []);
  assert.equal(old.find(({ name }) => name === "more of 0-1:24.3.0")?.text, "00024.123");
  assert.equal(old.find(({ name }) => name === "check")?.text, "there is none");
});

test("a data readout has a block check", () => {
  // 02 31 28 32 29 0D 0A 21 0D 0A 03: exclusive or of all behind STX, on paper: 31^28^32^29 = 02; 0D 0A twice are none; 21^03 = 22; 02^22 = 20.
  const fields = decode(bytes("2F414243354D0D0A 02 31283229 0D0A 21 0D0A 03 20"));
  assert.deepEqual(problems(fields), []);
  assert.equal(fields.find(({ name }) => name === "block check")?.text, "right");
  assert.deepEqual(problems(decode(bytes("2F414243354D0D0A 02 31283229 0D0A 21 0D0A 03 21"))), [
    "block check: wrong: expected 0020, found 0021",
  ]);
});

test("a text that is no telegram is told where it stops to be one", () => {
  assert.deepEqual(problems(decode(textBytes("/ISk5\\2MT\r\n1-0:1.8.1(5"))), [
    'not understood: expected an address with values in parentheses, found "1-0:1.8.1(5"',
  ]);
  assert.deepEqual(problems(decode(textBytes("/ISk5\\2MT\r\n1-0:1.8.1(5)\r\n"))), [
    'not understood: expected "!" at the end',
  ]);
});

function entries(hex: string): readonly (string | undefined)[] {
  return all(decode(bytes(hex))).flatMap(({ name, inside }) =>
    name === "values" ? (inside ?? []).slice(1).map(({ text }) => text) : [],
  );
}

test("SML of an EasyMeter says what the other reader has in its tests", () => {
  const fields = decode(bytes(easymeter));
  assertTiles(fields, easymeter.length / 2);
  assert.deepEqual(problems(fields), []);
  // 86038387975 with scaler -4, 134 with 1, 10952 with -2 and unit W, 384 without a unit.
  const said = entries(easymeter);
  assert.equal(said.length, 9);
  assert.equal(said[0], '129-129:199.130.3*255 = 455359 ("ESY")');
  assert.equal(said[1], "1-0:1.8.0*255 = 8603838.7975 Wh");
  assert.equal(said[6], "1-0:2.8.2*255 = 1340 Wh");
  assert.equal(said[7], "1-0:1.7.0*255 = 109.52 W");
  assert.equal(said[8], "1-0:96.5.5*255 = 384");
});

test("SML of an EBZ meter says what its public analysis does", () => {
  assert.deepEqual(entries(ebz).slice(2), [
    "1-0:1.8.0*255 = 450091.89911 Wh",
    "1-0:1.8.1*255 = 449074.89911 Wh",
    "1-0:1.8.2*255 = 1017.00000 Wh",
    "1-0:2.8.0*255 = 2198.00000 Wh",
    "1-0:16.7.0*255 = 352.89 W",
    "1-0:36.7.0*255 = 82.26 W",
    "1-0:56.7.0*255 = 27.06 W",
    "1-0:76.7.0*255 = 243.57 W",
  ]);
  const fields = decode(bytes(ebz));
  assertTiles(fields, ebz.length / 2);
  assert.deepEqual(
    problems(fields).map((one) => one?.replace(/expected \d+, /, "")),
    ["check: wrong: found 26743", "check: wrong: found 33026"],
  );
});

test("several telegrams of SML, and what stands between them, are told apart", () => {
  const fields = decode(bytes(`FF00${iskra}00${easymeter}`));
  assert.deepEqual(
    fields.map(({ name, length }) => [name, length]),
    [
      ["between telegrams", 2],
      ["telegram", 232],
      ["between telegrams", 1],
      ["telegram", 308],
    ],
  );
  assert.deepEqual(problems(fields), []);
  assert.ok(all(fields).some(({ name, text }) => name === "message" && text === "PublicClose.Res"));
  assert.deepEqual(entries(iskra).slice(2), [
    "1-0:1.8.0*255 = 79139.3 Wh",
    "1-0:2.8.0*255 = 0.0 Wh",
    "1-0:16.7.0*255 = 2144 W",
  ]);
});

test("runs that are doubled in transport are single in what is carried", () => {
  // Transport as another reader tests it: 12, a run of 1B doubled, three zeros that fill, and the check. What is carried is no message.
  const fields = decode(bytes("1b1b1b1b 01010101 12 1b1b1b1b 1b1b1b1b 000000 1b1b1b1b 1a03be25"));
  assert.equal(
    all(fields).find(({ name }) => name === "messages as they were")?.text,
    "8 bytes, counted from 0 again; runs are single again",
  );
  assert.ok(all(fields).some(({ name, text }) => name === "check" && text === "right"));
  assert.deepEqual(problems(fields), ["not understood: expected a message, 76, found 12"]);
});

test("a ciphered text of a Smarty says what its public capture does, and its tag is right", () => {
  const keys = { encryption: bytes(smarty.encryption), authentication: bytes(smarty.authentication) };
  const wire = bytes(smarty.wire);
  const { protocol, fields } = new Decoder({ keys }).decode(wire);
  assert.equal(protocol, "dlms");
  assertTiles(fields, wire.length);
  assert.deepEqual(problems(fields), []);
  const said = new Map(all(fields).map(({ name, text }) => [name, text]));
  assert.match(said.get("plain text") ?? "", /the tag is right$/);
  assert.equal(said.get("0-0:1.0.0"), "2018-01-30 10:21:22, winter time");
  assert.equal(said.get("0-0:42.0.0"), "53414731303330373030313134303034");
  assert.equal(said.get("1-0:1.8.0"), "000006.695 kWh");
  assert.equal(said.get("1-0:2.8.0"), "000000.025 kWh");
  assert.equal(said.get("CRC-16"), "right");
});

test("a push in two frames of M-Bus is put together, and read with its operator's key", () => {
  const decoder = new Decoder({ keys: { encryption: bytes(austrian.encryption) } });
  const wire = bytes(austrian.wire);
  // Each frame in a message of its own, as a log has it: 250 bytes and six around them.
  const parts = [wire.subarray(0, 256), wire.subarray(256)].map((part) => [part, decoder.decode(part).fields] as const);
  for (const [part, fields] of parts) assertTiles(fields, part.length);
  const fields = parts.flatMap(([, found]) => found);
  assert.deepEqual(problems(fields), []);
  const body = all(fields).find(({ name }) => name === "body")?.inside ?? [];
  const members = body.slice(1).map(({ text }) => text);
  assert.equal(members.length, 35);
  assert.match(members[0] ?? "", /\(2021-09-27 09:47:15\.00, Monday, UTC = local time - 120 min, status 80\)$/);
  assert.deepEqual(members.slice(1, 4), [
    "octet-string 0100010800FF (1.0.1.8.0.255)",
    "double-long-unsigned 12937",
    "structure of 2 (10^0 Wh: 12937 Wh)",
  ]);
  assert.deepEqual(members.slice(13, 16), [
    "octet-string 0100200700FF (1.0.32.7.0.255)",
    "long-unsigned 2337",
    "structure of 2 (10^-1 V: 233.7 V)",
  ]);
  assert.equal(members[34], 'octet-string 313831323230303030303039 ("181220000009")');
  const changed = wire.slice();
  changed[100]! ^= 1;
  assert.match(problems(new Decoder().decode(changed).fields).join(), /^sum: wrong: expected [0-9A-F]{2}, found 17$/);
});

const layers: [what: string, samples: readonly Uint8Array[]][] = [
  [
    "P1 texts",
    [textBytes(dsmr), textBytes(dsmr.slice(0, 200)), bytes("2F414243354D0D0A 02 31283229 0D0A 21 0D0A 03 20")],
  ],
  [
    "SML",
    [
      bytes(easymeter),
      bytes(iskra),
      bytes(ebz),
      bytes("1b1b1b1b 01010101 12 1b1b1b1b 1b1b1b1b 000000 1b1b1b1b 1a03be25"),
    ],
  ],
];
for (const [what, samples] of layers) {
  test(`mutated ${what} are told of as well as they can be`, () => {
    const random = numbers(14);
    let wrong = 0;
    const runs = share(2000, 20_000, 100_000);
    for (let run = 0; run < runs; run++) {
      const message = mutated(samples, random);
      const fields = decode(message);
      if (fields.some(hasProblem)) wrong++;
      for (const { at, length, name, bytes: own = message } of fields)
        assert.ok(at >= 0 && at + length <= own.length, `${name}: ${Buffer.from(message).toString("hex")}`);
    }
    assert.ok(wrong > runs / 4, `${wrong} of ${runs}`);
  });
}

test("a megabyte of lists in lists, and of lists without end, ends", () => {
  const opening = "1B1B1B1B01010101";
  const ending = "1B1B1B1B1A000000";
  for (const inside of [
    "72".repeat(2 ** 18),
    `76${"F".repeat(2)}${"0F".repeat(20)}`,
    "76 0501188E61 6200 6200 72 6500000701 FF8F0F 01",
  ])
    assert.ok(decode(bytes(opening + inside + ending)).some(hasProblem));
});
