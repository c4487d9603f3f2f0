/** One line for many callers: what is asked again and what is not, pauses, reconnecting, several requests at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { ModbusClient } from "./client.ts";
import { ClientError } from "./failing.ts";
import { ModbusLine, type LineOptions } from "./line.ts";
import { crc16 } from "#wire/crc16.ts";

const read = (first: number, count = 1) => ({ kind: "read", fn: 3, first, count }) as const;
const write = (first: number, value: number) =>
  ({ kind: "write", fn: 6, first, values: Uint16Array.of(value) }) as const;

/** The far side of a line: what it hears, and what it says. */
function farSide(options: Partial<LineOptions> = {}) {
  const clock = new VirtualClock();
  const links: Link[] = [];
  const heard: string[] = [];
  let openings = 0;
  let refuse = false;
  const line = new ModbusLine(
    () => {
      openings++;
      if (refuse) return Promise.reject(new Error("cannot connect to 10.0.0.1:502: nothing listens there"));
      const [here, there] = nullModem();
      there.receive((bytes) => heard.push(Buffer.from(bytes).toString("hex")));
      links.push(there);
      return Promise.resolve(here);
    },
    clock,
    { framing: "tcp", timeoutMs: 100, retries: 2, backOffMs: 50, ...options },
  );
  return {
    clock,
    line,
    heard,
    openings: () => openings,
    refuse: (yes: boolean) => (refuse = yes),
    last: () => links.at(-1)!,
    /** Answers on the newest link, with the transaction id of the n-th request. */
    say: (hex: string) => links.at(-1)!.send(Buffer.from(hex.replaceAll(" ", ""), "hex")),
    /** Lets promises run, then time pass. */
    async pass(ms: number) {
      for (let k = 0; k < 10; k++) await Promise.resolve();
      clock.advance(ms);
      for (let k = 0; k < 10; k++) await Promise.resolve();
    },
  };
}

test("a read that was not answered is asked again, after 50 ms and then after 100 ms", async () => {
  const far = farSide();
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  assert.deepEqual(far.heard, ["000100000006050300070001"]);
  await far.pass(100);
  await far.pass(49);
  assert.equal(far.heard.length, 1);
  await far.pass(1);
  assert.equal(far.heard[1], "000200000006050300070001");
  await far.pass(100);
  await far.pass(99);
  assert.equal(far.heard.length, 2);
  await far.pass(1);
  assert.equal(far.heard.length, 3);
  far.say("0003 0000 0005 05 03 02 600d");
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
});

test("after the last retry the error says what to look at", async () => {
  const far = farSide({ retries: 1 });
  const asked = far.line.request(5, read(7));
  const failed = assert.rejects(asked, /unit 5 did not answer within 100 ms; is its address 5, and is it powered\?/);
  await far.pass(100);
  await far.pass(50);
  await far.pass(100);
  await failed;
  assert.equal(far.heard.length, 2);
});

test("a write that was not answered is not repeated: it may have been done", async () => {
  const far = farSide();
  const asked = far.line.request(5, write(7, 1));
  const failed = assert.rejects(asked, /did not answer/);
  await far.pass(100);
  await failed;
  await far.pass(1000);
  assert.equal(far.heard.length, 1);
});

test("a busy unit has done nothing: reads and writes are asked again; its last word is a value", async () => {
  const far = farSide({ retries: 1 });
  const asked = far.line.request(5, write(7, 1));
  await far.pass(0);
  far.say("0001 0000 0003 05 86 06");
  await far.pass(0);
  await far.pass(50);
  assert.equal(far.heard.length, 2);
  far.say("0002 0000 0003 05 86 06");
  assert.deepEqual(await asked, { kind: "exception", fn: 6, exception: 6 });
});

test("every other exception is a value at once", async () => {
  for (const exception of [1, 2, 3, 4, 5, 8, 10, 11]) {
    const far = farSide();
    const asked = far.line.request(5, read(7));
    await far.pass(0);
    far.say(`0001 0000 0003 05 83 ${exception.toString(16).padStart(2, "0")}`);
    assert.deepEqual(await asked, { kind: "exception", fn: 3, exception });
    assert.equal(far.heard.length, 1);
  }
});

