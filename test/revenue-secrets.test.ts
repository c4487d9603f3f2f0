/** Secrets that a JEMStar's protocols must recover: sealed in the store, their key beside it, shown nowhere. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { isRefused } from "#quantity/authority.ts";
import { Secrets } from "#product/jemstar/secrets.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore } from "#store/store.ts";
import { webSide } from "#web/server.ts";
import { far, jemStar, near } from "./authority-rig.ts";
import { jemstarOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const PLAIN = "Tr0ub4dor-and-3 batteries";
const HEX = "000102030405060708090a0b0c0d0e0fd0d1d2d3d4d5d6d7d8d9dadbdcdddedf";

/** Ways in which a secret might lie about. */
const spellings = [
  PLAIN,
  Buffer.from(PLAIN).toString("hex"),
  Buffer.from(PLAIN).toString("base64").slice(0, 32),
  HEX,
  Buffer.from(HEX, "hex").toString("latin1"),
  Buffer.from(HEX, "hex").toString("base64").slice(0, 40),
  "boss's own password",
];

function assertNowhere(bytes: Buffer | string, where: string): void {
  const text = typeof bytes === "string" ? bytes : bytes.toString("latin1");
  for (const spelling of spellings) assert.ok(!text.includes(spelling), `${spelling} is in ${where}`);
}

const siteFile = `
store: ./data
meters:
  - { name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } } }
  - { name: other, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } } }
`;

test("a secret is recovered after a restart, and its plain text is in no file, log or answer", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const key = path.join(folder, "site.key");
  writeFileSync(file, siteFile);
  const site = loadSite(file);
  const jem = jemstarOf(site, "jem");
  const admin = jem.authority.sessions.begin("admin", near);
  assert.ok(!existsSync(key), "made at first need");
  for (const command of [
    { command: "secret", name: "remoteFileTransfer", value: PLAIN },
    { command: "secret", name: "dlms.1.encryption", value: HEX, encoding: "hex" },
    { command: "password", password: "boss's own password" },
  ])
    assert.ok(!isRefused(jem.authority.obey(command, admin)), command.command);
  if (process.platform !== "win32") assert.equal(statSync(key).mode & 0o777, 0o600);
  site.store.commit();
  const files = globSync("data/**", { cwd: folder }).filter((name) => statSync(path.join(folder, name)).isFile());
  assert.ok(files.some((name) => name.endsWith("-wal")));
  for (const name of files) assertNowhere(readFileSync(path.join(folder, name)), name);

  await site.start();
  const app = webSide(site).app;
  const places = ["", "/configuration", "/logs/security", "/logs/configuration", "/logs/event"];
  for (const place of places) {
    const answer = await app.request(`http://127.0.0.1/api/meters/jem${place}`);
    assert.equal(answer.status, 200, place);
    assertNowhere(await answer.text(), place);
  }
  const whats = jem.meter.log
    .of("security")
    .page(0, Infinity)
    .map(({ by, what }) => `${by}: ${what}`);
  assert.ok(whats.includes("admin: secret remoteFileTransfer set"), whats.join("; "));
  await site.stop();
  for (const name of globSync("data/*", { cwd: folder })) assertNowhere(readFileSync(path.join(folder, name)), name);

  const again = loadSite(file);
  t.after(() => again.stop());
  const { secrets } = jemstarOf(again, "jem");
  assert.deepEqual(secrets.names(), ["remoteFileTransfer", "dlms.1.encryption"]);
  assert.deepEqual(secrets.secret("remoteFileTransfer"), utf8(PLAIN));
  assert.deepEqual(secrets.secret("dlms.1.encryption"), Uint8Array.from(Buffer.from(HEX, "hex")));
  assert.equal(jemstarOf(again, "other").secrets.has("dlms.1.encryption"), false);
});

