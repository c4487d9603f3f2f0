/** Foreign programs: found where Debian puts them, or where .ci/run has put them; a test without its program says so and is skipped. */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

/** Where .ci/run puts peers. */
const peers = fileURLToPath(new URL("../../.venv/bin", import.meta.url));

/** The path of a program, or undefined. */
export function programPath(name: string): string | undefined {
  const folders = ["/usr/bin", "/usr/sbin", ...(process.env["PATH"] ?? "").split(path.delimiter)];
  // Its Python is for its packages only.
  if (name === "promtool") folders.push(peers);
  for (const folder of folders) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not there: the next folder.
    }
  }
  return undefined;
}

/** What to give a test as `skip`. */
export function without(...names: readonly string[]): string | false {
  const missing = names.filter((name) => programPath(name) === undefined);
  return missing.length === 0 ? false : `${missing.join(", ")} is not installed`;
}

/** Python with the packages of requirements.txt, where .ci/run has put it. */
export const peersPython = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));

/** What to give a test of such packages as `skip`; `modules` as Python imports them. */
export function withoutPeers(...modules: readonly string[]): string | false {
  if (!existsSync(peersPython)) return "there is no .venv: .ci/run makes it";
  const found = spawnSync(peersPython, ["-c", modules.map((name) => `import ${name}`).join("; ")]);
  return found.status === 0 ? false : `${modules.join(", ")} cannot be imported in .venv`;
}

/** Where .ci/run puts jDLMS. */
const jars = fileURLToPath(new URL("../../.venv/jdlms", import.meta.url));

/** What to give a test of jDLMS as `skip`. */
export function withoutJdlms(): string | false {
  if (!existsSync(path.join(jars, "jdlms-1.8.0.jar"))) return "there is no .venv/jdlms: .ci/run makes it";
  return without("java");
}

/** What java has to be told to run test/interop/jdlms/JdlmsPeer.java, before its own words. */
export const jdlmsPeer: readonly string[] = [
  "-cp",
  path.join(jars, "*"),
  fileURLToPath(new URL("jdlms/JdlmsPeer.java", import.meta.url)),
];

/** Where .ci/run puts Gurux for Java. */
const gurux = fileURLToPath(new URL("../../.venv/gurux", import.meta.url));

/** What to give a test of Gurux for Java as `skip`. */
export function withoutGuruxJava(): string | false {
  if (!existsSync(path.join(gurux, "gurux.dlms-4.0.47.jar"))) return "there is no .venv/gurux: .ci/run makes it";
  return without("java");
}

/** What java has to be told to run test/interop/gurux/GuruxPeer.java, before its own words. */
export const guruxPeer: readonly string[] = [
  "-cp",
  path.join(gurux, "*"),
  fileURLToPath(new URL("gurux/GuruxPeer.java", import.meta.url)),
];

export interface Ran {
  readonly status: number | null;
  readonly out: string;
}

/** Runs a program to its end; standard output and error together. */
export function runProgram(name: string, args: readonly string[], timeoutMs = 30_000): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(programPath(name) ?? name, args, { timeout: timeoutMs });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, out }));
  });
}

/** Two ends of a serial line that socat makes, as device names in `folder`. */
export async function serialLine(t: TestContext, folder: string): Promise<readonly [string, string]> {
  const [near, far] = [path.join(folder, "near"), path.join(folder, "far")];
  const socat = spawn(programPath("socat") ?? "socat", [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`]);
  t.after(() => socat.kill());
  while (!existsSync(near) || !existsSync(far)) await new Promise((done) => setTimeout(done, 20));
  return [near, far];
}

/** What a peer's own library has not done, by the peer's own word: no fault of ours, and no proof. */
export class FrailPeer extends Error {}

/** How a program ends that is to be tried again (EX_TEMPFAIL of sysexits.h). */
export const tryAgain = 75;

/** A conversation with a peer whose own library falls over now and then, and says so: it is tried again, and each time is told. All else fails at once. */
export async function withFrailPeer(t: TestContext, talk: () => Promise<void>): Promise<void> {
  for (let left = 9; ; left--) {
    try {
      await talk();
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof FrailPeer)) throw error;
      t.diagnostic(`tried again: ${error.message}`);
    }
  }
}
