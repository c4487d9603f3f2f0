/** What is wrong with a site file is said by line and key, in words of this program, with the word that was meant. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { parseDocument, type ErrorCode } from "yaml";
import { z } from "zod";
import { loadSite } from "#fleet/load-site.ts";
import { siteJsonSchema } from "#fleet/site-schema.ts";
import { siteBounds, valuesOf } from "#product/file-values.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { yamlProblems } from "#product/yaml-problems.ts";
import { nearest, slips } from "#quantity/nearest.ts";
import { run } from "./cli-run.ts";
import { siteOf, temporaryFolder } from "./running-site.ts";

/** Words of the libraries that read and check files. */
const libraries =
  /invalid|unrecognized|too (big|small)|received|implicit|flow (collection|sequence|map)|must be|unexpected/i;

/** A change to a valid site file, and the words that must name the key and what was expected. */
const invalid: readonly (readonly [what: string, yaml: string, says: readonly RegExp[]])[] = [
  ["nothing in it", "", [/^ {2}the file: expected an object; there is nothing$/m]],
  ["YAML that is none", "meters: [", [/line 1, column \d+/]],
  ["no meters", "meters: []", [/meters: expected at least one meter, or one of devices/]],
  [
    "an unknown key",
    siteOf().replace("serial:", "serail:"),
    [/^ {2}line 6, column 5: meters\[0\]\.serail: there is no such key; did you mean serial\?$/m],
  ],
  [
    "an unknown model",
    siteOf().replace("leviton-s4100", "leviton-s4200"),
    [
      /^ {2}line 5, column 5: meters\[0\]\.model: expected one of .*; found "leviton-s4200"; did you mean leviton-s4100\?$/m,
    ],
  ],
  [
    "an unknown setting",
    siteOf({ settings: "{ ctPrimry: 5 }" }),
    [
      /^ {2}line 9, column 17: meters\[0\]\.settings\.ctPrimry: leviton-s4100 has no such setting; it has .*; did you mean ctPrimary\?$/m,
    ],
  ],
  [
    "an unknown model, and more that is wrong beside it",
    siteOf({ settings: "{ ctPrimry: 5 }" }).replace("leviton-s4100", "leviton-4100"),
    [/meters\[0\]\.model: .*; did you mean leviton-s4100\?$/m, /settings\.ctPrimry: leviton-s4100 has no such setting/],
  ],
  [
    "an unknown transport, and more that is wrong beside it",
    siteOf({ listen: "{ modbus: tpc, port: 70000 }" }),
    [/listen\[0\]\.modbus: .*; did you mean tcp\?$/m, /listen\[0\]\.port: expected at most 65535; found 70000$/m],
  ],
  [
    "meters by another name",
    siteOf().replace("meters:", "meter:"),
    [/meter: there is no such key; did you mean meters\?/],
  ],
  [
    "a setting out of range",
    siteOf({ settings: "{ systemType: 20 }" }),
    [/settings\.systemType: expected 1-phase-ln, .*wye, or one of 10, 11, 12, 31, 40; found 20/],
  ],
  [
    "settings that do not agree",
    siteOf({ settings: "{ systemVoltage: 13200 }" }),
    [/settings\.systemVoltage: expected 82 to 660 with a PT ratio of 1; found 13200/],
  ],
  [
    "a log setting without the option",
    siteOf({ settings: "{ log.mode: 1 }" }).replace("logging: true", "logging: false"),
    [/log\.mode: leviton-s4100 has no such setting without options\.logging/],
  ],
  [
    "a word for a number",
    siteOf().replace("hz: 60", "hz: sixty"),
    [/meters\[0\]\.source\.synthetic\.hz: expected a number; found "sixty"$/m],
  ],
  [
    "two sources",
    siteOf().replace("source: {", "source: { live: {},"),
    [
      /meters\[0\]\.source: expected exactly one of synthetic, recording, live, sampledValues, read; found synthetic and live$/m,
    ],
  ],
  [
    "two sources, of which one has nothing in it",
    siteOf().replace(/synthetic: \{[^}]*\}/, "synthetic: {}, live: {}"),
    [
      /is not valid:\n.*meters\[0\]\.source: expected exactly one of synthetic, recording, live, sampledValues, read; found synthetic and live$/m,
    ],
  ],
  [
    "an unknown key, and beside it a model and a setting that are none",
    siteOf({ settings: "{ systemType: 20 }" }).replace("s4100", "s4101").replace("meters:", "metres: 1\nmeters:"),
    [
      /metres: there is no such key/,
      /meters\[0\]\.model: expected one of .*found "leviton-s4101"; did you mean leviton-s4100\?/,
      /meters\[0\]\.settings\.systemType: expected .*; found 20/,
    ],
  ],
  [
    "a name with a space",
    siteOf().replace("name: feeder-1", "name: feeder 1"),
    [/meters\[0\]\.name: expected letters, digits, dots and dashes, .*; found "feeder 1"$/m],
  ],
  [
    "an event that overlaps itself",
    siteOf({ extra: "events: [{ kind: sag, at: 1, for: 5, every: 2 }]" }),
    [/events\[0\]\.every: expected more than the event lasts/],
  ],
  [
    "a time of day that is none",
    siteOf({ extra: 'load: { "25:00": 1 }' }),
    [/load.*expected a time of day, like 07:30/],
  ],
  [
    "an unknown listener",
    siteOf({ listen: "{ modbus: udp, port: 1502 }" }),
    [/listen\[0\]\.modbus: expected one of tcp, rtu-over-tcp, tls, rtu; found "udp"$/m],
  ],
  [
    "a port that cannot be",
    siteOf({ listen: "{ modbus: tcp, port: 70000 }" }),
    [/listen\[0\]\.port: expected at most 65535; found 70000$/m],
  ],
  [
    "a recording that is not there",
    siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: x.cfg, map: { va: 1 } }"),
    [/x\.cfg|x\.dat/],
  ],
  [
    "a recording of which nothing is measured",
    siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: x.cfg, map: {} }"),
    [/source\.recording\.map: expected at least one of va, vb, vc, ia, ib, ic; found none/],
  ],
  [
    "a recording that is multiplied by nothing",
    siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: x.cfg, map: { va: { channel: 1, scale: 0 } } }"),
    [/source\.recording\.map\.va\.scale: expected a ratio, which 0 is none; found 0/],
  ],
  [
    "two meters of one name on one unit",
    `${siteOf({ listen: "{ modbus: tcp, port: 1999 }" })}${siteOf({ listen: "{ modbus: tcp, port: 1999 }" }).split("meters:\n")[1]}`,
    [
      /meters\[1\]\.name: another meter is called feeder-1/,
      /meters\[1\]\.listen\[0\]: feeder-1 has unit 1 on 127\.0\.0\.1:1999 already/,
    ],
  ],
  [
    "a page without its port",
    siteOf().replace("port: 0", "host: 127.0.0.1"),
    [/^ +line 2, column 1: web\.port: expected a number; it is missing$/m],
  ],
  [
    "a meter without its source",
    siteOf()
      .replace(/source: .*/, "")
      .replace("model: leviton-s4100", ""),
    [
      /^ +line 4, column 5: meters\[0\]\.model: expected a text; it is missing$/m,
      /^ +line 4, column 5: meters\[0\]\.source: expected an object; it is missing$/m,
    ],
  ],
  [
    "an event of no kind, and no volts",
    siteOf({ extra: "events: [{ at: 1 }]" }).replace("volts: [250, 250, 250], ", ""),
    [
      /events\[0\]\.kind: expected one of sag, swell, interruption, step, swap, transient; it is missing$/m,
      /synthetic\.volts: expected a number, or a list; it is missing$/m,
    ],
  ],
  ["a database server for a store", `store: postgres://x\n${siteOf()}`, [/store: expected a folder, or :memory:/]],
];
for (const [what, yaml, says] of invalid) {
  test(`a site file with ${what} is refused by line and key, with what was expected, and nothing is left of the start`, (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(file, yaml);
    assert.throws(
      () => loadSite(file),
      (error) => {
        assert.ok(error instanceof Error);
        for (const words of says) assert.match(error.message, words);
        assert.doesNotMatch(error.message, libraries);
        return true;
      },
    );
    assert.deepEqual(readdirSync(folder), ["site.yaml"]);
  });
}

