/** The pages on the bench and on scenarios: their commands do what they say, their example is a scenario that holds, and they name every key. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { scenarioJsonSchema } from "#cli/scenario-schema.ts";
import { benchChange } from "#fleet/bench-schema.ts";
import { run } from "./cli-run.ts";
import { runProgram, without } from "./interop/programs.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const bench = readFileSync(path.join(root, "docs/bench.md"), "utf8");
const scenarios = readFileSync(path.join(root, "docs/scenarios.md"), "utf8");

test("the commands of the page on the bench are taken", { skip: without("curl", "bash") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = String(await freePort());
  const site = await startSite(
    folder,
    `web: { port: ${port} }
store: ":memory:"
clock: { start: 2026-03-01T00:00:00Z }
meters:
  - { name: feeder-1, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 80, steps: true } } }
`,
  );
  t.after(() => site.end());
  let commands = 0;
  for (const [, block = ""] of bench.matchAll(/```sh\n([^]*?)```/g)) {
    for (const line of block.trimEnd().split("\n")) {
      const { status, out } = await runProgram("bash", ["-c", `${line.replaceAll("8080", port)} -sS`], 20_000);
      assert.equal(status, 0, `${line}\n${out}`);
      assert.doesNotMatch(out, /about:blank/, line);
      if (line.includes("speed")) assert.match(out, /"speed":86400/);
      commands++;
    }
  }
  assert.equal(commands, 6);
});

test("the page on the bench names every key that can be set", () => {
  const table = bench.split("\n").filter((line) => line.startsWith("| `"));
  for (const key of Object.keys(benchChange.shape))
    assert.ok(
      table.some((line) => line.split("|")[1]?.includes(`\`${key}`)),
      key,
    );
});

test("the page on scenarios has one that holds, and names every key", async (t) => {
  const [, example = ""] = /```yaml\n([^]*?)```/.exec(scenarios) ?? [];
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  copyFileSync(path.join(root, "site/pq-feeder.yaml"), path.join(folder, "pq-feeder.yaml"));
  mkdirSync(path.join(folder, "own"));
  const file = path.join(folder, "own/dip.yaml");
  writeFileSync(file, example);
  const { status, out, err } = await run("scenario", file);
  assert.equal(status, 0, `${out}${err}`);
  const { properties } = scenarioJsonSchema() as {
    properties: { steps: { items: { properties: Record<string, { items: { properties: object } }> } } };
  };
  const { do: does, expect } = properties.steps.items.properties;
  for (const key of [...Object.keys(does?.items.properties ?? {}), ...Object.keys(expect?.items.properties ?? {})])
    assert.match(scenarios, new RegExp(`\`[^\`]*\\b${key}\\b`), key);
  // All of those that there are.
  for (const name of readdirSync(path.join(root, "site/scenarios")).filter((one) => one.endsWith(".yaml")))
    assert.ok(scenarios.includes(`(../site/scenarios/${name})`), name);
});
