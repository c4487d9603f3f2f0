/** Ethernet: frames with and without a tag, who gets which of them, and ports in memory and over UDP. Expected octets: IEEE 802.3, 802.1Q. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import fc from "fast-check";
import { openBridge } from "./ethernet-bridge.ts";
import { encodeFrame, macText, parseMac, untagged } from "./ethernet-frame.ts";
import { memoryPort } from "./ethernet-memory.ts";
import { openEthernet } from "./ethernet-open.ts";
import { EthernetReceivers } from "./ethernet-receivers.ts";
import { packetTrouble } from "./ethernet-trouble.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

const destination = bytes("010ccd010001");
const source = bytes("02aabbccdd01");

test("a tag stands between the addresses and the EtherType: priority in its first three bits, the VLAN in its last twelve", () => {
  const content = bytes("0001 0008 0000 0000");
  assert.equal(
    hex(encodeFrame({ destination, source, etherType: 0x88b8 }, content)),
    "010ccd010001" + "02aabbccdd01" + "88b8" + "0001000800000000",
  );
  // 4 * 0x2000 + 0x123
  const tagged = encodeFrame({ destination, source, vlan: { id: 0x123, priority: 4 }, etherType: 0x88b8 }, content);
  assert.equal(hex(tagged), "010ccd010001" + "02aabbccdd01" + "8100" + "8123" + "88b8" + "0001000800000000");
  const frame = untagged(tagged);
  assert.deepEqual(frame?.vlan, { id: 0x123, priority: 4 });
  assert.equal(hex(frame?.bytes ?? source), "010ccd010001" + "02aabbccdd01" + "88b8" + "0001000800000000");
});

test("what goes into a frame comes out of it, with a tag and without", () => {
  const six = fc.uint8Array({ minLength: 6, maxLength: 6 });
  const vlan = fc.option(fc.record({ id: fc.nat(4095), priority: fc.nat(7) }, { noNullPrototype: true }), {
    nil: undefined,
  });
  fc.assert(
    fc.property(six, six, vlan, fc.uint8Array({ maxLength: 100 }), (to, from, tag, content) => {
      const frame = untagged(encodeFrame({ destination: to, source: from, vlan: tag, etherType: 0x88ba }, content));
      assert.deepEqual(frame?.vlan, tag);
      assert.deepEqual(
        hex(frame?.bytes ?? new Uint8Array(0)),
        hex(encodeFrame({ destination: to, source: from, etherType: 0x88ba }, content)),
      );
    }),
  );
});

test("what is too short for a frame is none", () => {
  for (const length of [0, 1, 13]) assert.equal(untagged(new Uint8Array(length)), undefined);
  assert.equal(untagged(bytes("010ccd010001 02aabbccdd01 8100 8123 88")), undefined);
});

test("addresses are written as SCL has them, and read with dashes or colons", () => {
  assert.equal(macText(destination), "01-0C-CD-01-00-01");
  assert.deepEqual(parseMac("01-0c-cd-01-00-01"), destination);
  assert.deepEqual(parseMac("01:0C:CD:01:00:01"), destination);
  for (const wrong of ["", "01-0c-cd-01-00", "010ccd010001", "01-0c-cd-01-00-0g", "01-0c-cd-01-00-01-02"])
    assert.equal(parseMac(wrong), undefined, wrong);
});

test("a frame goes to those of its EtherType who want its destination, or any", () => {
  const receivers = new EthernetReceivers();
  const had: string[] = [];
  const ends = [
    receivers.add(0x88b8, destination, () => had.push("goose here")),
    receivers.add(0x88b8, undefined, () => had.push("goose")),
    receivers.add(0x88ba, undefined, () => had.push("samples")),
    receivers.add(0x88b8, bytes("010ccd010002"), () => had.push("goose there")),
  ];
  receivers.hand({ bytes: encodeFrame({ destination, source, etherType: 0x88b8 }, new Uint8Array(0)) });
  assert.deepEqual(had.splice(0), ["goose", "goose here"]);
  assert.deepEqual(receivers.etherTypes, [0x88b8, 0x88ba]);
  for (const end of ends) end();
  assert.deepEqual(receivers.etherTypes, []);
});

test("who stops receiving while a frame is handed on does not keep it from the others", () => {
  const receivers = new EthernetReceivers();
  const had: string[] = [];
  const end = receivers.add(0x88b8, undefined, () => {
    had.push("first");
    end();
  });
  receivers.add(0x88b8, undefined, () => had.push("second"));
  const frame = { bytes: encodeFrame({ destination, source, etherType: 0x88b8 }, new Uint8Array(0)) };
  receivers.hand(frame);
  receivers.hand(frame);
  assert.deepEqual(had, ["first", "second", "second"]);
});

test("ports of one name in memory hear each other, and not themselves", () => {
  const [a, b, elsewhere] = [memoryPort("bus"), memoryPort("bus"), memoryPort("other")];
  const had: string[] = [];
  for (const [name, port] of Object.entries({ a, b, elsewhere }))
    port.receive(0x88b8, undefined, ({ bytes: frame, vlan }) =>
      had.push(`${name} ${hex(frame.subarray(14))} ${vlan?.id}`),
    );
  a.send(encodeFrame({ destination, source: a.address, vlan: { id: 5, priority: 4 }, etherType: 0x88b8 }, bytes("01")));
  b.send(encodeFrame({ destination, source: b.address, etherType: 0x88b8 }, bytes("02")));
  assert.deepEqual(had, ["b 01 5", "a 02 undefined"]);
  assert.notDeepEqual(a.address, b.address);
  let closed = 0;
  a.closed(() => closed++);
  a.close();
  a.close();
  b.send(encodeFrame({ destination, source: b.address, etherType: 0x88b8 }, bytes("03")));
  assert.deepEqual([had.length, closed], [2, 1]);
  b.close();
  elsewhere.close();
});

test("a bridge has a datagram a frame, both ways", async (t) => {
  const peer = createSocket("udp4");
  t.after(() => peer.close());
  await new Promise<void>((done) => peer.bind(0, "127.0.0.1", done));
  const port = await openBridge({ kind: "bridge", listen: "127.0.0.1:0", send: `127.0.0.1:${peer.address().port}` });
  t.after(() => port.close());
  const frame = encodeFrame({ destination, source, vlan: { id: 0, priority: 4 }, etherType: 0x88b8 }, bytes("0102"));
  port.send(frame);
  const [came] = (await once(peer, "message")) as [Buffer];
  assert.equal(hex(came), hex(frame));
  const had = new Promise<string>((done) => port.receive(0x88b8, destination, (one) => done(hex(one.bytes))));
  const at = Number(port.name.replace("udp:127.0.0.1:", ""));
  peer.send(Buffer.from("too short"), at, "127.0.0.1");
  peer.send(frame, at, "127.0.0.1");
  assert.equal(await had, "010ccd010001" + "02aabbccdd01" + "88b8" + "0102");
  // 02-50, then what its address and port are: 127.0.0.1.
  assert.equal(hex(port.address.subarray(0, 4)), "02500001");
});

test("what is wrong with a port is said in words, with what to do about it", async () => {
  await assert.rejects(
    openEthernet({ kind: "bridge", listen: "127.0.0.1", send: "127.0.0.1:1" }),
    /127\.0\.0\.1 is no address and port/,
  );
  await assert.rejects(
    openEthernet({ kind: "interface", name: "no-such-0" }),
    /no interface no-such-0|koffi|Linux only/,
  );
  assert.match(packetTrouble("eth0", "socket", 1), /cap_net_raw.*bridge over UDP/);
  assert.match(packetTrouble("eth0", "bind", 100), /^eth0 is down: sudo ip link set eth0 up$/);
});
