/** Texts where there is little room. Without a browser each letter is as wide as the others: 0.62 of its size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { columnWidths, fitted, wrapped } from "./text-fit.ts";

/** Letters of size 10 are 6.2 wide. */
const LETTER = 6.2;
const near = (found: number | undefined, expected: number): void =>
  assert.ok(Math.abs((found ?? NaN) - expected) < 1e-9, `${found}, expected ${expected}`);

test("what has room is as it is, a little more is pressed together, much more is cut and says so", () => {
  assert.deepEqual(fitted("12345", 5 * LETTER, 10), { text: "12345" });
  const pressed = fitted("1234567890", 8 * LETTER, 10);
  assert.equal(pressed.text, "1234567890");
  near(pressed.into, 8 * LETTER);
  const cut = fitted("x".repeat(200), 10 * LETTER, 10);
  assert.match(cut.text, /^x+…$/);
  near(cut.into, 10 * LETTER);
  assert.match(fitted("電".repeat(200), 10 * LETTER, 10).text, /^電+…$/);
  assert.deepEqual(fitted("", 0, 10), { text: "" });
});

test("lines break after spaces and commas, and where the text does", () => {
  assert.deepEqual(wrapped("METER ID : SUBSTATION 7\nSERIAL # : 140200024", 1000, 10), [
    "METER ID : SUBSTATION 7",
    "SERIAL # : 140200024",
  ]);
  assert.deepEqual(wrapped("RESET USERS & PASSWORDS", 14 * LETTER, 10), ["RESET USERS &", "PASSWORDS"]);
  assert.deepEqual(wrapped("4,Inst,VLN:A,>,120,0,119", 13 * LETTER, 10), ["4,Inst,VLN:A,>,", "120,0,119"]);
  assert.deepEqual(wrapped("Communications", 5 * LETTER, 10), ["Communications"]);
  assert.deepEqual(wrapped("", 5 * LETTER, 10), [""]);
});

test("columns are as wide as what stands in them; where there is too little room, none is less than its longest word", () => {
  const rows = [
    ["CH", "TYPE", "FUNCTION"],
    ["1", "INPUT", "INTERVAL SYNC, Form A"],
  ];
  const wide = columnWidths(rows, 1000, 10);
  [2, 5, 21].forEach((letters, k) => near(wide[k], letters * LETTER));
  const narrow = columnWidths(rows, 20 * LETTER, 10);
  // INTERVAL has 8 letters.
  [2, 5, 8].forEach((letters, k) => assert.ok((narrow[k] ?? 0) >= letters * LETTER - 1e-9, `${k}: ${narrow[k]}`));
  near(
    narrow.reduce((a, b) => a + b, 0),
    20 * LETTER,
  );
});
