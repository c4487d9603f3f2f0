/** What looking at traffic costs: requests a second of a site's listener that nobody looks at, whose traffic is kept, and that a page follows. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";
import { ask } from "./modbus.ts";

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = 10;

const kinds = {
  untapped: "without a tap",
  idle: "with one, nobody looks",
  kept: "everything is kept",
  followed: "everything is kept, and one page follows it",
} as const;
type Kind = keyof typeof kinds;

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

function port(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once("message", (message) => resolve(message as number)));
}

export async function benchTraffic(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./modbus-load.ts", import.meta.url)));
  const server = fileURLToPath(new URL("./traffic-server.ts", import.meta.url));
  const running = new Map<Kind, { readonly child: ChildProcess; readonly port: number }>();
  for (const kind of Object.keys(kinds) as Kind[]) {
    const child = fork(server, [kind], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    running.set(kind, { child, port: await port(child) });
  }
  const rounds = new Map<Kind, Round[]>();
  for (let k = 0; k <= ROUNDS; k++)
    for (const [kind, one] of running) {
      const before = await ask<number>(one.child, "cpu");
      const words = { port: one.port, connections: CONNECTIONS, units: 1, seconds: SECONDS };
      const { done, seconds } = await ask<{ done: number; seconds: number }>(load, words);
      const cpu = (await ask<number>(one.child, "cpu")) - before;
      // The first round warms up.
      if (k > 0)
        rounds.set(kind, [...(rounds.get(kind) ?? []), { perSecond: done / seconds, perCpuSecond: done / cpu }]);
    }
  const of = (kind: Kind, field: keyof Round): number => median((rounds.get(kind) ?? []).map((one) => one[field]));
  console.log(
    `\nTraffic: Modbus/TCP of a site, FC03 x 125, ${CONNECTIONS} connections (medians of ${ROUNDS} interleaved rounds of ${SECONDS} s)`,
  );
  console.log(`  ${"a listener".padEnd(46)} requests/s   per CPU-s   / untapped`);
  for (const [kind, what] of Object.entries(kinds) as [Kind, string][]) {
    const ratio = (of(kind, "perCpuSecond") / of("untapped", "perCpuSecond")).toFixed(2);
    const [plain, cpu] = [of(kind, "perSecond").toFixed(0), of(kind, "perCpuSecond").toFixed(0)];
    console.log(`  ${what.padEnd(46)} ${plain.padStart(10)} ${cpu.padStart(11)} ${ratio.padStart(12)}`);
  }
  for (const { child } of running.values()) child.kill();
  load.kill();
}
