/** HDLC of DLMS: golden frames of public stacks both ways, and what the Green Book and ISO/IEC 13239 say of a station that is misused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import type { HdlcSettings } from "#protocol/dlms/cosem/logical-device.ts";
import { parametersOf } from "#protocol/dlms/hdlc/parameters.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import type { Control } from "#protocol/dlms/hdlc/control.ts";
import { frameCheck } from "#protocol/dlms/hdlc/frame-check.ts";
import { FrameReader } from "#protocol/dlms/hdlc/frame-reader.ts";
import { frameBytes, type Frame } from "#protocol/dlms/hdlc/frame.ts";
import { serveHdlc } from "#protocol/dlms/hdlc/secondary.ts";
import { limits } from "#quantity/limits.ts";
import { AnsweringServer, exchangesOf, fromHex, toHex, usualHdlc } from "./dlms-exchanges.ts";

/** A station at the far end of a null modem, and what came from it since it was asked last. */
function station(server: AnsweringServer, settings: Partial<HdlcSettings> = {}) {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  let heard = "";
  let misunderstood = 0;
  const links = { connected: 0, left: 0 };
  here.receive((bytes) => (heard += toHex(bytes)));
  const one = {
    server,
    settings: () => ({ ...usualHdlc, ...settings }),
    has: (sap: number) => sap === 1,
    connected: () => void links.connected++,
    left: () => void links.left++,
  };
  serveHdlc(there, () => [one], clock, { misunderstood: () => void misunderstood++ });
  return {
    clock,
    server,
    link: here,
    links,
    get misunderstood() {
      return misunderstood;
    },
    ask(bytes: string | Uint8Array): string {
      heard = "";
      here.send(typeof bytes === "string" ? fromHex(bytes) : bytes);
      return heard;
    },
    get heard() {
      return heard;
    },
  };
}

const client = { upper: 16, bytes: 1 } as const;
const meter = { upper: 1, bytes: 1 } as const;

/** A frame of the client, by its control field. */
function of(control: Control, information = "", segmented = false): Uint8Array {
  return frameBytes({ destination: meter, source: client, control, segmented, information: fromHex(information) });
}

/** What came, taken apart by hand: control bytes and information fields. */
function frames(hex: string): readonly string[] {
  return new FrameReader().take(fromHex(hex)).map(({ control, segmented, information }) => {
    const number = "receive" in control ? ` ${"send" in control ? `${control.send} ` : ""}${control.receive}` : "";
    const flags = `${control.poll ? " F" : ""}${segmented ? " S" : ""}`;
    return `${control.kind}${number}${flags}${information.length > 0 ? ` ${toHex(information)}` : ""}`;
  });
}

const SNRM = "7EA0070321930F017E";
const UA = "7EA01E210373C37A818012050180060180070400000001080400000001533B7E";
const DISC = "7EA00703215303C77E";
const DM = "7EA00721031F6BE97E";

test("the check sequence of 123456789 is 0x906E, as the catalogue of CRCs has it", () => {
  assert.equal(frameCheck(new TextEncoder().encode("123456789")), 0x906e);
});

test("SNRM with and without parameters is answered by what the meter has, DISC by UA and then by DM", () => {
  const m = station(new AnsweringServer(() => undefined));
  assert.equal(m.ask(DISC), DM);
  assert.equal(m.ask(SNRM), UA);
  assert.equal(m.ask("7EA0200321937DD9818014050207EE060207EE070400000001080400000001B5D47E"), UA);
  // A second SNRM is a new data link.
  assert.deepEqual([m.server.opened.length, m.server.ended], [2, 1]);
  assert.deepEqual(frames(m.ask(DISC)), ["UA F"]);
  assert.equal(m.ask(DISC), DM);
  assert.deepEqual(m.links, { connected: 2, left: 2 });
  assert.equal(m.ask(of({ kind: "RR", receive: 0, poll: true })), DM);
  assert.equal(m.ask(of({ kind: "RR", receive: 0, poll: false })), "");
});

