/**
 * High-level security and ciphering in whole conversations. The golden ones are those of jDLMS' client with Gurux's server
 * (test/fixtures/dlms); what the server adds by chance, its challenge and its counters, is told beforehand.
 */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign, verify, type KeyObject, type webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { DlmsClient, DlmsSettings, Service } from "#protocol/dlms/cosem/logical-device.ts";
import { Party, serverKeys } from "#protocol/dlms/security/party.ts";
import { protect } from "#protocol/dlms/security/protect.ts";
import type { Style } from "#protocol/dlms/security/style.ts";
import { unprotect } from "#protocol/dlms/security/unprotect.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { fromHex, toHex } from "./dlms-exchanges.ts";
import { goldenClients, goldenServices, keyClient, TestHost, TestSecurity, textBytes } from "./dlms-host.ts";

const carrying = { peer: "127.0.0.1:50214", near: true, longest: undefined, push: () => {} };

/** Answered otherwise than Gurux's server does, as dlms-server.test.ts says of the same requests, by the numbers of their counters. */
const otherwise = new Set([
  "a class of another name",
  "range",
  "entries",
  "blocks",
  "the next block",
  "a register that is set",
  "disconnect",
  "unknown",
]);
const golden: readonly string[] = [
  "association",
  "pass 3",
  "name",
  "value",
  "scaler",
  "time",
  "undefined",
  "a class of another name",
  "an attribute",
  "capture objects",
  "range",
  "entries",
  "list",
  "blocks",
  "the next block",
  "time that is set",
  "a register that is set",
  "disconnect",
  "reset",
  "unknown",
];

/** The k-th of what the client sent goes with the k-th of the server, whatever order its log has them in. */
function sentBy(who: "CLIENT" | "SERVER"): readonly string[] {
  const text = readFileSync(new URL("fixtures/dlms/jdlms_gxjava_wrapper_gmac.txt", import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => (line.startsWith(who) ? [line.slice(who.length + 1 + 16)] : []));
}

test("the golden exchanges with GMAC, authenticated and encrypted, go as they went, byte for byte", async () => {
  // Gurux takes one counter for the tag of pass 4 and for what is around it.
  function* counters(): Iterable<number> {
    yield* [0x3065ed2b, 0x3065ed2c];
    for (let counter = 0x3065ed2c; ; counter++) yield counter;
  }
  const security = new TestSecurity(counters());
  const host = new TestHost({
    systemTitle: fromHex("4752580000000001"),
    clients: (host) => [keyClient(host, 1, security)],
  });
  const server = dlmsServer(host, {
    port: "ethernet 1",
    challenge: () => fromHex("02003D1F21582C5544236D574F3B402C"),
  });
  const conversation = server.converse({ client: 1, server: 1 }, carrying);
  const [requests, answers] = [sentBy("CLIENT"), sentBy("SERVER")];
  let compared = 0;
  for (const [k, what] of golden.entries()) {
    const answer = await conversation?.request(fromHex(requests[k] ?? ""));
    if (otherwise.has(what)) assert.ok(answer);
    else {
      assert.equal(answer && toHex(answer), answers[k], what);
      compared++;
    }
  }
  assert.equal(compared, 12);
  assert.equal(conversation?.associated, true);
  assert.equal([...host.sessions.keys()][0]?.user, "key holder");
});

const AARQ_HEAD = "A1090607608574050801";

/** An AARQ with a challenge, and a system title where there is one. */
function challenging(mechanism: number, context = 1, title = "", information = "01000000065F1F040000FE1DFFFF"): string {
  const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, "0");
  const ap = title === "" ? "" : `A60A0408${title}`;
  const value = `8A0207808B076085740508020${mechanism}AC12801000112233445566778899AABBCCDDEEFF`;
  const user = `BE${length(`0400${information}`)}04${length(information)}${information}`;
  const inside = `${AARQ_HEAD}0${context}${ap}${value}${user}`;
  return `60${length(inside)}${inside}`.toUpperCase();
}

const CHALLENGE = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";
const TO_SERVER = "00112233445566778899AABBCCDDEEFF";
const SECRET = toHex(textBytes("a secret of both"));
const CLIENT_TITLE = "4D4D4D0000000001";
const SERVER_TITLE = toHex(textBytes("JEM00001"));
const GET_VALUE = "C001C100030100010700FF0200";
const VALUE = "C401C100060012D687";

