/** What meters tell by themselves over SNMP: alarms, starts and strangers, to receivers that come, go and say nothing. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import type { Link } from "#io/link.ts";
import { alarmsOf, AlarmWatch } from "#protocol/snmp/alarms.ts";
import {
  communityBytes,
  Flag,
  readMessage,
  readScopedPdu,
  scopedBytes,
  type UserMessage,
} from "#protocol/snmp/message.ts";
import { oidText } from "#protocol/snmp/oid.ts";
import type { Pdu } from "#protocol/snmp/pdu.ts";
import { decrypted, isAuthentic, protectedBytes, Salts } from "#protocol/snmp/protection.ts";
import { Receiver, type ReceiverSettings } from "#protocol/snmp/receiver.ts";
import { Teller } from "#protocol/snmp/teller.ts";
import { started } from "#protocol/snmp/notification.ts";
import { limits } from "#quantity/limits.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { jemStar } from "./authority-rig.ts";
import { numbers, mutated } from "./mutator.ts";
import { COMMUNITY, frames, framesOf, fromHex, textBytes, toHex, userNamed } from "./snmp-exchanges.ts";
import { toldOf, type Told } from "./snmp-meter.ts";

const engine = { id: fromHex("80007ed904616263"), boots: 3, elapsed: () => 5000 };

/** A receiver at the end of a null modem: what comes there, and what it says to it. */
function received(settings: Partial<ReceiverSettings> = {}) {
  const clock = new VirtualClock();
  const came: Uint8Array[] = [];
  let opened = 0;
  let reachable = true;
  let here: Link | undefined;
  let hear = (_bytes: Uint8Array): void => {};
  const receiver = new Receiver(
    { host: "192.0.2.7", port: 162, inform: false, as: { community: () => COMMUNITY }, ...settings },
    {
      engine,
      clock,
      salts: new Salts(),
      connect: async () => {
        if (!reachable) throw new Error("cannot be reached");
        opened++;
        const [near, far] = nullModem();
        here = far;
        far.receive((bytes) => {
          came.push(Buffer.from(bytes));
          hear(bytes);
        });
        return near;
      },
    },
  );
  return {
    receiver,
    clock,
    came,
    get opened() {
      return opened;
    },
    reach: (is: boolean) => void (reachable = is),
    answer: (bytes: Uint8Array) => here?.send(Buffer.from(bytes)),
    whenHeard: (run: typeof hear) => void (hear = run),
    /** Lets what was promised come about. */
    settle: async (): Promise<void> => {
      for (let k = 0; k < 10; k++) await Promise.resolve();
    },
  };
}

const pduOf = (bytes: Uint8Array): Pdu => {
  const message = readMessage(bytes);
  assert.ok(message.version === "v2c");
  return message.pdu;
};
const acknowledgement = (bytes: Uint8Array): Uint8Array =>
  communityBytes(COMMUNITY, { ...pduOf(bytes), kind: "response" });

test("a trap is sent once, as net-snmp's is but for its number, and the socket let go", async () => {
  const one = received();
  const { receiver, clock, came, settle } = one;
  receiver.tell(started(42_110));
  await settle();
  assert.equal(came.length, 1);
  const [theirs] = framesOf("v2c trap");
  const { requestId: _ours, ...ours } = pduOf(came[0]!);
  const { requestId: _theirs, ...expected } = pduOf(theirs!.bytes);
  assert.deepEqual(ours, expected);
  clock.advance(3_600_000);
  assert.equal(came.length, 1);
  receiver.tell(started(0));
  await settle();
  assert.equal(came.length, 2);
  assert.deepEqual([receiver.waiting, receiver.lost, one.opened], [0, 0, 2]);
});

test("a trap over SNMPv3 is of the meter's own engine", async () => {
  const ann = userNamed("ann");
  const { receiver, came, settle } = received({ as: { user: ann } });
  receiver.tell(started(10));
  await settle();
  const message = readMessage(came[0]!);
  assert.ok(message.version === "v3" && message.security !== undefined && "encrypted" in message.data);
  const { engineId, boots, time } = message.security;
  assert.deepEqual([toHex(engineId), boots, time, message.flags], [toHex(engine.id), 3, 5, Flag.auth | Flag.priv]);
  const keys = ann.keysAt(engine.id)!;
  assert.ok(isAuthentic(came[0]!, message, ann, keys));
  const { pdu, contextEngineId } = readScopedPdu(decrypted(message.data.encrypted, message.security, keys)!);
  assert.deepEqual([pdu.kind, toHex(contextEngineId)], ["trap", toHex(engine.id)]);
});

