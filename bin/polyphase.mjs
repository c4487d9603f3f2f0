#!/usr/bin/env node
/** The `polyphase` command: installs what is missing, then runs src/cli/main.ts under the pinned Node. */
import { fileURLToPath } from "node:url";
import { ready, run } from "./pinned.mjs";

try {
  await ready();
  // Taking the types off the page's scripts is what Node calls experimental; its user need not read that.
  run([
    "--disable-warning=ExperimentalWarning",
    fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)),
    ...process.argv.slice(2),
  ]);
} catch (error) {
  process.stderr.write(`polyphase: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
