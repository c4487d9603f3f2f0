/** Protocol mode E of IEC 62056-21 on an optical head: a cable on which both ends must have the same speed and parity, and takes its time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import type { PacedLine } from "#io/serial.ts";
import { HdlcLine } from "#protocol/dlms/hdlc/secondary.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { parityIn, withParity } from "#protocol/iec62056-21/even-parity.ts";
import type { Identification } from "#protocol/iec62056-21/identification.ts";
import { ModeE, REACTION_MS, type ModeEOptions } from "#protocol/iec62056-21/mode-e.ts";
import { opticalReader, type SignOnOptions } from "#protocol/iec62056-21/sign-on.ts";
import { AnsweringServer, fromHex, toHex, usualHdlc } from "./dlms-exchanges.ts";
import { share } from "./share.ts";

/** One end of an optical cable: bytes take ten bits each, and at another speed they come out as others. */
class Head implements Link, PacedLine {
  readonly peer: string;
  baud = 9600;
  other: Head | undefined;
  readonly bauds: number[] = [];
  readonly #link: Link;
  readonly #clock: VirtualClock;
  #busyUntil = 0;
  /** What is sent waits before the line for so long, as it does for a transaction of a store. */
  holdMs = 0;
  waiting = 0;

  constructor(link: Link, clock: VirtualClock) {
    this.peer = link.peer;
    this.#link = link;
    this.#clock = clock;
  }

  send(bytes: Uint8Array): void {
    this.waiting += bytes.length;
    const go = (): void => {
      this.waiting -= bytes.length;
      this.#put(bytes);
    };
    if (this.holdMs === 0) go();
    else this.#clock.after(this.holdMs, go);
  }

  #put(bytes: Uint8Array): void {
    const { baud } = this;
    const from = Math.max(this.#busyUntil, this.#clock.elapsed());
    this.#busyUntil = from + (bytes.length * 10 * 1000) / baud;
    this.#clock.after(this.#busyUntil - this.#clock.elapsed(), () => {
      const isHeard = this.other?.baud === baud;
      this.#link.send(isHeard ? bytes : bytes.map((byte) => byte ^ 0x55));
    });
  }

  async setBaud(baud: number): Promise<void> {
    const left = this.#busyUntil - this.#clock.elapsed();
    if (left > 0) await new Promise<void>((resolve) => void this.#clock.after(left, resolve));
    this.baud = baud;
    this.bauds.push(baud);
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#link.receive(run);
  }
  pause(): void {}
  resume(): void {}
  closed(run: () => void): void {
    this.#link.closed(run);
  }
  close(): void {
    this.#link.close();
  }
}

function cable(clock: VirtualClock): readonly [Head, Head] {
  const [a, b] = nullModem();
  const [here, there] = [new Head(a, clock), new Head(b, clock)];
  here.other = there;
  there.other = here;
  return [here, there];
}

async function on<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const settled = { now: false };
  const settle = (): void => void (settled.now = true);
  promise.then(settle, settle);
  for (let k = 0; k < 20_000 && !settled.now; k++) {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    if (!settled.now) clock.advance(10);
  }
  return promise;
}

/** Time goes by, and what waits for it goes on. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  for (let k = 0; k < ms / 10; k++) {
    clock.advance(10);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

const identification: Identification = { manufacturer: "GRX", baud: "5", enhanced: ["2"], text: "12345678" };

/** A meter at one end of a cable, and what comes at the other. */
async function meter(options: Partial<ModeEOptions> = {}) {
  const clock = new VirtualClock();
  const [here, there] = cable(clock);
  const server = new AnsweringServer((apdu) => apdu);
  const station = { server, settings: () => usualHdlc, has: (sap: number) => sap === 1 };
  let misunderstood = 0;
  const head = new ModeE(there, there, clock, {
    identification: () => identification,
    isMeant: (address) => address === "" || address === "17",
    answers: () => true,
    silenceMs: () => 120_000,
    enter() {
      const data = new HdlcLine(there, () => [station], clock, { idle: () => head.leave() });
      return { receive: (bytes) => data.receive(bytes), end: () => data.end() };
    },
    misunderstood: () => void misunderstood++,
    ...options,
  });
  await pass(clock, 10);
  let heard = "";
  const listen = (): void => here.receive((bytes) => (heard += toHex(bytes)));
  return {
    clock,
    here,
    there,
    head,
    server,
    listen,
    get misunderstood() {
      return misunderstood;
    },
    /** What comes within two seconds. */
    async ask(bytes: Uint8Array, ms = 2000): Promise<string> {
      heard = "";
      here.send(bytes);
      await pass(clock, ms);
      return heard;
    },
  };
}

