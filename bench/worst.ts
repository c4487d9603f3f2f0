/**
 * How long a Modbus read takes when everybody is in the way: `npm run bench worst [seconds=30]`. A site in a process of its own, with 512
 * peers that ask and never read, 50 that pipeline without pause and read, and one full configuration check after the other; one more peer on the same
 * listener asks 60 registers every 5 ms and waits for them. The aim is less than 50 ms at p99.9. An idle process beside them says how late
 * the machine itself lets timers run: on one with other work, or too few cores, that is in every row.
 */
import { fork, type ChildProcess } from "node:child_process";
import net from "node:net";
import { once } from "node:events";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startSite, temporaryFolder } from "../test/running-site.ts";
import type { Stall } from "./machine-stall.ts";
import type { Load } from "./worst-load.ts";

const PAUSE_MS = 5;
const AIM_MS = 50;

const listen = "listen: [{ modbus: tcp, port: 0, unit: 1, maxConnections: 1024 }]";
const site = `
web: { port: 0 }
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 2.5, pf: 0.95, steps: true } }
    ${listen}
  - name: feeder
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: 277, amps: 80, pf: 0.9, steps: true } }
    settings: { ctPrimary: 100, systemVoltage: 480 }
    ${listen}
`;

/** Ten analogs of the one, sixty registers of the other. */
const [analogs, registers] = ["00000000000601040000000a", "00000000000601030100003c"];

const cases = [
  { what: "JEMStar II, nobody else", meter: 0, request: analogs, unreading: 0, pipelining: 0 },
  { what: "JEMStar II, everybody", meter: 0, request: analogs, unreading: 512, pipelining: 50 },
  { what: "4100, everybody", meter: 1, request: registers, unreading: 512, pipelining: 50 },
] as const;

/** How long each of the reads took, milliseconds. */
async function probe(socket: net.Socket, request: string, seconds: number): Promise<number[]> {
  const took: number[] = [];
  for (const until = performance.now() + 1000 * seconds; performance.now() < until; await later(PAUSE_MS)) {
    const from = performance.now();
    socket.write(Buffer.from(request, "hex"));
    const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    if (((answer[7] ?? 0) & 0x80) !== 0) throw new Error("the site refused the read");
    took.push(performance.now() - from);
  }
  return took.sort((a, b) => a - b);
}

/** What a process that does nothing was held up since it was last asked. */
async function stallOf(idle: ChildProcess): Promise<Stall> {
  const answer = once(idle, "message");
  idle.send("since");
  const [stall] = (await answer) as [Stall];
  return stall;
}

export async function benchWorst(): Promise<void> {
  const seconds = Number(process.argv.find((word) => word.startsWith("seconds="))?.slice(8) ?? 30);
  console.log(
    `\nA Modbus read when everybody is in the way, ms (${seconds} s each, the aim is less than ${AIM_MS} at p99.9)`,
  );
  console.log(
    `  ${"meter".padEnd(24)}    reads    p50    p99  p99.9  worst   dropped  pipelined/s  checks/s  slowest check   machine p99.9  worst`,
  );
  const { folder, remove } = temporaryFolder();
  const running = await startSite(folder, site);
  const idle = fork(fileURLToPath(new URL("./machine-stall.ts", import.meta.url)));
  const ports = [...running.output().matchAll(/listener +modbus \S+ \S+?:(\d+)/g)].map(([, port]) => Number(port));
  for (const { what, meter, request, unreading, pipelining } of cases) {
    const port = ports[meter] ?? NaN;
    // Who comes later waits, too, until his connection is accepted: one in each turn of the site's event loop.
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    await probe(socket, request, 0.1);
    const load = fork(fileURLToPath(new URL("./worst-load.ts", import.meta.url)));
    let done = { answered: 0, dropped: 0, checks: 0, slowestCheckMs: 0 };
    load.on("message", (now) => (done = now as typeof done));
    const configuration = `${running.page}api/meters/jem/configuration`;
    if (pipelining > 0) {
      load.send({ port, unreading, pipelining, request, configuration } satisfies Load);
      // All are there, their buffers are full, and the code that they need is compiled.
      while (done.checks < 20) await later(100);
    }
    const before = done;
    await stallOf(idle);
    const took = await probe(socket, request, seconds);
    const stall = await stallOf(idle);
    const at = (part: number): number => took[Math.ceil(part * took.length) - 1] ?? NaN;
    const of = (part: number): string => at(part).toFixed(1).padStart(6);
    const isMissed = !(at(0.999) < AIM_MS);
    const each = (now: number, then: number): string => ((now - then) / seconds).toFixed(0);
    console.log(
      `  ${what.padEnd(24)} ${String(took.length).padStart(8)} ${of(0.5)} ${of(0.99)} ${of(0.999)} ${of(1)} ${String(done.dropped).padStart(9)} ${each(done.answered, before.answered).padStart(12)} ${each(done.checks, before.checks).padStart(9)} ${done.slowestCheckMs.toFixed(0).padStart(11)} ms ${stall.p999.toFixed(1).padStart(15)} ${stall.worst.toFixed(1).padStart(6)}${isMissed ? "  MISSES THE AIM" : ""}`,
    );
    socket.destroy();
    load.kill();
    await later(1000);
  }
  idle.kill();
  await running.end();
  remove();
}
