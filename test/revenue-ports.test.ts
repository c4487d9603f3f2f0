/** The ports of a revenue meter on a running site: what answers where, how many, what state they are in, and whose time they keep. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { modbus as modbusRow } from "#fleet/protocols/modbus.ts";
import type { OpenListener } from "#fleet/listener.ts";
import { textOf } from "#fleet/notice.ts";
import type { Station } from "#fleet/protocols/protocol.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import { connectTcp } from "#io/tcp.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { isRefused, type Peer, type Session } from "#quantity/authority.ts";
import { webSide } from "#web/server.ts";
import { jemStar } from "./authority-rig.ts";
import { jemstarOf } from "./devices.ts";
import { freePort, temporaryFolder } from "./running-site.ts";

const near: Peer = { protocol: "http", port: "site", address: "127.0.0.1", near: true };

async function running(t: TestContext, listen: string, configuration = "", start = true) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO
    configuration: jem.yaml
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 5, steps: true } }
    listen: [${listen}]
`,
  );
  const real = new VirtualClock();
  const site = loadSite(file, { real });
  t.after(() => site.stop());
  if (start) await site.start();
  const device = site.meter("jem")!;
  const { surface } = device;
  const admin = async (): Promise<Session> => {
    const session = await surface.admit({ kind: "password", user: "admin", password: "admin" }, near);
    assert.ok(!isRefused(session));
    return session;
  };
  /** Applies the configuration that is there with a change. */
  const configure = async (change: (file: RevenueFile) => void): Promise<void> => {
    const next = structuredClone(surface.configuration()) as RevenueFile;
    change(next);
    const outcome = surface.obey({ command: "configure", configuration: JSON.stringify(next) }, await admin());
    assert.ok(!isRefused(outcome), JSON.stringify(outcome));
  };
  return { site, device, surface, real, configure, admin, jemstar: jemstarOf(site, "jem") };
}

const portOf = ({ what }: OpenListener): number => Number(/:(\d+)$/.exec(what)?.[1]);

/** Waits, turn by turn of the event loop, until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** A peer: what it asks for by transaction, and which answers have come. */
async function peer(t: TestContext, listener: OpenListener) {
  const link = await connectTcp("127.0.0.1", portOf(listener));
  t.after(() => link.close());
  const answered: number[] = [];
  let closed = false;
  link.receive((bytes) => {
    for (let at = 0; at < bytes.length; at += 6 + bytes[at + 5]!) answered.push(256 * bytes[at]! + bytes[at + 1]!);
  });
  link.closed(() => (closed = true));
  return {
    answered,
    send: (hex: string) => link.send(Buffer.from(hex, "hex")),
    close: () => link.close(),
    isClosed: () => closed,
    /** Reads the first two discrete inputs. */
    ask: (transaction: number) =>
      link.send(Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, 0, 6, 1, 2, 0, 0, 0, 2)),
    async isAnswered(transaction: number): Promise<void> {
      this.ask(transaction);
      await until(() => answered.includes(transaction) || closed);
      assert.ok(answered.includes(transaction), `no answer to ${transaction}`);
    },
  };
}

test("a protocol that a configuration disables on a port is silent there at once, and answers again when it is enabled", async (t) => {
  const { site, surface, configure } = await running(t, "{ modbus: tcp, port: 0, unit: 1 }");
  const reader = await peer(t, site.listeners[0]!);
  await reader.isAnswered(1);
  const asked = t.mock.method(surface, "answers");
  await configure((file) => void (file.communications.ethernet1!.modbus.use = "disabled"));
  assert.equal(surface.answers("ethernet 1", "modbus"), false);
  const before = asked.mock.callCount();
  reader.ask(2);
  await until(() => asked.mock.callCount() > before);
  await configure((file) => void (file.communications.ethernet1!.modbus.use = "enabled"));
  await reader.isAnswered(3);
  assert.deepEqual(reader.answered, [1, 3]);
  assert.ok(asked.mock.calls.every(({ arguments: [port] }) => port === "ethernet 1"));
});

