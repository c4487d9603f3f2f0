/** Both ends of HDLC and the wrapper on one virtual clock, over lines that lose and add; and mutators on what reads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import type { Control, Unnumbered } from "#protocol/dlms/hdlc/control.ts";
import { FrameReader } from "#protocol/dlms/hdlc/frame-reader.ts";
import { frameBytes, type Frame } from "#protocol/dlms/hdlc/frame.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { serveHdlc } from "#protocol/dlms/hdlc/secondary.ts";
import { serveWrapper, wrapped, WrapperReader } from "#protocol/dlms/wrapper.ts";
import { AnsweringServer, exchangesOf, fromHex, toHex, usualHdlc } from "./dlms-exchanges.ts";
import { share } from "./share.ts";

/** Lets a clock go on for as long as a promise waits. */
async function on<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const settled = { now: false };
  const settle = (): void => void (settled.now = true);
  promise.then(settle, settle);
  for (let k = 0; k < 20_000 && !settled.now; k++) {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    if (!settled.now) clock.advance(100);
  }
  return promise;
}

const byte = fc.nat(255);
const part = fc.nat(127);
const longPart = fc.nat(16_383);
const plain = { noNullPrototype: true } as const;
const address = fc.oneof(
  fc.record({ upper: part, bytes: fc.constant(1 as const) }, plain),
  fc.record({ upper: part, lower: part, bytes: fc.constant(2 as const) }, plain),
  fc.record({ upper: longPart, lower: longPart, bytes: fc.constant(4 as const) }, plain),
);
const poll = fc.boolean();
const number = fc.nat(7);
const unnumbered: fc.Arbitrary<Unnumbered> = fc.constantFrom("SNRM", "DISC", "UA", "DM", "FRMR", "UI");
const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({ kind: fc.constant("I" as const), send: number, receive: number, poll }, plain),
  fc.record({ kind: fc.constantFrom("RR" as const, "RNR" as const), receive: number, poll }, plain),
  fc.record({ kind: unnumbered, poll }, plain),
);
const frame: fc.Arbitrary<Frame> = fc.record(
  {
    destination: address,
    source: address,
    control,
    segmented: fc.boolean(),
    information: fc.uint8Array({ maxLength: 2030 }),
  },
  plain,
);

test("any frames, in any pieces and with anything but a flag between them, come out as they went in", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          frame,
          fc.array(
            byte.filter((one) => one !== 0x7e),
            { maxLength: 3 },
          ),
          fc.boolean(),
        ),
        { maxLength: 4 },
      ),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }),
      (sent, cuts) => {
        let bytes: number[] = [];
        for (const [one, noise, isShared] of sent) {
          const own = [...frameBytes(one)];
          if (isShared && bytes.at(-1) === 0x7e) own.shift();
          bytes = [...bytes, ...own, ...noise];
        }
        const reader = new FrameReader();
        const came: Frame[] = [];
        for (let at = 0, k = 0; at < bytes.length; k++) {
          const size = cuts[k % cuts.length] ?? 1;
          came.push(...reader.take(Uint8Array.from(bytes.slice(at, at + size))));
          at += size;
        }
        came.push(...reader.giveUp());
        assert.deepEqual(
          came,
          sent.map(([one]) => one),
        );
      },
    ),
    { numRuns: share(200, 500, 3000), seed: 14 },
  );
});

/** A link that loses, changes and adds what goes through it, the more the worse; seeded. */
function badLine(link: Link, seed: number, worse: number): Link {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    peer: link.peer,
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      const dice = random();
      if (dice < worse) return;
      const out = bytes.slice();
      if (dice < 2 * worse) out[Math.floor(random() * out.length)] = Math.floor(random() * 256);
      link.send(dice < 3 * worse ? Uint8Array.of(0x7e, 0xa0, ...out, 0x00) : out);
    },
    receive: (run) => link.receive(run),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}

const settingsOf = [
  { name: "128 bytes, no segments", own: usualHdlc, size: 100 },
  { name: "segments, window 1", own: { ...usualHdlc, segmentation: true }, size: 1500 },
  {
    name: "segments, windows of 7 and 3",
    own: { ...usualHdlc, segmentation: true, maxInfoTransmit: 64, windowTransmit: 7, windowReceive: 3 },
    size: 3000,
  },
];

