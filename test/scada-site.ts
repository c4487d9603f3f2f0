/** The meter for a control centre of site/scada.yaml, running from a folder of its own, on ports that are free. */
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "./cli-run.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Ports that the file names: page, DNP3, IEC 60870-5-102, SNTP. */
const named = ["8080", "20000", "10102", "1123"];

export interface ScadaSite {
  readonly folder: string;
  /** A text with the ports of the file as one with those that are free. */
  here(text: string): string;
}

/** Runs when the meter has measured. */
export async function scadaSite(t: TestContext): Promise<ScadaSite> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const ports = new Map<string, string>();
  for (const port of named) ports.set(port, String(await freePort()));
  const here = (text: string): string =>
    text.replaceAll(new RegExp(`\\b(${named.join("|")})\\b`, "g"), (port) => ports.get(port) ?? port);
  cpSync(path.join(root, "site/scada-meter.yaml"), path.join(folder, "scada-meter.yaml"));
  const site = await startSite(folder, here(readFileSync(path.join(root, "site/scada.yaml"), "utf8")));
  t.after(() => site.end());
  for (let tries = 0; tries < 100; tries++) {
    const { out } = await run("read", here("dnp3://127.0.0.1:20000/1?master=9"), "analog 0");
    if (out !== "" && !out.includes("not online")) break;
  }
  return { folder, here };
}
