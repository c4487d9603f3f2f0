/**
 * The HTTP API as strangers see it: openapi-spec-validator reads its description, and schemathesis asks a running site for whatever the
 * description allows and what it does not. Both lie in a folder of their own, which api.txt says how to fill.
 */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { hashPassword } from "#io/password.ts";
import { described } from "#web/api/operations.ts";
import { fileContentSchema } from "#web/api/record-schemas.ts";
import { startSite, temporaryFolder } from "../running-site.ts";
import { share } from "../share.ts";
import { peersPython, runProgram, type Ran } from "./programs.ts";

const packages = fileURLToPath(new URL("../../.venv/api", import.meta.url));
const skip = existsSync(peersPython) && existsSync(packages) ? false : "there is no .venv/api (api.txt)";

/** Runs a program of the packages: as their own commands do. */
function run(main: string, folder: string, args: readonly string[], ms = 60_000): Promise<Ran> {
  // It leaves what it remembers where it runs.
  const script = `import os, sys; sys.path.insert(0, sys.argv.pop(1)); os.chdir(sys.argv.pop(1)); ${main}`;
  return runProgram(peersPython, ["-c", script, packages, folder, ...args], ms);
}

const schemathesis = "from schemathesis.cli import schemathesis; sys.exit(schemathesis())";
const validator = "from openapi_spec_validator.__main__ import main; sys.exit(main())";

const SITE = `
web: { port: 0 }
store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-PQ3
    configuration: jem.yaml
    source: { synthetic: { hz: 60, volts: 120, amps: 3, seed: 1, events: [{ kind: sag, at: 4, for: 0.2, every: 10, phases: [b], volts: 0.7 }] } }
  - name: feeder
    model: leviton-s4100
    options: { logging: true }
    source: { live: { hz: 50 } }
    listen: [{ modbus: tcp, port: 0 }]
`;
const JEM = `
profiles:
  - { minutes: 1, data: engineering, channels: [{ measure: { quantity: Wh } }] }
measurementLog:
  - { interval: 1, channels: [{ measure: { quantity: V, phase: a }, method: average }] }
users:
  - { name: meg, password: meter horse, privileges: [freeze, readRegisters, readLoadProfile, readMeasurementLog, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols, configureIdentification] }
`;