/** A value of each kind that a schema can refuse, and what is said of it. */
const refused: Readonly<Record<z.core.$ZodIssue["code"], readonly (readonly [z.ZodType, unknown, string])[]>> = {
  invalid_type: [
    [z.number(), "x", 'expected a number; found "x"'],
    [z.number(), Number.NaN, "expected a number; found NaN"],
    [z.number(), undefined, "expected a number; it is missing"],
    [z.int(), 1.5, "expected a whole number; found 1.5"],
    [z.string(), 5, "expected a text; found a number"],
    [z.boolean(), "perhaps", 'expected true or false; found "perhaps"'],
    [z.array(z.string()), {}, "expected a list; found an object"],
    [z.tuple([z.string()]), "x", "expected a list; found a text"],
    [z.strictObject({}), [], "expected an object; found a list"],
    [z.record(z.string(), z.string()), null, "expected an object; there is nothing"],
    [z.null(), 5, "expected nothing; found a number"],
  ],
  too_big: [
    [z.number().max(5), 6, "expected at most 5; found 6"],
    [z.number().lt(5), 5, "expected less than 5; found 5"],
    [z.string().max(2), "secret", "expected at most 2 characters; found 6"],
    [z.array(z.number()).max(1), [1, 2], "expected at most 1 of them; found 2"],
    [z.array(z.number()).length(1), [1, 2], "expected exactly 1 of them; found 2"],
  ],
  too_small: [
    [z.number().min(5), 4, "expected at least 5; found 4"],
    [z.number().positive(), 0, "expected more than 0; found 0"],
    [z.string().min(8), "secret", "expected at least 8 characters; found 6"],
  ],
  invalid_format: [
    [z.iso.datetime(), "yesterday", "expected an instant, like 2026-01-01T00:00:00Z or with an offset"],
    [z.ipv4(), "1.2.3", "expected an IPv4 address, like 192.0.2.1"],
    [z.ipv6(), "::g", "expected an IPv6 address, like 2001:db8::1"],
    [z.string().regex(/^a$/), "b", "expected a text of another form"],
    [z.string().regex(/^a$/, "expected a"), "b", "expected a"],
  ],
  not_multiple_of: [[z.number().multipleOf(5), 7, "expected a multiple of 5; found 7"]],
  unrecognized_keys: [],
  invalid_union: [
    [z.union([z.number().positive(), z.literal("max")]), -1, "expected more than 0; found -1"],
    [
      z.union([z.number().positive(), z.literal("max")]),
      "mx",
      'expected a number, or max; found "mx"; did you mean max?',
    ],
    [z.union([z.number(), z.array(z.number())]), "x", 'expected a number, or a list; found "x"'],
    [
      z.discriminatedUnion("k", [z.object({ k: z.literal("aa") })]),
      { k: "ab" },
      'k: expected one of aa; found "ab"; did you mean aa?',
    ],
  ],
  invalid_key: [
    [z.record(z.string().regex(/^a/, "expected a word with a"), z.number()), { b: 1 }, "b: expected a word with a"],
  ],
  invalid_element: [[z.map(z.string(), z.number()), new Map([["a", "x"]]), 'a: expected a number; found "x"']],
  invalid_value: [
    [z.enum(["sag", "swell"]), "sagg", 'expected one of sag, swell; found "sagg"; did you mean sag?'],
    [z.literal(true), false, "expected true; found false"],
    [z.enum(["sag", "swell"]), undefined, "expected one of sag, swell; it is missing"],
  ],
  custom: [
    [z.string().refine(() => false), "x", "expected another value"],
    [z.string().refine(() => false, "expected mine"), "x", "expected mine"],
  ],
};