test("a gateway that answers for another unit is an error at once, which says what to look at", async () => {
  const far = farSide();
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  far.say("0001 0000 0005 06 03 02 600d");
  await assert.rejects(
    asked,
    /asked unit 5, but unit 6 answered; the gateway maps units wrongly, or two devices share/,
  );
  assert.equal(far.heard.length, 1);
});

test("on a serial line another unit's late answer is passed over; when nothing else comes it is named", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const first = far.line.request(5, read(7));
  await far.pass(0);
  far.say(sealed("04 03 02 0bad"));
  far.say(sealed("05 03 02 600d"));
  assert.deepEqual(await first, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
  const second = far.line.request(5, read(7));
  const failed = assert.rejects(second, /asked unit 5, but unit 4 answered/);
  await far.pass(0);
  far.say(sealed("04 03 02 0bad"));
  await far.pass(100);
  await failed;
});

test("on a serial line an answer is found behind any noise, and noise that goes on for ever is waited for no longer than silence", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const first = far.line.request(5, read(7));
  await far.pass(0);
  for (let k = 0; k < 2000; k++) far.say("05 03".repeat(100));
  far.say("ffff 05 03 02 600d a041");
  assert.deepEqual(await first, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
  const second = assert.rejects(
    far.line.request(5, read(7)),
    /unit 5 was asked, and 1800 bytes came that are no answer/,
  );
  for (let ms = 0; ms < 100; ms += 10) {
    far.say("05 03".repeat(100));
    await far.pass(10);
  }
  await second;
});

test("answers to something else are no answers", async () => {
  const cases: [request: ReturnType<typeof read> | ReturnType<typeof write>, answer: string, why: RegExp][] = [
    [read(7, 2), "05 03 02 600d", /1 registers came where 2 were asked for/],
    [read(7), "05 04 02 600d", /it answered another function/],
    [read(7), "05 84 02", /it refused another function/],
    [write(7, 1), "05 06 0008 0001", /it acknowledged another write/],
    [write(7, 1), "05 06 0007 0002", /it acknowledged another write/],
    [read(7), "05 03 03 600d00", /the answer makes no sense/],
  ];
  for (const [request, answer, why] of cases) {
    const far = farSide({ retries: 0 });
    const asked = far.line.request(5, request);
    await far.pass(0);
    const body = answer.replaceAll(" ", "");
    far.say(`0001 0000 ${(body.length / 2).toString(16).padStart(4, "0")} ${body}`);
    await assert.rejects(asked, why);
  }
});

test("what is not Modbus/TCP ends the connection, and the message has a guess", async () => {
  const far = farSide({ retries: 0 });
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  far.say("48545450 2f312e31");
  await assert.rejects(asked, /what came is not Modbus\/TCP; is it RTU over TCP/);
});

test("a link that breaks is opened again, once for all callers", async () => {
  const far = farSide();
  const asked = [far.line.request(1, read(0)), far.line.request(2, read(0)), far.line.request(3, read(0))];
  await far.pass(0);
  far.last().close();
  await far.pass(0);
  await far.pass(50);
  assert.equal(far.openings(), 2);
  for (const unit of [1, 2, 3]) {
    assert.equal(far.heard.at(-1)?.slice(12), `0${unit}0300000001`);
    far.say(`${far.heard.at(-1)!.slice(0, 4)} 0000 0005 0${unit} 03 02 000${unit}`);
    await far.pass(0);
  }
  const answers = await Promise.all(asked);
  assert.deepEqual(
    answers.map((one) => (one.kind === "registers" ? one.values[0] : one)),
    [1, 2, 3],
  );
});

