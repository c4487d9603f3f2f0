/** A serial line that another program has is left as it is. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { openSerial } from "#io/serial.ts";
import { temporaryFolder } from "../running-site.ts";
import { without } from "./programs.ts";

const skip = process.platform === "linux" ? without("socat", "flock", "stty") : "only Linux lists locks";

/** Two ends of a line, by their names. */
async function lineIn(t: TestContext): Promise<readonly [string, string]> {
  const { folder, remove } = temporaryFolder();
  const ends = [path.join(folder, "a"), path.join(folder, "b")] as const;
  const line = spawn(
    "socat",
    ends.map((end) => `pty,link=${end}`),
  );
  t.after(() => {
    line.kill();
    remove();
  });
  while (!ends.every((end) => existsSync(end))) await later(20);
  return ends;
}

test("a line that is given back can be opened again at once, by another name as well", { skip }, async (t) => {
  const [device, other] = await lineIn(t);
  const link = `${other}-link`;
  symlinkSync(device, link);
  for (let k = 0; k < 40; k++) {
    const port = await openSerial({ device: k % 2 === 0 ? device : link, baud: 9600, parity: "none" });
    port.close();
  }
});

test("a line that another program has locked is refused, and nothing is set on it", { skip }, async (t) => {
  const [device] = await lineIn(t);
  const settings = (): string => spawnSync("stty", ["-F", device, "-a"]).stdout.toString();
  const before = settings();
  assert.match(before, / icanon/);
  const holder = spawn("flock", ["--no-fork", "-x", device, "sh", "-c", "echo held; exec sleep 60"]);
  t.after(() => holder.kill());
  await once(holder.stdout, "data");
  await assert.rejects(openSerial({ device, baud: 57_600, parity: "even" }), /another program uses it/);
  assert.equal(settings(), before);
  holder.kill();
  await once(holder, "close");
  const link = await openSerial({ device, baud: 57_600, parity: "none" });
  assert.match(settings(), / -icanon/);
  link.close();
});
