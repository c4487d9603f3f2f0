/** JSON from somebody else (RFC 8259) is bounded before any of it is made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonProblem, parseJson } from "./json-text.ts";

const bounds = { depth: 3, keys: 3, values: 8 };
const problem = (text: string): string => {
  try {
    parseJson(text, bounds);
    return "";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "";
  }
};

test("JSON is read as it is: brackets, commas, colons and quotes in a text are none", () => {
  const text = String.raw`{"a":"[[[[{{{{,,,,,,,,,,\"\\","\\\"b":[1,{"a":"\u005b"}]}`;
  assert.deepEqual(parseJson(text, bounds), { a: '[[[[{{{{,,,,,,,,,,"\\', '\\"b': [1, { a: "[" }] });
});

test("what lies deeper within each other, or is more, than it may is refused before it is made", () => {
  assert.deepEqual(parseJson("[[[0]]]", bounds), [[[0]]]);
  assert.equal(problem("[[[[0]]]]"), "JsonProblem: expected at most 3 lists and objects within each other");
  assert.equal(problem("[".repeat(1_000_000)), "JsonProblem: expected at most 3 lists and objects within each other");
  // A list of six numbers are the list, the first and five more; nine commas are ten values whatever they part.
  assert.deepEqual(parseJson("[1,2,3,4,5,6]", bounds), [1, 2, 3, 4, 5, 6]);
  assert.equal(problem("[1,2,3,4,5,6,7,8]"), "JsonProblem: expected at most 8 values");
  assert.equal(problem(",".repeat(1_000_000)), "JsonProblem: expected at most 8 values");
});

test("an object of more keys than it may have is refused before it is made; as many may stand in another", () => {
  assert.deepEqual(parseJson('{"a":1,"b":{"a":1,"b":2},"c":3}', bounds), { a: 1, b: { a: 1, b: 2 }, c: 3 });
  assert.equal(problem('{"a":1,"b":2,"c":3,"d":4}'), "JsonProblem: expected at most 3 keys of one object");
});

test("a key that stands twice in an object is said; the same key in another object is another", () => {
  assert.equal(problem('{"a":1,"b":{"a":2} , "a" : 3}'), "JsonProblem: a: this key stands there twice");
  assert.deepEqual(parseJson('{"a":{"a":["a","a"]}}', bounds), { a: { a: ["a", "a"] } });
});

test("what is no JSON is said to be none, however it ends", () => {
  for (const text of ["", "{", '"', '"\\', '{"a"', "]]]]", '{"a":}', "NaN"])
    assert.match(problem(text), /^SyntaxError/);
  assert.equal(new JsonProblem("x").name, "JsonProblem");
});
