/**
 * libiec61850's client (pyiec61850-ng of the Python index, a program of its own) walks through the whole model of a server of ours, reads every
 * attribute, and fetches, sends and deletes files; tshark finds nothing wrong with a single PDU.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Attribute, DataObject, Ied, Leaf } from "#protocol/iec61850/model/ied.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { draftIed, skipDraft } from "../draft-ied.ts";
import { gooseBlocks } from "../mms-control-blocks.ts";
import { TestHost } from "../mms-serving.ts";
import { temporaryFolder } from "../running-site.ts";
import { onPort } from "./iec61850-serving.ts";
import { FrailPeer, peersPython, runProgram, tryAgain, withFrailPeer, without, withoutPeers } from "./programs.ts";
import { tcpCapture } from "./tcp-capture.ts";

const script = fileURLToPath(new URL("iec61850-walk.py", import.meta.url));

/** A value by a leaf's number, and what the client makes of it. */
function valueOf({ type, index }: Leaf): readonly [value: LeafValue, found: unknown] {
  switch (type) {
    case "BOOLEAN":
      return [index % 2 === 1, index % 2 === 1];
    case "FLOAT32":
      return [index + 0.5, index + 0.5];
    case "Enum":
      return [index % 100, index % 100];
    case "INT64":
      // More than 32 bits hold.
      return [BigInt(index) * 10_000_000_000n, index * 10_000_000_000];
    case "Quality":
      return [index % 8192, { bits: 13, set: index % 8192 }];
    case "Check":
      return [index % 4, { bits: 2, set: index % 4 }];
    case "Timestamp": {
      // Half a second is a half of 2^24 in any binary; leap seconds known, ten bits.
      const utc = 1_700_000_000_500 + 1000 * index;
      const time = { utc, leapSecondsKnown: true, clockFailure: false, notSynchronised: false, accuracyBits: 10 };
      return [time, { ms: utc, quality: 0x8a }];
    }
    case "VisString255":
      return [`text ${index}`, `text ${index}`];
    case "Octet64":
      return [Uint8Array.of(index % 256), { octets: [index % 256] }];
    default:
      return [index, index];
  }
}

/** All attributes, by their names over MMS. */
function attributesOf(ied: Ied): Map<string, Attribute> {
  const all = new Map<string, Attribute>();
  const attribute = (prefix: string, of: Attribute): void => {
    if (of.kind === "structure") for (const field of of.fields) attribute(`${prefix}$${field.name}`, field);
    else all.set(prefix, of);
  };
  const object = (node: string, within: string, { attributes, objects, name }: DataObject): void => {
    const here = `${within}$${name}`;
    for (const one of attributes) attribute(`${node}$${one.fc}${here}$${one.name}`, one);
    for (const inner of objects) object(node, here, inner);
  };
  for (const { nodes } of ied.devices)
    for (const node of nodes) for (const one of node.objects) object(nodeName(node), "", one);
  return all;
}

function found(attribute: Attribute): unknown {
  if (attribute.kind === "leaf") return valueOf(attribute)[1];
  return (attribute.kind === "array" ? attribute.items : attribute.fields).map(found);
}

function leavesOf(attribute: Attribute): readonly Leaf[] {
  if (attribute.kind === "leaf") return [attribute];
  return (attribute.kind === "array" ? attribute.items : attribute.fields).flatMap(leavesOf);
}

const at = { utc: Date.UTC(2026, 10, 21, 1, 39, 41), offsetMinutes: 0, daylightSaving: false, synchronised: true };
const recording = new Uint8Array(200_000).map((_, k) => k % 251);
const shelf: FileShelf = {
  folders: ["COMTRADE"],
  list: () => [
    { name: "meter.cid", at, size: recording.length },
    { name: "COMTRADE/ev1.dat", at, size: 4 },
  ],
  read: (name) => (name === "meter.cid" ? recording : undefined),
};

/** Names of what the client is told when something is not done. */
const clientErrors = { accessDenied: 21, nonExistent: 22 } as const;

test(
  "libiec61850's client reads all that there is, and does with files what can be done",
  { skip: skipDraft !== false ? skipDraft : withoutPeers("pyiec61850") },
  (t) => withFrailPeer(t, () => walk(t)),
);

