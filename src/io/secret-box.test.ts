/** Test cases 13 to 16 of the GCM specification (McGrew and Viega, appendix B), which SP 800-38D refers to: keys of 256 bits. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { makeKeyFile, readKeyFile } from "./key-file.ts";
import { open, seal } from "./secret-box.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const key = "feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308";
const plain =
  "d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72 1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39";
const sealed =
  "522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa 8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662";
const cases: readonly (readonly [
  name: string,
  key: string,
  nonce: string,
  bound: string,
  plain: string,
  cipher: string,
  tag: string,
])[] = [
  ["13: nothing", "00".repeat(32), "00".repeat(12), "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"],
  [
    "14: a block",
    "00".repeat(32),
    "00".repeat(12),
    "",
    "00".repeat(16),
    "cea7403d4d606b6e074ec5d3baf39d18",
    "d0d1c8a799996bf0265b98b5d48ab919",
  ],
  [
    "15: four blocks",
    key,
    "cafebabefacedbaddecaf888",
    "",
    `${plain}1aafd255`,
    `${sealed}898015ad`,
    "b094dac5d93471bdec1a502270e3cc6c",
  ],
  [
    "16: what it is bound to",
    key,
    "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    plain,
    sealed,
    "76fc6ece0f4e1768cddf8853bb2d551b",
  ],
];

for (const [name, key, nonce, bound, plain, cipher, tag] of cases) {
  test(`a secret is sealed and opened as test case ${name}`, () => {
    const box = hex(nonce + cipher + tag);
    assert.deepEqual(seal(hex(key), hex(plain), hex(bound), hex(nonce)), box);
    assert.deepEqual(open(hex(key), box, hex(bound)), hex(plain));
  });
}

test("a box with any bit changed, cut, bound to something else or under another key does not open", () => {
  const of = hex("feed");
  const box = seal(hex(key), hex(plain), of);
  for (let bit = 0; bit < 8 * box.length; bit++) {
    const other = box.slice();
    other[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(open(hex(key), other, of), undefined, `bit ${bit}`);
  }
  for (const length of [0, 11, 27, 28, box.length - 1])
    assert.equal(open(hex(key), box.subarray(0, length), of), undefined);
  assert.equal(open(hex(key), box, hex("feee")), undefined);
  assert.equal(open(hex("00".repeat(32)), box, of), undefined);
});

test("the same secret is never sealed the same way twice", () => {
  const boxes = new Set(
    Array.from({ length: 100 }, () => Buffer.from(seal(hex(key), hex("00"), hex(""))).toString("hex")),
  );
  assert.equal(boxes.size, 100);
});

test("a key's file is its owner's alone; it is not made over another, and what is wrong with it is said", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "key-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "site.key");
  assert.deepEqual(readKeyFile(file), { missing: true });
  const made = makeKeyFile(file);
  assert.ok("key" in made && made.key.length === 32);
  assert.match(readFileSync(file, "utf8"), /^[0-9a-f]{64}\n$/);
  assert.deepEqual(readKeyFile(file), made);
  const again = makeKeyFile(file);
  assert.match("wrong" in again ? again.wrong : "", /site\.key cannot be made: .*is there already/);
  assert.deepEqual(readKeyFile(file), made, "it is as it was");
  if (process.platform !== "win32") {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    chmodSync(file, 0o640);
    const seen = readKeyFile(file);
    assert.match("wrong" in seen ? seen.wrong : "", /site\.key has the mode 0640, expected 0600/);
    chmodSync(file, 0o600);
  }
  writeFileSync(file, "abc");
  const damaged = readKeyFile(file);
  assert.match("wrong" in damaged ? damaged.wrong : "", /site\.key is no key: expected 64 hexadecimal digits/);
});
