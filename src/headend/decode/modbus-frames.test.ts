/** Modbus field by field: the worked examples of the Application Protocol V1.1b3, clause by clause, and of the Serial Line guide. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Annotated } from "./annotated.ts";
import { hasProblem } from "./annotated.ts";
import { bytesOfHex } from "./hex-text.ts";
import { ModbusMessages, type ModbusWay } from "./modbus-frames.ts";

const bytes = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array(0);

function leaves(fields: readonly Annotated[]): readonly Annotated[] {
  return fields.flatMap((one) => (one.inside === undefined ? [one] : leaves(one.inside)));
}

function told(fields: readonly Annotated[]): readonly string[] {
  return leaves(fields).map(({ name, text }) => `${name}: ${text}`);
}

/** Clause, what is asked, what is answered, and what the standard's table says of each. */
const examples: readonly (readonly [clause: string, ask: string, answer: string, asked: string, answered: string])[] = [
  [
    "6.1",
    "01 0013 0013",
    "01 03 CD 6B 05",
    "count: 19: 19 to 37",
    "bits: on, off, on, on, off, off, on, on, on, on, off, on, off, on, on, off, on, off, on",
  ],
  ["6.3", "03 006B 0003", "03 06 022B 0000 0064", "count: 3: 107 to 109", "register 107: 555 (0x022B)"],
  ["6.4", "04 0008 0001", "04 02 000A", "first address: 8", "register 8: 10 (0x000A)"],
  ["6.5", "05 00AC FF00", "05 00AC FF00", "address: 172", "written to 172: 65280, or -256 (0xFF00)"],
  ["6.6", "06 0001 0003", "06 0001 0003", "written to 1: 3 (0x0003)", "written to 1: 3 (0x0003)"],
  ["6.11", "0F 0013 000A 02 CD 01", "0F 0013 000A", "written: CD01", "count: 10: 19 to 28"],
  ["6.12", "10 0001 0002 04 000A 0102", "10 0001 0002", "written to 2: 258 (0x0102)", "count: 2: 1 to 2"],
  ["6.16", "16 0004 00F2 0025", "16 0004 00F2 0025", "written and-mask: 0x00F2", "function: 22, mask write register"],
  [
    "6.17",
    "17 0003 0006 000E 0003 06 00FF 00FF 00FF",
    "17 0C 00FE 0ACD 0001 0003 000D 00FF",
    "written to 16: 255 (0x00FF)",
    "register 4: 2765 (0x0ACD)",
  ],
  ["7", "01 04A1 0001", "81 02", "first address: 1185", "exception: 2, illegal data address"],
];

for (const [clause, ask, answer, asked, answered] of examples)
  test(`clause ${clause} is told as its table has it`, () => {
    const messages = new ModbusMessages();
    const question = messages.annotate(bytes(ask), { way: "request" });
    assert.ok(told(question).includes(asked), told(question).join("; "));
    const response = messages.annotate(bytes(answer), { way: "answer" });
    assert.ok(told(response).includes(answered), told(response).join("; "));
    for (const fields of [question, response]) {
      assert.ok(!fields.some(hasProblem));
      let at = 0;
      for (const one of leaves(fields)) {
        assert.equal(one.at, at, one.name);
        at += one.length;
      }
      assert.equal(at, bytes(fields === question ? ask : answer).length);
    }
    // Without anybody who says which is which it is the same, by the lengths; only an answer like its question stays one.
    const alone = new ModbusMessages();
    assert.deepEqual(alone.annotate(bytes(ask), { framing: "pdu" }), question);
    assert.deepEqual(told(alone.annotate(bytes(answer), { framing: "pdu" })), told(response));
  });

test("a frame of the serial line guide has its check, a wrong one says which was expected", () => {
  // Serial Line and Implementation Guide V1.02, 6.2.2: the frame 02 07 has the CRC 41 12.
  const right = told(new ModbusMessages().annotate(bytes("02 07 41 12")));
  assert.deepEqual(right, ["unit: 2", "function: 7, read exception status", "check: right"]);
  const wrong = new ModbusMessages().annotate(bytes("02 07 41 13"), { framing: "rtu", way: "request" });
  assert.match(told(wrong).at(-1) ?? "", /wrong: expected 4112, found 4113/);
});

test("frames over TCP are told one after the other, each answer by its transaction", () => {
  const messages = new ModbusMessages();
  const ask = (id: string, first: string): string => `${id} 0000 0006 01 03 ${first} 0001`;
  const both = told(messages.annotate(bytes(ask("0001", "0010") + ask("0002", "0020")), { way: "request" }));
  assert.deepEqual(
    both.filter((one) => one.startsWith("first address")),
    ["first address: 16", "first address: 32"],
  );
  const answers = (id: string): readonly string[] =>
    told(messages.annotate(bytes(`${id} 0000 0005 01 03 02 002A`), { way: "answer" }));
  assert.equal(answers("0002").at(-1), "register 32: 42 (0x002A)");
  assert.equal(answers("0001").at(-1), "register 16: 42 (0x002A)");
  // Nobody has asked.
  assert.equal(answers("0001").at(-1), "word 0: 42 (0x002A)");
});

const wrong: readonly (readonly [why: string, wire: string, way: ModbusWay, says: RegExp])[] = [
  ["another protocol", "0001 0001 0006 01 03 0000 0001", "request", /expected protocol 0/],
  ["a length beyond the end", "0001 0000 0009 01 03 0000 0001", "request", /9 bytes, where 6 follow/],
  ["an answer with another count", "0001 0000 0005 01 03 04 002A", "answer", /4, where 2 follow/],
];
for (const [why, wire, way, says] of wrong)
  test(`says what is wrong: ${why}`, () => {
    const fields = new ModbusMessages().annotate(bytes(wire), { way, framing: "tcp" });
    const problems = leaves(fields).flatMap(({ isProblem, text = "" }) => (isProblem === true ? [text] : []));
    assert.match(problems.join("; "), says);
  });
