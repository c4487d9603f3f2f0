/** What decoding says of DLMS/COSEM messages: of captured exchanges every byte, of damaged ones what can be said, of all in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { anyAcse, xdlmsOfEveryKind } from "#protocol/dlms/apdu/apdu-fixture.ts";
import { hasProblem, type Annotated } from "#headend/decode/annotated.ts";
import { DlmsApdus } from "#headend/decode/dlms-apdus.ts";
import { DlmsMessages } from "#headend/decode/dlms-frames.ts";
import { buildCiphered, fieldBytes } from "#protocol/dlms/security/ciphered-apdu.ts";
import { cipher } from "#protocol/dlms/security/ciphering.ts";
import { captured, captureFiles } from "./dlms-captures.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
/** Of all captures: test/fixtures/dlms/README.md. */
const keys = {
  encryption: bytes("000102030405060708090A0B0C0D0E0F"),
  authentication: bytes("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
};

/** Fields with nothing in them, in the bytes of the message. */
function leaves(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => (field.bytes ? [] : field.inside ? leaves(field.inside) : [field]));
}

/** What was put together from the bytes of messages: plain texts, values of blocks, APDUs of segments. */
function aparts(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [...(field.bytes ? [field] : []), ...aparts(field.inside ?? [])]);
}

/** Every byte is in one field, and the fields are in order. */
function assertTiles(fields: readonly Annotated[], length: number, what: string): void {
  let at = 0;
  for (const leaf of leaves(fields)) {
    if (leaf.length === 0) continue;
    assert.equal(leaf.at, at, `${what}: ${leaf.name}`);
    at += leaf.length;
  }
  assert.equal(at, length, what);
}

function textsOf(fields: readonly Annotated[], name: string): readonly string[] {
  return fields.flatMap((field) => [
    ...(field.name === name && field.text !== undefined ? [field.text] : []),
    ...textsOf(field.inside ?? [], name),
  ]);
}

/** What servers write otherwise than the standard has it. */
const errata: ReadonlySet<string> = new Set(["length", "returns"]);

function problems(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((field) => [...(field.isProblem ? [field] : []), ...problems(field.inside ?? [])]);
}

test("every byte of the captured exchanges has a meaning, every tag is right and every check", () => {
  let deciphered = 0;
  for (const file of captureFiles) {
    const messages = new DlmsMessages({ keys });
    for (const one of captured(file)) {
      const fields = messages.annotate(one.bytes);
      const where = `${file}:${one.line}`;
      assertTiles(fields, one.bytes.length, where);
      for (const { name, text } of problems(fields)) assert.ok(errata.has(name), `${where}: ${name}: ${text}`);
      for (const { name, inside = [], bytes: own, text = "" } of aparts(fields)) {
        assertTiles(inside, own?.length ?? 0, `${where}: ${name}`);
        if (name !== "plain text") continue;
        deciphered++;
        assert.match(text, /the tag is right$/, where);
      }
    }
  }
  assert.ok(deciphered > 100, `${deciphered} texts`);
});

test("a value in blocks and an APDU in segments are put together", () => {
  const messages = new DlmsMessages();
  const all = captured("gxpy_pdu125_14090pdu125.txt").flatMap((one) => messages.annotate(one.bytes));
  const [whole] = aparts(all);
  assert.equal(whole?.name, "value of 2 blocks");
  // 115 bytes and 51, by the lengths that stand before them: 73 and 33 in hex.
  assert.equal(whole?.length, 0x73 + 0x33);
  assert.equal(whole?.inside?.[0]?.text, "array of 4");
  assert.deepEqual(
    textsOf(whole?.inside ?? [], "6"),
    [0, 1, 2, 3].map((k) => `float32 ${3 + k / 4}`),
  );
});

test("blocks that answer for a list are put together to a result each, and to one value otherwise", () => {
  const one = "0001 0000600100FF 02 00";
  const two = "0003 0100010800FF 02 00";
  const said = (...wires: readonly string[]): Annotated | undefined => {
    const messages = new DlmsMessages();
    return aparts(wires.flatMap((wire) => messages.annotate(bytes(wire.replaceAll(" ", "")))))[0];
  };
  // An octet string AA and an unsigned 5, and between the blocks the question for the second.
  const results = said(
    `C0 03 C1 02 ${one} ${two}`,
    "C4 02 C1 00 00000001 00 04 02000901",
    "C0 02 C1 00000001",
    "C4 02 C1 01 00000002 00 04 AA001105",
  );
  assert.deepEqual(problems(results?.inside ?? []), []);
  assert.deepEqual(textsOf(results?.inside ?? [], "data"), ["octet-string AA", "unsigned 5"]);
  const value = said(`C0 01 C1 ${one}`, "C4 02 C1 00 00000001 00 02 0902", "C4 02 C1 01 00000002 00 02 AABB");
  assert.deepEqual(textsOf(value?.inside ?? [], "data"), ["octet-string AABB"]);
});

