/** General block transfer of the server: E0, control (80 last, 40 streaming, window), number, acknowledged number, bytes (Green Book 9.5). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { array, octets } from "#protocol/dlms/data/data.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { toHex } from "./dlms-exchanges.ts";
import { goldenRow, goldenServices } from "./dlms-host.ts";
import { aarq, GET_VALUE, talking, VALUE, type Talking } from "./dlms-talking.ts";

const ALL = "FFFFFF";
const BUFFER = "C001C100070100630100FF0200";
const TEXT = "00010000600100FF02";

async function associated(services: readonly Service[], pdu = "0040"): Promise<Talking> {
  const talk = talking({ settings: { conformance: new Set<Service>([...services, "general-block-transfer"]) } });
  await talk.ask(aarq({ proposed: ALL, pdu }));
  return talk;
}

function hex(value: number, bytes: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(2 * bytes, "0");
}

/** All blocks from the first on, each acknowledged. */
async function gathered({ ask }: Talking, first: string | undefined, acknowledged = 0): Promise<string> {
  let answer = first;
  let bytes = "";
  for (let own = acknowledged; ;) {
    const [, last, number = "", back, rest = ""] =
      /^E0(01|81)(....)(....)(?:81)?..(.*)$/.exec(answer ?? "") ?? assert.fail(answer);
    assert.equal(parseInt(back ?? "", 16), acknowledged);
    assert.ok((answer?.length ?? 0) / 2 <= 64);
    bytes += rest;
    own++;
    answer = await ask(`E081${hex(own, 2)}${number}00`);
    if (last === "81") break;
  }
  assert.equal(answer, undefined);
  return bytes;
}

test("without block transfer of its own, a long GET comes in general blocks", async () => {
  const talk = await associated(["get"]);
  const rows = toHex(encodeData(array(Array.from({ length: 40 }, (_, k) => goldenRow(k)))));
  assert.equal(await gathered(talk, await talk.ask(BUFFER)), `C401C100${rows}`);
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("with block transfer of its own, a long GET comes in that", async () => {
  const talk = await associated(goldenServices);
  assert.match((await talk.ask(BUFFER)) ?? "", /^C402C10000000001/);
});

test("a request in blocks is answered in blocks, which acknowledge it", async () => {
  const talk = await associated(["get", "set"]);
  const value = toHex(encodeData(octets(Uint8Array.from({ length: 90 }, (_, k) => k))));
  const request = `C101C1${TEXT}00${value}`;
  const [one, two, three] = [request.slice(0, 80), request.slice(80, 160), request.slice(160)];
  const block = (control: string, number: number, bytes = ""): string =>
    `E0${control}${hex(number, 2)}0000${hex(bytes.length / 2, 1)}${bytes}`;
  // Streamed: nothing is said within a window; then what has come.
  assert.equal(await talk.ask(block("42", 1, one)), undefined);
  assert.equal(await talk.ask(block("02", 2, two)), "E0010001000200");
  assert.deepEqual(talk.host.text, octets(new Uint8Array(0)));
  assert.equal(await talk.ask(block("82", 3, three)), "E081000200030" + "4C501C100");
  assert.equal(talk.host.text.type === "octet-string" && talk.host.text.value.length, 90);
  // Read back, in one block each way.
  assert.equal(await gathered(talk, await talk.ask(block("81", 1, GET_VALUE)), 1), VALUE);
});

test("a block that is lost on the way is asked for again, or sent again", async () => {
  const talk = await associated(["get"]);
  const request = BUFFER;
  await talk.ask(`E04100010000${hex(5, 1)}${request.slice(0, 10)}`);
  // The second never came; what is acknowledged is the first.
  assert.equal(await talk.ask(`E00100030000${hex(3, 1)}${request.slice(20)}`), "E0010001000100");
  await talk.ask(`E04100020000${hex(5, 1)}${request.slice(10, 20)}`);
  const first = (await talk.ask(`E08100030000${hex(3, 1)}${request.slice(20)}`)) ?? "";
  assert.match(first, /^E00100020003/);
  // Its first block was lost: acknowledged is the one before.
  assert.equal(await talk.ask("E0810002000100"), first);
  assert.match((await talk.ask("E0810003000200")) ?? "", /^E00100030003/);
  // Two back is nothing that is still there.
  assert.equal(await talk.ask("E0810004000100"), "D80101");
  assert.equal(await talk.ask("E0810004000300"), undefined);
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("general blocks that were not agreed, or bring more than 64 kB, are refused", async () => {
  const without = talking();
  assert.equal(await without.ask("E0810001000000"), "D80101");
  await without.ask(aarq());
  assert.equal(await without.ask(`E081000100000D${GET_VALUE}`), "D80102");
  const talk = await associated(["get"]);
  const bytes = "00".repeat(1000);
  for (let k = 1; k <= 65; k++) assert.equal(await talk.ask(`E041${hex(k, 2)}00008203E8${bytes}`), undefined);
  assert.equal(await talk.ask(`E041${hex(66, 2)}00008203E8${bytes}`), "D80104");
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("what would be longer than 64 kB in general blocks is refused", async () => {
  const talk = talking({
    rows: 1700,
    settings: { conformance: new Set<Service>(["get", "general-block-transfer"]) },
  });
  await talk.ask(aarq({ proposed: ALL, pdu: "0040" }));
  assert.equal(await talk.ask(BUFFER), "D80104");
});