test("a key that is missing, open to others or another one is said at the start, and no secret is made up", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const [key, aside] = [path.join(folder, "site.key"), path.join(folder, "aside")];
  writeFileSync(file, siteFile);
  const set = (site: ReturnType<typeof loadSite>, name: string) => {
    const { authority } = jemstarOf(site, "jem");
    return authority.obey({ command: "secret", name, value: PLAIN }, authority.sessions.begin("admin", near));
  };
  const first = loadSite(file);
  set(first, "dlms.1.high");
  await first.stop();

  renameSync(key, aside);
  const missing = loadSite(file);
  assert.match(missing.notices.map(textOf).join("\n"), /jem: dlms\.1\.high cannot be used: .*site\.key is missing/);
  assert.equal(jemstarOf(missing, "jem").secrets.secret("dlms.1.high"), undefined);
  const refused = set(missing, "another");
  assert.ok(isRefused(refused) && refused.refused === "store", "no second key beside boxes of the first");
  assert.ok(!existsSync(key));
  renameSync(aside, key);
  assert.deepEqual(jemstarOf(missing, "jem").secrets.secret("dlms.1.high"), utf8(PLAIN), "it is found while it runs");
  await missing.stop();

  if (process.platform !== "win32") {
    chmodSync(key, 0o644);
    const open = loadSite(file);
    assert.match(
      open.notices.map(textOf).join("\n"),
      /jem: its secrets cannot be used: .*site\.key has the mode 0644, expected 0600/,
    );
    assert.equal(jemstarOf(open, "jem").secrets.secret("dlms.1.high"), undefined);
    await open.stop();
    chmodSync(key, 0o600);
  }
  rmSync(key);
  writeFileSync(key, `${"ab".repeat(32)}\n`, { mode: 0o600 });
  const other = loadSite(file);
  assert.match(
    other.notices.map(textOf).join("\n"),
    /jem: dlms\.1\.high cannot be used: .*site\.key is not the key that sealed them/,
  );
  await other.stop();
});

test("a box of one meter or name opens for no other", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const keyFile = path.join(folder, "site.key");
  const store = new MemoryStore();
  const of = (meter: string) => new Secrets({ store: store.drawer(meter), meter, keyFile });
  const first = of("a");
  first.setSecret("x", utf8("x of a"));
  first.setSecret("y", utf8("y of a"));
  // Whoever can write the store can move boxes about.
  const boxes = JSON.parse(new TextDecoder().decode(store.drawer("a").get("secrets"))) as Record<string, object>;
  store.drawer("b").put("secrets", utf8(JSON.stringify(boxes)));
  store.drawer("a").put("secrets", utf8(JSON.stringify({ x: boxes["y"], y: boxes["y"] })));
  const [a, b] = [of("a"), of("b")];
  assert.deepEqual([b.secret("x"), a.secret("x"), a.secret("y")], [undefined, undefined, utf8("y of a")]);
  assert.match(a.trouble ?? "", /^x cannot be used: .*is not the key that sealed them/);
});

test("a site that forgets at its end makes no file of a key", (t) => {
  const rig = jemStar(t);
  assert.equal(rig.tell({ command: "secret", name: "dlms.1.high", value: PLAIN }), "done");
  assert.deepEqual(rig.jem.secrets.secret("dlms.1.high"), utf8(PLAIN));
  assert.deepEqual(globSync("*", { cwd: rig.folder }), ["jem.yaml"]);
});

test("whoever shows a key is who it was given for, as long as there is such a user", async (t) => {
  const rig = jemStar(t, {
    configuration:
      "users: [{ name: admin, privileges: [configureUsers, configureProtocols, freeze] }, { name: reader, privileges: [freeze] }]",
  });
  const { authority } = rig.jem;
  rig.tell({ command: "secret", name: "dlms.1.high", value: "shared", user: "reader" });
  rig.tell({ command: "secret", name: "admin", value: "the meter's own" });
  const show = (name: string, secret: string) =>
    authority.admit({ kind: "key", name, check: (kept) => Buffer.from(kept).equals(Buffer.from(secret)) }, far);
  const reader = await show("dlms.1.high", "shared");
  assert.ok(!isRefused(reader));
  assert.deepEqual([reader.user, rig.tell({ command: "freeze" }, reader)], ["reader", "done"]);
  assert.equal(rig.tell({ command: "secret", name: "x", value: "y" }, reader), "privilege");
  // A key that is nobody's lets nobody in, whatever it is called.
  const own = await show("admin", "the meter's own");
  assert.ok(!isRefused(own));
  assert.equal(rig.tell({ command: "freeze" }, own), "session");
  const wrong = await show("dlms.1.high", "guess");
  assert.deepEqual(isRefused(wrong) && [wrong.refused, wrong.words], ["session", ["wrong user or key"]]);
  await show("dlms.1.high", "guess");
  await show("dlms.1.high", "guess");
  const locked = await show("dlms.1.high", "shared");
  assert.equal(isRefused(locked) && locked.refused, "lockout");
  assert.equal(
    rig.configure((file) => void file.users.pop()),
    "done",
  );
  assert.equal(rig.tell({ command: "freeze" }, reader), "session");
  assert.equal(rig.tell({ command: "secret", name: "dlms.1.high", value: null }), "done");
  assert.equal(rig.tell({ command: "secret", name: "dlms.1.high", value: null }), "invalid");
  const wrongly = authority.obey({ command: "secret", name: "x", value: `${HEX}zz`, encoding: "hex" }, rig.as("admin"));
  assert.ok(isRefused(wrongly) && wrongly.refused === "invalid");
  assertNowhere(wrongly.words.join(), "the refusal");
});

