/** SNMP on the wire: what net-snmp sent, keys of RFC 3414 and ciphers of NIST, and whatever else can be said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cipherCfb, decipherCfb, mac } from "#io/ciphers.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import {
  AUTHENTIC,
  COMMUNITY,
  frames,
  framesOf,
  fromHex,
  textBytes,
  textOf,
  toHex,
  userNamed,
} from "./snmp-exchanges.ts";
import {
  integer,
  objectIdentifier,
  readInteger,
  readOid,
  readValue,
  valueBytes,
  type Value,
} from "#protocol/snmp/ber.ts";
import { communityBytes, readMessage, readScopedPdu, scopedBytes, userBytes } from "#protocol/snmp/message.ts";
import { compareOids, impliedIndex, oidOf, oidText } from "#protocol/snmp/oid.ts";
import type { Pdu } from "#protocol/snmp/pdu.ts";
import { decrypted, isAuthentic, protectedBytes, Salts } from "#protocol/snmp/protection.ts";
import { localised, passphraseKey } from "#protocol/snmp/usm-keys.ts";

const pduOf = (bytes: Uint8Array): Pdu => {
  const message = readMessage(bytes);
  assert.ok(message.version === "v2c");
  return message.pdu;
};
const said = ({ kind, variables }: Pdu): unknown => [
  kind,
  ...variables.map(({ name, value }) => [
    oidText(name),
    value.kind,
    ...("value" in value
      ? [value.kind === "octets" ? textOf(value.value) : value.kind === "oid" ? oidText(value.value) : value.value]
      : []),
  ]),
];

test("what net-snmp asks and answers over SNMPv2c", () => {
  const [asked, answered] = framesOf("v2c get ").map(({ bytes }) => pduOf(bytes));
  assert.deepEqual(said(asked!), [
    "get",
    ["1.3.6.1.2.1.1.5.0", "null"],
    ["1.3.6.1.2.1.1.3.0", "null"],
    ["1.3.6.1.2.1.99.1", "null"],
  ]);
  assert.deepEqual(said(answered!), [
    "response",
    ["1.3.6.1.2.1.1.5.0", "octets", "vector"],
    ["1.3.6.1.2.1.1.3.0", "timeTicks", 301],
    ["1.3.6.1.2.1.99.1", "noSuchObject"],
  ]);
  assert.equal(asked?.requestId, 0x4963ac62);
  const [bulk] = framesOf("v2c bulk").map(({ bytes }) => pduOf(bytes));
  assert.deepEqual([bulk?.kind, bulk?.errorStatus, bulk?.errorIndex], ["getBulk", 1, 4]);
  const [, refused] = framesOf("v2c set").map(({ bytes }) => pduOf(bytes));
  assert.deepEqual([refused?.kind, refused?.errorStatus, refused?.errorIndex], ["response", 6, 1]);
  const [trap] = framesOf("v2c trap").map(({ bytes }) => pduOf(bytes));
  assert.deepEqual(said(trap!), [
    "trap",
    ["1.3.6.1.2.1.1.3.0", "timeTicks", 4211],
    ["1.3.6.1.6.3.1.1.4.1.0", "oid", "1.3.6.1.6.3.1.1.5.1"],
  ]);
});

test("every frame of net-snmp is written again as it was", () => {
  let ciphered = 0;
  for (const { title, bytes } of frames) {
    const message = readMessage(bytes);
    assert.notEqual(message.version, "other");
    if (message.version === "v2c")
      assert.equal(toHex(communityBytes(message.community, message.pdu)), toHex(bytes), title);
    if (message.version !== "v3") continue;
    const { security } = message;
    assert.ok(security !== undefined);
    const again = userBytes({ ...message, security });
    assert.equal(toHex(again.bytes), toHex(bytes), title);
    assert.equal(again.authenticationAt, message.authenticationAt, title);
    const name = textOf(security.user);
    const user = name === "bob" ? userNamed(name, "sha") : userNamed(name);
    const keys = user.keysAt(security.engineId)!;
    if ((message.flags & 1) === 0) continue;
    // The client of eve knows what she says.
    assert.ok(isAuthentic(bytes, message, user, keys), title);
    assert.ok(
      !isAuthentic(
        bytes,
        message,
        user,
        userNamed(name, user.settings.authentication, { authentic: "another passphrase" }).keysAt(security.engineId)!,
      ),
    );
    const plain = "scoped" in message.data ? message.data.scoped : decrypted(message.data.encrypted, security, keys)!;
    if ("encrypted" in message.data) ciphered++;
    assert.equal(toHex(scopedBytes(readScopedPdu(plain))), toHex(plain), title);
  }
  assert.equal(ciphered, 7);
  const [, , , answer] = framesOf("v3 ann authPriv get").map(({ bytes }) => bytes);
  const message = readMessage(answer!);
  assert.ok(message.version === "v3" && message.security !== undefined && "encrypted" in message.data);
  const plain = decrypted(
    message.data.encrypted,
    message.security,
    userNamed("ann").keysAt(message.security.engineId)!,
  )!;
  assert.deepEqual(said(readScopedPdu(plain).pdu), ["response", ["1.3.6.1.2.1.1.5.0", "octets", "vector"]]);
});

test("a passphrase becomes a key (RFC 3414, A.3.2)", () => {
  const key = passphraseKey("sha1", textBytes("maplesyrup"));
  assert.equal(toHex(key), "9fb5cc0381497b3793528939ff788d5d79145211");
  assert.equal(
    toHex(localised("sha1", key, fromHex("000000000000000000000002"))),
    "6695febc9288e36282235fc7151f128497b38f3f",
  );
  // A.3.1, of MD5, which is not offered.
  assert.equal(toHex(passphraseKey("md5", textBytes("maplesyrup"))), "9faf3283884e92834ebc9847d8edd963");
});

test("HMAC of RFC 4231, 4.2, and AES-128 in cipher feedback of NIST SP 800-38A, F.3.13", () => {
  const key = new Uint8Array(20).fill(0x0b);
  for (const [hash, expected] of [
    ["sha224", "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"],
    ["sha256", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    ["sha384", "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"],
    [
      "sha512",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ],
  ] as const)
    assert.equal(toHex(mac(hash, key, textBytes("Hi There"))), expected);
  const aes = fromHex("2b7e151628aed2a6abf7158809cf4f3c");
  const iv = fromHex("000102030405060708090a0b0c0d0e0f");
  const plain = fromHex("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51");
  const encrypted = "3b3fd92eb72dad20333449f8e83cfb4a" + "c8a64537a0b3a93fcde3cdad9f1ce58b";
  assert.equal(toHex(cipherCfb(plain, aes, iv)), encrypted);
  assert.equal(toHex(decipherCfb(fromHex(encrypted), aes, iv)), toHex(plain));
});

test("object identifiers and numbers as X.690 has them (8.3, 8.19)", () => {
  // 8.19.5 has {joint-iso-ccitt 100 3}.
  assert.equal(toHex(objectIdentifier([2, 100, 3])), "0603813403");
  assert.deepEqual(readOid(new Reader(fromHex("0603813403"))), [2, 100, 3]);
  assert.equal(toHex(objectIdentifier(oidOf("1.3.6.1.4.1.4294967295"))), "060a2b060104018fffffff7f");
  for (const [value, bytes] of [
    [0, "020100"],
    [127, "02017f"],
    [128, "02020080"],
    [-128, "020180"],
    [-129, "0202ff7f"],
    [2 ** 31 - 1, "02047fffffff"],
    [-(2 ** 31), "020480000000"],
  ] as const) {
    assert.equal(toHex(integer(value)), bytes);
    assert.equal(readInteger(new Reader(fromHex(bytes))), value);
  }
  // More bytes than it needs are taken.
  assert.equal(readInteger(new Reader(fromHex("0206000000000102"))), 258);
  assert.throws(() => readInteger(new Reader(fromHex("02050100000000"))), WireError);
  assert.throws(() => readOid(new Reader(fromHex("0600"))), WireError);
  assert.throws(() => readOid(new Reader(fromHex("06062b9080808000"))), WireError);
  assert.throws(() => readOid(new Reader(fromHex(`0681812b${"01".repeat(128)}`))), WireError);
  assert.equal(oidText([1, 3, ...impliedIndex("V.a")]), "1.3.86.46.97");
  assert.ok(compareOids([1, 3], [1, 3, 0]) < 0 && compareOids([1, 4], [1, 3, 9]) > 0);
});

const oid = fc
  .tuple(fc.nat(1), fc.nat(39), fc.array(fc.nat(0xffff_ffff), { maxLength: 60 }))
  .map(([first, second, rest]) => [first, second, ...rest]);
const octetsOf = fc.uint8Array({ maxLength: 300 });
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.record({ kind: fc.constant("integer" as const), value: fc.integer() }),
  fc.record({ kind: fc.constantFrom("octets" as const, "opaque" as const), value: octetsOf }),
  fc.record({ kind: fc.constant("address" as const), value: fc.uint8Array({ minLength: 4, maxLength: 4 }) }),
  fc.record({ kind: fc.constant("oid" as const), value: oid }),
  fc.record({
    kind: fc.constantFrom("counter32" as const, "gauge32" as const, "timeTicks" as const),
    value: fc.nat(0xffff_ffff),
  }),
  fc.record({ kind: fc.constant("counter64" as const), value: fc.bigInt(0n, 2n ** 64n - 1n) }),
  fc.record({
    kind: fc.constantFrom("null" as const, "noSuchObject" as const, "noSuchInstance" as const, "endOfMibView" as const),
  }),
);
const anyPdu: fc.Arbitrary<Pdu> = fc.record({
  kind: fc.constantFrom(
    "get" as const,
    "getNext" as const,
    "getBulk" as const,
    "set" as const,
    "response" as const,
    "inform" as const,
    "trap" as const,
    "report" as const,
  ),
  requestId: fc.integer(),
  errorStatus: fc.nat(),
  errorIndex: fc.nat(),
  variables: fc.array(fc.record({ name: oid, value: anyValue }), { maxLength: 8 }),
});
const plainOf = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? `${one}n` : one)));

test("whatever can be said is read as it was written", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const reader = new Reader(valueBytes(value));
      assert.deepEqual(plainOf(readValue(reader)), plainOf(value));
      assert.equal(reader.left, 0);
    }),
    { numRuns: 3000, seed: 11 },
  );
  const salts = new Salts();
  const user = userNamed("ann");
  fc.assert(
    fc.property(anyPdu, fc.nat(), fc.nat(), (pdu, boots, time) => {
      const v2c = readMessage(communityBytes(COMMUNITY, pdu));
      assert.ok(v2c.version === "v2c");
      assert.deepEqual(plainOf(v2c.pdu), plainOf(pdu));
      const engineId = fromHex("80007ed9046162");
      const keys = user.keysAt(engineId)!;
      const scoped = scopedBytes({ contextEngineId: engineId, contextName: textBytes(""), pdu });
      const bytes = protectedBytes(
        { id: 7, maxSize: 1472, flags: 7, engineId, boots, time, scoped, user, keys },
        salts,
      );
      const v3 = readMessage(bytes);
      assert.ok(v3.version === "v3" && v3.security !== undefined && "encrypted" in v3.data);
      assert.ok(isAuthentic(bytes, v3, user, keys));
      assert.equal(toHex(decrypted(v3.data.encrypted, v3.security, keys)!), toHex(scoped));
    }),
    { numRuns: 500, seed: 12 },
  );
});

test("a bit that has changed on the way is no message of the user's", () => {
  const [, , asked] = framesOf("v3 ann authPriv get").map(({ bytes }) => bytes);
  const user = userNamed("ann");
  for (let bit = 0; bit < 8 * asked!.length; bit++) {
    const bytes = Uint8Array.from(asked!);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const message = readMessage(bytes);
      if (message.version !== "v3" || message.security === undefined) continue;
      const keys = user.keysAt(message.security.engineId)!;
      assert.ok(!isAuthentic(bytes, message, user, keys), `bit ${bit}`);
    } catch (error) {
      assert.ok(error instanceof WireError, String(error));
    }
  }
});

test("a passphrase of less than eight characters is none, and another one makes another key", () => {
  const engineId = fromHex("80007ed9046162");
  assert.equal(userNamed("ann", "sha", { authentic: "seven77" }).keysAt(engineId), undefined);
  assert.equal(userNamed("ann", "sha", { secret: "seven77" }).keysAt(engineId), undefined);
  const first = userNamed("ann", "sha").keysAt(engineId)!;
  const other = userNamed("ann", "sha", { authentic: `${AUTHENTIC}!` }).keysAt(engineId)!;
  assert.notEqual(toHex(first.authentication), toHex(other.authentication));
  assert.equal(toHex(first.privacy!), toHex(other.privacy!));
});
