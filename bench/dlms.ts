/**
 * DLMS/COSEM over the wrapper on TCP, the same client with ours and with jDLMS (1.8, the fastest public server that runs here): associations
 * a second (connect, AARQ, RLRQ, close), GETs of a register, and rows of a profile of four channels by range and by entry.
 * Rounds interleaved, medians.
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { jdlmsPeer, withoutJdlms } from "../test/interop/programs.ts";
import { benchDlmsMonth } from "./dlms-month.ts";
import { median } from "./median.ts";

const ROUNDS = 3;
const SECONDS = 0.6;
const ROWS = 10_080;

const measures = [
  ["associations", 0, "associations/s"],
  ["gets", 0, "GETs of a register/s"],
  ["range", 1440, "rows/s, 1,440 by range"],
  ["entry", 1440, "rows/s, 1,440 by entry"],
  ["range", ROWS, "rows/s, 10,080 by range"],
  ["entry", ROWS, "rows/s, 10,080 by entry"],
] as const;

interface Running {
  readonly port: number;
  readonly child: ChildProcess;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function startOurs(): Promise<Running> {
  const child = fork(fileURLToPath(new URL("./dlms-server.ts", import.meta.url)), [String(ROWS)], { stdio: "inherit" });
  const [port] = (await once(child, "message")) as [number];
  return { port, child };
}

async function startJdlms(): Promise<Running> {
  const port = await freePort();
  const child = spawn("java", [...jdlmsPeer, "serve", String(port), String(ROWS)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return { port, child };
}

export async function benchDlms(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./dlms-load.ts", import.meta.url)));
  const servers = new Map<string, Running>([["polyphase", await startOurs()]]);
  const missing = withoutJdlms();
  if (missing === false) servers.set("jDLMS", await startJdlms());
  else console.log(`jDLMS is left out: ${missing}`);
  const found = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [what, rows, words] of measures) {
      for (const [name, { port }] of servers) {
        load.send({ port, what, rows, seconds: SECONDS });
        const [[done, seconds]] = (await once(load, "message")) as [[number, number]];
        // The first round warms up.
        const key = `${name} ${words}`;
        if (round > 0) found.set(key, [...(found.get(key) ?? []), done / seconds]);
      }
    }
  }
  console.log(`\nDLMS/COSEM over TCP (medians of ${ROUNDS} interleaved rounds of ${SECONDS} s)`);
  console.log(`  ${"".padEnd(28)}${[...servers.keys()].map((name) => name.padStart(12)).join("")}     ratio`);
  for (const [, , words] of measures) {
    const values = [...servers.keys()].map((name) => median(found.get(`${name} ${words}`) ?? []));
    const [ours = NaN, theirs = NaN] = values;
    const columns = values.map((value) => value.toFixed(0).padStart(12)).join("");
    console.log(`  ${words.padEnd(28)}${columns}  ${(ours / theirs).toFixed(2).padStart(8)}`);
  }
  for (const { child } of servers.values()) child.kill();
  load.kill();
  await benchDlmsMonth();
}
