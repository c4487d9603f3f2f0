/** Traffic over HTTP: messages between peers and meters, who sees what of them, and peers that send anything. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import net from "node:net";
import { once } from "node:events";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { limits } from "#quantity/limits.ts";
import type { TrafficDetail, TrafficField, TrafficView } from "#quantity/traffic-view.ts";
import { trafficDetailSchema, trafficSchema } from "#web/api/traffic-schemas.ts";
import { here, webRig, type Request } from "./web-rig.ts";

const SITE = `
store: ":memory:"
meters:
  - name: feeder
    model: leviton-s4100
    source: { live: { hz: 50 } }
    listen: [{ modbus: tcp, port: 0 }]
  - name: jem
    model: ametek-jemstar-ii
    configuration: jem.yaml
    source: { synthetic: { volts: 120, amps: 10, steps: true } }
    listen: [{ modbus: tcp, port: 0 }, { sftp: tcp, port: 0 }]
`;
const READING = `
security: { readingTakesSession: true, sessionMinutes: 5 }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols] }
`;

const READ = "000100000006010300000002";

async function rigOf(t: TestContext, jem = "") {
  const rig = await webRig(t, { site: SITE, jem });
  const portOf = (what: string, k: number): number =>
    Number(/:(\d+)$/.exec(rig.site.listeners.filter((one) => one.what.startsWith(what))[k]?.what ?? "")?.[1]);
  /** Sends bytes as a peer does, and waits for so many bytes of answers, or for the end. */
  const say = async (port: number, bytes: Uint8Array, answer = 0): Promise<void> => {
    const socket = net.connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    await once(socket, "connect");
    socket.on("error", () => {});
    let came = 0;
    const enough = new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        came += chunk.length;
        if (came >= answer) resolve();
      });
      socket.on("close", () => resolve());
    });
    socket.write(bytes);
    if (answer > 0) await enough;
    else await Promise.race([enough, new Promise((resolve) => setTimeout(resolve, 100))]);
    socket.destroy();
    // Until the site has heard that, too.
    for (let k = 0; k < 50 && rig.site.listeners.some(({ peers }) => peers > 0); k++)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const traffic = async (query = "", who: Request = here): Promise<TrafficView> => {
    const answer = await rig.ask(`/api/v1/traffic${query}`, who);
    assert.equal(answer.status, 200, await answer.clone().text());
    return trafficSchema.parse(await answer.json());
  };
  const detail = async (number: number | undefined, query = "", who: Request = here): Promise<TrafficDetail> => {
    const answer = await rig.ask(`/api/v1/traffic/messages/${number}${query}`, who);
    assert.equal(answer.status, 200, await answer.clone().text());
    return trafficDetailSchema.parse(await answer.json());
  };
  return {
    ...rig,
    feeder: portOf("modbus", 0),
    jem: portOf("modbus", 1),
    sftp: portOf("sftp", 0),
    say,
    traffic,
    detail,
  };
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

function leaves(fields: readonly TrafficField[]): readonly TrafficField[] {
  return fields.flatMap((one) => (one.inside === undefined ? [one] : leaves(one.inside)));
}

test("what passes is told in the words of polyphase decode, from the first look on", async (t) => {
  const { say, feeder, traffic, detail } = await rigOf(t);
  await say(feeder, hex(READ), 13);
  const empty = await traffic();
  assert.deepEqual([empty.messages, empty.last], [[], 0], "nobody had looked");
  await say(feeder, hex(READ), 13);
  const { messages, dropped } = await traffic();
  const told = messages.map(({ kind, line, length, wrong, meters }) => [kind, line, length, wrong, meters.join()]);
  assert.deepEqual(told, [
    ["came", "the peer has come", 0, false, "feeder"],
    ["in", "unit 1, read holding registers, 0 to 1", 12, false, "feeder"],
    ["out", "unit 1, read holding registers, 0 0", 13, false, "feeder"],
    ["went", "the peer has gone", 0, false, "feeder"],
  ]);
  assert.equal(dropped, 0);
  const answer = await detail(messages[2]?.number);
  // An answer is read behind its question: it says which registers these are.
  assert.deepEqual(
    leaves(answer.fields).map(({ at, length, name }) => [at, length, name]),
    [
      [0, 2, "transaction"],
      [2, 2, "protocol"],
      [4, 2, "length"],
      [6, 1, "unit"],
      [7, 1, "function"],
      [8, 1, "bytes"],
      [9, 2, "register 0"],
      [11, 2, "register 1"],
    ],
  );
  assert.equal(answer.bytes, "00010000000701030400000000");
});