test("a server address of four bytes is the logical device and the unit id, and comes back in the form that it came in", () => {
  const apdus = new AnsweringServer((apdu) =>
    apdu[0] === 0x60
      ? fromHex("6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400401E5D04000007")
      : fromHex("C401C10002020FFD161B"),
  );
  const m = station(apdus);
  assert.equal(
    m.ask("7EA00A00020023219318717E"),
    "7EA0212100020023734DF2818012050180060180070400000001080400000001533B7E",
  );
  assert.equal(
    m.ask("7EA02E0002002321107ECBE6E600601DA109060760857405080101BE10040E01000000065F1F0400401E5DFFFF91237E"),
    "7EA03A2100020023309941E6E7006129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400401E5D04000007C4A07E",
  );
  assert.equal(
    m.ask("7EA01C0002002321329F28E6E600C001C100030100010700FF0300161B7E"),
    "7EA01921000200235260CAE6E700C401C10002020FFD161B87F07E",
  );
  assert.deepEqual(
    m.server.opened.map(({ client, server }) => ({ client, server })),
    [{ client: 16, server: 1 }],
  );
});

for (const name of ["none", "low", "gmac"]) {
  /** Gurux puts 125 bytes where it has said 128: that is what its segments are compared with. */
  const size = { maxInfoTransmit: 125, segmentation: true };
  const exchanges = exchangesOf(`jdlms_gxjava_hdlc_${name}.txt`).filter(({ client }) => client.endsWith("7E"));
  const read = (hex: string): Frame | undefined => new FrameReader().take(fromHex(hex))[0];
  /** Messages, put together of segments by hand. */
  const messages = (side: "client" | "server"): string[] => {
    const whole: string[] = [];
    let part = "";
    for (const exchange of exchanges) {
      const frame = read(exchange[side]);
      if (frame?.control.kind !== "I") continue;
      part += toHex(frame.information);
      if (!frame.segmented) whole.push(part.slice(6));
      if (!frame.segmented) part = "";
    }
    return whole;
  };

  test(`the server's frames of jDLMS with Gurux (${name}) are ours, segments and all`, () => {
    const answers = messages("server");
    let k = 0;
    const m = station(new AnsweringServer(() => fromHex(answers[k++] ?? "")), size);
    for (const { client, server } of exchanges) {
      const answer = m.ask(client);
      if (read(server)?.control.kind === "UA") assert.deepEqual(frames(answer)[0]?.slice(0, 4), "UA F");
      else assert.equal(answer, server);
    }
    assert.deepEqual(m.server.requests, messages("client"));
  });

  test(`the client's frames of jDLMS with Gurux (${name}) are ours`, async () => {
    const clock = new VirtualClock();
    const [here, there] = nullModem();
    const sent: string[] = [];
    let k = 0;
    there.receive((bytes) => {
      sent.push(toHex(bytes));
      const { client, server } = exchanges[k++] ?? { client: "", server: "" };
      assert.equal(sent.at(-1), client);
      there.send(fromHex(server));
    });
    const first = read(exchanges[0]?.client ?? "");
    assert.ok(first);
    const propose = parametersOf(first.information);
    const addresses = { client: first.source.upper, server: 1 };
    const carrier = hdlcCarrier(here, clock, { addresses, physical: undefined, propose, timeoutMs: 1000 });
    await carrier.open();
    const answers = messages("server");
    for (const [n, message] of messages("client").entries())
      assert.equal(toHex(await carrier.ask(fromHex(message))), answers[n]);
    const last = exchanges.at(-1)?.client;
    if (last !== undefined && read(last)?.control.kind === "DISC") await carrier.close();
    assert.deepEqual(
      sent,
      exchanges.map(({ client }) => client),
    );
  });
}

test("a frame whose check does not hold is not answered, nor one that is meant for another", () => {
  const m = station(new AnsweringServer(() => fromHex("C40100")));
  assert.equal(m.ask("7EA0070321930F007E"), "");
  assert.equal(m.misunderstood, 1);
  // Its header's check does not hold, the other one does.
  const wrong = of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E600C001");
  wrong[6] = (wrong[6] ?? 0) ^ 1;
  const check = frameCheck(wrong, 1, wrong.length - 3);
  wrong.set([check & 0xff, check >> 8], wrong.length - 3);
  m.ask(SNRM);
  assert.equal(m.ask(wrong), "");
  // Logical device 2; physical device 18; who has called; all stations; client 0, which is none.
  const to = (destination: Frame["destination"], source: Frame["source"] = client): Uint8Array =>
    frameBytes({
      destination,
      source,
      control: { kind: "SNRM", poll: true },
      segmented: false,
      information: new Uint8Array(0),
    });
  assert.equal(m.ask(to({ upper: 2, bytes: 1 })), "");
  assert.equal(m.ask(to({ upper: 1, lower: 18, bytes: 2 })), "");
  assert.equal(m.ask(to({ upper: 1, lower: 0x7e, bytes: 2 })), "");
  assert.equal(m.ask(to({ upper: 0x7f, lower: 0x7f, bytes: 2 })), "");
  assert.equal(m.ask(to(meter, { upper: 0, bytes: 1 })), "");
  assert.match(m.ask(to({ upper: 1, lower: 17, bytes: 2 })), /^7EA01F21022373/);
});

