/** Beginning a site, and looking at one before it runs. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { parseSite } from "#fleet/site-file.ts";
import { firstSite } from "../src/cli/first-site.ts";
import { run } from "./cli-run.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

test("init writes a site file that check takes and up runs; what is there already stays as it is", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  assert.equal((await run("init", file)).status, 0);
  const text = readFileSync(file, "utf8");
  const checked = await run("check", file);
  assert.deepEqual([checked.status, checked.err], [0, ""]);
  assert.match(
    checked.out,
    /meter +feeder-1, leviton-s4100, synthetic, four-wire wye, A, B, C and N \(ANSI form 9\)$/m,
  );
  assert.match(checked.out, /listener +modbus tcp 127\.0\.0\.1:1502 \(feeder-1, unit 1\)$/m);
  const again = await run("init", file);
  assert.deepEqual([again.status, again.out], [1, ""]);
  assert.match(again.err, /there is one already, and it stays as it is/);
  assert.equal(readFileSync(file, "utf8"), text);
  // The same on ports that are free.
  const site = await startSite(folder, text.replace("port: 8080", "port: 0").replace("port: 1502", "port: 0"));
  await site.end();
});

test("what init says in comments could stand there", () => {
  const text = firstSite("site.yaml");
  // Of the sources one at a time; the second meter comes whole.
  for (const comment of ["# store:", "# clock:", "  # - name: feeder-2", "      # - { modbus: rtu"]) {
    const lines = text.split("\n");
    const from = lines.findIndex((line) => line.startsWith(comment));
    assert.ok(from > 0, comment);
    for (let k = from; lines[k]?.trimStart().startsWith("# ") ?? false; k++) lines[k] = lines[k]!.replace("# ", "");
    const { meters } = parseSite("site.yaml", lines.join("\n"));
    assert.equal(meters.length, comment.includes("feeder-2") ? 2 : 1);
  }
  const sources = [...text.matchAll(/# source: (\{.*\}) *(#.*)?$/gm)].map(
    ([, source = ""]) => parse(source) as unknown,
  );
  assert.equal(sources.length, 2);
  for (const source of sources)
    parseSite("site.yaml", JSON.stringify({ meters: [{ name: "m", model: "leviton-s4100", source }] }));
});

const revenueOf = (given: { readonly listen: string }): string =>
  siteOf(given)
    .replace("leviton-s4100", "ametek-jemstar-ii")
    .replaceAll(/^ *(settings|options|serial):.*\n/gm, "");

test("check opens and makes nothing, and finds what stands in files that the site names", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const check = async (yaml: string): Promise<Awaited<ReturnType<typeof run>>> => {
    writeFileSync(file, yaml);
    return run("check", file);
  };
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  // It runs, its port and its store are in use: whoever only looks does not mind.
  const { status, out } = await check(siteOf({ listen: `{ modbus: tcp, port: ${site.port} }` }));
  assert.deepEqual([status, out.includes(`modbus tcp 127.0.0.1:${site.port} (feeder-1, unit 1)`)], [0, true]);
  const plan = JSON.parse((await run("check", file, "--json")).out) as { listeners: unknown; meters: unknown };
  assert.deepEqual(plan.listeners, [{ what: `modbus tcp 127.0.0.1:${site.port}`, meters: ["feeder-1, unit 1"] }]);
  assert.deepEqual(plan.meters, [
    {
      name: "feeder-1",
      model: "leviton-s4100",
      source: "synthetic",
      wiring: "four-wire wye, A, B, C and N (ANSI form 9)",
    },
  ]);
  const worn = await check(
    siteOf({ listen: "{ modbus: tcp, port: 0, face: em24 }" })
      .replace(/model: .*/, "model: em24")
      .replace(/source: \{.*/, "source: { live: {} }")
      .replace("port: 0 }", "port: 8444, host: 0.0.0.0, names: [meters.example] }"),
  );
  assert.match(worn.out, /feeder-1, unit 1, as em24/);
  assert.match(worn.err, /feeder-1: is connected as wye, as nothing says how/);
  assert.match(worn.out, /page +http:\/\/127\.0\.0\.1:8444\/\n +page +http:\/\/meters\.example:8444\/\n/);
  const silent = await check(siteOf({ listen: " " }).replace("web: { port: 0 }", ""));
  assert.match(silent.err, /nobody can reach this site: it has neither web .* nor listen/);
  for (const [yaml, says] of [
    [
      siteOf().replace("port: 0 }", "port: 0, certificate: no.pem, key: no.key }"),
      /line 2, column 17: web\.certificate: cannot read .*no\.pem: there is no such file\n.*web\.key: cannot read .*no\.key/,
    ],
    [
      siteOf({ listen: "{ modbus: tls, port: 0, certificate: site.yaml, key: site.yaml, authority: site.yaml }" }),
      /listen\[0\]\.certificate: .*site\.yaml is no certificate: expected PEM[^]*\.key: .*is no private key[^]*\.authority: /,
    ],
    [
      siteOf({ listen: "{ dnp3: tcp, port: 0 }" }),
      /line \d+, column \d+: meters\[0\]\.listen\[0\]\.dnp3: \S+ does not speak DNP3/,
    ],
    [
      revenueOf({ listen: "{ dnp3: tcp, port: 20009 }, { dnp3: tcp, port: 20009 }" }),
      /line \d+, column \d+: meters\[0\]\.listen\[1\]\.dnp3: feeder-1 is there twice, each time with link address 1 on one place, 127\.0\.0\.1:20009/,
    ],
    [
      revenueOf({ listen: "{ iec102: tcp, port: 20009 }, { iec102: tcp, port: 20009 }" }),
      /meters\[0\]\.listen\[1\]\.iec102: feeder-1 is there twice, each time with link address 1 on/,
    ],
    [siteOf({ listen: "{ dlms: tcp, port: 20009 }" }), /meters\[0\]\.listen\[0\]\.dlms: feeder-1 does not speak DLMS/],
    [
      revenueOf({ listen: [7, 8, 9].map((k) => `{ dnp3: serial, device: /dev/tty${k} }`).join(", ") }),
      /line \d+, column \d+: meters\[0\]\.listen\[2\]: serial, \/dev\/tty9, would be serial 5/,
    ],
    [
      siteOf({ listen: "{ dnp3: tcp, port: 0, address: 10 }" }),
      /listen\[0\]\.address: the link address is the meter's, in its configuration: communications\.ethernet1\.dnp3\.address/,
    ],
    [siteOf({ listen: "{ modbus: tcp, port: 0, face: em42 }" }), /listen\[0\]\.face: .*; did you mean em24\?/],
    [
      siteOf({ listen: "{ modbus: tcp, port: 0, face: eastron-sdm120 }" }),
      /site\.yaml, line \d+, column \d+: meters\[0\]\.listen\[0\]\.face: feeder-1 is connected as wye/,
    ],
    [
      siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: x.cfg, map: { va: VA } }"),
      /feeder-1: cannot read .*x\.cfg: there is no such file/,
    ],
  ] as const) {
    const found = await check(yaml);
    assert.deepEqual([found.status, found.out], [2, ""], yaml);
    assert.match(found.err, says);
  }
  await site.end();
  assert.deepEqual(readdirSync(folder).toSorted(), ["site.data", "site.yaml"]);
});
