/** Agents of whole meters on a virtual clock: what they show, to whom, and what they say of what they do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "#protocol/snmp/agent.ts";
import { Flag, readMessage, readScopedPdu } from "#protocol/snmp/message.ts";
import { ObjectTree } from "#protocol/snmp/objects.ts";
import { compareOids, impliedIndex, oidOf, oidText } from "#protocol/snmp/oid.ts";
import { decrypted, Salts } from "#protocol/snmp/protection.ts";
import { systemBranches } from "#protocol/snmp/system-objects.ts";
import { MemoryStore } from "#store/store.ts";
import { COMMUNITY, framesOf, fromHex, textBytes, toHex, userNamed } from "./snmp-exchanges.ts";
import {
  introduced,
  jemStarAgent,
  levitonAgent,
  named,
  overCommunity,
  overUser,
  pdu,
  toldOf,
  type Told,
} from "./snmp-meter.ts";

const MIB = "1.3.6.1.4.1.32473.7659.1.1";
const column = (table: number, number: number, index: string | number): string =>
  `${MIB}.${table}.1.${number}.${typeof index === "number" ? index : oidText(impliedIndex(index))}`;
const measure = (number: number, name: string): string => column(3, number, name);

test("an agent answers what net-snmp asks as net-snmp's own agent does, to the byte", (t) => {
  const { ask, clock } = levitonAgent(t);
  clock.advance(3010);
  for (const title of ["v2c get ", "v2c getnext"]) {
    const [asked, answered] = framesOf(title);
    assert.equal(toHex(ask(asked!.bytes)!), toHex(answered!.bytes), title);
  }
});

test("net-snmp's messages of SNMPv3 are answered as its own agent answers them", () => {
  const engineId = fromHex("80001f8804766563746f72656e67696e65");
  let seconds = 4;
  const engine = { id: engineId, boots: 1, elapsed: () => seconds * 1000 };
  const texts = { description: "", name: "vector", contact: "", location: "" };
  const users = [userNamed("ann"), userNamed("bob", "sha")];
  let unauthentic = 0;
  const agent = new Agent({
    engine,
    tree: (counts) => new ObjectTree(systemBranches(engine, texts, { counts, maxSize: 8192 })),
    community: () => undefined,
    users,
    salts: new Salts(),
    misunderstood: () => assert.fail("it is no message"),
    unauthentic: () => unauthentic++,
  });
  /** All of a message but what sizes, salts and digests make different: who says what, and the PDU. */
  const essence = (bytes: Uint8Array): unknown => {
    const message = readMessage(bytes);
    assert.ok(message.version === "v3" && message.security !== undefined);
    const { security, id, flags, data } = message;
    const user = users.find(({ name }) => toHex(textBytes(name)) === toHex(security.user));
    const plain =
      "scoped" in data ? data.scoped : decrypted(data.encrypted, security, user!.keysAt(security.engineId)!)!;
    const { contextEngineId, contextName, pdu: one } = readScopedPdu(plain);
    const { engineId: whose, boots, time } = security;
    return [
      id,
      flags,
      toHex(whose),
      boots,
      time,
      toHex(security.user),
      toHex(contextEngineId),
      toHex(contextName),
      one.requestId,
      one.kind,
      one.errorStatus,
      one.errorIndex,
      toldOf(one),
    ];
  };
  let exchanges = 0;
  // Its count of unknown engines has grown with each manager before.
  for (const [title, at] of [
    ["v3 bob", 4],
    ["v3 ann authNoPriv", 5],
    ["v3 ann authPriv get", 5],
  ] as const) {
    seconds = at;
    const all = framesOf(title);
    for (let k = 0; k < all.length; k += 2) {
      // snmpd says nothing of its time to who does not know it.
      const expected = essence(all[k + 1]!.bytes) as unknown[];
      assert.deepEqual(essence(agent.answer(all[k]!.bytes, true)!), expected, title);
      exchanges++;
    }
  }
  const [, , asked, answered] = framesOf("v3 eve");
  const [ours, theirs] = [essence(agent.answer(asked!.bytes, true)!), essence(answered!.bytes)] as unknown[][];
  assert.deepEqual(ours!.slice(-1), theirs!.slice(-1));
  assert.deepEqual([exchanges, unauthentic], [6, 0]);
  assert.deepEqual([agent.counts.unknownEngineIds, agent.counts.unknownUserNames], [3, 1]);
});

