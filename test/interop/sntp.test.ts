/** Debian's chronyd, ntpdate and ntpdig ask a meter for the time. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { askUdp } from "#io/udp.ts";
import { randomNonce } from "#io/password.ts";
import { ntpAnswer, ntpRequest, offsetOf } from "#protocol/ntp/packet.ts";
import { startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

/** A site whose clock begins at `start`, its meter's time on a port of its own. */
async function served(t: TestContext, { clock = "", local = true, at = "port: 0" } = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(
    folder,
    `
web: { port: 0 }
store: ":memory:"
${clock}
meters:
  - name: jem
    model: ametek-jemstar-ii
    source: { synthetic: { volts: 120, amps: 5, steps: true } }
    listen: [{ sntp: udp, ${at}, local: ${local} }]
`,
  );
  t.after(() => site.end());
  const port = Number(/sntp udp \S+?:(\d+)/.exec(site.output())?.[1]);
  return { folder, port };
}

test("our own client reads a meter's time, stratum 10, to half the way there and back", async (t) => {
  const { port } = await served(t);
  const nonce = randomNonce();
  const asked = Date.now();
  const bytes = await askUdp({ host: "127.0.0.1", port }, ntpRequest(nonce), {
    clock: new SystemClock(),
    timeoutMs: 5000,
  });
  const answer = ntpAnswer(bytes, nonce);
  const { offset, delay } = offsetOf(answer, asked, Date.now());
  assert.equal(answer.stratum, 10);
  // Whichever way took longer, the middle is no further off than half of both.
  assert.ok(delay >= 0 && Math.abs(offset) < delay / 2 + 50, `off ${offset} ms, ${delay} ms on the way`);
});

test(
  "chronyd -Q finds how far this machine is from a meter, without setting it",
  { skip: without("chronyd") },
  async (t) => {
    const { folder, port } = await served(t);
    const config = path.join(folder, "chrony.conf");
    writeFileSync(
      config,
      `server 127.0.0.1 port ${port} iburst maxsamples 1\ncmdport 0\nport 0\npidfile ${folder}/pid\nbindcmdaddress /\n`,
    );
    const { status, out } = await runProgram("chronyd", ["-Q", "-t", "20", "-U", "-f", config]);
    assert.equal(status, 0, out);
    const off = Number(/System clock wrong by (-?[\d.]+) seconds/.exec(out)?.[1]);
    assert.ok(Math.abs(off) < 2, out);
  },
);

test(
  "a clock that no time server keeps is none to chronyd where the site file says so",
  { skip: without("chronyd") },
  async (t) => {
    const { folder, port } = await served(t, { local: false });
    const config = path.join(folder, "chrony.conf");
    writeFileSync(
      config,
      `server 127.0.0.1 port ${port} iburst maxsamples 1\ncmdport 0\nport 0\npidfile ${folder}/pid\nbindcmdaddress /\n`,
    );
    const { status, out } = await runProgram("chronyd", ["-Q", "-t", "3", "-U", "-f", config]);
    assert.notEqual(status, 0, out);
  },
);

/** Who asks port 123 only has to be met there, on an address that nobody else has. */
const ALONE = "127.0.0.77";

test(
  "ntpdate and ntpdig find a site in another year",
  { skip: process.getuid?.() === 0 ? without("ntpdate", "ntpdig") : "port 123 takes root" },
  async (t) => {
    await served(t, { clock: "clock: { start: 2026-01-01T00:00:00Z }", at: `host: ${ALONE}, port: 123` });
    const apart = (Date.UTC(2026, 0, 1) - Date.now()) / 1000;
    const digged = await runProgram("ntpdig", ["-j", "-t", "5", ALONE]);
    const { offset, stratum } = JSON.parse(digged.out) as { offset: number; stratum: number };
    assert.equal(stratum, 10);
    // A site begins when its process is ready.
    assert.ok(offset <= apart + 60 && offset >= apart - 60, digged.out);
    const asked = await runProgram("ntpdate", ["-q", "-t", "5", ALONE]);
    assert.match(asked.out, /^2026-01-01 00:0/m);
  },
);
