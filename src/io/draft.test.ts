import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { changeText, makeOwnFile } from "./draft.ts";

const isRoot = process.platform === "linux" && process.getuid?.() === 0;

function folder(t: TestContext, before: (made: string) => unknown = () => {}): string {
  const made = mkdtempSync(path.join(tmpdir(), "polyphase-draft-"));
  t.after(() => {
    before(made);
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

test("whoever changes a file at the same time, in this process or another, does so before or after", async (t) => {
  const file = path.join(folder(t), "count");
  const here = Promise.all(
    Array.from({ length: 20 }, (_, k) => changeText(file, (there = "") => `${there}here ${k}\n`, true)),
  );
  const program = `
    const { changeText } = await import(${JSON.stringify(new URL("./draft.ts", import.meta.url).href)});
    for (let k = 0; k < 20; k++) await changeText(process.argv[1], (there = "") => there + process.argv[2] + " " + k + "\\n", true);`;
  const others = ["one", "two"].map((name) =>
    once(spawn(process.execPath, ["--input-type=module", "-e", program, file, name], { stdio: "inherit" }), "close"),
  );
  await here;
  assert.deepEqual(await Promise.all(others), [
    [0, null],
    [0, null],
  ]);
  const found = readFileSync(file, "utf8").trim().split("\n").sort();
  const expected = ["here", "one", "two"].flatMap((name) => Array.from({ length: 20 }, (_, k) => `${name} ${k}`));
  assert.deepEqual(found, expected.sort());
});

test("a change that throws leaves what was, and no draft", async (t) => {
  const place = folder(t);
  const file = path.join(place, "users");
  writeFileSync(file, "as it was");
  const no = (): string => {
    throw new Error("no");
  };
  await assert.rejects(changeText(file, no), /^Error: no$/);
  assert.throws(() => makeOwnFile(file, "a key"), /users is there already/);
  assert.deepEqual([readFileSync(file, "utf8"), readdirSync(place)], ["as it was", ["users"]]);
});

test("a name without a key, as a full disk leaves it, is made one", (t) => {
  const file = path.join(folder(t), "key");
  writeFileSync(file, "");
  makeOwnFile(file, "a key");
  assert.equal(readFileSync(file, "utf8"), "a key");
});

test("a draft of somebody else is waited for, and one that is left lying is taken away", async (t) => {
  const file = path.join(folder(t), "users");
  writeFileSync(file, "1");
  writeFileSync(`${file}.new`, "of a crash");
  await changeText(file, (there) => `${there}2`);
  assert.deepEqual([readFileSync(file, "utf8"), existsSync(`${file}.new`)], ["12", false]);
});

test(
  "what root changes goes on being its owner's, and what he makes is whose the folder is",
  { skip: isRoot ? false : "only root can change what is another's" },
  async (t) => {
    const place = folder(t);
    chownSync(place, 1234, 1234);
    const [users, site] = [path.join(place, "site.users"), path.join(place, "jem.yaml")];
    await changeText(users, () => "new", true);
    writeFileSync(site, "of another", { mode: 0o640 });
    chownSync(site, 1235, 1236);
    await changeText(site, () => "changed");
    const about = (file: string): number[] => {
      const { uid, gid, mode } = statSync(file);
      return [uid, gid, mode & 0o777];
    };
    assert.deepEqual(about(users), [1234, 1234, 0o600]);
    assert.deepEqual(about(site), [1235, 1236, 0o640]);
  },
);

test(
  "a disk that has room for a part leaves what was, and says that it is full",
  { skip: isRoot ? false : "only root can mount a small disk" },
  async (t) => {
    const place = path.join(
      folder(t, (made) => spawnSync("umount", ["-l", path.join(made, "small")])),
      "small",
    );
    mkdirSync(place);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
    const [file, key] = [path.join(place, "users"), path.join(place, "key")];
    const users = "u".repeat(9000);
    writeFileSync(file, users);
    spawnSync("dd", ["if=/dev/zero", `of=${path.join(place, "fill")}`, "bs=1k"]);
    const rest = path.join(place, "fill");
    // One page is free: a write of more is cut short.
    spawnSync("truncate", ["-s", String(Math.floor(statSync(rest).size / 4096) * 4096 - 4096), rest]);
    await assert.rejects(
      changeText(file, (there) => `${there}${"v".repeat(100)}`),
      /ENOSPC/,
    );
    assert.throws(() => makeOwnFile(key, "k".repeat(9000)), /ENOSPC/);
    assert.equal(readFileSync(file, "utf8"), users);
    assert.deepEqual(readdirSync(place).sort(), ["fill", "users"]);
  },
);
