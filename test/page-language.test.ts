/** The page's texts in each language, and its numbers as that language writes them. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chosen, counted, language, locale, say, wished } from "#web/page/language.ts";
import { axisNumbers, fixed, withUnit } from "#web/page/numbers.ts";
import { languages, type Text } from "#web/page/texts/text.ts";

const folder = fileURLToPath(new URL("../src/web/page/texts", import.meta.url));

/** Every table of texts, by its file and name. */
async function tables(): Promise<ReadonlyMap<string, Readonly<Record<string, Text>>>> {
  const found = new Map<string, Readonly<Record<string, Text>>>();
  for (const file of readdirSync(folder).filter((name) => name !== "text.ts")) {
    const module = (await import(path.join(folder, file))) as Readonly<Record<string, unknown>>;
    for (const [name, table] of Object.entries(module))
      if (typeof table === "object" && table !== null)
        found.set(`${file} ${name}`, table as Readonly<Record<string, Text>>);
  }
  return found;
}

const placesIn = (words: string): readonly string[] =>
  [...words.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();

test("every text has words in each language, with places for the same values", async () => {
  const all = await tables();
  assert.ok(all.size >= 2);
  for (const [where, table] of all)
    for (const [name, text] of Object.entries(table)) {
      const said = `${where} ${name}`;
      assert.equal(text.length, languages.length, said);
      for (const words of text) {
        assert.notEqual(words.trim(), "", said);
        assert.deepEqual(placesIn(words), placesIn(text[0]), said);
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