test("an inform is sent after 5, 10, 20 seconds and so on, at most every 300, until it is acknowledged; then the next", async () => {
  const { receiver, clock, came, settle, answer } = received({ inform: true });
  receiver.tell(started(1));
  receiver.tell(started(2));
  await settle();
  const at: number[] = [];
  for (let second = 1; second <= 1300; second++) {
    const before = came.length;
    clock.advance(1000);
    if (came.length > before) at.push(second);
  }
  assert.deepEqual(at, [5, 15, 35, 75, 155, 315, 615, 915, 1215]);
  const ids = new Set(came.map((bytes) => pduOf(bytes).requestId));
  assert.equal(ids.size, 1, "it is the same inform");
  answer(communityBytes(textBytes("another"), { ...pduOf(came[0]!), kind: "response" }));
  answer(communityBytes(COMMUNITY, { ...pduOf(came[0]!), kind: "response", requestId: 1 }));
  answer(communityBytes(COMMUNITY, pduOf(came[0]!)));
  assert.equal(receiver.waiting, 2, "that acknowledges nothing");
  const count = came.length;
  answer(acknowledgement(came[0]!));
  assert.deepEqual([receiver.waiting, came.length], [1, count + 1]);
  answer(acknowledgement(came.at(-1)!));
  assert.equal(receiver.waiting, 0);
  clock.advance(3_600_000);
  assert.equal(came.length, count + 1);
});

test("what waits has a bound, and who cannot be reached is tried again", async () => {
  const { receiver, clock, came, settle, reach } = received({ inform: true });
  reach(false);
  for (let k = 0; k < 1000; k++) receiver.tell(started(10 * k));
  await settle();
  assert.deepEqual([receiver.waiting, receiver.lost], [limits.snmp.notifications, 1000 - limits.snmp.notifications]);
  reach(true);
  clock.advance(300_000);
  await settle();
  assert.deepEqual(toldOf(pduOf(came[0]!))[0], ["1.3.6.1.2.1.1.3.0", "timeTicks", 1000 - limits.snmp.notifications]);
  receiver.stop();
  const { length } = came;
  clock.advance(3_600_000);
  receiver.tell(started(0));
  await settle();
  assert.equal(came.length, length);
});

/** An engine that receives informs, as RFC 3414 has it. */
function authority(
  bytes: Uint8Array,
  { id, boots, time }: { id: Uint8Array; boots: number; time: number },
): { reply: Uint8Array; pdu: Pdu | undefined } {
  const ann = userNamed("ann");
  const keys = ann.keysAt(id)!;
  const message = readMessage(bytes) as UserMessage;
  const security = message.security!;
  const say = (pdu: Pdu, flags: number): Uint8Array =>
    protectedBytes(
      {
        id: message.id,
        maxSize: 1472,
        flags,
        engineId: id,
        boots,
        time,
        scoped: scopedBytes({ contextEngineId: id, contextName: new Uint8Array(0), pdu }),
        user: flags === 0 ? undefined : ann,
        keys,
      },
      new Salts(),
    );
  const report = (number: number): Pdu => ({
    kind: "report",
    requestId: 0,
    errorStatus: 0,
    errorIndex: 0,
    variables: [{ name: [1, 3, 6, 1, 6, 3, 15, 1, 1, number, 0], value: { kind: "counter32", value: 1 } }],
  });
  if (toHex(security.engineId) !== toHex(id)) return { reply: say(report(4), 0), pdu: undefined };
  assert.ok(isAuthentic(bytes, message, ann, keys));
  if (security.boots !== boots || Math.abs(security.time - time) > 150)
    return { reply: say(report(2), Flag.auth), pdu: undefined };
  assert.ok("encrypted" in message.data);
  const { pdu } = readScopedPdu(decrypted(message.data.encrypted, security, keys)!);
  return { reply: say({ ...pdu, kind: "response" }, Flag.auth | Flag.priv), pdu };
}

