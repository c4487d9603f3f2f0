/** The page's files as the site hands them out: packed for who takes that, and no more of them at first than a slow line brings in a second. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { buildPage } from "../bin/page.mjs";
import { takesGzip } from "#web/page-files.ts";
import { here, webRig } from "./web-rig.ts";

await buildPage();
const folder = fileURLToPath(new URL("../dist/page", import.meta.url));

const places = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/["'`](?:\.?\/page\/|\.\/)([\w.-]+-[\w-]{8}\.(?:js|css))["'`]/g)].map(([, name = ""]) => name),
  ),
];

test("a file is packed for who takes that, and is the same", async (t) => {
  const { ask } = await webRig(t);
  const page = await (await ask("/", here)).text();
  const [name = ""] = places(page);
  const [plain, packed] = [
    await ask(`/page/${name}`, here),
    await ask(`/page/${name}`, { ...here, headers: { "Accept-Encoding": "gzip, deflate, br" } }),
  ];
  assert.deepEqual([plain.headers.get("content-encoding"), packed.headers.get("content-encoding")], [null, "gzip"]);
  assert.equal(packed.headers.get("vary"), "Accept-Encoding");
  const [whole, bytes] = [Buffer.from(await plain.arrayBuffer()), Buffer.from(await packed.arrayBuffer())];
  assert.ok(bytes.length < whole.length / 2);
  assert.deepEqual(gunzipSync(bytes), whole);
});

test("who does not take gzip is not given it (RFC 9110, 12.5.3)", () => {
  for (const [said, takes] of [
    [undefined, false],
    ["", false],
    ["gzip", true],
    ["br;q=1.0, GZIP;q=0.5", true],
    ["gzip;q=0", false],
    ["gzip;q=0.000, *;q=1", false],
    ["*", true],
    ["*;q=0", false],
    ["identity, br", false],
    ["gzip;q=nonsense", false],
  ] as const)
    assert.equal(takesGzip(said), takes, String(said));
});

test("what is loaded before something is seen is under 150 kB, packed", async (t) => {
  const { ask } = await webRig(t);
  const how = { ...here, headers: { "Accept-Encoding": "gzip" } };
  const sizeOf = async (name: string): Promise<number> =>
    (await (await ask(`/page/${name}`, how)).arrayBuffer()).byteLength;
  const page = await (await ask("/", here)).text();
  // A meter as it is now, with its charts; the site at a glance is less.
  const now = readdirSync(folder).filter((name) => /^now-section.*\.js$/.test(name));
  assert.equal(now.length, 1);
  const loaded = new Set([...places(page), ...now]);
  for (const name of loaded) {
    if (!name.endsWith(".js")) continue;
    const text = await (await ask(`/page/${name}`, here)).text();
    // What it needs at once, not what it asks for later.
    for (const [, needed = ""] of text.matchAll(/(?:from|import)["'`]\.\/([\w.-]+\.js)["'`]/g)) loaded.add(needed);
  }
  assert.ok(loaded.size > 5, [...loaded].join(" "));
  let sum = page.length;
  for (const name of loaded) sum += await sizeOf(name);
  assert.ok(sum < 150_000, `${sum} bytes`);
  t.diagnostic(`${sum} bytes`);
});