test("a place where nothing listens is tried again, and then is an error that names it", async () => {
  const far = farSide();
  far.refuse(true);
  const failed = assert.rejects(
    far.line.request(1, write(0, 1)),
    /cannot connect to 10.0.0.1:502: nothing listens there/,
  );
  for (const ms of [0, 50, 100]) await far.pass(ms);
  await failed;
  assert.equal(far.openings(), 3);
  far.refuse(false);
  const asked = far.line.request(1, read(0));
  await far.pass(0);
  far.say("0001 0000 0005 01 03 02 600d");
  assert.equal((await asked).kind, "registers");
});

test("while one unit's pause runs, the others are asked", async () => {
  const far = farSide();
  const slow = far.line.request(1, read(0));
  await far.pass(100);
  const other = far.line.request(2, read(0));
  await far.pass(0);
  far.say("0002 0000 0005 02 03 02 0002");
  assert.equal((await other).kind, "registers");
  await far.pass(50);
  far.say("0003 0000 0005 01 03 02 0001");
  assert.equal((await slow).kind, "registers");
});

test("several requests under way at once are told apart by their transactions, in whatever order answers come", async () => {
  const [here, there] = nullModem();
  const heard: string[] = [];
  there.receive((bytes) => heard.push(Buffer.from(bytes).toString("hex")));
  const client = new ModbusClient(here, new VirtualClock(), { framing: "tcp", timeoutMs: 100, outstanding: 2 });
  const asked = [0, 1, 2].map((first) => client.request(1, read(first)));
  assert.equal(heard.length, 2);
  there.send(Buffer.from("0002000000050103020022", "hex"));
  assert.equal(heard.length, 3);
  there.send(Buffer.from("0003000000050103020033" + "0001000000050103020011", "hex"));
  const values = (await Promise.all(asked)).map((one) => (one.kind === "registers" ? one.values[0] : one));
  assert.deepEqual(values, [0x11, 0x22, 0x33]);
});

test("an answer that comes byte by byte is one answer", async () => {
  const far = farSide();
  const asked = far.line.request(1, read(0));
  await far.pass(0);
  for (const byte of "000100000005010302600d".match(/../g)!) far.say(byte);
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
});

test("a closed line takes no more requests, and those under way end", async () => {
  const far = farSide();
  const asked = far.line.request(1, read(0));
  const failed = assert.rejects(asked, ClientError);
  await far.pass(0);
  far.line.close();
  await failed;
  await assert.rejects(far.line.request(1, read(0)), /the line was closed/);
});

/** A frame with its checksum. */
function sealed(hex: string): string {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const crc = crc16(bytes, 0, bytes.length);
  return bytes.toString("hex") + Buffer.of(crc & 255, crc >> 8).toString("hex");
}

/** The answer to 20 registers from an address, each 7 times its address and 3. */
function twenty(first: number): { readonly words: Uint16Array; readonly frame: string } {
  const words = Uint16Array.from({ length: 20 }, (_, k) => 7 * (first + k) + 3);
  const hex = [...words].map((word) => word.toString(16).padStart(4, "0")).join("");
  return { words, frame: sealed(`05 03 28 ${hex}`) };
}

test("an adapter that hands back what is sent: every address is read right, however the echo and the answer come", async () => {
  const damaged = (hex: string): string => `${hex.slice(0, 4)}ff${hex.slice(6)}`;
  const ways: readonly ((echo: string, answer: string) => string[])[] = [
    (echo, answer) => [echo, answer],
    (echo, answer) => [echo + answer],
    (echo, answer) => [...`${echo}${answer}`.match(/../g)!],
    (echo, answer) => [`00${echo}`, `00${answer}00`],
    (echo, answer) => [damaged(echo), answer],
    (echo, answer) => [damaged(echo) + answer],
    (echo, answer) => [echo.slice(0, 6), echo.slice(6) + answer.slice(0, 8), answer.slice(8)],
  ];
  for (const first of [0, 256, 512, 1000, 10_240, 12_000, 20_000, 40_000, 65_000]) {
    for (const [k, way] of ways.entries()) {
      const far = farSide({ framing: "rtu", retries: 0 });
      const asked = far.line.request(5, read(first, 20));
      await far.pass(0);
      for (const part of way(far.heard.at(-1)!, twenty(first).frame)) far.say(part);
      assert.deepEqual(await asked, { kind: "registers", fn: 3, values: twenty(first).words }, `${first}, way ${k}`);
    }
  }
});

