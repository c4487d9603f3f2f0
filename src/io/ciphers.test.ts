/** Published vectors: GCM of McGrew and Viega, appendix B (keys of 128 bits), RFC 3394, RFC 1321, FIPS 180-4, RFC 6979, SP 800-56A. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, isSame, openGcm, sealGcm, streamGcm, unguessable, unwrapKey, wrapKey, type Hash } from "./ciphers.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Test case 4: 60 bytes, 20 that are authenticated besides. */
const four = {
  key: hex("feffe9928665731c6d6a8f9467308308"),
  iv: hex("cafebabefacedbaddecaf888"),
  associated: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
};
const plain = hex(
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
);
const text =
  "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091";
const tag = "5bc94fbc3221a5db94fae95ae7121a47";

for (const tagLength of [12, 16] as const) {
  const sealed = hex(text + tag.slice(0, 2 * tagLength));
  test(`AES-128-GCM seals and opens test case 4 with a tag of ${tagLength} bytes`, () => {
    assert.deepEqual(sealGcm(plain, { ...four, tagLength }), sealed);
    assert.deepEqual(openGcm(sealed, { ...four, tagLength }), plain);
  });
  test(`a bit that has turned anywhere is found with a tag of ${tagLength} bytes`, () => {
    for (let at = 0; at < sealed.length; at++) {
      const turned = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      assert.equal(openGcm(turned, { ...four, tagLength }), undefined, `byte ${at}`);
    }
    assert.equal(openGcm(sealed.subarray(0, tagLength - 1), { ...four, tagLength }), undefined);
  });
}

test("without a tag the text is the same", () => {
  assert.deepEqual(streamGcm(plain, four.key, four.iv), hex(text));
  assert.deepEqual(streamGcm(hex(text), four.key, four.iv), plain);
});

test("a key that is none of AES is said", () => {
  assert.throws(() => streamGcm(plain, new Uint8Array(24), four.iv), /24 bytes, where 16 or 32/);
});

const wraps: readonly (readonly [clause: string, under: string, key: string, wrapped: string])[] = [
  [
    "4.1: 128 bits under 128",
    "000102030405060708090A0B0C0D0E0F",
    "00112233445566778899AABBCCDDEEFF",
    "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
  ],
  [
    "4.3: 128 bits under 256",
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
    "00112233445566778899AABBCCDDEEFF",
    "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
  ],
  [
    "4.6: 256 bits under 256",
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
    "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
    "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
  ],
];
for (const [clause, under, key, wrapped] of wraps) {
  test(`a key is wrapped and unwrapped as RFC 3394, ${clause}`, () => {
    assert.deepEqual(wrapKey(hex(key), hex(under)), hex(wrapped));
    assert.deepEqual(unwrapKey(hex(wrapped), hex(under)), hex(key));
    const turned = hex(wrapped).with(3, 0);
    assert.equal(unwrapKey(turned, hex(under)), undefined);
    assert.equal(unwrapKey(hex(wrapped).subarray(1), hex(under)), undefined);
    assert.equal(unwrapKey(hex(wrapped).subarray(0, 16), hex(under)), undefined);
  });
}

/** "abc": RFC 1321 A.5, FIPS 180-4 examples. */
const digests: readonly (readonly [hash: Hash, of: string])[] = [
  ["md5", "900150983cd24fb0d6963f7d28e17f72"],
  ["sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["sha384", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"],
];
for (const [hash, of] of digests) {
  test(`the ${hash} of "abc", in one part and in two`, () => {
    assert.deepEqual(digest(hash, hex("616263")), hex(of));
    assert.deepEqual(digest(hash, hex("61"), hex("6263")), hex(of));
  });
}

test("bytes are compared whole", () => {
  assert.ok(isSame(hex("0102"), hex("0102")));
  assert.ok(!isSame(hex("0102"), hex("0103")));
  assert.ok(!isSame(hex("0102"), hex("010200")));
});

test("bytes that nobody can guess are not the same twice", () => {
  assert.equal(unguessable(16).length, 16);
  assert.notDeepEqual(unguessable(16), unguessable(16));
});
