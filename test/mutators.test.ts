/** Seeded mutators on what peers and people hand in: nothing ends, nothing is half-applied. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { FileError } from "#product/file-error.ts";
import { parseSite } from "#fleet/site-file.ts";
import { parseMeterUrl, UrlError } from "#headend/meter-url.ts";
import { isModbus } from "#headend/modbus-url.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { FaultyAnswers, type ModbusFault, type ModbusFaultRule } from "#protocol/modbus/faults.ts";
import { MemoryUnit } from "#protocol/modbus/memory-unit.ts";
import { frame } from "#protocol/modbus/rtu.ts";
import { serveModbusRtu } from "#protocol/modbus/rtu-server.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { lineUnits, tcpUnits } from "#protocol/modbus/unit.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";
import { recordOf } from "#store/memory-record.ts";
import { MemoryStore } from "#store/store.ts";
import { LiveSource } from "#waveform/live.ts";
import { feeder, rig } from "./rig.ts";

const rules = levitonS4100.instrument.settings;

test("20,000 random writes on a 4100 leave every setting allowed, and take a request whole or not at all", () => {
  const m = rig({ logging: true });
  const target = fc.oneof(fc.integer({ min: 125, max: 182 }), fc.nat(65_535));
  const value = fc.oneof(
    fc.nat(65_535),
    fc.nat(400),
    fc.constantFrom(10, 11, 12, 31, 40, 30078, 21211, 21212, 16640, 16498, 480, 1000),
  );
  fc.assert(
    fc.property(target, fc.array(value, { minLength: 1, maxLength: 6 }), (register, values) => {
      if (register + values.length > 65_536) return;
      const before = m.instrument.settings();
      const refused = m.write(register, ...values);
      const after = m.instrument.settings();
      for (const [name, rule] of Object.entries(rules) as [Setting, SettingRule][]) {
        if (!name.startsWith("clock.")) assert.ok(inDomain(rule, after[name]!), `${name} = ${after[name]}`);
      }
      if (refused !== 0) assert.deepEqual(after, before, "a refused request changed something");
      m.run(1);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
  assert.equal(m.u16(129), 0);
});

test("20,000 random requests to a 4100 over TCP are answered in kind: the same transaction, unit and function", () => {
  const m = rig({ logging: true });
  const pdu = fc.oneof(
    fc
      .tuple(fc.constantFrom(3, 4), fc.nat(65_535), fc.nat(130))
      .map(([fn, first, count]) => [fn, first >> 8, first & 255, count >> 8, count & 255]),
    fc.tuple(fc.nat(255), fc.array(fc.nat(255), { maxLength: 12 })).map(([fn, rest]) => [fn, ...rest]),
  );
  fc.assert(
    fc.property(fc.nat(65_535), pdu, (transaction, body) => {
      const frame = Buffer.from([transaction >> 8, transaction & 255, 0, 0, 0, body.length + 1, 1, ...body]);
      const answer = Buffer.from(m.ask(frame.toString("hex")), "hex");
      assert.equal(answer.readUInt16BE(0), transaction);
      assert.equal(answer.readUInt16BE(4), answer.length - 6);
      assert.equal(answer[6], 1);
      assert.equal(answer[7]! & 0x7f, body[0]! & 0x7f);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
});

test("20,000 random writes to a PM800's command interface and setup: only a whole, valid procedure changes an energy or a setting", () => {
  const pm = powerlogicPm800.instrument.settings;
  const m = rig({ model: powerlogicPm800, settings: feeder });
  const commandCodes = powerlogicPm800.modbus.map.commands!.rows.map(([code]) => code);
  const register = fc.oneof(
    fc.integer({ min: 8000, max: 8149 }),
    fc.constantFrom(8000, 8001, 8017, 8022, 1801, 3200, 3201, 3202, 4126, 4128),
    fc.nat(65_535),
  );
  const value = fc.oneof(fc.constantFrom(...commandCodes), fc.constantFrom(8020, 8021, 8022, 1, 5, 40), fc.nat(65_535));
  const clears = new Set([6210, 6211, 30_078]);
  let cleared = false;
  fc.assert(
    fc.property(register, fc.array(value, { minLength: 1, maxLength: 30 }), fc.boolean(), (first, values, pass) => {
      if (first + values.length > 65_536) return;
      if (values.some((one) => clears.has(one))) cleared = true;
      m.write(first, ...values);
      if (pass) m.run(1);
      const after = m.instrument.settings();
      for (const [name, rule] of Object.entries(pm) as [Setting, SettingRule][]) {
        if (!name.startsWith("clock.")) assert.ok(inDomain(rule, after[name]!), `${name} = ${after[name]}`);
      }
      for (const word of m.words(1700, 28))
        assert.ok(Math.abs((word << 16) >> 16) <= 9999, `an energy group of ${word}`);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
  assert.ok(cleared);
});

test("20,000 random chunks to listeners with random faults: a link goes on or ends, and what waits stays small", () => {
  const ms = fc.integer({ min: 1, max: 20 });
  const fault: fc.Arbitrary<ModbusFault> = fc.oneof(
    fc.record({ kind: fc.constantFrom("delay" as const, "trickle" as const), ms }),
    fc.record({ kind: fc.constant("truncate" as const), bytes: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant("registers" as const), count: fc.nat(125) }),
    fc.record({ kind: fc.constant("exception" as const), code: fc.constantFrom(1, 2, 6) }),
    fc.record({ kind: fc.constantFrom("drop" as const, "close" as const, "transaction" as const, "crc" as const) }),
  );
  const rule = fc.record({ fault, every: fc.integer({ min: 1, max: 3 }), unit: fc.constantFrom(undefined, 1, 2) });
  const pdu = fc.oneof(
    fc.tuple(fc.constantFrom(1, 3, 4), fc.nat(9), fc.nat(9)).map(([code, first, count]) => [code, 0, first, 0, count]),
    fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => [...bytes]),
  );
  const chunk = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constantFrom(0, 1, 2), pdu) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  );
  for (const framing of ["tcp", "rtu"] as const) {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.array(chunk, { maxLength: 10 }), (rules, chunks) => {
        const [here, there] = nullModem();
        const clock = new VirtualClock();
        const plan = new FaultPlan<ModbusFaultRule>(rules);
        const link = new FaultyLink(there, plan, clock);
        const units = new Map([1, 2].map((k) => [k, new MemoryUnit({ holding: { from: 0, count: 8 } })]));
        const faults = new FaultyAnswers(link, framing);
        if (framing === "tcp") serveModbusTcp(there, tcpUnits(units), faults);
        else serveModbusRtu(there, lineUnits(units), clock, { faults });
        let heard = 0;
        here.receive((bytes) => (heard += bytes.length));
        for (const one of chunks) {
          if (one instanceof Uint8Array) here.send(one);
          else if (framing === "rtu") here.send(frame(one[0], Uint8Array.from(one[1])));
          else here.send(Uint8Array.of(0, 1, 0, 0, 0, one[1].length + 1, one[0], ...one[1]));
          clock.advance(7);
        }
        clock.advance(100_000);
        assert.ok(heard <= 10 * 260, `${heard} bytes of answers`);
        plan.set([]);
        assert.ok(link.idle, "nothing waits any more");
      }),
      { numRuns: 2000, seed: 2026 },
    );
  }
});

test("20,000 random answers: the client takes none for an answer to something else, and goes on", async () => {
  for (const framing of ["tcp", "rtu"] as const) {
    const [here, there] = nullModem();
    const clock = new VirtualClock();
    const client = new ModbusClient(here, clock, { framing, timeoutMs: 10 });
    let asked = 0;
    there.receive(() => asked++);
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .uint8Array({ maxLength: 8 })
        .map((tail) => Uint8Array.of(0, 1, 0, 0, 0, 3 + ((tail[0] ?? 0) % 9), 1, 3, 2, ...tail)),
    );
    await fc.assert(
      fc.asyncProperty(chunk, async (bytes) => {
        if (client.ended) return;
        const answered = client.request(1, { kind: "read", fn: 3, first: 0, count: 2 }).then(
          (response) =>
            response.kind === "exception" || (response.kind === "registers" && response.values.length === 2),
          (error: unknown) => error instanceof ClientError,
        );
        there.send(bytes);
        clock.advance(11);
        assert.ok(await answered);
      }),
      { numRuns: 10_000, seed: 2026 },
    );
    assert.ok(asked > 0);
  }
});

test("5,000 random live readings, whole or in part, never spoil an accumulator", () => {
  const source = new LiveSource(60);
  const m = rig({ source });
  const number = fc.oneof(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.constant(0), fc.constant(230));
  const list = fc.array(number, { maxLength: 3 });
  fc.assert(
    fc.property(fc.record({ volts: list, amps: list, watts: list, vars: list }), (reading) => {
      source.push(reading);
      m.run(1);
      for (const name of ["Wh.import", "Wh.export", "varh.q1", "varh.q3", "VAh.import", "Wh.b.import"] as const) {
        assert.ok(Number.isFinite(m.instrument.read(name)), name);
      }
    }),
    { numRuns: 5000, seed: 2026 },
  );
});

test("2,000 mutated site files are read or refused with a FileError, never anything else", () => {
  const demo = readFileSync(new URL("../site/demo.yaml", import.meta.url), "utf8");
  assert.doesNotThrow(() => parseSite("demo.yaml", demo));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(demo.length - 1), fc.nat(12), fc.string({ maxLength: 5 })), {
        minLength: 1,
        maxLength: 4,
      }),
      (changes) => {
        let text = demo;
        for (const [at, drop, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + drop);
        try {
          parseSite("demo.yaml", text);
        } catch (error) {
          assert.ok(error instanceof FileError, String(error));
          assert.ok(error.problems.length > 0);
        }
      },
    ),
    { numRuns: 2000, seed: 2026 },
  );
});

test("10,000 strings are URLs of meters or refused with a UrlError", () => {
  const text = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc
      .tuple(fc.constantFrom("modbus://", "modbus+rtu://", "modbus+rtutcp://"), fc.string())
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (url) => {
      try {
        const read = parseMeterUrl(url);
        if (isModbus(read)) assert.ok(read.unit >= 0 && read.unit <= 255);
      } catch (error) {
        assert.ok(error instanceof UrlError, `${url}: ${String(error)}`);
      }
    }),
    { numRuns: 10_000, seed: 2026 },
  );
});

test("a refused write is told with register, expectation and what was found", () => {
  const told: string[] = [];
  const m = rig({ refused: (why) => told.push(why) });
  m.write(130, 20);
  m.write(135, 1);
  m.write(113, 1);
  m.write(129, 5);
  m.write(134, 13_200);
  m.write(149, 1, 5);
  assert.deepEqual(told, [
    "write to register 130 (systemType): expected one of 10, 11, 12, 31, 40; found 20",
    "write to register 135: it is read-only",
    "write to register 113: there is no such register",
    "write to register 129: expected one of 16498, 16640, 21211, 21212, 30078; found 5",
    "write to register 134 (systemVoltage): expected 82 to 660 with a PT ratio of 1; found 13200",
    "write to register 150 (demandSubInterval): expected 0, 10 to 32767; found 5",
  ]);
});

test("records that a store hands back damaged are kept aside and complained of, and the meter starts", () => {
  const m = rig({ logging: true });
  m.run(100);
  m.write(142, 33);
  const memory = recordOf(m.store.drawer("rig").numbers!);
  memory[memory.length - 3]! ^= 0x40;
  const store = new MemoryStore();
  const drawer = store.drawer("rig");
  drawer.put("memory", memory);
  drawer.put("settings", new TextEncoder().encode("{"));
  const again = rig({ store, clock: m.clock, logging: true });
  assert.equal(again.instrument.complaints.length, 2);
  assert.match(again.instrument.complaints.join("\n"), /settings could not be read .* kept as settings\.unreadable/);
  assert.match(
    again.instrument.complaints.join("\n"),
    /memory could not be read \(wrong checksum\); it is kept as memory\.unreadable/,
  );
  assert.deepEqual(drawer.get("memory.unreadable"), memory);
  again.run(1);
  assert.equal(again.u16(142), 10);
});
