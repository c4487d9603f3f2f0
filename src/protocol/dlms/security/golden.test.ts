/**
 * What other programs have said under keys: the Green Book's examples (tables 40, 41, 43, C.1 to C.3), and an association of jDLMS with a
 * server in Java, whose texts OpenSSL deciphers to the same. Each is taken apart, and made anew to the byte.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { streamGcm } from "#io/ciphers.ts";
import { isSignature, publicKeyOf, sharedSecret } from "#io/curves.ts";
import { buildCiphered, parseCiphered } from "./ciphered-apdu.ts";
import { agreedKey, derivedKey, ephemeralOf } from "./key-agreement.ts";
import { answerTo, isAnswer } from "./high-level.ts";
import { protect } from "./protect.ts";
import { hex, keyring, pair, text } from "./party-fixture.ts";
import { isRefusedApdu, unprotect, type Unprotected } from "./unprotect.ts";
import type { Party } from "./party.ts";

const sealed = { kind: "global", authenticated: true, encrypted: true } as const;

function opened(apdu: string, party: Party): Unprotected {
  const found = unprotect(hex(apdu), party);
  if (isRefusedApdu(found)) assert.fail(found.words);
  return found;
}

/** Who sends, with which counter, what, and what it says: in the order in which it went over the wire. */
const exchange: readonly (readonly [
  what: string,
  from: "client" | "server",
  counter: number,
  apdu: string,
  plain: string,
])[] = [
  [
    "InitiateRequest",
    "client",
    1,
    "211F30000000018E7374B9BF9C6183F29862E6EC246D93662F6E1EF3F36F343871",
    "01000000065F1F040000FE1DFFFF",
  ],
  [
    "InitiateResponse",
    "server",
    0x3065ed2b,
    "281F303065ED2BAE8359EA5DB9AF4AEE82D6F6686E6C5A3A4B144AC1CC905F3FC9",
    "0800065F1F0400001E1D04000007",
  ],
  [
    "pass 3",
    "client",
    2,
    "CB3130000000028A31C05A7FDE99A2237D6075551E03B30ADF576CA73642356D9970D8BAFB7C4C2718ACBAB396778B76C4EF94",
    "C301C1000F0000280000FF0101091110000000029A74A9C450840E469CA0369B",
  ],
  [
    "pass 4",
    "server",
    0x3065ed2c,
    "CF2A303065ED2C5914E968D1AFB7461D0B70EE09F906BF678BDBD7B8B0BD5BD4F60C20628229B60ECC6148E6",
    "C701C10001000911103065ED2C1824834BEA6D337527976C63",
  ],
  [
    "GET",
    "client",
    4,
    "C81E3000000004B62216D62DB6120F0795A4375AFF23ECD6233CFA07DC57EE55",
    "C0014300030100010700FF0200",
  ],
  [
    "its answer",
    "server",
    0x3065ed2e,
    "CC1A303065ED2E5E0EE1BA0576D481DD30922B73311F2E478F6650D0",
    "C4014300060012D687",
  ],
];
const { client, server } = pair(keyring(), keyring());
for (const [what, from, counter, apdu, plain] of exchange) {
  test(`${what} of the ${from} is deciphered, and ciphered to the same bytes`, () => {
    const found = opened(apdu, from === "client" ? server : client);
    assert.equal(text(found.apdu), plain);
    assert.deepEqual(found.style, sealed);
    const sender = pair(keyring({ next: found.counter ?? 0 }), keyring({ next: found.counter ?? 0 }))[from];
    assert.equal(text(protect(hex(plain), sealed, sender) as Uint8Array), apdu);
    assert.equal(found.counter, counter);
  });
}

/** Challenges of the same association. */
const ctos = hex("05BBEAEAB30E781A48819193EC075753");
const stoc = hex("02003D1F21582C5544236D574F3B402C");