function pass3(proof: string): string {
  return `C301C1000F0000280000FF010109${(proof.length / 2).toString(16).padStart(2, "0")}${proof}`.toUpperCase();
}

function conversing(
  client: number,
  clients?: (host: TestHost) => readonly DlmsClient[],
  settings?: Partial<DlmsSettings>,
  times = 1,
) {
  const host = new TestHost({ ...(clients ? { clients } : {}), ...(settings ? { settings } : {}) });
  const server = dlmsServer(host, { port: "ethernet 1", challenge: () => fromHex(CHALLENGE.repeat(times)) });
  const conversation = server.converse({ client, server: 1 }, carrying);
  const ask = async (hex: string): Promise<string | undefined> => {
    const answer = await conversation?.request(fromHex(hex));
    return answer && toHex(answer);
  };
  return { host, conversation, ask };
}

/** By Green Book 9.2.7.4.4: of what is hashed, one behind the other; by node:crypto itself. */
const hashes: readonly [number, "md5" | "sha1" | "sha256", string, string][] = [
  [3, "md5", `${CHALLENGE}${SECRET}`, `${TO_SERVER}${SECRET}`],
  [4, "sha1", `${CHALLENGE}${SECRET}`, `${TO_SERVER}${SECRET}`],
  [
    6,
    "sha256",
    `${SECRET}${CLIENT_TITLE}${SERVER_TITLE}${CHALLENGE}${TO_SERVER}`,
    `${SECRET}${SERVER_TITLE}${CLIENT_TITLE}${TO_SERVER}${CHALLENGE}`,
  ],
];

function hashed(hash: string, hex: string): string {
  return createHash(hash).update(fromHex(hex)).digest("hex").toUpperCase();
}

for (const [mechanism, hash, byClient, byServer] of hashes) {
  test(`who answers its challenge by ${hash} is associated, and is answered by the same`, async () => {
    const { host, conversation, ask } = conversing(18);
    const aare = (await ask(challenging(mechanism, 1, CLIENT_TITLE))) ?? "";
    assert.ok(aare.includes("A203020100A305A10302010E"), aare);
    assert.ok(aare.includes(`8802078089076085740508020${mechanism}AA128010${CHALLENGE}`), aare);
    assert.equal(conversation?.associated, false);
    assert.equal(await ask(GET_VALUE), "D80101");
    const proof = hashed(hash, byServer);
    const length = (proof.length / 2).toString(16).padStart(2, "0").toUpperCase();
    assert.equal(await ask(pass3(hashed(hash, byClient))), `C701C100010009${length}${proof}`);
    assert.equal(conversation?.associated, true);
    assert.equal(await ask(GET_VALUE), VALUE);
    assert.equal(host.sessions.size, 1);
    assert.equal([...host.sessions.keys()][0]?.user, "key holder");
    // There is nothing more to be answered.
    assert.equal(await ask(pass3(hashed(hash, byClient))), "C701C10200");
  });
}

test("a wrong answer to a challenge ends the association, and nothing else is answered before it", async () => {
  const wrong: readonly string[] = [
    pass3(hashed("md5", `${CHALLENGE}${SECRET}00`)),
    // The server's own answer, sent back.
    pass3(hashed("md5", `${TO_SERVER}${SECRET}`)),
    pass3(""),
  ];
  for (const request of wrong) {
    const { host, ask } = conversing(18);
    await ask(challenging(3));
    for (const other of [
      GET_VALUE,
      "C101C100080000010000FF0200090C07E902130317000000000000",
      "C301C1000100006001" + "00FF010F00",
      "C301C1000F0000280003FF020112000F",
    ])
      assert.ok(["D80101", "D80103"].includes((await ask(other)) ?? ""), other);
    assert.equal(await ask(request), "C701C1FA00");
    assert.equal(host.sessions.size, 0);
    assert.equal(await ask(pass3(hashed("md5", `${CHALLENGE}${SECRET}`))), "D80101");
    assert.equal(await ask(GET_VALUE), "D80101");
  }
});

