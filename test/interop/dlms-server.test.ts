/** gurux-dlms, dlms-cosem and jDLMS as clients of the server over the wrapper on TCP, with every authentication that they have. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { goldenClients, goldenServices, keyClient, TestHost, TestSecurity } from "../dlms-host.ts";
import { jdlmsPeer, peersPython, runProgram, withoutJdlms, withoutPeers } from "./programs.ts";

/** The test's meter on a port of its own: clients 16 to 18 as the golden ones, and client 1 with keys. */
async function served(t: TestContext): Promise<{ readonly port: string; readonly host: TestHost }> {
  const host = new TestHost({
    settings: { conformance: new Set([...goldenServices, "general-protection", "access"]) },
    clients: (host) => [...goldenClients(host).slice(0, 3), keyClient(host, 1, new TestSecurity())],
  });
  const server = dlmsServer(host, { port: "ethernet 1" });
  const options = { host: "127.0.0.1", port: 0, maxConnections: 1, clock: new SystemClock() };
  const listener = await listenTcp(options, (link) => serveWrapper(link, server, { near: true }));
  t.after(() => listener.close());
  return { port: String(listener.port), host };
}

/** What a program says in lines of JSON; other lines are its own talk. */
async function said(program: string, words: readonly string[]): Promise<readonly unknown[]> {
  const { out, status } = await runProgram(program, words, 30_000);
  assert.equal(status, 0, out);
  return out
    .split("\n")
    .filter((line) => /^[["\d]/.test(line))
    .map((line) => JSON.parse(line) as unknown);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

const objects = [
  [15, 0, "0.0.40.0.0.255"],
  [15, 0, "0.0.40.0.1.255"],
  [15, 0, "0.0.40.0.2.255"],
  [15, 0, "0.0.40.0.3.255"],
  [15, 0, "0.0.40.0.4.255"],
  [1, 0, "0.0.42.0.0.255"],
  [17, 0, "0.0.41.0.0.255"],
  [1, 0, "0.0.43.1.0.255"],
  [3, 0, "1.0.1.7.0.255"],
  [3, 0, "1.0.2.7.0.255"],
  [8, 0, "0.0.1.0.0.255"],
  [7, 1, "1.0.99.1.0.255"],
  [1, 0, "0.0.96.1.0.255"],
];
const setup = [64, 1, "0.0.43.0.0.255"];

/** Gurux asks for three entries from the second on. */
const gurux = (list: readonly unknown[]): readonly unknown[] => [
  ["objects", list],
  ["value", 1234.567],
  ["unit", [0.001, 27]],
  [
    "captured",
    [
      [8, "0.0.1.0.0.255", 2],
      [1, "0.0.96.10.1.255", 2],
      [3, "1.0.1.29.0.255", 2],
      [3, "1.0.2.29.0.255", 2],
      [3, "1.0.3.29.0.255", 2],
      [3, "1.0.4.29.0.255", 2],
    ],
  ],
  [
    "entries",
    [
      [0.25, 1.25, 2.25, 3.25],
      [0.5, 1.5, 2.5, 3.5],
      [0.75, 1.75, 2.75, 3.75],
    ],
  ],
  ["rows", [40, [1, 9.75, 10.75, 11.75, 12.75]]],
  ["list", [1_234_567, [-3, 27]]],
  ["access", [1_234_567, [0, 0]]],
  ["written", 900],
  ["denied", 3],
  ["echo", 100],
  ["reset", true],
  ["released", true],
];

test(
  "gurux-dlms reads all objects, rows, lists, and writes and invokes in blocks, with every authentication",
  { skip: withoutPeers("gurux_dlms") },
  async (t) => {
    const { port, host } = await served(t);
    const ask = (...words: readonly string[]): Promise<readonly unknown[]> =>
      said(peersPython, [script("dlms-gurux-reader.py"), port, ...words]);
    assert.deepEqual(await ask("16", "none", "", "512"), gurux(objects));
    assert.deepEqual(await ask("17", "low", "Gurux", "65535"), gurux(objects));
    for (const mechanism of ["md5", "sha1", "sha256"])
      assert.deepEqual(await ask("18", mechanism, "a secret of both", "1024"), gurux(objects), mechanism);
    const withKeys = gurux([...objects.slice(0, 5), setup, ...objects.slice(5)]);
    assert.deepEqual(await ask("1", "gmac", "", "512"), withKeys);
    assert.deepEqual(await ask("17", "low", "Wrong", "512"), [
      ["refused", "Connection is permanently rejected\r\nAuthentication failure."],
    ]);
    assert.deepEqual(await ask("18", "md5", "another", "512"), [["refused", "Access Error : Other Reason."]]);
    assert.equal(host.sessions.size, 0);
  },
);

test(
  "dlms-cosem reads in blocks, ciphered with global and dedicated keys",
  { skip: withoutPeers("dlms_cosem") },
  async (t) => {
    const { port, host } = await served(t);
    const ask = (...words: readonly string[]): Promise<readonly unknown[]> =>
      said(peersPython, [script("dlms-cosem-reader.py"), port, ...words]);
    // 40 rows of 41 bytes, and the two before them.
    const expected = (count: number): readonly unknown[] => [
      ["objects", count],
      ["value", 1_234_567],
      ["unit", [-3, 27]],
      ["captured", 6],
      ["rows", 1642],
      ["released", true],
    ];
    assert.deepEqual(await ask("16", "none", "", "300", "0"), expected(13));
    assert.deepEqual(await ask("17", "low", "Gurux", "300", "0"), expected(13));
    assert.deepEqual(await ask("1", "gmac", "", "300", "100"), expected(14));
    assert.deepEqual(await ask("1", "gmac", "", "300", "200", "dedicated"), expected(14));
    // A client whose counter has gone back is a replay.
    const [again] = await ask("1", "gmac", "", "300", "100");
    assert.match(JSON.stringify(again), /refused.*AUTHENTICATION_FAILED/);
    assert.equal(host.sessions.size, 0);
  },
);

test("jDLMS reads with no security, a password and GMAC", { skip: withoutJdlms() }, async (t) => {
  const { port } = await served(t);
  const things = [
    "1.0.1.7.0.255/3/2",
    "1.0.1.7.0.255/3/3",
    "0.0.1.0.0.255/8/2",
    "1.0.99.1.0.255/7/2",
    "1.0.9.9.9.255/3/2",
  ];
  for (const [client, mechanism, password] of [
    ["16", "none", "-"],
    ["17", "low", "Gurux"],
    ["1", "gmac", "-"],
  ] as const) {
    const [value, unit, time, rows, missing] = await said("java", [
      ...jdlmsPeer,
      "read",
      port,
      client,
      "wrapper",
      mechanism,
      password,
      ...things,
    ]);
    assert.deepEqual(
      [value, unit, time, missing],
      [1_234_567, [-3, 27], "07e902130315140000000000", "OBJECT_UNDEFINED"],
    );
    assert.ok(Array.isArray(rows) && rows.length === 40);
    assert.deepEqual(rows[3], ["07e902130315170000000000", 1, 0.75, 1.75, 2.75, 3.75]);
  }
});
