/** The schemas of configurations as a stranger reads them: jsonschema, of Python, takes what meters take, and refuses nothing else than they do. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { catalogue } from "#model/catalogue.ts";
import { revenueSchema } from "#product/jemstar/configuration-schema.ts";
import { isRefused } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { MemoryStore } from "#store/store.ts";
import { temporaryFolder } from "../running-site.ts";
import { peersPython } from "./programs.ts";

const python = [peersPython, "python3"].find((one) => spawnSync(one, ["-c", "import jsonschema"]).status === 0);
const skip = python === undefined ? "jsonschema cannot be imported" : false;

interface Asked {
  readonly schema: unknown;
  readonly documents: readonly unknown[];
}

/** Which of its documents each schema takes, as jsonschema has it; why it is no schema of draft 2020-12. */
function taken(asked: readonly Asked[]): readonly (readonly boolean[] | string)[] {
  const script = `
import json, sys, jsonschema
kind = jsonschema.Draft202012Validator
def answer(given):
    try:
        kind.check_schema(given["schema"])
    except jsonschema.SchemaError as error:
        return "no schema: " + error.message
    check = kind(given["schema"])
    return [check.is_valid(one) for one in given["documents"]]
print(json.dumps([answer(given) for given in json.load(sys.stdin)]))
`;
  const ran = spawnSync(python ?? "", ["-c", script], { input: JSON.stringify(asked), maxBuffer: 1 << 26 });
  assert.equal(ran.status, 0, ran.stderr.toString());
  return JSON.parse(ran.stdout.toString()) as readonly (readonly boolean[] | string)[];
}

const ORDERS = ["JSII-09I6020-1B/2A-DIO-DLP-NTP", "JSII-05I5002-1B/2B/3A-DIOP-DLMS-IEC-NTP-PQ3", "JSII-09I6020"];

function surfaces(t: TestContext): readonly MeterSurface[] {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const source = "source: { synthetic: { volts: 230, amps: 5, steps: true } }";
  const meters = [
    ...ORDERS.map((order, k) => `{ name: j${k}, model: ametek-jemstar-ii, modelNumber: ${order}, ${source} }`),
    ...catalogue.map(({ name }, k) => `{ name: m${k}, model: ${name}, ${source} }`),
  ];
  writeFileSync(file, `store: ":memory:"\nmeters:\n${meters.map((one) => `  - ${one}\n`).join("")}`);
  const site = loadSite(file, { clock: new VirtualClock(), store: new MemoryStore() });
  t.after(() => site.stop());
  return site.meters.map(({ surface }) => surface);
}

test("every model's schema is one, and takes what the meter has, and an empty change", { skip }, (t) => {
  const all = surfaces(t);
  const asked = all.map((surface) => ({
    schema: surface.configurationSchema(),
    documents: [surface.configuration(), {}, { nothing: 1 }, []],
  }));
  const said = taken(asked);
  for (const [k, surface] of all.entries())
    assert.deepEqual(said[k], [true, true, false, false], surface.identity.model);
});

/** Every place of a document where a value stands. */
function placesIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]));
}

function withAt(value: unknown, [key, ...rest]: readonly string[], made: unknown): unknown {
  if (key === undefined) return made;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  Reflect.set(copy, key, withAt(Reflect.get(copy, key), rest, made));
  return copy;
}

test(
  "whatever stands somewhere in a configuration of a JEMStar: what it takes the schema takes, and what its shape refuses the schema refuses",
  { skip },
  (t) => {
    const jem = surfaces(t)[1]!;
    const file = jem.configuration();
    const places = placesIn(file);
    const values = fc.oneof(
      fc.integer({ min: -10, max: 100_000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom("", "admin", "never", "Wh", "90 %", true, false, null, [], {}, -1, 0, 1, 256, 65_536),
    );
    const mutants = fc
      .sample(fc.tuple(fc.nat({ max: places.length - 1 }), values), { seed: 18, numRuns: 400 })
      .map(([k, value]) => withAt(file, places[k]!, value));
    const [said] = taken([{ schema: jem.configurationSchema(), documents: mutants }]);
    assert.ok(typeof said === "object");
    const session = jem.open({ protocol: "http", port: "site", near: true });
    let [good, bad] = [0, 0];
    for (const [k, mutant] of mutants.entries()) {
      const shaped = revenueSchema.safeParse(mutant).success;
      const outcome = jem.obey({ command: "configure", configuration: JSON.stringify(mutant), check: true }, session);
      if (!isRefused(outcome)) assert.ok(said[k], JSON.stringify(mutant).slice(0, 200));
      if (!said[k]) {
        assert.ok(isRefused(outcome));
        bad++;
      } else if (shaped) good++;
    }
    assert.ok(good > 20 && bad > 100, `${good} ${bad}`);
  },
);

test("settings of meters with registers: jsonschema and the meter refuse the same", { skip }, (t) => {
  const all = surfaces(t).slice(ORDERS.length);
  const value = fc.oneof(fc.integer({ min: -200, max: 70_000 }), fc.nat({ max: 50 }));
  const asked = all.map((surface) => {
    const names = Object.keys(surface.configuration() as object);
    const mutants = fc.sample(fc.tuple(fc.nat({ max: names.length - 1 }), value), { seed: 18, numRuns: 60 });
    return { schema: surface.configurationSchema(), documents: mutants.map(([k, one]) => ({ [names[k]!]: one })) };
  });
  const said = taken(asked);
  for (const [m, surface] of all.entries()) {
    const session = surface.open({ protocol: "http", port: "site", near: true });
    for (const [k, document] of asked[m]!.documents.entries()) {
      const command = { command: "configure", configuration: JSON.stringify(document), check: true } as const;
      const outcome = surface.obey(command, session);
      // What settings must agree on with each other no schema says.
      if (said[m]?.[k] !== true) assert.ok(isRefused(outcome), `${surface.identity.model} ${JSON.stringify(document)}`);
      else if (isRefused(outcome)) assert.match(outcome.words.join(), /systemVoltage|pulseEnergy|clock\./);
    }
  }
});
