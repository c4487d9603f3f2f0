/** A publisher: when it says what. Pauses by arithmetic on the control block's 4 and 1,000 ms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { quality } from "#protocol/iec61850/model/value.ts";
import { readAllData } from "#protocol/iec61850/goose/goose-pdu.ts";
import { pauseBefore, timeAllowedToLive } from "#protocol/iec61850/goose/retransmission.ts";
import { publishing } from "./goose-rig.ts";

const numbersOf = (sent: ReturnType<typeof publishing>["sent"]): readonly (readonly number[])[] =>
  sent.map(({ at, pdu: { stNum, sqNum } }) => [at, stNum, sqNum]);

test("who begins says so with state 1 and repetition 1, and again at 4, 8, 16 ms and on, then each second", () => {
  const m = publishing();
  m.publisher.look();
  m.clock.advance(4100);
  assert.deepEqual(numbersOf(m.sent), [
    [0, 1, 1],
    [4, 1, 2],
    [12, 1, 3],
    [28, 1, 4],
    [60, 1, 5],
    [124, 1, 6],
    [252, 1, 7],
    [508, 1, 8],
    [1020, 1, 9],
    [2020, 1, 10],
    [3020, 1, 11],
    [4020, 1, 12],
  ]);
  const [first] = m.sent;
  assert.equal(first?.pdu.controlBlock, "MTR/LLN0$GO$gcbDI");
  assert.deepEqual([first?.pdu.goId, first?.pdu.configRevision, first?.pdu.entries], ["inputs", 3, 5]);
});

test("a change is told at once as the next state with repetition 0, and its time is that of the change", () => {
  const m = publishing();
  m.publisher.look();
  m.clock.advance(1500);
  const before = m.sent.length;
  m.set({ 0: true });
  m.clock.advance(30);
  assert.deepEqual(numbersOf(m.sent.slice(before)), [
    [1500, 2, 0],
    [1504, 2, 1],
    [1512, 2, 2],
    [1528, 2, 3],
  ]);
  const { pdu } = m.sent.at(-1)!;
  assert.equal(pdu.t.utc, Date.UTC(2026, 4, 1) + 1500);
  assert.deepEqual(readAllData(pdu)[0], { kind: "boolean", value: true });
  // A quality is one, too; a time stamp alone is none.
  m.set({ 4: quality.invalid });
  assert.deepEqual(numbersOf(m.sent).at(-1), [1530, 3, 0]);
  m.set({ 2: { ...pdu.t, utc: 5 } });
  assert.deepEqual(numbersOf(m.sent).at(-1), [1530, 3, 0]);
});

test("the time allowed to live is twice the next pause at least, and no less than a second where pauses end up longer", () => {
  const m = publishing();
  m.publisher.look();
  m.clock.advance(5000);
  for (const [k, { at, pdu }] of m.sent.entries()) {
    const next = m.sent[k + 1];
    if (next !== undefined) assert.ok(pdu.timeAllowedToLive >= 2 * (next.at - at), `${k}`);
    assert.ok(pdu.timeAllowedToLive >= 1000);
  }
  assert.equal(m.sent.at(-1)?.pdu.timeAllowedToLive, 2000);
  const curve = { minMs: 10, maxMs: 100 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 100].map((k) => pauseBefore(k, curve)),
    [10, 20, 40, 80, 100, 100, 100],
  );
  assert.deepEqual(
    [10, 100].map((pause) => timeAllowedToLive(pause, curve)),
    [200, 200],
  );
});

test("changes that come faster than repetitions are states of their own, and no repetition of an old one follows", () => {
  const m = publishing();
  m.publisher.look();
  for (let k = 0; k < 10; k++) {
    m.clock.advance(1);
    m.set({ 0: k % 2 === 0 });
  }
  assert.deepEqual(
    m.sent.map(({ pdu }) => [pdu.stNum, pdu.sqNum]),
    [[1, 1], ...Array.from({ length: 10 }, (_, k) => [k + 2, 0])],
  );
  m.clock.advance(4);
  assert.deepEqual(numbersOf(m.sent).at(-1), [14, 11, 1]);
});

test("without power, or switched off, nothing is said; who comes back begins anew", () => {
  const m = publishing();
  m.publisher.look();
  m.set({ 0: true });
  m.state.on = false;
  m.clock.advance(10_000);
  assert.equal(m.sent.length, 2);
  m.set({ 0: false });
  assert.equal(m.sent.length, 2);
  m.state.on = true;
  m.publisher.look();
  assert.deepEqual(numbersOf(m.sent).at(-1), [10_000, 1, 1]);
  m.publisher.stop();
  m.clock.advance(10_000);
  assert.equal(m.sent.length, 3);
});

test("a simulation says so in its frame and in its PDU, a test of edition 1 in its PDU only", () => {
  const simulated = publishing({ simulated: true });
  simulated.publisher.look();
  assert.deepEqual([simulated.sent[0]?.simulated, simulated.sent[0]?.pdu.simulated], [true, true]);
  const tested = publishing();
  tested.state.test = true;
  tested.publisher.look();
  assert.deepEqual([tested.sent[0]?.simulated, tested.sent[0]?.pdu.simulated], [false, true]);
});

test("a data set without members is not published, and one that no frame has room for neither: it says why", () => {
  const none = publishing({ set: { members: [] } });
  none.publisher.look();
  assert.equal(none.sent.length, 0);
  assert.match(none.publisher.trouble ?? "", /MTR\/LLN0\$GO\$gcbDI has no data set/);
  const much = publishing({
    set: { members: [{ leaves: [], write: (out) => void out.octets(0x89, new Uint8Array(1600)) }] },
  });
  much.publisher.look();
  assert.equal(much.sent.length, 0);
  assert.match(much.publisher.trouble ?? "", /takes \d+ octets, of 1492/);
});