test("an inform over SNMPv3 finds out who receives it, and what time it is there", async () => {
  const { receiver, clock, came, settle, answer, whenHeard } = received({
    inform: true,
    as: { user: userNamed("ann") },
  });
  let other = { id: fromHex("80001f880401020304"), boots: 9, time: 1000 };
  const told: (Pdu | undefined)[] = [];
  whenHeard((bytes) => {
    const { reply, pdu } = authority(bytes, other);
    told.push(pdu);
    answer(reply);
  });
  receiver.tell(started(1));
  await settle();
  assert.deepEqual(
    told.map((pdu) => pdu?.kind),
    [undefined, undefined, "inform"],
  );
  assert.equal(receiver.waiting, 0);
  // An hour later it is still known, by its own time.
  clock.advance(3_600_000);
  other = { ...other, time: 4600 };
  receiver.tell(started(2));
  await settle();
  assert.deepEqual([told.length, told.at(-1)?.kind, receiver.waiting], [4, "inform", 0]);
  // It has begun anew, which it says authentically.
  other = { ...other, boots: 10, time: 3 };
  receiver.tell(started(3));
  await settle();
  assert.deepEqual([told.length, told.at(-1)?.kind, receiver.waiting], [6, "inform", 0]);
  // Another engine has its place: that is found out with the next try.
  other = { id: fromHex("80001f880409090909"), boots: 1, time: 50 };
  receiver.tell(started(4));
  await settle();
  assert.equal(receiver.waiting, 1);
  clock.advance(5000);
  assert.equal(receiver.waiting, 0);
  assert.ok(came.length < 12, String(came.length));
});

test("whatever comes to who waits for an acknowledgement: nothing falls, little is sent, and the right one still counts", async () => {
  const random = numbers(7);
  const samples = frames.map(({ bytes }) => bytes);
  for (const as of [{ community: () => COMMUNITY }, { user: userNamed("ann") }] as const) {
    const { receiver, came, settle, answer } = received({ inform: true, as });
    receiver.tell(started(1));
    await settle();
    for (let k = 0; k < 3000; k++) answer(mutated(samples, random));
    assert.deepEqual([receiver.waiting, came.length <= 5], [1, true], String(came.length));
    if ("community" in as) {
      answer(acknowledgement(came[0]!));
      assert.equal(receiver.waiting, 0);
    }
  }
});

/** A JEMStar II whose notifications come here, as tests have them. */
function telling(t: TestContext, configuration = "") {
  const rig = jemStar(t, { ownTime: true, configuration, listen: "{ snmp: udp, community: { env: HOME } }" });
  const device = deviceOf(rig.jem, rig.clock);
  const host = device.bindings.snmp!({ port: "ethernet 1" })!;
  const told: Told[][] = [];
  const kept: (() => void)[] = [];
  let isHeld = false;
  const sink = {
    tell: (variables: Pdu["variables"]) => told.push(toldOf({ variables })),
    stop() {},
  } as unknown as Receiver;
  const whenKept = (run: (is: boolean) => void): void => void (isHeld ? kept.push(() => run(true)) : run(true));
  const teller = new Teller({
    host: { ...host, whenKept },
    receivers: [sink],
    answers: () => device.surface.answers("ethernet 1", "snmp"),
    changed() {},
  });
  teller.begin();
  device.start();
  t.after(() => {
    teller.end();
    device.stop();
  });
  return {
    ...rig,
    teller,
    told,
    hold: () => void (isHeld = true),
    release: () => {
      isHeld = false;
      for (const run of kept.splice(0)) run();
    },
    seconds(count: number) {
      for (let k = 0; k < 2 * count; k++) {
        rig.clock.advance(500);
        device.advance(rig.clock.elapsed());
      }
    },
  };
}

const trapOf = (told: readonly Told[]): unknown => told[1]?.[2];
const COLD = "1.3.6.1.6.3.1.1.5.1";
const UNAUTHENTIC = "1.3.6.1.6.3.1.1.5.5";
const MIB = "1.3.6.1.4.1.32473.7659.1";
const TRIGGER = `
triggers:
  - { id: 4, enabled: true, label: Overcurrent, measure: { quantity: A, phase: a }, operator: ">", alarm: 5, reset: 4 }
`;