test("GMAC: what client and server answered is what their challenges ask for", () => {
  const parties = pair(keyring({ next: 2 }), keyring({ next: 0x3065ed2c }));
  const ofClient = {
    mechanism: "high-gmac",
    asked: stoc,
    own: ctos,
    title: parties.client.own,
    peerTitle: parties.server.own,
  } as const;
  const pass3 = hex("10000000029A74A9C450840E469CA0369B");
  assert.deepEqual(answerTo(ofClient, parties.client.keys), pass3);
  assert.ok(isAnswer(pass3, ofClient, parties.server.keys));
  assert.ok(!isAnswer(pass3, { ...ofClient, asked: ctos }, parties.server.keys));
  const ofServer = {
    mechanism: "high-gmac",
    asked: ctos,
    own: stoc,
    title: parties.server.own,
    peerTitle: parties.client.own,
  } as const;
  const pass4 = hex("103065ED2C1824834BEA6D337527976C63");
  assert.deepEqual(answerTo(ofServer, parties.server.keys), pass4);
  assert.ok(isAnswer(pass4, ofServer, parties.client.keys));
});

/** Table 43: the titles are 4D4D4D0000000001 of the client and 4D4D4D0000BC614E of the server. */
test("GMAC: the Green Book's example of both answers", () => {
  const asked = hex("503677524A323146");
  const own = hex("4B35366956616759");
  const title = hex("4D4D4D0000000001");
  const peerTitle = hex("4D4D4D0000BC614E");
  const pass3 = answerTo({ mechanism: "high-gmac", asked, own, title, peerTitle }, keyring({ next: 1 }));
  assert.deepEqual(pass3, hex("10000000011A52FE7DD3E72748973C1E28"));
  const other = { mechanism: "high-gmac", asked: own, own: asked, title: peerTitle, peerTitle: title } as const;
  assert.deepEqual(answerTo(other, keyring({ next: 0x01234567 })), hex("1001234567FE1466AFB3DBCD4F9389E2B7"));
});

/** Table 40: a GET of the clock's time, the three ways that it can be protected. */
const table40: readonly (readonly [authenticated: boolean, encrypted: boolean, apdu: string])[] = [
  [true, false, "C81E1001234567C0010000080000010000FF020006725D910F9221D263877516"],
  [false, true, "C8122001234567411312FF935A47566827C467BC"],
  [true, true, "C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"],
];
for (const [authenticated, encrypted, apdu] of table40) {
  test(`the Green Book's GET, ${authenticated ? "" : "not "}authenticated, ${encrypted ? "" : "not "}encrypted`, () => {
    const titles: [string, string] = ["4D4D4D0000BC614E", "4D4D4D0000000001"];
    const parties = pair(keyring({ next: 0x01234567 }), keyring(), { titles });
    const plain = "C0010000080000010000FF0200";
    const made = protect(hex(plain), { kind: "global", authenticated, encrypted }, parties.client);
    assert.equal(text(made as Uint8Array), apdu);
    const found = opened(apdu, parties.server);
    assert.equal(text(found.apdu), plain);
    assert.deepEqual([found.authenticated, found.encrypted, found.signed], [authenticated, encrypted, false]);
  });
}

/** Annex C: keys of the examples for suite 1. */
const clientSigning =
  "BAAFFDE06A8CB1C9DAE8D94023C601DBBB249254BA22EDD827E820BCA2BCC64362FBB83D86A82B87BB8B7161D2AAB5521911A946B97A284A90F7785CD9047D25";
const ephemeral =
  "C323C2BD45711DE4688637D919F92E9DB8FB2DFC213A88D21C9DC8DCBA917D8170511DE1BADB360D50058F794B0960AE11FA28D392CFF907A62D13E3357B1DC0";
const parties = { originator: hex("4D4D4D0000BC614E"), recipient: hex("4D4D4D0000000001") };

