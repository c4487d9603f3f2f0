/** Following a publisher: which messages count, and when it is gone. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { gooseFrame } from "#protocol/iec61850/goose/goose-frame.ts";
import { writeGoosePdu, type GooseHead } from "#protocol/iec61850/goose/goose-pdu.ts";
import { GooseMeter } from "#protocol/iec61850/goose/goose-meter.ts";
import { GooseReceiver } from "#protocol/iec61850/goose/receiver.ts";
import { SessionReader, SessionWriter, type SessionKey } from "#protocol/iec61850/goose/session-security.ts";
import {
  Subscription,
  type SubscriptionSettings,
  type SubscriptionState,
} from "#protocol/iec61850/goose/subscription.ts";
import { BerWriter } from "#wire/ber.ts";
import { InputsHost } from "./goose-host.ts";
import { mutated, numbers } from "./mutator.ts";
import { publishing } from "./goose-rig.ts";
import { share } from "./share.ts";

const start = Date.UTC(2026, 4, 1);
const one = Uint8Array.of(2, 0, 0, 0, 0, 1);
const two = Uint8Array.of(2, 0, 0, 0, 0, 2);

interface Message extends Partial<Omit<GooseHead, "t">> {
  readonly t?: number;
  readonly value?: boolean;
  readonly appId?: number;
  readonly source?: Uint8Array;
  /** Of the frame. */
  readonly simulation?: boolean;
}

function pduOf({ t = start, value = false, ...head }: Message): Uint8Array {
  const out = new BerWriter();
  const list = new BerWriter().boolean(0x83, value).wrap(0xab, 0).done();
  const time = { utc: t, leapSecondsKnown: true, clockFailure: false, notSynchronised: false };
  const usual = {
    controlBlock: "MTR/LLN0$GO$gcbDI",
    timeAllowedToLive: 2000,
    dataSet: "MTR/LLN0$DI",
    goId: "inputs",
    stNum: 1,
    sqNum: 0,
    simulated: false,
    configRevision: 3,
    needsCommissioning: false,
    entries: 1,
  };
  writeGoosePdu(out, { ...usual, ...head, t: time }, list);
  return out.done();
}

function frameOf({ appId = 7, source = one, simulation = false, ...message }: Message): Uint8Array {
  return gooseFrame(
    { destination: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 7), source, appId, simulated: simulation },
    pduOf(message),
  );
}

function following(settings: Partial<SubscriptionSettings> = {}) {
  const clock = new VirtualClock(start);
  const states: SubscriptionState[] = [];
  const sim = { on: false };
  const subscription = new Subscription(
    { controlBlock: "MTR/LLN0$GO$gcbDI", ...settings },
    { clock, acceptsSimulation: () => sim.on, changed: (state) => states.push(state) },
  );
  const receiver = new GooseReceiver();
  receiver.add(subscription);
  return {
    clock,
    states,
    sim,
    subscription,
    receiver,
    counts: subscription.counts,
    take: (message: Message) => receiver.takeFrame(frameOf(message)),
    /** The value of the last state. */
    get value() {
      const [first] = subscription.state.values ?? [];
      return first?.kind === "boolean" ? first.value : undefined;
    },
  };
}

test("a state is told once, its repetitions keep it alive, and the next one is told", () => {
  const m = following();
  m.take({ stNum: 5, sqNum: 3, value: true });
  for (let sqNum = 4; sqNum < 8; sqNum++) {
    m.clock.advance(1900);
    m.take({ stNum: 5, sqNum, value: true });
  }
  m.take({ stNum: 6, sqNum: 0, value: false });
  assert.deepEqual(
    m.states.map(({ status, head }) => [status, head?.stNum]),
    [
      ["good", 5],
      ["good", 6],
    ],
  );
  assert.deepEqual([m.counts.taken, m.counts.states, m.counts.lost, m.counts.lostStates], [6, 2, 0, 0]);
});