test("seven bits with even parity are eight with the parity in the highest", () => {
  // "/" has five ones, "?" six, "!" two; carriage return three, line feed two.
  assert.equal(toHex(withParity("/?!\r\n")), "AF3F218D0A");
  assert.deepEqual([0xaf, 0x2f, 0x3f, 0xbf].map(parityIn), ["even", "none", "either", "wrong"]);
});

test("the exchange of Gurux's server for C goes as it went, with parity and, where who asks has none, without", async () => {
  for (const parity of [true, false]) {
    const m = await meter();
    m.listen();
    m.here.baud = 300;
    const bytes = (hex: string): Uint8Array =>
      parity ? withParity(String.fromCharCode(...fromHex(hex))) : fromHex(hex);
    // "/GRX5\\212345678": Gurux's own answer lacks the \\2 by which HDLC is offered (Annex E.3).
    const identified = "2F475258355C3231323334353637380D0A";
    assert.equal(await m.ask(bytes("2F3F210D0A"), 1000), toHex(bytes(identified)));
    // The head hands it back.
    assert.equal(await m.ask(bytes(identified), 700), "");
    assert.equal(await m.ask(bytes("063235320D0A")), toHex(bytes("063235320D0A")));
    assert.deepEqual([m.there.baud, m.head.isData], [9600, true]);
    m.here.baud = 9600;
    const UA = "7EA01E210373C37A818012050180060180070400000001080400000001533B7E";
    // A client that has not heard it asks again: the port stays as it is.
    for (let k = 0; k < 2; k++) assert.equal(await m.ask(fromHex("7EA0070321930F017E")), UA);
    // DISC, and the port is at 300 baud again when UA has gone.
    assert.match(await m.ask(fromHex("7EA00703215303C77E")), /^7EA007210373....7E$/);
    assert.deepEqual([m.there.baud, m.head.isData], [300, false]);
    m.here.baud = 300;
    assert.equal(await m.ask(bytes("2F3F210D0A")), toHex(bytes(identified)));
    assert.equal(m.misunderstood, 0);
  }
});

test("a client signs on, goes on as fast as both can, reads, and leaves the port as it was", async () => {
  for (const [fastestBaud, expected] of [
    [undefined, 9600],
    [2400, 2400],
    [5000, 4800],
  ] as const) {
    const m = await meter();
    const options: SignOnOptions = { address: "17", fastestBaud, timeoutMs: 2000 };
    const optical = opticalReader(m.here, m.here, m.clock, options);
    let who: Identification | undefined;
    const carrier = hdlcCarrier(optical.link, m.clock, {
      addresses: { client: 16, server: 1 },
      physical: 17,
      timeoutMs: 3000,
      before: async () => void (who = await optical.signOn()),
    });
    await on(m.clock, carrier.open());
    assert.deepEqual(who, identification);
    assert.deepEqual(
      [m.here.bauds, m.there.bauds],
      [
        [300, expected],
        [300, expected],
      ],
    );
    const apdu = fromHex("C001C100080000010000FF0100");
    assert.equal(toHex(await on(m.clock, carrier.ask(apdu))), toHex(apdu));
    await on(m.clock, carrier.close());
    await pass(m.clock, 100);
    assert.equal(m.server.ended, 1);
  }
});

test("what waits before the line goes at the speed at which it was said", async () => {
  const m = await meter();
  m.there.holdMs = 70;
  const optical = opticalReader(m.here, m.here, m.clock, { timeoutMs: 2000 });
  const addresses = { client: 16, server: 1 };
  const before = async (): Promise<void> => void (await optical.signOn());
  const carrier = hdlcCarrier(optical.link, m.clock, { addresses, physical: 17, timeoutMs: 3000, retries: 0, before });
  await on(m.clock, carrier.open());
  assert.equal(toHex(await on(m.clock, carrier.ask(fromHex("C0")))), "C0");
  // UA comes, and does not make the client wait out its time.
  const began = m.clock.elapsed();
  await on(m.clock, carrier.close());
  assert.ok(m.clock.elapsed() - began < 1000);
  await pass(m.clock, 500);
  assert.deepEqual([m.there.baud, m.head.isData], [300, false]);
});