test("messages are found by listener, meter, protocol, peer, connection, text, and whether they are wrong", async (t) => {
  const { say, feeder, jem, traffic } = await rigOf(t);
  await traffic();
  await say(feeder, hex(READ), 13);
  await say(jem, hex("0001 0000 0006 01 03 ffff 0001"), 9);
  await say(feeder, hex("474554202f20485454502f312e310d0a0d0a"));
  const count = async (query: string): Promise<number> => (await traffic(query)).messages.length;
  const all = await traffic();
  assert.equal(all.messages.length, 11);
  assert.equal(await count("?meter=jem"), 4);
  assert.equal(await count(`?listener=:${feeder}`), 7);
  assert.equal(await count("?protocol=modbus"), 11);
  assert.equal(await count("?protocol=mms"), 0);
  assert.equal(await count("?peer=127.0.0.1:"), 11);
  assert.equal(await count(`?connection=${all.messages[0]?.connection}`), 4);
  assert.equal(await count("?text=READ%20holding"), 4);
  assert.equal(await count("?text=illegal"), 1);
  assert.equal(await count("?wrong=true"), 1);
  assert.deepEqual(
    (await traffic("?most=2")).messages.map(({ number }) => number),
    [10, 11],
  );
  const behind = await traffic("?after=9");
  assert.deepEqual([behind.messages.map(({ number }) => number), behind.last], [[10, 11], 11]);
});

test("what is written may be a password: it is hidden, in lines, fields, bytes and searches, unless an owner asks", async (t) => {
  const { say, feeder, traffic, detail, as, ask } = await rigOf(t);
  await traffic();
  // "sesame99" into four registers: what a meter says to it is no matter.
  await say(feeder, hex("0001 0000 000f 01 10 0100 0004 08 736573616d653939"), 9);
  const WORD = 0x7365;
  const { messages } = await traffic();
  const write = messages.find(({ kind }) => kind === "in");
  assert.deepEqual([write?.hidden, write?.line.includes(String(WORD))], [true, false]);
  assert.equal((await traffic(`?text=${WORD}`)).messages.length, 0);
  const covered = await detail(write?.number);
  assert.doesNotMatch(JSON.stringify(covered), /7365|29541/);
  assert.deepEqual(covered.covered, [
    { from: 13, to: 15 },
    { from: 15, to: 17 },
    { from: 17, to: 19 },
    { from: 19, to: 21 },
  ]);
  assert.equal(covered.bytes, "00010000000F01100100000408" + "00".repeat(8));
  const shown = await detail(write?.number, "?secrets=shown");
  assert.match(JSON.stringify(shown), /736573616D653939/);
  assert.equal((await traffic(`?text=${WORD}&secrets=shown`)).messages.length, 1);
  // An operator sees what messages say, and no bytes; a viewer nothing of it.
  const operator = await as("operator");
  assert.equal((await detail(messages[2]?.number, "", operator)).bytes, undefined);
  assert.equal((await traffic("", operator)).messages.length, 4);
  for (const [place, who, status] of [
    ["/api/v1/traffic?secrets=shown", operator, 403],
    ["/api/v1/traffic/live?secrets=shown", operator, 403],
    [`/api/v1/traffic/messages/${write?.number}?secrets=shown`, operator, 403],
    ["/api/v1/traffic.pcapng", operator, 403],
    ["/api/v1/traffic", await as("viewer"), 403],
    ["/api/v1/traffic.pcapng", await as("owner"), 200],
    ["/api/v1/traffic/messages/99", here, 404],
    ["/api/v1/traffic/messages/0", here, 404],
  ] as const)
    assert.equal((await ask(place, who)).status, status, place);
});

test("of a meter that is read by its users only nothing is seen without a session with it", async (t) => {
  const { say, jem, feeder, traffic, logIn, ask, site, folder } = await rigOf(t, READING);
  await traffic();
  await say(jem, hex(READ), 9);
  await say(feeder, hex(READ), 13);
  const seen = async (who: Request): Promise<readonly string[]> => [
    ...new Set((await traffic("", who)).messages.flatMap(({ meters }) => meters)),
  ];
  assert.deepEqual(await seen(here), ["feeder"]);
  const size = async (who: Request): Promise<number> =>
    (await (await ask("/api/v1/traffic.pcapng", who)).arrayBuffer()).byteLength;
  const without = await size(here);
  const token = await logIn("admin", "meter-admin", here, "jem");
  const bearing = { ...here, headers: { Authorization: `Bearer ${token}` } };
  assert.deepEqual(await seen(bearing), ["jem", "feeder"]);
  assert.ok((await size(bearing)) > without);
  // Once it is out of the site nobody can show that he may.
  writeFileSync(path.join(folder, "site.yaml"), SITE.replace("- name: jem", "- name: other"));
  assert.deepEqual((await site.reload()).refused, undefined);
  assert.equal(site.meter("jem"), undefined);
  for (const who of [here, bearing]) assert.deepEqual(await seen(who), ["feeder"]);
});

