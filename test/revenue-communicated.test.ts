/** Communicated measures of a JEMStar II: counts and values of other Modbus slaves, which it reads as their master. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { nullModem } from "#io/null-modem.ts";
import type { Link } from "#io/link.ts";
import { FileError } from "#product/file-error.ts";
import { CommunicatedSource, valueOf, type CommunicatedChannel } from "#product/jemstar/communicated-source.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { grownBy } from "#revenue/contacts/communicated.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { jemStar, PLAIN } from "./authority-rig.ts";

const CONFIGURATION = `
communicated:
  - { host: 127.0.0.1, unit: 4, register: 100, format: u32, scale: 10, kind: consumption, everySeconds: 5 }
  - { host: 127.0.0.1, unit: 4, register: 200, format: i16, table: input, scale: 0.1, kind: instantaneous, everySeconds: 5 }
profiles:
  - { minutes: 1, data: engineering, channels: [{ measure: { quantity: communicated, channel: 1 } }, { measure: { quantity: communicated.value, channel: 2 } }] }
registers:
  normal:
    - { id: 0, type: consumption, measure: { quantity: communicated, channel: 1 }, units: units, digits: 9 }
    - { id: 1, type: instantaneous, measure: { quantity: communicated.value, channel: 2 }, units: units, digits: 9, decimals: 3 }
  alternate: []
  test: []
modbus: { counters: [], analogs: [{ measure: { quantity: communicated.value, channel: 2 } }] }
`;

interface Slave {
  count: number;
  value: number;
  silent: boolean;
  /** What unit 9 counts, another meter behind the same place. */
  other: number;
}

/** A meter with one slave, whose registers are what the test says. */
function reading(t: TestContext, options: Parameters<typeof jemStar>[1] = {}) {
  const rig = jemStar(t, { configuration: CONFIGURATION, ...options });
  const slave: Slave = { count: 1000, value: 2305, silent: false, other: 0 };
  const asked: string[] = [];
  const source = new CommunicatedSource({
    real: rig.clock,
    channels: () => rig.jem.file.communicated,
    epoch: () => rig.jem.epoch,
    works: () => rig.jem.meter.powered,
    take(channel, raw) {
      rig.jem.catchUp();
      rig.jem.meter.communicated(channel, raw);
    },
    connect: () => {
      if (slave.silent) return Promise.reject(new Error("nobody is there"));
      const [here, there] = nullModem();
      answer(there, slave, asked);
      return Promise.resolve(here);
    },
  });
  const { surface } = deviceOf(rig.jem);
  const turn = async (): Promise<void> => {
    for (let k = 0; k < 50; k++) await Promise.resolve();
  };
  return {
    ...rig,
    source,
    slave,
    asked,
    surface,
    turn,
    /** Lets seconds pass, one by one. */
    async pass(seconds: number): Promise<void> {
      for (let k = 0; k < seconds; k++) {
        rig.clock.advance(1000);
        await turn();
      }
      rig.jem.catchUp();
      source.look();
    },
    read(name: string): number | undefined {
      const measure = parseMeasure(name);
      assert.ok(measure !== undefined);
      return surface.read(measure, "primary").value;
    },
  };
}

/** Answers reads of Modbus TCP by hand: the transaction, the unit, the function, and the registers. */
function answer(link: Link, slave: Slave, asked: string[]): void {
  link.receive((bytes) => {
    if (slave.silent) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [unit, fn, first, count] = [view.getUint8(6), view.getUint8(7), view.getUint16(8), view.getUint16(10)];
    asked.push(`${unit}: ${fn} ${first} ${count}`);
    const counted = unit === 9 ? slave.other : slave.count;
    const words = first === 100 ? [Math.floor(counted / 65_536), counted % 65_536] : [slave.value & 0xffff];
    const out = new DataView(new ArrayBuffer(9 + 2 * words.length));
    out.setUint16(0, view.getUint16(0));
    out.setUint16(4, 3 + 2 * words.length);
    out.setUint8(6, unit);
    out.setUint8(7, fn);
    out.setUint8(8, 2 * words.length);
    words.forEach((word, k) => out.setUint16(9 + 2 * k, word));
    link.send(new Uint8Array(out.buffer));
  });
}

