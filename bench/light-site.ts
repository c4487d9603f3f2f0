/**
 * A site in a process of its own, of the version whose root folder is named first: says when it listens and what it used so far.
 * Started by light.ts.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

interface SomeSite {
  readonly listeners: readonly { readonly urls: readonly { readonly meter: string; readonly url: string }[] }[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What the process has used since it began. */
export interface Usage {
  /** Seconds of CPU. */
  readonly cpu: number;
  /** Bytes of memory that are resident, after everything that is free has been given back. */
  readonly resident: number;
  /** Bytes that went to the disk. */
  readonly written: number;
}

const [root = "", file = ""] = process.argv.slice(2);
// The landed version, beside which figures are shown, had it in another file.
const home =
  ["src/fleet/load-site.ts", "src/fleet/site.ts"].map((file) => path.join(root, file)).find(existsSync) ?? "";
const { loadSite } = (await import(pathToFileURL(home).href)) as {
  loadSite: (file: string) => SomeSite;
};
const site = loadSite(file);
await site.start();
const urls = site.listeners.flatMap((listener) => listener.urls);
process.send?.({ urls: [urls[0]?.url, urls.at(-1)?.url] });

process.on("message", (what) => {
  if (what === "stop") void site.stop().then(() => process.exit());
  else process.send?.(usage());
});

function usage(): Usage {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const written = /^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1];
  return { cpu: (user + system) / 1e6, resident: process.memoryUsage.rss(), written: Number(written) };
}
