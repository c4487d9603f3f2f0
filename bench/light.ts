/**
 * What meters cost that stand there and measure: share of a core, memory and disk of each in a site of thousands, and how long such a
 * site takes to start. `npm run bench light`; what comes behind are `ROOT`, a checkout of another version to measure beside this
 * one (its folders, with node_modules), `minutes=10` and `meters=1000`.
 */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import type { Usage } from "./light-site.ts";
import { median } from "./median.ts";

const ROUNDS = 7;
/** Meters behind one port, by unit. */
const PER_PORT = 247;

interface Kind {
  readonly model: string;
  readonly count: number;
  readonly amps: number;
  readonly volts: number;
  readonly goal: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "leviton-s4100": { model: "leviton-s4100", count: 10_000, volts: 277, amps: 80, goal: "40 %, 60 kB, 0.4 kB/s, 8 s" },
  "ametek-jemstar-ii": {
    model: "ametek-jemstar-ii",
    count: 1000,
    volts: 120,
    amps: 2.5,
    goal: "10 %, 150 kB, 0.5 kB/s",
  },
};

function siteOf({ model, volts, amps }: Kind, count: number, firstPort: number): string {
  const meters = Array.from({ length: count }, (_, k) => ({
    name: `m${k}`,
    model,
    source: { synthetic: { volts, amps: [amps + 1e-3 * k, amps - 0.3, amps + 0.4], pf: 0.92, steps: true } },
    ...(model === "leviton-s4100" ? { settings: { ctPrimary: 200, systemVoltage: 480 } } : {}),
    listen: [{ modbus: "tcp", port: firstPort + Math.floor(k / PER_PORT), unit: 1 + (k % PER_PORT) }],
  }));
  // A plain device of one register: what a site costs without meters.
  const devices = [{ name: "none", memory: { holding: { from: 0, count: 1 } } }];
  return JSON.stringify({ meters, devices });
}

interface Running {
  readonly process: ChildProcess;
  readonly urls: readonly string[];
  /** Seconds from the start of the process to the last answer. */
  readonly startSeconds: number;
  readonly folder: string;
}

let port = 21_000;

async function start(root: string, kind: Kind, count: number): Promise<Running> {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-light-"));
  const file = path.join(folder, "site.json");
  writeFileSync(file, siteOf(kind, count, port));
  port += 50;
  return restart(root, folder);
}

async function restart(root: string, folder: string): Promise<Running> {
  const child = fork(
    fileURLToPath(new URL("./light-site.ts", import.meta.url)),
    [root, path.join(folder, "site.json")],
    {
      execArgv: ["--expose-gc"],
    },
  );
  const from = performance.now();
  const { urls } = await new Promise<{ urls: string[] }>((resolve, reject) => {
    child.once("message", (message) => resolve(message as { urls: string[] }));
    child.once("exit", (code) => reject(new Error(`a site of ${root} ended (${code})`)));
  });
  for (const url of urls) if (typeof url === "string") await answers(url);
  return { process: child, urls, startSeconds: (performance.now() - from) / 1000, folder };
}

async function answers(url: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url.replace("modbus:", "http:"));
  const link = await connectTcp(hostname, Number(port));
  const client = new ModbusClient(link, new SystemClock(), { framing: "tcp", timeoutMs: 60_000 });
  await client.request(Number(pathname.slice(1)), { kind: "read", fn: 4, first: 0, count: 2 });
  client.close();
}

function ask(running: Running): Promise<Usage> {
  return new Promise((resolve) => {
    running.process.once("message", (answer) => resolve(answer as Usage));
    running.process.send("usage");
  });
}

function ended(running: Running): Promise<void> {
  return new Promise((resolve) => running.process.once("exit", () => resolve()));
}

const pause = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, 1000 * seconds));

interface Figures {
  readonly share: number;
  readonly each: number;
  readonly disk: number;
  readonly first: number;
  readonly stopped: number;
  readonly killed: number;
}

/** Measures versions side by side: rounds are interleaved because all of them run at the same time. */
async function measure(roots: readonly string[], kind: Kind, count: number, minutes: number): Promise<Figures[]> {
  const empty: Running[] = [];
  const full: Running[] = [];
  for (const root of roots) {
    empty.push(await start(root, kind, 0));
    full.push(await start(root, kind, count));
  }
  // Caches fill and functions are compiled first.
  await pause(10);
  const before = await Promise.all(full.map(ask));
  const shares = roots.map((): number[] => []);
  let earlier = before;
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    await pause((60 * minutes) / ROUNDS);
    const now = await Promise.all(full.map(ask));
    const seconds = (performance.now() - from) / 1000;
    now.forEach(({ cpu }, k) => shares[k]!.push((cpu - earlier[k]!.cpu) / seconds));
    earlier = now;
  }
  const floor = await Promise.all(empty.map(ask));
  const figures: Figures[] = [];
  for (const [k, root] of roots.entries()) {
    const running = full[k]!;
    running.process.kill("SIGKILL");
    empty[k]!.process.kill("SIGKILL");
    await ended(running);
    const killed = await restart(root, running.folder);
    killed.process.send("stop");
    await ended(killed);
    const stopped = await restart(root, running.folder);
    stopped.process.kill("SIGKILL");
    for (const { folder } of [running, empty[k]!]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    figures.push({
      share: median(shares[k]!),
      each: (earlier[k]!.resident - floor[k]!.resident) / count,
      disk: (earlier[k]!.written - before[k]!.written) / count / (60 * minutes),
      first: running.startSeconds,
      killed: killed.startSeconds,
      stopped: stopped.startSeconds,
    });
  }
  return figures;
}

function option(name: string, usual: number): number {
  const given = process.argv.find((word) => word.startsWith(`${name}=`));
  return given === undefined ? usual : Number(given.slice(name.length + 1));
}

export async function benchLight(): Promise<void> {
  const here = fileURLToPath(new URL("..", import.meta.url));
  const other = process.argv.slice(2).find((word) => word.includes("/"));
  const roots = other === undefined ? [here] : [path.resolve(other), here];
  const minutes = option("minutes", 10);
  for (const kind of Object.values(kinds)) {
    if (process.argv.some((word) => word.startsWith("only=") && word !== `only=${kind.model}`)) continue;
    const count = option("meters", kind.count);
    const figures = await measure(roots, kind, count, minutes);
    console.log(
      `\n${count} ${kind.model} on steps in one process, ${minutes} min (share of a core: median of ${ROUNDS} rounds)`,
    );
    console.log(`  ${"".padEnd(10)} core   memory each   disk each    start: first, after kill -9, after a stop`);
    figures.forEach(({ share, each, disk, first, killed, stopped }, k) => {
      const what = (roots[k] === here ? "now" : "before").padEnd(10);
      const columns = [
        `${(100 * share).toFixed(1)} %`.padStart(7),
        `${(each / 1000).toFixed(0)} kB`.padStart(10),
        `${(disk / 1000).toFixed(2)} kB/s`.padStart(13),
        [first, killed, stopped]
          .map((seconds) => `${seconds.toFixed(1)} s`)
          .join("   ")
          .padStart(28),
      ];
      console.log(`  ${what}${columns.join(" ")}`);
    });
    console.log(`  goal       ${kind.goal}`);
  }
}
