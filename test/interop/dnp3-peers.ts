/** Foreign programs of DNP3 (scada-dnp3.txt): where they are, how they are started, and what they say, a JSON object a line. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestContext } from "node:test";
import { freePort } from "../running-site.ts";
import { peersPython } from "./programs.ts";

const packages = fileURLToPath(new URL("../../.venv/dnp3", import.meta.url));

/** What to give a test of them as `skip`. */
export function withoutDnp3Peers(): string | false {
  return existsSync(peersPython) && existsSync(packages) ? false : "there is no .venv/dnp3 (scada-dnp3.txt)";
}

export type Peer = "opendnp3" | "dnp3py" | "nfm" | "py1815";
/** A script that does one thing with a peer. */
export type Script = Peer | "py1815_profile";

const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1" };

function started(peer: Script, words: readonly string[]) {
  const script = fileURLToPath(new URL(`dnp3/${peer.includes("_") ? peer : `${peer}_peer`}.py`, import.meta.url));
  return spawn(peersPython, [script, ...words], { env, stdio: ["pipe", "pipe", "pipe"] });
}

/** What a step of a peer has found. */
export type Step = Readonly<Record<string, unknown>> & { readonly step: string };

/** All that a peer finds, by step; rejects with what it says where it fails. */
export function ran(peer: Script, ...words: readonly string[]): Promise<ReadonlyMap<string, Step>> {
  const child = started(peer, words);
  child.stdin.end();
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("close", (status) => {
      if (status !== 0) return reject(new Error(`${peer} ended with ${status}: ${err}`));
      const lines = out.split("\n").filter((line) => line.startsWith("{"));
      const steps = lines.map((line) => JSON.parse(line) as Step);
      resolve(new Map(steps.map((step) => [step.step, step])));
    });
  });
}

/** An outstation of a peer at address 1, which ends with the test; what it says while it runs is in `said`. */
export async function outstationOf(
  t: TestContext,
  peer: Peer,
): Promise<{ readonly url: string; readonly said: readonly Readonly<Record<string, unknown>>[] }> {
  const port = await freePort();
  const child = started(peer, ["outstation", String(port)]);
  const said: Readonly<Record<string, unknown>>[] = [];
  let [rest, err] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) said.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
      if (said.length > 0) resolve();
    });
    child.once("close", () => reject(new Error(`${peer} did not start: ${err}`)));
  });
  t.after(() => {
    // It ends with its standard input; one that does not is ended.
    child.stdin.end();
    setTimeout(() => child.kill("SIGKILL"), 1000).unref();
  });
  await ready;
  return { url: `dnp3://127.0.0.1:${port}/1?master=100`, said };
}