/** A site with an owner, and what shows who he is, to the site and to the meter with users. */
async function owned(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), JEM);
  const users = [{ name: "ann", role: "owner", password: hashPassword("correct horse") }];
  writeFileSync(path.join(folder, "site.users"), JSON.stringify({ users }), { mode: 0o600 });
  const site = await startSite(folder, SITE);
  t.after(() => site.end());
  const tokenOf = async (place: string, user: string, password: string): Promise<string> => {
    const answer = await fetch(`${site.page}api/v1/${place}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user, password }),
    });
    return ((await answer.json()) as { token?: string }).token ?? "";
  };
  const shown = {
    "Polyphase-Session": await tokenOf("session", "ann", "correct horse"),
    Authorization: `Bearer ${await tokenOf("meters/jem/session", "meg", "meter horse")}`,
  };
  assert.ok(!Object.values(shown).some((one) => /^(Bearer )?$/.test(one)), site.output());
  return { site, folder, shown };
}

test("openapi-spec-validator finds nothing wrong with the description", { skip }, async (t) => {
  const { site, folder } = await owned(t);
  const file = path.join(folder, "openapi.json");
  writeFileSync(file, await (await fetch(`${site.page}api/v1/openapi.json`)).text());
  const { status, out } = await run(validator, folder, [file]);
  assert.deepEqual([status, /: OK/.test(out)], [0, true], out);
  writeFileSync(
    file,
    (await (await fetch(`${site.page}api/v1/openapi.json`)).text()).replace('"responses"', '"answers"'),
  );
  assert.notEqual((await run(validator, folder, [file])).status, 0, "and it would");
});

/** What schemathesis looks at of each answer. */
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
];

for (const [who, meter] of [
  ["a stranger", "jem"],
  ["an owner, of a revenue meter", "jem"],
  ["an owner, of a meter with settings", "feeder"],
] as const) {
  test(`schemathesis, as ${who}, gets what the description says, whatever it asks for`, { skip }, async (t) => {
    const { site, folder, shown } = await owned(t);
    const schema = path.join(folder, "openapi.json");
    writeFileSync(schema, await (await fetch(`${site.page}api/v1/openapi.json`)).text());
    // Its own users are others than the one whose session it has; what violates a schema may be too long besides.
    const told = `[parameters]
"path.name" = "${meter}"
"path.user" = "bob"
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503"]
`;
    writeFileSync(path.join(folder, "st.toml"), told);
    // An event stream has no end. What logs out ends the test; what takes the meter out, or rewrites what it is, leaves nothing to ask.
    const streams = described.filter(([, { stream }]) => stream === true).map(([id]) => id);
    const ending = ["logOut", "logOutOfMeter", "removeMeter", "changeMeter"];
    const left = [...streams, ...(who === "a stranger" ? [] : ending)];
    const headers =
      who === "a stranger" ? [] : Object.entries(shown).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const place = ["--config-file", path.join(folder, "st.toml"), "run", schema, "--url", site.page];
    // A stranger is told to log in first, whatever he asks for.
    const all = who === "a stranger" ? checks : [...checks, "unsupported_method"];
    const looks = ["--checks", all.join(","), "--phases", "examples,coverage,fuzzing", "--continue-on-failure"];
    const much = ["--max-examples", String(share(3, 10, 300)), "--seed", "1", "--request-timeout", "20", "--no-shrink"];
    const without = left.flatMap((id) => ["--exclude-operation-id", id]);
    const args = [...place, ...headers, ...without, ...looks, ...much];
    const { status, out } = await run(schemathesis, folder, args, share(120_000, 300_000, 3_600_000));
    assert.equal(status, 0, out.slice(-8000));
    const [, passed] = /(\d+) generated, (\d+) passed/.exec(out) ?? [];
    assert.ok(Number(passed) > 300, out.slice(-2000));
    assert.doesNotMatch(site.output(), /went wrong/);
    assert.equal((await fetch(`${site.page}health`)).status, 200);
  });
}

test("what is drawn of a meter's recordings is what the schema says", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const from = fileURLToPath(new URL("../../site", import.meta.url));
  copyFileSync(path.join(from, "pq-feeder.yaml"), path.join(folder, "pq-feeder.yaml"));
  const yaml = readFileSync(path.join(from, "pq.yaml"), "utf8")
    .replace("port: 8080", "port: 0")
    .replace("port: 2022", "port: 0");
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  const base = `${site.page}api/v1/meters/feeder/files`;
  let names: readonly string[] = [];
  // A sag comes ten seconds after the start.
  for (let tries = 0; tries < 300 && names.length === 0; tries++) {
    const { files } = (await (await fetch(base)).json()) as { files: readonly { name: string }[] };
    names = files.map(({ name }) => name).filter((name) => name.endsWith("_07.pqd"));
    await new Promise((done) => setTimeout(done, 200));
  }
  const answer = await fetch(`${base}/${names[0]}`);
  const { observations } = fileContentSchema.parse(await answer.json());
  assert.ok(observations.some(({ tracks }) => tracks.some(({ kind }) => kind === "rms")));
});

test("schemathesis fails where an answer is not described", { skip }, async (t) => {
  const { site, folder, shown } = await owned(t);
  const said = (await (await fetch(`${site.page}api/v1/openapi.json`)).json()) as {
    paths: Record<string, { get: { responses: Record<string, unknown> } }>;
  };
  delete said.paths["/api/v1/meters/{name}"]!.get.responses["404"];
  const schema = path.join(folder, "openapi.json");
  writeFileSync(schema, JSON.stringify(said));
  const headers = Object.entries(shown).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const args = [
    "run",
    schema,
    "--url",
    site.page,
    ...headers,
    "--include-operation-id",
    "readMeter",
    "--max-examples",
    "5",
  ];
  const { status, out } = await run(schemathesis, folder, [...args, "--checks", checks.join(","), "--no-shrink"]);
  assert.deepEqual([status, /ST103 Undocumented status code/.test(out)], [1, true], out.slice(-3000));
});
