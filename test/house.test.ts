/** The rules of the house: every folder of src/ is a room, and what the table forbids is reported. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import * as vocabulary from "#quantity/measure.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import { quantities, isQuantity } from "#quantity/quantity.ts";
import { protocols } from "#fleet/protocols/table.ts";
import { rooms } from "../oxlint.config.ts";
import { bindingsAstray, circlesIn, filesOf, importsOf, SEEN_BY_BINDINGS } from "./import-graph.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("every folder of src/ that holds code is a room of the table, and every room is a folder", () => {
  const folders = new Set(
    globSync("src/**/*.ts", { cwd: root }).map((file) => path.dirname(file).replaceAll("\\", "/").slice(4)),
  );
  assert.deepEqual([...folders].sort(), Object.keys(rooms).sort());
});

test("imports go only downhill: no two rooms can reach each other", () => {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of rooms[from] ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  for (const room of Object.keys(rooms)) assert.ok(!reach(room).has(room), `${room} can reach itself`);
});

/** A file that breaks a rule, where, and the words of the report. */
const violations: readonly (readonly [rule: string, file: string, code: string, says: RegExp])[] = [
  [
    "an import uphill",
    "src/quantity/planted.ts",
    'import { SystemClock } from "#clock/system-clock.ts";\nexport const x = SystemClock;\n',
    /The room quantity may import no other room/,
  ],
  [
    "a protocol that sees the meter",
    "src/protocol/modbus/planted.ts",
    'import { Demand } from "#meter/demand.ts";\nexport const x = Demand;\n',
    /The room protocol\/modbus may import/,
  ],
  [
    "a sibling protocol",
    "src/protocol/modbus/planted.ts",
    'import { endModel } from "#protocol/sunspec/models.ts";\nexport const x = endModel;\n',
    /The room protocol\/modbus may import/,
  ],
  [
    "a site that knows a protocol",
    "src/fleet/planted.ts",
    'import { MemoryUnit } from "#protocol/modbus/memory-unit.ts";\nexport const x = MemoryUnit;\n',
    /The room fleet may import/,
  ],
  [
    "a path instead of a room",
    "src/meter/planted.ts",
    'import { crc16 } from "../wire/crc16.ts";\nexport const x = crc16;\n',
    /Import \.\/file\.ts within a room/,
  ],
  [
    "a page that knows a meter",
    "src/web/page/planted.tsx",
    'import { alertTexts } from "#meter/alerts.ts";\nexport const x = alertTexts;\n',
    /The room web\/page may import quantity/,
  ],
  [
    "Node in the core",
    "src/meter/planted.ts",
    'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
    /Only io, store, cli and web touch Node/,
  ],
  ["hidden time", "src/meter/planted.ts", "export const now = (): number => Date.now();\n", /no-restricted-globals/],
  [
    "a hidden timer",
    "src/fleet/planted.ts",
    "export const later = (run: () => void): void => void setTimeout(run, 5);\n",
    /no-restricted-globals/,
  ],
  ["any", "src/meter/planted.ts", "export const x: any = 1;\n", /no-explicit-any/],
  [
    "an assertion outside the kernels",
    "src/fleet/planted.ts",
    "export const first = (list: number[]): number => list[0]!;\n",
    /no-non-null-assertion/,
  ],
  ["a default export", "src/meter/planted.ts", "export default 1;\n", /no-default-export/],
  ["a barrel", "src/meter/planted.ts", 'export * from "./a.ts";\nexport * from "./b.ts";\n', /no-barrel-file/],
  ["console in a room", "src/meter/planted.ts", 'export const x = (): void => console.log("x");\n', /no-console/],
  ["a file name that is not kebab-case", "src/meter/plantedFile.ts", "export const x = 1;\n", /filename-case/],
  [
    "a file of more than 300 lines",
    "src/meter/planted.ts",
    Array.from({ length: 301 }, (_, k) => `export const x${k} = ${k};\n`).join(""),
    /max-lines/,
  ],
  [
    "six parameters",
    "src/fleet/planted.ts",
    "export const f = (a: 1, b: 2, c: 3, d: 4, e: 5, g: 6): number => a + b + c + d + e + g;\n",
    /max-params/,
  ],
  [
    "a cycle",
    "src/meter/planted.ts",
    'import { y } from "./other.ts";\nexport const x = (): number => y();\n',
    /no-cycle/,
  ],
];

