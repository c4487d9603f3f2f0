/** A JEMStar and a client with keys, whole: it is read and told under them, keys are changed over DLMS, and who has others is kept out. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { wrapKey } from "#io/ciphers.ts";
import { makeKeyPair, type KeyPair } from "#io/curves.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { proposed } from "#protocol/dlms/client/association.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { DlmsError } from "#protocol/dlms/client/failing.ts";
import { byKeys, makeDedicatedKey, type KeyedOptions } from "#protocol/dlms/client/keyed.ts";
import { array, enumerated, octets, structure } from "#protocol/dlms/data/data.ts";
import { agreedKey, ephemeralOf, makeEphemeral } from "#protocol/dlms/security/key-agreement.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const encryption = hex("000102030405060708090A0B0C0D0E0F");
const authentication = hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
const master = hex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF");
const title = hex("4A444C0000000007");
const serverTitle = "4752580000000001";
const sealing = { authenticated: true, encrypted: true };
const SETUP = { classId: 64, logicalName: "0.0.43.0.0.255" } as const;
const POWER = { classId: 3, logicalName: "1.0.32.7.0.255", attribute: 2 } as const;

interface Whole extends JemStarRig {
  /** A conversation of the client; all that it has sent. */
  carrier(sap?: number): ApduCarrier & { readonly sent: readonly Uint8Array[] };
  /** Associates with keys; what is not said is right. */
  associate(
    options?: Partial<KeyedOptions> & {
      readonly suite?: 0 | 1 | 2;
      readonly key?: Uint8Array;
      readonly taken?: (carrier: ApduCarrier) => void;
    },
  ): Promise<DlmsClient>;
}