for (const { name, own, size } of settingsOf) {
  test(`a client and a server understand each other over a line that loses and changes frames: ${name}`, async () => {
    for (let seed = 1; seed <= share(5, 10, 100); seed++) {
      const clock = new VirtualClock();
      const [here, there] = nullModem();
      /** Answers each request by its number and as many bytes as it says; a request that came twice would count twice. */
      let count = 0;
      const server = new AnsweringServer((apdu) => {
        count++;
        const answer = Uint8Array.from({ length: size }, (_, k) => (k * seed + (apdu[1] ?? 0)) & 0xff);
        return seed % 2 === 0 ? answer : Promise.resolve(answer);
      });
      const station = { server, settings: () => own, has: (sap: number) => sap === 1 };
      serveHdlc(badLine(there, seed, 0.03), () => [station], clock);
      const carrier = hdlcCarrier(badLine(here, seed + 1000, 0.03), clock, {
        addresses: { client: 16, server: 1 },
        physical: 17,
        propose: { maxInfoTransmit: 128, maxInfoReceive: 128, windowTransmit: 7, windowReceive: 7 },
        timeoutMs: 1000,
        retries: 20,
      });
      await on(clock, carrier.open());
      const request = new Uint8Array(own.segmentation ? 700 : 100);
      for (let k = 0; k < 20; k++) {
        request[1] = k;
        const answer = await on(clock, carrier.ask(request));
        assert.equal(answer.length, size, `seed ${seed}, request ${k}`);
        assert.ok(answer.every((one, at) => one === ((at * seed + k) & 0xff)));
      }
      assert.equal(count, 20, `seed ${seed}`);
      await on(clock, carrier.close());
      assert.equal(server.ended, server.opened.length);
    }
  });
}

test("a client says what is wrong: nobody answers, DM, FRMR, a line that ends", async () => {
  const clock = new VirtualClock();
  const options = { addresses: { client: 16, server: 1 }, physical: 17, timeoutMs: 1000 };
  const [alone] = nullModem();
  await assert.rejects(
    on(clock, hdlcCarrier(alone, clock, options).open()),
    /null modem a did not answer SNRM within 1000 ms/,
  );
  const [here, there] = nullModem();
  const station = { server: new AnsweringServer(() => undefined), settings: () => usualHdlc, has: () => true };
  serveHdlc(there, () => [station], clock);
  const carrier = hdlcCarrier(here, clock, options);
  await on(clock, carrier.open());
  await assert.rejects(on(clock, carrier.ask(fromHex("C0"))), /did not answer within 1000 ms/);
  const again = hdlcCarrier(here, clock, options);
  await on(clock, again.open());
  await assert.rejects(on(clock, again.ask(new Uint8Array(126))), /rejects a frame/);
  await on(clock, again.open());
  clock.advance(120_000);
  await assert.rejects(on(clock, again.ask(fromHex("C0"))), /has disconnected/);
  there.close();
  await assert.rejects(on(clock, again.open()), /closed the connection/);
});

test("a server that never comes to an end, or says the same for ever, is given up", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const of = { destination: { upper: 16, bytes: 1 }, source: { upper: 1, bytes: 1 }, segmented: false } as const;
  const say = (control: Control, information = new Uint8Array(0)): void =>
    there.send(frameBytes({ ...of, control, information }));
  let answer: () => void = () => {};
  const reader = new FrameReader();
  let polls = 0;
  there.receive((bytes) => {
    for (const { control } of reader.take(bytes)) {
      polls++;
      if (control.kind === "SNRM") say({ kind: "UA", poll: true });
      else answer();
    }
  });
  const addresses = { client: 16, server: 1 };
  const carrier = hdlcCarrier(here, clock, { addresses, physical: undefined, timeoutMs: 1000 });
  await on(clock, carrier.open());
  // Another frame whenever somebody would wait for the next.
  let goes = true;
  const flood = (): void => {
    say({ kind: "RR", receive: 0, poll: false });
    if (goes) clock.after(500, flood);
  };
  answer = flood;
  await assert.rejects(on(clock, carrier.ask(fromHex("C0"))), /sends more frames than an answer has/);
  goes = false;
  clock.advance(1000);
  await on(clock, carrier.open());
  polls = 0;
  answer = () => say({ kind: "RR", receive: 0, poll: true });
  await assert.rejects(on(clock, carrier.ask(fromHex("C0"))), /did not answer within 1000 ms/);
  // Every 100 ms, for three times its patience.
  assert.equal(polls, 31);
});