test("a listener that the configuration keeps silent is said at the start", async (t) => {
  const disabled = "communications: { ethernet1: { modbus: { use: disabled } } }";
  const listen = "{ modbus: tcp, port: 0, unit: 1 }";
  const notices = [
    (await running(t, listen, disabled, false)).site.notices.map(textOf),
    (await running(t, listen, "", false)).site.notices.map(textOf),
  ];
  assert.deepEqual(notices, [["jem: its configuration has modbus disabled on ethernet 1: there it is silent"], []]);
});

test("on a serial port the protocol that the configuration names answers; the maker's own gives way to that of a listener", async (t) => {
  const { surface, configure } = await running(t, "{ modbus: rtu, device: /dev/null, unit: 1 }", "", false);
  const answers = (): boolean[] =>
    ["serial 3", "serial 4", "ethernet 1"].map((port) => surface.answers(port, "modbus"));
  assert.deepEqual(answers(), [true, false, false]);
  await configure((file) => void (file.communications.port3!.protocol = "dnp3"));
  assert.deepEqual(answers(), [false, false, false]);
  await configure((file) => void (file.communications.port3!.protocol = "modbus"));
  assert.deepEqual(answers(), [true, false, false]);
});

test("a third serial line is refused at the start: the meter has ports 3 and 4", async (t) => {
  const line = (k: number): string => `{ modbus: rtu, device: /dev/tty${k}, unit: 1 }`;
  await assert.rejects(
    running(t, [line(1), line(2), line(3)].join(", "), "", false),
    /^Error: meters\[0\]\.listen\[2\]: rtu, \/dev\/tty3, would be serial 5; the meter has serial ports 3 and 4/,
  );
});

test("what a peer does is logged with the port's name, as the status and the site's listeners have it", async (t) => {
  const { site, surface } = await running(
    t,
    "{ modbus: tcp, port: 0, unit: 1 }",
    "modbus: { allowRegisterPresets: true }",
  );
  const reader = await peer(t, site.listeners[0]!);
  await reader.isAnswered(1);
  // Counter 1 becomes 7.
  reader.send("0002" + "0000" + "000b" + "01" + "10" + "0000" + "0002" + "04" + "00000007");
  await until(() => reader.answered.includes(2));
  const log = surface.log("event");
  const [entry] = log.page(log.next - 1, 1);
  assert.deepEqual([entry?.by, entry?.port, entry?.protocol], ["Modbus", "ethernet 1", "modbus"]);
});

test("listeners of one protocol on the meter's port have room for its sessions together; one that says how many has its own", async (t) => {
  const { site } = await running(
    t,
    "{ modbus: tcp, port: 0, unit: 1 }, { modbus: tcp, port: 0, unit: 1 }, { modbus: tcp, port: 0, unit: 1, maxConnections: 3 }",
  );
  const [one, other, own] = site.listeners;
  const [a, b] = [await peer(t, one!), await peer(t, other!)];
  await b.isAnswered(1);
  await a.isAnswered(1);
  const third = await peer(t, one!);
  await until(third.isClosed);
  assert.deepEqual([one!.counts["refused"], other!.counts["refused"], b.isClosed()], [1, 0, false]);
  const many = [await peer(t, own!), await peer(t, own!), await peer(t, own!)];
  for (const each of [a, b, ...many]) await each.isAnswered(2);
  assert.deepEqual(
    [a, b, ...many].map((each) => each.isClosed()),
    [false, false, false, false, false],
  );
  a.close();
  for (let fourth = await peer(t, other!); ; fourth = await peer(t, other!)) {
    // The place is free when the end of the one before has come.
    if (
      await fourth.isAnswered(1).then(
        () => true,
        () => false,
      )
    )
      break;
  }
});

