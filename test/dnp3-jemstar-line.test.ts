/** A JEMStar II asked over DNP3 from end to end: frames on a null modem in, octets that arithmetic says out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { MemoryStore } from "#store/store.ts";
import { fromHex, toHex } from "./dnp3-exchanges.ts";
import { FixtureLine } from "./dnp3-host.ts";
import { controls, request } from "./dnp3-line.ts";
import { dnpMeter, type DnpMeter } from "./dnp3-meter.ts";

/** Little endian. */
function octets(value: number, count: 1 | 2 | 4 | 6): string {
  return Array.from({ length: count }, (_, k) =>
    (Math.floor(value / 256 ** k) & 0xff).toString(16).padStart(2, "0"),
  ).join(" ");
}
const long = (...values: readonly number[]): string => values.map((one) => octets(one, 4)).join(" ");

interface Master {
  /** What comes back of a fragment: fragments without frames and segments. */
  ask(fragment: string): readonly string[];
}

/** One outstation of a meter's port, and masters on links to it. */
function portOf(m: DnpMeter, port = "ethernet 1") {
  const host = m.hostOn(port);
  const server = outstation(host, { clock: m.clock, port });
  return (address = 100): Master => {
    const [here, there] = nullModem();
    let heard: Uint8Array[] = [];
    here.receive((bytes) => void heard.push(bytes));
    serveDnp(there, [{ server, settings: () => host.settings, answers: () => host.answers() }], m.clock, {});
    let sequence = 0;
    return {
      ask(fragment) {
        heard = [];
        const to = host.settings.address;
        here.send(request(fromHex(fragment), { to, from: address }, sequence++ % 64));
        const segments = controls(toHex(Buffer.concat(heard))).map((one) => fromHex(one).subarray(1));
        const fragments: Uint8Array[][] = [];
        for (const segment of segments) {
          if (((segment[0] ?? 0) & 0x40) !== 0) fragments.push([]);
          fragments.at(-1)?.push(segment.subarray(1));
        }
        return fragments.map((parts) => toHex(Buffer.concat(parts)));
      },
    };
  };
}

const ENABLED =
  "communications: { ethernet1: { dnp3: { use: enabled } }, port3: { protocol: dnp3 }, port4: { protocol: dnp3 } }";
const CLEAR_RESTART = "c0 02 50 01 00 07 07 00";

/** A meter that has counted for an hour, and a master that has cleared its restart and set its clock as it is. */
function counted(t: Parameters<typeof dnpMeter>[0], configuration = "", options: Parameters<typeof dnpMeter>[1] = {}) {
  const m = dnpMeter(t, { configuration: `${ENABLED}\n${configuration}`, ...options });
  const connect = portOf(m);
  m.pass(60);
  const master = connect();
  assert.deepEqual(master.ask(CLEAR_RESTART), ["c0 81 10 00"]);
  assert.deepEqual(master.ask(`c1 02 32 01 07 01 ${octets(m.host.now().utc, 6)}`), ["c1 81 00 00"]);
  return { m, connect, master };
}

const ANALOGS = [377_600, 363_000, 744_000, 1_484_600, 283_200, 484_000, 0, 767_200, 472_000, 605_000];
/** The first three of thirteen: volts of the phases. */
const BINARIES = "01 01 00 00 0c 07 00";
const ONE_OUTPUT = `io: [{ mode: outputAlarm }, ${Array.from({ length: 7 }, () => "{ mode: none }").join(", ")}]`;
/** 1484.6 Wh in the first hour, 767.2 varh; of kWh and kvarh whole ones. */
const COUNTERS = long(1, 0, 0, 0);

test("class 0 is binaries, analogs, counters and outputs as the factory has them", (t) => {
  const { master } = counted(t, ONE_OUTPUT);
  assert.deepEqual(master.ask("c2 01 3c 01 06"), [
    `c2 81 00 00 ${BINARIES} 1e 03 00 00 09 ${long(...ANALOGS)} 14 05 00 00 03 ${COUNTERS} 0a 02 00 00 00 01`,
  ]);
});

test("frozen counters are in class 0 where the configuration has them, and had no freeze before the first", (t) => {
  const { master } = counted(
    t,
    "dnp3: { class0: both, analogs: [], binaries: [], events: { frozen: { enabled: false } } }",
    {
      modelNumber: "JSII-09I6020-1B/2A",
    },
  );
  const running = `14 05 00 00 03 ${COUNTERS}`;
  // Without flags nobody would know that they are no values yet.
  const never = `15 01 00 00 03 ${Array.from({ length: 4 }, () => "02 00 00 00 00").join(" ")}`;
  assert.deepEqual(master.ask("c2 01 3c 01 06"), [`c2 81 00 00 ${running} ${never}`]);
  assert.deepEqual(master.ask("c3 07 14 00 06"), ["c3 81 00 00"]);
  assert.deepEqual(master.ask("c4 01 3c 01 06"), [`c4 81 00 00 ${running} 15 09 00 00 03 ${COUNTERS}`]);
});

