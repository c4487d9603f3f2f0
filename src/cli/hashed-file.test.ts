/** `polyphase config hash`: hashes in place of passwords, every other character as it was. */
import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { changeText } from "#io/draft.ts";
import { isHash, passwordMatches } from "#io/password.ts";
import { withHashes } from "./hashed-file.ts";

const written = `# the users of the substation\r
users:
    -   {name:   boss, password:   'it''s # secret', privileges: [freeze]}   # who is here
    -   name: hand
        password: |
          two
          lines
        privileges:   []   # none yet
    -   { name: other, password: factory }
    -   { name: none }

selfRead:   { every:   day }
`;

test("passwords become hashes of them, comments and layout stay", () => {
  const { text, hashed } = withHashes("jem.yaml", written);
  assert.deepEqual(hashed, ["boss", "hand"]);
  const { users } = parse(text) as { users: { name: string; password?: string }[] };
  assert.ok(passwordMatches("it's # secret", users[0]?.password ?? ""));
  assert.ok(passwordMatches("two\nlines\n", users[1]?.password ?? ""));
  assert.equal(users[2]?.password, "factory");
  const hash = /"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}"/;
  assert.equal(text.replace(hash, "'it''s # secret'").replace(hash, "|\n          two\n          lines"), written);
  // Once more there is nothing to do.
  assert.deepEqual(withHashes("jem.yaml", text), { text, hashed: [] });
});

test("JSON stays JSON; what begins like a hash is a password", () => {
  const { text, hashed } = withHashes("jem.json", '{"users": [{"name":"a","password":"scrypt$\\u0041"}],"x":1}');
  assert.deepEqual(hashed, ["a"]);
  const { users } = JSON.parse(text) as { users: { password: string }[] };
  assert.ok(isHash(users[0]?.password ?? "") && passwordMatches("scrypt$A", users[0]?.password ?? ""));
});

test("a file that is no configuration, or whose password stands elsewhere, is refused by name", () => {
  for (const [text, says] of [
    ["users: ann", /users: expected a list of users/],
    ["- users", /users: expected a list of users/],
    ["x: &x secret\nusers: [{ name: a, password: *x }]", /users\[0\]\.password: expected a text, written out/],
    ["users: [{ name: a, password: 17 }]", /users\[0\]\.password: expected a text, written out/],
    ["users: [", /line 1, column/],
  ] as const)
    assert.throws(() => withHashes("jem.yaml", text), says);
});

test("a file that is replaced keeps its mode and the links that lead to it, and leaves no draft", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "hash-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [file, link] = [path.join(folder, "a.yaml"), path.join(folder, "b.yaml")];
  writeFileSync(file, "old");
  if (process.platform !== "win32") chmodSync(file, 0o640);
  symlinkSync(file, link);
  await changeText(link, (there) => `${there}er`);
  assert.equal(readFileSync(file, "utf8"), "older");
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(folder).sort(), ["a.yaml", "b.yaml"]);
  assert.equal(readFileSync(link, "utf8"), "older");
});

test("a configuration without users has no passwords", () => {
  assert.deepEqual(withHashes("jem.yaml", "selfRead: { every: day }\n"), {
    text: "selfRead: { every: day }\n",
    hashed: [],
  });
  assert.deepEqual(withHashes("jem.yaml", "").hashed, []);
});
