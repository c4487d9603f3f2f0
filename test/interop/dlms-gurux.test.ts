/**
 * gurux-dlms, a program of its own, walks the whole list of objects of a running JEMStar II and reads every attribute that the list says it
 * may, and the rows of its profile: over TCP with a password and with keys, and over HDLC with keys.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { freePort, startSite, temporaryFolder } from "../running-site.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const configuration = `
dlms:
  conformance: full
  beyond: full
  clients:
    - { sap: 16, authentication: [none] }
    - { sap: 17, authentication: [low], user: admin }
    - { sap: 1, authentication: [high-gmac], ciphering: must, policy: [authenticated request, encrypted request] }
profiles:
  - minutes: 15
    data: engineering
    channels: [{ measure: { quantity: Wh }, km: 1 }, { measure: { quantity: V, phase: a }, km: 1 }]
`;

const site = (wrapper: number, hdlc: number): string => `
store: ":memory:"
web: { port: 0 }
clock: { start: 2026-01-01T00:00:00Z, speed: 10000 }
meters:
  - name: head
    model: ametek-jemstar-ii
    modelNumber: JSII-09I5010-1B/2A-DIOP-DLMS
    serial: "12345"
    configuration: head.yaml
    source: { synthetic: { hz: 50, volts: [200, 230, 250], amps: [5, 4, 2], pf: 1, steps: true } }
    listen:
      - { dlms: tcp, port: ${wrapper} }
      - { dlms: hdlc-over-tcp, port: ${hdlc} }
`;

/** Sets the keys of client 1 to those of the golden exchanges. */
async function setKeys(page: string): Promise<void> {
  const meter = new URL("api/meters/head", page).href;
  const post = async (place: string, body: object, token = ""): Promise<Response> => {
    const headers = {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(`${meter}/${place}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, place);
    return answer;
  };
  const session = await post("session", { user: "admin", password: "admin" });
  const { token } = (await session.json()) as { readonly token: string };
  const secrets = [
    ["dlms.1.encryption", "000102030405060708090a0b0c0d0e0f"],
    ["dlms.1.authentication", "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"],
  ] as const;
  for (const [name, value] of secrets)
    await post("commands", { command: "secret", name, value, encoding: "hex", user: "admin" }, token);
}

test(
  "gurux-dlms reads every attribute of a JEMStar that it may, over TCP and HDLC",
  { skip: withoutPeers("gurux_dlms") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    writeFileSync(path.join(folder, "head.yaml"), configuration);
    const [wrapper, hdlc] = [await freePort(), await freePort()];
    const running = await startSite(folder, site(wrapper, hdlc));
    t.after(() => running.end());
    await setKeys(running.page);
    const script = fileURLToPath(new URL("dlms-gurux-walk.py", import.meta.url));
    const walks: readonly (readonly string[])[] = [
      [String(wrapper), "17", "low", "admin", "wrapper", "1", "rows"],
      [String(wrapper), "1", "gmac", "-", "wrapper", "1", "rows", "1000"],
      [String(hdlc), "1", "gmac", "-", "hdlc", "1", "rows", "100000"],
    ];
    for (const words of walks) {
      const { out, status } = await runProgram(peersPython, [script, ...words], 60_000);
      assert.equal(status, 0, out);
      const lines = out.split("\n").filter((line) => line.startsWith('["'));
      const said = new Map(lines.map((line) => JSON.parse(line) as [string, unknown]));
      assert.ok(Number(said.get("objects")) > 150 && Number(said.get("read")) > 450, out);
      assert.deepEqual(said.get("failed"), [], words.join(" "));
      assert.deepEqual(said.get("columns"), ["0.0.1.0.0.255", "0.0.96.10.1.255", "1.0.1.29.0.255", "1.0.159.27.0.255"]);
      // 200 V at 5 A, 230 at 4 and 250 at 2 are 2,420 W: 605 Wh in a quarter of an hour.
      const [areAll, , last] = said.get("rows") as [boolean, unknown, readonly number[]];
      assert.equal(areAll, true);
      assert.deepEqual(last.slice(1), [605, 200]);
      assert.equal(said.get("released"), true);
    }
  },
);
