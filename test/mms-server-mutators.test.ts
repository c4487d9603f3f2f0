/** Seeded bad PDUs to an MMS server: an answer that is one or none, bounded octets and work, and other clients answered as ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectName } from "#protocol/iec61850/mms/data.ts";
import { decodePdu, pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import type { Request } from "#protocol/iec61850/mms/services.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { ReadQuestion } from "#protocol/iec61850/server/read-question.ts";
import { WireError } from "#wire/cursor.ts";
import { draftIed, skipDraft } from "./draft-ied.ts";
import { connectionsOf, fromHex, skip as skipVectors, toHex } from "./mms-exchanges.ts";
import { controlBlocks } from "./mms-control-blocks.ts";
import { initiateRequest, serving, TestHost, type TestClient } from "./mms-serving.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const skip = skipVectors !== false ? skipVectors : skipDraft;

const domain = "JEM01MTR";
const har: ObjectName = { scope: "domain", domain, item: "MHAI1$MX$HA$phsAHar" };
const component = (name: string): { part: { kind: "component"; name: string } } => ({
  part: { kind: "component", name },
});

/** Beside those of the vectors. */
const requests: readonly Request[] = [
  {
    service: "read",
    withSpecification: true,
    access: {
      kind: "variables",
      variables: [
        { kind: "name", name: har, alternate: [{ part: { kind: "all" }, within: [component("q"), component("t")] }] },
        {
          kind: "name",
          name: har,
          alternate: [
            { part: { kind: "range", first: 3, count: 9 } },
            { named: "x", part: { kind: "index", index: 50 } },
          ],
        },
        {
          kind: "name",
          name: har,
          alternate: [
            { part: { kind: "index", index: 1 }, within: [{ ...component("cVal"), within: [component("mag")] }] },
          ],
        },
      ],
    },
  },
  {
    service: "defineNamedVariableList",
    name: { scope: "vmd", item: "a" },
    variables: [{ kind: "name", name: har, alternate: [{ part: { kind: "index", index: 1 } }] }],
  },
  {
    service: "defineNamedVariableList",
    name: { scope: "association", item: "b" },
    variables: [{ kind: "name", name: har }],
  },
  { service: "deleteNamedVariableList", scope: "vmd", names: [] },
  { service: "deleteNamedVariableList", scope: "domain", names: [], domain },
  { service: "deleteNamedVariableList", scope: "association", names: [] },
  { service: "read", withSpecification: false, access: { kind: "list", name: { scope: "vmd", item: "a" } } },
  { service: "getCapabilityList" },
  { service: "fileRename", from: "a", to: "b" },
  { service: "fileDirectory", name: "*.c?g", continueAfter: "meter.cid" },
];

const samples: readonly Uint8Array[] = [
  ...["mms-walk.txt", "mms-second-client.txt", "mms-paging.txt", "mms-setting-groups.txt", "mms-log.txt"].flatMap(
    (file) =>
      connectionsOf(file as "mms-walk.txt").flatMap((sent) =>
        sent.flatMap(({ from, pdu }) => (from === "client" && pdu !== undefined ? [fromHex(pdu)] : [])),
      ),
  ),
  ...requests.map((request, k) => pduBytes({ kind: "request", invokeId: k, request })),
  // Cancel, a reject, an unconfirmed service.
  ...["850107", "a406800107810104", "a305a003800100"].map(fromHex),
];

/** MMTR1$ST$SupWh, as libiec61850's client reads it. */
const read = "a029020111a424a122a020301ea01ca11a1a084a454d30314d54521a0e4d4d5452312453542453757057 68".replace(" ", "");

test("mutated PDUs are answered with one PDU or none, and nobody else notices", { skip }, async () => {
  const random = numbers(61_850);
  const { client: join, clock } = serving(new TestHost(draftIed()), [reports, controls]);
  const sound = await join();
  const usual = sound.ask(read);
  assert.equal(usual.length, 1);
  let client: TestClient | undefined;
  let most = 0;
  for (let k = 0; k < share(10_000, 50_000, 400_000); k++) {
    if (client === undefined || client.how !== "there" || random(500) === 0) {
      client?.hangUp();
      client = await join();
    }
    const pdu = mutated(samples, random);
    const heard = client.ask(toHex(pdu));
    // Reports, and how a command went, come when they come.
    assert.ok(heard.filter((hex) => !hex.startsWith("a3")).length <= 1, toHex(pdu));
    for (const hex of heard) {
      most = Math.max(most, hex.length / 2);
      decodePdu(fromHex(hex));
    }
    if (random(50) === 0) clock.advance(random(200_000));
    client.heard = [];
    if (k % 10 === 0) assert.deepEqual(sound.ask(read), usual);
  }
  assert.ok(most <= 65_000);
});

test("mutated initiates are answered with an association or without", { skip }, async () => {
  const random = numbers(9506);
  const { client: join } = serving(new TestHost(draftIed()), [controlBlocks()]);
  for (let k = 0; k < share(2000, 20_000, 100_000); k++) {
    const client = await join(toHex(mutated([fromHex(initiateRequest)], random)));
    if (client.answer.accepted) {
      assert.equal(decodePdu(client.answer.initiate).kind, "initiateResponse");
      assert.equal(client.ask("a0050201078200").length, 1);
      client.hangUp();
    } else if (client.answer.initiate !== undefined)
      assert.equal(decodePdu(client.answer.initiate).kind, "initiateError");
  }
});

test("what is found of a read at a glance is what a thorough reader finds", { skip }, () => {
  const random = numbers(14_006);
  const question = new ReadQuestion();
  const reads = samples.filter((pdu) => question.find(pdu));
  assert.ok(reads.length > 30, `${reads.length} of ${samples.length}`);
  let found = 0;
  for (let k = 0; k < share(20_000, 100_000, 500_000); k++) {
    const pdu = mutated(reads, random);
    if (!question.find(pdu)) continue;
    found++;
    const decoded = thorough(pdu);
    const text = (from: number, to: number): string => Buffer.from(pdu.subarray(from, to)).toString("latin1");
    const name = {
      scope: "domain",
      domain: text(question.domainFrom, question.domainTo),
      item: text(question.itemFrom, question.itemTo),
    };
    assert.deepEqual(decoded, {
      kind: "request",
      invokeId: question.invokeId,
      request: {
        service: "read",
        withSpecification: question.withSpecification,
        access: question.isList ? { kind: "list", name } : { kind: "variables", variables: [{ kind: "name", name }] },
      },
    });
  }
  assert.ok(found > 100, `${found} found`);
});

function thorough(pdu: Uint8Array): unknown {
  try {
    return decodePdu(pdu);
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}