test("general blocks are put together to the APDU that they cut, and a block that is missing is not made up", () => {
  // A push of a null, 0F 00000001 00 00, in two blocks.
  const said = (...wires: readonly string[]): readonly Annotated[] => {
    const apdus = new DlmsApdus();
    return aparts(wires.flatMap((wire) => apdus.annotate(bytes(wire))));
  };
  const [whole] = said("E0 00 0001 0000 03 0F0000", "E0 80 0002 0000 04 00010000");
  assert.equal(whole?.name, "APDU of 2 blocks");
  assert.deepEqual(textsOf(whole?.inside ?? [], "body"), ["null-data"]);
  assert.deepEqual(said("E0 00 0001 0000 03 0F0000", "E0 80 0003 0000 04 00010000"), []);
  assert.equal(said("E0 00 0001 0000 03 0F0000", "E0 00 0001 0000 03 0F0000", "E0 80 0002 0000 04 00010000").length, 1);
});

test("a frame with a wrong check, noise between frames and a flag that two share are told apart", () => {
  const rr = "A00703217113C5";
  const fields = new DlmsMessages().annotate(bytes(`0000 7E ${rr} 7E ${rr} 7E FF 7E A00703217113C6 7E`));
  assert.deepEqual(
    fields.map(({ name }) => name),
    ["between frames", "frame", "frame", "between frames", "frame"],
  );
  assertTiles(fields, 29, "frames");
  assert.deepEqual(
    problems(fields).map(({ at, text }) => [at, text]),
    [[26, "wrong: expected 13C5, found 13C6"]],
  );
});

const sayings: [what: string, wire: string, name: string, text: string][] = [
  ["a value", "C401C100060012D687", "data", "double-long-unsigned 1234567"],
  ["scaler and unit", "C401C10002020FFD161B", "data", "structure of 2 (10^-3 W)"],
  [
    "a date and time",
    "C401C100090C07E902130315140000FFC480",
    "data",
    "octet-string 07E902130315140000FFC480 (2025-02-19 21:20:00.00, Wednesday, UTC = local time - 60 min, status 80)",
  ],
  [
    "what is not said of it",
    "C401C1001907E90213FF15FFFFFF8000FF",
    "data",
    "date-time 07E90213FF15FFFFFF8000FF (2025-02-19 21:??:??, deviation unspecified, status unspecified)",
  ],
  [
    "a logical name",
    "C401C1000906010063010 0FF".replace(" ", ""),
    "data",
    "octet-string 0100630100FF (1.0.99.1.0.255)",
  ],
  ["text in octets", "C401C10009034A454D", "data", 'octet-string 4A454D ("JEM")'],
  ["a class and its attribute", "C001C100030100010700FF0200", "attribute", "2, value"],
  ["a denied attribute", "C401C10103", "data-access-result", "read-write-denied"],
  ["an exception", "D80102", "service-error", "2, service-not-supported"],
  ["why nothing was initiated", "0E010603", "error", "3, pdu-size-too-short"],
  [
    "why nobody was associated",
    "6117A109060760857405080101A203020101A305A10302010D",
    "diagnostic",
    "13, authentication-failure",
  ],
  [
    "services of short names",
    "01000000065F1F04001C0320FFFF",
    "conformance",
    "read, write, unconfirmed-write, multiple-references, information-report, parameterized-access",
  ],
];
for (const [what, wire, name, text] of sayings) {
  test(`${what} is said in words`, () => {
    const fields = new DlmsApdus().annotate(bytes(wire));
    assertTiles(fields, wire.length / 2, what);
    assert.deepEqual(textsOf(fields, name), [text]);
    assert.ok(!fields.some(hasProblem));
  });
}

