/** What an MMS server makes of PDUs that are none, too much or too deep: rejects and errors of ISO 9506-2, and no more work than is worth it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import { decodePdu } from "#protocol/iec61850/mms/pdu.ts";
import type { AlternateAccess } from "#protocol/iec61850/mms/variable-access.ts";
import { fromHex } from "./mms-exchanges.ts";
import { serving, TestHost } from "./mms-serving.ts";
import { smallIed } from "./small-ied.ts";

const { client: join } = serving(new TestHost(smallIed()));

// A reject (a4) has the number of the request (80), and its reason by the kind of PDU: 81 confirmed request, 85 what is no PDU.
const wrong: readonly (readonly [what: string, pdu: string, answer: readonly string[]])[] = [
  ["no octets", "", ["a403850101"]],
  ["a PDU that there is not", "ae00", ["a403850101"]],
  ["a length that goes beyond its end", "a07f020107", ["a403850101"]],
  ["a request without a number", "a0028200", ["a403850101"]],
  ["a number of 40 bits", "a0090205ffffffffff8200", ["a403850101"]],
  ["a service that there is not", "a005020107 8300", ["a406800107810101"]],
  ["a service of two octets that there is not", "a006020107 9f7000", ["a406800107810101"]],
  ["a read of nothing", "a005020107 a400", ["a406800107810104"]],
  ["a write of nothing", "a005020107 a500", ["a406800107810104"]],
  ["a name list of no class", "a005020107 a100", ["a406800107810104"]],
  [
    "a rename of a file, which nobody can",
    "a017020107 bf4b11 a0081906 6f6c642e7478 a1051903 6e6577",
    ["a20a800107a205a003870101"],
  ],
  ["a journal that there is not", "a016020107 bf4110 a00ea10c1a08 4a454d30314d5452 1a00", ["a20a800107a205a003870102"]],
  ["an initiate once more", "a800", ["a403850101"]],
  ["a reject", "a403850101", []],
  ["a reject that is none", "a402", []],
  ["a response to nothing", "a106020107 9f4a00", []],
  ["a report", "a3 11 a00f a1058003525054 a006 830101 830100", []],
  ["a cancel of what is over", "850107", ["a70a800107a105a0038a0101"]],
];
for (const [what, pdu, answer] of wrong) {
  test(`${what} is answered as it has to be, and the association stands`, async () => {
    const client = await join();
    assert.deepEqual(client.ask(pdu), answer);
    assert.equal(client.ask("a0050201078200").length, 1);
    client.hangUp();
  });
}

/** BER: an element in hexadecimal. */
function element(tag: string, ...content: readonly string[]): string {
  const inner = content.join("");
  const length = inner.length / 2;
  if (length < 0x80) return tag + length.toString(16).padStart(2, "0") + inner;
  return `${tag}83${length.toString(16).padStart(6, "0")}${inner}`;
}

const text = (tag: string, of: string): string => element(tag, Buffer.from(of, "latin1").toString("hex"));
const named = (item: string): string => element("a0", element("a1", text("1a", "JEM01MTR"), text("1a", item)));

function readOf(...variables: readonly string[]): string {
  return element("a0", "020107", element("a4", element("a1", element("a0", ...variables))));
}

test("indefinite lengths are read like others", async () => {
  const client = await join();
  const name = named("MMXU1$MX$TotW$q");
  const usual = client.ask(readOf(element("30", name)));
  const indefinite = `a080020107a480a180a0803080${name}0000000000000000` + "0000";
  assert.deepEqual(client.ask(indefinite), usual);
  assert.equal(usual[0], element("a1", "020107", element("a4", element("a1", "8403034000"))));
});

test("an alternate access that is nested beyond all models is no argument", async () => {
  const client = await join();
  let deep = element("81", "66");
  for (let k = 0; k < 3000; k++) deep = element("a0", element("80", "66"), element("30", deep));
  const variable = element("30", named("MHAI1$MX$HA$phsAHar"), element("a5", deep));
  assert.deepEqual(client.ask(readOf(variable)), ["a406800107810104"]);
});

test("a few octets that ask for thousands of parts of thousands of elements make no more work than an answer has room for", async () => {
  const client = await join();
  const parts = Array.from({ length: limits.mms.selections }, () => element("81", "71")).join("");
  const each = element("30", named("MHAI1$MX$HA$phsAHar"), element("a5", element("a0", "8300", element("30", parts))));
  const many = readOf(...Array.from({ length: 150 }, () => each));
  assert.ok(many.length / 2 > 50_000);
  assert.deepEqual(client.ask(many), ["a20a800107a205a003830100"]);
  const all: AlternateAccess = [
    {
      part: { kind: "all" },
      within: Array.from(
        { length: limits.mms.selections + 1 },
        () => ({ part: { kind: "component", name: "q" } }) as const,
      ),
    },
  ];
  assert.deepEqual(client.read("MHAI1$MX$HA$phsAHar", all), { kind: "failure", error: 10 });
});

test("a read of thousands of names that are none says so of each", async () => {
  const client = await join();
  const answer = client.ask(
    readOf(...Array.from({ length: 1500 }, (_, k) => element("30", named(`MMXU${k}$MX$TotW$q`)))),
  );
  const decoded = decodePdu(fromHex(answer.join("")));
  assert.ok(decoded.kind === "response" && decoded.response.service === "read");
  const { results } = decoded.response;
  assert.deepEqual([results.length, results.findIndex(({ kind }) => kind !== "failure")], [1500, 1]);
  assert.ok(results.every((result, k) => k === 1 || (result.kind === "failure" && result.error === 10)));
});

test("values of fewer or more variables than are named are no argument, and none is written", async () => {
  const host = new TestHost(smallIed());
  const client = await serving(host).client();
  const db = element("30", named("MMXU1$CF$TotW$db"));
  const write = (...data: readonly string[]): readonly string[] =>
    client.ask(element("a0", "020107", element("a5", element("a0", db, db), element("a0", ...data))));
  assert.deepEqual(write("860105"), ["a406800107810104"]);
  assert.deepEqual(write("860105", "860106", "860107"), ["a406800107810104"]);
  assert.deepEqual(write("860105", "ff"), ["a406800107810104"]);
  assert.deepEqual(host.written, []);
  // An integer of twenty octets, of which there are none.
  assert.deepEqual(write("860105", element("86", "7f".repeat(20))), ["a406800107810104"]);
  assert.deepEqual(write("860105", "860106"), ["a109020107a50481008100"]);
});