test("a start is told once, and again when the power has come back", (t) => {
  const { seconds, told, tell } = telling(t, "triggers: []");
  assert.deepEqual(told, []);
  seconds(3);
  assert.deepEqual(told.map(trapOf), [COLD]);
  assert.equal(tell({ command: "powerDown" }), "done");
  seconds(5);
  assert.equal(told.length, 1, "without power it says nothing");
  assert.equal(tell({ command: "powerUp" }), "done");
  seconds(3);
  assert.deepEqual(
    told.map(trapOf).filter((one) => one === COLD),
    [COLD, COLD],
  );
});

test("an alarm is told when it begins and when it ends, with what it looks at; in between nothing is", (t) => {
  const { seconds, told, teller, tell } = telling(t, TRIGGER);
  seconds(10);
  // 10 A are more than 5 A.
  const index = "116.114.105.103.103.101.114.46.52";
  assert.deepEqual(told.map(trapOf), [COLD, `${MIB}.0.1`]);
  const [, began] = told;
  assert.deepEqual(
    began!
      .map(([name, , value]) => [name.replace(index, "INDEX"), value])
      .filter(([, value]) => typeof value === "string" && !/[^ -~]/.test(value)),
    [
      ["1.3.6.1.6.3.1.1.4.1.0", `${MIB}.0.1`],
      [`${MIB}.1.7.1.2.INDEX`, "Overcurrent"],
      [`${MIB}.1.1.1.0`, "jem"],
      [`${MIB}.1.7.1.4.INDEX`, "A"],
      [`${MIB}.1.7.1.5.INDEX`, "10 A"],
      [`${MIB}.1.7.1.6.INDEX`, "> 5"],
    ],
  );
  assert.deepEqual([...teller.watch.all.keys()], ["trigger.4"]);
  seconds(60);
  assert.equal(told.length, 2);
  assert.equal(tell({ command: "hardware", part: "metrology", failed: true }), "invalid");
  assert.equal(tell({ command: "configure", configuration: "triggers: []" }), "done");
  seconds(2);
  assert.ok(told.map(trapOf).includes(`${MIB}.0.2`));
  assert.deepEqual(
    [...teller.watch.all.keys()].filter((name) => name.startsWith("trigger")),
    [],
  );
});

test("what is told is on disk first", (t) => {
  const { seconds, told, hold, release } = telling(t, TRIGGER);
  hold();
  seconds(10);
  assert.deepEqual(told, []);
  release();
  assert.deepEqual(told.map(trapOf), [COLD, `${MIB}.0.1`]);
});

test("of strangers one a minute is told", (t) => {
  const { seconds, told, teller } = telling(t, "triggers: []");
  seconds(2);
  for (let k = 0; k < 1000; k++) teller.unauthentic();
  assert.deepEqual(told.map(trapOf), [COLD, UNAUTHENTIC]);
  seconds(59);
  teller.unauthentic();
  assert.equal(told.length, 2);
  seconds(2);
  teller.unauthentic();
  assert.equal(told.length, 3);
});

test("alarms have names that last, however odd their words are", () => {
  const status = {
    powered: true,
    testMode: false,
    rate: "none",
    conditions: [
      { text: "V.a is low: ü", trouble: true, means: "below 249.4 V" },
      { text: "daylight saving is in force", trouble: false },
      { text: "x".repeat(200), trouble: true },
    ],
    failures: ["RAM"],
    alarms: [{ id: 3, label: "", value: 12.3456789012, unit: "V" }],
    battery: { state: "good", warning: false },
    testPulses: { led: 0, optical: 0 },
  };
  const names = [...alarmsOf(status).keys()];
  assert.deepEqual(names, ["trigger.3", "condition.V.a is low: ?", `condition.${"x".repeat(54)}`, "failure.RAM"]);
  const now = (utc: number) => ({ utc, offsetMinutes: 0, daylightSaving: false, synchronised: true });
  const watch = new AlarmWatch();
  assert.equal(watch.look(status, now(1)).begun.length, 4);
  const later = watch.look({ ...status, failures: [] }, now(2));
  assert.deepEqual(
    [later.begun.length, later.ended.map(({ name, since }) => [name, since.utc])],
    [0, [["failure.RAM", 1]]],
  );
  assert.equal(watch.look(status, now(3)).begun[0]?.since.utc, 3);
  assert.equal(oidText([1, 2]), "1.2");
});
