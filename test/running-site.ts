/** A site in its own process, as a user starts it, in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

export interface RunningSite {
  readonly process: ChildProcess;
  /** The port that it listens on first. */
  readonly port: number;
  /** Its page, "http://127.0.0.1:…/", where it has one. */
  readonly page: string;
  readonly output: () => string;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A port that nobody uses now: what shares one has to name it. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts `yaml` in `folder` and waits until it listens; rejects with its output when it ends instead. */
export function startSite(folder: string, yaml: string): Promise<RunningSite> {
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, yaml);
  const child = spawn(process.execPath, [main, "up", file, "--log", "text"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      // The hints come last: when they are there, everything listens.
      if (!output.includes("To try next")) return;
      resolve({
        process: child,
        port: Number(/listener +modbus \S+ \S+?:(\d+)/.exec(output)?.[1]),
        page: /page +(\S+)/.exec(output)?.[1] ?? "",
        output: () => output,
        end(signal = "SIGTERM") {
          child.kill(signal);
          return ended;
        },
      });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    void ended.then(() => reject(new Error(`the site ended: ${output}`)));
  });
}

/** A site of one 4100 on constant steps: `watts` on each phase. */
export function siteOf(options: { watts?: number; extra?: string; settings?: string; listen?: string } = {}): string {
  const amps = (options.watts ?? 20_000) / 250;
  return `
web: { port: 0 }
meters:
  - name: feeder-1
    model: leviton-s4100
    serial: "41000001"
    options: { logging: true }
    source: { synthetic: { hz: 60, volts: [250, 250, 250], amps: [${amps}, ${amps}, ${amps}], ${options.extra ?? "steps: true"} } }
    settings: ${options.settings ?? "{ ctPrimary: 32000, systemVoltage: 480, demandSubInterval: 10 }"}
    listen: [${options.listen ?? "{ modbus: tcp, port: 0 }"}]
`;
}
