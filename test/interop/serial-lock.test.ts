/** A serial line that another program has is left as it is. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { openSerial } from "#io/serial.ts";
import { temporaryFolder } from "../running-site.ts";
import { without } from "./programs.ts";

const skip = process.platform === "linux" ? without("socat", "flock", "stty") : "only Linux lists locks";

test("a line that another program has locked is refused, and nothing is set on it", { skip }, async (t) => {
  const { folder, remove } = temporaryFolder();
  const [device, other] = ["a", "b"].map((name) => path.join(folder, name));
  assert.ok(device !== undefined && other !== undefined);
  const line = spawn("socat", [`pty,link=${device}`, `pty,link=${other}`]);
  t.after(() => {
    line.kill();
    remove();
  });
  while (!existsSync(device) || !existsSync(other)) await later(20);
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
