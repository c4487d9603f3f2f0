/** Pictures in terminals: nothing is lost at the right, and what is lost below is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, withinRows, wrapped } from "./drawn.ts";
import type { Part, Picture } from "./picture.ts";

const words = (lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(" ").split(/[^\w-]+/));

function screenOf(...parts: readonly Part[]): Picture {
  const display = { kind: "screen", title: "Title", clock: "", marks: [], parts, intervals: [] } as const;
  return { display, lights: [], held: [], open: [] };
}

test("pieces are broken between them, not within", () => {
  const keys = ["c Front cover", "r READ", "x RESET"];
  assert.deepEqual(wrapped(keys, 22, "   "), ["c Front cover   r READ", "x RESET"]);
  assert.deepEqual(wrapped(keys, 21, "   "), ["c Front cover", "r READ   x RESET"]);
  assert.deepEqual(wrapped([], 21), []);
  assert.deepEqual(wrapped(["abcdef"], 4), ["abc…"]);
});

test("a matrix or a table that is too wide goes on below, with its first column again", () => {
  const names = ["Optical", "Serial1", "Serial2", "Serial3", "Ethernet1", "Ethernet2", "Modem"];
  const cell = { text: "Ready", tone: "good" } as const;
  const matrix: Part = {
    part: "matrix",
    columns: names.map((name) => ({ name, there: true })),
    rows: ["JEM Binary", "Modbus"].map((name) => ({ name, cells: names.map(() => cell) })),
    legend: [],
  };
  const wide = drawn(screenOf(matrix), 100);
  assert.equal(wide.filter((line) => line.includes("Modbus")).length, 1);
  for (const most of [80, 60, 40]) {
    const lines = drawn(screenOf(matrix), most);
    assert.ok(lines.every((line) => [...line].length <= most));
    assert.ok(!lines.join("").includes("…"), lines.join("\n"));
    assert.deepEqual(words(lines), words(wide));
    const states = lines.filter((line) => line.includes("JEM Binary")).map((line) => line.match(/Ready/g)?.length ?? 0);
    assert.equal(
      states.reduce((sum, count) => sum + count, 0),
      names.length,
    );
  }
  const table: Part = { part: "table", columns: names, rows: [names.map((name) => `${name}-state`)] };
  assert.deepEqual(words(drawn(screenOf(table), 50)), words(drawn(screenOf(table), 200)));
});

test("a long line goes on in the next one", () => {
  const text = "Power that is removed from the meter within fifteen seconds does it, and nothing else";
  const lines = drawn(screenOf({ part: "lines", lines: [{ text, tone: "plain" }] }), 50);
  assert.deepEqual(words(lines), words(["Title", ...text.split(" "), ""]));
});

test("what is higher than a window keeps its top and what stands below it, and says how much is not seen", () => {
  const above = Array.from({ length: 21 }, (_, k) => `line ${k + 1}`);
  const below = ["", "keys"];
  // A row stays free for the cursor.
  assert.deepEqual(withinRows(above, below, 24), [...above, ...below]);
  const cut = withinRows(above, below, 23);
  assert.deepEqual(cut, [...above.slice(0, 19), "… 2 more lines: a higher window has them", ...below]);
  assert.equal(cut.length, 22);
  assert.equal(withinRows(above, below, 2)[0], "line 1");
  assert.deepEqual(withinRows(above, below, Infinity), [...above, ...below]);
});
