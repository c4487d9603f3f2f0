/** What masters tell a JEMStar II over DNP3: freezes, clears, the time; who may, and what test mode, power and the keys bar. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#store/store.ts";
import { MID, PLAIN } from "./authority-rig.ts";
import { counters, dnpMeter, type DnpMeter } from "./dnp3-meter.ts";

const START = Date.UTC(2026, 0, 1);

test("a freeze ends the profile's interval and stands in the log, by whom and from where", (t) => {
  const m = dnpMeter(t);
  m.pass(10);
  assert.equal(m.host.freeze(false), "done");
  const [entry] = m.device.surface.log("freeze").page(0, 9);
  assert.deepEqual([entry?.by, entry?.port, entry?.protocol], ["DNP", "ethernet 1", "dnp3"]);
  assert.equal(m.device.surface.profiles[0]?.page(0, 9).at(-1)?.type, "freeze");
});

test("freeze and clear is no function of this meter, unless its configuration lets registers be preset", (t) => {
  const m = dnpMeter(t);
  m.pass(60);
  assert.equal(m.host.freeze(true), "unsupported");
  assert.equal(m.host.freezes.next, 0, "nothing was frozen either");
  assert.equal(
    m.configure((file) => void (file.dnp3.allowRegisterPresets = true)),
    "done",
  );
  assert.equal(m.host.freeze(true), "done");
  assert.deepEqual(counters(m.host.image().frozen), ["1 1 01", "0 0 01", "0 0 01", "0 0 01"]);
  assert.deepEqual(counters(m.host.image().counters), ["0 0 01", "0 0 01", "0 0 01", "0 0 01"]);
  m.pass(60);
  assert.equal(m.value(2).toFixed(4), "1.4846", "what was left of a kilowatt-hour is gone with it");
});

test("clearing leaves registers alone that cannot be preset", (t) => {
  const m = dnpMeter(t, {
    configuration: `
registers:
  normal:
    - { id: 1, type: presentTime }
    - { id: 2, type: consumption, units: units, measure: { quantity: Wh } }
    - { id: 3, type: instantaneous, units: units, measure: { quantity: W } }
modbus: { counters: [] }
dnp3: { allowRegisterPresets: true, counters: [{ register: 1 }, { register: 2 }, { register: 2, scaling: 10 }, { register: 3 }] }
`,
  });
  m.pass(60);
  assert.equal(m.host.freeze(true), "done");
  assert.deepEqual(counters(m.host.image().counters).slice(1), ["0 0 01", "0 0 01", "1484 1484 01"]);
});

test("the keys and the directive bar clears, not freezes", (t) => {
  for (const modelNumber of [PLAIN, MID]) {
    const m = dnpMeter(t, { modelNumber, configuration: "dnp3: { allowRegisterPresets: true }" });
    m.pass(1);
    m.tell({ command: "key", key: "metering", installed: true });
    assert.deepEqual([m.host.freeze(true), m.host.freeze(false), m.host.freezes.next], ["refused", "done", 1]);
  }
});

test("a configuration that takes neither freezes nor the time says that there are no such functions", (t) => {
  const m = dnpMeter(t, { configuration: "dnp3: { allowFreeze: false, allowTimeSet: false }" });
  m.pass(1);
  assert.deepEqual(
    [m.host.freeze(false), m.host.setTime(START), m.host.freezes.next],
    ["unsupported", "unsupported", 0],
  );
});

test("a written time sets the clock; one within the tolerance leaves it, and no interval is cut", (t) => {
  const m = dnpMeter(t);
  m.pass(10);
  const { surface } = m.device;
  const now = (): number => surface.now().utc;
  const records = (): number => surface.profiles[0]?.next ?? NaN;
  const before = records();
  for (const off of [2000, -2000, 0]) assert.equal(m.host.setTime(now() + off), "done");
  assert.deepEqual([now(), records(), surface.log("timeChange").next], [START + 600_000, before, 0]);
  assert.equal(m.host.setTime(now() + 2001), "done");
  assert.deepEqual([now(), surface.log("timeChange").next], [START + 602_001, 1]);
  assert.ok(records() > before);
  assert.deepEqual([m.host.now().utc, m.host.now().synchronised], [START + 602_001, true]);
  // Later than RFC 3339 has years for: 48 bits reach the year 10889.
  assert.equal(m.host.setTime(2 ** 48 - 1), "refused");
});

test("test mode suspends DNP on every port, serial ones and the modem too, and Modbus stays on lines", (t) => {
  const m = dnpMeter(t, {
    listen: "{ dlms: tcp, port: 0 }",
    modelNumber: "JSII-09I6020-1B/2A/3A-DIO/DLMS",
    configuration: `
communications:
  port3: { protocol: dnp3 }
  port4: { protocol: modbus }
  modem: { protocol: dnp3 }
  ethernet1: { dnp3: { use: enabled } }
`,
  });
  const hosts = ["serial 3", "modem", "ethernet 1"].map((port) => m.hostOn(port));
  const answers = (): readonly boolean[] => hosts.map((host) => host.answers());
  m.pass(1);
  assert.deepEqual(answers(), [true, true, true]);
  assert.equal(m.tell({ command: "enterTestMode" }), "done");
  assert.deepEqual(answers(), [false, false, false]);
  assert.equal(m.device.surface.answers("serial 4", "modbus"), true);
  assert.deepEqual(
    hosts.map((host) => host.freeze(false)),
    ["refused", "refused", "refused"],
  );
  assert.equal(m.tell({ command: "leaveTestMode" }), "done");
  assert.deepEqual(answers(), [true, true, true]);
});

test("a port has the protocol that its configuration says, and an address of its own", (t) => {
  const m = dnpMeter(t, {
    configuration: `
communications:
  port3: { protocol: modbus, address: 7 }
  port4: { protocol: dnp3, address: 8 }
  ethernet1: { dnp3: { use: enabled, address: 65519 } }
`,
  });
  m.pass(1);
  const hosts = ["serial 3", "serial 4", "ethernet 1"].map((port) => m.hostOn(port));
  assert.deepEqual(
    hosts.map((host) => [host.answers(), host.settings.address]),
    [
      [false, 7],
      [true, 8],
      [true, 65_519],
    ],
  );
  assert.equal(m.device.bindings.dnp3?.({ port: "optical" }), undefined);
  assert.equal(m.device.bindings.dnp3?.({ port: "ethernet 2" }), undefined, "which was not ordered");
});

test("a port is ready, active, alert and at fault as its traffic is", (t) => {
  const m = dnpMeter(t, { listen: "{ dnp3: tcp, port: 0 }", ownTime: true });
  const state = (): string => m.device.surface.port("ethernet 1", "dnp3");
  const traffic = m.device.traffic?.("ethernet 1", "dnp3");
  assert.ok(traffic !== undefined);
  assert.equal(state(), "Ready");
  traffic.connected();
  traffic.heard();
  assert.equal(state(), "Active");
  m.clock.advance(120_000);
  assert.equal(state(), "Alert", "waited for");
  traffic.heard();
  assert.equal(state(), "Active");
  traffic.misunderstood();
  assert.equal(state(), "Alert");
  traffic.left();
  traffic.failed();
  assert.equal(state(), "Fault");
  assert.equal(m.device.surface.port("serial 3", "dnp3"), "absent");
  assert.deepEqual([m.device.room("dnp3", "ethernet 1"), m.device.room("dnp3", "serial 3")], [5, 1]);
});

test("without power nobody answers, and the DNP process begins again", (t) => {
  const m = dnpMeter(t, { configuration: "communications: { ethernet1: { dnp3: { use: enabled } } }" });
  m.pass(1);
  const { epoch } = m.host;
  m.tell({ command: "auxiliary", live: false });
  m.tell({ command: "powerDown" });
  assert.equal(m.host.answers(), false);
  m.pass(5);
  m.tell({ command: "powerUp" });
  m.pass(1);
  assert.equal(m.host.answers(), true);
  assert.ok(m.host.epoch > epoch);
});

const marksOf = (m: DnpMeter, port = "ethernet 1") => {
  const host = m.hostOn(port);
  return ["100", "200"].map((reader) => host.mark(reader));
};

test("masters have marks of their own, a port each; they outlast restarts and unchanged configurations", (t) => {
  const store = new MemoryStore().drawer("jem");
  const m = dnpMeter(t, { store });
  assert.deepEqual(marksOf(m), [undefined, undefined]);
  assert.equal(m.host.mark("100", 0), 0);
  assert.equal(m.host.mark("200", 3), 3);
  assert.deepEqual(marksOf(m), [0, 3]);
  assert.deepEqual(marksOf(m, "serial 3"), [undefined, undefined]);
  assert.equal(
    m.configure(() => {}),
    "done",
  );
  assert.equal(
    m.configure((file) => void (file.dnp3.selfAddress = true)),
    "done",
  );
  assert.deepEqual(marksOf(m), [0, 3]);
  m.jem.stop();
  const again = dnpMeter(t, { store });
  assert.deepEqual(marksOf(again), [0, 3]);
  // Freezes begin anew with other registers, and are counted from 0.
  assert.equal(
    again.configure((file) => void (file.registers.alternate = file.registers.alternate.slice(0, 3))),
    "done",
  );
  assert.deepEqual(marksOf(again), [undefined, undefined]);
});

test("a master that the meter has not seen begins with the first freeze of a numbering that has begun since", (t) => {
  const m = dnpMeter(t);
  for (let k = 0; k < 5; k++) m.host.freeze(false);
  const { host } = m;
  const begun = m.hostOn("ethernet 1");
  assert.equal(begun.since, 5);
  assert.equal(host.since, 0);
  m.configure((file) => void (file.registers.alternate = file.registers.alternate.slice(0, 3)));
  for (let k = 0; k < 8; k++) m.host.freeze(false);
  assert.equal(begun.freezes.next, 8);
  assert.equal(begun.since, 0);
});

test("masters, however many they are, push out no mark of people", (t) => {
  const m = dnpMeter(t);
  const { surface } = m.device;
  surface.mark("head-end", "profile 1", 96);
  for (let k = 0; k < 1000; k++) m.host.mark(`192.0.2.${k} 100`, k);
  assert.equal(surface.mark("head-end", "profile 1"), 96);
  assert.deepEqual([m.host.mark("192.0.2.1 100"), m.host.mark("192.0.2.999 100")], [undefined, 999]);
});

test("a configuration that has been applied is another epoch, with its own points and settings", (t) => {
  const m = dnpMeter(t);
  m.pass(1);
  const { epoch } = m.host;
  assert.equal(m.host.image().binaries.length, 13);
  m.configure((file) => {
    file.dnp3.binaries = [{ status: "battery" }];
    file.dnp3.class0 = "both";
  });
  assert.ok(m.host.epoch > epoch);
  assert.deepEqual([m.host.image().binaries.length, m.host.settings.class0], [1, "both"]);
});
