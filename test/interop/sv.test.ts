/** Sampled values with libiec61850 at the other end of a cable; and what tshark says of what we send. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pcapOf } from "../captures.ts";
import { frameOf } from "../sv-rig.ts";
import { ranInNetwork, withoutRawSockets } from "./own-network.ts";
import { FrailPeer, peersPython, runProgram, withFrailPeer, without, withoutPeers } from "./programs.ts";

const peer = fileURLToPath(new URL("sv-peer.py", import.meta.url));
const witness = fileURLToPath(new URL("ethernet/sv-witness.py", import.meta.url));
const withoutPeer = withoutPeers("pyiec61850");
const skip = withoutPeer === false ? await withoutRawSockets() : withoutPeer;
const end = "test/interop/ethernet/sv-end.ts";

function document(text: string): Record<string, unknown> {
  const line = text.split("\n").findLast((one) => one.startsWith("{"));
  assert.ok(line !== undefined, text);
  return JSON.parse(line) as Record<string, unknown>;
}

type Came = [count: number, synchronised: number, revision: number, size: number, name: string, values: number[]];

/** Samples of some cycles. */
const ENOUGH = 300;

for (const [standard, rate] of [
  ["9-2LE", 4800],
  ["9-2LE", 15_360],
  ["61869-9", 4800],
  ["61869-9", 14_400],
] as const)
  test(`libiec61850 follows a stream of ${standard} at ${rate} Hz over a cable: its samples, in order`, { skip }, (t) =>
    withFrailPeer(t, async () => {
      const said = await ranInNetwork(
        `SAID=$(mktemp); "$PYTHON" "$PEER" subscribe far ${0x4000} 4 >"$SAID" & until grep -q running "$SAID"; do sleep 0.05; done; ` +
          `$NODE ${end} publish near ${standard} ${rate} 1.2; wait %1; cat "$SAID"`,
        { PYTHON: peersPython, PEER: peer },
      );
      const came = document(said)["came"] as Came[];
      // A subscriber in Python loses most of the fast ones where the machine has much to do; what comes is in order, and right.
      if (came.length < ENOUGH) throw new FrailPeer(`it took ${came.length} of ${rate}`);
      let most = 0;
      came.forEach(([count, synchronised, revision, size, name, values], k) => {
        assert.deepEqual([synchronised, revision, size, name], [2, 7, 64, "MU01"]);
        // A plain socket has each once, see below.
        if (k > 0) {
          const ahead = (count - (came[k - 1]?.[0] ?? 0) + rate) % rate;
          // Now and then it tells any one twice.
          if (ahead === 0) throw new FrailPeer(`it told sample ${count} twice`);
        }
        const [ia = 0, , , , va = 0] = values;
        most = Math.max(most, ia);
        // 4 A and 119 V in phase, in mA and 10 mV.
        assert.ok(Math.abs(va - (11_900 / 4000) * ia) < 2, `${va}, ${ia}`);
      });
      assert.ok(Math.abs(most / (4000 * Math.SQRT2) - 1) < 2e-3, String(most));
    }),
  );

for (const [standard, rate, instants] of [
  ["9-2LE", 4800, 1],
  ["9-2LE", 15_360, 8],
  ["61869-9", 4800, 2],
  ["61869-9", 14_400, 6],
] as const)
  test(`a socket of the system has every frame of ${standard} at ${rate} Hz once, in order`, { skip }, async () => {
    const said = await ranInNetwork(
      `SAID=$(mktemp); "$PYTHON" "$WITNESS" far 3 >"$SAID" & until grep -q running "$SAID"; do sleep 0.05; done; ` +
        `$NODE ${end} publish near ${standard} ${rate} 1.2; wait %1; cat "$SAID"`,
      { PYTHON: peersPython, WITNESS: witness },
    );
    const [sent = "", , came = ""] = said.trim().split("\n");
    const { frames, skipped } = JSON.parse(sent) as { frames: number; skipped: number };
    const { counts } = JSON.parse(came) as { counts: number[] };
    assert.equal(counts.length, frames);
    assert.ok(frames > rate / instants / 2, `${frames} frames`);
    if (skipped > 0) return;
    const strange = counts.slice(1).flatMap((count, k) => {
      const before = counts[k] ?? 0;
      return (before + instants) % rate === count ? [] : [[before, count]];
    });
    assert.deepEqual(strange.slice(0, 5), []);
  });

test("we follow libiec61850's stream over a cable, and have the waveform that it sends", { skip }, async () => {
  const said = await ranInNetwork(
    `SAID=$(mktemp); $NODE ${end} follow near MU02 4000 4 >"$SAID" & until grep -q running "$SAID"; do sleep 0.05; done; ` +
      `"$PYTHON" "$PEER" publish far MU02 4000 2; wait %1; cat "$SAID"`,
    { PYTHON: peersPython, PEER: peer },
  );
  const { taken, lost, gaps, jumps, late, duplicates, malformed, rms } = document(said);
  assert.deepEqual(
    { taken, late, duplicates, malformed, lost, gaps },
    { taken: 8000, late: 0, duplicates: 0, malformed: 0, lost: 0, gaps: 0 },
  );
  assert.equal(jumps, 0);
  [230, 231, 232, 5, 6, 7].forEach((expected, k) =>
    assert.ok(Math.abs(((rms as number[])[k] ?? 0) / expected - 1) < 1e-4, `${k}: ${String(rms)}`),
  );
});

test(
  "tshark finds no frame malformed, and the counts and values that were sent",
  { skip: without("tshark") },
  async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "sv-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, "sv.pcap");
    const frames = [
      frameOf(0),
      frameOf(1, { quality: { 4: 3 } }),
      frameOf(8, { instants: 8 }),
      frameOf(2, {
        instants: 2,
        dataSet: "MU/LLN0$PhsMeas1",
        rate: 4800,
        mode: 1,
        refreshed: new Uint8Array(8).fill(1),
      }),
      frameOf(4, { instants: 6, simulated: true }),
    ];
    writeFileSync(file, pcapOf(frames));
    const run = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { out } = await runProgram("tshark", ["-r", file, "-o", "sv.decode_data_as_phsmeas:TRUE", ...args]);
      return out.split("\n").filter((line) => line !== "" && !line.startsWith("Running as"));
    };
    assert.deepEqual(await run("-Y", '_ws.malformed || _ws.expert.severity >= "Warning" || sv.zero_pdu'), []);
    const counts = await run("-T", "fields", "-e", "sv.smpCnt");
    assert.deepEqual(counts, ["0", "1", "8,9,10,11,12,13,14,15", "2,3", "4,5,6,7,8,9"]);
    assert.equal((await run("-T", "fields", "-e", "sv.meas_value"))[1], "100,101,102,103,104,105,106,107");
  },
);
