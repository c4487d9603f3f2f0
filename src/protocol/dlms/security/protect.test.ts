/** What is protected is had back by who has the keys, in every style and suite; what is not right is refused, and says why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCiphered } from "./ciphered-apdu.ts";
import { authentication, everyKey, hex, keyring, pair, stylesOf } from "./party-fixture.ts";
import { isUnprotectable, protect } from "./protect.ts";
import { doneBy, type Style } from "./style.ts";
import { isRefusedApdu, unprotect } from "./unprotect.ts";
import type { Party } from "./party.ts";

const get = hex("C0014300030100010700FF0200");
const answer = hex("C4014300060012D687");
const sealings = [
  { authenticated: true, encrypted: true },
  { authenticated: true, encrypted: false },
  { authenticated: false, encrypted: true },
];
const dedicatedOf = { 0: 16, 1: 16, 2: 32 } as const;

function made(apdu: Uint8Array, style: Style, party: Party): Uint8Array {
  const protectedApdu = protect(apdu, style, party);
  if (isUnprotectable(protectedApdu)) assert.fail(protectedApdu.words);
  return protectedApdu;
}

function why(apdu: Uint8Array, party: Party): string {
  const found = unprotect(apdu, party);
  return isRefusedApdu(found) ? `${found.refused}: ${found.words}` : "taken";
}

for (const suite of [0, 1, 2] as const) {
  test(`suite ${suite}: every style there and back, its answer in the same, and none twice`, () => {
    const keys = everyKey(suite);
    const dedicated = new Uint8Array(dedicatedOf[suite]).fill(7);
    const { client, server } = pair(keys.client, keys.server, { dedicated });
    // Encrypted only does not move the counter that the others share.
    const styles = sealings.flatMap((sealing) => stylesOf(suite, sealing));
    assert.equal(styles.length, suite === 0 ? 24 : 63);
    for (const style of styles) {
      const request = made(get, style, client);
      const found = unprotect(request, server);
      if (isRefusedApdu(found)) assert.fail(`${JSON.stringify(style)}: ${found.words}`);
      assert.deepEqual(found.apdu, get);
      assert.deepEqual(found.style, style);
      const { authenticated, encrypted, signed } = found;
      assert.deepEqual({ authenticated, encrypted, signed }, doneBy(style));
      assert.notEqual(why(request, server), "taken", `${JSON.stringify(style)} came twice`);
      const back = unprotect(made(answer, found.style, server), client);
      if (isRefusedApdu(back)) assert.fail(`${JSON.stringify(style)}: ${back.words}`);
      assert.deepEqual(back.apdu, answer);
    }
  });
}

test("a text is of one sender, one receiver and one key", () => {
  const sealed = { kind: "global", authenticated: true, encrypted: true } as const;
  const { client, server } = pair(keyring(), keyring());
  const request = made(get, sealed, client);
  const other = pair(keyring(), keyring(), { titles: ["4A444C0000000008", "4752580000000001"] });
  assert.match(why(request, other.server), /the tag does not fit/);
  const wrongKey = pair(keyring(), keyring({ encryption: authentication }));
  assert.match(why(request, wrongKey.server), /the tag does not fit/);
  const wrongAuthentication = pair(keyring(), keyring({ authentication: new Uint8Array(16) }));
  assert.match(why(request, wrongAuthentication.server), /the tag does not fit/);
  assert.equal(why(request, server), "taken");
});

test("what does not hold together, or is of another suite, key or receiver, says so", () => {
  const sealed = { kind: "global", authenticated: true, encrypted: true } as const;
  const { client, server } = pair(keyring(), keyring());
  const request = made(get, sealed, client);
  const refusals: readonly (readonly [apdu: Uint8Array, says: RegExp])[] = [
    [request.subarray(0, 10), /deciphering-error: a run of 30 needs 30 bytes where 8 are left/],
    [Uint8Array.of(0xc8, 4, 0x30, 0, 0, 0), /ciphered text of 4 bytes, where 5 and more/],
    [Uint8Array.of(0xc8, 6, 0x30, 0, 0, 0, 1, 2), /1 bytes, where a tag of 12 was expected|the tag does not fit/],
    [Uint8Array.of(0xc8, 6, 0x10, 0, 0, 0, 1, 2), /1 bytes, where a tag of 12 was expected/],
    [request.with(2, 0x33), /security suite 3, where 0, 1 or 2/],
    [request.with(2, 0x31), /security suite 1, where 0 was expected/],
    [request.with(2, 0xb0), /a compressed text/],
    [request.with(2, 0x00), /neither authenticated nor encrypted/],
    [request.with(2, 0x70), /no broadcast encryption key is set/],
    [request.with(0, 0xcb), /tag 192 inside, where 195 was expected/],
    [request.with(0, 0xd0), /no dedicated key was given/],
    [Uint8Array.of(...request, 0), /1 bytes behind the APDU/],
    [request.with(20, 0), /the tag does not fit/],
    [Uint8Array.of(0xdb), /needs/],
    [new Uint8Array(0), /needs/],
  ];
  for (const [apdu, says] of refusals) assert.match(why(apdu, server), says);
  // None of that has moved the counter.
  assert.equal(why(request, server), "taken");
  assert.match(why(request, server), /invocation-counter-error: invocation counter 1, where 2 or more was expected/);
});

test("general APDUs for others, of others, and signed by others are refused", () => {
  const { client: clientKeys, server: serverKeys } = everyKey(1);
  const { client, server } = pair(clientKeys, serverKeys);
  const transaction = hex("01");
  const sealing = { authenticated: true, encrypted: true };
  const general = made(get, { kind: "general-ciphering", ...sealing, key: "one-pass", transaction }, client);
  const third = pair(clientKeys, serverKeys, { titles: ["4A444C0000000007", "4752580000000002"] });
  assert.match(why(general, third.server), /for another system title/);
  const stranger = pair(clientKeys, serverKeys, { titles: ["4A444C0000000009", "4752580000000001"] });
  assert.match(why(general, stranger.server), /not the association's/);
  const other = pair(clientKeys, everyKey(1).server);
  assert.match(why(general, other.server), /an ephemeral key whose signature does not fit/);
  const signed = made(get, { kind: "general-signing", transaction, inside: { kind: "plain" } }, client);
  assert.match(why(signed, other.server), /the signature does not fit/);
  assert.match(why(signed.with(30, (signed[30] ?? 0) ^ 1), server), /the signature does not fit/);
  assert.equal(why(signed, server), "taken");
  const suite0 = pair(keyring(), keyring());
  assert.match(why(signed, suite0.server), /a signature, which suite 0 does not have/);
});

test("what has no ciphered APDU of its own goes in a general one; exception-response goes as it is", () => {
  const { client, server } = pair(keyring(), keyring());
  const sealed = { kind: "global", authenticated: true, encrypted: true } as const;
  const notification = hex("0F00000001000006000000");
  const apdu = made(notification, sealed, server);
  assert.equal(parseCiphered(apdu)?.kind, "general-global");
  const found = unprotect(apdu, client);
  assert.ok(!isRefusedApdu(found));
  assert.deepEqual(found.apdu, notification);
  assert.deepEqual(protect(hex("D80102"), sealed, server), hex("D80102"));
});

test("a key that is not set is said before anything is sent", () => {
  const { client } = pair(keyring({ encryption: undefined }), keyring());
  const none = protect(get, { kind: "global", authenticated: true, encrypted: true }, client);
  assert.ok(isUnprotectable(none) && /no encryption key is set/.test(none.words));
  const { client: bare } = pair(keyring({ authentication: undefined }), keyring());
  const half = protect(get, { kind: "global", authenticated: true, encrypted: true }, bare);
  assert.ok(isUnprotectable(half) && /no authentication key is set/.test(half.words));
  const { client: unsigned } = pair(keyring(), keyring());
  const signed = protect(get, { kind: "general-signing", transaction: hex(""), inside: { kind: "plain" } }, unsigned);
  assert.ok(isUnprotectable(signed) && /suite 0 does not have/.test(signed.words));
});

test("who has no key cannot shut out who has it: what is not authenticated moves no counter that is kept", () => {
  const { client, server } = pair(keyring(), keyring());
  assert.equal(
    why(hex("C8122" + "0FFFFFFFF" + "411312FF935A47566827C467BC"), server).startsWith("deciphering-error"),
    true,
  );
  const { client: last } = pair(keyring({ next: 0xfffffff0 }), keyring());
  assert.equal(why(made(get, { kind: "global", authenticated: false, encrypted: true }, last), server), "taken");
  assert.equal(why(made(get, { kind: "global", authenticated: true, encrypted: true }, client), server), "taken");
});

test("a server answers under the keys that the request had, and takes the next under those that it has set", () => {
  const changing: { encryption: Uint8Array | undefined } = { encryption: keyring().encryption };
  const { client, server } = pair(keyring(), {
    ...keyring(),
    answers: true,
    get encryption() {
      return changing.encryption;
    },
  });
  const sealed = { kind: "global", authenticated: true, encrypted: true } as const;
  assert.equal(why(made(get, sealed, client), server), "taken");
  changing.encryption = authentication;
  const answered = made(answer, sealed, server);
  assert.equal(why(answered, client), "taken");
  assert.match(why(made(get, sealed, client), server), /the tag does not fit/);
  const next = pair(keyring({ encryption: authentication, next: 9 }), keyring());
  assert.equal(why(made(get, sealed, next.client), server), "taken");
});

test("what is signed within what is ciphered is had, too, and answered signed around", () => {
  const { client: clientKeys, server: serverKeys } = everyKey(1);
  const { client, server } = pair(clientKeys, serverKeys);
  const signing = { kind: "general-signing", transaction: hex("05"), inside: { kind: "plain" } } as const;
  const around = { kind: "general-global", authenticated: true, encrypted: true } as const;
  const found = unprotect(made(made(get, signing, client), around, client), server);
  assert.ok(!isRefusedApdu(found));
  assert.deepEqual(found.apdu, get);
  assert.deepEqual(found.style, { ...signing, inside: around });
  assert.match(why(made(made(get, signing, client), signing, client), server), /a signed text in a signed text/);
});