const records = ({ jem }: ReturnType<typeof reading>): readonly (readonly (number | undefined)[])[] =>
  jem.meter.profiles[0]!.series.page(0, 1000).map(({ values }) =>
    values.map((value) => (value === undefined ? undefined : Number(value.toPrecision(6)))),
  );

test("a count of another meter counts here from where it was first read; a value is what it was read last", async (t) => {
  const meter = reading(t);
  assert.equal(meter.read("communicated.1"), undefined, "not read yet");
  meter.source.start();
  await meter.turn();
  assert.deepEqual(meter.asked, ["4: 3 100 2", "4: 4 200 1"]);
  assert.equal(meter.read("communicated.1"), 0);
  assert.equal(meter.read("communicated.value.2"), 230.5);
  meter.slave.count = 1007;
  meter.slave.value = -15;
  await meter.pass(5);
  assert.equal(meter.read("communicated.1"), 70);
  assert.equal(meter.read("communicated.value.2"), -1.5);
  assert.equal(meter.value(0), 70);
  assert.equal(meter.value(1), -1.5);
  meter.slave.value = 100;
  await meter.pass(55);
  assert.equal(meter.asked.length, 2 * 13);
  const [first] = records(meter);
  // Twelve readings, each of five seconds: 230.5, -1.5 and ten times 10; the one at its end is of the next minute.
  assert.deepEqual(first, [70, Number(((230.5 - 1.5 + 100) / 12).toPrecision(6))]);
});

test("while a slave is silent its value is absent; its count goes on from the difference when it is back", async (t) => {
  const meter = reading(t);
  meter.source.start();
  await meter.pass(60);
  meter.slave.silent = true;
  await meter.pass(20);
  assert.equal(meter.read("communicated.value.2"), undefined);
  assert.equal(meter.value(1), NaN, "and so is the register");
  await meter.pass(100);
  meter.slave.count = 1100;
  meter.slave.silent = false;
  await meter.pass(60);
  assert.equal(meter.read("communicated.1"), 1000);
  assert.equal(meter.read("communicated.value.2"), 230.5);
  const values = records(meter).map((one) => one[1]);
  assert.equal(values[0], 230.5);
  assert.equal(values[2], undefined, "an average of nothing is none");
  assert.equal(
    records(meter).reduce((sum, [count = 0]) => sum + count, 0),
    1000,
  );
});

test("a count that comes back is not taken off what was counted; one that rolls over goes on", async (t) => {
  const meter = reading(t);
  meter.source.start();
  await meter.pass(5);
  meter.slave.count = 1050;
  await meter.pass(5);
  meter.slave.count = 3;
  await meter.pass(5);
  assert.equal(meter.read("communicated.1"), 500);
  meter.slave.count = 13;
  await meter.pass(5);
  assert.equal(meter.read("communicated.1"), 600);
  assert.equal(grownBy(2 ** 32 - 5, 10, "u32"), 15);
  assert.equal(grownBy(65_000, 500, "u16"), 1036);
  assert.equal(grownBy(30_000, 500, "u16"), 0, "from the middle of its range it was reset");
  assert.equal(grownBy(65_000, 40_000, "u16"), 0);
  assert.equal(grownBy(2_000_000_000, -5, "i32"), 0);
  assert.equal(grownBy(10.5, 12, "f32"), 1.5);
});

test("counts go on over a restart and an outage, and from where they are with another slave", async (t) => {
  const meter = reading(t);
  meter.source.start();
  await meter.pass(10);
  meter.tell({ command: "powerDown" });
  await meter.pass(10);
  const before = meter.asked.length;
  await meter.pass(20);
  assert.equal(meter.asked.length, before, "without power nobody asks");
  meter.slave.count = 1010;
  meter.tell({ command: "powerUp" });
  await meter.pass(10);
  assert.equal(meter.read("communicated.1"), 100);
  meter.source.stop();
  meter.jem.stop();
  const utc = meter.clock.utc();
  const again = reading(t, { store: meter.jem.store, utc });
  assert.equal(again.read("communicated.1"), 100);
  again.slave.count = 1012;
  again.source.start();
  await again.pass(5);
  assert.equal(again.read("communicated.1"), 120);
  again.configure((file) => (file.communicated[0]!.unit = 9));
  again.slave.other = 500_000;
  // What was to be read next comes before anybody has looked at the new configuration.
  await again.pass(10);
  await again.turn();
  assert.equal(again.read("communicated.1"), 120, "another meter's count begins where it is");
  again.slave.other = 500_001;
  await again.pass(10);
  assert.equal(again.read("communicated.1"), 130);
  assert.ok(again.asked.includes("9: 3 100 2"));
  again.source.stop();
  const asked = again.asked.length;
  await again.pass(10);
  assert.equal(again.asked.length, asked);
});