test("a challenge that is none, the server's own, or of who does not say who he is, is refused", async () => {
  const cases: readonly [string, string, string][] = [
    [
      "of 4 bytes",
      challenging(3)
        .replace(/AC128010.{32}/, "AC06800400112233")
        .replace(/^60../, "6032"),
      "0D",
    ],
    ["the server's own", challenging(3).replace(TO_SERVER, CHALLENGE), "0D"],
    ["SHA-256 without a system title", challenging(6), "03"],
    ["GMAC, which the client does not have", challenging(5, 1, CLIENT_TITLE), "0B"],
  ];
  for (const [why, request, code] of cases) {
    const { host, ask } = conversing(18);
    assert.match((await ask(request)) ?? "", new RegExp(`A203020101A305A1030201${code}`), why);
    assert.equal(host.sessions.size, 0, why);
  }
});

/** The other side: a client with the keys of the golden exchanges, made of the room security, which has golden tests of its own. */
function cipheringClient(dedicated?: Uint8Array): {
  seal(apdu: string, style: Style): string;
  open(apdu: string): string;
} {
  const keys = serverKeys(new TestSecurity());
  const party = new Party({ keys, own: fromHex(CLIENT_TITLE), peer: textBytes("JEM00001"), dedicated });
  return {
    seal: (apdu, style) => {
      const made = protect(fromHex(apdu), style, party);
      return made instanceof Uint8Array ? toHex(made) : assert.fail(made.words);
    },
    open: (apdu) => {
      const opened = unprotect(fromHex(apdu), party);
      return "refused" in opened ? assert.fail(opened.words) : toHex(opened.apdu);
    },
  };
}

const both = { authenticated: true, encrypted: true } as const;
const INITIATE = "01000000065F1F04005AFE1DFFFF";

const generalServices: readonly Service[] = [...goldenServices, "general-protection"];

async function ciphered(security = new TestSecurity(), initiate = INITIATE, dedicated?: Uint8Array) {
  const talk = conversing(1, (host) => [keyClient(host, 1, security)], { conformance: new Set(generalServices) });
  const client = cipheringClient(dedicated);
  const request = challenging(0, 3, CLIENT_TITLE, client.seal(initiate, { kind: "global", ...both }))
    .replace(/8A020780.*?EEFF/, "")
    .replace(/^60../, "");
  const aare = await talk.ask(`60${(request.length / 2).toString(16).padStart(2, "0")}${request}`);
  return { ...talk, client, aare, security };
}

test("requests are answered in the way in which they are protected", async () => {
  const { ask, client, aare } = await ciphered();
  assert.match(aare ?? "", /A203020100A305A103020100A40A0408/);
  for (const style of [
    { kind: "global", ...both },
    { kind: "global", authenticated: true, encrypted: false },
    { kind: "global", authenticated: false, encrypted: true },
    { kind: "general-global", ...both },
  ] as const) {
    const answer = (await ask(client.seal(GET_VALUE, style))) ?? "";
    const control = (style.authenticated ? 0x10 : 0) | (style.encrypted ? 0x20 : 0);
    const header = style.kind === "global" ? /^CC..(..)/ : new RegExp(`^DB08${SERVER_TITLE}..(..)`);
    assert.equal(header.exec(answer)?.[1], control.toString(16), JSON.stringify(style));
    assert.equal(client.open(answer), VALUE);
  }
  // Without a policy, what is not protected is answered as it is.
  assert.equal(await ask(GET_VALUE), VALUE);
});

test("a replayed request, a wrong tag and a cut one are refused, and the next right one is answered", async () => {
  const { ask, client, security } = await ciphered();
  const request = client.seal(GET_VALUE, { kind: "global", ...both });
  assert.equal(client.open((await ask(request)) ?? ""), VALUE);
  const { received } = security;
  assert.equal(await ask(request), `D80106${(received + 1).toString(16).padStart(8, "0").toUpperCase()}`);
  const other = client.seal(GET_VALUE, { kind: "global", ...both });
  assert.equal(await ask(`${other.slice(0, -2)}${other.endsWith("00") ? "01" : "00"}`), "D80105");
  assert.equal(await ask("C80330000000"), "D80105");
  assert.equal(await ask("C81E30"), "D80105");
  assert.equal(await ask("C8"), "D80105");
  // What was refused has not moved the counter.
  assert.equal(client.open((await ask(other)) ?? ""), VALUE);
});

