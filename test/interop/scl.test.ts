/**
 * Our SCL files before those who have nothing of ours: xmllint with the public schemas, where ../shared has them, and open61850's reader. Files
 * of real devices before our reader.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { configurations } from "#product/jemstar/configurations.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { differences } from "#protocol/iec61850/scl/diff.ts";
import { problemText } from "#protocol/iec61850/scl/problems.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { usualServices, writeScl } from "#protocol/iec61850/scl/write.ts";
import { temporaryFolder } from "../running-site.ts";
import { draftBytes, octets, skipDraft } from "../scl-files.ts";
import { namesOf } from "../scl-names.ts";
import { peersPython, without, withoutPeers } from "./programs.ts";

const shared = fileURLToPath(new URL("../../../shared/scl/", import.meta.url));
const lacksSchema = existsSync(path.join(shared, "2007B4/SCL.xsd")) ? false : "../shared/scl has no schemas";
const lacksFiles = existsSync(path.join(shared, "cids")) ? false : "../shared/scl has no files of real devices";

/** Options that make models as large as they get, and as small. */
const orders = ["JSII-09I6020-1B/2A-DIO-NTP-IEC-PQ3", "JSII-09I5010-2A-DIO-NTP-IEC"];

function fileOf(order: string, edition: string, kind: "icd" | "cid"): string {
  const text = JSON.stringify(configurations.read("a meter", `iec61850:\n  edition: "${edition}"\n`, order));
  const reached = [{ over: "tcp", host: "192.0.2.7", number: 102 }] as const;
  return configurations.sclFile(
    "a meter",
    text,
    { name: "a", serial: "7", firmware: "1.2", modelNumber: order, reached },
    kind,
  );
}

function folderFor(t: TestContext): string {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
}

/** What xmllint has against a file. */
function against(schema: "1.7" | "2007B4", file: string): string {
  const { stderr, status } = spawnSync(
    "xmllint",
    ["--noout", "--nonet", "--schema", path.join(shared, schema, "SCL.xsd"), file],
    { encoding: "utf8" },
  );
  return status === 0 ? "" : stderr.slice(0, 2000);
}

test("what a meter writes of itself is valid, in each edition", { skip: lacksSchema || without("xmllint") }, (t) => {
  const folder = folderFor(t);
  for (const order of orders)
    for (const edition of ["1", "2", "2.1"])
      for (const kind of ["icd", "cid"] as const) {
        const file = path.join(folder, `meter.${kind}`);
        writeFileSync(file, fileOf(order, edition, kind));
        assert.equal(against(edition === "1" ? "1.7" : "2007B4", file), "", `${order} ${edition} ${kind}`);
      }
});

test("the draft CID written anew is valid", { skip: lacksSchema || without("xmllint") || skipDraft }, (t) => {
  const file = path.join(folderFor(t), "draft.cid");
  const { ied, address } = readScl(draftBytes()).ieds[0]!;
  writeFileSync(file, writeScl(ied, { kind: "cid", services: usualServices, address }));
  assert.equal(against("2007B4", file), "");
});

/** Relays of ABB, of the schemas 1.7, 2007B and 2007B4: some of 25,000 attributes. */
test(
  "CIDs of real relays are read whole, and are the same when they are written and read again",
  { skip: lacksFiles },
  (t) => {
    const folder = folderFor(t);
    const files = readdirSync(path.join(shared, "cids"));
    assert.ok(files.length >= 20);
    for (const name of files) {
      const { ieds, problems } = checkScl(readFileSync(path.join(shared, "cids", name)));
      const errors = problems.filter(({ kind }) => kind === "error").map((one) => problemText(name, one));
      assert.deepEqual(errors, []);
      for (const { ied, description, address } of ieds.filter((one) => one.ied.devices.length > 0)) {
        assert.ok(ied.leaves > 2000, name);
        const text = writeScl(ied, { kind: "cid", services: usualServices, description, address });
        const again = readScl(octets(text));
        assert.deepEqual(again.problems, []);
        assert.deepEqual(differences(ied, again.ieds[0]!.ied), [], name);
        if (lacksSchema !== false || without("xmllint") !== false) continue;
        const file = path.join(folder, name);
        writeFileSync(file, text);
        assert.equal(against(ied.edition === "1" ? "1.7" : "2007B4", file), "", name);
      }
    }
  },
);

interface Read {
  readonly name: string;
  readonly manufacturer: string;
  readonly addresses: readonly string[];
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly reports: readonly (readonly [string, boolean, number, boolean, string])[];
  readonly gooses: readonly (readonly unknown[])[];
  readonly items: Readonly<Record<string, readonly string[]>>;
}

test("open61850 reads the meter that we write", { skip: withoutPeers("open61850.scl") }, (t) => {
  const file = path.join(folderFor(t), "meter.cid");
  writeFileSync(file, fileOf(orders[0]!, "2", "cid"));
  const script = fileURLToPath(new URL("scl-open61850.py", import.meta.url));
  const { stdout, stderr, status } = spawnSync(peersPython, [script, file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const read = JSON.parse(stdout) as Read;
  assert.deepEqual([read.name, read.manufacturer, read.addresses], ["JEM01", "AMETEK", ["192.0.2.7"]]);
  // The manual's data sets (Appendix E).
  assert.deepEqual(read.sets["JEM01MTR/LLN0$Energy"]?.slice(0, 2), [
    "JEM01MTR/MMTR1.TotVAh [ST]",
    "JEM01MTR/MMTR1.TotWh [ST]",
  ]);
  assert.ok(read.reports.some(([name, buffered, most]) => name === "urcbStatus" && !buffered && most === 3));
  assert.deepEqual(read.gooses[0]?.slice(0, 4), ["JEM01MTR", "gcbDI", "DI", 1]);
  assert.deepEqual(read.gooses[0]?.slice(5), ["01:0c:cd:01:00:01", 1]);
  const { ied } = readScl(readFileSync(file)).ieds[0]!;
  for (const node of ied.devices[0]!.nodes) {
    const name = nodeName(node);
    // It names what is in arrays, too, which have no names of their own over MMS.
    const theirs = read.items[`JEM01MTR/${name}`]!.filter((item) => !/^(RP|BR|GO)|Har\$/.test(item));
    const ours = namesOf(node).flatMap((one) => (one === name ? [] : [one.slice(name.length + 1)]));
    assert.deepEqual(theirs.toSorted(), ours.toSorted(), name);
  }
});
