/** Messages in what people have: logs with words, times and remarks between them, files as they were on the wire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf } from "./messages.ts";

function read(text: string): readonly string[] {
  return entriesOf(new TextEncoder().encode(text)).map((entry) =>
    entry.kind === "message"
      ? `${entry.line} ${entry.label}|${Buffer.from(entry.bytes).toString("hex")}`
      : `${entry.line} remark ${entry.text}`,
  );
}

test("a line is a message, with a word before it, with a time and more, or a remark", () => {
  const log = [
    "# GET register value",
    "CLIENT C0014200030100010700FF0200",
    "RX: c4 01 42 00 06 00 12 d6 87",
    "",
    "2026-11-26 10:00:00.123 [meter 3] > 7E A0 07 03 21 71 13 C5 7E",
    "D8-01-02",
    "reg 1234.567 0.001 27",
    "associated; conformance 12339224",
    "rows 4 1159 rows/s",
    "clock 02/19/25 21:20:00",
    "05640BC40100640044EAC0C0013C020654E0 ; class 1",
  ].join("\r\n");
  assert.deepEqual(read(log), [
    "1 remark # GET register value",
    "2 CLIENT|c0014200030100010700ff0200",
    "3 RX|c40142000600" + "12d687",
    "5 2026-11-26 10:00:00.123 [meter 3] >|7ea00703217113c57e",
    "6 |d80102",
    "7 remark reg 1234.567 0.001 27",
    "8 remark associated; conformance 12339224",
    "9 remark rows 4 1159 rows/s",
    "10 remark clock 02/19/25 21:20:00",
    "11 |05640bc40100640044eac0c0013c020654e0",
  ]);
});

test("a telegram of hex over many lines, a text, and what is no text are one message each", () => {
  assert.deepEqual(read("1B1B1B1B 01010101\n76 05\n"), ["1 |1b1b1b1b010101017605"]);
  assert.deepEqual(read("2F 49 53\n6B"), ["1 |2f49536b"]);
  assert.deepEqual(read("/ISk5\r\n"), ["1 |2f49536b350d0a"]);
  assert.equal(entriesOf(Uint8Array.of(0x7e, 0xa0, 0x07, 0x00)).length, 1);
});
