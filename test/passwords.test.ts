/** Passwords of a meter's users: worked on beside the event loop, kept as hashes only, and found in no file, answer or output. */
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { hashPassword } from "#io/password.ts";
import { isRefused, type MeterCommand } from "#quantity/authority.ts";
import { webSide, type WebSide } from "#web/server.ts";
import { far, jemStar, near } from "./authority-rig.ts";
import { jemstarOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

/** How often somebody hashes while everybody waits. */
function blocking(t: TestContext): () => number {
  const { scryptSync } = crypto;
  let calls = 0;
  crypto.scryptSync = (...args: Parameters<typeof scryptSync>) => {
    calls++;
    return scryptSync(...args);
  };
  syncBuiltinESMExports();
  t.after(() => {
    crypto.scryptSync = scryptSync;
    syncBuiltinESMExports();
  });
  return () => calls;
}

const admin = "privileges: [configureUsers, configureProtocols, freeze]";
const others = ["one", "two", "three", "four"];
/** By every way by which somebody can come to have one. */
const plain = {
  file: "Pa55word-of-the-file",
  put: "Pa55word-that-is-put",
  command: "Pa55word-by-command",
  like: "scrypt$Pa55word-like-a-hash",
  wrong: "Pa55word-that-is-wrong",
};

function site(t: TestContext, users: string) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `store: ./data
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 5, steps: true } } }
`,
  );
  writeFileSync(path.join(folder, "jem.yaml"), users);
  return { folder, file };
}