async function walk(t: TestContext): Promise<void> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const ied = draftIed();
  const host = new TestHost(ied, shelf);
  const attributes = attributesOf(ied);
  const values: LeafValue[] = Array.from({ length: ied.leaves });
  for (const attribute of attributes.values())
    for (const leaf of leavesOf(attribute)) values[leaf.index] = valueOf(leaf)[0];
  host.set(values);
  const served = await onPort(t, host, [gooseBlocks, reports, controls]);
  const { status, out } = await runProgram(peersPython, [script, String(served.port), folder], 120_000);
  if (status === tryAgain) throw new FrailPeer("its library lost the association");
  assert.equal(status, 0, out);
  const lines = out
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { what: string; is: never });
  const told = (what: string): unknown => lines.find((line) => line.what === what)?.is;
  assert.deepEqual(told("identity"), ["example", "SoftMeter twin", "0.0.1"]);
  assert.deepEqual(told("strange"), []);
  const read = told("values") as Record<string, unknown>;
  let compared = 0;
  for (const [name, attribute] of attributes) {
    // What is written to operate is another part's.
    if (attribute.fc === "CO") continue;
    assert.deepEqual(read[name], found(attribute), name);
    compared += leavesOf(attribute).length;
  }
  assert.ok(compared > 2000, `${compared} compared`);
  const all = ied.devices.flatMap(({ nodes }) => nodes.map(nodeName));
  assert.deepEqual((told("nodes") as string[]).toSorted(), all.toSorted());
  assert.equal((told("sets") as Record<string, unknown[]>)["LLN0$Inst"]?.length, 50);
  const element = attributes.get("MHAI1$MX$HA$phsAHar");
  assert.ok(element !== undefined);
  assert.deepEqual(told("element"), [(found(element) as [[[number]]][])[7]?.[0][0][0], 0]);
  assert.deepEqual(told("write"), [null, 0]);
  assert.deepEqual(host.written, [{ name: "db", value: 250 }]);
  assert.deepEqual(told("write a measurement"), [null, clientErrors.accessDenied]);
  assert.equal(told("read nothing"), clientErrors.nonExistent);
  const power = [read["MMXU1$MX$TotW$mag$f"], read["MMXU1$MX$TotW$q"]];
  assert.deepEqual(
    lines.filter(({ what }) => what === "made").map(({ is }) => is),
    ["JEM01MTR/LLN0.Mine", "@Mine"].map((name) => [name, [null, 0], power, [true, 0]]),
  );
  assert.deepEqual(told("deleted"), [false, clientErrors.accessDenied]);
  assert.deepEqual(told("files"), [
    ["meter.cid", recording.length, at.utc],
    ["COMTRADE/ev1.dat", 4, at.utc],
  ]);
  assert.equal(told("download"), true);
  assert.deepEqual(Uint8Array.from(readFileSync(path.join(folder, "fetched.cid"))), recording);
  assert.deepEqual(
    [told("set"), told("delete")],
    [
      [null, 0],
      [null, 0],
    ],
  );
  assert.deepEqual(
    host.put.map(({ name, content }) => [
      name,
      Buffer.from(content).equals(readFileSync(path.join(folder, "new.cid"))),
    ]),
    [["scl/new.cid", true]],
  );
  assert.equal(served.misunderstood(), 0);
  await t.test("tshark finds nothing wrong with it", { skip: without("tshark") }, async () => {
    const capture = path.join(folder, "mms.pcap");
    writeFileSync(capture, tcpCapture(served.links, 10_102));
    const look = async (filter: string): Promise<number> => {
      const words = ["-r", capture, "-d", "tcp.port==10102,tpkt", "-Y", filter, "-T", "fields", "-e", "frame.number"];
      const ran = await runProgram("tshark", words, 120_000);
      assert.equal(ran.status, 0, ran.out);
      return ran.out.split("\n").filter((line) => /^\d+$/.test(line)).length;
    };
    const asked = await look("mms.confirmed_RequestPDU_element");
    const answered = await look("mms.confirmed_ResponsePDU_element || mms.confirmed_ErrorPDU_element");
    assert.ok(asked > 2000, `${asked} requests`);
    assert.equal(answered, asked);
    const wrong = ["Malformed", "Undecoded"].map((group) => `_ws.expert.group == "${group}"`);
    assert.equal(await look(["_ws.malformed", ...wrong, '_ws.expert.severity >= "Warning"'].join(" || ")), 0);
  });
}