test("a publisher that says nothing in its time is gone, and its last values are told with it; whatever it says next is a new state", () => {
  const m = following();
  m.take({ stNum: 5, sqNum: 3, value: true });
  m.clock.advance(1999);
  assert.equal(m.subscription.state.status, "good");
  m.clock.advance(1);
  assert.deepEqual([m.subscription.state.status, m.value, m.counts.expired], ["expired", true, 1]);
  m.clock.advance(100_000);
  m.take({ stNum: 2, sqNum: 9, value: false, t: start - 1000 });
  assert.deepEqual([m.subscription.state.status, m.value, m.states.length], ["good", false, 3]);
});

test("a shorter time to live counts from the message that says it", () => {
  const m = following();
  m.take({ sqNum: 0, timeAllowedToLive: 10_000 });
  m.take({ sqNum: 1, timeAllowedToLive: 100 });
  m.clock.advance(100);
  assert.equal(m.subscription.state.status, "expired");
});

test("what comes twice or late changes nothing; what never came is counted", () => {
  const m = following();
  m.take({ stNum: 5, sqNum: 1, value: true });
  m.take({ stNum: 5, sqNum: 1, value: true });
  m.take({ stNum: 5, sqNum: 5, value: true });
  m.take({ stNum: 5, sqNum: 3, value: true });
  m.take({ stNum: 4, sqNum: 9, value: false });
  assert.deepEqual([m.value, m.states.length], [true, 1]);
  assert.deepEqual([m.counts.duplicates, m.counts.lost, m.counts.outOfOrder], [1, 3, 2]);
  m.take({ stNum: 8, sqNum: 0, value: false });
  assert.deepEqual([m.value, m.counts.lostStates], [false, 2]);
});

test("numbers go round: after the greatest state comes 1, after the greatest repetition 1", () => {
  const m = following();
  m.take({ stNum: 0xffff_ffff, sqNum: 0xffff_ffff, value: true });
  m.take({ stNum: 0xffff_ffff, sqNum: 1, value: true });
  assert.deepEqual([m.states.length, m.counts.taken, m.counts.lost], [1, 2, 0]);
  m.take({ stNum: 1, sqNum: 0, value: false });
  assert.deepEqual([m.value, m.counts.lostStates, m.counts.restarts], [false, 0, 0]);
});

test("who begins anew with state 1 is believed when its time is later, and not when it is a message of before", () => {
  const m = following();
  m.take({ stNum: 9, sqNum: 4, value: true, t: start + 5000 });
  m.take({ stNum: 1, sqNum: 1, value: false, t: start });
  assert.deepEqual([m.value, m.counts.outOfOrder], [true, 1]);
  m.take({ stNum: 1, sqNum: 1, value: false, t: start + 6000 });
  assert.deepEqual([m.value, m.counts.restarts], [false, 1]);
});

test("who begins anew in a state of the same number is told by its time, whatever its repetition", () => {
  const m = following();
  m.take({ stNum: 1, sqNum: 1, value: false });
  m.take({ stNum: 1, sqNum: 1, value: true, t: start + 1000 });
  assert.deepEqual([m.value, m.counts.restarts, m.counts.duplicates], [true, 1, 0]);
  // The first messages after its start were lost.
  m.take({ stNum: 1, sqNum: 7, value: false, t: start + 2000 });
  assert.deepEqual([m.value, m.counts.restarts, m.counts.lost], [false, 2, 0]);
  m.take({ stNum: 1, sqNum: 8, value: true, t: start + 1000 });
  assert.deepEqual([m.value, m.counts.outOfOrder], [false, 1]);
});

test("a second publisher of the same control block does not count while the first is there", () => {
  const m = following();
  m.take({ stNum: 5, value: true });
  m.take({ stNum: 4_000_000_000, value: false, source: two });
  m.take({ stNum: 5, sqNum: 1, value: true });
  assert.deepEqual([m.value, m.counts.foreign, m.counts.taken], [true, 1, 2]);
  m.clock.advance(2000);
  m.take({ stNum: 1, value: false, source: two });
  assert.deepEqual([m.value, m.subscription.state.source], [false, "02-00-00-00-00-02"]);
});

