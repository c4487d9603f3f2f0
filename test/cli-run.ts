/** The command as people and programs run it: output, messages, exit status. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command with these words, and nobody at its terminal. */
export function run(...words: readonly string[]): Promise<Ended> {
  return runWith({}, ...words);
}

/** The same with variables of its environment besides: passwords. */
export function runWith(more: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...more };
    const child = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "pipe"], env });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}