test("whatever a schema can refuse is said in words of this program, and no text that may be a password is repeated", () => {
  for (const [code, rows] of Object.entries(refused))
    for (const [schema, value, says] of rows) {
      const [problem = ""] = checkedBy(z.strictObject({ key: schema }), { key: value }).problems ?? [];
      const told = says.startsWith("expected") ? `key: ${says}` : `key.${says}`;
      assert.equal(problem, told, code);
      assert.doesNotMatch(problem, libraries);
    }
  const keys = z.strictObject({ serial: z.string().optional(), name: z.string().optional() });
  assert.deepEqual(checkedBy(keys, { serail: 1, zebra: 2, n: 3 }).problems, [
    "serail: there is no such key; did you mean serial?",
    "zebra: there is no such key",
    "n: there is no such key",
  ]);
});

/** Texts that YAML refuses, by what is wrong with them; those without one cannot be had from a text, or are found elsewhere. */
const unreadable: Readonly<Record<ErrorCode, readonly string[]>> = {
  ALIAS_PROPS: ["a: &x 1\nb: &y *x\n"],
  BAD_ALIAS: ["a: *\n", "a: & 1\n"],
  BAD_COLLECTION_TYPE: [],
  BAD_DIRECTIVE: ["%YAML 1.2 3\n---\na: 1\n", "%TAG\n---\na: 1\n"],
  BAD_DQ_ESCAPE: [String.raw`a: "\y"`],
  BAD_INDENT: ["a:\n  b: 1\n c: 2\n", "a: [\nb ]\n", "meters: ["],
  BAD_PROP_ORDER: [],
  BAD_SCALAR_START: ["a: @b\n", "a: `b\n"],
  BLOCK_AS_IMPLICIT_KEY: ["a: b: c\n"],
  BLOCK_IN_FLOW: ["a: [\n  - b\n]\n", "a: {b: 1 c: 2}\n"],
  DUPLICATE_KEY: [],
  IMPOSSIBLE: [],
  KEY_OVER_1024_CHARS: [`[${"k".repeat(1100)}: 1]`, `${"k".repeat(1100)}: 1`],
  MISSING_CHAR: ["[1, 2", 'a: "b\n'],
  MULTILINE_IMPLICIT_KEY: ["a b\nc: d\n: e", "a\nb: c\n"],
  MULTIPLE_ANCHORS: ["a: &b &c 1\n"],
  MULTIPLE_DOCS: ["a: 1\n---\nb: 2\n"],
  MULTIPLE_TAGS: ["a: !b !c 1\n"],
  NON_STRING_KEY: [],
  RESOURCE_EXHAUSTION: [],
  TAB_AS_INDENT: ["a:\n\tb: 1\n"],
  TAG_RESOLVE_FAILED: [],
  UNEXPECTED_TOKEN: ["a: ]\n", "a: 1\n}\n", "[a, , b]\n"],
};

