/** MMS over TLS with certificates that OpenSSL makes: the role in one says what its owner may do; libiec61850's client comes as it is. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { associate, usual } from "#protocol/iec61850/osi/associate.ts";
import type { Association } from "#protocol/iec61850/osi/association.ts";
import { fromHex, toHex } from "../mms-exchanges.ts";
import { meter, open, portOf } from "../mms-listening.ts";
import { initiateRequest } from "../mms-serving.ts";
import { temporaryFolder } from "../running-site.ts";
import { FrailPeer, peersPython, runProgram, tryAgain, withFrailPeer, without, withoutPeers } from "./programs.ts";
import { certificates } from "./role-certificates.ts";

test("over TLS the role in a certificate says what a client may do", { skip: without("openssl") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = await certificates(folder);
  const keys = { port: 0, certificate: "meter.pem", key: "meter.key", authority: "ca.pem" };
  const roles = { operator: "write", viewer: "read" };
  const listen = [
    { mms: "tls", ...keys, roles },
    { mms: "tls", ...keys, near: false },
  ];
  const one = meter("one", listen, { room: () => 8 });
  const [named, all] = await open(t, [one], folder);
  assert.match(named!.urls[0]!.url, /^mms\+tls:\/\/127\.0\.0\.1:\d+\/JEM01$/);
  const text = (file: string): string => readFileSync(at(file), "utf8");
  const associated = async (name: string, port: number): Promise<Association> => {
    const identity = { certificate: text(`${name}.pem`), key: text(`${name}.key`), authority: text("ca.pem") };
    const link = await connectTcp("127.0.0.1", port, 5000, identity);
    t.after(() => link.close());
    return associate(link, {
      clock: new SystemClock(),
      timeoutMs: 5000,
      ...usual,
      initiate: fromHex(initiateRequest),
      user: () => ({ received: (pdu) => void heard.push(toHex(pdu)), over() {} }),
    });
  };
  const heard: string[] = [];
  const rights: Record<string, unknown> = {};
  for (const [name, listener] of [
    ["operator", named],
    ["viewer", named],
    ["cleaner", named],
    ["nobody", named],
    ["nobody", all],
  ] as const) {
    await associated(name, portOf(listener!));
    const { rights: has, near } = one.host.admitted.at(-1)!;
    rights[`${name}, ${listener === named ? "roles" : "no roles"}`] = [has, near];
  }
  assert.deepEqual(rights, {
    "operator, roles": ["write", true],
    "viewer, roles": ["read", true],
    "cleaner, roles": ["none", true],
    "nobody, roles": ["none", true],
    "nobody, no roles": ["write", false],
  });
  await assert.rejects(associated("stranger", portOf(named!)));
});

const script = fileURLToPath(new URL("iec61850-tls.py", import.meta.url));
const skip = without("openssl") || withoutPeers("pyiec61850");

test("libiec61850's client comes over TLS as it is; who is not let in, and why, is told", { skip }, (t) =>
  withFrailPeer(t, () => comesAsItIs(t)),
);

async function comesAsItIs(t: TestContext): Promise<void> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = await certificates(folder);
  const keys = { port: 0, certificate: "meter.pem", key: "meter.key", authority: "ca.pem" };
  const one = meter("one", [{ mms: "tls", ...keys, roles: { operator: "write" } }], { room: () => 8 });
  const told: string[] = [];
  const [listener] = await open(t, [one], folder, ({ words }) => void told.push(words));
  const port = portOf(listener!);
  const asked = async (name: string, authority = "ca"): Promise<string | undefined> => {
    const files = [`${name}.pem`, `${name}.key`, `${authority}.pem`].map(at);
    const { status, out } = await runProgram(peersPython, [script, String(port), ...files]);
    if (status === tryAgain) throw new FrailPeer(out);
    assert.equal(status, 0, out);
    // It tells of certificates besides.
    return /^(is\|.*|error \d+)$/m.exec(out)?.[1];
  };
  const { vendor, model, revision } = one.host.settings.identity;
  assert.equal(await asked("operator"), `is|${vendor}|${model}|${revision}`);
  assert.equal(told.length, 0);
  // As a meter answers who has no role.
  one.host.barred = "nobody";
  for (const name of ["cleaner", "nobody", "stranger"]) assert.match((await asked(name)) ?? "", /^error \d+$/);
  one.host.barred = undefined;
  assert.match((await asked("operator", "stranger-ca")) ?? "", /^error \d+$/);
  const place = `mms tls 127.0.0.1:${port}: `;
  assert.deepEqual(
    told.map((words) => words.replace(place, "").replace(/127\.0\.0\.1:\d+ is not let in: /, "")),
    [
      'its certificate has the role "cleaner"; roles of the listener are operator',
      "its certificate has no role; roles of the listener are operator",
      "its certificate is signed by none of those in the authority's file",
      "it does not know who signed the certificate here",
    ],
  );
}