test("a server that takes its time, and says so, is waited for", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const slow = (apdu: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve) => void clock.after(2500, () => resolve(apdu)));
  const station = { server: new AnsweringServer(slow), settings: () => usualHdlc, has: () => true };
  serveHdlc(there, () => [station], clock);
  const addresses = { client: 16, server: 1 };
  const carrier = hdlcCarrier(here, clock, { addresses, physical: 17, timeoutMs: 1000 });
  await on(clock, carrier.open());
  for (const apdu of ["C001", "C002"]) assert.equal(toHex(await on(clock, carrier.ask(fromHex(apdu)))), apdu);
});

test("a client is told of the push of a public example, and of the longest request where nothing is cut", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const addresses = { client: 16, server: 1 };
  const carrier = hdlcCarrier(here, clock, { addresses, physical: undefined, timeoutMs: 1000, segmentation: false });
  const told: string[] = [];
  carrier.notified((apdu) => told.push(toHex(apdu)));
  there.send(
    fromHex(
      "7EA02C210313416CE6E7000FC0000001000203090C07E902130315140000000000060012D687173FC0000001817E" +
        "7EA0070321930F017E",
    ),
  );
  assert.deepEqual(told, ["0FC0000001000203090C07E902130315140000000000060012D687173FC00000"]);
  assert.equal(carrier.longest, 125);
});

test("a client that never acknowledges makes nothing grow", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const server = new AnsweringServer(() => new Uint8Array(60_000));
  const station = {
    server,
    settings: () => ({ ...usualHdlc, segmentation: true, windowTransmit: 7 }),
    has: () => true,
  };
  serveHdlc(there, () => [station], clock);
  let heard = 0;
  here.receive((bytes) => (heard += bytes.length));
  const send = (kind: "SNRM" | "RR" | "I", k = 0): void => {
    const of = {
      SNRM: { kind: "SNRM", poll: true },
      RR: { kind: "RR", receive: 0, poll: true },
      I: { kind: "I", send: k & 7, receive: 0, poll: true },
    } as const;
    const information = kind === "I" ? fromHex("E6E600C0") : new Uint8Array(0);
    here.send(
      frameBytes({
        destination: { upper: 1, bytes: 1 },
        source: { upper: 16, bytes: 1 },
        control: of[kind],
        segmented: false,
        information,
      }),
    );
  };
  send("SNRM");
  heard = 0;
  for (let k = 0; k < 1000; k++) send("I", k);
  // The window that the client offers is 1: one segment again and again.
  assert.equal(heard, 1000 * (128 + 11));
  for (let k = 0; k < 1000; k++) send("RR");
  assert.equal(heard, 2000 * (128 + 11));
});

/** Frames and messages that are nearly right: pieces of golden ones, changed, cut, doubled. */
function mutated(golden: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const piece = fc.tuple(
    fc.constantFrom(...golden),
    fc.nat(200),
    fc.integer({ min: 0, max: 200 }),
    fc.array(fc.tuple(fc.nat(200), byte), { maxLength: 3 }),
  );
  return fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => {
    const out: number[] = [];
    for (const [bytes, from, length, changes] of pieces) {
      const part = from % 3 === 0 ? bytes.slice(from % bytes.length, (from % bytes.length) + length) : bytes.slice();
      for (const [at, value] of changes) if (part.length > 0) part[at % part.length] = value;
      out.push(...part);
    }
    return Uint8Array.from(out);
  });
}

const hdlcGolden = exchangesOf("jdlms_gxjava_hdlc_none.txt").flatMap(({ client, server }) => [
  fromHex(client),
  fromHex(server),
]);
const wrapperGolden = exchangesOf("jdlms_gxjava_wrapper_none.txt").flatMap(({ client, server }) => [
  fromHex(client),
  fromHex(server),
]);

test("100,000 mutated pieces of HDLC: what is kept is a frame at most, and the station still connects", () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  let heard = "";
  here.receive((bytes) => (heard = toHex(bytes)));
  const server = new AnsweringServer((apdu) => apdu);
  const station = { server, settings: () => ({ ...usualHdlc, segmentation: true }), has: () => true };
  serveHdlc(there, () => [station], clock);
  const reader = new FrameReader();
  fc.assert(
    fc.property(mutated(hdlcGolden), (bytes) => {
      here.send(bytes.slice());
      reader.take(bytes);
      assert.ok(reader.held <= 2049);
      server.requests.length = server.opened.length = 0;
    }),
    { numRuns: share(3000, 10_000, 100_000), seed: 100 },
  );
  clock.advance(500);
  here.send(fromHex("7EA0070321930F017E"));
  assert.equal(heard.slice(0, 14), "7EA01E210373C3");
});