test("a forged state of the same address keeps the right ones out for two minutes at most, whatever it says of its life", () => {
  const m = following();
  m.take({ stNum: 5, value: true });
  m.take({ stNum: 4_000_000_000, value: false, t: start + 1e9, timeAllowedToLive: 0xffff_ffff });
  for (let sqNum = 1; sqNum < 125; sqNum++) {
    m.clock.advance(1000);
    m.take({ stNum: 5, sqNum, value: true });
  }
  assert.deepEqual([m.value, m.subscription.state.status, m.counts.outOfOrder], [true, "good", 119]);
});

const other: readonly (readonly [what: string, message: Message, why: RegExp])[] = [
  ["configuration revision", { configRevision: 4 }, /configuration revision 4, expected 3/],
  ["data set", { dataSet: "MTR/LLN0$DO" }, /data set MTR\/LLN0\$DO, expected/],
  ["APPID", { appId: 8 }, /APPID 8, expected 7/],
  ["GoID", { goId: "outputs" }, /GoID outputs, expected inputs/],
  ["number of values", { entries: 2 }, /values: 2, expected 1/],
];
for (const [what, message, why] of other) {
  test(`a message with another ${what} does not fit, and says so once`, () => {
    const settings = { appId: 7, goId: "inputs", dataSet: "MTR/LLN0$DI", configRevision: 3, entries: 1 };
    const m = following(settings);
    m.take({ value: true });
    m.take({ ...message, stNum: 2, value: false });
    m.take({ ...message, stNum: 2, sqNum: 1, value: false });
    assert.deepEqual([m.subscription.state.status, m.value, m.counts.mismatched], ["mismatched", true, 2]);
    assert.match(m.subscription.state.why ?? "", why);
    assert.equal(m.states.length, 2);
    m.take({ stNum: 3, value: false });
    assert.deepEqual([m.subscription.state.status, m.value], ["good", false]);
  });
}

test("what does not fit neither changes nor prolongs what fitted: its publisher is gone when its own time is over", () => {
  const m = following({ configRevision: 3 });
  // Before anything fits nobody is there, and nobody is gone.
  m.take({ configRevision: 4, value: true });
  m.clock.advance(5000);
  assert.deepEqual(
    [m.subscription.state.status, m.subscription.state.isGone, m.value],
    ["mismatched", false, undefined],
  );
  m.take({ stNum: 1, value: true });
  m.clock.advance(1500);
  m.take({ configRevision: 4, stNum: 2, value: false });
  assert.deepEqual([m.subscription.state.status, m.subscription.state.isGone, m.value], ["mismatched", false, true]);
  // Somebody else does not count before.
  m.take({ stNum: 7, value: false, source: two });
  assert.deepEqual([m.counts.foreign, m.value], [1, true]);
  m.clock.advance(499);
  assert.equal(m.subscription.state.isGone, false);
  m.clock.advance(1);
  assert.deepEqual([m.subscription.state.status, m.subscription.state.isGone], ["mismatched", true]);
  m.take({ stNum: 7, value: false, source: two });
  assert.deepEqual([m.subscription.state.status, m.subscription.state.isGone, m.value], ["good", false, false]);
});

/** A meter whose input 4 follows the first value, and is open when its publisher is gone; and what it says. */
test("behind what does not fit a state that is older is as old as before, and the same one again is good", () => {
  const m = following({ configRevision: 3 });
  m.take({ stNum: 10, sqNum: 0, value: true, t: start + 1000 });
  m.take({ configRevision: 9, stNum: 11, value: false, t: start + 2000 });
  // Delayed on its way.
  m.take({ stNum: 9, sqNum: 4, value: false, t: start });
  assert.deepEqual([m.subscription.state.status, m.value, m.counts.outOfOrder], ["mismatched", true, 1]);
  m.take({ stNum: 10, sqNum: 1, value: true, t: start + 1000 });
  assert.deepEqual([m.subscription.state.status, m.subscription.state.why, m.value], ["good", undefined, true]);
  assert.equal(m.counts.states, 1);
});

