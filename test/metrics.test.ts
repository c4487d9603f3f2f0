/** What programs that watch a site are told of it and of its meters, in the formats that they ask for. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { MemoryStore } from "#store/store.ts";
import { formatFor, textOf } from "#web/metric-text.ts";
import { elsewhere, here, webRig } from "./web-rig.ts";

/** Every phase has its own volts and amps, so that none can stand for another. */
const SITE = `
store: ":memory:"
meters:
  - { name: feeder, model: leviton-s4100, serial: "4711", source: { synthetic: { hz: 50, volts: [230, 231, 232], amps: [5, 6, 7], pf: 0.8, steps: true } }, settings: { ctPrimary: 100, systemVoltage: 400 } }
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { hz: 60, volts: 120, amps: 10, steps: true } } }
  - { name: silent, model: leviton-s4100, source: { live: { hz: 50 } } }
`;
const OPEN = "application/openmetrics-text; version=1.0.0";

async function asked(t: TestContext, { jem, accept }: { jem?: string; accept?: string } = {}): Promise<Response> {
  const rig = await webRig(t, { site: SITE, ...(jem === undefined ? { jem: "" } : { jem }) });
  rig.clock.advance(72_000);
  return rig.ask("/metrics", { ...here, ...(accept === undefined ? {} : { headers: { Accept: accept } }) });
}

/** A sample by its name and labels. */
function valueOf(text: string, sample: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return Number(line?.slice(sample.length + 1) ?? NaN);
}

function isAbout(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) <= 1e-6 * Math.abs(expected), `${found}, expected ${expected}`);
}

test("a meter's readings are in base units, phase by phase, and its energies in joules", async (t) => {
  const text = await (await asked(t, { accept: OPEN })).text();
  const watts = [230 * 5, 231 * 6, 232 * 7].map((va) => 0.8 * va);
  const phases = ["a", "b", "c"];
  for (const [k, phase] of phases.entries()) {
    const labels = `{meter="feeder",phase="${phase}"}`;
    isAbout(valueOf(text, `polyphase_voltage_volts${labels}`), 230 + k);
    isAbout(valueOf(text, `polyphase_current_amperes${labels}`), 5 + k);
    isAbout(valueOf(text, `polyphase_phase_active_power_watts${labels}`), watts[k]!);
    isAbout(valueOf(text, `polyphase_phase_power_factor_ratio${labels}`), 0.8);
  }
  const sum = watts[0]! + watts[1]! + watts[2]!;
  isAbout(valueOf(text, 'polyphase_active_power_watts{meter="feeder"}'), sum);
  isAbout(valueOf(text, 'polyphase_frequency_hertz{meter="feeder"}'), 50);
  // Watts for 72 s; the sine to a cosine of 0.8 is 0.6.
  isAbout(valueOf(text, 'polyphase_active_energy_import_joules_total{meter="feeder"}'), 72 * sum);
  assert.equal(valueOf(text, 'polyphase_active_energy_export_joules_total{meter="feeder"}'), 0);
  isAbout(valueOf(text, 'polyphase_reactive_energy_import_varseconds_total{meter="feeder"}'), (72 * sum * 0.6) / 0.8);
  assert.match(
    text,
    /^polyphase_meter_info\{meter="feeder",model="leviton-s4100",serial="4711",firmware="[\d.]+"\} 1$/m,
  );
});

test("a meter that shows its energies in registers only has them from there", async (t) => {
  const rig = await webRig(t, { site: SITE, jem: "" });
  // 3600 W for 1,500 s; the factory's register shows kWh.
  rig.clock.advance(1_500_000);
  const text = await (await rig.ask("/metrics", here)).text();
  assert.equal(valueOf(text, 'polyphase_active_energy_import_joules_total{meter="jem"}'), 3600 * 1500);
  assert.equal(valueOf(text, 'polyphase_meter_barred{meter="jem"}'), 0);
});

