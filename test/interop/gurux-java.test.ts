/** A meter of Gurux for Java, a program of its own, is read by our commands: objects, a month of profile, over TCP and HDLC, with and without a password. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test, type TestContext } from "node:test";
import { run } from "../cli-run.ts";
import { guruxPeer, programPath, withoutGuruxJava } from "./programs.ts";

const skip = withoutGuruxJava();

/** Rows of the meter's profile: of January and a day. */
const ROWS = 32 * 96;

/** Its port. */
function meter(t: TestContext, framing: "wrapper" | "hdlc"): Promise<string> {
  const child = spawn(programPath("java") ?? "java", [...guruxPeer, "0", framing, String(ROWS)]);
  t.after(() => child.kill());
  let out = "";
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const port = /ready ([0-9]+)/.exec(out)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", () => reject(new Error(out)));
  });
}

for (const framing of ["wrapper", "hdlc"] as const)
  test(`a meter of Gurux for Java is read as what it is: ${framing}`, { skip }, async (t) => {
    const port = await meter(t, framing);
    const url = `${framing === "hdlc" ? "dlms+hdlctcp" : "dlms"}://127.0.0.1:${port}`;

    const all = await run("read", url);
    assert.equal(all.status, 0, all.err);
    assert.match(all.out, /^GRX0000000000007/);
    assert.match(all.out, /1\.0\.1\.7\.0\.255 +W\.import +1234\.567 +W/);
    assert.match(all.out, /1\.0\.1\.8\.0\.255 +Wh\.import +7654321 +Wh/);

    const month = await run("profile", url, "--from", "2026-01-01T00:15", "--to", "2026-02-01T00:00", "--csv");
    assert.equal(month.status, 0, month.err);
    const [head, ...rows] = month.out.trim().split(/\r?\n/);
    assert.match(head ?? "", /^time,Wh\.import/);
    assert.equal(rows.length, 31 * 96);
    for (const [k, row] of rows.entries()) assert.equal(Number(row.split(",")[1]), 1000 + k, row);

    const low = `${url}?client=17&auth=low`;
    process.env["POLYPHASE_PASSWORD"] = "Gurux";
    t.after(() => delete process.env["POLYPHASE_PASSWORD"]);
    const known = await run("read", low, "W.import");
    assert.equal(known.status, 0, known.err);
    assert.match(known.out, /1234\.567/);
    process.env["POLYPHASE_PASSWORD"] = "Grux";
    const wrong = await run("read", low, "W.import");
    assert.deepEqual([wrong.status, /wrong password or key/.test(wrong.err)], [1, true], wrong.err);
  });
