/** Configurations, site files and settings from hostile hands: read in linear time, refused in a few lines, nothing overflows. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { parseSite } from "#fleet/site-file.ts";
import { FileError } from "#product/file-error.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { limits } from "#quantity/limits.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { jemStar } from "./authority-rig.ts";
import { isRefused } from "#quantity/authority.ts";

const ordered = parseModelNumber("JSII-09I6020-1B");
const { problems: MOST, keys: KEYS, values: VALUES } = limits.configuration;

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof FileError) return error.problems;
    throw error;
  }
}
const inConfiguration = (text: string): readonly string[] =>
  problemsOf(() => parseRevenueFile("jem.yaml", text, ordered));
const inSite = (text: string): readonly string[] => problemsOf(() => parseSite("site.yaml", text));

const keys = (count: number): string[] => Array.from({ length: count }, (_, k) => `k${k}`);
const asJson = (names: readonly string[]): string => JSON.stringify(Object.fromEntries(names.map((one) => [one, 0])));
const asYaml = (names: readonly string[]): string => names.map((one) => `${one}: 0\n`).join("");

// Comparing each with each would take these minutes.
test("thousands of keys that there are not are told by the first fifty and their number", { timeout: 20_000 }, () => {
  for (const write of [asJson, asYaml]) {
    const found = inConfiguration(write(keys(KEYS)));
    assert.equal(found.length, MOST + 1);
    assert.equal(found[0], "k0: there is no such key");
    assert.equal(found.at(-1), `and ${KEYS - MOST} more`);
  }
  const inIt = inSite(asYaml(keys(KEYS)));
  assert.equal(inIt.length, MOST + 1);
  assert.match(inIt.at(-1) ?? "", /^and \d+ more$/);
});

test(
  "what has more values, is longer or lies deeper than any configuration is refused for that",
  { timeout: 20_000 },
  () => {
    const tooMany = [`expected at most ${VALUES} values`];
    for (const text of [asJson(keys(60_000)), asYaml(keys(60_000))]) {
      assert.deepEqual(inConfiguration(text), [`expected at most ${KEYS} keys of one object`]);
      assert.deepEqual(inSite(text), [`expected at most ${KEYS} keys of one object`]);
    }
    assert.deepEqual(inConfiguration(`[${"0,".repeat(60_000)}0]`), tooMany);
    assert.deepEqual(inConfiguration("- 0\n".repeat(60_000)), tooMany);
    assert.match(
      inConfiguration(" ".repeat(limits.configuration.characters + 1))[0] ?? "",
      /^expected at most \d+ characters/,
    );
    for (const deep of [
      "[".repeat(100_000),
      `${"[".repeat(5000)}${"]".repeat(5000)}`,
      `${'{"a":'.repeat(5000)}0${"}".repeat(5000)}`,
      "- ".repeat(400),
      "? ".repeat(400),
      keys(30)
        .map((key, k) => `${" ".repeat(k)}${key}:\n`)
        .join(""),
    ]) {
      for (const found of [inConfiguration(deep), inSite(deep)]) {
        assert.ok(found.length > 0, deep.slice(0, 20));
        assert.ok(found.length <= MOST + 1);
      }
    }
    assert.deepEqual(inConfiguration("- ".repeat(30)), ["expected at most 20 lists and objects within each other"]);
  },
);

test("a key that stands there twice is named with its place, in YAML and in JSON", () => {
  assert.deepEqual(inConfiguration("selfRead: { every: day }\nselfRead: { every: hour }\n"), [
    "line 2, column 1: selfRead stands there twice",
  ]);
  assert.deepEqual(inConfiguration('{"selfRead":{"every":"day"},"selfRead":{"every":"hour"}}'), [
    "selfRead: this key stands there twice",
  ]);
});

test(
  "aliases count as what they stand for: nothing grows by them beyond what may stand there",
  { timeout: 20_000 },
  () => {
    const list = `a: &a [${"0,".repeat(1000)}]\n`;
    const found = inConfiguration(list + Array.from({ length: 30 }, (_, k) => `b${k}: *a\n`).join(""));
    assert.deepEqual(found, [`expected at most ${VALUES} values`]);
    assert.deepEqual(inConfiguration(`a: &a 0\nb: [${"*a,".repeat(50_000)}]`), [
      // The 101st: "b: [" and a hundred times "*a,".
      `line 2, column 305: expected at most ${limits.configuration.aliases} aliases (*name)`,
    ]);
    // A billion laughs: nine lists, each of ten of the one before.
    const laughs = keys(9).map((key, k) => `${key}: &${key} [${k === 0 ? "lol" : `*k${k - 1},`.repeat(10)}]\n`);
    assert.ok(inConfiguration(laughs.join("")).length > 0);
    assert.deepEqual(inConfiguration("a: *b"), ["line 1, column 4: there is no anchor &b before the alias *b"]);
  },
);

test("a bracket that is not closed is said once", () => {
  assert.equal(inConfiguration("a: [1,\nb: 2\n").length, new Set(inConfiguration("a: [1,\nb: 2\n")).size);
  assert.equal(inConfiguration("a: {b: 1\n").length, 1);
});

test("what came is not repeated at length", () => {
  const [line = ""] = inConfiguration(JSON.stringify({ ["k".repeat(500_000)]: 0 }));
  assert.ok(line.length <= limits.configuration.problemCharacters + 1, String(line.length));
  assert.ok(line.endsWith("…"));
});

test("a running meter reads JSON, and of YAML as much as takes no time", (t: TestContext) => {
  const rig = jemStar(t);
  const tell = (configuration: string): string => {
    const outcome = rig.jem.authority.obey({ command: "configure", configuration, check: true }, rig.as("admin"));
    return isRefused(outcome) ? outcome.words.join("\n") : "done";
  };
  assert.equal(tell("selfRead: { every: day }"), "done");
  const comment = `# ${"x".repeat(limits.configuration.yamlWhileRunning)}\n`;
  assert.match(tell(`${comment}selfRead: { every: day }`), /^expected JSON, or at most \d+ characters of YAML/);
  assert.equal(tell(`{"selfRead":{"every":"day"}${" ".repeat(comment.length)}}`), "done");
});
