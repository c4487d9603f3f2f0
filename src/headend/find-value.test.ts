/** Units as they are in the field: what is found of them, and what is said where nothing could be read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import type { Response } from "#protocol/modbus/pdu.ts";
import { findValue } from "./find-value.ts";

type Answers = (fn: number, first: number, count: number) => number | "silence" | Uint16Array;

/** A unit whose tables answer so: registers, an exception or nothing. */
function unitOf(answers: Answers): Requester & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async request(unit, request): Promise<Response> {
      if (request.kind !== "read") throw new Error("only reads");
      const { fn, first, count } = request;
      asked.push(`${fn}: ${first}+${count}`);
      const answer = answers(fn, first, count);
      if (answer === "silence")
        throw new ClientError(`10.0.0.1:502: unit ${unit} did not answer within 2000 ms`, "silence");
      if (typeof answer === "number") return { kind: "exception", fn, exception: answer };
      return { kind: "registers", fn, values: answer };
    },
    close() {},
  };
}

const search = { wanted: 231, from: 0, to: 199, tolerance: 0.001 };
/** Register 80 holds 2310. */
const words = (first: number, count: number): Uint16Array =>
  Uint16Array.from({ length: count }, (_, k) => (first + k === 80 ? 2310 : 0));

test("a unit that answers 40 registers at once, refusing or silent on more, is read as far as it goes", async () => {
  for (const beyond of [2, 3, "silence"] as const) {
    const unit = unitOf((fn, first, count) => (fn === 4 ? 1 : count > 40 ? beyond : words(first, count)));
    const found = await findValue(unit, 1, search);
    assert.deepEqual(
      found.map(({ table, address }) => [table, address]),
      [["holding", 80]],
    );
    // 125, 62, 31 and so on once; then 31 or 32 at once.
    assert.ok(unit.asked.length <= 14, unit.asked.join(", "));
  }
});

test("a unit that is silent to one function is read with the other", async () => {
  const unit = unitOf((fn, first, count) => (fn === 3 ? "silence" : words(first, count)));
  assert.deepEqual(
    (await findValue(unit, 1, search)).map(({ table, address }) => [table, address]),
    [["input", 80]],
  );
  assert.deepEqual(unit.asked.slice(0, 2), ["3: 0+125", "3: 0+1"], "and asked no more of what it keeps silent on");
});

test("all refused is refused, with the exceptions of each table", async () => {
  await assert.rejects(
    findValue(
      unitOf((fn) => (fn === 3 ? 1 : 2)),
      7,
      search,
    ),
    /unit 7 shows nothing; holding registers 0 to 199: refused, illegal function \(0x01\); input registers 0 to 199: refused, illegal data address \(0x02\)/,
  );
  await assert.rejects(
    findValue(
      unitOf((fn) => (fn === 3 ? 1 : "silence")),
      7,
      search,
    ),
    /holding registers 0 to 199: refused, illegal function \(0x01\); input registers 0 to 199: .*did not answer/,
  );
});

test("a silent unit is silent, said once", async () => {
  await assert.rejects(
    findValue(
      unitOf(() => "silence"),
      7,
      search,
    ),
    /^Error: 10\.0\.0\.1:502: unit 7 did not answer within 2000 ms$/,
  );
});

test("so many registers at once as is said", async () => {
  const unit = unitOf((fn, first, count) => (fn === 4 ? 1 : words(first, count)));
  await findValue(unit, 1, { ...search, maxRegisters: 100 });
  assert.deepEqual(unit.asked, ["3: 0+100", "3: 100+100", "4: 0+100"]);
});
