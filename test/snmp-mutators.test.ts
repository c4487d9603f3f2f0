/** Seeded bad input to the listeners of SNMP and SNTP: an answer that is one or none, nothing held, and good health after each. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { sntp } from "#fleet/protocols/sntp.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import { ntpAnswer, ntpRequest } from "#protocol/ntp/packet.ts";
import { communityBytes, readMessage } from "#protocol/snmp/message.ts";
import { limits } from "#quantity/limits.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";
import { COMMUNITY, frames, toHex, userNamed } from "./snmp-exchanges.ts";
import { introduced, levitonAgent, overCommunity, overUser, pdu, toldOf } from "./snmp-meter.ts";

const NAME = "1.3.6.1.2.1.1.5.0";
const MIB = "1.3.6.1.4.1.32473.7659.1.1";

test("whatever comes to an agent: an answer of SNMP that is no longer than it may be, or none; and the next is answered", (t) => {
  const { ask, seconds, heard } = levitonAgent(t);
  seconds(3);
  const ann = userNamed("ann");
  const known = introduced(ask, ann);
  // What is asked of this very engine goes deeper than what was asked of another.
  const own: Uint8Array[] = [];
  const spy = (bytes: Uint8Array): Uint8Array | undefined => {
    own.push(Uint8Array.from(bytes));
    return ask(bytes);
  };
  for (const flags of [7, 5, 4, 3]) overUser(spy, { ...known, flags }, pdu("get", [NAME, `${MIB}.3.1.2.86.46.97`]));
  for (const kind of ["get", "getNext", "set", "getBulk", "inform", "trap", "report", "response"] as const)
    overUser(spy, known, pdu(kind, [NAME, `${MIB}.3`, `${MIB}.5`], { once: 1, times: 20 }));
  const asked = [
    pdu("getNext", ["0.0"]),
    pdu("getBulk", [`${MIB}.3`, `${MIB}.4`], { times: 100 }),
    pdu("set", [NAME]),
    pdu(
      "get",
      Array.from({ length: 40 }, (_, k) => `${MIB}.6.1.5.${k}`),
    ),
  ].map((one) => communityBytes(COMMUNITY, one));
  const samples = [...frames.map(({ bytes }) => bytes), ...own, ...asked];
  const random = numbers(20_261);
  const got = overCommunity(ask);
  let answered = 0;
  for (let k = share(4000, 20_000, 100_000); k > 0; k--) {
    const bytes = mutated(samples, random);
    const answer = ask(bytes);
    if (answer !== undefined) {
      answered++;
      assert.ok(answer.length <= limits.snmp.messageBytes, toHex(bytes));
      assert.notEqual(readMessage(answer).version, "other", toHex(bytes));
    }
    assert.deepEqual(toldOf(got("get", [NAME])!), [[NAME, "octets", "vector"]], toHex(bytes));
  }
  assert.ok(answered > 100 && heard.misunderstood > 100, `${answered} ${heard.misunderstood}`);
  assert.deepEqual(toldOf(overUser(ask, known, pdu("get", [NAME]))!.pdu), [[NAME, "octets", "vector"]]);
});

test("whatever comes to a meter that serves time: 48 bytes for a client's question, or nothing; and the next is answered", () => {
  const clock = new VirtualClock(Date.UTC(2026, 5, 1));
  let misunderstood = 0;
  const server = sntp.serve({
    transport: sntp.transports[0]!,
    stations: [
      {
        device: {
          name: "m",
          listen: [],
          bindings: { sntp: () => ({ now: () => ({ utc: clock.utc(), stratum: undefined }) }) },
          line: { address: 1, baud: 9600, parity: 0 },
          room: () => undefined,
        },
        port: "ethernet 1",
        keys: { local: true },
        line: { address: 1, baud: 9600, parity: 0 },
        answers: undefined,
      },
    ],
    clock,
    misunderstood: () => misunderstood++,
    connected() {},
    left() {},
  });
  const [here, there] = nullModem();
  let answer: Uint8Array | undefined;
  here.receive((bytes) => (answer = bytes));
  server.take(new FaultyLink(there, new FaultPlan(), clock), undefined);
  const ask = (bytes: Uint8Array): Uint8Array | undefined => {
    answer = undefined;
    here.send(Buffer.from(bytes));
    return answer;
  };
  const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
  const samples = [
    ntpRequest(nonce),
    ntpRequest(new Uint8Array(8)),
    Buffer.concat([ntpRequest(nonce), Buffer.alloc(20)]),
  ];
  const random = numbers(123);
  for (let k = share(20_000, 50_000, 100_000); k > 0; k--) {
    const bytes = mutated(samples, random);
    const came = ask(bytes);
    assert.ok(came === undefined || (came.length === 48 && came.length <= bytes.length), toHex(bytes));
    assert.equal(ntpAnswer(ask(ntpRequest(nonce))!, nonce).received, clock.utc(), toHex(bytes));
  }
  assert.ok(misunderstood > 1000);
  assert.ok(here.open);
  // Who has been answered gives his place back.
  clock.advance(1);
  assert.ok(!here.open);
});