function asking(app: WebSide["app"]) {
  const said: string[] = [];
  const ask = async (method: string, place: string, body?: unknown, token?: string) => {
    const answer = await app.request(`http://127.0.0.1/api/meters/jem${place}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    said.push(text);
    return { status: answer.status, value: JSON.parse(text) as Record<string, unknown> };
  };
  const logIn = async (user: string, password: string): Promise<string | undefined> =>
    (await ask("POST", "/session", { user, password })).value["token"] as string | undefined;
  return { ask, logIn, said };
}

test("passwords that were given by the file, over HTTP and by command lie in no file, log or answer", async (t) => {
  const { folder, file } = site(
    t,
    `users:\n  - { name: admin, password: ${plain.file}, ${admin} }\n  - { name: hand, privileges: [freeze] }\n`,
  );
  const running = loadSite(file);
  await running.start();
  const { ask, logIn, said } = asking(webSide(running).app);
  const token = await logIn("admin", plain.file);
  const { value } = await ask("GET", "/configuration", undefined, token);
  const users = value["users"] as { name: string; password?: string }[];
  for (const password of [plain.put, plain.like]) {
    for (const user of users) if (user.name === "hand") user.password = password;
    assert.equal((await ask("PUT", "/configuration", { ...value, users }, token)).status, 200);
    const hand = await logIn("hand", password);
    assert.ok(hand !== undefined, password);
    assert.equal((await ask("POST", "/commands", { command: "freeze" }, hand)).status, 200);
  }
  const own = await logIn("hand", plain.like);
  assert.equal((await ask("POST", "/commands", { command: "password", password: plain.command }, own)).status, 200);
  assert.equal((await ask("POST", "/commands", { command: "freeze" }, own)).status, 401, "the session of the old one");
  assert.ok((await logIn("hand", plain.command)) !== undefined);
  assert.equal(await logIn("hand", plain.wrong), undefined);
  await ask("PUT", "/configuration", { users: [{ name: "hand", password: [plain.wrong] }] }, token);
  await ask("POST", "/commands", { command: "password", password: { wrong: plain.wrong } }, token);
  for (const place of ["", "/configuration", "/logs/security", "/logs/configuration", "/logs/event"])
    await ask("GET", place, undefined, token);
  running.store.commit();
  const files = globSync("**", { cwd: folder, withFileTypes: true }).filter((one) => one.isFile());
  assert.ok(
    files.some(({ name }) => name.includes("wal")),
    "what is not in the store yet is looked at, too",
  );
  const everything = [
    ...said,
    ...running.notices.map(textOf),
    ...files.flatMap(({ parentPath, name }) =>
      name === "jem.yaml" ? [] : [readFileSync(path.join(parentPath, name), "latin1")],
    ),
  ];
  for (const password of Object.values(plain))
    for (const spelt of [
      password,
      Buffer.from(password).toString("hex"),
      Buffer.from(password).toString("base64").slice(0, 20),
    ])
      assert.ok(!everything.some((text) => text.includes(spelt)), spelt);
  await running.stop();
});

test("nobody waits while passwords of a command are worked on", async (t) => {
  const { file } = site(t, `users: [{ name: admin, password: ${plain.file}, ${admin} }]\n`);
  const running = loadSite(file);
  await running.start();
  t.after(() => running.stop());
  const { ask, logIn } = asking(webSide(running).app);
  const calls = blocking(t);
  const token = await logIn("admin", plain.file);
  const { value } = await ask("GET", "/configuration", undefined, token);
  const users = [
    { name: "admin", password: plain.file, privileges: ["configureUsers", "configureProtocols", "freeze"] },
    ...others.map((name) => ({ name, password: `${plain.put} ${name}`, privileges: [] })),
  ];
  assert.equal((await ask("PUT", "/configuration", { ...value, users }, token)).status, 200);
  // Nobody's password is another: sessions stay.
  assert.equal((await ask("PUT", "/configuration", { ...value, users }, token)).status, 200);
  const mine = await logIn("two", `${plain.put} two`);
  assert.equal((await ask("POST", "/commands", { command: "password", password: plain.command }, mine)).status, 200);
  assert.ok((await logIn("two", plain.command)) !== undefined);
  assert.equal(calls(), 0);
  // The same in this process without any preparation, to see that it is counted.
  const jem = jemstarOf(running, "jem");
  jem.authority.obey({ command: "password", password: "x" }, jem.authority.sessions.begin("two", near));
  assert.equal(calls(), 1);
});

test("what was worked out of passwords that are others meanwhile is not applied", async (t) => {
  const { jem, as } = jemStar(t);
  const boss = as("admin");
  const users = jem.file.users.map((one) => (one.name === "user1" ? { ...one, password: "first" } : one));
  const command = { command: "configure", configuration: JSON.stringify({ ...jem.file, users }) } as const;
  assert.equal(await jem.authority.prepare(command, boss), undefined);
  assert.ok(!isRefused(jem.authority.obey({ command: "password", password: "second" }, as("user1"))));
  const outcome = jem.authority.obey(command, boss);
  assert.ok(isRefused(outcome));
  assert.deepEqual(outcome.words, ["users have been changed meanwhile: send it again"]);
  const admitted = await jem.authority.admit({ kind: "password", user: "user1", password: "second" }, far);
  assert.ok(!isRefused(admitted));
});

/** Counts the passwords that are worked on beside the event loop. */
function hashing(t: TestContext): { asked: number } {
  const work = { asked: 0 };
  const { scrypt } = crypto;
  crypto.scrypt = ((...args: Parameters<typeof scrypt>) => {
    work.asked++;
    scrypt(...args);
  }) as typeof scrypt;
  syncBuiltinESMExports();
  t.after(() => {
    crypto.scrypt = scrypt;
    syncBuiltinESMExports();
  });
  return work;
}

test("a name that there is not is as much work as one that there is, whatever it comes with", async (t) => {
  const { jem } = jemStar(t, {
    configuration: `users: [{ name: admin, password: ${plain.file}, ${admin} }, { name: hand }]\n`,
  });
  const work = hashing(t);
  for (const user of ["admin", "hand", "ghost"]) {
    for (const password of [plain.wrong, user]) {
      work.asked = 0;
      await jem.authority.admit({ kind: "password", user, password }, far);
      assert.equal(work.asked, 1, `${user} with ${password}`);
    }
  }
});

test("of configurations that many send, one is read in a turn, and what waits is bounded by place", async (t) => {
  const { jem } = jemStar(t);
  const send = (address: string, k: number) => {
    const command = { command: "configure", configuration: `{"resetLockoutMinutes":${k}}`, check: true } as const;
    return jem.authority.prepare(command, jem.authority.open({ ...far, address }));
  };
  const crowd = Array.from({ length: 20 }, (_, k) => send("192.0.2.1", k));
  const other = send("192.0.2.2", 100);
  const mine = jem.authority.prepare(
    { command: "configure", configuration: '{"resetLockoutMinutes":200}', check: true },
    jem.authority.open(near),
  );
  const answers = await Promise.all(crowd);
  assert.equal(answers.filter((answer) => answer === undefined).length, 1 + 5);
  assert.deepEqual(answers.at(-1)?.words, ["too many configurations are being read at once; try again"]);
  assert.deepEqual([await other, await mine], [undefined, undefined]);
});

test("whoever is nobody makes no work of passwords", async (t) => {
  const { jem } = jemStar(t);
  const users = jem.file.users.map((one) => ({ ...one, password: "x" }));
  const command: MeterCommand = { command: "configure", configuration: JSON.stringify({ ...jem.file, users }) };
  const calls = blocking(t);
  const work = hashing(t);
  for (const peer of [near, far]) {
    for (const one of [command, { ...command, check: true }, { command: "password", password: "x" } as const]) {
      await jem.authority.prepare(one, jem.authority.open(peer));
      jem.authority.obey(one, jem.authority.open(peer));
    }
  }
  assert.deepEqual([calls(), work.asked], [0, 0]);
});

test("a hash in the site's file is its password; one that is sent is refused, whoever sends it", async (t) => {
  const hash = hashPassword(plain.file);
  const { file } = site(t, `users: [{ name: admin, password: ${hash}, ${admin} }]\n`);
  const calls = blocking(t);
  for (const start of [1, 2]) {
    const running = loadSite(file);
    await running.start();
    const { ask, logIn } = asking(webSide(running).app);
    const token = await logIn("admin", plain.file);
    assert.ok(token !== undefined, `start ${start}`);
    assert.equal(await logIn("admin", hash), undefined);
    const { value } = await ask("GET", "/configuration", undefined, token);
    const [user] = value["users"] as object[];
    const { status, value: said } = await ask(
      "PUT",
      "/configuration",
      { ...value, users: [{ ...user, password: hash }] },
      token,
    );
    assert.equal(status, 422);
    assert.deepEqual(said["problems"], [
      "users[0].password: expected a password; hashes count in the site's files only",
    ]);
    assert.equal((await ask("POST", "/commands", { command: "password", password: hash }, token)).status, 422);
    const log = await ask("GET", "/logs/configuration", undefined, token);
    assert.deepEqual(log.value["entries"], [], "it is the same at every start");
    await running.stop();
  }
  assert.equal(calls(), 0);
});
