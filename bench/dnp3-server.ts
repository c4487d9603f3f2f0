/**
 * One server of the comparison, in its own process: ours with 200 analogs and 300 counters, or a bare Node server that writes the same octets to
 * whatever comes. Tells its port, and its CPU seconds when asked.
 */
import net from "node:net";
import type { AddressInfo } from "node:net";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { fragmentBytes } from "#protocol/dnp3/link/segments.ts";
import { serveDnp, type DnpStation } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { Bench, FixtureHost } from "../test/dnp3-host.ts";

const points = {
  binaries: [],
  outputs: [],
  counters: Array.from({ length: 300 }, (_, k) => 1000 * k),
  analogs: Array.from({ length: 200 }, (_, k) => 1000 * k),
};

function host(): FixtureHost {
  return new FixtureHost({ class0: "running" }, points);
}

async function ours(stations: number): Promise<number> {
  const clock = new SystemClock();
  const hosts: FixtureHost[] = [];
  const all = Array.from({ length: stations }, (_, k): DnpStation => {
    const one = host();
    hosts.push(one);
    const settings = { ...one.settings, address: k + 1 };
    return { server: outstation(one, { clock, port: "bench" }), settings: () => settings };
  });
  // As a meter's does, a value changes every second: class 0 is made anew.
  let seconds = 0;
  setInterval(() => {
    seconds++;
    for (const one of hosts) one.setAnalog(seconds % 200, seconds);
  }, 1000);
  const options = { host: "127.0.0.1", port: 0, maxConnections: 1024, clock };
  const { port } = await listenTcp(options, (link) => serveDnp(link, all, clock, { near: true }));
  return port;
}

async function bare(): Promise<number> {
  const answer = Buffer.from(new Bench(host()).ask("c0 01 3c 01 06")[0] ?? "", "hex");
  const frames = fragmentBytes({ control: 0x44, destination: 100, source: 1 }, answer, 0);
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on("data", () => void socket.write(frames));
    socket.on("error", () => {});
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(process.argv[2] === "bare" ? await bare() : await ours(Number(process.argv[3])));