test("who has another address, wishes another mode or more speed than was offered, or says nothing more, is at 300 baud", async () => {
  const m = await meter();
  m.listen();
  m.here.baud = 300;
  assert.equal(await m.ask(withParity("/?18!\r\n")), "");
  assert.equal(await m.ask(withParity("/?0017!\r\n")), toHex(withParity("/GRX5\\212345678\r\n")));
  // Read-out and programming mode of mode C; 19,200 baud; an acknowledgement that nobody waits for.
  for (const wish of ["\u0006050\r\n", "\u0006051\r\n", "\u0006262\r\n"]) {
    assert.equal(await m.ask(withParity(wish)), "", wish);
    await m.ask(withParity("/?!\r\n"));
  }
  assert.equal(m.misunderstood, 3);
  await pass(m.clock, 3000);
  assert.equal(await m.ask(withParity("\u0006252\r\n")), "");
  assert.equal(m.misunderstood, 4);
  // Half a request is forgotten after 1.5 s; what wakes a battery is no request.
  assert.equal(await m.ask(withParity("/?"), 3000), "");
  assert.equal(await m.ask(withParity("!\r\n")), "");
  const awake = Uint8Array.of(0, 0, 0, ...withParity("/?!\r\n"));
  assert.match(await m.ask(awake), /^AF47/);
  assert.deepEqual([m.there.baud, m.head.isData], [300, false]);
});

test("after the change-over 120 s of silence end what follows it, whether or not somebody had connected", async () => {
  for (const connects of [false, true]) {
    const m = await meter();
    m.listen();
    m.here.baud = 300;
    await m.ask(withParity("/?!\r\n"));
    await m.ask(withParity("\u0006252\r\n"), 1000);
    m.here.baud = 9600;
    const began = m.clock.elapsed();
    if (connects) await m.ask(fromHex("7EA0070321930F017E"), 100);
    await pass(m.clock, 119_000 - (m.clock.elapsed() - began));
    assert.equal(m.head.isData, true);
    await pass(m.clock, 2000);
    assert.deepEqual([m.there.baud, m.head.isData, m.server.ended], [300, false, connects ? 1 : 0]);
  }
});

test("a meter that does not answer says nothing, and a client says what is wrong", async () => {
  const silent = await meter({ answers: () => false });
  const of = (m: Awaited<ReturnType<typeof meter>>) => opticalReader(m.here, m.here, m.clock, { timeoutMs: 2000 });
  await assert.rejects(on(silent.clock, of(silent).signOn()), /null modem a sent no identification within its time/);
  const none = await meter({ identification: () => ({ ...identification, enhanced: [] }) });
  await assert.rejects(on(none.clock, of(none).signOn()), /offers no HDLC: it says "\/GRX512345678"/);
});

test("noise of every kind leaves the port at 300 baud, with a line of 37 characters kept at most", async () => {
  const m = await meter();
  m.listen();
  m.here.baud = 300;
  let state = 7;
  for (let k = 0; k < 300; k++) {
    const bytes = Uint8Array.from(
      { length: 20 },
      () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24,
    );
    m.there.other?.send(bytes);
  }
  await pass(m.clock, 300 * 20 * 34);
  assert.equal(m.head.isData, false);
  await pass(m.clock, 3000);
  assert.match(await m.ask(withParity("/?!\r\n")), /^AF47/);
});

test("100,000 mutated sign-ons: the meter is at 300 baud, or has changed over, and signs on again", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const line = { baud: 9600, setBaud: async (baud: number) => void (line.baud = baud) };
  let said = "";
  here.receive((bytes) => (said = toHex(bytes.map((byte) => byte & 0x7f))));
  let entered = 0;
  const head = new ModeE(there, line, clock, {
    identification: () => identification,
    isMeant: (address) => address === "",
    answers: () => true,
    silenceMs: () => 1000,
    enter: () => (entered++, { receive() {}, end() {} }),
  });
  const pieces = ["/?!\r\n", "/?0017!\r\n", "\u0006252\r\n", "\u0006050\r\n", "/", "!", "\r\n", "\0\0"];
  const piece = fc.oneof(fc.constantFrom(...pieces).map(withParity), fc.uint8Array({ maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(piece, fc.constantFrom(0, 200, 1500))), async (sent) => {
      for (const [bytes, ms] of sent) {
        here.send(bytes);
        clock.advance(ms);
        for (let turn = 0; turn < 3; turn++) await Promise.resolve();
      }
      assert.equal(line.baud === 300 || head.isData, true);
    }),
    { numRuns: share(1000, 5000, 100_000), seed: 62_056 },
  );
  assert.ok(entered > 0);
  clock.advance(3000);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  here.send(withParity("/?!\r\n"));
  clock.advance(REACTION_MS);
  assert.equal(said, "2F475258355C3231323334353637380D0A");
});
