/** The unit for systemd, as systemd itself reads it. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram, without } from "./programs.ts";

const unit = fileURLToPath(new URL("../../packaging/polyphase.service", import.meta.url));
const skip = without("systemd-analyze");

test("systemd finds nothing wrong with the unit, and would find a word that it does not know", { skip }, async (t) => {
  assert.deepEqual(await runProgram("systemd-analyze", ["verify", unit]), { status: 0, out: "" });
  const folder = mkdtempSync(path.join(tmpdir(), "unit-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const other = path.join(folder, "other.service");
  writeFileSync(other, readFileSync(unit, "utf8").replace("DynamicUser=yes", "DynamicUsers=yes"));
  assert.match((await runProgram("systemd-analyze", ["verify", other])).out, /DynamicUsers/);
});

test(
  "the drop-in for ports below 1024 that docs/installing.md has gives that right and no other",
  { skip },
  async (t) => {
    const page = readFileSync(new URL("../../docs/installing.md", import.meta.url), "utf8");
    const [, dropIn = ""] = /```ini\n([^]*?)```/.exec(page) ?? [];
    assert.match(dropIn, /^ *# \/etc\/systemd\/system\/polyphase\.service\.d\/\S+\.conf$/m);
    const folder = mkdtempSync(path.join(tmpdir(), "unit-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const own = path.join(folder, "polyphase.service");
    cpSync(unit, own);
    mkdirSync(`${own}.d`);
    const verify = (text: string): Promise<{ readonly out: string }> => {
      writeFileSync(path.join(`${own}.d`, "ports.conf"), text);
      return runProgram("systemd-analyze", ["verify", own]);
    };
    assert.match((await verify(dropIn.replace("AmbientCapabilities", "AmbientCapability"))).out, /AmbientCapability/);
    assert.deepEqual(await verify(dropIn), { status: 0, out: "" });
    // It adds to a set that is empty, and takes back nothing that the unit says.
    const names = dropIn.split("\n").flatMap((line) => /^ *(\w+)=(.*)$/.exec(line)?.slice(1) ?? []);
    const right = "CAP_NET_BIND_SERVICE";
    assert.deepEqual(names, ["CapabilityBoundingSet", right, "AmbientCapabilities", right]);
    assert.match(readFileSync(unit, "utf8"), /^CapabilityBoundingSet=\nAmbientCapabilities=$/m);
  },
);

test("what the service could do to its machine is what docs/installing.md says", { skip }, async () => {
  const said = await runProgram("systemd-analyze", ["security", "--offline=true", unit]);
  const [, level = ""] = /exposure level for polyphase\.service: ([\d.]+)/.exec(said.out) ?? [];
  assert.notEqual(level, "", said.out);
  const page = readFileSync(new URL("../../docs/installing.md", import.meta.url), "utf8");
  const [, promised = ""] = /exposure level ([\d.]+)/.exec(page) ?? [];
  // Another systemd looks at more or fewer things than the one whose figure the page has.
  assert.ok(Math.abs(Number(level) - Number(promised)) <= 0.3, `${level}, the page says ${promised}`);
});
