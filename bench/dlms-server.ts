/** A server of DLMS/COSEM in its own process, with what JdlmsPeer.java serves: tells its port, and its CPU seconds when asked. */
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { clockObject, floats, registerObject } from "./dlms-objects.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { goldenClients, TestHost } from "../test/dlms-host.ts";

const rows = Number(process.argv[2]);
const host = new TestHost({
  clients: (host) => goldenClients(host).slice(0, 2),
  devices: (device) => [{ ...device, objects: [registerObject, clockObject, floats(rows)] }],
});
const server = dlmsServer(host, { port: "ethernet 1" });
const options = { host: "127.0.0.1", port: 0, maxConnections: 1, clock: new SystemClock() };
const listener = await listenTcp(options, (link) => serveWrapper(link, server, { near: true }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(listener.port);
