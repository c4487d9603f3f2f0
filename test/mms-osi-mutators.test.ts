/** Seeded bad input to each layer under MMS, from either end: nothing grows, nothing throws, and who comes after is served. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { associate, AssociationRefused, usual } from "#protocol/iec61850/osi/associate.ts";
import { associateApdu, associatedApdu } from "#protocol/iec61850/osi/acse.ts";
import { findValue, ValuePlace } from "#protocol/iec61850/osi/data.ts";
import { answerPpdu, connectPpdu, dataValues } from "#protocol/iec61850/osi/ppdu.ts";
import { dataFrom, spduOf } from "#protocol/iec61850/osi/spdu.ts";
import { connectingOf, headerEnd } from "#protocol/iec61850/osi/tpdu.ts";
import { TpktReader } from "#protocol/iec61850/osi/tpkt.ts";
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { connectionsOf, fromHex, mmsFiles, skip, toHex, type Sent } from "./mms-exchanges.ts";
import { accepting, initiateResponse } from "./mms-osi.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** Packets that are short enough to be changed where it matters, each once. */
function packetsOf(from: Sent["from"]): Uint8Array[] {
  const all = mmsFiles.flatMap((file) => connectionsOf(file).flat());
  const packets = all.filter((sent) => sent.from === from).flatMap(({ packets }) => packets);
  return [...new Set(packets)].filter((hex) => hex.length < 1000).map(fromHex);
}

const connection = connectionsOf("mms-walk.txt")[1] ?? [];
const [cr = "", connect = ""] = connection
  .filter(({ from }) => from === "client")
  .map(({ packets }) => packets.join(""));

/** The TPDUs of what came are whole: a client that reads on finds nothing that is none. */
function assertPackets(hex: string): void {
  let whole = 0;
  const reader = new TpktReader((_bytes, from, to) => (whole += 4 + to - from));
  const bytes = fromHex(hex);
  reader.receive(bytes);
  assert.equal(whole, bytes.length, hex);
}

test("whatever clients send, links end in order and the next client is served", { skip }, () => {
  const random = numbers(0x61);
  const samples = packetsOf("client");
  let ended = 0;
  for (let k = share(1500, 15_000, 100_000); k > 0; k--) {
    const one = accepting(undefined, (pdu, association) => association.send(pdu));
    // As far as one of the layers it goes as it should.
    const stage = random(3);
    if (stage > 0) one.ask(cr);
    if (stage > 1) one.ask(connect);
    for (let more = 1 + random(3); more > 0; more--) {
      // The first packets are each layer's own.
      const some = stage === 2 ? samples : [fromHex(cr), fromHex(connect)];
      const bytes = mutated(some, random);
      const cut = random(2) === 0 ? random(bytes.length + 1) : bytes.length;
      assertPackets(one.ask(toHex(bytes.subarray(0, cut))));
      assertPackets(one.ask(toHex(bytes.subarray(cut))));
    }
    assert.ok(one.overs.length <= 1);
    if (one.overs.length === 1) ended++;
    one.hangUp();
    assert.equal(one.overs.length, one.association === undefined ? 0 : 1);
    one.clock.advance(120_000);
    assert.equal(one.open, false);
  }
  assert.ok(ended > 0);
});

test("whatever servers send, a caller has its association, or knows why not", { skip }, async () => {
  const random = numbers(0x62);
  const samples = packetsOf("server");
  const [confirm, accept] = samples;
  assert.ok(confirm && accept);
  for (let k = share(500, 5000, 30_000); k > 0; k--) {
    const clock = new VirtualClock();
    const [here, there] = nullModem();
    const overs: string[] = [];
    const association = associate(here, {
      clock,
      timeoutMs: 5000,
      ...usual,
      initiate: initiateResponse,
      user: () => ({ received() {}, over: (how) => void overs.push(how) }),
    });
    const stage = random(3);
    if (stage > 0) there.send(confirm);
    if (stage > 1) there.send(accept);
    for (let more = 1 + random(3); more > 0; more--)
      there.send(mutated(stage === 2 ? samples : [confirm, accept], random));
    clock.advance(5000);
    try {
      (await association).abort();
      assert.equal(overs.length, 1);
    } catch (error) {
      assert.ok(error instanceof AssociationRefused, String(error));
    }
    clock.advance(1000);
    assert.equal(here.open, false);
  }
});

/** Runs a decoder, which may throw one kind of error. */
function tried(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}

