/** A line that hands back what is sent: what is an echo, and what an answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc16 } from "#wire/crc16.ts";
import { farSide, read, sealed, write } from "./line-fixture.ts";

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
