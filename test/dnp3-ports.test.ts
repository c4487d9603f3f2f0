/** DNP3 on the ports of a JEMStar II of a running site: what carries it, how many masters there are, test mode, and strangers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Link } from "#io/link.ts";
import { connectTcp } from "#io/tcp.ts";
import { connectUdp } from "#io/udp-listener.ts";
import { controls, data, header } from "./dnp3-line.ts";
import { hand } from "./dnp3-listening.ts";
import { reached, site, type Registers } from "./revenue-running.ts";

const kinds = ["tcp", "udp"] as const;
const STATUS_ANSWER = "05 64 05 0b 64 00 01 00 c8 29";

async function meter(t: Parameters<typeof site>[0], more = "") {
  const listen = ["{ modbus: tcp, port: 0, unit: 1 }", ...kinds.map((one) => `{ dnp3: ${one}, port: 0 }`)].join(", ");
  const { running, get, command } = await site(t, {
    configuration: `registers: { normal: [{ id: 1, type: communicationStatus }] }\n${more}`,
    listen,
  });
  const portOf = (transport: string): number =>
    Number(new RegExp(`listener +dnp3 ${transport} 127.0.0.1:(\\d+)`).exec(running.output())?.[1]);
  const link = (kind: (typeof kinds)[number]): Promise<Link> =>
    kind === "udp" ? connectUdp("127.0.0.1", portOf(kind)) : connectTcp("127.0.0.1", portOf(kind));
  return {
    status: async (): Promise<string> => (await get<Registers>("/registers/normal")).registers.at(0)?.text ?? "",
    command,
    link,
    peer: async (kind: (typeof kinds)[number]) => hand(t, await link(kind)),
  };
}

test("five masters of a meter are answered over TCP and UDP together, and the port shows them", async (t) => {
  const m = await meter(t);
  assert.match(await m.status(), /Ethernet 1 DNP Ready/);
  const peers = [];
  for (const [k, kind] of (["tcp", "udp", "tcp", "udp", "tcp"] as const).entries()) {
    const peer = await m.peer(kind);
    // Class 1, which is empty: a response without objects, DEVICE_RESTART and NEED_TIME in its indications.
    const answer = controls(await peer.ask(data(0xc4, "c0 01 3c 02 06", { from: 100 + k }), 17));
    assert.deepEqual(answer, ["44 c0 c0 81 90 00"]);
    peers.push(peer);
  }
  await reached(m.status, (text) => text.includes("Ethernet 1 DNP Active"));
  const sixth = await m.peer("tcp");
  assert.equal(await sixth.ask(header(0xc9), 10), "");
  assert.ok(sixth.closed);
  // A place that is left is another's.
  peers[0]?.link.close();
  await reached(
    async () => (await m.peer("tcp")).ask(header(0xc9), 10),
    (answer) => answer === STATUS_ANSWER,
  );
});

test("in test mode a meter is silent, and its connections stay", async (t) => {
  const m = await meter(t);
  const peer = await m.peer("tcp");
  assert.equal(await peer.ask(header(0xc9), 10), STATUS_ANSWER);
  assert.deepEqual(await m.command({ command: "enterTestMode" }), { ok: true });
  peer.link.send(header(0xc9));
  // Until it has been heard.
  for (let k = 0; k < 3; k++) await m.status();
  assert.deepEqual(await m.command({ command: "leaveTestMode" }), { ok: true });
  assert.equal(await peer.ask(header(0xc9), 10), STATUS_ANSWER);
  assert.match(await peer.ask(data(0xc4, "c0 01 3c 02 06"), 17), /44 64 00 01 00/);
});

test("what strangers send, and leave half said, keeps nobody from reading the meter", async (t) => {
  const m = await meter(t);
  const beginnings = [
    Buffer.from("0564ffc401006400", "hex"),
    Buffer.concat(Array.from({ length: 200 }, () => Buffer.from("0564", "hex"))),
    Buffer.alloc(5000, 0x05),
    Buffer.concat(Array.from({ length: 500 }, () => Buffer.from("056405c002006400", "hex"))),
  ];
  const strangers: Link[] = [];
  for (const kind of kinds)
    for (const beginning of beginnings) {
      const link = await m.link(kind);
      link.receive(() => {});
      link.send(beginning);
      strangers.push(link);
    }
  t.after(() => strangers.forEach((link) => link.close()));
  for (const kind of kinds) assert.equal(await (await m.peer(kind)).ask(header(0xc9), 10), STATUS_ANSWER);
});