const WATT_HOURS = `
registers: { normal: [{ id: 2, type: consumption, units: units, digits: 9, measure: { quantity: Wh } }, { id: 4, type: lastBillingReset }] }
modbus: { counters: [] }
`;

const ONE_COUNTER = `${WATT_HOURS}dnp3: { counters: [{ register: 2 }] }`;

test("counters and analogs in every variation that is asked for", (t) => {
  const { master } = counted(
    t,
    `${WATT_HOURS}dnp3: { binaries: [], counters: [{ register: 2, scaling: 1000 }, { register: 4 }], analogs: [{ measure: { quantity: W }, scaling16: 100 }, { measure: { quantity: W, phase: a, direction: received } }] }`,
  );
  const count = 1_484_600;
  const expected: readonly [asked: string, answered: string][] = [
    ["14 01", `14 01 00 00 00 01 ${octets(count, 4)}`],
    ["14 02", `14 02 00 00 00 01 ${octets(count % 65_536, 2)}`],
    ["14 05", `14 05 00 00 00 ${octets(count, 4)}`],
    ["14 06", `14 06 00 00 00 ${octets(count % 65_536, 2)}`],
    // 148,460 is more than 16 bits hold: the most, and over range.
    ["1e 02", "1e 02 00 00 00 21 ff 7f"],
    ["1e 01", `1e 01 00 00 00 01 ${octets(1_484_600, 4)}`],
    // 1484.6 as a single: 0x44B99333.
    ["1e 05", "1e 05 00 00 00 01 33 93 b9 44"],
  ];
  for (const [asked, answered] of expected)
    assert.deepEqual(master.ask(`c2 01 ${asked} 00 00 00`), [`c2 81 00 00 ${answered}`], asked);
  // There has been no billing reset: flags say so, whatever variation is the usual one.
  assert.deepEqual(master.ask("c3 01 14 00 00 01 01"), ["c3 81 00 00 14 01 00 01 01 02 00 00 00 00"]);
});

test("a freeze of the meter is an event of all counters for each master, until he has confirmed it, through a restart", (t) => {
  const store = new MemoryStore().drawer("jem");
  const { m, connect, master } = counted(t, ONE_COUNTER, { store });
  const other = connect(200);
  /** Object 23 variation 5 by index, with flag and instant. */
  const event = (watthours: number): string =>
    `17 05 28 01 00 00 00 01 ${octets(watthours, 4)} ${octets(m.host.now().utc, 6)}`;
  assert.equal(m.tell({ command: "freeze" }), "done");
  const first = event(1484);
  m.pass(1);
  assert.deepEqual(master.ask("c2 01 3c 02 06"), [`e2 81 00 00 ${first}`]);
  assert.deepEqual(master.ask("c3 01 3c 02 06"), [`e3 81 00 00 ${first}`], "it was not confirmed");
  assert.deepEqual(master.ask("c3 00"), []);
  assert.deepEqual(master.ask("c4 01 3c 02 06"), ["c4 81 00 00"]);
  assert.deepEqual(other.ask("c0 01 3c 02 06"), [`e0 81 80 00 ${first}`], "another is told for himself");
  assert.deepEqual(other.ask("c0 00"), []);
  assert.equal(m.tell({ command: "freeze" }), "done");
  // A minute more: 1484.6 and 24.7 Wh.
  const second = event(1509);
  m.pass(1);
  assert.deepEqual(master.ask("c5 01 3c 02 06"), [`e5 81 00 00 ${second}`]);
  assert.deepEqual(master.ask("c5 00"), []);
  m.jem.stop();
  const again = dnpMeter(t, {
    store,
    utc: Date.UTC(2026, 0, 1, 2),
    configuration: `${ENABLED}\n${ONE_COUNTER}`,
  });
  const reconnect = portOf(again);
  again.pass(1);
  assert.deepEqual(reconnect(100).ask("c5 01 3c 02 06"), ["c5 81 90 00"], "he had confirmed both");
  assert.deepEqual(reconnect(200).ask("c5 01 3c 02 06"), [`e5 81 90 00 ${second}`], "he had confirmed one");
});

test("freeze and clear is no function of this meter", (t) => {
  const { m, master } = counted(t);
  assert.deepEqual(master.ask("c2 09 14 00 06"), ["c2 81 00 01"]);
  assert.equal(m.host.freezes.next, 0);
});

