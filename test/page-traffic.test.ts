/** Traffic on the page, without a browser: the messages that it holds, the rows that are seen, bytes and fields side by side. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TrafficDetail, TrafficMessage, TrafficView } from "#quantity/traffic-view.ts";
import { byteLines, fieldLines, lineOfByte, placeText } from "#web/page/traffic-bytes.ts";
import { anything, queryOf } from "#web/page/traffic-choice.ts";
import { cleared, goneOn, MOST, nothing, paused, rowsIn, taken, topFor } from "#web/page/traffic-list.ts";

function view(from: number, count: number): TrafficView {
  const messages = Array.from({ length: count }, (_, k) => ({ number: from + k }) as TrafficMessage);
  return { since: "2026-11-27T20:00:00.000000Z", last: from + count - 1, dropped: 0, skipped: 1, messages };
}

const numbers = ({ messages }: { readonly messages: readonly TrafficMessage[] }): readonly (number | undefined)[] => [
  messages[0]?.number,
  messages.at(-1)?.number,
];

test("the page holds the newest so many messages, and says how many rows have moved up", () => {
  let held = taken(nothing, view(1, MOST - 10));
  assert.deepEqual([numbers(held), held.gone], [[1, MOST - 10], 0]);
  held = taken(held, view(MOST - 9, 30));
  assert.deepEqual([numbers(held), held.messages.length, held.gone, held.skipped], [[21, MOST + 20], MOST, 20, 2]);
});

test("while it is paused what is shown stays, and what comes waits", () => {
  const held = taken(paused(taken(nothing, view(1, 5))), view(6, 3));
  assert.deepEqual([numbers(held), held.waiting?.length], [[1, 5], 3]);
  const more = taken(held, view(9, MOST + 5));
  assert.equal(more.waiting?.length, MOST, "so many of it");
  const on = goneOn(held);
  assert.deepEqual([numbers(on), on.waiting], [[1, 8], undefined]);
  assert.deepEqual(numbers(goneOn(on)), [1, 8]);
  const empty = cleared(held);
  assert.deepEqual([empty.messages, empty.waiting, empty.gone], [[], [], 5]);
  assert.equal(cleared(on).waiting, undefined, "what goes on, goes on");
});

test("of any list the rows that are there are those that are seen, and few more", () => {
  fc.assert(
    fc.property(fc.nat(50_000), fc.nat(2_000_000), fc.integer({ min: 1, max: 3000 }), (count, top, height) => {
      const { from, to } = rowsIn(count, { top, height, row: 26 });
      assert.ok(from >= 0 && to <= count && to - from <= height / 26 + 30);
      for (const at of [Math.floor(top / 26), Math.floor((top + height - 1) / 26)])
        if (at < count) assert.ok(at >= from && at < to, `${at} of ${from} to ${to}`);
    }),
  );
});

test("a row that is chosen is scrolled to where it is seen, and no further", () => {
  const box = { top: 260, height: 260, row: 26 };
  assert.deepEqual(
    [5, 10, 15, 19, 20, 30].map((at) => topFor(at, box)),
    [130, 260, 260, 260, 286, 546],
  );
});

/** A frame with two fields in a group, one that is hidden, and what was put together, with bytes of its own. */
const detail: Pick<TrafficDetail, "bytes" | "fields"> = {
  bytes: "000102030000060708090A0B",
  fields: [
    { at: 0, length: 2, name: "head" },
    {
      at: 2,
      length: 4,
      name: "group",
      inside: [
        { at: 2, length: 2, name: "one", text: "515" },
        { at: 4, length: 2, name: "secret", text: "hidden", hidden: true },
      ],
    },
    {
      at: 0,
      length: 3,
      name: "fragment",
      text: "3 bytes, counted from 0 again; without the checks",
      apart: "AABBCC",
      inside: [{ at: 1, length: 2, name: "within", text: "x" }],
    },
    { at: 6, length: 0, name: "missing", text: "the value", wrong: true },
  ],
};

test("each field has its line with its bytes; what is apart has its own, and no place in the message", () => {
  assert.deepEqual(
    fieldLines(detail).map(({ field: { name }, depth, bytes, span }) => [name, depth, bytes, span]),
    [
      ["head", 0, "0001", [0, 2]],
      ["group", 0, "", [2, 6]],
      ["one", 1, "0203", [2, 4]],
      ["secret", 1, "", [4, 6]],
      ["fragment", 0, "", undefined],
      ["within", 1, "BBCC", undefined],
      ["missing", 0, "", undefined],
    ],
  );
  // Without bytes there are the same fields.
  const { bytes: _, ...bare } = detail;
  assert.deepEqual(
    fieldLines(bare).map(({ bytes }) => bytes),
    ["", "", "", "", "", "BBCC", ""],
  );
  const [long] = fieldLines({ bytes: "00".repeat(20), fields: [{ at: 0, length: 20, name: "long" }] });
  assert.equal(long?.bytes, `${"00".repeat(8)}…`);
});

test("a byte is of the innermost field that has it", () => {
  const lines = fieldLines(detail);
  const nameOf = (byte: number): string | undefined => lines[lineOfByte(lines, byte) ?? -1]?.field.name;
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 11].map(nameOf), [
    "head",
    "head",
    "one",
    "one",
    "secret",
    "secret",
    undefined,
    undefined,
  ]);
  const same = fieldLines({
    fields: [{ at: 0, length: 2, name: "outer", inside: [{ at: 0, length: 2, name: "inner" }] }],
  });
  assert.equal(same[lineOfByte(same, 1) ?? -1]?.field.name, "inner");
});

test("bytes stand sixteen to a line; what is hidden is none, and neither are characters that nobody can see", () => {
  const hex = Buffer.from("GET /\u0000secret\u001b[2J~").toString("hex");
  assert.deepEqual(byteLines(hex, [{ from: 6, to: 12 }], 1000), [
    {
      at: 0,
      bytes: ["47", "45", "54", "20", "2f", "00", "··", "··", "··", "··", "··", "··", "1b", "5b", "32", "4a"],
      text: "GET /········[2J",
    },
    { at: 16, bytes: ["7e"], text: "~" },
  ]);
  assert.equal(
    byteLines("00".repeat(100), [{ from: 90, to: 200 }], 40).reduce((sum, { bytes }) => sum + bytes.length, 0),
    40,
  );
  assert.deepEqual([placeText(0), placeText(4096)], ["0000", "1000"]);
});

test("a choice is the query of it, and a capture has no choice of messages", () => {
  assert.equal(queryOf(anything).toString(), "");
  const chosen = { ...anything, meter: "feeder 1/2", text: "<b>&", wrong: true, secrets: true, protocol: "modbus" };
  assert.equal(
    queryOf(chosen).toString(),
    "meter=feeder+1%2F2&protocol=modbus&text=%3Cb%3E%26&wrong=true&secrets=shown",
  );
  assert.equal(queryOf(chosen, true).toString(), "meter=feeder+1%2F2&protocol=modbus");
});