test("an echo that has the checksum of a shorter answer is no answer", async () => {
  // Of all reads of one register from 0x02xx, those whose first five bytes have the CRC that their last two are.
  let found = 0;
  for (let unit = 1; unit <= 247; unit++) {
    for (let low = 0; low < 256; low++) {
      const crc = crc16(Uint8Array.of(unit, 3, 2, low, 0), 0, 5);
      if ((crc & 255) !== 1) continue;
      const frame = Buffer.from(sealed(`${Buffer.of(unit, 3, 2, low, 0, 1).toString("hex")}`), "hex");
      if (frame[6] !== crc >> 8) continue;
      found++;
      const far = farSide({ framing: "rtu", retries: 0 });
      const asked = far.line.request(unit, read(512 + low));
      await far.pass(0);
      for (const byte of far.heard.at(-1)!.match(/../g)!) far.say(byte);
      far.say(sealed(`${Buffer.of(unit, 3, 2, 0x60, 0x0d).toString("hex")}`));
      assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
    }
  }
  assert.ok(found > 0, "there are such reads");
});

test("once a line has handed a read back, the first of two equal frames acknowledges no write", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const first = far.line.request(5, read(7));
  await far.pass(0);
  far.say(far.heard[0]! + sealed("05 03 02 600d"));
  await first;
  const silent = assert.rejects(
    far.line.request(5, write(7, 1)),
    /only the request itself came back: the adapter hands/,
  );
  await far.pass(0);
  far.say(far.heard[1]!);
  await far.pass(100);
  await silent;
  const done = far.line.request(5, write(7, 1));
  await far.pass(0);
  far.say(far.heard[2]!);
  far.say(far.heard[2]!);
  assert.equal((await done).kind, "written");
});

test("on a line that hands nothing back the one frame that comes acknowledges the write", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const first = far.line.request(5, read(7));
  await far.pass(0);
  far.say(sealed("05 03 02 600d"));
  await first;
  const done = far.line.request(5, write(7, 1));
  await far.pass(0);
  far.say(far.heard[1]!);
  assert.equal((await done).kind, "written");
});

test("before the first write on a line a reading tells whether its acknowledgement may be the line's own", async () => {
  const WRITE = sealed("05 06 0007 0001");
  const READ = sealed("05 03 0007 0001");
  // What the line says to the reading, and how often the write has to come until it is acknowledged.
  for (const [says, frames] of [
    [READ + sealed("05 03 02 0000"), 2],
    [READ + sealed("05 83 02"), 2],
    [READ, 2],
    [sealed("05 03 02 0000"), 1],
    [sealed("05 83 02"), 1],
    ["", 1],
  ] as const) {
    const far = farSide({ framing: "rtu", retries: 0 });
    let done = false;
    const asked = far.line.request(5, write(7, 1)).then(() => (done = true));
    await far.pass(0);
    assert.deepEqual(far.heard, [READ], says);
    far.say(says);
    await far.pass(says === "" || says === READ ? 100 : 0);
    assert.deepEqual(far.heard, [READ, WRITE], says);
    for (let k = 1; k <= frames; k++) {
      assert.equal(done, false, `${says}, frame ${k}`);
      far.say(WRITE);
      await far.pass(0);
    }
    await asked;
  }
});

