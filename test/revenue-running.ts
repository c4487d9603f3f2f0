/** A site with a revenue meter, in a process of its own, and those who talk to it. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { connectTcp } from "#io/tcp.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

export const configuration = `
primary: { pt: 10, ct: 20 }
registers:
  normal:
    - { id: 1, label: Wh delivered, type: consumption, measure: { quantity: Wh }, units: units, selfRead: true }
    - { id: 2, label: W peak, type: peakDemand, measure: { quantity: W } }
profiles:
  - { minutes: 1, channels: [{ measure: { quantity: Wh }, km: 10 }] }
modbus:
  counters: [{ register: 1 }, { register: 2, scaling: 1000 }]
  analogs: [{ measure: { quantity: V, phase: a }, scaling: 10 }, { measure: { quantity: W }, scaling: 1 }]
  allowRegisterPresets: true
`;

export async function site(
  t: TestContext,
  options: {
    readonly configuration?: string;
    readonly store?: string;
    readonly modelNumber?: string;
    /** Its synthetic source. */
    readonly source?: string;
    /** More lines of the meter, and of its listeners. */
    readonly more?: string;
    readonly listen?: string;
  } = {},
) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), options.configuration ?? configuration);
  // Ten minutes of the meter in a second: 2000 V and 100 A a phase on the line, 200 V and 5 A at its terminals.
  const running = await startSite(
    folder,
    `
web: { port: 0 }
${options.store ?? 'store: ":memory:"'}
clock: { start: 2026-07-31T16:00:00Z, speed: 600 }
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: ${options.modelNumber ?? "JSII-09I6020-1B/2A-DIO-NTP"}
    serial: "140200024"
    configuration: jem.yaml
    transformers: { pt: 10, ct: 20 }
    source: { synthetic: ${options.source ?? "{ volts: 2000, amps: 100, steps: true }"} }
    listen: [${options.listen ?? "{ modbus: tcp, port: 0, unit: 1 }"}]
${options.more ?? ""}
`,
  );
  t.after(() => running.end());
  const url = `${running.page}api/meters/jem`;
  const run = (...args: string[]): Promise<{ status: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, POLYPHASE_PASSWORD: "admin" };
      const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let [out, err] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("close", (status) => resolve({ status, out, err }));
    });
  const get = async <T>(place: string): Promise<T> => (await (await fetch(`${url}${place}`)).json()) as T;
  const login = async (user: string, password = user): Promise<{ token?: string; error?: string }> => {
    const headers = { "Content-Type": "application/json" };
    return (await (
      await fetch(`${url}/session`, { method: "POST", headers, body: JSON.stringify({ user, password }) })
    ).json()) as { token?: string };
  };
  let token: string | undefined;
  const command = async (body: unknown, by?: string): Promise<{ ok?: boolean; error?: string }> => {
    token ??= (await login("admin")).token;
    const headers = {
      "Content-Type": "application/json",
      ...(by === "" ? {} : { Authorization: `Bearer ${by ?? token}` }),
    };
    return (await (await fetch(`${url}/commands`, { method: "POST", headers, body: JSON.stringify(body) })).json()) as {
      ok?: boolean;
    };
  };
  return { running, run, get, command, login, url, folder };
}

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks until something is so, however slow the machine is; fails when it never comes. */
export async function reached<T>(look: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const value = await look();
    if (is(value)) return value;
    await later(100);
  }
  throw new Error("it never came");
}

export interface Registers {
  readonly registers: readonly { readonly id: number; readonly value: number; readonly text: string }[];
}
export interface Profile {
  readonly records: readonly { readonly type: string; readonly values: readonly number[] }[];
}

/** Asks unit 1 over TCP: a PDU in hexadecimal, and its answer; "" where none came within `timeoutMs`. */
export async function modbus(
  t: TestContext,
  port: number,
  timeoutMs = 2000,
): Promise<(pdu: string) => Promise<string>> {
  const link = await connectTcp("127.0.0.1", port);
  t.after(() => link.close());
  let heard: (hex: string) => void = () => {};
  link.receive((bytes) => heard(Buffer.from(bytes).toString("hex").slice(14)));
  return (pdu) => {
    const body = pdu.replaceAll(" ", "");
    return new Promise((resolve) => {
      const silence = setTimeout(() => resolve(""), timeoutMs);
      heard = (hex) => {
        clearTimeout(silence);
        resolve(hex);
      };
      link.send(Buffer.from(`000100000${(1 + body.length / 2).toString(16).padStart(3, "0")}01${body}`, "hex"));
    });
  };
}
