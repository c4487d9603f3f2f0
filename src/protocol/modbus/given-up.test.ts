/** Units that answer after the time-out, on null modems and the virtual clock: what is made of answers to requests that were given up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { crc16 } from "#wire/crc16.ts";
import { ModbusLine } from "./line.ts";
import type { Response } from "./pdu.ts";

const read = (first: number, count: number) => ({ kind: "read", fn: 3, first, count }) as const;
/** Register k holds 3 k + 1. */
const words = (first: number, count: number): Response => ({
  kind: "registers",
  fn: 3,
  values: Uint16Array.from({ length: count }, (_, k) => 3 * (first + k) + 1),
});

interface Slow {
  readonly framing: "tcp" | "rtu";
  /** How long each answer of unit 5 takes, milliseconds; 7 is silent, all others answer at once. */
  readonly ms: number;
  /** One request is worked off after the other. */
  readonly serial?: boolean;
  /** Instead of registers, of unit 5. */
  readonly exception?: number;
  readonly retries?: number;
}

/** A line with 100 ms for each answer. */
function lineOf({ framing, ms, serial = false, exception, retries = 2 }: Slow) {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const asked: string[] = [];
  let busyUntil = 0;
  there.receive((bytes) => {
    const request = Buffer.from(framing === "tcp" ? bytes.slice(6) : bytes.slice(0, -2));
    const [unit = 0, fn = 0] = request;
    const [first, count] = [request.readUInt16BE(2), request.readUInt16BE(4)];
    asked.push(`${unit}: ${first}+${count}`);
    if (unit === 7) return;
    const slow = unit === 5;
    const data = Buffer.alloc(2 * count);
    for (let k = 0; k < count; k++) data.writeUInt16BE(3 * (first + k) + 1, 2 * k);
    const body =
      slow && exception !== undefined
        ? Buffer.of(unit, fn | 0x80, exception)
        : Buffer.concat([Buffer.of(unit, fn, 2 * count), data]);
    const crc = crc16(body, 0, body.length);
    const made =
      framing === "tcp"
        ? Buffer.concat([bytes.slice(0, 4), Buffer.of(0, body.length), body])
        : Buffer.concat([body, Buffer.of(crc & 255, crc >> 8)]);
    busyUntil = (serial ? Math.max(busyUntil, clock.elapsed()) : clock.elapsed()) + (slow ? ms : 1);
    clock.after(busyUntil - clock.elapsed(), () => there.send(made));
  });
  const options = { framing, timeoutMs: 100, retries, backOffMs: 50 };
  const line = new ModbusLine(() => Promise.resolve(here), clock, options);
  return {
    asked,
    line,
    /** Lets time go by until a promise settles. */
    async until<T>(work: Promise<T>): Promise<T> {
      const state = { settled: false };
      const settle = (): void => void (state.settled = true);
      work.then(settle, settle);
      for (let k = 0; !state.settled && k < 10_000; k++) {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        if (!state.settled) clock.advance(5);
      }
      return work;
    },
    async pass(time: number): Promise<void> {
      for (let k = 0; k < 20; k++) await Promise.resolve();
      clock.advance(time);
    },
  };
}

