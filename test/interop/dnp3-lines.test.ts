/** DNP3 on what only other programs make: certificates with roles, and a serial line, which is socat's pseudo-terminal. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openSerial } from "#io/serial.ts";
import { connectTcp } from "#io/tcp.ts";
import { fromHex } from "../dnp3-exchanges.ts";
import { controls, data, header, request } from "../dnp3-line.ts";
import { hand, meter, open, portOf } from "../dnp3-listening.ts";
import { reached } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { serialLine, without } from "./programs.ts";
import { certificates } from "./role-certificates.ts";

const CLASS_0 = "c0 01 3c 01 06";
const RESPONSE = "44 c0 c0 81 00 00";

test("over TLS the role in a certificate says what a master may do", { skip: without("openssl") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = await certificates(folder);
  const keys = { port: 0, certificate: "meter.pem", key: "meter.key", authority: "ca.pem" };
  const roles = { operator: "write", viewer: "read" };
  const one = meter("one", [
    { dnp3: "tls", ...keys, roles },
    { dnp3: "tls", ...keys },
  ]);
  const [named, all] = await open(t, [one], { folder });
  const text = (file: string): string => readFileSync(at(file), "utf8");
  const rights: Record<string, unknown> = {};
  for (const [name, listener] of [
    ["operator", named],
    ["viewer", named],
    ["cleaner", named],
    ["nobody", named],
    ["nobody", all],
  ] as const) {
    const identity = { certificate: text(`${name}.pem`), key: text(`${name}.key`), authority: text("ca.pem") };
    const peer = hand(t, await connectTcp("127.0.0.1", portOf(listener!), 5000, identity));
    assert.deepEqual(controls(await peer.ask(data(0xc4, CLASS_0), 17)), [RESPONSE]);
    const last = [...(one.servers.get("ethernet 1")?.masters ?? [])].at(-1);
    rights[`${name}, ${listener === named ? "roles" : "no roles"}`] = last?.rights;
    peer.link.close();
  }
  assert.deepEqual(rights, {
    "operator, roles": "write",
    "viewer, roles": "read",
    "cleaner, roles": "none",
    "nobody, roles": "none",
    "nobody, no roles": "write",
  });
  await assert.rejects(async () => {
    const identity = { certificate: text("stranger.pem"), key: text("stranger.key"), authority: text("ca.pem") };
    const peer = hand(t, await connectTcp("127.0.0.1", portOf(named!), 5000, identity));
    assert.equal(await peer.ask(header(0xc9), 10), "05 64 05 0b 64 00 01 00 c8 29");
  });
});

test("two meters share a serial line, whose noise and silences end nothing", { skip: without("socat") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [near, far] = await serialLine(t, folder);
  const listen = [{ dnp3: "serial", device: near, baud: 19_200 }];
  const settings = { link: { interCharacterMs: 50 } };
  const meters = [meter("a", listen, settings), meter("b", listen, { ...settings, address: 2 })];
  await open(t, meters);
  const line = hand(t, await openSerial({ device: far, baud: 19_200, parity: "none" }));
  const both = Buffer.concat([data(0xc4, CLASS_0), data(0xc4, CLASS_0, { to: 2 })]);
  assert.match(await line.ask(both, 34), /44 64 00 01 00 .*44 64 00 02 00/);
  // A fragment of nine frames comes whole.
  line.link.send(request(new Uint8Array(2048).fill(0x5a), { to: 2 }));
  assert.equal((await line.taken(17)).length, 50);
  assert.equal(meters[1]?.servers.get("serial 1")?.fragments.at(-1)?.length, 3 * 2048 - 1);
  // The rest of a frame never comes: after the time between two octets the line is as before.
  line.link.send(data(0xc4, CLASS_0).subarray(0, 12));
  await reached(
    async () => meters[1]?.told ?? [],
    (told) => told.includes("serial 1 misunderstood"),
  );
  line.link.send(fromHex("05 64 05 64 ff 05"));
  assert.deepEqual(controls(await line.ask(header(0xc9, { to: 2 }), 10)), ["0b"]);
});
