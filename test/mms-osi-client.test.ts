/** Who calls: libiec61850's client octet by octet, what other servers answer, and why there is no association. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { associate, AssociationRefused, usual, type AssociateOptions } from "#protocol/iec61850/osi/associate.ts";
import type { Association, AssociationAnswer } from "#protocol/iec61850/osi/association.ts";
import { connectionsOf, fromHex, mmsFiles, skip, toHex } from "./mms-exchanges.ts";
import { initiateResponse } from "./mms-osi.ts";

/** An initiate request of libiec61850's. */
const initiate = fromHex("a82680 0300fde8 810105 820105 83010a a416 800101 810305f100 820c03ee1c00000408000079ef18");

function calling(options: Partial<AssociateOptions> = {}) {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const [pdus, overs]: [string[], string[]] = [[], []];
  let heard = "";
  there.receive((bytes) => (heard += toHex(bytes)));
  const association = associate(here, {
    clock,
    timeoutMs: 5000,
    ...usual,
    initiate,
    user: () => ({ received: (pdu) => void pdus.push(toHex(pdu)), over: (how) => void overs.push(how) }),
    ...options,
  });
  association.catch(() => {});
  return {
    clock,
    association,
    pdus,
    overs,
    here,
    heard() {
      const all = heard;
      heard = "";
      return all;
    },
    answer: (hex: string) => there.send(fromHex(hex)),
    hangUp: () => there.close(),
  };
}

for (const file of mmsFiles.slice(0, 4))
  for (const [k, sent] of connectionsOf(file).entries())
    test(`the client of ${file}, connection ${k + 1}, is ours`, { skip }, async () => {
      const asked = sent.find(({ from, tsdu }) => from === "client" && tsdu.startsWith("0d"))?.tsdu ?? "";
      const at = Math.max(asked.lastIndexOf("a82680"), asked.lastIndexOf("a82580"));
      const one = calling({ initiate: fromHex(asked.slice(at)) });
      let association: Association | undefined;
      for (const { from, packets, tsdu, pdu } of sent) {
        if (from === "server") {
          one.pdus.length = 0;
          for (const packet of packets) one.answer(packet);
          if (tsdu.startsWith("0e")) association = await one.association;
          if (pdu !== undefined) assert.deepEqual(one.pdus, [pdu]);
          continue;
        }
        if (pdu !== undefined) association?.send(fromHex(pdu));
        if (tsdu.startsWith("09")) association?.release();
        if (tsdu.startsWith("19")) association?.abort();
        assert.equal(one.heard(), packets.join(""));
      }
      const last = sent.at(-1)?.tsdu ?? "";
      if (last.startsWith("0a")) assert.deepEqual(one.overs, ["released"]);
      if (last.startsWith("19")) assert.deepEqual(one.overs, ["aborted"]);
    });

const cc = "0300001611d00001000100c0010dc2020001c1020001";

/** What a server may say instead, with what becomes of it. */
const refusals: [why: string, answers: readonly string[], words: RegExp][] = [
  ["transport: disconnects", ["0300000b 06 80 0001 0000 02"], /it disconnects, reason 2/],
  ["transport: rejects", ["0300000d 08 70 0001 02 c102 11e0"], /it rejects a TPDU, cause 2/],
  ["transport: another one's CC", ["0300000b 06 d0 0002 0001 00"], /does not speak MMS: a CC of another connection/],
  ["transport: something else", ["485454502f312e3120343030"], /does not speak MMS: expected a TPKT/],
  ["session: refuses", [cc, "0300000f 02f080 0c06 110101 320181"], /session layer refuses the connection, reason 129/],
  ["session: aborts", [cc, "0300000c 02f080 1903 11010b"], /it aborts the association/],
  [
    "presentation: refuses",
    [cc, "03000014 02f080 0c0b 110101 320602 30038a0102"],
    /its presentation layer refuses the connection/,
  ],
];

for (const [why, answers, words] of refusals)
  test(`no association: ${why}`, async () => {
    const one = calling();
    for (const hex of answers) one.answer(hex);
    await assert.rejects(one.association, (error) => error instanceof AssociationRefused && words.test(error.message));
    assert.equal(one.here.open, false);
  });

test("no association: nobody answers, or hangs up", async () => {
  const silent = calling();
  silent.clock.advance(5000);
  await assert.rejects(silent.association, /no association within 5000 ms/);
  const gone = calling();
  gone.hangUp();
  await assert.rejects(gone.association, /the connection is gone/);
});