test("what a feeder measures, primary and in thousandths, powers in whole units", (t) => {
  const { ask, seconds } = levitonAgent(t);
  seconds(3);
  const got = overCommunity(ask);
  assert.deepEqual(
    toldOf(
      got(
        "get",
        [2, 3, 4, 5, 6].map((number) => measure(number, "V.a")),
      )!,
    ).map(([, ...told]) => told),
    [
      ["integer", 277_100],
      ["integer", -3],
      ["octets", "V"],
      ["octets", "277.1"],
      ["integer", 1],
    ],
  );
  // 20 + 19 + 22 kW.
  assert.deepEqual(
    toldOf(got("get", [measure(2, "W"), measure(3, "W"), measure(4, "W"), measure(2, "A.b")])!).map(
      ([, , value]) => value,
    ),
    [61_000, 0, "W", 75_700],
  );
  assert.deepEqual(
    toldOf(
      got(
        "get",
        [1, 2, 3, 5].map((k) => `${MIB}.1.${k}.0`),
      )!,
    ).map(([, , value]) => value),
    ["vector", "leviton-s4100", "Leviton VerifEye Series 4100", "41000001"],
  );
});

test("energy is counted: an hour of 61 kW, in the meter's own counts", (t) => {
  const { ask, seconds } = levitonAgent(t);
  seconds(3600);
  const got = overCommunity(ask);
  const walked: Told[] = [];
  for (let name = `${MIB}.4`; ;) {
    const [one] = toldOf(got("getNext", [name])!);
    if (one === undefined || !one[0].startsWith(`${MIB}.4.`)) break;
    walked.push(one);
    name = one[0];
  }
  const register = walked
    .find(([name, , value]) => name.startsWith(`${MIB}.4.1.5.`) && value === "Wh.import")![0]
    .split(".")
    .at(-1);
  const of = (number: number): unknown => walked.find(([name]) => name === `${MIB}.4.1.${number}.${register}`)?.[2];
  const count = of(2) as bigint;
  assert.ok(count >= 60_950n && count <= 61_000n, String(count));
  assert.deepEqual([of(3), of(4), of(6)], [0, "Wh", "total"]);
});

test("a walk goes through every instance once, in order; each is read by its own name, and in bulk alike", (t) => {
  const agents = [
    levitonAgent(t),
    jemStarAgent(t, { source: "volts: [119.1, 120.4, 121.7], amps: [10, 11, 12], pf: 0.8" }),
  ];
  for (const { ask, seconds } of agents) {
    seconds(5);
    const got = overCommunity(ask);
    const walked: Told[] = [];
    for (let name = "0.0"; ;) {
      const [one] = toldOf(got("getNext", [name])!);
      assert.ok(one !== undefined);
      if (one[1] === "endOfMibView") {
        assert.equal(one[0], name);
        break;
      }
      assert.ok(compareOids(oidOf(one[0]), oidOf(name)) > 0, `${one[0]} behind ${name}`);
      assert.ok(!/NaN|undefined|Infinity/.test(String(one[2])), one.join(" "));
      walked.push(one);
      name = one[0];
    }
    assert.ok(walked.length > 300, String(walked.length));
    const changing = /^1\.3\.6\.1\.2\.1\.11\./;
    for (const [name, ...told] of walked.filter(([name]) => !changing.test(name)))
      assert.deepEqual(toldOf(got("get", [name])!), [[name, ...told]]);
    const bulk: Told[] = [];
    for (let name = "0.0"; bulk.at(-1)?.[1] !== "endOfMibView"; name = bulk.at(-1)![0])
      bulk.push(...toldOf(got("getBulk", [name], { times: 50 })!));
    assert.equal(bulk.pop()?.[1], "endOfMibView");
    assert.deepEqual(
      bulk.map(([name]) => name),
      walked.map(([name]) => name),
    );
  }
});

