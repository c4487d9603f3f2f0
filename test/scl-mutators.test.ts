/** Damaged SCL: whatever comes is a model, or a list of problems, within bounds of work. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { differences } from "#protocol/iec61850/scl/diff.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { usualServices, writeScl } from "#protocol/iec61850/scl/write.ts";
import { mutated, numbers } from "./mutator.ts";
import { octets, small } from "./scl-files.ts";
import { share } from "./share.ts";

test("whatever a file is, it is read or told what is wrong with it", () => {
  const random = numbers(61850);
  const samples = [octets(small), octets(small.replaceAll("\n", "").replaceAll(">", ">\n"))];
  for (let k = share(300, 1500, 20_000); k > 0; k--) {
    const { ieds, problems } = checkScl(mutated(samples, random));
    for (const { line, column, words } of problems) {
      assert.ok(line >= 1 && column >= 1 && words.length < 2000);
    }
    for (const { ied } of ieds) {
      const again = readScl(octets(writeScl(ied, { kind: "cid", services: usualServices })));
      assert.ok(again.root !== undefined, again.problems[0]?.words ?? "");
      assert.ok(differences(ied, ied).length === 0);
    }
  }
});

/** Attributes and words of a file swapped among each other: files that are XML, and say something else. */
test("whatever its attributes say, a file is read or told what is wrong with it", () => {
  const random = numbers(7);
  const said = [...new Set([...small.matchAll(/="([^"]*)"/g)].map(([, value]) => value!))];
  const odd = [
    ...said,
    "",
    "0",
    "-1",
    "99999999999",
    "true",
    "9999",
    "constructor",
    "__proto__",
    "a.b",
    "x(3)",
    "\u{1F600}",
  ];
  for (let k = share(400, 2000, 20_000); k > 0; k--) {
    let text = small;
    for (let changes = 1 + random(4); changes > 0; changes--) {
      const places = [...text.matchAll(/="([^"]*)"/g)];
      const place = places[1 + random(places.length - 1)]!;
      text = `${text.slice(0, place.index)}="${odd[random(odd.length)]!}"${text.slice(place.index + place[0].length)}`;
    }
    const { ieds } = checkScl(octets(text));
    for (const { ied } of ieds) writeScl(ied, { kind: "icd", services: usualServices });
  }
});

test("types within types, as many as double each time, end at a bound", () => {
  const types = Array.from({ length: 40 }, (_, k) => {
    const next = k === 39 ? 'bType="BOOLEAN"' : `bType="Struct" type="T${k + 1}"`;
    return `<DAType id="T${k}"><BDA name="a" ${next}/><BDA name="b" ${next}/></DAType>`;
  });
  const text = small
    .replace("<DAType", `${types.join("")}<DAType`)
    .replace('name="db" fc="CF" bType="INT32U"', 'name="db" fc="CF" bType="Struct" type="T0"');
  const { problems } = readScl(octets(text));
  assert.match(problems[0]!.words, new RegExp(`more than ${limits.scl.leaves} attributes`));
});

test("a file of many IEDs is bounded in all", () => {
  const ied = /<IED name="F1".*?<\/IED>/s.exec(small)![0];
  const many = Array.from({ length: 30 }, (_, k) => ied.replace('name="F1"', `name="F${k + 2}"`)).join("");
  const text = small.replace("<IED", `${many}<IED`).replace('count="2"', 'count="9999"');
  const { ieds } = readScl(octets(text));
  assert.ok(ieds.reduce((sum, { ied: { leaves } }) => sum + leaves, 0) <= limits.scl.leavesOfAll);
});
