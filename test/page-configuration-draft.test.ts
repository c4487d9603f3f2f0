/** A draft of a configuration: how it differs, how it is taken back, and how two drafts of one configuration go together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changesOf, decided, merged, takenBack } from "#web/page/configuration-draft.ts";
import { isSame, keyText, pathOf, valueAt, withValue, type Json } from "#web/page/configuration-value.ts";

const base = {
  demand: { subIntervals: 3, subIntervalMinutes: 5 },
  triggers: [
    { id: 1, label: "Sag", alarm: 108 },
    { id: 2, label: "Swell", alarm: 132 },
    { id: 3, label: "Loss", alarm: 60 },
  ],
  seasons: [
    { month: 1, day: 1 },
    { month: 6, day: 1 },
  ],
};

const told = (before: Json, after: Json): readonly string[] =>
  changesOf(before, after).map(({ kind, path }) => `${kind} ${keyText(path)}`);

test("a difference is named by its field: members with an id by that, others by place, a list of another length as a whole", () => {
  assert.deepEqual(told(base, base), []);
  assert.deepEqual(told(base, { ...base, demand: { subIntervalMinutes: 5, subIntervals: 2 } }), [
    "value demand.subIntervals",
  ]);
  const [sag, swell, loss] = base.triggers;
  assert.deepEqual(told(base, { ...base, triggers: [sag!, loss!, { ...swell!, alarm: 130 }] }), [
    "value triggers[2].alarm",
    "order triggers",
  ]);
  assert.deepEqual(told(base, { ...base, triggers: [swell!, { id: 9, label: "", alarm: 1 }] }), [
    "removed triggers[0]",
    "removed triggers[2]",
    "added triggers[1]",
  ]);
  assert.deepEqual(told(base, { ...base, seasons: [base.seasons[0]!, { month: 5, day: 1 }] }), [
    "value seasons[1].month",
  ]);
  assert.deepEqual(told(base, { ...base, seasons: [base.seasons[0]!] }), ["value seasons"]);
  // Order of keys is none of a configuration's.
  assert.deepEqual(told({ a: 1, b: 2 }, { b: 2, a: 1 }), []);
});

test("what only one has changed is his, whoever he is, and nothing is overwritten", () => {
  const [sag, swell, loss] = base.triggers;
  const mine = { ...base, demand: { ...base.demand, subIntervals: 2 }, triggers: [sag!, { ...swell!, alarm: 130 }] };
  const theirs = { ...base, triggers: [{ ...sag!, alarm: 100 }, swell!, loss!, { id: 4, label: "", alarm: 5 }] };
  assert.deepEqual(merged(base, mine, theirs), {
    value: {
      ...base,
      demand: { ...base.demand, subIntervals: 2 },
      triggers: [
        { ...sag!, alarm: 100 },
        { ...swell!, alarm: 130 },
        { id: 4, label: "", alarm: 5 },
      ],
    },
    conflicts: [],
  });
});

test("what both have changed is asked for: mine stands until somebody decides, and what one removed stays", () => {
  const [sag, swell, loss] = base.triggers;
  const mine = { ...base, demand: { ...base.demand, subIntervals: 2 }, triggers: [sag!, loss!] };
  const theirs = {
    ...base,
    demand: { ...base.demand, subIntervals: 1 },
    triggers: [sag!, { ...swell!, alarm: 140 }, loss!],
  };
  const { value, conflicts } = merged(base, mine, theirs);
  assert.deepEqual(
    conflicts.map(({ path, base: was, mine: own, theirs: other }) => [keyText(path), was, own, other]),
    [
      ["demand.subIntervals", 3, 2, 1],
      ["triggers[1]", swell, undefined, { ...swell!, alarm: 140 }],
    ],
  );
  assert.ok(value !== undefined);
  assert.equal(valueAt(value, ["demand", "subIntervals"]), 2);
  assert.deepEqual(valueAt(value, ["triggers", 1]), { ...swell!, alarm: 140 });
  assert.equal(valueAt(decided(value, conflicts[0]!, "theirs"), ["demand", "subIntervals"]), 1);
  assert.deepEqual(valueAt(decided(value, conflicts[1]!, "mine"), ["triggers"]), [sag, loss]);
});

/** The member of an id. */
function pathed(value: Json, id: number): Json | undefined {
  const path = pathOf(`list[id ${id}]`, value);
  return path === undefined ? undefined : valueAt(value, path);
}

