/**
 * Builds the page from src/web/page into dist/page when its sources are others than those that it was built from: `npm start`, `npm test`
 * and the package do so. `npm run page` serves it from its sources instead, anew with every change, in front of a site on port 8080.
 * Plain JavaScript, because a start under any Node looks whether there is anything to build.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(own), "..");
const sources = path.join(root, "src", "web", "page");
/** What it takes of other rooms that is more than shapes. */
const beyond = [
  "src/analysis/wiring",
  "src/analysis/limits",
  "src/analysis/svg",
  "src/quantity/quantity.ts",
  "src/quantity/text.ts",
  "src/quantity/wiring.ts",
  "src/format",
  "src/wire/crc32.ts",
  "src/clock/meter-clock.ts",
];
const built = path.join(root, "dist", "page");
/** Beside the page, so that whoever reads it has the page whole. */
const note = path.join(built, "sources.sha256");
/** What becomes part of the page. */
export const bundled = ["preact", "@preact/signals", "@preact/signals-core", "uplot"];
/** What decides what the page is, beside its sources. */
const packages = [...bundled, "vite"];

/** A file, or all that are in a folder. */
function filesIn(place) {
  if (place.endsWith(".ts")) return [place];
  const entries = readdirSync(place, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, path: folder, name }) => path.join(parentPath ?? folder, name));
}

/** The hash of all that the page is made of: of contents, so that it does not matter when a file was written. */
function hashOfSources() {
  const hash = createHash("sha256");
  const add = (name, text) => hash.update(`${name}\0${text.length}\0`).update(text);
  for (const file of [sources, ...beyond.map((place) => path.join(root, place))].flatMap(filesIn).sort())
    if (!file.endsWith(".test.ts")) add(path.relative(root, file).replaceAll(path.sep, "/"), readFileSync(file));
  add("bin/page.mjs", readFileSync(own));
  const locked = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  for (const name of packages) add(name, JSON.stringify(locked[`node_modules/${name}`]));
  return hash.digest("hex");
}

/** Whether the page is the one that its sources make; what has no sources, as a package has none, is as it is. */
export function isBuilt() {
  if (!existsSync(sources)) return true;
  return existsSync(note) && readFileSync(note, "utf8") === hashOfSources();
}

const options = {
  root: sources,
  configFile: false,
  logLevel: "warn",
  base: "/page/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

/** Builds the page unless it is built. What was there stays whole until the new one takes its place. */
export async function buildPage() {
  if (isBuilt()) return;
  const { build } = await import("vite");
  const hash = hashOfSources();
  const making = path.join(root, "dist", `.page-${process.pid}`);
  try {
    await build({
      ...options,
      build: {
        outDir: making,
        emptyOutDir: true,
        assetsDir: "",
        // Data in the style or the script would need a wider policy (docs/security.md).
        assetsInlineLimit: 0,
        // What the script needs at once is asked for beside it.
        modulePreload: { polyfill: false },
        target: "es2024",
      },
    });
    writeFileSync(path.join(making, path.basename(note)), hash);
    mkdirSync(path.dirname(built), { recursive: true });
    rmSync(built, { recursive: true, force: true });
    renameSync(making, built);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Serves the page from its sources; what it asks of the site goes to a running one. */
async function develop(site) {
  const { createServer } = await import("vite");
  const server = await createServer({
    ...options,
    server: { host: "127.0.0.1", proxy: { "/api": { target: site, changeOrigin: true } } },
  });
  await server.listen();
  server.printUrls();
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === own) {
  const [word, site = "http://127.0.0.1:8080"] = process.argv.slice(2);
  await (word === "develop" ? develop(site) : buildPage());
}