test("what is absent is absent: no object, no instance, and of a meter that measures nothing no value", (t) => {
  const { ask } = jemStarAgent(t);
  const got = overCommunity(ask);
  const names = [
    "1.3.6.1.2.1.2.1.0",
    `${MIB}.1.99.0`,
    `${MIB}.1.1.1`,
    `${MIB}.1.1`,
    column(3, 2, "V.z"),
    column(3, 99, "V.a"),
    column(4, 2, 999),
    measure(2, "V.a"),
  ];
  assert.deepEqual(
    toldOf(got("get", names)!).map(([, kind]) => kind),
    [
      "noSuchObject",
      "noSuchObject",
      "noSuchInstance",
      "noSuchInstance",
      "noSuchInstance",
      "noSuchObject",
      "noSuchInstance",
      "noSuchInstance",
    ],
  );
  assert.deepEqual(
    toldOf(got("getNext", [`${MIB}.3`])!).map(([name]) => name.startsWith(`${MIB}.4.`)),
    [true],
  );
});

test("nothing can be set: what is there is not writable, for the rest there is no access (RFC 3416, 4.2.5)", (t) => {
  const { ask } = levitonAgent(t);
  const got = overCommunity(ask);
  const set = (name: string): number[] => {
    const answer = got("set", [name])!;
    return [answer.errorStatus, answer.errorIndex, answer.variables.length];
  };
  assert.deepEqual(set("1.3.6.1.2.1.1.5.0"), [17, 1, 1]);
  assert.deepEqual(set("1.3.6.1.2.1.1.99.0"), [6, 1, 1]);
  assert.deepEqual(toldOf(got("get", ["1.3.6.1.2.1.1.5.0"])!), [["1.3.6.1.2.1.1.5.0", "octets", "vector"]]);
});

test("answers have a bound: a bulk of everything, too many variables, and a message that is too long", (t) => {
  const { ask, seconds } = levitonAgent(t);
  seconds(3);
  const got = overCommunity(ask);
  const names = (count: number): string[] => Array.from({ length: count }, () => `${MIB}.3`);
  const many = got("getBulk", names(100), { times: 2 ** 31 - 1 })!;
  assert.ok(many.variables.length > 10 && many.variables.length < 100);
  assert.equal(got("getBulk", names(3), { once: 2, times: 3 })!.variables.length, 2 + 3);
  assert.equal(got("getBulk", names(3), { once: -1, times: -1 })!.variables.length, 0);
  assert.equal(got("getBulk", [], { times: 5 })!.variables.length, 0);
  const tooMany = got("get", names(129))!;
  assert.deepEqual([tooMany.errorStatus, tooMany.variables.length], [1, 0]);
  const tooLong = overUser(
    ask,
    { ...introduced(ask, userNamed("ann")), flags: 7 },
    pdu(
      "get",
      Array.from({ length: 60 }, () => `${MIB}.1.3.0`),
    ),
  )!;
  assert.deepEqual([tooLong.pdu.errorStatus, tooLong.pdu.variables.length], [1, 0], "msgMaxSize is 1472");
  assert.equal(ask(new Uint8Array(9000)), undefined);
  assert.deepEqual(toldOf(got("get", ["1.3.6.1.2.1.11.31.0"])!), [["1.3.6.1.2.1.11.31.0", "counter32", 1]]);
});

