/** Comma-separated values: the examples of RFC 4180, clause 2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asCsv } from "./csv.ts";

test("lines end with CRLF; commas, quotes and line ends stand between quotes", () => {
  assert.equal(asCsv([["aaa", "bbb", "ccc"]]), "aaa,bbb,ccc\r\n");
  assert.equal(asCsv([["aaa", "b\r\nbb", "ccc"], ["zzz"]]), 'aaa,"b\r\nbb",ccc\r\nzzz\r\n');
  assert.equal(asCsv([["aaa", 'b"bb', "c,c"]]), 'aaa,"b""bb","c,c"\r\n');
  assert.equal(asCsv([["a\rb", ""]]), '"a\rb",\r\n');
  assert.equal(asCsv([]), "");
});