test("table C.1: the signature of an ephemeral key, and the secret that both share", () => {
  const publicKey =
    "2914D60E10AB705F62ED6CC349D7CB99B9AB3F3978E59278C7AF595B3AF987941372DAB6D5AF1FA867E134167E6F23DE664A6693E05F43414611058D1B48F894";
  const signature =
    "06F0607702AA0E2435A183E2F6B1ECD19629712E389A213610C03F77B2590860EA840AF5C3FA1F2BCDF055D4744E9A01CE9A0E55026BCAA4EEBEB764CED64BB3";
  const mark = Uint8Array.of(0);
  assert.deepEqual(
    ephemeralOf("P-256", hex(publicKey + signature), { publicKey: hex(clientSigning), mark }),
    hex(publicKey),
  );
  assert.equal(ephemeralOf("P-256", hex(publicKey + signature), { publicKey: hex(clientSigning) }), undefined);
  assert.deepEqual(
    publicKeyOf("P-256", hex("418073C239FA6125011DE4D6CD2E645780289F761BB21BFB0835CB5585E8B373")),
    hex(clientSigning),
  );
  const own = hex("34A8C23A34DBB519D09B245754C85A6CFE05D14A063EFA5AA41545AA8241EFAE");
  const secret = hex("C1CF8FE7891AEF3617D7190795E61FE6C24EFC3CCA2E08469BAD1A225CE6EA08");
  assert.deepEqual(sharedSecret("P-256", own, hex(publicKey)), secret);
});

test("table C.2: the keys that come of the secrets of a request and its response", () => {
  const request = hex("0D4385BA0DD756CBCAB9887EB538396EE8F090A14C1079B4359F115B977F4615");
  assert.deepEqual(derivedKey(1, request, parties), hex("59A71FD81C929A86A99438DA17A66C05"));
  const response = hex("2B4302DC49790E2E78D990CFB52ED6E2F273DECE441A2D95E4301B93812A9FAC");
  const back = { originator: parties.recipient, recipient: parties.originator };
  assert.deepEqual(derivedKey(1, response, back), hex("F0184BDA9466BFA4601A64A7EF46504A"));
  assert.equal(derivedKey(0, request, parties), undefined);
});

/**
 * Table 41: an ACCESS request in general-ciphering. Signature, key and text are as printed; its tag is not what the rule for what is
 * authenticated (table 38, figure 84) makes of it, nor what any other that was tried does: the text alone is compared.
 */
const table41 = `DD080102030405060708084D4D4D0000BC614E084D4D4D00000000010000010201018180${ephemeral}
  B51BE089D0B682863B2217201E73A1A9031968A9B4121DCBC3281A69739AF87429F5B3AC5471E7B6A04A2C0F2F8A25FD772A317DF97FC5463FEAC248EB8AB8BE
  81EB3100000000F435069679270C5BF4425EE5777402A6C8D51C620EED52DBB188378B836E2857D5C053E6DDF27FA87409AEF502CD9618AE47017C010224FD10
  9CC0BEB21E742D44AB40CD11908743EC90EC8C40E221D517F72228E1A26E827F43DC18ED27B5F458D66508B05A2A4CC6FED178C881AFC3BC67064689BE8BB41C
  80ABB3C114A31F4CB03B8B64C7E0B4CE77B2399C93347858888F92239713B38DF01C4858245827A92EF334172EA636B31CBBDF2A96AD5D035F66AA38F1A2D97D
  4BBA99622E6B5F18789CECB2DFB3937D9F3E17F8B472098E6563238F37528374809836002AEA6E7012D2ADFAA7`;
const access = `D94000000000040100010000600100FF020100080000010000FF0202001400000D0000FF0702001400000D0000FF0804000001040203090100090CFFFFFFFFFF
  FFFF00000000000901FF0203090101090CFFFFFFFFFFFFFF00000000000901FF0203090102090CFFFFFFFFFFFFFF00000000000901FF0203090103090CFFFFFF
  FFFFFFFF00000000000901FF0104020809010011FF11FF11FF11FF11FF11FF11FF02080901011102110111011101110111011101020809010211FF11FF11FF11
  FF11FF11FF11FF02080901031101110211021102110211021102`;