test("a community is answered on this machine only unless the site file says otherwise, and another one never", (t) => {
  const { ask } = levitonAgent(t);
  const name = "1.3.6.1.2.1.1.5.0";
  assert.equal(overCommunity(ask, { from: "192.0.2.7:161" })("get", [name]), undefined);
  assert.equal(overCommunity(ask, { from: "[2001:db8::7]:161" })("get", [name]), undefined);
  assert.equal(overCommunity(ask, { community: textBytes("public") })("get", [name]), undefined);
  assert.equal(overCommunity(ask, { community: new Uint8Array(0) })("get", [name]), undefined);
  assert.ok(overCommunity(ask, { from: "[::1]:5000" })("get", [name]));
  assert.deepEqual(
    toldOf(overCommunity(ask)("get", ["1.3.6.1.2.1.11.4.0"])!).map(([, , count]) => count),
    [4],
  );
  const open = levitonAgent(t, { listen: `{ snmp: udp, ${named.community}, communityElsewhere: true }` });
  assert.ok(overCommunity(open.ask, { from: "192.0.2.7:161" })("get", [name]));
  const closed = levitonAgent(t, { listen: `{ snmp: udp, users: [${named.ann}] }` });
  assert.equal(overCommunity(closed.ask)("get", [name]), undefined);
  // Version 1 is not spoken: 0 in the place of 1.
  const [first] = framesOf("v2c get ");
  const v1 = Uint8Array.from(first!.bytes);
  v1[4] = 0;
  assert.equal(ask(v1), undefined);
});

const NAME = "1.3.6.1.2.1.1.5.0";
const stats = (number: number): string => `1.3.6.1.6.3.15.1.1.${number}.0`;

test("a user is who he says, when he says it, and as well protected as he has to be", (t) => {
  const { ask, seconds } = jemStarAgent(t);
  const ann = userNamed("ann");
  const known = introduced(ask, ann);
  const tell = (said: Parameters<typeof overUser>[1]) => overUser(ask, { ...known, ...said }, pdu("get", [NAME]));
  assert.deepEqual(toldOf(tell({})!.pdu), [[NAME, "octets", "jem"]]);
  assert.equal(toHex(known.engineId), `80007ed904${toHex(textBytes("31000007"))}`);
  const report = (said: Parameters<typeof overUser>[1]): unknown => {
    const answer = tell(said);
    return (
      answer && [answer.pdu.kind, answer.pdu.errorStatus, ...toldOf(answer.pdu).map(([name]) => name), answer.flags]
    );
  };
  assert.deepEqual(report({ flags: Flag.auth | Flag.reportable }), ["response", 16, NAME, Flag.auth]);
  assert.deepEqual(report({ flags: Flag.reportable }), ["response", 16, NAME, 0]);
  assert.deepEqual(report({ user: userNamed("eve") }), ["report", 0, stats(3), 0]);
  assert.deepEqual(report({ user: userNamed("ann", "sha-256", { authentic: "another passphrase" }) }), [
    "report",
    0,
    stats(5),
    0,
  ]);
  assert.deepEqual(report({ user: userNamed("ann", "sha-512") }), ["report", 0, stats(5), 0]);
  assert.equal(
    report({ user: userNamed("ann", "sha-256", { secret: "another passphrase" }) }),
    undefined,
    "what comes out is no PDU",
  );
  assert.deepEqual(report({ boots: known.boots + 1 }), ["report", 0, stats(2), Flag.auth]);
  assert.deepEqual(report({ time: known.time + 151 }), ["report", 0, stats(2), Flag.auth]);
  assert.deepEqual(report({ time: known.time + 150 }), ["response", 0, NAME, 3]);
  assert.deepEqual(report({ context: "other" }), ["report", 0, "1.3.6.1.6.3.12.1.5.0", Flag.auth]);
  assert.equal(
    report({ context: "other", flags: Flag.auth | Flag.priv }),
    undefined,
    "who cannot be reported to is not",
  );
  seconds(151);
  assert.deepEqual(
    report({}),
    ["report", 0, stats(2), Flag.auth],
    "what was sent once cannot be sent again much later",
  );
  assert.deepEqual(report({ time: known.time + 151 }), ["response", 0, NAME, 3]);
});

