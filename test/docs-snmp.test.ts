/** The meter for a management system of docs/protocols/snmp.md: its commands do what the page says, and the page has every key. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { z } from "zod";
import { snmp } from "#fleet/protocols/snmp.ts";
import { without } from "./interop/programs.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/snmp.md"), "utf8");
const section = page.slice(page.indexOf("## A meter for a management system"), page.indexOf("## The listener"));

function freeUdpPort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

test("the page has every key of a listener, and of what stands in it", () => {
  const table = page.slice(page.indexOf("## The listener"), page.indexOf("## What there is"));
  const keys = snmp.keys(snmp.transports[0]!) as Readonly<Record<string, z.ZodType>>;
  const inner = ["name", "authentication", "privacy", "authenticationPassphrase", "privacyPassphrase", "to", "inform"];
  for (const key of [...Object.keys(keys), ...inner]) assert.ok(table.includes(`\`${key}\``), key);
});

test("the meter for a management system is read as its page says", { skip: without("snmpget") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const ports: Record<string, string> = { "8080": String(await freePort()), "1162": String(await freeUdpPort()) };
  ports["1161"] = String(await freeUdpPort());
  ports["1123"] = String(await freeUdpPort());
  const here = (text: string): string => text.replaceAll(/\b(?:8080|116[12]|1123)\b/g, (port) => ports[port] ?? port);
  const lines = [...section.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, text = ""]) => text.trim().split("\n"));
  const [exported = "", up, ...commands] = lines;
  assert.equal(up, "npx polyphase up site/snmp.yaml");
  const env: Record<string, string> = {};
  for (const [, name = "", value = ""] of exported.matchAll(/(SNMP_\w+)='([^']*)'/g)) env[name] = value;
  assert.deepEqual(Object.keys(env), ["SNMP_COMMUNITY", "SNMP_AUTHENTICATION", "SNMP_PRIVACY"]);
  Object.assign(process.env, env);
  const running = await startSite(folder, here(readFileSync(path.join(root, "site/snmp.yaml"), "utf8")));
  t.after(() => running.end());
  mkdirSync(path.join(folder, "kept", "cert_indexes"), { recursive: true });
  const expected = [
    /^iso.3.6.1.2.1.1.5.0 = STRING: "substation"$/m,
    /3\.1\.5\.86\.46\.97 = STRING: "(?:119\.1|0)"/,
    /4\.1\.4\.2 = STRING: "Wh"/,
  ];
  assert.equal(commands.length, expected.length);
  for (const [k, line] of commands.entries()) {
    let out = "";
    // It has just begun to measure.
    for (let tries = 0; tries < 40 && !expected[k]!.test(out); tries++) {
      const ran = spawnSync("sh", ["-c", here(line)], {
        env: { ...process.env, SNMP_PERSISTENT_DIR: path.join(folder, "kept"), MIBS: "" },
        encoding: "utf8",
      });
      out = ran.stdout + ran.stderr;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.match(out, expected[k]!, line);
  }
});
