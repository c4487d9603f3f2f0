/** Metrics as others read them: the parsers of Prometheus' own Python client, and promtool where there is one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { here, webRig } from "../web-rig.ts";
import { programPath, without } from "./programs.ts";

const SITE = `
store: ":memory:"
meters:
  - { name: feeder, model: leviton-s4100, source: { synthetic: { hz: 50, volts: [230, 231, 232], amps: [5, 6, 7], steps: true } } }
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
`;

const READ = `
import json, sys
from prometheus_client.MODULE import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps([{"name": f.name, "type": f.type, "unit": f.unit, "help": f.documentation,
                   "samples": [[s.name, s.labels, s.value] for s in f.samples]} for f in families]))
`;

interface Read {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly (readonly [name: string, labels: Readonly<Record<string, string>>, value: number])[];
}

const python = programPath("python3");
const missing =
  without("python3") ||
  (spawnSync(python!, ["-c", "import prometheus_client.openmetrics.parser"]).status === 0
    ? false
    : "python3-prometheus-client is not installed");

for (const [format, module, accept] of [
  ["OpenMetrics", "openmetrics.parser", "application/openmetrics-text; version=1.0.0"],
  ["the text format", "parser", "text/plain"],
] as const) {
  test(`Prometheus' client reads ${format}, with units and help`, { skip: missing }, async (t) => {
    const { ask, clock } = await webRig(t, { site: SITE, jem: "" });
    clock.advance(72_000);
    const input = await (await ask("/metrics", { ...here, headers: { Accept: accept } })).text();
    const { stdout, stderr, status } = spawnSync(python!, ["-c", READ.replace("MODULE", module)], {
      input,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const families = JSON.parse(stdout) as readonly Read[];
    const named = new Map(families.map((one) => [one.name, one]));
    for (const { name, help } of families) assert.ok(help.length > 5, name);
    const energy = named.get("polyphase_active_energy_import_joules");
    assert.equal(energy?.type, "counter");
    const [sample] = energy.samples.filter(([, { meter }]) => meter === "feeder");
    assert.equal(sample?.[0], "polyphase_active_energy_import_joules_total");
    // 230 * 5 + 231 * 6 + 232 * 7 watts for 72 s.
    assert.ok(Math.abs((sample?.[2] ?? NaN) - 72 * 4160) < 0.5, String(sample?.[2]));
    if (format === "OpenMetrics") {
      assert.equal(energy.unit, "joules");
      assert.equal(named.get("polyphase_voltage_volts")?.unit, "volts");
      assert.equal(named.get("polyphase_meter")?.type, "info");
    }
  });
}

test("promtool finds nothing wrong with the metrics", { skip: without("promtool") }, async (t) => {
  const { ask, clock } = await webRig(t, { site: SITE, jem: "" });
  clock.advance(72_000);
  const input = await (await ask("/metrics", here)).text();
  const { stdout, stderr, status } = spawnSync(programPath("promtool")!, ["check", "metrics"], {
    input,
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
});