test("a cold start forgets secrets and passwords, and ends every session that stood on them", async (t) => {
  const rig = jemStar(t);
  rig.tell({ command: "secret", name: "dlms.1.high", value: "shared" });
  const user1 = rig.as("user1");
  rig.tell({ command: "password", password: "my own" }, user1);
  const [mine, other] = [rig.as("user1"), rig.as("user2")];
  assert.equal(rig.tell({ command: "coldStart" }), "done");
  assert.deepEqual(rig.jem.secrets.names(), []);
  assert.equal(rig.tell({ command: "freeze" }, mine), "session");
  assert.equal(rig.tell({ command: "billingReset" }, other), "done", "nothing of his has changed");
  const admitted = await rig.jem.authority.admit({ kind: "password", user: "user1", password: "user1" }, near);
  assert.ok(!isRefused(admitted));
});

test("passwords that an earlier version kept in its configuration are taken over as hashes, those of its file too", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const configuration =
    "users:\n  - { name: admin, privileges: [configureUsers, freeze] }\n  - { name: boss, password: boss's own password, privileges: [freeze] }\n";
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  writeFileSync(
    file,
    "store: ./data\nmeters: [{ name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 5, steps: true } } }]",
  );
  const first = loadSite(file);
  const { passwords, file: now } = jemstarOf(first, "jem");
  const hash = passwords.hashOf("boss");
  assert.ok(hash !== undefined);
  await first.stop();
  // As the version before had it: hashes in the configuration, the file as it was written.
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const users = now.users.map((one) => ({ ...one, password: one.name === "boss" ? hash : "factory" }));
  const drawer = store.drawer("jem");
  drawer.put("configuration", utf8(JSON.stringify({ ...now, users })));
  drawer.put("passwords", utf8("{}"));
  drawer.put("passwords-file", utf8("{}"));
  drawer.put("configuration-file", utf8(configuration));
  store.close();
  const again = loadSite(file);
  t.after(() => again.stop());
  const jem = jemstarOf(again, "jem");
  assert.equal(jem.passwords.hashOf("boss"), hash);
  assert.equal(jem.passwords.hashOf("admin"), undefined);
  assert.deepEqual(jem.meter.log.of("configuration").page(0, Infinity), [], "nothing has changed");
  const records = again.store.drawer("jem");
  for (const record of ["configuration", "configuration-file"])
    assert.doesNotMatch(new TextDecoder().decode(records.get(record)), /password|scrypt/, record);
  const admitted = await jem.authority.admit({ kind: "password", user: "boss", password: "boss's own password" }, far);
  assert.ok(!isRefused(admitted));
});

test("a secret of DLMS has a name that something works with, and the length of its kind; hex that was not said so is told", (t) => {
  const { jem, as } = jemStar(t);
  const wordsOf = (name: string, value: string, encoding?: "hex"): string => {
    const outcome = jem.authority.obey({ command: "secret", name, value, encoding }, as("admin"));
    return "refused" in outcome ? outcome.words.join("; ") : "done";
  };
  const key = "000102030405060708090a0b0c0d0e0f";
  assert.match(
    wordsOf("dlms.1.encrypt", key, "hex"),
    /one of high, encryption, authentication, .*found dlms\.1\.encrypt/,
  );
  assert.match(wordsOf("dlms.128.encryption", key, "hex"), /a client from 1 to 127/);
  assert.match(wordsOf("dlms.1.master", key.slice(2), "hex"), /15 bytes, where 16 or 32 were expected$/);
  // Of a key the text of its hex is as long as one of suite 2 is.
  assert.match(
    wordsOf("dlms.1.signing", "00".repeat(48)),
    /96 bytes, where 32 or 48 were expected \(it looks like hex/,
  );
  assert.equal(wordsOf("dlms.1.encryption", key, "hex"), "done");
  assert.equal(wordsOf("dlms.1.high", "any length"), "done");
  assert.equal(wordsOf("iec102.password", "1234"), "done");
});

test("the key of IEC 60870-5-102 is a number of 32 bits, by its own name", (t) => {
  const { jem, as } = jemStar(t);
  const wordsOf = (name: string, value: string): string => {
    const outcome = jem.authority.obey({ command: "secret", name, value }, as("admin"));
    return "refused" in outcome ? outcome.words.join("; ") : "done";
  };
  for (const wrong of ["seven", "-1", "7.5", "4294967296", "0x7", " 7"])
    assert.match(wordsOf("iec102.password", wrong), /^value: iec102\.password: no number from 0 to 4294967295/, wrong);
  assert.match(wordsOf("iec102.passwort", "7"), /expected iec102\.password, found iec102\.passwort/);
  for (const right of ["0", "7", "4294967295"]) assert.equal(wordsOf("iec102.password", right), "done");
});