test("of files that go over SSH it is only seen that there is a connection, and in a capture neither", async (t) => {
  const { say, sftp, traffic, detail, ask } = await rigOf(t);
  await traffic();
  await say(sftp, Buffer.from("SSH-2.0-sesame99\r\n"), 8);
  const { messages } = await traffic("?secrets=shown");
  const sent = messages.find(({ kind }) => kind === "in");
  assert.deepEqual([sent?.protocol, sent?.line, sent?.hidden], ["sftp", "18 bytes", false]);
  assert.deepEqual((await detail(sent?.number, "?secrets=shown")).fields, []);
  assert.ok(!Buffer.from(await (await ask("/api/v1/traffic.pcapng")).arrayBuffer()).includes("sesame"));
});

test("whatever a peer sends is told as text that does nothing, and so much of it", async (t) => {
  const { say, feeder, traffic, detail } = await rigOf(t);
  await traffic();
  const hostile = [
    Buffer.from("<script>alert(1)</script>\u001b[2J\u0000\u202etxt"),
    Buffer.alloc(1 << 20, "A"),
    Buffer.from(Array.from({ length: 5000 }, (_, k) => (k * 7919) & 0xff)),
    // A frame that says to be as long as can be, and no more of it.
    hex("0001 0000 00fe 01 10"),
  ];
  for (const bytes of hostile) await say(feeder, bytes);
  const { messages } = await traffic("?secrets=shown");
  const strange = messages.filter(({ kind }) => kind === "in");
  assert.ok(strange.length >= hostile.length);
  for (const { line, number, length } of messages) {
    assert.ok(line.length <= limits.traffic.lineCharacters, String(line.length));
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/);
    const { bytes = "", more } = await detail(number, "?secrets=shown");
    assert.equal(bytes.length, 2 * Math.min(length, limits.traffic.shownBytes));
    assert.equal(more, length > limits.traffic.shownBytes);
  }
  assert.match(strange[0]?.line ?? "", /^not a message, \d+ bytes: /);
  const covered = await traffic();
  assert.ok(covered.messages.filter(({ kind, wrong }) => kind === "in" && wrong).every(({ hidden }) => hidden));
});

test("a stream tells what passes, and who comes again hears what passed meanwhile", async (t) => {
  const { say, feeder, traffic, ask, real, side } = await rigOf(t);
  await traffic();
  await say(feeder, hex(READ), 13);
  const follow = async (query: string, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await ask(`/api/v1/traffic/live${query}`, { ...here, headers });
    assert.equal(answer.status, 200);
    const reader = answer.body!.getReader();
    t.after(() => reader.cancel());
    return async (): Promise<{ readonly id: string; readonly view: TrafficView }> => {
      const text = new TextDecoder().decode((await reader.read()).value);
      const [, data = "", id = ""] = /^data: (.*)\nid: (\d+)/.exec(text) ?? [];
      return { id, view: trafficSchema.parse(JSON.parse(data)) };
    };
  };
  const next = await follow("");
  const first = await next();
  assert.deepEqual([first.id, first.view.messages], ["4", []], "it begins with now");
  await say(feeder, hex(READ), 13);
  real.advance(limits.traffic.eventMs);
  const second = await next();
  assert.deepEqual(
    second.view.messages.map(({ number, kind }) => `${number} ${kind}`),
    ["5 came", "6 in", "7 out", "8 went"],
  );
  const again = await (await follow("", { "Last-Event-ID": first.id }))();
  assert.deepEqual(again.view.messages, second.view.messages);
  const filtered = await (await follow("?after=0&text=read"))();
  assert.deepEqual(
    filtered.view.messages.map(({ number }) => number),
    [2, 3, 6, 7],
  );
  // Of a site that was started anew since: there is nothing behind a number that has not been.
  assert.deepEqual((await (await follow("", { "Last-Event-ID": "999" }))()).id, "8");
  side.beat();
});

test("what had to go before anybody read it is counted, and nobody is told a message in two halves of different ones", async (t) => {
  const { site, traffic } = await rigOf(t);
  await traffic();
  const place = {
    what: "modbus tcp 127.0.0.1:1",
    protocol: "modbus",
    transport: "tcp",
    over: "tcp",
    meters: [],
  } as const;
  const link = {
    peer: "127.0.0.1:2",
    waiting: 0,
    send() {},
    receive() {},
    pause() {},
    resume() {},
    closed() {},
    close() {},
  };
  const tap = site.traffic.tap(place, link, false);
  tap.heard(hex(READ).subarray(0, 7));
  const all = Math.ceil((2 * limits.traffic.bytes) / limits.traffic.messageBytes);
  for (let k = 0; k < all; k++) tap.heard(hex(READ));
  let view = await traffic();
  for (let k = 0; k < all; k++) {
    const before = view.last;
    view = await traffic();
    if (view.last === before) break;
  }
  assert.ok(view.dropped > 0);
  assert.equal(view.dropped + view.last, all + 2, "each is told, or counted");
  assert.equal((await traffic("?wrong=true")).messages.length, 0);
});