test("a port is Ready, Active while a peer is heard, Alert when it is silent or not understood, absent when it is disabled", async (t) => {
  const { site, surface, real, configure } = await running(
    t,
    "{ modbus: tcp, port: 0, unit: 1 }",
    `
registers: { normal: [{ id: 2, type: communicationStatus }] }
modbus: { counters: [] }
`,
  );
  const app = webSide(site).app;
  const states = async (): Promise<readonly string[]> => {
    const view = (await (await app.request("http://127.0.0.1/api/meters/jem")).json()) as {
      ports: readonly { port: string; protocol: string; state: string }[];
    };
    const [shown] = view.ports;
    assert.deepEqual([view.ports.length, shown?.port, shown?.protocol], [1, "ethernet 1", "modbus"]);
    return [surface.port("ethernet 1", "modbus"), shown!.state, surface.register(2)!.text];
  };
  const all = (state: string): readonly string[] => [state, state, `Ethernet 1 Modbus ${state}`];
  assert.deepEqual(await states(), all("Ready"));
  const reader = await peer(t, site.listeners[0]!);
  await reader.isAnswered(1);
  assert.deepEqual(await states(), all("Active"));
  real.advance(119_999);
  assert.deepEqual(await states(), all("Active"));
  real.advance(1);
  assert.deepEqual(await states(), all("Alert"));
  await reader.isAnswered(2);
  assert.deepEqual(await states(), all("Active"));
  // Another peer speaks no Modbus: protocol id 0x4745.
  const stranger = await peer(t, site.listeners[0]!);
  stranger.send("474554202f20485454502f312e310d0a");
  await until(stranger.isClosed);
  assert.deepEqual(await states(), all("Alert"));
  await reader.isAnswered(3);
  assert.deepEqual(await states(), all("Active"));
  reader.close();
  await until(() => surface.port("ethernet 1", "modbus") !== "Active");
  assert.deepEqual(await states(), all("Ready"));
  await configure((file) => void (file.communications.ethernet1!.modbus.use = "disabled"));
  assert.deepEqual(await states(), ["absent", "absent", "no protocol is enabled"]);
  assert.equal(surface.port("ethernet 1", "dnp3"), "absent");
});

test("what was not understood is forgotten after two minutes in which nothing came", async (t) => {
  const { site, surface, real } = await running(t, "{ modbus: tcp, port: 0, unit: 1 }");
  const stranger = await peer(t, site.listeners[0]!);
  stranger.send("474554202f20485454502f312e310d0a");
  await until(stranger.isClosed);
  await until(() => surface.port("ethernet 1", "modbus") === "Alert");
  real.advance(120_000);
  assert.equal(surface.port("ethernet 1", "modbus"), "Ready");
});

test("a listener takes the unit from the configuration, each port's own, unless the site file says it", async (t) => {
  const ports = "communications: { ethernet1: { modbus: { address: 7 } }, port3: { baud: 38400, address: 9 } }";
  const { site, device } = await running(t, "{ modbus: tcp, port: 0 }, { modbus: tcp, port: 0, unit: 3 }", ports);
  assert.deepEqual(
    site.listeners.flatMap(({ urls }) => urls.map(({ url }) => /\d+$/.exec(url)![0])),
    ["7", "3"],
  );
  assert.deepEqual(device.lineOn!("serial 3", "modbus"), { address: 9, baud: 38_400, parity: 0 });
  assert.deepEqual(device.lineOn!("serial 4", "modbus"), { address: 1, baud: 9600, parity: 0 }, "Appendix A");
});

test("two meters whose configurations give them one unit on one place end the start; with units of their own both answer", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = await freePort();
  const file = path.join(folder, "site.yaml");
  const siteWith = (address: number): ReturnType<typeof loadSite> => {
    writeFileSync(path.join(folder, "b.yaml"), `communications: { ethernet1: { modbus: { address: ${address} } } }`);
    const common = `model: ametek-jemstar-ii, modelNumber: JSII-09I6020-2A, source: { live: {} }, auxiliary: true, listen: [{ modbus: tcp, port: ${port} }]`;
    writeFileSync(
      file,
      `store: ":memory:"\nmeters: [{ name: a, ${common} }, { name: b, configuration: b.yaml, ${common} }]\n`,
    );
    return loadSite(file);
  };
  const same = siteWith(1);
  await assert.rejects(same.start(), /a and b both have unit 1 on one place/);
  await same.stop();
  const both = siteWith(2);
  await both.start();
  t.after(() => both.stop());
  assert.deepEqual(
    both.listeners.flatMap(({ urls }) => urls.map(({ meter, url }) => `${meter} ${/\d+$/.exec(url)![0]}`)),
    ["a 1", "b 2"],
  );
});

