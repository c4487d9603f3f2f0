/** Files of a meter pushed to the servers that people have: OpenSSH's sshd (SFTP, and scp's sink) and vsftpd. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { userInfo } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { openPush } from "#io/push.ts";
import type { PushTarget } from "#io/push-target.ts";
import { bytesOf, NAMES } from "../filled-shelf.ts";
import { freePort, temporaryFolder } from "../running-site.ts";
import { programPath, runProgram, without } from "./programs.ts";

/** A user of the machine, with a password, as servers of files ask for: made where root runs this. */
const USER = "polyphase-push";
const PASSWORD = "correct horse battery";

async function withUser(t: TestContext): Promise<string | undefined> {
  if (userInfo().uid !== 0 || programPath("useradd") === undefined || programPath("chpasswd") === undefined)
    return "takes root, who makes a user";
  const home = path.join("/tmp", `${USER}-home`);
  await runProgram("useradd", ["--create-home", "--home-dir", home, "--shell", "/bin/sh", USER]);
  t.after(() => runProgram("userdel", ["--remove", "--force", USER]));
  const set = spawn(programPath("chpasswd")!, { stdio: ["pipe", "ignore", "ignore"] });
  set.stdin.end(`${USER}:${PASSWORD}\n`);
  await new Promise((resolve) => set.on("close", resolve));
  return undefined;
}

const HOME = path.join("/tmp", `${USER}-home`);

/** Until somebody listens there. */
async function listening(port: number): Promise<void> {
  for (let k = 0; ; k++) {
    assert.ok(k < 500, "nobody listens");
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const clock = new SystemClock();

async function pushed(target: Omit<PushTarget, "host" | "user" | "password" | "tls">): Promise<readonly string[]> {
  const keys: string[] = [];
  const to = { ...target, host: "127.0.0.1", user: USER, password: PASSWORD, tls: false };
  const isKnown = (key: string): boolean => keys.push(key) > 0;
  const push = await openPush(to, { clock, stepMs: 10_000, isKnown });
  const results: string[] = [];
  try {
    for (const [k, name] of [NAMES[0], NAMES[1], NAMES[0]].entries())
      results.push(await push.put(name, k === 2 ? bytesOf(7, 500_000) : bytesOf(k)));
  } finally {
    push.close();
  }
  await assert.rejects(
    openPush({ ...to, password: "wrong" }, { clock, stepMs: 10_000, isKnown }),
    /takes no polyphase-push|530|login/i,
  );
  return results;
}

function assertThere(folder: string): void {
  assert.deepEqual(readdirSync(folder).toSorted(), [NAMES[0], NAMES[1]].toSorted());
  assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, NAMES[0]))), bytesOf(7, 500_000));
  assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, NAMES[1]))), bytesOf(1));
}

async function own(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await runProgram("chown", ["-R", USER, folder]);
}

test("sshd of OpenSSH takes files by SFTP and by scp", { skip: without("sshd", "ssh-keygen") }, async (t) => {
  const missing = await withUser(t);
  if (missing !== undefined) return t.skip(missing);
  const server = ["/usr/lib/openssh/sftp-server", "/usr/libexec/sftp-server"].find((one) => existsSync(one));
  if (server === undefined) return t.skip("there is no sftp-server");
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = (name: string): string => path.join(folder, name);
  await runProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at("key")]);
  const port = await freePort();
  mkdirSync("/run/sshd", { recursive: true });
  writeFileSync(
    at("config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${at("key")}`,
      `PidFile ${at("pid")}`,
      "PasswordAuthentication yes",
      "UsePAM no",
      `Subsystem sftp ${server}`,
    ].join("\n"),
  );
  const sshd = spawn(programPath("sshd")!, ["-D", "-e", "-f", at("config")], { stdio: "ignore" });
  t.after(() => sshd.kill());
  await listening(port);
  for (const protocol of ["sftp", "scp"] as const) {
    const into = path.join(HOME, `it's ${protocol}`);
    await own(into);
    assert.deepEqual(await pushed({ protocol, port, folder: into }), ["kept", "kept", "kept"]);
    assertThere(into);
    await assert.rejects(pushed({ protocol, port, folder: path.join(HOME, "nowhere") }), /No such file|nowhere/i);
  }
  return undefined;
});

test("vsftpd takes files by FTP", { skip: without("vsftpd") }, async (t) => {
  const missing = await withUser(t);
  if (missing !== undefined) return t.skip(missing);
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = await freePort();
  const config = path.join(folder, "vsftpd.conf");
  writeFileSync(
    config,
    [
      "listen=YES",
      "listen_address=127.0.0.1",
      `listen_port=${port}`,
      "background=NO",
      "anonymous_enable=NO",
      "local_enable=YES",
      "write_enable=YES",
      "seccomp_sandbox=NO",
      "pam_service_name=vsftpd",
      "check_shell=NO",
      `secure_chroot_dir=${folder}`,
    ].join("\n") + "\n",
  );
  const server = spawn(programPath("vsftpd")!, [config], { stdio: "ignore" });
  t.after(() => server.kill());
  await listening(port);
  const into = path.join(HOME, "ftp");
  await own(into);
  assert.deepEqual(await pushed({ protocol: "ftp", port, folder: into }), ["kept", "kept", "kept"]);
  assertThere(into);
  await assert.rejects(pushed({ protocol: "ftp", port, folder: path.join(HOME, "nowhere") }), /550|Failed/);
  return undefined;
});
