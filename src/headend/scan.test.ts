/** A line of units as they are in the field, on a null modem and the virtual clock: whom a scan finds, whom it does not, and why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import type { LateAnswer } from "#protocol/modbus/given-up.ts";
import { ModbusLine } from "#protocol/modbus/line.ts";
import { frame } from "#protocol/modbus/rtu.ts";
import { scan, type Scan } from "./scan.ts";

/** Lets time go by until a promise settles. */
async function meanwhile<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const state = { settled: false };
  const settle = (): void => void (state.settled = true);
  work.then(settle, settle);
  for (let k = 0; !state.settled && k < 100_000; k++) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    clock.advance(5);
  }
  return work;
}

/** What a unit answers to a PDU, and after how long; nothing where it keeps silent. */
type Answers = (unit: number, pdu: Uint8Array) => { readonly pdu: string; readonly ms?: number } | undefined;

/** Scans units 1 to 4 with 100 ms for each answer; `serial` says that one request is worked off after the other. */
async function scanned(
  answers: Answers,
  {
    framing = "tcp",
    serial = false,
    units = [1, 2, 3, 4],
    raw,
  }: { framing?: "tcp" | "rtu"; serial?: boolean; units?: readonly number[]; raw?: (unit: number) => string } = {},
): Promise<Scan & { readonly asked: ReadonlyMap<number, number> }> {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const asked = new Map<number, number>();
  let busyUntil = 0;
  there.receive((bytes) => {
    const at = framing === "tcp" ? 6 : 0;
    const unit = bytes[at] ?? 0;
    const pdu = bytes.slice(at + 1, framing === "tcp" ? undefined : -2);
    asked.set(unit, (asked.get(unit) ?? 0) + 1);
    const noise = raw?.(unit);
    if (noise !== undefined) return there.send(Buffer.from(noise, "hex"));
    const answer = answers(unit, pdu);
    if (answer === undefined) return;
    const body = Buffer.from(answer.pdu.replaceAll(" ", ""), "hex");
    const { ms = 1 } = answer;
    busyUntil = (serial ? Math.max(busyUntil, clock.elapsed()) : clock.elapsed()) + ms;
    const header = Buffer.from([...bytes.subarray(0, 4), 0, body.length + 1, unit]);
    const made = framing === "tcp" ? Buffer.concat([header, body]) : frame(unit, body);
    clock.after(busyUntil - clock.elapsed(), () => there.send(made));
  });
  const late: LateAnswer[] = [];
  const line = new ModbusLine(() => Promise.resolve(here), clock, {
    framing,
    timeoutMs: 100,
    retries: 0,
    backOffMs: 1,
    late: (answer) => late.push(answer),
  });
  const found = await meanwhile(clock, scan(line, units, { timeoutMs: 100, clock, late, gateway: framing === "tcp" }));
  return { ...found, asked };
}

const unitsOf = ({ found }: Scan): readonly number[] => found.map(({ unit }) => unit);
const whyOf = ({ absent }: Scan): readonly string[] => absent.map(({ unit, why }) => `${unit} ${why}`);

/** Two registers of 230.0 as a float. */
const VOLTS = "04 43660000";

test("a unit that answers one function and keeps silent on all others is found, whichever it is", async () => {
  const only: readonly (readonly [code: number, answer: string])[] = [
    [0x03, `03 ${VOLTS}`],
    [0x04, `04 ${VOLTS}`],
    [0x11, "11 04 09 ff 4869"],
    [0x2b, "2b 0e 01 01 00 00 01 00 01 56"],
  ];
  for (const [code, pdu] of only) {
    const one = await scanned((unit, request) => (unit === 2 && request[0] === code ? { pdu } : undefined));
    assert.deepEqual(unitsOf(one), [2], `function ${code}`);
    assert.deepEqual(whyOf(one), ["1 silence", "3 silence", "4 silence"]);
  }
  const register = await scanned((unit, request) =>
    unit === 3 && request[0] === 3 && request[1] === 0x9c ? { pdu: "03 04 53756e53" } : undefined,
  );
  assert.deepEqual(unitsOf(register), [3], "only where SunSpec begins");
});

test("a unit that refuses all that it is asked is there, and it is said that it refuses", async () => {
  const one = await scanned((unit, request) =>
    unit === 2 ? { pdu: `${(request[0]! | 0x80).toString(16)} 01` } : undefined,
  );
  assert.deepEqual(one.found, [
    { unit: 2, by: "answers", text: "refuses all that was asked: illegal function (0x01)" },
  ]);
});

test("a unit that answers one register at once, or two or three, refusing or silent on more, is found and its volts are read", async () => {
  for (const most of [1, 2, 3]) {
    for (const beyond of ["03", "02", "silence"]) {
      const one = await scanned((unit, request) => {
        const [fn = 0, high = 0, low = 0, , count = 0] = request;
        if (unit !== 3 || request.length !== 5) return undefined;
        if (count > most) return beyond === "silence" ? undefined : { pdu: `${(fn | 0x80).toString(16)} ${beyond}` };
        // 230.0 in registers 0 and 1.
        const words = ["4366", "0000", "0000", "0000"].slice(256 * high + low).slice(0, count);
        return words.length < count
          ? { pdu: `${(fn | 0x80).toString(16)} 02` }
          : { pdu: `0${fn} 0${2 * count} ${words.join("")}` };
      });
      assert.deepEqual(
        one.found,
        [{ unit: 3, by: "voltage", text: "230.0 V at input register 0, a float, upper word first" }],
        `${most}, ${beyond}`,
      );
    }
  }
});