test("100,000 mutated messages of the wrapper: what is kept is a message at most, and what is whole is answered", () => {
  let closed = 0;
  const open = () => {
    const [here, there] = nullModem();
    here.closed(() => void closed++);
    serveWrapper(there, new AnsweringServer((apdu) => apdu));
    return here;
  };
  let link = open();
  const runs = share(3000, 10_000, 100_000);
  fc.assert(
    fc.property(mutated(wrapperGolden), (bytes) => {
      link.send(bytes.slice());
      const reader = new WrapperReader();
      reader.add(bytes);
      try {
        for (let message = reader.next(); message !== undefined; message = reader.next()) {
          const again = wrapped(message);
          assert.deepEqual(again.subarray(8), message.apdu);
        }
      } catch (error) {
        assert.ok(error instanceof Error && error.name === "WireError", String(error));
      }
      assert.ok(reader.held < 8 + 65_536);
      if (!link.open) link = open();
    }),
    { numRuns: runs, seed: 101 },
  );
  assert.ok(closed > runs / 50, `${closed}`);
});

test("whatever a client does, each poll has one response: a window of frames at most, and the last one is final", () => {
  // Mostly what is to come next, by what the server has said; sometimes a frame that was, or that nobody sent.
  const off = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 7, 1);
  const often = fc.constantFrom(true, true, true, false);
  const step = fc.record(
    {
      kind: fc.constantFrom("I", "I", "I", "I", "RR", "RR", "RR", "RNR", "UI", "SNRM", "DISC", "FRMR", "SREJ"),
      sendOff: off,
      receiveOff: off,
      poll: often,
      isWhole: often,
      length: fc.integer({ min: 0, max: 130 }),
    },
    plain,
  );
  let most = 0;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      (steps, window, cut) => {
        const [here, there] = nullModem();
        const reader = new FrameReader();
        let heard: Frame[] = [];
        here.receive((bytes) => void (heard = [...heard, ...reader.take(bytes)]));
        const server = new AnsweringServer((apdu) => new Uint8Array(cut ? 900 : Math.min(100, apdu.length)));
        const station = {
          server,
          settings: () => ({ ...usualHdlc, windowTransmit: window, windowReceive: 3, segmentation: cut }),
          has: () => true,
        };
        serveHdlc(there, () => [station], new VirtualClock());
        /** What the client would say next, and has received. */
        let next = 0;
        let got = 0;
        const put = (control: Control, segmented: boolean, information: Uint8Array): readonly Frame[] => {
          heard = [];
          const of = { destination: { upper: 1, bytes: 1 }, source: { upper: 16, bytes: 1 } } as const;
          here.send(frameBytes({ ...of, control, segmented, information }));
          for (const { control: said } of heard) {
            if (said.kind === "UA") next = got = 0;
            if ("receive" in said) next = said.receive;
            if (said.kind === "I" && said.send === got) got = (got + 1) & 7;
          }
          return heard;
        };
        // 128 bytes both ways, windows of 7.
        const connects = fromHex("818012050180060180070400000007080400000007");
        put({ kind: "SNRM", poll: true }, false, connects);
        for (const { kind, sendOff, receiveOff, poll, isWhole, length } of steps) {
          const numbers = { send: (next + sendOff) & 7, receive: (got + receiveOff) & 7, poll };
          const control: Control =
            kind === "I"
              ? { kind, ...numbers }
              : kind === "RR" || kind === "RNR"
                ? { kind, receive: numbers.receive, poll }
                : kind === "SREJ"
                  ? { kind: "other", byte: poll ? 0x1d : 0x0d, poll }
                  : { kind: kind as Unnumbered, poll };
          const isData = kind === "I" || kind === "UI";
          const information = kind === "SNRM" ? connects : new Uint8Array(isData ? length : 0);
          if (isData) information.set(fromHex("E6E600").subarray(0, length));
          const came = put(control, kind === "I" && cut && !isWhole, information);
          const isAnswered = poll && kind !== "UI";
          assert.equal(came.filter((one) => one.control.poll).length, isAnswered ? 1 : 0, kind);
          assert.equal(came.at(-1)?.control.poll, isAnswered ? true : undefined);
          assert.ok(came.length <= window, `${came.length} frames`);
          assert.ok(came.every(({ information }) => information.length <= 128));
          most = Math.max(most, came.length);
        }
      },
    ),
    { numRuns: share(1000, 3000, 30_000), seed: 13_239 },
  );
  // It has been where windows are full.
  assert.equal(most, 7);
});
