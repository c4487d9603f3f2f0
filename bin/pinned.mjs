/**
 * Runs its arguments under the Node that this project pins, whatever Node started it (20 or newer),
 * after installing from the lock file what is missing. Plain JavaScript, because it must run before
 * anything is installed and on a Node that does not strip types.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { isBuilt } from "./page.mjs";
import { verify } from "./runtime.mjs";
import { whenNpmIsGone } from "./started-by.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const pinned = path.join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** How a program ends whose libraries are not on the machine; of what is run here, nothing else ends so. */
const CANNOT_LOAD = 127;

/** What goes with everything that is run here. */
const launched = new URL("./launched.mjs", import.meta.url).href;

/** npm writes this file last, so it names what a finished install holds. */
const installed = path.join(root, "node_modules", ".package-lock.json");

function complete() {
  if (!existsSync(installed) || !existsSync(pinned)) return false;
  const want = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(want).every(
    ([where, { version, optional }]) => where === "" || optional === true || have[where]?.version === version,
  );
}

function npm(...args) {
  const { status } = spawnSync("npm", [...args, "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: root,
    // What npm says must not mix with a program's own output: `polyphase models --json` prints one document.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  return status === 0;
}

/** Packages whose install scripts run. */
function allowed() {
  const { allowScripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return Object.keys(allowScripts).filter((name) => allowScripts[name]);
}

/** Installs what the lock file names and is missing; two starts at once wait for each other. */
function install() {
  if (!existsSync(path.join(root, "package-lock.json")))
    throw new Error(
      `${root} has no package-lock.json: it is not a checkout, nor is it the package, which npm run package makes in a checkout`,
    );
  if (complete()) return;
  const lock = path.join(root, ".installing");
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (complete()) return;
      // An install that was killed leaves its lock behind; none takes ten minutes.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 600_000)
        rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    process.stderr.write("polyphase: installing what is missing (once)\n");
    // No package runs a script of its own (.npmrc) but those that package.json allows: the runtime's, which fetches it.
    if (!npm("ci", "--ignore-scripts"))
      throw new Error(
        "npm ci failed; its message is above. It needs the network once, to fetch what package-lock.json names: behind a proxy " +
          "npm config set proxy (and https-proxy) says which, and without a network node_modules of another checkout can be copied here",
      );
    npm("rebuild", ...allowed(), "--ignore-scripts=false");
    if (!existsSync(pinned)) throw new Error(`the pinned Node is missing after the install: ${pinned}`);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Installs what is missing, and looks whether the runtime is the one that is pinned; rejects when it is not. */
export async function ready() {
  install();
  const runtime = JSON.parse(readFileSync(path.join(root, "bin", "runtime.json"), "utf8"));
  const note = path.join(root, "node_modules", ".cache", "polyphase-runtime.json");
  await verify(pinned, runtime, { platform: `${process.platform}-${process.arch}`, note });
}

/** Builds the page where its sources have changed; what the build says must not mix with a program's own output. */
export function page() {
  if (isBuilt()) return;
  const { status } = spawnSync(pinned, [path.join(root, "bin", "page.mjs")], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the page could not be built; the message is above");
}

/**
 * Runs `args` under the pinned Node, hands signals on, and exits as it does. What runs notices when this process is gone, however it
 * ended (launched.mjs): it does not stay behind.
 */
export function run(args) {
  const child = spawn(pinned, ["--import", launched, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, POLYPHASE_PINNED: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  whenNpmIsGone(() => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    if (code === CANNOT_LOAD) {
      process.stderr.write(
        "polyphase: the Node that it brings does not run on this machine; why is above. Debian and Ubuntu have libatomic.so.1 in the " +
          "package libatomic1\n",
      );
      process.exit(1);
    }
    process.exit(code ?? 128 + (constants.signals[signal] ?? 1));
  });
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await ready();
    run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`polyphase: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
