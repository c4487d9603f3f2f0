/** Meters of a site that publish and follow GOOSE, over bridges and over UDP on this machine. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Clock } from "#clock/clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import type { Notice } from "#fleet/notice.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { goose } from "#fleet/protocols/goose.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import { untagged } from "#io/ethernet-frame.ts";
import { readGooseFrame } from "#protocol/iec61850/goose/goose-frame.ts";
import { readAllData, readGoosePdu } from "#protocol/iec61850/goose/goose-pdu.ts";
import { gooseSwitchesOf } from "#protocol/iec61850/server/goose-control.ts";
import { checkedBy } from "#product/schema-problems.ts";
import type { TrafficSink } from "#product/product.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { quality } from "#protocol/iec61850/model/value.ts";
import { captured, withoutCapture } from "./captures.ts";
import { gcbDI, InputsHost, inputsIed } from "./goose-host.ts";

const table = [goose];
const source = { live: {} };

function problems(listen: unknown): readonly string[] {
  const site = { meters: [{ name: "m", model: "x", source, listen: [listen] }] };
  return checkedBy(siteSchemaOf(table), site).problems ?? [];
}

function meter(name: string, host: InputsHost, listen: readonly unknown[], more: Partial<Listening> = {}): Listening {
  const [entry] = siteSchemaOf(table).parse({ meters: [{ name, model: "x", source, listen }] }).meters;
  return {
    name,
    listen: entry!.listen,
    bindings: { iec61850: () => host },
    line: { address: 1, baud: 19_200, parity: 0 },
    room: () => undefined,
    ...more,
  };
}

async function open(t: TestContext, all: readonly Listening[], clock: Clock = new SystemClock(), folder = ".") {
  const notices: Notice[] = [];
  const listeners = new Listeners({ clock, folder, table, tell: (notice) => notices.push(notice) });
  await listeners.open(all);
  t.after(() => listeners.close());
  return {
    listeners,
    notices,
    warnings: () => notices.filter(({ level }) => level === "warn").map(({ words }) => words),
  };
}

/** Waits until something is so. At a clock that stands still what is due now is done. */
async function until(is: () => boolean, clock?: VirtualClock): Promise<void> {
  for (let turn = 0; !is(); turn++) {
    assert.ok(turn < 2000, "it never is so");
    clock?.advance(0);
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
  }
}

/** A socket at the other end of a bridge, or where messages go: what has come there. */
async function socket(t: TestContext) {
  const at = createSocket("udp4");
  t.after(() => at.close());
  await new Promise<void>((done) => at.bind(0, "127.0.0.1", done));
  const came: Buffer[] = [];
  at.on("message", (bytes) => came.push(bytes));
  return { at, came, port: at.address().port };
}

async function freePort(t: TestContext): Promise<number> {
  const { at, port } = await socket(t);
  await new Promise<void>((done) => {
    const { close } = at;
    at.close(() => done());
    at.close = () => at;
    void close;
  });
  return port;
}

const pduIn = (frame: Uint8Array) => readGoosePdu(readGooseFrame(untagged(frame)!.bytes).pdu);
const subscribed = {
  controlBlock: "JEM01MTR/LLN0$GO$gcbDI",
  inputs: [
    { input: 3, value: 0, quality: 1 },
    { input: 5, value: 2, quality: 3 },
  ],
};