test("why there is no answer is told apart: noise, a wrong checksum, the echo alone, other units, another answer, silence", async () => {
  const bad = `${sealed("05 03 02 600d").slice(0, -2)}00`;
  const cases: readonly (readonly [reason: string, what: readonly string[], words: RegExp])[] = [
    ["silence", [], /unit 5 did not answer within 100 ms; is its address 5, and is it powered\?$/],
    ["noise", ["ff00", "fe"], /3 bytes came that are no answer \(ff 00 fe\): is the baud rate right, and the parity/],
    ["checksum", [bad], /unit 5 answered with a wrong checksum, once: noise on the line/],
    ["checksum", [bad, `00${bad}`], /unit 5 answered with a wrong checksum, 2 times/],
    ["echo", [sealed("05 03 0007 0001")], /only the request itself came back/],
    ["checksum", [sealed("05 03 0007 0001"), bad], /wrong checksum, once/],
    ["other unit", [sealed("06 03 02 0001")], /asked unit 5, but unit 6 answered/],
    [
      "other unit",
      [sealed("06 83 02"), sealed("09 03 02 0001"), sealed("09 03 02 0001")],
      /but units 6, 9 \(2 times\) answered/,
    ],
    ["nonsense", [sealed("05 03 04 0001 0002")], /unit 5: 2 registers came where 1 were asked for/],
    ["nonsense", [sealed("05 84 01")], /unit 5: it refused another function/],
    ["silence", [sealed("06 03 0000 0002")], /did not answer/],
  ];
  for (const [reason, what, words] of cases) {
    const far = farSide({ framing: "rtu", retries: 0 });
    const failed = far.line.request(5, read(7)).then(
      () => assert.fail("answered"),
      (error: unknown) => error,
    );
    await far.pass(0);
    for (const part of what) far.say(part);
    await far.pass(100);
    const error = await failed;
    assert.ok(error instanceof ClientError);
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, words);
  }
});

test("a late answer to something else does not spoil the next: it is passed over", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  far.say(sealed("05 03 04 0bad 0bad"));
  far.say(sealed("05 04 02 0bad"));
  far.say(sealed("05 03 02 600d"));
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
});

test("a length that cannot be is not waited for: the answer behind it counts at once", async () => {
  const far = farSide({ framing: "rtu", retries: 0 });
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  far.say(`0503fa0000 ${sealed("05 03 02 600d")}`);
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
});

test("at 1,200 baud 125 registers are waited for as long as the line takes: 11 bits a byte, of 8 to ask and 255 to answer", async () => {
  for (const [ms, answered] of [
    // 263 x 11 / 1.2 is 2,410.8 ms.
    [100 + 2410, true],
    [100 + 2412, false],
  ] as const) {
    const far = farSide({ framing: "rtu", retries: 0, baud: 1200 });
    const asked = far.line.request(5, read(0, 125)).then(
      () => true,
      (error: Error) => (assert.match(error.message, /did not answer within 2511 ms/), false),
    );
    await far.pass(ms);
    far.say(sealed(`05 03 fa ${"0001".repeat(125)}`));
    assert.equal(await asked, answered, `after ${ms} ms`);
  }
});

test("while an answer keeps coming it is waited for, of whatever speed the line behind a gateway is, and not for ever", async () => {
  const answer = sealed(`05 03 fa ${"0001".repeat(125)}`).match(/.{1,30}/g)!;
  for (const framing of ["rtu", "tcp"] as const) {
    for (const [gap, comes] of [
      [90, true],
      [1000, false],
      [150, false],
    ] as const) {
      const far = farSide({ framing, retries: 0 });
      const asked = far.line.request(5, read(0, 125)).then(
        () => true,
        () => false,
      );
      await far.pass(90);
      const pieces = framing === "rtu" ? answer : `0001000000fd0503fa${"0001".repeat(125)}`.match(/.{1,30}/g)!;
      for (const piece of pieces) {
        far.say(piece);
        await far.pass(gap);
      }
      assert.equal(await asked, comes, `${framing}, pieces ${gap} ms apart`);
    }
  }
});

