/**
 * DNP3 over TCP: polls a second of 200 analogs and 300 counters, the same master with ours, with a bare Node server that writes the same octets, and
 * with opendnp3 (by yadnp3, where .venv has it); and the CPU that 500 outstations in one process take, polled every second. Rounds interleaved,
 * medians.
 */
import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";

const ROUNDS = 5;
const SECONDS = 1;
const STATIONS = 500;
/** 200 analogs of g30v3 and 300 counters of g20v5: a fragment of 2,016 octets in nine frames. */
const OCTETS = 9 + 2016 + 9 * 10 + 2 * (8 * 16 + Math.ceil((2016 - 8 * 249 + 1) / 16));

const measures = [
  ["3c0106", "class 0"],
  ["1e030000c71405010000" + "2b01", "two ranges"],
] as const;

interface Running {
  readonly port: number;
  readonly child: ChildProcess;
}

const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));
/** Where test/interop/scada-dnp3.txt is installed. */
const env = { ...process.env, PYTHONPATH: fileURLToPath(new URL("../.venv/dnp3", import.meta.url)) };

function withoutOpendnp3(): string | false {
  if (!existsSync(python)) return "needs .venv";
  return spawnSync(python, ["-c", "import opendnp3"], { env }).status === 0 ? false : "needs yadnp3 in .venv/dnp3";
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function startNode(...words: string[]): Promise<Running> {
  const child = fork(fileURLToPath(new URL("./dnp3-server.ts", import.meta.url)), words, { stdio: "inherit" });
  const [port] = (await once(child, "message")) as [number];
  return { port, child };
}

async function startOpendnp3(): Promise<Running> {
  const port = await freePort();
  const script = fileURLToPath(new URL("./dnp3-opendnp3.py", import.meta.url));
  const child = spawn(python, [script, String(port)], { stdio: ["pipe", "pipe", "inherit"], env });
  await once(child.stdout, "data");
  return { port, child };
}

/** 0 of one that does not tell. */
async function cpuSeconds({ child }: Running): Promise<number> {
  if (!child.connected) return 0;
  child.send("cpu");
  const [seconds] = (await once(child, "message")) as [number];
  return seconds;
}

export async function benchDnp3(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./dnp3-load.ts", import.meta.url)));
  const servers = new Map<string, Running>([
    ["polyphase", await startNode("ours", "1")],
    ["bare Node", await startNode("bare")],
  ]);
  const missing = withoutOpendnp3();
  if (missing === false) servers.set("opendnp3", await startOpendnp3());
  else console.log(`opendnp3 is left out: ${missing}`);
  const found = new Map<string, { readonly polls: number[]; readonly cpu: number[] }>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [objects, words] of measures) {
      for (const [name, running] of servers) {
        // What is in class 0 cannot be chosen through yadnp3.
        if (name === "opendnp3" && words === "class 0") continue;
        const before = await cpuSeconds(running);
        load.send({ port: running.port, objects, seconds: SECONDS, octets: OCTETS, stations: 0 });
        const [polls] = (await once(load, "message")) as [number];
        const cpu = (1e6 * ((await cpuSeconds(running)) - before)) / (SECONDS * polls);
        const key = `${name} ${words}`;
        const one = found.get(key) ?? { polls: [], cpu: [] };
        found.set(key, one);
        // The first round warms up.
        if (round === 0) continue;
        one.polls.push(polls);
        one.cpu.push(cpu);
      }
    }
  }
  console.log(
    `\nDNP3 over TCP: polls a second of 200 analogs and 300 counters (medians of ${ROUNDS} interleaved rounds)`,
  );
  for (const [, words] of measures) {
    const ours = median(found.get(`polyphase ${words}`)?.polls ?? []);
    for (const name of servers.keys()) {
      const { polls = [], cpu = [] } = found.get(`${name} ${words}`) ?? {};
      if (polls.length === 0) continue;
      const each = name === "opendnp3" ? "" : `, ${median(cpu).toFixed(1)} us of CPU each`;
      const ratio = name === "polyphase" ? "" : `   ours is ${(ours / median(polls)).toFixed(2)} of it`;
      console.log(`  ${words.padEnd(12)}${name.padEnd(12)}${median(polls).toFixed(0).padStart(8)}${each}${ratio}`);
    }
  }
  for (const { child } of servers.values()) child.kill();
  const many = await startNode("ours", String(STATIONS));
  load.send({ port: many.port, objects: "3c0106", seconds: 3, octets: OCTETS, stations: STATIONS });
  await once(load, "message");
  const before = await cpuSeconds(many);
  load.send({ port: many.port, objects: "3c0106", seconds: 5, octets: OCTETS, stations: STATIONS });
  const [polls] = (await once(load, "message")) as [number];
  const core = ((await cpuSeconds(many)) - before) / 5;
  console.log(
    `  ${STATIONS} outstations in one process, polled every second: ${polls.toFixed(0)} answers/s in ${core.toFixed(3)} of a core`,
  );
  many.child.kill();
  load.kill();
}