test("a written time within the tolerance is told, and leaves the clock alone; another sets it", (t) => {
  const { m, master } = counted(t);
  const { utc } = m.host.now();
  assert.deepEqual(master.ask(`c2 02 32 01 07 01 ${octets(utc + 1999, 6)}`), ["c2 81 00 00"]);
  assert.equal(m.host.now().utc, utc);
  assert.deepEqual(master.ask(`c3 02 32 01 07 01 ${octets(utc + 60_000, 6)}`), ["c3 81 00 00"]);
  assert.deepEqual(master.ask("c4 01 32 01 07 01"), [`c4 81 00 00 32 01 07 01 ${octets(utc + 60_000, 6)}`]);
  // Write Time Interval: an hour later it is needed again.
  m.pass(59);
  const later = portOf(m)();
  assert.deepEqual(later.ask("c0 01 3c 02 06")[0]?.slice(0, 11), "c0 81 90 00");
});

test("the time that is read, and the tolerance of one that is written, are of the clock as it is between two calculation cycles", (t) => {
  const { m, master } = counted(t);
  const { utc } = m.host.now();
  // Nobody measures meanwhile.
  m.clock.advance(400);
  assert.deepEqual(master.ask("c2 01 32 01 07 01"), [`c2 81 00 00 32 01 07 01 ${octets(utc + 400, 6)}`]);
  assert.deepEqual(master.ask(`c3 02 32 01 07 01 ${octets(utc + 400 - 1999, 6)}`), ["c3 81 00 00"]);
  assert.equal(m.host.now().utc, utc + 400);
  assert.deepEqual(master.ask(`c4 02 32 01 07 01 ${octets(utc + 400 - 2001, 6)}`), ["c4 81 00 00"]);
  assert.equal(m.host.now().utc, utc + 400 - 2001);
});

test("a meter whose clock NTP keeps asks no master for the time, and one that may not be told it neither", (t) => {
  for (const configuration of ["timekeeping: { sync: ntp }", "dnp3: { allowTimeSet: false }"]) {
    const m = dnpMeter(t, { configuration: `${ENABLED}\n${configuration}` });
    m.pass(1);
    assert.deepEqual(portOf(m)().ask("c0 01 3c 02 06"), ["c0 81 80 00"], configuration);
    // A restart of the process asks for none either.
    const master = portOf(m)(101);
    master.ask("c1 0d");
    assert.deepEqual(master.ask("c2 01 3c 02 06"), ["c2 81 80 00"], configuration);
  }
});

test("in test mode DNP is silent, on lines too; then it goes on", (t) => {
  const { m } = counted(t);
  const masters = ["ethernet 1", "serial 3"].map((port) => portOf(m, port)());
  const answers = (): readonly number[] => masters.map((one) => one.ask("c0 01 3c 02 06").length);
  assert.deepEqual(answers(), [1, 1]);
  m.tell({ command: "enterTestMode" });
  assert.deepEqual(answers(), [0, 0]);
  m.tell({ command: "leaveTestMode" });
  assert.deepEqual(answers(), [1, 1]);
});

test("the process begins again when a configuration changes something, and with no other", (t) => {
  const { m, master } = counted(t);
  const restarted = (): boolean => {
    const [answer = ""] = master.ask("c5 01 3c 02 06");
    return (Number.parseInt(answer.slice(6, 8), 16) & 0x80) !== 0;
  };
  assert.equal(restarted(), false);
  assert.equal(
    m.configure(() => {}),
    "done",
  );
  assert.equal(restarted(), false, "applied as it is");
  assert.equal(
    m.configure((file) => void (file.dnp3.binaries = [])),
    "done",
  );
  assert.equal(restarted(), true);
});

test("over a LAN what has gone by since the record is by the meter's clock, on a site that runs fast", (t) => {
  const m = dnpMeter(t, { configuration: ENABLED });
  const links = new VirtualClock();
  const station = outstation(m.host, { clock: links, port: "ethernet 1" });
  const line = new FixtureLine();
  const ask = (fragment: string): readonly string[] => {
    station.take(fromHex(fragment), line);
    return line.sent.splice(0).map(toHex);
  };
  assert.deepEqual(ask("c0 18").length, 1);
  // Two seconds of a master's are two minutes of a site that is sixty times as fast.
  links.advance(2000);
  m.clock.advance(120_000);
  const told = Date.UTC(2026, 5, 1);
  assert.match(ask(`c1 02 32 03 07 01 ${octets(told, 6)}`)[0] ?? "", /^c1 81 .. 00$/);
  assert.equal(m.host.now().utc, told + 120_000);
});
