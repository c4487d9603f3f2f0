/** A server whose fifty numbers all change ten times a second, in its own process: tells its port, and its CPU seconds when asked. */
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { mmsServer } from "#protocol/iec61850/server/server.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { TestHost } from "../test/mms-serving.ts";
import { reportingIed } from "./mms-model.ts";

const clock = new SystemClock();
const host = new TestHost(reportingIed(Number(process.argv[2])));
const server = mmsServer(host, { clock, parts: [reports] });
const { port } = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 64, clock }, (link) => {
  const line = server.line({ peer: link.peer, near: true, rights: "write" });
  acceptAssociations(link, { clock, accept: (request) => line.accept(request), user: (one) => line.user(one) });
});
let changes = 0;
setInterval(() => {
  changes++;
  host.set(host.image().values.map((_, leaf): LeafValue => leaf + changes / 8));
}, 100);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(port);
process.on("disconnect", () => process.exit());
