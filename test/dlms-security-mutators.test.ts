/** Protected APDUs of every style, bent: what comes out is what went in, or a refusal; nothing is thrown, and nothing is kept of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKey, pair, stylesOf } from "#protocol/dlms/security/party-fixture.ts";
import { Party } from "#protocol/dlms/security/party.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import type { Style } from "#protocol/dlms/security/style.ts";
import { isRefusedApdu, unprotect } from "#protocol/dlms/security/unprotect.ts";
import { Random } from "#waveform/random.ts";
import { share } from "./share.ts";

const plain = Uint8Array.from([0xc0, 1, 0x43, 0, 3, 1, 0, 1, 7, 0, 0xff, 2, 0]);
const dedicatedLength = { 0: 16, 1: 16, 2: 32 } as const;

interface Sample {
  readonly style: Style;
  readonly apdu: Uint8Array;
  readonly server: Party;
}

/** Each in every style, and one to whom it was sent, who takes any counter. */
function samples(suite: 0 | 1 | 2): readonly Sample[] {
  const keys = everyKey(suite);
  const dedicated = new Uint8Array(dedicatedLength[suite]).fill(9);
  const { client, server } = pair(keys.client, { ...keys.server, acceptCounter: () => true }, { dedicated });
  const sealings = [
    { authenticated: true, encrypted: true },
    { authenticated: true, encrypted: false },
    { authenticated: false, encrypted: true },
  ];
  return sealings
    .flatMap((sealing) => stylesOf(suite, sealing))
    .map((style) => {
      const apdu = protect(plain, style, client);
      if (isUnprotectable(apdu)) assert.fail(apdu.words);
      return { style, apdu, server };
    });
}

const at = (random: Random, below: number): number => Math.floor(random.next() * below);

/** One of: bits turned, bytes anew, cut, longer, a run moved, a length made absurd. */
function bent(apdu: Uint8Array, random: Random): Uint8Array {
  const bytes = apdu.slice();
  const where = at(random, bytes.length);
  switch (at(random, 7)) {
    case 0:
      return bytes.with(where, (bytes[where] ?? 0) ^ (1 << at(random, 8)));
    case 1:
      for (let k = 0; k < 4; k++) bytes[at(random, bytes.length)] = at(random, 256);
      return bytes;
    case 2:
      return bytes.subarray(0, where);
    case 3:
      return Uint8Array.of(...bytes, ...Array.from({ length: 1 + at(random, 9) }, () => at(random, 256)));
    case 4:
      return bytes.copyWithin(where, at(random, bytes.length));
    case 5:
      return Uint8Array.of(...bytes.subarray(0, where), 0x84, 0xff, 0xff, 0xff, 0xff, ...bytes.subarray(where));
    default:
      return bytes.with(where, [0, 0x7f, 0x80, 0x81, 0xff][at(random, 5)] ?? 0);
  }
}

/** Takes a fresh memory of what has come, so that each stands for itself. */
function fresh({ server }: Sample): Party {
  return new Party({ keys: server.keys, own: server.own, peer: server.peer, dedicated: server.dedicated });
}

for (const [suite, count] of [
  [0, share(3000, 10_000, 100_000)],
  [1, share(500, 2000, 20_000)],
  [2, share(200, 500, 5000)],
] as const) {
  test(`suite ${suite}: ${count} bent APDUs are refused, or are what they were`, () => {
    const random = new Random(2026 + suite);
    const all = samples(suite);
    let refused = 0;
    for (let k = 0; k < count; k++) {
      const sample = all[k % all.length];
      assert.ok(sample !== undefined);
      const apdu = bent(sample.apdu, random);
      const found = unprotect(apdu, fresh(sample));
      if (isRefusedApdu(found)) refused++;
      else if (found.authenticated || found.signed)
        assert.deepEqual(
          found.apdu,
          plain,
          `${k}: ${JSON.stringify(sample.style)} ${Buffer.from(apdu).toString("hex")}`,
        );
    }
    // What is only encrypted comes out whatever was bent: nothing shows it. All else is refused.
    assert.ok(refused > 0.7 * count, `${refused} of ${count}`);
    for (const sample of all)
      assert.ok(!isRefusedApdu(unprotect(sample.apdu, fresh(sample))), JSON.stringify(sample.style));
  });
}

test("bytes of nobody are no protected APDU", () => {
  const random = new Random(7);
  const [sample] = samples(0);
  assert.ok(sample !== undefined);
  const tags = [0x21, 0x28, 0xc8, 0xcb, 0xd0, 0xdb, 0xdc, 0xdd, 0xdf];
  for (let k = 0; k < share(2000, 10_000, 100_000); k++) {
    const bytes = Uint8Array.from({ length: at(random, 80) }, () => at(random, 256));
    bytes[0] = tags[k % tags.length] ?? 0;
    const found = unprotect(bytes, fresh(sample));
    assert.ok(isRefusedApdu(found) || !found.authenticated);
  }
});

test("protection a hundred deep is refused at the second", () => {
  const keys = everyKey(1);
  const { client, server } = pair(keys.client, keys.server);
  let apdu: Uint8Array = plain;
  for (let k = 0; k < 100; k++) {
    const next = protect(apdu, { kind: "general-global", authenticated: true, encrypted: true }, client);
    assert.ok(!isUnprotectable(next));
    apdu = next;
  }
  const found = unprotect(apdu, server);
  assert.ok(isRefusedApdu(found));
  assert.match(found.words, /a ciphered text in a ciphered text/);
});
