/** Who is called: what other stacks choose, what each layer answers to what makes no sense, and what does not stay. Octets by X.224, X.225, X.226 and X.227. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssociationAnswer } from "#protocol/iec61850/osi/association.ts";
import { accepting, initiateResponse } from "./mms-osi.ts";
import { toHex } from "./mms-exchanges.ts";

const accepted: AssociationAnswer = { accepted: true, initiate: initiateResponse };
const cr = "0300001611e00000000100c0010dc2020001c1020001";
const cc = "0300001611d00001000100c0010dc2020001c1020001";

const octets = (hex: string): number => hex.replaceAll(" ", "").length / 2;
const hex2 = (value: number): string => value.toString(16).padStart(2, "0");
/** An element of a tag, its length written as short as it can be. */
const element = (tag: string, ...content: string[]): string => {
  const inner = content.join("").replaceAll(" ", "");
  const length = octets(inner);
  return (
    tag +
    (length < 128 ? hex2(length) : length < 256 ? `81${hex2(length)}` : `82${hex2(length >> 8)}${hex2(length & 255)}`) +
    inner
  );
};
const parameter = (code: string, ...content: string[]): string => {
  const inner = content.join("").replaceAll(" ", "");
  const length = octets(inner);
  return code + (length < 255 ? hex2(length) : `ff${hex2(length >> 8)}${hex2(length & 255)}`) + inner;
};
const dt = (...tsdu: string[]): string => {
  const inner = tsdu.join("").replaceAll(" ", "");
  const length = 7 + octets(inner);
  return `0300${hex2(length >> 8)}${hex2(length & 255)}02f080${inner}`;
};

/** What a client says of itself, part by part: of libiec61850's unless said. */
interface Said {
  items?: string;
  requirements?: string;
  selectors?: string;
  mode?: string;
  psels?: string;
  contexts?: string;
  /** Number of the context of ACSE in the value. */
  acse?: string;
  /** What is before the user information of AARQ. */
  aarq?: string;
  external?: string;
  initiate?: string;
  userData?: string;
}
const usualContexts = "300f 020101 0604 52010001 3004 0602 5101" + "3010 020103 0605 28ca220201 3004 0602 5101";
const usualTitles = "a107 0605 28ca220203 a206 0604 29876701 a303 02010c a605 0603 298767 a703 02010c";
const initiate = "a826800300fde881010582010583010aa416800101810305f100820c03ee1c00000408000079ef18";

function connect(said: Said = {}): string {
  const user = element("a0", said.initiate ?? initiate);
  const external = said.external ?? element("28", "020103", user);
  const aarq = element("60", said.aarq ?? usualTitles, external === "" ? "" : element("be", external));
  const cp = element(
    "31",
    said.mode ?? "a003 800101",
    element(
      "a2",
      said.psels ?? "8104 00000001 8204 00000001",
      element("a4", said.contexts ?? usualContexts),
      element("61", element("30", said.acse ?? "020101", element("a0", aarq))),
    ),
  );
  return dt(
    parameter(
      "0d",
      said.items ?? "0506 130100 160102",
      said.requirements ?? "1402 0002",
      said.selectors ?? "3302 0001 3402 0001",
      parameter(said.userData ?? "c1", cp),
    ),
  );
}

const aare = (result: string, diagnostic: string, user = ""): string =>
  element("61", "a107 0605 28ca220203", `a203 0201${result}`, element("a3", diagnostic), user);
const both = "a512 3007 800100 8102 5101 3007 800100 8102 5101";
const refuse = (cpr: string): string => dt(parameter("0c", "1101 01", parameter("32", "02", cpr)));
const rejection = (result: string, diagnostic: string): string =>
  refuse(element("30", both, element("61", element("30", "020101", element("a0", aare(result, diagnostic))))));

