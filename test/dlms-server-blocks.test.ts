/** Long services of the server: blocks out, blocks in, and everything that can go wrong between them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { array, octets } from "#protocol/dlms/data/data.ts";
import { fromHex, toHex } from "./dlms-exchanges.ts";
import { goldenRow, TestHost } from "./dlms-host.ts";
import { aarq, GET_VALUE, talking, VALUE, type Talking } from "./dlms-talking.ts";

const BUFFER = "C001C100070100630100FF0200";

function hex(value: number, bytes: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(2 * bytes, "0");
}

function lengthHex(length: number): string {
  if (length < 0x80) return hex(length, 1);
  return length < 0x100 ? `81${hex(length, 1)}` : `82${hex(length, 2)}`;
}

interface Gathered {
  readonly bytes: string;
  readonly blocks: number;
  readonly longest: number;
}

/** All blocks of a long GET, from its first answer on. */
async function gathered({ ask }: Talking, first: string | undefined): Promise<Gathered> {
  let bytes = "";
  let longest = 0;
  let answer = first;
  for (let number = 1; ; number++) {
    assert.ok(answer !== undefined);
    longest = Math.max(longest, answer.length / 2);
    const [, last = "", count, rest = ""] = /^C402C1(00|01)(.{8})00(.*)$/.exec(answer) ?? assert.fail(answer);
    assert.equal(count, hex(number, 4));
    const long = /^8[12]/.test(rest) ? 2 + 2 * Number(rest[1]) : 2;
    assert.equal(rest.slice(0, long), lengthHex((rest.length - long) / 2));
    bytes += rest.slice(long);
    if (last === "01") return { bytes, blocks: number, longest };
    answer = await ask(`C002C1${hex(number, 4)}`);
  }
}

test("a profile of 78,624 rows costs its blocks: each row is asked for once, in order, when its block is", async () => {
  const rows = 78_624;
  const talk = talking({ rows });
  await talk.ask(aarq({ pdu: "0400" }));
  const first = await talk.ask(BUFFER);
  // 1,012 bytes of rows of 41: no more than one beyond the block has been made.
  assert.equal(talk.host.asked.length, 25);
  const { bytes, longest } = await gathered(talk, first);
  assert.equal(longest, 1024);
  assert.equal(bytes.slice(0, 12), "018400013320");
  assert.deepEqual(
    talk.host.asked,
    Array.from({ length: rows }, (_, k) => k),
  );
  const last = toHex(encodeData(goldenRow(rows - 1)));
  assert.equal(bytes.slice(-last.length), last);
  assert.equal(bytes.length / 2, 6 + rows * (last.length / 2));
});

test("what is short of one APDU comes in one, and what fills it is not cut", async () => {
  // Four rows of 41 bytes and what is before them: 4 + 2 + 164.
  const whole = 170;
  const one = talking({ rows: 4 });
  await one.ask(aarq({ pdu: hex(whole, 2) }));
  assert.equal((await one.ask(BUFFER))?.length, 2 * whole);
  const two = talking({ rows: 4 });
  await two.ask(aarq({ pdu: hex(whole - 1, 2) }));
  const { blocks, longest } = await gathered(two, await two.ask(BUFFER));
  assert.equal(blocks, 2);
  assert.equal(longest, whole - 1);
});

test("blocks of any length that the client takes give the same bytes", async () => {
  const rows = array(Array.from({ length: 40 }, (_, k) => goldenRow(k)));
  for (const pdu of [12, 13, 64, 125, 137, 138, 139, 140, 141, 265, 266, 267, 268, 269, 270, 1024, 1600]) {
    const talk = talking();
    await talk.ask(aarq({ pdu: hex(pdu, 2) }));
    const { bytes, longest } = await gathered(talk, await talk.ask(BUFFER));
    assert.equal(bytes, toHex(encodeData(rows)), `${pdu}`);
    assert.ok(longest <= pdu && longest >= pdu - 1, `${pdu}: ${longest}`);
  }
});

