/**
 * A meter that jDLMS is, a program of its own, read by `polyphase`: what it has, its profile by range, by nobody, a password and keys. What should
 * be found is what JdlmsPeer.java says that it serves. (Gurux for Python has a server, too, which in 1.0.203 fails at its first answer.)
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test, type TestContext } from "node:test";
import { main } from "../cli-run.ts";
import { freePort } from "../running-site.ts";
import { jdlmsPeer, programPath, withoutJdlms } from "./programs.ts";

const skip = withoutJdlms();

/** Rows of a minute each, from 2026-01-01T00:00 on. */
const ROWS = 3000;

async function meter(t: TestContext): Promise<string> {
  const port = await freePort();
  const server = spawn(programPath("java") ?? "java", [...jdlmsPeer, "serve", String(port), String(ROWS)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  // It ends with its standard input.
  t.after(() => void server.stdin.end());
  await new Promise<void>((resolve, reject) => {
    server.stdout.on("data", (chunk: Buffer) => chunk.toString().includes("ready") && resolve());
    server.once("exit", () => reject(new Error("jDLMS did not start")));
  });
  return `dlms://127.0.0.1:${port}`;
}

const env = {
  ...process.env,
  POLYPHASE_PASSWORD: "Gurux",
  POLYPHASE_DLMS_KEY: "000102030405060708090a0b0c0d0e0f",
  POLYPHASE_DLMS_AUTHENTICATION_KEY: "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf",
};

function polyphase(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

test("a meter of jDLMS is read, profiled, scanned and set", { skip }, async (t) => {
  const url = await meter(t);
  for (const who of ["", "?client=17&auth=low", "?client=1&auth=gmac"]) {
    const { status, out, err } = await polyphase(["read", `${url}${who}`, "W.import", "0.0.42.0.0.255", "--json"]);
    assert.equal(status, 0, err);
    const { values } = JSON.parse(out) as { values: { name: string; value: unknown; unit: string }[] };
    assert.deepEqual(
      values.map(({ name, value, unit }) => [name, value, unit]),
      [
        ["W.import", 1234.567, "W"],
        ["0.0.42.0.0.255", "JDL0000000000001", ""],
      ],
    );
    const profile = ["profile", `${url}${who}`, "--from", "2026-01-01T01:00", "--to", "2026-01-02T01:00", "--csv"];
    const rows = (await polyphase(profile)).out.trim().split("\r\n");
    assert.equal(
      rows[0],
      "time,0.0.96.10.1.255,Wh.import.interval,Wh.export.interval,varh.import.interval,varh.export.interval",
    );
    // Row k has k + c/4 in channel c; both ends are included.
    assert.deepEqual(
      [rows.length - 1, rows[1], rows.at(-1)],
      [
        1441,
        "2026-01-01T01:00:00+00:00,1,60,60.25,60.5,60.75",
        "2026-01-02T01:00:00+00:00,1,1500,1500.25,1500.5,1500.75",
      ],
    );
  }
  const wrong = await polyphase(["read", `${url}?client=17&auth=low`], { POLYPHASE_PASSWORD: "Wrong" });
  assert.deepEqual([wrong.status, /13\): wrong password or key/.test(wrong.err)], [1, true], wrong.err);
  const scanned = await polyphase(["scan", url, "--clients", "16,17", "--json"]);
  const { found } = JSON.parse(scanned.out) as { found: { client: number; says: string }[] };
  assert.deepEqual(
    found.map(({ client, says }) => [client, says]),
    [
      [16, "open"],
      [17, "refuses"],
    ],
  );
  const set = await polyphase(["write", url, "time", "2026-07-31T16:45:00"]);
  assert.match(set.out, /; 2026-07-31 16:45:00 \+00:00 now/);
});