/** Both ends of ours. */
function together(answer: AssociationAnswer, options: Partial<AssociateOptions> = {}) {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const seen: { password?: Uint8Array | undefined; selectors?: unknown; called?: unknown; calling?: unknown } = {};
  const said: string[] = [];
  let open = true;
  there.closed(() => (open = false));
  acceptAssociations(there, {
    clock,
    accept(request) {
      Object.assign(seen, request);
      return answer;
    },
    user: (association) => ({
      received(pdu) {
        said.push(toHex(pdu));
        association.send(pdu);
      },
      over: (how) => void said.push(how),
    }),
  });
  const back: string[] = [];
  const association = associate(here, {
    clock,
    timeoutMs: 5000,
    ...usual,
    initiate,
    user: (_association, response) => {
      back.push(toHex(response));
      return { received: (pdu) => void back.push(toHex(pdu)), over: (how) => void back.push(how) };
    },
    ...options,
  });
  association.catch(() => {});
  return { clock, association, seen, said, back, isOpen: () => open };
}

test("a password, titles, qualifiers and selectors arrive as they were said", async () => {
  const selectors = {
    transport: Uint8Array.of(0, 7),
    session: new Uint8Array(0),
    presentation: Uint8Array.of(1, 2, 3, 4),
  };
  const { association, seen } = together(
    { accepted: true, initiate: initiateResponse },
    {
      password: Buffer.from("open sesame"),
      selectors,
      called: { apTitle: "1.3.9999.23", aeQualifier: 40_000 },
      calling: { aeQualifier: -1 },
    },
  );
  await association;
  assert.equal(Buffer.from(seen.password ?? []).toString(), "open sesame");
  assert.deepEqual(seen.selectors, selectors);
  assert.deepEqual(seen.called, { apTitle: "1.3.9999.23", aeQualifier: 40_000 });
  assert.deepEqual(seen.calling, { aeQualifier: -1 });
});

test("who is refused is told why, with what MMS says of it", async () => {
  const error = fromHex("aa05a003820103");
  const { association } = together({
    accepted: false,
    result: "permanent",
    diagnostic: "authenticationFailure",
    initiate: error,
  });
  await assert.rejects(association, (caught) => {
    assert.ok(caught instanceof AssociationRefused);
    assert.match(caught.message, /refuses the association for good: authenticationFailure/);
    assert.deepEqual(caught.initiate, error);
    return true;
  });
  const later = together({ accepted: false, result: "transient", diagnostic: "noReason" });
  await assert.rejects(later.association, /for now: noReason/);
});

test("the longest PDU goes both ways in TPDUs of each size", async () => {
  const pdu = Uint8Array.from({ length: 65_000 }, (_, k) => (k * 7) & 0xff);
  for (const tpduSize of [128, 1024, 8192]) {
    const { association, said, back } = together({ accepted: true, initiate: initiateResponse }, { tpduSize });
    (await association).send(pdu);
    assert.deepEqual(said, [toHex(pdu)]);
    assert.deepEqual(back, [toHex(initiateResponse), toHex(pdu)]);
  }
});

test("a release that nobody answers becomes an abort, and either end may begin it", async () => {
  const one = calling();
  one.answer(cc);
  one.answer(
    "0300008f02f0800e8605061301001601021402000234020001c1743172a003800101a26b830400000001a512300780010081025101300780010081025101614f304d020101a0486146a107060528ca220203a203020100a305a103020100be2f282d020103a028a926800300fde881010582010583010aa416800101810305f100820c03ee1c00000002000040ed18",
  );
  const association = await one.association;
  one.heard();
  association.release();
  association.release();
  assert.equal(one.heard(), "0300001902f0800910c10e610c300a020101a0056203800100");
  one.clock.advance(10_000);
  assert.equal(one.heard(), "0300001e02f080191511010bc110a00e610c300a020101a0056403800100");
  assert.deepEqual(one.overs, ["aborted"]);

  const both = together({ accepted: true, initiate: initiateResponse });
  (await both.association).release();
  assert.deepEqual(both.said, ["released"]);
  assert.deepEqual(both.back.slice(1), ["released"]);
  // Who asked for it hangs up, and keeps no place at the other.
  assert.equal(both.isOpen(), true);
  both.clock.advance(0);
  assert.equal(both.isOpen(), false);
});