const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("a", "b"), fc.boolean());
const plain = { noNullPrototype: true } as const;
const member = fc.record({ id: fc.integer({ min: 1, max: 5 }), v: leaf, w: fc.array(leaf, { maxLength: 2 }) }, plain);
const listed = fc.uniqueArray(member, { maxLength: 5, selector: ({ id }) => id });
const configuration = fc.record(
  {
    a: fc.record({ x: leaf, y: leaf }, { ...plain, requiredKeys: ["x"] }),
    list: listed,
    plain: fc.array(leaf, { maxLength: 3 }),
  },
  { ...plain, requiredKeys: ["a", "list"] },
);

test("every change can be taken back, and all of them together are what there was", () => {
  fc.assert(
    fc.property(configuration, configuration, (before, after) => {
      let mine: Json = after as Json;
      for (let round = 0; round < 60; round++) {
        const [change] = changesOf(before as Json, mine);
        if (change === undefined) break;
        mine = takenBack(mine, change);
      }
      assert.deepEqual(mine, before);
    }),
  );
});

test("two drafts of one configuration: nothing of either is lost that the other has not changed as well", () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (b, m, t) => {
      const [from, mine, theirs] = [b as Json, m as Json, t as Json];
      assert.deepEqual(merged(from, mine, from), { value: mine, conflicts: [] });
      assert.deepEqual(merged(from, from, theirs), { value: theirs, conflicts: [] });
      assert.deepEqual(merged(from, mine, mine).conflicts, []);
      const together = merged(from, mine, theirs);
      // The other way round the same is disputed.
      assert.equal(merged(from, theirs, mine).conflicts.length, together.conflicts.length);
      const disputed = new Set(together.conflicts.map(({ path }) => keyText(path)));
      const keys: readonly (readonly [key: string, of: (value: Json) => Json | undefined])[] = [
        ...["x", "y"].map((key) => [`a.${key}`, (value: Json) => valueAt(value, ["a", key])] as const),
        ...[1, 2, 3, 4, 5].map((id) => ["list", (value: Json) => pathed(value, id)] as const),
      ];
      for (const [key, of] of keys) {
        if (disputed.has(key) || together.value === undefined) continue;
        const [was, own, other] = [of(from), of(mine), of(theirs)];
        const expected = isSame(was, own) ? other : isSame(was, other) ? own : undefined;
        if (expected !== undefined) assert.deepEqual(of(together.value), expected, key);
      }
    }),
  );
});

test("a key as the meter names it leads to its place, by number or by what tells members apart", () => {
  assert.deepEqual(pathOf("triggers[id 3].alarm", base), ["triggers", 2, "alarm"]);
  assert.deepEqual(pathOf("seasons[1].month", base), ["seasons", 1, "month"]);
  assert.deepEqual(pathOf("triggers[id 8].alarm", base), undefined);
  for (const none of ["", "expected an object", "a..b", "[3]", "a[", "the file"])
    if (none !== "the file" && none !== "expected an object") assert.equal(pathOf(none, base), undefined, none);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 99 }), fc.stringMatching(/^[A-Za-z]{1,8}$/))), (rest) => {
      const path = ["first", ...rest];
      assert.deepEqual(pathOf(keyText(path), {}), path);
    }),
  );
});

test("a value is put where none was, and taken away with its key", () => {
  const made = withValue(base, ["display", "units", "W"], "mega");
  assert.equal(valueAt(made, ["display", "units", "W"]), "mega");
  assert.deepEqual(withValue(base, ["triggers", 1], undefined), {
    ...base,
    triggers: [base.triggers[0], base.triggers[2]],
  });
  assert.equal(valueAt(base, ["toString"]), undefined);
  assert.equal(valueAt(base, ["triggers", "length"]), undefined);
});
