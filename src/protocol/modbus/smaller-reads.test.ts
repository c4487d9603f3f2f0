/** Devices that answer less than they are asked for: what is asked of them then, and what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError } from "./failing.ts";
import type { Response } from "./pdu.ts";
import type { Span } from "./read-plan.ts";
import { SmallerReads } from "./smaller-reads.ts";

/** A device that answers at most so many registers; register k holds k. `beyond` is what it does with more, `holes` are refused with 02. */
function device(most: number, beyond: number | "silence" = 3, holes: readonly number[] = []) {
  const asked: string[] = [];
  const reads = (limit?: number) =>
    new SmallerReads(async (_unit, request): Promise<Response> => {
      if (request.kind !== "read") throw new Error("only reads");
      const { fn, first, count } = request;
      asked.push(`${first}+${count}`);
      const exception = (code: number): Response => ({ kind: "exception", fn, exception: code });
      if (count > most && beyond === "silence") throw new ClientError("unit 1 did not answer", "silence");
      if (count > most) return exception(Number(beyond));
      if (holes.some((hole) => hole >= first && hole < first + count)) return exception(2);
      return { kind: "registers", fn, values: Uint16Array.from({ length: count }, (_, k) => first + k) };
    }, limit);
  return { asked, reads };
}

const read = (first: number, count: number) => ({ kind: "read", fn: 3, first, count }) as const;
/** So many values of two registers from an address. */
const pairs = (first: number, count: number): Span[] =>
  Array.from({ length: count / 2 }, (_, k) => ({ first: first + 2 * k, count: 2 }));
const numbers = (first: number, count: number): Response => ({
  kind: "registers",
  fn: 3,
  values: Uint16Array.from({ length: count }, (_, k) => first + k),
});

for (const beyond of [2, 3, "silence"] as const) {
  test(`a read that is too long (${beyond}) is made in halves, no value is cut, and the next is asked so at once`, async () => {
    const { asked, reads } = device(40, beyond);
    const one = reads();
    assert.deepEqual(await one.read(1, read(100, 120), { values: pairs(100, 120) }), numbers(100, 120));
    // 60 is too much, too; 30 is not. Who is silent is asked for one register first, whether he is there.
    const probe = beyond === "silence" ? ["100+1"] : [];
    assert.deepEqual(asked, ["100+120", ...probe, "100+60", "100+30", "130+30", "160+30", "190+30"]);
    asked.length = 0;
    assert.deepEqual(await one.read(1, read(0, 62), { values: pairs(0, 62) }), numbers(0, 62));
    assert.deepEqual(asked, ["0+30", "30+30", "60+2"]);
    asked.length = 0;
    await one.read(2, read(0, 40), { values: pairs(0, 40) });
    assert.deepEqual(asked, ["0+40"], "another unit is another device");
  });
}

test("a value that is not there is refused, by as few requests as find it, and nothing is concluded from it", async () => {
  const { asked, reads } = device(125, 2, [100]);
  const one = reads();
  const answer = await one.read(1, read(100, 120), { values: pairs(100, 120) });
  assert.deepEqual(answer, { kind: "exception", fn: 3, exception: 2 });
  assert.deepEqual(asked, ["100+120", "100+60", "100+30", "100+14", "100+6", "100+2", "100+1"]);
  assert.deepEqual(await one.read(1, read(0, 100), { values: pairs(0, 100) }), numbers(0, 100));
  assert.equal(asked.length, 8);
  asked.length = 0;
  assert.deepEqual(await one.read(1, read(90, 20), { values: pairs(90, 20) }), {
    kind: "exception",
    fn: 3,
    exception: 2,
  });
  assert.deepEqual(asked, ["90+20"], "100 registers were answered: 20 are not too many");
});

test("who answers nothing at all is asked for one register once, and is silent", async () => {
  const { asked, reads } = device(0, "silence");
  await assert.rejects(reads().read(1, read(0, 100), { values: pairs(0, 100) }), /did not answer/);
  assert.deepEqual(asked, ["0+100", "0+1"]);
});

