/** Networks of their own, in which anybody may have raw sockets: a namespace with two interfaces that are one cable, near and far. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { without } from "./programs.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

const CABLE =
  "ip link set lo up && ip link add near type veth peer name far && ip link set near up && ip link set far up";

/** What to give a test as `skip`. */
export function withoutNetworks(): string | false {
  const missing = without("unshare", "ip");
  if (missing !== false) return missing;
  const tried = spawnSync("unshare", ["-rn", "sh", "-c", `PATH=$PATH:/usr/sbin; ${CABLE}`]);
  return tried.status === 0 ? false : "this machine does not let a process have a network of its own";
}

/** What to give a test as `skip` where raw sockets are used, too. */
export async function withoutRawSockets(): Promise<string | false> {
  const missing = withoutNetworks();
  if (missing !== false) return missing;
  return import("koffi").then(
    () => false,
    () => "the package koffi is not installed",
  );
}

/** Runs shell commands in such a network. `$NODE` runs TypeScript of this checkout. */
export function inNetwork(commands: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const node = `${process.execPath} --disable-warning=ExperimentalWarning`;
  return spawn("unshare", ["-rn", "bash", "-c", `PATH=$PATH:/usr/sbin; ${CABLE}; ${commands}`], {
    cwd: checkout,
    env: { ...process.env, ...environment, NODE: node },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The same to their end; standard output, and error behind it where it failed. */
export function ranInNetwork(commands: string, environment?: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = inNetwork(commands, environment);
    let [out, complaints] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve(out) : reject(new Error(`status ${status}: ${out}${complaints}`)),
    );
  });
}
