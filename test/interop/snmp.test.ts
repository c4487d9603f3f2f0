/** Debian's net-snmp reads meters, and is told by them; it and smilint read their MIB. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { startSite, temporaryFolder } from "../running-site.ts";
import { peersPython, programPath, without, withoutPeers } from "./programs.ts";

const AUTH = "authentic passphrase";
const PRIV = "private passphrase";
const mibs = ["mibs", "../../docs/mib"].map((folder) => fileURLToPath(new URL(folder, import.meta.url))).join(":");

/** Runs one of net-snmp's programs, which keeps what it keeps in a folder of its own. */
function run(folder: string, name: string, args: readonly string[]): Promise<{ status: number | null; out: string }> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      SNMP_PERSISTENT_DIR: path.join(folder, "kept"),
      SNMPCONFPATH: folder,
      MIBS: "POLYPHASE-METER-MIB",
      MIBDIRS: mibs,
    };
    const child = spawn(programPath(name)!, args, { env, timeout: 30_000 });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, out }));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** A site with a JEMStar II whose agent has users of every kind. */
async function meter(t: TestContext, { more = "", configuration = "" } = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  mkdirSync(path.join(folder, "kept", "cert_indexes"), { recursive: true });
  for (const [file, text] of Object.entries({ c: "site reader", a: AUTH, p: PRIV, "jem.yaml": configuration }))
    writeFileSync(path.join(folder, file), text, { mode: 0o600 });
  const passphrases = "authenticationPassphrase: { file: a }, privacyPassphrase: { file: p }";
  const users = ["sha", "sha-224", "sha-256", "sha-384", "sha-512"].map(
    (one) => `{ name: user-${one}, authentication: ${one}, ${passphrases} }`,
  );
  const site = await startSite(
    folder,
    `
web: { port: 0 }
store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    serial: "31000007"
    configuration: jem.yaml
    source: { synthetic: { volts: [119.1, 120.4, 121.7], amps: [10, 11, 12], pf: 0.8, steps: true } }
    listen:
      - snmp: udp
        port: 0
        community: { file: c }
        contact: ann
        users: [${users.join(", ")}, { name: bob, privacy: none, authenticationPassphrase: { file: a } }]
        ${more}
`,
  );
  t.after(() => site.end());
  const port = Number(/snmp udp \S+?:(\d+)/.exec(site.output())?.[1]);
  const at = `127.0.0.1:${port}`;
  const v2c = ["-v2c", "-c", "site reader", "-r", "2", "-t", "5"];
  return { folder, at, site, v2c, ask: (name: string, args: readonly string[]) => run(folder, name, args) };
}

const TABLES = "POLYPHASE-METER-MIB::";

