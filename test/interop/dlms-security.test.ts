/** dlms-cosem from the Python index ciphers what we decipher, deciphers what we cipher, and answers challenges and wraps keys as we do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unwrapKey, wrapKey } from "#io/ciphers.ts";
import { answerTo } from "#protocol/dlms/security/high-level.ts";
import { Party } from "#protocol/dlms/security/party.ts";
import { keyring } from "#protocol/dlms/security/party-fixture.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import { isRefusedApdu, unprotect } from "#protocol/dlms/security/unprotect.ts";
import { Random } from "#waveform/random.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const script = `
import json, sys
from dlms_cosem.protocol.xdlms import GeneralGlobalCipher
from dlms_cosem.security import SecurityControlField, decrypt, encrypt, gmac, unwrap_key, wrap_key
b = bytes.fromhex
for one in json.loads(sys.argv[1]):
    control = SecurityControlField(security_suite=one["suite"], authenticated=True, encrypted=True)
    apdu = GeneralGlobalCipher.from_bytes(b(one["apdu"]))
    keys = dict(key=b(one["encryption"]), auth_key=b(one["authentication"]))
    plain = decrypt(apdu.security_control, apdu.system_title, apdu.invocation_counter, cipher_text=apdu.ciphered_text, **keys)
    text = encrypt(control, b(one["peer"]), one["counter"], plain_text=b(one["plain"]), **keys)
    back = GeneralGlobalCipher(b(one["peer"]), control, one["counter"], text).to_bytes()
    only = SecurityControlField(security_suite=one["suite"], authenticated=True)
    tag = gmac(only, b(one["peer"]), one["counter"], challenge=b(one["plain"]), **keys)
    proof = only.to_bytes() + one["counter"].to_bytes(4, "big") + tag
    wrapped = wrap_key(control, b(one["encryption"]), b(one["authentication"]))
    print(json.dumps([plain.hex(), back.hex(), proof.hex(), wrapped.hex()]))
`;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test(
  "dlms-cosem 25.1 and ours cipher, decipher, prove and wrap the same",
  { skip: withoutPeers("dlms_cosem") },
  async () => {
    const random = new Random(2026);
    const some = (count: number): Uint8Array =>
      Uint8Array.from({ length: count }, () => Math.floor(256 * random.next()));
    const cases = Array.from({ length: 30 }, (_, k) => {
      const suite = ([0, 1, 2] as const)[k % 3] ?? 0;
      const keyLength = suite === 2 ? 32 : 16;
      const [encryption, authentication, own, peer] = [some(keyLength), some(keyLength), some(8), some(8)];
      // Its general-glo-ciphering has lengths of one byte: 99 bytes and 17 of header and tag.
      const plain = Uint8Array.of(0xc4, ...some(Math.floor(99 * random.next())));
      const counter = Math.floor(2 ** 32 * random.next());
      const keys = keyring({ suite, encryption, authentication, next: counter });
      const party = new Party({ keys, own, peer });
      const apdu = protect(plain, { kind: "general-global", authenticated: true, encrypted: true }, party);
      if (isUnprotectable(apdu)) assert.fail(apdu.words);
      return { suite, encryption, authentication, own, peer, plain, counter, apdu, party };
    });
    const told = cases.map(({ suite, counter, encryption, authentication, peer, plain, apdu }) => ({
      suite,
      counter,
      encryption: text(encryption),
      authentication: text(authentication),
      peer: text(peer),
      plain: text(plain),
      apdu: text(apdu),
    }));
    const { out, status } = await runProgram(peersPython, ["-c", script, JSON.stringify(told)]);
    assert.equal(status, 0, out);
    const lines = out.trim().split("\n");
    assert.equal(lines.length, cases.length, out);
    for (const [k, line] of lines.entries()) {
      const one = cases[k];
      assert.ok(one !== undefined);
      const [plain, back, proof, wrapped] = JSON.parse(line) as [string, string, string, string];
      assert.equal(plain, text(one.plain), "what we ciphered");
      const found = unprotect(bytes(back), one.party);
      if (isRefusedApdu(found)) assert.fail(found.words);
      assert.deepEqual(found.apdu, one.plain, "what it ciphered");
      assert.equal(found.counter, one.counter);
      const { suite, encryption, authentication, counter } = one;
      const keys = keyring({ suite, encryption, authentication, next: counter });
      const proving = {
        mechanism: "high-gmac",
        asked: one.plain,
        own: one.plain,
        title: one.peer,
        peerTitle: one.own,
      } as const;
      assert.equal(text(answerTo(proving, keys) ?? new Uint8Array(0)), proof);
      assert.deepEqual(bytes(wrapped), wrapKey(authentication, encryption));
      assert.deepEqual(unwrapKey(bytes(wrapped), encryption), authentication);
    }
  },
);