function driving(t: TestContext) {
  const clock = new VirtualClock(start);
  const receiver = new GooseReceiver();
  const host = new InputsHost();
  const followed = {
    controlBlock: "MTR/LLN0$GO$gcbDI",
    configRevision: 3,
    whenGone: "open",
    inputs: [{ input: 4, value: "0" }],
  } as const;
  const told: string[] = [];
  const meter = new GooseMeter(
    {
      host,
      clock,
      settings: { publish: false, simulated: false, subscribe: [followed] },
      answers: () => true,
      sendOf: () => undefined,
      tell: (words) => told.push(words),
    },
    receiver,
  );
  t.after(() => meter.end());
  meter.begin();
  return { clock, host, told, take: (message: Message): unknown => receiver.takeFrame(frameOf(message)) };
}

test("inputs are what they are to be when their publisher is gone, not when something of it does not fit", (t) => {
  const { clock, host, told, take } = driving(t);
  take({ configRevision: 4, value: true });
  assert.deepEqual(host.driven, []);
  take({ value: true });
  take({ configRevision: 4, stNum: 2, value: false });
  clock.advance(1999);
  take({ configRevision: 4, stNum: 2, sqNum: 1, value: false });
  assert.deepEqual(host.driven, [[4, true]]);
  clock.advance(1);
  assert.deepEqual(host.driven.splice(0), [
    [4, true],
    [4, false],
  ]);
  assert.deepEqual(told, ["GOOSE MTR/LLN0$GO$gcbDI does not fit: configuration revision 4, expected 3"]);
  // Who needs commissioning says nothing that counts: as if it was gone.
  take({ stNum: 3, value: true });
  take({ stNum: 4, value: true, needsCommissioning: true });
  assert.deepEqual(host.driven, [
    [4, true],
    [4, false],
  ]);
});

test("that a publisher needs commissioning, and that there are two of one name, is said", (t) => {
  const { clock, host, told, take } = driving(t);
  take({ value: true });
  take({ sqNum: 1, value: true, needsCommissioning: true });
  assert.deepEqual(host.driven, [
    [4, true],
    [4, false],
  ]);
  const needs = "GOOSE MTR/LLN0$GO$gcbDI needs commissioning: what it says does not count";
  assert.deepEqual(told, [needs]);
  clock.advance(1000);
  for (const sqNum of [2, 3, 4]) {
    take({ stNum: 9, sqNum, value: true, source: two });
    take({ sqNum, value: true, needsCommissioning: true });
  }
  assert.deepEqual(told, [
    needs,
    "GOOSE MTR/LLN0$GO$gcbDI comes from 02-00-00-00-00-02, too, which does not count while 02-00-00-00-00-01 is there",
  ]);
});

test("who sends nothing but simulations is said", (t) => {
  const { clock, host, told, take } = driving(t);
  take({ value: true, simulated: true });
  clock.advance(65_000);
  assert.deepEqual(told, [
    "GOOSE MTR/LLN0$GO$gcbDI has sent nothing but simulations since the start, 65 s ago, which do not count",
  ]);
  assert.deepEqual(host.driven, []);
});

