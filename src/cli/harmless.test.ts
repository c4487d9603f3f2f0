/** Nothing that a peer sends does anything to a terminal: one place says it, and everything goes through it. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { jsonLines, lines, plain } from "./harmless.ts";
import { Failure } from "./failure.ts";
import { below, shown, styled, table } from "./terminal.ts";

/** By Unicode's own table: the general category Cc, and the property Bidi_Control (UAX #44). */
const controls = [
  ...Array.from({ length: 0x20 }, (_, k) => k),
  ...Array.from({ length: 0x21 }, (_, k) => 0x7f + k),
  0x061c,
  0x200e,
  0x200f,
  0x202a,
  0x202b,
  0x202c,
  0x202d,
  0x202e,
  0x2066,
  0x2067,
  0x2068,
  0x2069,
  0x2028,
  0x2029,
];

test("every control character is written out, and nothing else is", () => {
  for (const code of controls) assert.match(plain(String.fromCodePoint(code)), /^\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[nrt])$/);
  assert.equal(plain("\u001B]0;x\u0007\n\u009B2J\u202Eabc"), String.raw`\x1b]0;x\x07\n\x9b2J\u202eabc`);
  const harmless = "Wh delivered, Zähler «ß» 電力量 😀 \\x1b";
  assert.equal(plain(harmless), harmless);
  assert.equal(lines("one\ntwo\r\u001B"), "one\ntwo\\r\\x1b");
});

test("JSON stays JSON, and says the same", () => {
  const document = { a: controls.map((code) => String.fromCodePoint(code)).join("") };
  const text = jsonLines(JSON.stringify(document, undefined, 2));
  assert.deepEqual(JSON.parse(text), document);
  assert.equal(plain(text.replaceAll("\n", "")), text.replaceAll("\n", ""));
});

test("a cell of a table is on its line, and a template's words bring nothing of their own", () => {
  assert.equal(table([["a\nforged  1", "b"]]), "a\\nforged  1  b");
  assert.equal(shown`${"\u001B[31mred"}: ${"x"}`.text, "\\x1b[31mred: x");
  assert.ok(!styled("red", "\u001B]0;x\u0007").text.includes("\u0007"));
  assert.equal(below(["a\u0007", shown`b`]).text, "a\\x07\nb");
});

test("what the other side says is wrong is one line; what is wrong with a file has a line each", () => {
  assert.equal(new Failure("http://x: no\npolyphase: done", 1).message, "http://x: no\\npolyphase: done");
  assert.equal(new Failure("a.yaml is not valid:\n  b", 2).message, "a.yaml is not valid:\n  b");
});

test("commands write to the terminal in one place", () => {
  const written = globSync("src/cli/*.ts")
    .filter((file) => !file.endsWith(".test.ts") && !file.endsWith("terminal.ts"))
    .filter((file) =>
      /\bconsole\.|process\.std(out|err)\.write|process\.std(out|err)\[/.test(readFileSync(file, "utf8")),
    );
  assert.deepEqual(written, []);
});
