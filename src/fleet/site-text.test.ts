import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { edited, EditRefused, type Plain, type SiteEdit } from "./site-text.ts";

const entry = {
  name: "house",
  model: "leviton-s4100",
  source: { read: { url: "modbus://10.0.0.7/1", every: "1s" } },
};
const listening = {
  name: "feeder-9",
  model: "leviton-s4100",
  source: { synthetic: { volts: [277, 277.5, 276], amps: 80 } },
  listen: [{ modbus: "tcp", port: 1509, unit: 9 }],
};

const BLOCK = `# The site of a school.
web: { port: 8080 }   # near only
meters:
  - name: "feeder-1"                      # the incomer
    model: leviton-s4100
    source: { synthetic: { volts:   277, amps: [80, 75, 90] } }
    listen:
      - { modbus: tcp, port: 1502 }   # for the SCADA

  # Another one, later:
  # - name: feeder-2
devices: []  # none yet
`;

/** What is made of a text, whole. */
const cases: readonly (readonly [what: string, text: string, edit: SiteEdit, next: string])[] = [
  [
    "a meter is put below the last one, and what is written stays as it is",
    BLOCK,
    { add: listening },
    BLOCK.replace(
      "   # for the SCADA\n",
      `   # for the SCADA
  - name: feeder-9
    model: leviton-s4100
    source: { synthetic: { volts: [ 277, 277.5, 276 ], amps: 80 } }
    listen:
      - { modbus: tcp, port: 1509, unit: 9 }
`,
    ),
  ],
  [
    "a comment further in than the dashes is of the meter before it",
    "meters:\n  - name: a\n    # last of a\n  # of all\nweb: {}\n",
    { add: { name: "b" } },
    "meters:\n  - name: a\n    # last of a\n  - name: b\n  # of all\nweb: {}\n",
  ],
  [
    "lines end as they do",
    "meters:\r\n- name: a\r\n  model: b\r\n",
    { add: { name: "c", model: "d" } },
    "meters:\r\n- name: a\r\n  model: b\r\n- name: c\r\n  model: d\r\n",
  ],
  [
    "a last line without an end",
    "meters:\n  - { name: a }",
    { add: { name: "b" } },
    "meters:\n  - { name: a }\n  - name: b",
  ],
  ["an empty list", "meters: []\n", { add: { name: "b" } }, "meters: [{ name: b }]\n"],
  ["no list at all", "devices: []", { add: { name: "b" } }, "devices: []\nmeters:\n  - name: b\n"],
  ["nothing at all", "", { add: { name: "b" } }, "meters:\n  - name: b\n"],
  ["JSON on one line", '{"meters":[{"name":"a"}]}', { add: { name: "b" } }, '{"meters":[{"name":"a"}, {"name":"b"}]}'],
  [
    "JSON on lines",
    '{\n  "meters": [\n    {\n      "name": "a"\n    }\n  ]\n}\n',
    { add: { name: "b" } },
    '{\n  "meters": [\n    {\n      "name": "a"\n    },\n    {\n      "name": "b"\n    }\n  ]\n}\n',
  ],
  ["JSON without meters", '{ "devices": [] }', { add: { name: "b" } }, '{ "devices": [], "meters": [{"name":"b"}] }'],
  [
    "a meter is taken out, and the comments of the others stay",
    `${BLOCK.replace("devices", "other")}`.replace(
      "other: []  # none yet\n",
      "  - name: last # of all\n    model: x\n",
    ),
    { remove: "feeder-1" },
    `# The site of a school.
web: { port: 8080 }   # near only
meters:

  # Another one, later:
  # - name: feeder-2
  - name: last # of all
    model: x
`,
  ],
  ["the last of a list", "meters: [{ name: a }, { name: b }]", { remove: "b" }, "meters: [{ name: a }]"],
  ["the first of a list", "meters: [{ name: a }, { name: b }]", { remove: "a" }, "meters: [{ name: b }]"],
  [
    "the only one",
    "meters:\n  - name: a\n    model: b\ndevices: []\n",
    { remove: "a" },
    "meters:\n  []\ndevices: []\n",
  ],
  [
    "what is said of a meter is put in its place",
    BLOCK,
    { change: "feeder-1", to: { listen: [{ modbus: "tcp", port: 1600 }] } },
    BLOCK.replace("listen:\n      - { modbus: tcp, port: 1502 }", "listen: [ { modbus: tcp, port: 1600 } ]"),
  ],
  [
    "what was not said is put below",
    BLOCK,
    { change: "feeder-1", to: { settings: { ctPrimary: 100 } } },
    BLOCK.replace("for the SCADA\n", "for the SCADA\n    settings: { ctPrimary: 100 }\n"),
  ],
  [
    "what was not said, of JSON",
    '{"meters":[{"name":"a"}]}',
    { change: "a", to: { name: "a", model: "b" } },
    '{"meters":[{"name": "a", "model": "b"}]}',
  ],
];
for (const [what, text, edit, next] of cases)
  test(what, () => assert.equal(edited("site.yaml", text, edit).text, next));