test("selectors, contexts and forms of other stacks are taken as they come", () => {
  const one = accepting();
  assert.equal(one.ask("0300000b 06e0 0000 4711 00".replaceAll(" ", "")), "0300000b06d04711000100");
  // Selectors of four octets, contexts 5 and 257, an AARQ with its EXTERNAL's encoding said; the session's version 1.
  const contexts = "300f 020105 0604 52010001 3004 0602 5101" + "3011 0202 0101 0605 28ca220201 3004 0602 5101";
  const answer = one.ask(
    connect({
      items: "0506 130100 160101",
      selectors: "3304 00000002 3404 00000003",
      psels: "8102 0007 8202 0008",
      contexts,
      acse: "0602 5101 020105",
      external: element("28", "06025101 0202 0101", element("81", initiate)),
    }),
  );
  const value = element("be", element("28", "0202 0101", element("a0", toHex(initiateResponse))));
  const cpa = element(
    "31",
    "a003 800101",
    element(
      "a2",
      "8302 0008",
      both,
      element("61", element("30", "020105", element("a0", aare("00", "a103 020100", value)))),
    ),
  );
  assert.equal(answer, dt(parameter("0e", "0506 130100 160101", "1402 0002", "3404 00000003", parameter("c1", cpa))));
  assert.deepEqual(one.requests[0]?.called, { apTitle: "1.1.999.1", aeQualifier: 12 });
  assert.equal(toHex(one.requests[0]?.initiate ?? new Uint8Array()), initiate);
  // Data in the context of that number, also as two values of one PPDU.
  one.send(dt("01000100", element("61", element("30", "02020101", element("a0", "8200")))));
  const twice = ["a000", "a100"].map((pdu) => element("30", "02020101", element("a0", pdu)));
  one.send(dt("01000100", element("61", ...twice)));
  // Tokens that are given by name, and an enclosure that is both ends.
  one.send(dt("0103 100100 0103 190103", element("61", element("30", "06025101 02020101", element("81", "8b00")))));
  assert.deepEqual(one.pdus, ["8200", "a000", "a100", "8b00"]);
  one.association?.send(Uint8Array.of(0x8b, 0));
  assert.equal(one.heard(), dt("01000100", element("61", element("30", "02020101", element("a0", "8b00")))));
});

test("a password of ACSE is told", () => {
  const one = accepting();
  one.ask(cr);
  one.ask(connect({ aarq: `${usualTitles} 8a02 0780 8b03 520301 ac06 8004 70617373` }));
  assert.equal(Buffer.from(one.requests[0]?.password ?? []).toString(), "pass");
});

test("user data of more than 512 octets may be extended", () => {
  const one = accepting();
  one.ask(cr);
  const long = element("a8", initiate.slice(4), `9f7f82 0200${"00".repeat(512)}`);
  one.ask(connect({ initiate: long, userData: "c2" }));
  assert.equal(toHex(one.requests[0]?.initiate ?? new Uint8Array()), long);
});

