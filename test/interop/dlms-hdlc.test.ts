/** Gurux for Python, a foreign client, reads a JEMStar II by HDLC over TCP. It runs as a program of its own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { site } from "../revenue-running.ts";
import { peersPython, withoutPeers } from "./programs.ts";

const program = fileURLToPath(new URL("gurux-hdlc.py", import.meta.url));
const skip = withoutPeers("gurux_dlms");

/** What Gurux says, line by line. */
async function gurux(port: number, ...settings: readonly number[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await promisify(execFile)(peersPython, [program, String(port), ...settings.map(String)]);
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => [line.split(" ", 1)[0], line.split(" ").slice(1).join(" ")]),
  );
}

const modelNumber = "JSII-09I6020-1B/2A-DIO-DLMS-NTP";
const listen = "{ modbus: tcp, port: 0, unit: 1 }, { dlms: hdlc-over-tcp, port: 0 }";
const portIn = (output: string): number => Number(/listener +dlms hdlc-over-tcp \S+?:(\d+)/.exec(output)?.[1]);

test("Gurux reads the list of objects in blocks, whatever the form of the server's address", { skip }, async (t) => {
  const configuration = "communications: { ethernet1: { dlms: { address: 17 } } }";
  const { running } = await site(t, { modelNumber, listen, configuration });
  const port = portIn(running.output());
  const found = [];
  for (const bytes of [1, 2, 4]) found.push(await gurux(port, bytes, 128, 1));
  for (const one of found) {
    assert.equal(one["agreed"], "128 128 1 1");
    // Its bits the other way round: 0x00101C.
    assert.equal(one["conformance"], "380800");
    assert.equal(one["clock"], "0.0.1.0.0.255");
    // Appendix D has 58 registers alone.
    assert.ok(Number(one["objects"]) > 58, `${one["objects"]}`);
    assert.equal(one["disconnected"], "");
    assert.deepEqual(one, found[0]);
  }
});

test("and in segments, where the configuration has them, in fewer frames", { skip }, async (t) => {
  const configuration = `
communications: { ethernet1: { dlms: { address: 17 } } }
dlms: { maxPdu: 4096, hdlc: { segmentation: true, maxInfoTransmit: 512, maxInfoReceive: 512, windowTransmit: 2, windowReceive: 5 } }
`;
  const { running } = await site(t, { modelNumber, listen, configuration });
  const port = portIn(running.output());
  const narrow = await gurux(port, 4, 128, 1);
  const wide = await gurux(port, 4, 512, 1);
  assert.deepEqual([narrow["agreed"], wide["agreed"]], ["128 128 1 1", "512 512 1 1"]);
  assert.equal(narrow["objects"], wide["objects"]);
  assert.ok(Number(wide["frames"]) < Number(narrow["frames"]), `${wide["frames"]} and ${narrow["frames"]}`);
});