/** Asks until a meter that has just begun to measure has measured. */
async function until(look: () => Promise<string>, is: RegExp): Promise<string> {
  for (let k = 0; k < 60; k++) {
    const found = await look();
    if (is.test(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return look();
}

test(
  "snmpget, snmpwalk, snmpbulkwalk and snmpset over SNMPv2c, in the words of the MIB",
  { skip: without("snmpget", "snmpbulkwalk") },
  async (t) => {
    const { at, v2c, ask } = await meter(t);
    const value = (name: string): Promise<string> =>
      ask("snmpget", [...v2c, "-Oqv", at, name]).then(({ out }) => out.trim());
    assert.equal(await value(".1.3.6.1.2.1.1.5.0"), '"jem"');
    assert.equal(await value(".1.3.6.1.2.1.1.2.0"), `${TABLES}ppMeter`);
    assert.equal(await value(`${TABLES}ppModel.0`), "ametek-jemstar-ii");
    assert.match(await value(`${TABLES}ppTime.0`), /^\d{4}-\d+-\d+,\d+:\d+:\d+\.\d,\+0:0$/);
    assert.equal(await value(`${TABLES}ppTestMode.0`), "false");
    assert.equal(await until(() => value(`${TABLES}ppMeasureValue.'V.b'`), /^\d/), "120400");
    assert.equal(await value(`${TABLES}ppMeasureText.'A.c'`), "12");
    assert.equal(await value(`${TABLES}ppMeasureScale.'V.b'`), "-3");
    assert.equal(await value(`${TABLES}ppMeasureValidity.'V.b'`), "good");
    assert.match(await value(`${TABLES}ppMeasureValue.'V.z'`), /No Such Instance/);
    assert.equal(await value(`${TABLES}ppEnergyUnits.2`), "Wh");
    const walked = (await ask("snmpwalk", [...v2c, at, ".1.3"])).out.split("\n").filter((line) => line.includes(" = "));
    const bulk = (await ask("snmpbulkwalk", [...v2c, "-Cr60", at, ".1.3"])).out
      .split("\n")
      .filter((line) => line.includes(" = "));
    assert.ok(walked.length > 400, String(walked.length));
    const names = (lines: readonly string[]): string[] => lines.map((line) => line.split(" = ")[0]!);
    assert.deepEqual(names(bulk), names(walked));
    assert.ok(walked.some((line) => line.startsWith(`${TABLES}ppRegisterLabel.2 = STRING: kWhr Delivered`)));
    assert.match((await ask("snmpset", [...v2c, at, ".1.3.6.1.2.1.1.5.0", "s", "other"])).out, /notWritable/);
    assert.match(
      (await ask("snmpget", ["-v2c", "-c", "public", "-r", "0", "-t", "1", at, ".1.3.6.1.2.1.1.5.0"])).out,
      /Timeout/,
    );
    assert.match(
      (await ask("snmpget", ["-v1", "-c", "site reader", "-r", "0", "-t", "1", at, ".1.3.6.1.2.1.1.5.0"])).out,
      /Timeout/,
    );
  },
);

test(
  "SNMPv3 with SHA and its successors and AES; whoever says less, or another thing, is told so",
  { skip: without("snmpget") },
  async (t) => {
    const { at, ask } = await meter(t);
    const get = async (args: readonly string[]): Promise<string> =>
      (await ask("snmpget", ["-v3", "-r", "1", "-t", "3", "-Oqv", ...args, at, ".1.3.6.1.2.1.1.4.0"])).out.trim();
    const priv = ["-x", "AES", "-X", PRIV];
    for (const one of ["SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"])
      assert.equal(
        await get(["-l", "authPriv", "-u", `user-${one.toLowerCase()}`, "-a", one, "-A", AUTH, ...priv]),
        '"ann"',
        one,
      );
    const ann = ["-u", "user-sha", "-a", "SHA", "-A", AUTH];
    assert.equal(await get(["-l", "authNoPriv", "-u", "bob", "-a", "SHA-256", "-A", AUTH]), '"ann"');
    assert.match(await get(["-l", "authNoPriv", ...ann]), /authorizationError/);
    assert.match(await get(["-l", "noAuthNoPriv", "-u", "user-sha"]), /authorizationError/);
    assert.match(
      await get(["-l", "authPriv", "-u", "bob", "-a", "SHA-256", "-A", AUTH, ...priv]),
      /Unsupported security level/,
    );
    assert.match(await get(["-l", "authPriv", "-u", "eve", "-a", "SHA", "-A", AUTH, ...priv]), /Unknown user name/);
    assert.match(
      await get(["-l", "authPriv", "-u", "user-sha", "-a", "SHA", "-A", "another passphrase", ...priv]),
      /Authentication failure/,
    );
    assert.match(await get(["-l", "authPriv", "-n", "other", ...ann, ...priv]), /Bad context/);
    const walked = await ask("snmpbulkwalk", [
      "-v3",
      "-l",
      "authPriv",
      ...ann,
      ...priv,
      at,
      `${TABLES}ppRegisterTable`,
    ]);
    assert.match(walked.out, /ppRegisterText\.1 = STRING: \d{4}-\d{2}-\d{2}/);
    const set = await ask("snmpset", ["-v3", "-l", "authPriv", ...ann, ...priv, at, ".1.3.6.1.2.1.1.5.0", "s", "x"]);
    assert.match(set.out, /notWritable/);
  },
);

test(
  "snmptrapd takes traps and informs over SNMPv2c and SNMPv3, and the meter knows what it has taken",
  { skip: without("snmptrapd") },
  async (t) => {
    const port = await freePort();
    const to = `127.0.0.1:${port}`;
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    mkdirSync(path.join(folder, "kept", "cert_indexes"), { recursive: true });
    const engine = `0x80007ed904${Buffer.from("31000007").toString("hex")}`;
    writeFileSync(
      path.join(folder, "snmptrapd.conf"),
      [
        'authCommunity log "site reader"',
        // Traps are of the meter's engine, informs of who receives them.
        `createUser -e ${engine} user-sha-256 SHA-256 "${AUTH}" AES "${PRIV}"`,
        `createUser user-sha-256 SHA-256 "${AUTH}" AES "${PRIV}"`,
        "authUser log user-sha-256 priv",
      ].join("\n"),
    );
    const env = {
      ...process.env,
      SNMP_PERSISTENT_DIR: path.join(folder, "kept"),
      MIBS: "POLYPHASE-METER-MIB",
      MIBDIRS: mibs,
    };
    const daemon = spawn(
      programPath("snmptrapd")!,
      ["-f", "-Lo", "-n", "-C", "-c", path.join(folder, "snmptrapd.conf"), to],
      { env },
    );
    t.after(() => daemon.kill("SIGKILL"));
    let said = "";
    daemon.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    daemon.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const { v2c, at, ask } = await meter(t, {
      configuration:
        'triggers: [{ id: 4, enabled: true, label: Overcurrent, measure: { quantity: A, phase: a }, operator: ">", alarm: 5, reset: 4 }]',
      more: `receivers:
          - { to: "${to}", community: { file: c } }
          - { to: "${to}", community: { file: c }, inform: true }
          - { to: "${to}", user: user-sha-256 }
          - { to: "${to}", user: user-sha-256, inform: true }`,
    });
    const count = (what: RegExp): number => [...said.matchAll(what)].length;
    const isCold = /= OID: SNMPv2-SMI::snmpModules\.1\.1\.5\.1\b/g;
    const isAlarm = /= OID: POLYPHASE-METER-MIB::ppAlarmBegan/g;
    for (let k = 0; k < 80 && (count(isAlarm) < 4 || count(isCold) < 4); k++)
      await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual([count(isCold), count(isAlarm)], [4, 4], said);
    assert.match(said, /ppAlarmText\.'trigger\.4' = STRING: Overcurrent/);
    assert.match(said, /ppAlarmValue\.'trigger\.4' = STRING: 10 A/);
    const alarms = await ask("snmpwalk", [...v2c, "-Oq", at, `${TABLES}ppAlarmTable`]);
    assert.match(alarms.out, /ppAlarmLevel\.'trigger\.4' > 5/);
    // An inform that was acknowledged is not sent again: its time comes after five seconds.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    assert.deepEqual([count(isCold), count(isAlarm)], [4, 4], said);
  },
);

test(
  "the MIB loads without an error, and every object has its number",
  { skip: without("snmptranslate", "smilint") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    mkdirSync(path.join(folder, "kept", "cert_indexes"), { recursive: true });
    const translated = await run(folder, "snmptranslate", ["-On", `${TABLES}ppMeasureValue.'V.a'`]);
    assert.deepEqual([translated.status, translated.out.trim()], [0, ".1.3.6.1.4.1.32473.7659.1.1.3.1.2.86.46.97"]);
    const tree = await run(folder, "snmptranslate", ["-Tp", "-IR", "polyphase"]);
    assert.ok(!/error|cannot|did not/i.test(tree.out), tree.out);
    assert.match(tree.out, /ppAlarmEnded\(2\)/);
    // What stands beside it is no more than it takes; of that smilint thinks what it likes.
    const [own] = [fileURLToPath(new URL("../../docs/mib/POLYPHASE-METER-MIB.txt", import.meta.url))];
    const looked = await new Promise<string>((resolve, reject) => {
      const child = spawn(programPath("smilint")!, ["-l", "6", own!], { env: { ...process.env, SMIPATH: mibs } });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.on("error", reject);
      child.on("close", () => resolve(out));
    });
    assert.deepEqual(
      looked.split("\n").filter((line) => line.startsWith(own!)),
      [],
    );
  },
);

test("pysnmp reads a meter over SNMPv2c and SNMPv3", { skip: withoutPeers("pysnmp") }, async (t) => {
  const { at, ask, v2c } = await meter(t);
  // What is not measured yet comes into the middle of a walk.
  await until(async () => (await ask("snmpget", [...v2c, "-Oqv", at, `${TABLES}ppMeasureValue.'V.b'`])).out, /^\d/);
  const peer = fileURLToPath(new URL("snmp-pysnmp.py", import.meta.url));
  const out = await new Promise<string>((resolve, reject) => {
    const child = spawn(peersPython, [peer, at.split(":")[1]!], { timeout: 60_000 });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    let wrong = "";
    child.stderr.on("data", (chunk: Buffer) => (wrong += chunk.toString()));
    child.on("error", reject);
    child.on("close", (status) => (status === 0 ? resolve(said) : reject(new Error(wrong))));
  });
  const { walk, ...rest } = JSON.parse(out) as { walk: [string, string][] } & Record<string, unknown>;
  assert.deepEqual(rest, {
    v2c: "jem",
    sha: "jem",
    "sha-224": "jem",
    "sha-256": "jem",
    "sha-384": "jem",
    "sha-512": "jem",
    bob: "jem",
    eve: "Unknown USM user",
    set: ["notWritable", 1],
  });
  assert.ok(walk.length > 300, String(walk.length));
  assert.deepEqual([...new Set(walk.map(([, kind]) => kind))].toSorted(), [
    "Counter64",
    "Gauge32",
    "Integer",
    "OctetString",
  ]);
});