test("frames that share a flag, and noise and padding between them, are read; a flag in a frame ends none", () => {
  const m = station(new AnsweringServer((apdu) => apdu));
  const both = `${SNRM.slice(0, -2)}${DISC}`;
  assert.deepEqual(
    frames(m.ask(both)).map((one) => one.slice(0, 4)),
    ["UA F", "UA F"],
  );
  assert.deepEqual(
    frames(m.ask(`00FF7E7E12${SNRM}0000A07E7E${DISC}7E`)).map((one) => one.slice(0, 4)),
    ["UA F", "UA F"],
  );
  m.ask(SNRM);
  assert.deepEqual(frames(m.ask(of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E6007E7EA0077E"))), [
    "I 0 1 F E6E7007E7EA0077E",
  ]);
});

test("the rest of a frame is waited for as long as the port's receive time-out, and what came behind it is read", () => {
  const m = station(new AnsweringServer(() => undefined));
  assert.equal(m.ask("7EA0070321"), "");
  m.clock.advance(400);
  assert.equal(m.ask("930F017E"), UA);
  assert.equal(m.misunderstood, 0);
  // A length of 2,047 swallows what follows, until it is given up.
  assert.equal(m.ask("7EA7FF"), "");
  assert.equal(m.ask(DISC), "");
  m.clock.advance(499);
  assert.equal(m.heard, "");
  m.clock.advance(1);
  assert.deepEqual(
    frames(m.heard).map((one) => one.slice(0, 4)),
    ["UA F"],
  );
  assert.equal(m.ask("7EA7FF"), "");
  m.clock.advance(500);
  assert.equal(m.misunderstood, 1);
});

test("who is silent for 120 s is disconnected, and every frame begins them anew", () => {
  const m = station(new AnsweringServer(() => undefined));
  m.ask(SNRM);
  m.clock.advance(119_999);
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 0, poll: true }))), ["RR 0 F"]);
  m.clock.advance(119_999);
  assert.equal(m.server.ended, 0);
  m.clock.advance(1);
  assert.equal(m.server.ended, 1);
  assert.deepEqual(m.links, { connected: 1, left: 1 });
  assert.equal(m.ask(of({ kind: "RR", receive: 0, poll: true })), DM);
});

test("an answer that was lost comes again, asked by RR or by the request again; the request is carried out once", () => {
  const m = station(new AnsweringServer(() => fromHex("C4010000")));
  m.ask(SNRM);
  const request = of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E600C00141");
  assert.deepEqual(frames(m.ask(request)), ["I 0 1 F E6E700C4010000"]);
  assert.deepEqual(frames(m.ask(request)), ["I 0 1 F E6E700C4010000"]);
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 0, poll: true }))), ["I 0 1 F E6E700C4010000"]);
  assert.deepEqual(frames(m.ask(of({ kind: "RNR", receive: 0, poll: true }))), ["RR 1 F"]);
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 1, poll: true }))), ["RR 1 F"]);
  assert.equal(m.server.requests.length, 1);
});

test("what a station may not do is rejected until it connects anew, and the rejection says why", () => {
  const cases: [why: string, frame: Uint8Array, information: string][] = [
    ["a number that nobody sent", of({ kind: "RR", receive: 5, poll: true }), "B10008"],
    ["a request with such a number", of({ kind: "I", send: 0, receive: 3, poll: true }, "E6E600C0"), "700008"],
    ["an information field in RR", of({ kind: "RR", receive: 0, poll: true }, "00"), "110002"],
    ["one that is too long", of({ kind: "I", send: 0, receive: 0, poll: true }, "E6".repeat(129)), "100004"],
    [
      "a segment where nothing may be cut",
      of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E600C0", true),
      "100004",
    ],
    ["SREJ", of({ kind: "other", byte: 0x1d, poll: true }), "1D0001"],
    ["UA, which is a server's to send", of({ kind: "UA", poll: true }), "730001"],
  ];
  for (const [why, frame, information] of cases) {
    const m = station(new AnsweringServer(() => fromHex("C4010000")));
    m.ask(SNRM);
    assert.deepEqual(frames(m.ask(frame)), [`FRMR F ${information}`], why);
    assert.equal(m.misunderstood, 1, why);
    assert.deepEqual(frames(m.ask(of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E600C0"))), [
      `FRMR F ${information}`,
    ]);
    assert.equal(m.server.requests.length, 0, why);
    assert.equal(m.ask(SNRM), UA, why);
    assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 0, poll: true }))), ["RR 0 F"], why);
  }
});

