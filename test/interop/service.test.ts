/** A site as a service: systemd's side of its notifications is a datagram socket of Python's, what is said goes by systemd-notify. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { siteOf, temporaryFolder } from "../running-site.ts";
import { programPath, without } from "./programs.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Prints each message as a line of JSON; the descriptor that comes with a barrier is closed, which is the answer to it. */
const LISTENER = `
import json, os, socket, sys
name = sys.argv[1]
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("\\0" + name[1:] if name.startswith("@") else name)
print(json.dumps("listening"), flush=True)
while True:
    message, fds, flags, address = socket.recv_fds(heard, 4096, 1)
    for fd in fds: os.close(fd)
    print(json.dumps(message.decode()), flush=True)
`;

/** What systemd hears at a socket, in order. */
async function listening(t: TestContext, socket: string) {
  const python = spawn(programPath("python3")!, ["-c", LISTENER, socket], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => python.kill());
  const messages: string[] = [];
  let wake = (): void => {};
  createInterface(python.stdout).on("line", (line) => {
    messages.push(JSON.parse(line) as string);
    wake();
  });
  /** Waits for a message and hands it out with those before it, but for barriers. */
  const until = async (pattern: RegExp): Promise<readonly string[]> => {
    for (;;) {
      const at = messages.findIndex((one) => pattern.test(one));
      if (at >= 0) return messages.splice(0, at + 1).filter((one) => one !== "BARRIER=1");
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  await until(/^listening$/);
  return until;
}

function started(file: string, environment: Readonly<Record<string, string>>): ChildProcess & { lines: string[] } {
  const child = spawn(process.execPath, [main, "up", file], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  return Object.assign(child, { lines });
}

const skip = without("python3", "systemd-notify");

for (const kind of ["a path", "the abstract namespace"] as const)
  test(
    `systemd hears at ${kind}: ready, reloading and ready again, a refusal, alive, stopping`,
    { skip },
    async (t) => {
      const { folder, remove } = temporaryFolder();
      t.after(remove);
      const file = path.join(folder, "site.yaml");
      writeFileSync(file, siteOf());
      const socket = kind === "a path" ? path.join(folder, "notify") : `@polyphase-test-${process.pid}`;
      const until = await listening(t, socket);
      const site = started(file, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "400000" });
      const ended = once(site, "close");
      t.after(() => site.kill("SIGKILL"));
      const [ready] = await until(/READY=1/);
      assert.deepEqual(ready?.trim().split("\n").sort(), [
        `MAINPID=${site.pid}`,
        "READY=1",
        "STATUS=1 meter, 1 listener",
      ]);
      // Ready is who listens: what the log names is open.
      assert.ok(site.lines.some((line) => line.includes('"listener":"modbus tcp 127.0.0.1:')));
      await until(/WATCHDOG=1/);
      writeFileSync(file, siteOf().replace(/listen:.*$/m, "listen: []"));
      site.kill("SIGHUP");
      const reloading = (await until(/READY=1/)).filter((one) => !one.includes("WATCHDOG=1"));
      assert.equal(reloading.length, 2, reloading.join("; "));
      assert.match(reloading[0] ?? "", /RELOADING=1\nMONOTONIC_USEC=\d+/);
      assert.match(reloading[1] ?? "", /STATUS=1 meter, 0 listeners/);
      writeFileSync(file, "meters: 5\n");
      site.kill("SIGHUP");
      assert.match((await until(/READY=1/)).at(-1) ?? "", /STATUS=the site file was refused: .*meters/);
      site.kill("SIGTERM");
      await until(/STOPPING=1/);
      assert.deepEqual(await ended, [0, null]);
      // Every line of what is no terminal is JSON.
      const log = site.lines.map((line) => JSON.parse(line) as { level: string; time: string; msg: string });
      assert.ok(log.some(({ level, msg }) => level === "error" && /read again, and nothing has changed/.test(msg)));
      assert.ok(log.every(({ time }) => Temporal.Instant.from(time) !== undefined));
    },
  );

test("where there is no systemd-notify that is said once, and the site runs", { skip }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, siteOf());
  const site = started(file, { NOTIFY_SOCKET: path.join(folder, "nobody"), PATH: folder });
  const ended = once(site, "close");
  t.after(() => site.kill("SIGKILL"));
  while (!site.lines.some((line) => line.includes("there is no systemd-notify"))) await once(site.stdout!, "data");
  site.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  assert.equal(site.lines.filter((line) => line.includes("systemd-notify")).length, 1);
});
