/** A site with a JEMStar whose shelf a test fills, on sockets, and the command line beside it. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { JemStarDevice } from "#product/jemstar/product.ts";
import { serveWeb } from "#web/listen.ts";
import { main, type Ended } from "./cli-run.ts";
import { filledShelf } from "./filled-shelf.ts";
import { temporaryFolder } from "./running-site.ts";

export const JEM = `
users:
  - { name: admin, password: meter-admin, privileges: [readRegisters, configurePowerQuality, readPowerQuality, readSecurity, configureUsers] }
  - { name: pq, password: meter-pq, privileges: [readPowerQuality] }
  - { name: guest, password: meter-guest, privileges: [] }
`;

export async function servedFiles(
  t: TestContext,
  {
    jem = JEM,
    listen = "",
    store = ":memory:",
    modelNumber,
  }: { jem?: string; listen?: string; store?: string; modelNumber?: string } = {},
) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `web: { port: 0 }
store: "${store}"
meters:
  - { name: jem, model: ametek-jemstar-ii,${modelNumber === undefined ? "" : ` modelNumber: ${modelNumber},`} configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } }, listen: [${listen}] }
  - { name: feeder, model: leviton-s4100, source: { live: { hz: 50 } } }
`,
  );
  writeFileSync(path.join(folder, "jem.yaml"), jem);
  const site = loadSite(file);
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  const server = await serveWeb(site, site.file.web!);
  t.after(() => server.close());
  const shelf = filledShelf();
  const { jemstar } = site.meter("jem") as unknown as JemStarDevice;
  jemstar.files.shelf = shelf;
  /** Runs the command; `password` is of whom it asks as. */
  const run = (words: readonly string[], password = ""): Promise<Ended> =>
    new Promise((resolve) => {
      const env = { ...process.env, POLYPHASE_PASSWORD: password };
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words], {
        cwd: folder,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [out, err] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("close", (status) => resolve({ status, out, err }));
    });
  const security = (): readonly string[] =>
    jemstar.meter.log
      .of("security")
      .page(0, Infinity)
      .map(({ what, by }) => `${by}: ${what}`);
  return { site, folder, shelf, jemstar, run, told, security, url: server.url };
}
