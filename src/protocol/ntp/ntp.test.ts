/** NTP: an exchange on paper, answers that are none, and servers that come and go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { ntpAnswer, NtpError, ntpRequest, offsetOf } from "./packet.ts";
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
