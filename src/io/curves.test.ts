/** Published vectors: RFC 6979 A.2.5 and A.2.6 (signatures), RFC 5903 8.1 and 8.2 (shared secrets). */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bytesOf,
  isPublicKey,
  isSignature,
  makeKeyPair,
  publicKeyOf,
  sharedSecret,
  signed,
  type Curve,
} from "./curves.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const sample = new TextEncoder().encode("sample");

/** Private key, public key, signature of "sample" with the curve's hash. */
const rfc6979: Readonly<Record<Curve, readonly [privateKey: string, publicKey: string, signature: string]>> = {
  "P-256": [
    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    `60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6
     7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299`,
    `EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
     F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8`,
  ],
  "P-384": [
    `6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8
     96D5724E4C70A825F872C9EA60D2EDF5`,
    `EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64
     DEF8F0EA9055866064A254515480BC13
     8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1
     288B231C3AE0D4FE7344FD2533264720`,
    `94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C
     81A648152E44ACF96E36DD1E80FABE46
     99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F
     A329C145786E679E7B82C71A38628AC8`,
  ],
};

/** A's private key, B's public key, what both share: x of the product. */
const rfc5903: Readonly<Record<Curve, readonly [own: string, other: string, secret: string]>> = {
  "P-256": [
    "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
    `D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63
     56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB`,
    "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE",
  ],
  "P-384": [
    `099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655
     E35B538041E649EE3FAEF896783AB194`,
    `E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D
     0D1AC43A0336DEF96FDA41D0774A3571
     DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FF
     F83FA40142209DFF5EAAD96DB9E6386C`,
    `11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4
     D603135569B9E9D09CF5D4A270F59746`,
  ],
};

for (const curve of ["P-256", "P-384"] as const) {
  const [privateKey, publicKey, signature] = rfc6979[curve].map(hex) as [Uint8Array, Uint8Array, Uint8Array];
  const [own, other, secret] = rfc5903[curve].map(hex) as [Uint8Array, Uint8Array, Uint8Array];

  test(`${curve}: a signature of RFC 6979 is one, and none of another message, key or of other numbers`, () => {
    assert.ok(isSignature(curve, sample, { signature, publicKey }));
    assert.ok(!isSignature(curve, new TextEncoder().encode("Sample"), { signature, publicKey }));
    assert.ok(!isSignature(curve, sample, { signature: signature.with(0, 0), publicKey }));
    assert.ok(!isSignature(curve, sample, { signature: signature.subarray(1), publicKey }));
    assert.ok(!isSignature(curve, sample, { signature, publicKey: other }));
    assert.ok(!isSignature(curve, sample, { signature, publicKey: publicKey.with(0, 0) }));
  });

  test(`${curve}: the public key of a private one, and what it signs`, () => {
    assert.deepEqual(publicKeyOf(curve, privateKey), publicKey);
    const made = signed(curve, sample, privateKey);
    assert.ok(made !== undefined && isSignature(curve, sample, { signature: made, publicKey }));
  });

  test(`${curve}: two share a secret as RFC 5903 has it`, () =>
    assert.deepEqual(sharedSecret(curve, own, other), secret));

  test(`${curve}: what is no key of the curve makes nothing`, () => {
    const zero = new Uint8Array(bytesOf(curve));
    const off = publicKey.with(0, 0);
    assert.equal(publicKeyOf(curve, zero), undefined);
    assert.equal(publicKeyOf(curve, privateKey.subarray(1)), undefined);
    assert.equal(signed(curve, sample, zero), undefined);
    assert.equal(sharedSecret(curve, zero, other), undefined);
    assert.equal(sharedSecret(curve, own, off), undefined);
    assert.equal(sharedSecret(curve, own, other.subarray(1)), undefined);
    assert.ok(isPublicKey(curve, publicKey) && !isPublicKey(curve, off) && !isPublicKey(curve, zero));
  });

  test(`${curve}: pairs that are made are as long as they are to be, whatever zeros they begin with`, () => {
    for (let k = 0; k < 300; k++) {
      const pair = makeKeyPair(curve);
      assert.equal(pair.privateKey.length, bytesOf(curve));
      assert.deepEqual(publicKeyOf(curve, pair.privateKey), pair.publicKey);
    }
  });
}