test("what is not written so that it could be changed is left alone, and it is said", () => {
  const refused: readonly (readonly [text: string, edit: SiteEdit])[] = [
    ["all: &all\n  - name: a\nmeters: *all\n", { add: entry }],
    ["meters:\n  - &one { name: a }\n  - *one\n", { remove: "a" }],
    ["meters:\n  - { name: a, source: &s {} }\n  - { name: b, source: *s }\n", { remove: "a" }],
    ["meters:\n  - name: a\n", { remove: "b" }],
    ["- 1\n", { add: entry }],
  ];
  for (const [text, edit] of refused) assert.throws(() => edited("site.yaml", text, edit), EditRefused, text);
});

test("in a list in brackets whose a comment is cannot be told: nothing beside one is changed", () => {
  const text =
    "meters: [\n  # about one\n  {name: one}, # tail one\n  # about two\n  {name: two}, # tail two\n  {name: three}\n]\n";
  for (const name of ["one", "two", "three"])
    assert.throws(() => edited("site.yaml", text, { remove: name }), EditRefused, name);
  const tailed = text.replace("{name: three}", "{name: three} # tail three");
  assert.throws(() => edited("site.yaml", tailed, { add: { name: "four" } }), EditRefused);
  // Without one there, and with one behind the list, it is.
  const behind = "meters: [{name: a}, {name: b}] # all\n";
  assert.equal(edited("site.yaml", behind, { remove: "b" }).text, "meters: [{name: a}] # all\n");
  assert.equal(
    edited("site.yaml", behind, { add: { name: "c" } }).text,
    "meters: [{name: a}, {name: b}, { name: c }] # all\n",
  );
  assert.match(edited("site.yaml", text, { add: { name: "four" } }).text, /\{name: three\},\n  \{ name: four \}\n\]/);
});

test("a name that could be taken for something else is quoted", () => {
  for (const name of ["1", "true", "null", "a: b", "# no", "*x", "- y", "1e3", "0x10", "2026-01-01", "é\u2028\n"]) {
    const next = edited("site.yaml", "meters:\n  - name: a\n", { add: { name } }).text;
    assert.deepEqual(parse(next), { meters: [{ name: "a" }, { name }] });
  }
});

const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z.]{0,8}$/), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

test("whatever is added means what it is, whatever else the file has, and every line of before is there in its order", () => {
  const meter = fc.record({ source: plain, settings: plain, listen: fc.array(plain, { maxLength: 2 }) });
  fc.assert(
    fc.property(
      meter,
      fc.constantFrom(BLOCK, BLOCK.replaceAll("\n", "\r\n"), "meters: []\n", "web: {}\n"),
      (rest, text) => {
        const added: Plain = { name: "new", ...rest };
        const next = edited("site.yaml", text, { add: added }).text;
        const before = parse(text) as { readonly meters?: readonly unknown[] };
        assert.deepEqual(parse(next), { ...before, meters: [...(before.meters ?? []), added] });
        if (!text.includes("[]\n")) {
          let at = 0;
          for (const line of text.split("\n").filter((one) => one !== "")) {
            at = next.indexOf(line, at);
            assert.ok(at >= 0, line);
          }
        }
        assert.deepEqual(parse(edited("site.yaml", next, { remove: "new" }).text), {
          ...before,
          meters: before.meters ?? [],
        });
      },
    ),
  );
});
