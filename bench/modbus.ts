/**
 * Modbus/TCP servers side by side: requests a second at 50 connections and one, each waiting for its answer, 125 holding
 * registers; rounds interleaved, medians, also per second of the server's CPU time.
 */
import { fork, type ChildProcess } from "node:child_process";
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
} as const;
type Server = keyof typeof servers;

interface Running {
  readonly process: ChildProcess;
  readonly port: number;
}

export function ask<T>(child: ChildProcess, message: unknown): Promise<T> {
  return new Promise((resolve) => {
    child.once("message", (answer) => resolve(answer as T));
    child.send(message as string);
  });
}

export async function start(kind: Server): Promise<Running> {
  const child = fork(fileURLToPath(new URL("./modbus-server.ts", import.meta.url)), [kind], { stdio: "inherit" });
  const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
  return { process: child, port };
}

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

async function round(server: Running, load: ChildProcess, connections: number, units: number): Promise<Round> {
  const before = await ask<number>(server.process, "cpu");
  const { done, seconds } = await ask<{ done: number; seconds: number }>(load, {
    port: server.port,
    connections,
    units,
    seconds: SECONDS,
  });
  const cpu = (await ask<number>(server.process, "cpu")) - before;
  return { perSecond: done / seconds, perCpuSecond: done / cpu };
}

export async function benchModbus(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./modbus-load.ts", import.meta.url)));
  const running = new Map<Server, Running>();
  for (const kind of Object.keys(servers) as Server[]) running.set(kind, await start(kind));
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
      const [plain, cpu] = [of(kind, "perSecond"), of(kind, "perCpuSecond")];
      const ratio = (value: number, field: keyof Round): string => (value / of("echo", field)).toFixed(2).padStart(8);
      console.log(
        `  ${what.padEnd(44)} ${plain.toFixed(0).padStart(10)} ${ratio(plain, "perSecond")} ${cpu.toFixed(0).padStart(11)} ${ratio(cpu, "perCpuSecond")}`,
      );
    }
    const times = (field: keyof Round): string => (of("polyphase", field) / of("modbus-serial", field)).toFixed(1);
    console.log(
      `  polyphase over modbus-serial: ${times("perSecond")} times, per CPU-second ${times("perCpuSecond")} times`,
    );
  }
  for (const { process } of running.values()) process.kill();
  load.kill();
}
