/** libiec61850's server, as a program of its own: told by lines what it is to do, it says that it is done. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../running-site.ts";
import { peersPython } from "./programs.ts";

export interface OtherServer {
  readonly port: number;
  /** What it has said besides: of outputs that it operated. */
  readonly said: readonly string[];
  tell(line: string): Promise<void>;
}

export async function libiec61850Server(t: TestContext, folder: string): Promise<OtherServer> {
  const port = await freePort();
  const script = fileURLToPath(new URL("iec61850-server.py", import.meta.url));
  const child = spawn(peersPython, [script, String(port), folder], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(async () => {
    if (child.exitCode !== null) return;
    child.stdin.end("end\n");
    await Promise.race([once(child, "exit"), new Promise((done) => setTimeout(done, 3000).unref())]);
    child.kill("SIGKILL");
  });
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "listening" || line === "done") waiting.shift()?.();
    else said.push(line);
  });
  const next = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  const exited = once(child, "exit").then(([code]) => {
    throw new Error(`the server has ended: ${String(code)}`);
  });
  exited.catch(() => {});
  await Promise.race([next(), exited]);
  return {
    port,
    said,
    async tell(line) {
      const done = next();
      child.stdin.write(`${line}\n`);
      await Promise.race([done, exited]);
    },
  };
}
