/** The implementation table of docs/protocols/dnp3.md, made from what the outstation looks requests up in, and held against the manual's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { functions } from "#protocol/dnp3/application/functions.ts";
import { objectRow } from "#protocol/dnp3/application/object-table.ts";
import { implementedObjects, type ImplementedObject } from "#protocol/dnp3/outstation/implemented.ts";
import { Bench, FixtureHost, usualSettings } from "./dnp3-host.ts";

const HEADING = "| object | variation | what | functions, and their qualifiers | answered by |";

function octet(value: number): string {
  return value.toString(16).padStart(2, "0");
}

/** Codes that follow each other: "7-10". */
function codesText(codes: readonly number[]): string {
  const [first = 0] = codes;
  const last = codes.at(-1) ?? first;
  return codes.length > 2 ? `${first}-${last}` : codes.join(", ");
}

function takesText({ takes }: ImplementedObject): string {
  const byQualifiers = new Map<string, number[]>();
  for (const [code, qualifiers] of takes) {
    const text = [...qualifiers].map(octet).join(" ");
    byQualifiers.set(text, [...(byQualifiers.get(text) ?? []), code]);
  }
  return [...byQualifiers].map(([qualifiers, codes]) => `${codesText(codes)}: ${qualifiers}`).join("; ");
}

function answeredBy({ means, takes }: ImplementedObject): string {
  if (!takes.has(functions.read)) return "";
  if ("static" in means) return "00 01 17 28";
  if ("event" in means) return "17 28";
  return "class" in means ? "its objects" : "07 17 28";
}

function whatOf({ group, variation, what }: ImplementedObject): string {
  if (group === 60) return what;
  return objectRow(group, variation)?.what ?? `${what}, any variation`;
}

test("the implementation table in the documents is what requests are looked up in", () => {
  const rows = implementedObjects.map(
    (object) =>
      `| ${object.group} | ${object.variation} | ${whatOf(object)} | ${takesText(object)} | ${answeredBy(object)} |`,
  );
  const lines = readFileSync(fileURLToPath(new URL("../docs/protocols/dnp3.md", import.meta.url)), "utf8").split("\n");
  const at = lines.indexOf(HEADING);
  assert.ok(at >= 0, `docs/protocols/dnp3.md has a table ${HEADING}`);
  const end = lines.findIndex((line, k) => k > at && !line.startsWith("|"));
  assert.deepEqual(lines.slice(at + 2, end), rows);
});

/** Appendix G, implementation table: objects with the variations that can be read, by 00, 01, 06, 07, 08, 17 and 28. */
const manual: readonly (readonly [group: number, ...variations: number[]])[] = [
  [1, 0, 1, 2],
  [2, 0, 1, 2],
  [10, 0, 1, 2],
  [20, 0, 1, 2, 5, 6],
  [21, 0, 1, 2, 9, 10],
  [23, 0, 1, 2, 5, 6],
  [30, 0, 1, 2, 3, 4, 5],
  [50, 0, 1],
  [52, 2],
];
const events: ReadonlySet<number> = new Set([2, 23]);
/** In requests, and in the answers that the table has for them. */
const requested: readonly (readonly [qualifier: string, static_: RegExp, event: RegExp])[] = [
  ["00 00 00", /^(00|01|07)$/, /^28$/],
  ["01 00 00 00 00", /^(00|01|07)$/, /^28$/],
  ["06", /^(00|01|07)$/, /^28$/],
  ["07 01", /^(00|01|07)$/, /^28$/],
  ["08 01 00", /^(00|01|07)$/, /^28$/],
  ["17 01 00", /^17$/, /^17$/],
  ["28 01 00 00 00", /^28$/, /^28$/],
];

test("every object, variation and qualifier of the manual's table is read, and answered in its kind", () => {
  for (const [group, ...variations] of manual) {
    for (const variation of variations) {
      for (const [qualifier, ofStatics, ofEvents] of requested) {
        const one = new Bench(
          new FixtureHost({ events: { ...usualSettings.events, binary: { class: 1, variation: 1 } } }),
        );
        one.ask("c0 17");
        one.host.freeze(false);
        one.host.setBinary(0, false);
        one.clock.advance(5000);
        const request = `c1 01 ${octet(group)} ${octet(variation)} ${qualifier}`;
        const [answer = ""] = one.ask(request);
        assert.match(answer, /^[ce]1819[02]00/, request);
        assert.equal(Number.parseInt(answer.slice(8, 10), 16), group, request);
        if (variation !== 0) assert.equal(Number.parseInt(answer.slice(10, 12), 16), variation, request);
        assert.match(answer.slice(12, 14), events.has(group) ? ofEvents : ofStatics, request);
      }
    }
  }
});

test("the manual's table of classes is read", () => {
  const one = new Bench();
  let k = 0;
  for (const read of [
    "00 06",
    "01 06",
    ...["02", "03", "04"].flatMap((variation) =>
      ["00 00 00", "01 00 00 00 00", "06", "07 01", "08 01 00"].map((qualifier) => `${variation} ${qualifier}`),
    ),
  ]) {
    const [answer = ""] = one.ask(`c${octet(k++ & 15)[1]} 01 3c ${read}`);
    assert.match(answer, /^c.819000/, read);
  }
});