/** What is said to somebody who has connected, and the only answer to it: nothing more comes, the link ends. */
const refused: [why: string, said: string, answer: string][] = [
  ["a session of version 3", connect({ items: "0506 130100 160104" }), dt("0c06 110101 320184")],
  ["a session without duplex", connect({ requirements: "1402 0001" }), dt("0c06 110101 320185")],
  ["session data before a connection", dt("01000100 6100"), dt("1903 110105")],
  ["an unknown SPDU", dt("4400"), dt("1903 110105")],
  ["an SPDU without an end", dt("0dff"), dt("1903 110105")],
  ["a session parameter behind the end", dt("0d03 1405 00"), dt("1903 110105")],
  ["a finish before a connection", dt("0900"), dt("1903 110105")],
  ["no presentation", dt("0d10 0506130100160102 14020002 c1 02 ffff"), refuse("3003 8a0106")],
  ["X.410 mode", connect({ mode: "a003 800100" }), refuse("3003 8a0106")],
  [
    "no context of MMS",
    connect({ contexts: "300f 020101 0604 52010001 3004 0602 5101 300f 020103 0604 28ca2202 3004 0602 5101" }),
    refuse(element("30", "a511 3007 800100 8102 5101 3006 800102 820101", "8a0100")),
  ],
  [
    "another encoding",
    connect({ contexts: "300f 020101 0604 52010001 3004 0602 5101 3010 020103 0605 28ca220201 3004 0602 5103" }),
    refuse(element("30", "a511 3007 800100 8102 5101 3006 800102 820102", "8a0100")),
  ],
  ["no AARQ", connect({ acse: "020103" }), refuse(element("30", both, "8a0100"))],
  ["another application", connect({ aarq: "a106 0604 28ca2203" }), rejection("01", "a103 020102")],
  ["no version of ACSE that there is", connect({ aarq: `8002 0640 ${usualTitles}` }), rejection("01", "a203 020102")],
  [
    "a mechanism that is not there",
    connect({ aarq: `${usualTitles} 8b03 520302 ac06 8004 70617373` }),
    rejection("01", "a103 02010b"),
  ],
  ["no MMS", connect({ external: "" }), rejection("01", "a103 020101")],
  ["an EXTERNAL without a value", connect({ external: element("28", "020103") }), rejection("01", "a203 020101")],
  ["an abort", dt("1903 11010b"), ""],
];

for (const [why, said, answer] of refused)
  test(`no association for ${why}`, () => {
    const one = accepting();
    assert.equal(one.ask(cr), cc);
    assert.equal(one.ask(said), answer);
    assert.equal(one.ask(dt("01000100 6100")), "");
    assert.ok(one.open);
    one.clock.advance(1000);
    assert.equal(one.open, false);
    assert.deepEqual([one.requests, one.overs], [[], []]);
  });

const closed: [why: string, said: string, answer: string][] = [
  ["what is no TPKT", "160301", ""],
  ["a TPKT too short", "03000005ff", ""],
  ["data before a connection", "0300000702f080", "0300000d 08 70 0000 02 c102 02f0"],
  ["a confirmation", "0300000b06d00001000100", "0300000d 08 70 0000 02 c102 06d0"],
  ["class 4", "0300000b06e00000000140", "0300000b 06 80 0001 0000 82"],
  ["a TPDU size of 64", "0300000e09e00000000100c00106", "03000015 10 70 0000 03 c10a 09e00000000100c00106"],
  ["a parameter behind the end", "0300000d08e00000000100c009", "03000013 0e 70 0000 03 c108 08e00000000100c0"],
  ["a header behind the end", "030000060ae0", "0300000c 07 70 0000 00 c101 0a"],
];

for (const [why, said, answer] of closed)
  test(`no connection for ${why}`, () => {
    const one = accepting();
    assert.equal(one.ask(said), answer.replaceAll(" ", ""));
    assert.equal(one.misunderstood, 1);
    assert.equal(one.ask(cr), "");
    one.clock.advance(1000);
    assert.equal(one.open, false);
  });

test("class 2 with 0 as an alternative is class 0", () => {
  const one = accepting();
  assert.equal(one.ask("0300000e09e00000000120c70100"), "0300000b06d00001000100");
});

test("who does not want a connection any more is not answered", () => {
  const one = accepting();
  assert.equal(one.ask("0300000b06800001000100"), "");
  assert.equal(one.open, false);
});

test("half an association ends after 30 s without a connection, and 30 s with one", () => {
  const silent = accepting();
  silent.clock.advance(29_999);
  assert.ok(silent.open);
  silent.clock.advance(1);
  assert.equal(silent.open, false);
  const half = accepting();
  half.clock.advance(20_000);
  half.ask(cr);
  half.ask(connect().slice(0, -2));
  half.clock.advance(29_999);
  assert.ok(half.open);
  half.clock.advance(1001);
  assert.equal(half.open, false);
  const there = accepting();
  there.ask(cr);
  there.ask(connect());
  there.clock.advance(3_600_000);
  assert.ok(there.open);
});

