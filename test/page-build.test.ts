/** The page's build: made anew by what its sources hold, whole or not at all, and within the policy that every answer carries. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("the page is built when its sources hold something else, not when they have another time; a build that fails leaves the one before", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const sources = path.join(folder, "src/web/page");
  for (const place of [
    "src/web/page",
    "src/analysis/wiring",
    "src/analysis/limits",
    "src/analysis/svg",
    "src/quantity",
    "src/format",
    "src/wire",
    "src/clock",
  ])
    cpSync(path.join(root, place), path.join(folder, place), { recursive: true });
  mkdirSync(path.join(folder, "bin"));
  copyFileSync(path.join(root, "bin/page.mjs"), path.join(folder, "bin/page.mjs"));
  for (const file of ["package.json", "package-lock.json", "tsconfig.json"])
    copyFileSync(path.join(root, file), path.join(folder, file));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const build = (): number | null => spawnSync(process.execPath, [path.join(folder, "bin/page.mjs")]).status;
  const built = path.join(folder, "dist/page");
  /** The files, and which build they are of. */
  const state = (): unknown => [readdirSync(built), statSync(built).ino];
  assert.equal(build(), 0);
  const first = state();
  assert.equal(build(), 0);
  utimesSync(path.join(sources, "page.css"), new Date(), new Date());
  assert.equal(build(), 0);
  assert.deepEqual(state(), first);
  appendFileSync(path.join(sources, "main.tsx"), "const = ;\n");
  assert.notEqual(build(), 0);
  assert.deepEqual([state(), readdirSync(path.join(folder, "dist"))], [first, ["page"]]);
  copyFileSync(path.join(root, "src/web/page/main.tsx"), path.join(sources, "main.tsx"));
  appendFileSync(path.join(sources, "page.css"), "body { margin: 1px; }\n");
  assert.equal(build(), 0);
  assert.notDeepEqual(state(), first);
  // Nothing stands in the page itself, and nothing comes from elsewhere (docs/security.md).
  const page = readFileSync(path.join(built, "index.html"), "utf8");
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]* src="\/page\/)[^>]*>|https?:/);
  const asked = [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, place = ""]) => place);
  const bare = asked.map((place) => place.replace(/-[\w-]{8}\./, "."));
  assert.deepEqual([bare.at(0), bare.at(-1)], ["/page/index.js", "/page/index.css"]);
  const files = new Set(readdirSync(built).map((name) => `/page/${name}`));
  assert.deepEqual(
    [...new Set(asked)].filter((place) => !files.has(place)),
    [],
  );
});
