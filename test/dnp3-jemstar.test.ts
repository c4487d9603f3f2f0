/** The points of a JEMStar II over DNP3 (Appendix G, DNP Mapping), by arithmetic on a whole meter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#store/store.ts";
import { counters, dnpMeter } from "./dnp3-meter.ts";

const ON = 0x81;
const OFF = 0x01;

test("the factory's analogs are secondary, of 32 bits times 1000 and of 16 bits as they are", (t) => {
  const m = dnpMeter(t, { configuration: "primary: { pt: 10, ct: 20 }" });
  m.pass(5);
  const { analogs } = m.host.image();
  const values = [377.6, 363, 744, 1484.6, 283.2, 484, 0, 767.2, 472, 605];
  assert.deepEqual(
    [...analogs.values].map((value) => Number(value.toFixed(6)) + 0),
    values,
  );
  assert.deepEqual(
    [...analogs.values32],
    [377_600, 363_000, 744_000, 1_484_600, 283_200, 484_000, 0, 767_200, 472_000, 605_000],
  );
  assert.deepEqual([...analogs.values16], [377, 363, 744, 1484, 283, 484, 0, 767, 472, 605]);
  assert.deepEqual(
    [...analogs.flags],
    values.map(() => 0x01),
  );
});

test("scalings, directions and phases are a point's own, and what is received is negative", (t) => {
  const m = dnpMeter(t, {
    source: "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1], export: true",
    configuration: `
dnp3:
  analogs:
    - { measure: { quantity: W, phase: a, direction: bidirectional }, scaling: 1, scaling16: 100 }
    - { measure: { quantity: W, phase: a, direction: delivered } }
    - { measure: { quantity: W, phase: a, direction: received } }
    - { measure: { quantity: V, phase: c }, scaling: 10, scaling16: 10 }
    - { measure: { quantity: A, phase: b }, scaling: 1000, scaling16: 100 }
    - { measure: { quantity: Hz }, scaling: 100, scaling16: 100 }
`,
  });
  m.pass(1);
  const { values32, values16 } = m.host.image().analogs;
  assert.deepEqual([...values32], [-377, 0, 377_600, 1240, 5000, 6000]);
  assert.deepEqual([...values16], [-37_760, 0, 377, 1240, 500, 6000], "the 16-bit limit is the outstation's");
});

test("what has not been measured yet has restarted", (t) => {
  const m = dnpMeter(t);
  assert.deepEqual([...m.host.image().analogs.flags].slice(0, 2), [0x02, 0x02]);
  assert.ok(Number.isNaN(m.host.image().analogs.values32[0]));
  m.pass(1);
  assert.deepEqual([...m.host.image().analogs.flags].slice(0, 2), [0x01, 0x01]);
});

const LISTS = `
registers:
  normal:
    - { id: 0, type: idString, number: 1 }
    - { id: 1, type: presentTime }
    - { id: 2, type: consumption, units: units, digits: 9, decimals: 2, measure: { quantity: Wh } }
    - { id: 3, type: consumption, units: units, digits: 9, decimals: 0, measure: { quantity: Wh, direction: net } }
    - { id: 4, type: lastBillingReset }
    - { id: 5, type: systemBits }
    - { id: 6, type: peakDemand, units: units, digits: 6, decimals: 1, measure: { quantity: W } }
    - { id: 7, type: inputState, number: 7 }
    - { id: 8, type: timeOfPeak, of: 6, measure: { quantity: W } }
  alternate:
    - { id: 100, type: phasorDisplay }
    - { id: 101, type: consumption, units: units, digits: 9, decimals: 0, storage: billingReset, measure: { quantity: Wh } }
modbus: { counters: [] }
`;

const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100, 101].map((register) => `{ register: ${register} }`).join(", ");

test("counters are energies, demands, times in UTC, masks, inputs; texts are 0, and what has not been is not online", (t) => {
  const m = dnpMeter(t, {
    configuration: `${LISTS}
timekeeping: { utcOffsetMinutes: 120 }
dnp3: { counters: [${all}, { register: 2, scaling: 100 }, { register: 6, scaling: 10 }] }`,
  });
  m.tell({ command: "input", channel: 7, closed: true }, m.as("admin"));
  m.pass(60);
  const at = Date.UTC(2026, 0, 1, 1) / 1000;
  const peakAt = (m.device.surface.register(8)?.time?.utc ?? NaN) / 1000;
  const bits = m.jem.meter.status.bits >>> 0;
  assert.deepEqual(counters(m.host.image().counters), [
    "0 0 01",
    `${at} ${at % 65_536} 01`,
    "1484 1484 01",
    "1484 1484 01",
    "0 0 02",
    `${bits} ${bits % 65_536} 01`,
    "1484 1484 01",
    "1 1 01",
    `${peakAt} ${peakAt % 65_536} 01`,
    "0 0 01",
    // Nothing was kept of a billing period yet: a consumption has been 0.
    "0 0 01",
    `148460 ${148_460 - 2 * 65_536} 01`,
    "14846 14846 01",
  ]);
});

test("a net energy that goes out runs backwards through zero, and digits are as many as are configured", (t) => {
  const image = (digits: string, direction: string) => {
    const m = dnpMeter(t, {
      source: direction,
      configuration: `${LISTS}dnp3: { counterDigits: ${digits}, counters: [{ register: 3, scaling: 100 }, { register: 1 }] }`,
    });
    m.pass(60);
    return counters(m.host.image().counters)[0];
  };
  const flows = "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1]";
  const back = "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1], export: true";
  // 1484.6 Wh times 100.
  assert.equal(image("any", flows), "148460 17388 01");
  assert.equal(image("8", flows), "148460 17388 01");
  assert.equal(image("5", flows), "48460 17388 01");
  assert.equal(image("4", flows), "8460 8460 01");
  assert.equal(image("3", flows), "460 460 01");
  assert.equal(image("any", back), `${1_000_000_000 - 148_460} ${65_536 - 17_388} 01`);
  assert.equal(image("3", back), "540 540 01");
});

test("binaries are inputs, triggers and the meter's status; outputs are the channels up to the last that is one", (t) => {
  const m = dnpMeter(t, {
    configuration: `
triggers: [{ id: 3, measure: { quantity: W }, operator: ">", alarm: 1000, reset: 900, output: 5 }, { id: 9, measure: { quantity: W }, operator: ">", alarm: 2000, reset: 1900 }]
dnp3: { binaries: [{ input: 7 }, { input: 8 }, { trigger: 3 }, { trigger: 9 }, { status: voltsA }, { status: battery }, { status: testMode }] }
modbus: { allowOutputControl: true }
`,
  });
  m.tell({ command: "input", channel: 8, closed: true }, m.as("admin"));
  m.pass(1);
  const { binaries, outputs } = m.host.image();
  assert.deepEqual([...binaries], [OFF, ON, ON, OFF, ON, OFF, OFF]);
  // The manual's six: four energy pulses, an alarm, clock pulses. The alarm output is closed.
  assert.equal(outputs.length, 6);
  assert.equal(outputs[4], ON);
  m.device.surface.obey(
    { command: "outputs", values: [{ channel: 6, closed: true }] },
    m.device.surface.open({ protocol: "modbus", port: "ethernet 1", near: false }),
  );
  // Before the clock's next pulse.
  m.pass(0.1);
  assert.equal(m.host.image().outputs[5], ON);
});

test("a channel between outputs that is none is not online, and a meter without outputs has no points of them", (t) => {
  const m = dnpMeter(t, {
    configuration: `io: [{ mode: none }, { mode: outputAlarm }, ${Array.from({ length: 6 }, () => "{ mode: inputStatus }").join(", ")}]`,
  });
  m.pass(1);
  assert.deepEqual(
    [...m.host.image().outputs].map((one) => one & 0x01),
    [0, 1],
  );
  assert.deepEqual([...dnpMeter(t, { modelNumber: "JSII-09I6020-2A" }).host.image().outputs], []);
});

test("an image is the same object until something has changed, and cycles by themselves are no change", (t) => {
  const m = dnpMeter(t, { configuration: "dnp3: { counters: [] }", modelNumber: "JSII-09I6020-2A" });
  m.pass(1);
  const first = m.host.image();
  assert.equal(m.host.image(), first);
  m.pass(1);
  assert.equal(m.host.image(), first, "the same load");
  m.tell({ command: "enterTestMode" });
  m.pass(1);
  const second = m.host.image();
  assert.notEqual(second, first);
  assert.equal(second.binaries.at(-1), ON);
});

test("of a meter that nobody polls nothing is looked at, however much goes by", (t) => {
  const m = dnpMeter(t);
  const { surface } = m.device;
  let looks = 0;
  const [values, register] = [surface.values.bind(surface), surface.register.bind(surface)];
  surface.values = (...asked) => {
    looks++;
    return values(...asked);
  };
  surface.register = (...asked) => {
    looks++;
    return register(...asked);
  };
  const host = m.hostOn("serial 3");
  for (let k = 0; k < 5; k++) m.pass(1);
  assert.equal(looks, 0);
  host.image();
  host.image();
  assert.equal(looks, 1 + 4, "analogs at once, and each counter, in a cycle");
});

test("before the first freeze frozen counters are 0 and have restarted; then they are what they were, for good", (t) => {
  const store = new MemoryStore().drawer("jem");
  const m = dnpMeter(t, { store });
  m.pass(60);
  assert.deepEqual(counters(m.host.image().frozen), ["0 0 02", "0 0 02", "0 0 02", "0 0 02"]);
  assert.deepEqual([m.host.freezes.first, m.host.freezes.next], [0, 0]);
  assert.equal(m.host.freeze(false), "done");
  const frozen = ["1 1 01", "0 0 01", "0 0 01", "0 0 01"];
  assert.deepEqual(counters(m.host.image().frozen), frozen, "1484.6 Wh are 1 kWh");
  m.pass(120);
  assert.deepEqual(counters(m.host.image().frozen), frozen);
  assert.deepEqual(counters(m.host.image().counters), ["4 4 01", "0 0 01", "2 2 01", "0 0 01"]);
  assert.deepEqual(m.log("freeze"), ["DNP: freeze"]);
  m.jem.stop();
  const again = dnpMeter(t, { store, utc: Date.UTC(2026, 0, 1, 3, 10) });
  again.pass(1);
  assert.deepEqual(counters(again.host.image().frozen), frozen);
});

test("freezes are events of all counters with their instant, scaled as the points are now", (t) => {
  const m = dnpMeter(t);
  for (const minutes of [60, 60, 60]) {
    m.pass(minutes);
    m.host.freeze(false);
  }
  const events = m.host.freezes.page(1, 9);
  assert.deepEqual(
    events.map(({ utc, counters: image }) => [new Date(utc).toISOString(), counters(image)[0]]),
    [
      ["2026-01-01T02:00:00.000Z", "2 2 01"],
      ["2026-01-01T03:00:00.000Z", "4 4 01"],
    ],
  );
  assert.equal(
    m.configure((file) => void (file.dnp3.counters = [{ register: 2, scaling: 1000 }])),
    "done",
  );
  assert.deepEqual(
    m.host.freezes.page(0, 9).map(({ counters: image }) => counters(image)),
    [["1484 1484 01"], ["2969 2969 01"], ["4453 4453 01"]],
  );
});

test("a meter's freeze is a freeze, whoever gives it, and midnight's own", (t) => {
  const m = dnpMeter(t, {
    utc: Date.UTC(2026, 2, 8, 4),
    configuration: `
timekeeping:
  utcOffsetMinutes: -300
  daylightSaving: { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } }
  freeze: { every: day, minute: 0 }
`,
  });
  m.pass(48 * 60);
  m.pass(1);
  assert.equal(m.tell({ command: "freeze" }), "done");
  assert.deepEqual(
    m.host.freezes.page(0, 9).map(({ utc }) => new Date(utc).toISOString()),
    ["2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z", "2026-03-10T04:00:00.000Z", "2026-03-10T04:01:00.000Z"],
  );
});