test("table 41: a request in general-ciphering, its key agreed on", () => {
  const apdu = parseCiphered(hex(table41));
  assert.ok(apdu?.kind === "general-ciphering" && apdu.key?.key === "agreed");
  assert.deepEqual(buildCiphered(apdu), hex(table41));
  assert.equal(apdu.key.scheme, "one-pass");
  assert.deepEqual(ephemeralOf("P-256", apdu.key.data, { publicKey: hex(clientSigning) }), hex(ephemeral));
  const own = hex("AAD3FD0732E991CF52A74C66C1F2827DDC53522A2E0A169D7C4FFCC0FB5D6A4D");
  const secret = sharedSecret("P-256", own, hex(ephemeral));
  const key = secret === undefined ? undefined : derivedKey(1, secret, parties);
  assert.ok(key !== undefined && apdu.bytes[0] === 0x31);
  const iv = Uint8Array.of(...parties.originator, ...apdu.bytes.subarray(1, 5));
  assert.deepEqual(streamGcm(apdu.bytes.subarray(5, -12), key, iv), hex(access));
});

/** Table C.3: static keys of both, and the transaction with its length as nonce. */
test("table C.3: the same request under a key that the static keys of both make", () => {
  const privateKey = hex("A51C16FF5C498FCC89323D4A9267CD71BF81FD6F6A891CD240DA7F3D6F283E65");
  const publicKey = publicKeyOf("P-256", hex("AAD3FD0732E991CF52A74C66C1F2827DDC53522A2E0A169D7C4FFCC0FB5D6A4D"));
  assert.ok(publicKey !== undefined);
  const nonce = hex("080102030405060708");
  const key = agreedKey(1, { privateKey, publicKey }, { ...parties, nonce });
  assert.deepEqual(key, hex("56C46B57DF675515C31025455822514A"));
  const ciphered = `607581D83815281B561904E6A72B83BF3FB0B1F2A0A23A82A804B39911F6CB1B4EF9B6F76C6338ED058014FFBF4A13A162E0EED11EEB8F597757A18215F28E1D
    3FC2D44586C4B8AFE4500B535B579506CDB925CBEFF7F1CF6BF96C583B9CF588FE8F6B01A574824D7CEC597F057FFA8700AF12AD63A7FA72040439F4392C089B
    265F9EB1AC308239906DC04E1A8712ABE383CF92349842EBA166EF2E9EB2F53D0DBA025D79875463398BBC3007BC4A6FC12780C21EE1ABF080BF0FA926242834
    C0AC30D55A1EF8856E7DED48621F17FDF4D5B54EDDADD8741192`;
  const iv = Uint8Array.of(...parties.originator, 0, 0, 0, 0);
  assert.deepEqual(streamGcm(hex(ciphered), key ?? new Uint8Array(16), iv), hex(access));
});

test("the same request signed by its client is known, and not by another", () => {
  const data = hex(
    `${ephemeral}B51BE089D0B682863B2217201E73A1A9031968A9B4121DCBC3281A69739AF87429F5B3AC5471E7B6A04A2C0F2F8A25FD772A317DF97FC5463FEAC248EB8AB8BE`,
  );
  assert.ok(
    isSignature("P-256", data.subarray(0, 64), { signature: data.subarray(64), publicKey: hex(clientSigning) }),
  );
  const server =
    "933ACF15B03A9248E029B2787FB52A0AECAF635F07C42A0019FB3197E38F8F549A125EA36781B0CA96BE89A0E1FE2CF9B7361ED48B3C5E24592B9C0F4EDD31D1";
  assert.equal(ephemeralOf("P-256", data, { publicKey: hex(server) }), undefined);
});
