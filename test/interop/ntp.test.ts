/** Debian's chronyd as the time server: its answers by our client, and a meter on a site whose clock it keeps. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { askUdp } from "#io/udp.ts";
import { randomNonce } from "#io/password.ts";
import { ntpAnswer, ntpRequest, offsetOf } from "#protocol/ntp/packet.ts";
import { startSite, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const clock = new SystemClock();

/** A UDP port that nobody has. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Starts a chronyd that serves this machine's time to loopback, and leaves its clock alone. */
async function chronyd(t: TestContext): Promise<{ port: number; stop: () => void }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = await freePort();
  const config = path.join(folder, "chrony.conf");
  writeFileSync(
    config,
    `port ${port}\ncmdport 0\nbindaddress 127.0.0.1\nallow 127.0.0.1\nlocal stratum 5\npidfile ${folder}/pid\nbindcmdaddress /\n`,
  );
  const child = spawn(programPath("chronyd")!, ["-d", "-x", "-U", "-f", config], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const stop = (): void => void child.kill("SIGKILL");
  t.after(stop);
  for (let k = 0; k < 50; k++) {
    try {
      const nonce = randomNonce();
      ntpAnswer(await askUdp({ host: "127.0.0.1", port }, ntpRequest(nonce), { clock, timeoutMs: 200 }), nonce);
      return { port, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`chronyd does not answer: ${said}`);
}

test(
  "chronyd's answer: its stratum, and this machine's own time to a few milliseconds",
  { skip: without("chronyd") },
  async (t) => {
    const { port } = await chronyd(t);
    const nonce = randomNonce();
    const asked = Date.now();
    const bytes = await askUdp({ host: "127.0.0.1", port }, ntpRequest(nonce), { clock, timeoutMs: 2000 });
    const heard = Date.now();
    const answer = ntpAnswer(bytes, nonce);
    assert.equal(answer.stratum, 5);
    const { offset, delay } = offsetOf(answer, asked, heard);
    assert.ok(Math.abs(offset) < 50 && delay > -2 && delay < 100, `off ${offset} ms, ${delay} ms on the way`);
  },
);

test(
  "a meter follows chronyd: its source is the time server, and the line's frequency when that is lost",
  { skip: without("chronyd") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const { port } = await chronyd(t);
    writeFileSync(
      path.join(folder, "jem.yaml"),
      `timekeeping: { sync: ntp, servers: ["127.0.0.1:${port}", "127.0.0.1:9"], pollSeconds: 16 }`,
    );
    const site = await startSite(
      folder,
      `
web: { port: 0 }
store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    configuration: jem.yaml
    source: { synthetic: { volts: 120, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0 }]
`,
    );
    t.after(() => site.end());
    const view = async (): Promise<{ timeSource: string; local: string }> =>
      (await (await fetch(`${site.page}api/meters/jem`)).json()) as { timeSource: string; local: string };
    let seen = await view();
    for (let k = 0; k < 60 && seen.timeSource !== "time server"; k++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await view();
    }
    assert.equal(seen.timeSource, "time server");
    assert.ok(Math.abs(Date.parse(`${seen.local.replace(" ", "T")}Z`) - Date.now()) < 2000, seen.local);
    const headers = { "Content-Type": "application/json" };
    await fetch(`${site.page}api/meters/jem/commands`, {
      method: "POST",
      headers,
      body: JSON.stringify({ command: "timeServer", reached: false }),
    });
    for (let k = 0; k < 60 && seen.timeSource !== "line"; k++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await view();
    }
    assert.equal(seen.timeSource, "line");
  },
);