test("whatever YAML can refuse is said in words of this program, by line and column", () => {
  for (const [code, texts] of Object.entries(unreadable))
    for (const text of texts) {
      const { errors } = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
      assert.ok(
        errors.some((one) => one.code === code),
        `${code}: ${text}: ${errors.map((one) => one.code).join()}`,
      );
      const message = messageOf(() => valuesOf("f.yaml", text, siteBounds));
      assert.match(message, /^f\.yaml is not valid:\n {2}line \d+, column \d+: /, text);
      assert.ok(message.includes(yamlProblems[code as ErrorCode]));
      for (const { message: own } of errors) assert.ok(!message.includes(own), own);
    }
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("of words that are near the nearest is meant, of others none", () => {
  const known = ["tcp", "rtu", "rtu-over-tcp", "tls"];
  for (const [word, meant] of [
    ["tpc", "tcp"],
    ["TCP", "tcp"],
    ["tcpp", "tcp"],
    ["rtu-over", "rtu-over-tcp"],
    ["modbus", undefined],
    ["", undefined],
    ["x".repeat(100_000), undefined],
  ] as const)
    assert.equal(nearest(word, known), meant, word.slice(0, 20));
  // Damerau (1964): one letter too many, one too few, one other, two turned round; the classical pair of Levenshtein (1966).
  for (const [one, other, far] of [
    ["meters", "meter", 1],
    ["volts", "vots", 1],
    ["amps", "amqs", 1],
    ["serial", "serail", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
  ] as const)
    assert.deepEqual([slips(one, other), slips(other, one)], [far, far]);
});

test("a recording's mistake names its file and channel", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "r.csv"), "time,va [parsec]\n0,1\n0.001,2\n");
  const yaml = siteOf().replace(/synthetic: \{[^}]*\}/, "recording: { file: r.csv, map: { va: va } }");
  writeFileSync(path.join(folder, "site.yaml"), yaml);
  const { status, err } = await run("up", path.join(folder, "site.yaml"));
  assert.equal(status, 2);
  assert.match(err, /r\.csv, channel "va": the unit "parsec" is not known; expected volts or amps/);
});

test("the published schema is the one that is checked", () => {
  const file = fileURLToPath(new URL("../schema/site.schema.json", import.meta.url));
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(siteJsonSchema())));
});