for (const framing of ["tcp", "rtu"] as const) {
  for (const serial of [false, true]) {
    test(`a unit that answers later than it is waited for is read, and asked once as soon as that is known (${framing}${serial ? ", one after the other" : ""})`, async () => {
      const one = lineOf({ framing, ms: 180, serial });
      for (const [first, count] of [
        [0, 54],
        [100, 2],
        [200, 20],
        [300, 7],
        [400, 33],
        [500, 11],
      ] as const)
        assert.deepEqual(await one.until(one.line.request(5, read(first, count))), words(first, count));
      assert.equal(one.asked.filter((what) => what === "5: 500+11").length, 1, one.asked.join(", "));
    });
  }

  test(`who waits for no longer is told that the unit answers late, after how long, and what to do (${framing})`, async () => {
    const one = lineOf({ framing, ms: 180, retries: 0 });
    const shortly = { timeoutMs: 100, retries: 0 };
    await assert.rejects(one.until(one.line.request(5, read(0, 54), shortly)), /unit 5 did not answer within 100 ms/);
    await one.pass(100);
    await assert.rejects(
      one.until(one.line.request(5, read(100, 2), shortly)),
      /unit 5 answers, but later than it was waited for: after 180 ms, where 100 ms were waited; give it more with --timeout/,
    );
  });

  test(`another unit is waited for as long as before (${framing})`, async () => {
    const one = lineOf({ framing, ms: 180, retries: 1 });
    await one.until(one.line.request(5, read(0, 54)));
    await one.until(one.line.request(5, read(100, 2)));
    assert.deepEqual(await one.until(one.line.request(6, read(0, 3))), words(0, 3));
    await assert.rejects(one.until(one.line.request(7, read(0, 3))), /unit 7 did not answer within 100 ms/);
  });
}

test("an answer that took longer than a retry's pause answers the retry, and so does a gateway's late word that nobody is there", async () => {
  // Asked at 0, 150 and 350 ms; what was asked first is answered at 300.
  const one = lineOf({ framing: "tcp", ms: 250, serial: true });
  assert.deepEqual(await one.until(one.line.request(5, read(0, 54))), words(0, 54));
  assert.equal(one.asked.length, 2);
  const gateway = lineOf({ framing: "tcp", ms: 250, exception: 0x0b });
  assert.deepEqual(await gateway.until(gateway.line.request(5, read(0, 2))), {
    kind: "exception",
    fn: 3,
    exception: 0x0b,
  });
});

test("on a line a late answer is not taken for that of as many registers elsewhere", async () => {
  for (const serial of [false, true]) {
    for (const ms of [110, 130, 150, 155, 180, 210]) {
      const one = lineOf({ framing: "rtu", ms, serial });
      for (const first of [0, 20, 40, 60, 80, 100]) {
        const made = await one.until(one.line.request(5, read(first, 20)));
        assert.deepEqual(made, words(first, 20), `${first}, after ${ms} ms`);
      }
    }
  }
});

test("on a line a unit that is too slow to be read is never read wrong", async () => {
  for (const ms of [245, 290, 340]) {
    const one = lineOf({ framing: "rtu", ms, serial: true });
    for (const first of [0, 20, 40, 60, 80, 100]) {
      const made = await one.until(one.line.request(5, read(first, 20)).catch(() => undefined));
      if (made !== undefined) assert.deepEqual(made, words(first, 20), `${first}, after ${ms} ms`);
    }
  }
});

test("a line on which a request was lost is waited for no longer: the retry's answer is its own", async () => {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  let times = 0;
  there.receive(() => {
    if (++times !== 2) return;
    const body = Buffer.of(5, 3, 2, 0, 1);
    const crc = crc16(body, 0, body.length);
    there.send(Buffer.concat([body, Buffer.of(crc & 255, crc >> 8)]));
  });
  const options = { framing: "rtu", timeoutMs: 100, retries: 1, backOffMs: 50 } as const;
  const line = new ModbusLine(() => Promise.resolve(here), clock, options);
  const settled: string[] = [];
  const ask = async (): Promise<void> => {
    await line.request(5, read(0, 1), { retries: settled.length === 0 ? 1 : 0 }).then(
      () => settled.push("answered"),
      (error: Error) => settled.push(error.message),
    );
  };
  for (const ms of [100, 50, 0]) {
    if (ms === 100) void ask();
    for (let k = 0; k < 20; k++) await Promise.resolve();
    clock.advance(ms);
    for (let k = 0; k < 20; k++) await Promise.resolve();
  }
  assert.deepEqual(settled, ["answered"]);
  void ask();
  for (let k = 0; k < 20; k++) await Promise.resolve();
  clock.advance(100);
  for (let k = 0; k < 20; k++) await Promise.resolve();
  assert.match(settled[1] ?? "", /unit 5 did not answer within 100 ms; is its address/);
});
