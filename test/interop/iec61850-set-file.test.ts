/** libiec61850's client (pyiec61850-ng of the Python index, a program of its own) sends a whole meter a CID, and hears that it has it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { CID } from "../iec61850-hand-cid.ts";
import { iedMeter } from "../iec61850-meter.ts";
import { temporaryFolder } from "../running-site.ts";
import { onPort } from "./iec61850-serving.ts";
import { FrailPeer, peersPython, runProgram, tryAgain, withFrailPeer, withoutPeers } from "./programs.ts";

const script = fileURLToPath(new URL("iec61850-set-file.py", import.meta.url));

test("libiec61850's client is answered a CID that makes the meter another", { skip: withoutPeers("pyiec61850") }, (t) =>
  withFrailPeer(t, () => send(t)),
);

async function send(t: TestContext): Promise<void> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "feeder.cid"), CID);
  const listens = "communications: { ethernet1: { iec61850: { use: enabled } } }";
  const meter = iedMeter(t, { configuration: listens });
  meter.pass(1);
  const secret = { command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" };
  assert.equal(meter.tell(secret), "done");
  const { port } = await onPort(t, meter.host, [reports, controls]);
  const words = [script, String(port), "open sesame", `${folder}/`, "feeder.cid", "scl/FEEDER9.cid"];
  const { status, out } = await runProgram(peersPython, words);
  if (status === tryAgain) throw new FrailPeer("its library lost the association");
  assert.deepEqual([status, out], [0, "set 0\nclosed\n"]);
  assert.equal(meter.jem.file.iec61850.name, "FEEDER9");
}