test("flags that say what cannot be, and other security models, are counted and not answered", (t) => {
  const { ask } = levitonAgent(t);
  const known = introduced(ask, userNamed("ann"));
  const counts = (): unknown[] =>
    toldOf(
      overCommunity(ask)(
        "get",
        [1, 2, 3].map((k) => `1.3.6.1.6.3.11.2.1.${k}.0`),
      )!,
    ).map(([, , count]) => count);
  const [, , asked] = framesOf("v3 ann authPriv get");
  const privOnly = Uint8Array.from(asked!.bytes);
  // The flags follow msgMaxSize: 04 01 07.
  const flags = toHex(privOnly).indexOf("040107") / 2 + 2;
  privOnly[flags] = Flag.priv | Flag.reportable;
  assert.equal(ask(privOnly), undefined);
  const other = Uint8Array.from(asked!.bytes);
  other[flags + 3] = 9;
  assert.equal(ask(other), undefined);
  const elsewhere = overUser(ask, { ...known, user: userNamed("ann") }, pdu("trap", [NAME]));
  assert.equal(elsewhere, undefined, "nobody tells a meter");
  assert.deepEqual(counts(), [1, 1, 0]);
});

test("every start is counted, and kept", (t) => {
  const store = new MemoryStore().drawer("vector");
  for (const boots of [1, 2, 3]) {
    const { ask } = levitonAgent(t, { store });
    assert.equal(introduced(ask, userNamed("ann")).boots, boots);
  }
});

test("passphrases that the site file does not name are the meter's own secrets, as they are now", (t) => {
  const { ask, tell } = jemStarAgent(t, {
    listen: "{ snmp: udp, users: [{ name: ann }, { name: bob, authentication: sha-512, privacy: none }] }",
  });
  const ann = userNamed("ann", "sha-256", { authentic: "first passphrase", secret: "second passphrase" });
  const first = overUser(ask, { flags: Flag.reportable }, pdu("get", []))!;
  const engineId = Uint8Array.from(first.security.engineId);
  const said = { user: ann, engineId };
  assert.deepEqual(
    toldOf(overUser(ask, said, pdu("get", []))!.pdu).map(([name]) => name),
    [stats(3)],
  );
  assert.equal(tell({ command: "secret", name: "snmp.ann.auth", value: "first passphrase" }), "done");
  assert.deepEqual(
    toldOf(overUser(ask, said, pdu("get", []))!.pdu).map(([name]) => name),
    [stats(3)],
  );
  assert.equal(tell({ command: "secret", name: "snmp.ann.priv", value: "second passphrase" }), "done");
  assert.deepEqual(toldOf(overUser(ask, introduced(ask, ann), pdu("get", [NAME]))!.pdu), [[NAME, "octets", "jem"]]);
  assert.equal(tell({ command: "secret", name: "snmp.bob.auth", value: "short" }), "invalid");
  assert.equal(tell({ command: "secret", name: "snmp.bob.auth", value: "third passphrase" }), "done");
  const bob = userNamed("bob", "sha-512", { privacy: false, authentic: "third passphrase" });
  const known = introduced(ask, bob);
  assert.deepEqual(toldOf(overUser(ask, { ...known, flags: Flag.auth }, pdu("get", [NAME]))!.pdu), [
    [NAME, "octets", "jem"],
  ]);
  assert.equal(tell({ command: "secret", name: "snmp.ann.priv", value: null }), "done");
  assert.deepEqual(
    toldOf(overUser(ask, said, pdu("get", []))!.pdu).map(([name]) => name),
    [stats(3)],
  );
});

test("without power, and in test mode, a meter says nothing", (t) => {
  const { ask, tell, seconds } = jemStarAgent(t);
  const got = overCommunity(ask);
  seconds(2);
  assert.ok(got("get", [NAME]));
  assert.equal(tell({ command: "enterTestMode" }), "done");
  assert.equal(got("get", [NAME]), undefined);
  assert.equal(tell({ command: "leaveTestMode" }), "done");
  assert.ok(got("get", [NAME]));
  assert.equal(tell({ command: "powerDown" }), "done");
  seconds(2);
  assert.equal(got("get", [NAME]), undefined);
});