for (const [rule, file, code, says] of violations) {
  test(`planted and reported: ${rule}`, (t) => {
    const place = mkdtempSync(path.join(tmpdir(), "polyphase-house-"));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    mkdirSync(path.join(place, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(place, file), code);
    if (rule === "a cycle") {
      writeFileSync(
        path.join(place, "src/meter/other.ts"),
        'import { x } from "./planted.ts";\nexport const y = (): number => x();\n',
      );
    }
    if (rule === "a barrel") {
      for (const name of ["a", "b"])
        writeFileSync(path.join(place, `src/meter/${name}.ts`), `export const ${name} = 1;\n`);
    }
    writeFileSync(path.join(place, "oxlint.config.ts"), readFileSync(path.join(root, "oxlint.config.ts")));
    writeFileSync(path.join(place, "package.json"), '{ "type": "module" }');
    symlinkSync(path.join(root, "node_modules"), path.join(place, "node_modules"));
    const { stdout, status } = spawnSync(process.execPath, [path.join(root, "node_modules/oxlint/bin/oxlint")], {
      cwd: place,
      encoding: "utf8",
    });
    assert.match(stdout, says);
    assert.notEqual(status, 0);
  });
}

test("files import in no circle, types included", () => {
  const files = filesOf(root, "src/**/*.ts");
  assert.ok([...files.values()].flatMap(importsOf).length > files.size, "the imports were not found");
  assert.deepEqual(circlesIn(files), []);
});

test("planted and reported: a circle of types over two rooms, and a file that imports itself", () => {
  const files = new Map([
    ["src/meter/energy.ts", 'import type { A } from "#meter/demand.ts";\nimport { b } from "#wire/b.ts";\n'],
    ["src/meter/demand.ts", 'import {\n  type B,\n  c,\n} from "./reset.ts";\n'],
    ["src/meter/reset.ts", 'export type D = import("./energy.ts").E;\n'],
    ["src/wire/b.ts", 'import "#wire/b.ts";\nimport zod from "zod";\n'],
    ["src/wire/straight.ts", 'import { b } from "./b.ts";\nexport { f } from "#meter/reset.ts";\n'],
  ]);
  assert.deepEqual(circlesIn(files), [
    "src/meter/energy.ts -> src/meter/demand.ts -> src/meter/reset.ts -> src/meter/energy.ts",
    "src/wire/b.ts -> src/wire/b.ts",
  ]);
});

test("a site knows protocols by their rows only: nothing else of fleet imports one", () => {
  // A row may be in parts: goose.ts and goose-keys.ts.
  const isRow = (file: string): boolean =>
    protocols.some(({ name }) => new RegExp(`^src/fleet/protocols/${name}(-[a-z-]+)?\\.ts$`).test(file));
  const files = [...filesOf(root, "src/fleet/**/*.ts")].filter(([file]) => !isRow(file));
  assert.ok(files.some(([file]) => file === "src/fleet/listeners.ts"));
  for (const [file, text] of files) {
    for (const { from } of importsOf(text)) assert.ok(!from.startsWith("#protocol/"), `${file} imports ${from}`);
  }
});

test("each binding of a product to a protocol is a function of the surface alone", () => {
  const astray = bindingsAstray(filesOf(root, "src/product/*/*.ts"));
  assert.deepEqual(astray, [], `${astray.join("; ")}: ${SEEN_BY_BINDINGS}`);
});

test("planted and reported: a binding that reaches into its meter, or whose lists do", () => {
  const binding = [
    'import type { MeterSurface } from "#quantity/meter-surface.ts";',
    'import { PointUnit } from "#protocol/modbus/point-unit.ts";',
    'import type { PortUse } from "#product/product.ts";',
    'import type { ModbusPoints } from "./configuration-schema.ts";',
    'import type { Clock } from "#clock/clock.ts";',
    'import { columnsOf } from "#revenue/measuring/columns.ts";',
    'import type { RevenueMeter } from "#revenue/revenue-meter.ts";',
    'import type { JemStar } from "./jemstar.ts";',
    'import type { Other } from "#product/fixed-map/virtual-meter.ts";',
    'import { SystemClock } from "#clock/system-clock.ts";',
    'import { factory } from "./configuration-file.ts";',
    'import { points } from "./points.ts";',
    'import { chargerMeasures } from "./measures.ts";',
    'import { lists } from "./surface.ts";',
    'import { frozen } from "#product/jemstar/dnp3/frozen.ts";',
    'import { codes } from "#product/jemstar/dlms/profile-codes.ts";',
  ].join("\n");
  const points = 'import { chargerMeasures } from "./measures.ts";\nimport { lists } from "./surface.ts";\n';
  const file = "src/product/jemstar/dnp3-binding.ts";
  const files = new Map([
    [file, binding],
    ["src/product/jemstar/jemstar.ts", 'import { RevenueMeter } from "#revenue/revenue-meter.ts";'],
    ["src/product/jemstar/points.ts", points],
    ["src/product/jemstar/measures.ts", 'import { SystemClock } from "#clock/system-clock.ts";'],
    // What no binding imports may see what it likes.
    ["src/product/other/points.ts", 'import { SystemClock } from "#clock/system-clock.ts";'],
  ]);
  assert.deepEqual(bindingsAstray(files), [
    `${file} imports #revenue/measuring/columns.ts`,
    `${file} imports #revenue/revenue-meter.ts`,
    `${file} imports ./jemstar.ts`,
    `${file} imports #product/fixed-map/virtual-meter.ts`,
    `${file} imports #clock/system-clock.ts`,
    `${file} imports ./configuration-file.ts`,
    `${file} imports ./surface.ts`,
    `${file} imports #product/jemstar/dlms/profile-codes.ts`,
    "src/product/jemstar/points.ts imports ./surface.ts",
    "src/product/jemstar/measures.ts imports #clock/system-clock.ts",
  ]);
});

test("the vocabulary: every name once, by its grammar, and nothing else is a name", () => {
  assert.equal(new Set(quantities).size, quantities.length);
  for (const name of quantities) assert.match(name, /^[A-Za-z0-9]+(\.[A-Za-z0-9]+){0,3}$/);
  assert.ok(isQuantity("Wh.a.import"));
  for (const name of ["kWh.import", "Wh", "W.d", "", "constructor"]) assert.ok(!isQuantity(name), name);
});

/** Names of everything that can be measured, each of the further parts of a measure at least once. */
function* namesOfMeasures(): Generator<string> {
  const { powers, levels, sequences, shown, qualities, energies, counted, sampled, phases, directions } = vocabulary;
  const further: readonly Partial<vocabulary.Measure>[] = [
    {},
    { channel: 1 },
    { compensated: true },
    { sign: "flow" },
    { order: 5, part: "angle" },
    { interharmonic: 5 },
    ...vocabulary.parities.map((parity) => ({ parity })),
    { demand: true },
    ...vocabulary.methods.map((method) => ({ method })),
    ...vocabulary.reductions.map((over) => ({ over })),
  ];
  for (const quantity of [
    ...powers,
    ...levels,
    ...sequences,
    ...shown,
    ...qualities,
    ...energies,
    ...counted,
    ...sampled,
  ])
    for (const phase of phases)
      for (const direction of [...directions, "total"] as const)
        for (const more of further) {
          const name = measureName({ quantity, phase, direction, compensated: false, ...more });
          if (parseMeasure(name) !== undefined) yield name;
        }
}

test("the glossary explains every unit and part of the vocabulary, and nothing that is not in it", () => {
  const glossary = readFileSync(path.join(root, "docs/glossary.md"), "utf8");
  const table = glossary.slice(glossary.indexOf("## Names of quantities"), glossary.indexOf("## Words"));
  const listed = new Set([...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]!));
  // Numbers are one word, whichever they are.
  const used = new Set(
    [...quantities, ...namesOfMeasures()]
      .flatMap((name) => name.split("."))
      .map((word) => word.replace(/^(i?h|)\d+$/, "$1N")),
  );
  assert.deepEqual([...listed].sort(), [...used].sort());
});

test("nothing between a product and its users knows a product by name, but the tables of products and of their panels", () => {
  const knows = ["fleet", "web", "cli", "headend"]
    .flatMap((room) => globSync(`src/${room}/**/*.ts`, { cwd: root }))
    .filter(
      (file) => ![path.join("fleet", "products.ts"), path.join("web", "panels.ts")].some((one) => file.endsWith(one)),
    )
    .filter((file) =>
      /jemstar|ametek|#product\/[a-z-]+\/[a-z-]+\.ts/i.test(readFileSync(path.join(root, file), "utf8")),
    );
  assert.deepEqual(knows, []);
});

test("a word that is in no test's path runs nothing", () => {
  const { status, stderr } = spawnSync(process.execPath, ["bin/test.mjs", "house", "nosuchtest"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.deepEqual([status, stderr], [2, 'no test\'s path holds "nosuchtest"\n']);
});

test("links in the documents lead somewhere", () => {
  for (const file of globSync(["*.md", "docs/**/*.md"], { cwd: root })) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const found = path.join(root, path.dirname(file), target!);
      assert.ok(existsSync(found), `${file} links to ${target}`);
    }
  }
});
