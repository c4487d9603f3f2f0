/** `npm test [name…]`: every test of src/ and test/ in one process, or those files whose path holds a given name. */
import { globSync } from "node:fs";
import { buildPage } from "./page.mjs";
import { run } from "./pinned.mjs";

const names = process.argv.slice(2);
const files = globSync(["src/**/*.test.ts", "test/**/*.test.ts"])
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
const nowhere = names.filter((name) => !files.some((file) => file.includes(name)));
if (nowhere.length > 0) {
  for (const name of nowhere) console.error(`no test's path holds "${name}"`);
  process.exit(2);
}
await buildPage();
// Tests share one process (no test keeps global state), which takes a second where one process a file takes a minute.
run(["--expose-gc", "--test", "--test-isolation=none", "--test-timeout=300000", ...files]);
