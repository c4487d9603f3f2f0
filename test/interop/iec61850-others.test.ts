/**
 * open61850, py61850 and iec61850 of the Python index, programs of their own, ask a server of ours: each finds the whole model, and the values that it
 * has. open61850 compares it with the SCL file.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { leavesOf } from "#protocol/iec61850/model/references.ts";
import { quality, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { draftIed, skipDraft } from "../draft-ied.ts";
import { gooseBlocks } from "../mms-control-blocks.ts";
import { TestHost } from "../mms-serving.ts";
import { onPort } from "./iec61850-serving.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const [script, scl] = ["iec61850-others.py", "../../../shared/data/jemstar-draft.cid"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);

const at = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
const cid = Uint8Array.of(60, 83, 67, 76, 47, 62);
const shelf: FileShelf = {
  folders: [],
  list: () => [{ name: "meter.cid", at, size: cid.length }],
  read: (name) => (name === "meter.cid" ? cid : undefined),
};

interface Hosting {
  readonly host: TestHost;
  /** What a float is: the number of its leaf and a half, "MMXU1.TotW.mag.f". */
  float(reference: string): number;
}

function hosting(): Hosting {
  // Blocks of edition 2 have no Owner, as those of the server had whose names are counted below.
  const host = new TestHost({ ...draftIed(), edition: "2" }, shelf);
  const values: LeafValue[] = Array.from({ length: host.ied.leaves });
  const floats = new Map<string, number>();
  for (const { leaf, node, path } of leavesOf(host.ied)) {
    if (leaf.type === "Quality") values[leaf.index] = quality.good;
    if (leaf.type !== "FLOAT32") continue;
    values[leaf.index] = leaf.index + 0.5;
    floats.set(`${nodeName(node)}.${path}`, leaf.index + 0.5);
  }
  host.set(values);
  return { host, float: (reference) => floats.get(reference) ?? NaN };
}

/** Of MMXU1 in the data set of instantaneous values, every other of which is a quality. */
const instantaneous = (
  "TotW.mag TotVAr.mag TotVA.mag TotPF.mag Hz.mag PPV.phsAB.cVal.mag PPV.phsBC.cVal.mag PPV.phsCA.cVal.mag " +
  "PhV.phsA.cVal.mag PhV.phsB.cVal.mag PhV.phsC.cVal.mag A.phsA.cVal.mag A.phsB.cVal.mag A.phsC.cVal.mag A.neut.cVal.mag " +
  "W.phsA.cVal.mag W.phsB.cVal.mag W.phsC.cVal.mag VAr.phsA.cVal.mag VAr.phsB.cVal.mag VAr.phsC.cVal.mag " +
  "VA.phsA.cVal.mag VA.phsB.cVal.mag VA.phsC.cVal.mag PF.phsA.cVal.mag"
).split(" ");

test(
  "open61850 finds the model of the SCL file, but for what it names within arrays",
  { skip: skipDraft !== false ? skipDraft : withoutPeers("open61850") },
  async (t) => {
    const { port } = await onPort(t, hosting().host, [gooseBlocks, reports, controls]);
    const words = ["-m", "open61850.mms", `127.0.0.1:${port}`, "compare-scl", scl ?? ""];
    const { out } = await runProgram(peersPython, words, 120_000);
    const lines = out.trim().split("\n");
    const [summary] = lines.splice(-1);
    // Elements of arrays have no names over MMS: libiec61850's server has none, either.
    assert.match(summary ?? "", /^30 differences \(1 logical devices, 955 attributes in the SCL\)/);
    assert.deepEqual(
      lines.filter((line) => !/^(missing|extra) attribute JEM01MTR\/MHAI1\.H\w+\.phs[ABC]Har/.test(line)),
      [],
    );
  },
);

const nodes = ["IN_GGIO1", "LLN0", "LPHD1", "MHAI1", "MMTR1", "MMXU1", "MSQI1", "MSTA1", "Out_GGIO2"];

for (const peer of ["py61850", "iec61850"] as const) {
  test(
    `${peer} finds names, values, data sets and files`,
    { skip: skipDraft !== false ? skipDraft : withoutPeers(peer) },
    async (t) => {
      const { host, float } = hosting();
      const { port, misunderstood } = await onPort(t, host, [gooseBlocks, reports, controls]);
      const { status, out } = await runProgram(peersPython, [script ?? "", peer, String(port)], 120_000);
      assert.equal(status, 0, out);
      const lines = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { what: string; is: unknown });
      const found = Object.fromEntries(lines.map(({ what, is }) => [what, is]));
      const power = float("MMXU1.TotW.mag.f");
      const usual = {
        domains: ["JEM01MTR"],
        // As many as libiec61850's server named.
        names: 1974,
        nodes,
        float: power,
        set: instantaneous.map((path) => float(`MMXU1.${path}.f`)),
      };
      const unknownTime = { utc: 0, quality: 0x40 };
      const own =
        peer === "py61850"
          ? {
              sets: "DI Energy Inst IO PQ Seq Stat Status".split(" ").map((name) => `LLN0$${name}`),
              structure: [[float("MMXU1.TotW.instMag.f")], [power], "0000000000000", unknownTime],
              file: [...cid],
            }
          : { element: float("MHAI1.HA.phsAHar(7).cVal.mag.f") };
      assert.deepEqual(found, { ...usual, ...own });
      assert.deepEqual(host.written, peer === "iec61850" ? [{ name: "db", value: 250 }] : []);
      assert.equal(misunderstood(), 0);
    },
  );
}
