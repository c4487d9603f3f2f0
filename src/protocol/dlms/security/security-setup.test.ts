/** IC 64: what it shows, and how keys get to a meter: wrapped under the master key (RFC 3394), agreed on (C(2e, 0s)), or not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapKey } from "#io/ciphers.ts";
import { publicKeyOf } from "#io/curves.ts";
import type { Refused } from "#quantity/authority.ts";
import type { ClientSecurity, SecretKey } from "#protocol/dlms/cosem/logical-device.ts";
import { isDenied, mayInvoke, type ActionResult, type Asker, type CosemObject } from "#protocol/dlms/cosem/object.ts";
import { array, enumerated, octets, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { agreedKey, ephemeralOf, makeEphemeral } from "./key-agreement.ts";
import { everyKey, hex } from "./party-fixture.ts";
import { invocationCounter, securitySetup } from "./security-setup.ts";
import type { SuiteId } from "./protection.ts";

const asker: Asker = {
  client: 1,
  session: { peer: { protocol: "dlms", port: "ethernet 1", near: false } },
};
const serverTitle = hex("4752580000000001");
const clientTitle = hex("4A444C0000000007");

interface Rig {
  readonly object: CosemObject;
  readonly set: Map<SecretKey | "policy", Uint8Array>;
  readonly keys: ReturnType<typeof everyKey>;
  invoke(method: number, data: Data): { readonly result: ActionResult; readonly data?: Data };
  attribute(id: number): Data;
}

function setup(suite: SuiteId, options: { bars?: Refused; policy?: number; without?: "master" | "title" } = {}): Rig {
  const keys = everyKey(suite);
  const set = new Map<SecretKey | "policy", Uint8Array>();
  const { server } = keys;
  const security: ClientSecurity = {
    ...server,
    master: options.without === "master" ? undefined : server.master,
    clientSigning: server.peerSigning,
    policy: options.policy ?? 0,
    received: 77,
    setKey(key, value) {
      if (options.bars === undefined) set.set(key, value);
      return options.bars;
    },
    setPolicy(policy) {
      if (options.bars === undefined) set.set("policy", Uint8Array.of(policy));
      return options.bars;
    },
  };
  const object = securitySetup({
    logicalName: "0.0.43.0.1.255",
    security,
    serverTitle,
    clientTitle: () => (options.without === "title" ? undefined : clientTitle),
    mayInvoke: ({ client }) => client === 1,
  });
  return {
    object,
    set,
    keys,
    invoke(id, data) {
      const method = object.methods.find((one) => one.id === id);
      assert.ok(method !== undefined, `there is no method ${id}`);
      const invoked = method.invoke(asker, data);
      return typeof invoked === "string" ? { result: invoked } : invoked;
    },
    attribute(id) {
      const found = object.attributes.find((one) => one.id === id)?.get(asker);
      assert.ok(found !== undefined && !isDenied(found) && found.type !== "rows");
      return found;
    },
  };
}

const keyData = (id: number, value: Uint8Array): Data => structure(enumerated(id), octets(value));

test("what it shows: policy, suite, both titles and no certificate; and the counter of its client", () => {
  const rig = setup(1, { policy: 0x6c });
  assert.deepEqual([rig.object.classId, rig.object.version], [64, 1]);
  assert.deepEqual(
    [2, 3, 4, 5, 6].map((id) => rig.attribute(id)),
    [enumerated(0x6c), enumerated(1), octets(clientTitle), octets(serverTitle), array([])],
  );
  assert.deepEqual(setup(0, { without: "title" }).attribute(4), octets(new Uint8Array(0)));
  const security = { received: 0x3065ed2b } as ClientSecurity;
  const counter = invocationCounter("0.0.43.1.1.255", security).attributes[0]?.get(asker);
  assert.deepEqual(counter, { type: "double-long-unsigned", value: 0x3065ed2b });
});

test("methods that do something are there: keys are agreed on in suites 1 and 2 only, and by its own client", () => {
  const methods = (suite: SuiteId): readonly number[] => setup(suite).object.methods.map(({ id }) => id);
  assert.deepEqual(
    [methods(0), methods(1), methods(2)],
    [
      [1, 2],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ],
  );
  for (const method of setup(1).object.methods) {
    assert.ok(mayInvoke(method, asker));
    assert.ok(!mayInvoke(method, { ...asker, client: 16 }));
  }
});

test("keys that the master key wraps are set, all of them", () => {
  const rig = setup(0);
  const { master } = rig.keys.client;
  assert.ok(master !== undefined);
  const [one, other] = [hex("00112233445566778899AABBCCDDEEFF"), hex("FFEEDDCCBBAA99887766554433221100")];
  const sent = array([keyData(0, wrapKey(one, master)), keyData(2, wrapKey(other, master))]);
  assert.deepEqual(rig.invoke(2, sent), { result: "success" });
  assert.deepEqual(
    [...rig.set],
    [
      ["encryption", one],
      ["authentication", other],
    ],
  );
});

test("what is not wrapped, not wrapped under the master key, of another length or shape, or twice the same key sets nothing", () => {
  const rig = setup(0);
  const { master, encryption } = rig.keys.client;
  assert.ok(master !== undefined && encryption !== undefined);
  const good = keyData(0, wrapKey(new Uint8Array(16), master));
  const cases: readonly (readonly [Data, ActionResult])[] = [
    [array([good, keyData(1, wrapKey(new Uint8Array(16), encryption))]), "other-reason"],
    [array([good, keyData(1, new Uint8Array(16))]), "other-reason"],
    [array([good, keyData(1, wrapKey(new Uint8Array(32), master))]), "other-reason"],
    [array([good, good]), "type-unmatched"],
    [array([good, keyData(4, new Uint8Array(24))]), "type-unmatched"],
    [array([structure(unsigned(0), octets(new Uint8Array(24)))]), "type-unmatched"],
    [array([structure(enumerated(0))]), "type-unmatched"],
    [array([]), "type-unmatched"],
    [good, "type-unmatched"],
  ];
  for (const [data, result] of cases) assert.deepEqual(rig.invoke(2, data), { result });
  assert.deepEqual(setup(0, { without: "master" }).invoke(2, array([good])), { result: "object-unavailable" });
  assert.equal(rig.set.size, 0);
});

test("who may not is told so", () => {
  const rig = setup(0, { bars: { refused: "privilege", words: ["configureProtocols is missing"] } });
  const { master } = rig.keys.client;
  assert.ok(master !== undefined);
  assert.deepEqual(rig.invoke(2, array([keyData(0, wrapKey(new Uint8Array(16), master))])), {
    result: "read-write-denied",
  });
  assert.deepEqual(rig.invoke(1, enumerated(0x0c)), { result: "read-write-denied" });
});

test("a policy grows only, and is one that can be met", () => {
  const cases: readonly (readonly [before: number, next: Data, result: ActionResult])[] = [
    [0, enumerated(0x0c), "success"],
    [0x0c, enumerated(0x6c), "success"],
    [0x0c, enumerated(0x04), "other-reason"],
    [0, enumerated(0x01), "other-reason"],
    [0, enumerated(0x10), "other-reason"],
    [0, unsigned(4), "type-unmatched"],
  ];
  for (const [policy, next, result] of cases) {
    const rig = setup(0, { policy });
    assert.deepEqual(rig.invoke(1, next), { result });
    assert.equal(rig.set.has("policy"), result === "success");
  }
  assert.deepEqual(setup(1).invoke(1, enumerated(0x10)), { result: "success" });
});

for (const suite of [1, 2] as const) {
  test(`suite ${suite}: a key is agreed on, the same on both sides`, () => {
    const rig = setup(suite);
    const curve = suite === 1 ? "P-256" : "P-384";
    const { signing, peerSigning } = rig.keys.client;
    assert.ok(signing !== undefined && peerSigning !== undefined);
    const mark = Uint8Array.of(0);
    const own = makeEphemeral(curve, signing, mark);
    assert.ok(own !== undefined);
    const { result, data } = rig.invoke(3, array([keyData(0, own.data)]));
    assert.equal(result, "success");
    const [answer] = data?.type === "array" ? data.value : [];
    const [id, value] = answer?.type === "structure" ? answer.value : [];
    assert.ok(id?.type === "enum" && id.value === 0 && value?.type === "octet-string");
    const publicKey = ephemeralOf(curve, value.value, { publicKey: peerSigning, mark });
    assert.ok(publicKey !== undefined);
    const parties = { originator: clientTitle, recipient: serverTitle };
    assert.deepEqual(rig.set.get("encryption"), agreedKey(suite, { privateKey: own.privateKey, publicKey }, parties));
    assert.equal(rig.set.get("encryption")?.length, suite === 1 ? 16 : 32);
  });

  test(`suite ${suite}: an ephemeral key that is not signed for this key by this client agrees on nothing`, () => {
    const rig = setup(suite);
    const curve = suite === 1 ? "P-256" : "P-384";
    const { signing } = rig.keys.client;
    const other = everyKey(suite).client.signing;
    assert.ok(signing !== undefined && other !== undefined);
    for (const [key, mark] of [
      [signing, 1],
      [other, 0],
    ] as const) {
      const own = makeEphemeral(curve, key, Uint8Array.of(mark));
      assert.ok(own !== undefined);
      assert.deepEqual(rig.invoke(3, array([keyData(0, own.data)])), { result: "other-reason" });
    }
    assert.deepEqual(rig.invoke(3, array([keyData(0, new Uint8Array(3))])), { result: "other-reason" });
    assert.deepEqual(setup(suite, { without: "title" }).invoke(3, array([keyData(0, new Uint8Array(3))])), {
      result: "object-unavailable",
    });
    assert.equal(rig.set.size, 0);
  });
}

test("a key pair is made and kept by who may, and its public key is in the request for its certificate", () => {
  for (const [id, key] of [
    [0, "signing"],
    [1, "agreement"],
  ] as const) {
    const rig = setup(1);
    assert.deepEqual(rig.invoke(4, enumerated(id)), { result: "success" });
    const made = rig.set.get(key);
    assert.ok(made !== undefined && publicKeyOf("P-256", made) !== undefined);
    const { result, data } = rig.invoke(5, enumerated(id));
    assert.equal(result, "success");
    const kept = rig.keys.server[key];
    const publicKey = kept === undefined ? undefined : publicKeyOf("P-256", kept);
    assert.ok(data?.type === "octet-string" && publicKey !== undefined);
    assert.ok(Buffer.from(data.value).includes(publicKey));
  }
  for (const method of [4, 5]) {
    assert.deepEqual(setup(1).invoke(method, enumerated(2)), { result: "type-unmatched" });
    assert.deepEqual(setup(1).invoke(method, unsigned(0)), { result: "type-unmatched" });
  }
  const barred = setup(1, { bars: { refused: "key", words: [] } });
  assert.deepEqual(barred.invoke(4, enumerated(0)), { result: "scope-of-access-violated" });
  assert.equal(barred.set.size, 0);
});
