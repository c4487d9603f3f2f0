/** The wiring check of running meters: sites that are connected wrongly by their files, over HTTP and over Modbus. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./cli-run.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

const feeder = (
  name: string,
  wiring: string,
  more = "settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }",
): string =>
  `  - name: ${name}
    model: leviton-s4100
    source: { synthetic: { volts: [277, 275.5, 279], amps: [80, 73, 90], pf: 0.92${wiring === "" ? "" : `, wiring: ${wiring}`} } }
    ${more}
`;

/** Meters by name: how each is connected, and the words that find it. */
const meters: readonly (readonly [name: string, yaml: string, verdict: RegExp, mistakes: readonly string[]])[] = [
  ["right", feeder("right", ""), /^The wiring is right \(more than 99\.9 % sure\)/, []],
  [
    "swapped",
    feeder("swapped", "{ swapVolts: [a, b], reversed: [c] }"),
    /^The wiring is wrong \(.*99\.\d % sure\)/,
    ["The voltages of A and B are swapped.", "The current transformer of C is reversed."],
  ],
  [
    "rotated",
    feeder("rotated", "{ amps: [b, c, a] }"),
    /^The wiring is wrong/,
    ["The currents are rotated by one phase: inputs A, B and C have those of B, C and A."],
  ],
  [
    "neutral",
    feeder("neutral", "{ volts: [n, b, c], neutral: a }"),
    /^The wiring is wrong/,
    ["The neutral and the voltage of A are swapped."],
  ],
  ["fuse", feeder("fuse", "{ deadVolts: [b] }"), /^The wiring is wrong/, ["The voltage of B is missing."]],
  [
    "shorted",
    feeder("shorted", "{ deadAmps: [a] }"),
    // Or the phase has no load.
    /^What is measured can be explained in several ways\./,
    ["The current transformer of A is shorted, open or not connected, or A has no load."],
  ],
  [
    "halved",
    feeder("halved", "{ voltsRatio: { c: 0.5 } }"),
    /^The wiring is wrong/,
    ["The voltage of C is off by a factor of 0.50\\d against the others: its transformer has another ratio."],
  ],
  [
    "delta",
    // Without a neutral the currents add up to nothing, as equal ones do.
    feeder(
      "delta",
      "{ ampsRatio: { b: 2.5 } }",
      "settings: { systemType: 31, ctPrimary: 100, systemVoltage: 480 }",
    ).replace("[80, 73, 90]", "80"),
    /^The wiring is wrong .*three-wire delta/,
    ["The current of B is off by a factor of 2\\.5\\d* against the others"],
  ],
  [
    "nominal",
    feeder("nominal", "", "settings: { systemType: 40, ctPrimary: 100, systemVoltage: 208 }"),
    /^The wiring is wrong/,
    ["All voltages are off by a factor of 2\\.31 against the nominal one."],
  ],
  [
    "form-5",
    `  - name: form-5
    model: ametek-jemstar-ii
    modelNumber: JSII-05I6020-1B/2A-DIO-DLP
    source: { synthetic: { volts: [69, 69.5, 68.2], amps: [4, 3, 5], pf: 0.92, wiring: { swapAmps: [a, c] } } }
`,
    /^The wiring is wrong .*two elements/,
    ["The currents of A and C are swapped."],
  ],
  [
    "steps",
    `  - name: steps
    model: ametek-jemstar-ii
    source: { synthetic: { volts: [120, 119, 121], amps: [4, 3, 5], pf: 0.92, steps: true, wiring: { swapAmps: [b, c] } } }
`,
    /^The wiring is wrong .*four-wire wye/,
    ["The currents of B and C are swapped."],
  ],
];

const modbus = `  - name: sdm
    model: eastron-sdm630
    source: { synthetic: { hz: 50, volts: [230, 231, 229], amps: [8, 7, 9.3], pf: 0.92, wiring: { reversed: [b] } } }
    listen: [{ modbus: tcp, port: 0, unit: 1 }]
`;

test("what a site file connects wrongly is found, and what it does not is called right", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const yaml = `web: { port: 0 }\nstore: ":memory:"\nmeters:\n${meters.map(([, one]) => one).join("")}${modbus}`;
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 4000));
  for (const [name, , verdict, mistakes] of meters) {
    const { status, out, err } = await run("wiring", `${site.page}#${name}`, "--generates", "no");
    assert.equal(err, "", name);
    assert.equal(status, name === "right" ? 0 : 1, `${name}: ${out}`);
    assert.match(out, verdict, name);
    const first = out.split("\n\n")[1] ?? "";
    for (const mistake of mistakes) assert.match(first, new RegExp(mistake), `${name}: ${out}`);
    if (mistakes.length === 0) assert.match(first, /All is connected as it should be\./);
  }
  // By powers alone, as a meter without angles has them.
  const url = `modbus://127.0.0.1:${site.port}/1`;
  const real = await run(
    "wiring",
    url,
    "--model",
    "eastron-sdm630",
    "--nominal",
    "400",
    "--generates",
    "no",
    "--count",
    "2",
    "--json",
  );
  assert.equal(real.status, 1, real.err);
  const said = JSON.parse(real.out) as {
    system: string;
    verdict: string;
    explanations: { probability: number; mistakes: unknown; words: { change: string }[] }[];
    untold: { code: string }[];
  };
  assert.equal(said.system, "wye");
  assert.equal(said.verdict, "wrong");
  assert.deepEqual(said.explanations[0]?.mistakes, [{ kind: "reversedAmps", phases: ["b"] }]);
  assert.ok((said.explanations[0]?.probability ?? 0) > 0.95);
  assert.match(said.explanations[0]?.words[0]?.change ?? "", /Turn the current transformer of B round/);
  assert.ok(said.untold.some(({ code }) => code === "rotation"));
});

test("wrong words of a wiring check end with status 2 and what was expected", async () => {
  for (const [args, says] of [
    [[], /missing required argument 'url'/],
    [["modbus://127.0.0.1:1"], /--model is needed/],
    [["modbus://127.0.0.1:1", "--model", "eastron-sdm630", "--system", "star"], /Allowed choices are .*wye/],
    [["modbus://127.0.0.1:1", "--model", "eastron-sdm630", "--nominal", "x"], /expected volts, like 400/],
    [["modbus://127.0.0.1:1", "--model", "eastron-sdm630", "--count", "0"], /--count: expected a whole number from 1/],
    [["modbus://127.0.0.1:1", "--model", "eastron-sdm630", "--timeout", "-1"], /--timeout: expected milliseconds/],
  ] as const) {
    const { status, err } = await run("wiring", ...args);
    assert.equal(status, 2, `${args.join(" ")}: ${err}`);
    assert.match(err, says);
  }
  const gone = await run("wiring", "modbus://127.0.0.1:9", "--model", "eastron-sdm630");
  assert.equal(gone.status, 1);
  assert.match(gone.err, /cannot connect to 127\.0\.0\.1:9/);
});
