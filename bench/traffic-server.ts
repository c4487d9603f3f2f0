/** A site with one meter on Modbus/TCP, in its own process, whose traffic somebody looks at or nobody does: tells its port, and its CPU seconds when asked. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadSite } from "#fleet/load-site.ts";
import { Traffic } from "#fleet/traffic.ts";
import { noTap } from "#io/tap.ts";
import { webSide } from "#web/server.ts";

const kind = process.argv[2];
// As if nobody ever could.
if (kind === "untapped") Traffic.prototype.tap = () => noTap;

const file = path.join(mkdtempSync(path.join(tmpdir(), "polyphase-bench-")), "site.yaml");
writeFileSync(
  file,
  `
store: ":memory:"
meters:
  - name: feeder
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: [276.1, 277.4, 278.2], amps: [81.3, 74.9, 90.6], steps: true } }
    listen: [{ modbus: tcp, port: 0, anyUnit: true }]
`,
);
const site = loadSite(file);
await site.start();
const side = webSide(site);
setInterval(() => side.beat(), 1000);
if (kind === "kept") setInterval(() => site.traffic.look(), 1000);
if (kind === "followed") {
  const answer = await side.app.fetch(new Request("http://127.0.0.1/api/v1/traffic/live"));
  if (answer.status !== 200) throw new Error(`nobody can look: ${answer.status} ${await answer.text()}`);
  const reader = answer.body?.getReader();
  void (async () => {
    for (;;) if ((await reader?.read())?.done !== false) return;
  })();
}
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(Number(/:(\d+)$/.exec(site.listeners[0]?.what ?? "")?.[1]));
