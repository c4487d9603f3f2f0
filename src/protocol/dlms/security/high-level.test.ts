/** High-level security (Green Book 9.2.7.4.4, table 42): digests by Python's hashlib over what the table names, and signatures by their keys. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, isAnswer, makeChallenge, wrongChallenge, type HighLevel, type Proving } from "./high-level.ts";
import { everyKey, hex, keyring } from "./party-fixture.ts";

const stoc = hex("02003D1F21582C5544236D574F3B402C");
const ctos = hex("05BBEAEAB30E781A48819193EC075753");
const secret = new TextEncoder().encode("GuruxSecret");
const clientTitle = hex("4A444C0000000007");
const serverTitle = hex("4752580000000001");

const ofClient = (mechanism: HighLevel): Proving => ({
  mechanism,
  asked: stoc,
  own: ctos,
  title: clientTitle,
  peerTitle: serverTitle,
  secret,
});
const ofServer = (mechanism: HighLevel): Proving => ({
  mechanism,
  asked: ctos,
  own: stoc,
  title: serverTitle,
  peerTitle: clientTitle,
  secret,
});

/** MD5 and SHA-1 of challenge and secret; SHA-256 of secret, titles and challenges. */
const digests: readonly (readonly [mechanism: HighLevel, pass3: string, pass4: string])[] = [
  ["high-md5", "6505a2e47109f776044f044047247b75", "b1b11feac439a88e1f4dbb3dc5c784e8"],
  ["high-sha1", "32552fac47cb63b497a2bfd05a6dac3b0b9a47ac", "7c83bbe4226f0e9039b566e1085cdd45335de6b8"],
  [
    "high-sha256",
    "37120e8ecc84287158d321321673e7339ec285e0bf49faa349b8612db719cf35",
    "bce4e133f555d3d21a6228cb696743fa21707945c395575015938d195ef15b33",
  ],
];
for (const [mechanism, pass3, pass4] of digests) {
  test(`${mechanism}: both answers`, () => {
    assert.deepEqual(answerTo(ofClient(mechanism), undefined), hex(pass3));
    assert.deepEqual(answerTo(ofServer(mechanism), undefined), hex(pass4));
    assert.ok(isAnswer(hex(pass3), ofClient(mechanism), undefined));
    assert.ok(!isAnswer(hex(pass4), ofClient(mechanism), undefined));
    assert.ok(!isAnswer(hex(pass3).subarray(1), ofClient(mechanism), undefined));
  });
  test(`${mechanism}: without a secret nothing is an answer`, () => {
    for (const none of [undefined, new Uint8Array(0)]) {
      const proving = { ...ofClient(mechanism), secret: none };
      assert.equal(answerTo(proving, undefined), undefined);
      assert.ok(!isAnswer(hex(pass3), proving, undefined));
      assert.ok(!isAnswer(new Uint8Array(0), proving, undefined));
    }
  });
}

for (const suite of [1, 2] as const) {
  test(`ECDSA of suite ${suite}: each is known by his key, and by what both asked`, () => {
    const { client, server } = everyKey(suite);
    const pass3 = answerTo(ofClient("high-ecdsa"), client);
    const pass4 = answerTo(ofServer("high-ecdsa"), server);
    assert.ok(pass3 !== undefined && pass4 !== undefined);
    assert.ok(isAnswer(pass3, ofClient("high-ecdsa"), server));
    assert.ok(isAnswer(pass4, ofServer("high-ecdsa"), client));
    assert.ok(!isAnswer(pass4, ofClient("high-ecdsa"), server));
    assert.ok(!isAnswer(pass3, { ...ofClient("high-ecdsa"), own: stoc }, server));
    assert.ok(!isAnswer(pass3, { ...ofClient("high-ecdsa"), title: serverTitle }, server));
    assert.ok(!isAnswer(pass3, ofClient("high-ecdsa"), everyKey(suite).server));
    assert.equal(answerTo({ ...ofClient("high-ecdsa"), title: undefined }, client), undefined);
  });
}

test("ECDSA is none of suite 0, and GMAC of none without both keys and a title", () => {
  assert.equal(answerTo(ofClient("high-ecdsa"), keyring()), undefined);
  assert.equal(answerTo(ofClient("high-gmac"), keyring({ authentication: undefined })), undefined);
  assert.equal(answerTo(ofClient("high-gmac"), keyring({ encryption: undefined })), undefined);
  assert.equal(answerTo({ ...ofClient("high-gmac"), title: undefined }, keyring()), undefined);
  assert.equal(answerTo(ofClient("high-gmac"), undefined), undefined);
  assert.ok(!isAnswer(new Uint8Array(17), ofClient("high-gmac"), undefined));
});

test("GMAC: an answer of another counter, suite or length is none; a right one moves the counter that is kept", () => {
  const server = keyring();
  const pass3 = answerTo(ofClient("high-gmac"), keyring({ next: 500 }));
  assert.ok(pass3 !== undefined);
  for (const wrong of [pass3.with(4, 0), pass3.with(0, 0x11), pass3.with(0, 0x30), pass3.subarray(1)])
    assert.ok(!isAnswer(wrong, ofClient("high-gmac"), server));
  assert.equal(server.received, 0);
  assert.ok(isAnswer(pass3, ofClient("high-gmac"), server));
  assert.equal(server.received, 500);
});

test("challenges are long enough, not too long, fresh, and not what was sent", () => {
  for (const mechanism of ["high-md5", "high-gmac", "high-ecdsa"] as const) {
    const challenge = makeChallenge(mechanism);
    assert.equal(wrongChallenge(mechanism, challenge), undefined);
    assert.notDeepEqual(challenge, makeChallenge(mechanism));
    assert.match(wrongChallenge(mechanism, challenge, challenge) ?? "", /the challenge that was sent/);
  }
  assert.match(wrongChallenge("high-md5", new Uint8Array(7)) ?? "", /7 bytes, where 8 to 64/);
  assert.match(wrongChallenge("high-md5", new Uint8Array(65)) ?? "", /65 bytes, where 8 to 64/);
  assert.match(wrongChallenge("high-ecdsa", new Uint8Array(16)) ?? "", /16 bytes, where 32 to 64/);
});
