/** The files of a meter, fetched by the SFTP clients that people have: OpenSSH's and lftp. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { bytesOf, NAMES } from "../filled-shelf.ts";
import { servedFiles } from "../served-files.ts";
import { sftpPort } from "../ssh-peers.ts";
import { programPath, without } from "./programs.ts";

interface Ended {
  readonly status: number | null;
  readonly out: string;
}

async function rig(t: TestContext) {
  const served = await servedFiles(t, { listen: "{ sftp: tcp, port: 0 }" });
  const { folder } = served;
  const ask = path.join(folder, "ask.sh");
  writeFileSync(ask, '#!/bin/sh\necho "$ANSWER"\n', { mode: 0o755 });
  /** Runs a client with a password that is asked for, and commands. */
  const run = (name: string, args: readonly string[], input: string, password: string): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, HOME: folder, ANSWER: password, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: "force" };
      const child = spawn(programPath(name) ?? name, args, { cwd: folder, env, timeout: 30_000 });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, out }));
      // A client that has been refused reads no more.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  return { ...served, run, port: sftpPort(served) };
}

const options = (folder: string): readonly string[] => [
  "-oStrictHostKeyChecking=accept-new",
  `-oUserKnownHostsFile=${path.join(folder, "known")}`,
  "-oPubkeyAuthentication=no",
  "-oNumberOfPasswordPrompts=1",
  "-oBatchMode=no",
];

test(
  "sftp of OpenSSH lists, fetches with folders, removes, and is refused what changes",
  { skip: without("sftp") },
  async (t) => {
    const { run, port, folder, shelf } = await rig(t);
    shelf.put("big.pqd", bytesOf(5, 500_000));
    const sftp = (input: string, user: string): Promise<Ended> =>
      run("sftp", [...options(folder), "-b", "-", "-P", String(port), `${user}@127.0.0.1`], input, `meter-${user}`);
    const first = await sftp("ls -l\nget -pr . here\n", "pq");
    assert.equal(first.status, 0, first.out);
    assert.match(first.out, /-r--r----- .* 14131 .*154800417_1578578162_100772_06\.pqd/);
    const found = readdirSync(path.join(folder, "here"), { recursive: true }).map(String);
    assert.deepEqual(found.toSorted(), [...NAMES, "big.pqd", "hsrms", "pqcomms", "wfc"].toSorted());
    NAMES.forEach((name, k) =>
      assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "here", name))), bytesOf(k)),
    );
    assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "here", "big.pqd"))), bytesOf(5, 500_000));
    for (const change of ["mkdir x", "put ask.sh", `rename ${NAMES[0]} x`, `chmod 777 ${NAMES[0]}`, `rm ${NAMES[0]}`]) {
      const refused = await sftp(`${change}\n`, "pq");
      assert.equal(refused.status, 1, change);
      assert.match(refused.out, /Permission denied|not the privilege/i, change);
    }
    const removed = await sftp(`rm ${NAMES[0]}\n`, "admin");
    assert.equal(removed.status, 0, removed.out);
    assert.equal(shelf.list().length, NAMES.length);
  },
);

test("ssh and scp of OpenSSH are given no shell and no command", { skip: without("ssh", "scp") }, async (t) => {
  const { run, port, folder } = await rig(t);
  const shell = await run("ssh", [...options(folder), "-p", String(port), "admin@127.0.0.1", "id"], "", "meter-admin");
  assert.notEqual(shell.status, 0);
  assert.doesNotMatch(shell.out, /uid=/);
  const old = [...options(folder), "-O", "-P", String(port), `admin@127.0.0.1:/${NAMES[0]}`, "."];
  assert.notEqual((await run("scp", old, "", "meter-admin")).status, 0);
  const now = [...options(folder), "-P", String(port), `admin@127.0.0.1:/${NAMES[0]}`, "."];
  const copied = await run("scp", now, "", "meter-admin");
  assert.equal(copied.status, 0, copied.out);
  assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, NAMES[0]))), bytesOf(0));
});

test("lftp mirrors the files", { skip: without("lftp", "ssh") }, async (t) => {
  const { run, port, folder } = await rig(t);
  const commands = [
    `set sftp:connect-program "ssh -a -x ${options(folder).join(" ")}"`,
    "set net:max-retries 1; set net:timeout 10; set cmd:fail-exit yes",
    `open -u pq,meter-pq -p ${port} sftp://127.0.0.1`,
    "mirror / there",
    "bye",
  ];
  const { status, out } = await run("lftp", ["-c", commands.join("; ")], "", "meter-pq");
  assert.equal(status, 0, out);
  NAMES.forEach((name, k) =>
    assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "there", name))), bytesOf(k)),
  );
});