test("while it is not known whether a client may, what it sends waits", async () => {
  let say: (answer: AssociationAnswer) => void = () => {};
  const one = accepting(() => new Promise((resolve) => (say = resolve)));
  one.ask(cr);
  const read = element("61", element("30", "020103", element("a0", "8200")));
  assert.equal(one.ask(connect() + dt("01000100", read)), "");
  assert.equal(one.ask(dt("01000100", read)), "");
  assert.deepEqual(one.pdus, []);
  say(accepted);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(one.pdus, ["8200", "8200"]);
});

test("a client that has gone before it was let in is over at once", async () => {
  let say: (answer: AssociationAnswer) => void = () => {};
  const one = accepting(() => new Promise((resolve) => (say = resolve)));
  one.ask(cr);
  one.ask(connect());
  one.hangUp();
  say(accepted);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(one.overs, ["lost"]);
});

/** What comes on an association, and how it ends. */
const ended: [why: string, said: string, answer: string][] = [
  ["a second connection request", cr, "0300000d 08 70 0001 02 c102 11e0"],
  ["a second CONNECT", connect(), dt("1903 110105")],
  ["an unknown SPDU", dt("4400"), dt("1903 110105")],
  ["a DISCONNECT that nobody asked for", dt("0a00"), dt("1903 110105")],
  ["a segment of session data", dt("0100 0103 190101 6100"), dt("1903 110105")],
  ["another PPDU", dt("01000100 6000"), dt("190a 11010b c105 3003 800106")],
  ["a PPDU cut off", dt("01000100 6105 30"), dt("190a 11010b c105 3003 800106")],
  ["another context", dt("01000100 6109 3007 020105 a002 8200"), dt("190a 11010b c105 3003 800106")],
  ["a value of no kind", dt("01000100 6107 3005 020103 8200"), dt("190a 11010b c105 3003 800106")],
];

for (const [why, said, answer] of ended)
  test(`an association ends with ${why}`, () => {
    const one = accepting();
    one.ask(cr);
    one.ask(connect());
    assert.equal(one.ask(said), answer.replaceAll(" ", ""));
    assert.deepEqual(one.overs, ["aborted"]);
    assert.equal(one.misunderstood, 1);
    one.association?.send(Uint8Array.of(1));
    assert.equal(one.ask(dt("01000100 6109 3007 020103 a002 8200")), "");
    one.clock.advance(1000);
    assert.equal(one.open, false);
    assert.deepEqual(one.overs, ["aborted"]);
  });

test("a TSDU without an end is not kept", () => {
  const one = accepting();
  one.ask(cr);
  one.ask(connect());
  const part = `0300200702f000${"00".repeat(8192)}`;
  for (let k = 0; k < 8; k++) one.send(part);
  assert.equal(one.misunderstood, 0);
  one.send(part);
  assert.equal(one.misunderstood, 1);
  assert.deepEqual(one.overs, ["aborted"]);
});

test("a user that pauses is told nothing until it resumes", () => {
  const pdu = (value: string): string => dt("01000100", element("61", element("30", "020103", element("a0", value))));
  let paused = false;
  const one = accepting(
    () => accepted,
    (_pdu, association) => {
      if (paused) return;
      paused = true;
      association.pause();
    },
  );
  one.ask(cr);
  one.ask(connect());
  one.send(pdu("8200") + pdu("8201aa") + pdu("8b00").slice(0, 20));
  one.send(pdu("8b00").slice(20));
  assert.deepEqual(one.pdus, ["8200"]);
  one.association?.resume();
  assert.deepEqual(one.pdus, ["8200", "8201aa", "8b00"]);
});

test("a link that goes is over once", () => {
  const one = accepting();
  one.ask(cr);
  one.ask(connect());
  one.hangUp();
  one.association?.abort();
  assert.deepEqual(one.overs, ["lost"]);
});