test("without keys a ciphered APDU says what it can, and without one of them that its tag was not looked at", () => {
  // A GET of a register by GMAC, from the facts of the captures.
  const aarq = bytes("601DA109060760857405080103A60A04084A444C0000000007BE040402DEAD");
  const get = bytes("C81E3000000004B62216D62DB6120F0795A4375AFF23ECD6233CFA07DC57EE55");
  const said = (
    settings: ConstructorParameters<typeof DlmsApdus>[0],
    ...before: readonly Uint8Array[]
  ): readonly Annotated[] => {
    const apdus = new DlmsApdus(settings);
    for (const one of before) apdus.annotate(one);
    return apdus.annotate(get);
  };
  assert.deepEqual(textsOf(said({}), "not deciphered"), ["no key for it is known (--key)"]);
  assert.deepEqual(textsOf(said({ keys }), "not deciphered"), [
    "the system title of who sent it is not known (--system-title)",
  ]);
  for (const fields of [said({ keys }, aarq), said({ keys, systemTitle: bytes("4A444C0000000007") })]) {
    assert.deepEqual(textsOf(fields, "plain text"), ["13 bytes, counted from 0 again; the tag is right"]);
    assert.deepEqual(textsOf(fields, "object"), ["1.0.1.7.0.255"]);
  }
  const unchecked = said({ keys: { encryption: keys.encryption } }, aarq);
  assert.deepEqual(textsOf(unchecked, "plain text"), [
    "13 bytes, counted from 0 again; the tag is not checked (--authentication-key)",
  ]);
  assert.deepEqual(textsOf(unchecked, "object"), ["1.0.1.7.0.255"]);
  const wrong = said({ keys: { ...keys, authentication: keys.encryption } }, aarq);
  assert.deepEqual(
    problems(wrong).map(({ text }) => text),
    ["the tag does not fit"],
  );
});

/** On paper by Green Book 9.5; cosempdu 0.4.6 reads them, and writes the same bytes. */
const further: [what: string, wire: string, said: readonly [name: string, text: string][]][] = [
  [
    "a read by a short name",
    "05 01 02 FA08",
    [
      ["APDU", "read-request"],
      ["short name", "FA08"],
    ],
  ],
  [
    "a read by entry",
    "05 01 04 FA08 02 00",
    [
      ["1", "parameterized-access"],
      ["selector", "2, by entry"],
    ],
  ],
  [
    "what was read",
    "0C 02 00 060012D687 01 04",
    [
      ["data", "double-long-unsigned 1234567"],
      ["data-access-result", "object-undefined"],
    ],
  ],
  [
    "a write by a short name",
    "06 01 02 0008 01 1105",
    [
      ["short name", "0008"],
      ["1", "variable-name"],
      ["1", "unsigned 5"],
    ],
  ],
  [
    "what became of it",
    "0D 02 00 01 03",
    [
      ["1", "success"],
      ["2", "data-access-error"],
      ["data-access-result", "read-write-denied"],
    ],
  ],
  [
    "a report",
    "18 00 01 02 0008 01 1105",
    [
      ["APDU", "information-report-request"],
      ["1", "unsigned 5"],
    ],
  ],
  [
    "ACCESS",
    "D9 40000001 00 02 01 0003 0100010700FF 02 03 0003 0100010700FF 01 02 00 0F00",
    [
      ["1", "get"],
      ["2", "action"],
      ["attribute", "2, value"],
      ["method", "1"],
      ["2", "integer 0"],
    ],
  ],
  [
    "its answer",
    "DA 40000001 00 00 02 060012D687 00 02 01 00 03 03",
    [
      ["1", "double-long-unsigned 1234567"],
      ["data-access-result", "success"],
      ["action-result", "read-write-denied"],
    ],
  ],
];
for (const [what, wire, said] of further) {
  test(`${what} is told of`, () => {
    const told = new DlmsApdus().annotate(bytes(wire));
    assertTiles(told, bytes(wire).length, what);
    assert.ok(!told.some(hasProblem));
    for (const [name, text] of said)
      assert.ok(textsOf(told, name).includes(text), `${name}: ${textsOf(told, name).join()}`);
  });
}

test("general-ciphering under an identified key is opened with what is authenticated beside it", () => {
  const protection = { suite: 0, authenticated: true, encrypted: true, broadcast: false, compressed: false } as const;
  const empty = new Uint8Array(0);
  const fields = {
    transaction: bytes("0102030405060708"),
    originator: bytes("4A444C0000000007"),
    recipient: empty,
    dateTime: empty,
    other: empty,
  };
  const get = bytes("C001C100030100010700FF0200");
  const text = cipher(get, { protection, title: fields.originator, counter: 7, keys, besides: fieldBytes(fields) });
  const wire = buildCiphered({
    kind: "general-ciphering",
    fields,
    key: { key: "identified", which: "unicast" },
    bytes: text,
  });
  const told = new DlmsApdus({ keys }).annotate(wire);
  assertTiles(told, wire.length, "general-ciphering");
  assert.deepEqual(textsOf(told, "key"), ["the global unicast key"]);
  assert.deepEqual(textsOf(told, "plain text"), ["13 bytes, counted from 0 again; the tag is right"]);
  assert.deepEqual(textsOf(told, "object"), ["1.0.1.7.0.255"]);
});

test("floats with a length byte are read where that is wished", () => {
  const wire = bytes("C401C100 17 04 3FC00000");
  assert.deepEqual(textsOf(new DlmsApdus({ manner: { lengthened: true } }).annotate(wire), "data"), ["float32 1.5"]);
  assert.ok(new DlmsApdus().annotate(wire).some(hasProblem));
});

