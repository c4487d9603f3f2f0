/** Whatever names there are and however little a page has room for: page by page they come all, once, in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareNames } from "./collation.ts";
import { pageOf, pageOfVariables, type NamePage } from "./name-pages.ts";
import { NamedVariable } from "./named-variable.ts";

const name = fc.string({ unit: fc.constantFrom(..."aAbBz09_"), minLength: 1, maxLength: 4 });

/** Trees of names, each once among its neighbours, whatever its case: nobody has two such. */
const { tree } = fc.letrec<{ tree: Tree; names: [string, Tree][] }>((tie) => ({
  tree: fc.record({ fields: fc.oneof({ depthSize: "small" }, fc.constant([]), tie("names")) }),
  names: fc.uniqueArray(fc.tuple(name, tie("tree")), { selector: ([one]) => one.toLowerCase(), maxLength: 4 }),
}));

interface Tree {
  readonly fields: readonly (readonly [string, Tree])[];
}

function variable(of: string, { fields }: Tree): NamedVariable {
  return new NamedVariable(of, "structure", { make: () => fields.map(([one, within]) => variable(one, within)) });
}

function namesOf(prefix: string, { fields }: Tree): string[] {
  return fields.flatMap(([one, within]) => [prefix + one, ...namesOf(`${prefix}${one}$`, within)]);
}

function paged(page: (after: string | undefined) => NamePage): string[] {
  const all: string[] = [];
  for (let more = true; more;) {
    const { names, moreFollows } = page(all.at(-1));
    assert.ok(names.length > 0 || !moreFollows);
    all.push(...names);
    more = moreFollows;
  }
  return all;
}

test("variables come all, each before those in it", () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: 60, max: 300 }), (of, octets) => {
      const expected = namesOf("", of).toSorted(compareNames);
      const root = variable("", of);
      assert.deepEqual(
        paged((after) => pageOfVariables(root, after, octets)),
        expected,
      );
      for (const one of expected) assert.ok(root.named(one) !== undefined);
    }),
  );
});

test("names come all, and behind any name those that go behind it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(name), fc.integer({ min: 6, max: 40 }), name, (names, octets, any) => {
      const expected = names.toSorted(compareNames);
      assert.deepEqual(
        paged((after) => pageOf(names, after, octets)),
        expected,
      );
      const behind = expected.filter((one) => compareNames(one, any) > 0);
      assert.deepEqual(pageOf(names, any, 10_000).names, behind);
    }),
  );
});

test("letters of either case are alike, go before digits and behind what separates", () => {
  const inOrder = [
    "GGIO1",
    "GGIO1$ST",
    "LLN0",
    "LLN0$BR",
    "MMXU1$MX$PF",
    "MMXU1$MX$PhV",
    "MMXU1$MX$PPV",
    "urcbStatus01",
    "urcbStat01",
  ];
  assert.deepEqual(inOrder.toReversed().toSorted(compareNames), inOrder);
});
