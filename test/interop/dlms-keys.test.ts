/** gurux-dlms from the Python index, a program of its own, as a client with keys of a JEMStar: every suite, GMAC and ECDSA, and a key that it transfers. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { makeKeyPair } from "#io/curves.ts";
import { listenTcp } from "#io/tcp.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { jemStar, type JemStarRig } from "../authority-rig.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const titles = ["4752580000000001", "414d4b0000000001"];
const keys = {
  16: ["000102030405060708090a0b0c0d0e0f", "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"],
  32: [
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef",
  ],
} as const;

async function served(t: TestContext, suite: number): Promise<JemStarRig & { readonly tcp: string }> {
  const configuration = `
communications: { ethernet1: { dlms: { use: enabled } } }
dlms:
  conformance: full
  systemTitle: "${titles[1]}"
  clients: [{ sap: 16 }, { sap: 1, authentication: [high-gmac${suite === 0 ? "" : ", high-ecdsa"}], ciphering: must, suite: ${suite} }]
`;
  const rig = jemStar(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP", configuration });
  rig.run(1);
  const host = deviceOf(rig.jem).bindings.dlms?.({ port: "ethernet 1" });
  assert.ok(host !== undefined);
  const server = dlmsServer(host, { port: "ethernet 1" });
  const options = { host: "127.0.0.1", port: 0, maxConnections: 1, clock: new SystemClock() };
  const listener = await listenTcp(options, (link) => serveWrapper(link, server, { near: false }));
  t.after(() => listener.close());
  return { ...rig, tcp: String(listener.port) };
}

function keep(rig: JemStarRig, name: string, value: string): void {
  const command = { command: "secret", name: `dlms.1.${name}`, value, encoding: "hex", user: "admin" };
  assert.equal(rig.tell(command), "done");
}

async function said(...words: readonly string[]): Promise<readonly unknown[]> {
  const script = fileURLToPath(new URL("dlms-gurux-keys.py", import.meta.url));
  const { out, status } = await runProgram(peersPython, [script, ...words]);
  assert.equal(status, 0, out);
  return out
    .split("\n")
    .filter((line) => line.startsWith("["))
    .map((line) => JSON.parse(line) as unknown);
}

const skip = withoutPeers("gurux_dlms");

/** Its first answer. */
async function firstSaid(...words: readonly string[]): Promise<unknown> {
  const [first] = await said(...words);
  return Array.isArray(first) ? first[0] : undefined;
}

for (const [suite, length] of [
  [0, 16],
  [1, 16],
  [2, 32],
] as const) {
  const [encryption, authentication] = keys[length];
  const found = [
    ["volts", 120],
    ["suite", suite],
    ["titles", titles],
  ];

  test(
    `suite ${suite}: gurux-dlms reads by GMAC, and goes on under a key that it has transferred`,
    { skip },
    async (t) => {
      const rig = await served(t, suite);
      const master = "a0".repeat(length);
      const next = "b1".repeat(length);
      keep(rig, "encryption", encryption);
      keep(rig, "authentication", authentication);
      keep(rig, "master", master);
      const ask = (counter: number, key: string, ...more: readonly string[]): readonly string[] => [
        rig.tcp,
        "gmac",
        String(suite),
        String(counter),
        key,
        authentication,
        ...more,
      ];
      assert.deepEqual(await said(...ask(1000, encryption)), found);
      assert.equal(await firstSaid(...ask(1000, encryption)), "refused", "its counters are those of before");
      // It wraps keys of suite 2 under none.
      if (suite === 2) return;
      const transferred = await said(...ask(2000, encryption, "transfer", master, next));
      assert.deepEqual(transferred, [...found, ["transferred", 120]]);
      assert.deepEqual(await said(...ask(3000, next)), found);
      assert.equal(await firstSaid(...ask(4000, encryption)), "refused");
    },
  );
}

// It has no private keys on P-384.
test("suite 1: gurux-dlms shows itself by ECDSA, and finds that the meter is itself", { skip }, async (t) => {
  const rig = await served(t, 1);
  const [encryption, authentication] = keys[16];
  const [meter, own] = [makeKeyPair("P-256"), makeKeyPair("P-256")];
  keep(rig, "encryption", encryption);
  keep(rig, "authentication", authentication);
  keep(rig, "signing", meter.privateKey.toHex());
  keep(rig, "client-signing", own.publicKey.toHex());
  const ask = (counter: number, ...pair: readonly Uint8Array[]): readonly string[] => [
    rig.tcp,
    "ecdsa",
    "1",
    String(counter),
    encryption,
    authentication,
    ...pair.map((key) => key.toHex()),
  ];
  assert.deepEqual(await said(...ask(1000, own.privateKey, meter.publicKey)), [
    ["volts", 120],
    ["suite", 1],
    ["titles", titles],
  ]);
  const other = makeKeyPair("P-256");
  assert.equal(await firstSaid(...ask(2000, other.privateKey, meter.publicKey)), "refused");
  assert.equal(await firstSaid(...ask(3000, own.privateKey, other.publicKey)), "refused");
});
