/** What may be a secret is not shown: passwords that protocols carry are looked for in all that is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, type Protocol } from "./decoder.ts";
import { bytesOfHex } from "./hex-text.ts";
import { messageLine } from "./message-line.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** "sesame99". */
const SECRET = "736573616d653939";

interface Seen {
  readonly line: string;
  readonly fields: string;
  readonly bytes: string;
}

function seen(protocol: Protocol, wire: string, toMeter = true, decoder = new Decoder()): Seen {
  const bytes = bytesOfHex(wire) ?? new Uint8Array(0);
  const way = toMeter ? "request" : "answer";
  const { fields } = decoder.decode(bytes, protocol, { way });
  const covered = withoutSecrets(protocol, fields, toMeter);
  const shown = bytes.slice();
  for (const [from, to] of covered.spans) shown.fill(0, from, to);
  const words = JSON.stringify(covered.fields, (_key, value: unknown) =>
    value instanceof Uint8Array ? value.toHex() : value,
  );
  return { line: messageLine(protocol, covered.fields, 500), fields: words, bytes: shown.toHex() };
}

function assertHidden({ line, fields, bytes }: Seen, why: string): void {
  for (const text of [line, fields, bytes]) {
    const plain = text.toLowerCase();
    assert.ok(!plain.includes(SECRET) && !plain.includes("sesame"), `${why}: ${text}`);
  }
  assert.match(fields, /"isHidden":true/, why);
}

/** Messages with a password in them, as the standards have their places. */
const secrets: readonly (readonly [what: string, protocol: Protocol, wire: string])[] = [
  ["a password in registers of Modbus", "modbus", `0001 0000 000f 01 10 0100 0004 08 ${SECRET}`],
  ["one that a write and read writes", "modbus", `0001 0000 0013 01 17 0000 0001 0100 0004 08 ${SECRET}`],
  ["one in a function of a maker's own", "modbus", `0001 0000 000a 01 64 ${SECRET}`],
  ["one on a serial line whose check is wrong", "modbus", `01 10 0100 0004 08 ${SECRET} 0000`],
  [
    "of an association of DLMS, low level (Green Book, 11.2)",
    "dlms",
    `0001 0011 0001 0038 6036a1090607608574050801018a0207808b0760857405080201ac0a8008${SECRET}be10040e01000000065f1f0400001e1dffff`,
  ],
  ["what a set writes", "dlms", `c101c1000f0000280000ff07000908${SECRET}`],
  ["a block of what a set writes", "dlms", `c102c1000f0000280000ff0700 01 00000001 08 ${SECRET}`],
  ["what a method is told", "dlms", `c301c1000f0000280000ff01010908${SECRET}`],
  ["a block of a general transfer", "dlms", `e0 80 0001 0000 08 ${SECRET}`],
  // Object 70, variation 2 (IEEE 1815, A.25.2): offsets and lengths of name and password, then both.
  ["a password for a file of DNP3", "dnp3", `c0 1d 46 02 5b 01 1600 0c00 0000 0c00 0800 00000000 ${SECRET}00 00`],
  [
    "an association of MMS (X.227)",
    "mms",
    `0300002b 02f080 01000100 611e 301c 020101 a017 6015 8a020580 8b03520301 ac0a8008 ${SECRET}`,
  ],
  [
    "a community of SNMP",
    "snmp",
    `302702010104 08 ${SECRET} a018 020101 020100 020100 300d 300b 06072b060102010101 0500`,
  ],
  ["a message that is cut", "snmp", `302702010104 08 ${SECRET}`],
];
for (const [what, protocol, wire] of secrets)
  test(`hidden is ${what}`, () => {
    const message = wire.replaceAll(" ", "");
    assert.ok(message.includes(SECRET));
    const decoder = new Decoder();
    const { fields } = decoder.decode(bytesOfHex(message) ?? new Uint8Array(0), protocol, { way: "request" });
    // The words of all fields have it, or its bytes: otherwise there would be nothing to hide.
    assert.ok(fields.length > 0);
    assertHidden(seen(protocol, message), what);
  });

test("the access key of IEC 60870-5-102 is hidden, too", () => {
  // Type 183, C_SS: REE's protocol, 32 bits, the lowest octet first.
  const asdu = "b7 01 06 0100 00 78563412".replaceAll(" ", "");
  const body = `530100${asdu}`;
  const check = [...(bytesOfHex(body) ?? [])].reduce((sum, octet) => (sum + octet) & 0xff, 0);
  const length = (body.length / 2).toString(16).padStart(2, "0");
  const { fields, bytes } = seen("iec102", `68${length}${length}68${body}${check.toString(16).padStart(2, "0")}16`);
  assert.ok(!bytes.includes("78563412"), bytes);
  assert.ok(!fields.includes("305419896"), fields);
  assert.match(fields, /"name":"key","text":"hidden"/);
});

test("what a meter says of its readings is not hidden, and neither is what asks for them", () => {
  const messages: readonly (readonly [Protocol, string, boolean])[] = [
    ["modbus", "0001 0000 0006 01 03 006b 0003", true],
    ["modbus", "0001 0000 0009 01 03 06 022b 0000 0064", false],
    ["dlms", "c001c100080000010000ff0200", true],
    ["dlms", "c401c10009080011223344556677", false],
    ["dnp3", "05640bc40100640044eac0c0013c020654e0", true],
    ["mms", "a10e02010ea409a10787050842cbed57", false],
  ];
  for (const [protocol, wire, toMeter] of messages) {
    const { fields, bytes } = seen(protocol, wire, toMeter);
    assert.doesNotMatch(fields, /isHidden/, `${protocol} ${wire}`);
    assert.equal(bytes, wire.replaceAll(" ", ""));
  }
});

test("of a protocol that nobody can read everything is hidden", () => {
  const covered = withoutSecrets(undefined, [{ at: 0, length: 8, name: "message", text: "sesame99" }], true);
  assert.deepEqual(covered.spans, [[0, 8]]);
  assert.doesNotMatch(JSON.stringify(covered), /sesame/);
});
