/** Faults of a link whatever speaks on it, on the virtual clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { FaultPlan, FaultyLink, type FaultRule, type LinkFault } from "./faulty-link.ts";
import { nullModem } from "./null-modem.ts";

function linked(rules: readonly FaultRule<LinkFault>[], lasting = false) {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  const plan = new FaultPlan<FaultRule>(rules);
  const link = new FaultyLink(there, plan, clock, lasting ? () => {} : undefined);
  const heard: string[] = [];
  let bytes = 0;
  here.receive((chunk) => {
    bytes += chunk.length;
    heard.push(Buffer.from(chunk).toString());
  });
  return {
    here,
    link,
    plan,
    clock,
    say: (text: string) => link.send(Buffer.from(text)),
    /** What came since the last look, message by message. */
    look: () => heard.splice(0),
    get bytes() {
      return bytes;
    },
  };
}

test("without a rule messages go their way", () => {
  const m = linked([]);
  m.say("one");
  assert.deepEqual(m.look(), ["one"]);
  assert.ok(m.link.idle);
});

test("delay: a message and those behind it come late, in order, and then none waits", () => {
  const m = linked([{ fault: { kind: "delay", ms: 500 }, every: 2, times: 1 }]);
  for (const text of ["one", "two", "three"]) m.say(text);
  assert.deepEqual(m.look(), ["one"]);
  m.clock.advance(499);
  assert.deepEqual(m.look(), []);
  m.clock.advance(1);
  assert.deepEqual(m.look(), ["two", "three"]);
  m.plan.set([]);
  assert.ok(m.link.idle);
});

test("what is held back keeps its order though the rules have been taken out meanwhile", () => {
  const m = linked([{ fault: { kind: "delay", ms: 500 }, times: 1 }]);
  m.say("one");
  m.plan.set([]);
  m.say("two");
  assert.deepEqual(m.look(), []);
  m.clock.advance(500);
  assert.deepEqual(m.look(), ["one", "two"]);
});

test("drop, truncate and trickle, each once", () => {
  const m = linked([
    { fault: { kind: "drop" }, times: 1 },
    { fault: { kind: "truncate", bytes: 2 }, times: 1 },
    { fault: { kind: "trickle", ms: 5 }, times: 1 },
  ]);
  m.say("one");
  m.say("two");
  assert.deepEqual(m.look(), ["tw"]);
  m.say("three");
  m.say("four");
  assert.deepEqual(m.look(), ["t"]);
  m.clock.advance(19);
  assert.deepEqual(m.look(), ["h", "r", "e"]);
  m.clock.advance(1);
  assert.deepEqual(m.look(), ["e", "four"]);
});

test("close: the link ends instead of a message, behind those that were on their way", () => {
  const m = linked([
    { fault: { kind: "delay", ms: 100 }, times: 1 },
    { fault: { kind: "close" }, times: 1 },
  ]);
  for (const text of ["one", "two", "three"]) m.say(text);
  assert.ok(m.here.open);
  m.clock.advance(100);
  assert.deepEqual(m.look(), ["one"]);
  assert.ok(!m.here.open);
  assert.ok(m.link.ended);
  m.say("four");
  m.clock.advance(1000);
  assert.deepEqual(m.look(), []);
});

test("a peer that asks on while answers trickle is let go at 64 kB, and nothing of it is kept", () => {
  for (const fault of [
    { kind: "trickle", ms: 1000 },
    { kind: "delay", ms: 60_000 },
  ] as const) {
    const m = linked([{ fault }]);
    let sent = 0;
    for (; m.here.open && sent < 10_000; sent++) m.say("x".repeat(120));
    // 120 bytes, and the message itself; what is beyond 64 kB ends it.
    assert.ok(sent > 100 && sent <= 65_536 / 120, `${fault.kind}: ${sent}`);
    assert.ok(m.link.ended);
    const before = m.bytes;
    m.clock.advance(600_000);
    assert.equal(m.bytes, before);
  }
});

test("small messages count for what they take: 64 kB are not 65,536 messages", () => {
  const m = linked([{ fault: { kind: "delay", ms: 60_000 } }]);
  let sent = 0;
  for (; m.here.open && sent < 100_000; sent++) m.say("x");
  assert.ok(sent < 1000, String(sent));
});

test("a line stays open: what is too much for it is lost, and it goes on", () => {
  const m = linked([{ fault: { kind: "delay", ms: 1000 } }], true);
  for (let k = 0; k < 10_000; k++) m.say("x".repeat(120));
  assert.ok(m.here.open);
  m.plan.set([]);
  m.clock.advance(600_000);
  const came = m.look().length;
  assert.ok(came > 100 && came < 1000, String(came));
  m.say("again");
  assert.deepEqual(m.look(), ["again"]);
});

test("a peer that asks again at each answer is answered in order, whatever the faults", () => {
  const m = linked([
    { fault: { kind: "trickle", ms: 1 }, every: 3 },
    { fault: { kind: "delay", ms: 2 }, every: 2 },
  ]);
  let asked = 0;
  let heard = "";
  m.here.receive((chunk) => {
    heard += Buffer.from(chunk).toString();
    if (heard.endsWith(".") && asked < 50) m.say(`${++asked}.`);
  });
  m.say("0.");
  m.clock.advance(1000);
  assert.equal(heard, Array.from({ length: 51 }, (_, k) => `${k}.`).join(""));
});

test("2,000 random plans: what comes is in order, and nothing comes twice", () => {
  const fault = fc.oneof(
    fc.record({ kind: fc.constant("delay" as const), ms: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant("trickle" as const), ms: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant("truncate" as const), bytes: fc.integer({ min: 1, max: 9 }) }),
    fc.constant({ kind: "drop" as const }),
    fc.constant({ kind: "close" as const }),
  );
  const rule = fc.record({
    fault,
    every: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    times: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), fc.array(fc.nat(30), { maxLength: 30 }), (rules, pauses) => {
      const m = linked(rules);
      pauses.forEach((pause, k) => {
        m.say(`<${k}:>`);
        m.clock.advance(pause);
      });
      m.clock.advance(100_000);
      const numbers = [
        ...m
          .look()
          .join("")
          .matchAll(/<(\d+):>/g),
      ].map(([, number]) => Number(number));
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
      if (rules.length === 0) assert.equal(numbers.length, pauses.length);
    }),
    { numRuns: 2000, seed: 2026 },
  );
});