test("a meter that its own users alone may read is there, and its readings are not", async (t) => {
  const jem = `
security: { readingTakesSession: true }
users: [{ name: admin, password: meter-admin, privileges: [readRegisters] }]
`;
  const text = await (await asked(t, { jem })).text();
  assert.equal(valueOf(text, 'polyphase_meter_barred{meter="jem"}'), 1);
  assert.doesNotMatch(text, /^polyphase_voltage_volts\{meter="jem"/m);
  assert.match(text, /^polyphase_voltage_volts\{meter="feeder"/m);
});

test("what a meter does not know is not there: no zero, and no NaN", async (t) => {
  const text = await (await asked(t)).text();
  assert.doesNotMatch(text, /^polyphase_voltage_volts\{meter="silent"/m);
  assert.equal(valueOf(text, 'polyphase_active_energy_import_joules_total{meter="silent"}'), 0);
  assert.doesNotMatch(text, /NaN/);
});

test("every family says its kind and what it is, once and before its samples, in both formats", async (t) => {
  for (const accept of [OPEN, "text/plain"]) {
    const text = await (await asked(t, { accept })).text();
    const isOpen = accept === OPEN;
    assert.equal(text.endsWith("\n# EOF\n"), isOpen);
    const seen = new Set<string>();
    let [family, kind] = ["", ""];
    for (const line of text.trimEnd().split("\n")) {
      const [, name = "", given = ""] = /^# TYPE (polyphase_\w+) (counter|gauge|info|summary)$/.exec(line) ?? [];
      if (name !== "") {
        assert.ok(!seen.has(name), name);
        seen.add(name);
        [family, kind] = [name, given];
      } else if (line.startsWith("# UNIT ")) {
        const [, , of, unit] = line.split(" ");
        assert.ok(isOpen && of === family && family.endsWith(`_${unit}`), line);
      } else if (line.startsWith("# HELP ")) assert.ok(line.startsWith(`# HELP ${family} `) && line.length > 20, line);
      else if (line !== "# EOF") {
        const suffix = !isOpen ? "" : kind === "counter" ? "_total" : kind === "info" ? "_info" : "";
        assert.match(line, new RegExp(`^${family}${suffix}(\\{[^}]*\\})? -?[\\d.]+(e[-+]\\d+)?$`));
      }
      if (!isOpen && kind === "counter") assert.match(family, /_total$/);
    }
    assert.ok(seen.size > 40, `${seen.size} families`);
  }
});

/** As Prometheus 2.50 asks for metrics. */
const prometheus =
  "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const wishes: readonly (readonly [accept: string | undefined, format: string])[] = [
  [undefined, "Prometheus"],
  ["*/*", "Prometheus"],
  ["text/plain", "Prometheus"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Prometheus"],
  [prometheus, "OpenMetrics"],
  ["application/openmetrics-text", "OpenMetrics"],
  ["Application/OpenMetrics-Text; Version=1.0.0", "OpenMetrics"],
  ["application/openmetrics-text;q=0.1,text/plain", "Prometheus"],
  ["application/openmetrics-text;q=0", "Prometheus"],
  ["application/openmetrics-text;version=7.0.0", "Prometheus"],
];
for (const [accept, format] of wishes)
  test(`who accepts ${accept ?? "nothing in particular"} gets the format of ${format}`, () =>
    assert.equal(formatFor(accept), format));

test("the answer says which format it has, and that it hangs on what was asked", async (t) => {
  const open = await asked(t, { accept: prometheus });
  assert.equal(open.headers.get("Content-Type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.equal(open.headers.get("Vary"), "Accept");
  const plain = await asked(t);
  assert.equal(plain.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
});

test("what somebody called something breaks no line", () => {
  const family = {
    name: "x",
    kind: "gauge",
    help: 'a "b" \\ c\nd',
    samples: [{ labels: { meter: 'q"\\\n}' }, value: 1 }],
  } as const;
  // OpenMetrics 1.0, 3.1.1: in both a backslash, a quotation mark and a line feed are written with a backslash.
  assert.deepEqual([...textOf(family, "OpenMetrics")].join("").split("\n"), [
    "# TYPE polyphase_x gauge",
    '# HELP polyphase_x a \\"b\\" \\\\ c\\nd',
    'polyphase_x{meter="q\\"\\\\\\n}"} 1',
    "",
  ]);
  // Text format 0.0.4: a help text has no quotation marks to end it.
  assert.equal([...textOf(family, "Prometheus")].join("").split("\n")[1], '# HELP polyphase_x a "b" \\\\ c\\nd');
});

test("what is told in metrics is on disk before it is told", async (t) => {
  const store = new MemoryStore();
  let asks = 0;
  const { ask, site } = await webRig(t, { site: SITE, jem: "", store });
  const kept = site.kept.bind(site);
  site.kept = () => {
    asks++;
    return kept();
  };
  assert.equal((await ask("/metrics", here)).status, 200);
  assert.equal(asks, 1);
  // A stranger hears nothing of meters, and waits for nothing.
  assert.equal((await ask("/metrics", elsewhere)).status, 401);
  assert.equal(asks, 1);
});
