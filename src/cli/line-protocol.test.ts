/** Line protocol against the examples of its reference, and read back by its grammar (docs.influxdata.com, Line protocol reference). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { asLine, type Point } from "./line-protocol.ts";

const utc = 1556813561098;

/** As the reference writes them, with the timestamp of its first example. */
const examples: readonly (readonly [point: Omit<Point, "utc">, line: string])[] = [
  [
    { measurement: "myMeasurement", tags: { tag1: "value1", tag2: "value2" }, fields: { fieldKey: "fieldValue" } },
    'myMeasurement,tag1=value1,tag2=value2 fieldKey="fieldValue"',
  ],
  [
    { measurement: "myMeasurement", tags: {}, fields: { fieldKey: '"string" within a string' } },
    'myMeasurement fieldKey="\\"string\\" within a string"',
  ],
  [
    { measurement: "my Measurement", tags: {}, fields: { fieldKey: "string value" } },
    'my\\ Measurement fieldKey="string value"',
  ],
  [
    {
      measurement: "myMeasurement",
      tags: { "tag Key1": "tag Value1", "tag Key2": "tag Value2" },
      fields: { fieldKey: 100 },
    },
    "myMeasurement,tag\\ Key1=tag\\ Value1,tag\\ Key2=tag\\ Value2 fieldKey=100",
  ],
  [
    { measurement: "myMeasurement", tags: { tagKey: "🍭" }, fields: { fieldKey: "Launch 🚀" } },
    'myMeasurement,tagKey=🍭 fieldKey="Launch 🚀"',
  ],
];

test("points are written as the reference writes its examples, with nanoseconds", () => {
  for (const [point, line] of examples) assert.equal(asLine({ ...point, utc }), `${line} 1556813561098000000\n`);
});

test("tags stand in the order of their keys; one that is empty cannot be written", () => {
  const tags = { unit: "7", model: "", meter: "m" };
  assert.equal(asLine({ measurement: "e", tags, fields: { W: 1.5 }, utc: 0 }), "e,meter=m,unit=7 W=1.5 0\n");
});

test("what is no number has no field, and a point without a field no line", () => {
  assert.equal(asLine({ measurement: "e", tags: {}, fields: { W: NaN, V: 1 }, utc: 0 }), "e V=1 0\n");
  assert.equal(asLine({ measurement: "e", tags: {}, fields: { W: NaN, A: Infinity }, utc: 0 }), "");
});

/** Reads one line by the grammar alone; throws where it is none. */
function parsed(line: string): {
  measurement: string;
  tags: Record<string, string>;
  fields: Record<string, unknown>;
  ns: bigint;
} {
  let at = 0;
  const fail = (): never => assert.fail(`character ${at} of ${line}`);
  /** Up to a character of `ends` that is not escaped. */
  const word = (ends: string): string => {
    let text = "";
    while (at < line.length && !ends.includes(line[at]!)) {
      if (line[at] === "\\" && (ends + " ,=").includes(line[at + 1] ?? "\0")) at++;
      text += line[at++];
    }
    return text === "" ? fail() : text;
  };
  const take = (one: string): boolean => line[at] === one && at++ >= 0;
  const measurement = word(", ");
  const tags: Record<string, string> = {};
  while (take(",")) {
    const key = word("=");
    if (!take("=") || key in tags) fail();
    tags[key] = word(", ");
  }
  if (!take(" ")) fail();
  const fields: Record<string, unknown> = {};
  do {
    const key = word("=");
    if (!take("=") || key in fields) fail();
    if (take('"')) {
      let text = "";
      while (at < line.length && line[at] !== '"') {
        if (line[at] === "\\" && ['"', "\\"].includes(line[at + 1] ?? "")) at++;
        text += line[at++];
      }
      if (!take('"')) fail();
      fields[key] = text;
    } else {
      const number = word(", ");
      if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(number)) fail();
      fields[key] = Number(number);
    }
  } while (take(","));
  if (!take(" ")) fail();
  const ns = line.slice(at);
  if (!/^-?\d+\n$/.test(ns)) fail();
  return { measurement, tags, fields, ns: BigInt(ns.trim()) };
}

test("whatever meters and names are called, one line comes back as what it was", () => {
  // A name's last character is no backslash, which would escape what follows; the writer drops such.
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "W", ".", " ", ",", "=", '"', "\\", "ä", "#") })
    .filter((text) => !text.endsWith("\\") && !/\\[,= \\]/.test(text));
  const text = fc.string({ maxLength: 12, unit: fc.constantFrom("a", " ", ",", "=", '"', "\\", "ü") });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
  fc.assert(
    fc.property(
      name,
      fc.dictionary(name, name, { maxKeys: 3, noNullPrototype: true }),
      fc.dictionary(name, fc.oneof(text, number), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      (measurement, tags, fields) => {
        const line = asLine({ measurement, tags, fields, utc });
        assert.equal(line.indexOf("\n"), line.length - 1);
        assert.deepEqual(parsed(line), { measurement, tags, fields, ns: 1556813561098000000n });
      },
    ),
  );
});

test("a line's end inside becomes a space: no escape of the protocol has one", () => {
  assert.equal(
    asLine({ measurement: "e", tags: { a: "x\ny" }, fields: { f: "p\r\nq" }, utc: 0 }),
    'e,a=x\\ y f="p q" 0\n',
  );
});