test("other refusals are what they are", async () => {
  for (const exception of [1, 4, 6, 10, 11]) {
    const { asked, reads } = device(40, exception);
    assert.deepEqual(await reads().read(1, read(0, 100), { values: pairs(0, 100) }), {
      kind: "exception",
      fn: 3,
      exception,
    });
    assert.equal(asked.length, 1);
  }
});

test("so many at once as is said, and a text longer than that is cut", async () => {
  const { asked, reads } = device(125);
  const values = [
    { first: 0, count: 2 },
    { first: 2, count: 16 },
    { first: 18, count: 2 },
  ];
  assert.deepEqual(await reads(10).read(1, read(0, 20), { values }), numbers(0, 20));
  assert.deepEqual(asked, ["0+2", "2+10", "12+8"]);
});

test("what nobody says the values of is not cut where it is refused, but is where more is asked than may be", async () => {
  const { asked, reads } = device(40);
  assert.equal((await reads().read(1, read(0, 60), {})).kind, "exception");
  assert.deepEqual(await reads(20).read(1, read(0, 60), {}), numbers(0, 60));
  assert.deepEqual(asked, ["0+60", "0+20", "20+20", "40+20"]);
});

for (const beyond of [2, 3, "silence"] as const) {
  test(`devices that answer 1, 2 or 3 registers (${beyond}) are read as far as a number each`, async () => {
    const ones = Array.from({ length: 40 }, (_, k): Span => ({ first: k, count: 1 }));
    for (const [most, values] of [
      [1, ones],
      [2, ones],
      [2, pairs(0, 40)],
      [3, pairs(0, 40)],
    ] as const) {
      const { asked, reads } = device(most, beyond);
      const one = reads();
      assert.deepEqual(await one.read(1, read(0, 40), { values }), numbers(0, 40), `${most} registers`);
      asked.length = 0;
      // What was found out holds: 40 registers in so many pieces, none of which is too long.
      assert.deepEqual(await one.read(1, read(0, 40), { values }), numbers(0, 40));
      assert.equal(asked.length, values === ones ? 40 / most : 20, asked.join(", "));
    }
  });

  test(`a number that is longer than a device (${beyond}) answers is an error that says so`, async () => {
    const four = { first: 4, count: 4 };
    for (const [most, values, words] of [
      [1, pairs(0, 4), /unit 1 answers fewer than 2 registers at once, and the value at addresses 0 to 1 has 2/],
      [2, [...pairs(0, 4), four], /fewer than 4 registers at once, and the value at addresses 4 to 7 has 4/],
      [3, [four, ...pairs(8, 4)], /fewer than 4 registers at once, and the value at addresses 4 to 7 has 4/],
    ] as const) {
      const { reads } = device(most, beyond);
      const first = values[0]?.first ?? 0;
      const count = (values.at(-1)?.first ?? 0) + (values.at(-1)?.count ?? 0) - first;
      await assert.rejects(reads().read(1, read(first, count), { values }), words, `${most} registers`);
    }
  });

  test(`a text is read in parts by a device (${beyond}) that answers two registers`, async () => {
    const { reads } = device(2, beyond);
    const values = [...pairs(0, 4), { first: 4, count: 16 }];
    assert.deepEqual(await reads().read(1, read(0, 20), { values }), numbers(0, 20));
  });
}

test("a number longer than is to be asked for at once is not asked for in parts", async () => {
  const { asked, reads } = device(125);
  await assert.rejects(
    reads(1).read(1, read(0, 4), { values: pairs(0, 4) }),
    /unit 1 is to be asked for one register at once at most, and the value at addresses 0 to 1 has 2/,
  );
  assert.deepEqual(asked, []);
});

test("a number that is not there is refused, though half of it is", async () => {
  const { reads } = device(125, 2, [3]);
  assert.deepEqual(await reads().read(1, read(0, 4), { values: [{ first: 0, count: 4 }] }), {
    kind: "exception",
    fn: 3,
    exception: 2,
  });
});