test("segments of a request are put together, within the window; one beyond it is not taken", () => {
  const m = station(new AnsweringServer((apdu) => apdu), { segmentation: true, windowReceive: 3, windowTransmit: 2 });
  // The client offers 64 bytes to send and 32 to receive, windows of 3 and 7.
  const snrm = of({ kind: "SNRM", poll: true }, "8180140502004006020020070400000003080400000007");
  assert.deepEqual(frames(m.ask(snrm)), ["UA F 818012050120060140070400000002080400000003"]);
  const segment = (send: number, hex: string, { poll = false, last = false } = {}): Uint8Array =>
    of({ kind: "I", send, receive: 0, poll }, hex, !last);
  assert.equal(m.ask(segment(0, `E6E600${"01".repeat(61)}`)), "");
  assert.equal(m.ask(segment(1, "02".repeat(64))), "");
  assert.equal(m.ask(segment(2, "03".repeat(64))), "");
  // The fourth is one too many: RR says that it is to come.
  assert.deepEqual(frames(m.ask(segment(3, "04".repeat(64), { poll: true }))), ["RR 3 F"]);
  const answer = frames(m.ask(segment(3, "05", { poll: true, last: true })));
  const echo = `${"01".repeat(61)}${"02".repeat(64)}${"03".repeat(64)}05`;
  const cut = `E6E700${echo}`.match(/.{1,64}/g) ?? [];
  assert.deepEqual(answer, [`I 0 4 S ${cut[0]}`, `I 1 4 F S ${cut[1]}`]);
  // It lost the second: that comes again, and one more.
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 1, poll: true }))), [
    `I 1 4 S ${cut[1]}`,
    `I 2 4 F S ${cut[2]}`,
  ]);
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 3, poll: true }))), [
    `I 3 4 S ${cut[3]}`,
    `I 4 4 F S ${cut[4]}`,
  ]);
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 5, poll: true }))), [`I 5 4 S ${cut[5]}`, "I 6 4 F 05"]);
});

test("parameters that there may not be are refused, and those that nobody knows are passed over", () => {
  const m = station(new AnsweringServer(() => undefined));
  const snrm = (information: string): readonly string[] => frames(m.ask(of({ kind: "SNRM", poll: true }, information)));
  assert.deepEqual(snrm("818003050110"), ["DM F"]);
  assert.deepEqual(snrm("818003070100"), ["DM F"]);
  assert.deepEqual(snrm("81F00201028006090105050140"), ["UA F 818012050180060140070400000001080400000001"]);
  assert.deepEqual(snrm("8280"), []);
  assert.deepEqual(snrm("81F0020102800609010505014080"), []);
  assert.equal(m.misunderstood, 2);
});

test("while an answer is being made a poll is told to wait, and the answer goes to the next", async () => {
  let finish: (apdu: Uint8Array) => void = () => {};
  const m = station(new AnsweringServer(() => new Promise((resolve) => (finish = resolve))));
  m.ask(SNRM);
  const request = of({ kind: "I", send: 0, receive: 0, poll: true }, "E6E600C001");
  assert.equal(m.ask(request), "");
  finish(fromHex("C401"));
  await Promise.resolve();
  assert.deepEqual(frames(m.heard), ["I 0 1 F E6E700C401"]);
  assert.equal(m.ask(of({ kind: "I", send: 1, receive: 1, poll: true }, "E6E600C002")), "");
  assert.deepEqual(frames(m.ask(of({ kind: "I", send: 1, receive: 1, poll: true }, "E6E600C002"))), ["RNR 2 F"]);
  // Another request is not taken meanwhile.
  assert.deepEqual(frames(m.ask(of({ kind: "I", send: 2, receive: 1, poll: true }, "E6E600C003"))), ["RNR 2 F"]);
  finish(fromHex("C402"));
  await Promise.resolve();
  assert.deepEqual(frames(m.ask(of({ kind: "RR", receive: 1, poll: true }))), ["I 1 2 F E6E700C402"]);
  assert.equal(m.server.requests.length, 2);
});

