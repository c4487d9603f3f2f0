/**
 * A JEMStar II read by `polyphase` over DLMS/COSEM: its whole list of objects and a month of its profile, over TCP, UDP and HDLC, by nobody, a
 * password and keys. What should be found is arithmetic of the source.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { jemStar } from "./authority-rig.ts";
import { main } from "./cli-run.ts";

/** Keys of the golden exchanges. */
const ENCRYPTION = "000102030405060708090a0b0c0d0e0f";
const AUTHENTICATION = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";

/** 120 V, 10 A and a power factor of 0.8 in each of three phases. */
const WATTS = 3 * 120 * 10 * 0.8;

const configuration = `
dlms:
  conformance: full
  clients:
    - { sap: 16, authentication: [none] }
    - { sap: 17, authentication: [low], user: admin }
    - { sap: 1, authentication: [high-gmac], ciphering: must, policy: [authenticated request, encrypted request] }
profiles:
  - minutes: 15
    data: engineering
    channels: [{ measure: { quantity: Wh }, km: 1 }, { measure: { quantity: V, phase: a }, km: 1 }]
`;

async function served(t: TestContext) {
  const rig = jemStar(t, {
    modelNumber: "JSII-09I5010-1B/2A-DIOP-DLMS",
    configuration,
    listen: "{ dlms: tcp, port: 0 }, { dlms: udp, port: 0 }, { dlms: hdlc-over-tcp, port: 0 }",
  });
  for (const [name, value] of [
    ["dlms.1.encryption", ENCRYPTION],
    ["dlms.1.authentication", AUTHENTICATION],
  ])
    assert.equal(rig.tell({ command: "secret", name, value, encoding: "hex", user: "admin" }), "done");
  const listeners = new Listeners({ clock: new SystemClock(), folder: rig.folder });
  t.after(() => listeners.close());
  await listeners.open([{ ...deviceOf(rig.jem), name: "head", listen: rig.listen }]);
  const [tcp = "", udp = "", hdlc = ""] = listeners.all.flatMap(({ urls }) => urls.map(({ url }) => url));
  return { rig, tcp, udp, hdlc };
}

const env = {
  ...process.env,
  POLYPHASE_PASSWORD: "admin",
  POLYPHASE_DLMS_KEY: ENCRYPTION,
  POLYPHASE_DLMS_AUTHENTICATION_KEY: AUTHENTICATION,
};

function polyphase(...words: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

function with_(url: string, words: string): string {
  return words === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${words}`;
}

test("all that a JEMStar has is read over everything that carries DLMS, by nobody, a password and keys", async (t) => {
  const { rig, tcp, udp, hdlc } = await served(t);
  rig.run(60);
  for (const [url, who] of [
    [tcp, "client=17&auth=low"],
    [tcp, "client=1&auth=gmac&dedicated=yes"],
    [hdlc, ""],
    [hdlc, "client=1&auth=gmac"],
    // A peer over UDP is gone when nothing has come for a while: it is the last here.
    [udp, ""],
  ] as const) {
    const how = with_(url, who);
    const { status, out, err } = await polyphase("read", how, "--json");
    assert.equal(status, 0, `${how}: ${err}`);
    const { identification, values: points } = JSON.parse(out) as {
      identification: readonly string[];
      values: readonly { name: string; label?: string; value: unknown; unit: string }[];
    };
    const of = (name: string): unknown => points.find((one) => one.name === name)?.value;
    assert.match(identification.join(), /^AMK/, how);
    // The manual's 58 registers, and its data.
    assert.ok(points.length > 85, `${how}: ${points.length}`);
    assert.ok(Math.abs(Number(of("W.import")) - WATTS) < 0.01, `${how}: ${String(of("W.import"))} W`);
    assert.ok(Math.abs(Number(of("V.a")) - 120) < 0.01, how);
    assert.ok(Math.abs(Number(of("PF")) - 0.8) < 0.001, how);
  }
});

test("a month of a JEMStar's profile is printed, and only the rows of the time that was asked for", async (t) => {
  const { rig, tcp } = await served(t);
  rig.run(31 * 1440 + 60);
  const january = ["--from", "2026-01-01T00:15", "--to", "2026-02-01T00:00"];
  for (const who of ["", "client=1&auth=gmac"]) {
    const { status, out, err } = await polyphase("profile", with_(tcp, who), ...january, "--csv");
    assert.equal(status, 0, err);
    const [head = "", ...rows] = out.trim().split("\r\n");
    assert.match(head, /^time,0\.0\.96\.10\.1\.255,/);
    assert.equal(rows.length, 31 * 96);
    assert.match(rows[0] ?? "", /^2026-01-01T00:15:00/);
    assert.match(rows.at(-1) ?? "", /^2026-02-01T00:00:00/);
    for (const row of rows) {
      const [, status, energy, volts] = row.split(",");
      assert.ok(["1", "2", "3"].includes(status ?? ""), row);
      assert.ok(Math.abs(Number(energy) - WATTS / 4) < 0.01, row);
      assert.ok(Math.abs(Number(volts) - 120) < 0.01, row);
    }
  }
});

test("who is let in is found, and a wrong password is said in words", async (t) => {
  const { tcp, hdlc } = await served(t);
  const scanned = await polyphase("scan", tcp, "--clients", "16,17,1,40");
  assert.match(scanned.out, /^client 16 +server 1 +open +AMK/m);
  assert.match(scanned.out, /^client 17 +server 1 +refuses .*wants authentication/m);
  assert.doesNotMatch(scanned.out, /client 40/);
  const physical = await polyphase("scan", hdlc, "--clients", "16", "--physical", "1-2");
  assert.match(physical.out, /^client 16 +server 1 +physical 1 +open +AMK/m);
  const wrong = spawnWrong(`${tcp}?client=17&auth=low`);
  assert.match((await wrong).err, /wrong password or key/);
});

function spawnWrong(url: string): Promise<{ err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, "read", url], {
      env: { ...env, POLYPHASE_PASSWORD: "wrong" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", () => resolve({ err }));
  });
}