test("a policy is enforced both ways, and from the moment at which it is made stronger", async () => {
  const { ask, client, security } = await ciphered();
  // Authenticated and encrypted requests, and answers.
  security.policy = 0x6c;
  assert.equal(await ask(GET_VALUE), "D80101");
  assert.equal(await ask(client.seal(GET_VALUE, { kind: "global", authenticated: true, encrypted: false })), "D80101");
  assert.equal(client.open((await ask(client.seal(GET_VALUE, { kind: "global", ...both }))) ?? ""), VALUE);
  security.policy = 0x60;
  assert.equal(client.open((await ask(GET_VALUE)) ?? ""), VALUE);

  // Who has to protect what he says cannot associate without.
  const strict = new TestSecurity();
  strict.policy = 0x0c;
  const plain = conversing(1, (host) => [keyClient(host, 1, strict)]);
  assert.match((await plain.ask(challenging(5, 1, CLIENT_TITLE))) ?? "", /A203020101A305A103020102/);
  assert.match((await plain.ask(challenging(5, 3, CLIENT_TITLE))) ?? "", /A203020101A305A10302010D/);
  assert.match((await plain.ask(challenging(5, 3))) ?? "", /A203020101A305A103020103/);
});

test("a client sees its security setup and everybody the counter that is due; its keys are its own to set", async () => {
  const security = new TestSecurity();
  const talk = conversing(16, (host) => [...goldenClients(host).slice(0, 1), keyClient(host, 1, security)]);
  security.received = 41;
  await talk.ask("601DA109060760857405080101BE10040E01000000065F1F040000FE1DFFFF");
  assert.equal(await talk.ask("C001C1000100002B0100FF0200"), "C401C100" + "0600000029");
  assert.equal(await talk.ask("C001C1004000002B0000FF0200"), "C401C10104");

  const { ask } = conversing(1, (host) => [keyClient(host, 1, security)], { associationVersion: 1 });
  await ask("601DA109060760857405080101BE10040E01000000065F1F040000FE1DFFFF");
  assert.equal(await ask("C001C1004000002B0000FF0200"), "C401C100" + "1600");
  assert.equal(await ask("C001C1004000002B0000FF0500"), `C401C1000908${SERVER_TITLE}`);
  assert.equal(await ask("C001C1000F0000280000FF0900"), "C401C10009060000" + "2B0000FF");
  // Who has shown nothing sets none.
  assert.equal(await ask("C301C1004000002B0000FF02010100"), "C701C10300");
});

test("a dedicated key is taken where nobody else could read it", async () => {
  const key = Uint8Array.from({ length: 16 }, (_, k) => 0xf0 - k);
  const initiate = `010110${toHex(key)}${INITIATE.slice(4)}`;
  const { ask, client, aare } = await ciphered(new TestSecurity(), initiate, key);
  assert.match(aare ?? "", /A203020100/);
  const request = client.seal(GET_VALUE, { kind: "dedicated", ...both });
  const answer = (await ask(request)) ?? "";
  assert.match(answer, /^D4/);
  assert.equal(client.open(answer), VALUE);
  assert.match((await ask(request)) ?? "", /^D80106/);
  // Without one there is none; and in the open it is none.
  const without = await ciphered();
  const foreign = cipheringClient(key);
  assert.equal(await without.ask(foreign.seal(GET_VALUE, { kind: "dedicated", ...both })), "D80105");
  const open = conversing(1, (host) => [keyClient(host, 1, new TestSecurity())]);
  assert.match((await open.ask(challenging(5, 3, CLIENT_TITLE, initiate))) ?? "", /A203020101A305A10302010D/);
});

test("long answers are as long as the client takes, protection included", async () => {
  const initiate = `${INITIATE.slice(0, -4)}0080`;
  const { ask, client } = await ciphered(new TestSecurity(), initiate);
  const transaction = Uint8Array.of(1, 2, 3);
  for (const style of [
    { kind: "global", ...both },
    { kind: "general-global", ...both },
    { kind: "general-ciphering", key: "unicast", transaction, ...both },
  ] as const) {
    let answer = (await ask(client.seal("C001C100070100630100FF0200", style))) ?? "";
    let bytes = 0;
    for (let number = 1; ; number++) {
      assert.ok(answer.length / 2 <= 128 && answer.length > 0);
      const plain = client.open(answer);
      assert.match(plain, /^C402C1/);
      bytes += plain.length / 2 - 10;
      if (plain.slice(6, 8) === "01") break;
      answer = (await ask(client.seal(`C002C1${number.toString(16).padStart(8, "0")}`, style))) ?? "";
    }
    assert.equal(bytes, 2 + 40 * 41);
  }

  // Of 52 bytes, nothing is left for what is within.
  const little = await ciphered(new TestSecurity(), `${INITIATE.slice(0, -4)}0034`);
  const request = little.client.seal(GET_VALUE, { kind: "general-ciphering", key: "unicast", transaction, ...both });
  assert.equal(await little.ask(request), "D80104");
});