test("a meter's inputs go out over a bridge with a change, tagged and addressed as the control block says", async (t) => {
  const peer = await socket(t);
  const host = new InputsHost();
  const bridge = { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` };
  await open(t, [meter("m", host, [{ goose: "ethernet", bridge }])]);
  await until(() => peer.came.length > 0);
  const [first] = peer.came;
  const { vlan } = untagged(first!)!;
  const { destination, source: from, appId } = readGooseFrame(untagged(first!)!.bytes);
  assert.deepEqual([vlan, appId], [{ id: 0, priority: 4 }, 1]);
  assert.equal(Buffer.from(destination).toString("hex"), "010ccd010001");
  assert.equal(Buffer.from(from).subarray(0, 4).toString("hex"), "02500001");
  host.inputs(true, false);
  await until(() => peer.came.some((frame) => pduIn(frame).stNum === 2));
  const pdu = pduIn(peer.came.findLast((frame) => pduIn(frame).stNum === 2)!);
  assert.deepEqual(
    readAllData(pdu).map((one) => (one.kind === "boolean" ? one.value : one.kind)),
    [true, "bits", false, "bits"],
  );
});

test("one meter's inputs follow another's over a bridge: both of one site, and nobody between them", async (t) => {
  const [here, there] = [await freePort(t), await freePort(t)];
  const between = (listen: number, send: number) => ({
    goose: "ethernet",
    bridge: { listen: `127.0.0.1:${listen}`, send: `127.0.0.1:${send}` },
  });
  const [one, other] = [new InputsHost(), new InputsHost(inputsIed("OTHER"))];
  await open(t, [
    meter("one", one, [between(here, there)]),
    meter("other", other, [{ ...between(there, here), publish: false, subscribe: [subscribed] }]),
  ]);
  one.inputs(true, false);
  await until(() => other.driven.length >= 2);
  await until(() => other.driven.some(([, closed]) => closed));
  assert.deepEqual(other.driven.slice(-2), [
    [3, true],
    [5, false],
  ]);
  // What is not good drives nothing.
  const before = other.driven.length;
  one.inputs(false, true, quality.invalid);
  one.inputs(false, true, quality.good);
  await until(() => other.driven.length >= before + 2);
  assert.deepEqual(other.driven.slice(before), [
    [3, false],
    [5, true],
  ]);
});

test("meters of a site share an interface, and hear each other there", async (t) => {
  const peer = await socket(t);
  const at = await freePort(t);
  const entry = {
    goose: "ethernet",
    bridge: { listen: `127.0.0.1:${at}`, send: `127.0.0.1:${peer.port}` },
  };
  const site = (one: string, other: string, more: object = {}) => ({
    meters: [one, other].map((name) => ({ name, model: "x", source, listen: [{ ...entry, ...more }] })),
  });
  assert.deepEqual(checkedBy(siteSchemaOf(table), site("one", "other")).problems ?? [], []);
  const [one, other] = [new InputsHost(), new InputsHost(inputsIed("OTHER"))];
  const { listeners } = await open(t, [
    meter("one", one, [entry]),
    meter("other", other, [{ ...entry, subscribe: [subscribed] }]),
  ]);
  assert.equal(listeners.all.length, 1);
  one.inputs(true, false);
  await until(() => other.driven.slice(-2)[0]?.[1] === true);
  assert.deepEqual(other.driven.slice(-2), [
    [3, true],
    [5, false],
  ]);
  const blocks = (): Set<string> => new Set(peer.came.map((frame) => pduIn(frame).controlBlock));
  await until(() => blocks().size === 2);
  assert.deepEqual([...blocks()].toSorted(), ["JEM01MTR/LLN0$GO$gcbDI", "OTHERMTR/LLN0$GO$gcbDI"]);
  // Nobody could tell two of one name apart.
  const alike = new Listeners({ clock: new SystemClock(), folder: ".", table });
  const all = ["one", "two"].map((name) => meter(name, new InputsHost(), [entry]));
  await assert.rejects(
    alike.open(all),
    /^Error: two\.listen\[0\]\.goose: one and two both have control block JEM01MTR\/LLN0\$GO\$gcbDI on one place, /,
  );
});

test("what is followed and is gone leaves inputs as the site file says, and is told", async (t) => {
  const clock = new VirtualClock();
  const peer = await socket(t);
  const port = await freePort(t);
  const host = new InputsHost();
  const bridge = { listen: `127.0.0.1:${port}`, send: `127.0.0.1:${peer.port}` };
  const listen = [{ goose: "ethernet", bridge, publish: false, subscribe: [{ ...subscribed, whenGone: "closed" }] }];
  const { warnings } = await open(t, [meter("m", host, listen)], clock);
  // The first of goose-meter.pcap: all off, three seconds to live; in its session over Ethernet, without its tag.
  const frame = Buffer.from(
    "010ccd010001aa32b140cf2e88b80001009c00000000618191" +
      "80164a454d30314d54522f4c4c4e3024474f246763624449" +
      "81020bb882104a454d30314d54522f4c4c4e3024444983134a454d30314d54522f4c4c4e302e676362444984086b00f8a4e7ef9d0a" +
      "8501018601018701008801018901008a010cab30" +
      "83010084030300 00".replace(" ", "").repeat(6),
    "hex",
  );
  peer.at.send(frame, port, "127.0.0.1");
  await until(() => host.driven.length === 2, clock);
  assert.deepEqual(host.driven, [
    [3, false],
    [5, false],
  ]);
  assert.deepEqual(warnings(), []);
  clock.advance(11_000);
  assert.deepEqual(host.driven.slice(2), [
    [3, true],
    [5, true],
  ]);
  assert.deepEqual(warnings(), [
    "GOOSE JEM01MTR/LLN0$GO$gcbDI is gone: nothing has come within the time that it allowed",
  ]);
  clock.advance(20_000);
  host.stuck = "channel 3 is an output";
  peer.at.send(frame, port, "127.0.0.1");
  await until(() => warnings().length > 3, clock);
  assert.deepEqual(warnings().slice(1), [
    "GOOSE JEM01MTR/LLN0$GO$gcbDI is there again",
    "GOOSE: input 3: channel 3 is an output",
    "GOOSE: input 5: channel 3 is an output",
  ]);
});

test("a control block and its data set are named as 7-2 writes them, too, and a value that its messages do not have is said once", async (t) => {
  const peer = await socket(t);
  const port = await freePort(t);
  const one = new InputsHost();
  const other = new InputsHost(inputsIed("OTHER"));
  const bridge = { listen: `127.0.0.1:${port}`, send: `127.0.0.1:${peer.port}` };
  const inputs = [
    { input: 3, value: 0 },
    { input: 5, value: 9 },
  ];
  const subscribe = [{ controlBlock: "JEM01MTR/LLN0.gcbDI", dataSet: "JEM01MTR/LLN0.DI", inputs }];
  const { warnings } = await open(t, [
    meter("one", one, [{ goose: "ethernet", bridge }]),
    meter("other", other, [{ goose: "ethernet", bridge, subscribe }]),
  ]);
  one.inputs(true, false);
  await until(() => other.driven.some(([, closed]) => closed));
  assert.ok(other.driven.every(([input]) => input === 3));
  assert.deepEqual(warnings(), ["GOOSE: input 5: messages of JEM01MTR/LLN0$GO$gcbDI have no value 9"]);
});

const draft = new URL("../../shared/data/jemstar-draft.cid", import.meta.url);
const withoutDraft = existsSync(draft) ? withoutCapture("goose-meter.pcap") : "../shared is not here";

test(
  "values of others are named as their SCL file has them, with the qualities beside them",
  { skip: withoutDraft },
  async (t) => {
    const peer = await socket(t);
    const port = await freePort(t);
    const host = new InputsHost(inputsIed("OTHER"));
    const scl = fileURLToPath(draft);
    const inputs = [
      { input: 3, value: "MTR/IN_GGIO1.Ind1.stVal" },
      { input: 5, value: "MTR/IN_GGIO1.Ind2.stVal[ST]" },
    ];
    const listen = (subscribe: object) => [
      {
        goose: "ethernet",
        bridge: { listen: `127.0.0.1:${port}`, send: `127.0.0.1:${peer.port}` },
        publish: false,
        subscribe: [subscribe],
      },
    ];
    await open(t, [meter("m", host, listen({ controlBlock: "JEM01MTR/LLN0$GO$gcbDI", scl, inputs }))]);
    // libiec61850's server of that file: its first two inputs, off and then as they are in its second state.
    const frames = captured("goose-meter.pcap").map(({ bytes }) => untagged(bytes)!.bytes);
    const second = frames.find((frame) => readGoosePdu(readGooseFrame(frame).pdu).stNum === 2)!;
    const values = readAllData(readGoosePdu(readGooseFrame(second).pdu));
    peer.at.send(frames[0]!, port, "127.0.0.1");
    await until(() => host.driven.length === 2);
    peer.at.send(second, port, "127.0.0.1");
    await until(() => host.driven.length === 4);
    const state = (k: number): unknown => (values[k]?.kind === "boolean" ? values[k].value : undefined);
    assert.deepEqual(host.driven, [
      [3, false],
      [5, false],
      [3, state(0)],
      [5, state(2)],
    ]);
    const refused: readonly (readonly [subscribe: object, why: RegExp])[] = [
      [
        { controlBlock: "JEM01MTR/LLN0$GO$gcbDO", scl },
        /subscribe\[0\]\.scl: .*no IED of it publishes JEM01MTR\/LLN0\$GO\$gcbDO.*gcbDI/,
      ],
      [{ controlBlock: "JEM01MTR/LLN0$GO$gcbDI", scl: "none.cid" }, /subscribe\[0\]\.scl: .*none\.cid/],
      [
        { controlBlock: "JEM01MTR/LLN0$GO$gcbDI", scl, inputs: [{ input: 1, value: "MTR/IN_GGIO1.Ind9.stVal" }] },
        /Ind9\.stVal is no member of JEM01MTR\/LLN0\$DI; it has MTR\/IN_GGIO1\.Ind1\.stVal\[ST\], /,
      ],
    ];
    for (const [subscribe, why] of refused) {
      const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table });
      await assert.rejects(listeners.open([meter("m", host, listen(subscribe))]), why);
    }
  },
);

test("a control block that is switched off is silent, a meter that is off, too, and both begin anew", async (t) => {
  const peer = await socket(t);
  const host = new InputsHost();
  let answers = true;
  const listen = [{ goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } }];
  await open(t, [meter("m", host, listen, { answers: () => answers })]);
  await until(() => peer.came.length > 0);
  host.inputs(true, true);
  const switches = gooseSwitchesOf(host.ied);
  switches.set("JEM01MTR/LLN0$GO$gcbDI", false);
  await new Promise((done) => setTimeout(done, 20));
  const before = peer.came.length;
  host.inputs(false, true);
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(peer.came.length, before);
  switches.set("JEM01MTR/LLN0$GO$gcbDI", true);
  await until(() => peer.came.length > before);
  assert.deepEqual([pduIn(peer.came[before]!).stNum, pduIn(peer.came[before]!).sqNum], [1, 1]);
  answers = false;
  host.inputs(true, true);
  await new Promise((done) => setTimeout(done, 20));
  const silent = peer.came.length;
  answers = true;
  host.inputs(true, false);
  await until(() => peer.came.length > silent);
  assert.deepEqual([pduIn(peer.came[silent]!).stNum, pduIn(peer.came[silent]!).sqNum], [1, 1]);
});

test("with another configuration the control blocks are others", async (t) => {
  const peer = await socket(t);
  const host = new InputsHost();
  const listen = [{ goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } }];
  await open(t, [meter("m", host, listen)]);
  await until(() => peer.came.length > 0);
  host.ied = inputsIed("NEW", "2", [{ ...gcbDI, configRevision: 9 }]);
  host.epoch++;
  host.inputs(true, true);
  await until(() => peer.came.some((frame) => pduIn(frame).controlBlock === "NEWMTR/LLN0$GO$gcbDI"));
  const of = peer.came.map((frame) => pduIn(frame)).find(({ controlBlock }) => controlBlock.startsWith("NEW"));
  assert.deepEqual([of?.configRevision, of?.stNum, of?.sqNum], [9, 1, 1]);
});

test("with another data set and the revision as it was the log says so", async (t) => {
  const peer = await socket(t);
  const host = new InputsHost();
  const listen = [{ goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } }];
  const { warnings } = await open(t, [meter("m", host, listen)]);
  await until(() => peer.came.length > 0);
  const fewer = (configRevision: number): Ied => {
    const ied = inputsIed("JEM01", "2", [{ ...gcbDI, configRevision }]);
    const nodes = ied.devices[0]!.nodes.map((node) => ({
      ...node,
      dataSets: node.dataSets.map((set) => ({ ...set, members: set.members.slice(0, 2) })),
    }));
    return { ...ied, devices: [{ ...ied.devices[0]!, nodes }] };
  };
  const become = (ied: Ied): void => {
    host.ied = ied;
    host.epoch++;
    host.inputs(true, true);
  };
  become(fewer(1));
  const said =
    "GOOSE MTR/LLN0.gcbDI: its data set is another, and its revision (confRev) is still 1: who follows it cannot tell";
  assert.deepEqual(warnings(), [said]);
  become(inputsIed("JEM01", "2", [{ ...gcbDI, configRevision: 2 }]));
  assert.deepEqual(warnings(), [said]);
});

test("a data set that no frame has room for is not sent, and the log says so", async (t) => {
  const peer = await socket(t);
  const ied = inputsIed();
  const [device] = ied.devices;
  // Two octets of a list, three of a status, five of a quality, ten of a time: 75 of them are 1,500.
  const members = Array.from(
    { length: 75 },
    () => ({ ldInst: "MTR", prefix: "IN_", lnClass: "GGIO", lnInst: "1", doName: "Ind1", fc: "ST" }) as const,
  );
  const nodes = device!.nodes.map((node) => ({
    ...node,
    dataSets: node.dataSets.map((set) => ({ ...set, members })),
  }));
  const host = new InputsHost({ ...ied, devices: [{ ...device!, nodes }] });
  const listen = [{ goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } }];
  const { warnings } = await open(t, [meter("m", host, listen)]);
  await until(() => warnings().length > 0);
  host.inputs(true, true);
  assert.equal(warnings().length, 1);
  assert.match(
    warnings()[0]!,
    /^GOOSE: JEM01MTR\/LLN0\$GO\$gcbDI takes 16\d\d octets, of 1492 that a frame has room for$/,
  );
  assert.equal(peer.came.length, 0);
});

test("a control block that is to have fixed offsets is published without them, and the log says so once", async (t) => {
  const peer = await socket(t);
  const host = new InputsHost(inputsIed("JEM01", "2.1", [{ ...gcbDI, fixedOffsets: true }]));
  const listen = [{ goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } }];
  const { warnings } = await open(t, [meter("m", host, listen)]);
  await until(() => peer.came.length > 0);
  // Its power comes back: what it cannot do is what it could not before.
  host.epoch++;
  host.inputs(true, true);
  await until(() =>
    peer.came.some((frame) => readAllData(pduIn(frame)).some((one) => one.kind === "boolean" && one.value)),
  );
  assert.deepEqual(warnings(), [
    "GOOSE: JEM01MTR/LLN0$GO$gcbDI is published without the fixed offsets that it is to have",
  ]);
});

test("an interface that cannot be had is said, the port shows it, all else runs, and it is tried again", async (t) => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const sink = Object.fromEntries(
    ["opened", "failed", "connected", "left", "heard", "misunderstood"].map((what) => [what, () => told.push(what)]),
  ) as unknown as TrafficSink;
  const peer = await socket(t);
  const { listeners, warnings } = await open(
    t,
    [
      meter(
        "m",
        new InputsHost(),
        [
          { goose: "ethernet", interface: "no-such-0" },
          { goose: "ethernet", bridge: { listen: "127.0.0.1:0", send: `127.0.0.1:${peer.port}` } },
        ],
        { traffic: (port) => (port === "ethernet 1" ? sink : sink) },
      ),
    ],
    clock,
  );
  assert.deepEqual(
    listeners.all.map(({ what }) => what.replace(/:\d+$/, "")),
    ["goose ethernet no-such-0", "goose ethernet udp 127.0.0.1"],
  );
  assert.equal(warnings().length, 1);
  assert.match(
    warnings()[0]!,
    /^m: goose ethernet: .*(interface no-such-0|koffi|Linux).*; it is tried again every 2 s$/,
  );
  assert.ok(told.includes("failed") && told.includes("opened"));
  await until(() => peer.came.length > 0, clock);
  clock.advance(2000);
  await new Promise((done) => setImmediate(done));
  assert.equal(warnings().length, 1);
});

test("over UDP messages are signed with the listener's key, and who follows takes no others", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "goose-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "key");
  writeFileSync(file, "00112233445566778899aabbccddeeff\n", { mode: 0o600 });
  const keys = [{ id: 7, secret: { file }, signature: "hmac-sha256-128", encryption: "aes-128-gcm" }];
  const port = await freePort(t);
  const [one, other] = [new InputsHost(), new InputsHost(inputsIed("OTHER"))];
  const { listeners } = await open(
    t,
    [
      meter("one", one, [{ goose: "udp", port: await freePort(t), to: [`127.0.0.1:${port}`], keys }]),
      meter("other", other, [{ goose: "udp", port, publish: false, subscribe: [subscribed], keys }]),
    ],
    new SystemClock(),
    folder,
  );
  await until(() => other.driven.length >= 2);
  one.inputs(true, true);
  await until(() => other.driven.slice(-2).every(([, closed]) => closed));
  const stranger = await socket(t);
  stranger.at.send(Buffer.from("no GOOSE"), port, "127.0.0.1");
  assert.ok(listeners.all.every(({ what }) => what.startsWith("goose udp 127.0.0.1:")));
});

test("who is never heard, and sessions that no key fits, are said once", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "goose-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const keyed = (name: string, octet: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, octet.repeat(16), { mode: 0o600 });
    return [{ id: 7, secret: { file } }];
  };
  const port = await freePort(t);
  const clock = new VirtualClock();
  const one = new InputsHost();
  const other = new InputsHost(inputsIed("OTHER"));
  const to = [`127.0.0.1:${port}`];
  const { warnings } = await open(
    t,
    [
      meter("one", one, [{ goose: "udp", port: await freePort(t), to, keys: keyed("a", "01") }]),
      meter("other", other, [{ goose: "udp", port, publish: false, subscribe: [subscribed], keys: keyed("b", "02") }]),
    ],
    clock,
    folder,
  );
  await until(() => warnings().length > 0, clock);
  one.inputs(true, false);
  clock.advance(70_000);
  assert.equal(warnings().length, 2);
  assert.match(
    warnings()[0]!,
    /^GOOSE: a session from 127\.0\.0\.1:\d+ is not taken: it is not signed or ciphered with/,
  );
  assert.equal(warnings()[1], "GOOSE JEM01MTR/LLN0$GO$gcbDI has not been heard since the start, 65 s ago");
  assert.deepEqual(other.driven, []);
});

test("a key that is none is refused by its name, and what it says is not told", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "goose-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "key");
  for (const [text, why] of [
    ["00112233445566778899aabbccddeeff00", /keys\[0\]\.secret: expected 16 octets for aes-128-gcm/],
    ["secret", /keys\[0\]\.secret: expected hex/],
    ["0011", /expected 16 octets/],
  ] as const) {
    writeFileSync(file, text, { mode: 0o600 });
    const keys = [{ id: 7, secret: { file }, encryption: "aes-128-gcm" }];
    const listeners = new Listeners({ clock: new SystemClock(), folder, table });
    await assert.rejects(listeners.open([meter("m", new InputsHost(), [{ goose: "udp", port: 0, keys }])]), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /00112233|secret$/);
      return true;
    });
  }
});

test("what a site file says of a listener is checked by its keys", () => {
  const at = "meters[0].listen[0]";
  assert.deepEqual(problems({ goose: "ethernet", interface: "eth0" }), []);
  assert.deepEqual(problems({ goose: "udp", groups: ["239.0.0.1"], to: ["239.0.0.1", "[::1]:102"] }), []);
  const [first] = problems({
    goose: "ethernet",
    interface: "eth0",
    subscribe: [{ controlBlock: "A1M/LLN0.A", inputs: [{ input: 1, value: "x" }] }],
  });
  assert.match(
    first ?? "",
    /meters\[0\]\.listen\[0\]\.subscribe\[0\]\.inputs\[0\]\.value: expected the number of a value/,
  );
  assert.match(problems({ goose: "udp", to: ["nowhere at all"] })[0] ?? "", /to\[0\]: expected an address and a port/);
  for (const controlBlock of ["A1M/LLN0/A", "LLN0$GO$A", "A1M/LLN0$A"])
    assert.match(
      problems({ goose: "ethernet", interface: "eth0", subscribe: [{ controlBlock, inputs: [] }] }).join(),
      /controlBlock: expected one like JEM01MTR\/LLN0\$GO\$gcbDI/,
    );
  const named = { controlBlock: "A1M/LLN0$GO$A", inputs: [{ input: 1, value: "M/GGIO1.Ind1.stVal" }] };
  assert.deepEqual(problems({ goose: "ethernet", interface: "eth0", subscribe: [{ ...named, scl: "a.cid" }] }), []);
  assert.match(problems({ goose: "serial" })[0] ?? "", new RegExp(`^${at.replaceAll(/[[\]]/g, "\\$&")}`));
});
