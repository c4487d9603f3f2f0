/**
 * MMS over TCP: reads a second of one attribute, and of a data set of fifty, on one connection, on four with four requests under way, and on twelve:
 * the same client with ours, with no more than the layers under MMS, and with libiec61850 (by pyiec61850-ng, where .venv has it), which has a model
 * of the same size; and the CPU that 100 servers in one process take. Rounds interleaved, medians.
 */
import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../test/running-site.ts";
import { median } from "./median.ts";
import { benchIed, itemOf, plainModel } from "./mms-model.ts";
import type { MmsLoad, PacedLoad } from "./mms-load.ts";

const ROUNDS = 5;
const SECONDS = 1;
const SERVERS = 100;
/** Octets that stand around a float of an answer at least. */
const AROUND = 28;
const SECONDS_OF_MANY = 5;

const ways = [
  { connections: 1, outstanding: 1, words: "1 connection" },
  { connections: 4, outstanding: 4, words: "4, with 4 under way" },
  { connections: 12, outstanding: 1, words: "12 (libiec61850: 5)" },
] as const;

/** Connections that libiec61850 takes as the Python index has it. */
const MOST_OF_LIBIEC61850 = 5;

interface Running {
  readonly ports: readonly number[];
  /** Seconds of CPU so far. */
  cpu(): Promise<number>;
  readonly child: ChildProcess;
}

const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));

function withoutLibiec61850(): string | false {
  if (!existsSync(python)) return "needs .venv";
  const { status } = spawnSync(python, ["-c", "import pyiec61850.pyiec61850"]);
  return status === 0 ? false : "needs pyiec61850-ng in .venv (test/interop/iec61850.txt)";
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function startNode(...words: string[]): Promise<Running> {
  const child = fork(file("./mms-server.ts"), words, { stdio: "inherit" });
  const [ports] = (await once(child, "message")) as [number[]];
  return {
    ports,
    child,
    async cpu() {
      child.send("cpu");
      const [seconds] = (await once(child, "message")) as [number];
      return seconds;
    },
  };
}

async function startLibiec61850(model: string): Promise<Running> {
  const port = await freePort();
  const child = spawn(python, [file("./mms-libiec61850.py"), String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${model}\n`);
  if ((await lines.next()).done === true) throw new Error("libiec61850 does not start");
  return {
    ports: [port],
    child,
    async cpu() {
      child.stdin.write("cpu\n");
      return Number((await lines.next()).value);
    },
  };
}

const latin = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const element = (tag: string, content: string): string => {
  const length = content.length / 2;
  return tag + (length < 128 ? "" : "81") + length.toString(16).padStart(2, "0") + content;
};
const named = (domain: string, item: string): string =>
  element("a1", element("1a", latin(domain)) + element("1a", latin(item)));

/** Of a confirmed request: a read of one variable by name, and of a data set. */
const readOne = (domain: string, item: string): string =>
  element("a4", element("a1", element("a0", element("30", element("a0", named(domain, item))))));
const readSet = (domain: string, item: string): string =>
  element("a4", element("a1", element("a1", named(domain, item))));

interface Found {
  readonly rates: number[];
  readonly perCpu: number[];
}

export async function benchMms(): Promise<void> {
  const model = benchIed();
  const { domain, members } = model;
  const [one] = members;
  if (one === undefined) throw new Error("a data set without members");
  const questions = [
    ["one attribute", readOne(domain, itemOf(one)), 7],
    ["data set of 50", readSet(domain, "LLN0$Fifty"), 50 * 7],
  ] as const;
  const load = fork(file("./mms-load.ts"));
  const servers = new Map<string, Running>([
    ["polyphase", await startNode("ours", "1")],
    ["layers alone", await startNode("layers")],
  ]);
  const missing = withoutLibiec61850();
  if (missing === false) servers.set("libiec61850", await startLibiec61850(plainModel(model)));
  else console.log(`libiec61850 is left out: ${missing}`);
  const found = new Map<string, Found>();
  for (let round = 0; round <= ROUNDS; round++)
    for (const [what, service, octets] of questions)
      for (const { words, connections, outstanding } of ways)
        for (const [name, { ports, cpu }] of servers) {
          const before = await cpu();
          const most = name === "libiec61850" ? MOST_OF_LIBIEC61850 : Infinity;
          const wanted: MmsLoad = {
            port: ports[0] ?? 0,
            service,
            connections: Math.min(connections, most),
            outstanding,
            seconds: SECONDS,
            least: name === "layers alone" ? 0 : octets + AROUND,
          };
          load.send(wanted);
          const [rate] = (await once(load, "message")) as [number];
          const taken = (await cpu()) - before;
          const key = `${name} ${what} ${words}`;
          const to = found.get(key) ?? { rates: [], perCpu: [] };
          found.set(key, to);
          // The first round warms up.
          if (round === 0) continue;
          to.rates.push(rate);
          to.perCpu.push((rate * SECONDS) / taken);
        }
  console.log(
    `\nMMS over TCP: reads a second (medians of ${ROUNDS} interleaved rounds), and per second of the server's CPU`,
  );
  for (const [what] of questions)
    for (const { words } of ways) {
      const ours = found.get(`polyphase ${what} ${words}`) ?? { rates: [], perCpu: [] };
      for (const name of servers.keys()) {
        const { rates, perCpu } = found.get(`${name} ${what} ${words}`) ?? ours;
        const [rate, cpu] = [median(rates), median(perCpu)];
        const ratio =
          name === "polyphase"
            ? ""
            : `   ours is ${(median(ours.rates) / rate).toFixed(2)} of it, ${(median(ours.perCpu) / cpu).toFixed(2)} per CPU second`;
        const numbers = `${rate.toFixed(0).padStart(8)}${cpu.toFixed(0).padStart(9)}`;
        console.log(`  ${what.padEnd(16)}${words.padEnd(22)}${name.padEnd(14)}${numbers}${ratio}`);
      }
    }
  for (const { child } of servers.values()) child.kill("SIGKILL");
  const many = await startNode("ours", String(SERVERS));
  const wanted: PacedLoad = { ports: many.ports, service: questions[1][1], seconds: SECONDS_OF_MANY };
  load.send(wanted);
  await once(load, "message");
  const before = await many.cpu();
  const [answers] = (await once(load, "message")) as [number];
  const core = ((await many.cpu()) - before) / SECONDS_OF_MANY;
  const each = `${(answers / SECONDS_OF_MANY).toFixed(0)} answers/s in ${core.toFixed(3)} of a core`;
  console.log(`  ${SERVERS} servers in one process, a data set of 50 of each every second: ${each}`);
  many.child.kill();
  load.kill();
}