test("each layer's decoder says WireError of what it does not know, and nothing else", { skip }, () => {
  const random = numbers(0x63);
  const spdus = [...packetsOf("client"), ...packetsOf("server")].map((packet) => packet.subarray(7));
  const ppdus = spdus.flatMap((spdu) => {
    const inner: Uint8Array[] = [];
    tried(() => {
      const data = dataFrom(spdu, 0, spdu.length);
      const found = data === undefined ? spduOf(spdu, 0, spdu.length).userData : spdu.subarray(data);
      if (found.length > 0) inner.push(found);
    });
    return inner;
  });
  const apdus = ppdus.flatMap((ppdu) => {
    const inner: Uint8Array[] = [];
    for (const read of [connectPpdu, answerPpdu])
      tried(() => inner.push(...read(ppdu).values.map(({ content }) => content)));
    return inner;
  });
  assert.ok(spdus.length > 100 && ppdus.length > 100 && apdus.length >= 4);
  const tpdus = [fromHex(cr).subarray(4)];
  for (let k = share(5000, 50_000, 300_000); k > 0; k--) {
    const tpdu = mutated(tpdus, random);
    tried(() => connectingOf(tpdu, 0, headerEnd(tpdu, 0, tpdu.length)));
    const spdu = mutated(spdus, random);
    tried(() => spduOf(spdu, 0, spdu.length));
    tried(() => dataFrom(spdu, 0, spdu.length));
    const ppdu = mutated(ppdus, random);
    tried(() => connectPpdu(ppdu));
    tried(() => answerPpdu(ppdu));
    tried(() => dataValues(ppdu, 0, ppdu.length));
    const apdu = mutated(apdus, random);
    tried(() => associateApdu(apdu));
    tried(() => associatedApdu(apdu));
  }
});

test("the short way to a value finds what the long way finds, or leaves it to that", { skip }, () => {
  const random = numbers(0x64);
  const data = [...packetsOf("client"), ...packetsOf("server")]
    .map((packet) => packet.subarray(11))
    .filter(([tag]) => tag === 0x61);
  const place = new ValuePlace();
  let short = 0;
  for (let k = share(20_000, 100_000, 1_000_000); k > 0; k--) {
    const ppdu = random(4) === 0 ? (data[random(data.length)] ?? new Uint8Array()) : mutated(data, random);
    if (!findValue(ppdu, 0, ppdu.length, place)) continue;
    short++;
    const [value, ...others] = dataValues(ppdu, 0, ppdu.length);
    assert.deepEqual(others, []);
    assert.equal(value?.context, place.context);
    assert.deepEqual(value?.content, ppdu.subarray(place.from, place.to));
  }
  assert.ok(short > 1000);
});

/** An association of ours with whatever a TPDU can carry, and the octets that come out of the other end of it. */
test("PDUs of every length arrive as they went, however the link cuts them", () => {
  const pdus = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });
  const arbitrary = fc.record({
    tpduSize: fc.constantFrom(128, 256, 512, 1024, 2048, 4096, 8192),
    pdus,
    long: fc.nat({ max: 20_000 }),
    cuts: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
  });
  const run = fc.asyncProperty(arbitrary, async ({ tpduSize, pdus, long, cuts }) => {
    const clock = new VirtualClock();
    const [here, there] = nullModem();
    let k = 0;
    const one = accepting();
    // What the caller sends goes to the acceptor in pieces.
    there.receive((bytes) => {
      let at = 0;
      while (at < bytes.length) {
        const cut = cuts[k++ % cuts.length] ?? 1;
        const back = one.ask(toHex(bytes.subarray(at, at + cut)));
        if (back !== "") there.send(fromHex(back));
        at += cut;
      }
    });
    const association = await associate(here, {
      clock,
      timeoutMs: 5000,
      ...usual,
      tpduSize,
      initiate: initiateResponse,
      user: () => ({ received() {}, over() {} }),
    });
    const all = [...pdus, new Uint8Array(long).fill(0xa5)];
    for (const pdu of all) association.send(pdu);
    assert.deepEqual(one.pdus, all.map(toHex));
  });
  return fc.assert(run, { numRuns: share(50, 300, 2000) });
});

test("indefinite lengths within each other are as deep as there is reason for", () => {
  const deep = (count: number): Uint8Array => fromHex(`${"3080".repeat(count)}${"0000".repeat(count)}`);
  for (const read of [connectPpdu, answerPpdu]) assert.throws(() => read(deep(4000)), WireError);
  assert.throws(() => dataValues(deep(4000), 0, 16_000), WireError);
  // Definite ones are looked into only as far as somebody knows what is there.
  const out = new BerWriter();
  for (let k = 0; k < 4000; k++) out.wrap(0x30, 0);
  assert.deepEqual(answerPpdu(out.done()), { accepted: [], values: [] });
});