test("a row that is overwritten while it is waited for aborts the long GET", async () => {
  const talk = talking();
  await talk.ask(aarq({ pdu: "007D" }));
  await talk.ask(BUFFER);
  talk.host.oldest = 30;
  // What had been made is sent, then the abort is said (15), and after that there is no long GET (16).
  let answer = await talk.ask("C002C100000001");
  if (answer?.startsWith("C402C100") === true) answer = await talk.ask("C002C100000002");
  assert.match(answer ?? "", /^C402C1010000000[23]010F$/);
  assert.equal(await talk.ask("C002C100000003"), "C402C1010000000301" + "10");
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("another block than the next ends a long GET, and so does another request, and a new configuration", async () => {
  for (const number of ["00000000", "00000002", "FFFFFFFF"]) {
    const talk = talking();
    await talk.ask(aarq({ pdu: "007D" }));
    await talk.ask(BUFFER);
    assert.equal(await talk.ask(`C002C1${number}`), `C402C101${number}0113`);
    assert.equal(await talk.ask("C002C100000001"), "C402C101000000010110");
  }
  const talk = talking();
  await talk.ask(aarq({ pdu: "007D" }));
  assert.equal(await talk.ask("C002C100000000"), "C402C101000000000110");
  await talk.ask(BUFFER);
  assert.equal(await talk.ask(GET_VALUE), VALUE);
  assert.equal(await talk.ask("C002C100000001"), "C402C101000000010110");
  await talk.ask(BUFFER);
  talk.host.epoch++;
  assert.equal(await talk.ask("C002C100000001"), "D80101");
  assert.equal(talk.conversation.associated, false);
  assert.equal(talk.host.sessions.size, 0);
});

test("a list that does not fit comes in blocks, with its count and the choice of each result", async () => {
  const talk = talking({ rows: 2 });
  await talk.ask(aarq({ pdu: "0040" }));
  const asked = "C003C1030003 0100010700FF 02000007 0100630100FF 02000001 0100636300FF 0200".replaceAll(" ", "");
  const { bytes } = await gathered(talk, await talk.ask(asked));
  const rows = toHex(encodeData(array([goldenRow(0), goldenRow(1)])));
  assert.equal(bytes, `0300060012D68700${rows}0104`);
});

test("all attributes of an object are a structure where that was agreed, and null-data is what may not be read", async () => {
  const services = new Set(["get", "attribute0-supported-with-get"] as const);
  const talk = talking({ settings: { conformance: services } });
  await talk.ask(aarq({ proposed: "FFFFFF" }));
  assert.equal(
    await talk.ask("C001C100030100010700FF0000"),
    "C401C1000203" + "09060100010700FF" + "060012D687" + "02020FFD161B",
  );
  assert.equal(await talk.ask("C001C100030100636300FF0000"), "C401C10104");
  const without = talking();
  await without.ask(aarq());
  assert.equal(await without.ask("C001C100030100010700FF0000"), "C401C10103");
});

/** 0.0.96.1.0.255, which keeps whatever is set. */
const TEXT = "00010000600100FF02";

test("a long SET is gathered, set once, and read back", async () => {
  const talk = talking();
  await talk.ask(aarq());
  const value = toHex(encodeData(octets(Uint8Array.from({ length: 900 }, (_, k) => k & 0xff))));
  const cut = [value.slice(0, 600), value.slice(600, 1200), value.slice(1200)];
  const block = (k: number, last: boolean): string =>
    `${last ? "01" : "00"}${hex(k + 1, 4)}${lengthHex((cut[k] ?? "").length / 2)}${cut[k]}`;
  assert.equal(await talk.ask(`C102C1${TEXT}00${block(0, false)}`), "C502C100000001");
  assert.equal(await talk.ask(`C103C1${block(1, false)}`), "C502C100000002");
  assert.equal(talk.host.text.type === "octet-string" && talk.host.text.value.length, 0);
  assert.equal(await talk.ask(`C103C1${block(2, true)}`), "C503C10000000003");
  assert.equal(await talk.ask(`C001C1${TEXT}00`), `C401C100${value}`);
});

test("a long SET of a list answers for each of them", async () => {
  const talk = talking();
  await talk.ask(aarq());
  const values = "02" + "0600000005" + "09021122";
  assert.equal(
    await talk.ask(`C105C102${"00030100010700FF0200"}${TEXT}00` + `00000000010${"4"}${values.slice(0, 8)}`),
    "C502C100000001",
  );
  assert.equal(await talk.ask(`C103C10100000002${lengthHex(6)}${values.slice(8)}`), "C504C102030000000002");
  assert.deepEqual(talk.host.text, octets(fromHex("1122")));
});

test("blocks of a long SET out of order, too many, or of no value, set nothing", async () => {
  const cases: readonly [why: string, requests: readonly [request: string, answer: string][]][] = [
    ["no first block", [["C103C1010000000102AABB", "C503C11200000001"]]],
    ["the first is the second", [[`C102C1${TEXT}00000000000202AABB`, "C503C11300000002"]]],
    [
      "one is missing",
      [
        [`C102C1${TEXT}00000000000102AABB`, "C502C100000001"],
        ["C103C1000000000302AABB", "C503C11300000003"],
        ["C103C1010000000202AABB", "C503C11200000002"],
      ],
    ],
    [
      "no value",
      [
        [`C102C1${TEXT}0000000000010209FF`, "C502C100000001"],
        ["C103C1010000000202AABB", "C503C10C00000002"],
      ],
    ],
    [
      "another request between",
      [
        [`C102C1${TEXT}0000000000010209FF`, "C502C100000001"],
        [GET_VALUE, VALUE],
        ["C103C1010000000202AABB", "C503C11200000002"],
      ],
    ],
  ];
  for (const [why, requests] of cases) {
    const talk = talking();
    await talk.ask(aarq());
    for (const [request, answer] of requests) assert.equal(await talk.ask(request), answer, why);
    assert.deepEqual(talk.host.text, octets(new Uint8Array(0)), why);
  }
});

test("64 kB is what a long SET brings, and what is more is refused and let go", async () => {
  const talk = talking();
  await talk.ask(aarq());
  const bytes = 1000;
  await talk.ask(`C102C1${TEXT}0000000000018203E8${"00".repeat(bytes)}`);
  for (let k = 2; k <= 65; k++)
    assert.equal(await talk.ask(`C103C100${hex(k, 4)}8203E8${"00".repeat(bytes)}`), `C502C1${hex(k, 4)}`);
  assert.equal(await talk.ask(`C103C100000000428203E8${"00".repeat(bytes)}`), "C503C11100000042");
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

/** Method 1 of the same object gives back what it is told. */
const ECHO = "00010000600100FF01";

test("a long ACTION is gathered and invoked once, and what it gives back comes in blocks", async () => {
  const talk = talking();
  await talk.ask(aarq({ pdu: "0040" }));
  const value = `0964${"5A".repeat(100)}`;
  assert.equal(await talk.ask(`C304C1${ECHO}` + `0000000001${lengthHex(60)}${value.slice(0, 120)}`), "C704C100000001");
  assert.equal(talk.host.told.length, 0);
  const first = await talk.ask(`C306C10100000002${lengthHex(42)}${value.slice(120)}`);
  // Result, "there is data", its choice, then the data: 105 bytes in blocks of 64 - 9.
  const returned = `000100${value}`;
  assert.equal(first, `C702C10000000001${lengthHex(55)}${returned.slice(0, 110)}`);
  assert.equal(await talk.ask("C302C100000001"), `C702C10100000002${lengthHex(50)}${returned.slice(110)}`);
  assert.equal(talk.host.told.length, 1);
  assert.equal(await talk.ask("C302C100000002"), "C701C11000");
});

test("a long ACTION out of order is aborted, and nothing is invoked", async () => {
  const talk = talking();
  await talk.ask(aarq({ pdu: "0040" }));
  assert.equal(await talk.ask("C306C1010000000102AABB"), "C701C11000");
  assert.equal(await talk.ask(`C304C1${ECHO}000000000202AABB`), "C701C10F00");
  await talk.ask(`C304C1${ECHO}0000000001020964`);
  assert.equal(await talk.ask("C306C1000000000302AABB"), "C701C10F00");
  assert.equal(talk.host.told.length, 0);
  assert.match((await talk.ask(`C301C1${ECHO}010964${"5A".repeat(100)}`)) ?? "", /^C702C10000000001/);
  assert.equal(await talk.ask("C302C100000007"), "C701C10F00");
  assert.equal(talk.host.told.length, 1);
});

test("lists of methods answer each, and parameters of a list may come in blocks", async () => {
  const talk = talking();
  await talk.ask(aarq());
  assert.equal(
    await talk.ask(`C303C102${ECHO}${"00460000600363FF01"}` + "0211050F00"),
    "C703C102" + "0001001105" + "0400",
  );
  await talk.ask(`C305C102${ECHO}${ECHO}` + "000000000103021105");
  assert.equal(await talk.ask("C306C1010000000202" + "1106"), "C703C102" + "0001001105" + "0001001106");
});

test("what is not to be confirmed is done and not answered", async () => {
  const talk = talking();
  await talk.ask(aarq());
  assert.equal(await talk.ask(`C10101${TEXT}0009021122`), undefined);
  assert.deepEqual(talk.host.text, octets(fromHex("1122")));
  assert.equal(await talk.ask(`C30101${ECHO}011105`), undefined);
  assert.equal(talk.host.told.length, 1);
  assert.equal(await talk.ask(`C001010007${"0100630100FF"}0200`), undefined);
  assert.equal(talk.host.asked.length, 0);
  // Id and priority come back as they were.
  assert.equal(await talk.ask("C001CF00030100010700FF0200"), "C401CF00060012D687");
});

test("an APDU that makes no sense is refused, and the next one is answered", async () => {
  const talk = talking();
  assert.equal(await talk.ask(""), undefined);
  assert.equal(await talk.ask(GET_VALUE), "D80101");
  assert.equal(await talk.ask("C8"), "D80101");
  assert.equal(await talk.ask("00"), "D80202");
  await talk.ask(aarq());
  for (const [request, answer] of [
    ["00", "D80202"],
    ["C4014200060012D687", "D80202"],
    ["D9", "D80102"],
    ["05", "D80202"],
    ["C0", "D80103"],
    ["C0FFC1", "D80103"],
    ["C001C100030100010700FF02", "D80103"],
    [`${GET_VALUE}00`, "D80103"],
    [`C101C1${TEXT}00${"0101".repeat(40)}00`, "D80103"],
    ["C81E3000000004B62216D62DB6120F0795A4375AFF23ECD6233CFA07DC57EE55", "D80102"],
    ["62FF", "D80103"],
  ] as const)
    assert.equal(await talk.ask(request), answer, request);
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("a meter that does not answer does not, and remembers nothing of what was said meanwhile", async () => {
  const talk = talking();
  talk.host.isAnswering = false;
  assert.equal(await talk.ask(aarq()), undefined);
  talk.host.isAnswering = true;
  assert.equal(await talk.ask(GET_VALUE), "D80101");
  assert.ok(new TestHost().answers());
});
