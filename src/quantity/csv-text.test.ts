/** Comma-separated values: the examples of RFC 4180, clause 2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asCsv } from "./csv-text.ts";

test("lines end with CRLF; commas, quotes and line ends stand between quotes", () => {
  assert.equal(asCsv([["aaa", "bbb", "ccc"]]), "aaa,bbb,ccc\r\n");
  assert.equal(asCsv([["aaa", "b\r\nbb", "ccc"], ["zzz"]]), 'aaa,"b\r\nbb",ccc\r\nzzz\r\n');
  assert.equal(asCsv([["aaa", 'b"bb', "c,c"]]), 'aaa,"b""bb","c,c"\r\n');
  assert.equal(asCsv([["a\rb", ""]]), '"a\rb",\r\n');
  assert.equal(asCsv([]), "");
});

test("what a spreadsheet would run is text; numbers, offsets and dashes stay as they are", () => {
  assert.equal(
    asCsv([["=1+cmd|' /C calc'!A0", "@SUM(A1)", "+A1", "-1+A1"]]),
    "'=1+cmd|' /C calc'!A0,'@SUM(A1),'+A1,'-1+A1\r\n",
  );
  assert.equal(asCsv([["\t=A1"], ["=A1,B1"]]), "'\t=A1\r\n\"'=A1,B1\"\r\n");
  const plain = ["-1.5", "+3", "-2e-7", "-05:00", "+00:00", "----", "-", "a=b"];
  assert.equal(asCsv([plain]), `${plain.join(",")}\r\n`);
});