test("behind a gateway that says after a second that nobody is there, everybody who is there is found", async () => {
  for (const serial of [true, false]) {
    const one = await scanned(
      (unit, request) =>
        unit === 4
          ? { pdu: request[0] === 4 ? `04 ${VOLTS}` : `${(request[0]! | 0x80).toString(16)} 02` }
          : { pdu: `${(request[0]! | 0x80).toString(16)} 0b`, ms: 1000 },
      { serial },
    );
    assert.deepEqual(unitsOf(one), [4]);
    assert.deepEqual(whyOf(one), ["1 gateway", "2 gateway", "3 gateway"]);
  }
});

test("who answers late himself is found, whether or not anybody was before him", async () => {
  for (const slow of [1, 3]) {
    const tcp = await scanned((unit, request) =>
      unit === slow && request[0] === 3 ? { pdu: `03 ${VOLTS}`, ms: 700 } : undefined,
    );
    assert.deepEqual(unitsOf(tcp), [slow], `TCP, unit ${slow}`);
    const rtu = await scanned(
      (unit, request) => (unit === slow ? { pdu: `${(request[0]! | 0x80).toString(16)} 01`, ms: 150 } : undefined),
      { framing: "rtu", serial: true },
    );
    assert.deepEqual(unitsOf(rtu), [slow], `RTU, unit ${slow}`);
  }
});

test("a unit that answers nonsense at once makes nobody wait longer: the silent ones are asked once", async () => {
  const odd: readonly ((pdu: Uint8Array) => string)[] = [
    // The other function, too few registers, too many, an exception of another function, what no unit can say.
    ([fn]) => (fn === 3 ? "04 04 00000000" : "03 04 00000000"),
    ([fn]) => `${fn === 3 ? "03" : "04"} 02 0000`,
    ([fn]) => `${fn === 3 ? "03" : "04"} 06 000000000000`,
    () => "90 01",
    () => "11 02 0000",
  ];
  for (const framing of ["tcp", "rtu"] as const) {
    for (const [k, answer] of odd.entries()) {
      const one = await scanned((unit, pdu) => (unit === 1 ? { pdu: answer(pdu) } : undefined), { framing });
      for (const silent of [2, 3, 4]) assert.equal(one.asked.get(silent), 7, `${framing}, ${k}`);
    }
  }
});

test("what only looks like late answers lengthens the time three times, and no more", async () => {
  // Silent to function 3, it answers every other with what would answer that.
  const one = await scanned((unit, [fn]) => (unit === 1 && fn === 4 ? { pdu: "03 04 00000000" } : undefined), {
    framing: "rtu",
  });
  assert.ok((one.asked.get(3) ?? 0) <= 4 * 7, String(one.asked.get(3)));
});

test("one unit alone that takes longer than all that it is asked is found: once it is waited for what comes late", async () => {
  const one = await scanned((_unit, request) => (request[0] === 3 ? { pdu: `03 ${VOLTS}`, ms: 2500 } : undefined), {
    units: [4],
  });
  assert.deepEqual(unitsOf(one), [4]);
});

test("a gateway without a way to a unit is not asked again for it", async () => {
  const one = await scanned((_unit, request) => ({ pdu: `${(request[0]! | 0x80).toString(16)} 0a` }));
  assert.deepEqual(one.asked.get(1), 1);
  assert.match(one.absent[0]?.words ?? "", /unit 1: the gateway does not reach it: gateway path unavailable \(0x0a\)/);
});

test("silence, noise, a wrong checksum and another unit's answer are told apart, of each unit", async () => {
  const other = Buffer.from(frame(9, Buffer.from("0304436600" + "00", "hex"))).toString("hex");
  const bad = `${Buffer.from(frame(3, Buffer.from("030443660000", "hex")))
    .toString("hex")
    .slice(0, -2)}00`;
  const one = await scanned(() => undefined, {
    framing: "rtu",
    raw: (unit) => ["", "fe00ff", bad, other][unit - 1] ?? "",
  });
  assert.deepEqual(unitsOf(one), []);
  assert.deepEqual(whyOf(one), ["1 silence", "2 noise", "3 checksum", "4 other unit"]);
});

test("the client's own echo is nobody's answer", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  there.receive((bytes) => there.send(bytes.slice()));
  const line = new ModbusLine(() => Promise.resolve(here), clock, {
    framing: "rtu",
    timeoutMs: 100,
    retries: 0,
    backOffMs: 1,
  });
  const one = await meanwhile(clock, scan(line, [1, 2], { timeoutMs: 100, clock, late: [], gateway: false }));
  assert.deepEqual([unitsOf(one), whyOf(one)], [[], ["1 echo", "2 echo"]]);
});
