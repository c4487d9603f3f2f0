/** One line for many callers: what is asked again and what is not, pauses, reconnecting, several requests at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { ModbusClient } from "./client.ts";
import { ClientError } from "./failing.ts";
import { farSide, read, sealed, write } from "./line-fixture.ts";

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
