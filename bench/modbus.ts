/**
 * Modbus/TCP servers side by side: requests a second at 50 connections and one, each waiting for its answer, 125 holding
 * registers; rounds interleaved, medians, also per second of the server's CPU time. Then the answer of a serial line, on a pseudo-terminal.
 */
import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";

const ROUNDS = 5;
const SECONDS = 2;

const servers = {
  echo: "bare Node echo of the same bytes",
  polyphase: "polyphase, one 4100 with live updates",
  "polyphase-247": "polyphase, 247 meters in turn, live updates",
  "polyphase-1000": "the same, 1,000 meters in the process",
  "modbus-serial": "modbus-serial 8, multi-register handler",
  libmodbus: "libmodbus, its C server with select",
} as const;
type Server = keyof typeof servers;

interface Running {
  readonly process: ChildProcess;
  readonly port: number;
  /** CPU seconds that it has taken. */
  cpu(): Promise<number>;
}

export function ask<T>(child: ChildProcess, message: unknown): Promise<T> {
  return new Promise((resolve) => {
    child.once("message", (answer) => resolve(answer as T));
    child.send(message as string);
  });
}

export async function start(kind: Server | "rtu", ...words: readonly string[]): Promise<Running> {
  const server = fileURLToPath(new URL("./modbus-server.ts", import.meta.url));
  const child = fork(server, [kind, ...words], { stdio: "inherit" });
  const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
  return { process: child, port, cpu: () => ask<number>(child, "cpu") };
}

/** libmodbus' server in C; undefined where it cannot be built. */
async function startLibmodbus(...words: readonly string[]): Promise<Running | undefined> {
  const program = builtLibmodbus();
  if (program === undefined) return undefined;
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  // Of /proc/PID/stat the 14th and 15th field, behind the name, in hundredths of a second.
  const cpu = async (): Promise<number> => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  return { process: child, port: Number(String(line)), cpu };
}

function builtLibmodbus(): string | undefined {
  const program = path.join(mkdtempSync(path.join(tmpdir(), "polyphase-bench-")), "libmodbus-server");
  const source = fileURLToPath(new URL("./libmodbus-server.c", import.meta.url));
  const built = spawnSync("cc", ["-O2", "-I/usr/include/modbus", "-o", program, source, "-lmodbus"]);
  return built.status === 0 ? program : undefined;
}

/** The median answer of a line on a pseudo-terminal at 115,200 baud, microseconds, rounds interleaved. */
async function benchLine(): Promise<void> {
  const rounds = new Map<string, [number, number][]>();
  const masters: { readonly what: string; readonly child: ChildProcess; measure(): Promise<[number, number]> }[] = [];
  const others: ChildProcess[] = [];
  for (const what of ["polyphase, one 4100 with live updates", "libmodbus, its C server"]) {
    const child = spawn("python3", [fileURLToPath(new URL("./rtu-latency.py", import.meta.url))], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const said = async (): Promise<string> => String(((await once(child.stdout, "data")) as [Buffer])[0]).trim();
    const device = await said();
    const ours = what.startsWith("polyphase");
    const server = ours ? await start("rtu", device) : await startLibmodbus("rtu", device);
    if (server === undefined) {
      child.kill();
      continue;
    }
    others.push(server.process);
    const measure = async (): Promise<[number, number]> => {
      child.stdin.write("500\n");
      const [p50 = NaN, p99 = NaN] = (await said()).split(" ").map(Number);
      return [p50, p99];
    };
    masters.push({ what, child, measure });
  }
  for (let k = 0; k <= ROUNDS; k++) {
    for (const { what, measure } of masters) {
      const one = await measure();
      // The first round warms up.
      if (k > 0) rounds.set(what, [...(rounds.get(what) ?? []), one]);
    }
  }
  console.log(`\nModbus RTU on a pseudo-terminal, 115,200 baud, FC03 x 10 (medians of ${ROUNDS} interleaved rounds)`);
  console.log(`  ${"server".padEnd(44)} p50, ms   p99, ms`);
  for (const [what, all] of rounds) {
    const [p50, p99] = [0, 1].map((k) => (median(all.map((one) => one[k] ?? NaN)) / 1000).toFixed(3));
    console.log(`  ${what.padEnd(44)} ${p50?.padStart(7)} ${p99?.padStart(9)}`);
  }
  for (const child of [...masters.map((one) => one.child), ...others]) child.kill();
}

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

async function round(server: Running, load: ChildProcess, connections: number, units: number): Promise<Round> {
  const before = await server.cpu();
  const { done, seconds } = await ask<{ done: number; seconds: number }>(load, {
    port: server.port,
    connections,
    units,
    seconds: SECONDS,
  });
  const cpu = (await server.cpu()) - before;
  return { perSecond: done / seconds, perCpuSecond: done / cpu };
}

export async function benchModbus(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./modbus-load.ts", import.meta.url)));
  const running = new Map<Server, Running>();
  for (const kind of Object.keys(servers) as Server[]) {
    const server = kind === "libmodbus" ? await startLibmodbus("tcp") : await start(kind);
    if (server !== undefined) running.set(kind, server);
  }
  for (const connections of [50, 1]) {
    const rounds = new Map<Server, Round[]>();
    for (let k = 0; k <= ROUNDS; k++) {
      for (const [kind, server] of running) {
        const result = await round(server, load, connections, kind.startsWith("polyphase-") ? 247 : 1);
        // The first round warms up.
        if (k > 0) rounds.set(kind, [...(rounds.get(kind) ?? []), result]);
      }
    }
    const of = (kind: Server, field: keyof Round): number => median((rounds.get(kind) ?? []).map((one) => one[field]));
    console.log(
      `\nModbus/TCP, FC03 x 125, ${connections} connection${connections === 1 ? "" : "s"} (medians of ${ROUNDS} interleaved rounds of ${SECONDS} s)`,
    );
    console.log(`  ${"server".padEnd(44)} requests/s   / echo   per CPU-s   / echo`);
    for (const [kind, what] of Object.entries(servers) as [Server, string][]) {
      if (!running.has(kind)) continue;
      const [plain, cpu] = [of(kind, "perSecond"), of(kind, "perCpuSecond")];
      const ratio = (value: number, field: keyof Round): string => (value / of("echo", field)).toFixed(2).padStart(8);
      console.log(
        `  ${what.padEnd(44)} ${plain.toFixed(0).padStart(10)} ${ratio(plain, "perSecond")} ${cpu.toFixed(0).padStart(11)} ${ratio(cpu, "perCpuSecond")}`,
      );
    }
    for (const other of ["modbus-serial", "libmodbus"] as const) {
      if (!running.has(other)) continue;
      const times = (field: keyof Round): string => (of("polyphase", field) / of(other, field)).toFixed(2);
      console.log(
        `  polyphase over ${other}: ${times("perSecond")} times, per CPU-second ${times("perCpuSecond")} times`,
      );
    }
  }
  for (const { process } of running.values()) process.kill();
  load.kill();
  await benchLine();
}
