/** The wrapper of COSEM on TCP and UDP: golden messages of public stacks both ways, and what may come wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { serveWrapper, wrapperCarrier, type WrapperOptions } from "#protocol/dlms/wrapper.ts";
import { AnsweringServer, exchangesOf, fromHex, toHex } from "./dlms-exchanges.ts";

function served(server: AnsweringServer, options: WrapperOptions = {}) {
  const [here, there] = nullModem();
  let heard = "";
  let misunderstood = 0;
  here.receive((bytes) => (heard += toHex(bytes)));
  serveWrapper(there, server, { ...options, misunderstood: () => void misunderstood++ });
  return {
    server,
    link: here,
    get misunderstood() {
      return misunderstood;
    },
    get heard() {
      return heard;
    },
    ask(hex: string): string {
      heard = "";
      here.send(fromHex(hex));
      return heard;
    },
  };
}

for (const name of ["none", "gmac"]) {
  const exchanges = exchangesOf(`jdlms_gxjava_wrapper_${name}.txt`);

  test(`messages of jDLMS with Gurux (${name}) are ours, whole, byte by byte, and all at once`, () => {
    const answersOf = (): AnsweringServer => {
      let k = 0;
      return new AnsweringServer(() => fromHex(exchanges[k++]?.server.slice(16) ?? ""));
    };
    const whole = served(answersOf());
    for (const { client, server } of exchanges) assert.equal(whole.ask(client), server);
    const trickled = served(answersOf());
    let heard = "";
    for (const { client } of exchanges) for (const byte of client.match(/../g) ?? []) heard += trickled.ask(byte);
    assert.equal(heard, exchanges.map(({ server }) => server).join(""));
    const atOnce = served(answersOf());
    assert.equal(atOnce.ask(exchanges.map(({ client }) => client).join("")), heard);
    assert.deepEqual(
      atOnce.server.requests,
      exchanges.map(({ client }) => client.slice(16)),
    );
  });

  test(`a client sends what jDLMS does (${name})`, async () => {
    const [here, there] = nullModem();
    let k = 0;
    there.receive((bytes) => {
      assert.equal(toHex(bytes), exchanges[k]?.client);
      // In two pieces.
      const answer = fromHex(exchanges[k++]?.server ?? "");
      there.send(answer.slice(0, 5));
      there.send(answer.slice(5));
    });
    const first = fromHex(exchanges[0]?.client ?? "");
    const addresses = { client: first[3] ?? 0, server: first[5] ?? 0 };
    const carrier = wrapperCarrier(here, addresses, new VirtualClock(), 1000);
    await carrier.open();
    for (const { client, server } of exchanges)
      assert.equal(toHex(await carrier.ask(fromHex(client.slice(16)))), server.slice(16));
  });
}

test("each pair of wrapper ports is a conversation of its own, and all end with the link", () => {
  const m = served(new AnsweringServer((apdu) => apdu));
  assert.equal(m.ask("0001001000010001C0" + "0001000100010001C1"), "0001000100100001C0" + "0001000100010001C1");
  assert.equal(m.ask("0001001000010001C2"), "0001000100100001C2");
  assert.deepEqual(
    m.server.opened.map(({ client, server }) => [client, server]),
    [
      [16, 1],
      [1, 1],
    ],
  );
  // Push: data-notification of the public example.
  const push = "0FC0000001000203090C07E902130315140000000000060012D687173FC00000";
  m.server.opened[0]?.carrying.push(fromHex(push));
  assert.equal(m.heard.slice(-2 * 40), `0001000100100020${push}`);
  m.link.close();
  assert.equal(m.server.ended, 2);
});

test("where another version begins nothing can be trusted: the connection ends; a datagram is lost", () => {
  const m = served(new AnsweringServer((apdu) => apdu));
  m.ask("0002001000010001C0");
  assert.deepEqual([m.link.open, m.misunderstood, m.server.requests.length], [false, 1, 0]);
  const udp = served(new AnsweringServer((apdu) => apdu), { datagrams: true });
  for (const wrong of ["0002001000010001C0", "0001001000010002C0", "0001001000010001C000", "00"]) {
    assert.equal(udp.ask(wrong), "");
  }
  assert.deepEqual([udp.link.open, udp.misunderstood], [true, 4]);
  assert.equal(udp.ask("0001001000010001C0"), "0001000100100001C0");
});

test("a peer without an association is let go after its time, one with an association is not", () => {
  for (const associated of [true, false]) {
    const clock = new VirtualClock();
    const [here, there] = nullModem();
    const server = new AnsweringServer((apdu) => apdu);
    server.associated = associated;
    serveWrapper(there, server, { datagrams: true, strangers: { clock, mostMs: 10_000 } });
    const ask = (): void => here.send(fromHex("0001001000010001C0"));
    ask();
    clock.advance(9999);
    ask();
    clock.advance(9999);
    assert.equal(here.open, true);
    clock.advance(1);
    assert.equal(here.open, associated);
    assert.equal(server.ended, associated ? 0 : 1);
  }
});

test("who releases his association over datagrams has gone with the answer; over a connection he hangs up himself", () => {
  for (const datagrams of [true, false]) {
    const [here, there] = nullModem();
    const server: AnsweringServer = new AnsweringServer((apdu) => {
      server.associated = apdu[0] === 0x60;
      return Uint8Array.of(apdu[0] === 0x60 ? 0x61 : 0x63);
    });
    serveWrapper(there, server, { datagrams });
    let heard = "";
    here.receive((bytes) => (heard += toHex(bytes)));
    here.send(fromHex("000100100001000160"));
    assert.equal(here.open, true);
    here.send(fromHex("000100100001000162"));
    assert.equal(heard, "000100010010000161" + "000100010010000163");
    assert.equal(here.open, !datagrams);
  }
});

test("what comes while an answer is being made waits, and goes in its order", async () => {
  const finish: ((apdu: Uint8Array) => void)[] = [];
  const m = served(new AnsweringServer(() => new Promise((resolve) => finish.push(resolve))));
  assert.equal(m.ask("0001001000010001C0" + "0001001000010001C1"), "");
  assert.equal(m.ask("0001001000010001C2"), "");
  for (const byte of [0xa0, 0xa1, 0xa2]) {
    assert.equal(finish.length, byte - 0xa0 + 1);
    finish.at(-1)?.(Uint8Array.of(byte));
    await Promise.resolve();
    await Promise.resolve();
  }
  assert.equal(m.heard, "0001000100100001A0" + "0001000100100001A1" + "0001000100100001A2");
});

test("a client gives up after its time, is told of notifications, and takes no late answer for one", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const carrier = wrapperCarrier(here, { client: 16, server: 1 }, clock, 3000);
  const told: string[] = [];
  carrier.notified((apdu) => told.push(toHex(apdu)));
  const late = carrier.ask(fromHex("C001"));
  await assert.rejects(carrier.ask(fromHex("C002")), /has not answered what was asked before/);
  clock.advance(3000);
  await assert.rejects(late, /null modem a did not answer within 3000 ms/);
  there.send(fromHex("0001000100100001C4"));
  const asked = carrier.ask(fromHex("C003"));
  there.send(fromHex("00010001001000010F" + "0001000200100001C4" + "0001000100100002C401"));
  assert.equal(toHex(await asked), "C401");
  assert.deepEqual(told, ["0F"]);
  // Over UDP half a message is nothing.
  const [near, far] = nullModem();
  const datagrams = wrapperCarrier(near, { client: 16, server: 1 }, clock, 3000, { datagrams: true });
  const answered = datagrams.ask(fromHex("C003"));
  for (const piece of ["000100010010", "4854545000000000", "0001000100100002C402"]) far.send(fromHex(piece));
  assert.equal(toHex(await answered), "C402");
  const broken = carrier.ask(fromHex("C004"));
  there.send(fromHex("48545450"));
  await assert.rejects(
    broken,
    /does not speak DLMS through the wrapper: expected version 1 of the wrapper, found 18516/,
  );
  await assert.rejects(carrier.ask(fromHex("C005")), /does not speak/);
});