test("half a megabyte of text in one octet string is told of", () => {
  const long = new Uint8Array(2 ** 19).fill(0x41);
  const wire = new Uint8Array(Buffer.concat([bytes("C401C100 09 83080000"), long]));
  const text = `octet-string ${"41".repeat(2 ** 19)} ("${"A".repeat(2 ** 19)}")`;
  assert.ok(textsOf(new DlmsApdus().annotate(wire), "data")[0] === text);
});

test("what stops to make sense is shown where it does, and what came before it stays", () => {
  const fields = new DlmsApdus().annotate(bytes("C4014100020306000000010705"));
  assertTiles(fields, 13, "what can be read, and what not");
  assert.deepEqual(
    problems(fields).map(({ at, length, text }) => [at, length, text]),
    [[11, 2, "there is no data type 7"]],
  );
  assert.deepEqual(textsOf(fields, "1"), ["double-long-unsigned 1"]);
});

test("of random APDUs of each kind every byte has a meaning", () => {
  for (const [kind, one] of xdlmsOfEveryKind)
    fc.assert(
      fc.property(one, (apdu) => {
        const wire = encodeXdlms(apdu);
        const fields = new DlmsApdus().annotate(wire);
        assertTiles(fields, wire.length, kind);
        // What general blocks are put together to is nothing here.
        assert.ok(!fields.some((field) => field.bytes === undefined && hasProblem(field)), kind);
      }),
      { numRuns: 40, seed: 14 },
    );
  fc.assert(
    fc.property(anyAcse, (apdu) => {
      const wire = encodeAcse({ ...apdu, information: bytes("01000000065F1F040000FE1DFFFF") });
      const fields = new DlmsApdus().annotate(wire);
      assertTiles(fields, wire.length, apdu.apdu);
      assert.ok(!fields.some(hasProblem), apdu.apdu);
    }),
    { numRuns: 200, seed: 14 },
  );
});

test("mutated messages are told of as well as they can be", () => {
  const samples = [
    ...captureFiles
      .flatMap(captured)
      .map((one) => one.bytes)
      .filter(({ length }) => length < 400),
    ...further.map(([, wire]) => bytes(wire)),
    // General-signing, and general-ciphering under a key that nobody knows.
    bytes("DF 01AA 084A444C0000000007 00 00 00 0D C001C100030100010700FF0200 04 01020304"),
    bytes("DD 00 084A444C0000000007 00 00 00 01 01 00 04 01020304 09 30000000010102030405"),
  ];
  const random = numbers(14);
  let wrong = 0;
  let messages = new DlmsMessages({ keys });
  const runs = share(4000, 20_000, 100_000);
  for (let run = 0; run < runs; run++) {
    if (run % 50 === 0) messages = new DlmsMessages({ keys });
    const wire = mutated(samples, random);
    const fields = messages.annotate(wire);
    const all = leaves(fields);
    for (const { at, length, name } of all)
      assert.ok(at >= 0 && at + length <= wire.length, `${name} of ${Buffer.from(wire).toString("hex")}`);
    if (fields.some(hasProblem)) wrong++;
  }
  assert.ok(wrong > runs / 4 && wrong < runs, `${wrong} of ${runs}`);
});

test("APDUs in APDUs without end are told of until they are too deep", () => {
  const within = (head: (length: number) => string, levels: number): Uint8Array => {
    // From the inside: each is what the next one has in it.
    let wire = Buffer.from("D80102", "hex");
    for (let level = 0; level < levels; level++) wire = Buffer.concat([Buffer.from(head(wire.length), "hex"), wire]);
    return new Uint8Array(wire);
  };
  const length = (value: number): string => `84${value.toString(16).padStart(8, "0")}`;
  const nested: readonly Uint8Array[] = [
    // general-signing, of which the signature is missing; general blocks; user-information.
    within((inside) => `DF0000000000${length(inside)}`, 2000),
    within((inside) => `E080000100 00${length(inside)}`.replace(" ", ""), 2000),
    within((inside) => `60${length(inside + 12)}BE${length(inside + 6)}04${length(inside)}`, 2000),
  ];
  for (const wire of nested) assert.ok(new DlmsApdus().annotate(wire).some(hasProblem));
});

test("a megabyte of structures in structures is told of without end of neither stack nor memory", () => {
  const deep = new Uint8Array(2 ** 20).map((_, k) => (k < 4 ? [0xc4, 1, 0xc1, 0][k]! : k % 2 === 0 ? 2 : 1));
  const fields = new DlmsApdus().annotate(deep);
  assert.deepEqual(
    problems(fields).map(({ text }) => text),
    ["structures more than 32 deep"],
  );
});
