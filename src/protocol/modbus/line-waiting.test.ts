/** How long a line waits, for what, and what it says of what did not come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError } from "./failing.ts";
import { farSide, read, sealed } from "./line-fixture.ts";

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