test("a measurement log totals a count of another meter; extremes of its value are kept", async (t) => {
  const configuration = CONFIGURATION.replace(
    "modbus:",
    "measurementLog: [{ interval: 1, channels: [{ measure: { quantity: communicated, channel: 1 }, method: total }] }]\nmodbus:",
  ).replace(
    "normal:",
    "normal:\n    - { id: 2, type: maximum, measure: { quantity: communicated.value, channel: 2 }, units: units, digits: 9, decimals: 1 }",
  );
  const meter = reading(t, { configuration });
  meter.source.start();
  await meter.pass(30);
  meter.slave.count = 1020;
  meter.slave.value = 999;
  await meter.pass(5);
  meter.slave.value = 10;
  await meter.pass(40);
  const [group] = meter.surface.measurementLogs;
  assert.deepEqual(
    group?.page(0, 9).map(({ values }) => values),
    [[200]],
  );
  assert.equal(meter.value(2), 230.5);
});

test("a slave that is slow is not asked meanwhile, and one that says what is no answer is silent", async (t) => {
  const meter = reading(t);
  meter.source.start();
  await meter.turn();
  meter.slave.silent = true;
  await meter.pass(30);
  // It is there, and does not answer: every question of each channel runs into its time-out.
  assert.ok(meter.asked.length <= 2 + 2 * 6, String(meter.asked.length));
  assert.equal(meter.read("communicated.value.2"), undefined);
});

test("registers in all formats, and either order of words", () => {
  const of = (format: CommunicatedChannel["format"], ...words: number[]): readonly (number | undefined)[] =>
    (["high first", "low first"] as const).map((order) => valueOf(Uint16Array.from(words), { format, words: order }));
  assert.deepEqual(of("u16", 0xfffe), [65_534, 65_534]);
  assert.deepEqual(of("i16", 0xfffe), [-2, -2]);
  assert.deepEqual(of("u32", 0x0001, 0x0002), [65_538, 131_073]);
  assert.deepEqual(of("i32", 0xffff, 0xfffe), [-2, -65_537]);
  assert.equal(of("f32", 0x4366, 0x8000)[0], 230.5);
  assert.equal(of("f32", 0x8000, 0x4366)[1], 230.5);
  assert.deepEqual(of("f32", 0x7fc0, 0x0000)[0], undefined);
});

const ordered = parseModelNumber(PLAIN);
for (const [configuration, problem] of [
  ["communicated: [{ register: 1 }]", "communicated[0]: expected host or device, and not both"],
  [
    "communicated: [{ host: a, device: /dev/ttyS1, register: 1 }]",
    "communicated[0]: expected host or device, and not both",
  ],
  [
    "communicated: [{ host: a, register: 65535 }]",
    "communicated[0].register: u32 has two registers; there is none after 65535",
  ],
  [
    "communicated: [{ device: /dev/ttyS1, register: 1 }, { device: /dev/ttyS1, register: 1, baud: 19200 }]",
    "communicated[1]: /dev/ttyS1 has 9600 baud and parity none already",
  ],
  [
    "profiles: [{ channels: [{ measure: { quantity: communicated, channel: 2 } }] }]",
    "profiles[0].channels[0].measure.channel: expected a channel of communicated of consumption; found 2",
  ],
  [
    "{ communicated: [{ host: a, register: 1 }], profiles: [{ channels: [{ measure: { quantity: communicated.value, channel: 1 } }] }] }",
    "profiles[0].channels[0].measure.channel: expected a channel of communicated of instantaneous; found 1",
  ],
] as const)
  test(`refuses ${configuration}`, () => {
    assert.throws(
      () => parseRevenueFile("jem.yaml", configuration, ordered),
      (error) => error instanceof FileError && error.message.includes(problem),
    );
  });
