/** What a form of a configuration is made of: its description, problems at their fields, words of measures and triggers, drafts that are kept. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { readFileText } from "#web/page/configuration-files.ts";
import { forgetSeen, keepDraft, keptDraft } from "#web/page/configuration-kept.ts";
import { entered, numberIn } from "#web/page/configuration-numbers.ts";
import { countWithin, problemOf, problemsAt } from "#web/page/configuration-problems.ts";
import {
  alternativeOf,
  entryOf,
  newValue,
  search,
  shapeAt,
  shapeOf,
  spelled,
  withoutSecrets,
  type Shape,
} from "#web/page/configuration-shape.ts";
import { keyText, type Json } from "#web/page/configuration-value.ts";
import { hysteresisOf, measureWords, registerWords } from "#web/page/configuration-words.ts";
import { chosen } from "#web/page/language.ts";

const published = fileURLToPath(new URL("../schema/revenue-meter.schema.json", import.meta.url));
const revenue = JSON.parse(readFileSync(published, "utf8")) as Shape;
const at = (...path: readonly (string | number)[]): Shape => shapeAt(revenue, undefined, path);

test("each kind of value has its entry", () => {
  assert.deepEqual(entryOf(at("demand", "subIntervals")), { kind: "number" });
  assert.deepEqual(entryOf(at("demand", "externalSync")), { kind: "yesNo" });
  assert.deepEqual(entryOf(at("primary", "rotation")), { kind: "choice", of: ["abc", "acb"] });
  assert.deepEqual(entryOf(at("primary", "flickerLamp")), { kind: "choice", of: [120, 230] });
  assert.deepEqual(entryOf(at("triggers", 0, "alarm")), { kind: "numberOrText", of: [] });
  assert.deepEqual(entryOf(at("triggers", 0, "output")), { kind: "numberOrText", of: ["none"] });
  assert.equal(entryOf(at("users", 0, "privileges")).kind, "several");
  assert.equal(entryOf(at("registers", "normal")).kind, "list");
  assert.equal(entryOf(at("dnp3")).kind, "members");
  assert.equal(entryOf(at("primary", "pt")).kind, "alternatives");
  assert.deepEqual(entryOf({ type: "integer", anyOf: [{ minimum: 0, maximum: 0 }, { minimum: 10 }] }), {
    kind: "number",
  });
  assert.deepEqual(entryOf({ type: "string", writeOnly: true }), { kind: "secret" });
  assert.deepEqual(entryOf({ type: "number", "x-words": { none: 0, even: 1 } }), { kind: "choice", of: [0, 1] });
});

test("of alternatives a value is of the one that it fits, also while something in it is wrong", () => {
  const register = at("registers", "normal").items ?? {};
  const shows = { id: 2, label: "kWh", type: "consumption", measure: { quantity: "Wh" }, digits: 99 };
  assert.equal(alternativeOf(register, shows), 0);
  assert.equal(alternativeOf(register, { id: 1, label: "Time", type: "presentTime" }), 1);
  const binary = at("dnp3", "binaries").items ?? {};
  assert.deepEqual(
    [{ input: 3 }, { trigger: 7 }, { status: "x" }].map((point) => alternativeOf(binary, point)),
    [0, 1, 2],
  );
  assert.equal(alternativeOf(at("primary", "pt"), 120), 0);
  assert.equal(alternativeOf(at("primary", "pt"), { primary: 14_400, secondary: 120 }), 1);
});

test("a new member has what there has to be, within its limits", () => {
  assert.deepEqual(newValue(at("tou", "holidays").items ?? {}), { date: "" });
  assert.deepEqual(newValue({ type: "integer", minimum: 5 }), 5);
  assert.deepEqual(newValue({ type: "number", exclusiveMinimum: 0 }), 1);
  assert.deepEqual(newValue({ type: "array", minItems: 2, items: { enum: ["a", "b"] } }), ["a", "a"]);
});

test("a meter that describes nothing has a form of what it has, and every value of it is reached", () => {
  const value = { a: { b: [{ c: 1 }, { c: 2 }] }, d: "x", e: true };
  const shape = shapeOf(value);
  assert.deepEqual(
    search(shape, value, "c").map(({ path }) => keyText(path)),
    ["a.b[0].c", "a.b[1].c"],
  );
  assert.equal(entryOf(shapeAt(shape, value, ["a", "b", 1, "c"])).kind, "number");
});

test("a search finds keys, titles, descriptions and words, not secrets", () => {
  const value = { users: [{ name: "boss", password: "hunter2" }], demand: { subIntervals: 3 } };
  const shape: Shape = {
    ...revenue,
    properties: {
      ...revenue.properties,
      users: {
        type: "array",
        items: {
          type: "object",
          properties: { name: { type: "string" }, password: { type: "string", writeOnly: true } },
        },
      },
    },
  };
  const keys = (wanted: string) => search(shape, value, wanted).map(({ path }) => keyText(path));
  assert.deepEqual(keys("boss"), ["users[0]", "users[0].name", "users[0].password"]);
  assert.deepEqual(keys("hunter2"), []);
  // What is called so comes before what is described so.
  assert.deepEqual(keys("SUB intervals"), ["demand.subIntervals", "demand.externalSync"]);
  assert.deepEqual(keys(""), []);
  assert.equal(spelled("deferAfterOutageSeconds"), "Defer after outage seconds");
});

test("a problem is told at the value that it is of; what names none is told as it is", () => {
  const value = { demand: { subIntervals: 13 }, tou: { seasons: [{ days: { monday: [{ at: "25:00" }] } }] } };
  const problems = [
    "demand.subIntervals: expected at most 12; found 13",
    "tou.seasons[0].days.monday[0].at: expected a time of day, like 07:30",
    "demand.length: there is no such key",
    "log in first",
    "the file: expected an object",
  ].map((line) => problemOf(line, value));
  assert.deepEqual(
    problems.map(({ path }) => (path === undefined ? undefined : keyText(path))),
    ["demand.subIntervals", "tou.seasons[0].days.monday[0].at", "demand.length", undefined, undefined],
  );
  assert.deepEqual(
    problemsAt(problems, ["demand", "subIntervals"]).map(({ words }) => words),
    ["expected at most 12; found 13"],
  );
  // A key that the form does not show is told where it would stand.
  assert.deepEqual(
    problemsAt(problems, ["demand"], ["subIntervals"]).map(({ words }) => words),
    ["there is no such key"],
  );
  assert.equal(countWithin(problems, ["tou"]), 1);
});

test("numbers are entered as the reader writes them, and what is none stays what it is", (t) => {
  t.after(() => (chosen.value = undefined));
  for (const [language, text] of [
    ["en", "0.1"],
    ["de", "0,1"],
  ] as const) {
    chosen.value = language;
    assert.equal(entered(0.1), text);
    assert.equal(numberIn(text), 0.1);
    assert.deepEqual(
      [numberIn(" "), numberIn("90 %"), numberIn("1e3"), numberIn("-.5")],
      [undefined, "90 %", 1000, -0.5],
    );
  }
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(numberIn(entered(value)), value === 0 ? 0 : value);
    }),
  );
});

test("measures, registers and the hysteresis of triggers in few words", () => {
  const volts = { quantity: "V", phase: "a", direction: "bidirectional", compensated: false };
  assert.equal(measureWords(volts), "V a");
  assert.equal(measureWords({ quantity: "A", phase: "b", order: 5 }), "harmonic 5 of A b");
  assert.equal(
    registerWords({
      id: 3,
      type: "peakDemand",
      measure: { quantity: "W", direction: "delivered" },
      tariff: "B",
      storage: "billingReset",
    }),
    "peakDemand W delivered, rate B, billingReset",
  );
  // 110.4 V less 108 V; 129.6 V below 132 V.
  assert.deepEqual(hysteresisOf({ operator: "<", alarm: 108, reset: 110.4 }), { kind: "some", value: 2.4, unit: "" });
  assert.deepEqual(hysteresisOf({ operator: ">", alarm: 132, reset: 129.6 }), { kind: "some", value: 2.4, unit: "" });
  assert.deepEqual(hysteresisOf({ operator: "<", alarm: "90 %", reset: "92%" }), { kind: "some", value: 2, unit: "%" });
  assert.deepEqual(hysteresisOf({ operator: ">", alarm: 10, reset: 12 }), { kind: "wrong" });
  assert.deepEqual(hysteresisOf({ operator: ">", alarm: 10, reset: 10 }), { kind: "none" });
  assert.deepEqual(hysteresisOf({ operator: ">", alarm: 10, reset: "10 %" }), { kind: "unknown" });
  assert.deepEqual(hysteresisOf({ operator: ">" }), { kind: "unknown" });
});

/** As much of a browser's storage as there has to be. */
function shelf() {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (place: number) => [...kept.keys()][place] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("a draft is kept for whoever made it, without secrets, and stays when what was seen is forgotten", () => {
  const own = shelf();
  const described: Shape = {
    type: "object",
    properties: {
      users: {
        type: "array",
        items: { type: "object", properties: { password: { type: "string", writeOnly: true } } },
      },
    },
  };
  const mine: Json = { users: [{ name: "boss", password: "hunter2" }, { name: "clerk" }], n: 1 };
  const safe = withoutSecrets(described, mine);
  assert.deepEqual(safe, { users: [{ name: "boss" }, { name: "clerk" }], n: 1 });
  keepDraft(own, "jem", { user: "ann", tag: '"a"', base: {}, mine: safe });
  own.setItem("polyphase trend jem", "[]");
  own.setItem("another", "1");
  forgetSeen(own);
  assert.deepEqual([own.length, own.key(0)], [1, "polyphase draft jem"]);
  assert.deepEqual(keptDraft(own, "jem", "ann")?.mine, safe);
  // Somebody else: it is not his, and is there for nobody any more.
  assert.equal(keptDraft(own, "jem", "bob"), undefined);
  assert.equal(keptDraft(own, "jem", "ann"), undefined);
  for (const broken of ["{", "3", '{"user":"ann"}', "null"]) {
    own.setItem("polyphase draft jem", broken);
    assert.equal(keptDraft(own, "jem", "ann"), undefined, broken);
  }
});

test("a file is read as JSON of at most a megabyte; what is none says why", async () => {
  const file = (text: string) => new Blob([text]);
  assert.deepEqual(await readFileText(file('\uFEFF{ "demand": {} }')), { value: { demand: {} } });
  assert.match(String(await readFileText(file("[1]"))), /expected an object/);
  assert.match(String(await readFileText(file('{ "a": '))), /JSON/);
  assert.match(String(await readFileText(file(" ".repeat(1_048_577)))), /longer than a megabyte/);
});