test("a notification waits for the client's poll and goes as unnumbered information; eight wait at most", () => {
  const m = station(new AnsweringServer(() => undefined));
  m.ask(SNRM);
  const carrying = m.server.opened[0]?.carrying;
  assert.equal(carrying?.longest, 125);
  for (let k = 0; k < 10; k++) carrying?.push(Uint8Array.of(0x0f, k));
  const heard = frames(m.ask(of({ kind: "RR", receive: 0, poll: true })));
  assert.deepEqual(heard, [...[2, 3, 4, 5, 6, 7, 8, 9].map((k) => `UI E6E7000F0${k}`), "RR 0 F"]);
});

test("unnumbered information of a client is carried out and not answered", () => {
  const m = station(new AnsweringServer(() => fromHex("C401")));
  assert.equal(m.ask(of({ kind: "UI", poll: false }, "E6E600C101")), "");
  assert.equal(m.server.requests.length, 0);
  m.ask(SNRM);
  assert.equal(m.ask(of({ kind: "UI", poll: false }, "E6E600C101")), "");
  assert.deepEqual(m.server.requests, ["C101"]);
  const toAll = { upper: 0x7f, lower: 0x7f, bytes: 2 } as const;
  const control = { kind: "UI", poll: false } as const;
  const information = fromHex("E6E600C102");
  m.ask(frameBytes({ destination: toAll, source: client, control, segmented: false, information }));
  assert.deepEqual(m.server.requests, ["C101", "C102"]);
});

test("meters on one line are told apart by their physical addresses; an address of one byte means the only one", () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const servers = [17, 18].map((physical) => ({
    physical,
    server: new AnsweringServer(() => Uint8Array.of(physical)),
  }));
  const stations = servers.map(({ physical, server }) => ({
    server,
    settings: () => ({ ...usualHdlc, physical }),
    has: (sap: number) => sap === 1,
    answers: () => physical === 17 || isOn,
  }));
  let isOn = true;
  let now = stations;
  serveHdlc(there, () => now, clock);
  let heard = "";
  here.receive((bytes) => (heard += toHex(bytes)));
  const ask = (destination: Frame["destination"], control: Control, information = ""): readonly string[] => {
    heard = "";
    const of = { destination, source: client, control, segmented: false, information: fromHex(information) };
    here.send(frameBytes(of));
    return frames(heard).map((one) => one.slice(0, 40));
  };
  const at = (lower: number) => ({ upper: 1, lower, bytes: 4 }) as const;
  const SNRM = { kind: "SNRM", poll: true } as const;
  const GET = { kind: "I", send: 0, receive: 0, poll: true } as const;
  assert.deepEqual(ask(meter, SNRM), []);
  for (const lower of [17, 18]) assert.deepEqual(ask(at(lower), SNRM)[0]?.slice(0, 4), "UA F", `${lower}`);
  assert.deepEqual(ask(at(19), SNRM), []);
  assert.deepEqual(ask(at(17), GET, "E6E600C0"), ["I 0 1 F E6E70011"]);
  assert.deepEqual(ask(at(18), GET, "E6E600C0"), ["I 0 1 F E6E70012"]);
  // Without power it says nothing, not even that it is disconnected.
  isOn = false;
  assert.deepEqual(ask(at(18), { kind: "RR", receive: 1, poll: true }), []);
  assert.deepEqual(ask(at(17), { kind: "RR", receive: 1, poll: true }), ["RR 1 F"]);
  now = stations.slice(0, 1);
  assert.deepEqual(ask(meter, SNRM)[0]?.slice(0, 4), "UA F");
});

test("so many data links stand on one line, of all clients; the next is refused by DM until one has ended", () => {
  const m = station(new AnsweringServer(() => undefined));
  const as = (upper: number, kind: "SNRM" | "DISC"): string =>
    frames(
      m.ask(
        frameBytes({
          destination: meter,
          source: { upper, bytes: 1 },
          control: { kind, poll: true },
          segmented: false,
          information: new Uint8Array(0),
        }),
      ),
    )[0]?.slice(0, 4) ?? "";
  for (let upper = 10; upper < 10 + limits.dlms.dataLinks; upper++) assert.equal(as(upper, "SNRM"), "UA F");
  assert.equal(as(100, "SNRM"), "DM F");
  assert.equal(as(10, "DISC"), "UA F");
  assert.equal(as(100, "SNRM"), "UA F");
});
