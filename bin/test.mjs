/**
 * `npm test [name…]`: every test of src/ and test/, or those files whose path holds a given name. No test keeps global state, so that many
 * share a process: one for each file takes a minute of starts. There are two processes, for machines have two cores: in one are those
 * that run programs as their users do, on ports that documents name; two of them at once would be in each other's way. Those of sections of
 * the page and of the API take ports that nobody uses, and go with the others.
 */
import { globSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildPage } from "./page.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const cache = path.join(root, "node_modules", ".cache");

/** Files of tests that run programs as their users do. */
const programs = /^test\/(interop\/|docs|cli|page|launched|whole-start|package|stop|light)/;
/** Of them, those that are in nobody's way. */
const pages =
  /^test\/interop\/(add-meter|api|bench-page|configuration|energy-page|front-panel|glance|power-quality-page|traffic-page|viewer|workbench)\b/;

const names = process.argv.slice(2);
const files = globSync(["src/**/*.test.ts", "test/**/*.test.ts"], { cwd: root })
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
const nowhere = names.filter((name) => !files.some((file) => file.includes(name)));
if (nowhere.length > 0) {
  for (const name of nowhere) console.error(`no test's path holds "${name}"`);
  process.exit(2);
}
await buildPage();

/** A module that has the tests of some files, one after the other. */
function together(name, files) {
  const module = path.join(cache, name);
  const lines = files.map((file) => `await import(${JSON.stringify(pathToFileURL(path.join(root, file)).href)});`);
  writeFileSync(module, `${lines.join("\n")}\n`);
  return module;
}

/** A test that hangs ends; all seeds of a simulator take longer than a share of them. */
const minutes = process.env.POLYPHASE_TESTS === "all" ? 40 : 5;

mkdirSync(cache, { recursive: true });
const isAlone = (file) => programs.test(file) && !pages.test(file);
const halves = [files.filter(isAlone), files.filter((file) => !isAlone(file))];
const modules = halves.map((half, k) => (half.length === 0 ? [] : [together(`tests-${k + 1}.mjs`, half)])).flat();
const results = run({
  files: modules,
  cwd: root,
  concurrency: modules.length,
  execArgv: ["--expose-gc", `--test-timeout=${minutes * 60_000}`],
});
results.on("test:fail", () => (process.exitCode = 1));
results.compose(new spec()).pipe(process.stdout);
