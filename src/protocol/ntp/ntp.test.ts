/** NTP: an exchange on paper, answers that are none, and servers that come and go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { ntpAnswer, NtpError, ntpRequest, ntpServed, offsetOf } from "./packet.ts";
import { TimeServers } from "./time-servers.ts";

const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A server's answer: LI 0, version 4, mode 4, with times in NTP's seconds and fractions. */
function answer(changes: { head?: string; received?: string; sent?: string; echo?: string } = {}): Uint8Array {
  const {
    head = "24020000",
    received = "eeb8a6c080000000",
    sent = "eeb8a6c0c0000000",
    echo = "0102030405060708",
  } = changes;
  return Buffer.from(`${head}00000000000000007f000001${"00".repeat(8)}${echo}${received}${sent}`, "hex");
}

test("a request is version 4 of a client and says nothing but its nonce (RFC 5905, 7.3)", () => {
  assert.equal(Buffer.from(ntpRequest(nonce)).toString("hex"), `23${"00".repeat(39)}0102030405060708`);
});

test("times of an answer, and the offset and delay that follow (RFC 5905, 8)", () => {
  // 0xEEB8A6C0 s since 1900 are 4005078720 s: 1796089920 s since 1970.
  const { received, sent, stratum } = ntpAnswer(answer(), nonce);
  assert.deepEqual([received, sent, stratum], [1_796_089_920_500, 1_796_089_920_750, 2]);
  // Asked at 20.000 and heard at 20.650 by a clock that is behind: 0.4 s on the way, (0.5 + 0.1) / 2 off.
  assert.deepEqual(offsetOf({ received, sent, stratum }, 1_796_089_920_000, 1_796_089_920_650), {
    offset: 300,
    delay: 400,
  });
  // The second era began on 7 February 2036 at 06:28:16.
  const later = ntpAnswer(answer({ received: "0000000080000000", sent: "0000000080000000" }), nonce);
  assert.equal(new Date(later.received).toISOString(), "2036-02-07T06:28:16.500Z");
});

test("what is no answer is refused: another's, a client's, a kiss of death, a server without time", () => {
  for (const [bytes, says] of [
    [answer().subarray(0, 47), /expected 48 bytes, found 47/],
    [answer({ echo: "0102030405060709" }), /another request/],
    [answer({ head: "23020000" }), /mode 3/],
    [
      Buffer.concat([Buffer.from("24000000", "hex"), Buffer.alloc(8), Buffer.from("RATE"), answer().subarray(16)]),
      /RATE/,
    ],
    [answer({ head: "e4020000" }), /no time itself/],
    [answer({ head: "24100000" }), /no time itself/],
    [answer({ received: "0000000000000000" }), /says no time/],
  ] as const) {
    assert.throws(
      () => ntpAnswer(bytes, nonce),
      (error) => error instanceof NtpError && says.test(error.message),
    );
  }
});

test("whatever comes is an answer or an NtpError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        ntpAnswer(bytes, nonce);
      } catch (error) {
        assert.ok(error instanceof NtpError);
      }
    }),
    { numRuns: 5000, seed: 1 },
  );
});

test("three servers outvote one that is wrong; when none answers three times they are lost, and found again", async () => {
  const clock = new VirtualClock(1_796_089_920_000);
  let found: ((elapsed: number) => number) | undefined;
  let told = 0;
  let down = false;
  /** How far each is ahead of this machine. */
  const ahead = new Map([
    ["a", 2000],
    ["b", -86_400_000],
    ["c", 2010],
  ]);
  const servers = new TimeServers({
    servers: [...ahead.keys()].map((host) => ({ host, port: 123 })),
    clock,
    nonce: () => nonce,
    pollSeconds: 64,
    found: (utc) => {
      told++;
      found = utc;
    },
    ask: ({ host }) => {
      if (down) return Promise.reject(new Error("no answer"));
      const seconds = (clock.utc() + (ahead.get(host) ?? 0) + 2_208_988_800_000) / 1000;
      const hex = (value: number): string => Math.floor(value).toString(16).padStart(8, "0");
      const time = hex(seconds) + hex((seconds % 1) * 2 ** 32);
      return Promise.resolve(answer({ received: time, sent: time }));
    },
  });
  const settle = async (): Promise<void> => {
    for (let k = 0; k < 20; k++) await Promise.resolve();
  };
  const round = (): Promise<void> => {
    clock.advance(64_000);
    return settle();
  };
  servers.start();
  await settle();
  assert.ok(Math.abs(found!(clock.elapsed()) - clock.utc() - 2000) < 1);
  down = true;
  await round();
  await round();
  assert.notEqual(found, undefined, "two rounds are no loss");
  await round();
  assert.equal(found, undefined);
  down = false;
  await round();
  assert.notEqual(found, undefined);
  servers.stop();
  const before = told;
  await round();
  assert.equal(told, before);
});