test("simulations count where they are accepted, and from the first one on nothing else does", () => {
  const m = following();
  m.take({ stNum: 5, value: false });
  m.take({ stNum: 1, value: true, simulation: true, source: two });
  m.take({ stNum: 1, value: true, simulated: true, source: two });
  assert.deepEqual([m.value, m.counts.simulations], [false, 2]);
  m.sim.on = true;
  m.take({ stNum: 5, sqNum: 1, value: false });
  assert.deepEqual([m.value, m.subscription.state.simulated], [false, false]);
  m.take({ stNum: 1, value: true, simulation: true, source: two });
  m.take({ stNum: 6, value: false });
  assert.deepEqual([m.value, m.subscription.state.simulated, m.counts.simulations], [true, true, 3]);
  // The simulation ends; what is real waits until it is asked for again.
  m.clock.advance(5000);
  m.take({ stNum: 6, sqNum: 4, value: false });
  assert.equal(m.subscription.state.status, "expired");
  m.sim.on = false;
  m.take({ stNum: 6, sqNum: 5, value: false });
  assert.deepEqual([m.value, m.subscription.state.simulated, m.subscription.state.status], [false, false, "good"]);
});

test("what needs commissioning says so, within a state, too", () => {
  const m = following();
  m.take({ needsCommissioning: true });
  assert.equal(m.subscription.state.needsCommissioning, true);
  m.take({ sqNum: 1, value: true });
  assert.deepEqual([m.subscription.state.needsCommissioning, m.value], [false, true]);
  m.take({ sqNum: 2, value: true, needsCommissioning: true });
  assert.deepEqual([m.subscription.state.needsCommissioning, m.counts.lost], [true, 0]);
});

test("values that are none do not make a state", () => {
  const m = following();
  m.take({ stNum: 5, value: true });
  m.take({ stNum: 6, entries: 3 });
  assert.deepEqual([m.value, m.counts.malformed, m.subscription.state.status], [true, 1, "good"]);
  m.take({ stNum: 6, value: false });
  assert.equal(m.value, false);
});

test("of many subscriptions each has what is its own", () => {
  const clock = new VirtualClock(start);
  const receiver = new GooseReceiver();
  const all = Array.from({ length: 1000 }, (_, k) => {
    const subscription = new Subscription(
      { controlBlock: `MTR${k}/LLN0$GO$gcb` },
      { clock, acceptsSimulation: () => false, changed() {} },
    );
    receiver.add(subscription);
    return subscription;
  });
  for (let k = 0; k < 1000; k++) receiver.takeFrame(frameOf({ controlBlock: `MTR${k}/LLN0$GO$gcb`, stNum: k + 1 }));
  receiver.takeFrame(frameOf({ controlBlock: "nobody's" }));
  assert.ok(all.every(({ state }, k) => state.head?.stNum === k + 1));
  assert.deepEqual([receiver.counts.messages, receiver.counts.unknown], [1001, 1]);
  clock.advance(10_000);
  assert.ok(all.every(({ state }) => state.status === "expired"));
  for (const one of all) receiver.remove(one);
  receiver.takeFrame(frameOf({ controlBlock: "MTR7/LLN0$GO$gcb" }));
  assert.equal(receiver.counts.unknown, 2);
});

const key: SessionKey = { id: 4, signature: "hmac-sha256-128", encryption: "none", key: new Uint8Array(32).fill(7) };

test("over UDP a signed message counts once, from whatever port; who sends it again later is not believed", () => {
  const m = following();
  const sessions = new SessionReader([key]);
  const writer = new SessionWriter(key, 1000);
  const datagrams = [1, 2, 3].map((stNum) =>
    writer.write({ simulated: false, appId: 7, pdu: pduOf({ stNum, value: stNum % 2 === 1 }) }),
  );
  for (const datagram of datagrams) assert.ok(m.receiver.takeDatagram(datagram, "192.0.2.1:5", sessions));
  assert.deepEqual([m.value, m.counts.states], [true, 3]);
  m.receiver.takeDatagram(datagrams[1]!, "192.0.2.9:6", sessions);
  assert.deepEqual([m.receiver.counts.replayed, m.counts.states], [1, 3]);
  m.receiver.takeDatagram(
    writer.write({ simulated: false, appId: 7, pdu: pduOf({ stNum: 4 }) }),
    "192.0.2.1:77",
    sessions,
  );
  assert.deepEqual([m.value, m.counts.foreign], [false, 0]);
  const forged = new SessionWriter({ ...key, key: new Uint8Array(32) }, 2000);
  m.receiver.takeDatagram(
    forged.write({ simulated: false, appId: 7, pdu: pduOf({ stNum: 9 }) }),
    "192.0.2.1:5",
    sessions,
  );
  m.receiver.takeDatagram(
    new SessionWriter(undefined).write({ simulated: false, appId: 7, pdu: pduOf({}) }),
    "192.0.2.1:5",
    sessions,
  );
  assert.deepEqual([m.receiver.counts.unsigned, m.receiver.counts.withoutKey], [1, 1]);
  assert.equal(m.subscription.state.head?.stNum, 4);
});

