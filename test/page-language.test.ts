/** The page's texts in each language, and its numbers as that language writes them. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { languageAsked } from "#web/asked-language.ts";
import { chosen, counted, language, locale, say, wished } from "#web/page/language.ts";
import { axisNumbers, fixed, withUnit } from "#web/page/numbers.ts";
import { languages, type Text } from "#quantity/text.ts";

const folder = fileURLToPath(new URL("../src/web/page/texts", import.meta.url));

const isText = (one: unknown): one is Text => Array.isArray(one) && one.every((words) => typeof words === "string");

/** Every text in what a module exports, by its place there. */
function textsIn(where: string, one: unknown): readonly (readonly [where: string, text: Text])[] {
  if (isText(one)) return [[where, one]];
  if (typeof one !== "object" || one === null) return [];
  return Object.entries(one).flatMap(([name, inside]) => textsIn(`${where} ${name}`, inside));
}

/** Every text of the page, and those of others that it shows. */
async function allTexts(): Promise<readonly (readonly [where: string, text: Text])[]> {
  const files = [
    ...readdirSync(folder).map((name) => path.join(folder, name)),
    path.join(folder, "../../../analysis/wiring/texts.ts"),
  ];
  const modules = await Promise.all(
    files.map(async (file) => [path.basename(file), (await import(file)) as unknown] as const),
  );
  return modules.flatMap(([name, module]) => {
    const texts = textsIn(name, module);
    assert.ok(texts.length > 0, name);
    return texts;
  });
}

const placesIn = (words: string): readonly string[] =>
  [...words.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();

test("every text has words in each language, with places for the same values", async () => {
  for (const [where, text] of await allTexts()) {
    assert.equal(text.length, languages.length, where);
    for (const words of text) {
      assert.notEqual(words.trim(), "", where);
      assert.deepEqual(placesIn(words), placesIn(text[0]), where);
    }
  }
});

test("the page speaks what was chosen, or else what the browser wants most and is known", (t) => {
  t.after(() => {
    chosen.value = undefined;
    wished.value = [];
  });
  const text = ["{n} of {all}", "{n} von {all}"] as const;
  assert.deepEqual([language.value, locale.value], ["en", "en"]);
  wished.value = ["fr-FR", "de-AT", "en-GB"];
  assert.deepEqual([language.value, locale.value], ["de", "de-AT"]);
  assert.equal(say(text, { n: 3, all: "{n}" }), "3 von {n}");
  chosen.value = "en";
  assert.deepEqual([language.value, locale.value], ["en", "en-GB"]);
  assert.equal(say(text, { n: 3, all: 4 }), "3 of 4");
});

test("numbers have the decimals' sign of the reader's language, and nothing else changes", (t) => {
  t.after(() => (chosen.value = undefined));
  const written = () => [
    withUnit(59_710, "W"),
    fixed(-0.001, 2),
    axisNumbers([0, 0.5], "V").numbers.join(" "),
    counted(10_000),
  ];
  assert.deepEqual(written(), ["59.710 kW", "0.00", "0.0 0.5", "10,000"]);
  chosen.value = "de";
  assert.deepEqual(written(), ["59,710 kW", "0,00", "0,0 0,5", "10.000"]);
});

test("a stranger's form is in the language that his browser wants most (RFC 9110, 12.5.4)", () => {
  for (const [asked, language] of [
    [undefined, "en"],
    ["*", "en"],
    ["fr, de;q=0.8, en;q=0.9", "en"],
    ["de-CH, en;q=0.9", "de"],
    ["en;q=0, de;q=0.1", "de"],
    ["EN-us;q=0.5,DE;q=0.7", "de"],
    ["de;q=nonsense", "en"],
  ] as const)
    assert.equal(languageAsked(asked), language, String(asked));
});