/** What chronyc's ntpdata and ntpd's documentation show of a server: 23 is version 4 of a client, 24 the server's answer. */
const clock = { stratum: 2, reference: 0x7f7f0100, received: 1_796_089_920_500, sent: 1_796_089_920_750 };
const hexOf = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString("hex");

test("a server's answer: the client's version, poll and time come back, between its own (RFC 4330, 5 and 6)", () => {
  const asked = Buffer.from(`23000620${"00".repeat(36)}eeb8a6c040000000`, "hex");
  assert.equal(
    hexOf(ntpServed(asked, clock)),
    // Leap 0, version 4, mode 4; stratum 2; poll 6; 2^-10 s. Root delay 0, dispersion 2^-10 s. 0xEEB8A6C0 s since 1900.
    "240206f6" +
      "00000000" +
      "00000040" +
      "7f7f0100" +
      "eeb8a6c080000000" +
      "eeb8a6c040000000" +
      "eeb8a6c080000000eeb8a6c0c0000000",
  );
  // Version 3 and 1 are answered as such; what follows the 48 bytes means nothing.
  assert.equal(
    hexOf(ntpServed(Buffer.concat([Buffer.from([0x1b]), asked.subarray(1)]), clock))?.slice(0, 8),
    "1c0206f6",
  );
  assert.equal(hexOf(ntpServed(Buffer.concat([Buffer.from([0x0b]), asked.subarray(1)]), clock))?.slice(0, 2), "0c");
  assert.equal(ntpServed(Buffer.concat([asked, Buffer.alloc(20)]), clock)?.length, 48);
  // Off by 106 ms: 106 + 0.977 ms in units of 2^-16 s.
  assert.equal(hexOf(ntpServed(asked, { ...clock, offMs: 106 }))?.slice(16, 24), "00001b63");
  // The second era, after 6:28:16 on 7 February 2036.
  const later = ntpServed(asked, { ...clock, sent: Date.UTC(2036, 1, 7, 6, 28, 16, 500) });
  assert.equal(hexOf(later)?.slice(-16), "0000000080000000");
});

test("a clock that nobody has set is no time: leap 3, stratum 0, INIT (RFC 4330, 8; RFC 5905, 7.3)", () => {
  // What follows a server of stratum 15 is as far from a clock as one that follows none.
  for (const stratum of [undefined, 16]) {
    const answer = ntpServed(ntpRequest(nonce), { ...clock, stratum });
    assert.equal(
      hexOf(answer)?.slice(0, 64),
      "e40000f6" + "00000000" + "00000040" + "494e4954" + "00".repeat(8) + "0102030405060708",
    );
    assert.throws(() => ntpAnswer(answer!, nonce), /refused: INIT/);
  }
});

test("who is no client is not answered: other modes and versions, other lengths", () => {
  const asked = Buffer.from(`23${"00".repeat(47)}`, "hex");
  for (const first of [0x20, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x03, 0x2b, 0x3b])
    assert.equal(
      ntpServed(Buffer.concat([Buffer.from([first]), asked.subarray(1)]), clock),
      undefined,
      first.toString(16),
    );
  for (const length of [0, 1, 12, 47]) assert.equal(ntpServed(asked.subarray(0, length), clock), undefined);
  for (const more of [1, 2, 3, 1000])
    assert.equal(ntpServed(Buffer.concat([asked, Buffer.alloc(more)]), clock), undefined);
});

test("an answer is read back by our client, to what 2^-32 s is of a millisecond; it is never longer than what asked", () => {
  const times = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2104, 0, 1) });
  fc.assert(
    fc.property(
      times,
      fc.nat(60_000),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: 15 }),
      (received, later, mine, stratum) => {
        const answer = ntpServed(ntpRequest(mine), { stratum, reference: 1, received, sent: received + later });
        assert.equal(answer?.length, 48);
        const read = ntpAnswer(answer!, mine);
        assert.equal(read.stratum, stratum);
        assert.ok(Math.abs(read.received - received) < 1e-3 && Math.abs(read.sent - received - later) < 1e-3);
      },
    ),
    { numRuns: 2000, seed: 4 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const answer = ntpServed(bytes, clock);
      assert.ok(answer === undefined || answer.length <= bytes.length);
    }),
    { numRuns: 5000, seed: 5 },
  );
});