/** A meter on a serial line: a request of discrete input 1 by unit 1, and when its answer begins, milliseconds after it. */
function answerAfter(t: TestContext, configuration: string, port = "serial 3"): number | undefined {
  const { jem } = jemStar(t, { configuration });
  const device = deviceOf(jem);
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const transport = modbusRow.transports.find(({ name }) => name === "rtu")!;
  const line = { address: 1, baud: 9600, parity: 0 };
  const station: Station<object> = {
    device: { ...device, name: "jem", listen: [] },
    port,
    keys: {},
    line,
    answers: undefined,
  };
  const server = modbusRow.serve({
    transport,
    stations: [station],
    clock,
    misunderstood() {},
    connected() {},
    left() {},
  });
  server.take(new FaultyLink(there, new FaultPlan<never>(), clock), line);
  let began: number | undefined;
  here.receive(() => (began ??= clock.elapsed()));
  // Modbus over Serial Line, 6.2: the checksum of 01 02 00 00 00 01 is B9 CA, its low byte first.
  here.send(Buffer.from("010200000001" + "b9ca", "hex"));
  clock.advance(500);
  return began;
}

test("an answer on a serial port waits for its turnaround and start delays: 60 ms on port 3 as it leaves the factory", (t) => {
  assert.equal(answerAfter(t, ""), 60);
  // Port 4 has none: 3.5 characters of 11 bits at 9,600 baud are 4.01 ms.
  assert.equal(answerAfter(t, "", "serial 4")?.toFixed(2), "4.01");
  const delays = "communications: { port3: { turnaroundMs: 0, txStartDelayMs: 100 } }";
  assert.equal(answerAfter(t, delays), 100);
});

test("a session over a port ends after the port's time, one with the site itself after that of people", async (t) => {
  const { surface, real } = await running(
    t,
    "{ modbus: tcp, port: 0, unit: 1 }",
    "communications: { port3: { sessionMinutes: 2 } }\nsecurity: { sessionMinutes: 9 }",
  );
  const over = async (port: string, protocol: string) => {
    const at: Peer = { protocol, port, near: true };
    const session = await surface.admit({ kind: "password", user: "admin", password: "admin" }, at);
    assert.ok(!isRefused(session));
    return { isOpen: () => surface.resume(session.token!, at) !== undefined };
  };
  // Who is looked after has used his session: each is asked once.
  const [line, ethernet, people] = [
    await over("serial 3", "dlms"),
    await over("ethernet 1", "dlms"),
    await over("site", "http"),
  ];
  const [line2, ethernet2, people2] = [
    await over("serial 3", "dlms"),
    await over("ethernet 1", "dlms"),
    await over("site", "http"),
  ];
  real.advance(119_999);
  assert.ok(line.isOpen());
  real.advance(1);
  assert.ok(!line2.isOpen());
  real.advance(179_999);
  assert.ok(ethernet.isOpen());
  real.advance(1);
  assert.ok(!ethernet2.isOpen());
  real.advance(239_999);
  assert.ok(people.isOpen());
  real.advance(1);
  assert.ok(!people2.isOpen());
});

test("when a configuration erases a profile, every reader is at its beginning; when it does not, where he was", (t) => {
  const rig = jemStar(t, {
    configuration: "profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: 1 }] }]",
  });
  const { surface } = deviceOf(rig.jem);
  rig.run(10);
  const [profile] = surface.profiles;
  assert.ok(profile!.next >= 10);
  surface.mark("billing", "profile 1", profile!.next);
  surface.mark("billing", "log alarm", 5);
  rig.configure((file) => void (file.security.sessionMinutes = 9));
  assert.equal(surface.mark("billing", "profile 1"), profile!.next);
  rig.configure((file) => void (file.profiles[0]!.minutes = 2));
  assert.equal(surface.mark("billing", "profile 1"), 0);
  assert.equal(surface.mark("billing", "log alarm"), 5);
  rig.run(4);
  const again = surface.profiles[0]!;
  assert.ok(again.page(surface.mark("billing", "profile 1"), 9).length >= 2, "what has come since is there to be read");
});