test("a publisher that has been gone may count its sessions from 0 again", () => {
  const m = following();
  const sessions = new SessionReader([key]);
  const say = (first: number, stNum: number): boolean =>
    m.receiver.takeDatagram(
      new SessionWriter(key, first).write({ simulated: false, appId: 7, pdu: pduOf({ stNum }) }),
      "192.0.2.1:5",
      sessions,
    );
  say(500, 7);
  say(0, 8);
  assert.deepEqual([m.receiver.counts.replayed, m.subscription.state.head?.stNum], [1, 7]);
  m.clock.advance(2000);
  say(0, 8);
  assert.deepEqual([m.receiver.counts.replayed, m.subscription.state.head?.stNum], [1, 8]);
});

test("who follows a publisher over a network that loses, doubles and reorders ends in its last state", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ pause: fc.nat(300), change: fc.boolean(), way: fc.nat(5) }), { maxLength: 60 }),
      (steps) => {
        const from = publishing();
        const to = following();
        const late: Uint8Array[] = [];
        let told = 0;
        const carry = (way: number): void => {
          for (const { octets } of from.sent.slice(told)) {
            const frame = gooseFrame({ destination: one, source: one, appId: 7, simulated: false }, octets);
            if (way === 0) late.push(frame);
            if (way === 1) to.receiver.takeFrame(frame);
            if (way > 0 && way < 5) to.receiver.takeFrame(frame);
            for (const before of late.splice(0, way === 2 ? 3 : 0)) to.receiver.takeFrame(before);
          }
          told = from.sent.length;
        };
        from.publisher.look();
        let isOn = false;
        for (const { pause, change, way } of steps) {
          from.clock.advance(pause);
          to.clock.advance(pause);
          if (change) from.set({ 0: (isOn = !isOn) });
          carry(way);
        }
        from.clock.advance(1000);
        to.clock.advance(1000);
        carry(3);
        const state = to.subscription.state;
        assert.equal(state.status, "good");
        assert.deepEqual(state.values?.[0], { kind: "boolean", value: isOn });
        assert.equal(state.head?.stNum, from.publisher.stNum);
      },
    ),
    { numRuns: share(200, 500, 5000) },
  );
});

test("whatever comes, a receiver goes on, and what fits is followed", () => {
  const random = numbers(61850);
  const m = following({ configRevision: 3 });
  const samples = [frameOf({ stNum: 2, value: true }), frameOf({ stNum: 3, sqNum: 7, needsCommissioning: true })];
  const session = new SessionWriter(undefined).write({ simulated: false, appId: 7, pdu: pduOf({}) });
  const sessions = new SessionReader([]);
  for (let k = share(20_000, 50_000, 500_000); k > 0; k--) {
    m.receiver.takeFrame(mutated(samples, random));
    m.receiver.takeDatagram(mutated([session], random), "192.0.2.1:5", sessions);
    m.clock.advance(random(50));
  }
  m.clock.advance(200_000);
  assert.ok(m.take({ stNum: 77, value: true }));
  assert.deepEqual([m.value, m.subscription.state.head?.stNum], [true, 77]);
});