test("power that has come back is a start: one more of the engine's boots, and its time from there on (RFC 3418, coldStart)", (t) => {
  const { ask, tell, seconds } = jemStarAgent(t);
  const got = overCommunity(ask);
  // snmpEngineBoots, snmpEngineTime, sysUpTime.
  const asked = ["1.3.6.1.6.3.10.2.1.2.0", "1.3.6.1.6.3.10.2.1.3.0", "1.3.6.1.2.1.1.3.0"];
  const shown = (): unknown[] => toldOf(got("get", asked)!).map(([, , value]) => value);
  seconds(300);
  const [boots, time, ticks] = shown() as number[];
  assert.ok(time! >= 299 && ticks! >= 29_900, `${time} ${ticks}`);
  tell({ command: "powerDown" });
  seconds(10);
  tell({ command: "powerUp" });
  seconds(5);
  const [bootsAgain, timeAgain, ticksAgain] = shown() as number[];
  assert.equal(bootsAgain, boots! + 1);
  assert.ok(timeAgain! <= 5 && ticksAgain! <= 500, `${timeAgain} ${ticksAgain}`);
});

test("a register of a demand, and when its peak was", (t) => {
  const configuration = `
registers:
  normal:
    - { id: 1, type: consumption, measure: { quantity: Wh }, units: units, decimals: 1 }
    - { id: 7, type: peakDemand, measure: { quantity: W }, units: kilo, decimals: 3 }
    - { id: 9, type: presentTime }
`;
  const { ask, seconds } = jemStarAgent(t, { configuration, source: "volts: 120, amps: 10, pf: 0.8" });
  seconds(1860);
  const got = overCommunity(ask);
  const row = (table: number, numbers: readonly number[], register: number): unknown[] =>
    toldOf(
      got(
        "get",
        numbers.map((number) => column(table, number, register)),
      )!,
    ).map(([, kind, value]) => value ?? kind);
  // 3 x 120 V x 10 A x 0.8.
  assert.deepEqual(row(5, [2, 3, 4, 6, 7, 8], 7), [2880, 0, "W", "peakDemand", "total", "working"]);
  // DateAndTime: 2026-01-01, 00:20:00.0, +00:00, when three whole subintervals of five minutes had ended, behind the one that it began in.
  const [peak] = got("get", [column(5, 10, 7)])!.variables;
  assert.ok(peak?.value.kind === "octets");
  assert.equal(toHex(peak.value.value), "07ea0101001400002b0000");
  assert.deepEqual(row(4, [3, 4], 1), [-1, "Wh"]);
  assert.deepEqual(row(6, [2, 4], 9), ["normal", "presentTime"]);
  assert.deepEqual(row(4, [2], 7), ["noSuchInstance"]);
});

test("no message is not answered, and the next is", (t) => {
  const { ask, heard } = levitonAgent(t);
  assert.equal(ask(new Uint8Array(0)), undefined);
  assert.equal(ask(textBytes("GET / HTTP/1.1")), undefined);
  assert.equal(ask(COMMUNITY), undefined);
  assert.equal(heard.misunderstood, 3);
  assert.ok(overCommunity(ask)("get", [NAME]));
});

test("a meter that is read by its users only shows strangers neither measures nor registers", (t) => {
  const { ask, seconds } = jemStarAgent(t, { configuration: "security: { readingTakesSession: true }" });
  seconds(3);
  const got = overCommunity(ask);
  assert.deepEqual(
    toldOf(got("get", [NAME, measure(2, "V.a"), column(4, 2, 2), column(6, 5, 1)])!).map(([, kind]) => kind),
    ["octets", "noSuchInstance", "noSuchInstance", "noSuchInstance"],
  );
});
