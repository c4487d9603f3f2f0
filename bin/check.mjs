/** `npm run check`: types, lint, format. Runs all three, so that one run shows everything. */
import { spawnSync } from "node:child_process";

const steps = [
  ["types", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"],
  ["types of the page", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "src/web/page/tsconfig.json"],
  ["lint", "node_modules/oxlint/bin/oxlint", "--deny-warnings"],
  ["format", "node_modules/oxfmt/bin/oxfmt", "--check"],
];
let failed = 0;
for (const [what, ...args] of steps) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"} ${what}\n`);
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