function whole(t: TestContext, client: string): Whole {
  const configuration = `
communications: { ethernet1: { dlms: { use: enabled } } }
dlms:
  conformance: full
  systemTitle: "${serverTitle}"
  clients: [{ sap: 16 }, ${client}]
`;
  const rig = jemStar(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP", configuration });
  rig.run(1);
  const host = deviceOf(rig.jem).bindings.dlms?.({ port: "ethernet 1" });
  assert.ok(host !== undefined);
  const server = dlmsServer(host, { port: "ethernet 1" });
  const keep = (name: string, value: Uint8Array): void => {
    const command = { command: "secret", name: `dlms.1.${name}`, value: value.toHex(), encoding: "hex", user: "admin" };
    assert.equal(rig.tell(command), "done");
  };
  keep("encryption", encryption);
  keep("authentication", authentication);
  keep("master", master);
  let counter = 1;
  const carrier: Whole["carrier"] = (sap = 1) => {
    const carrying = { peer: "192.0.2.9:4059", near: false, longest: undefined, push: () => {} };
    const conversation = server.converse({ client: sap, server: 1 }, carrying);
    const sent: Uint8Array[] = [];
    return {
      peer: "the meter",
      longest: undefined,
      sent,
      open: async () => {},
      async ask(apdu) {
        sent.push(apdu);
        const answer = await conversation?.request(apdu);
        if (answer === undefined) throw new Error("nothing was answered");
        return answer;
      },
      notified: () => {},
      close: async () => conversation?.end(),
    };
  };
  let last: ApduCarrier | undefined;
  return {
    ...rig,
    carrier,
    async associate({ suite = 0, key = encryption, taken = () => {}, ...options } = {}) {
      await last?.close();
      last = carrier();
      taken(last);
      const keys = { suite, encryption: key, authentication, nextCounter: () => counter++, ...options.keys };
      return DlmsClient.associate(last, {
        authentication: byKeys({ mechanism: "high-gmac", title, sealing, ...options, keys }),
        conformance: new Set([...proposed, "general-protection"] as const),
      });
    },
  };
}

const GMAC =
  "{ sap: 1, authentication: [high-gmac], ciphering: must, policy: [authenticated request, encrypted request] }";

async function volts(client: DlmsClient): Promise<number> {
  const found = await client.get(POWER);
  assert.ok("data" in found && found.data.type === "double-long-unsigned", JSON.stringify(found));
  return found.data.value / 1000;
}

test("a client with GMAC reads the meter under its keys: in APDUs of the service, general ones, and under a key of its own", async (t) => {
  const rig = whole(t, GMAC);
  for (const options of [
    {},
    { general: true },
    { dedicated: makeDedicatedKey(0) },
    { general: true, dedicated: makeDedicatedKey(0) },
  ]) {
    const client = await rig.associate(options);
    assert.equal(Math.round(await volts(client)), 120);
  }
  assert.ok(rig.log("security").some((line) => line.startsWith("admin: logged in")));
});

test("who is not protected as the policy asks, or has other keys, is kept out; that is logged, and he is locked out", async (t) => {
  const rig = whole(t, GMAC);
  await assert.rejects(rig.associate({ sealing: undefined }), DlmsError);
  await assert.rejects(rig.associate({ sealing: { authenticated: true, encrypted: false } }), DlmsError);
  await assert.rejects(rig.associate({ key: master }), DlmsError);
  const plain = await rig.carrier(16).ask(hex("C001C10003010020 0700FF0200".replace(" ", "")));
  assert.equal(plain[0], 0xd8);
  // With the key of encryption alone he is heard, and cannot answer.
  const withoutCipher = whole(t, "{ sap: 1, authentication: [high-gmac], ciphering: may }");
  let refused = 0;
  for (let tries = 0; tries < 12; tries++)
    await withoutCipher.associate({ sealing: undefined, key: master }).catch((error: unknown) => {
      assert.ok(error instanceof DlmsError);
      refused++;
    });
  assert.equal(refused, 12);
  const log = withoutCipher.log("security").join("\n");
  assert.match(log, /wrong key/);
  assert.match(log, /locked out/);
  await assert.rejects(
    withoutCipher.associate({ sealing: undefined }),
    DlmsError,
    "locked out with the right key, too",
  );
});

test("who must cipher is not answered in the clear, without a policy either", async (t) => {
  const rig = whole(t, "{ sap: 1, authentication: [high-gmac], ciphering: must }");
  let carrier: ApduCarrier | undefined;
  const client = await rig.associate({ taken: (one) => void (carrier = one) });
  assert.equal(Math.round(await volts(client)), 120);
  assert.equal((await carrier?.ask(hex("C001C100030100200700FF0200")))?.toHex(), "d80101");
  assert.equal(Math.round(await volts(client)), 120);
});

test("who has shown a key that the meter forgets has no association any more, and others have theirs", async (t) => {
  for (const [forgotten, stays] of [
    ["dlms.1.authentication", false],
    ["dlms.1.encryption", false],
    ["dlms.2.encryption", true],
  ] as const) {
    const rig = whole(t, "{ sap: 1, authentication: [high-gmac], ciphering: may }");
    assert.equal(rig.tell({ command: "secret", name: "dlms.2.encryption", value: "00", encoding: "hex" }), "invalid");
    const other = { command: "secret", name: "dlms.2.encryption", value: encryption.toHex(), encoding: "hex" };
    assert.equal(rig.tell(other), "done");
    let carrier: ApduCarrier | undefined;
    await rig.associate({ taken: (one) => void (carrier = one) });
    assert.equal(rig.tell({ command: "secret", name: forgotten, value: null }), "done");
    const answer = (await carrier?.ask(hex("C001C100030100200700FF0200")))?.toHex() ?? "";
    assert.equal(answer.startsWith("c401c100"), stays, `${forgotten}: ${answer}`);
  }
});

test("a meter that had no power knows nobody when it starts again", async (t) => {
  const rig = whole(t, GMAC);
  const client = await rig.associate();
  assert.equal(Math.round(await volts(client)), 120);
  for (const command of ["auxiliary", "powerDown"])
    assert.equal(rig.tell(command === "auxiliary" ? { command, live: false } : { command }), "done");
  rig.run(1);
  assert.equal(rig.tell({ command: "powerUp" }), "done");
  rig.run(1);
  await assert.rejects(volts(client), DlmsError);
  assert.equal(Math.round(await volts(await rig.associate())), 120);
});

test("who guesses the key of encryption is logged and locked out, too", async (t) => {
  const rig = whole(t, GMAC);
  for (let tries = 0; tries < 12; tries++) await assert.rejects(rig.associate({ key: master }), DlmsError);
  const log = rig.log("security").join("\n");
  assert.match(log, /wrong key/);
  assert.match(log, /locked out/);
  await assert.rejects(rig.associate(), DlmsError, "locked out with the right key, too");
});

test("keys are transferred: the answer comes under the old ones, all that follows goes under the new ones", async (t) => {
  const rig = whole(t, GMAC);
  const client = await rig.associate();
  const next = hex("FFEEDDCCBBAA99887766554433221100");
  const keys = array([structure(enumerated(0), octets(wrapKey(next, master)))]);
  assert.equal((await client.act({ ...SETUP, method: 2 }, keys)).result, "success");
  await assert.rejects(client.get(POWER));
  await assert.rejects(rig.associate(), DlmsError);
  assert.equal(Math.round(await volts(await rig.associate({ key: next }))), 120);
  assert.ok(rig.log("security").some((line) => line === "admin: secret dlms.1.encryption set"));
  assert.deepEqual(rig.jem.secrets.secret("dlms.1.encryption"), next);
});

test("what was recorded is refused when it comes again: in the association, and in another one", async (t) => {
  const rig = whole(t, GMAC);
  const first = rig.carrier();
  let counter = 100;
  const keys = { suite: 0, encryption, authentication, nextCounter: () => counter++ } as const;
  const client = await DlmsClient.associate(first, {
    authentication: byKeys({ mechanism: "high-gmac", title, sealing, keys }),
  });
  await volts(client);
  const [aarq, pass3, get] = first.sent;
  assert.ok(aarq !== undefined && pass3 !== undefined && get !== undefined);
  // exception-response: service not allowed, invocation counter error, and the one that is due.
  assert.equal(Buffer.from(await first.ask(get)).toString("hex"), "d80106" + counter.toString(16).padStart(8, "0"));
  await first.close();
  const again = rig.carrier();
  const refused = await again.ask(aarq);
  assert.equal(refused[0], 0x61);
  assert.ok(!Buffer.from(refused).toString("hex").includes("a203020100"), "the AARQ is rejected");
});

test("the policy grows over DLMS, and counts at once", async (t) => {
  const rig = whole(t, GMAC);
  const client = await rig.associate();
  assert.equal((await client.act({ ...SETUP, method: 1 }, enumerated(0x6c))).result, "success");
  const found = await client.get({ ...SETUP, attribute: 2 });
  assert.deepEqual(found, { data: enumerated(0x6c) });
  assert.equal((await client.act({ ...SETUP, method: 1 }, enumerated(0x0c))).result, "other-reason");
});

for (const suite of [1, 2] as const) {
  test(`suite ${suite}: ECDSA shows who it is, and a key is agreed on`, async (t) => {
    const curve = suite === 1 ? "P-256" : "P-384";
    const rig = whole(t, `{ sap: 1, authentication: [high-ecdsa, high-gmac], ciphering: must, suite: ${suite} }`);
    const length = suite === 1 ? 16 : 32;
    const [meter, own]: readonly KeyPair[] = [makeKeyPair(curve), makeKeyPair(curve)];
    assert.ok(meter !== undefined && own !== undefined);
    const longer = (key: Uint8Array): Uint8Array => (length === 16 ? key : Uint8Array.of(...key, ...key));
    for (const [name, value] of [
      ["encryption", longer(encryption)],
      ["authentication", longer(authentication)],
      ["signing", meter.privateKey],
      ["client-signing", own.publicKey],
    ] as const) {
      const command = {
        command: "secret",
        name: `dlms.1.${name}`,
        value: value.toHex(),
        encoding: "hex",
        user: "admin",
      };
      assert.equal(rig.tell(command), "done");
    }
    let counter = 1;
    const keys = {
      suite,
      encryption: longer(encryption),
      authentication: longer(authentication),
      signing: own.privateKey,
      meter: meter.publicKey,
      nextCounter: () => counter++,
    };
    const client = await rig.associate({ mechanism: "high-ecdsa", keys });
    assert.equal(Math.round(await volts(client)), 120);
    const mark = Uint8Array.of(0);
    const ephemeral = makeEphemeral(curve, own.privateKey, mark);
    assert.ok(ephemeral !== undefined);
    const { result, returned } = await client.act(
      { ...SETUP, method: 3 },
      array([structure(enumerated(0), octets(ephemeral.data))]),
    );
    assert.equal(result, "success");
    const answer = returned !== undefined && "data" in returned ? returned.data : undefined;
    const [one] = answer?.type === "array" ? answer.value : [];
    const [, data] = one?.type === "structure" ? one.value : [];
    assert.ok(data?.type === "octet-string");
    const publicKey = ephemeralOf(curve, data.value, { publicKey: meter.publicKey, mark });
    assert.ok(publicKey !== undefined);
    const parties = { originator: title, recipient: hex(serverTitle) };
    const key = agreedKey(suite, { privateKey: ephemeral.privateKey, publicKey }, parties);
    assert.ok(key !== undefined);
    const next = await rig.associate({ mechanism: "high-gmac", keys: { ...keys, encryption: key } });
    assert.equal(Math.round(await volts(next)), 120);
    // Another's signature is none.
    const stranger = { ...keys, encryption: key, signing: makeKeyPair(curve).privateKey };
    await assert.rejects(rig.associate({ mechanism: "high-ecdsa", keys: stranger }), DlmsError);
  });
}

test("a client is known by its certificate, over configurations, until that is removed", async (t) => {
  const rig = whole(t, "{ sap: 1, authentication: [high-ecdsa, high-gmac], ciphering: must, suite: 1 }");
  const text = readFileSync(new URL("fixtures/dlms-certificates.txt", import.meta.url), "utf8");
  const made = (name: string): Uint8Array => hex(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1] ?? "");
  const meter = makeKeyPair("P-256");
  const signing = { command: "secret", name: "dlms.1.signing", value: meter.privateKey.toHex(), encoding: "hex" };
  assert.equal(rig.tell(signing), "done");
  let counter = 5000;
  const keys = {
    suite: 1,
    encryption,
    authentication,
    signing: made("client-private-key"),
    meter: meter.publicKey,
    nextCounter: () => counter++,
  } as const;
  const ecdsa = { mechanism: "high-ecdsa", suite: 1, keys } as const;
  await assert.rejects(rig.associate(ecdsa), DlmsError);
  const first = await rig.associate({ suite: 1, keys });
  const take = async (name: string): Promise<string> =>
    (await first.act({ ...SETUP, method: 6 }, octets(made(name)))).result;
  assert.equal(await take("client-signature"), "other-reason", "nobody has signed it whom the meter knows");
  assert.equal(await take("authority"), "success");
  assert.equal(await take("client-signature"), "success");
  assert.equal(
    rig.configure((file) => {
      file.dlms.timeSet = false;
    }),
    "done",
  );
  assert.equal(rig.jem.secrets.userOf("dlms.1.client-signing"), "admin", "who has brought it");
  const client = await rig.associate(ecdsa);
  const list = await client.get({ ...SETUP, attribute: 6 });
  assert.ok("data" in list && list.data.type === "array" && list.data.value.length === 2);
  const which = structure(enumerated(0), structure(enumerated(1), enumerated(0), octets(title)));
  const given = await client.act({ ...SETUP, method: 7 }, which);
  assert.deepEqual(given.returned, { data: octets(made("client-signature")) });
  assert.equal((await client.act({ ...SETUP, method: 8 }, which)).result, "success");
  assert.equal(rig.jem.secrets.has("dlms.1.client-signing"), false);
  await assert.rejects(rig.associate(ecdsa), DlmsError);
});
