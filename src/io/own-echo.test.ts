/** Two-wire adapters on a null modem and the virtual clock: what was sent is taken out of what comes, once, and nothing else is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "./null-modem.ts";
import { withoutOwnEcho } from "./own-echo.ts";

/** A unit on a line; `hands` says whether its adapter hands back what it sends. */
function rig({ likely = true } = {}) {
  const [near, far] = nullModem();
  const clock = new VirtualClock();
  const unit = withoutOwnEcho(near, clock, { baud: 9600, likely });
  let heard = "";
  const sent: string[] = [];
  unit.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  far.receive((bytes) => sent.push(Buffer.from(bytes).toString("hex")));
  return {
    clock,
    send: (hex: string) => unit.send(Buffer.from(hex, "hex")),
    /** What the unit hears of what comes in these parts, 1 ms apart. */
    hears(...parts: readonly string[]): string {
      heard = "";
      for (const part of parts) {
        far.send(Buffer.from(part, "hex"));
        clock.advance(1);
      }
      return heard;
    },
  };
}

// Write 7 to register 5 (its answer is the same), and a read with its answer.
const WRITE = "010600050007d809";
const READ = "010300000002c40b";
const ANSWER = "010304000100022a32";

test("an answer that comes back is taken out, in one, in pieces, behind noise and before the next request", () => {
  for (const parts of [[ANSWER], ANSWER.match(/../g)!, [ANSWER.slice(0, 10), ANSWER.slice(10)]]) {
    const line = rig();
    assert.equal(line.hears(READ), READ);
    line.send(ANSWER);
    assert.equal(line.hears(...parts), "");
    assert.equal(line.hears(READ), READ);
  }
  const line = rig();
  line.hears(READ);
  line.send(ANSWER);
  assert.equal(line.hears(`00${ANSWER}${READ}`), `00${READ}`);
});

test("the acknowledgement of a write comes back once; the same write asked again is a request", () => {
  const line = rig();
  assert.equal(line.hears(WRITE), WRITE);
  line.send(WRITE);
  assert.equal(line.hears(WRITE), "", "the echo");
  assert.equal(line.hears(WRITE), WRITE, "asked again");
  line.send(WRITE);
  line.clock.advance(200);
  assert.equal(line.hears(WRITE), WRITE, "asked again when no echo can come any more");
});

test("on a line that has handed nothing back the same write at once is a request", () => {
  const line = rig();
  for (let k = 0; k < 4; k++) {
    line.hears(READ);
    line.send(ANSWER);
  }
  assert.equal(line.hears(WRITE), WRITE);
  line.send(WRITE);
  assert.equal(line.hears(WRITE), WRITE);
  // An adapter that is put in later shows by the next answer that it hands back.
  line.hears(READ);
  line.send(ANSWER);
  assert.equal(line.hears(ANSWER), "");
  line.hears(WRITE);
  line.send(WRITE);
  assert.equal(line.hears(WRITE), "");
});

test("where an echo is not likely the same write at once is a request, until an answer that is no request has come back", () => {
  const line = rig({ likely: false });
  for (let k = 0; k < 5; k++) {
    assert.equal(line.hears(WRITE), WRITE, `write ${k}`);
    line.send(WRITE);
  }
  line.hears(READ);
  line.send(ANSWER);
  assert.equal(line.hears(ANSWER), "", "the echo of a reading");
  line.hears(WRITE);
  line.send(WRITE);
  assert.equal(line.hears(WRITE), "", "now known to be its echo");
});

test("a damaged echo is handed on as what it is, and so is what only began like one, late", () => {
  const line = rig();
  line.hears(READ);
  line.send(ANSWER);
  const damaged = `0103ff${ANSWER.slice(6)}`;
  assert.equal(line.hears(damaged), damaged);
  assert.equal(line.hears("0103"), "", "it may be the beginning of the echo");
  assert.equal(line.hears("00000002c40b"), READ);
  line.send(ANSWER);
  assert.equal(line.hears("010304"), "");
  const before = line.hears();
  line.clock.advance(200);
  assert.equal(before, "");
  assert.equal(line.hears("ff"), "ff");
});

test("requests that come byte by byte are handed on whole while an echo is waited for", () => {
  const line = rig();
  line.hears(READ);
  line.send(ANSWER);
  assert.equal(line.hears(...READ.match(/../g)!), READ);
});
