/** What the page of the API makes of the description: addresses, shapes, what is found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { description } from "#web/api/openapi.ts";
import { addressOf, isFound, listedIn, shapeText, type Description } from "#web/page/api-shapes.ts";

const site = JSON.parse(JSON.stringify(description())) as Description;
const all = listedIn(site);
const named = (id: string) => all.find(({ operationId }) => operationId === id)!;

test("an address has its parts percent-encoded, and nothing of a query that is left empty", () => {
  const profile = named("readProfile");
  assert.equal(
    addressOf(profile, { name: "feeder 1/2", number: "1", from: "2026-07-31T16:00", to: "", days: "" }),
    "/api/v1/meters/feeder%201%2F2/profiles/1?from=2026-07-31T16%3A00",
  );
  assert.equal(addressOf(named("listMeters"), {}), "/api/v1/meters");
});

test("operations are found by words of their method, path, name or summary, all of them", () => {
  const found = (words: string): readonly string[] =>
    all.filter((one) => isFound(one, words)).map(({ operationId }) => operationId);
  assert.deepEqual(found("put FAULTS"), ["putFaults"]);
  assert.deepEqual(found("profile  since LOAD next"), ["readProfile"]);
  assert.equal(found("").length, all.length);
  assert.deepEqual(found("nosuchword"), []);
});

test("a shape is written as programmers write it", () => {
  assert.equal(
    shapeText({
      type: "object",
      properties: {
        name: { type: "string" },
        value: { anyOf: [{ type: "number" }, { type: "null" }] },
        kind: { enum: ["a", "b"] },
        many: { type: "array", items: { $ref: "#/components/schemas/Register" } },
        by: { type: "object", additionalProperties: { type: "number" } },
        either: { type: "array", items: { oneOf: [{ type: "string" }, { const: 7 }] } },
        three: { type: "array", prefixItems: [{ type: "number" }, { type: "string" }], items: false },
        any: {},
      },
      required: ["name", "many"],
    }),
    `{
  name: string
  value?: number | null
  kind?: "a" | "b"
  many: Register[]
  by?: { [name]: number }
  either?: (string | 7)[]
  three?: [number, string]
  any?: any
}`,
  );
  // Every schema of the site's own can be written.
  for (const [name, shape] of Object.entries(site.components.schemas)) assert.ok(shapeText(shape).length > 2, name);
});