test("a release that is protected has to be the client's; one that is not is taken as it is", async () => {
  const { ask, client, conversation } = await ciphered();
  const sealed = client.seal(INITIATE, { kind: "global", ...both });
  const rlrq = (information: string): string =>
    `62${(information.length / 2 + 7).toString(16).padStart(2, "0")}800100BE${(information.length / 2 + 2).toString(16).padStart(2, "0")}04${(information.length / 2).toString(16).padStart(2, "0")}${information}`;
  assert.equal(await ask(rlrq(`${sealed.slice(0, -2)}${sealed.endsWith("00") ? "01" : "00"}`)), "D80105");
  assert.equal(conversation?.associated, true);
  assert.equal(await ask(rlrq(sealed)), "6303800100");
  assert.equal(conversation?.associated, false);
});

test("a client whose answers cannot be protected as its policy asks has no association", async () => {
  const security = new TestSecurity();
  security.policy = 0x20;
  const client = cipheringClient();
  const talk = conversing(1, (host) => [keyClient(host, 1, security)]);
  const sealed = client.seal(INITIATE, { kind: "global", authenticated: false, encrypted: true });
  security.authentication = undefined;
  const request = challenging(0, 3, CLIENT_TITLE, sealed)
    .replace(/8A020780.*?EEFF/, "")
    .slice(4);
  const aare = await talk.ask(`60${(request.length / 2).toString(16).padStart(2, "0")}${request}`);
  assert.match(aare ?? "", /A203020101A305A10302010D/);
  assert.equal(talk.conversation?.associated, false);
  assert.equal(talk.host.sessions.size, 0);
});

test("who signs its challenge by ECDSA on P-256 is associated, and is answered by a signature", async () => {
  const [client, server] = [0, 1].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
  assert.ok(client && server);
  const jwk = (key: KeyObject): webcrypto.JsonWebKey => key.export({ format: "jwk" });
  const raw = (text = ""): Uint8Array => Uint8Array.from(Buffer.from(text, "base64url"));
  const { x, y } = jwk(client.publicKey);
  const security = new TestSecurity();
  security.suite = 1;
  security.signing = raw(jwk(server.privateKey).d);
  security.clientSigning = Uint8Array.of(...raw(x), ...raw(y));
  const talk = conversing(1, (host) => [keyClient(host, 1, security, { mechanisms: ["high-ecdsa"] })], undefined, 2);
  const toServer = "5A".repeat(32);
  const request = challenging(7, 1, CLIENT_TITLE).replace(`AC128010${TO_SERVER}`, `AC228020${toServer}`).slice(4);
  const aare = (await talk.ask(`60${(request.length / 2).toString(16)}${request}`)) ?? "";
  const toClient = CHALLENGE.repeat(2);
  assert.ok(aare.includes(`890760857405080207AA228020${toClient}`), aare);
  const signature = (text: string, key: KeyObject): string =>
    sign("sha256", fromHex(text), { key, dsaEncoding: "ieee-p1363" }).toString("hex").toUpperCase();
  // Of the server's text a signature by the client's key is none.
  const proof = signature(`${CLIENT_TITLE}${SERVER_TITLE}${toClient}${toServer}`, client.privateKey);
  const answer = (await talk.ask(pass3(proof))) ?? "";
  const [, theirs = ""] = /^C701C10001000940(.{128})$/.exec(answer) ?? assert.fail(answer);
  const said = fromHex(`${SERVER_TITLE}${CLIENT_TITLE}${toServer}${toClient}`);
  assert.ok(verify("sha256", said, { key: server.publicKey, dsaEncoding: "ieee-p1363" }, fromHex(theirs)));
  assert.equal(talk.conversation?.associated, true);
  assert.equal(await talk.ask(GET_VALUE), VALUE);

  // Signed by somebody else, it opens nothing.
  const other = conversing(1, (host) => [keyClient(host, 1, security, { mechanisms: ["high-ecdsa"] })], undefined, 2);
  await other.ask(`60${(request.length / 2).toString(16)}${request}`);
  const wrong = signature(`${CLIENT_TITLE}${SERVER_TITLE}${toClient}${toServer}`, server.privateKey);
  assert.equal(await other.ask(pass3(wrong)), "C701C1FA00");
});