test("on a line pieces of an answer are waited for while they come, whatever its baud rate, and what is missing is said", async () => {
  const whole = sealed(`05 03 fa ${"0001".repeat(125)}`);
  // 255 bytes: 16 pieces of 16 bytes 200 ms apart, 8 of 32 bytes 300 ms apart; after those that come nothing more does.
  for (const [bytes, gap, comes, came] of [
    [16, 200, 16, 255],
    [32, 300, 8, 255],
    [16, 200, 3, 48],
    [32, 300, 1, 32],
  ] as const) {
    const far = farSide({ framing: "rtu", retries: 0, baud: 19_200, timeoutMs: 2000 });
    let said = "";
    const asked = far.line.request(5, read(0, 125)).then(
      () => (said = "answered"),
      (error: Error) => (said = error.message),
    );
    await far.pass(20);
    for (let k = 0; k < comes; k++) {
      far.say(whole.slice(2 * bytes * k, 2 * bytes * (k + 1)));
      await far.pass(gap);
    }
    await far.pass(5000);
    await asked;
    if (came === 255) assert.equal(said, "answered", `${bytes} bytes, ${gap} ms apart`);
    else assert.match(said, new RegExp(`unit 5 answered, but only ${came} of 255 bytes came within \\d+ ms`));
  }
  const far = farSide({ retries: 0 });
  const failed = assert.rejects(far.line.request(5, read(0, 2)), /unit 5 answered, but only 9 of 13 bytes came within/);
  await far.pass(0);
  far.say("0001 0000 0007 05 03 04");
  await far.pass(5000);
  await failed;
});

test("how often the checksum was wrong is counted over all that was asked", async () => {
  const bad = `${sealed("05 03 02 600d").slice(0, -2)}00`;
  for (const retries of [0, 1, 3]) {
    const far = farSide({ framing: "rtu", retries });
    const words = new RegExp(`wrong checksum, ${["once", "2 times", "", "4 times"][retries]}: noise`);
    const failed = assert.rejects(far.line.request(5, read(7)), words);
    for (let tries = 0; tries <= retries; tries++) {
      await far.pass(0);
      far.say(bad);
      await far.pass(100);
      await far.pass(50 * 2 ** tries);
    }
    await failed;
  }
});

test("a wrong checksum of the one register that tells whether anybody is there counts, too", async () => {
  const far = farSide({ framing: "rtu", retries: 2 });
  const values = [7, 8].map((first) => ({ first, count: 1 }));
  const failed = assert.rejects(far.line.request(5, read(7, 2), { values }), /wrong checksum, 4 times/);
  for (const [what, pause] of [
    ["05 03 04 600d 600d", 50],
    ["05 03 04 600d 600d", 100],
    ["05 03 04 600d 600d", 0],
    ["05 03 02 600d", 0],
  ] as const) {
    await far.pass(0);
    far.say(`${sealed(what).slice(0, -2)}00`);
    await far.pass(100);
    await far.pass(pause);
  }
  await failed;
});

test("over TCP, too, the request that comes back is no answer, and an answer behind it is one", async () => {
  const far = farSide({ retries: 0 });
  const alone = assert.rejects(far.line.request(5, read(7)), /only the request itself came back/);
  await far.pass(0);
  far.say(far.heard[0]!);
  await far.pass(100);
  await alone;
  const asked = far.line.request(5, read(7));
  await far.pass(0);
  far.say(`${far.heard[1]!}0002 0000 0005 05 03 02 600d`);
  assert.deepEqual(await asked, { kind: "registers", fn: 3, values: Uint16Array.of(0x600d) });
  const done = far.line.request(5, write(7, 1));
  await far.pass(0);
  far.say(far.heard[2]!);
  assert.equal((await done).kind, "written");
});

test("over TCP an answer that comes after all is told, with how late it was", async () => {
  const late: unknown[] = [];
  const far = farSide({ retries: 0, late: (answer) => late.push(answer) });
  const asked = assert.rejects(far.line.request(5, read(7)), /did not answer/);
  await far.pass(100);
  await asked;
  await far.pass(900);
  far.say("0001 0000 0003 05 83 0b");
  far.say("0001 0000 0003 05 83 0b");
  assert.deepEqual(late, [{ unit: 5, response: { kind: "exception", fn: 3, exception: 11 }, afterMs: 1000 }]);
});

test("one request may have its own time and its own number of tries", async () => {
  const far = farSide();
  const asked = assert.rejects(far.line.request(5, read(7), { timeoutMs: 30, retries: 0 }), /within 30 ms/);
  await far.pass(30);
  await asked;
  assert.equal(far.heard.length, 1);
});
