/**
 * What it costs a site that people look at a meter's waveforms: the share of a core of fifty pages that follow one meter, with waveforms and
 * without, over what the site costs when nobody looks. `npm run bench viewers`.
 */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const VIEWERS = 50;
const SECONDS = 12;
const PORT = 18_499;

const site = `web: { port: ${PORT} }
store: ":memory:"
meters:
  - { name: feeder, model: leviton-s4100, source: { synthetic: { hz: 60, volts: [277, 277, 277], amps: 5, harmonics: { amps: [{ order: 5, percent: 20 }] } } } }
`;

/** Milliseconds of CPU that the site has used. */
function used(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("message", (message) => {
      const { user, system } = message as NodeJS.CpuUsage;
      resolve((user + system) / 1000);
    });
    child.send("cpu");
  });
}

/** The share of a core that the site uses for some seconds. */
async function share(child: ChildProcess): Promise<number> {
  const before = await used(child);
  const began = performance.now();
  await setTimeout(1000 * SECONDS);
  return ((await used(child)) - before) / (performance.now() - began);
}

interface Followed {
  readonly end: () => void;
  readonly bytes: () => number;
}

function follow(query: string): Followed {
  let bytes = 0;
  const request = http.get(`http://127.0.0.1:${PORT}/api/v1/meters/feeder/live${query}`, { agent: false }, (answer) => {
    if (answer.statusCode !== 200) throw new Error(`expected a stream, found ${answer.statusCode}`);
    answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
    answer.on("error", () => {});
  });
  request.on("error", () => {});
  return { end: () => request.destroy(), bytes: () => bytes };
}

export async function benchViewers(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-bench-"));
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, site);
  const main = fileURLToPath(new URL("viewers-site.ts", import.meta.url));
  const child = fork(main, ["up", file], { silent: true, execArgv: ["--disable-warning=ExperimentalWarning"] });
  try {
    await setTimeout(3000);
    const alone = await share(child);
    console.log(`one meter that nobody looks at: ${(100 * alone).toFixed(1)} % of a core`);
    for (const [what, query] of [
      ["with waveforms", ""],
      ["without", "?without=waveforms"],
    ] as const) {
      const followed = Array.from({ length: VIEWERS }, () => follow(query));
      await setTimeout(1500);
      const before = followed.map((one) => one.bytes());
      const more = (await share(child)) - alone;
      const bytes = followed.reduce((sum, one, k) => sum + one.bytes() - (before[k] ?? 0), 0) / VIEWERS / SECONDS;
      for (const one of followed) one.end();
      await setTimeout(500);
      console.log(
        `${VIEWERS} pages that follow it ${what}: ${(100 * more).toFixed(1)} % of a core more, ${(bytes / 1000).toFixed(1)} kB/s each`,
      );
    }
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}
