/**
 * A machine with nothing on it but what is brought: a folder with programs and their libraries that one shell at a time sees as the
 * whole of its world, with processes of its own and, unless told otherwise, a network of its own, in which every port is free.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../running-site.ts";
import { programPath, without, type Ran } from "./programs.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** What any Debian has, however small it is; of these, what scripts of npm and of the image use. */
const tools = ["sh", "env", "cat", "ln", "ls", "mkdir", "mv", "rm", "chown", "sleep", "setsid", "script"];

/** The libraries of libc6 and libgcc-s1, beside libc itself, which no Debian is without. */
const libraries = [
  "libdl.so.2",
  "libm.so.6",
  "libpthread.so.0",
  "libresolv.so.2",
  "librt.so.1",
  "libutil.so.1",
  "libgcc_s.so.1",
];

/** Where npm's configuration of this machine lies, and how it reaches the registry. */
const reach = [
  "/usr/etc/npmrc",
  "/usr/local/etc/npmrc",
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/ssl/certs/ca-certificates.crt",
];

/** How long a test of a machine may take: npm asks a registry, which can be slow, after each package of the lock file. */
export const PATIENCE_MS = 1_200_000;

/** The user of the machine who is not root. */
export const USER = 1000;

/** What to give a test as `skip`: only root can do this, and it takes Debian's programs. */
export function withoutMachines(): string | false {
  if (process.getuid?.() !== 0) return "only root can make a machine";
  return without("unshare", "chroot", "mount", "ip", "ldd");
}

export interface EmptyMachine {
  /** Where its root is, seen from here. */
  readonly root: string;
  /** Brings programs, by name or by path and the path that they have there, and the libraries that they name. */
  bring(program: string, as?: string): void;
  /** Brings the libraries alone that a program of this machine names. */
  bringLibraries(program: string): void;
  /** Brings the files of this checkout, as a clone has them. */
  bringCheckout(folder: string): void;
  /** Brings the npm of this machine for whoever lives there: with its configuration, and what it has fetched before. */
  bringNpm(home: "/root" | "/home/node"): void;
  /** A shell on it, with a network of its own or with that of this machine. */
  shell(how: { readonly uid: number; readonly folder: string; readonly network: "own" | "ours" }): MachineShell;
}

export interface MachineShell {
  /** Runs a line to its end; output and errors together. */
  run(line: string): Promise<Ran>;
  /** Ends the shell and all that runs in it. */
  end(): Promise<void>;
}

export function emptyMachine(t: TestContext): EmptyMachine {
  const { folder: root, remove } = temporaryFolder();
  t.after(remove);
  chmodSync(root, 0o755);
  const at = (file: string): string => path.join(root, file);
  const copy = (file: string, as = file): void => {
    mkdirSync(path.dirname(at(as)), { recursive: true });
    cpSync(file, at(as), { recursive: true, dereference: true, verbatimSymlinks: false });
  };
  let libc = "/lib";
  const bring = (program: string, as?: string): void => {
    const file = program.startsWith("/") ? program : programPath(program);
    if (file === undefined) throw new Error(`${program} is not on this machine`);
    copy(realpathSync(file), as ?? `/usr/bin/${path.basename(program)}`);
    bringLibraries(file);
  };
  const bringLibraries = (file: string): void => {
    const { stdout } = spawnSync("ldd", [file], { encoding: "utf8" });
    for (const [, library = ""] of stdout.matchAll(/(\/\S+) \(0x/g)) {
      if (!existsSync(at(library))) copy(library);
      if (path.basename(library) === "libc.so.6") libc = path.dirname(library);
    }
  };
  for (const folder of ["dev", "proc", "home/node", "root", "usr/local/bin", "tmp", "var/lib", "bin"])
    mkdirSync(at(folder), { recursive: true });
  chmodSync(at("tmp"), 0o1777);
  for (const tool of tools) bring(tool);
  for (const library of libraries) {
    const beside = path.join(libc, library);
    if (existsSync(beside)) copy(beside);
  }
  copy(at("usr/bin/sh"), "/bin/sh");
  mkdirSync(at("etc"), { recursive: true });
  writeFileSync(at("etc/passwd"), `root:x:0:0::/root:/bin/sh\nnode:x:${USER}:${USER}::/home/node:/bin/sh\n`);
  writeFileSync(at("etc/group"), `root:x:0:\nnode:x:${USER}:\n`);
  return {
    root,
    bring,
    bringLibraries,
    bringCheckout(folder) {
      const { stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: checkout, encoding: "utf8" });
      for (const file of stdout.split("\0").filter((name) => name !== ""))
        copy(path.join(checkout, file), path.join(folder, file));
    },
    bringNpm(home) {
      const npm = realpathSync(programPath("npm") ?? "");
      const place = path.resolve(path.dirname(npm), "..");
      copy(place, "/usr/lib/node_modules/npm");
      for (const word of ["npm", "npx"]) {
        const script = `#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/${word}-cli.js "$@"\n`;
        writeFileSync(at(`usr/bin/${word}`), script, { mode: 0o755 });
      }
      for (const file of reach) if (existsSync(file)) copy(file);
      const mine = process.env["HOME"] ?? "/root";
      for (const file of [".npmrc", ".npm/_cacache"])
        if (existsSync(path.join(mine, file))) copy(path.join(mine, file), `${home}/${file}`);
    },
    shell: (how) => shellOn(t, root, how),
  };
}

/** What stands after the output of a line, on a line of its own however that ended, with its status. */
const MARK = "--- done ---";

function shellOn(
  t: TestContext,
  root: string,
  { uid, folder, network }: Parameters<EmptyMachine["shell"]>[0],
): MachineShell {
  const home = uid === 0 ? "/root" : "/home/node";
  const certificates = process.env["NODE_EXTRA_CA_CERTS"];
  const environment = [
    "PATH=/usr/local/bin:/usr/bin:/bin",
    `HOME=${home}`,
    "CI=true",
    "npm_config_prefer_offline=true",
    ...(certificates === undefined ? [] : ["NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"]),
  ];
  const script = [
    "set -e",
    ...(network === "own" ? ["ip link set lo up"] : []),
    `mount --rbind /dev "$1/dev"`,
    `mount -t proc proc "$1/proc"`,
    `exec chroot "--userspec=${uid}:${uid}" "$1" /usr/bin/env -i ${environment.join(" ")} /bin/sh`,
  ].join("\n");
  const apart = ["--mount", "--pid", "--fork", "--kill-child", ...(network === "own" ? ["--net"] : [])];
  const child: ChildProcessWithoutNullStreams = spawn("unshare", [...apart, "/bin/sh", "-c", script, "sh", root]);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  let wake = (): void => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      wake();
    });
  child.once("close", () => wake());
  const ask = async (line: string): Promise<Ran> => {
    child.stdin.write(`{ ${line}\n} </dev/null 2>&1; printf '\\n%s %s\\n' '${MARK}' $?\n`);
    for (;;) {
      const done = new RegExp(`\n${MARK} (\\d+)\n`).exec(said);
      if (done !== null) {
        const out = said.slice(0, done.index);
        said = said.slice(done.index + done[0].length);
        return { status: Number(done[1]), out };
      }
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the shell has ended: ${said}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const end = (): Promise<void> => {
    child.kill("SIGKILL");
    return ended;
  };
  t.after(end);
  // One line at a time: each waits for the one before it.
  let last: Promise<unknown> = ask(`cd ${folder}`);
  const run = (line: string): Promise<Ran> => {
    const next = last.then(() => ask(line));
    last = next;
    return next;
  };
  return { run, end };
}
