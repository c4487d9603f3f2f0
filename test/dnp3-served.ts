/** A meter for DNP3 that is nothing but its points, on a TCP port of this machine. */
import type { TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import type { FixtureHost } from "./dnp3-host.ts";

/** Between two calculations of its values. */
const CYCLE_MS = 20;

/** Its port. */
export async function serveHost(t: TestContext, host: FixtureHost): Promise<number> {
  const clock = new SystemClock();
  const server = outstation(host, { clock, port: "ethernet 1" });
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 5, clock }, (link) =>
    serveDnp(link, [{ server, settings: () => host.settings }], clock, { near: true }),
  );
  const cycles = setInterval(() => host.cycle(), CYCLE_MS);
  t.after(async () => {
    clearInterval(cycles);
    server.close();
    await listener.close();
  });
  return listener.port;
}
